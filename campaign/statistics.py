"""What the database knows of its own tables, which is how it chooses among indexes.

Without it SQLite takes any index that fits: a list of 100,000 tasks sorted by title takes 98 ms instead of 0.2.
PostgreSQL gathers by itself, but only some time after a large import.
"""

from django.db import connection


def refresh_statistics() -> None:
    """After much was written, and once a day. Looks at a thousand rows of each index: 0.03 s on 100,000 tasks."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")
