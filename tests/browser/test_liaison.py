"""The liaison on a phone: three taps, words that are not lost, a report without signal, pictures made small."""

import io
import re

import pytest
from django.contrib.sessions.models import Session
from PIL import ExifTags, Image

from tasks.models import Evidence, Milestone, ProgressReport
from tests.browser.conftest import DESK, LAPTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(visit, liaison, task):
    visitor = visit(liaison, PHONE)
    visitor.go("/my")
    return visitor


@pytest.fixture
def photo():
    """As a camera makes it: 2400 px wide, with the time of capture."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2019:09:12 08:30:00"
    buffer = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(buffer, "JPEG", exif=exif.tobytes())
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_three_taps_report_two_more(phone):
    page = phone.page
    page.tap("[data-step='1']")
    page.tap("[data-step='1']")
    page.wait_for_selector("[data-plus]:has-text('本次 +2')")
    phone.shot("my-open")
    with page.expect_navigation(url=re.compile("/my$")):
        page.tap(".main-button")
    report = ProgressReport.objects.get()
    assert (report.quantity_before, report.quantity_after) == (0, 2)
    page.wait_for_selector(".toast:has-text('已提交')")


def test_link_of_a_message_opens_that_card(visit, liaison, task):
    visitor = visit(liaison, PHONE)
    page = visitor.go(f"/tasks/{task.code}/update")
    assert page.locator("[data-report]").count() == 1
    assert visitor.violations() == []


def test_photo_is_made_small_and_keeps_its_day(phone, photo):
    page = phone.page
    page.set_input_files(".camera input[capture]", photo)
    page.wait_for_selector(".photos button.ph img")
    with page.expect_navigation(url=re.compile("/my$")):
        page.tap(".main-button")
    row = Evidence.objects.select_related("attachment").get()
    assert (str(row.about_on), max(row.attachment.width, row.attachment.height)) == ("2019-09-12", 1600)
    assert row.attachment.size < len(photo["buffer"])


def test_canned_words_go_with_the_report(phone):
    page = phone.page
    page.tap(".say:has-text('按计划推进')")
    with page.expect_navigation(url=re.compile("/my$")):
        page.tap(".main-button")
    assert ProgressReport.objects.get().progress == "按计划推进"


def test_words_are_found_again_after_the_page_was_left(phone):
    page = phone.page
    page.tap("summary:has-text('写说明')")
    page.fill("textarea[name=progress]", "写到一半")
    page.wait_for_selector("[data-saved-text]:has-text('已存在本机')")
    phone.go("/inbox")
    phone.go("/my")
    assert page.input_value("textarea[name=progress]") == "写到一半"


def test_report_without_signal_sends_itself(phone, milestone):
    page = phone.page
    page.tap("[data-step='1']")
    phone.context.set_offline(True)
    page.tap(".main-button")
    page.wait_for_selector("[data-saved-text]:has-text('联网后自动提交')")
    assert not ProgressReport.objects.exists()
    with page.expect_response(re.compile("/update$")):
        phone.context.set_offline(False)
    page.wait_for_selector("[data-sync]", state="hidden")
    milestone.refresh_from_db()
    assert milestone.quantity_done == 1
    phone.faults.clear()  # the refused connection is what the test provokes


def test_what_another_reported_meanwhile_is_shown_and_nothing_is_lost(phone, milestone):
    page = phone.page
    page.tap("summary:has-text('写说明')")
    page.fill("textarea[name=progress]", "我写的")
    Milestone.objects.update(version=9, quantity_done=5)
    page.tap(".main-button")
    page.wait_for_selector(".error-summary:has-text('别人先更新了')")
    assert page.input_value("textarea[name=progress]") == "我写的"
    with page.expect_navigation(url=re.compile("/my$")):
        page.tap(".main-button")
    assert ProgressReport.objects.get().progress == "我写的"
    phone.faults.clear()


def test_login_that_ended_meanwhile_loses_nothing(phone, liaison):
    page = phone.page
    page.tap("[data-step='1']")
    Session.objects.all().delete()
    page.tap(".main-button")
    page.wait_for_selector("#session-dialog[open]")
    page.fill("#session-username", liaison.username)
    page.fill("#session-password", "Secret-1234")
    with page.expect_navigation(url=re.compile("/my$")):
        page.keyboard.press("Enter")
    assert ProgressReport.objects.get().quantity_after == 1
    phone.faults.clear()  # the refused pulse (401) is what the test provokes


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
def test_task_page_is_accessible_and_light(visit, office, task, size):
    visitor = visit(office, size)
    page = visitor.go(f"/tasks/{task.code}")
    page.wait_for_selector("#history .log, #history .empty")
    visitor.shot("task")
    assert visitor.violations() == []
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize("path", ["/my", "/tasks/02-02-02/edit", "/tasks/02-02-02/nodes"])
def test_other_pages_are_accessible(visit, office, liaison, task, path):
    visitor = visit(liaison if path == "/my" else office, PHONE if path == "/my" else DESK)
    visitor.go(path)
    assert visitor.violations() == []
