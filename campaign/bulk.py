"""Writing many new rows at once. Model and insert cost a fifth of `Model(...)` and `bulk_create`.

`maker` gives a function that makes instances by their column values; `insert` writes them by one statement (SQLite) or
few (PostgreSQL). For rows whose deed knows every value: no `pre_save`, no signals, no `auto_now`.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)
_PLACEHOLDERS = 30_000


@contextmanager
def uncollected() -> Iterator[None]:
    """A hundred thousand rows made at once are all alive: looking for garbage among them costs a quarter of the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def maker(model: type[Row]) -> Callable[..., Row]:
    """A function of column values (`task_id=…`) and related objects (`task=…`); the rest are the fields' defaults.

    The instance is filled without `Model.__init__`, which costs ten times as much.
    """
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django documents _meta as public
    fresh = [(field.attname, field.default) for field in fields if field.has_default() and callable(field.default)]
    fixed = {field.attname: field.get_default() for field in fields if field.attname not in dict(fresh)}
    related = {field.name: field.attname for field in fields if field.is_relation}

    def make(**values: Any) -> Row:
        row = model.__new__(model)
        state = row._state = ModelState()  # noqa: SLF001
        said = row.__dict__
        said.update(fixed)
        for name, default in fresh:
            said[name] = default()
        for name, value in values.items():
            if name in related:
                state.fields_cache[name] = value
                said[related[name]] = value.pk if value is not None else None
            else:
                said[name] = value
        return row

    return make


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    meta = type(rows[0])._meta  # noqa: SLF001
    columns = [
        _column(field, [row.__dict__[field.attname] for row in rows], connection) for field in meta.concrete_fields
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in meta.concrete_fields)
    start = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES "  # noqa: S608 - names of our own models, no input
    marks = f"({', '.join(['%s'] * len(columns))})"
    values = list(zip(*columns, strict=True))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(start + marks, values)
            return
        chunk = max(1, _PLACEHOLDERS // len(columns))
        for first in range(0, len(values), chunk):
            part = values[first : first + chunk]
            cursor.execute(start + ", ".join([marks] * len(part)), list(chain.from_iterable(part)))


def _column(field: models.Field, values: list[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """The values of one column as the database takes them; each different one is converted once."""
    first = values[0]
    if all(value is first for value in values):
        return [field.get_db_prep_save(first, connection)] * len(values)
    if isinstance(field, models.JSONField):
        return [field.get_db_prep_save(value, connection) for value in values]
    known: dict[Any, Any] = {}
    for value in values:
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
    return [known[value] for value in values]
