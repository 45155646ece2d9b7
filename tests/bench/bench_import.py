"""The import: a 5,000-row workbook dry run on the page, 10,000 rows committed."""

import datetime as dt
import io
import resource
import time

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.access import Role
from campaign.attachments import Upload
from campaign.models import Campaign, Membership, Unit, User
from campaign.pinyin import search_text
from tasks.importing.committing import commit_batch, start_batch
from tests.bench import measure

DATABASES = ("sqlite", "postgresql")

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


def office(campaign) -> User:
    unit = Unit.objects.create(campaign=campaign, name="区创城办")
    user = User.objects.create(username="bench-import", name="陈静", email="b@example.test")
    post = {"role": Role.OFFICE, "post": Membership.Post.STAFF, "valid_from": dt.date(2019, 1, 1)}
    Membership.objects.create(campaign=campaign, user=user, unit=unit, **post)
    return user


def dry_run(report, campaign):
    """From the click on 试读 to the page that shows it."""
    content = workbook(5_000)
    with measure.reader(office(campaign)) as client:
        client.get("/tasks/import")
        before, started = memory(), time.perf_counter()
        page = client.post("/tasks/import", {"file": SimpleUploadedFile("五千行.xlsx", content)}, follow=True)
        report("import_page_5000", time.perf_counter() - started, "s")
        report("import_page_5000_more_memory", max(0.0, memory() - before), "MiB")
        report("import_page_5000_peak_memory", memory(), "MiB")
        report("import_page_5000_html", len(page.content) / 1024, "KiB")
    assert "5000 行" in page.content.decode()


def run(report):
    campaign = Campaign.objects.create(
        code="bench-import", district="甲区", year=2019, layer_name="提升工程", office_name="区创城办"
    )
    dry_run(report, campaign)
    content = workbook(10_000)
    cpu, started = time.process_time(), time.perf_counter()
    batch = start_batch(campaign, Upload("一万行.xlsx", content), by=None, now=NOW)
    batch.choices = {"create_all": True}
    batch.save()
    report("import_read_10000", time.perf_counter() - started, "s")
    read_cpu = time.process_time() - cpu
    report("import_read_10000_cpu", read_cpu, "s")
    cpu = time.process_time()
    search_text("街")  # the table of pinyin: once in the life of a worker, not once an import
    report("import_pinyin_once_cpu", time.process_time() - cpu, "s")
    started, cpu = time.perf_counter(), time.process_time()
    done = commit_batch(batch, by=None, now=NOW)
    report("import_commit_10000", time.perf_counter() - started, "s")
    report("import_commit_10000_cpu", time.process_time() - cpu, "s")
    report("import_10000_cpu", read_cpu + time.process_time() - cpu, "s")
    report("import_commit_10000_milestones", done.milestones, "rows")
    started = time.perf_counter()
    again = commit_batch(batch, by=None, now=NOW)
    report("import_again_10000", time.perf_counter() - started, "s")
    report("import_again_10000_new", again.created, "rows")
