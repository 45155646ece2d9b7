"""Wakes a worker after the transaction has committed. The database row is the truth; a lost ring costs a minute.

Every deed that leaves work behind is also found by a sweep of the schedule, so a broker that is down
must neither slow a page nor fail it.
"""

import logging
import time
from functools import partial
from typing import Any

from django.db import connection, transaction
from kombu.exceptions import OperationalError

from campaign.celery import app

log = logging.getLogger(__name__)


def ring(job: str, *arguments: Any) -> None:
    """Ask for `job` once the rows it will read are committed; once for a transaction, however many rows."""
    call = partial(_send, job, arguments)
    waiting = (entry[1] for entry in connection.run_on_commit)
    if not any(isinstance(other, partial) and (other.func, other.args) == (call.func, call.args) for other in waiting):
        transaction.on_commit(call, robust=True)


#: After a failure nobody rings for so long: a broker that hangs costs one person one time-out, not everybody.
SILENCE_SECONDS = 20
_silent_until = 0.0


def _send(job: str, arguments: tuple[Any, ...]) -> None:
    global _silent_until  # noqa: PLW0603 - one broker, one process
    if time.monotonic() < _silent_until:
        return
    try:
        app.send_task(job, args=arguments, retry=False, expires=600)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE_SECONDS
        log.warning("Doorbell for %s not heard (%s); the sweep will find the work.", job, error)
