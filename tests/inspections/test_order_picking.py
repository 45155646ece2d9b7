"""What is done to ticked rows: each way shows first what it would do, and does just that."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from campaign.models import Job
from inspections import jobs
from inspections.models import Finding, Order
from tasks.models import DeadlineChange, Notice
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all

pytestmark = pytest.mark.django_db
FRIDAY = {"to_on": "2019-10-11", "basis": "第 31 期专题纪要"}


@pytest.fixture
def three(campaign, make_place, police, city, office):
    """0001 and 0002 with two units, 0003 still waiting to be issued."""
    for unit, text in ((police, "护栏破损"), (city, "果皮箱满溢")):
        found(campaign, make_place(owner=unit), text, by=office)
    issue_all(campaign, by=office)
    found(campaign, make_place(owner=police), "乱停车", by=office)


@pytest.fixture
def desk(login, office, three):
    return login(office)


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("issue", "/orders/drafts?codes=0001,0002"),
        ("urge", "/tasks/urge?codes=ZG0001,ZG0002"),
        ("limits", "/orders/limits?codes=0001,0002"),
        ("sweeps", "/orders/sweeps?codes=0001,0002"),
        ("export", "/orders/export?code=0001,0002"),
    ],
)
def test_each_way_goes_on_with_what_was_ticked(desk, way, address):
    assert desk.get(f"/orders/pick?codes=0001&codes=0002&to={way}").url == address


def test_nothing_ticked_says_so(desk):
    assert "还没有选中整改单" in desk.get("/orders/pick?to=export", follow=True).text


def test_what_nobody_owes_yet_is_not_urged(desk):
    page = desk.get("/orders/pick?codes=0001,0003&to=urge", follow=True).text
    assert "1 处还没有签发或已经答复，没有列入" in page
    assert "护栏破损" in page
    assert "不用催" in desk.get("/orders/pick?codes=0003&to=urge", follow=True).text


def test_the_export_holds_what_was_ticked(desk):
    book = load_workbook(io.BytesIO(desk.get("/orders/export?code=0001,0003").content))
    rows = list(book.active.values)
    assert {row[0] for row in rows[1:]} == {"0001", "0003"}


def test_limits_move_together_and_the_units_are_told(desk, liaison):
    page = desk.get("/orders/limits?codes=0001,0002,0003").text
    assert "改 3 处的时限" in page
    assert liaison.name in page
    desk.post("/orders/limits", {"codes": "0001,0002,0003"} | FRIDAY)
    assert {row.due_at.date() for row in Finding.objects.all()} == {dt.date(2019, 10, 11)}
    assert list(DeadlineChange.objects.values_list("basis", flat=True)) == [FRIDAY["basis"]] * 2
    assert Notice.objects.filter(recipient=liaison, reason="changed").count() == 1


def test_without_a_basis_no_limit_moves(desk):
    before = list(Finding.objects.values_list("due_at", flat=True))
    answer = desk.post("/orders/limits", {"codes": "0001", "to_on": "2019-10-11", "basis": ""})
    assert answer.status_code == 422
    assert "依据" in answer.text
    assert list(Finding.objects.values_list("due_at", flat=True)) == before


def test_a_sweep_shows_the_units_before_it_goes(desk, city, liaison):
    page = desk.get("/orders/sweeps?codes=0001").text
    assert "2</b> 处，2 个单位各发一张自查单" in page
    assert not Order.objects.filter(kind="sweep").exists()
    desk.post("/orders/sweeps", {"codes": "0001", "finding": "0001"})
    assert Order.objects.filter(kind="sweep").count() == 2
    assert "1</b> 处" not in desk.get("/orders/sweeps?codes=0001").text


def test_many_sweeps_are_a_job(desk, make_place, make_unit):
    for n in range(5):
        make_place(owner=make_unit(f"{n}街道"))
    answer = desk.post("/orders/sweeps", {"codes": "0001", "finding": "0001"})
    job = Job.objects.get(kind=jobs.SWEEP)
    assert answer.url == f"/jobs/{job.pk}"
    jobs.sweep(str(job.pk))
    assert Job.objects.get(pk=job.pk).result["orders"] == 7
    assert Finding.objects.filter(source="sweep").count() == 7


def test_only_the_papers_of_what_was_ticked_are_ticked(desk, campaign, make_place, city):
    found(campaign, make_place(owner=city), "另一处", at=NOON)
    desk.post("/orders/drafts/gather")
    assert desk.get("/orders/drafts?codes=0003").text.count('form="issue" checked') == 1
    assert desk.get("/orders/drafts").text.count('form="issue" checked') == 2
