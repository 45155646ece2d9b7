"""How one person likes one view of the ledger to look: columns, row height, folded groups. Kept with the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaign.models import User
from tasks import columns as column_choice

DENSITIES = {"dense": "紧凑", "normal": "标准", "loose": "宽松"}
#: Folded groups kept for one view, and views kept for one person: the oldest go first.
MOST_FOLDED, MOST_VIEWS = 60, 30


@dataclass(frozen=True)
class Layout:
    columns: str = ""
    density: str = "normal"
    folded: tuple[str, ...] = ()


def layout_of(user: User, view: str) -> Layout:
    """What was kept, as far as it still means something."""
    kept: Mapping[str, Any] = user.layouts.get(view, {})
    density = kept.get("density", "normal")
    return Layout(
        columns=kept.get("columns", ""),
        density=density if density in DENSITIES else "normal",
        folded=tuple(kept.get("folded", ())),
    )


def keep_layout(user: User, view: str, **changes: Any) -> None:
    """Changes `columns` (keys), `density`, `fold` or `unfold` (keys of groups) of one view."""
    with transaction.atomic():
        row = User.objects.select_for_update().only("layouts").get(pk=user.pk)
        old = layout_of(row, view)
        folded = [key for key in old.folded if key not in {*changes.get("unfold", ()), *changes.get("fold", ())}]
        density = changes.get("density", old.density)
        columns = changes.get("columns")
        new = {
            "columns": old.columns if columns is None else ",".join(column_choice.chosen(",".join(columns))),
            "density": density if density in DENSITIES else old.density,
            "folded": [*folded, *changes.get("fold", ())][-MOST_FOLDED:],
        }
        others = {key: value for key, value in row.layouts.items() if key != view}
        row.layouts = dict([*others.items(), (view, new)][-MOST_VIEWS:])
        row.save(update_fields=["layouts"])
