"""A day in the street for the browser: a market on the inspector's round, a camera, a login, what received looks like."""

import io

import pytest
from django.conf import settings as django_settings
from django.test import Client
from PIL import ExifTags, Image

from inspections.checklists import write_checklist
from inspections.models import Place, PlaceType, Round, RoundMember, RoundPlace
from tests.conftest import NOON, TODAY

ITEMS = [
    {
        "text": "摊位不出线，通道不堆物",
        "tile": "占道经营",
        "severity": "major",
        "norm": "占道为0",
        "how": "走一遍主通道",
    },
    {"text": "地面无垃圾、积水、菜叶", "tile": "环境脏乱"},
    {"text": "垃圾桶不满溢，分类标识清楚", "tile": "环境脏乱"},
    {"text": "消防通道、安全出口畅通", "tile": "其他", "severity": "urgent", "is_bottom_line": True},
]


def jpeg(seed, size=(2000, 1500)):
    """As a camera makes it: large, with the time and place of capture."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2019:09:24 08:30:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps.update({1: "N", 2: (34.0, 15.0, 36.0), 3: "E", 4: (108.0, 57.0, 0.0)})
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste((seed * 37 % 256, seed * 91 % 256, 120), (100, 100, 900 + seed, 900))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif.tobytes(), quality=90)
    return {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@pytest.fixture
def street_day(campaign, police, street, inspector):
    """A market on today's round of the inspector, and a lane beside it."""
    market = PlaceType.objects.create(campaign=campaign, code="T14", name="农贸市场", order=140)
    write_checklist(market, ITEMS, source="2019 版", by=None, now=NOON, today=TODAY)
    row = Round.objects.create(
        campaign=campaign,
        code="R001",
        name="日常巡查",
        state="running",
        starts_on=TODAY,
        ends_on=TODAY,
        created_at=NOON,
    )
    RoundMember.objects.create(campaign=campaign, round=row, user=inspector)
    for number, name in enumerate(("金桥市场", "钟楼市场"), 1):
        place = Place.objects.create(
            campaign=campaign,
            code=f"S000{number}",
            name=name,
            place_type=market,
            street=street,
            owner=police,
            latitude=34.26 + number / 100,
            longitude=108.95,
            search_text=f"s000{number} {name} {'jqsc' if number == 1 else 'zlsc'}",
        )
        RoundPlace.objects.create(campaign=campaign, round=row, place=place, order=number)
    return row


@pytest.fixture
def phone(visit, inspector, street_day):
    visitor = visit(inspector, (390, 844))
    visitor.go("/patrol")
    return visitor


def session_of(user, url):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def received(page, count=1):
    page.wait_for_selector(f"[data-sync-text]:has-text('{count} 条都已上传，服务器已收到')")


#: Everything to press inside the page that is smaller than 44 x 44.
SMALL_TARGETS = """() => [...document.querySelectorAll("main a, main button, main label, main summary, .phone-bar a, .phone-bar button, .phone-tabs a")]
  .filter((it) => it.offsetParent && !it.closest("[hidden],.field") && !it.matches(".sr"))
  .map((it) => [it.textContent.trim().slice(0, 12), it.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 43.9 || box.height < 43.9))
  .map(([text, box]) => `${text} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
