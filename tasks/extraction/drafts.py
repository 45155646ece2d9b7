"""What reading a text gives: drafted rows tied to their places, the totals the text states, and problems of the whole."""

from dataclasses import dataclass, field
from typing import Any

from campaign.problems import Problem
from tasks.importing.rows import Row

Span = tuple[int, int]
"""Start and end as Python counts characters of the text that was given to `read_plan`."""


@dataclass(frozen=True)
class DraftRow(Row):
    """A row of the contract, tied to the text. `sheet` is empty, `row` counts the drafts from 1.

    `specificity`: measurable (a measure, day or rhythm) / deliverable (something that can be shown) / general.
    """

    end: int = 0
    """`source_offset` to `end` is the sentence."""
    unit_spans: tuple[Span, ...] = ()
    """Where the units' names stand: for carried-over units in an earlier sentence."""
    limit_spans: tuple[Span, ...] = ()
    """Words of the limit or rhythm, perhaps in an earlier clause."""
    measure_spans: tuple[Span, ...] = ()
    carried_over: bool = False
    """The units stand in an earlier clause or sentence; this is usual and no doubt by itself."""
    inherited: tuple[str, ...] = ()
    """Which of "units", "deadline" were carried over."""
    specificity: str = "general"
    group: int = 0
    """Rows of one written sentence share it."""

    @property
    def span(self) -> Span:
        return self.source_offset or 0, self.end

    @property
    def is_doubtful(self) -> bool:
        """Something to look at. Units carried over are a doubt only where that is unclear (code `carried_unclear`)."""
        return any(problem.code in DOUBTS for problem in self.problems)

    def as_dict(self) -> dict[str, Any]:
        return super().as_dict() | {name: [list(span) for span in getattr(self, name)] for name in _SPANS}

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "DraftRow":
        spans = {name: tuple((first, last) for first, last in said[name]) for name in _SPANS}
        row = super().from_dict(said)
        assert isinstance(row, cls)
        return cls(**row.__dict__ | spans)


_SPANS = ("unit_spans", "limit_spans", "measure_spans")

#: code of a row's problem -> the short word under which the page counts it
DOUBTS = {
    "carried_unclear": "单位承上句", "units_open": "等部门", "group_open": "相关单位", "deadline_ambiguous": "时限歧义",
    "number_masked": "数量不明", "deadline_masked": "月份遮去", "date_impossible": "没有这一天", "unit_near": "单位名称",
    "unit_missing": "没有单位", "unit_masked": "单位遮去",
}  # fmt: skip


@dataclass(frozen=True)
class StatedTotal:
    """A total the text states of itself (35个项目、171项工作任务): never a target, but checked against what is there."""

    what: str
    """As written: 项目, 工作任务, 失分内容."""
    counts: str
    """programs / projects / tasks, or "" where it counts something that is no layer of the plan."""
    value: int
    unit: str
    start: int
    end: int
    sentence: str = ""

    def as_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)


@dataclass(frozen=True)
class Plan:
    """The reading of a whole text."""

    title: str
    rows: tuple[DraftRow, ...]
    totals: tuple[StatedTotal, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What is wrong with the whole text; problems of one row stand on the row."""
    body: tuple[Span, ...] = field(default=())
    """The parts of the text that were read; what is outside is the page around it."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "rows": [row.as_dict() for row in self.rows],
            "row_count": len(self.rows),
            "totals": [total.as_dict() for total in self.totals],
            "problems": [problem.as_dict() for problem in self.problems],
            "body": [list(span) for span in self.body],
        }
