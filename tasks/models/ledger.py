"""The ledger: tasks, who answers for them, what is aimed at, and the milestones that fall due."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from campaign.access import Actor, Right, ScopedQuerySet
from campaign.models import CampaignRow, Program, Project, Unit, User
from tasks.lamps import milestone_lamp, task_lamp

RECTIFICATION = "ZG"  # before a finding's number: ZG0142 (整改) stands apart from every code of a plan


class Role(models.TextChoices):
    """The four duties a unit may have in a task."""

    LEAD = "lead", "牵头"
    PRIMARY = "primary", "主责"
    RESPONSIBLE = "responsible", "责任"
    SUPPORT = "support", "配合"


class Freq(models.TextChoices):
    DAILY = "daily", "每天"
    WEEKLY = "weekly", "每周"
    SEMIMONTHLY = "semimonthly", "每半月"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    SEMESTER = "semester", "每学期"
    HALFYEAR = "halfyear", "每半年"
    YEARLY = "yearly", "每年"


class TaskQuerySet(ScopedQuerySet):
    def with_lamp(self, *, today: dt.date, notice_days: int) -> "TaskQuerySet":
        """Annotates `lamp`: the one definition of late, soon, waiting and done."""
        return self.annotate(lamp=task_lamp(today=today, notice_days=notice_days))

    def open(self) -> "TaskQuerySet":
        """Something is still to be reported or verified."""
        return self.filter(state__in=Task.OPEN_STATES)

    def of_plan(self) -> "TaskQuerySet":
        """The year plan's own: what "171 项任务" counts. Rectifications are counted as findings."""
        return self.filter(kind=Task.Kind.PLAN)

    def overdue(self, *, today: dt.date) -> "TaskQuerySet":
        return self.filter(state=Task.State.OPEN, is_due_assumed=False, due_on__lt=today)

    def due_between(self, first: dt.date, last: dt.date) -> "TaskQuerySet":
        return self.filter(state=Task.State.OPEN, due_on__gte=first, due_on__lte=last)

    def of_units(self, unit_ids: Iterable[UUID], roles: Iterable[str] = ()) -> "TaskQuerySet":
        """Tasks in which one of the units has a duty (of the given roles)."""
        duties = Assignment.objects.filter(unit__in=list(unit_ids))
        if roles:
            duties = duties.filter(role__in=list(roles))
        return self.filter(pk__in=duties.values("task"))

    def orphans(self) -> "TaskQuerySet":
        """Tasks no unit answers for (B15)."""
        return self.filter(~Exists(Assignment.objects.filter(task=OuterRef("pk"))))

    def without_measure(self) -> "TaskQuerySet":
        """Tasks with neither a target in figures nor a rhythm (B22)."""
        return self.filter(has_target=False, freq="")

    def counted(self) -> "TaskQuerySet":
        """Tasks not let off that count things towards a target: what is done adds up with others of the same measure."""
        goals = Target.objects.filter(task=OuterRef("pk"), value__gt=0, unit_of_measure=OuterRef("quantity_unit"))
        rows = self.filter(Exists(goals.exclude(op=Target.Op.AT_MOST)), freq="", quantity_goal__isnull=False)
        return rows.exclude(quantity_unit__in=["", *Target.RATES]).exclude(state=Task.State.WAIVED)


class Task(CampaignRow):
    """One thing a unit owes the campaign.

    `state`, `due_on`, counts and quantities sum up its milestones and targets; only `tasks.summary.refresh` writes them.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", "计划任务"
        RECTIFICATION = "rectification", "整改"
        MATERIAL = "material", "申报材料"

    class State(models.TextChoices):
        OPEN = "open", "在办"
        SUBMITTED = "submitted", "待核验"
        DONE = "done", "已销号"
        WAIVED = "waived", "已免办"

    OPEN_STATES = (State.OPEN, State.SUBMITTED)

    class DeadlineKind(models.TextChoices):
        FIXED = "fixed", "定日"
        YEAR_END = "year_end", "年内"
        RECURRING = "recurring", "周期"
        NONE = "none", "未写"

    class Strength(models.TextChoices):
        ENSURE = "ensure", "确保"
        STRIVE = "strive", "力争"
        START = "start", "启动"
        ADVANCE = "advance", "推进"

    kind = models.CharField("类型", max_length=16, choices=Kind.choices, default=Kind.PLAN)
    code = models.CharField("编号", max_length=24)
    title = models.CharField("任务", max_length=200)
    description = models.TextField("工作内容", blank=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="tasks", null=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="tasks", null=True)
    deadline_text = models.CharField("时限原文", max_length=120, blank=True)
    deadline_kind = models.CharField(max_length=10, choices=DeadlineKind.choices, default=DeadlineKind.NONE)
    freq = models.CharField("频次", max_length=12, choices=Freq.choices, blank=True)
    freq_count = models.PositiveSmallIntegerField("每期次数", default=1)
    day_of_month = models.PositiveSmallIntegerField("每月几日", null=True, blank=True)
    is_at_least = models.BooleanField("至少", default=False)
    strength = models.CharField("力度", max_length=10, choices=Strength.choices, default=Strength.ENSURE)
    is_standing = models.BooleanField("常态保持", default=False)
    open_ended_units = models.CharField(
        "待明确单位",
        max_length=120,
        blank=True,
        help_text="相关街道, 等相关部门: kept as written until someone names them",
    )
    standard = models.TextField("工作标准", blank=True)
    remark = models.CharField("备注", max_length=400, blank=True)
    is_key_item = models.BooleanField("重点督办", default=False)

    batch = models.ForeignKey("tasks.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="tasks")
    source_sheet = models.CharField(max_length=80, blank=True)
    source_row = models.PositiveIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=64, blank=True, editable=False, help_text="see tasks.importing.origin")

    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    # the summary, written by tasks.summary.refresh only
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    due_on = models.DateField(null=True, editable=False, help_text="next limit while open, else the last one")
    is_due_assumed = models.BooleanField(default=True, editable=False)
    has_begun = models.BooleanField(default=False, editable=False)
    is_returned = models.BooleanField(default=False, editable=False)
    closed_on = models.DateField(null=True, editable=False)
    main_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False)
    main_unit_order = models.PositiveIntegerField(default=999_999, editable=False)
    open_count = models.PositiveIntegerField(default=0, editable=False)
    submitted_count = models.PositiveIntegerField(default=0, editable=False)
    done_count = models.PositiveIntegerField(default=0, editable=False)
    milestone_count = models.PositiveIntegerField(default=0, editable=False)
    quantity_done = models.DecimalField(max_digits=14, decimal_places=2, null=True, editable=False)
    quantity_goal = models.DecimalField(max_digits=14, decimal_places=2, null=True, editable=False)
    quantity_unit = models.CharField(max_length=12, blank=True, editable=False)
    progress_share = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="0..1000, for drawing and sorting only"
    )
    evidence_count = models.PositiveIntegerField(default=0, editable=False)
    has_target = models.BooleanField(default=False, editable=False, help_text="aims at a figure")
    party_count = models.PositiveSmallIntegerField(default=0, editable=False, help_text="units with a duty")
    urgency_on = models.DateField(
        default=dt.date(9990, 1, 1),
        editable=False,
        help_text="sorts by what presses: written limit while open, far days of their own for the rest",
    )
    last_report_at = models.DateTimeField(null=True, editable=False)
    recheck_on = models.DateField(
        null=True, editable=False, help_text="when a closed task is to be looked at again next"
    )
    search_text = models.CharField(max_length=600, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="task_code_once")]
        # a list is of one kind, so each of its orders stands behind the kind; the late by unit are read from task_by_limit
        indexes = [
            models.Index(fields=["campaign", "kind", "code"], name="task_sort_code"),
            models.Index(
                fields=["campaign", "kind", "state", "is_due_assumed", "due_on", "code", "main_unit"],
                name="task_by_limit",
            ),
            models.Index(fields=["campaign", "kind", "program", "code"], name="task_by_program"),
            models.Index(fields=["campaign", "kind", "project", "code"], name="task_by_project"),
            models.Index(fields=["campaign", "kind", "main_unit", "state", "due_on"], name="task_by_main_unit"),
            models.Index(fields=["campaign", "kind", "due_on", "code"], name="task_sort_due"),
            models.Index(fields=["campaign", "kind", "title", "code"], name="task_sort_title"),
            models.Index(fields=["campaign", "kind", "main_unit_order", "main_unit", "code"], name="task_sort_unit"),
            models.Index(fields=["campaign", "kind", "urgency_on", "code"], name="task_sort_urgency"),
            models.Index(fields=["campaign", "kind", "has_target", "code"], name="task_by_measure"),
            models.Index(fields=["campaign", "kind", "progress_share", "code"], name="task_sort_progress"),
            models.Index(fields=["campaign", "kind", "evidence_count", "code"], name="task_sort_evidence"),
            models.Index(fields=["campaign", "kind", "last_report_at", "code"], name="task_sort_report"),
            models.Index(fields=["campaign", "kind", "search_text", "id"], name="task_search"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def unit_words(self) -> str:
        """The main unit as a narrow column says it; empty while nobody answers for the task."""
        return (self.main_unit.short_name or self.main_unit.name) if self.main_unit else ""

    def get_absolute_url(self) -> str:
        """A rectification is answered on the page of its finding, whose number is in its code."""
        is_finding = self.kind == self.Kind.RECTIFICATION
        return f"/orders/{self.code.removeprefix(RECTIFICATION)}" if is_finding else f"/tasks/{self.code}"

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        """All parties of a task see the whole of it (D24); readers of the campaign see every task."""
        if actor.can(Right.READ_ALL):
            return Q()
        return Q(pk__in=assigned_tasks(actor))


def assigned_tasks(actor: Actor) -> models.QuerySet:
    """Ids of the tasks in which a unit of the actor has a duty."""
    return Assignment.objects.filter(campaign=actor.campaign, unit__in=actor.unit_ids).values("task")


class TaskRow(CampaignRow):
    """A row that belongs to a task and is seen by whoever sees the task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        return Q() if actor.can(Right.READ_ALL) else Q(task__in=assigned_tasks(actor))


class Assignment(TaskRow):
    """A unit's duty in a task. `group_text` keeps the words (各街道) a member was expanded from."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    role = models.CharField("职责", max_length=12, choices=Role.choices)
    group_text = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["campaign", "task", "unit", "role"], name="duty_once")]
        indexes = [models.Index(fields=["campaign", "unit", "role", "task"], name="duty_by_unit")]


class Target(TaskRow):
    """What a task aims at: `what op value unit`, e.g. 示范道路 = 20 条, 无障碍改造率 >= 80 %."""

    class Op(models.TextChoices):
        AT_LEAST = ">=", "不少于"
        EXACTLY = "=", "完成"
        AT_MOST = "<=", "不超过"

    RATES = ("%", "‰")

    task = models.ForeignKey(Task, models.CASCADE, related_name="targets")
    what = models.CharField("指标", max_length=80, blank=True)
    op = models.CharField(max_length=2, choices=Op.choices, default=Op.EXACTLY)
    value = models.DecimalField("目标值", max_digits=14, decimal_places=2, null=True, blank=True)
    unit_of_measure = models.CharField("单位", max_length=12, blank=True)
    is_implied = models.BooleanField(default=False)
    is_masked = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    value_done = models.DecimalField("完成值", max_digits=14, decimal_places=2, default=0)
    numerator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    measured_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        indexes = [models.Index(fields=["campaign", "task", "order"], name="target_of_task")]

    @property
    def is_rate(self) -> bool:
        return self.unit_of_measure in self.RATES


class MilestoneQuerySet(ScopedQuerySet):
    def with_lamp(self, *, today: dt.date, notice_days: int) -> "MilestoneQuerySet":
        return self.annotate(lamp=milestone_lamp(today=today, notice_days=notice_days))

    def open(self) -> "MilestoneQuerySet":
        return self.filter(state=Milestone.State.OPEN)

    def of_plan(self) -> "MilestoneQuerySet":
        """Of tasks of the plan; a rectification is re-checked on its own page."""
        return self.filter(kind=Task.Kind.PLAN)

    def submitted(self) -> "MilestoneQuerySet":
        return self.filter(state=Milestone.State.SUBMITTED)

    def waiting(self) -> "MilestoneQuerySet":
        """The office's queue: handed in and not put aside."""
        return self.submitted().filter(is_held=False)

    def held(self) -> "MilestoneQuerySet":
        return self.submitted().filter(is_held=True)

    def returned(self) -> "MilestoneQuerySet":
        return self.open().filter(is_returned=True)

    def with_mend_by(self) -> "MilestoneQuerySet":
        """What is sent back, with `mend_by`: the day the last verdict gave for mending it (补正时限), if any."""
        verdicts = apps.get_model("tasks", "Verdict").objects.standing().filter(milestone=OuterRef("pk"))
        return self.returned().annotate(mend_by=Subquery(verdicts.order_by("-at", "-id").values("limit_on")[:1]))

    def overdue(self, *, today: dt.date) -> "MilestoneQuerySet":
        """Open, past its limit, and the limit is not merely assumed."""
        return self.open().filter(is_assumed=False, due_on__lt=today)

    def due_between(self, first: dt.date, last: dt.date) -> "MilestoneQuerySet":
        return self.open().filter(is_assumed=False, due_on__gte=first, due_on__lte=last)

    def closed_between(self, first: dt.date, last: dt.date) -> "MilestoneQuerySet":
        return self.filter(state=Milestone.State.DONE, closed_on__gte=first, closed_on__lte=last)


class Milestone(TaskRow):
    """节点: the only thing with a due date and a state.

    `unit` is the unit that owes it: for a group duty one milestone for each member, else the task's
    main unit. `period_on` is the first day of its period where the duty recurs.
    """

    class State(models.TextChoices):
        OPEN = "open", "在办"
        SUBMITTED = "submitted", "待核验"
        DONE = "done", "已销号"
        WAIVED = "waived", "已免办"

    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones")
    kind = models.CharField(
        max_length=16, choices=Task.Kind.choices, default=Task.Kind.PLAN, editable=False, help_text="the task's own"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="milestones")
    label = models.CharField("节点", max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    period_on = models.DateField(null=True, blank=True)
    due_on = models.DateField("时限", null=True, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    is_assumed = models.BooleanField("时限待确认", default=False)
    basis = models.CharField("时限依据", max_length=200, blank=True)
    event = models.ForeignKey("campaign.CalendarEvent", models.SET_NULL, null=True, blank=True, related_name="+")
    quantity = models.DecimalField("应完成", max_digits=14, decimal_places=2, null=True, blank=True)
    quantity_done = models.DecimalField("已完成", max_digits=14, decimal_places=2, default=0)
    quantity_approved = models.DecimalField("已核定", max_digits=14, decimal_places=2, default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    is_returned = models.BooleanField(default=False)
    is_held = models.BooleanField("搁置", default=False)
    returns = models.PositiveSmallIntegerField(default=0)
    has_begun = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    late_days = models.PositiveSmallIntegerField(default=0)
    last_report_at = models.DateTimeField(null=True, blank=True)
    waive_reason = models.CharField(max_length=200, blank=True)
    is_recheck = models.BooleanField(
        "复查", default=False, help_text="looks again at what is closed: may be late itself, but opens nothing again"
    )
    version = models.PositiveIntegerField(default=1)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "order"]
        indexes = [
            models.Index(fields=["campaign", "task", "due_on"], name="milestone_of_task"),
            models.Index(fields=["campaign", "state", "is_assumed", "due_on"], name="milestone_by_limit"),
            models.Index(fields=["campaign", "unit", "state", "due_on"], name="milestone_by_unit"),
            models.Index(fields=["campaign", "closed_on"], name="milestone_by_closing"),
            models.Index(fields=["campaign", "state", "is_held", "kind", "submitted_at", "id"], name="milestone_queue"),
            models.Index(fields=["campaign", "is_returned", "state", "due_on"], name="milestone_returned"),
        ]

    def __str__(self) -> str:
        return self.label or "完成"

    @property
    def owed_by(self) -> Unit | None:
        """Its own unit, else the one that answers for the task."""
        return self.unit or self.task.main_unit
