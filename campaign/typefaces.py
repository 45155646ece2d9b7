"""The typefaces official papers ask for (GB/T 9704-2012), what plays them on this machine, and the setting of a paper."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates" / "documents"
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


def font_input() -> dict[str, dict[str, Any]]:
    """The family used, and behind it the one that has every character of the national standards."""
    found = {}
    for use in fonts_used():
        complete = "Noto Sans SC" if use.key == "hei" else "Noto Serif SC"
        weight = BOLD if use.key == "xbs" and not use.is_official and use.is_heavy else 400
        names = list(dict.fromkeys([use.family, complete]))
        found[use.key] = {"names": names, "weight": weight, "stroke": not use.is_heavy}
    return found


def compiler(template: Path, *, root: Path) -> typst.Compiler:
    """A compiler of one template; it reads no file outside `root`. Cheap: the fonts are found once for the process."""
    return typst.Compiler(str(template), root=str(root), font_paths=_installed())


def inputs(data: dict[str, Any], part: str = "paper") -> dict[str, str]:
    """What every template of ours reads: its data, and which families to use."""
    return {"data": json.dumps(data, ensure_ascii=False), "fonts": json.dumps(font_input()), "part": part}


def pdf(made_by: typst.Compiler, data: dict[str, Any], *, now: dt.datetime) -> bytes:
    """The same data and second give the same bytes on the same machine; `now` is the date kept in the file."""
    stamp = now.astimezone(dt.UTC).replace(microsecond=0)
    made = made_by.compile(format="pdf", sys_inputs=inputs(data), timestamp=stamp)
    return cast("bytes", made)
