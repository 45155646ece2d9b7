"""A round from its plan to its result; what a third party sees; what a resident shows."""

import pytest

from inspections import recording
from inspections import rounds as deeds
from inspections.models import Answer, Finding, Place, Round, SnapLink
from tests.browser.conftest import DESK, LAPTOP, PHONE, faults_of
from tests.browser.patrol_day import jpeg
from tests.conftest import NOON, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
Verdict = Answer.Verdict


@pytest.fixture
def look(campaign, inspector):
    """look(round, place, "pf"): a visit that passes and fails the first items in turn."""

    def do(held, place, verdicts, *, by=inspector):
        checklist = place.place_type.checklists.get()
        items = list(checklist.items.select_related("checklist"))[: len(verdicts)]
        key = f"{held.code}-{place.code}"
        answers = tuple(
            recording.Judged(item=item, verdict=Verdict.FAIL if word == "f" else Verdict.PASS)
            for item, word in zip(items, verdicts, strict=True)
        )
        failings = tuple(
            recording.Failing(client_id=f"{key}-{one.item.code}", tile="其他", item=one.item, photos=("photo",))
            for one in answers
            if one.verdict == Verdict.FAIL
        )
        seen = recording.Seen(
            client_id=key, at=NOON, place=place, round=held, checklist=checklist, answers=answers, failings=failings
        )
        recording.record_visit(campaign, seen, by=by, now=NOON)

    return do


@pytest.fixture
def earlier(street_day):
    """The office's round that was there before; the next one planned is R001."""
    Round.objects.filter(pk=street_day.pk).update(code="R900")
    return street_day


def test_a_round_is_planned_drawn_proved_walked_and_scored(visit, earlier, office, inspector, look):
    page = visit(office).go("/rounds/new")
    page.fill("[name=name]", "九月模拟测评")
    page.select_option("[name=kind]", "mock")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=已建好 R001")
    page.fill("#count", "1")
    page.click("button:has-text('抽签')")
    page.wait_for_selector("text=抽出 1 个点位")
    page.check(f"label:has-text('{inspector.name}') input")
    page.click("button:has-text('保存人员')")
    page.click("button:has-text('开始')")
    held = Round.objects.get(code="R001")
    drawn = held.round_places.get().place
    page.click("a:has-text('抽签记录')")
    page.wait_for_selector("text=完全一致")
    assert page.inner_text("tr:has(b:text('抽中')) td >> nth=0") == drawn.code
    look(held, drawn, "ppf")
    page.goto(f"/rounds/{held.code}")
    assert "已查 1 个" in page.inner_text(".lead1")
    page.click("button:has-text('结束这一轮')")
    page.wait_for_selector("button:has-text('重新打开')")
    page.goto("/rounds/compare?kind=mock")
    assert "九月模拟测评" in page.inner_text(".compare")
    assert "66.7%" in page.inner_text(".compare")


@pytest.fixture
def contracted(campaign, earlier, third_party, office):
    """The third party's own round of one market, beside the office's."""
    said = {"by": office, "now": NOON}
    fields = {"name": "第三方测评", "kind": "third_party", "starts_on": TODAY, "ends_on": TODAY, "is_hidden": True}
    held = deeds.plan_round(campaign, fields, **said)
    deeds.add_places(held, [Place.objects.get(code="S0002")], **said)
    deeds.change_members(held, {third_party.pk: "一组"}, **said)
    deeds.move_round(held, "open", **said)
    return held


def test_a_third_party_sees_its_rounds_and_nothing_else(visit, contracted, third_party):
    visitor = visit(third_party)
    page = visitor.go("/rounds")
    assert page.locator("tbody th a").all_text_contents() == ["第三方测评"]
    page.click("tbody th a")
    page.wait_for_selector("text=钟楼市场")
    assert page.locator("text=金桥市场").count() == 0
    refused = {path: page.request.get(path).status for path in ("/rounds/R900", "/sites/S0001", "/sites", "/orders")}
    assert refused == {"/rounds/R900": 404, "/sites/S0001": 404, "/sites": 403, "/orders": 403}
    assert visitor.violations() == []


def test_what_a_resident_shows_becomes_a_finding(visit, street_day, office):
    desk = visit(office).go("/sightings")
    desk.fill("[name=name]", "金桥市场公告栏")
    desk.fill("form[action='/sightings/links'] [name=place]", "S0001")
    desk.click("button:has-text('新建页面')")
    desk.click("button:has-text('开放')")
    desk.wait_for_selector("text=正在开放")
    resident = visit(None, PHONE)
    page = resident.go(SnapLink.objects.get().get_absolute_url())
    assert resident.violations() == []
    page.set_input_files("#photo", jpeg(3))
    page.check("label:has-text('环境脏乱') input")
    page.fill("#text", "垃圾三天没人收")
    page.click("button:has-text('提交')")
    page.wait_for_selector("text=收到了，谢谢您")
    desk.goto("/sightings")
    desk.click("button:has-text('采用')")
    desk.wait_for_selector("text=已采用")
    found = Finding.objects.get()
    assert (found.source, found.place.code, found.photos.count(), found.is_hidden) == ("public", "S0001", 1, True)
    desk.click(f"a:has-text('整改 {found.code}')")
    desk.wait_for_selector("text=垃圾三天没人收")


@pytest.fixture
def walked(contracted, campaign, office, look):
    """Rounds of every kind of standing: one drawn and scored, one empty."""
    said = {"by": office, "now": NOON}
    fields = {"name": "模拟测评", "kind": "mock", "starts_on": TODAY, "ends_on": TODAY}
    held = deeds.plan_round(campaign, fields, **said)
    deeds.draw_places(held, 1, is_by_type=True, **said)
    look(held, held.round_places.get().place, "fp", by=office)
    deeds.plan_round(campaign, fields | {"name": "空的一轮"}, **said)
    return held


PATHS = (
    "/rounds", "/rounds?kind=official", "/rounds/new", "/rounds/R002", "/rounds/R002/proof", "/rounds/R003",
    "/rounds/R002/edit", "/rounds/add?codes=S0001", "/rounds/compare", "/rounds/compare?kind=mock",
)  # fmt: skip


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
def test_pages_are_accessible_light_and_fit_the_screen(size, visit, walked, office):
    assert faults_of(visit, office, size, PATHS) == []
