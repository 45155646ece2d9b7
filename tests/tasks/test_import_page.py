"""The import as the office walks it: upload, dry run, questions, commit, undo, and files given back."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaign.models import Job, Unit
from tasks.importing.columns import header_words
from tasks.jobs import commit_import
from tasks.models import ImportBatch, Task
from tests.tasks.workbooks import PLAN, plan_with, task, workbook


@pytest.fixture
def desk(office):
    client = Client()
    client.force_login(office)
    return client


@pytest.fixture
def upload(desk):
    def do(content, name="2019 任务分解表.xlsx"):
        return desk.post("/tasks/import", {"file": SimpleUploadedFile(name, content)}, follow=True)

    return do


@pytest.fixture
def spoiled(upload):
    """The plan with two cells spoiled, its clearly new units settled: two questions are left."""
    Unit.objects.get_or_create(campaign_id=Unit.objects.first().campaign_id, name="区城市管理委", order=20)
    page = upload(plan_with(H32="6月31日前", F44="区市政管委"))
    return page.redirect_chain[-1][0]


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def answer(desk, address, **said):
    return desk.post(f"{address}/answer", said, follow=True)


def test_the_page_asks_for_a_workbook(desk):
    assert "下载模板" in words(desk.get("/tasks/import"))


def test_no_file_chosen(desk):
    response = desk.post("/tasks/import")
    assert response.status_code == 422
    assert "还没有选文件" in words(response)


def test_an_unusable_file_is_told_on_the_page_and_kept_nowhere(upload):
    response = upload(b"PK\x03\x04nonsense")
    assert response.status_code == 422
    assert "解不开" in words(response)
    assert not ImportBatch.objects.exists()


def test_the_dry_run_writes_nothing_and_counts(desk, spoiled):
    page = answer(desk, spoiled, do="create_all")
    assert "132 行：新增 130 · 变更 0 · 不变 0 · 有问题 2" in words(page)
    assert "先导入没有问题的 130 行" in words(page)
    assert "disabled" in page.content.decode().split('value="all"')[1][:20]
    assert not Task.objects.exists()


def test_each_question_is_asked_in_its_cell(desk, spoiled):
    page = words(answer(desk, spoiled, do="create_all"))
    assert "“6月31日前”没有这一天，是不是 6月30日？" in page
    assert "“区市政管委”不在单位名录里，是不是“区城市管理委”？" in page
    assert "单位不认识" in page
    assert "下一处 H32" in page


def test_a_question_answered_is_remembered(desk, spoiled):
    answer(desk, spoiled, do="create_all")
    answer(desk, spoiled, do="limit", row="任务分解表!32", limit="2019-06-30")
    page = answer(desk, spoiled, do="use", name="区市政管委", use="区城市管理委", remember="1")
    assert "有问题 0" in words(page)
    desk.post(f"{spoiled}/commit", {"scope": "all"})
    assert Task.objects.count() == 132
    assert Unit.objects.get(name="区城市管理委").aliases == ["区市政管委"]


def test_clean_rows_first_then_undo(desk, spoiled):
    answer(desk, spoiled, do="create_all")
    page = desk.post(f"{spoiled}/commit", {"scope": "clean"}, follow=True)
    assert "已导入：新增 130 项" in words(page)
    assert Task.objects.count() == 130
    page = desk.post(f"{spoiled}/undo", follow=True)
    assert "已撤销导入，130 项任务恢复到导入以前" in words(page)
    assert not Task.objects.exists()


def test_all_is_refused_while_a_question_is_open(desk, spoiled):
    answer(desk, spoiled, do="create_all")
    page = desk.post(f"{spoiled}/commit", {"scope": "all"})
    assert page.status_code == 422
    assert not Task.objects.exists()


def test_a_wrong_answer_is_told_and_changes_nothing(desk, spoiled):
    page = answer(desk, spoiled, do="use", name="区市政管委", use="没有的单位")
    assert page.status_code == 422
    assert "名录里没有“没有的单位”" in words(page)


def test_answers_can_be_taken_back(desk, spoiled):
    answer(desk, spoiled, do="create_all")
    answer(desk, spoiled, do="take_back")
    assert ImportBatch.objects.get().choices == {}


def test_the_same_file_again_opens_the_same_dry_run(upload):
    addresses = {upload(PLAN.read_bytes()).redirect_chain[-1][0] for _ in range(2)}
    assert len(addresses) == 1


def test_changes_show_what_was(desk, upload, police):
    first = upload(workbook([task("创建示范道路18个", primary="区交通支队", deadline="8月底前")])).redirect_chain[-1][0]
    desk.post(f"{first}/commit", {"scope": "all"})
    page = upload(workbook([task("创建示范道路20个", primary="区交通支队", deadline="9月底前")]), "第二版.xlsx")
    html = page.content.decode()
    assert "变更 1" in words(page)
    assert '创建示范道路<s>18个</s><b class="qn">20个</b>' in html
    assert "<s>8月底前</s><b>9月30日</b>" in html


def test_a_large_plan_is_no_large_page(desk, upload, police):
    rows = [task(f"整治{n}号街巷", primary="区交通支队", number=n) for n in range(3_000)]
    page = upload(workbook(rows))
    address = page.redirect_chain[-1][0]
    assert page.content.count(b'<tr id="r') < 40
    assert "新增 3000" in words(page)
    assert desk.get(f"{address}?show=new&from=100").content.count(b'<tr id="r') == 100
    opened = desk.get(f"{address}?open=500-599")
    assert b'id="r555"' in opened.content
    assert opened.content.count(b'<tr id="r') < 140


def test_a_large_plan_is_written_by_a_worker_the_page_follows(desk, upload, police):
    rows = [task(f"整治{n}号街巷", primary="区交通支队", number=n) for n in range(1_600)]
    address = upload(workbook(rows)).redirect_chain[-1][0]
    page = desk.post(f"{address}/commit", {"scope": "all"}, follow=True)
    job = Job.objects.get()
    assert f'hx-get="/jobs/{job.pk}"' in page.content.decode()
    assert "正在写入" in words(page)
    commit_import(str(job.pk))
    commit_import(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result["created"], Task.objects.count()) == ("done", 1600, 1600)
    assert desk.get(f"/jobs/{job.pk}", HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"


def test_a_job_that_cannot_says_why(desk, upload):
    rows = [task(f"整治{n}号街巷", primary="区交通支队", number=n) for n in range(1_600)]
    address = upload(workbook(rows)).redirect_chain[-1][0]
    desk.post(f"{address}/commit", {"scope": "all"})
    commit_import(str(Job.objects.get().pk))
    job = Job.objects.get()
    assert job.state == "failed"
    assert "区交通支队" in job.error
    assert job.error in words(desk.get(address))


def test_the_file_comes_back_with_its_problems(desk, spoiled):
    response = desk.get(f"{spoiled}/returned")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert (sheet["J2"].value, sheet["K2"].value) == ("判断", "错误说明")
    assert "H32 “6月31日前”没有这一天" in sheet["K32"].value
    assert sheet["H32"].fill.fgColor.rgb == "00FEF3DD"
    assert sheet.max_row == 134


@pytest.mark.parametrize("payload", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "＝1+1", "\t=1"])
def test_nothing_in_the_file_given_back_is_a_formula(desk, upload, payload):
    address = upload(workbook([task("整治", remark=payload), task(payload)])).redirect_chain[-1][0]
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{address}/returned").content))
    assert [cell.coordinate for row in book.active.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_the_template_is_read_by_the_reader(desk, upload):
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/tasks/import/template").content))
    assert [cell.value for cell in book.active[3]] == list(header_words())
    book.active.append([1, "甲工程", "子项", "整治", None, "区教委", None, None, "9月底前", None])
    file = io.BytesIO()
    book.save(file)
    assert "1 行：新增 0" in words(upload(file.getvalue()))


def test_a_page_asks_the_database_the_same_for_any_plan(desk, upload, police, django_assert_max_num_queries):
    small = upload(workbook([task("整治", primary="区交通支队")])).redirect_chain[-1][0]
    large = upload(PLAN.read_bytes()).redirect_chain[-1][0]
    with django_assert_max_num_queries(30) as few:
        desk.get(small)
    with django_assert_max_num_queries(len(few) + 1):
        desk.get(large)


def test_the_office_says_once_what_a_column_is(desk, upload, police):
    headers = ("所办之事", "工作任务", "责任单位", "大限")
    page = upload(workbook([("甲", "整治校园周边", "区交通支队", "9月底前")], headers=headers))
    address = page.redirect_chain[-1][0]
    assert "大限" in words(page)
    page = answer(desk, address, do="columns", **{"column-大限": "deadline", "column-所办之事": "project"})
    assert "9月30日" in words(page)
    assert "大限" in words(desk.get("/tasks/import"))
    again = upload(workbook([("乙", "清扫街巷", "区交通支队", "8月底前")], headers=headers), "第二份.xlsx")
    assert "8月31日" in words(again)
    desk.post("/tasks/import/habits", {"do": "forget", "kind": "column", "words": "大限"})
    assert "大限" not in words(desk.get("/tasks/import"))


def test_a_limit_explained_once_is_known_the_next_time(desk, upload, police):
    content = [workbook([task(title, primary="区交通支队", deadline="看情况办")]) for title in ("整治", "清扫")]
    address = upload(content[0]).redirect_chain[-1][0]
    answer(desk, address, do="limit", row="任务分解表!2", limit="10月底前", remember="1")
    desk.post(f"{address}/commit", {"scope": "all"})
    page = upload(content[1], "第二份.xlsx")
    assert "有问题 0" in words(page)
    assert "10月31日" in words(page)


@pytest.fixture
def second_version(desk, upload, police):
    """The first version's three tasks are in the ledger; the second, opened, names two of them."""
    rows = [task(f"{what}整治行动", primary="区交通支队", deadline="9月底前") for what in ("校园", "广场", "车站")]
    first = upload(workbook(rows)).redirect_chain[-1][0]
    desk.post(f"{first}/commit", {"scope": "all"})
    return upload(workbook(rows[:2]), "第二版.xlsx")


def test_what_the_second_version_leaves_out_is_waived_with_a_reason(desk, second_version):
    address, gone = second_version.redirect_chain[-1][0], Task.objects.get(title="车站整治行动")
    assert "新表里没有 1" in words(second_version)
    assert answer(desk, address, do="waive_gone", task=gone.pk, reason=" ").status_code == 422
    answer(desk, address, do="waive_gone", task=gone.pk, reason="车站已拆除")
    desk.post(f"{address}/commit", {"scope": "all"})
    gone.refresh_from_db()
    assert (gone.state, gone.milestones.get().waive_reason) == ("waived", "车站已拆除")
    desk.post(f"{address}/undo")
    gone.refresh_from_db()
    assert gone.state == "open"


def test_what_is_left_out_stays_unless_the_office_says_so(desk, second_version):
    address = second_version.redirect_chain[-1][0]
    desk.post(f"{address}/commit", {"scope": "all"})
    assert set(Task.objects.values_list("state", flat=True)) == {"open"}


def test_hidden_rows_are_skipped_at_once(desk, upload, police):
    book = openpyxl.load_workbook(io.BytesIO(workbook([task(w, primary="区交通支队") for w in ("整治", "清扫")])))
    book.active.row_dimensions[3].hidden = True
    file = io.BytesIO()
    book.save(file)
    page = upload(file.getvalue())
    assert "第 3 行是隐藏的" in words(page)
    page = answer(desk, page.redirect_chain[-1][0], do="skip_hidden")
    assert "您跳过了 1 行" in words(page)


def test_a_table_of_text_comes_back_as_a_workbook(desk, upload, police):
    page = upload("工作任务,责任单位,完成时限\n整治,区交通支队,6月31日前\n".encode("gb18030"), "计划.csv")
    response = desk.get(f"{page.redirect_chain[-1][0]}/returned")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert "没有这一天" in sheet["E2"].value
