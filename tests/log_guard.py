"""What keeps the log append-only, set aside as somebody does it who owns the database."""

from contextlib import contextmanager
from importlib import import_module

from django.db import connection

GUARD = import_module("campaign.migrations.0002_the_log_is_append_only")


class _Editor:
    """Plain statements: SQLite's own schema editor refuses to work inside a transaction, where triggers may be laid."""

    connection = connection

    @staticmethod
    def execute(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def lift():
    if connection.vendor == "postgresql":
        _Editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    GUARD.lift(None, _Editor)


def lay():
    GUARD.lay(None, _Editor)


def relay():
    """Lay it again where a walk before this one had it lifted."""
    names = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
    with connection.cursor() as cursor:
        cursor.execute(names.get(connection.vendor, "SELECT tgname FROM pg_trigger"))
        laid = {name for (name,) in cursor.fetchall()}
    if "campaign_logentry_stays" not in laid:
        lay()


@contextmanager
def lifted():
    lift()
    yield
    lay()
