"""Totals a text states of itself, beside what is there. What counts no layer of the plan is kept apart from what does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaign.models import Campaign, Program, Project
from tasks.models import SourceDocument, Task

_LAYERS = {"programs": Program, "projects": Project}
_UNITS = {"programs": "大", "projects": "个", "tasks": "项"}


@dataclass(frozen=True)
class Checked:
    """One stated total. `there` None: it counts something that is no layer of the plan (35项失分内容)."""

    what: str
    stated: int
    unit: str
    there: int | None
    sentence: str
    start: int
    counts: str

    @property
    def gap(self) -> int:
        """How many the ledger lacks; below nothing: how many it has more."""
        return self.stated - (self.there or 0)

    @property
    def differs(self) -> bool:
        return self.there is not None and self.there != self.stated

    @property
    def url(self) -> str:
        return "/tasks?view=all" if self.counts == "tasks" else "/tasks?view=all&group=program"


def counts_of(campaign: Campaign) -> dict[str, int]:
    """Layers of the plan as the ledger holds them."""
    found = {name: model.objects.filter(campaign=campaign).count() for name, model in _LAYERS.items()}
    return found | {"tasks": Task.objects.filter(campaign=campaign, kind=Task.Kind.PLAN).count()}


def checked(document: SourceDocument, there: Mapping[str, int]) -> list[Checked]:
    """Each layer once, as the text says it first; then what counts something else."""
    found: dict[Any, Checked] = {}
    for said in document.totals:
        counts = said["counts"]
        key = counts or (said["what"], said["value"], said["start"])
        if key not in found:
            found[key] = Checked(
                said["what"], said["value"], said["unit"], there.get(counts) if counts else None, said.get("sentence", ""),
                said["start"], counts,
            )  # fmt: skip
    return sorted(found.values(), key=lambda one: (one.there is None, one.start))


def disagreement(campaign: Campaign) -> tuple[SourceDocument, list[Checked]] | None:
    """The latest document whose totals the ledger does not match, for the ledger's own page."""
    documents = SourceDocument.objects.filter(campaign=campaign, kind=SourceDocument.Kind.SPEECH).exclude(totals=[])
    document = documents.defer("text").order_by("-created_at", "-id").first()
    if document is None:
        return None
    wrong = [one for one in checked(document, counts_of(campaign)) if one.differs]
    return (document, wrong) if wrong else None
