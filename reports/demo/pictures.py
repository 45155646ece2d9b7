"""Pictures for the demo's evidence: simple street scenes and signs drawn by the product itself, each one different."""

import io
import random
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

SIZE = (720, 540)
SKIES = ((198, 214, 228), (214, 221, 228), (186, 205, 224), (224, 218, 205))
WALLS = ((203, 195, 182), (176, 182, 186), (214, 200, 178), (160, 150, 142), (190, 172, 150))
DOORS = ((120, 74, 60), (70, 88, 104), (92, 104, 78), (140, 116, 84))


@lru_cache(maxsize=8)
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"), size)


def street(seed: str, caption: str, *, is_before: bool = False) -> bytes:
    """A lane seen in perspective: walls, doors, a road; before the work with litter and wires, after it with trees."""
    rng = random.Random(f"street {seed} {is_before}")
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    far_x, far_y = width // 2 + rng.randrange(-60, 60), int(height * 0.42)
    road = (128, 130, 134) if is_before else (168, 170, 172)
    draw.polygon([(far_x - 40, far_y), (far_x + 40, far_y), (width - 80, height), (80, height)], fill=road)
    for side in (0, 1):
        _wall(draw, rng, side, far_x, far_y)
    (_litter if is_before else _trees)(draw, rng, far_x, far_y)
    _caption(draw, caption, "整治前" if is_before else "")
    return _jpeg(picture)


def _wall(draw: ImageDraw.ImageDraw, rng: random.Random, side: int, far_x: int, far_y: int) -> None:
    width, height = SIZE
    near, far = (0, far_x - 40) if side == 0 else (width, far_x + 40)
    colour = rng.choice(WALLS)
    draw.polygon(
        [(near, 60 + rng.randrange(60)), (far, far_y - 60), (far, far_y + 4), (near, height - 40)], fill=colour
    )
    for step in (0.2, 0.5, 0.75):
        x = int(near + (far - near) * step)
        tall = int((1 - step) * 260)
        base = int(height - 40 - (height - 44 - far_y) * step)
        wide = int((1 - step) * 90) + 10
        draw.rectangle([x - wide // 2, base - tall, x + wide // 2, base], fill=rng.choice(DOORS))


def _litter(draw: ImageDraw.ImageDraw, rng: random.Random, far_x: int, far_y: int) -> None:
    for _ in range(26):
        x, y = rng.randrange(150, SIZE[0] - 150), rng.randrange(far_y + 80, SIZE[1] - 90)
        grey = rng.randrange(60, 120)
        draw.ellipse([x, y, x + rng.randrange(8, 40), y + rng.randrange(6, 22)], fill=(grey, grey - 8, grey - 20))
    for line in range(4):
        draw.line(
            [(0, 90 + 22 * line), (far_x, far_y - 70 + 6 * line), (SIZE[0], 80 + 26 * line)], fill=(60, 60, 62), width=3
        )


def _trees(draw: ImageDraw.ImageDraw, rng: random.Random, far_x: int, far_y: int) -> None:
    for step in (0.15, 0.45, 0.7):
        for sign in (-1, 1):
            x = int(far_x + sign * (SIZE[0] / 2 - 40) * (1 - step))
            y = int(SIZE[1] - 60 - (SIZE[1] - 60 - far_y) * step)
            size = int(120 * (1 - step)) + 12
            draw.rectangle([x - 5, y - size, x + 5, y], fill=(110, 84, 60))
            green = rng.randrange(110, 160)
            draw.ellipse([x - size // 2, y - int(size * 1.8), x + size // 2, y - size // 2], fill=(70, green, 84))


def sign(seed: str, title: str, caption: str) -> bytes:
    """A plate on a wall: what a granted title or an opened place shows."""
    rng = random.Random(f"sign {seed}")
    picture = Image.new("RGB", SIZE, rng.choice(WALLS))
    draw = ImageDraw.Draw(picture)
    left, top = 110 + rng.randrange(45), 100 + rng.randrange(40)
    draw.rectangle([left, top, left + 470, top + 240], fill=(246, 244, 236), outline=(150, 132, 84), width=6)
    size = max(26, min(52, 420 // max(1, len(title))))
    draw.text((left + 235, top + 90), title, font=font(size), fill=(176, 44, 36), anchor="mm")
    draw.text((left + 235, top + 178), "二〇一九年", font=font(25), fill=(90, 84, 76), anchor="mm")
    _caption(draw, caption, "")
    return _jpeg(picture)


def paper(seed: str, title: str, number: str) -> bytes:
    """A page of a paper as it looks when photographed: red head, title, lines of text."""
    rng = random.Random(f"paper {seed}")
    picture = Image.new("RGB", (720, 960), (226, 224, 220))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([50, 40, 670, 920], fill=(253, 252, 250))
    draw.text((360, 120), "演示文件", font=font(46), fill=(190, 40, 32), anchor="mm")
    draw.text((360, 180), number, font=font(22), fill=(60, 60, 60), anchor="mm")
    draw.line([(100, 210), (620, 210)], fill=(190, 40, 32), width=4)
    draw.text((360, 270), title[:18], font=font(28), fill=(40, 40, 40), anchor="mm")
    for line in range(18):
        length = 500 if line % 6 != 5 else rng.randrange(140, 420)
        draw.line([(110, 330 + line * 30), (110 + length, 330 + line * 30)], fill=(176, 176, 176), width=7)
    return _jpeg(picture)


def _caption(draw: ImageDraw.ImageDraw, caption: str, mark: str) -> None:
    draw.rectangle([0, SIZE[1] - 52, SIZE[0], SIZE[1]], fill=(52, 54, 58))
    draw.text((20, SIZE[1] - 26), f"{caption}（演示图片）", font=font(21), fill=(245, 245, 245), anchor="lm")
    if mark:
        draw.rectangle([24, 24, 140, 70], fill=(52, 54, 58))
        draw.text((82, 47), mark, font=font(26), fill=(245, 245, 245), anchor="mm")


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=72)
    return buffer.getvalue()
