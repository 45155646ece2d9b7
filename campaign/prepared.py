"""A question every page asks is put into SQL once, and asked again with other values.

Writing the SQL of a query with ten conditions costs Django more time than a database takes to answer it. `answers`
builds the query by the ORM the first time, with stand-ins for the values; afterwards only the values change.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.utils.dateparse import parse_date

Value = UUID | dt.date | dt.datetime

#: Stand-ins lie where no true value does; days derived from one (`today + 7`) are known by their distance.
_DERIVED = dt.timedelta(days=1200)
_FIRST_YEAR, _YEARS_APART = 1200, 10
#: What a value of the three kinds looks like once a database's backend has put it into its own words.
_LOOKS_LIKE_VALUE = re.compile(r"[0-9a-f]{32}|\d{4}-\d\d-\d\d.*")


@dataclass(frozen=True)
class _Slot:
    """Where a value goes, `later` than the value as given."""

    name: str
    later: dt.timedelta = dt.timedelta(0)


@dataclass(frozen=True)
class _Prepared:
    compiler: Any
    sql: str
    parts: tuple[Any, ...]


_known: dict[tuple[Any, ...], _Prepared] = {}


def answers(key: tuple[Any, ...], build: Callable[..., QuerySet], **values: Value) -> list[tuple[Any, ...]]:
    """Rows of `build(**values)`, a `values_list` query.

    The query's shape may depend on `key` alone, and on `values` only by comparing with them or with days counted from
    them. A value that reaches the SQL in another way is a mistake of the caller and raises TypeError at the first use.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    place = (connection.vendor, *key, *sorted((name, type(value).__name__) for name, value in values.items()))
    if place not in _known:
        _known[place] = _prepare(build, values, connection)
    prepared = _known[place]
    compiler = copy.copy(prepared.compiler)
    compiler.connection = connection
    compiler.query = prepared.compiler.query
    params = tuple(
        _adapt(values[part.name] + part.later if part.later else values[part.name], connection)  # type: ignore[operator]
        if isinstance(part, _Slot)
        else part
        for part in prepared.parts
    )
    compiler.as_sql = lambda: (prepared.sql, params)
    return list(compiler.results_iter(tuple_expected=True))


def _prepare(build: Callable[..., QuerySet], values: dict[str, Value], connection: Any) -> _Prepared:
    stand_ins = {name: _stand_in(number, value) for number, (name, value) in enumerate(sorted(values.items()))}
    compiler = build(**stand_ins).query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    slots = [(name, stand_in, _adapt(stand_in, connection)) for name, stand_in in stand_ins.items()]
    return _Prepared(compiler, sql, tuple(_part(param, slots) for param in params))


def _stand_in(number: int, value: Value) -> Value:
    year = _FIRST_YEAR + number * _YEARS_APART
    if isinstance(value, UUID):
        return UUID(int=0xC0FFEE << 96 | number)
    if isinstance(value, dt.datetime):
        return dt.datetime(year, 3, 3, 3, 3, 3, 333, tzinfo=dt.UTC)
    return dt.date(year, 3, 3)


def _adapt(value: Any, connection: Any) -> Any:
    """As the backend hands it to its driver."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)


def _part(param: Any, slots: list[tuple[str, Value, Any]]) -> Any:
    for name, stand_in, adapted in slots:
        if param == adapted:
            return _Slot(name)
        if type(stand_in) is dt.date:
            day = _day(param)
            if day is not None and abs(day - stand_in) <= _DERIVED:
                return _Slot(name, day - stand_in)
    if isinstance(param, UUID | dt.date) or (isinstance(param, str) and _LOOKS_LIKE_VALUE.fullmatch(param)):
        raise TypeError(f"the query holds {param!r}, which is none of the values it is asked with")
    return param


def _day(param: Any) -> dt.date | None:
    if type(param) is dt.date:
        return param
    return parse_date(param) if isinstance(param, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", param) else None
