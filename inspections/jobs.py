"""Jobs of field work: they read the clock, call one deed, and may come twice or in any order."""

from typing import Any

from celery import shared_task

from campaign import clock, working
from campaign.models import Campaign, Job
from inspections import issuing, sweeping
from inspections.evening import run_evening
from inspections.models import Finding, Order

ISSUE = "inspections.jobs.issue_orders"
SWEEP = "inspections.jobs.sweep"


@shared_task(name=ISSUE)
def issue_orders(pk: str) -> None:
    working.run(pk, _issue_orders, now=clock.now)


def _issue_orders(job: Job) -> dict[str, Any]:
    rows = Order.objects.drafts().filter(campaign=job.campaign, pk__in=job.arguments["orders"])
    orders = list(rows.select_related("campaign", "unit").order_by("unit__order", "pk"))
    assert job.created_by is not None, "only a person issues orders"
    row = Job.objects.filter(pk=job.pk)
    row.update(total=len(orders))
    issued = issuing.issue_many(
        orders, by=job.created_by, now=clock.now(job.campaign), told=lambda done: row.update(done=done)
    )
    words = f"已签发 {len(issued.done)} 张督察单"
    if issued.left:
        words += "；没有签发的：" + "；".join(problem.message for _, problem in issued.left)
    return {"words": words, "url": "/orders/papers", "issued": len(issued.done), "left": len(issued.left)}


@shared_task(name=SWEEP)
def sweep(pk: str) -> None:
    working.run(pk, _sweep, now=clock.now)


def _sweep(job: Job) -> dict[str, Any]:
    """举一反三 of several findings, to chosen places where some were; one that is done already adds nothing."""
    rows = Finding.objects.filter(campaign=job.campaign, pk__in=job.arguments["findings"])
    findings = list(rows.select_related("campaign", "unit", "place", "place_type", "item").order_by("code"))
    assert job.created_by is not None, "only a person sweeps"
    row = Job.objects.filter(pk=job.pk)
    row.update(total=len(findings))
    places = orders = 0
    for number, finding in enumerate(findings, 1):
        among = job.arguments.get("places")
        swept = sweeping.sweep(finding, by=job.created_by, now=clock.now(job.campaign), among=among)
        places, orders = places + swept.places, orders + swept.orders
        row.update(done=number)
    words = f"已向同类点位 {places} 处发出 {orders} 张自查单"
    return {"words": words, "url": "/orders/papers", "places": places, "orders": orders}


@shared_task(name="inspections.jobs.evening")
def evening() -> None:
    """The drafts of every campaign whose hour has come; one that fails does not stop the others."""
    for campaign in Campaign.objects.filter(is_active=True).order_by("pk"):
        run_evening(campaign, today=clock.today(campaign), now=clock.now(campaign))
