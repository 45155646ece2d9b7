"""Text made even before it is read: full width, stray spaces, Chinese numerals, masks; every place kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Full-width ASCII maps one to one, so offsets survive; 。 and 、 keep their meaning as they are.
_EVEN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: ord(" "), 0x00A0: ord(" "), ord("\t"): ord(" "), ord("\r"): ord(" "), ord("\v"): ord("\n"),
    ord("％"): ord("%"), ord("—"): ord("-"), ord("–"): ord("-"), ord("－"): ord("-"), ord("～"): ord("~"),
    ord("〇"): ord("零"), ord("×"): ord("X"), ord("※"): ord("X"), ord("＊"): ord("X"), ord("x"): ord("X"), ord("Ｘ"): ord("X"),
    ord("「"): ord("“"), ord("」"): ord("”"), ord("﹪"): ord("%"),
}  # fmt: skip
_YEARS = re.compile(r"[零一二三四五六七八九]{4}(?=年)")
_SPACE = re.compile(r" +")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LETTERS = re.compile(r"[A-Za-z]")

HAN = r"[\u4e00-\u9fff]"
NUMBER = r"(?:\d{1,15}(?:\.\d{1,6})?|[零一二两三四五六七八九十百千]{1,12})(?:[万亿](?!元)|千(?=[人名户份册棵株亩余]))?"
#: 要 as an order, and not within 主要, 需要, 要求, 要点.
WILL = r"(?<![主重首必需摘纪纲简概])要(?!求|点|素|件|害|闻|道|塞|目)"
#: 了 behind a deed done, and not within 为了, 了解.
DID = r"(?<![为除罢到免])了(?!解|却|然|如|望)"
CLAUSE_END = ",;。!?\n:"
_ENDING = re.compile(f"[{CLAUSE_END}]")

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"千": 1_000, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True)
class Even:
    """Evened `text` of `raw`; `offsets[i]` is the place in `raw` of character i (one more entry for the end)."""

    raw: str
    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> str:
        if start >= end:
            return ""
        return self.raw[self.offsets[start] : self.offsets[end - 1] + 1]


def even(raw: str) -> Even:
    """Full width to half width, thousands commas out, spaces out unless they part Latin words or whole numbers."""
    text = raw.translate(_EVEN)
    if "年" in text:  # 二〇二二年
        text = _YEARS.sub(lambda m: "".join(str(_DIGITS[c]) for c in m[0]), text)
    dropped = {match.start() for match in _GROUPED.finditer(text)} if "," in text else set()
    if " " not in text and not dropped:
        return Even(raw, text, tuple(range(len(raw) + 1)))
    for match in _SPACE.finditer(text):
        if not _parts_words(text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]):
            dropped.update(range(match.start(), match.end()))
    kept = [i for i in range(len(text)) if i not in dropped]
    return Even(raw, "".join(text[i] for i in kept), (*kept, len(raw)))


def _parts_words(before: str, after: str) -> bool:
    if not before or not after:
        return False
    if _LETTERS.match(before[-1]) and _LETTERS.match(after[0]):
        return True
    if before[-1].isdigit() and after[0].isdigit():
        lone = not before[-2:-1].isdigit() or not after[1:2].isdigit()
        return not lone
    return False


def number(word: str) -> float | int:
    """2 -> 2, 143.4 -> 143.4, 二十 -> 20, 两 -> 2, 2万 -> 20000."""
    factor = 1
    if word[-1] in _MYRIADS and (word[-1] != "千" or word[0].isdigit()):
        factor, word = _MYRIADS[word[-1]], word[:-1]
    if word[0].isdigit():
        value = round(float(word) * factor, 6)
        return int(value) if value == int(value) else value
    return _chinese(word) * factor


def _chinese(word: str) -> int:
    if not any(c in _PLACES for c in word):
        return int("".join(str(_DIGITS[c]) for c in word))
    total = digit = 0
    for c in word:
        if c in _PLACES:
            total += (digit or 1) * _PLACES[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def veil(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with the spans already understood blotted out, so that no grammar reads them twice."""
    for start, end in spans:
        text = text[:start] + "■" * (end - start) + text[end:]
    return text


def clause_start(text: str, at: int) -> int:
    return max([text.rfind(mark, 0, at) for mark in CLAUSE_END]) + 1


def clause_end(text: str, at: int) -> int:
    end = _ENDING.search(text, at)
    return end.start() if end else len(text)
