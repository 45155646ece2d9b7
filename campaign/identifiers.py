"""Ids made by the application, unique without asking a database (RFC 9562, version 7: sorted by time)."""

import os
import time
import uuid

_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62
_RANDOM = (1 << 80) - 1 ^ (0xF << 76 | 0b11 << 62)
_STAMP = (1 << 48) - 1


def uuid7() -> uuid.UUID:
    stamp = time.time_ns() // 1_000_000 & _STAMP
    random = int.from_bytes(os.urandom(10), "big") & _RANDOM
    return uuid.UUID(int=stamp << 80 | random | _VERSION_AND_VARIANT)
