"""Founding a campaign: a new year of the same district, or another district in the same installation."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaign import log, people
from campaign.access import Role
from campaign.models import Campaign, Membership, Unit, User
from campaign.pinyin import search_text

#: Words and numbers a new year takes over from the old one.
KEPT = (
    "office_full_name",
    "notice_days",
    "weekly_demand_limit",
    "is_month_before_read_as_end",
    "reward_policy",
    "time_zone",
)


@dataclass(frozen=True)
class Founder:
    """Who runs the new campaign from its first day."""

    name: str
    email: str = ""
    phone: str = ""
    username: str = ""


def next_year(old: Campaign, fields: Mapping[str, Any], *, with_units: bool, by: User, now: dt.datetime) -> Campaign:
    """A campaign beside the old one. With units: the tree and every post now held come along; tasks do not."""
    kept = {name: getattr(old, name) for name in KEPT}
    with transaction.atomic():
        campaign = Campaign.objects.create(**kept | dict(fields))
        begins = campaign.first_day
        if with_units:
            _copy_units(old, campaign, today=now.astimezone(old.zone).date(), begins=min(begins, now.date()))
        else:
            unit = _office_unit(campaign)
            people.appoint(
                by, unit, post=Membership.Post.STAFF, role=Role.OFFICE, from_on=min(begins, now.date()), by=by, now=now
            )
        log.write(campaign, "founded", by=by, now=now, data={"code": campaign.code, "after": old.code})
    return campaign


def found(fields: Mapping[str, Any], founder: Founder, *, now: dt.datetime) -> Membership:
    """The first campaign of a district. Gives the founder's post, to be invited with."""
    with transaction.atomic():
        campaign = Campaign.objects.create(**fields)
        membership = people.enlist(
            _office_unit(campaign),
            name=founder.name,
            phone=founder.phone,
            email=founder.email,
            username=founder.username,
            post=Membership.Post.STAFF,
            role=Role.OFFICE,
            from_on=min(campaign.first_day, now.date()),
            by=None,
            now=now,
        )
        log.write(campaign, "founded", by=None, now=now, data={"code": campaign.code})
    return membership


def _office_unit(campaign: Campaign) -> Unit:
    name = campaign.office_name
    return Unit.objects.create(campaign=campaign, name=name, order=1, search_text=search_text(name))


def _copy_units(old: Campaign, new: Campaign, *, today: dt.date, begins: dt.date) -> None:
    twins: dict[Any, Unit] = {}
    for unit in Unit.objects.filter(campaign=old, is_active=True).order_by("order"):
        fields = ("kind", "name", "short_name", "aliases", "order", "search_text")
        twins[unit.pk] = Unit(campaign=new, **{name: getattr(unit, name) for name in fields})
        twins[unit.pk].parent_id = unit.parent_id
    for twin in twins.values():
        above = twins.get(twin.parent_id)
        twin.parent_id = above.pk if above else None
    Unit.objects.bulk_create(sorted(twins.values(), key=lambda twin: _height(twin, twins)))
    posts = Membership.objects.filter(campaign=old, unit__in=list(twins)).current(today=today)
    Membership.objects.bulk_create(
        Membership(
            campaign=new,
            user_id=post.user_id,
            unit=twins[post.unit_id],
            role=post.role,
            post=post.post,
            title=post.title,
            valid_from=begins,
        )
        for post in posts
    )


def _height(twin: Unit, twins: dict[Any, Unit]) -> int:
    """Units above come first, so that each parent is there before its children."""
    by_id = {each.pk: each for each in twins.values()}
    height = 0
    while twin.parent_id in by_id:
        twin = by_id[twin.parent_id]
        height += 1
    return height
