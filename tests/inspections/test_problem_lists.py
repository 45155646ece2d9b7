"""A list that a stranger sent is opened with the same care as a plan."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from campaign.problems import Refused
from inspections import problem_lists
from inspections.models import ProblemList
from tests.inspections.test_order_pages import LIST

pytestmark = pytest.mark.django_db


def book(*rows, padding=0):
    """A workbook of these rows; `padding` spaces blow its last part up."""
    made, buffer = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(buffer)
    if padding:
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet9.xml", b" " * padding)
    return buffer.getvalue()


def test_a_sheet_that_blows_up_is_not_opened():
    content = book(["存在问题"], ["通道堆物"], padding=120 * 1024 * 1024)
    with pytest.raises(Refused) as refusal:
        problem_lists.read_sheet(content)
    assert refusal.value.problems[0].code == "bomb"


def test_the_page_says_why_it_was_not_opened(login, office):
    content = book(["存在问题"], ["通道堆物"], padding=20 * 1024 * 1024)
    file = SimpleUploadedFile("清单.xlsx", content)
    answer = login(office).post("/orders/lists/new", LIST | {"lines": "", "file": file})
    assert answer.status_code == 422
    assert "太大了，没有打开" in answer.text
    assert not ProblemList.objects.exists()
