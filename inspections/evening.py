"""What field work needs every day: drafts of orders at the hour the campaign names, and counts set right at night."""

import datetime as dt
from typing import Any

from campaign.models import Campaign
from campaign.periodic import Done, Duty, every_day, run
from inspections import drafting, standing
from inspections.models import Finding
from inspections.models.orders import OrderPolicy


def gather(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """`today` is the evening's day: one made up for later leaves what was found since to its own evening."""
    day = now.astimezone(campaign.zone).date()
    made = drafting.draft_orders(campaign, today=day, now=now, found_until=today)
    return {"orders": made.orders, "findings": made.findings, "homeless": made.homeless}


def heal(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Open findings whose ledger moved while nobody followed, as after a restored backup."""
    rows = Finding.objects.filter(campaign=campaign, task__isnull=False).open()
    found = standing.refresh(rows.values_list("pk", flat=True))
    return {"looked_at": len(found)}


EVENING = (Duty("orders", "汇成督察单", every_day, gather),)
NIGHT = (Duty("findings", "核对整改", every_day, heal),)


def run_evening(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> list[Done]:
    """The last evening that has begun by now, once: today's from the campaign's hour on, before it yesterday's.

    So an evening that no turn of the clock fell into, or that found the machine off, is made up for by the next turn.
    """
    has_begun = now.astimezone(campaign.zone).time() >= OrderPolicy.of(campaign.pk).drafts_at
    return run(campaign, EVENING, today=today if has_begun else today - dt.timedelta(days=1), now=now)
