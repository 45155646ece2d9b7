"""The cast. One campaign in the spring of its year; people who own, help, watch, and must see nothing.

office 陈静 runs the campaign; liaison 王磊 works for 交通支队; stranger 刘洋 is liaison of 城市管理委 and must
not see 交通支队's own tasks; outsider belongs to another district's campaign.
"""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaign import clock
from campaign.access import Role, actor_for
from campaign.models import Campaign, Membership, Program, Project, Unit, User
from tasks import summary
from tasks.models import Assignment, Milestone, Target, Task

TODAY = dt.date(2019, 9, 24)
NOON = dt.datetime(2019, 9, 24, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture(autouse=True, scope="session")
def _evening():
    """The cast acts at noon of a pinned day, and some limits end at its office hours: whenever the suite is run, on
    pinned days it is past eight in the evening."""
    present = timezone.now().astimezone(NOON.tzinfo)
    shift = dt.datetime.combine(present.date(), dt.time(20), NOON.tzinfo) - present
    pinned = clock.pinned

    def shifted(moment, campaign):
        is_present = abs(timezone.now() - moment) < clock.LONGEST_OFFLINE
        is_pinned = campaign is not None and campaign.pinned_on is not None
        return pinned(moment + shift if is_present and is_pinned else moment, campaign)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "pinned", shifted)
        yield


@pytest.fixture(autouse=True)
def _quick_and_apart(settings, tmp_path):
    """A cheap password hash (argon2 costs 0.2 s a check), own folders, no memory of other tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.MAILBOX_DIR.mkdir()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    cache.clear()


@pytest.fixture
def today():
    return TODAY


@pytest.fixture
def now():
    return NOON


@pytest.fixture
def campaign(db):
    return Campaign.objects.create(
        code="c2019", district="东城区", office_name="区创城办", layer_name="提升工程", year=2019, pinned_on=TODAY
    )


@pytest.fixture
def make_unit(campaign):
    def make(name, kind=Unit.Kind.DEPARTMENT, **fields):
        return Unit.objects.create(**{"campaign": campaign, "name": name, "kind": kind} | fields)

    return make


@pytest.fixture
def office_unit(make_unit):
    return make_unit("区创城办", order=1)


@pytest.fixture
def police(make_unit):
    return make_unit("区交通支队", short_name="交通支队", order=10)


@pytest.fixture
def city(make_unit):
    return make_unit("区城市管理委", order=20)


@pytest.fixture
def street(make_unit):
    return make_unit("古桥街道", kind=Unit.Kind.STREET, order=100)


@pytest.fixture
def make_person(campaign):
    def make(username, unit, role, post=Membership.Post.LIAISON, **fields):
        user = User.objects.create_user(
            username, password="Secret-1234", **{"name": username, "email": f"{username}@example.test"} | fields
        )
        Membership.objects.create(
            campaign=unit.campaign, user=user, unit=unit, role=role, post=post, valid_from=dt.date(2019, 1, 1)
        )
        return user

    return make


@pytest.fixture
def office(make_person, office_unit):
    return make_person("chenjing", office_unit, Role.OFFICE, Membership.Post.STAFF, name="陈静")


@pytest.fixture
def administrator(make_person, office_unit):
    return make_person("admin", office_unit, Role.ADMINISTRATOR, Membership.Post.STAFF, name="管理员")


@pytest.fixture
def leader(make_person, office_unit):
    return make_person("leader", office_unit, Role.LEADER, Membership.Post.PRINCIPAL, name="周区长")


@pytest.fixture
def liaison(make_person, police):
    return make_person("wanglei", police, Role.LIAISON, name="王磊")


@pytest.fixture
def chief(make_person, police):
    return make_person("zhao", police, Role.CHIEF, Membership.Post.DEPUTY, name="赵队长")


@pytest.fixture
def stranger(make_person, city):
    return make_person("liuyang", city, Role.LIAISON, name="刘洋")


@pytest.fixture
def inspector(make_person, office_unit):
    return make_person("inspector", office_unit, Role.INSPECTOR, Membership.Post.STAFF, name="巡查员")


@pytest.fixture
def third_party(make_person, make_unit):
    return make_person(
        "third",
        make_unit("第三方公司", kind=Unit.Kind.ENTERPRISE),
        Role.THIRD_PARTY,
        Membership.Post.STAFF,
        name="第三方",
    )


@pytest.fixture
def outsider(db, make_person):
    """The office of another district: sees its own campaign and nothing of ours."""
    other = Campaign.objects.create(code="other", district="西城区", year=2019, pinned_on=TODAY)
    unit = Unit.objects.create(campaign=other, name="区创城办")
    return make_person("outsider", unit, Role.OFFICE, Membership.Post.STAFF, name="外区")


@pytest.fixture
def actor(campaign):
    def make(user):
        return actor_for(user, campaign, today=TODAY)

    return make


@pytest.fixture
def program(campaign):
    return Program.objects.create(campaign=campaign, code="02", name="市民文明素养提升工程", short_name="文明素养")


@pytest.fixture
def project(campaign, program):
    return Project.objects.create(campaign=campaign, program=program, code="02-02", name="文明交通")


@pytest.fixture
def make_task(campaign, project, police):
    """A plain task of 交通支队: 20 roads by a date, one milestone."""

    def make(
        code="02-02-02",
        title="创建文明交通示范道路",
        *,
        unit=police,
        role="primary",
        due_on=dt.date(2019, 9, 30),
        goal=20,
        measure="条",
        **fields,
    ):
        task = Task.objects.create(
            **{
                "campaign": campaign,
                "code": code,
                "title": title,
                "program": project.program,
                "project": project,
                "created_at": NOON,
                "updated_at": NOON,
                "search_text": f"{code} {title}".lower(),
            }
            | fields
        )
        summary.admit([task])
        if unit is not None:
            Assignment.objects.create(campaign=campaign, task=task, unit=unit, role=role)
        if goal is not None:
            Target.objects.create(
                campaign=campaign, task=task, what=title, value=Decimal(goal), unit_of_measure=measure
            )
        Milestone.objects.create(
            campaign=campaign,
            task=task,
            unit=unit,
            due_on=due_on,
            first_due_on=due_on,
            is_assumed=due_on is None,
            quantity=Decimal(goal) if goal is not None else None,
            basis="年度计划",
        )
        summary.refresh([task.pk])
        task.refresh_from_db()
        return task

    return make


@pytest.fixture
def task(make_task):
    return make_task()


@pytest.fixture
def milestone(task):
    return task.milestones.get()


@pytest.fixture
def login(client):
    """Log the test client in as somebody, without the cost of a password."""

    def do(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return do
