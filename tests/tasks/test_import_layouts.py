"""Tables of other layouts on the page: each row once, each table with its header, duties where they are marked."""

import io

import openpyxl
import pytest

from tasks.models import ImportHabit, Task
from tests.tasks import offices
from tests.tasks.test_import_page import answer, desk, upload, words  # noqa: F401
from tests.tasks.workbooks import workbook


def address(page):
    return page.redirect_chain[-1][0]


def test_two_tables_of_a_sheet_are_shown_apart_and_each_row_once(upload):  # noqa: F811
    page = words(upload(offices.two_tables()))
    assert [page.count(said) for said in ("更换护栏", "补充近两年数据", "人民路", "护栏3处破损")] == [1] * 4
    assert "材料审核问题整改台账" in page


def test_both_tables_come_back_with_their_problems(desk, upload):  # noqa: F811
    content = desk.get(f"{address(upload(offices.two_tables()))}/returned").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [sheet.cell(row, 9).value for row in (3, 9)] == ["判断", "判断"]


def test_a_problem_and_its_place_are_kept_with_the_task(desk, upload):  # noqa: F811
    place = address(upload(offices.two_tables()))
    answer(desk, place, do="create_all")
    desk.post(f"{place}/commit", {"scope": "all"})
    assert Task.objects.get(title="更换护栏60米").description == "人民路，护栏3处破损。更换护栏60米"
    assert Task.objects.count() == 3


def test_a_matrix_shows_each_unit_in_its_column(upload):  # noqa: F811
    page = upload(offices.matrix()).content.decode()
    assert page.count('class="c-mark') == 3
    assert "牵头" in page


@pytest.mark.parametrize("field", ["responsible", ""])
def test_what_was_not_chosen_otherwise_is_not_remembered(desk, upload, field):  # noqa: F811
    rows = [("整治", "区城管局", "区环卫中心")]
    page = upload(workbook(rows, headers=("任务", "责任单位", "承办单位")))
    said = {"column-任务": "title", "column-责任单位": "responsible", "column-承办单位": field}
    answer(desk, address(page), do="columns", **said)
    assert list(ImportHabit.objects.values_list("words", flat=True)) == ([] if field else ["承办单位"])
