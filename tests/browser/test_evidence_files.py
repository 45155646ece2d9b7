"""What the browser makes of stored files: a PDF is shown by its viewer, a page that calls itself a PDF runs nothing."""

import pytest
import typst

from campaign import attachments
from campaign.attachments import Upload
from tasks.models import Evidence

HTML = b"<!doctype html><title>x</title><script>document.title='ran'</script><body><form action='/logout'></form>"


@pytest.fixture
def evidence(campaign, task, milestone, liaison, now, transactional_db):
    def make(content, content_type):
        kept = attachments.keep(campaign, Upload("公文.pdf", content), by=liaison, now=now, content_type=content_type)
        return Evidence.objects.create(
            campaign=campaign, task=task, milestone=milestone, attachment=kept, name="公文.pdf", by=liaison, at=now
        )

    return make


def test_a_paper_opens_in_the_viewer(visit, office, evidence, tmp_path):
    (tmp_path / "a.typ").write_text("= 1234567890")
    row = evidence(typst.compile(str(tmp_path / "a.typ")), "application/pdf")
    visitor = visit(office)
    visitor.context.unroute("**/*")  # the viewer is an extension's page of the browser itself
    page = visitor.page
    answer = page.goto(f"/files/{row.pk}")
    page.wait_for_timeout(800)
    visitor.faults.clear()  # of the browser's own viewer
    assert answer.status == 200
    assert any(frame.url.startswith("chrome-extension://") for frame in page.frames)


def test_a_page_that_calls_itself_a_paper_runs_nothing(visit, office, evidence):
    row = evidence(HTML, "application/pdf")
    visitor = visit(office)
    visitor.context.unroute("**/*")
    visitor.page.goto(f"/files/{row.pk}")
    visitor.page.wait_for_timeout(500)
    visitor.faults.clear()
    assert visitor.page.title() != "ran"


def test_a_page_among_the_files_is_only_ever_saved(visit, office, evidence):
    row = evidence(HTML, "text/html")
    page = visit(office).go("/me")
    with page.expect_download() as saved:
        page.evaluate("url => { location.href = url }", f"/files/{row.pk}")
    assert saved.value.suggested_filename.startswith("公文")
    assert page.title() != "ran"
