import datetime as dt

import pytest

from campaign.models import Attachment
from tasks import editing, evidence, requirements
from tasks.models import ClosingRequirement, Evidence


@pytest.fixture
def requirement(task, campaign):
    return ClosingRequirement.objects.create(campaign=campaign, task=task, label="挂牌照片", least_files=2)


@pytest.fixture
def prove(campaign, milestone, requirement, liaison, now):
    def do(number=1, **fields):
        file = Attachment.objects.create(campaign=campaign, sha256=f"{number:064}", name="a.jpg", size=1, file="x")
        row = {"campaign": campaign, "task": milestone.task, "milestone": milestone, "unit": milestone.unit}
        row |= {"attachment": file, "requirement": requirement, "name": "a.jpg", "kind": "picture", "by": liaison}
        return Evidence.objects.create(**row | {"at": now} | fields)

    return do


def test_files_are_counted_against_the_least(prove, milestone):
    prove(1)
    (standing,) = requirements.standings(milestone)
    assert (standing.is_met, standing.note) == (False, "缺 1 份，已有 1 份")
    prove(2)
    assert requirements.standings(milestone)[0].is_met


def test_files_for_nothing_named_prove_nothing(prove, milestone):
    prove(1, requirement=None)
    assert requirements.standings(milestone)[0].files == 0


def test_another_units_files_do_not_count(prove, milestone, city):
    prove(1, unit=city, milestone=None)
    assert requirements.standings(milestone)[0].files == 0


def test_a_period_proves_itself(prove, milestone):
    milestone.period_on = dt.date(2019, 9, 1)
    milestone.save()
    prove(1, milestone=None)
    assert requirements.standings(milestone)[0].files == 0


def test_a_return_begins_with_what_is_missing(requirement, milestone):
    assert requirements.return_words(requirements.standings(milestone)).startswith("缺 1 件：挂牌照片。")


def test_many_milestones_cost_two_queries(requirement, milestone, make_task, django_assert_num_queries):
    rows = [milestone, *(make_task(f"02-02-1{n}").milestones.get() for n in range(4))]
    with django_assert_num_queries(2):
        requirements.standings_of(rows)


def edit(task, labels, office, now):
    task.refresh_from_db()
    editing.edit(task, editing.Changes(words={}, requirements=labels), by=office, now=now, version=task.version)


def test_one_asked_for_no_longer_stays_with_its_proof(prove, milestone, requirement, office, now):
    proof = prove(1)
    edit(milestone.task, ["巡查记录"], office, now)
    proof.refresh_from_db()
    assert str(proof.requirement) == "挂牌照片"
    assert [row.requirement.label for row in requirements.standings(milestone)] == ["巡查记录"]
    evidence.describe(proof, shows="东口", about_on=None, requirement_id=None, by=office, now=now)
    assert proof.requirement == requirement


def test_asked_for_again_it_is_the_same_one(prove, milestone, requirement, office, now):
    prove(1)
    edit(milestone.task, [], office, now)
    edit(milestone.task, ["挂牌照片"], office, now)
    (standing,) = requirements.standings(milestone)
    assert (standing.requirement, standing.files) == (requirement, 1)
