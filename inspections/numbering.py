"""Numbers people say aloud: findings 0001…, orders of a year 1…. Never given twice, never skipped."""

from campaign.models import Campaign
from inspections.models import Counter


def take(campaign: Campaign, series: str, count: int = 1) -> range:
    """The next `count` numbers of a series, in the caller's transaction: whoever comes next waits for its end.

    Call it late in a deed, since the wait is for everybody who files in this campaign.
    """
    Counter.objects.get_or_create(campaign=campaign, name=series)
    row = Counter.objects.select_for_update().get(campaign=campaign, name=series)
    last = row.value + count
    Counter.objects.filter(pk=row.pk).update(value=last)
    return range(row.value + 1, last + 1)


def finding_codes(campaign: Campaign, count: int = 1) -> list[str]:
    return [f"{number:04d}" for number in take(campaign, "finding", count)]
