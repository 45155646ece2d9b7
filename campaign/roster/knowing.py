"""What the campaign knows already: its units by every name they go by, its people and their posts."""

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from campaign.models import Campaign, Membership, Unit, User
from campaign.problems import Problem

if TYPE_CHECKING:
    from campaign.roster.reading import Entry


@dataclass
class Found:
    """The person a row means, None for somebody new; problems without their cell, which the reader adds."""

    user: User | None = None
    problems: list[Problem] = field(default_factory=list)


class Known:
    """Read by three queries, whatever the table's length."""

    def __init__(self, campaign: Campaign, *, today: dt.date) -> None:
        self.units: dict[str, Unit] = {}
        self.doubtful: set[str] = set()
        rows = list(Unit.objects.filter(campaign=campaign).select_related("parent").in_order())
        full = {unit.name: unit for unit in rows}
        for unit in rows:
            for name in filter(None, (unit.short_name, *unit.aliases)):
                if self.units.setdefault(name, unit) is not unit and name not in full:
                    self.doubtful.add(name)
        self.units |= full
        self.parents = {unit.name: unit.parent.name for unit in rows if unit.parent}
        posts = Membership.objects.filter(campaign=campaign).select_related("user", "unit").order_by("valid_from", "id")
        self.posts = list(posts)
        self.people: dict[str, list[User]] = {}
        for post in self.posts:
            alike = self.people.setdefault(post.user.name, [])
            if post.user not in alike:
                alike.append(post.user)
        self.current = [post for post in self.posts if post.is_held(today=today) and post.user.is_active]
        self.coming = [post for post in self.posts if post.valid_from > today and post.valid_to is None]
        self.accounts = {name.lower(): pk for pk, name in User.objects.values_list("pk", "username")}

    def unit(self, name: str) -> Unit | None:
        return self.units.get(name)

    @staticmethod
    def differs(unit: Unit, name: str, value: Any) -> bool:
        """An alias of the table is added to those known; other words take the place of those known."""
        if name == "aliases":
            return not set(value) <= {*unit.aliases, unit.short_name}
        if name == "parent":
            return (unit.parent.name if unit.parent else "") != value
        return bool(getattr(unit, name) != value)

    def holders(self, unit: Unit, post: str) -> list[User]:
        return [row.user for row in self.current if row.unit_id == unit.pk and row.post == post]

    def holds(self, user: User | None, unit: Unit | None, post: str) -> bool:
        if user is None or unit is None:
            return False
        rows = [*self.current, *self.coming]
        return any((row.user_id, row.unit_id, row.post) == (user.pk, unit.pk, post) for row in rows)

    # ---------- people

    def person(self, entry: "Entry", unit: Unit | None) -> Found:
        """By account; else the one of that name in the unit, or of that name with the same phone or address."""
        alike = self.people.get(entry.name, [])
        if entry.username:
            return self._by_account(entry)
        contacts = [
            user
            for user in alike
            if (entry.phone and user.phone == entry.phone) or (entry.email and user.email == entry.email)
        ]
        of_unit = {row.user_id for row in self.posts if unit is not None and row.unit_id == unit.pk}
        near = contacts or [user for user in alike if user.pk in of_unit]
        if len(near) == 1:
            return self._told(entry, near[0])
        if len(near) > 1:
            return Found(problems=[Problem("twins", f"{entry.name}有同名的人", where="name", mend="请写上账号区分。")])
        found = Found()
        if alike:
            message = f"名册里已有同名的{entry.name}（{self._units_of(alike[0].pk)}），这一行按另一个人登记"
            mend = "如果是同一个人，请写上账号。"
            found.problems.append(Problem("namesake", message, level="warns", where="name", mend=mend))
        return found

    def _by_account(self, entry: "Entry") -> Found:
        held = self.accounts.get(entry.username.lower())
        if held is None:
            return Found()
        user = next((row.user for row in self.posts if row.user_id == held), None)
        if user is None or user.name != entry.name:
            words = f"账号 {entry.username} 已经有人用了"
            return Found(problems=[Problem("taken", words, where="username", mend="请换一个，或不填。")])
        return self._told(entry, user)

    def _told(self, entry: "Entry", user: User) -> Found:
        """A table does not overwrite how a person is reached: a link to a new password would go there."""
        found = Found(user)
        if not user.is_active:
            message, mend = f"{user}的账号已停用", "请先在人员页启用，或删去这一行。"
            found.problems.append(Problem("disabled", message, where="name", mend=mend))
        for name, word in (("phone", "手机"), ("email", "邮箱")):
            if (said := getattr(entry, name)) and said != getattr(user, name):
                message = f"{user}的{word}与登记的不同，不会改"
                mend = "要改请到人员页修改。"
                found.problems.append(Problem("contact", message, level="warns", where=name, mend=mend))
        return found

    def _units_of(self, user: UUID) -> str:
        return "、".join(dict.fromkeys(row.unit.name for row in self.posts if row.user_id == user))
