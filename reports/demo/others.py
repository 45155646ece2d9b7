"""What comes from outside and goes out to all: a list of eighteen, residents' photos, registers, a circular, a naming list."""

import datetime as dt
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from openpyxl import Workbook

from campaign.attachments import Upload
from campaign.models import Unit
from inspections import intake, meeting, places, problem_lists, registers, sightings
from inspections.checklists import as_fields, current_checklist, write_checklist
from inspections.models import Finding, PlaceType, Sighting
from inspections.rates import Span
from reports import circulating
from reports.demo import scenes
from reports.demo.setting import TODAY
from reports.models import Document

if TYPE_CHECKING:
    from reports.demo.field import Month

#: 企业反映的18个问题: what, where, whose.
EIGHTEEN = """
开发区东门早高峰堵车，货车和公交争道｜开发区东门｜区交通支队
园区北路路灯两盏不亮｜园区北路｜区城市管理委
厂区围墙外垃圾堆放，招苍蝇｜园区北路南侧｜区环卫中心
企业门口共享单车乱停，占住消防口｜创业大厦门前｜区城市管理委
园区公交站没有候车亭，雨天没处站｜园区站｜区交通委
施工渣土车夜间撒漏，早上没人扫｜金桥路｜区住房城市建设委
创业大厦周边午间流动餐车多，油污一地｜创业大厦西侧｜区城管执法监察局
人行道地砖松动，推货的小车过不去｜金桥路南段｜区城市管理委
绿化带里的枯树一直没换｜园区南路｜区园林绿化局
办事窗口中午没人，要跑两趟｜望山政务服务大厅｜区政务服务局
园区内没有吸烟点，楼道口有烟头｜创业大厦｜区卫生健康委
路口右转车不让行人｜金桥北路口｜区交通支队
雨水口被落叶堵住，一下雨就积水｜园区北路西口｜区环卫中心
楼宇外墙乱贴招聘小广告｜创业大厦北墙｜区城管执法监察局
网吧门口夜间吵闹｜望山网吧｜区文化旅游局
工地围挡上的公益广告褪色｜望山建筑工地｜区住房城市建设委
商场前广场地面破损｜望山商场超市｜区商务局
公厕夜间不开门｜园区公厕｜区环卫中心
"""
RESIDENTS = (
    (18, "环境脏乱", "垃圾桶三天没人收，味道大", "take"),
    (20, "其他", "", "楼上邻居太吵，不属于创建范围，已转社区。"),
    (24, "乱停车", "巷口又停满了车，婴儿车推不过去", ""),
)
#: (name, unit, how many there should be, how many are known)
REGISTERS = (
    ("堵点乱点台账", "区交通支队", 36, 29),
    ("在建工地台账", "区住房城市建设委", 12, 12),
    ("公厕台账", "区环卫中心", None, 9),
)
#: Why things keep coming, and what would keep them away: what the office wrote for the meeting, by what was wrong.
CAUSES = {
    "环境脏乱": ("早市散后没有人收运，垃圾落地到下午", "市场自管员十点加一次清运，街道每天抽查一次"),
    "乱停车": ("附近没有停车泊位，早晚高峰无人值守", "补划泊位，高峰两小时由交警和志愿者值守"),
    "设施破损": ("货车抄近路碾压，换了又坏", "加装防撞柱，改用加厚地砖"),
    "占道经营": ("租金高，商户外摆成习惯", "划定外摆线，越线一次约谈、两次停业整顿"),
}
CALLS = "早餐摊把人行道占了一半｜钟楼南路口\n公交站旁的果皮箱倒了｜麦田北站台｜区环卫中心"


def play(month: "Month", day: dt.date) -> None:
    if day.month == TODAY.month:
        for act in STORY.get(day.day, ()):
            act(month, day)


def _list(month: "Month", day: dt.date) -> None:
    lines = problem_lists.recognise(month.campaign, problem_lists.read_lines(EIGHTEEN))
    wanted = problem_lists.Wanted(
        name="企业反映的18个问题", source="区工商联转来", stated_count=18, received_on=day, due_on=dt.date(2019, 9, 27)
    )
    problem_lists.import_list(month.campaign, wanted, lines, by=month.office, now=month.at(day, 11))


def _calls(month: "Month", day: dt.date) -> None:
    lines = problem_lists.recognise(month.campaign, problem_lists.read_lines(CALLS))
    said = {"found_at": month.at(day, 9), "tile": "占道经营", "by": month.office, "now": month.at(day, 9, 40)}
    intake.take_in(month.campaign, Finding.Source.HOTLINE, lines, **said)


def _open_page(month: "Month", day: dt.date) -> None:
    """One page, of one lane; the others stay shut."""
    lane = next(place for place in month.places if place.place_type.name == "背街小巷")
    said = {"by": month.office, "now": month.at(day, 15)}
    month.link = sightings.add_link(month.campaign, f"{lane.name}公告栏", lane, **said)
    sightings.set_open(month.link, is_open=True, **said)
    sightings.add_link(month.campaign, "各社区公告栏", None, **said)


def _resident(month: "Month", day: dt.date) -> None:
    _, tile, text, outcome = next(one for one in RESIDENTS if one[0] == day.day)
    assert month.link is not None
    photo = Upload("随手拍.jpg", scenes.scene(tile, f"resident {day.day}", is_before=True))
    report = sightings.Report(text=text, tile=tile, photo=photo)
    made = sightings.receive(month.link, report, now=month.at(day, 8, 10))
    made = Sighting.objects.select_related("link__place", "campaign", "photo").get(pk=made.pk)
    if outcome == "take":
        sightings.take(made, text=text, place=None, unit=None, by=month.office, now=month.at(day, 9))
    elif outcome:
        sightings.decline(made, outcome, by=month.office, now=month.at(day, 9))


def _registers(month: "Month", day: dt.date) -> None:
    """底数 of what the campaign must know: two with a total, one still being counted and joined to its places."""
    said = {"by": month.office, "now": month.at(day, 10)}
    toilets = [place for place in month.places if place.place_type.name == "公厕"]
    for name, unit, total, known in REGISTERS:
        owner = Unit.objects.get(campaign=month.campaign, name=unit)
        made = registers.open_register(month.campaign, name, unit=owner, stated_total=total, **said)
        rows = [[place.code, place.name, place.street.short_name] for place in toilets]
        if total is not None:
            words = "路段" if "堵点" in name else "工地"
            rows = [
                ["", f"{words}{n:02d}号", month.places[n * 5 % len(month.places)].street.short_name]
                for n in range(1, known + 1)
            ]
        registers.fill_register(made, _book(["点位编号", "名称", "街道"], rows), **said)


def _book(head: list[str], rows: list[list[str]]) -> bytes:
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _elements(month: "Month", day: dt.date) -> None:
    """What must be there and is not: seen at the places most often looked at."""
    for number, place in enumerate(month.sore):
        asked = [element["name"] for element in place.place_type.elements]
        seen = {name: (number + at) % 4 != 0 for at, name in enumerate(asked)}
        places.see_elements(place, seen, by=month.inspector, now=month.at(day, 16))


def _revise(month: "Month", day: dt.date) -> None:
    """The list of markets gets its second version: one item sharper, one new."""
    kind = PlaceType.objects.get(campaign=month.campaign, name="农贸市场")
    held = current_checklist(kind)
    assert held is not None, "markets have a checklist from the first day"
    items = as_fields(held)
    items[0] |= {"norm": "出摊占道为0，通道净宽不少于2米"}
    items.append({"text": "摊位旁有加盖的果皮箱", "how": "沿通道走一遍", "norm": "每10米1个", "tile": "环境脏乱",
                  "points": 1, "severity": "minor", "is_bottom_line": False, "manual": ""})  # fmt: skip
    source = "《望山区点位检查手册（演示）》2019 年 9 月修订"
    write_checklist(kind, items, source=source, by=month.office, now=month.at(day, 17), today=day)
    month.read_checklist(kind)


def _circular(month: "Month", day: dt.date) -> None:
    span = Span(dt.date(2019, 9, 1), day - dt.timedelta(days=1))
    now = month.at(day, 15)
    made = circulating.draft(month.campaign, Document.Kind.CIRCULAR, span, by=month.office, now=now)
    circulating.issue(made, by=month.office, now=now)


def _study(month: "Month", day: dt.date) -> None:
    """What the meeting is to settle: most of it has its cause and measure written, the newest not yet."""
    rows = Finding.objects.filter(campaign=month.campaign, is_relapse=True).open().counted()
    for finding in rows.filter(tile__in=CAUSES).select_related("campaign").order_by("code")[:4]:
        cause, measure = CAUSES[finding.tile]
        why = meeting.Why(cause=cause, measure=measure, is_difficult=finding.returns > 0)
        meeting.say_why(finding, why, by=month.office, now=month.at(day, 8, 20))


def _naming(month: "Month", day: dt.date) -> None:
    """What is late, sent back twice or come back is named, and waits for the leader."""
    now = month.at(day, 9)
    issued = Finding.objects.filter(campaign=month.campaign, is_hidden=False).counted()
    named = [finding.code for finding, _ in circulating.candidates(month.campaign, now=now)]
    named += issued.order_by("-is_relapse", "-found_at", "code").values_list("code", flat=True)[:4]
    codes = list(dict.fromkeys(named))[:4]
    span = Span(dt.date(2019, 9, 1), day)
    made = circulating.draft(month.campaign, Document.Kind.EXPOSURE, span, by=month.office, now=now, codes=codes)
    circulating.submit(made, by=month.office, now=now)


STORY: dict[int, tuple[Callable[["Month", dt.date], None], ...]] = {
    2: (_registers,),
    11: (_calls,),
    13: (_elements, _revise),
    16: (_circular,),
    17: (_open_page,),
    18: (_list, _resident),
    20: (_resident,),
    24: (_resident, _study, _naming),
}
