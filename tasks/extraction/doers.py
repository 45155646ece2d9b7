"""One unit at its place in a text, known by the campaign's directory or by its form.

A name counts only where a duty follows it (a role word, 要, a verb of doing): what is only built, visited or reported
to does nothing.
"""

import re
from dataclasses import dataclass

from tasks.extraction.deeds import VERBS
from tasks.extraction.names import Names
from tasks.language.units import FIELDS, guess_kind, read_units

_ROLE_WORDS = {
    "lead": "牵头负责|负责牵头|牵头抓总|主抓|牵头领办|总牵头|牵头",
    "primary": "主责|主办|主要负责|具体负责|总负责|负总责|负责",
    "support": "积极配合|密切配合|协同配合|全力配合|协助配合|参与配合|主动配合|配合|协办|协助|协同|积极参与|大力支持|参与|参加|支持",
    "responsible": "承办|承担",
}
ROLE_OF = {word: role for role, words in _ROLE_WORDS.items() for word in words.split("|")}
ANY_ROLE = "|".join(sorted(ROLE_OF, key=len, reverse=True))
JOIN = re.compile(r"、|以及|和|及|与|/| ")
_MODAL = r"要|应(?!急)|须|需(?!求)|必须|务必|得(?!到|分|知)|将(?!军)|可(?!以?说|谓)|会同|联合|协同|配合|商"
_PREPOSITION = r"地处|位于|于|在|对(?!口|照检查)|把|按|每|从(?!业)|自(?!行|治|然|来|主)|根据|结合|围绕|聚焦|针对|依托|依据|通过|利用|以(?!上|下|内)|作为|负有|进行"
_ADVERB = (
    r"共同|分别|具体|统一|严格|认真|积极|切实|主动|全面|进一步|继续|持续|深入|大力|全力|加快|尽快|及时|定期|不定期|扎实|高标准|高质量|率先|同步|统筹|坚持|力争|争取|确保|"
    r"年内|年底|今年|全年|\d{1,2}月|[一二三四五六七八九十]{1,2}月|即日起|从现在起|接到|收到|集中|\d{4}年|第?[一二三四]季度|上半年|下半年|至少|一律|也|都|均|再|还|务于|充分|坚决|重点|各自|逐[一项步家个户条处]|依法|依规|从严"
)
_FOLLOW = re.compile(
    rf"等|、?(?:各|其他)?(?:相关|有关)(?:部门|单位)|{_MODAL}|{_PREPOSITION}|{_ADVERB}|{VERBS}|(?:{ANY_ROLE})|各(?=组织|开展|举办|派|建|设|选|培|打造|负责|安排|不少于|完成|抽|新增|确定)|一(?:天|日|周|月|季度?|年)[一两二三]|为(?:牵头|主责|责任|配合)|是(?:第一|牵头|主责|责任)|[(]"
)
_ORDERED_SOON = re.compile(r"[^,;。]{0,8}?(?:要(?!求)|必须|务必)")
_SURE = re.compile(rf"、|以及|和|及|与|/| |等|{_MODAL}|{ANY_ROLE}")
_STARTS = re.compile(
    rf"{VERBS}|{_ADVERB}|促进|延长|缩短|错时|腾退|搬迁|扩建|迁建|利用|用好|走进|进入|位于|建设|改造|整治|创建|打造|发挥|依托|鼓励|争取|确保|深入|大力|加快|积极|全力|认真|切实|突出|聚焦|坚持|保持|拓宽|盘活"
)
_GROUP = re.compile(
    r"(?:全[区县市]|[区县市省]直(?:属)?|驻[区县市]|沿线|沿街|属地|辖区|城区)?(?:各|所有|全体|凡)(?:[县区市]\([县区市、]{1,5}\)|[区县市旗](?=于|要|应|须|必须|在|按|每|对|将|把|等|[、和及]|负责|配合|$)|[一-鿿]{0,7}?(?:街道办事处|街道办|街道|镇街|乡镇|镇|乡|部委办局|委办局|部门|单位|社区|村居|村|中小学校?|学校|企业|工作组|专班|医院|园区|科室|党组织|党委|党组|片区|窗口|景区|网点|网格员|站所|公司|商户)(?!单位|部门|企业))"
    r"(?:\([一-鿿]{1,6}\)|[、和及](?:街道|镇|乡|社区|村居?|单位|部门)(?![一-鿿]*?(?:局|委|办)))?"
)
#: After 会同各街道 a verb that elsewhere could be part of a noun (各街道改造项目).
_MADE = re.compile(r"(?:改造|建设|打造|创建|整治|新增|修缮|发展)(?!工程|项目|办|工作|方案)")
_VAGUE = re.compile(
    r"(?:[区县市省]直)?(?:有关|相关|涉及|属地|沿线|辖区|所在)(?:职能|责任)?(?:街道办事处|街道|镇街|乡镇|镇|部门|单位|社区|企业|村)"
)
_COUNTED = re.compile(
    r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})个(?P<name>[一-鿿]{0,6}(?:工作组|专班|街道|乡镇|镇街|部门|单位|社区|攻坚组|指挥部|督导组|督查组|专项小?组|指导组))"
)
_POST = re.compile(
    r"(?:各级?)?(?:包[联保抓挂片村组户街]|包社区|联片|挂[点钩包]|联系|驻[点村片])[区县市]?(?:级)?(?:领导|部门|单位|干部)|(?:[区县市镇乡]?领导|党政|党工委|党委|街道|镇|乡|村|社区)?班子成员|[区县市镇]领导(?!小组|机构|班子)|各(?:(?!要|应|须|和|组织|发动)[一-鿿]){0,8}?(?:领导|书记|干部|主管部门|负责同志|负责人|联络员|网格员)|(?:帮扶|驻[村点]|包[村点]|下沉|机关)干部|包点[市区县]?领导|(?:全体|专职|兼职)?网格员|各[村镇街区级]{0,2}(?:点位长|路长|街长|楼长|网格长|河长|片长)(?!制)|"
    r"[区县市](?:级|委|政府|委[区县市]政府|四套班子)(?:分管|主要|包联|包保)?领导(?:同志|干部)?(?!小组|机构)|(?:[区县市]委[、]?[区县市]政府|(?:各级)?(?:党委政府、?)?各?(?:有关|相关|责任|成员|创建)?(?:街道|单位|部门|乡镇|镇街|镇)|[一-鿿]{1,8}(?:局|委|办|街道|镇|乡))(?:党政|党工委|党委|党组)?(?:主要|分管|班子|责任)?(?:领导同志|领导|主要负责人|主要负责同志|负责人|负责同志|“?一把手”?|书记)(?!小组|机构|干部)"
)
_BARE = re.compile(r"(?:职能|相关)?(?:部门|街道|社区|乡镇|镇街|学校|企业|单位|村居|镇|村)(?![一-鿿]*?(?:环境|建设))")
_BARE_FOLLOW = re.compile(r"要|应|须|必须|[、和及](?:部门|街道|社区|乡镇|镇街|学校|企业|单位|村居|镇|村)")
_FIELD = re.compile(
    rf"(?:{FIELDS})(?:(?:系统|行业)?(?:部门|单位|企业)|系统|(?=、(?:{FIELDS})|等(?:[相有]关|职能|责任|成员){{0,2}}(?:部门|单位)))"
)
_BRANCH = re.compile(
    r"(?!各|有关|相关|其他|牵头|责任|配合|主责|职能)[一-鿿]{2,8}?(?:(?:主管|监管)?部门|(?:企业|(?:开办|施工|建设|服务|窗口|物业|运营|经营|文明|成员|共建|包保|领办|承办)单位)(?=要|应|须|必须|负责)|[主开承]办方|运营方)(?=要|应|须|必须|负责|牵头|配合|[、和及][一-鿿]{2,8}部门)"
)
#: 银行、邮政、通信等窗口行业: the trades are named, the whole of them is meant.
_TRADES = re.compile(
    r"(?:[一-鿿]{2,6}、){0,9}[一-鿿]{2,6}?等(?P<name>[一-鿿]{0,6}(?:行业|系统|企业))(?=要|应|须|必须|在|对|每|按|开展|落实)"
)
#: 各媒体要, 各考点必须: whoever they are, each of them is ordered.
_EACH = re.compile(
    r"各(?![项类种个方式界层地])[一-鿿]{1,8}?(?=(?:每[天日周月季年]|今年|年内|具体|共同|切实|都|均|\d{1,2}月[^,]{0,6}|继续|抓紧|主动|积极)?(?:要(?!求)|应(?!急)|必须|务必|负责))"
)
#: 桥西区要, 正定县、桥西区负责: districts under a city.
_AREA = re.compile(
    r"[一-鿿]{2,3}(?<![小社园片城辖全我景街校库山学市农老各建展业新范验险护本该外地])[区县](?=要(?!求)|须|必须|负责|牵头|主责|、[一-鿿]{2,3}[区县](?:要|须|必须|负责|牵头|主责|、))"
)
_SAID_OF = re.compile(r"\d|[“”]|建成|完成|达到|要|推进|加强")
_OF_KIND = re.compile(
    r"(?![对将把向给])[^,;。:、]{2,24}?的[一-鿿]{0,4}(?:单位|部门|街道|乡镇|镇街|社区|企业|学校)(?=要|应|须|必须|和|负责|配合|牵头|$)"
)
_WEAK = re.compile(
    r"(?:中心|站|所|馆|园|台|院|厂|社区|学校|小学|中学|医院|商场|商城|超市|酒店|宾馆|会|部|科|段|处|队|社|村|幼儿园|大学|银行|园林)$"
)
_BUILT = re.compile(
    r"(?:建设|改造|工程|项目|环境|整治|提升|创建|管理|治理|服务|周边|内部?|外|门前|南|北|东|西|主体|升级|扩建|迁建|选址)"
)
_NOT_NAME = re.compile(
    r"(?:^经(?!开|济|信|贸|发|营)|的|(?<![高中])等|了|是|把|将|对(?!外|口|台)|为(?!民)|要|由|使|让|被|及|并|向(?!阳|东|荣|山)|关于|推进|推动|加强|加快|完成|建成|实施|开展|打造|创建|整治|确保|力争|落实|成立|组建|设立|依托|通过|依据|按照|根据|针对|围绕|每|全年|年内|负责|配合|牵头|主责|会同|联合|以(?!琳)|从|在|到|以及|请|报(?!社|业|刊)|"
    r"\d{1,6}个|提升|强化|深化|优化|完善|健全|建立|支持|鼓励|指导|督促|动员|发动|组织(?!部|处|科|办)|充分|主动|积极|全面|做好|抓好|用好|办好|(?<!老)干部$|全部$|群众$|人员$|\d[处所站馆园会段台队室院部]$|^(?:当前|目前|现在)?(?:距离?|离(?!退|休))|^(?:推行|实行|倡导|提倡|践行|弘扬|抵制)|(?:新|简|快|即|代|帮|严|易|通|网上|一次|一窗)办$|(?:场|厕|处)所$|^(?:实现|做到|达到|保持)|^(?:群众|游客|患者|家长(?!委|学校)|学生(?!会|处|工作))|^(?:市民(?!政|宗|族)|居民)(?!委员会|中心|学校|热线|服务))"
)
_CALLED_AFTER = re.compile(
    r"(?:创建|整治|推进|推动|落实|治理|建设|督导|督查|实施|组织|协调|提升|改造|指导|服务|促进|保障|支持|负责)*(?:工作)?(?:办公室|办|指挥部|领导小组|专班|工作组|攻坚组|组|中心|委员会|促进会|联合会|联谊会|局|处|室)$"
)
_FOR_WORK = re.compile(
    r"创建(?:全国|省级|国家)?(?:文明|卫生|森林)(?:城市|城区|县城|村镇)?|(?:建设|指导|推进|协调|促进|服务)(?=(?:工作)?(?:委员会|领导小组|指挥部|中心|办公室))|精神文明建设"
)
_ALONE = re.compile(r"^(?:[区县市省镇乡]|各)|(?:局|委|办|街道|镇|乡|支队|大队|公司|集团|部门|指挥部|领导小组|办公室)$")
#: What is done with a course or a fair, not an office (举办培训班4期); whole, because 双创办 is one.
_HOLDING = re.compile(r"(?:联合|共同|集中|定期|分别|统一|组织|精心|认真|继续|联动)?[举开创兴承主协督催交转查申代帮]办$")
_ROOM = re.compile(r"(?:辅导|母婴|阅览|活动|图书|咨询|候车|值班|会议|接待)室$")
_LONGEST = 26


@dataclass(frozen=True)
class Unit:
    name: str
    start: int
    end: int


def is_unit_list(words: str) -> bool:
    """The words are nothing but units: a heading 区教委 or 区教委、各街道(牵头单位:区教委)."""
    if not words or len(words) > 60:
        return False
    names = [name for names in read_units(words).by_role.values() for name in names]
    return bool(names) and all(
        (guess_kind(name) and not _is_clause(name) and not _BUILT.search(name)) or _GROUP.fullmatch(name)
        for name in names
    )


def is_name(name: str) -> bool:
    """A unit or a group of units by its form."""
    return bool(_GROUP.fullmatch(name) or _VAGUE.fullmatch(name)) or (
        guess_kind(name) is not None and not _is_clause(name)
    )


def one_unit(text: str, at: int, stop: int, names: Names, *, is_first: bool, is_led: bool) -> Unit | None:
    """The unit that starts at `at`: a group, a post, a name of the directory, or a name by its form."""
    for pattern in (_POST, _GROUP, _VAGUE):
        match = pattern.match(text, at, stop)
        if match and (_follows(text, match.end(), stop, match[0]) or (is_led and _MADE.match(text, match.end(), stop))):
            return Unit(match[0], *match.span())
    if (match := _COUNTED.match(text, at, stop)) and _follows(text, match.end(), stop, match["name"]):
        return Unit(match["name"], match.start("name"), match.end())
    return (
        _known(text, at, stop, names)
        or _of_trade(text, at, stop)
        or _by_form(text, at, stop, is_led=is_led)
        or _vague(text, at, stop)
    )


def _known(text: str, at: int, stop: int, names: Names) -> Unit | None:
    """A name of the campaign's directory."""
    if (end := names.at(text, at, stop)) and _follows(text, end, stop, text[at:end], is_known=True):
        return Unit(text[at:end], at, end)
    return None


def _of_trade(text: str, at: int, stop: int) -> Unit | None:
    """Trades, fields and branches that stand for their units: 窗口行业, 公安、城管等部门, 行业主管部门, 各媒体, 桥西区."""
    if (match := _TRADES.match(text, at, stop)) and not guess_kind(re.split("[、等]", match[0])[0]):
        return Unit(match["name"], match.start("name"), match.end())
    for pattern in (_EACH, _AREA):
        if match := pattern.match(text, at, stop):
            return Unit(match[0], *match.span())
    if (match := _FIELD.match(text, at, stop)) and _follows(text, match.end(), stop, match[0]):
        return Unit(match[0], *match.span())
    if (match := _BRANCH.match(text, at, stop)) and not _is_clause(match[0]):
        return Unit(match[0], *match.span())
    return None


def _vague(text: str, at: int, stop: int) -> Unit | None:
    """部门、街道要…, 有家属院的单位要…, 城关、固城等镇: named by no more than their kind."""
    if (match := _BARE.match(text, at, stop)) and _BARE_FOLLOW.match(text, match.end(), stop):
        return Unit(match[0], *match.span())
    if (match := _OF_KIND.match(text, at, stop)) and not _SAID_OF.search(match[0]):
        return Unit(match[0], *match.span())
    return _short(text, at, stop)


def _by_form(text: str, at: int, stop: int, *, is_led: bool = False) -> Unit | None:
    """The shortest name with a unit's form that a role, 要 or another name follows, else the longest that a verb follows."""
    weaker: Unit | None = None
    for end in range(at + 2, min(stop, at + _LONGEST) + 1):
        if text[end - 1] in "、,;。:!?":
            break
        name = text[at:end]
        if not guess_kind(name) or _is_clause(name) or _is_deed(name) or not _follows(text, end, stop, name):
            continue
        if _ROOM.search(name):
            continue
        if name.endswith("村") and text[end : end + 1] in ("和", "与", "及"):
            continue
        if end >= stop:
            return (
                _whole_name(name, at, end, is_led=is_led)
                or weaker
                or (Unit(name, at, end) if (is_led or _ALONE.search(name)) and not _STARTS.match(name) else None)
            )
        if _SURE.match(text, end, stop):
            return Unit(name, at, end)
        if _WEAK.search(name) and re.search(r"[A-WYZa-z0-9]", name) and "热线" not in name:
            continue
        weaker = Unit(name, at, end)
    return weaker


def _whole_name(name: str, at: int, end: int, *, is_led: bool) -> Unit | None:
    """区委组织部, and not 区委 that organises."""
    return Unit(name, at, end) if is_led and name.endswith(("部", "局", "委", "办", "中心", "校")) else None


def _is_clause(name: str) -> bool:
    """Words that no name holds, but for an office or a group that is called after its work (创建办, 整治专班)."""
    return bool(_HOLDING.match(name)) or bool(_NOT_NAME.search(_CALLED_AFTER.sub("", _FOR_WORK.sub("", name))))


def _is_deed(name: str) -> bool:
    """促进当代商城, 利用信息化平台: a verb with its object, not a name such as 统计局 or 宣传部."""
    name = _FOR_WORK.sub("", name)
    verb = _STARTS.match(name)
    return bool(verb) and (
        (bool(_WEAK.search(name)) and not name.endswith("部")) or len(name) - len(verb[0] if verb else "") > 3
    )


_SHORT = re.compile(r"[一-鿿X]{2,6}(?=、)")
_SHORT_LAST = re.compile(
    r"[一-鿿X]{2,6}?(?=等(?:沿线|相关|有关|各){0,2}(?:乡镇|镇街|街道|镇|乡|社区|村)(?:要|应|须|负责|配合|牵头|在|对|按))"
)


def _short(text: str, at: int, stop: int) -> Unit | None:
    """城关、马庄、固城等沿线乡镇要…: short names that the word after 等 makes streets or towns."""
    last = _SHORT_LAST.match(text, at, stop)
    if last and not _NOT_NAME.search(last[0]):
        return Unit(last[0], *last.span())
    short = _SHORT.match(text, at, stop)
    rest = text[at : min(stop, at + 80)]
    if short and re.match(
        r"(?:[一-鿿X]{2,6}、){1,14}[一-鿿X]{2,6}等(?:沿线|相关|有关|各){0,2}(?:乡镇|镇街|街道|镇|乡|社区|村)(?:要|应|须|负责|配合|牵头|在|对|按)",
        rest,
    ):
        return Unit(short[0], *short.span())
    return None


def _follows(text: str, end: int, stop: int, name: str, *, is_known: bool = False) -> bool:
    """What stands after a name must let it be a doer: another name, a role, 要, a verb of doing, the clause's end."""
    if end >= stop:
        return True
    if JOIN.match(text, end, stop):
        return True
    follow = _FOLLOW.match(text, end, stop)
    if not follow:
        return False
    if follow[0] == "(":
        close = text.find(")", end, stop) + 1
        return close > 0 and _follows(text, close, stop, name, is_known=is_known)
    is_sure = bool(_SURE.match(follow[0]))
    if is_sure or is_known:
        return True
    if name.endswith(("街道", "社区", "镇", "村", "乡")) and len(name) <= 2 and name[0] not in "各全":
        return False
    if name.endswith(("站", "所", "队")) and (
        text.startswith(("每", "按"), end) or _ORDERED_SOON.match(text, end, stop)
    ):
        return True
    return not _WEAK.search(name) or len(name) > 3 or name[0] in "区县市各"
