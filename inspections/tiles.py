"""The eight tiles an inspector taps: learned from the checklist of the type of place, in an order that never jumps."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inspections import limits
from inspections.models import ChecklistItem
from inspections.models.orders import OrderPolicy
from inspections.models.places import Severity

#: Tiles every place may need, in the order thumbs learn; what else a checklist names comes before 其他.
ICONS = {
    "环境脏乱": "trash-2",
    "占道经营": "store",
    "乱停车": "square-parking",
    "设施破损": "wrench",
    "小广告": "sticker",
    "飞线晾晒": "plug-zap",
    "不文明行为": "frown",
}
OTHER, OTHER_ICON, UNKNOWN_ICON = "其他", "ellipsis", "circle-alert"
#: What a checklist's item may be filed under.
TILES = (*ICONS, OTHER)
COUNT = 8


@dataclass(frozen=True)
class Tile:
    """`item` is the checklist item the tile stands for, where the checklist has one of this tile only."""

    name: str
    icon: str
    item: UUID | None
    severity: str
    limit: str


def tiles_of(items: Iterable[ChecklistItem], policy: OrderPolicy, *, found: Counter[str] | None = None) -> list[Tile]:
    """The tiles of one type: its checklist's own and what was found most, filled up with the common ones."""
    rows = list(items)
    weight = Counter(item.tile for item in rows if item.tile != OTHER)
    for name, count in (found or Counter()).items():
        if name and name != OTHER:
            weight[name] += count
    chosen = [name for name, _ in weight.most_common(COUNT - 1)]
    chosen += [name for name in ICONS if name not in chosen][: COUNT - 1 - len(chosen)]
    known = [name for name in ICONS if name in chosen]
    names = [*known, *sorted(name for name in chosen if name not in ICONS), OTHER]
    return [_tile(name, [item for item in rows if item.tile == name], policy) for name in names]


def _tile(name: str, items: list[ChecklistItem], policy: OrderPolicy) -> Tile:
    only = items[0] if len(items) == 1 and name != OTHER else None
    severity = only.severity if only else Severity.MINOR
    icon = OTHER_ICON if name == OTHER else ICONS.get(name, UNKNOWN_ICON)
    return Tile(name, icon, only.pk if only else None, severity, limits.words_of(policy, severity))


def found_by_type(findings: Iterable[tuple[UUID | None, str, int]]) -> dict[UUID | None, Counter[str]]:
    """Counts of findings by type and tile, from rows (type, tile, count)."""
    result: dict[UUID | None, Counter[str]] = {}
    for kind, tile, count in findings:
        result.setdefault(kind, Counter())[tile] += count
    return result
