"""The street at 10,000 places and 10,000 and 1,000,000 answers: board, place page, 整改率 by unit.

Each page asks at most fifteen questions, and at a hundred times the answers takes less than twice the time.
"""

import time

from django.db import connection

from campaign.models import User
from campaign.statistics import refresh_statistics
from inspections import scale
from inspections.models import Finding, Place
from tasks.scale import make_campaign
from tests.bench.bench_ledger import count_queries
from tests.bench.measure import cpu_ms, page, reader, wall_ms

DATABASES = ("sqlite", "postgresql")
PLACES = 10_000
SIZES = (10_000, 1_000_000)


def urls(campaign):
    busiest = Place.objects.filter(campaign=campaign).order_by("-visit_count", "code").values_list("code", flat=True)[0]
    return {
        "board": "/orders",
        "rate_by_unit": "/orders/figures?by=unit",
        "rate_by_unit_api": "/api/v1/rates?by=unit",
        "list": "/orders?tab=month",
        "place": f"/sites/{busiest}",
    }


def run(report):
    campaigns = {}
    for number, answers in enumerate(SIZES, 1):
        began = time.process_time()
        campaigns[answers] = make_campaign(number, 171)
        scale.add_field_work(campaigns[answers], PLACES, answers)
        report(f"street_seed_{answers}_answers_cpu", time.process_time() - began, "s")
        report(f"street_findings_{answers}", Finding.objects.filter(campaign=campaigns[answers]).count(), "findings")
    settle()
    taken = {}
    for number, answers in enumerate(SIZES, 1):
        user = User.objects.get(username=f"scale-office-{number}")
        with reader(user) as client:
            for name, url in urls(campaigns[answers]).items():
                taken[name, answers] = measure(report, f"street_{name}_{answers}", page(client, url))
    for name in urls(campaigns[SIZES[0]]):
        few, many = taken[name, SIZES[0]], taken[name, SIZES[1]]
        report(f"street_{name}_growth_cpu", many[0] / few[0], "x")
        report(f"street_{name}_growth_wall", many[1] / few[1], "x")


def settle():
    """As a night later. PostgreSQL marks pages as seen by all only when they are vacuumed, which it does by itself."""
    refresh_statistics()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def measure(report, name, ask):
    cpu, wall = cpu_ms(ask, seconds=1), wall_ms(ask, seconds=1)
    queries = min(count_queries(ask), count_queries(ask))
    report(f"{name}_cpu", cpu, "ms")
    report(f"{name}_wall", wall, "ms")
    report(f"{name}_queries", queries, "queries")
    assert queries <= 15, f"{name}: {queries} queries"
    return cpu, wall
