"""How often the API may be asked: counted in the database, so that the limit holds over all processes and machines.

A limit of 600 a minute counts within each clock minute. Two statements a request; the cache of one process, which
Django REST framework counts in, would let every process have the limit for itself.
"""

from typing import Any

from django.db.models import F
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, ScopedRateThrottle, SimpleRateThrottle, UserRateThrottle

from campaign.models import RequestCount


class Counted(SimpleRateThrottle):
    """Counts in `RequestCount`; who asks and how much is allowed stay the framework's."""

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view) if self.rate is not None else None
        if key is None:
            return True
        self.moment = self.timer()
        return count(key, int(self.moment // self.duration)) <= self.num_requests

    def wait(self) -> float:
        """Seconds until the next window."""
        return float(self.duration - self.moment % self.duration)


def count(key: str, window: int) -> int:
    """One more request of this key in this window; gives how many they are now."""
    rows = RequestCount.objects.filter(key=key)
    here = rows.filter(window=window)
    if not here.update(count=F("count") + 1):
        rows.filter(window__lt=window).delete()
        # another process may have been first: whose row it is makes no difference
        RequestCount.objects.bulk_create([RequestCount(key=key, window=window)], ignore_conflicts=True)
        here.update(count=F("count") + 1)
    return here.values_list("count", flat=True).get()


class Anonymous(AnonRateThrottle, Counted):
    pass


class Person(UserRateThrottle, Counted):
    pass


class Scoped(ScopedRateThrottle, Counted):
    """What a view names in `throttle_scope`."""
