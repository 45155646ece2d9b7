"""Words broken where a narrow column ended (测评\\n项目, 区城市管\\n理委), told from lines that say several things."""

import re

from tasks.importing.cells import Cell, in_one_line
from tasks.importing.columns import UNIT_FIELDS, base
from tasks.language.units import guess_kind

_LABEL = re.compile(r"^(?:牵头|主责|责任|配合|协办|协助|主办|承办|参与)(?:单位|部门)?\s*[:：]")
_SEPARATOR = "、,，;；。/ "
_GOES_ON = re.compile(r"^(?:底|前|末|初|日|月|年|号|旬|[上中下]旬|之前|以前|完成|起|止|\d{1,2}日)")
_OPEN_END = re.compile(r"(?:\d|年|第|每|[一二三四]季|前|月)$")


def unit_lines(text: str) -> str:
    """A cell of units with the breaks inside names taken out; a break between two whole names stays."""
    if "\n" not in text:
        return text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if max(map(len, lines), default=0) <= 2:
        return "".join(lines)
    said = lines[0] if lines else ""
    for line in lines[1:]:
        said += ("\n" if _are_apart(said, line) else "") + line
    return said


def _are_apart(before: str, line: str) -> bool:
    if before[-1] in _SEPARATOR or line[0] in _SEPARATOR or _LABEL.match(line):
        return True
    if _LABEL.match(before.rsplit("\n", 1)[-1]) and before[-1] in ":：":
        return False
    left, right = re.split(rf"[{_SEPARATOR}\n:：]", before)[-1], re.split(rf"[{_SEPARATOR}]", line)[0]
    left, right = (re.sub(r"[（(][^）)]*[)）]$", "", name) for name in (left, right))
    return _is_whole(left) and _is_whole(right)


def _is_whole(name: str) -> bool:
    """Long enough to be a unit's name: 理委 and 局 are the ends of one."""
    return name.startswith(("各", "有关", "相关")) or (len(name) >= 3 and guess_kind(name) is not None)


def limit_lines(text: str) -> str:
    """A limit in one line: 9月\\n底前 is one, 6月底前完成50%\\n12月底前全部完成 are two."""
    if "\n" not in text:
        return text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    said = lines[0] if lines else ""
    for line in lines[1:]:
        is_one = _GOES_ON.match(line) or _OPEN_END.search(said) or max(len(said), len(line)) <= 2
        said += ("" if is_one or said[-1] in "，；,;。" else "；") + line
    return said


_MONTH = re.compile(r"(?:20\d\d年)?\d{1,2}月份?")
_PART_OF_MONTH = re.compile(r"[上中下]旬.{0,3}|月?[底末].{0,2}|\d{1,2}日.{0,3}|\d{1,2}")


def both_limits(first: Cell, second: Cell) -> Cell:
    """Two columns of limits: 3月 and 上旬 are one limit; else the second speaks where the first is silent."""
    if not first.text:
        return second
    month = in_one_line(first.text)
    if not _MONTH.fullmatch(month) or not _PART_OF_MONTH.fullmatch(second.text):
        return first
    day = f"{second.text}日" if second.text.isdigit() else second.text.removeprefix("月")
    return second.saying(month.removesuffix("份") + day)


def joined_rows(above: dict[str, Cell], row: dict[str, Cell]) -> dict[str, Cell] | None:
    """One task over two rows of the sheet: the units and words of both. None where the rows owe different things."""
    apart = ("deadline", "rhythm", "target", "code", "program", "project")
    if any(row[name].text and row[name].text != above[name].text for name in apart if name in row and name in above):
        return None
    joined = dict(above)
    for name, cell in row.items():
        is_told = name in above and (base(name) in UNIT_FIELDS or name in ("detail", "remark", "standard"))
        if is_told and cell.text and cell.text not in above[name].text.split("\n"):
            joined[name] = above[name].saying("\n".join(filter(None, (above[name].text, cell.text))))
    return joined


_IN_BRACKETS = re.compile(r"[（(]([\u4e00-\u9fff]{2,4})[)）]|\s*1\d{10}")
_ROLE = re.compile(r"牵头|主责|主办|配合|协办|责任|办$|委$|局$")


def without_persons(text: str) -> str:
    """区城管局（张三） and 区城管局 张三 without the person, where the header says that persons stand there too."""
    bare = _IN_BRACKETS.sub(lambda match: match[0] if match[1] and _ROLE.search(match[1]) else "", text)
    words = re.split(r"(\s+|[:：])", bare)
    kept = [
        word for n, word in enumerate(words) if n % 2 or not (2 <= len(word) <= 3 and n and guess_kind(word) is None)
    ]
    return "".join(kept).strip(" ：:\n")
