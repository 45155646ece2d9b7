"""Saved views of the ledger, and the roll-up that boards read."""

from django.db import models

from campaign.models import CampaignRow, Program, User


class SavedView(CampaignRow):
    """A named state of the ledger page: its query string. `user` None pins it for all."""

    unit_path = ""
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    name = models.CharField("名称", max_length=20)
    query = models.CharField(max_length=1000)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "user", "name"], name="view_name_once")]


class Tally(CampaignRow):
    """How many tasks of a program are in a state with a day: the roll-up boards read instead of all rows.

    `on` is the limit while open (null without a written limit), the closing day when done.
    Moved by `tasks.summary.refresh`, healed nightly by `tasks.summary.recount`.
    """

    program = models.ForeignKey(Program, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=10)
    has_begun = models.BooleanField(default=False)
    is_assumed = models.BooleanField(default=False)
    on = models.DateField(null=True)
    slot = models.CharField(
        max_length=80, help_text="program|kind|state|begun|assumed|on, for a unique key without nulls"
    )
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "slot"], name="tally_slot_once")]
        # holds all that is asked, in the order it is grouped: a board reads the index and never the rows
        indexes = [
            models.Index(
                fields=["campaign", "program", "kind", "state", "is_assumed", "on", "has_begun", "count"],
                name="tally_whole",
            )
        ]
