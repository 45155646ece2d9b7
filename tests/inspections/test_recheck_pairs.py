"""复查 at the desk: in the row, over the board, put aside, taken back; by other eyes. And why things come back."""

import pytest

from inspections import answering, meeting, orderpaper, pairing
from inspections.models import Finding, Photo
from inspections.models.orders import OrderPolicy
from inspections.revisiting import to_revisit
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def answered(campaign, make_place, police, office, liaison):
    """Three that the unit says are mended."""
    for n in range(3):
        found(campaign, make_place(owner=police), f"第{n}处", by=office)
    issue_all(campaign, by=office)
    for n, row in enumerate(Finding.objects.order_by("code")):
        shoot(row, moment=Photo.Moment.AFTER, by=liaison, seed=50 + n)
        said = answering.Said(token=f"token-{n}", version=1)
        answering.answer(row, said, by=liaison, unit=police, now=NOON)


@pytest.fixture
def desk(login, office, answered):
    return login(office)


def stage(code):
    return Finding.objects.get(code=code).stage


def test_a_row_is_passed_where_it_stands(desk):
    data = {"outcome": "pass", "version": "2", "next": "/orders?kind=review"}
    assert desk.post("/orders/0001/recheck", data).url == "/orders?kind=review"
    page = desk.get("/orders?kind=review").text
    assert "整改 0001 已销号" in page
    assert (stage("0001"), page.count('value="pass"')) == ("closed", 2)


def test_a_verdict_is_taken_back_before_the_unit_hears_of_it(desk):
    desk.post("/orders/0001/recheck", {"outcome": "pass", "version": "2"})
    verdict = Finding.objects.get(code="0001").task.milestones.get().verdicts.get()
    answer = desk.post(f"/orders/0001/verdicts/{verdict.pk}/take-back", {"next": "/orders"})
    assert (answer.url, stage("0001")) == ("/orders", "recheck")


def test_the_next_pair_opens_by_itself(desk):
    page = desk.get("/orders/0001/pair", headers=HTMX).text
    assert "1/3" in page
    said = desk.post("/orders/0001/recheck", {"outcome": "pass", "version": "2"}, headers=HTMX).text
    assert "整改 0001 已销号" in said
    assert "整改 0002</span>" in said
    assert desk.get("/orders/0001/pair").url == "/orders/0001"


def test_what_is_refused_is_said_over_the_board(desk):
    page = desk.post("/orders/0001/recheck", {"outcome": "return", "version": "2"}, headers=HTMX).text
    assert "退回要写理由" in page
    assert stage("0001") == "recheck"


def test_what_is_put_aside_stands_last_and_opens_no_more_by_itself(desk, actor, inspector):
    desk.post("/orders/0002/recheck", {"outcome": "hold", "version": "2"})
    assert [row.code for row in to_revisit(actor(inspector))] == ["0002", "0001", "0003"], (
        "in the street it comes first"
    )
    assert "搁置" in desk.get("/orders").text
    assert "3/3" in desk.get("/orders/0002/pair", headers=HTMX).text
    desk.post("/orders/0001/recheck", {"outcome": "pass", "version": "2"})
    end = desk.post("/orders/0003/recheck", {"outcome": "pass", "version": "2"}, headers=HTMX).text
    assert "复查完了" in end
    assert stage("0002") == "recheck"


def test_other_eyes_than_the_finders_where_the_rules_say_so(desk, campaign, login, inspector):
    OrderPolicy.objects.create(campaign=campaign, is_finder_barred=True)
    page = desk.get("/orders?kind=review").text
    assert "由另一个人复查" in page
    assert 'value="pass"' not in page
    desk.post("/orders/0001/recheck", {"outcome": "pass", "version": "2"})
    assert stage("0001") == "recheck"
    login(inspector).post("/orders/0001/recheck", {"outcome": "pass", "version": "2"})
    assert stage("0001") == "closed"


def test_who_answered_gets_no_buttons(answered, login, liaison):
    assert 'value="pass"' not in login(liaison).get("/orders?kind=review").text


def test_the_board_asks_as_much_for_many_as_for_few(desk, django_assert_max_num_queries):
    desk.get("/orders")  # the session is written once
    for address in ("/orders", "/orders?kind=review", "/orders/meeting"):
        with django_assert_max_num_queries(15):
            assert desk.get(address).status_code == 200


def test_the_office_says_why_it_keeps_coming(desk):
    said = {"cause": "早市散后没有人收运", "measure": "十点加一次清运", "is_difficult": "on"}
    desk.post("/orders/0001/why", said)
    row = Finding.objects.get(code="0001")
    assert (row.cause, row.measure, row.is_difficult) == ("早市散后没有人收运", "十点加一次清运", True)
    page = desk.get("/orders/meeting").text
    assert "十点加一次清运" in page
    assert "写了成因和措施" in desk.get("/orders/0001").text


def test_too_long_a_cause_is_refused_and_kept_on_the_page(desk):
    answer = desk.post("/orders/0001/why", {"cause": "长" * 201})
    assert answer.status_code == 422
    assert "成因有 201 字，最多 200 字" in answer.text
    assert Finding.objects.get(code="0001").cause == ""


def test_a_relapse_shows_what_was_written_the_first_time(answered):
    first, again = Finding.objects.order_by("code")[:2]
    first.cause, again.relapse_of = "没有人收运", first
    assert meeting.why_of(again).cause == "没有人收运"


def test_the_chosen_photo_stands_as_before_on_page_and_paper(campaign, make_place, police, login, office):
    row = found(campaign, make_place(owner=police), by=office)
    one, other = (shoot(row, by=office, seed=n) for n in (1, 2))
    assert orderpaper.first_photos([row.pk])[row.pk] == one
    client = login(office)
    assert "用这张" in client.get("/orders/0001").text
    client.post(f"/orders/0001/photos/{other.pk}/choose")
    assert orderpaper.first_photos([row.pk])[row.pk] == other
    assert pairing.before_of(row.photos.all()) == other
    assert Photo.objects.filter(is_chosen=True).count() == 1
