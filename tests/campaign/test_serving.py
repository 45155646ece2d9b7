"""S10, the way out: what was taken in is served as what it is, and runs nothing."""

import io

import pytest

from campaign.attachments import ACCEPTED
from campaign.serving import file_answer

KINDS = sorted({content_type for _, content_type in ACCEPTED.values()} | {"text/html", "image/svg+xml"})
SHOWN = {"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"}


def served(content_type, **more):
    return file_answer(io.BytesIO(b"x"), name="现场.x", content_type=content_type, **more)


@pytest.mark.parametrize("content_type", KINDS)
def test_every_kind_is_walled_in(content_type):
    answer = served(content_type)
    policy = answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert ("sandbox" in policy) == (content_type != "application/pdf")


@pytest.mark.parametrize("content_type", KINDS)
def test_only_pictures_and_papers_are_shown_in_the_page(content_type):
    shown = served(content_type)["Content-Disposition"].startswith("inline")
    assert shown == (content_type in SHOWN)
    assert served(content_type, is_download=True)["Content-Disposition"].startswith("attachment")


def test_a_paper_can_neither_send_forms_nor_be_framed_elsewhere():
    policy = served("application/pdf")["Content-Security-Policy"]
    assert {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"} <= set(policy.split("; "))
