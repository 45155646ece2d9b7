"""Building the stage: campaign, units, people, and the plan brought in by the very deed the office uses."""

import datetime as dt
import random
from pathlib import Path

from campaign import attachments
from campaign.models import Campaign, Program, User
from reports.demo import SEED, setting, words
from tasks.importing.committing import commit_batch, start_batch
from tasks.models import ClosingRequirement, Task

PLAN = Path(__file__).parent.parent.parent / "tasks" / "demo" / "plan_2019.xlsx"


def build() -> Campaign:
    rng = random.Random(SEED)
    campaign = setting.make_campaign()
    setting.make_units(campaign)
    setting.make_calendar(campaign)
    setting.make_people(campaign, rng)
    _import_plan(campaign)
    _name_programs(campaign)
    _set_requirements(campaign)
    return campaign


def _import_plan(campaign: Campaign) -> None:
    office = User.objects.get(username="chenjing")
    at = dt.datetime.combine(dt.date(2019, 4, 11), dt.time(10), campaign.zone)
    upload = attachments.Upload("2019年创城任务分解表.xlsx", PLAN.read_bytes())
    batch = start_batch(campaign, upload, by=office, now=at)
    batch.choices = {"create_all": True} | batch.choices
    batch.save(update_fields=["choices"])
    commit_batch(batch, by=office, now=at)


def _name_programs(campaign: Campaign) -> None:
    programs = list(Program.objects.filter(campaign=campaign))
    for program in programs:
        program.short_name = setting.PROGRAM_NAMES.get(program.name, "")
    Program.objects.bulk_update(programs, ["short_name"])


def _set_requirements(campaign: Campaign) -> None:
    """A counted task closes on an acceptance paper, photos and a list; others on a paper and a statement."""
    rows = []
    for task in Task.objects.filter(campaign=campaign, freq="").prefetch_related("targets"):
        counted = any(target.value and not target.is_rate for target in task.targets.all())
        labels = words.REQUIREMENTS_COUNTED if counted else words.REQUIREMENTS_PLAIN
        rows += [
            ClosingRequirement(campaign=campaign, task=task, label=label, order=order)
            for order, label in enumerate(labels)
        ]
    ClosingRequirement.objects.bulk_create(rows, batch_size=500)
