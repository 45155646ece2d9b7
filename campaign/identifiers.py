"""Ids made by the application, unique without asking a database (RFC 9562, version 7: sorted by time)."""

import os
import time
import uuid

_new, _set, _unknown = uuid.UUID.__new__, object.__setattr__, uuid.SafeUUID.unknown

_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62
_RANDOM = (1 << 62) - 1
_STAMP = (1 << 48) - 1


def uuid7() -> uuid.UUID:
    """Of two ids made one after the other by a process the second is the greater: after the milliseconds stand
    twelve bits of their fraction (method 3 of the RFC), a quarter of a microsecond each."""
    stamp, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") & _RANDOM
    made = _new(uuid.UUID)  # filled without `__init__`, whose questions cost as much as all the rest
    _set(made, "int", (stamp & _STAMP) << 80 | fraction << 64 | random | _VERSION_AND_VARIANT)
    _set(made, "is_safe", _unknown)
    return made
