"""The columns the ledger can show: their heads, how they sort, and which are there unless a person chooses."""

from dataclasses import dataclass

from django.db.models import F
from django.db.models.expressions import OrderBy


@dataclass(frozen=True)
class Column:
    """`order` names the columns an index of Task begins with (campaign apart); without `is_indexed` only short lists
    are sorted by it."""

    key: str
    label: str
    order: tuple[str, ...]
    css: str = ""
    is_indexed: bool = True
    has_nulls: bool = False
    is_default: bool = True

    def ordering(self, *, is_descending: bool) -> list[OrderBy]:
        """A total order: the code decides among equals. Unknown days stand last, or first when turned round, which is
        how an index read backwards gives them."""
        names = self.order if "code" in self.order else (*self.order, "code")
        return [self._by(name, is_descending=is_descending) for name in names]

    def _by(self, name: str, *, is_descending: bool) -> OrderBy:
        if not (self.has_nulls and name == self.order[0]):
            return OrderBy(F(name), descending=is_descending)
        if is_descending:
            return OrderBy(F(name), descending=True, nulls_first=True)
        return OrderBy(F(name), nulls_last=True)


_ALL = (
    Column("code", "编号", ("code",), "w-code"),
    Column("title", "任务", ("title",)),
    Column("lamp", "状态", ("urgency_on",), "w-lamp"),
    Column("unit", "主责单位", ("main_unit_order", "main_unit"), "w-unit"),
    Column("quantity", "完成量", ("progress_share",), "w-quantity"),
    Column("due", "时限", ("due_on",), "w-due r", has_nulls=True),
    Column("evidence", "佐证", ("evidence_count",), "w-evidence r"),
    Column("updated", "更新", ("last_report_at",), "w-updated r", has_nulls=True),
    Column("program", "工程", ("code",), "w-program", is_default=False),
    Column("project", "项目", ("code",), "w-project", is_default=False),
    Column("freq", "频次", ("freq",), "w-freq", is_indexed=False, is_default=False),
    Column("strength", "力度", ("strength",), "w-freq", is_indexed=False, is_default=False),
    Column("deadline_text", "时限原文", ("deadline_text",), "w-text", is_indexed=False, is_default=False),
    Column("closed", "销号日期", ("closed_on",), "w-due r", has_nulls=True, is_indexed=False, is_default=False),
    Column("urged", "催办", ("urgency_on",), "w-urged", is_default=False),
    Column("remark", "备注", ("remark",), "w-text", is_indexed=False, is_default=False),
)
COLUMNS: dict[str, Column] = {column.key: column for column in _ALL}
DEFAULT = tuple(column.key for column in _ALL if column.is_default)
#: Where everybody's eye goes first; they cannot be taken away.
FIXED = ("code", "title", "lamp")


def chosen(text: str) -> tuple[str, ...]:
    """Columns named in a URL or kept for a person, in their order; unknown ones are left out, fixed ones always in."""
    named = [key for key in dict.fromkeys(text.split(",")) if key in COLUMNS]
    if not named:
        return DEFAULT
    return (*(key for key in FIXED if key not in named), *named)
