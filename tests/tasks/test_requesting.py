import datetime as dt

import pytest

from campaign.problems import Conflict, Refused
from tasks.models import Notice, Request
from tasks.requesting import ask, rule_on, withdraw

LATER = dt.date(2019, 10, 15)


@pytest.fixture
def extension(milestone, liaison, police, now):
    return ask(milestone, "extension", reason="燃气未完", proposed_on=LATER, by=liaison, unit=police, now=now)


def test_granted_extension_moves_the_limit_with_its_basis(extension, milestone, office, now):
    rule_on(extension, is_granted=True, ruling="第 31 期专题纪要", by=office, now=now)
    milestone.refresh_from_db()
    change = milestone.deadline_changes.get()
    assert (milestone.due_on, change.basis, change.request) == (LATER, "第 31 期专题纪要", extension)


def test_refused_extension_leaves_it(extension, milestone, office, now):
    rule_on(extension, is_granted=False, ruling="按原时限", by=office, now=now)
    milestone.refresh_from_db()
    assert milestone.due_on == dt.date(2019, 9, 30)


def test_unit_is_told(extension, office, liaison, now):
    rule_on(extension, is_granted=False, ruling="按原时限", by=office, now=now)
    assert Notice.objects.get(recipient=liaison).text == "申请延期：不同意。按原时限"


def test_answer_needs_words(extension, office, now):
    with pytest.raises(Refused, match="请写依据"):
        rule_on(extension, is_granted=True, ruling=" ", by=office, now=now)


def test_only_one_answer(extension, office, now):
    rule_on(extension, is_granted=False, ruling="按原时限", by=office, now=now)
    with pytest.raises(Conflict, match="已经有了答复"):
        rule_on(extension, is_granted=True, ruling="纪要", by=office, now=now)


def test_earlier_date_is_refused(milestone, liaison, police, now):
    with pytest.raises(Refused, match="不晚于现在的时限"):
        ask(milestone, "extension", reason="x", proposed_on=dt.date(2019, 9, 29), by=liaison, unit=police, now=now)


def test_asked_once(extension, milestone, liaison, police, now):
    with pytest.raises(Refused, match="正等答复"):
        ask(milestone, "extension", reason="x", proposed_on=LATER, by=liaison, unit=police, now=now)


def test_withdrawn_may_be_asked_again(extension, liaison, now):
    withdraw(extension, by=liaison, now=now)
    assert Request.objects.get().state == "withdrawn"


def test_declined_duty_goes_to_the_unit_named(milestone, liaison, police, city, office, now):
    request = ask(milestone, "decline", reason="已移交", proposed_unit=city, by=liaison, unit=police, now=now)
    rule_on(request, is_granted=True, ruling="按移交协议", by=office, now=now)
    milestone.refresh_from_db()
    assert (milestone.unit, milestone.task.assignments.get().unit) == (city, city)


def test_declined_without_successor_is_an_open_end(milestone, liaison, police, office, now):
    request = ask(milestone, "decline", reason="不属职责", by=liaison, unit=police, now=now)
    rule_on(request, is_granted=True, ruling="另行研究", by=office, now=now)
    milestone.task.refresh_from_db()
    assert milestone.task.open_ended_units == "区交通支队退单，待明确"
