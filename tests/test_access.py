"""Every route x every role, in one table. A route without a line fails.

Your route needs a line here. It reads: route name, "METHOD /url", then the code each role gets:

    row("task", "GET /tasks/{task}", parties=200, rest=404),
    row("task_edit", "POST /tasks/{task}/edit", data={"title": "x"}, office=302, parties=403, rest=404),

Roles and groups stand in tests/access_rows.py; a role named by itself goes before its group; `rest` is everyone not
named. Anonymous people are sent to the login page (302, API 401) unless the line says otherwise; a set
({200, 302}) allows several codes. `{task}` and the like come from the fixture `objects` below: all of them belong to
区交通支队 and its task 02-02-02, which liaison and chief own, stranger and inspector must not see, and outsider (the
office of another district) must not even learn of. Add objects there. A route that takes POST as well as GET has a
line for each. Answers that strangers get are searched for the task's words: `is_shared=True` where they may be there.
"""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from campaign import clock
from campaign.attachments import Upload
from campaign.identifiers import uuid7
from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.models import ApiToken, Attachment, CalendarEvent, DeviceSession, Job
from tasks.importing.committing import start_batch
from tasks.models import Evidence, ProgressReport, SavedView
from tasks.notices import notice_for
from tasks.requesting import ask
from tests.access_rows import ROLES, call, fill, routes, row
from tests.tasks.workbooks import task as task_row
from tests.tasks.workbooks import workbook

TABLE = [
    # the ground: login, health
    row("health", "GET /health", all=200),
    row("login", "GET /login", anonymous=200, logged_in=302),
    row("login", "POST /login", anonymous=200, logged_in=302),
    row("logout", "POST /logout", logged_in=302),
    # the desk
    row("home", "GET /", office=200, administrator=200, leader=302, own=302, stranger=302, outsider=200, rest=200),
    row("read", "GET /read", readers=200, outsider=200, rest=302),
    row("search", "GET /search?q=wmjt", logged_in=200),
    row("session", "GET /session", anonymous=401, logged_in=200),
    # one's own account
    row("me", "GET /me", logged_in=200),
    row("me", "POST /me", data={"phone": "1", "email": ""}, logged_in=200),
    row("password", "GET /me/password", logged_in=200),
    row("password", "POST /me/password", logged_in=200),
    row("sessions", "GET /me/sessions", logged_in=200),
    row("sessions-end-others", "POST /me/sessions/end-others", logged_in=302),
    row("session-end", "POST /me/sessions/{device}/end", liaison=302, rest=404),
    row("tokens", "GET /me/tokens", logged_in=200),
    row("tokens", "POST /me/tokens", logged_in=200),
    row("token-revoke", "POST /me/tokens/{token}/revoke", liaison=302, rest=404),
    row("invitation", "GET /invite/nobody-knows-this", all=410),
    row("invitation", "POST /invite/nobody-knows-this", all=410),
    # what was sent
    row("mail", "GET /mail", staff=200, outsider=200, rest=403),
    row("letter", "GET /mail/{mail}", staff=200, leader=403, rest=404),
    row("letter-html", "GET /mail/{mail}/html", staff=200, leader=403, rest=404),
    row("letter-again", "POST /mail/{mail}/again", staff=302, leader=403, rest=404),
    row("letter-give-up", "POST /mail/{mail}/give-up", staff=302, leader=403, rest=404),
    row("mailbox", "GET /mailbox", staff=200, outsider=200, rest=403),
    row("mailbox-letter", "GET /mailbox/{mail}", staff=200, outsider=404, rest=403),
    row("mailbox-html", "GET /mailbox/{mail}/html", staff=200, outsider=404, rest=403),
    row("mailbox-part", "GET /mailbox/{mail}/parts/0", staff=200, outsider=404, rest=403),
    # units, people, posts: everybody of the campaign sees the units, managers change them
    row("units", "GET /units", members=200, third_party=403),
    row("unit-options", "GET /units/options?q=jtzd", members=200, third_party=403),
    row("unit", "GET /units/{unit}", members=200, third_party=404, outsider=404),
    row("unit-new", "GET /units/new", staff=200, outsider=200, rest=403),
    row(
        "unit-new",
        "POST /units/new",
        data={"name": "区财政局", "kind": "department", "order": 3},
        staff=302,
        outsider=302,
        rest=403,
    ),
    row("unit-edit", "GET /units/{unit}/edit", staff=200, members=403, rest=404, outsider=404),
    row("unit-edit", "POST /units/{unit}/edit", staff=200, members=403, rest=404, outsider=404),
    row("person-new", "GET /units/{unit}/people/new", staff=200, members=403, rest=404, outsider=404),
    row("person-new", "POST /units/{unit}/people/new", staff=200, members=403, rest=404, outsider=404),
    row("person", "GET /people/{person}", staff=200, readers=403, own=403, rest=404),
    row("person-edit", "POST /people/{person}/edit", data={"name": "王磊"}, staff=302, readers=403, own=403, rest=404),
    row("person-disable", "POST /people/{person}/disable", staff=302, readers=403, own=403, rest=404),
    row("person-enable", "POST /people/{person}/enable", staff=302, readers=403, own=403, rest=404),
    row("post-new", "GET /people/{person}/posts/new", staff=200, readers=403, own=403, rest=404),
    row("post-new", "POST /people/{person}/posts/new", staff=200, readers=403, own=403, rest=404),
    row("post-invite", "POST /posts/{post}/invite", staff=200, readers=403, own=403, rest=404),
    row("post-handover", "GET /posts/{post}/handover", staff=200, readers=403, own=403, rest=404),
    row("post-handover", "POST /posts/{post}/handover", staff=200, readers=403, own=403, rest=404),
    row("post-end", "GET /posts/{post}/end", staff=200, readers=403, own=403, rest=404),
    row(
        "post-end", "POST /posts/{post}/end", data={"last_day": "2019-09-30"}, staff=302, readers=403, own=403, rest=404
    ),
    # the import: the office's alone
    row("import", "GET /tasks/import", office=200, outsider=200, rest=403),
    row("import", "POST /tasks/import", office=422, outsider=422, rest=403),
    row("import-template", "GET /tasks/import/template", office=200, outsider=200, rest=403),
    row("import-batch", "GET /tasks/import/{import_batch}", office=200, outsider=404, rest=403),
    row(
        "import-answer",
        "POST /tasks/import/{import_batch}/answer",
        data={"do": "create_all"},
        office=302,
        outsider=404,
        rest=403,
    ),
    row(
        "import-commit",
        "POST /tasks/import/{import_batch}/commit",
        data={"scope": "clean"},
        office=302,
        outsider=404,
        rest=403,
    ),
    row("import-returned", "GET /tasks/import/{import_batch}/returned", office=200, outsider=404, rest=403),
    row("import-undo", "POST /tasks/import/{import_batch}/undo", office=422, outsider=404, rest=403),
    row("job", "GET /jobs/{export_job}", readers=200, rest=404),
    # settings and the log: outsider manages their own campaign
    row("settings", "GET /settings", staff=200, outsider=200, rest=403),
    row("settings", "POST /settings", staff=200, outsider=200, rest=403),
    row("settings-pin", "POST /settings/pin", rest=403),
    row("calendar", "GET /settings/calendar", staff=200, outsider=200, rest=403),
    row("calendar", "POST /settings/calendar", staff=200, outsider=200, rest=403),
    row("event", "GET /settings/calendar/{event}", staff=200, members=403, rest=404, outsider=404),
    row("event", "POST /settings/calendar/{event}", staff=200, members=403, rest=404, outsider=404),
    row("event-remove", "POST /settings/calendar/{event}/remove", staff=302, members=403, rest=404, outsider=404),
    row("layers", "GET /settings/programs", staff=200, outsider=200, rest=403),
    row("program-edit", "GET /settings/programs/{program}", staff=200, members=403, rest=404, outsider=404),
    row("program-edit", "POST /settings/programs/{program}", staff=200, members=403, rest=404, outsider=404),
    row("project-edit", "GET /settings/projects/{project}", staff=200, members=403, rest=404, outsider=404),
    row("project-edit", "POST /settings/projects/{project}", staff=200, members=403, rest=404, outsider=404),
    row("campaigns", "GET /settings/campaigns", staff=200, outsider=200, rest=403),
    row("campaign-new", "GET /settings/campaigns/new", staff=200, outsider=200, rest=403),
    row("campaign-new", "POST /settings/campaigns/new", staff=200, outsider=200, rest=403),
    row("campaign-switch", "POST /settings/campaigns/{campaign}/switch", staff=302, rest=404),
    row("log", "GET /log?check=1", staff=200, outsider=200, rest=403),
    # the API: by session here; tokens are tried in tests/api
    row("api-schema", "GET /api/v1/schema", logged_in=200),
    row("api-docs", "GET /api/v1/docs", anonymous=302, logged_in=200),
    row("api-campaigns-list", "GET /api/v1/campaigns", members=200, third_party=403),
    row("api-campaigns-detail", "GET /api/v1/campaigns/{campaign}", members=200, third_party=403, outsider=404),
    row("api-units-list", "GET /api/v1/units", members=200, third_party=403),
    row("api-units-detail", "GET /api/v1/units/{unit}", members=200, third_party=403, outsider=404),
    row("api-tasks-list", "GET /api/v1/tasks", members=200, third_party=403),
    row("api-tasks-list", "GET /api/v1/tasks?f.code={task}&q=示范", members=200, third_party=403),
    row("api-tasks-detail", "GET /api/v1/tasks/{task}", parties=200, third_party=403, rest=404),
    row("api-milestones-list", "GET /api/v1/milestones?task={task}", members=200, third_party=403),
    row("api-milestones-detail", "GET /api/v1/milestones/{milestone}", parties=200, third_party=403, rest=404),
    row(
        "api-milestones-verdicts",
        "POST /api/v1/milestones/{milestone}/verdicts",
        office=400,
        parties=403,
        third_party=403,
        rest=404,
    ),
    row(
        "api-milestones-deadline",
        "POST /api/v1/milestones/{milestone}/deadline",
        office=400,
        parties=403,
        third_party=403,
        rest=404,
    ),
    row("api-reports-list", "GET /api/v1/reports?task={task}", members=200, third_party=403),
    row(
        "api-reports-list",
        "POST /api/v1/reports",
        data={"milestone": "{milestone}"},
        office=422,
        own=422,
        readers=403,
        third_party=403,
        rest=404,
    ),
    row("api-reports-detail", "GET /api/v1/reports/{report}", parties=200, third_party=403, rest=404),
    row("api-evidence-list", "GET /api/v1/evidence?task={task}", members=200, third_party=403),
    row("api-evidence-list", "POST /api/v1/evidence", third_party=403, rest=415),
    row("api-evidence-detail", "GET /api/v1/evidence/{evidence}", parties=200, third_party=403, rest=404),
    row("help", "GET /help", logged_in=200),
    row("help-topic", "GET /help/start", logged_in=200),
    row("kit", "GET /help/kit", all=404),
    # the inbox and urging
    row("inbox", "GET /inbox", members=200, third_party=403),
    row("inbox-item", "GET /inbox/{notice}", liaison=200, third_party=403, rest=404),
    row("inbox-acknowledge", "POST /inbox/{notice}/acknowledge", liaison=302, third_party=403, rest=404),
    row("inbox-acknowledge-many", "POST /inbox/acknowledge", data={"n": "{notice}"}, members=302, third_party=403),
    row("urge", "GET /tasks/urge", office=200, outsider=200, rest=403),
    row("urge", "POST /tasks/urge", data={"batch": "{batch}"}, office=422, outsider=422, rest=403),
    row("urge-one", "GET /tasks/{task}/urge", office=200, outsider=404, rest=403),
    row("urge-batch", "GET /tasks/urge/{batch}", office=200, outsider=404, rest=403),
    row("urge-take-back", "POST /tasks/urge/{batch}/take-back", office=302, outsider=404, rest=403),
    row("reminder-rules", "GET /settings/reminders", staff=200, outsider=200, rest=403),
    row("reminder-rules", "POST /settings/reminders", staff=422, outsider=422, rest=403),
    # verifying
    row("verify", "GET /verify", office=200, outsider=200, rest=403),
    row("verify-item", "GET /verify/{milestone}", office=302, outsider=404, rest=403),
    row(
        "verify-decide",
        "POST /verify/{milestone}/decide",
        data={"outcome": "pass", "version": "1"},
        office=302,
        outsider=404,
        rest=403,
    ),
    row("verify-many", "GET /verify/many?codes={task}", office=200, outsider=200, rest=403, is_shared=True),
    row("verify-many", "POST /verify/many", data={"codes": "{task}"}, office=200, outsider=200, rest=403),
    # the ledger
    row("ledger", "GET /tasks", members=200, third_party=403),
    row("overdue", "GET /overdue", members=200, third_party=403),
    row("ledger-filter", "GET /tasks/filter?field=f.unit", members=200, third_party=403),
    row("ledger-options", "GET /tasks/options/unit?q=q", members=200, third_party=403),
    row("ledger-layout", "POST /tasks/layout", data={"view": "open", "density": "dense"}, members=302, third_party=403),
    row("ledger-keep-view", "GET /tasks/views", members=200, third_party=403),
    row("ledger-keep-view", "POST /tasks/views", data={"name": "看这些"}, members=302, third_party=403),
    row("ledger-remove-view", "POST /tasks/views/{saved_view}/remove", office=302, members=404, third_party=403),
    row("ledger-pick", "GET /tasks/pick?to=export&codes={task}", members=302, third_party=403),
    row("ledger-deadline", "GET /tasks/deadline?codes={task}", office=200, outsider=200, rest=403),
    row(
        "ledger-deadline",
        "POST /tasks/deadline",
        data={"codes": "{task}", "to_on": "2019-10-20", "basis": "纪要"},
        office=302,
        outsider=422,
        rest=403,
    ),
    row("ledger-export", "GET /tasks/export?format=csv&view=all", members=200, third_party=403),
    row("ledger-exported", "GET /tasks/exports/{export_job}", office=404, rest=404, third_party=403),
    row("ledger-peek", "GET /tasks/{task}/peek", parties=200, third_party=403, rest=404),
    # what a liaison does; the office may fill in for a unit
    row("my", "GET /my", office=200, own=200, stranger=200, outsider=200, rest=403),
    row("update", "GET /tasks/{task}/update", office=200, own=200, administrator=403, leader=403, rest=404),
    row(
        "update",
        "POST /tasks/{task}/update",
        data={"milestone": "{milestone}", "version": "1", "token": "x", "quantity": "3"},
        office=302,
        own=302,
        administrator=403,
        leader=403,
        rest=404,
    ),
    row(
        "draft",
        "POST /tasks/{task}/draft",
        data={"milestone": "{milestone}", "data": '{"progress": "佐证"}'},
        office=200,
        own=200,
        administrator=403,
        leader=403,
        rest=404,
    ),
    row(
        "retract",
        "POST /tasks/{task}/retract",
        data={"milestone": "{milestone}", "version": "1"},
        office=302,
        own=302,
        administrator=403,
        leader=403,
        rest=404,
    ),
    row(
        "ask",
        "POST /tasks/{task}/ask",
        data={"milestone": "{milestone}", "kind": "decline", "reason": "不属职责"},
        office=422,
        own=422,
        administrator=403,
        leader=403,
        rest=404,
    ),
    row(
        "request-withdraw",
        "POST /requests/{asked}/withdraw",
        office=302,
        own=302,
        administrator=403,
        leader=403,
        rest=404,
    ),
    row("request-rule", "POST /requests/{asked}/rule", data={"ruling": "同意"}, office=302, parties=403, rest=404),
    row("file", "GET /files/{evidence}", parties=200, rest=404),
    row("file-named", "GET /files/{evidence}/佐证.txt?view=thumb", parties=200, rest=404),
    row(
        "evidence-describe", "POST /evidence/{evidence}/describe", office=302, own=302, staff=403, leader=403, rest=404
    ),
    # a task's own page
    row("task", "GET /tasks/{task}", parties=200, rest=404),
    row("task-checks", "GET /tasks/{task}/checks", parties=200, rest=404),
    row("task-evidence", "GET /tasks/{task}/evidence", parties=200, rest=404),
    row("task-notices", "GET /tasks/{task}/notices", parties=200, rest=404),
    row("task-history", "GET /tasks/{task}/history", parties=200, rest=404),
    row("task-edit", "GET /tasks/{task}/edit", office=200, parties=403, rest=404),
    row("task-edit", "POST /tasks/{task}/edit", data={"title": "x", "version": "1"}, office=302, parties=403, rest=404),
    row("task-instruct", "POST /tasks/{task}/instruct", data={"text": "请办"}, leader=302, parties=403, rest=404),
]

#: Words of the task that nobody outside its parties may read anywhere.
SECRETS = ("文明交通示范道路", "佐证照片甲")


@pytest.fixture
def objects(task, milestone, police, campaign, office, liaison, program, project, now):
    """What `{name}` in a line stands for."""
    attachment = Attachment.objects.create(
        campaign=campaign, sha256="a" * 64, name="佐证照片甲.txt", content_type="text/plain", size=3, file="none"
    )
    evidence = Evidence.objects.create(
        campaign=campaign,
        task=task,
        milestone=milestone,
        attachment=attachment,
        unit=police,
        name="佐证照片甲.txt",
        kind=Evidence.Kind.FILE,
        by=liaison,
        at=now,
        about_on=dt.date(2019, 9, 1),
    )
    device = DeviceSession.objects.create(
        user=liaison, session_key="k" * 32, device="Chrome", created_at=clock.now(), seen_at=clock.now()
    )
    token = ApiToken.objects.create(
        campaign=campaign, user=liaison, name="看板", digest="d" * 64, expires_at=clock.now() + dt.timedelta(days=9)
    )
    event = CalendarEvent.objects.create(campaign=campaign, name="测评", starts_on=dt.date(2019, 11, 1))
    report = ProgressReport.objects.create(
        campaign=campaign,
        task=task,
        milestone=milestone,
        unit=police,
        by=liaison,
        at=now,
        progress="佐证照片甲",
        token="t" * 8,
    )
    notice, batch = urged(milestone, liaison, now)
    asked = ask(milestone, "decline", reason="已移交", by=liaison, unit=police, now=now)
    return {
        "asked": asked.pk,
        "notice": notice.pk,
        "batch": batch,
        "report": report.pk,
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
        "attachment": attachment.pk,
        "mail": mailed(campaign, attachment, now).pk,
        "evidence": evidence.pk,
        "export_job": Job.objects.create(
            campaign=campaign, kind="tasks.jobs.export_ledger", title="导出", created_by=office, created_at=now
        ).pk,
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


@pytest.fixture
def people(request, objects):
    return {role: None if role == "anonymous" else request.getfixturevalue(role) for role in ROLES}


@pytest.mark.parametrize("line", TABLE, ids=str)
def test_each_role_gets_its_answer(line, people, objects):
    wrong = {}
    for role, user in people.items():
        response, body = call(user, line.method, line.url, line.data, objects=objects)
        if response.status_code not in line.codes[role]:
            wrong[role] = f"{response.status_code} instead of {sorted(line.codes[role])}"
        elif role in {"anonymous", "stranger", "third_party", "outsider"} and not line.is_shared:
            told = [word for word in SECRETS if word in body]
            wrong |= {role: f"was shown {told}"} if told else {}
    assert wrong == {}, f"{line}: {wrong}"


def test_every_route_has_a_line():
    named = {line.name for line in TABLE}
    missing = [f"{name} {path}" for name, path in routes() if name not in named]
    assert not missing, "A route without a line in TABLE (top of this file):\n  " + "\n  ".join(missing)


def test_every_line_has_a_route():
    gone = {line.name for line in TABLE} - {name for name, _ in routes()}
    assert not gone, f"Lines of TABLE whose route is gone: {sorted(gone)}"


def test_a_route_that_takes_a_post_has_a_line_for_it(people, objects):
    """Whoever only has a GET line must refuse every POST, whoever sends it."""
    posts = {line.url for line in TABLE if line.method == "POST"}
    taken = []
    for line in TABLE:
        if line.method == "GET" and line.url.split("?")[0] not in posts:
            response, _ = call(people["office"], "POST", line.url, {}, objects=objects)
            if response.status_code not in {403, 404, 405}:
                taken.append(f"POST {fill(line.url, objects)} answers {response.status_code}")
    assert not taken, "Lines missing from TABLE:\n  " + "\n  ".join(taken)
