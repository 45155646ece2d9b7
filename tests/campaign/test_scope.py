"""Hypothesis over the row filter and over hostile input: no foreign row in any list, no server error for any body."""

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from campaign.access import Role, actor_for
from campaign.models import Membership
from tasks.filtering import FIELDS
from tasks.filters import Filters
from tasks.models import Assignment, Evidence, Milestone, ProgressReport, Target, Task, Verdict

CALM = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}
MODELS = (Task, Milestone, Assignment, Target, Evidence, ProgressReport, Verdict)
LIMITED = (Role.CHIEF, Role.LIAISON)


@pytest.fixture
def district(make_unit, make_task, make_person, campaign):
    """Four units in two levels, twelve tasks with up to two parties each, and a person to move about."""
    units = [make_unit(f"单位{number}") for number in range(3)]
    units.append(make_unit("下级", kind="community", parent=units[0]))
    dice = random.Random(7)
    for number in range(12):
        task = make_task(f"02-02-{number:02}", unit=dice.choice(units))
        other = dice.choice(units)
        Assignment.objects.get_or_create(campaign=campaign, task=task, unit=other, role="support")
    return units, make_person("walker", units[0], Role.LIAISON)


WORDS = (
    "yes no !done overdue open unclosed 02 02-02 mine 单位1 lead 2019-09 this-week any none 14 extension ..2019-12-31"
)
VALUES = st.one_of(st.sampled_from([*WORDS.split(), "02-02-03,02-02-05", "示范"]), st.text(max_size=12))
#: Cases of each property: CASES=10000 for the long run.
CASES = int(os.environ.get("CASES", "150"))


@given(data=st.data())
@settings(max_examples=CASES, **CALM)
def test_no_filter_brings_a_foreign_row(district, campaign, today, data):
    units, person = district
    post = Membership.objects.get(user=person)
    post.unit, post.role = data.draw(st.sampled_from(units)), data.draw(st.sampled_from(LIMITED))
    post.save()
    actor = actor_for(person, campaign, today=today)
    own = set(Assignment.objects.filter(unit__in=actor.unit_ids).values_list("task", flat=True))
    params = data.draw(st.dictionaries(st.sampled_from(sorted(FIELDS)), VALUES, max_size=3))
    found = Filters(params, actor).narrow(Task.objects.visible_to(actor))
    assert set(found.values_list("pk", flat=True)) <= own
    for model in MODELS[1:]:
        assert set(model.objects.visible_to(actor).values_list("task", flat=True)) <= own


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FIELDS_OF_A_REPORT = [
    "milestone",
    "version",
    "progress",
    "problems",
    "quantity",
    "numerator",
    "denominator",
    "is_submission",
]


@pytest.fixture
def caller(liaison, monkeypatch):
    """The API as a liaison, without its limit of requests."""
    monkeypatch.setattr("campaign.throttling.Counted.allow_request", lambda *_: True)
    client = APIClient(raise_request_exception=False)
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    return client


@given(body=st.dictionaries(st.sampled_from(FIELDS_OF_A_REPORT), JSON, max_size=5), key=st.text("abc123-", max_size=30))
@settings(max_examples=CASES, **CALM)
def test_no_report_is_an_error_of_the_server(caller, milestone, body, key):
    body = {"milestone": str(milestone.pk)} | body
    answer = caller.post("/api/v1/reports", body, format="json", headers={"Idempotency-Key": key})
    assert answer.status_code in {200, 201, 400, 404, 409, 422}
    assert answer.status_code < 300 or answer.json()["problems"]


PATHS = ["tasks", "milestones", "reports", "evidence", "units", "campaigns"]
NAMES = [
    "q",
    "sort",
    "page",
    "page_size",
    "task",
    "unit",
    "state",
    "due_from",
    "since",
    "kind",
    "campaign",
    *sorted(FIELDS),
]


@given(path=st.sampled_from(PATHS), query=st.dictionaries(st.sampled_from(NAMES), VALUES | TEXT, max_size=4))
@settings(max_examples=CASES, **CALM)
def test_no_query_is_an_error_of_the_server(caller, task, path, query):
    answer = caller.get(f"/api/v1/{path}", query)
    assert answer.status_code in {200, 400, 404}


@given(path=st.sampled_from(PATHS), name=TEXT)
@settings(max_examples=CASES, **CALM)
def test_no_name_is_an_error_of_the_server(caller, task, path, name):
    answer = caller.get(f"/api/v1/{path}/{name}")
    assert answer.status_code in {200, 301, 400, 404}
