"""What the API writes: reports, evidence, verdicts, limits, by the deeds of the pages."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.models import Evidence, Milestone, ProgressReport


def test_report_moves_the_milestone(liaison, api, report, milestone):
    answer = report(api(liaison), quantity="14")
    milestone.refresh_from_db()
    assert (answer.status_code, answer.json()["unit"]["name"], milestone.quantity_done) == (201, "区交通支队", 14)


def test_same_key_is_the_same_report(liaison, api, report):
    client = api(liaison)
    first, second = report(client, quantity="14"), report(client, quantity="14")
    assert (first.status_code, second.status_code, second.json()["id"]) == (201, 200, first.json()["id"])
    assert ProgressReport.objects.count() == 1


def test_same_key_with_another_body_is_a_conflict(liaison, api, report):
    client = api(liaison)
    report(client, quantity="14")
    assert report(client, quantity="15").status_code == 409


@pytest.mark.parametrize("key", ["", "short", "a" * 65, "with space 1", "新的键新的键新的键"])
def test_key_is_asked_for(liaison, api, report, key):
    answer = report(api(liaison), key=key.encode().decode("latin-1"))
    assert (answer.status_code, answer.json()["problems"][0]["where"]) == (422, "Idempotency-Key")


def test_stale_version_is_a_conflict(liaison, api, report, milestone):
    Milestone.objects.update(version=7)
    assert report(api(liaison), version=1).status_code == 409


def test_refusal_is_the_deeds_own(liaison, api, report):
    problem = report(api(liaison), quantity="21").json()["problems"][0]
    assert (problem["code"], problem["message"]) == (
        "over_goal",
        "完成量 21 大于目标 20。如目标已调整，请先请创建办改目标。",
    )


@pytest.mark.parametrize(
    "body",
    [
        {"milestone": "x"},
        {"quantity": "many"},
        {"quantity": "NaN"},
        {"quantity": -1},
        {"quantity": "1e400"},
        {"progress": "字" * 4001},
        {"progress": {"a": 1}},
        {"version": 10**30},
        {"is_submission": "maybe"},
        {"nobody_knows": 1},
        {"state": "done"},
    ],
)
def test_bad_bodies_are_told_and_write_nothing(liaison, api, report, body):
    answer = report(api(liaison), **body)
    assert (answer.status_code, ProgressReport.objects.count()) == (400, 0)
    assert answer.json()["problems"][0]["where"] in body


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[[[[" * 500])
def test_broken_json_is_told(liaison, api, body):
    answer = api(liaison).generic(
        "POST", "/api/v1/reports", body, "application/json", HTTP_IDEMPOTENCY_KEY="key-00000001"
    )
    assert answer.status_code == 400
    assert answer.json()["problems"]


def test_report_of_another_units_duty_is_not_found(stranger, api, report):
    assert report(api(stranger)).status_code == 404


@pytest.fixture
def upload(milestone):
    def send(client, name="台账.csv", content=b"a,b\n1,2\n", *, key="file-0000001", **fields):
        file = SimpleUploadedFile(name, content)
        data = {"milestone": str(milestone.pk), "file": file} | fields
        return client.post("/api/v1/evidence", data, format="multipart", headers={"Idempotency-Key": key})

    return send


def test_evidence_is_kept_with_its_report(liaison, api, upload):
    answer = upload(api(liaison), shows="台账", about_on="2019-09-01")
    row = Evidence.objects.get()
    assert (answer.status_code, answer.json()["id"], row.shows) == (201, str(row.pk), "台账")
    assert row.report.milestone_id == row.milestone_id


def test_evidence_sent_twice_is_one(liaison, api, upload):
    client = api(liaison)
    assert [upload(client).status_code, upload(client).status_code] == [201, 200]
    assert (Evidence.objects.count(), ProgressReport.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content"), [("a.jpg", b"<script>"), ("a.exe", b"MZ"), ("a.pdf", b"nothing"), ("a.csv", b"\x00")]
)
def test_lying_files_are_refused(liaison, api, upload, name, content):
    answer = upload(api(liaison), name, content)
    assert (answer.status_code, Evidence.objects.count(), ProgressReport.objects.count()) == (422, 0, 0)


def test_office_returns_and_passes(office, liaison, api, report, milestone):
    report(api(liaison), quantity="20", is_submission=True)
    milestone.refresh_from_db()
    body = {"outcome": "return", "reason": "照片看不清", "version": milestone.version}
    answer = api(office).post(f"/api/v1/milestones/{milestone.pk}/verdicts", body)
    milestone.refresh_from_db()
    assert (answer.status_code, milestone.state, milestone.is_returned) == (201, "open", True)


def test_verdict_on_what_is_not_submitted_is_a_conflict(office, api, milestone):
    body = {"outcome": "hold", "version": milestone.version}
    assert api(office).post(f"/api/v1/milestones/{milestone.pk}/verdicts", body).status_code == 409


def test_office_changes_a_limit_with_its_basis(office, api, milestone):
    body = {"to_on": "2019-10-15", "basis": "第 31 期专题纪要"}
    answer = api(office).post(f"/api/v1/milestones/{milestone.pk}/deadline", body)
    milestone.refresh_from_db()
    assert (answer.json()["due_on"], milestone.due_on, milestone.first_due_on) == (
        "2019-10-15",
        dt.date(2019, 10, 15),
        dt.date(2019, 9, 30),
    )


def test_session_needs_its_form_token(liaison, milestone):
    from rest_framework.test import APIClient

    client = APIClient(enforce_csrf_checks=True)
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    body = {"milestone": str(milestone.pk), "progress": "x"}
    assert client.post("/api/v1/reports", body, headers={"Idempotency-Key": "key-00000001"}).status_code == 403
