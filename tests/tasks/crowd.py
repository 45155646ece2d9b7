"""A process of its own: many people at one ledger at once. Prints what came of it as one line of JSON.

`python -m tests.tasks.crowd doubled|pairs NUMBER` on the database that the environment names.
"""

import datetime as dt
import json
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import django

NOW = dt.datetime(2019, 9, 24, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
THREADS = 5


def founded(number):
    """A campaign with so many tasks of one unit, one milestone each; gives the milestones' ids and two people."""
    from campaign.models import Campaign, Unit, User
    from tasks import summary
    from tasks.models import Assignment, Milestone, Target, Task

    campaign = Campaign.objects.create(code="crowd", district="甲区", year=2019)
    unit = Unit.objects.create(campaign=campaign, name="区交通支队")
    people = [User.objects.create(username=name, name=name) for name in ("甲", "乙")]
    made = []
    for place in range(number):
        task = Task.objects.create(
            campaign=campaign, code=f"01-01-{place:04d}", title="任务", created_at=NOW, updated_at=NOW
        )
        summary.admit([task])
        Assignment.objects.create(campaign=campaign, task=task, unit=unit, role="primary")
        Target.objects.create(campaign=campaign, task=task, value=Decimal(20), unit_of_measure="条")
        made.append(
            Milestone.objects.create(campaign=campaign, task=task, unit=unit, due_on=NOW.date(), quantity=Decimal(20))
        )
        summary.refresh([task.pk])
    return [row.pk for row in made], unit, people


def report(milestone_id, token, quantity, unit, person):
    """One person's report on a form that showed version 1; what became of it as a word."""
    from django.db import connection

    from campaign.problems import Conflict
    from tasks.models import Milestone
    from tasks.progress import Entry, report_progress

    try:
        milestone = Milestone.objects.select_related("task__campaign").get(pk=milestone_id)
        entry = Entry(token=token, version=1, quantity=quantity, progress=f"{person} 填 {quantity}")
        return str(report_progress(milestone, entry, by=person, unit=unit, now=NOW).pk)
    except Conflict as conflict:
        return f"conflict {conflict.problems[0].code}"
    finally:
        connection.close()


def doubled(number):
    """R8: every form arrives five times at once; then once more with another body."""
    milestones, unit, people = founded(number)
    with ThreadPoolExecutor(THREADS) as pool:
        arrivals = [
            pool.submit(report, pk, f"form-{pk}", Decimal(7), unit, people[0]) for pk in milestones for _ in range(5)
        ]
        answers = [arrival.result() for arrival in arrivals]
        others = list(pool.map(lambda pk: report(pk, f"form-{pk}", Decimal(8), unit, people[0]), milestones))
    return {"answers": len(answers), "different": len(set(answers)), "other_body": dict(Counter(others))}


def pairs(number):
    """R7: two people save the same milestone at once, each on the form of version 1."""
    milestones, unit, people = founded(number)
    with ThreadPoolExecutor(THREADS) as pool:
        saves = [
            (pk, [pool.submit(report, pk, f"{pk}-{at}", Decimal(3 + at), unit, people[at]) for at in (0, 1)])
            for pk in milestones
        ]
        outcomes = Counter(
            " + ".join(sorted("won" if len(word) == 36 else word for word in (save.result() for save in both)))
            for _, both in saves
        )
    return {"outcomes": dict(outcomes)}


def ledger():
    """What the database holds after it."""
    from campaign.models import LogEntry
    from tasks.models import Milestone, ProgressReport, Tally, Task

    said = {row.milestone_id: row.quantity_after for row in ProgressReport.objects.all()}
    kept = {row.pk: row.quantity_done for row in Milestone.objects.all()}
    return {
        "reports": ProgressReport.objects.count(),
        "history": LogEntry.objects.filter(verb="report").count(),
        "overwritten": sum(said.get(pk) != done for pk, done in kept.items()),
        "versions": sorted(set(Milestone.objects.values_list("version", flat=True))),
        "tallied": sum(Tally.objects.values_list("count", flat=True)) - Task.objects.count(),
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "campaign.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    result = {"doubled": doubled, "pairs": pairs}[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write(json.dumps(result | ledger()) + "\n")
