"""The import: a 5,000-row workbook read and reviewed, 10,000 rows committed."""

import datetime as dt
import io
import itertools
import resource
import time

import openpyxl

from campaign.attachments import Upload
from campaign.models import Campaign
from tasks.importing.committing import commit_batch, review_file, start_batch

DEEDS = (
    "创建文明交通示范道路{}个",
    "举办{}场环境宣传活动",
    "整治背街小巷{}条",
    "无障碍改造率不低于{}%",
    "推进网格化管理第{}片区建设",
)
LIMITS = ("9月底前", "年内", "", "", "11月前", "", "年内", "", "6月底前", "", "每月1次", "")
UNITS = ("区城市管理委", "区教委", "区民政局、区卫生健康委", "区交通支队", "区住房城市建设委等相关部门")
NOW = dt.datetime(2019, 4, 11, 12, tzinfo=dt.UTC)


def workbook(rows: int) -> bytes:
    """A plan of ten programs; one row in twelve comes back every month, as in the plan of 2019."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("任务分解表")
    sheet.append(["2019年任务分解表"])
    sheet.append(["序号", "提升工程", "项目", "工作任务", "牵头单位", "主责单位", "责任单位", "完成时限", "备注"])
    for number in range(rows):
        program, project = number * 10 // rows, number * 100 // rows
        what = f"第{number}号" + DEEDS[number % 5].format(number % 90 + 3)
        sheet.append(
            [
                number + 1,
                f"第{program}提升工程",
                f"项目{project}",
                what,
                None,
                UNITS[number % 5],
                None,
                LIMITS[number % 12],
                None,
            ]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(report):
    codes = itertools.count()
    content = workbook(5_000)
    campaign = Campaign.objects.create(code=f"bench-{next(codes)}", district="甲区", year=2019, layer_name="提升工程")
    before = memory()
    started = time.perf_counter()
    reviewed = review_file(campaign, content, {"create_all": True})
    report("import_dry_run_5000", time.perf_counter() - started, "s")
    report("import_dry_run_5000_memory", max(0.0, memory() - before), "MiB")
    assert reviewed.counts["new"] == 5_000
    content = workbook(10_000)
    started = time.perf_counter()
    batch = start_batch(campaign, Upload("一万行.xlsx", content), by=None, now=NOW)
    batch.choices = {"create_all": True}
    batch.save()
    report("import_read_10000", time.perf_counter() - started, "s")
    started, cpu = time.perf_counter(), time.process_time()
    done = commit_batch(batch, by=None, now=NOW)
    report("import_commit_10000", time.perf_counter() - started, "s")
    report("import_commit_10000_cpu", time.process_time() - cpu, "s")
    report("import_commit_10000_milestones", done.milestones, "rows")
    started = time.perf_counter()
    again = commit_batch(batch, by=None, now=NOW)
    report("import_again_10000", time.perf_counter() - started, "s")
    report("import_again_10000_new", again.created, "rows")
