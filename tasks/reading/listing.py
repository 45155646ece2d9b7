"""A list of problems: every item is something to be put right, whether or not it says a deed (背街小巷环境脏乱，责任单位：各街道)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasks.extraction.drafts import DraftRow
from tasks.importing.review import with_limit
from tasks.importing.rows import RowProblem
from tasks.language.phrase import read_phrase
from tasks.language.units import guess_kind, read_units

_NUMBERS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、\s*"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]、?\s*"),
    re.compile(r"\d{1,4}(?:[.．](?!\d)|[、)）])\s*"),
    re.compile(r"[（(]\d{1,3}[)）]\s*|[①-⑳]\s*|[-·•●■]\s*"),
)
_OWNERS = r"(?:牵头|主责|责任|整改|承办|主办|配合|协办)(?:单位|部门)"
_LIMITS = r"(?:整改|完成|办结|解决)(?:时限|期限|时间)|时限|期限"
_PLACES = r"(?:问题)?(?:点位|地点|位置)"
_PROBLEMS = r"(?:存在)?(?:的)?问题(?:描述)?"
#: Said of the item, but no part of the task: who found it, how it might be done.
_ASIDES = r"(?:发现|检查|上报|反馈|交办|问题来?源|来源)(?:单位|部门|时间|日期|人)?|责任领导|包抓领导|责任人|联系人|(?:整改|解决)?(?:措施|要求)|备注"
_LABEL = re.compile(
    rf"[（(\[【，,；;。\s]{{0,6}}(?P<word>{_OWNERS}|{_LIMITS}|{_PLACES}|{_PROBLEMS}|{_ASIDES})\s{{0,6}}[:：]\s{{0,6}}"
)
_ROLES = (("牵头", "lead"), ("主责", "primary"), ("配合", "support"), ("协办", "support"))
_BRACKET = re.compile(r"[（(]([^（()）]{2,40})[)）]\s*[。；;]?$")
_HEADLINE = re.compile(r"(?:方面|问题|情况|类|如下)[:：。]?$|[:：]$")
_TITLE = re.compile(r"清单|台账|一览|汇总|通报|反馈|(?:问题|情况)$")
_EDGES = " \t　，,；;。：:（()）[]【】"
#: Fewer characters are no problem.
_LEAST = 4


@dataclass(frozen=True)
class Item:
    """One item of the list, without its number; `level`: the kind of its number, 9 where it has none."""

    start: int
    end: int
    level: int


def listed_rows(text: str, *, year: int, is_month_included: bool, read: Sequence[DraftRow] = ()) -> list[DraftRow]:
    """The items as rows. `read`: what the reader of plans found; where an item says who does what, that is kept."""
    rows: list[DraftRow] = []
    for item in _items(text):
        said = [row for row in read if item.start <= row.span[0] and row.end <= item.end and _is_owned(row)]
        if said and not _LABEL.search(text, item.start, item.end):
            rows += said
        else:
            rows += _row(text, item, year=year, is_month_included=is_month_included)
    if any(map(_is_owned, rows)):  # where nobody is named at all, the list names nobody on purpose
        rows = [row if _is_owned(row) else replace(row, problems=(*_asked_elsewhere(row), _NOBODY)) for row in rows]
    return rows


_MASKED = RowProblem("number_masked", "warns", "数量写的是 X，目标值先空着，请补上。")
_NOBODY = RowProblem("unit_missing", "warns", "这一项没有写由谁整改，导入后会列入“没有责任单位”的任务。")


def _is_owned(row: DraftRow) -> bool:
    return any(row.units.values())


def _asked_elsewhere(row: DraftRow) -> Iterator[RowProblem]:
    return (problem for problem in row.problems if problem.code != _NOBODY.code)


def _items(text: str) -> list[Item]:
    lines = [_line(text, match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    lines = [line for line in lines if line.end - line.start >= _LEAST]
    if not any(line.level < 9 for line in lines):
        bare = [line for line in lines if not _HEADLINE.search(text[line.start : line.end])]
        return bare[1:] if bare and bare[0].start == lines[0].start and _is_title(text, bare[0]) else bare
    numbered: list[Item] = []
    for line in lines:
        if line.level < 9:
            numbered.append(line)
        elif numbered and not _is_closing(text, line):
            numbered[-1] = replace(numbered[-1], end=line.end)  # it goes on in the next line
    return [item for item, after in zip(numbered, [*numbered[1:], None], strict=True) if not _heads(text, item, after)]


def _line(text: str, start: int, end: int) -> Item:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for level, number in enumerate(_NUMBERS):
        found = number.match(text, start, end)
        if found:
            return Item(found.end(), end, level)
    return Item(start, end, 9)


def _is_title(text: str, line: Item) -> bool:
    return bool(_TITLE.search(text[line.start : line.end]))


def _is_closing(text: str, line: Item) -> bool:
    """请于8月底前报送…, a signature or a day below the list is no part of its last item."""
    words = text[line.start : line.end]
    return bool(
        re.match(r"请|特此|附件|联系人|各|以上", words) or re.fullmatch(r".{0,12}\d{4}年\d{1,2}月\d{1,2}日", words)
    )


def _heads(text: str, item: Item, after: Item | None) -> bool:
    """一、市容环境方面 over 1. … is a headline."""
    return bool(after and after.level > item.level and not _LABEL.search(text, item.start, item.end)
                and (item.end - item.start <= 16 or _HEADLINE.search(text[item.start : item.end])))  # fmt: skip


def _row(text: str, item: Item, *, year: int, is_month_included: bool) -> Iterator[DraftRow]:
    """The item's row; none where it says no problem."""
    sentence = text[item.start : item.end]
    words, labelled = _parts(sentence)
    units, after = _owners(labelled)
    if not any(units.values()):
        words, units["responsible"] = _without_owner(words)
    if not words:
        return
    said = read_phrase(words, year=year, is_month_included=is_month_included)
    owned: dict[str, Any] = {f"{role}_units": tuple(names) for role, names in units.items()}
    row = DraftRow(
        program="", project="", title=_as_task(_said(labelled, _PLACES) + words)[:200], sentence=sentence, sheet="", row=0,
        source_offset=item.start, end=item.end, targets=tuple(said.target_dicts()), specificity="deliverable", **owned,
    )  # fmt: skip
    if any(target.get("masked") for target in row.targets):
        row = replace(row, problems=(_MASKED,))
    dated = said.deadlines or read_phrase(after, year=year, is_month_included=is_month_included).deadlines
    limit = _said(labelled, _LIMITS) or "；".join(one.text for one in dated if one.due_on)
    yield _limited(row, limit, year=year, is_month_included=is_month_included)


def _said(labelled: Sequence[tuple[str, str]], labels: str) -> str:
    return next((value for label, value in labelled if re.fullmatch(labels, label)), "")


def _owners(labelled: Sequence[tuple[str, str]]) -> tuple[dict[str, list[str]], str]:
    """Role -> names, and what is said after the names."""
    units: dict[str, list[str]] = {"lead": [], "primary": [], "responsible": [], "support": []}
    after = ""
    for label, value in labelled:
        if re.fullmatch(_OWNERS, label):
            written, rest = _names_and_rest(value)
            after += rest
            role = next((role for word, role in _ROLES if word in label), "responsible")
            for said, names in read_units(written, role=role).by_role.items():
                units[said] += [name for name in names if name not in units[said]]
    return units, after


def _parts(sentence: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first label, and each label with what it says."""
    found = list(_LABEL.finditer(sentence))
    ends = [*(match.start() for match in found[1:]), len(sentence)]
    labelled = [(match["word"], _bare(sentence[match.end() : end])) for match, end in zip(found, ends, strict=False)]
    before = _bare(sentence[: found[0].start()] if found else sentence)
    return before or _said(labelled, _PROBLEMS), labelled


def _bare(words: str) -> str:
    words = " ".join(words.split())
    stripped = words.strip(_EDGES.replace("（(", "").replace(")）", ""))
    return (
        stripped.strip("（()）")
        if stripped.count("（") + stripped.count("(") != stripped.count("）") + stripped.count(")")
        else stripped
    )


def _names_and_rest(value: str) -> tuple[str, str]:
    """责任单位：区教委，8月底前整改: the names, and what is said after them."""
    pieces = re.split(r"(?<=[，,；;。])", value)
    named = 1
    while named < len(pieces) and guess_kind(pieces[named].strip(_EDGES)):
        named += 1
    return "".join(pieces[:named]).strip(_EDGES), "".join(pieces[named:])


def _without_owner(words: str) -> tuple[str, list[str]]:
    """金桥市场周边乱停车（区交通支队）: the bracket at the end names who, where every name in it is a unit's."""
    found = _BRACKET.search(words)
    names = [name for names in read_units(found[1]).by_role.values() for name in names] if found else []
    if names and found and not re.search(r"\d", found[1]) and all(guess_kind(name) for name in names):
        return words[: found.start()].strip(_EDGES), names
    return words, []


def _as_task(words: str) -> str:
    """A problem is no deed; putting it right is."""
    return (
        words
        if re.match(r"整改|整治|解决|治理|清理|清除|拆除|修复|完成|消除|规范|取缔|补[建齐]", words)
        else f"整改：{words}"
    )


def _limited(row: DraftRow, limit: str, *, year: int, is_month_included: bool) -> DraftRow:
    if not limit:
        return row
    limited = with_limit(row, limit[:120], year=year, is_month_included=is_month_included)
    codes = {problem.code for problem in limited.problems}
    if "deadline_unread" in codes:  # 立行立改: kept as it is written, without a day
        limited = limited.but(problems=tuple(p for p in limited.problems if p.code != "deadline_unread"))
    fields: dict[str, Any] = {
        name: getattr(limited, name)
        for name in ("deadline_text", "deadline_kind", "due_date", "recurrence", "limit", "problems")
    }
    return replace(
        row, **fields, specificity="measurable" if limited.due_date or limited.recurrence else row.specificity
    )
