"""What a person should look at in a drafted row."""

from collections.abc import Iterator

from tasks.extraction.drafts import DraftRow
from tasks.importing.rows import RowProblem
from tasks.language.units import is_open_group


def doubts_of(row: DraftRow, *, is_unclear: bool) -> Iterator[RowProblem]:
    names = [name for units in row.units.values() for name in units]
    if not names:
        yield RowProblem("unit_missing", "warns", "这句话没有写由谁来做，导入后会列入“没有责任单位”的任务。")
    if is_unclear:
        yield RowProblem(
            "carried_unclear",
            "warns",
            f"这句话没有主语，上文最近的单位是“{'、'.join(names)}”，请看看是不是。",
            text="、".join(names),
        )
    if row.units_open_ended:
        yield RowProblem("units_open", "warns", "“等部门”待明确是哪些。")
    for name in names:
        if is_open_group(name):
            yield RowProblem("group_open", "warns", f"“{name}”没有写明是哪些，先按原文留在任务上。", text=name)
        if "XX" in name:
            yield RowProblem("unit_masked", "warns", f"“{name}”的名称遮去了，请写明是哪个单位。", text=name)
    yield from _limit_doubts(row)
    if any(target.get("masked") for target in row.targets):
        yield RowProblem("number_masked", "warns", "数量写的是 X，导入后目标值空着，请补上。")


def _limit_doubts(row: DraftRow) -> Iterator[RowProblem]:
    subkind = row.limit.get("subkind", "")
    if row.limit.get("ambiguous") and row.deadline_kind == "fixed" and row.due_date:
        other = row.limit["alternatives"][0]
        said = f"“{row.deadline_text}”读作{_day(row.due_date)}止；也可能是{_day(other)}。"
        yield RowProblem("deadline_ambiguous", "warns", said, near=other, text=row.deadline_text)
    elif subkind == "masked":
        yield RowProblem(
            "deadline_masked", "warns", f"“{row.deadline_text}”的月份遮去了，没有日期，请补上。", text=row.deadline_text
        )
    elif subkind == "impossible":
        near = next(iter(row.limit.get("alternatives", ())), "")
        ask = f"，是不是{_day(near)}？" if near else "。"
        yield RowProblem(
            "date_impossible", "warns", f"“{row.deadline_text}”没有这一天{ask}", near=near, text=row.deadline_text
        )


def _day(iso: str) -> str:
    return f"{int(iso[5:7])}月{int(iso[8:10])}日"
