"""Sets a briefing as PDF in the form of GB/T 9704-2012, and says which typefaces it found for it."""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings

from reports.sheet import Bars, BriefingSheet, Curve

TEMPLATE = settings.BASE_DIR / "templates" / "documents" / "briefing.typ"
FONT_FOLDER = Path(pylopdf_fonts_zh_cn.__file__).parent
SEMIBOLD, BOLD = 600, 700


@dataclass(frozen=True)
class Typeface:
    """An official typeface and what may stand in for it, best first."""

    key: str
    name: str
    official: tuple[str, ...]
    stand_ins: tuple[str, ...]


TYPEFACES = (
    Typeface(
        "xbs",
        "小标宋",
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
        ("Noto Serif CJK SC", "Noto Serif SC"),
    ),
    Typeface(
        "fang",
        "仿宋",
        ("仿宋_GB2312", "FangSong_GB2312", "FangSong", "仿宋", "STFangsong"),
        ("FandolFang R", "FandolFang", "Noto Serif SC"),
    ),
    Typeface("kai", "楷体", ("楷体_GB2312", "KaiTi_GB2312", "KaiTi", "STKaiti"), ("FandolKai", "Noto Serif SC")),
    Typeface("hei", "黑体", ("黑体", "SimHei"), ("FandolHei", "Noto Sans SC")),
    Typeface("song", "宋体", ("宋体", "SimSun"), ("FandolSong", "Noto Serif SC")),
)


@dataclass(frozen=True)
class FontUse:
    """Which family plays a typeface. `is_heavy`: bold enough for 小标宋; without it the strokes are thickened."""

    key: str
    typeface: str
    family: str
    is_official: bool
    is_heavy: bool = True

    @property
    def words(self) -> str:
        if self.is_official:
            return f"{self.typeface}：{self.family}"
        return f"{self.typeface}：本机没有，用 {self.family}{'' if self.is_heavy else '（加粗笔画）'}代替"


@cache
def _installed() -> typst.Fonts:
    return typst.Fonts(font_paths=[str(FONT_FOLDER)])


@cache
def _weights() -> dict[str, int]:
    """The heaviest weight of each family found."""
    found: dict[str, int] = {}
    for font in _installed().fonts():
        found[font.family] = max(found.get(font.family, 0), font.weight)
    return found


def _use_of(face: Typeface) -> FontUse:
    weights = _weights()
    family = next(name for name in (*face.official, *face.stand_ins) if name in weights)
    is_official = family in face.official
    is_heavy = is_official or face.key != "xbs" or weights[family] >= SEMIBOLD
    return FontUse(face.key, face.name, family, is_official, is_heavy)


@cache
def fonts_used() -> tuple[FontUse, ...]:
    """Which family plays each official typeface on this machine."""
    return tuple(_use_of(face) for face in TYPEFACES)


def _font_input() -> dict[str, dict[str, Any]]:
    """The family used, and behind it the one that has every character of the national standards."""
    found = {}
    for use in fonts_used():
        complete = "Noto Sans SC" if use.key == "hei" else "Noto Serif SC"
        weight = BOLD if use.key == "xbs" and not use.is_official and use.is_heavy else 400
        names = list(dict.fromkeys([use.family, complete]))
        found[use.key] = {"names": names, "weight": weight, "stroke": not use.is_heavy}
    return found


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_installed())


def _inputs(data: dict[str, Any], part: str) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False), "fonts": json.dumps(_font_input()), "part": part}


def pdf(sheet: BriefingSheet, *, now: dt.datetime) -> bytes:
    """The same sheet and second give the same bytes on the same machine; `now` is the date kept in the file."""
    stamp = now.astimezone(dt.UTC).replace(microsecond=0)
    made = _compiler().compile(format="pdf", sys_inputs=_inputs(sheet.as_dict(), "paper"), timestamp=stamp)
    return cast("bytes", made)


def pages(sheet: BriefingSheet, *, ppi: int = 96) -> list[bytes]:
    """Each page as PNG: the preview beside the builder."""
    made = _compiler().compile(format="png", ppi=ppi, sys_inputs=_inputs(sheet.as_dict(), "paper"))
    return made if isinstance(made, list) else [made]


def chart(block: Bars | Curve) -> bytes:
    """One chart as PNG for the Word file, which sets the caption itself."""
    data = {"mark": "", "number": "", "issuer": "", "blocks": [asdict(block) | {"caption": ""}]}
    made = _compiler().compile(format="png", ppi=220, sys_inputs=_inputs(data, "chart"))
    return made[0] if isinstance(made, list) else made
