"""`manage.py restore FILE`: unpack a backup into an empty data folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaign.backing_up import restore
from campaign.problems import Refused


class Command(BaseCommand):
    help = "把 backup 做出的文件恢复到空的数据文件夹（CCGZT_DATA）。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            restore(file, settings.DATA_DIR)
        except Refused as refused:
            raise CommandError("".join(f"{problem.message}{problem.mend}" for problem in refused.problems)) from refused
        self.stdout.write("已恢复。接着运行 make setup，再启动。")
