"""One phrase of a plan, read: its limit, its rhythm, its targets and its strength, put together."""

from dataclasses import dataclass
from datetime import date

from tasks.language.deadlines import Deadline, read_deadlines, with_month_before
from tasks.language.quantities import Target, read_targets
from tasks.language.rhythms import Rhythm, count_spans, read_rhythms
from tasks.language.strength import Strength, read_strength
from tasks.language.telling import told
from tasks.language.text import even, veil

#: Nobody writes a limit behind this many characters; what does is no phrase.
LONGEST = 4_000


@dataclass(frozen=True)
class Phrase:
    text: str
    kind: str
    """recurring / fixed / year_end / quantity / none"""
    due_on: date | None
    deadlines: tuple[Deadline, ...]
    rhythms: tuple[Rhythm, ...]
    targets: tuple[Target, ...]
    strength: Strength

    @property
    def recurrence(self) -> dict[str, object] | None:
        """The first rhythm; several days of one month (每月5日、20日) count as one rhythm of that many."""
        if not self.rhythms:
            return None
        first = self.rhythms[0]
        same_day = [r for r in self.rhythms if r.day_of_month and r.freq == first.freq]
        return first.as_dict() | ({"count": len(same_day)} if len(same_day) > 1 else {})

    @property
    def deadline_kind(self) -> str:
        return "none" if self.kind == "quantity" else self.kind

    @property
    def milestones(self) -> tuple[date, ...]:
        """The days of a limit that is told in phases (6月底前完成50%, 12月底前全部完成)."""
        days = tuple(d.due_on for d in self.deadlines if d.due_on)
        return days if len(days) > 1 and self.kind != "recurring" else ()

    def target_dicts(self) -> list[dict[str, object]]:
        dated = [d for d in self.deadlines if d.due_on] if self.milestones else []
        said = []
        for target in self.targets:
            by = [d.due_on for d in dated if d.start < target.end and d.due_on]
            said.append(target.as_dict() | ({"by": by[-1].isoformat()} if by else {}))
        return said

    def as_dict(self) -> dict[str, object]:
        """The contract's keys, and beside them what helps a person: second readings, phases, why there is no date."""
        said: dict[str, object] = {
            "text": self.text, "kind": self.kind, "due_date": self.due_on.isoformat() if self.due_on else None,
            "recurrence": self.recurrence, "targets": self.target_dicts(), "soft": self.strength.is_soft,
        }  # fmt: skip
        return said | self.more()

    def more(self) -> dict[str, object]:
        """What there is to say of the limit beside the contract's keys."""
        more: dict[str, object] = {}
        last = self._last_deadline()
        if last and last.subkind and not (self.targets and last.subkind in ("uncounted", "standard")):
            more["subkind"] = last.subkind
        if last and last.alternatives:
            more |= {"ambiguous": True, "alternatives": [day.isoformat() for day in last.alternatives]}
        if last and last.start_on:
            more["start_date"] = last.start_on.isoformat()
        if last and last.relative:
            more["relative"] = dict(zip(("value", "unit", "from_"), last.relative, strict=True))
        if self.milestones:
            more["milestones"] = [day.isoformat() for day in self.milestones]
        if self.rhythms and self.rhythms[0].weekday:
            more["weekday"] = self.rhythms[0].weekday
        if len(self.rhythms) > 1:
            more["recurrences"] = [rhythm.as_dict() for rhythm in self.rhythms]
        return more

    def _last_deadline(self) -> Deadline | None:
        dated = [d for d in self.deadlines if d.due_on]
        return max(dated, key=lambda d: d.due_on or date.min) if dated else next(iter(self.deadlines), None)


def read_phrase(raw: str, *, year: int, is_column: bool = False, is_month_included: bool = False) -> Phrase:
    """Read one phrase. `is_month_included`: the campaign reads 11月前 as up to the end of November."""
    whole = even(raw[:LONGEST]).text.strip()
    text = whole if is_column else veil(whole, told(whole, year))
    rhythms = read_rhythms(text)
    plain = veil(text, [(r.start, r.end) for r in rhythms] + count_spans(text, rhythms))
    deadlines = [
        with_month_before(d, is_month_included=is_month_included)
        for d in read_deadlines(plain, year=year, is_column=is_column)
    ]
    dated = [d for d in deadlines if d.due_on]
    # A relative or vague limit keeps its number; only its own words are blotted out.
    targets = read_targets(
        veil(
            plain,
            [
                (d.start, d.end)
                for d in deadlines
                if d.kind != "none" or d.relative or d.subkind in ("event", "masked", "impossible")
            ],
        )
    )
    kind, due_on = _kind(rhythms, dated, targets)
    return Phrase(raw, kind, due_on, tuple(deadlines), tuple(rhythms), tuple(targets), read_strength(whole))


def _kind(rhythms: list[Rhythm], dated: list[Deadline], targets: list[Target]) -> tuple[str, date | None]:
    if rhythms:
        return "recurring", None
    if dated:
        last = max(dated, key=lambda d: d.due_on or date.min)
        return last.kind, last.due_on
    return ("quantity" if targets else "none"), None
