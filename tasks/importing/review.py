"""From the cells of one row to a row of the plan, with every problem said at once."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tasks.importing.cells import BLANK, EMPTY_WORDS, NOTHING, Cell
from tasks.importing.duties import units_of
from tasks.importing.rows import Row, RowProblem
from tasks.importing.wrapping import limit_lines
from tasks.language.phrase import Phrase, read_phrase
from tasks.language.text import even

NOTHING_SAID = read_phrase("", year=2000)
_NUMBER = re.compile(
    r"^(?:\d{1,3}\s*[.．、](?!\d)|\d{1,2}(?:[.．-]\d{1,2}){1,2}(?:[.．、]|\s+)|[(（](?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）]|[①-⑳]|[一二三四五六七八九十]{1,3}[、．])"
    r"[.．、]?\s*(?=\S)"
)
_BARE_NUMBER = re.compile(r"(?P<value>\d{1,12}(?:\.\d{1,6})?)\s*(?P<times>[百千万亿]?)(?P<unit>[\u4e00-\u9fff]{0,4})")
_TIMES = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_NO_UNIT = re.compile(r"\d[百千万亿]?$")
_SIGNS = {
    "≥": "不低于",
    "≧": "不低于",
    "⩾": "不低于",
    ">": "超过",
    "≤": "不超过",
    "≦": "不超过",
    "⩽": "不超过",
    "<": "不超过",
}
_COMPARED = re.compile("[" + "".join(_SIGNS) + "](?=\\s*\\d)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_MEASURE_IN_TITLE = re.compile(r"[（(]([\u4e00-\u9fff]{1,4})[)）]$")
_TITLE_LIMIT = 200
#: A rhythm column that says no more than 每季度 or 每月底前.
_BARE_RHYTHM = 6
_VALUE_LIMIT = 1e12
_COUNT_LIMIT = 1000
_STRENGTHS = {"soft": "strive", "firm": "ensure", "start": "start", "push": "advance"}


@dataclass
class Reviewer:
    """Reads rows of one plan; unit names are taken as written (`naming` asks who they are)."""

    year: int
    is_month_included: bool = False
    _limits: dict[str, Phrase] = field(default_factory=dict)

    def read(self, cells: dict[str, Cell], sheet: str, number: int, part: int = 0) -> Row:
        title = cells["title"]
        words, detail = _unnumbered(title.text), cells.get("detail", NOTHING).text
        said = self._said(_one_line(words))
        more = self._said(detail) if detail and detail != title.text else NOTHING_SAID
        if "head" in cells and not said.deadlines and not said.rhythms:
            more = self._said(cells["head"].text)
        limit, limit_problems = self._limit(cells, said if said.deadlines or said.rhythms else more)
        units, unit_problems = units_of(cells)
        said = self._counted(cells, limit, said, words)
        targets = [*said.target_dicts(), *self._more_targets(cells, limit, said, more if detail else NOTHING_SAID)]
        remark = cells.get("remark", NOTHING).text
        row = Row(
            program=cells["program"].text, project=cells["project"].text, title=_one_line(words), sentence=_sentence(cells, words),
            sheet=sheet, row=number, part=part, targets=tuple(targets), remark=remark, standard=cells.get("standard", NOTHING).text,
            problem=cells.get("problem", NOTHING).text, place=cells.get("place", NOTHING).text,
            code=cells.get("code", NOTHING).text, number=cells.get("number", NOTHING).text,
            soft=said.strength.is_soft or limit.get("soft", False) or "力争" in remark,
            strength=_STRENGTHS.get(said.strength.word, ""), problems=(*_title_problems(title), *unit_problems, *limit_problems),
            **units, **{key: limit[key] for key in ("deadline_text", "deadline_kind", "due_date", "recurrence", "limit")},
        )  # fmt: skip
        masks = (*_masks(row, title),)
        return row.but(problems=(*row.problems, *masks)) if masks else row

    def _said(self, text: str) -> Phrase:
        return read_phrase(text, year=self.year, is_month_included=self.is_month_included)

    # limits

    def _limit(self, cells: dict[str, Cell], said: Phrase) -> tuple[dict[str, Any], list[RowProblem]]:
        """The limit of the limit column; the rhythm column's and the task's own words stand in where it is silent."""
        cell = _limit_cell(cells.get("deadline", NOTHING))
        if cell.text in BLANK:
            rhythm = cells.get("rhythm", NOTHING)
            if rhythm.text not in BLANK:
                read = self._read_limit(rhythm.text)
                return _told(read, rhythm.text), _limit_problems(read, rhythm)
            return _told(said, "；".join(d.text for d in said.deadlines if d.due_on)), []
        day = cell.day
        if day:
            fixed = {
                "deadline_text": cell.text if isinstance(cell.value, dt.date) else day.isoformat(),
                "deadline_kind": "fixed",
            }
            return fixed | {"due_date": day.isoformat(), "recurrence": None, "limit": {}}, []
        if cell.is_number and cell.value != int(cell.value):
            return _told(self._read_limit(""), cell.text), [_unclear(cell)]
        read = self._read_limit(cell.text)
        told = _told(read, cell.text)
        if read.recurrence and said.recurrence and len(cell.text) <= _BARE_RHYTHM:
            told["recurrence"] = _both_rhythms(read.recurrence, said.recurrence)
        if said.rhythms and not read.rhythms:
            due = read.due_on.isoformat() if read.kind == "fixed" and read.due_on else None  # 每季度…，到 9月底 为止
            told |= {"deadline_kind": "recurring", "recurrence": said.recurrence, "due_date": due}
        return told, _limit_problems(read, cell)

    def _counted(self, cells: dict[str, Cell], limit: dict[str, Any], said: Phrase, words: str) -> Phrase:
        """每季度 in the column and 活动不少于3次 in the task are one rhythm; its count is then no target as well."""
        column = limit["deadline_text"]
        if not limit["recurrence"] or not said.targets or said.rhythms or said.deadlines or len(column) > _BARE_RHYTHM:
            return said
        both = self._said(column + _one_line(words))
        if both.recurrence is None or len(both.targets) >= len(said.targets):
            return said
        limit["recurrence"] = both.recurrence
        return replace(said, targets=both.targets)

    def _read_limit(self, text: str) -> Phrase:
        if text not in self._limits:
            self._limits[text] = read_phrase(
                text, year=self.year, is_column=True, is_month_included=self.is_month_included
            )
        return self._limits[text]

    def _more_targets(
        self, cells: dict[str, Cell], limit: dict[str, Any], said: Phrase, detail: Phrase
    ) -> list[dict[str, Any]]:
        """Targets written in the limit's cell (6月底前完成50%), in the task's detail or in a column of their own."""
        more = self._limits[limit["deadline_text"]].target_dicts() if limit["deadline_text"] in self._limits else []
        column, measure = cells.get("target", NOTHING), cells.get("measure", NOTHING).text
        if column.text and column.text not in EMPTY_WORDS:
            more += _column_targets(column.text, measure, cells["title"].text, self.year)
        more += detail.target_dicts()
        known = {_amount(target) for target in said.target_dicts()}
        kept: dict[tuple[Any, str], dict[str, Any]] = {}
        for target in more:
            kept.setdefault(_amount(target), target)
        return [target for amount, target in kept.items() if amount not in known]


def _column_targets(text: str, measure: str, title: str, year: int) -> list[dict[str, Any]]:
    """What a column of targets says: words, a number with its unit, or a number whose unit stands beside it."""
    text = _COMPARED.sub(lambda sign: _SIGNS[sign[0]], _THOUSANDS.sub("", even(text).text.strip()))
    bare = _BARE_NUMBER.fullmatch(text)
    if bare and not measure and not bare["unit"]:
        beside = _MEASURE_IN_TITLE.search(title)
        measure = beside[1] if beside else ""
    targets = read_phrase(text + measure if _NO_UNIT.search(text) else text, year=year).target_dicts()
    if targets or not bare:
        return targets
    value = float(bare["value"]) * _TIMES.get(bare["times"], 1)
    unit = bare["unit"] or measure
    return [{"what": "", "op": "=", "value": int(value) if value == int(value) else value, "unit": unit}]


def _amount(target: dict[str, Any]) -> tuple[Any, str]:
    """What two columns that say the same thing agree in: 20个 in the task is the 20 of the column of numbers."""
    return target["value"], "" if target["value"] == 0 else target["unit"]


def _both_rhythms(column: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    """每月 in the column and 每月不少于4次 in the task: the column's rhythm with the count that only the task says."""
    if column["freq"] != task["freq"] or column["count"] != 1 or column["at_least"]:
        return column
    return column | {
        "count": task["count"],
        "at_least": task["at_least"],
        "day_of_month": column["day_of_month"] or task["day_of_month"],
    }


def _limit_cell(cell: Cell) -> Cell:
    return cell.saying(limit_lines(cell.text)) if "\n" in cell.text else cell


def _unnumbered(title: str) -> str:
    """1.整治背街小巷: the number is the row's, not the task's."""
    return _NUMBER.sub("", title)


def _sentence(cells: dict[str, Cell], title: str) -> str:
    """The task's words whole: what stands over its clause, itself, and its detail."""
    detail = cells["detail"].text if "detail" in cells else ""
    said = detail if title in detail else "：".join(filter(None, (title, detail)))
    found = "，".join(cells[name].text for name in ("place", "problem") if name in cells and cells[name].text)
    said = f"{found}。{said}" if found else said
    return f"{cells['head'].text}：{said}" if "head" in cells else said


_OF_LIMIT = {"date_impossible", "deadline_ambiguous", "date_unclear", "deadline_unread", "deadline_undated"}


def with_limit(row: Row, text: str, *, year: int, is_month_included: bool) -> Row:
    """The row with its limit written anew; "" = the plan sets none."""
    others = [problem for problem in row.problems if problem.code not in _OF_LIMIT]
    if not text:
        none: dict[str, Any] = {
            "deadline_text": "",
            "deadline_kind": "none",
            "due_date": None,
            "recurrence": None,
            "limit": {},
        }
        return row.but(problems=tuple(others), **none)
    old = next((problem for problem in row.problems if problem.code in _OF_LIMIT), None)
    read = read_phrase(text, year=year, is_column=True, is_month_included=is_month_included)
    told = _told(read, text)
    told.pop("soft")
    problems = _limit_problems(read, Cell(old.cell if old else "", value=text))
    return row.but(problems=(*others, *problems), **told)


def compared(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with the problems that only show beside each other: the same task or the same code twice."""
    titles: dict[tuple[str, str, str], Row] = {}
    codes: dict[str, Row] = {}
    for row in rows:
        first = titles.setdefault((row.program, row.project, row.title), row)
        found = []
        if row.title and first is not row:
            said = f"和第 {first.row} 行的工程、项目、任务都相同，请看看是不是重复了。"
            found.append(RowProblem("task_twice", "warns", said))
        if row.code and codes.setdefault(row.code, row) is not row:
            said = f"编号“{row.code}”和第 {codes[row.code].row} 行重复，请改成不同的编号。"
            found.append(RowProblem("code_twice", "blocks", said))
        yield row.but(problems=(*row.problems, *found)) if found else row


def _one_line(text: str) -> str:
    if "\n" not in text:
        return text.strip()
    return re.sub(r"\s*\n\s*", "；" if re.search(r"\n\s*(?:\d+[.、]|[（(])", text) else "", text).strip()


def _title_problems(title: Cell) -> Iterator[RowProblem]:
    if not title.text:
        yield RowProblem(
            "title_missing",
            "blocks",
            "这一行有单位或时限，但没有写工作任务。请补上，或跳过这一行。",
            title.column,
            title.place,
        )
    if len(title.text) > 2000:
        yield RowProblem(
            "title_too_long",
            "blocks",
            f"工作任务有 {len(title.text)} 个字，超过 2000 字。请拆成几行。",
            title.column,
            title.place,
        )
    elif len(_one_line(title.text)) > _TITLE_LIMIT:
        yield RowProblem(
            "title_long",
            "warns",
            f"工作任务有 {len(title.text)} 个字，台账只显示前 {_TITLE_LIMIT} 字，全文留在工作内容里。",
            title.column,
            title.place,
        )


def _masks(row: Row, title: Cell) -> Iterator[RowProblem]:
    if any(abs(target["value"] or 0) >= _VALUE_LIMIT for target in row.targets):
        yield RowProblem("number_too_large", "blocks", "数量大得不合情理，请核对。", title.column, title.place)
    if row.recurrence and row.recurrence["count"] > _COUNT_LIMIT:
        yield RowProblem(
            "number_too_large",
            "blocks",
            f"每期 {row.recurrence['count']} 次太多了，请核对。",
            title.column,
            title.place,
        )
    if any(target.get("masked") for target in row.targets):
        yield RowProblem(
            "number_masked", "warns", "数量写的是 X，导入后目标值空着，请补上。", title.column, title.place
        )


def _told(read: Phrase, text: str) -> dict[str, Any]:
    event = next((d.event for d in read.deadlines if d.event), "")
    return {
        "deadline_text": text, "deadline_kind": read.deadline_kind, "recurrence": read.recurrence,
        "due_date": read.due_on.isoformat() if read.due_on else None,
        "soft": read.strength.is_soft, "limit": read.more() | ({"event": event} if event else {}),
    }  # fmt: skip


def _limit_problems(read: Phrase, cell: Cell) -> list[RowProblem]:
    place = {"column": cell.column, "cell": cell.place, "text": cell.text}
    impossible = next((d for d in read.deadlines if d.subkind == "impossible"), None)
    if impossible:
        near = impossible.alternatives[0] if impossible.alternatives else None
        ask = f"，是不是 {near.month}月{near.day}日？" if near else "。请写成 2019-09-30 这样的日期。"
        said = f"“{impossible.text}”没有这一天{ask}"
        return [RowProblem("date_impossible", "blocks", said, near=near.isoformat() if near else "", **place)]
    ambiguous = next((d for d in read.deadlines if d.is_ambiguous and d.due_on), None)
    if ambiguous and ambiguous.due_on and read.kind != "recurring":
        other = ambiguous.alternatives[0]
        said = f"“{ambiguous.text}”读作{ambiguous.due_on.month}月{ambiguous.due_on.day}日止；也可能是{other.month}月{other.day}日。"
        return [RowProblem("deadline_ambiguous", "warns", said, near=other.isoformat(), **place)]
    if read.kind in ("none", "quantity") and not read.deadlines:
        return [
            RowProblem(
                "deadline_unread",
                "blocks",
                f"没看懂“{cell.text}”。请写成 2019-09-30、9月底前、每月1次 这样的时限。",
                **place,
            )
        ]
    return _undated(read, place) if read.kind in ("none", "quantity") else []


def _unclear(cell: Cell) -> RowProblem:
    """9.3 may be the third or the thirtieth."""
    said = f"“{cell.text}”是数字，分不清是哪一天。请写成 9月30日 这样的日期。"
    return RowProblem("date_unclear", "blocks", said, cell.column, cell.place, text=cell.text)


_UNDATED = {
    "event": "以事情为界，没有日期：在日历里定下那天，时限会跟着走。",
    "masked": "月份遮去了，没有日期。",
    "relative": "是相对的时限，从事情发生时算起。",
    "impossible": "",
}


def _undated(read: Phrase, place: dict[str, str]) -> list[RowProblem]:
    subkind = read.deadlines[0].subkind or ""
    said = _UNDATED.get(subkind, "没有写明日期。")
    return [RowProblem("deadline_undated", "warns", f"“{place['text']}”{said}先按年底待确认。", **place)]
