"""What every row that belongs to a campaign has: an id made by the application, and its campaign."""

from django.db import models

from campaign.access import ScopedQuerySet
from campaign.identifiers import uuid7


class CampaignRow(models.Model):
    """A row of one campaign. Subclasses name the ORM path to the unit that may see them in `unit_path`.

    `unit_path` None means only readers of the whole campaign see the row; "" means every member does.
    """

    unit_path: str | None = None
    #: Also seen by those who may only inspect (a third party); the model's `seen_by` then narrows the rows for them.
    is_for_inspectors = False

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey("campaign.Campaign", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
