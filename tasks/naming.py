"""What the codes, ids and names in a filter stand for: programs, projects and units, all by one query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, Value

from campaign.models import Campaign, Program, Project, Unit

KINDS = ("program", "project", "unit")
_MODELS: dict[str, Any] = {"program": Program, "project": Project, "unit": Unit}
_SHORT: dict[str, Any] = {"program": "short_name", "project": Value(""), "unit": "short_name"}


@dataclass(frozen=True)
class Named:
    pk: UUID
    name: str


#: By kind, then by what it was asked as.
Names = Mapping[str, Mapping[str, Named]]
NO_NAMES: Names = {kind: {} for kind in KINDS}


def names_of(campaign: Campaign, wanted: Mapping[str, Collection[str]]) -> Names:
    """Unknown ones are not in it."""
    parts = [
        _MODELS[kind]
        .objects.filter(_asked(kind, wanted[kind]), campaign=campaign)
        .order_by()
        .values_list(Value(kind), "pk", "name" if kind == "unit" else "code", "name", _SHORT[kind])
        for kind in KINDS
        if wanted[kind]
    ]
    found: dict[str, dict[str, Named]] = {kind: {} for kind in KINDS}
    for kind, pk, asked, name, short in parts[0].union(*parts[1:], all=True) if parts else ():
        row = Named(pk, short or name)
        found[kind] |= {asked: row, str(pk): row} if kind == "unit" else {asked: row}
    return found


def _asked(kind: str, values: Collection[str]) -> Q:
    if kind != "unit":
        return Q(code__in=values)
    return Q(pk__in=[value for value in values if is_id(value)]) | Q(name__in=values)


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
