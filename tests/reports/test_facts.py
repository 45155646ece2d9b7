"""A week's figures: right, linked to exactly their records, counted by a constant number of queries."""

import datetime as dt
import json

import pytest
from django.http import QueryDict

from campaign.clock import Week
from reports import facts, wording
from reports.facts import Facts
from tasks.filters import LedgerFilter
from tasks.models import Task


@pytest.fixture
def found(ledger, campaign, week, today):
    return facts.collect(campaign, week, today=today)


@pytest.fixture
def listed(actor, office):
    """How many tasks the ledger shows at an address."""

    def count(url):
        who = actor(office)
        query = QueryDict(url.partition("?")[2])
        found = LedgerFilter(query, Task.objects.visible_to(who), actor=who)
        assert found.form.is_valid(), found.form.errors
        return found.qs.count()

    return count


def test_the_week_adds_up(found):
    figures = (found.total, found.done, found.closed, found.overdue, found.due_next, found.troubled)
    assert [figure.value for figure in figures] == [5, 2, 1, 1, 1, 1]
    assert (found.closed_before, found.overdue_before) == (1, 2)


def test_the_lists_name_their_tasks(found):
    assert [(item.code, item.days) for item in found.closed_items] == [("02-01-01", 4)]
    assert [(item.code, item.days, item.unit) for item in found.late_items] == [("02-01-03", 14, "区交通支队")]
    assert [item.code for item in found.next_items] == ["02-01-04"]
    assert [(trouble.code, trouble.problems) for trouble in found.troubles] == [("02-01-03", "施工许可未批")]


def test_every_figure_opens_as_many_tasks(found, listed):
    lines = [*found.programs, *found.late_units]
    figures = [value for row in [found, *lines] for value in vars(row).values() if isinstance(value, facts.Figure)]
    wrong = [(figure, listed(figure.url)) for figure in figures if figure.url and listed(figure.url) != figure.value]
    assert wrong == []
    assert sum(bool(figure.url) for figure in figures) >= 10


def test_a_week_that_is_over_is_told_as_it_stood(ledger, campaign, listed):
    found = facts.collect(campaign, Week(dt.date(2019, 9, 16)), today=dt.date(2019, 10, 8))
    assert (found.as_of, found.done.value, found.closed.value) == ("2019-09-22", 1, 1)
    # what was closed on the 24th, four days late, was still owed on the 22nd
    assert {item.code for item in found.late_items} == {"02-01-01", "02-01-03"}
    assert listed(found.overdue.url) == 2


def test_frozen_facts_come_back_as_they_were(found):
    assert Facts.of(json.loads(json.dumps(found.as_dict()))) == found


def test_the_curve_ends_with_what_is_closed(found):
    assert found.done_by_week[-1] == 2
    assert found.due_by_week[-1] == 2
    assert len(found.weeks) == len(found.due_by_week) == len(found.done_by_week)


def test_as_many_queries_at_any_size(ledger, campaign, week, today, make_task, django_assert_num_queries):
    with django_assert_num_queries(19):
        facts.collect(campaign, week, today=today)
    for number in range(30):
        make_task(f"02-03-{number:02d}", f"任务{number}", due_on=dt.date(2019, 9, 1) + dt.timedelta(days=number))
    with django_assert_num_queries(19):
        facts.collect(campaign, week, today=today)


def test_the_week_is_said_in_one_sentence(found):
    text = wording.say_summary(found)[0].text
    assert text == (
        "截至9月24日，全年5项任务已销号2项。本周（9月23日至29日）销号1项，与上周持平；"
        "1项逾期，比上周少1项。下周有1项任务到期。"
    )
    assert "%" not in text


def test_a_ledger_with_nothing_in_it_is_told_too(campaign, week, today):
    found = facts.collect(campaign, week, today=today)
    for part in wording.PARTS:
        assert all(sentence.text for sentence in part.say(found))
        part.show(found)


@pytest.mark.parametrize(
    ("place", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")]
)
def test_sections_are_numbered_as_officials_count(place, words):
    assert wording.in_chinese(place) == words
