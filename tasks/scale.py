"""A synthetic ledger of any size, for measuring: the shape of a real one, by a fixed seed, written in bulk."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from campaign.access import Role as Post
from campaign.models import Campaign, Membership, Program, Project, Unit, User
from campaign.pinyin import search_text
from tasks import summary
from tasks.models import Assignment, Freq, Milestone, ProgressReport, Role, Target, Task
from tasks.periods import Period, periods

TODAY = dt.date(2019, 9, 24)
PROGRAMS = (
    "党政环境",
    "文明素养",
    "生态环境",
    "公共设施",
    "精细治理",
    "社会秩序",
    "文化惠民",
    "志愿服务",
    "未成年人",
    "长效机制",
)
PLACES = (
    "老旧小区",
    "背街小巷",
    "农贸市场",
    "主次干道",
    "公共厕所",
    "交通路口",
    "社区公园",
    "校园周边",
    "施工工地",
    "沿街门店",
)
DEEDS = ("提升改造", "环境整治", "达标创建", "巡查检查", "宣传引导", "设施更新", "秩序管理", "台账完善")
MEASURES = ("条", "个", "座", "处", "家", "次")
RHYTHMS = (Freq.MONTHLY, Freq.MONTHLY, Freq.QUARTERLY, Freq.HALFYEAR)
BATCH = 2000


@dataclass
class Rows:
    """One batch on its way into the database."""

    tasks: list[Task] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    reports: list[ProgressReport] = field(default_factory=list)

    def save(self) -> None:
        with transaction.atomic():
            for rows in (self.tasks, self.assignments, self.targets, self.milestones, self.reports):
                if rows:
                    type(rows[0]).objects.bulk_create(rows, batch_size=500)


@dataclass(frozen=True)
class Setting:
    """A campaign with its layers, units and the two people who are measured with."""

    campaign: Campaign
    projects: list[Project]
    departments: list[Unit]
    streets: list[Unit]
    office: User
    liaison: User


def make_campaign(number: int, task_count: int) -> Campaign:
    """One campaign with `task_count` tasks. The same number makes the same ledger; it is never made twice."""
    chance = random.Random(number)  # noqa: S311 - a fixed seed is wanted
    setting = _setting(number, task_count)
    numbers = iter(range(task_count))
    while batch := list(itertools.islice(numbers, BATCH)):
        rows = Rows()
        for at in batch:
            _add_task(rows, setting, at, chance)
        rows.save()
    summary.recount(setting.campaign)  # once, because each batch would touch the same thousands of slots
    return setting.campaign


def _setting(number: int, task_count: int) -> Setting:
    campaign = Campaign.objects.create(
        code=f"scale-{number}", district=f"测速{number}区", year=TODAY.year, layer_name="提升工程", pinned_on=TODAY
    )
    programs = [
        Program(campaign=campaign, code=f"{n:02d}", name=f"{name}提升工程", short_name=name)
        for n, name in enumerate(PROGRAMS, 1)
    ]
    Program.objects.bulk_create(programs)
    projects = [
        Project(campaign=campaign, program=program, code=f"{program.code}-{n:02d}", name=f"{PLACES[n % 10]}项目{n}")
        for program in programs
        for n in range(1, max(3, min(40, task_count // 400)) + 1)
    ]
    Project.objects.bulk_create(projects)
    office_unit = _units(campaign, "创城办", Unit.Kind.GROUP, 1, 1)[0]
    departments = _units(campaign, "局", Unit.Kind.DEPARTMENT, 100, max(20, min(180, task_count // 200)))
    streets = _units(campaign, "街道", Unit.Kind.STREET, 1000, 17)
    office = _person(campaign, office_unit, Post.OFFICE, f"scale-office-{number}")
    liaison = _person(campaign, departments[0], Post.LIAISON, f"scale-liaison-{number}")
    return Setting(campaign, projects, departments, streets, office, liaison)


def _units(campaign: Campaign, ending: str, kind: str, order: int, count: int) -> list[Unit]:
    units = []
    for n in range(1, count + 1):
        name = f"第{n}{ending}" if count > 1 else f"区{ending}"
        units.append(Unit(campaign=campaign, name=name, kind=kind, order=order + n, search_text=search_text(name)))
    return Unit.objects.bulk_create(units)


def _person(campaign: Campaign, unit: Unit, role: str, username: str) -> User:
    user = User(username=username, name=username, email=f"{username}@example.invalid")
    user.set_unusable_password()
    user.save()
    Membership.objects.create(campaign=campaign, user=user, unit=unit, role=role, valid_from=dt.date(TODAY.year, 1, 1))
    return user


def _add_task(rows: Rows, setting: Setting, at: int, chance: random.Random) -> None:
    project = setting.projects[at % len(setting.projects)]
    title = f"{chance.choice(PLACES)}{chance.choice(DEEDS)}第{at + 1}号"
    code = f"{project.code}-{at // len(setting.projects) + 1:04d}"
    made_at = dt.datetime.combine(dt.date(TODAY.year, 1, 10), dt.time(9), setting.campaign.zone)
    freq = chance.choice(RHYTHMS) if chance.random() < 0.2 else ""
    task = Task(
        campaign=setting.campaign,
        code=code,
        title=title,
        program_id=project.program_id,
        project=project,
        freq=freq,
        search_text=search_text(code, title),
        created_at=made_at,
        updated_at=made_at,
    )
    assignments = _duties(task, setting, chance)
    targets = _targets(task, chance) if not freq and chance.random() < 0.5 else []
    milestones = _milestones(task, assignments[0].unit if assignments else None, chance)
    reports = _reports(task, milestones, setting, chance)
    summary.summarise(task, summary.Facts(milestones, targets, assignments, evidence_count=0))
    rows.tasks.append(task)
    rows.assignments += assignments
    rows.targets += targets
    rows.milestones += milestones
    rows.reports += reports


def _duties(task: Task, setting: Setting, chance: random.Random) -> list[Assignment]:
    if chance.random() < 0.005:
        return []
    main, lead = chance.sample(setting.departments, 2)
    duties = [(main, Role.PRIMARY)]
    if chance.random() < 0.5:
        duties.append((lead, Role.LEAD))
    duties += [(street, Role.RESPONSIBLE) for street in chance.sample(setting.streets, chance.choice((0, 1, 2)))]
    return [
        Assignment(campaign=setting.campaign, task=task, unit=unit, role=role, order=n)
        for n, (unit, role) in enumerate(duties)
    ]


def _targets(task: Task, chance: random.Random) -> list[Target]:
    goal = chance.randint(2, 60)
    done = Decimal(goal if chance.random() < 0.4 else chance.randint(0, goal))
    return [
        Target(
            campaign=task.campaign,
            task=task,
            what=task.title[:20],
            value=Decimal(goal),
            value_done=done,
            unit_of_measure=chance.choice(MEASURES),
        )
    ]


def _milestones(task: Task, unit: Unit | None, chance: random.Random) -> list[Milestone]:
    if task.freq:
        return [_milestone(task, unit, due, chance) for due in _rhythm(task.freq)]
    if chance.random() < 0.2:
        return [_milestone(task, unit, None, chance)]
    first = dt.date(TODAY.year, 3, 31) + dt.timedelta(days=chance.randint(0, 270))
    steps = 3 if chance.random() < 0.1 else 1
    return [
        _milestone(task, unit, min(first + dt.timedelta(days=30 * n), dt.date(TODAY.year, 12, 31)), chance)
        for n in range(steps)
    ]


def _rhythm(freq: str) -> Iterator[dt.date]:
    kept: list[Period] = _PERIODS.setdefault(freq, periods(freq, TODAY.year))
    return (period.due for period in kept)


_PERIODS: dict[str, list[Period]] = {}


def _milestone(task: Task, unit: Unit | None, due_on: dt.date | None, chance: random.Random) -> Milestone:
    """Nine in ten of what fell due is done; of the rest most is open, some waits for the office."""
    is_past = due_on is not None and due_on < TODAY
    is_done = is_past and chance.random() < 0.9
    is_submitted = not is_done and due_on is not None and chance.random() < 0.05
    state = Milestone.State.DONE if is_done else Milestone.State.SUBMITTED if is_submitted else Milestone.State.OPEN
    year_end = dt.date(TODAY.year, 12, 31)
    return Milestone(
        campaign=task.campaign,
        task=task,
        unit=unit,
        due_on=due_on or year_end,
        first_due_on=due_on,
        is_assumed=due_on is None,
        state=state,
        closed_on=due_on if is_done else None,
        has_begun=chance.random() < 0.6,
        submitted_at=task.created_at if is_submitted else None,
    )


def _reports(task: Task, milestones: list[Milestone], setting: Setting, chance: random.Random) -> list[ProgressReport]:
    if chance.random() > 0.3 or not milestones[0].unit_id:
        return []
    day = dt.date(TODAY.year, 4, 1) + dt.timedelta(days=chance.randint(0, 170))
    at = dt.datetime.combine(day, dt.time(10), setting.campaign.zone)
    milestones[0].last_report_at, milestones[0].has_begun = at, True
    return [
        ProgressReport(
            campaign=task.campaign,
            task=task,
            milestone=milestones[0],
            unit_id=milestones[0].unit_id,
            by=setting.liaison,
            at=at,
            progress="按计划推进，已完成本阶段工作。",
            token=f"scale-{task.code}",
        )
    ]
