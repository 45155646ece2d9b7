"""What a row can be found by: its words in lower case, and the 拼音首字母 of each (jtzd -> 交通支队).

Stored beside the row by the deed that names it, so that the page carries no table of characters.
"""

import re
import unicodedata
from functools import lru_cache

NOT_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff\uf900-\ufaff-]+")


_NO_LETTER = re.compile(r"[^0-9a-z]+")
_RUN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")


def initials(text: str) -> str:
    """区交通支队 -> qjtzd; Latin letters and digits stay."""
    return _NO_LETTER.sub("", "".join(run if run.isascii() else _of_run(run) for run in _RUN.findall(text)).lower())


@lru_cache(maxsize=20_000)
def _of_run(run: str) -> str:
    """What stands between two numbers comes back in title after title, though each title is another."""
    from pypinyin.seg.simpleseg import seg  # 0.3 s and 20 MB: only where something is named

    return "".join(map(_of_word, seg(run)))


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> str:
    """Words come back in title after title; a plan of 10,000 rows spells each once."""
    from pypinyin import Style, lazy_pinyin

    if word.isascii():
        return word
    return "".join(lazy_pinyin([word], style=Style.FIRST_LETTER))


def spelled(text: str) -> str:
    """王磊 -> wanglei: what an account is called."""
    from pypinyin import lazy_pinyin  # as above

    return re.sub(r"[^0-9a-z]", "", "".join(lazy_pinyin(text)).lower())


def normal(text: str) -> str:
    """As words are compared: lower case, full-width letters half-width, punctuation turned into spaces."""
    return NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def search_text(*parts: str, limit: int = 400) -> str:
    """All parts, then the initials of each: `区交通支队 交通支队 qjtzd jtzd`. Within a part spaces go: 24 小时 = 24小时."""
    found = [_found_by(part) for part in parts if part]
    words = dict.fromkeys([*(word for word, _ in found), *(letters for _, letters in found)])
    return " ".join(word for word in words if word)[:limit]


@lru_cache(maxsize=4096)
def _found_by(part: str) -> tuple[str, str]:
    """The same units are named in row after row."""
    word = normal(part).replace(" ", "")
    return word, initials(word)
