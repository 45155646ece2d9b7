"""Run by test_order_trials in processes of its own: `seed` makes drafts of a few units, `issue` issues what there is.

`issue` says each number as soon as its transaction is over.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
django.setup()

from campaign.models import Campaign, Unit, User  # noqa: E402 - after the settings
from campaign.problems import Refused  # noqa: E402
from inspections import drafting, issuing  # noqa: E402
from inspections.models import Order, Place, PlaceType  # noqa: E402
from tests.conftest import NOON, TODAY  # noqa: E402
from tests.inspections.order_cast import found  # noqa: E402

UNITS = 8


def seed():
    campaign = Campaign.objects.create(code="t", district="甲区", year=2019)
    User.objects.create(username="office", name="陈静")
    kind = PlaceType.objects.create(campaign=campaign, code="T", name="街巷")
    for n in range(UNITS):
        unit = Unit.objects.create(campaign=campaign, name=f"{n}街道", order=n)
        place = Place.objects.create(campaign=campaign, place_type=kind, code=f"S{n}", name=f"{n}巷", owner=unit)
        found(campaign, place)
        found(campaign, place, text="别的", tile="小广告")
    drafting.draft_orders(campaign, today=TODAY, now=NOON)


def issue():
    office = User.objects.get(username="office")
    for order in Order.objects.drafts().select_related("campaign", "unit").order_by("unit__order"):
        try:
            print(issuing.issue(order, by=office, now=NOON, version=order.version).number, flush=True)
        except Refused:
            continue  # the other process was first


if __name__ == "__main__":
    {"seed": seed, "issue": issue}[sys.argv[1]]()
