import io
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tasks.models import Draft, Evidence, Milestone, ProgressReport


@pytest.fixture
def send(login, liaison, task, milestone):
    client = login(liaison)

    def do(user=None, **data):
        form = {"milestone": milestone.pk, "version": milestone.version, "token": str(uuid4())} | data
        headers = {"Accept": form.pop("accept", "text/html")}
        return client.post(f"/tasks/{task.code}/update", form, headers=headers)

    return do


def jpeg():
    buffer = io.BytesIO()
    Image.new("RGB", (90, 60), "teal").save(buffer, "JPEG")
    return SimpleUploadedFile("长安西路.jpg", buffer.getvalue(), "image/jpeg")


def test_first_card_is_open(login, liaison, task):
    page = login(liaison).get("/my").content.decode()
    assert "要更新 <b" in page
    assert f'action="/tasks/{task.code}/update"' in page


def test_report_goes_in_and_says_so(send, milestone):
    response = send(quantity="16", saying="已验收挂牌", progress="又挂牌两条")
    milestone.refresh_from_db()
    assert (response.status_code, milestone.quantity_done) == (302, 16)
    assert ProgressReport.objects.get().progress == "已验收挂牌\n又挂牌两条"


def test_photo_keeps_its_words_and_day(send):
    send(quantity="15", file=jpeg(), shows="长安西路", about_on="2019-09-20")
    row = Evidence.objects.get()
    assert (row.shows, str(row.about_on), row.attachment.preview != "") == ("长安西路", "2019-09-20", True)


def test_wrong_number_keeps_what_was_typed(send):
    response = send(quantity="十六", progress="这句不能丢")
    assert response.status_code == 422
    assert "完成量写的是“十六”，请写数字" in response.content.decode()
    assert "这句不能丢" in response.content.decode()


def test_no_such_day_is_said(send):
    assert "没有这一天" in send(file=jpeg(), about_on="2019-02-30").content.decode()


def test_conflict_shows_the_other_and_keeps_the_text(send, milestone):
    send(quantity="14", progress="先到的")
    response = send(quantity="12", progress="我写的", version=1)
    page = response.content.decode()
    assert response.status_code == 409
    assert "我写的" in page
    assert "先到的" in page


def test_conflict_as_json_tells_the_new_version(send, milestone):
    send(quantity="14", progress="先到的")
    said = send(quantity="12", progress="我写的", version=1, accept="application/json").json()
    milestone.refresh_from_db()
    assert said["current"]["version"] == milestone.version
    assert "完成量 0 → 14" in said["current"]["lines"][0]


def test_submitting_leads_to_verification(send, milestone):
    send(quantity="20", deed="submit")
    milestone.refresh_from_db()
    assert milestone.state == Milestone.State.SUBMITTED


def test_draft_is_kept_and_found_again(login, liaison, task, milestone):
    client = login(liaison)
    data = json.dumps({"progress": "写了一半"})
    client.post(f"/tasks/{task.code}/draft", {"milestone": milestone.pk, "data": data})
    assert Draft.objects.get().data == {"progress": "写了一半"}
    assert "写了一半" in client.get(f"/tasks/{task.code}/update").content.decode()


def test_draft_is_its_writers_alone(login, liaison, chief, task, milestone, campaign, now):
    Draft.objects.create(campaign=campaign, user=liaison, milestone=milestone, data={"progress": "私"}, updated_at=now)
    assert "私" not in login(chief).get(f"/tasks/{task.code}/update").content.decode()


def test_thumb_is_small_and_sandboxed(send, login, liaison):
    send(quantity="15", file=jpeg())
    row = Evidence.objects.get()
    response = login(liaison).get(f"/files/{row.pk}?view=thumb")
    assert response["Content-Type"] == "image/jpeg"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_stranger_cannot_fetch_a_file(send, login, stranger):
    send(quantity="15", file=jpeg())
    assert login(stranger).get(f"/files/{Evidence.objects.get().pk}").status_code == 404


def test_cards_cost_the_same_however_many(login, liaison, make_task, django_assert_max_num_queries):
    for number in range(3, 30):
        make_task(f"02-02-{number:02d}", f"任务 {number}")
    client = login(liaison)
    client.get("/my")
    with django_assert_max_num_queries(22):
        client.get("/my?show=all")
