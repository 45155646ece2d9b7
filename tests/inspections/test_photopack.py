"""照片册: a page for each finding that has photos, of what the page shows."""

import io

import pytest
from PIL import Image

from campaign.attachments import Upload
from inspections.photos import Shot, take_photo


@pytest.fixture
def shown(found, office, campaign, now):
    def shoot(finding, moment, colour):
        out = io.BytesIO()
        Image.new("RGB", (80, 60), colour).save(out, "JPEG")
        shot = Shot(client_id=f"{finding.code}-{moment}", upload=Upload("a.jpg", out.getvalue()), moment=moment)
        take_photo(campaign, shot, by=office, now=now, finding=finding)

    first, second = found(3), found(4)
    found(5)
    shoot(first, "before", (200, 90, 80))
    shoot(first, "after", (80, 160, 90))
    shoot(second, "before", (90, 90, 90))


def test_a_page_each_and_a_cover(shown, login, office):
    answer = login(office).get("/orders/pack?tab=month")
    assert (answer["Content-Type"], answer["X-Rows"]) == ("application/pdf", "2")
    assert answer.content.count(b"/Type /Page\n") == 3


def test_an_empty_one_is_a_cover(login, leader):
    assert login(leader).get("/orders/pack")["X-Rows"] == "0"
