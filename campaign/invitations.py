"""Inviting a person by a link that works once, for seven days. Only the hash of its secret is kept."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from campaign import log, mail, passwords, people, sessions
from campaign.models import Invitation, Membership, User
from campaign.problems import Problem, Refused
from campaign.tokens import digest_of

GOOD_FOR = dt.timedelta(days=7)


@dataclass(frozen=True)
class Invited:
    """The link is shown once; `mail_address` is where it also went, if the person has one."""

    invitation: Invitation
    link: str
    mail_address: str


def invite(membership: Membership, *, by: User | None, now: dt.datetime, real_now: dt.datetime) -> Invited:
    """A new link for the holder of a post; earlier links of theirs end.

    `real_now` is the wall clock: a link runs out by it even where the campaign pretends another day.
    """
    secret = secrets.token_urlsafe(32)
    user = membership.user
    if by is not None and user.has_usable_password():
        people.check_control(user, membership.campaign, by=by, today=real_now.date())
    with transaction.atomic():
        Invitation.objects.filter(membership__user=user, used_at=None).update(expires_at=real_now)
        invitation = Invitation.objects.create(
            campaign_id=membership.campaign_id,
            membership=membership,
            digest=digest_of(secret),
            created_by=by,
            created_at=real_now,
            expires_at=real_now + GOOD_FOR,
        )
        link = f"{settings.SITE_URL}/invite/{secret}"
        log.write(membership, "invited", by=by, now=now, data={"person": str(user)})
        if user.email:
            _mail(invitation, link, now=now)
    return Invited(invitation=invitation, link=link, mail_address=user.email)


def _mail(invitation: Invitation, link: str, *, now: dt.datetime) -> None:
    membership, campaign = invitation.membership, invitation.campaign
    text = (
        f"{membership.user}，您好：\n\n"
        f"{campaign.office_name}请您担任{membership.unit}{membership.get_post_display()}。"
        f"点开下面的链接设一个密码，就能在{campaign.short_name}工作台填报任务。链接 7 天内有效，只能用一次。\n\n"
        f"{link}\n\n登录账号：{membership.user.username}\n如果这不是给您的，请不要点开，并告诉{campaign.office_name}。\n"
    )
    mail.queue_mail(
        campaign,
        key=f"invitation:{invitation.pk}",
        to=membership.user,
        subject=f"{campaign.short_name}工作台：请设置登录密码",
        text=text,
        kind="invitation",
        about_id=invitation.pk,
        now=now,
    )


def find(secret: str, *, now: dt.datetime) -> Invitation | None:
    """The invitation a link opens; None when it is unknown, used or out of date."""
    usable = Invitation.objects.filter(used_at=None, expires_at__gt=now, membership__user__is_active=True)
    return (
        usable.filter(digest=digest_of(secret))
        .select_related("membership__user", "membership__unit", "campaign")
        .first()
    )


def accept(invitation: Invitation, password: str, *, now: dt.datetime, campaign_now: dt.datetime) -> User:
    """Set the password and use the link up. Of two people with one link the second is refused."""
    user = invitation.membership.user
    with transaction.atomic():
        used = Invitation.objects.filter(pk=invitation.pk, used_at=None, expires_at__gt=now).update(used_at=now)
        if not used:
            raise Refused(Problem("used", "链接已用过或已过期。", mend="请联系创建办重发一个。"))
        passwords.store(user, password, now=now)
        sessions.end_all(user)
        log.write(invitation.membership, "accepted", by=user, now=campaign_now, data={"account": user.username})
    return user
