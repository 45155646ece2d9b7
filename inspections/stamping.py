"""The server's stamp on the shown copy of a photo: when, where, by whom, in which round. The original stays as it came."""

import io
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

EDGE, QUALITY = 1600, 82
FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def stamp(content: bytes, lines: list[str]) -> bytes:
    """A JPEG of at most 1600 px with the lines in a dark band at its foot, and without any metadata.

    `content` is a picture already turned upright (a down-sized copy). Lines too long for the picture are shortened.
    """
    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((EDGE, EDGE))
    size = max(12, picture.width // 40)
    step, margin = round(size * 1.45), round(size * 0.8)
    top = picture.height - step * len(lines) - round(margin * 1.4)
    band = Image.new("L", (1, picture.height), 0)
    for row in range(max(0, top), picture.height):
        band.putpixel((0, row), min(190, 60 + 130 * (row - top) * 2 // max(1, picture.height - top)))
    picture.paste((12, 15, 22), (0, 0, *picture.size), band.resize(picture.size))
    draw = ImageDraw.Draw(picture)
    for place, line in enumerate(lines):
        height = picture.height - margin - step * (len(lines) - place) + round(size * 0.2)
        draw.text((margin, height), _fitting(line, size, picture.width - 2 * margin), font=_font(size), fill="white")
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    buffer = io.BytesIO()
    bare.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _fitting(line: str, size: int, width: int) -> str:
    if _font(size).getlength(line) <= width:
        return line
    while line and _font(size).getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line}…"
