"""Who is to do it: units named at the head of a clause or after 由, with the role that is written on them."""

import re
from dataclasses import dataclass, replace

from tasks.extraction.deeds import VERBS
from tasks.extraction.doers import ANY_ROLE, JOIN, ROLE_OF, Unit, one_unit
from tasks.extraction.names import Names
from tasks.language.units import guess_kind

_END_ROLE = re.compile(
    r"(?:要|应)?(?:具体|抓好|做好)?(?P<role>统筹(?:协调|负责)?|抓总|落实|组织实施|具体实施)(?=[,;。)]|$)"
)
_END_ROLES = {"统": "lead", "抓": "lead", "落": "responsible", "组": "responsible", "具": "responsible"}
_ROLE = re.compile(
    rf"(?:要|应|须)?(?:一定)?(?:共同|分别|具体|统一|做好|按照?(?:各自)?职责(?:分工)?|分工){{0,3}}(?P<role>{ANY_ROLE})(?P<noun>单位|部门|科室)?(?!下)"
)
_IS_ROLE = re.compile(
    r"(?:为|是|作为)(?:此项工作的?|该项工作的?)?(?:第一|主要)?(?P<role>总?牵头|主责|主办|责任|配合|协办)(?:单位|部门)"
)
_TOGETHER = re.compile(r"^(?:密切|协同|主动|积极|全力)配合$")
_NOUN_ROLES = {
    "牵头": "lead",
    "总牵头": "lead",
    "主责": "primary",
    "主办": "primary",
    "责任": "responsible",
    "配合": "support",
    "协办": "support",
}
_OPEN = re.compile(
    r"(?:等(?:\d+个)?(?:各?(?:相关|有关|涉及|沿线|驻[区县市地]|属地|辖区|职能|成员|责任|(?P<role>牵头|主责|主办|配合|协办))){0,3}"
    r"(?P<kind>部门|单位|街道办事处|街道|乡镇|镇街|镇|乡|社区|村|科室|企业|公司|学校|高校|院校|机构|银行)?|、?(?:和|及|与)?(?:其他|各)?(?:相关|有关)(?:职能|责任)?(?:部门|单位))"
)
_LEAD_IN = re.compile(
    r" *(?:(?:同时|另外|此外|其中|目前|下一步|会后|原则上|会议(?:决定|议定|要求|明确|强调|指出)|议定|明确|请|责成|要求|同意|特别是|尤其是|具体(?:工作)?|此项工作|该项工作|这项工作|以上工作|上述工作|下设的?)[,:]?)*(?:由)?"
)
#: Houses that are opened and visited; named after those who are to act they are what the task is about.
_HOUSE = re.compile(
    r"(?:图书|文化|博物|科技|体育|美术|纪念|展览|群艺|档案|活动|文体)馆|书[店房屋吧]|少年宫|影剧?院|剧[场院]|实践[所站]$|(?:图书|阅览|活动|文化|农家书)室$"
)


@dataclass(frozen=True)
class Subject:
    """Units by role with their places. `start` to `end` is the whole phrase with its role word."""

    by_role: dict[str, tuple[Unit, ...]]
    start: int
    end: int
    is_open: bool = False
    is_written: bool = False
    """A role word stands with the units."""
    is_local: bool = False
    """Named in mid-clause (每季度由A研究1次): holds for its clause only."""

    is_mutual: bool = False
    """A、B要密切配合: helpers of whoever was named before them, or of one another."""

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for units in self.by_role.values() for unit in units)

    @property
    def is_support_only(self) -> bool:
        return set(self.by_role) == {"support"}

    @property
    def is_of_houses(self) -> bool:
        """文化馆每周开放: said of houses, with no role."""
        return not self.is_written and all(_HOUSE.search(unit.name) for unit in self.units)

    def as_doers(self) -> "Subject":
        """Of units that are to help one another, all do the work."""
        return replace(self, by_role={"responsible": self.units}, is_written=False, is_mutual=False)

    def rest_of(self, text: str, stop: int) -> str:
        """What its clause says after it."""
        return text[self.end : stop].strip(" 等")

    def joined(self, other: "Subject") -> "Subject":
        """Both together: 区教委牵头 and then, in the same sentence, 各街道配合."""
        by_role = dict(self.by_role)
        for role, units in other.by_role.items():
            held = by_role.get(role, ())
            by_role[role] = held + tuple(unit for unit in units if unit.name not in {u.name for u in held})
        return replace(
            self, by_role=by_role, is_open=self.is_open or other.is_open, is_written=self.is_written or other.is_written
        )


def read_subject(text: str, start: int, stop: int, names: Names) -> Subject | None:
    """The units at the head of the clause `text[start:stop]`, or after 由 within it."""
    lead_in = _LEAD_IN.match(text, start, stop)
    at = lead_in.end() if lead_in else start
    found = _phrase(text, at, stop, names, is_led=at > start and text[at - 1] == "由")
    if found:
        return replace(found, start=start)
    for place in re.finditer(r"(?<![自缘])由(?!于|此)", text[at:stop]):
        inner = _phrase(text, at + place.end(), stop, names, is_led=True)
        if inner:
            return replace(inner, start=at + place.start(), is_local=True)
    return None


def read_helpers(text: str, start: int, stop: int, names: Names) -> Subject | None:
    """会同A、B within a clause: units that help whoever the clause speaks of."""
    for place in re.finditer(
        r"会同|(?:联合|协同)(?!执法|行动|开展|整治|督查|检查|办公|惩戒|印发|发文|举办|组织|作战|推进|发力|治理)|在(?=[^,;。]{2,30}(?:的)?(?:配合|支持|协助)下)",
        text[start:stop],
    ):
        listed, end, is_open, _role = _units(text, start + place.end(), stop, names, is_led=True)
        if listed:
            return Subject({"support": listed}, start + place.start(), end, is_open, is_written=True)
    return None


def _phrase(text: str, at: int, stop: int, names: Names, *, is_led: bool) -> Subject | None:
    """A牵头、B配合: as many units with roles as stand side by side."""
    found = _with_role(text, at, stop, names, is_led=is_led)
    while found and found.is_written and (joint := re.compile("、|并?由").match(text, found.end, stop)):
        more = _with_role(text, joint.end(), stop, names, is_led=True)
        if more is None or not more.is_written:
            break
        found = replace(found.joined(more), end=more.end)
    return found


def _with_role(text: str, at: int, stop: int, names: Names, *, is_led: bool) -> Subject | None:
    listed, end, is_open, noun_role = _units(text, at, stop, names, is_led=is_led)
    if not listed:
        return None
    helpers: tuple[Unit, ...] = ()
    if joint := re.compile(r"(?:要|应|须)?(?:会同|联合|协同)").match(text, end, stop):
        helpers, after, more_open, _ = _units(text, joint.end(), stop, names, is_led=True)
        if helpers:
            end, is_open = after, is_open or more_open
    role_match = _IS_ROLE.match(text, end, stop) or _ROLE.match(text, end, stop)
    role, is_written, is_mutual = noun_role or "responsible", bool(noun_role), False
    if role_match and _is_role(text, role_match, stop):
        word = role_match["role"]
        role, is_written, end = _NOUN_ROLES.get(word) or ROLE_OF[word], True, role_match.end()
        is_alone = not re.compile(rf"{VERBS}").match(text, role_match.end(), stop)
        is_mutual = len(listed) > 1 and role_match[0][0] in "要应须" and bool(_TOGETHER.search(word)) and is_alone
    elif at_end := _END_ROLE.match(text, end):
        role, is_written, end = _END_ROLES[at_end["role"][0]], True, at_end.end()
    by_role = {role: listed} | ({"support": helpers} if helpers else {})
    return Subject(by_role, at, end, is_open, is_written=is_written, is_mutual=is_mutual)


def _is_role(text: str, match: re.Match[str], stop: int) -> bool:
    """负责, 支持, 参与 say a role; 支持企业发展 or 参与者 do not."""
    word, after = match["role"], text[match.end() : match.end() + 1]
    if match[0] != word and word in ("大力支持", "积极参与", "积极配合"):
        return after != "者"  # 供电所要大力支持管线改造
    if word in ("支持", "参与", "参加", "协助", "大力支持", "积极参与"):
        return match.end() >= stop or after in ",;。、)做抓"
    return after not in ("人", "者") and not re.compile(r"制(?![作定订])").match(text, match.end(), stop)


def _units(
    text: str, at: int, stop: int, names: Names, *, is_led: bool
) -> tuple[tuple[Unit, ...], int, bool, str | None]:
    """A list of units from `at`: the units, where the list ends, whether it stays open, and a role said by 等牵头部门."""
    found: list[Unit] = []
    place = at
    while place < stop:
        unit = one_unit(text, place, stop, names, is_first=not found, is_led=is_led)
        if unit is None:
            break
        found.append(unit)
        place = unit.end
        join = JOIN.match(text, place, stop)
        if not join:
            break
        place = join.end()
    if not found:
        return (), at, False, None
    end = found[-1].end
    is_open, role = False, None
    if (tail := _OPEN.match(text, end, stop)) and tail[0] and tail[0] != "等于":
        is_open, role, end = True, _NOUN_ROLES.get(tail["role"] or ""), tail.end()
        found = [_suffixed(unit, tail["kind"]) for unit in found]
    return tuple(found), end, is_open, role


def _suffixed(unit: Unit, kind: str | None) -> Unit:
    """城关、固城等沿线镇: the short names share the last word."""
    if kind in ("镇", "乡", "街道", "社区", "村") and not guess_kind(unit.name):
        return replace(unit, name=unit.name + kind)
    return unit
