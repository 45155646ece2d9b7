"""Run as a script in a process of its own with little memory: reads an .xls, .xlsb or .ods on stdin, writes JSON.

These formats say their sizes only while they are unpacked, and a forged one can ask for all the memory there is; the
process that asked for it is then this one. Imports nothing of the product.
"""

import datetime as dt
import io
import json
import resource
import sys
from typing import Any

MEMORY, SECONDS = 320 * 1024 * 1024, 3


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        said: dict[str, Any] = {
            "hidden": [sheet.name for sheet in book.sheets_metadata if sheet.name not in shown],
            "sheets": [_sheet(book.get_sheet_by_name(name)) for name in shown],
        }
    except PasswordError:
        said = {"error": "encrypted"}
    except MemoryError:
        said = {"error": "too_big_sheet"}
    except (CalamineError, ValueError, OSError, KeyError, IndexError):
        said = {"error": "broken"}
    json.dump(said, sys.stdout, ensure_ascii=True, default=_plain)
    return 0


def _sheet(sheet: Any) -> dict[str, Any]:
    if sheet.height == 0:
        return {"name": sheet.name, "cells": [], "merges": []}
    if sheet.total_height * sheet.total_width > 2_000_000:
        raise MemoryError
    return {
        "name": sheet.name,
        "cells": sheet.to_python(skip_empty_area=False),
        "merges": list(sheet.merged_cell_ranges or ()),
    }


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date):
        return {"day": value.isoformat()[:10]}
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
