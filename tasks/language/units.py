"""Unit lists: 、 及 和, 各街道, 相关街道, 等部门, (牵头) marks; names known by their form; names a directory knows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from tasks.language.text import even

ROLES = ("lead", "primary", "responsible", "support")
_ROLE_WORDS = (
    ("lead", "牵头领办|牵头抓总|总牵头|牵头"), ("primary", "主责|主办|主要负责|负责"), ("support", "配合|协办|协助|协同|参与|支持|会同|联合"),
    ("responsible", "责任|承办|落实|实施"),
)  # fmt: skip
_ROLE = {word: role for role, words in _ROLE_WORDS for word in words.split("|")}
_ANY_ROLE = "|".join(sorted(_ROLE, key=len, reverse=True))
_LABEL = re.compile(rf"(?P<role>{_ANY_ROLE})(?:单位|部门|科室)?:")
_MARK = re.compile(rf"\((?P<role>{_ANY_ROLE})(?:单位|部门)?\)")
_TAIL_ROLE = re.compile(
    rf"(?:共同|分别|具体|做好|按照?(?:各自)?(?:职责|职能)(?:分工)?)*(?P<role>{_ANY_ROLE})(?:单位|部门|落实|实施|推进|工作)?(?=$|[,;。、\n])"
)
_SPLIT = re.compile(r"[、,;。\n/|+]|(?<=[一-鿿\)])(?: +)(?=[一-鿿])")
_JOIN = re.compile(r"以及|和|及|与")
_OPEN = re.compile(
    r"等?(?:有关|相关|涉及)(?:职能|责任|成员)?(?:部门|单位|科室|委办局|企业)+$|等(?:职能|责任|成员)?(?:部门|单位|企业)?$"
)
_OPEN_REMARK = re.compile(r"(?:另含|含|会同|还有|以及|及|等)(?:有关|相关)(?:职能)?(?:部门|单位)")

GROUP = re.compile(
    r"^(?:全[区县市])?(?:各|所有|全体)(?:有关|相关|责任|成员|职能|区属|委办局|级|类)*"
    r"(?P<of>街道办?(?:事处)?|镇街|镇|乡镇|乡|部门|委办局|单位|社区|村居?|学校|中小学校?|企业|工作组|专项工作组|医院|园区|部委办局|科室)"
    r"(?:\((?P<also>[^)]*)\)|(?P<rest>[、和及]?(?:街道|镇|乡|社区|单位))?)$"
)
VAGUE_GROUP = re.compile(
    r"^(?:有关|相关|涉及|属地|沿线|辖区)(?:职能)?(?:街道|镇街|乡镇|镇|部门|单位|社区|企业|村)(?:办事处)?$"
)
_OPEN_GROUP = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}(?:各|所有|全体)|辖区|辖内|沿街|沿线|属地|驻区|驻地|共建|包联|帮扶|挂点|包保|结对)[\u4e00-\u9fff（）()]{0,10}"
    r"(?:单位|部门|企业|公司|机构|组织|团体|队伍|协会|商会|商户|商家|门店|业主|物业|学校|医院|景区|市场|窗口|科室|处室|网格|[办所站队组区县市镇乡村户]|[办所站队组区县市镇乡村户][)）])"
)
_KINDS = (
    ("street", r"街道(?:办事处|办|党工委)?|办事处|[一-鿿]镇(?:政府|人民政府)?|[一-鿿]乡(?:政府|人民政府)?|地区办"),
    ("community", r"社区(?:居委会|党委)?|居委会|村委会|[一-鿿]村"),
    ("school", r"学校|[小中]学|大学|幼儿园|学院|附中|附小|党校|[一二三四五六七八九十]{1,2}[中小]"),
    ("enterprise", r"公司|集团|银行|支行|分行|信用社|供电所|电信|移动|联通|铁塔|邮政|商场|商城|超市|酒店|宾馆|自来水厂|厂"),
    ("group", r"(?:工作|攻坚|督[导查察]|巡[查察]|检查|专项|协调|宣传|保障|推进|领导|整治|验收|评估|资料|材料|综合)[小]?组|专班|指挥部"),
    ("other", r"(?:开发|经开|高新|风景|度假|工业园|产业园|保税|管理)区|医院|卫生院|疾控中心|法院|检察院|武装部|人大(?:办)?|政协(?:办)?"),
    ("department", r"分局|局|委员会|管委会|委|办公室|办|部|支队|大队|总队|中队|队|中心|总工会|工会|联合会|商联|妇联|残联|文联|科协|红十字会|协会|学会|工商联|团[区县市]?委|处|室|院|站|所|馆|台|社|科|园|会|段|分公司|园林|机关"),
)  # fmt: skip
_FORMS = tuple((kind, re.compile(rf"^[一-鿿A-Z0-9X“”()]*(?:{form})$")) for kind, form in _KINDS)
#: What bureaus are called after; 财政 and 民政 are one character apart and no slip of the pen.
FIELDS = (
    r"公安|交警|城管|住建|市场监管|卫健|卫生健康|环卫|教育|民政|交通运输|交通|商务|文旅|文化|财政|发改|园林|水务|水利|应急|消防|司法|人社|环保|生态环境|自然资源|"
    r"规划|农业|农业农村|宣传|组织|统战|综治|信访|审计|统计|税务|工商|电力|通信|供水|燃气|热力|邮政|物业服务|物业|房管|工信|科技|体育|旅游|民宗|妇联|共青团|工会"
)
_FIELD = re.compile(rf"({FIELDS})(?:和|与)?[一-鿿]{{0,6}}$")
_DISTRICT = re.compile(r"^(?:[一-鿿]{1,3})?[区县市旗](?=[一-鿿]{2})")
_LEVEL = re.compile(r"^(?:[一-鿿]{2,3})?([省市区县旗])(?![场政容民域划级外])(?=[一-鿿]{2})")
_OFFICE_TAIL = re.compile(r"(?:办事处|人民政府|政府|办)$")
_NEAR = 70
_NARROW, _WIDE = str.maketrans("（）", "()"), str.maketrans("()", "（）")


@dataclass(frozen=True)
class UnitList:
    """The names of one cell by role, in writing order. `is_open_ended`: 等部门, more than the names given."""

    by_role: dict[str, tuple[str, ...]]
    is_open_ended: bool
    is_role_written: bool


@lru_cache(maxsize=4096)
def guess_kind(name: str) -> str | None:
    """The kind a name's form tells, None where it has no unit's form."""
    name = _narrow(name)
    if len(name) < 2 or len(name) > 24 or re.match(r"^(?:的|要|为|在|对)", name):
        return None
    return next((kind for kind, form in _FORMS if form.match(name)), None)


@lru_cache(maxsize=4096)
def group_kind(name: str) -> str | None:
    """各街道 -> street, 各部门 -> department, 各单位 -> any; None for a single unit."""
    match = GROUP.match(_narrow(name))
    if not match:
        return None
    of = match["of"]
    for kind, words in (
        ("street", ("街道", "镇", "乡")), ("community", ("社区", "村")), ("school", ("学校", "中小学")), ("enterprise", ("企业",)),
        ("group", ("工作组",)), ("department", ("部门", "委办局", "部委办局", "科室")),
    ):  # fmt: skip
        if any(of.startswith(word) or of.endswith(word) for word in words):
            return kind
    return "any"


@lru_cache(maxsize=4096)
def is_vague_group(name: str) -> bool:
    """相关街道: nobody can say yet which ones."""
    return bool(VAGUE_GROUP.match(_narrow(name)))


@lru_cache(maxsize=4096)
def is_open_group(name: str) -> bool:
    """Nobody can say yet who is meant: the words stay on the task as an open end."""
    return is_vague_group(name) or (not group_kind(name) and bool(_OPEN_GROUP.fullmatch(name)))


def _narrow(name: str) -> str:
    return name.translate(_NARROW)


def as_written(name: str, raw: str) -> str:
    """A name read in evened text, with the wide brackets that its writer gave it."""
    return name.translate(_WIDE) if "(" in name and name.translate(_WIDE) in raw else name


def says_open_end(remark: str) -> bool:
    return bool(remark) and bool(_OPEN_REMARK.search(even(remark).text))


@lru_cache(maxsize=4096)
def read_units(raw: str, *, role: str = "responsible") -> UnitList:
    """Read one cell. `role` holds where the cell marks none (牵头:…, …(配合), …牵头)."""
    text = re.sub(r"^\d+[.、](?=[一-鿿])", "", even(_mark_spaces(raw[:4_000])).text.strip())
    by_role: dict[str, list[str]] = {}
    is_open = is_written = False
    for found_role, part in _by_role(text):
        is_written = is_written or found_role is not None
        names, part_is_open = _names(part)
        is_open = is_open or part_is_open
        held = by_role.setdefault(found_role or role, [])
        held.extend(name for name in names if name not in held)
    kept = {key: tuple(as_written(name, raw) for name in names) for key, names in by_role.items() if names}
    return UnitList(kept, is_open, is_written)


def _mark_spaces(raw: str) -> str:
    """区卫健委 区教育局: a space between two whole names parts them; any other space is only typing."""
    words = raw.split()
    text = words[0] if words else ""
    for word in words[1:]:
        text += ("、" if guess_kind(re.split("[、,，]", text)[-1]) and "\n" not in raw else " ") + word
    return text if "\n" not in raw else "\n".join(_mark_spaces(line) for line in raw.splitlines())


def _by_role(text: str) -> Iterator[tuple[str | None, str]]:
    """Parts of a cell with the role written on them: 牵头:A;配合:B / A、B(配合) / 由A牵头,B、C配合."""
    if _LABEL.search(text):
        labels = list(_LABEL.finditer(text))
        yield None, text[: labels[0].start()]
        for label, after in zip(labels, [*labels[1:], None], strict=True):
            yield _ROLE[label["role"]], text[label.end() : after.start() if after else len(text)]
        return
    if _MARK.search(text):
        for piece in _SPLIT.split(text):
            mark = _MARK.search(piece)
            yield (_ROLE[mark["role"]] if mark else None), _MARK.sub("", piece)
        return
    start = 0
    for tail in _TAIL_ROLE.finditer(text):
        if tail.start() > start:
            yield _ROLE[tail["role"]], re.sub(r"^[,;、。]?由?", "", text[start : tail.start()])
        start = tail.end()
    yield None, text[start:]


def _names(part: str) -> tuple[list[str], bool]:
    names: list[str] = []
    is_open = False
    for piece in _SPLIT.split(part):
        for name in _unjoin(piece.strip(" .、“”")):
            if VAGUE_GROUP.match(name) or GROUP.match(name):
                names.append(name)
                continue
            bare = _OPEN.sub("", name)
            is_open = is_open or bare != name
            if bare and bare not in ("有关", "相关"):
                names.append(bare)
    return names, is_open


def _unjoin(piece: str) -> Iterator[str]:
    """Split at 和/及/与 only where a whole unit stands on the left: 区教委和区民政局, but not 住房和城乡建设局."""
    for joint in _JOIN.finditer(piece):
        left, right = piece[: joint.start()], piece[joint.end() :]
        if _stands_alone(left, right) and len(right) > 1:
            yield left
            yield from _unjoin(right)
            return
    if piece:
        yield piece


def _stands_alone(left: str, right: str) -> bool:
    if GROUP.match(left) or VAGUE_GROUP.match(left):
        return True
    kind = guess_kind(left)
    return kind is not None and not (kind == "community" and guess_kind(right) == "department")  # 农业农村和水利局


@dataclass(frozen=True)
class Known:
    """A unit of the campaign as the reader needs it."""

    name: str
    kind: str = "other"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """`name`: the directory's own name, None where it has none; `near`: the likeliest name to ask about."""

    name: str | None
    near: str | None = None


@dataclass
class Directory:
    """Names a campaign knows: exact, by alias, or but for the district's name or the office's tail."""

    units: Iterable[Known]
    _exact: dict[str, str] = field(default_factory=dict)
    _loose: dict[str, set[str]] = field(default_factory=dict)
    _found: dict[str, Match] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                self._exact.setdefault(even(name).text, unit.name)
                self._loose.setdefault(_loose(name), set()).add(unit.name)

    def find(self, name: str) -> Match:
        if name not in self._found:
            self._found[name] = self._look(name)
        return self._found[name]

    def _look(self, name: str) -> Match:
        name = _narrow(name)
        if exact := self._exact.get(name):
            return Match(exact)
        loose = {known for known in self._loose.get(_loose(name), set()) if _is_of_one_level(name, known)}
        if len(loose) == 1:
            return Match(next(iter(loose)))
        best = (
            process.extractOne(name, self._exact.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR) if self._exact else None
        )
        return Match(None, self._exact[best[0]] if best and not _are_two_fields(name, best[0]) else None)


def _are_two_fields(name: str, other: str) -> bool:
    """区财政局 is not 区民政局 misspelt."""
    fields = {field[1] for field in (_FIELD.search(name), _FIELD.search(other)) if field}
    return len(fields) == 2


def _is_of_one_level(name: str, known: str) -> bool:
    """市委宣传部 is another body than 区委宣传部; 宣传部 may be either."""
    levels = {level[1] for level in (_LEVEL.match(name), _LEVEL.match(known)) if level}
    return len(levels) < 2


def _loose(name: str) -> str:
    """区教委 and 教委, 鲁谷街道 and 鲁谷街道办事处 are one name."""
    words = _DISTRICT.sub("", even(name).text)
    return _OFFICE_TAIL.sub("", words) if "街道" in words or re.search(r"[镇乡](?:人民)?政府$", words) else words
