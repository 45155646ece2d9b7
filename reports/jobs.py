"""Jobs of the reports: they read the clock, call one deed, and may come twice or in any order."""

from celery import shared_task

from campaign import clock, sessions
from campaign.models import Campaign
from reports.daily import run_day


@shared_task(name="reports.jobs.daily")
def daily() -> None:
    """The day's work of every campaign; one that fails does not stop the others."""
    for campaign in Campaign.objects.filter(is_active=True).order_by("pk"):
        run_day(campaign, today=clock.today(campaign), now=clock.now(campaign))
    sessions.sweep(now=clock.now())
