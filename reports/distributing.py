"""Keeping the distribution list. Leaving it changes nothing of what was sent."""

import datetime as dt

from campaign import log
from campaign.models import User
from reports.forms import RecipientForm
from reports.models import Distribution


def is_free(form: RecipientForm) -> bool:
    """An address stands on the list once; the form says whose it is."""
    address, campaign = form.cleaned_data["address"], form.instance.campaign
    held = Distribution.objects.filter(campaign=campaign, address__iexact=address).first()
    if held is not None:
        form.add_error("address", f"这个邮箱已在名单里：{held.name}。要改请先把它移出。")
    return held is None


def add(row: Distribution, *, by: User, now: dt.datetime) -> Distribution:
    row.order = Distribution.objects.filter(campaign=row.campaign, line=row.line).count() + 1
    row.save(force_insert=True)
    log.write(row, "recipient_added", by=by, now=now)
    return row


def switch(row: Distribution, *, is_active: bool, by: User, now: dt.datetime) -> None:
    Distribution.objects.filter(pk=row.pk).update(is_active=is_active)
    log.write(row, "recipient_changed", by=by, now=now, data={"is_active": [row.is_active, is_active]})


def remove(row: Distribution, *, by: User, now: dt.datetime) -> None:
    log.write(row, "recipient_removed", by=by, now=now)
    Distribution.objects.filter(pk=row.pk).delete()
