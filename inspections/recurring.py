"""What comes back: the places that were found bad again, and how much of what is found had been closed before."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from inspections.models import Finding, Place
from inspections.rates import Span


@dataclass(frozen=True)
class PlaceLine:
    """A place that was found bad more than once. In a paper that units read it is counted from what has been issued."""

    code: str
    name: str
    unit: str
    found: int
    relapses: int
    open: int = 0


def worst_places(rows: QuerySet, span: Span, *, most: int = 3) -> list[PlaceLine]:
    """反复的地方: found twice or more in the span, relapses first."""
    # grouped from the index alone; names are asked for the few that are shown
    grouped = (
        rows.filter(span.condition, place__isnull=False)
        .order_by()
        .values_list("place_id")
        .annotate(
            found=Count("pk"),
            relapses=Count("pk", filter=Q(is_relapse=True)),
            open=Count("pk", filter=Q(stage__in=Finding.OPEN_STAGES)),
        )
        .filter(found__gte=2)
        .order_by("-relapses", "-found", "-open", "place_id")
    )
    found = list(grouped[:most])
    places = Place.objects.select_related("owner", "street").in_bulk([key for key, *_ in found]) if found else {}
    lines = [(places[key], *numbers) for key, *numbers in found]
    return [
        PlaceLine(place.code, place.name, str(place.owner or place.street or ""), *numbers) for place, *numbers in lines
    ]


@dataclass(frozen=True)
class Trend:
    """反弹 week by week, oldest first: of what was found, how much had been closed before."""

    label: str
    first: dt.date
    last: dt.date
    found: int
    relapses: int


def relapse_trend(rows: QuerySet, *, today: dt.date, weeks: int = 8) -> list[Trend]:
    """One query."""
    monday = today - dt.timedelta(days=today.weekday() + 7 * (weeks - 1))
    counted = (
        rows.filter(Span(monday, today).condition)
        .order_by()
        .values_list("found_on")
        .annotate(found=Count("pk"), relapses=Count("pk", filter=Q(is_relapse=True)))
    )
    sums = [[0, 0] for _ in range(weeks)]
    for day, found, relapses in counted:
        week = sums[(day - monday).days // 7]
        week[0] += found
        week[1] += relapses
    starts = [monday + dt.timedelta(days=7 * number) for number in range(weeks)]
    return [
        Trend(f"{start.month}/{start.day}", start, start + dt.timedelta(days=6), *pair)
        for start, pair in zip(starts, sums, strict=True)
    ]


def relapses_by_type(rows: QuerySet, span: Span, *, most: int = 8) -> list[tuple[str, str, int]]:
    """(type id, its name, relapses) of the types where most comes back."""
    counted = (
        rows.filter(span.condition, is_relapse=True)
        .order_by()
        .values_list("place_type_id", "place_type__name")
        .annotate(relapses=Count("pk"))
        .order_by("-relapses", "place_type__name")
    )
    return [(str(key or ""), name or "未归类", relapses) for key, name, relapses in counted[:most]]
