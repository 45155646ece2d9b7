"""A login that ends while a form is being filled: log in over the form, nothing typed is lost."""

import pytest
from django.contrib.sessions.models import Session

from campaign.models import Unit
from tasks import summary
from tasks.models import Milestone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def half_filled(visit, office, police):
    """The office adds a unit; meanwhile its session ends."""
    visitor = visit(office)
    page = visitor.go("/units/new")
    page.fill("input[name=name]", "新桥街道")
    Session.objects.all().delete()
    return visitor


def test_the_form_goes_out_after_logging_in_over_it(half_filled, office):
    page = half_filled.page
    page.click("main button.pri")
    page.wait_for_selector("#session-dialog[open]")
    half_filled.shot("session-dialog")
    assert half_filled.violations() == []
    page.fill("#session-username", office.username)
    page.fill("#session-password", "Secret-1234")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Unit.objects.filter(name="新桥街道").count() == 1
    half_filled.faults.clear()  # the refused pulse (401) is what the test provokes


def test_a_wrong_password_keeps_the_form_and_says_so(half_filled, office):
    page = half_filled.page
    page.click("main button.pri")
    page.wait_for_selector("#session-dialog[open]")
    page.fill("#session-username", office.username)
    page.fill("#session-password", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-session-error]:has-text('不对')")
    assert page.input_value("input[name=name]") == "新桥街道"
    assert not Unit.objects.filter(name="新桥街道").exists()
    half_filled.faults.clear()


def test_the_pressed_button_is_not_lost_where_request_submit_is_missing(visit, task, office, liaison, now):
    Milestone.objects.filter(task=task).update(state="submitted", submitted_at=now, submitted_by=liaison)
    summary.refresh([task.pk])
    visitor = visit(office)
    visitor.context.add_init_script("delete HTMLFormElement.prototype.requestSubmit")
    page = visitor.go("/verify")
    with page.expect_navigation():
        page.click("footer button:has-text('搁置')")
    assert Milestone.objects.get(task=task).is_held
