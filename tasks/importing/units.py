"""The units of rows in the campaign: group words opened into their members, vague ones kept as open ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from campaign.models import Campaign, Unit
from campaign.pinyin import search_text
from tasks.importing.cells import Cell
from tasks.importing.naming import new_units
from tasks.importing.rows import Row, RowProblem
from tasks.language.units import Known, group_kind, is_open_group
from tasks.models import Role

#: Whom 各单位 and 各有关单位 mean.
_ANY = (Unit.Kind.DEPARTMENT, Unit.Kind.STREET, Unit.Kind.ENTERPRISE, Unit.Kind.OTHER)
_FORM_KINDS = {"school": Unit.Kind.OTHER}


@dataclass(frozen=True)
class Duty:
    """One unit in one role; `group_text` keeps the words it was opened from."""

    unit: Unit
    role: str
    group_text: str = ""


@dataclass(frozen=True)
class Duties:
    """Who has a duty in a row, and what is still open. A duty written for a group is owed by each member."""

    duties: tuple[Duty, ...]
    open_ends: tuple[str, ...]

    @cached_property
    def owners(self) -> tuple[Unit | None, ...]:
        """Who owes milestones: each member of a group and the first named unit; without a group one unit for all."""
        named = [
            duty.unit
            for role in (Role.PRIMARY, Role.LEAD, Role.RESPONSIBLE)
            for duty in self.duties
            if duty.role == role and not duty.group_text
        ]
        members = [duty.unit for duty in self.duties if duty.group_text and duty.role != Role.SUPPORT]
        if not members:
            others = [duty.unit for duty in self.duties]
            return (named[0] if named else others[0] if others else None,)
        return tuple(dict.fromkeys([*named[:1], *members]))

    @property
    def told(self) -> frozenset[tuple[str, str]]:
        """(role, words of the plan), for comparing with what the ledger holds."""
        return frozenset((duty.role, duty.group_text or duty.unit.name) for duty in self.duties)


@dataclass
class Roster:
    """All units of a campaign by name and kind."""

    campaign: Campaign
    by_name: dict[str, Unit] = field(default_factory=dict)
    _members: dict[str, list[Unit]] = field(default_factory=dict)
    _duties: dict[tuple[Any, ...], Duties] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign) -> "Roster":
        units = Unit.objects.filter(campaign=campaign).active().in_order()
        return cls(campaign, {unit.name: unit for unit in units})

    def known(self) -> list[Known]:
        """As the reader needs them."""
        return [Known(u.name, u.kind, tuple(filter(None, [u.short_name, *u.aliases]))) for u in self.by_name.values()]

    def admit(self, rows: Iterable[Row]) -> list[Unit]:
        """Unsaved units for the new names of the rows, after the last of the present order."""
        last = max((unit.order for unit in self.by_name.values() if unit.order < 900_000), default=0)
        made = []
        for name, kind in new_units(rows).items():
            if name not in self.by_name:
                last += 10
                unit = Unit(
                    campaign=self.campaign,
                    name=name,
                    kind=_FORM_KINDS.get(kind, kind),
                    order=last,
                    search_text=search_text(name),
                )
                self.by_name[name] = unit
                made.append(unit)
        self._members.clear()
        self._duties.clear()
        return made

    def members(self, kind: str) -> list[Unit]:
        if kind not in self._members:
            kinds = _ANY if kind == "any" else (_FORM_KINDS.get(kind, kind),)
            office = self.campaign.office_name
            found = [unit for unit in self.by_name.values() if unit.kind in kinds and unit.name != office]
            self._members[kind] = sorted(found, key=lambda unit: (unit.order, unit.name))
        return self._members[kind]

    def doubted(self, row: Row) -> Row:
        """The row with a warning for each group that has no member yet: nobody would owe its share."""
        empty = [
            name
            for names in row.units.values()
            for name in names
            if (kind := group_kind(name)) and not self.members(kind)
        ]
        problems = [_empty_group(name, row.unit_cells.get(name, "")) for name in dict.fromkeys(empty)]
        return row.but(problems=(*row.problems, *problems)) if problems else row

    def duties(self, row: Row) -> Duties:
        """Everyone a row names. A name nobody knows is left out: the row says so as a problem."""
        named = (row.lead_units, row.primary_units, row.responsible_units, row.support_units, row.units_open_ended)
        if named not in self._duties:
            self._duties[named] = self._opened(row)
        return self._duties[named]

    def _opened(self, row: Row) -> Duties:
        duties: dict[tuple[str, str], Duty] = {}
        open_ends: list[str] = []
        for role, names in row.units.items():
            for name in names:
                kind = group_kind(name)
                if name in self.by_name:
                    duties[role, name] = Duty(self.by_name[name], role)
                elif kind and (members := self.members(kind)):
                    for unit in members:
                        duties.setdefault((role, unit.name), Duty(unit, role, name[:40]))
                elif kind or is_open_group(name):
                    open_ends.append(name)
        if row.units_open_ended:
            open_ends.append("等相关部门")
        return Duties(tuple(duties.values()), tuple(dict.fromkeys(open_ends)))


def _empty_group(name: str, cell: str) -> RowProblem:
    said = f"名录里还没有“{name}”的成员，先按原文留在任务上；登记了单位再导，会分到每一家。"
    return RowProblem("group_empty", "warns", said, Cell(cell).column, cell, text=name)
