"""Every route x every role: the table stands in tests/access_table.py. A route without a line fails."""

import datetime as dt
from collections import defaultdict

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from campaign import clock
from campaign.attachments import Upload
from campaign.clock import Week
from campaign.identifiers import uuid7
from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.models import ApiToken, Attachment, CalendarEvent, DeviceSession, Job
from reports import briefing
from reports.models import Distribution, Practice
from tasks.importing.committing import start_batch
from tasks.models import Evidence, ProgressReport, SavedView, Verdict
from tasks.notices import notice_for
from tasks.reading.taking import Arrival, take_document
from tasks.requesting import ask
from tests import access_orders, access_patrol, access_places
from tests.access_rows import ROLES, call, fill, routes
from tests.access_table import TABLE
from tests.tasks.workbooks import task as task_row
from tests.tasks.workbooks import workbook

#: Words of the task that nobody outside its parties may read anywhere.
SECRETS = ("文明交通示范道路", "佐证照片甲")


@pytest.fixture
def reported(task, milestone, police, campaign, office, liaison, now):
    """What stands under a task: a file, a report, a verdict, something asked, a notice."""
    attachment = Attachment.objects.create(
        campaign=campaign, sha256="a" * 64, name="佐证照片甲.txt", content_type="text/plain", size=3, file="none"
    )
    under = {"campaign": campaign, "task": task, "milestone": milestone, "at": now}
    evidence = Evidence.objects.create(
        **under,
        attachment=attachment,
        unit=police,
        name="佐证照片甲.txt",
        kind=Evidence.Kind.FILE,
        by=liaison,
        about_on=dt.date(2019, 9, 1),
    )
    report = ProgressReport.objects.create(**under, unit=police, by=liaison, progress="佐证照片甲", token="t" * 8)
    notice, batch = urged(milestone, liaison, now)
    verdict = Verdict.objects.create(**under, outcome="hold", by=office)
    asked = ask(milestone, "decline", reason="已移交", by=liaison, unit=police, now=now)
    return {
        "attachment": attachment.pk,
        "mail": mailed(campaign, attachment, now).pk,
        "evidence": evidence.pk,
        "report": report.pk,
        "notice": notice.pk,
        "batch": batch,
        "verdict": verdict.pk,
        "asked": asked.pk,
    }


@pytest.fixture
def street_objects(campaign, police, office, liaison, now, request):
    """Places, visits, findings and orders."""
    inspector, city = request.getfixturevalue("inspector"), request.getfixturevalue("city")
    people = {"office": office, "liaison": liaison, "inspector": inspector}
    return {
        **access_places.objects(campaign, now),
        **access_patrol.objects(campaign, inspector, now),
        **access_orders.objects(campaign, police, city, **people, now=now),
    }


@pytest.fixture
def objects(reported, street_objects, task, milestone, police, campaign, office, liaison, program, project, now):
    """What `{name}` in a line stands for."""
    device = DeviceSession.objects.create(
        user=liaison, session_key="k" * 32, device="Chrome", created_at=clock.now(), seen_at=clock.now()
    )
    token = ApiToken.objects.create(
        campaign=campaign, user=liaison, name="看板", digest="d" * 64, expires_at=clock.now() + dt.timedelta(days=9)
    )
    event = CalendarEvent.objects.create(campaign=campaign, name="测评", starts_on=dt.date(2019, 11, 1))
    practice = Practice.objects.create(
        campaign=campaign, unit=police, title=SECRETS[0], body="做法", by=liaison, at=now
    )
    said = f"区交通支队主责，9月底前完成20个{SECRETS[0]}。"
    job = {"kind": "tasks.jobs.export_ledger", "title": "导出", "created_by": office, "created_at": now}
    return {
        **reported,
        **street_objects,
        **briefings(campaign, office, now),
        "document": take_document(campaign, Arrival(kind="speech", text=said), by=office, now=now).pk,
        "practice": practice.pk,
        "campaign": campaign.code,
        "event": event.pk,
        "device": device.pk,
        "token": token.pk,
        "task": task.code,
        "task_id": task.pk,
        "milestone": milestone.pk,
        "unit": police.pk,
        "person": liaison.pk,
        "post": liaison.memberships.get().pk,
        "program": program.code,
        "project": project.code,
        "export_job": Job.objects.create(campaign=campaign, **job).pk,
        "import_batch": start_batch(campaign, Upload("计划.xlsx", workbook([task_row("整治")])), by=office, now=now).pk,
        "saved_view": SavedView.objects.create(campaign=campaign, user=office, name="自存", query="f.lamp=overdue").pk,
    }


def urged(milestone, liaison, now):
    """One notice of one batch of urging, gone out."""
    batch = uuid7()
    occasion = f"urge:{batch}:{milestone.pk}"
    notice = notice_for(
        milestone.task, "urge", liaison, occasion=occasion, text=SECRETS[0], now=now, milestone=milestone
    )
    notice.save()
    return notice, batch


def mailed(campaign, paper, now):
    """A mail of the campaign that went to its mailbox, with the task's paper."""
    default_storage.save("none", ContentFile(b"abc"))
    words = {"subject": SECRETS[0], "text": SECRETS[0], "html": SECRETS[0], "parts": [(SECRETS[1], paper)]}
    mail = queue_mail(campaign, key="k", to=Recipient("王磊", "w@example.test"), now=now, **words)
    deliver_outbox(now=now)
    return mail


def briefings(campaign, office, now):
    """This week's draft, last week's issue, and one line of the distribution list."""
    line = Distribution.objects.create(campaign=campaign, name=SECRETS[1], address="q@example.test")
    draft = briefing.draft(campaign, Week.of(now.date()), by=office, now=now)
    last = briefing.draft(campaign, Week.of(now.date()).previous, by=office, now=now)
    briefing.finalise(last, by=office, today=now.date(), now=now)
    briefing.issue(last, by=office, now=now)
    section = draft.sections.get(kind="late")
    return {"recipient": line.pk, "draft": draft.slug, "issued": last.slug, "section": section.pk}


@pytest.fixture
def people(request, objects):
    return {role: None if role == "anonymous" else request.getfixturevalue(role) for role in ROLES}


def rooms():
    """The lines by the first word of their path: the cast is made once for each room, not for each line."""
    found = defaultdict(list)
    for line in TABLE:
        found["/".join(line.url.split("?")[0].split("/")[1:3][: 2 if line.url.startswith("/tasks") else 1])].append(
            line
        )
    return found


ROOMS = rooms()


@pytest.mark.parametrize("room", ROOMS)
def test_each_role_gets_its_answer(room, people, objects):
    wrong = [
        f"{line} as {role}: {fault}"
        for line in ROOMS[room]
        for role, user in people.items()
        for fault in faults(line, role, call(user, line.method, line.url, line.data, objects=objects))
    ]
    assert not wrong, "\n".join(wrong)


def faults(line, role, answer):
    response, body = answer
    if response.status_code not in line.codes[role]:
        yield f"{response.status_code} instead of {sorted(line.codes[role])}"
    elif role in {"anonymous", "stranger", "third_party", "outsider"} and not line.is_shared:
        yield from (f"was shown {word}" for word in SECRETS if word in body)


def test_every_route_has_a_line():
    named = {line.name for line in TABLE}
    missing = [f"{name} {path}" for name, path in routes() if name not in named]
    assert not missing, "A route without a line in tests/access_table.py (read its head):\n  " + "\n  ".join(missing)


def test_every_line_has_a_route():
    gone = {line.name for line in TABLE} - {name for name, _ in routes()}
    assert not gone, f"Lines of tests/access_table.py whose route is gone: {sorted(gone)}"


def test_a_route_that_takes_a_post_has_a_line_for_it(people, objects):
    """Whoever only has a GET line must refuse every POST, whoever sends it."""
    posts = {line.url.split("?")[0] for line in TABLE if line.method == "POST"}
    taken = []
    for line in TABLE:
        if line.method == "GET" and line.url.split("?")[0] not in posts:
            response, _ = call(people["office"], "POST", line.url, {}, objects=objects)
            if response.status_code not in {403, 404, 405}:
                taken.append(f"POST {fill(line.url, objects)} answers {response.status_code}")
    assert not taken, "Lines missing from tests/access_table.py:\n  " + "\n  ".join(taken)
