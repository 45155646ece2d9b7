"""Damaged text mended before it is read: traditional script, pinyin in brackets, signs from elsewhere; places kept."""

import re
from functools import cache

from opencc import OpenCC

from tasks.language.text import Even, even

# 创建(chuàngjiàn), 創建（chuang jian）: Latin letters with tone marks, which no plan writes for anything else.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ"
_PINYIN = re.compile(rf"[(（](?=[^()（）]{{0,60}}[{_TONES}])[A-Za-z{_TONES}' ·]{{1,60}}[)）]")
_TONELESS = re.compile(r"(?<=[一-鿿])[(（](?:[a-z]{2,6} ?){1,6}[)）]")
# Longest finals first and nothing given back, so that no letters can make it slow.
_SYLLABLES = re.compile(
    r"(?>(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|"
    r"in|ua|uo|ui|un|ue|ve|a|o|e|i|u|v) ?)++"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f]")
_SHARE = 0.02


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def tidy(raw: str) -> Even:
    """The text evened, in simplified script and without pinyin in brackets; `offsets` lead back into `raw`."""
    dropped: set[int] = set()
    for match in _PINYIN.finditer(raw):
        dropped.update(range(*match.span()))
    for match in _TONELESS.finditer(raw):
        if _SYLLABLES.fullmatch(match[0][1:-1]):
            dropped.update(range(*match.span()))
    for match in _INVISIBLE.finditer(raw):
        dropped.add(match.start())
    kept = [i for i in range(len(raw)) if i not in dropped] if dropped else list(range(len(raw)))
    text = even(simplified("".join(raw[i] for i in kept) if dropped else raw))
    return Even(raw, text.text, (*tuple(kept[i] for i in text.offsets[:-1]), len(raw)))


def simplified(text: str) -> str:
    """Traditional script becomes simplified, character for character; a simplified text with an odd name stays."""
    said = _converter().convert(text)
    changed = sum(a != b for a, b in zip(text, said, strict=False))
    if len(said) != len(text) or changed < max(2, _SHARE * len(text)):
        return text
    return said
