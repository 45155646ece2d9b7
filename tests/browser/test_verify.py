"""Closing a task from the desk, and the verify page by keyboard alone."""

import io

import pytest
from PIL import Image

from campaign import attachments
from campaign.attachments import Upload
from tasks import summary
from tasks.models import ClosingRequirement, Evidence, Milestone, ProgressReport, Task
from tests.browser.conftest import DESK, LAPTOP, PHONE, SMALL, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue(make_task, campaign, liaison, now):
    """Three handed in, each with two pictures; the last lacks a requirement."""
    found = []
    for number in range(3):
        task = make_task(f"02-02-0{number}", f"第 {number} 条示范道路")
        milestone = task.milestones.get()
        report = ProgressReport.objects.create(
            campaign=campaign,
            task=task,
            milestone=milestone,
            unit=milestone.unit,
            by=liaison,
            at=now,
            progress="二十条全部建成",
            quantity_before=12,
            quantity_after=20,
            is_submission=True,
            token=f"t{number}",
        )
        for picture in range(2):
            prove(campaign, report, liaison, now, colour=(40 * number, 90 * picture, 160))
        handed = {"state": "submitted", "submitted_at": now, "submitted_by": liaison, "quantity_done": 20}
        Milestone.objects.filter(pk=milestone.pk).update(**handed, quantity_approved=12)
        found.append(milestone)
    ClosingRequirement.objects.create(campaign=campaign, task=found[2].task, label="巡查记录")
    summary.refresh([milestone.task_id for milestone in found])
    return found


def prove(campaign, report, by, now, *, colour):
    content = io.BytesIO()
    Image.new("RGB", (640, 400), colour).save(content, "JPEG")
    file = attachments.store(campaign, Upload("现场照片.jpg", content.getvalue()), by=by, now=now)
    row = {"campaign": campaign, "task": report.task, "milestone": report.milestone, "unit": report.unit, "by": by}
    Evidence.objects.create(**row, report=report, attachment=file, name="现场照片.jpg", kind="picture", at=now)


def state(milestone):
    milestone.refresh_from_db()
    return milestone.state


def test_a_task_is_closed_in_two_clicks_from_the_desk(visit, queue, office):
    page = visit(office).go("/")
    page.click(f"a[href='/verify/{queue[0].pk}']")
    page.click(".foot-bar button:has-text('通过')")
    page.wait_for_url(f"**/verify/{queue[1].pk}")
    assert state(queue[0]) == "done"
    assert Task.objects.get(pk=queue[0].task_id).state == "done"


def test_the_next_one_is_one_click_more(visit, queue, office):
    page = visit(office).go("/verify")
    page.click(".foot-bar button:has-text('通过')")
    page.wait_for_url(f"**/verify/{queue[1].pk}")
    page.click(".foot-bar button:has-text('通过')")
    page.wait_for_url(f"**/verify/{queue[2].pk}")
    assert [state(milestone) for milestone in queue] == ["done", "done", "submitted"]


def test_the_queue_is_worked_by_keyboard_alone(visit, queue, office):
    page = visit(office).go("/verify")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=2 份佐证中第 2 份")
    page.keyboard.press("j")
    page.wait_for_url(f"**/verify/{queue[1].pk}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/verify/{queue[0].pk}")
    page.keyboard.press("1")
    page.wait_for_url(f"**/verify/{queue[1].pk}")
    page.keyboard.press("2")
    page.wait_for_selector("#return-reason:focus")
    page.keyboard.type("数量与佐证对不上")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/verify/{queue[2].pk}")
    page.keyboard.press("3")
    page.wait_for_selector("text=没有等您核验的")
    verdict = queue[1].verdicts.get()
    assert (verdict.outcome, verdict.reason, str(verdict.limit_on)) == ("return", "数量与佐证对不上", "2019-10-01")
    assert [state(milestone) for milestone in queue] == ["done", "open", "submitted"]


def test_a_missing_requirement_opens_the_box_for_a_reason(visit, queue, office):
    visitor = visit(office, LAPTOP)
    page = visitor.go(f"/verify/{queue[2].pk}")
    page.keyboard.press("2")
    assert page.input_value("#return-reason").startswith("缺 1 件：巡查记录。")
    visitor.shot("verify-return")
    page.keyboard.press("Escape")
    assert not page.is_visible("#return")
    page.keyboard.press("1")
    page.keyboard.type("区长办公会同意")
    visitor.shot("verify-pass")
    page.click("button:has-text('通过并看下一项')")
    page.wait_for_url(f"**/verify/{queue[0].pk}")
    assert queue[2].verdicts.get().reason == "区长办公会同意"


def test_keys_do_nothing_while_words_are_typed(visit, queue, office):
    page = visit(office).go(f"/verify/{queue[0].pk}#return")
    page.fill("#return-reason", "")
    page.type("#return-reason", "1 3 j k")
    assert page.input_value("#return-reason") == "1 3 j k"
    assert state(queue[0]) == "submitted"


def test_it_works_without_scripts(chromium, live_server, queue, office):
    visitor = Visitor(chromium, live_server, office, DESK)
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(visitor.context.cookies())
    page = context.new_page()
    page.goto(f"/verify/{queue[0].pk}")
    page.click(".foot-bar a:has-text('退回')")
    page.fill("#return-reason", "缺章")
    page.click("button:has-text('退回并看下一项')")
    page.wait_for_url(f"**/verify/{queue[1].pk}")
    page.click("a[aria-label='下一份']")
    assert "第 2 份" in page.content()
    page.click(".foot-bar button:has-text('通过')")
    page.wait_for_url(f"**/verify/{queue[2].pk}")
    context.close()
    visitor.close()
    assert [state(milestone) for milestone in queue] == ["open", "done", "submitted"]


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
@pytest.mark.parametrize("is_picked", [False, True])
def test_it_is_accessible_light_and_fits_the_screen(visit, queue, office, size, is_picked):
    visitor = visit(office, size)
    page = visitor.go(f"/verify/{queue[2].pk}" if is_picked else "/verify")
    visitor.shot("verify-item" if is_picked else "verify")
    assert visitor.violations() == []
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL, 44 if size == PHONE else 24) == []
