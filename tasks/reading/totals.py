"""Totals a text states of itself, beside what is there. What counts no layer of the plan is kept apart from what does."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.models import Campaign, Program, Project
from tasks.models import SourceDocument, Task

_LAYERS = {"programs": Program, "projects": Project}
#: No text states more tasks than this; a ledger is counted no further.
MOST = 5_000


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
    tasks = Task.objects.filter(campaign=campaign, kind=Task.Kind.PLAN).order_by()
    return found | {"tasks": tasks[:MOST].count()}


def checked(document: SourceDocument, there: Mapping[str, int]) -> list[Checked]:
    """Each layer once, as the text says it first; then what counts something else, or counts it otherwise later on."""
    layers: dict[str, Checked] = {}
    apart: dict[tuple[str, int], Checked] = {}
    for said in document.totals:
        counts = said["counts"]
        is_first = bool(counts) and counts not in layers
        one = Checked(
            said["what"], said["value"], said["unit"], there.get(counts) if is_first else None, said.get("sentence", ""),
            said["start"], counts,
        )  # fmt: skip
        if is_first:
            layers[counts] = one
        elif not counts or layers[counts].stated != one.stated:
            apart.setdefault((one.what, one.stated), one)
    return [*layers.values(), *apart.values()]


def disagreement(campaign: Campaign) -> tuple[SourceDocument, list[Checked]] | None:
    """The latest document whose totals the ledger does not match, for the ledger's own page."""
    documents = SourceDocument.objects.filter(campaign=campaign, kind=SourceDocument.Kind.SPEECH).exclude(totals=[])
    document = documents.defer("text").order_by("-created_at", "-id").first()
    if document is None:
        return None
    wrong = [one for one in checked(document, counts_of(campaign)) if one.differs]
    return (document, wrong) if wrong else None
