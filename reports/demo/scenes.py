"""Street scenes for the demo's photos, before and after mending, drawn by the product itself; no two are the same."""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

SIZE = (640, 480)
SKY = ((200, 214, 226), (212, 220, 228), (190, 206, 222))
WALLS = ((206, 194, 176), (188, 176, 160), (178, 186, 190), (196, 172, 150), (168, 120, 98))
GROUND, ROAD = (172, 170, 164), (118, 122, 130)
BINS = ((66, 126, 190), (78, 154, 88), (198, 78, 64), (90, 98, 108))
Draw = ImageDraw.ImageDraw
Scene = Callable[..., None]


def scene(tile: str, seed: str, *, is_before: bool) -> bytes:
    """The same corner of the street for one seed: the trouble stands in it before, and not after."""
    rng = random.Random(f"scene {seed}")
    picture = Image.new("RGB", SIZE, rng.choice(SKY))
    draw = ImageDraw.Draw(picture)
    _corner(draw, rng)
    SCENES.get(tile, _litter)(draw, rng, is_before=is_before)
    light = random.Random(f"light {seed} {is_before}").randrange(4, 12)
    draw.rectangle((0, 0, SIZE[0], light), fill=(226, 230, 234))  # the light of another hour
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def _corner(draw: Draw, rng: random.Random) -> None:
    wall = rng.choice(WALLS)
    draw.rectangle((0, 90, 640, 320), fill=wall)
    draw.rectangle((0, 78, 640, 96), fill=tuple(max(0, part - 30) for part in wall))
    for left in range(rng.randrange(20, 60), 600, 130):
        draw.rectangle((left, 130, left + 64, 200), fill=(150, 176, 196), outline=(232, 232, 228), width=5)
    draw.rectangle((0, 320, 640, 400), fill=GROUND)
    for left in range(-20, 660, 64):
        draw.line((left, 320, left - 30, 400), fill=(158, 156, 150), width=2)
    draw.rectangle((0, 400, 640, 480), fill=ROAD)
    draw.rectangle((0, 396, 640, 404), fill=(206, 206, 200))
    for at in (rng.randrange(10, 60), rng.randrange(560, 610)):
        draw.rectangle((at, 210, at + 14, 340), fill=(104, 82, 62))
        green = rng.randrange(120, 160)
        for dx, dy, size in ((-44, 120, 70), (-8, 96, 78), (-26, 150, 82)):
            draw.ellipse((at + dx, dy, at + dx + size, dy + size), fill=(92, green, 92))


def _litter(draw: Draw, rng: random.Random, *, is_before: bool) -> None:
    start = rng.randrange(120, 180)
    for number, colour in enumerate(BINS):
        left = start + number * 84
        lid = 244 if not is_before else 232 - rng.randrange(0, 16)
        draw.polygon(((left + 6, 350), (left + 62, 350), (left + 68, 252), (left, 252)), fill=colour)
        draw.polygon(
            ((left - 4, 252), (left + 72, 252), (left + 66, lid), (left + 2, lid)), fill=tuple(p - 24 for p in colour)
        )
        draw.rectangle((left + 22, 286, left + 46, 310), fill=(240, 240, 236))
    for _ in range(9 if is_before else 0):
        x, y, size = rng.randrange(100, 520), rng.randrange(330, 392), rng.randrange(34, 62)
        shade = rng.choice(((52, 56, 64), (92, 98, 108), (216, 214, 200)))
        draw.ellipse((x, y - size // 2, x + size, y + size // 2), fill=shade)
        draw.polygon(
            (
                (x + size // 2 - 6, y - size // 2),
                (x + size // 2 + 8, y - size // 2),
                (x + size // 2, y - size // 2 - 12),
            ),
            fill=shade,
        )


def _stalls(draw: Draw, rng: random.Random, *, is_before: bool) -> None:
    draw.rectangle((150, 210, 500, 322), fill=(238, 234, 224))
    draw.rectangle((150, 196, 500, 222), fill=(176, 60, 52))
    for left in range(160, 480, 54):
        draw.rectangle((left, 240, left + 42, 316), fill=(120, 142, 158))
    for number in range(6 if is_before else 0):
        left = 96 + number * 76 + rng.randrange(-8, 8)
        draw.rectangle((left, 346, left + 66, 394), fill=(176, 132, 84), outline=(120, 88, 56), width=3)
        for _ in range(9):
            x, y = left + rng.randrange(4, 52), 336 + rng.randrange(0, 12)
            draw.ellipse((x, y, x + 14, y + 14), fill=rng.choice(((206, 70, 54), (236, 168, 60), (110, 160, 70))))


def _bikes(draw: Draw, rng: random.Random, *, is_before: bool) -> None:
    if not is_before:
        draw.rectangle((130, 336, 500, 392), outline=(246, 246, 244), width=4)
    draw.rectangle((100, 352, 560, 360), fill=(226, 178, 58))
    for number in range(7 if is_before else 4):
        left = (110 + number * 58 + rng.randrange(-26, 26)) if is_before else 150 + number * 80
        top = 330 + (rng.randrange(-14, 26) if is_before else 8)
        colour = rng.choice(((60, 110, 170), (226, 160, 40), (70, 140, 90)))
        for dx in (0, 44):
            draw.ellipse((left + dx, top + 14, left + dx + 30, top + 44), outline=(40, 42, 48), width=4)
        draw.line(
            (left + 15, top + 29, left + 34, top + 6, left + 59, top + 29, left + 15, top + 29), fill=colour, width=4
        )
        draw.line((left + 50, top, left + 60, top + 29), fill=colour, width=4)


def _broken(draw: Draw, rng: random.Random, *, is_before: bool) -> None:
    draw.rectangle((90, 344, 560, 378), fill=(222, 182, 72))
    for left in range(96, 556, 22):
        draw.line((left, 350, left, 372), fill=(186, 148, 48), width=4)
    draw.rectangle((280, 210, 292, 330), fill=(120, 126, 134))
    draw.rectangle((250, 176, 322, 214), fill=(46, 96, 160))
    if is_before:
        for _ in range(5):
            x = rng.randrange(110, 500)
            draw.polygon(((x, 346), (x + 40, 352), (x + 26, 376), (x - 8, 370)), fill=(92, 84, 72))
        draw.line((250, 176, 322, 214), fill=(220, 214, 206), width=5)


def _stickers(draw: Draw, rng: random.Random, *, is_before: bool) -> None:
    draw.rectangle((420, 176, 500, 322), fill=(70, 96, 112))
    draw.rectangle((120, 190, 300, 276), fill=(236, 238, 238), outline=(120, 126, 132), width=5)
    draw.rectangle((136, 206, 284, 216), fill=(186, 58, 50))
    for left in (136, 136, 136):
        draw.rectangle((left, 228, 270, 234), fill=(176, 180, 184))
    for _ in range(22 if is_before else 0):
        x, y = rng.randrange(110, 480), rng.randrange(170, 300)
        colour = rng.choice(((246, 246, 242), (248, 222, 130), (238, 180, 170), (190, 214, 238)))
        draw.polygon(
            ((x, y), (x + 34, y + rng.randrange(-5, 5)), (x + 34, y + 24), (x, y + 26)),
            fill=colour,
            outline=(130, 130, 130),
        )


def _wires(draw: Draw, rng: random.Random, *, is_before: bool) -> None:
    draw.rectangle((170, 296, 470, 308), fill=(88, 128, 100))
    for left in (176, 458):
        draw.rectangle((left, 300, left + 10, 392), fill=(96, 100, 106))
    for number in range(6 if is_before else 0):
        y = 110 + number * 14 + rng.randrange(-6, 6)
        draw.line(
            (0, y, 320 + rng.randrange(-80, 80), y + 40 + rng.randrange(0, 40), 640, y + rng.randrange(-10, 30)),
            fill=(48, 48, 52),
            width=3,
        )
    for number in range(5 if is_before else 0):
        x = 190 + number * 54
        draw.rectangle(
            (x, 190, x + 34, 240), fill=rng.choice(((214, 96, 96), (96, 130, 200), (236, 206, 110), (240, 240, 240)))
        )


SCENES: dict[str, Scene] = {
    "环境脏乱": _litter,
    "占道经营": _stalls,
    "乱停车": _bikes,
    "设施破损": _broken,
    "小广告": _stickers,
    "飞线晾晒": _wires,
}
