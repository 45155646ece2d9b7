"""Writing many new rows at once. Model and insert cost a fifth of `Model(...)` and `bulk_create`.

`maker` gives a function that makes instances by their column values; `insert` writes them by one statement (SQLite) or
one stream (PostgreSQL). For rows whose deed knows every value: no `pre_save`, no signals, no `auto_now`.
"""

import gc
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from operator import is_, itemgetter
from types import NoneType
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)
#: Columns whose values the drivers take as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


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
    names = frozenset(related)

    def make(**values: Any) -> Row:
        row = model.__new__(model)
        state = row._state = ModelState()  # noqa: SLF001
        said = row.__dict__
        said.update(fixed)
        for name, default in fresh:
            said[name] = default()
        said.update(values)
        for name in names.intersection(values):
            value = state.fields_cache[name] = said.pop(name)
            said[related[name]] = value.pk if value is not None else None
        return row

    return make


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    meta = type(rows[0])._meta  # noqa: SLF001
    fields = meta.concrete_fields
    read = itemgetter(*(field.attname for field in fields))
    columns = zip(*(read(row.__dict__) for row in rows), strict=True)
    as_written = _line_column if connection.vendor == "postgresql" else _column
    values = zip(
        *(as_written(field, column, connection) for field, column in zip(fields, columns, strict=True)), strict=True
    )
    quote = connection.ops.quote_name
    table = f"{quote(meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("\n".join(map("\t".join, values))))
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", list(values))  # noqa: S608 - names of our own models, no input  # nosec B608


def _column(field: models.Field, values: Sequence[Any], connection: BaseDatabaseWrapper) -> Iterable[Any]:
    """The values of one column as the database takes them; each different one is converted once."""
    first = values[0]
    if all(map(is_, values, repeat(first))):
        return repeat(field.get_db_prep_save(first, connection), len(values))
    if isinstance(field, models.JSONField):
        return [value if value is None else json.dumps(value, cls=field.encoder) for value in values]
    types = set(map(type, values))
    if types <= {str, int, bool, NoneType} and isinstance(field, _PLAIN):
        return values
    if types <= {UUID, NoneType}:
        return [value and f"{value.int:032x}" for value in values]
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]


def _line_column(field: models.Field, values: Sequence[Any], connection: BaseDatabaseWrapper) -> Iterable[str]:
    """The same in the text a COPY reads: backslashes before what would end a cell, \\N for nothing."""
    first = values[0]
    if isinstance(field, models.JSONField):
        told = (value if value is None else json.dumps(value, cls=field.encoder) for value in values)
        return ["\\N" if value is None else value.replace("\\", "\\\\") for value in told]
    if all(map(is_, values, repeat(first))):
        return repeat(_in_line(field.get_db_prep_save(first, connection)), len(values))
    if set(map(type, values)) == {str}:
        return [value.translate(_ESCAPED) for value in values]
    if set(map(type, values)) <= {UUID, NoneType}:
        return ["\\N" if value is None else f"{value.int:032x}" for value in values]
    known = {value: _in_line(field.get_db_prep_save(value, connection)) for value in set(values)}
    return [known[value] for value in values]


def _in_line(value: Any) -> str:
    return "\\N" if value is None else str(value).translate(_ESCAPED)


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
