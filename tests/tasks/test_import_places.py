"""Where the office is on the page of a dry run: every question has its own anchor, and an answer leads back to its row."""

import re

import openpyxl
import pytest

from campaign.models import Program, Unit
from tasks.models import ImportBatch
from tasks.views import importing
from tests.tasks.test_import_page import answer, desk, upload, words  # noqa: F401
from tests.tasks.workbooks import HEADERS, saved, task, workbook


def anchors(page):
    return re.findall(r' id="((?:q-|r)[^"]+)"', page.content.decode())


def book_of(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in (HEADERS, *rows):
            page.append(list(row))
    return saved(book)


@pytest.fixture
def two_sheets(upload, police):  # noqa: F811
    rows = [task(f"整治{n}号街巷", primary="区交通支队", number=n) for n in range(30)]
    late = [task(f"清扫{n}号广场", primary="区交通支队", number=n) for n in range(30)]
    late[4] = task("清扫一处", primary="区交通支队", deadline="6月31日前")
    return upload(book_of(社区环境=rows, 市容秩序=late))


def test_two_sheets_have_their_own_anchors_and_their_names(two_sheets):
    found = anchors(two_sheets)
    assert len(found) == len(set(found))
    assert {"r2", "r2-2"} <= set(found)
    assert "工作表“社区环境”" in words(two_sheets)
    assert 'href="#q-2-H6"' in two_sheets.content.decode()


def test_a_fold_opens_in_its_own_sheet(desk, two_sheets):  # noqa: F811
    address = two_sheets.redirect_chain[-1][0]
    link = re.search(r'href="\?(open2=[^"#]+)', two_sheets.content.decode())[1]
    page = desk.get(f"{address}?{link}").content.decode()
    assert 'id="r2-20"' in page
    assert 'id="r20"' not in page
    both = desk.get(f"{address}?{link}&open=10-31").content.decode()
    assert 'id="r20"' in both


def test_an_answer_leads_back_to_its_row(desk, two_sheets):  # noqa: F811
    address = two_sheets.redirect_chain[-1][0]
    said = {"do": "limit", "row": "市容秩序!6", "limit": "6月30日", "back": "open=10-31"}
    sent = desk.post(f"{address}/answer", said)
    assert sent.url == f"{address}?open2=6-6&open=10-31#r2-6"
    page = desk.get(sent.url).content.decode()
    assert 'id="r2-6"' in page
    assert 'id="r20"' in page


@pytest.mark.parametrize("back", ["open=1-1;DROP", "show=novel&from=-1", "open=" + "9" * 40, "//evil.example", ""])
def test_a_strange_place_is_the_top_of_the_page(desk, two_sheets, back):  # noqa: F811
    address = two_sheets.redirect_chain[-1][0]
    sent = desk.post(f"{address}/answer", {"do": "take_back", "back": back})
    assert (sent.status_code, sent.url) == (302, address)


def test_two_names_in_one_cell_are_two_questions(upload, campaign):  # noqa: F811
    for place, name in enumerate(("区城市管理委", "区园林绿化局")):
        Unit.objects.create(campaign=campaign, name=name, order=place)
    page = upload(workbook([task("整治", primary="区城市管委、区园林绿华局"), task("清扫", primary="区园林绿化局")]))
    asked = [anchor for anchor in anchors(page) if anchor.startswith("q-")]
    assert asked == ["q-F2", "q-F2-n2"]


def test_a_question_without_a_cell_is_found_too(upload, police):  # noqa: F811
    headers = ("编号", "工作任务", "责任单位")
    page = upload(workbook([("01-01", "整治", "区交通支队"), ("01-01", "清扫", "区交通支队")], headers=headers))
    link = re.search(r'href="#(q-[^"]+)" data-key="n"', page.content.decode())[1]
    assert link in anchors(page)


def test_a_page_of_one_kind_is_kept_through_an_answer(desk, upload, police):  # noqa: F811
    rows = [task(f"整治{n}号", primary="区交通支队", deadline="6月31日前", number=n) for n in range(120)]
    address = upload(workbook(rows)).redirect_chain[-1][0]
    page = desk.get(f"{address}?show=blocked&from=100").content.decode()
    back = re.search(r'name="back" value="([^"]+)"', page)[1].replace("&amp;", "&")
    sent = desk.post(f"{address}/answer", {"do": "skip", "row": "任务分解表!110", "back": back})
    assert sent.url == f"{address}?show=blocked&from=100"


def test_the_other_reading_is_chosen_in_its_cell_and_remembered(desk, upload, police):  # noqa: F811
    first = workbook([task("公厕改造", primary="区交通支队", deadline="11月前")])
    page = upload(first)
    form = re.search(r'<form class="alt".*?</form>', page.content.decode(), re.DOTALL)[0]
    assert "改读 11月30日" in form
    said = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"do": "limit"}
    address = page.redirect_chain[-1][0]
    assert "11月30日" in words(desk.post(f"{address}/answer", said, follow=True))
    desk.post(f"{address}/commit", {"scope": "all"})
    second = workbook([task("公厕改造", primary="区交通支队", deadline="11月前"), task("清扫", primary="区交通支队")])
    assert "新增 1 · 变更 0 · 不变 1" in words(upload(second, "第二版.xlsx"))


def test_nothing_is_answered_about_what_was_undone(desk, upload, police):  # noqa: F811
    rows = [task("整治", primary="区交通支队"), task("清扫", primary="区交通支队", deadline="6月31日前")]
    address = upload(workbook(rows)).redirect_chain[-1][0]
    desk.post(f"{address}/commit", {"scope": "clean"})
    desk.post(f"{address}/undo")
    assert 'class="mend"' not in desk.get(address).content.decode()
    page = answer(desk, address, do="skip", row="任务分解表!3")
    assert page.status_code == 422
    assert "已经撤销" in words(page)


def test_an_answer_is_given_to_the_batch_as_it_is(desk, upload, police, monkeypatch):  # noqa: F811
    """The batch is held while an answer is put to it, so that a colleague's answer of the same second stays."""
    asked = []
    rows = type(ImportBatch.objects.all())
    real = rows.select_for_update
    monkeypatch.setattr(rows, "select_for_update", lambda self, **said: asked.append(self.model) or real(self, **said))
    address = upload(workbook([task("清扫", primary="区交通支队", deadline="6月31日前")])).redirect_chain[-1][0]
    asked.clear()
    desk.post(f"{address}/answer", {"do": "skip", "row": "任务分解表!2"})
    assert ImportBatch in asked


def test_a_column_that_cannot_be_learned_is_said_as_such(desk, campaign):  # noqa: F811
    page = desk.post("/tasks/import/habits", {"header": " ", "field": "deadline"})
    assert page.status_code == 422
    assert "没有记住" in words(page)
    assert "文件没有读" not in words(page)


def test_what_is_to_be_known_of_a_file_takes_one_line(upload, police):  # noqa: F811
    """Ten sheets with hidden rows leave the sheet itself in sight; the rows are skipped with one button."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number in range(10):
        page = book.create_sheet(f"表{number}")
        for row in (HEADERS, task("整治", primary="区交通支队"), task("清扫", primary="区交通支队")):
            page.append(list(row))
        page.row_dimensions[3].hidden = True
    html = upload(saved(book)).content.decode()
    assert html.count('class="banner ask"') == 1
    assert html.count('value="skip_hidden"') == 1
    assert html.count("是隐藏的，也读了，共 1 项") == 10


def test_earlier_imports_are_within_reach(desk, upload, police, monkeypatch):  # noqa: F811
    monkeypatch.setattr(importing, "LATEST", 2)
    for number in range(5):
        upload(workbook([task(f"整治{number}号", primary="区交通支队")]), f"第{number}份.xlsx")
    assert "以前的导入5 次" in words(desk.get("/tasks/import"))
    assert "第0份.xlsx" in words(desk.get("/tasks/import?page=3"))


@pytest.mark.parametrize("do", ["waive_gone", "keep_gone"])
def test_a_task_that_is_none_is_said(desk, two_sheets, do):  # noqa: F811
    page = answer(desk, two_sheets.redirect_chain[-1][0], do=do, task="<script>", reason="已拆除")
    assert page.status_code == 422
    assert "没有这项任务" in words(page)


def test_a_new_program_is_numbered_after_the_programs(desk, upload, police, make_task):  # noqa: F811
    """Codes of tasks outside the plan (ZG0109) count no program."""
    make_task("ZG0109", "护栏破损")
    address = upload(workbook([task("清扫", primary="区交通支队", program="校园周边提升工程")])).redirect_chain[-1][0]
    desk.post(f"{address}/commit", {"scope": "all"})
    assert int(Program.objects.get(name="校园周边提升工程").code) < 10
