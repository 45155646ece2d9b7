import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from campaign import access
from campaign.access import Right
from tasks.models import Evidence, Milestone, Task


def test_office_sees_every_task(task, office, actor):
    assert list(Task.objects.visible_to(actor(office))) == [task]


def test_unit_sees_its_own_task(task, liaison, actor):
    assert list(Task.objects.visible_to(actor(liaison))) == [task]


def test_other_unit_sees_nothing_of_it(task, stranger, actor):
    who = actor(stranger)
    assert [model.objects.visible_to(who).count() for model in (Task, Milestone, Evidence)] == [0, 0, 0]


def test_other_campaign_sees_nothing(task, outsider, actor):
    assert not Task.objects.visible_to(actor(outsider)).exists()


def test_unit_above_sees_what_is_below(make_task, make_unit, make_person, street, actor):
    below = make_unit("古桥社区", kind="community", parent=street)
    task = make_task("02-02-03", unit=below)
    above = make_person("above", street, "liaison")
    assert list(Task.objects.visible_to(actor(above))) == [task]


def test_two_duties_in_one_task_show_it_once(task, police, campaign, liaison, actor):
    task.assignments.create(campaign=campaign, unit=police, role="support")
    assert Task.objects.visible_to(actor(liaison)).count() == 1


def test_hidden_is_404(task, stranger, actor):
    with pytest.raises(Http404):
        access.get(actor(stranger), Task.objects.all(), code=task.code)


def test_forbidden_is_403_with_its_reason(task, liaison, actor):
    with pytest.raises(PermissionDenied, match="核验销号"):
        access.get(actor(liaison), Task.objects.all(), Right.VERIFY, code=task.code)


def test_a_post_that_ended_opens_nothing(task, liaison, actor, today):
    liaison.memberships.update(valid_to=today.replace(day=1))
    assert not Task.objects.visible_to(actor(liaison)).exists()


def test_read_only_token_cannot_report(liaison, campaign, today):
    assert not access.actor_for(liaison, campaign, today=today, is_read_only=True).can(Right.REPORT)
