"""Side-bar entries of the ground."""

from django.http import HttpRequest

from campaign.access import Right
from campaign.navigation import Entry


def entries(request: HttpRequest) -> list[Entry]:
    actor = request.actor
    found = [Entry("管理", "帮助", "/help", "circle-question-mark", order=90)]
    if actor.can(Right.READ_ALL):
        found.append(Entry("管理", "单位与人员", "/units", "users", order=10))
    if actor.can(Right.READ_MAIL):
        found.append(Entry("管理", "发件记录", "/mail", "send", order=20))
    if actor.can(Right.MANAGE_CAMPAIGN):
        found.append(Entry("管理", "设置", "/settings", "settings", order=30))
    return found
