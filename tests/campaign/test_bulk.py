"""Rows written in bulk are the rows one by one: every type of column, and text that a stream of lines could break."""

import datetime as dt
from decimal import Decimal

import pytest

from campaign import bulk
from campaign.models import Area, LogEntry, Program
from tasks.models import Milestone, Target, Task

HARD = ("tab\there", "line\nbreak", "back\\slash", "\\N", "\\.", "", "“引号”'\"", "回车\r", "%s", "😀")


@pytest.mark.parametrize("words", HARD)
def test_text_comes_back_as_it_was(campaign, now, words):
    entry = {"campaign_id": campaign.pk, "verb": "import", "object_type": "task", "object_id": campaign.pk, "at": now}
    make = bulk.maker(LogEntry)
    bulk.insert(
        [make(**entry, object_label=words, data={"said": [words]}), make(**entry, object_label="别的", data={})]
    )
    assert {row.object_label: row.data for row in LogEntry.objects.all()} == {words: {"said": [words]}, "别的": {}}


def test_every_type_of_column(campaign, now, police):
    program = Program.objects.create(campaign=campaign, code="01", name="甲")
    task = {"campaign": campaign, "program": program, "title": "整治", "created_at": now, "updated_at": now}
    tasks = [bulk.maker(Task)(code=f"0{n}", **task, kind=Task.Kind.PLAN, has_begun=bool(n)) for n in range(3)]
    bulk.insert(tasks)
    target = {"campaign_id": campaign.pk, "op": ">=", "unit_of_measure": "个"}
    bulk.insert(
        [bulk.maker(Target)(task=task, value=Decimal("143.4"), order=n, **target) for n, task in enumerate(tasks)]
    )
    milestone = {"campaign_id": campaign.pk, "task_id": tasks[0].pk, "due_on": dt.date(2019, 9, 30)}
    units = (police, None)
    bulk.insert([bulk.maker(Milestone)(unit=unit, order=n, **milestone) for n, unit in enumerate(units)])
    assert list(Task.objects.order_by("code").values_list("code", "has_begun", "created_at")) == [
        ("00", False, now), ("01", True, now), ("02", True, now),
    ]  # fmt: skip
    assert set(Target.objects.values_list("value", flat=True)) == {Decimal("143.4")}
    assert list(Milestone.objects.order_by("order").values_list("unit", "due_on")) == [
        (police.pk, dt.date(2019, 9, 30)), (None, dt.date(2019, 9, 30)),
    ]  # fmt: skip


@pytest.mark.parametrize("shapes", [(None, None), (None, {"type": "Point"})])
def test_nothing_in_a_column_of_json_is_null(campaign, shapes):
    make = bulk.maker(Area)
    bulk.insert([make(campaign=campaign, code=f"{n}", name="片区", shape=shape) for n, shape in enumerate(shapes)])
    assert Area.objects.filter(shape__isnull=True).count() == shapes.count(None)


def test_nothing_to_write_asks_nothing(django_assert_num_queries, campaign):
    with django_assert_num_queries(0):
        bulk.insert([])
