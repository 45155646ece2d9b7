"""A task's own page, and the two deeds done most: a report with its history, a verdict with the word of it to its unit."""

import itertools
import uuid

from campaign.models import LogEntry, Unit, User
from campaign.statistics import refresh_statistics
from tasks import scale
from tasks.models import Milestone, Notice, ProgressReport, Task, Verdict
from tests.bench.measure import cpu_ms, reader, report_page, wall_ms

DATABASES = ("sqlite", "postgresql")
SIZES = (171, 10_000, 100_000)


def run(report):
    campaigns = {size: scale.make_campaign(number, size) for number, size in enumerate(SIZES, 1)}
    refresh_statistics()
    taken = {}
    for number, size in enumerate(SIZES, 1):
        office = User.objects.get(username=f"scale-office-{number}")
        liaison = User.objects.get(username=f"scale-liaison-{number}")
        taken["task_page", size] = measure_page(report, campaigns[size], size, office)
        taken["report", size] = measure_reports(report, campaigns[size], size, liaison)
        taken["verdict", size] = measure_verdicts(report, campaigns[size], size, office, liaison)
    for name in ("task_page", "report", "verdict"):
        report(f"{name}_growth_10k_to_100k", taken[name, SIZES[2]] / taken[name, SIZES[1]], "x")


def measure_page(report, campaign, size, office):
    """A task in the middle of the plan, as the office opens it."""
    codes = Task.objects.filter(campaign=campaign).order_by("code").values_list("code", flat=True)
    code = codes[size // 2]

    def floor():
        return Task.objects.select_related("program", "project", "main_unit").get(campaign=campaign, code=code)

    with reader(office) as client:
        return report_page(report, f"task_page_{size}", client, f"/tasks/{code}", floor=floor)


def mine(campaign, liaison, state):
    """Milestones of the liaison's unit on tasks of their own."""
    unit = Unit.objects.filter(memberships__user=liaison, campaign=campaign).get()
    rows = Milestone.objects.filter(campaign=campaign, unit=unit, task__main_unit=unit, task__freq="", state=state)
    return list(rows.select_related("task", "unit").order_by("pk")[:400])


def measure_reports(report, campaign, size, liaison):
    """更新 by the form: the page's POST with access, report, new quantity, summary, roll-up, log."""
    rows = itertools.cycle(mine(campaign, liaison, Milestone.State.OPEN))
    before = ProgressReport.objects.filter(campaign=campaign).count()
    with reader(liaison) as client:

        def send():
            row = next(rows)
            row.refresh_from_db(fields=["version"])
            form = {"token": uuid.uuid4().hex, "milestone": row.pk, "version": row.version, "progress": "本周推进顺利"}
            answer = client.post(f"/tasks/{row.task.code}/update", form)
            assert answer.status_code == 302, answer.status_code

        taken = cpu_ms(send)
        report(f"report_{size}_cpu", taken, "ms")
        report(f"report_{size}_wall", wall_ms(send), "ms")
    told = ProgressReport.objects.filter(campaign=campaign).count() - before
    assert LogEntry.objects.filter(campaign=campaign, verb="report").count() >= told
    return taken


def measure_verdicts(report, campaign, size, office, liaison):
    """退回 by the form: verdict, state, history and the notices of it (what is mailed is made of them) in one transaction."""
    rows = itertools.cycle(mine(campaign, liaison, Milestone.State.OPEN))
    before = Notice.objects.filter(campaign=campaign).count()
    with reader(office) as client:

        def hand_in():
            row = next(rows)
            Milestone.objects.filter(pk=row.pk).update(state=Milestone.State.SUBMITTED, is_held=False)
            row.refresh_from_db(fields=["version"])
            return row

        def decide():
            row = hand_in()
            form = {"outcome": "return", "return_reason": "请补盖章件", "version": row.version, "days": "3"}
            answer = client.post(f"/verify/{row.pk}/decide", form)
            assert answer.status_code == 302, answer.status_code

        taken = cpu_ms(decide)
        report(f"verdict_{size}_cpu", taken, "ms")
        report(f"verdict_{size}_wall", wall_ms(decide), "ms")
    assert Verdict.objects.filter(campaign=campaign, outcome="return").exists()
    assert Notice.objects.filter(campaign=campaign).count() > before
    return taken
