"""A table of texts as a roster: every row with what it would do, every problem at its cell. Nothing is written."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import EmailField

from campaign.forms import LOGIN_NAME, PhoneField
from campaign.models import Campaign, Unit, User
from campaign.problems import Problem, Refused, blocking
from campaign.roster.columns import HEADS, KINDS, LIMITS, POSTS, ROLES, SINGLE, UNIT_FIELDS, Post
from campaign.roster.knowing import Known
from campaign.units import LEVELS

MOST_ROWS = 2_000
#: Rows looked through for the heads.
HEAD_ROWS = 10
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class Wanted:
    """One unit of the table: `unit` is the known one; `fields` what the table says of it; `changed` what differs."""

    name: str
    number: int
    unit: Unit | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return "新增" if self.unit is None else "修改" if self.changed else "不变"


@dataclass
class Entry:
    """One person in one post. `user` is the known person; `is_held`: the post is theirs already."""

    name: str
    post: str
    title: str = ""
    phone: str = ""
    email: str = ""
    username: str = ""
    user: User | None = None
    is_held: bool = False

    @property
    def role(self) -> str:
        return ROLES.get(Post(self.post), "liaison")

    @property
    def post_label(self) -> str:
        return Post(self.post).label

    @property
    def words(self) -> str:
        return "不变" if self.is_held else "新登记" if self.user is None else "任职"


@dataclass
class Line:
    number: int
    wanted: Wanted
    entry: Entry | None = None


@dataclass
class Reading:
    """What a table would do."""

    lines: list[Line] = field(default_factory=list)
    wanted: dict[str, Wanted] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not blocking(self.problems)

    @property
    def blocks(self) -> list[Problem]:
        return blocking(self.problems)

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level != "blocks"]

    @property
    def new_units(self) -> list[Wanted]:
        return [row for row in self.wanted.values() if row.unit is None]

    @property
    def changed_units(self) -> list[Wanted]:
        return [row for row in self.wanted.values() if row.unit is not None and row.changed]

    @property
    def newcomers(self) -> int:
        return len({person_key(line) for line in self.lines if line.entry and line.entry.user is None})

    @property
    def posts(self) -> list[Line]:
        return [line for line in self.lines if line.entry and not line.entry.is_held]

    @property
    def is_empty(self) -> bool:
        """Nothing in it that the roster does not hold already."""
        return not (self.new_units or self.changed_units or self.posts)


def person_key(line: Line) -> tuple[str, ...]:
    """Rows of one newcomer: of one account; else of one name and phone; else of one name in one unit."""
    entry = line.entry
    assert entry is not None
    if entry.username:
        return (entry.username.lower(),)
    return (entry.name, entry.phone or line.wanted.name)


def read(campaign: Campaign, rows: Sequence[Sequence[str]], *, today: dt.date) -> Reading:
    """Every row with every problem. Raises `Refused` for a table without the heads 单位 and 姓名."""
    head, columns = _head_of(rows)
    if len(rows) - head > MOST_ROWS:
        raise Refused(Problem("many", f"一次最多导入 {MOST_ROWS} 行。", mend="请分成几份。"))
    reader = _Reader(Known(campaign, today=today), columns)
    for number, row in enumerate(rows[head + 1 :], head + 2):
        texts = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if any(texts.values()):
            reader.take(number, texts)
    return reader.finished()


def has_heads(rows: Sequence[Sequence[str]]) -> bool:
    return _found_head(rows) is not None


def _head_of(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    found = _found_head(rows)
    if found is None:
        mend = "表里要有“单位”和“姓名”两列，表头写在前十行；可以下载模板照着填。"
        raise Refused(Problem("no_head", "没有找到表头。", mend=mend))
    return found


def _found_head(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(rows[:HEAD_ROWS]):
        columns: dict[str, int] = {}
        for place, text in enumerate(row):
            name = HEADS.get(re.sub(r"\s", "", text))
            if name:
                columns.setdefault(name, place)
        if {"unit", "name"} <= columns.keys():
            return number, columns
    return None


class _Reader:
    def __init__(self, known: Known, columns: dict[str, int]) -> None:
        self.known, self.columns, self.reading = known, columns, Reading()
        self.parents: list[tuple[int, Wanted, str]] = []

    def say(self, number: int, name: str, message: str, mend: str, *, level: Any = "blocks") -> None:
        place = self.columns.get(name)
        where = f"{LETTERS[place] if place is not None and place < len(LETTERS) else '第'}{number}"
        self.reading.problems.append(Problem(name, f"{where}：{message}。", level=level, where=where, mend=mend))

    def take(self, number: int, texts: dict[str, str]) -> None:
        if not texts["unit"]:
            self.say(number, "unit", "没有写单位", "请补上单位的全称，或删去这一行。")
            return
        for name, most in LIMITS.items():
            if len(texts.get(name, "")) > most:
                self.say(number, name, f"超过 {most} 个字", "请写短一些。")
                texts[name] = texts[name][:most]
        wanted = self._unit(number, texts)
        entry = self._entry(number, texts, wanted) if texts["name"] else None
        if entry is None and any(texts.get(name) for name in ("phone", "email", "username")):
            self.say(number, "name", "写了联系方式，没有写姓名", "请补上姓名，或清空这几栏。")
        self.reading.lines.append(Line(number, wanted, entry))

    # ---------- units

    def _unit(self, number: int, texts: dict[str, str]) -> Wanted:
        unit = self.known.unit(texts["unit"])
        name = unit.name if unit else texts["unit"]
        if texts["unit"] in self.known.doubtful:
            self.say(number, "unit", f"“{texts['unit']}”指的不止一个单位", "请写单位的全称。")
        if unit is not None and not unit.is_active:
            self.say(number, "unit", f"{unit.name}已停用", "请先在单位页启用，或删去这一行。")
        wanted = self.reading.wanted.setdefault(name, Wanted(name, number, unit))
        for field_name in UNIT_FIELDS:
            if text := texts.get(field_name, ""):
                self._say_of_unit(number, wanted, field_name, text)
        return wanted

    def _say_of_unit(self, number: int, wanted: Wanted, name: str, text: str) -> None:
        if name == "parent":
            self.parents.append((number, wanted, text))
            return
        value: Any = text
        if name == "kind":
            if text not in KINDS:
                self.say(number, name, f"没有“{text[:10]}”这一类", f"请写{'、'.join(Unit.Kind.labels)}中的一个。")
                return
            value = KINDS[text]
        elif name == "aliases":
            words = [word.strip()[:60] for word in re.split(r"[、，,;；\n]", text)]
            value = [*wanted.fields.get(name, []), *words]
            value = list(dict.fromkeys(word for word in value if word and word != wanted.name))
        self._keep(number, wanted, name, value)

    def _keep(self, number: int, wanted: Wanted, name: str, value: Any) -> None:
        held = wanted.fields.setdefault(name, value)
        if name == "aliases":
            wanted.fields[name] = value
        elif held != value:
            self.say(number, name, f"与第 {wanted.number} 行写的“{held}”不一致", "同一个单位请写成一样的。")

    # ---------- people

    def _entry(self, number: int, texts: dict[str, str], wanted: Wanted) -> Entry:
        post = texts.get("post", "") or Post.LIAISON.label
        if post not in POSTS:
            mend = f"请写{'、'.join(Post.labels)}中的一个；具体称谓写在“职务”栏。"
            self.say(number, "post", f"不认识岗位“{post[:10]}”", mend)
        entry = Entry(
            name=texts["name"],
            post=POSTS.get(post, Post.LIAISON),
            title=texts.get("title", ""),
            phone=self._checked(number, "phone", texts, PhoneField()),
            email=self._checked(number, "email", texts, EmailField(required=False)),
            username=texts.get("username", ""),
        )
        if entry.username and not LOGIN_NAME.fullmatch(entry.username):
            self.say(number, "username", "账号只用字母、数字、点和短横线，2 到 40 位", "请改写，或不填。")
        found = self.known.person(entry, wanted.unit)
        for problem in found.problems:
            self.say(number, problem.where, problem.message, problem.mend, level=problem.level)
        entry.user = found.user
        entry.is_held = self.known.holds(entry.user, wanted.unit, entry.post)
        return entry

    def _checked(self, number: int, name: str, texts: dict[str, str], rule: Any) -> str:
        try:
            return rule.clean(texts.get(name, "")) or ""
        except ValidationError as error:
            words = "手机号写法不对" if name == "phone" else "邮箱写法不对"
            self.say(number, name, f"{words}：{texts[name][:40]}", "".join(error.messages))
            return ""

    # ---------- what only the whole table tells

    def finished(self) -> Reading:
        reading = self.reading
        if not reading.lines and not reading.problems:
            reading.problems.append(Problem("empty", "表头下面没有内容。", mend="请填好名册再导入。"))
        for number, wanted, text in self.parents:
            above = self.known.unit(text)
            name = above.name if above else text
            if above is None and name not in reading.wanted:
                self.say(number, "parent", f"没有上级单位“{text}”", "请先写上这个单位，或改成名册里的名称。")
            else:
                self._keep(number, wanted, "parent", name)
        self._check_levels()
        self._check_takeovers()
        self._check_doubles()
        reading.problems.sort(key=lambda problem: int(re.sub(r"\D", "", problem.where) or 0))
        for wanted in reading.wanted.values():
            if wanted.unit is not None:
                wanted.changed = tuple(n for n, v in wanted.fields.items() if self.known.differs(wanted.unit, n, v))
        return reading

    def _check_levels(self) -> None:
        above = self.known.parents | {
            row.name: row.fields["parent"] for row in self.reading.wanted.values() if "parent" in row.fields
        }
        for name in [*above, *self.reading.wanted]:
            chain = [name]
            while (up := above.get(chain[-1])) and len(chain) <= LEVELS:
                chain.append(up)
            if len(chain) > LEVELS:
                at = next((self.reading.wanted[one] for one in chain if one in self.reading.wanted), None)
                if at is not None:
                    message = f"“{at.name}”的上下级超过 {LEVELS} 级，或者绕成了圈"
                    self.say(at.number, "parent", message, "请换上级。")
                    return

    def _check_takeovers(self) -> None:
        """Another name in a post that one person holds is a hand-over: never done by a table."""
        named: dict[tuple[str, str], set[Any]] = {}
        for line in self.reading.lines:
            if line.entry and line.entry.user:
                named.setdefault((line.wanted.name, line.entry.post), set()).add(line.entry.user.pk)
        for line in self.reading.posts:
            entry = line.entry
            if entry is None or entry.post not in SINGLE or line.wanted.unit is None:
                continue
            holders = self.known.holders(line.wanted.unit, entry.post)
            left = [user for user in holders if user.pk not in named.get((line.wanted.name, entry.post), set())]
            if left:
                message = (
                    f"{line.wanted.name}的{entry.post_label}现在是{'、'.join(map(str, left))}，名册写的是{entry.name}"
                )
                mend = "换人请先到人员页办移交；两人都任，请把原来的人也写上。"
                self.say(line.number, "name", message, mend)

    def _check_doubles(self) -> None:
        seen: dict[tuple[Any, ...], int] = {}
        names: dict[str, str] = {}
        for line in self.reading.lines:
            if line.entry is None:
                continue
            key = (line.wanted.name, line.entry.name, line.entry.post, line.entry.username.lower())
            account = line.entry.username.lower()
            if account and names.setdefault(account, line.entry.name) != line.entry.name:
                self.say(line.number, "username", f"账号 {account} 写给了两个人", "请各写各的账号，或不填。")
            first = seen.setdefault(key, line.number)
            if first != line.number:
                self.say(line.number, "name", f"与第 {first} 行重复", "请删去一行；同名的两个人请写账号区分。")
