"""Side-bar entries of field work."""

from django.http import HttpRequest

from campaign.access import Right
from campaign.navigation import Entry


def entries(request: HttpRequest) -> list[Entry]:
    actor, found = request.actor, []
    if actor.can(Right.READ):
        found.append(Entry("巡查整改", "点位与巡查", "/sites", "map-pin", order=10))
        found.append(Entry("巡查整改", "整改单", "/orders", "file-exclamation-point", order=20))
    if actor.can(Right.READ_ALL):
        found.append(Entry("巡查整改", "迎检", "/readiness", "flag", order=25))
    if actor.is_outsider and actor.can(Right.INSPECT):
        found.append(Entry("巡查整改", "我的轮次", "/rounds", "route", order=15))
    if actor.can(Right.INSPECT):
        found.append(Entry("巡查整改", "手机巡查", "/patrol", "camera", order=30))
    return found
