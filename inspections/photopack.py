"""照片册: problems for the screen of a meeting, one page each, before and after side by side, as a PDF."""

import datetime as dt
import io
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
from django.db.models import QuerySet
from PIL import Image, ImageDraw, ImageFont

from campaign import attachments
from campaign.models import Campaign
from inspections import pairing
from inspections.models import Finding, Photo
from tasks.exporting import Export

MOST = 60
PAGE = (1600, 900)
INK, QUIET, PAPER = (23, 26, 33), (100, 108, 123), (255, 255, 255)
FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def make(campaign: Campaign, rows: QuerySet, *, today: dt.date) -> Export:
    """The first sixty of the rows that have photos; hidden ones are the office's to show, as on its board."""
    findings = list(rows.select_related("unit", "place")[:MOST])
    photos: dict[Any, list[Photo]] = {}
    for photo in Photo.objects.filter(finding__in=findings).select_related("attachment").order_by("received_at", "pk"):
        photos.setdefault(photo.finding_id, []).append(photo)
    pages = [_cover(campaign, len(findings), today)]
    pages += [_page(finding, photos.get(finding.pk, []), campaign) for finding in findings]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=120, quality=82)
    name = f"问题照片册-{today:%Y%m%d}-{len(findings)}处.pdf"
    return Export(name, out.getvalue(), "application/pdf", len(findings))


def _cover(campaign: Campaign, count: int, today: dt.date) -> Image.Image:
    page = Image.new("RGB", PAGE, PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((800, 380), "问题照片册", font=_font(84), fill=INK, anchor="mm")
    words = f"{campaign.office_title}　{today.year}年{today.month}月{today.day}日　{count} 处"
    draw.text((800, 500), words, font=_font(34), fill=QUIET, anchor="mm")
    return page


def _page(finding: Finding, photos: list[Photo], campaign: Campaign) -> Image.Image:
    page = Image.new("RGB", PAGE, PAPER)
    draw = ImageDraw.Draw(page)
    place = finding.place.name if finding.place else finding.where
    draw.text((60, 40), _fitting(f"{place}　{finding.text}", 46, 1480), font=_font(46), fill=INK)
    found = finding.found_at.astimezone(campaign.zone)
    unit = finding.unit.name if finding.unit else "还没有单位"
    words = f"整改 {finding.code}　{unit}　{found.month}月{found.day}日发现　{finding.get_stage_display()}"
    draw.text((60, 112), _fitting(words, 28, 1480), font=_font(28), fill=QUIET)
    before = pairing.before_of(photos)
    after = pairing.after_of(photos)
    both = [(before, "整改前"), (after, "整改后")] if after else [(before, "整改前")]
    wide = 720 if after else 1000
    for number, (photo, word) in enumerate(both):
        left = 60 + number * 760 if after else 300
        _paste(page, photo, (left, 180, left + wide, 820))
        draw.text((left, 832), word, font=_font(28), fill=INK)
    return page


def _paste(page: Image.Image, photo: Photo | None, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    path = photo and (photo.stamped or photo.attachment.preview or photo.attachment.file)
    if not path:
        ImageDraw.Draw(page).rectangle(box, outline=(214, 218, 226), width=2)
        return
    with attachments.read(path) as file, Image.open(file) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((right - left, bottom - top))
    page.paste(picture, (left + (right - left - picture.width) // 2, top + (bottom - top - picture.height) // 2))


def _fitting(line: str, size: int, width: int) -> str:
    while line and _font(size).getlength(line) > width:
        line = f"{line[:-2]}…"
    return line
