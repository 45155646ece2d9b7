"""The papers that write themselves from the ledger: what each tells of, from which facts, in which parts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaign.clock import Week
from campaign.models import Campaign
from reports import facts, wording, yearfacts, yearwording
from reports.models import Briefing, Document
from reports.wording import OWN, Part

Facts = facts.Facts | yearfacts.YearFacts


@dataclass(frozen=True)
class Kind:
    """`mark` follows the campaign's short name in the paper's head; `revive` makes frozen facts speak again."""

    mark: str
    parts: tuple[Part, ...]
    collect: Callable[[Briefing, dt.date], Any]
    revive: Callable[[dict[str, Any]], Any]
    title: Callable[[Campaign, Any], str]


KINDS = {
    Document.Kind.BRIEFING: Kind(
        mark="工作简报",
        parts=wording.PARTS,
        collect=lambda row, today: facts.collect(row.campaign, Week(row.first_day), today=today),
        revive=facts.Facts.of,
        title=wording.title_of,
    ),
    Document.Kind.SUMMARY: Kind(
        mark="工作总结",
        parts=yearwording.PARTS,
        collect=lambda row, today: yearfacts.collect(row.campaign, today=today),
        revive=yearfacts.YearFacts.of,
        title=yearwording.title_of,
    ),
}
PARTS = {part.key: part for kind in KINDS.values() for part in kind.parts}


def of(briefing: Briefing) -> Kind:
    return KINDS[Document.Kind(briefing.kind)]


def part_of(key: str) -> Part:
    """A section the office added has only its own words."""
    return PARTS.get(key, OWN)
