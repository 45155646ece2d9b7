"""Side-bar entries of the ledger. Counts come from the roll-up and from the very queries their pages list."""

from django.http import HttpRequest

from campaign.navigation import Entry


def entries(request: HttpRequest) -> list[Entry]:
    return []
