"""Changing the fields of a row by hand, with what they were kept in the log."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from campaign import log
from campaign.models import User


def revise(
    row: Any,
    changes: Mapping[str, Any],
    *,
    by: User | None,
    now: dt.datetime,
    subject: Any = None,
    private: Sequence[str] = (),
) -> dict[str, list[Any]]:
    """Set these fields and log {field: [from, to]} under `subject` (the row itself unless given).

    Of `private` fields the log only says that they changed. Nothing changed: no entry.
    """
    fresh = type(row)._default_manager.get(pk=row.pk)  # noqa: SLF001 - forms have already set the row's fields
    moved = {name: [_plain(getattr(fresh, name)), _plain(value)] for name, value in changes.items()}
    moved = {name: pair for name, pair in moved.items() if pair[0] != pair[1]}
    for name, value in changes.items():
        setattr(row, name, value)
    if not moved:
        return {}
    with transaction.atomic():
        row.save(update_fields=list(moved))
        told = {name: ["*", "*"] if name in private else pair for name, pair in moved.items()}
        log.write(subject or row, "changed", by=by, now=now, data=told)
    return moved


def _plain(value: Any) -> Any:
    """As the log keeps it: JSON, and a related row by its name."""
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return str(value)
