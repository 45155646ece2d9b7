"""The list of places and one place's page: what each person sees, what the figures say, what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign.models import LogEntry
from campaign.problems import Conflict, Refused
from inspections.models import Answer, Finding, Place, Round, RoundMember, RoundPlace, Visit
from inspections.places import add_place, change_place
from inspections.standing import refresh_places


@pytest.fixture
def page(login, office):
    def get(url="/sites", who=None):
        response = login(who or office).get(url)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    return get


@pytest.fixture
def make_visit(campaign, office):
    def make(place, at, *, by=office, **fields):
        defaults = {"client_id": f"v{Visit.objects.count()}", "place": place, "by": by, "at": at, "received_at": at}
        return Visit.objects.create(campaign=campaign, **defaults | fields)

    return make


@pytest.fixture
def make_finding(campaign, office, now):
    def make(place, **fields):
        number = Finding.objects.count() + 1
        defaults = {"code": f"{number:04d}", "place": place, "tile": "环境脏乱", "text": f"垃圾{number}"}
        return Finding.objects.create(
            campaign=campaign, **defaults | {"found_at": now, "found_on": now.date(), "found_by": office} | fields
        )

    return make


def codes(html):
    return re.findall(r'<tr id="p-(S\d+)"', html)


@pytest.fixture
def four(make_place, alley, police, make_visit, make_finding, noon):
    """A market seen today, failing; one seen a month ago; an alley never seen; one out of use."""
    market, old, lane, gone = (
        make_place("金桥市场", owner=police),
        make_place("南门早市"),
        make_place("北巷", place_type=alley),
        make_place("旧市场", is_active=False),
    )
    make_visit(market, noon(), failed_count=1)
    make_visit(old, noon(-30))
    make_finding(market)
    refresh_places([market.pk, old.pk, lane.pk, gone.pk])
    return market, old, lane


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("/sites", ["S0001", "S0002", "S0003"]),
        ("/sites?is=failing", ["S0001"]),
        ("/sites?is=unseen", ["S0002", "S0003"]),
        ("/sites?is=stale", ["S0002"]),
        ("/sites?is=never", ["S0003"]),
        ("/sites?is=ownerless&group=none", ["S0002", "S0003"]),
        ("/sites?type=T29", ["S0003"]),
        ("/sites?q=jqsc", ["S0001"]),
        ("/sites?group=none&sort=code", ["S0001", "S0002", "S0003"]),
        ("/sites?group=none&sort=visit", ["S0003", "S0002", "S0001"]),
        ("/sites?group=owner", ["S0001"]),
        ("/sites?owner=none", ["S0002", "S0003"]),
        ("/sites?grade=A", []),
        ("/sites?owner=nobody&group=nonsense&page=0", []),
    ],
)
def test_the_url_says_what_is_listed(page, four, url, listed):
    for place in Place.objects.all():
        Place.objects.filter(pk=place.pk).update(
            search_text=f"{place.name} jqsc" if "金桥" in place.name else place.name
        )
    assert codes(page(url)) == listed


def test_every_tab_counts_what_it_lists(page, four):
    tabs = re.findall(r'<a class="tab" href="(/sites[^"]*)"[^>]*>\S+ <i>(\d+)</i>', page())
    assert len(tabs) == 6
    for url, count in tabs:
        joined = "&" if "?" in url else "?"
        assert len(codes(page(f"{url}{joined}group=none".replace("&amp;", "&")))) == int(count), url


def test_a_group_says_how_much_of_it_was_seen(page, four):
    html = page()
    assert re.search(r"农贸市场</b><span class=\"mute\">2 个.*?本月已查 <b>1</b>/2.*?未达标 <b>1</b>", html, re.DOTALL)


def test_weeks_tell_seen_from_failed(page, four):
    marks = re.findall(r'<span class="wk"[^>]*>(.*?)</span>', page("/sites?group=none&sort=code"))
    assert [row.count('class="p"') for row in marks] == [1, 0, 0]
    assert [row.count('class="d"') for row in marks] == [0, 1, 0]
    assert marks[0].endswith('<i class="p"></i>')


def test_the_draw_risk_stands_beside_the_list(page, four, market):
    html = page()
    assert '抽 <a href="/sites/risk">3 个点</a>，全部达标的把握是 <b>0%</b>' in html
    assert "再修好 <b>1 处</b>可到 100%" in html


def test_a_unit_learns_of_nothing_that_was_not_issued_to_it(page, four, liaison, stranger, make_finding, police):
    market = four[0]
    issued = make_finding(market, is_hidden=False, unit=police, text="占道")
    for who, number in ((liaison, "1"), (stranger, "")):
        html = page("/sites?group=none", who)
        assert codes(html) == ["S0001", "S0002", "S0003"]
        assert re.findall(r"<b>(\d+)</b> 处", html) == ([number] if number else [])
        assert "本月已查" not in html
        assert 'class="risk"' not in html
    own = page(f"/sites/{market.code}", liaison)
    assert issued.text in own
    assert "垃圾1" not in own
    assert "占道" not in page(f"/sites/{market.code}", stranger)


def test_a_third_party_knows_the_places_of_its_rounds(four, third_party, campaign, login, actor, now, today):
    mine = Round.objects.create(
        campaign=campaign, code="R1", name="一测", starts_on=today, ends_on=today, created_at=now, is_hidden=True
    )
    RoundMember.objects.create(campaign=campaign, round=mine, user=third_party)
    RoundPlace.objects.create(campaign=campaign, round=mine, place=four[1])
    assert [place.code for place in Place.objects.visible_to(actor(third_party))] == ["S0002"]
    client = login(third_party)
    assert client.get("/sites/S0002").status_code == 200
    assert client.get("/sites/S0001").status_code == 404
    assert client.get("/sites").status_code == 403


def test_the_place_page_tells_each_item_and_what_was_found_at_it(
    page, place, checklist, make_visit, make_finding, noon
):
    first, second = checklist.items.all()
    visit = make_visit(place, noon(), checklist=checklist, failed_count=1)
    for item, verdict in ((first, "fail"), (second, "pass")):
        Answer.objects.create(
            campaign=place.campaign, visit=visit, item=item, place=place, verdict=verdict, at=visit.at
        )
    make_finding(place, item=first, text="水产区积水", is_relapse=True)
    html = page(f"/sites/{place.code}")
    assert "上次问题：水产区积水" in html
    assert re.search(r"通道干燥.*?不合格.*?1 次.*?反弹 1", html, re.DOTALL)
    assert re.search(r"无现场宰杀.*?合格", html, re.DOTALL)


def test_a_place_is_added_with_the_next_free_number(campaign, market, make_place, office, now):
    make_place("早先的")
    made = add_place(campaign, {"name": "金桥市场", "place_type": market}, by=office, now=now)
    assert (made.code, "jqsc" in made.search_text) == ("S0002", True)
    assert LogEntry.objects.get(verb="added", object_id=made.pk).by == office


def test_whoever_saves_second_is_told(place, office, now):
    change_place(place, {"name": "金桥菜场"}, version=1, by=office, now=now)
    with pytest.raises(Conflict):
        change_place(place, {"name": "金桥集市"}, version=1, by=office, now=now)
    place.refresh_from_db()
    assert (place.name, place.version) == ("金桥菜场", 2)


def test_half_a_position_is_none(campaign, market, office, now):
    with pytest.raises(Refused):
        add_place(campaign, {"name": "某处", "place_type": market, "latitude": 39.9}, by=office, now=now)
    assert not Place.objects.exists()


def test_the_form_adds_and_changes(login, office, market, place):
    client = login(office)
    answer = client.post("/sites/new", {"name": "新市场", "place_type": market.pk, "is_active": "on"})
    assert answer.url == "/sites/S0002"
    fields = {"name": "金桥菜场", "place_type": market.pk, "is_active": "on"}
    assert client.post(f"/sites/{place.code}/edit", fields | {"version": 7}).status_code == 422
    assert client.post(f"/sites/{place.code}/edit", fields | {"version": 1}).status_code == 302
    place.refresh_from_db()
    assert place.name == "金桥菜场"


@pytest.mark.parametrize("url", ["/sites", "/sites?group=none", "/sites?is=failing&group=owner", "/sites/S0001"])
def test_queries_do_not_grow_with_places(url, login, office, make_place, make_visit, make_finding, noon, settings):
    client, counts = login(office), []
    for size in (3, 40):
        made = [make_place() for _ in range(size)]
        for place in made[:3]:
            make_visit(place, noon())
            make_finding(place)
        refresh_places([place.pk for place in made])
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(url)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 15, [query["sql"][:150] for query in caught]


def test_a_filter_that_names_no_unit_is_an_answer_all_the_same(login, office, place):
    answer = login(office).get(f"/sites?owner={'z' * 36}")
    assert (answer.status_code, "责任单位不存在" in answer.text) == (200, True)
