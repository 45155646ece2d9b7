"""A day that follows from a moment: kept beside it, so that both databases group and filter by day alike and fast."""

import datetime as dt
from typing import Any

from django.db import models


class LocalDay(models.DateField):
    """The campaign's own day of another column of the row; filled whenever the row is written whole."""

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: Any) -> dt.date | None:
        moment = getattr(model_instance, self.of)
        if moment is not None:
            day = moment.astimezone(model_instance.campaign.zone).date()  # type: ignore[attr-defined]
            setattr(model_instance, self.attname, day)
        return super().pre_save(model_instance, add)
