"""The drafted rows and the reconciliation as workbooks: what the open list shows, and no cell that could calculate."""

import io

import openpyxl
import pytest

from tests.tasks.reader_cast import *  # noqa: F403


@pytest.fixture
def sheet(desk, document):
    def do(path):
        answer = desk.get(f"/tasks/reader/{document.pk}/{path}")
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")
        return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))

    return do


def test_the_drafted_rows_as_a_workbook(sheet, document):
    heads, *rows = sheet("export")
    assert (heads[3], heads[-1]) == ("工作任务", "原文")
    assert len(rows) == document.drafts.count()
    found = next(dict(zip(heads, row, strict=True)) for row in rows if "18个" in row[-1])
    assert (found["主责单位"], found["完成时限"], found["读作"]) == ("区交通支队", "9月底前", "9月30日")
    assert found["数量"].startswith("= 18 个")


def test_only_the_rows_of_the_open_list(sheet, document):
    doubtful = document.drafts.filter(has_doubt=True).count()
    assert 0 < doubtful < document.drafts.count()
    assert len(sheet("export?show=doubt")) == doubtful + 1


def test_the_reconciliation_as_a_workbook(sheet, document, desk):
    heads, *rows = sheet("reconcile/export")
    assert heads[:4] == ("不同之处", "编号", "任务", "讲话说")
    assert len(rows) == document.drafts.count()
    assert {row[0] for row in rows} == {"讲话有，台账无"}
    assert [row[0] for row in sheet("reconcile/export?show=unsaid")] == ["编号"]
    assert sheet("reconcile/export?show=same")[0][-1] == "讲话的原话"


def test_a_sentence_that_begins_like_a_formula_stays_text(desk, document):
    draft = document.drafts.first()
    draft.row = draft.row | {"title": '=HYPERLINK("http://x","y")'}
    draft.save()
    answer = desk.get(f"/tasks/reader/{document.pk}/export")
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for cell in row]
    assert any(cell.value == '=HYPERLINK("http://x","y")' for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
