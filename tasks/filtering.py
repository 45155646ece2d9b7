"""How each parameter of the ledger's filter is read: what a person sees of it and what the database is asked.

The table of parameters and values stands at the head of `tasks/filters.py`.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from campaign.access import Actor
from campaign.models import Campaign
from campaign.pinyin import normal
from tasks import lamps
from tasks.lamps import Lamp
from tasks.models import Assignment, DeadlineChange, Freq, Milestone, ProgressReport, Request, Role, Task
from tasks.naming import NO_NAMES, Names, is_id
from tasks.spans import Span, read_span
from tasks.summary import FAR


@dataclass(frozen=True)
class Reading:
    """Who reads, and the duties that `f.unit` is narrowed to."""

    actor: Actor
    roles: tuple[str, ...] = ()
    has_units: bool = False
    names: Names = field(default_factory=lambda: NO_NAMES)

    @property
    def campaign(self) -> Campaign:
        assert self.actor.campaign is not None
        return self.actor.campaign

    @property
    def today(self) -> dt.date:
        return self.actor.today

    def label_of(self, field: "Field") -> str:
        """The campaign has its own word for the top layer."""
        return self.campaign.layer_name if field.name == "f.program" else field.label


@dataclass(frozen=True)
class Applied:
    """One filter in force: `名称 属于 甲、乙`."""

    name: str
    label: str
    verb: str
    words: str
    condition: Q
    text: str


@dataclass(frozen=True)
class Field:
    """One parameter. `choices` (value, word) fill its menu; a picker asks `source` instead."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    source: str = ""
    hint: str = ""
    can_negate: bool = False
    is_offered: bool = True

    def read(self, text: str, reading: Reading) -> Applied:
        is_not = self.can_negate and text.startswith("!")
        values = [value.strip() for value in text.removeprefix("!").split(",") if value.strip()]
        words, condition = self.conditions(values, reading)
        verb = "不是" if is_not else self.verb(values)
        return Applied(self.name, reading.label_of(self), verb, words, ~condition if is_not else condition, text)

    def verb(self, values: Sequence[str]) -> str:
        return "属于" if len(values) > 1 else "是"

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        """(words, condition); raises ValueError with what is wrong and how to write it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Field):
    """Some of a closed list. `ask(value, reading)` says what a value means."""

    ask: Callable[[str, Reading], Q] = field(kw_only=True, repr=False)
    can_negate: bool = True

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        known = dict(self.choices)
        strange = [value for value in values if value not in known]
        if strange:
            raise ValueError(f"没有“{'、'.join(strange)}”这一项，可以用 {'、'.join(known)}。")
        condition = Q()
        for value in values:
            condition |= self.ask(value, reading)
        return "、".join(known[value] for value in values), condition


@dataclass(frozen=True)
class Flag(Choice):
    """yes or no."""

    choices: tuple[tuple[str, str], ...] = (("yes", "是"), ("no", "否"))
    can_negate: bool = False


@dataclass(frozen=True)
class Layer(Field):
    """Programs or projects by their codes."""

    kind: str = "program"
    can_negate: bool = True

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        found = reading.names[self.kind]
        strange = [value for value in values if value not in found]
        if strange:
            raise ValueError(f"没有编号为“{'、'.join(strange)}”的{reading.label_of(self)}，请重新选择。")
        rows = [found[value] for value in values]
        return "、".join(row.name for row in rows), Q(**{f"{self.kind}__in": [row.pk for row in rows]})


@dataclass(frozen=True)
class Units(Field):
    """Units with a duty in the task, by id or by name."""

    can_negate: bool = True

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        ids: set[UUID] = set()
        words: list[str] = []
        if "mine" in values:
            ids |= reading.actor.unit_ids
            words.append("本单位")
        found = reading.names["unit"]
        strange = [value for value in values if value != "mine" and value not in found]
        if strange:
            raise ValueError(f"没有找到单位“{'、'.join(strange)}”，请重新选择。")
        for unit in dict.fromkeys(found[value] for value in values if value != "mine"):
            ids.add(unit.pk)
            words.append(unit.name)
        duties = Assignment.objects.filter(campaign=reading.campaign, unit__in=ids)
        roles = [role for role in reading.roles if role in Role.values]
        if roles:
            duties = duties.filter(role__in=roles)
        return "、".join(words), Q(pk__in=duties.values("task"))


@dataclass(frozen=True)
class Days(Field):
    """Spans of days; `ask(span, reading)` says what must lie in them."""

    ask: Callable[[Span, Reading], Q] = field(kw_only=True, repr=False)
    none: Q | None = None
    hint: str = "如 2019-09、2019-09-24、2019-09-01..2019-09-30"

    def verb(self, values: Sequence[str]) -> str:
        return "在"

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        condition, words = Q(), []
        for value in values:
            if value == "none" and self.none is not None:
                condition |= self.none
                words.append("未定")
                continue
            span = read_span(value, today=reading.today)
            condition |= self.ask(span, reading)
            words.append(span.words(today=reading.today))
        return "、".join(words), condition


@dataclass(frozen=True)
class Words(Field):
    """Free text: every word must be found."""

    def verb(self, values: Sequence[str]) -> str:
        return "含"

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        condition = Q()
        for word in filter(None, map(normal, " ".join(values).split())):
            condition &= Q(search_text__contains=word)
        return " ".join(values), condition


@dataclass(frozen=True)
class Codes(Field):
    """Named tasks."""

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        words = "、".join(values[:3]) + (f" 等 {len(values)} 项" if len(values) > 3 else "")
        return words, Q(code__in=list(values))


@dataclass(frozen=True)
class Measure(Field):
    """Counting things of one measure, whose sums add up."""

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        rows = Task.objects.filter(campaign=reading.campaign, quantity_unit__in=list(values)).counted()
        return "、".join(values), Q(pk__in=rows.values("pk"))


@dataclass(frozen=True)
class Silence(Field):
    """Nothing reported for so many days."""

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        if len(values) != 1 or not values[0].isdecimal() or not 1 <= int(values[0]) <= 366:
            raise ValueError("请写天数，1 到 366，如 14。")
        days = int(values[0])
        since = dt.datetime.combine(reading.today - dt.timedelta(days=days), dt.time.min, reading.campaign.zone)
        quiet = Q(last_report_at=None) | Q(last_report_at__lt=since)
        return f"{days} 天以上", Q(state=Task.State.OPEN) & quiet


@dataclass(frozen=True)
class Batch(Field):
    """Brought in by one import."""

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        if not all(is_id(value) for value in values):
            raise ValueError("没有这次导入，请从导入记录里打开。")
        return "这次导入的任务", Q(batch__in=list(values))


def _lamp(value: str, reading: Reading) -> Q:
    if value == "returned":
        return Q(state=Task.State.OPEN, is_returned=True)
    return lamps.conditions(value, today=reading.today, notice_days=reading.campaign.notice_days)


def _state(value: str, _: Reading) -> Q:
    """What is not closed presses before all that is, which lets a list sorted by urgency begin at the right end."""
    if value == "unclosed":
        return Q(state__in=Task.OPEN_STATES, urgency_on__lt=FAR[Task.State.DONE])
    return Q(state=value)


def _freq(value: str, _: Reading) -> Q:
    return {"any": ~Q(freq=""), "none": Q(freq="")}.get(value, Q(freq=value))


def _role(value: str, reading: Reading) -> Q:
    """With `f.unit` in force the two are one condition, which `f.unit` makes. A duty is found in most tasks, so each
    row is asked for it: a list of all of them would be as long as the ledger."""
    if reading.has_units:
        return Q()
    return Q(Exists(Assignment.objects.filter(campaign=reading.campaign, task=OuterRef("pk"), role=value)))


def _some(model: Any, reading: Reading, *conditions: Q, **lookup: object) -> Q:
    """Tasks with such a row, by way of the rows: there are few of them."""
    rows = model.objects.filter(*conditions, campaign=reading.campaign, **lookup)
    return Q(pk__in=rows.values("task"))


def _switch(yes: Q, no: Q | None = None) -> Callable[[str, Reading], Q]:
    return lambda value, _: yes if value == "yes" else (no if no is not None else ~yes)


def _between(path: str) -> Callable[[Span, Reading], Q]:
    return lambda span, _: span.condition(path)


def _milestone(path: str, **lookup: object) -> Callable[[Span, Reading], Q]:
    return lambda span, reading: _some(Milestone, reading, span.condition(path), is_recheck=False, **lookup)


#: When what is closed is to be looked at again.
_RECHECKED = (("any", "在保持"), ("late", "复查逾期"))


def _recheck(value: str, reading: Reading) -> Q:
    return Q(recheck_on__lt=reading.today) if value == "late" else Q(recheck_on__isnull=False)


def _reported(span: Span, reading: Reading) -> Q:
    return _some(ProgressReport, reading, span.moments("at", reading.campaign.zone))


def _having(model: Any, **lookup: object) -> Callable[[str, Reading], Q]:
    """yes: tasks with such a row; no: the others."""

    def ask(value: str, reading: Reading) -> Q:
        found = _some(model, reading, **lookup)
        return found if value == "yes" else ~found

    return ask


def _requested(kind: str, reading: Reading) -> Q:
    return _some(Request, reading, state=Request.State.OPEN, kind=kind)


@dataclass(frozen=True)
class Bound(Days):
    """One end of a span, as a parameter of its own."""

    ask: Callable[[Span, Reading], Q] = field(kw_only=True, repr=False, default=_between("closed_on"))
    is_first: bool = True
    hint: str = "如 2019-09-01"

    def verb(self, values: Sequence[str]) -> str:
        return "自" if self.is_first else "至"

    def conditions(self, values: Sequence[str], reading: Reading) -> tuple[str, Q]:
        span = read_span(values[0] if len(values) == 1 else ",".join(values), today=reading.today)
        if span.first is None or span.first != span.last:
            raise ValueError(f"请写一天，{self.hint}。")
        half = replace(span, last=None) if self.is_first else replace(span, first=None)
        return span.words(today=reading.today), self.ask(half, reading)


_MEASURED, _UNMEASURED = Q(has_target=True), Q(has_target=False, freq="")
_REQUESTED = (("extension", "申请延期"), ("decline", "退单"))


def _fields() -> list[Field]:
    lamp_choices = (*Lamp.choices, ("returned", "已退回"))
    return [
        Words("q", "查找", is_offered=False),
        Layer("f.program", "工程", source="/tasks/options/program"),
        Layer("f.project", "项目", source="/tasks/options/project", kind="project"),
        Units("f.unit", "单位", source="/tasks/options/unit"),
        Choice("f.role", "职责", tuple(Role.choices), ask=_role, can_negate=False),
        Choice("f.lamp", "状态", tuple(lamp_choices), ask=_lamp),
        Choice("f.state", "办理", (("unclosed", "未销号"), *Task.State.choices), ask=_state, is_offered=False),
        Days("f.due", "时限", ask=_between("due_on"), none=Q(due_on=None)),
        Choice("f.freq", "频次", (("any", "周期任务"), ("none", "非周期"), *Freq.choices), ask=_freq),
        Choice("f.kind", "类型", tuple(Task.Kind.choices), ask=lambda value, _: Q(kind=value)),
        Choice("f.strength", "力度", tuple(Task.Strength.choices), ask=lambda value, _: Q(strength=value)),
        Flag("f.measure", "量化指标", ask=_switch(_MEASURED, _UNMEASURED)),
        Flag("f.key", "重点督办", ask=_switch(Q(is_key_item=True))),
        Choice("f.recheck", "常态保持", _RECHECKED, ask=_recheck),
        Flag("f.returned", "被退回", ask=_switch(Q(is_returned=True))),
        Flag("f.assumed", "时限待确认", ask=_switch(Q(is_due_assumed=True))),
        Flag("f.open_ended", "单位待明确", ask=_switch(~Q(open_ended_units=""))),
        Flag("f.orphan", "无人负责", ask=_switch(Q(main_unit=None))),
        Flag("f.evidence", "有佐证", ask=_switch(Q(evidence_count__gt=0))),
        Silence("f.silent", "未更新", hint="天数，如 14"),
        Choice("f.request", "待答复", _REQUESTED, ask=_requested),
        Days("f.milestone_due", "节点时限", ask=_milestone("due_on", state="open", is_assumed=False), is_offered=False),
        Days("f.milestone_closed", "节点销号", ask=_milestone("closed_on", state="done"), is_offered=False),
        Flag("f.late_closed", "超期销号", ask=_having(Milestone, state="done", late_days__gt=0, is_recheck=False)),
        Flag("f.moved", "时限改过", ask=_having(DeadlineChange)),
        Measure("f.counted_in", "计量单位", hint="如 条", is_offered=False),
        Bound("f.closed_from", "销号自", is_first=True),
        Bound("f.closed_to", "销号至", is_first=False),
        Days("f.reported", "有更新", ask=_reported),
        Codes("f.code", "编号", is_offered=False),
        Batch("f.batch", "导入", is_offered=False),
    ]


FIELDS: dict[str, Field] = {field.name: field for field in _fields()}
