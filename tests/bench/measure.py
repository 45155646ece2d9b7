"""How a figure is taken: CPU time, because machines are shared; ratios side by side in one run, for the same reason."""

import statistics
import time
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path


@login_not_required
def bare(request):
    """The least a Django view can do, behind the same middleware."""
    return HttpResponse("ok")


urlpatterns = [path("bare", bare), path("", include("campaign.urls"))]


def cpu_ms(call, *, seconds=1.5, least=5):
    """Median CPU milliseconds of this process for one call, after one that warms up."""
    call()
    taken, limit = [], time.monotonic() + seconds
    while len(taken) < least or time.monotonic() < limit:
        began = time.process_time()
        call()
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


def wall_ms(call, *, seconds=1.5, least=5):
    """Median milliseconds by the clock on the wall: what a database server in another process costs is in it."""
    call()
    taken, limit = [], time.monotonic() + seconds
    while len(taken) < least or time.monotonic() < limit:
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


@contextmanager
def reader(user=None):
    """A client that is logged in, on the product's routes and `/bare`, with the static files named plainly."""
    plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ROOT_URLCONF="tests.bench.measure", STORAGES=plain, ALLOWED_HOSTS=["testserver"]):
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        yield client


def page(client, url):
    """A call that asks for a page and makes sure it came."""

    def ask():
        answer = client.get(url)
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        return answer

    return ask


def report_page(report, name, client, url, *, floor=None):
    """CPU and wall time of a page, and its ratio to a bare view (and to `floor`, a call drawing the same rows)."""
    bare_ms, ours = cpu_ms(page(client, "/bare")), cpu_ms(page(client, url))
    report(f"{name}_cpu", ours, "ms")
    report(f"{name}_wall", wall_ms(page(client, url)), "ms")
    report(f"{name}_to_bare", ours / bare_ms, "x")
    if floor is not None:
        report(f"{name}_to_floor", ours / cpu_ms(floor), "x")
    return ours
