"""Figures and days that only tell: what was done, how big a thing is, what it costs, when it was founded, whom a rule is for.

They are blotted out before limits and targets are read, so that no grammar takes a fact for a promise.
"""

import re

from tasks.language.text import CLAUSE_END, DID, WILL

_CLAUSE = re.compile(rf"[^{CLAUSE_END}]+")
#: A clause that promises keeps its figures, whatever else it looks back at.
_PROMISED = re.compile(
    rf"{WILL}|力争|争取|力求|确保|务必|必须|(?<!供)应(?!急|用|届)|保持在|控制在|基础上|目标|(?:底|末|内|日)前|年内|年底前"
)
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:年|年度)(?!内|底|末|度?[底末内]|前|之前|以前|前后)")
#: When it was.
_BEFORE_NOW = (
    r"(?<![较比])(?:去年(?!底前)|前年|上年度?|上个?月|上周|昨[日天]|同期)",
    r"近年来|近[一二三四五六七八九十两几\d]+年来?|过去[一二三四五六七八九十两几\d]*年|[一二三四五六两几\d]年来|以来(?!水)",
    r"截[至止](?:目前|现在|去年|上月|\d[^,;。]*(?:累计|已|共|完成了))|今年前[一二三四五六七八九十两几\d]+个?(?:月|季度)",
)
#: What has been done.
_DONE = (
    rf"{DID}(?=[^,;。]*[\d一二三四五六七八九十])|(?<![自业])已(?!经?(?:纳入|列入|具备|达标的|建成的))",
    r"先后|曾(?!都)|荣获|获评|被评|引发|等到|(?<!全年)累计(?![^,;。]*(?:不少于|不低于|达到|以上))|(?<![超通])过\d",
    r"^共(?:下发|发放|检查|发现|收到|排查|整改|处置|投入|评选|清理|拆除)|(?:受理|接到|收到|接访)[^,;。后]{0,12}\d",
    r"(?:成立|始建|建成|建|出生|生|创办|创建|竣工|投用|通车|颁布|印发)于|[余多\d]人(?:参加|参会|出席|到场)",
    r"(?:成文|印发|发布|签发|出生|颁布)(?:日期|时间|年月)",
)
#: How it stands.
_STANDING = (
    r"目前|现[有已辖]|下辖|共辖|拥有|缺口|环比|(?:^|[^管])辖\d|的(?:还|仅|只|就)?有\d|有(?:近|约|超过)[\d一二三四五六七八九]",
    r"(?:全|我|本|辖)?[区市县镇]?[^,;。]{0,6}(?<![没具拥所要应各还设务必须持只])有[一-鿿]{1,12}\d",
    r"^(?:全[区市县镇街]|我[区市县]|辖区)\d{1,3}周?岁以[上下][一-鿿]{0,6}\d",
    r"(?:不达标|不合格|未达标|不满意|未完成|未整改|不知道|不了解|不到位)$",
)
_PAST = re.compile("|".join((*_BEFORE_NOW, *_DONE, *_STANDING)))
#: What is measured, not promised; it stands right before its figure, with no comparison between: room, way and size,
_EXTENT = (
    r"(?:辖区)?总?面积|占地(?:面积)?|建筑面积|用地面积|全长|总长度?|海拔|距离?(?!离)[^,;。\d]{0,10}|限[高速宽重]|时速|[东西南北]行|"
    r"(?<![拓加])宽度?|(?<![提升增最])高度?约?|(?<![增延最])长度?|深度?|厚度?|直径|半径|间距"
)
#: people, age and term,
_PEOPLE = r"(?:常住|户籍|总|流动)?人口|一行|任期|有效期|保质期|试用期|[工房楼年]龄|[年未]满"
#: score and share,
_SCORE = r"满分|总分|占总分|占比|权重占?|占|记|得[分票]率|分值|得分?|扣|加"
#: money.
_MONEY = (
    r"总投资额?|预算安排|预算|合同金额|金额|造价|奖励?|罚款?|处以?|补助|补贴|租金|票价|收费|单价|价格|收入|工资|津贴|押金|每平方米|每[月年]每人|"
    r"(?:工资|补助|收费|救助)?标准(?:为)?(?:每[一-鿿]{1,2})?"
)
_SIZE = re.compile(
    rf"(?:{_EXTENT}|{_PEOPLE}|{_SCORE}|{_MONEY})(?:为|是|约|达(?!到)|共|近|:)?(?:\d[\d.]*|[一二三四五六七八九十百千两]+)(?:余|多)?(?:万|亿)?"
    r"(?:平方公里|平方米|公顷|亩|公里|千米|米|万?元|亿元|分|人|年|个月|岁|周岁|%|成|个百分点|级)(?:以[上下内])?"
)
_DONE_SIZE = re.compile(
    r"(?:完成|新增|增加|实施|恢复|治理|整治|改造|修复|绿化|保洁|清理|覆盖|提高|提升|扩大)[^,;。]{0,8}$"
)
#: 每人每月补助300元: what one gets, no duty that comes back.
_PAID = re.compile(
    r"每[人户家名][^,;。\d]{0,6}每[月年天日][^,;。\d]{0,6}\d[\d.]*元|每[月年天日]每[人户家名][^,;。\d]{0,6}\d[\d.]*元"
)
#: A fine, a price, an hour, and 二次供水, which is no number.
_FINE = re.compile(
    r"每[一-鿿]{1,3}\d[\d.]{0,8}元|罚款[^,;。]{0,16}元(?:以[上下])?|处以?[^,;。]{0,14}元(?:以[上下])?[^,;。]{0,14}罚款"
)
_CLOCK = re.compile(r"二次(?:供水|加压|污染|装修|创业)|\d{1,2}[时点]\d{1,2}分|\d{1,2}X24小时")
#: A day that says which ones are meant (2008年12月31日前建成的住宅, 1962年6月30日前出生).
_WHICH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)年(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:底|末)?(?:之?前|以前|之?后|以后)(?:[^,;。]{0,6}的|出生)"
)
#: 4.5吨以上的货车, 200平方米以下小餐饮店: which ones.
_WHICH_SIZE = re.compile(
    r"(?<![\d.])\d[\d.]{0,12}(?:吨|平方米|米|公里|周?岁|年|层|千瓦|立方米|小时|万元)以[上下](?:的(?=[一-鿿])|(?=[一-鿿]{2,8}$))|(?:超过|不足|低于|高于|小于|大于)\d[\d.]{0,12}(?:吨|平方米|米|公里|周?岁|年|层|小时)的(?=[一-鿿])"
)
_YEAR_END = re.compile(
    r"[今明本]年(?=是[^,;。]*(?:年|关键|开局|收官))|(?:每[到逢]|一到|临近|又到)年[底末终]|年[底末终](?=突击|往往|通常|一般|是(?!前)|最|扎堆|花钱|冲刺|集中申报|分红|奖金|算|交[账卷]|的时候)|全年(?=无休|平均|日照|降水|降雨|候)"
)


def told(text: str, year: int) -> list[tuple[int, int]]:
    """Places of an evened text that only tell. `year`: what 今年 means, so that earlier ones are past."""
    if not any(c.isdigit() or c in "一二三四五六七八九十两百年" for c in text):
        return []
    spans = [m.span() for form in (_FINE, _PAID, _CLOCK, _WHICH_SIZE, _YEAR_END) for m in form.finditer(text)]
    spans += [m.span() for m in _WHICH.finditer(text) if int(m["year"]) < year]
    spans += [m.span() for m in _SIZE.finditer(text) if not _DONE_SIZE.search(text[: m.start()])]
    is_past = False
    for clause in _CLAUSE.finditer(text):
        if text[clause.start() - 1 : clause.start()] in "。;\n":
            is_past = False
        is_past = (is_past or looks_back(clause[0], year)) and not _PROMISED.search(clause[0])
        if is_past:
            spans.append(clause.span())
    return spans


def looks_back(clause: str, year: int) -> bool:
    """去年, 以来, 2021年 where this year is 2022: the clause tells what was."""
    years = [int(match["year"]) for match in _YEAR.finditer(clause)]
    return bool(_PAST.search(clause)) or (bool(years) and max(years) < year)
