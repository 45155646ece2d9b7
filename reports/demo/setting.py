"""The stage: the campaign, its calendar, its units and the people of their posts. Every name is invented."""

import datetime as dt
import random

from campaign.access import Role
from campaign.models import CalendarEvent, Campaign, Membership, Unit, User
from campaign.pinyin import search_text
from reports.demo import CODE, PASSWORD

TODAY = dt.date(2019, 9, 24)
SPRING = dt.date(2019, 3, 1)

STREETS = ("古桥街道", "河湾街道", "钟楼街道", "麦田街道", "望山街道", "金桥街道", "柳林街道", "石渠街道", "槐园街道")
COMMUNITIES = {
    "古桥街道": ("古桥一社区", "古桥二社区", "桥南社区"),
    "河湾街道": ("河湾社区", "临河社区"),
    "钟楼街道": ("钟楼社区", "鼓楼社区"),
}
OFFICE = "区创城办"
#: Departments in administrative order, with the short names people use. The import adds any the plan names beyond them.
DEPARTMENTS = (
    ("区委宣传部", "宣传部"),
    ("区纪委区监委", "纪委监委"),
    ("区司法局", "司法局"),
    ("区发展改革委", "发改委"),
    ("区教委", "教委"),
    ("区科委", "科委"),
    ("区经济信息化局", "经信局"),
    ("区民政局", "民政局"),
    ("规划自然资源分局", "规自分局"),
    ("区生态环境局", "生态局"),
    ("区住房城市建设委", "住建委"),
    ("区城市管理委", "城管委"),
    ("区交通委", "交通委"),
    ("区商务局", "商务局"),
    ("区文化旅游局", "文旅局"),
    ("区卫生健康委", "卫健委"),
    ("区园林绿化局", "园林局"),
    ("区政务服务局", "政务局"),
    ("区城管执法监察局", "城管执法局"),
    ("区交通支队", "交通支队"),
    ("区城管监督指挥中心", "指挥中心"),
    ("区环卫中心", "环卫中心"),
    ("区妇联", "妇联"),
)
PROGRAM_NAMES = {
    "党政环境提升工程": "党政环境",
    "市民文明素养提升工程": "文明素养",
    "未成年人思想道德建设提升工程": "未成年人",
    "城市公共设施提升工程": "公共设施",
    "城市精细化治理提升工程": "精细化治理",
    "绿色生态环境提升工程": "绿色生态",
    "社区生活环境提升工程": "社区生活",
    "营商环境提升工程": "营商环境",
    "公共文化服务提升工程": "公共文化",
    "群众满意度提升工程": "群众满意",
}
SURNAMES = "王李张刘陈杨赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
GIVEN = "静洋敏磊芳宁强雪涛娜军丽勇艳杰娟斌霞鹏燕辉玲刚桂英建华文明志国海荣晓春秋月红梅兰竹松柏青山川平安康健新民心怡子涵思远嘉禾若水清源致和允中"
#: The people whose logins are printed: (login, name, unit, role, post).
CAST = (
    ("admin", "管理员", OFFICE, Role.ADMINISTRATOR, Membership.Post.STAFF),
    ("chenjing", "陈静", OFFICE, Role.OFFICE, Membership.Post.STAFF),
    ("leader", "周远", OFFICE, Role.LEADER, Membership.Post.PRINCIPAL),
    ("wanglei", "王磊", "区交通支队", Role.LIAISON, Membership.Post.LIAISON),
    ("liuyang", "刘洋", "区城市管理委", Role.LIAISON, Membership.Post.LIAISON),
    ("zhoumin", "周敏", "古桥街道", Role.LIAISON, Membership.Post.LIAISON),
    ("chief", "赵卫国", "区交通支队", Role.CHIEF, Membership.Post.PRINCIPAL),
    ("inspector", "孙宁", OFFICE, Role.INSPECTOR, Membership.Post.STAFF),
    ("third", "郑思远", "示例测评公司", Role.THIRD_PARTY, Membership.Post.STAFF),
)
EVENTS = (
    (CalendarEvent.Kind.PHASE, "动员部署", dt.date(2019, 3, 1), dt.date(2019, 4, 10), None),
    (CalendarEvent.Kind.PHASE, "全面创建", dt.date(2019, 4, 11), dt.date(2019, 12, 31), None),
    (CalendarEvent.Kind.MEETING, "创城工作动员大会", dt.date(2019, 4, 10), None, dt.time(9, 30)),
    (CalendarEvent.Kind.MEETING, "季度研究会", dt.date(2019, 9, 30), None, dt.time(15)),
    (CalendarEvent.Kind.ASSESSMENT, "年度测评", dt.date(2019, 11, 18), dt.date(2019, 11, 22), None),
)


def make_campaign() -> Campaign:
    return Campaign.objects.create(
        code=CODE,
        name="全国文明城区创建",
        district="望山区",
        office_name=OFFICE,
        office_full_name="望山区创建全国文明城区指挥部办公室",
        layer_name="提升工程",
        year=2019,
        cycle="2018—2020 年创建周期",
        stated_programs=10,
        stated_projects=35,
        stated_tasks=171,
        adopted_by="区委常委会",
        adopted_on=dt.date(2019, 4, 2),
        reward_policy="按《望山区创城工作考核办法（演示）》执行：完成情况计入年度考核，逾期未改的通报。",
        pinned_on=TODAY,
        is_demo=True,
    )


def make_calendar(campaign: Campaign) -> None:
    rows = [
        CalendarEvent(campaign=campaign, kind=kind, name=name, starts_on=first, ends_on=last, starts_at_time=time)
        for kind, name, first, last, time in EVENTS
    ]
    tuesday = dt.date(2019, 4, 16)
    while tuesday <= campaign.last_day:
        rows.append(
            CalendarEvent(
                campaign=campaign,
                kind=CalendarEvent.Kind.MEETING,
                name="创城工作例会",
                starts_on=tuesday,
                starts_at_time=dt.time(14),
                note="周调度",
            )
        )
        tuesday += dt.timedelta(days=7)
    CalendarEvent.objects.bulk_create(rows)


def make_units(campaign: Campaign) -> None:
    names = [(OFFICE, "创城办", Unit.Kind.DEPARTMENT)]
    names += [(name, short, Unit.Kind.DEPARTMENT) for name, short in DEPARTMENTS]
    names += [(name, name.removesuffix("街道"), Unit.Kind.STREET) for name in STREETS]
    names += [("示例测评公司", "", Unit.Kind.ENTERPRISE)]
    for number, (name, short, kind) in enumerate(names, start=1):
        _unit(campaign, name, short, kind, order=number * 10)
    for street, communities in COMMUNITIES.items():
        parent = Unit.objects.get(campaign=campaign, name=street)
        for number, name in enumerate(communities, start=1):
            _unit(campaign, name, "", Unit.Kind.COMMUNITY, order=parent.order + number, parent=parent)


def _unit(campaign: Campaign, name: str, short: str, kind: str, *, order: int, parent: Unit | None = None) -> Unit:
    return Unit.objects.create(
        campaign=campaign,
        name=name,
        short_name=short,
        kind=kind,
        order=order,
        parent=parent,
        search_text=search_text(name, short),
    )


def make_people(campaign: Campaign, rng: random.Random) -> None:
    """The printed cast, then three posts for every unit: a liaison, a deputy in charge, a principal."""
    units = {unit.name: unit for unit in Unit.objects.filter(campaign=campaign)}
    taken = {name for _, name, *_ in CAST}
    password = _hashed(PASSWORD)
    filled = set()
    for login, name, place, role, post in CAST:
        _fill(campaign, units[place], role, post, _person(login, name, rng, password))
        filled.add((place, post))
    number = 0
    for unit in units.values():
        if unit.kind == Unit.Kind.ENTERPRISE:
            continue
        for post, role in (
            (Membership.Post.LIAISON, Role.LIAISON),
            (Membership.Post.DEPUTY, Role.CHIEF),
            (Membership.Post.PRINCIPAL, Role.CHIEF),
        ):
            is_small = unit.kind == Unit.Kind.COMMUNITY and post != Membership.Post.LIAISON
            if (unit.name, post) in filled or is_small or unit.name == OFFICE:
                continue
            number += 1
            name = _name(rng, taken)
            _fill(campaign, unit, role, post, _person(f"demo{number:03d}", name, rng, password))


def _hashed(password: str) -> str:
    user = User()
    user.set_password(password)
    return user.password


def _name(rng: random.Random, taken: set[str]) -> str:
    while True:
        name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
        if name not in taken:
            taken.add(name)
            return name


def _person(login: str, name: str, rng: random.Random, password: str) -> User:
    """One hash of the demo's password serves all: hashing it for ninety people would take twenty seconds."""
    return User.objects.create(
        username=login,
        name=name,
        email=f"{login}@demo.invalid",
        phone=f"6887 {rng.randrange(1000, 9999)}",
        initials=search_text(name).split(" ")[-1][:20],
        password=password,
    )


def _fill(campaign: Campaign, unit: Unit, role: str, post: str, user: User) -> None:
    Membership.objects.create(
        campaign=campaign, user=user, unit=unit, role=role, post=post, valid_from=dt.date(2019, 1, 1)
    )
