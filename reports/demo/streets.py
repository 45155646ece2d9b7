"""The demo's ground: areas with their leaders, places of many types, duties at the crossings. All names are invented."""

import datetime as dt
import random

from campaign.models import Area, Campaign, Stewardship, Unit, User
from inspections.defaults import install_defaults
from inspections.models import Place, PlaceType
from inspections.places import add_place
from inspections.rostering import Duty, write_duties
from reports.demo import SEED
from reports.demo.setting import COMMUNITIES, GIVEN, STREETS, SURNAMES, TODAY

OPENED = dt.date(2019, 8, 26)
WEST, SOUTH, WIDE, HIGH = 110.02, 34.02, 0.021, 0.016
LEADERS = ("区委副书记", "区人大常委会副主任", "副区长", "区政协副主席", "区委常委、宣传部部长")
#: How many of each type a street has, and what its places are called.
KINDS = (
    ("背街小巷", 3, "{s}{n}巷"),
    ("主次干道", 2, "{s}{d}路"),
    ("居民小区", 2, "{s}{n}号院"),
    ("农贸市场", 1, "{s}菜市场"),
    ("交通路口", 2, "{s}{d}路口"),
    ("公厕", 1, "{s}{n}号公厕"),
    ("公交站台", 1, "{s}{d}站台"),
    ("社区居委会", 1, "{s}{n}居委会"),
    ("餐饮店", 1, "{s}小馆"),
    ("中小学校", 1, "{s}小学"),
)
ONCE = (
    "政务服务大厅", "医院", "商场超市", "网吧", "公园", "公共广场", "火车站", "长途汽车站", "建筑工地", "商业大街",
    "银行营业厅", "宾馆饭店", "影剧院", "综合文化站", "公共文化设施", "垃圾中转站",
)  # fmt: skip
NUMBERS, SIDES = "一二三四五六七八九", ("东", "西", "南", "北", "中")
OWNERS = {"公厕": "区环卫中心", "公交站台": "区交通委", "交通路口": "区交通支队", "医院": "区卫生健康委", "公园": "区园林绿化局",
          "建筑工地": "区住房城市建设委", "中小学校": "区教委", "政务服务大厅": "区政务服务局", "垃圾中转站": "区环卫中心"}  # fmt: skip


def build(campaign: Campaign, office: User) -> list[Place]:
    """Types, areas, places and the duty roster of the coming days."""
    rng = random.Random(f"streets {SEED}")
    now = dt.datetime.combine(OPENED, dt.time(9), campaign.zone)
    install_defaults(campaign, by=office, now=now, today=OPENED)
    units = {unit.name: unit for unit in Unit.objects.filter(campaign=campaign)}
    areas = _areas(campaign, units, rng)
    places = _places(campaign, units, areas, rng, office, now)
    _roster(campaign, places, units, rng, office, now)
    return places


def _areas(campaign: Campaign, units: dict[str, Unit], rng: random.Random) -> list[Area]:
    areas = []
    for number, street in enumerate(STREETS):
        west, south = WEST + WIDE * (number % 3), SOUTH + HIGH * (number // 3)
        corners = [
            (west, south),
            (west + WIDE, south),
            (west + WIDE, south + HIGH),
            (west, south + HIGH),
            (west, south),
        ]
        name = street.removesuffix("街道")
        areas.append(
            Area(campaign=campaign, code=f"{number + 1:02d}", name=f"{name}片区", kind=Area.Kind.AREA, unit=units[street],
                 order=number + 1, shape={"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]})
        )  # fmt: skip
    Area.objects.bulk_create(areas)
    stewards = [
        Stewardship(campaign=campaign, kind=Stewardship.Kind.LEADER, area=area, valid_from=OPENED,
                    person=f"{rng.choice(SURNAMES)}{rng.choice(GIVEN)}（{LEADERS[number % len(LEADERS)]}）")
        for number, area in enumerate(areas)
    ]  # fmt: skip
    departments = [unit for unit in units.values() if unit.kind == Unit.Kind.DEPARTMENT and unit.order < 250]
    for names in COMMUNITIES.values():
        stewards += [
            Stewardship(campaign=campaign, kind=Stewardship.Kind.UNIT, community=units[name], valid_from=OPENED,
                        unit=rng.choice(departments))
            for name in names
        ]  # fmt: skip
    Stewardship.objects.bulk_create(stewards)
    return areas


def _places(
    campaign: Campaign, units: dict[str, Unit], areas: list[Area], rng: random.Random, office: User, now: dt.datetime
) -> list[Place]:
    types = {kind.name: kind for kind in PlaceType.objects.filter(campaign=campaign)}
    wanted: list[tuple[str, str, int]] = []
    for at, street in enumerate(STREETS):
        short = street.removesuffix("街道")
        for kind, count, pattern in KINDS:
            names = (pattern.format(s=short, n=NUMBERS[n + at % 3], d=SIDES[(n + at) % 5]) for n in range(count))
            wanted += [(kind, name, at) for name in names]
    wanted += [(kind, f"望山{kind}", rng.randrange(9)) for kind in ONCE]
    return [
        add_place(campaign, _fields(types[kind], name, units, areas[at], rng), by=office, now=now)
        for kind, name, at in wanted
        if kind in types
    ]


def _fields(kind: PlaceType, name: str, units: dict[str, Unit], area: Area, rng: random.Random) -> dict[str, object]:
    street, ring = area.unit, area.shape["coordinates"][0]
    return {
        "name": name,
        "place_type": kind,
        "area": area,
        "street": street,
        "owner": units.get(OWNERS.get(kind.name, ""), street) if rng.random() > 0.03 else None,
        "lane_chief": f"{rng.choice(SURNAMES)}{rng.choice(GIVEN)}" if kind.name == "背街小巷" else "",
        "steward": "",
        "latitude": round(ring[0][1] + rng.uniform(0.15, 0.85) * HIGH, 6),
        "longitude": round(ring[0][0] + rng.uniform(0.15, 0.85) * WIDE, 6),
        "grade": rng.choices("ABC", (6, 3, 1))[0],
        "is_key": rng.random() < 0.2,
    }


def _roster(
    campaign: Campaign, places: list[Place], units: dict[str, Unit], rng: random.Random, office: User, now: dt.datetime
) -> None:
    """1 policeman and 4 volunteers at each crossing, mornings and evenings of the coming days; a few posts still open."""
    rows = []
    crossings = [place for place in places if place.place_type.name == "交通路口"]
    for offset in range(3):
        day = TODAY + dt.timedelta(days=offset)
        for place in crossings:
            posts = [("交警", units["区交通支队"])] + [("志愿者", place.street)] * 4
            for shift in ("早高峰 7:00–9:00", "晚高峰 17:00–19:00"):
                for post, unit in posts[: 5 if rng.random() > 0.12 else 4]:
                    person = rng.choice(SURNAMES) + rng.choice(GIVEN)
                    rows.append(Duty(place=place, on=day, shift=shift, post=post, unit=unit, person=person))
    write_duties(campaign, rows, by=office, now=now)
