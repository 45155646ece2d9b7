"""2,000 findings of a day become the orders of a hundred units: tasks, papers, notices and mails, and a second run."""

import datetime as dt
import tempfile
from time import perf_counter, process_time

from django.test import override_settings

from campaign.access import Role
from campaign.models import Campaign, Membership, OutgoingMail, Unit, User
from inspections import drafting, issuing
from inspections.models import Finding, Order, Place, PlaceType
from tasks.models import Task
from tests.conftest import NOON, TODAY
from tests.inspections.order_cast import shoot

FINDINGS, UNITS, MOST_SECONDS = 2000, 100, 60


def _units(campaign):
    units = [Unit(campaign=campaign, name=f"第{n}街道", kind=Unit.Kind.STREET, order=n) for n in range(UNITS)]
    Unit.objects.bulk_create(units)
    for unit in units:
        user = User.objects.create(username=unit.name, name=unit.name, email=f"u{unit.order}@example.test")
        fields = {"role": Role.LIAISON, "post": Membership.Post.LIAISON, "valid_from": dt.date(2019, 1, 1)}
        Membership.objects.create(campaign=campaign, unit=unit, user=user, **fields)
    return units


def _findings(campaign, kind, units, office):
    places = [
        Place(campaign=campaign, place_type=kind, code=f"S{n:05d}", name=f"第{n}巷", owner=units[n % UNITS])
        for n in range(FINDINGS)
    ]
    Place.objects.bulk_create(places, batch_size=500)
    rows = [
        Finding(
            campaign=campaign, code=f"{n + 1:04d}", place=place, place_type=kind, unit_id=place.owner_id, found_at=NOON,
            tile="乱停车", text="非机动车乱停放，占用盲道约二十米，影响通行。", found_by=office,
        )
        for n, place in enumerate(places)
    ]  # fmt: skip
    Finding.objects.bulk_create(rows, batch_size=500)
    first = shoot(rows[0], by=office, seed=1)
    for row in rows[1:]:
        first.pk, first.client_id, first.finding, first._state.adding = None, f"p{row.code}", row, True
        first.id = type(first)._meta.pk.get_default()
        first.save(force_insert=True)


def run(report):
    campaign = Campaign.objects.create(code="orders", district="东城区", year=2019)
    unit = Unit.objects.create(campaign=campaign, name="区创城办")
    office = User.objects.create(username="office", name="陈静")
    Membership.objects.create(campaign=campaign, unit=unit, user=office, role=Role.OFFICE, valid_from=TODAY)
    kind = PlaceType.objects.create(campaign=campaign, code="T", name="街巷")
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        _findings(campaign, kind, _units(campaign), office)
        _evening(report, campaign, office)


def _evening(report, campaign, office):
    started = perf_counter()
    drafted = drafting.draft_orders(campaign, today=TODAY, now=NOON)
    report("orders_drafted_2000_findings", perf_counter() - started, "s")
    rows = list(Order.objects.drafts().filter(campaign=campaign).select_related("campaign", "unit"))
    started, cpu = perf_counter(), process_time()
    issued = issuing.issue_many(rows, by=office, now=NOON)
    report("orders_issued_100_with_pdf", perf_counter() - started, "s")
    took = process_time() - cpu
    report("orders_issued_100_with_pdf_cpu", took, "s")
    report("orders_numbers_missing_or_twice", len({*range(1, UNITS + 1)} ^ {o.number for o in issued.done}), "numbers")
    again = drafting.draft_orders(campaign, today=TODAY, now=NOON)
    report("orders_second_run_changes", again.orders + again.findings, "rows")
    assert (drafted.orders, len(issued.done), issued.left) == (UNITS, UNITS, [])
    assert Task.objects.filter(campaign=campaign, kind="rectification").count() == FINDINGS
    assert OutgoingMail.objects.filter(campaign=campaign).count() == UNITS
    assert took < MOST_SECONDS
