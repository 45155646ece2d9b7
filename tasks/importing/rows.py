"""One row of a plan as read: the contract's keys, and what committing it needs beside them."""

from dataclasses import MISSING, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell. `level`: blocks or warns. `near`: what to offer instead."""

    code: str
    level: str
    message: str
    column: str = ""
    cell: str = ""
    near: str = ""
    text: str = ""
    """The words in question: a unit's name, a limit."""

    def as_dict(self) -> dict[str, str]:
        said = {"code": self.code, "level": self.level, "message": self.message, "column": self.column}
        more = {"cell": self.cell, "near": self.near, "text": self.text}
        return said | {key: value for key, value in more.items() if value}


@dataclass(frozen=True)
class Row:
    """Dates are ISO text, so that a reading can be kept as JSON and shown again without loss."""

    program: str
    project: str
    title: str
    sentence: str
    sheet: str
    row: int
    part: int = 0
    """Which numbered clause of its cell the row is, counted from 1; 0: the cell says one thing."""
    source_offset: int | None = None
    lead_units: tuple[str, ...] = ()
    primary_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    support_units: tuple[str, ...] = ()
    units_open_ended: bool = False
    role_explicit: bool = True
    deadline_text: str = ""
    deadline_kind: str = "none"
    due_date: str | None = None
    recurrence: dict[str, Any] | None = None
    targets: tuple[dict[str, Any], ...] = ()
    soft: bool = False
    problems: tuple[RowProblem, ...] = ()
    code: str = ""
    number: str = ""
    remark: str = ""
    standard: str = ""
    problem: str = ""
    """What was found, and `place` where, in a ledger of problems."""
    place: str = ""
    strength: str = ""
    unit_cells: dict[str, str] = field(default_factory=dict)
    """Unit as written -> the cell it stands in."""
    limit: dict[str, Any] = field(default_factory=dict)
    """More of the limit: subkind, event, start_date, alternatives, milestones, recurrences, weekday, interval."""

    def as_dict(self) -> dict[str, Any]:
        said = {key: value for key, value in self.__dict__.items() if key != "problems"}
        return said | {"problems": [problem.as_dict() for problem in self.problems]}

    def kept(self) -> dict[str, Any]:
        """As it is kept with its batch: what it says, without all it does not say."""
        said = {key: value for key, value in self.__dict__.items() if key not in _SILENT or value != _SILENT[key]}
        if said["sentence"] == said["title"]:
            del said["sentence"]
        return said | {"problems": [problem.as_dict() for problem in self.problems]} if self.problems else said

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Row":
        """From `as_dict` or `kept`. Filled without `__init__`, which costs five times as much in ten thousand rows."""
        row = object.__new__(cls)
        values = row.__dict__
        values.update(_SILENT, sentence=said["title"], unit_cells={}, limit={})
        for key, value in said.items():
            values[key] = tuple(value) if isinstance(value, list) else value
        if values["problems"]:
            values["problems"] = tuple(RowProblem(**problem) for problem in said["problems"])
        return row

    def but(self, **changes: Any) -> "Row":
        """The row with some columns otherwise: `dataclasses.replace` at a tenth of its cost."""
        row = object.__new__(Row)
        row.__dict__.update(self.__dict__, **changes)
        return row

    @property
    def units(self) -> dict[str, tuple[str, ...]]:
        return {
            "lead": self.lead_units, "primary": self.primary_units,
            "responsible": self.responsible_units, "support": self.support_units,
        }  # fmt: skip

    @property
    def key(self) -> str:
        """Names the row within its file."""
        return f"{self.sheet}!{self.row}" + (f".{self.part}" if self.part else "")

    @property
    def is_blocked(self) -> bool:
        return any(problem.level == "blocks" for problem in self.problems)


_SILENT: dict[str, Any] = {
    column.name: column.default if column.default is not MISSING else {}
    for column in fields(Row)
    if column.default is not MISSING or column.default_factory is not MISSING
}
