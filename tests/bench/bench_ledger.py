"""The ledger at 171, 10,000 and 100,000 tasks on both databases: lists, sorts, deep pages, peek, exports.

Ratios are to a bare view behind the same middleware and to the floor, the smallest honest page of the same rows: one
query, fifty lines, no layout, no access, no counts.
"""

import gc
import resource
import time

from django.db import connection
from django.http import HttpResponse, QueryDict
from django.template import engines
from django.test.utils import CaptureQueriesContext

from campaign.access import actor_for
from campaign.models import Unit, User
from campaign.statistics import refresh_statistics
from tasks import exporting, scale
from tasks.columns import COLUMNS
from tasks.ledger import Ledger, read_state, views_of
from tasks.models import Task
from tests.bench.measure import cpu_ms, page, reader, report_page

DATABASES = ("sqlite", "postgresql")
SIZES = (171, 10_000, 100_000)
SORTS = [key for key, column in COLUMNS.items() if column.is_default]
FLOOR = """<table>{% for t in tasks %}<tr><td>{{ t.code }}</td><td>{{ t.title }}</td><td>{{ t.state }}</td>
<td>{{ t.main_unit.name }}</td><td>{{ t.quantity_done }}/{{ t.quantity_goal }} {{ t.quantity_unit }}</td>
<td>{{ t.due_on }}</td><td>{{ t.evidence_count }}</td><td>{{ t.last_report_at }}</td></tr>{% endfor %}</table>"""


def urls(unit):
    return {
        "list_unit_overdue": f"/tasks?f.unit={unit}&f.lamp=overdue",
        "list_default": "/tasks",
        "list_all": "/tasks?view=all",
        "page_190": "/tasks?view=all&page=190",
        "overdue": "/overdue",
        "search_word": "/tasks?q=农贸&view=all",
        "search_initials": "/tasks?q=nmsc&view=all",
        "search_nothing": "/tasks?q=没有这样的事&view=all",
        "closed_last_week": "/tasks?f.milestone_closed=2019-W38",
        **{f"sort_{key}": f"/tasks?view=all&group=none&sort={key}" for key in SORTS},
        **{f"open_sort_{key}": f"/tasks?view=open&group=none&dir=desc&sort={key}" for key in SORTS},
        **{f"late_sort_{key}": f"/tasks?view=late&sort={key}" for key in SORTS},
        **{f"program_sort_{key}": f"/tasks?f.program=02&f.lamp=!done&group=none&sort={key}" for key in SORTS},
    }


def run(report):
    seeded = time.process_time()
    campaigns = {size: scale.make_campaign(number, size) for number, size in enumerate(SIZES, 1)}
    report("seed_110171_tasks_cpu", time.process_time() - seeded, "s")
    refresh_statistics()
    taken = {}
    for number, size in enumerate(SIZES, 1):
        taken |= measure(report, campaigns[size], size, User.objects.get(username=f"scale-office-{number}"))
    names = {name for name, size in taken if size == SIZES[1]}
    growth = {name: taken[name, SIZES[2]] / taken[name, SIZES[1]] for name in names}
    for name in sorted(growth):
        report(f"ledger_{name}_growth_10k_to_100k", growth[name], "x")
    report("ledger_growth_largest", max(growth.values()), "x")
    measure_exports(report, campaigns[SIZES[1]], User.objects.get(username="scale-office-2"))


def measure(report, campaign, size, user):
    unit = Unit.objects.filter(campaign=campaign, kind=Unit.Kind.DEPARTMENT).in_order().first()
    taken, plain = {}, engines["django"].from_string(FLOOR)

    def floor():
        tasks = Task.objects.filter(campaign=campaign).select_related("main_unit").order_by("due_on", "code")[:50]
        return HttpResponse(plain.render({"tasks": tasks}))

    with reader(user) as client:
        for name, url in urls(unit.pk).items():
            if size == SIZES[0] and "sort_" in name:
                continue
            is_main = name in {"list_unit_overdue", "list_default", "page_190"}
            ask = page(client, url)
            if is_main:
                taken[name, size] = report_page(report, f"ledger_{name}_{size}", client, url, floor=floor)
            else:
                taken[name, size] = cpu_ms(ask, seconds=0.6)
                report(f"ledger_{name}_{size}_cpu", taken[name, size], "ms")
            queries = min(count_queries(ask), count_queries(ask))  # once a minute the session is touched as well
            assert queries <= 12, f"{name}: {queries} queries"
            if is_main:
                report(f"ledger_{name}_{size}_queries", queries, "queries")
        code = Task.objects.filter(campaign=campaign).order_by("-code").values_list("code", flat=True)[0]
        taken["peek", size] = report_page(report, f"ledger_peek_{size}", client, f"/tasks/{code}/peek")
    return taken


def count_queries(call):
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def measure_exports(report, campaign, user):
    actor = actor_for(user, campaign, today=scale.TODAY)
    views = views_of(actor)
    for kind in ("csv", "xlsx"):
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.process_time()
        ledger = Ledger(read_state(QueryDict("view=all"), views, user), actor, views)
        assert exporting.export(ledger, kind).rows == 10_000
        report(f"export_{kind}_10000_rows_cpu", time.process_time() - began, "s")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        report(f"export_{kind}_10000_rows_memory", (after - before) / 1024, "MiB")
