"""Handing a post over in one step: the old holder ends, the new one begins, and the work follows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.db import transaction

from campaign import log, people
from campaign.models import Campaign, Membership, Unit, User
from campaign.problems import Problem, Refused

#: Modules of the apps that hold work; the ground imports none of the houses built on it, so they are named here.
#: Each has `open_work(unit, today=)`, `open_counts(campaign, today=)` and `pass_on(before, after, by=, now=)`.
HOLDERS = ("tasks.succession",)


@dataclass(frozen=True)
class Handover:
    """What changed hands; `passed` counts by kind (drafts, notices), empty while it lies in the future."""

    before: Membership
    after: Membership
    passed: dict[str, int]


def hand_over(
    membership: Membership, to: User, *, from_on: dt.date, by: User, now: dt.datetime, today: dt.date
) -> Handover:
    """From that day the post is `to`'s; the old holder keeps it up to the day before."""
    problems = list(_against(membership, to, from_on))
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        after = people.appoint(
            to,
            membership.unit,
            post=membership.post,
            role=membership.role,
            title=membership.title,
            from_on=from_on,
            by=by,
            now=now,
        )
        people.end_post(membership, last_day=from_on - dt.timedelta(days=1), by=by, now=now, reason=f"移交{to}")
        facts = {"from": str(membership.user), "to": str(to), "on": str(from_on)}
        log.write(after, "handed_over", by=by, now=now, data=facts)
        passed = _pass_on(membership, after, by=by, now=now) if from_on <= today else {}
    return Handover(before=membership, after=after, passed=passed)


def to_known_or_new(
    membership: Membership, choice: Mapping[str, Any], *, by: User, now: dt.datetime, today: dt.date
) -> Handover:
    """`choice` names a known person (`known`) or registers a new one (name, phone, email, username)."""
    with transaction.atomic():
        to = choice.get("known") or people.register(
            **{key: choice.get(key) or "" for key in ("name", "phone", "email", "username")}
        )
        return hand_over(membership, to, from_on=choice["from_on"], by=by, now=now, today=today)


def _against(membership: Membership, to: User, from_on: dt.date) -> list[Problem]:
    found = []
    if membership.valid_to is not None:
        found.append(Problem("ended", f"{membership.user}的这个岗位已经定了结束日期，不能再移交。"))
    if membership.user_id == to.pk:
        found.append(Problem("same", f"这个岗位本来就是{to}的，请选另一位。", where="known"))
    if from_on <= membership.valid_from:
        day = membership.valid_from
        found.append(Problem("early", f"移交日期 {from_on} 要晚于任职日期 {day}。", where="from_on"))
    if not to.is_active:
        found.append(Problem("disabled", f"{to}的账号已停用，请先启用。", where="known"))
    return found


def _pass_on(before: Membership, after: Membership, *, by: User | None, now: dt.datetime) -> dict[str, int]:
    passed: dict[str, int] = {}
    for name in HOLDERS:
        passed |= import_module(name).pass_on(before, after, by=by, now=now)
    return passed


def settle(campaign: Campaign, *, now: dt.datetime, today: dt.date) -> int:
    """Pass on what was handed over for a day that has come. Gives the number of hand-overs that moved something.

    Looks at all posts that ended within the last month, so a missed night heals; what has moved moves no more.
    """
    posts = Membership.objects.filter(campaign=campaign).select_related("user", "unit")
    month = today - dt.timedelta(days=31)
    moved = 0
    for before in posts.filter(valid_to__gte=month, valid_to__lt=today):
        follower = {"unit": before.unit_id, "post": before.post, "valid_from": before.valid_to + dt.timedelta(days=1)}
        for after in posts.filter(**follower, user__is_active=True):
            moved += any(_pass_on(before, after, by=None, now=now).values())
    return moved


def open_work(unit: Unit, *, today: dt.date) -> list[Any]:
    """What the unit still owes, most pressing first, as the apps tell it."""
    return [item for name in HOLDERS for item in import_module(name).open_work(unit, today=today)]


def open_counts(campaign: Campaign, *, today: dt.date) -> dict[Any, Any]:
    """Open and overdue items by unit id."""
    counts: dict[Any, Any] = {}
    for name in HOLDERS:
        counts |= import_module(name).open_counts(campaign, today=today)
    return counts
