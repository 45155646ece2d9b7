"""整改率 is one figure: on the board, over the API, in the briefing, in the export."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from campaign.clock import Week
from inspections import board, rates
from inspections.models import Finding
from inspections.rates import Span
from reports import fieldfacts

STAGES = ["closed", "closed", "fixing", "pending", "recheck", "closed", "revoked", "fixing"]
TODAY = dt.date(2019, 9, 24)


@pytest.fixture
def month(found, police, street):
    """Two units, every stage, a duplicate, a relapse, something of the month before."""
    for number, stage in enumerate(STAGES):
        found(3 * number + 1, stage, unit=police if number % 3 else street)
    first = found(2, "closed", unit=police)
    found(8, "fixing", unit=police, relapse_of=first, is_relapse=True)
    found(9, "fixing", unit=police, joined_into=first)
    found(30, "closed", month=8, unit=street)


def on_the_board(page):
    return page.context["sentence"].text


def in_the_briefing(campaign):
    facts = fieldfacts.collect(campaign, Week.of(TODAY), as_of=TODAY)
    return facts.month, {line.name: line.rate for line in facts.units}


def in_the_export(client):
    book = load_workbook(io.BytesIO(client.get("/orders/figures/export?by=unit").content))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    return {row[0]: (row[1], row[2], row[4]) for row in rows}


def test_one_rate_everywhere(month, campaign, login, office):
    client = login(office)
    whole, units = in_the_briefing(campaign)
    over_api = client.get("/api/v1/rates?by=unit").json()
    exported = in_the_export(client)
    assert (whole.found, whole.closed, whole.words) == (9, 4, "44.4%")
    assert "发现 9 处，已销号 4 处，整改率 44.4%" in on_the_board(client.get("/orders"))
    assert [over_api["whole"][name] for name in ("found", "closed", "rate")] == [9, 4, "44.4"]
    assert exported.pop("合计") == (9, 4, "44.4%")
    told = {line["name"]: (line["found"], line["closed"], f"{line['rate']}%") for line in over_api["lines"]}
    assert exported == told == {name: (rate.found, rate.closed, rate.words) for name, rate in units.items()}


def test_the_parts_add_up(month, campaign, login, office, now):
    """发现 = 待签发 + 整改中 + 待复查 + 已销号; each number of the legend opens a list of that length."""
    client = login(office)
    page = client.get("/orders")
    counts = {kind.value: (count, url) for kind, count, url in page.context["legend"]}
    assert sum(count for count, _ in counts.values()) == 9
    for count, url in counts.values():
        assert client.get(url).context["total"] == count, url


def test_tabs_open_what_they_count(month, login, office, liaison):
    for who in (office, liaison):
        client = login(who)
        for tab in client.get("/orders").context["tabs"]:
            page = client.get(tab["url"])
            assert page.context["export_count"] == tab["count"], (who, tab)


def test_the_export_is_what_is_shown(month, login, office):
    client = login(office)
    for url in ("?tab=month", "?kind=overdue,doing,relapse", "?tab=month&kind=done&q=果皮"):
        answer = client.get(f"/orders/export{url}")
        book = load_workbook(io.BytesIO(answer.content)).active
        codes = [row[0] for row in book.iter_rows(min_row=2, values_only=True)]
        shown = [row.finding.code for row in client.get(f"/orders{url}").context["rows"]]
        assert (codes, int(answer["X-Rows"])) == (shown, len(shown)), url


def test_a_unit_reads_nothing_that_is_not_issued(month, login, liaison, police):
    Finding.objects.filter(stage="pending").update(text="未公开的暗访问题", unit=police)
    client = login(liaison)
    for url in (
        "/orders",
        "/orders?tab=month",
        "/orders?q=暗访",
        "/orders/figures",
        "/api/v1/findings",
        "/orders/meeting",
    ):
        assert "未公开的暗访问题" not in client.get(url).content.decode(), url
    codes = {row["code"] for row in client.get("/api/v1/findings").json()["results"]}
    assert codes == set(Finding.objects.filter(unit=police, is_hidden=False).values_list("code", flat=True))


def test_words_of_the_address_that_mean_nothing_are_told(login, office):
    page = login(office).get("/orders?kind=nonsense&unit=x&day=gestern")
    assert page.context["strange"] == "kind=nonsense、unit=x、day=gestern"
    assert "没有按它筛选" in page.content.decode()


def test_the_board_asks_fifteen_questions_at_any_size(
    month, found, login, office, police, django_assert_max_num_queries
):
    client = login(office)
    client.get("/orders")
    for day in range(1, 25):
        found(day, STAGES[day % 6], unit=police)
    with django_assert_max_num_queries(15):
        client.get("/orders")


def test_the_month_before_is_compared(month, campaign, office, actor):
    compared = rates.compared(campaign, board.seen(actor(office)), Span.month_of(TODAY))
    assert (compared.before.found, compared.now.found) == (1, 9)
