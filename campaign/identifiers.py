"""Ids made by the application, unique without asking a database (RFC 9562, version 7: sorted by time)."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (stamp & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & (1 << 62) - 1
    return uuid.UUID(int=value)
