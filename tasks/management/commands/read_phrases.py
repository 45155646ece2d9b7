"""Read phrases of a plan, one a line, and say how each is understood."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tasks.language.phrase import read_phrase


class Command(BaseCommand):
    help = "从标准输入逐行读时限、节奏和数量的说法，输出读法。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="计划的年度，“今年”指哪一年")
        parser.add_argument("--json", action="store_true", help="输出一份 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = [line.rstrip("\r\n") for line in _lines()]
        read = [read_phrase(line, year=options["year"]).as_dict() for line in lines if line.strip()]
        if options["json"]:
            self.stdout.write(json.dumps(read, ensure_ascii=False))
            return
        for said in read:
            self.stdout.write(
                f"{said['text']} → {said['kind']} {said['due_date'] or ''} {said['targets'] or ''}".rstrip()
            )


def _lines() -> list[str]:
    try:
        lines = list(sys.stdin)
    except UnicodeDecodeError:
        lines = ["\udc80"]
    if any("\udc80" <= character <= "\udcff" for line in lines for character in line):
        sys.stderr.write("输入不是 UTF-8 文字，读不出来。请转成 UTF-8，一行写一个说法。\n")
        raise SystemExit(2)
    return lines
