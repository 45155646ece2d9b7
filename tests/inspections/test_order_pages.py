"""The office's pages of orders: drafts issued, papers signed for, the queue of re-checks, lists from outside."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from campaign.models import Campaign, Job
from campaign.problems import Refused
from inspections import answering, jobs, problem_lists, rechecking
from inspections.models import Finding, Order, Photo, ProblemList
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db
LIST = {
    "name": "企业反映的18个问题",
    "source": "工商联",
    "stated_count": "3",
    "received_on": "2019-09-20",
    "kind": "list",
}


@pytest.fixture
def drafted(campaign, make_place, police, city, login, office):
    """Two units with a draft each, and the office at its page."""
    for unit, text in ((police, "护栏破损"), (city, "果皮箱满溢")):
        shoot(found(campaign, make_place(owner=unit), text=text), by=office, seed=len(text))
    client = login(office)
    client.post("/orders/drafts/gather")
    return client


def test_one_draft_is_issued_though_both_are_ticked(drafted, police):
    orders = {order.unit: str(order.pk) for order in Order.objects.drafts()}
    page = drafted.get("/orders/drafts").text
    assert "护栏破损" in page
    assert "2 张督察单等签发，共 <b>2 处</b>" in page
    drafted.post("/orders/drafts/issue", {"orders": list(orders.values()), "only": orders[police]})
    assert [order.unit for order in Order.objects.issued()] == [police]


def test_lines_stand_as_the_paper_will_have_them(drafted, campaign, make_place, police):
    for text in ("井盖缺失", "占道经营"):
        found(campaign, make_place(owner=police), text=text)
    drafted.post("/orders/drafts/gather")
    lines = Order.objects.drafts().get(unit=police).lines
    for place, line in enumerate(lines.order_by("-position"), 101):  # the last comes first now
        lines.filter(pk=line.pk).update(position=place)
    page = drafted.get("/orders/drafts").text
    assert page.index("占道经营") < page.index("井盖缺失") < page.index("护栏破损")


def test_many_are_issued_by_a_job(drafted, campaign, office, make_place, make_unit):
    for n in range(5):
        found(campaign, make_place(owner=make_unit(f"{n}街道")))
    drafted.post("/orders/drafts/gather")
    answer = drafted.post("/orders/drafts/issue", {"all": "1"})
    job = Job.objects.get(kind=jobs.ISSUE)
    assert answer.url == f"/jobs/{job.pk}"
    jobs.issue_orders(str(job.pk))
    assert Order.objects.issued().count() == 7
    assert Job.objects.get(pk=job.pk).result["words"] == "已签发 7 张督察单"


def test_the_unit_signs_once_and_reads_the_paper(drafted, campaign, office, login, liaison):
    issue_all(campaign, by=office)
    order = Order.objects.get(unit=liaison.memberships.get().unit)
    client = login(liaison)
    assert "签收" in client.get(order.get_absolute_url()).text
    client.post(f"{order.get_absolute_url()}/receive")
    order.refresh_from_db()
    assert order.received_by == liaison
    paper = b"".join(client.get(f"{order.get_absolute_url()}/pdf").streaming_content)
    assert paper.startswith(b"%PDF-")


def test_after_one_is_passed_the_next_opens(drafted, campaign, office, chief, city, police, inspector):
    issue_all(campaign, by=office)
    for n, row in enumerate(Finding.objects.order_by("code")):
        shoot(row, moment=Photo.Moment.AFTER, by=chief, seed=300 + n)
        said = answering.Said(token=f"token-{n}", version=1)
        answering.answer(row, said, by=chief, unit=row.unit, now=NOON)
    response = drafted.post("/orders/0001/recheck", {"outcome": "pass", "version": "2"})
    assert response.url == "/orders/0002"
    assert Finding.objects.get(code="0001").stage == "closed"
    assert "通过" in drafted.get("/orders/0002").text


def test_the_drafts_page_asks_as_much_for_many_as_for_few(
    drafted, campaign, make_place, police, django_assert_max_num_queries
):
    for n in range(12):
        found(campaign, make_place(owner=police), text=f"第{n}处")
    drafted.post("/orders/drafts/gather")
    with django_assert_max_num_queries(16):
        drafted.get("/orders/drafts")


def test_a_pasted_list_is_looked_at_before_it_is_filed(login, office, campaign, place):
    client = login(office)
    text = "1. 门前道路坑洼｜金桥市场\n2、停车难｜没有的地方｜区交通支队\n（3）办证慢"
    page = client.post("/orders/lists/new", LIST | {"lines": text}).text
    assert "读到 3 条" in page
    assert not Finding.objects.exists()
    client.post("/orders/lists/new", LIST | {"lines": text, "file_it": "1"})
    rows = problem_lists.with_counts(ProblemList.objects.all()).get()
    assert (rows.filed, rows.closed, rows.stated_count) == (3, 0, 3)
    assert Finding.objects.get(code="0001").place == place


def test_a_list_sent_twice_at_once_is_filed_once(campaign, office, monkeypatch):
    """The second form was looked at before the first had filed: it looks again under the lock."""
    wanted = problem_lists.Wanted(
        name="企业反映", source="", stated_count=1, received_on=NOON.date(), kind=Finding.Source.LIST
    )
    lines = problem_lists.read_lines("停车难｜路口")
    hold = Campaign.objects.select_for_update
    first = iter([True])

    def waiting():
        if next(first, False):
            problem_lists.import_list(campaign, wanted, lines, by=office, now=NOON)
        return hold()

    monkeypatch.setattr(Campaign.objects, "select_for_update", waiting)
    with pytest.raises(Refused, match="已经导入过"):
        problem_lists.import_list(campaign, wanted, lines, by=office, now=NOON)


def test_a_name_of_two_places_is_neither(campaign, make_place):
    first, _, other = make_place("公厕"), make_place("公厕"), make_place("金桥市场")
    lines = problem_lists.read_lines(f"堵了｜公厕\n堵了｜{first.code}\n堵了｜金桥市场")
    read = problem_lists.recognise(campaign, lines)
    assert [line.place for line in read] == [None, first, other]
    assert "不止一个点位" in read[0].problems[0].message


def test_a_null_character_in_a_form_is_a_bad_request(drafted):
    """PostgreSQL takes none in any text."""
    answer = drafted.post("/orders/0001/revoke", {"version": "1", "reason": "不属\0实"})
    assert answer.status_code == 400
    assert not Finding.objects.filter(stage="revoked").exists()


def test_a_list_comes_as_a_sheet(campaign, place):
    book = Workbook()
    for row in (["测评组反馈"], ["序号", "存在问题", "点位", "轻重"], [1, "通道堆物", "金桥市场", "紧急"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    lines = problem_lists.recognise(campaign, problem_lists.read_sheet(buffer.getvalue()))
    assert [(line.text, line.place, line.severity) for line in lines] == [("通道堆物", place, "urgent")]


def test_what_was_sent_back_too_often_is_listed(drafted, campaign, office):
    issue_all(campaign, by=office)
    assert "请定怎样处理" not in drafted.get("/orders/drafts").text
    Finding.objects.filter(code="0001").update(returns=3)
    page = drafted.get("/orders/drafts").text
    assert "退回 3 次以上，请定怎样处理" in page
    assert "整改 0001" in page


def test_the_rules_are_kept_and_logged(login, office, campaign):
    client = login(office)
    page = client.get("/orders/rules").text
    assert "每天几点汇成督察单" in page
    fields = dict.fromkeys(("instant_hours", "urgent_days", "major_days", "minor_days", "relapse_days"), "5")
    fields |= {f"look_again_{word}_days": "9" for word in ("urgent", "major", "minor")}
    fields |= {"rounds_to_escalate": "2", "decline_hours": "6", "day_ends_at": "17:30", "drafts_at": "16:00"}
    assert client.post("/orders/rules", fields).status_code == 302
    assert "改了整改规则" in client.get("/log").text


def test_who_signs_reads_nothing_that_is_not_issued(campaign, place, office, city, stranger, login):
    """The page of a joint review tells another unit of no relapse and no second sighting that is still a secret."""
    row = found(campaign, place)
    issue_all(campaign, by=office)
    rechecking.ask_to_sign(row, [city], by=office, now=NOON)
    found(campaign, place)
    Finding.objects.filter(pk=row.pk).update(stage="closed", closed_at=NOON)
    found(campaign, place, at=NOON + dt.timedelta(days=2))
    page, whole = login(stranger).get("/orders/0001").text, login(office).get("/orders/0001").text
    assert ("整改 0002" in whole, "整改 0003" in whole) == (True, True)
    assert ("整改 0002" in page, "整改 0003" in page) == (False, False)


@pytest.mark.parametrize("words", ["from=0001-01-01&to=9999-12-31", "month=0001-01", "closed_to=9999-12-31", "page=²"])
@pytest.mark.parametrize("path", ["", "/figures", "/figures/export", "/export"])
def test_a_strange_address_is_an_answer_all_the_same(login, office, path, words):
    assert login(office).get(f"/orders{path}?{words}").status_code == 200


def test_what_cannot_be_issued_alone_says_why(drafted, campaign):
    row = Finding.objects.get(code="0001")
    drafted.post("/orders/0001/change", {"version": row.version, "severity": row.severity, "tomorrow": "1"})
    answer = drafted.post("/orders/0001/issue")
    assert (answer.status_code, Order.objects.issued().count()) == (422, 0)
    assert "整改 0001 已推到9月25日签发" in answer.text
    drafted.post("/orders/0002/issue")
    again = drafted.post("/orders/0002/issue")
    assert (again.status_code, Order.objects.issued().count()) == (422, 1)
    assert "整改 0002 现在是“整改中”，不用再签发" in again.text
    Finding.objects.filter(code="0001").update(joined_into=Finding.objects.get(code="0002"))
    assert "已并入整改 0002" in drafted.post("/orders/0001/issue").text
