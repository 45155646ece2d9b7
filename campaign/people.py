"""Registering people, giving them posts, ending posts, closing accounts. Posts end; nothing is deleted."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from campaign import log, sessions
from campaign.access import RIGHTS, Right
from campaign.models import ApiToken, Campaign, Invitation, Membership, Unit, User
from campaign.pinyin import initials, spelled
from campaign.problems import Problem, Refused
from campaign.revising import revise

#: Roles that can appoint others: a campaign never loses its last one.
MANAGING = [role for role, rights in RIGHTS.items() if Right.MANAGE_PEOPLE in rights]


def register(*, name: str, phone: str = "", email: str = "", username: str = "") -> User:
    """A person without a password yet: an invitation lets them set the first one."""
    user = User(username=username or _free_username(name), name=name, phone=phone, email=email)
    user.initials = initials(name)[:20]
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def _free_username(name: str) -> str:
    """王磊 -> wanglei, wanglei2, …"""
    stem = (spelled(name) or "user")[:30]
    taken = set(User.objects.filter(username__istartswith=stem).values_list("username", flat=True))
    taken = {username.lower() for username in taken}
    candidates = (stem if number == 1 else f"{stem}{number}" for number in range(1, len(taken) + 3))
    return next(candidate for candidate in candidates if candidate not in taken)


def enlist(
    unit: Unit,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    username: str = "",
    post: str,
    role: str,
    title: str = "",
    from_on: dt.date,
    by: User | None,
    now: dt.datetime,
) -> Membership:
    """A new person and their first post, both or neither."""
    with transaction.atomic():
        user = register(name=name, phone=phone, email=email, username=username)
        return appoint(user, unit, post=post, role=role, title=title, from_on=from_on, by=by, now=now)


def appoint(
    user: User,
    unit: Unit,
    *,
    post: str,
    role: str,
    title: str = "",
    from_on: dt.date,
    by: User | None,
    now: dt.datetime,
) -> Membership:
    same = Membership.objects.filter(campaign=unit.campaign_id, unit=unit, user=user, post=post, valid_to=None)
    if same.exists():
        raise Refused(Problem("held", f"{user}已经是{unit}的{Membership.Post(post).label}。", where="post"))
    with transaction.atomic():
        membership = Membership.objects.create(
            campaign_id=unit.campaign_id, user=user, unit=unit, post=post, role=role, title=title, valid_from=from_on
        )
        facts = {"person": str(user), "role": role, "from": str(from_on)}
        log.write(membership, "appointed", by=by, now=now, data=facts)
    return membership


def end_post(
    membership: Membership, *, last_day: dt.date, by: User | None, now: dt.datetime, reason: str = ""
) -> Membership:
    """The post is held up to and with that day. The last manager of a campaign stays."""
    if last_day < membership.valid_from - dt.timedelta(days=1):
        raise Refused(Problem("order", f"结束日期 {last_day} 早于任职日期 {membership.valid_from}。", where="last_day"))
    _keep_a_manager(membership.campaign, [membership])
    with transaction.atomic():
        membership.valid_to = last_day
        membership.save(update_fields=["valid_to"])
        Invitation.objects.filter(membership=membership, used_at=None).update(expires_at=now)
        facts = {"person": str(membership.user), "last_day": str(last_day)}
        log.write(membership, "post_ended", by=by, now=now, data=facts, reason=reason)
    return membership


def _keep_a_manager(campaign: Campaign, leaving: list[Membership]) -> None:
    if not any(post.role in MANAGING for post in leaving):
        return
    others = Membership.objects.filter(campaign=campaign, role__in=MANAGING, valid_to=None, user__is_active=True)
    if not others.exclude(pk__in=[post.pk for post in leaving]).exists():
        raise Refused(
            Problem(
                "last_manager",
                "这是最后一位能管理人员的人，不能结束或停用。",
                mend="请先让别人担任创建办人员或管理员。",
            )
        )


def check_control(user: User, campaign: Campaign, *, by: User, today: dt.date) -> None:
    """Who also holds a post in another district is not this office's alone: a link or an address set here would open that
    district's data. Refuses unless `by` manages people there too."""
    theirs = Membership.objects.filter(user=user).exclude(campaign=campaign).current(today=today)
    managed = Membership.objects.filter(user=by, role__in=MANAGING).current(today=today).values("campaign")
    foreign = theirs.exclude(campaign__in=managed).select_related("campaign").first()
    if foreign is not None:
        other = foreign.campaign
        raise Refused(
            Problem(
                "elsewhere",
                f"{user}在{other}也有岗位，账号不归这里单独管。",
                mend=f"请与{other.district}{other.office_name}商量。",
            )
        )


def disable(user: User, campaign: Campaign, *, by: User, now: dt.datetime, today: dt.date) -> None:
    """End the person's posts in this campaign; close the account unless another district still needs it.

    Every session and token ends at once.
    """
    if user == by:
        raise Refused(Problem("self", "不能停用自己的账号。", mend="请另一位管理员来做。"))
    here = list(user.memberships.filter(campaign=campaign, valid_to=None))
    _keep_a_manager(campaign, here)
    elsewhere = user.memberships.exclude(campaign=campaign).filter(valid_to=None).exists()
    with transaction.atomic():
        for membership in here:
            last_day = max(today, membership.valid_from) - dt.timedelta(days=1)
            end_post(membership, last_day=last_day, by=by, now=now, reason="账号停用")
        if not elsewhere:
            User.objects.filter(pk=user.pk).update(is_active=False)
            user.is_active = False
        ApiToken.objects.filter(user=user, campaign=campaign, revoked_at=None).update(revoked_at=now)
        Invitation.objects.filter(membership__user=user, campaign=campaign, used_at=None).update(expires_at=now)
        log.write(campaign, "disabled", by=by, now=now, data={"account": user.username, "person": str(user)})
        sessions.end_all(user)


def enable(user: User, campaign: Campaign, *, by: User, now: dt.datetime) -> None:
    """Open the account again. Posts are not restored: the office gives them anew."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
        user.is_active = True
        log.write(campaign, "enabled", by=by, now=now, data={"account": user.username, "person": str(user)})


def change(
    user: User, campaign: Campaign, fields: Mapping[str, Any], *, by: User, now: dt.datetime, today: dt.date
) -> dict[str, Any]:
    """The office corrects a name, a phone, an address. The log says that they changed, not to what."""
    check_control(user, campaign, by=by, today=today)
    told = {**fields, "initials": initials(fields["name"])[:20]}
    return revise(user, told, by=by, now=now, subject=campaign, private=("phone", "email"))
