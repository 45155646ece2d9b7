"""S3: each form and each API body is posted with every field of its model; only those on the list below may change."""

import datetime as dt

import pytest
from django.db import models
from rest_framework.test import APIClient

from campaign.models import CalendarEvent, Unit


def named(words):
    return set(words.split())


#: (who, method, url, valid body, model of the row that must not change otherwise, fields that may)
DERIVED = {"search_text", "initials", "version", "updated_at"}
CASES = [
    ("liaison", "/me", {"phone": "68871234", "email": "a@b.cn"}, "person", {"phone", "email", "has_shortcuts"}),
    (
        "office",
        "/units/{unit}/edit",
        {"name": "区交通支队", "kind": "department", "order": "7"},
        "unit",
        {"name", "short_name", "kind", "parent", "order", "aliases", "is_active"},
    ),
    ("office", "/people/{person}/edit", {"name": "王磊"}, "person", {"name", "phone", "email"}),
    ("office", "/posts/{post}/end", {"last_day": "2019-09-30"}, "post", {"valid_to"}),
    (
        "office",
        "/settings/calendar/{event}",
        {"name": "测评", "kind": "assessment", "starts_on": "2019-11-02"},
        "event",
        {"kind", "name", "starts_on", "ends_on", "starts_at_time", "note"},
    ),
    ("office", "/settings/programs/{program}", {"name": "新名称"}, "program_row", {"name", "short_name", "lead_unit"}),
    ("office", "/settings/projects/{project}", {"name": "新名称"}, "project_row", {"name"}),
    (
        "office",
        "/settings",
        {"name": "创建", "short_name": "创城", "district": "东城区", "office_name": "区创城办", "layer_name": "工程"}
        | {"year": "2019", "notice_days": "7", "weekly_demand_limit": "5"},
        "campaign_row",
        named(
            "name short_name district office_name office_full_name layer_name cycle year "
            "stated_programs stated_projects stated_tasks adopted_by adopted_on notice_days "
            "weekly_demand_limit is_month_before_read_as_end is_reward_laid_down reward_policy"
        ),
    ),
]


def other_value(field, row):
    """A value the field does not hold now, as a form would send it."""
    now = getattr(row, field.attname)
    if field.choices:
        return next(value for value, _ in field.choices if value != now)
    if isinstance(field, models.BooleanField):
        return "" if now else "on"
    if isinstance(field, models.DateTimeField):
        return "2001-01-01 00:00:00"
    if isinstance(field, models.DateField):
        return "2001-01-01"
    if isinstance(field, models.IntegerField):
        return "77"
    return "00000000-0000-7000-8000-000000000001" if isinstance(field, models.ForeignKey | models.UUIDField) else "x77"


def every_field(row):
    return {
        name: other_value(field, row) for field in row._meta.concrete_fields for name in {field.name, field.attname}
    }


def held(row):
    fresh = type(row)._base_manager.get(pk=row.pk)
    return {field.name: getattr(fresh, field.attname) for field in row._meta.concrete_fields}


@pytest.fixture
def rows(liaison, police, program, project, campaign):
    event = CalendarEvent.objects.create(campaign=campaign, name="测评", starts_on=dt.date(2019, 11, 1))
    return {
        "person": liaison,
        "unit": police,
        "post": liaison.memberships.get(),
        "event": event,
        "program_row": program,
        "project_row": project,
        "campaign_row": campaign,
        "program": program.code,
        "project": project.code,
    }


@pytest.mark.parametrize(("who", "url", "body", "kind", "allowed"), CASES, ids=[case[1] for case in CASES])
def test_form_changes_only_its_own_fields(who, url, body, kind, allowed, rows, login, request):
    row = rows[kind]
    client = login(request.getfixturevalue(who))
    before = held(row)
    path = url.format(**{name: getattr(each, "pk", each) for name, each in rows.items()})
    extra = {name: value for name, value in every_field(row).items() if name.removesuffix("_id") not in allowed}
    answer = client.post(path, extra | body)
    after = held(row)
    changed = {name for name in before if before[name] != after[name]}
    assert answer.status_code == 302, "the valid body must be taken, else nothing is tried"
    assert changed
    assert changed <= allowed | DERIVED


def test_new_unit_cannot_be_put_into_another_campaign(office, outsider, login, campaign):
    other = outsider.memberships.get().campaign
    body = {
        "name": "区财政局",
        "kind": "department",
        "order": "3",
        "campaign": str(other.pk),
        "campaign_id": str(other.pk),
    }
    login(office).post("/units/new", body)
    assert Unit.objects.get(name="区财政局").campaign == campaign


def test_parent_cannot_be_a_unit_of_another_campaign(office, outsider, login):
    foreign = outsider.memberships.get().unit
    answer = login(office).post("/units/new", {"name": "x", "kind": "street", "order": "3", "parent": str(foreign.pk)})
    assert answer.status_code == 200
    assert not Unit.objects.filter(name="x").exists()


def test_report_cannot_name_its_author_unit_or_outcome(liaison, milestone, city):
    client = APIClient()
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    body = {"milestone": str(milestone.pk), "progress": "x", "by": "x", "unit": str(city.pk), "quantity_before": 3}
    answer = client.post("/api/v1/reports", body, headers={"Idempotency-Key": "key-00000001"})
    assert answer.status_code == 400
    assert {problem["where"] for problem in answer.json()["problems"]} == {"by", "unit", "quantity_before"}


def test_milestone_cannot_be_written_by_any_verb(office, milestone):
    client = APIClient()
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    before = held(milestone)
    codes = [
        getattr(client, verb)(f"/api/v1/milestones/{milestone.pk}", {"state": "done"}).status_code
        for verb in ("put", "patch", "post", "delete")
    ]
    assert (codes, held(milestone)) == ([405] * 4, before)
