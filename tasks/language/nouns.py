"""What a number counts: the noun after it or before it, freed of verbs and of the words that only carry it."""

import re

from tasks.language.text import veil

_DEEDS = (
    "完成|新建成|建成(?!区)|新建|改建|扩建|续建|建设|建立|改造|整治|创建|打造|提升|实施|推进|推动|开展|举办|组织|培育|评选|表彰|设置|设立|安装|更换|新增|增加|"
    "增设|增补|种植|栽植|栽种|补植|清理|清运|拆除|治理|维修|修缮|维护|发放|招募|培训|检查|排查|巡查|抽查|张贴|制作|刊播|刊发|播放|发布|报送|"
    "召开|印发|办好|办理|落实|整改|解决|化解|消除|配备|配建|配置|铺设|敷设|绿化|创作|推出|选树|命名|认定|申报|引进|引导|扶持|规划|启动|优化|"
    "升级|修建|粉刷|规范|取缔|关停|查处|处置|走访|慰问|服务|覆盖|完善|健全|集中|宣传|报道|出台|制定|施划|划定|布设|投放|实现|达标|验收|创成|调查|入户|明确|确定|指定|选派|抽调|选聘|聘请|吸纳|吸引|补发|编发|编印|制发|下发|修复|修补|加装|补装|清除|排除|清退|复绿|硬化|疏通|打通|接入|拨付|安排|建(?!成区)"
)
VERB = re.compile(_DEEDS)
VERB_AT_END = re.compile(rf"(?:{_DEEDS}|不少于|至少)(?:了|好|出)?$")
RESULT = re.compile(
    "实现|完成|建成|建设|创建|改造|整治|整改|治理|达标|达到|开工|完工|竣工|投用|投入|验收|提升|列入|纳入|拨付|培育|拆除|清理|更新|安装|修缮|绿化|优化"
)
_CARRIERS = re.compile(
    rf"^(?:(?:要|将|把|全面|率先|加快|大力|积极|继续|持续|稳步|力争|争取|确保|努力|有效|切实|深入|进一步|年内|全年|今年|全区|全市|全县|累计|共|再|"
    rf"着力|共计|每年|组织|{_DEEDS})(?:了|好|对|并)?)+(?!工程|化|率|度|量|比|面积|区|$)"
)
_TAIL = re.compile(
    rf"(?:(?:不少于|不低于|至少|要|需|应|须|将|数量|总数|总量|数|力争|争取|确保|全部|全面|累计|共|不|均|都|提高|上升|增长|下降|降低|同比|[较比](?:去年|上年)(?:同期)?|{_DEEDS}){{1,6}}|的)$"
)
_AFTER_STOP = re.compile(r"(?:的?(?:创建|建设)工作|的?创建|工作)$")
_SPLIT = re.compile(r"(?:和|及|与|、|以及|，)(?=■*\d)|(?:实现|完成|建成|达到|纳入|列入|全部|开展|进行|(?<!主)要|\()")
_CLAUSES, _LAST_LISTED, _DIGIT = (
    re.compile(r"■+|[,;。:\n]"),
    re.compile(r"(?<=[一-鿿])、(?=[^、]*$)"),
    re.compile(r"\d"),
)
_QUOTES = re.compile(r"“[^“”]{1,14}”|《[^《》]{1,30}》")
_UNITS = {
    "公厕": "座", "厕所": "座", "投诉": "件", "事故": "起", "火灾": "起", "案件": "起", "问题": "个", "隐患": "处", "违建": "处",
    "伤亡": "人", "死亡": "人", "上访": "起", "非访": "起", "堵点": "处", "乱点": "处", "小区": "个", "点位": "个", "水体": "处", "死角": "处",
}  # fmt: skip


def veil_names(text: str) -> str:
    """Numbers in quotes and book marks belong to a name."""
    return veil(text, [match.span() for match in _QUOTES.finditer(text)]) if "“" in text or "《" in text else text


def subject(before: str) -> str | None:
    """The noun before a number: 年内完成绿化面积 -> 绿化面积; 生活性服务业网点提升 -> 生活性服务业网点."""
    words = _CLAUSES.split(before)[-1] or next((w for w in reversed(before.split("■")) if w), "")
    words = _LAST_LISTED.split(words)[-1] if "、" in words and _DIGIT.search(words.rpartition("、")[0]) else words
    words = words.strip("■的、()（）")
    while (cut := _TAIL.sub("", words)) != words:
        words = cut
    return _unquoted(_CARRIERS.sub("", words).strip("■、的")) or None


def _unquoted(words: str) -> str:
    """Quotes go where they hold the whole name; “我们的节日”主题活动 keeps its own."""
    return words.strip("“”") if words.count("“") + words.count("”") != 2 or words.endswith("”") else words


def deed(before: str) -> str | None:
    """Where only a verb stands before a number (年内新建5个), the verb says what is counted."""
    words = before.rpartition("、")[2].strip("■的")
    found = VERB.findall(words)
    return found[-1] if found and words.endswith(found[-1]) else None


def counted(after: str) -> str | None:
    """The noun after a number: 个文明交通示范道路和40个… -> 文明交通示范道路; 个“15分钟生活圈” -> 15分钟生活圈."""
    if after[:1] in ("、", "和", "及", "与"):
        return None
    words = _SPLIT.split(after, maxsplit=1)[0].strip("■的、等")
    while (cut := _AFTER_STOP.sub("", words)) != words and cut:
        words = cut
    return _unquoted(words.strip("■的、()（）")) or None


def rate(before: str, after: str) -> str | None:
    """90%的养老机构完成星级评定 -> 养老机构完成星级评定; 连锁化率达到50% -> 连锁化率; 完成50% -> 完成率."""
    if after.startswith("的"):
        return after[1:].strip("■“”") + "占比"
    before = re.split(r"%(?:以上|左右|以内)?[、和及与]", before)[-1]
    words = re.split(r"■+", before)[-1]
    found = subject(before)
    if found and not VERB.fullmatch(words.strip()):
        return found
    done = deed(before)
    return f"{done}率" if done else None


def unit_of(what: str | None) -> str:
    return next((unit for noun, unit in _UNITS.items() if what and what.endswith(noun)), "")
