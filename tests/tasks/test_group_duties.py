"""A street that comes later owes what 各街道 owe from now on; one out of use is let off."""

import datetime as dt

import pytest

from campaign.models import Unit
from tasks import group_duties, summary
from tasks.models import Assignment, Milestone, Notice

LIMITS = (dt.date(2019, 8, 31), dt.date(2019, 9, 30), dt.date(2019, 10, 31))


@pytest.fixture
def shared(make_task, make_unit, street, campaign):
    """A monthly duty of 各街道, opened into the two streets there were: August is over, September and October are not."""
    other = make_unit("金桥街道", kind=Unit.Kind.STREET, order=110)
    task = make_task("03-01-01", unit=None, goal=None, freq="monthly")
    task.milestones.all().delete()
    for order, unit in enumerate((street, other)):
        Assignment.objects.create(
            campaign=campaign, task=task, unit=unit, role="responsible", group_text="各街道", order=order
        )
        for number, due in enumerate(LIMITS):
            Milestone.objects.create(
                campaign=campaign, task=task, unit=unit, label=f"{due.month}月", order=number, due_on=due,
                period_on=due.replace(day=1), first_due_on=due,
            )  # fmt: skip
    summary.refresh([task.pk])
    task.refresh_from_db()
    return task


@pytest.fixture
def late_comer(shared, make_unit):
    return make_unit("望山街道", kind=Unit.Kind.STREET, order=120)


def test_nothing_lacks_at_first(shared, campaign):
    assert group_duties.gaps(campaign) == []


def test_the_office_is_told_which_duties_lack_the_new_member(shared, late_comer, campaign, police):
    (gap,) = group_duties.gaps(campaign)
    assert (gap.unit, gap.group_text, gap.tasks, gap.is_leaving) == (late_comer, "各街道", [shared], False)
    assert group_duties.gaps(campaign, units=[police.pk]) == []


def test_joining_gives_the_role_and_what_is_still_ahead(shared, late_comer, campaign, office, now):
    (gap,) = group_duties.gaps(campaign)
    done = group_duties.join(gap, by=office, now=now)
    assert (done.tasks, done.milestones) == (1, 2)
    mine = late_comer.assignments.get()
    assert (mine.role, mine.group_text) == ("responsible", "各街道")
    assert list(shared.milestones.filter(unit=late_comer).order_by("due_on").values_list("due_on", "state")) == [
        (LIMITS[1], "open"),
        (LIMITS[2], "open"),
    ]
    shared.refresh_from_db()
    assert (shared.party_count, shared.milestone_count) == (3, 8)
    assert group_duties.gaps(campaign) == []


def test_joining_twice_gives_one_share(shared, late_comer, campaign, office, now):
    (gap,) = group_duties.gaps(campaign)
    group_duties.join(gap, by=office, now=now)
    assert group_duties.join(gap, by=office, now=now).tasks == 0
    assert shared.milestones.filter(unit=late_comer).count() == 2


def test_the_new_members_people_are_told(shared, late_comer, campaign, office, now, make_person):
    person = make_person("xin", late_comer, "liaison")
    group_duties.join(group_duties.gaps(campaign)[0], by=office, now=now)
    told = Notice.objects.get(recipient=person)
    assert (told.reason, told.task) == ("assigned", shared)


def test_a_unit_out_of_use_is_let_off_and_its_history_stays(shared, street, campaign, office, now):
    shared.milestones.filter(unit=street, due_on=LIMITS[0]).update(state="done", closed_on=LIMITS[0])
    Unit.objects.filter(pk=street.pk).update(is_active=False)
    (gap,) = group_duties.gaps(campaign)
    assert (gap.unit, gap.is_leaving) == (street, True)
    assert group_duties.leave(gap, by=office, now=now) == 2
    assert sorted(shared.milestones.filter(unit=street).values_list("state", flat=True)) == ["done", "waived", "waived"]
    assert group_duties.gaps(campaign) == []


def test_the_page_after_adding_a_unit_shows_and_mends(shared, login, office):
    client = login(office)
    body = {"name": "望山街道", "kind": "street", "order": "120", "is_active": "on"}
    page = client.post("/units/new", body, follow=True).content.decode()
    unit = Unit.objects.get(name="望山街道")
    assert "还没有分给望山街道" in page
    answer = client.post(f"/units/{unit.pk}/duties", {"group": "各街道"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/units/{unit.pk}"
    assert "望山街道已加入 1 项任务，今后的 2 个节点由它承担。" in answer.content.decode()


def test_where_nothing_lacks_the_unit_itself_is_shown(login, office, police):
    answer = login(office).get(f"/units/duties?unit={police.pk}")
    assert answer.url == f"/units/{police.pk}"
