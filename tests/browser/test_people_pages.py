"""Units and people, settings and one's own account in a real browser."""

import pytest

from campaign.models import CalendarEvent, Membership
from tests.browser.conftest import DESK, LAPTOP, PHONE
from tests.browser.conftest import SMALL_BOXES as SMALL

#: A box is pressed by its label too, and so is the choice of a file.
TARGETS = SMALL.replace("e.closest('p,", "e.closest('label.check,label.upload,p,")
pytestmark = pytest.mark.django_db(transaction=True)
PATHS = {
    "units": "/units",
    "roster": "/units/import",
    "unit": "/units/{unit}",
    "unit-form": "/units/{unit}/edit",
    "person-new": "/units/{unit}/people/new",
    "person": "/people/{person}",
    "post-new": "/people/{person}/posts/new",
    "handover": "/posts/{post}/handover",
    "post-end": "/posts/{post}/end",
    "settings": "/settings",
    "calendar": "/settings/calendar",
    "event": "/settings/calendar/{event}",
    "programs": "/settings/programs",
    "program": "/settings/programs/02",
    "campaigns": "/settings/campaigns",
    "campaign-new": "/settings/campaigns/new",
    "log": "/log?check=1",
    "me": "/me",
    "password": "/me/password",
    "sessions": "/me/sessions",
    "tokens": "/me/tokens",
}


@pytest.fixture
def cast(task, liaison, chief, office, police, street, city, campaign, program):
    event = CalendarEvent.objects.create(campaign=campaign, name="年度测评", starts_on="2019-11-18")
    post = liaison.memberships.get()
    return {"unit": police.pk, "person": liaison.pk, "post": post.pk, "event": event.pk}


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE], ids=["desk", "laptop", "phone"])
def test_pages_are_accessible_light_and_fit_the_screen(visit, cast, office, size):
    visitor = visit(office, size)
    faults = {}
    for name, path in PATHS.items():
        visitor.answers.clear()
        page = visitor.go(path.format(**cast))
        visitor.shot(f"people-{name}")
        found = visitor.violations() + page.evaluate(TARGETS, 44 if size == PHONE else 24)
        found += (
            [] if page.evaluate("document.documentElement.scrollWidth <= innerWidth") else ["wider than the screen"]
        )
        weight = visitor.gzipped_kilobytes()
        faults |= {name: found} if found else {}
        assert weight <= 60, f"{name}: {weight:.0f} KB"
    assert not faults, "\n".join(f"{name}: {fault}" for name, found in faults.items() for fault in found)


def test_a_new_liaison_is_registered_and_the_link_copied(visit, cast, office):
    visitor = visit(office)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.go("/units")
    page.click("a:has-text('区城市管理委')")
    page.click("a:has-text('登记人员') >> nth=0")
    page.fill("#id_name", "李建国")
    page.click("button:has-text('登记并生成邀请链接')")
    page.wait_for_selector("button:has-text('复制链接')")
    page.wait_for_load_state()
    page.click("button:has-text('复制链接')")
    page.wait_for_selector(".toast:has-text('已复制')")
    assert "/invite/" in page.evaluate("navigator.clipboard.readText()")
    assert Membership.objects.filter(user__name="李建国").exists()


def test_the_invited_sets_a_password_and_stands_in_the_desk(visit, cast, office, liaison, live_server, now):
    from campaign import clock, invitations

    invited = invitations.invite(liaison.memberships.get(), by=office, now=now, real_now=clock.now())
    visitor = visit(None, PHONE)
    page = visitor.go("/invite/" + invited.link.rsplit("/", 1)[1])
    visitor.shot("people-invitation")
    assert visitor.violations() == []
    page.fill("#id_password", "Another-Word-7")
    page.fill("#id_again", "Another-Word-7")
    page.click("button:has-text('设置密码并登录')")
    page.wait_for_load_state("networkidle")
    assert "/invite" not in page.url


def test_a_post_is_handed_over_in_one_step(visit, cast, office):
    page = visit(office).go(f"/units/{cast['unit']}")
    page.click("summary[aria-label='王磊的操作']")
    page.click("a:visible:has-text('移交给别人')")
    page.fill("#id_name", "李建国")
    page.click("button:has-text('移交')")
    page.wait_for_selector("#invite-link")
    assert Membership.objects.get(post="liaison", valid_to=None, unit=cast["unit"]).user.name == "李建国"


def test_errors_of_a_form_take_the_focus_and_lead_to_the_field(visit, cast, office):
    page = visit(office).go(f"/units/{cast['unit']}/people/new")
    page.click("button:has-text('登记并生成邀请链接')")
    page.wait_for_selector(".error-summary:focus")
    page.click(".error-summary a:has-text('请填写姓名')")
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_the_viewer_of_the_api_works_under_the_policy(visit, cast, office):
    page = visit(office).go("/api/v1/docs")
    page.wait_for_selector(".opblock")
    page.click("#operations-units-units_list")
    page.click("text=Try it out")
    page.click("button.execute")
    page.wait_for_selector(".live-responses-table:has-text('区交通支队')")
