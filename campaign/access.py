"""Who may see and do what: one table, one row filter, one getter.

Pages, API, exports and files all start here. A person without a current post sees nothing.
What is hidden answers 404; what is visible but forbidden answers 403 with the reason.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase

if TYPE_CHECKING:
    from campaign.models import Campaign, Membership, User


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "系统管理员"
    OFFICE = "office", "创建办人员"
    LEADER = "leader", "领导"
    CHIEF = "chief", "单位负责人"
    LIAISON = "liaison", "联络员"
    INSPECTOR = "inspector", "巡查员"
    THIRD_PARTY = "third_party", "第三方"


class Right(models.TextChoices):
    """The label finishes the sentence "您没有…的权限"."""

    READ = "read", "查看"
    READ_ALL = "read_all", "查看全部单位"
    REPORT = "report", "填报进展"
    MANAGE_LEDGER = "manage_ledger", "修改台账"
    VERIFY = "verify", "核验销号"
    URGE = "urge", "催办"
    INSTRUCT = "instruct", "批示"
    ISSUE = "issue", "编发简报"
    INSPECT = "inspect", "填报巡查"
    MANAGE_PLACES = "manage_places", "管理点位与轮次"
    ORDER = "order", "签发整改单"
    READ_MAIL = "read_mail", "查看发件记录"
    MANAGE_PEOPLE = "manage_people", "管理单位与人员"
    MANAGE_CAMPAIGN = "manage_campaign", "修改设置"
    READ_LOG = "read_log", "查看操作日志"


_READER = {Right.READ}
_UNIT = {Right.READ, Right.REPORT}
_OFFICE = {
    Right.READ,
    Right.READ_ALL,
    Right.REPORT,
    Right.MANAGE_LEDGER,
    Right.VERIFY,
    Right.URGE,
    Right.ISSUE,
    Right.INSPECT,
    Right.MANAGE_PLACES,
    Right.ORDER,
    Right.READ_MAIL,
    Right.MANAGE_PEOPLE,
    Right.READ_LOG,
}

#: The one table of rights. Administrators run the system and see its state; the office runs the campaign.
RIGHTS: dict[str, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(
        {Right.READ, Right.READ_ALL, Right.READ_MAIL, Right.MANAGE_PEOPLE, Right.MANAGE_CAMPAIGN, Right.READ_LOG}
    ),
    Role.OFFICE: frozenset(_OFFICE | {Right.MANAGE_CAMPAIGN}),
    Role.LEADER: frozenset({Right.READ, Right.READ_ALL, Right.INSTRUCT}),
    Role.CHIEF: frozenset(_UNIT),
    Role.LIAISON: frozenset(_UNIT),
    Role.INSPECTOR: frozenset(_READER | {Right.INSPECT}),
    # Without READ: a contractor sees nothing of the campaign but what it inspects.
    Role.THIRD_PARTY: frozenset({Right.INSPECT}),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person in a campaign on a day: the holder of rights."""

    user: "User | None"
    campaign: "Campaign | None"
    today: dt.date
    memberships: tuple["Membership", ...] = ()
    is_read_only: bool = False
    rights: frozenset[Right] = field(init=False)

    def __post_init__(self) -> None:
        rights: set[Right] = set()
        for membership in self.memberships:
            rights |= RIGHTS[membership.role]
        if self.is_read_only:
            rights &= {Right.READ, Right.READ_ALL, Right.READ_MAIL, Right.READ_LOG}
        object.__setattr__(self, "rights", frozenset(rights))

    def can(self, right: Right) -> bool:
        return right in self.rights

    def has_role(self, *roles: str) -> bool:
        return any(membership.role in roles for membership in self.memberships)

    @property
    def is_outsider(self) -> bool:
        """May file what they inspect, and see nothing else of the campaign (G1)."""
        return not self.can(Right.READ)

    @cached_property
    def own_unit_ids(self) -> frozenset[UUID]:
        """Units where the actor holds a post."""
        return frozenset(membership.unit_id for membership in self.memberships)

    @cached_property
    def unit_ids(self) -> frozenset[UUID]:
        """Own units and all below them (the tree has at most three levels)."""
        if not self.memberships:
            return frozenset()
        unit_model = type(self.memberships[0].unit)
        own = list(self.own_unit_ids)
        below = models.Q(parent__in=own) | models.Q(parent__parent__in=own)
        return self.own_unit_ids | frozenset(
            unit_model.objects.filter(below, campaign=self.campaign).values_list("id", flat=True)
        )

    @property
    def label(self) -> str:
        """单位 · 职务, as the side bar shows it."""
        if not self.memberships:
            return ""
        return self.memberships[0].unit.name


class ScopedQuerySet(models.QuerySet):
    """The row filter every model of a campaign carries."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows the actor may know of. Narrows by sub-query, so joins never double a row."""
        is_open = actor.can(Right.READ) or (
            getattr(self.model, "is_for_inspectors", False) and actor.can(Right.INSPECT)
        )
        if actor.campaign is None or not is_open:
            return self.none()
        rows = self.filter(campaign_id=actor.campaign.pk)
        condition = seen_by(self.model, actor)
        return rows.none() if condition is None else rows.filter(condition)

    def allowing(self, actor: Actor, right: Right) -> Self:
        """Visible rows on which the actor has the right."""
        return self.visible_to(actor) if actor.can(right) else self.none()


def seen_by(model: Any, actor: Actor) -> models.Q | None:
    """The condition that narrows a model's rows to the actor's; None hides them all.

    A model may answer for itself by a class method `seen_by(actor)`; otherwise `unit_path` decides:
    "" shows every member the row, a path shows it to the people of that unit and above, None to
    readers of the whole campaign only.
    """
    own = getattr(model, "seen_by", None)
    if own is not None:
        return own(actor)
    if actor.can(Right.READ_ALL) or model.unit_path == "":
        return models.Q()
    if model.unit_path is None:
        return None
    return models.Q(**{f"{model.unit_path}__in": actor.unit_ids})


def refusal(actor: Actor, right: Right) -> str | None:
    """Why the actor may not; None when they may."""
    if actor.campaign is None or not actor.memberships:
        return "您还没有岗位。请与创建办联系，把您加入单位。"
    if actor.can(right):
        return None
    if actor.is_read_only:
        return "这个令牌是只读的，不能修改。"
    return f"您没有{right.label}的权限。如需办理，请与创建办联系。"


def get(actor: Actor, queryset: ScopedQuerySet, right: Right = Right.READ, **lookup: Any) -> Any:
    """The one getter: 404 for what is hidden, 403 with the reason for what is forbidden."""
    found = queryset.visible_to(actor).filter(**lookup).first()
    if found is None:
        raise Http404("没有找到，或者不在您的范围内。")
    require(actor, right)
    return found


def require(actor: Actor, right: Right) -> None:
    reason = refusal(actor, right)
    if reason:
        raise PermissionDenied(reason)


def needs(right: Right) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page that only holders of a right may open. The test of access reads `view.right`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.actor, right)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def actor_for(user: "User", campaign: "Campaign | None", *, today: dt.date, is_read_only: bool = False) -> Actor:
    """The actor of a person in a campaign, with the posts held on that day (one query)."""
    if campaign is None or not user.is_authenticated:
        return Actor(user=user, campaign=None, today=today)
    posts = user.memberships.filter(campaign=campaign).select_related("unit")
    return holding(user, campaign, posts, today=today, is_read_only=is_read_only)


def holding(
    user: "User",
    campaign: "Campaign | None",
    posts: Iterable["Membership"],
    *,
    today: dt.date,
    is_read_only: bool = False,
) -> Actor:
    """The actor of a person who has these posts, of whatever campaign and time: those held there that day count."""
    held = [
        post
        for post in posts
        if campaign is not None and post.campaign_id == campaign.pk and post.is_held(today=today) and user.is_active
    ]
    held.sort(key=lambda post: (post.valid_from, post.pk))
    return Actor(user=user, campaign=campaign, today=today, memberships=tuple(held), is_read_only=is_read_only)
