"""The table of what runs by the clock, and that a job which comes three times does what it does once (R6)."""

import random
from itertools import pairwise

import pytest
from celery import current_app
from celery.schedules import crontab
from django.apps import apps

from campaign import clock
from campaign.schedule import TURNS


def job_of(turn):
    current_app.loader.import_default_modules()
    return current_app.tasks[turn.job]


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.job)
def test_each_turn_names_a_job_that_exists(turn):
    assert job_of(turn).name == turn.job


def period(turn):
    """Seconds between two turns, the shortest."""
    if not isinstance(turn.every, crontab):
        return turn.every
    minutes = sorted(hour * 60 + minute for hour in turn.every.hour for minute in turn.every.minute)
    return 60 * min(later - earlier for earlier, later in pairwise([*minutes, minutes[0] + 24 * 60]))


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.job)
def test_a_turn_nobody_took_is_gone_before_the_next(turn):
    assert 0 < turn.expires < period(turn)


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.job)
def test_each_turn_says_why(turn):
    assert len(turn.why) > 10


def rows():
    ours = [model for app in ("campaign", "tasks", "reports") for model in apps.get_app_config(app).get_models()]
    return {model.__name__: model.objects.count() for model in ours}


def test_every_job_delivered_three_times_in_any_order_does_it_once(task, office, liaison, chief):
    for turn in TURNS:
        job_of(turn)()
    once = rows()
    thrice = [turn for turn in TURNS for _ in range(3)]
    random.Random(3).shuffle(thrice)
    for turn in thrice:
        job_of(turn)()
    assert rows() == once


def test_the_clock_of_the_jobs_is_real(campaign):
    assert clock.now().year >= 2026 > clock.now(campaign).year
