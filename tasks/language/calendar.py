"""Days that plans name: last days of months and thirds of a month, quarters, festivals (the lunar ones too)."""

from calendar import monthrange
from datetime import date, timedelta

from borax.calendars.lunardate import LunarDate

_SOLAR = {
    "元旦": (1, 1), "三八": (3, 8), "妇女节": (3, 8), "植树节": (3, 12), "五一": (5, 1), "劳动节": (5, 1), "五四": (5, 4),
    "青年节": (5, 4), "六一": (6, 1), "儿童节": (6, 1), "七一": (7, 1), "建党节": (7, 1), "八一": (8, 1), "建军节": (8, 1),
    "教师节": (9, 10), "国庆节": (10, 1), "国庆": (10, 1), "十一": (10, 1),
}  # fmt: skip
_LUNAR = {"春节": (1, 1), "元宵节": (1, 15), "元宵": (1, 15), "端午节": (5, 5), "端午": (5, 5), "中秋节": (8, 15),
          "中秋": (8, 15), "重阳节": (9, 9), "重阳": (9, 9)}  # fmt: skip
FESTIVALS = sorted([*_SOLAR, *_LUNAR, "清明", "清明节"], key=len, reverse=True)


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def before_month(year: int, month: int) -> date:
    return date(year, month, 1) - timedelta(days=1)


def third_of_month(year: int, month: int, third: str) -> date:
    return month_end(year, month) if third == "下" else date(year, month, {"上": 10, "中": 20}[third])


def before_third(year: int, month: int, third: str) -> date:
    return before_month(year, month) if third == "上" else date(year, month, {"中": 10, "下": 20}[third])


def festival(name: str, year: int) -> date:
    """The day itself. 元旦 before which something is to be done in a plan year is the one that ends that year."""
    if name in _LUNAR:
        return LunarDate(year, *_LUNAR[name]).to_solar_date()
    if name.startswith("清明"):
        short = year % 100
        return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)
    return date(year, *_SOLAR[name])
