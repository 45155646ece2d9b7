"""The desk, the leader's page and search at 171, 10,000 and 100,000 tasks: they must hardly grow."""

from django.db import connection

from campaign.models import User
from tasks.scale import make_campaign
from tests.bench.measure import page, reader, report_page

DATABASES = ("sqlite", "postgresql")
SIZES = (171, 10_000, 100_000)
PAGES = {"desk": "/", "read": "/read"}
#: Initials that many tasks share, a code, and words that nothing has: the last reads the whole index.
SEARCHES = {"initials": "ltrq", "code": "03-01", "nothing": "没有这样的任务啊"}


def settle():
    """Statistics as a database that has run for a night would have them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def run(report):
    taken = {}
    for number, size in enumerate(SIZES, 1):
        make_campaign(number, size)
        settle()
        with reader(User.objects.get(username=f"scale-office-{number}")) as client:
            for name, url in PAGES.items():
                taken[name, size] = report_page(report, f"{name}_{size}", client, url)
                assert "项任务已销号" in page(client, url)().content.decode()
            for name, words in SEARCHES.items():
                taken[name, size] = report_page(report, f"search_{name}_{size}", client, f"/search?q={words}")
    for name in (*PAGES, *SEARCHES):
        report(f"{name}_growth_10k_to_100k", taken[name, 100_000] / taken[name, 10_000], "x")
