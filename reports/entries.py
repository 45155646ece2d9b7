"""Side-bar entries of the reports."""

from django.http import HttpRequest

from campaign.access import Right, Role
from campaign.navigation import Entry


def entries(request: HttpRequest) -> list[Entry]:
    actor = request.actor
    found = []
    if actor.has_role(Role.OFFICE, Role.ADMINISTRATOR):
        found.append(Entry("", "工作台", "/", "layout-dashboard", order=10))
    if actor.can(Right.READ_ALL):
        found.append(Entry("通报", "一页通", "/read", "book-open-text", order=20))
    if actor.can(Right.READ):
        found.append(Entry("通报", "简报", "/briefs", "newspaper", order=30))
        found.append(Entry("通报", "督查通报", "/circulars", "megaphone", order=35))
        found.append(Entry("通报", "典型做法", "/practices", "lightbulb", order=40))
    return found
