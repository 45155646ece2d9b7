"""`manage.py backup FILE`: everything of an embedded installation in one file, while it runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaign.backing_up import back_up


class Command(BaseCommand):
    help = "把数据库、附件和密钥备份成一个文件；不必停机。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件，例如 /备份/ccgzt-2026-01-05.tar.gz")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not settings.IS_EMBEDDED:
            raise CommandError("现在用的是 PostgreSQL：请用 pg_dump 备份数据库，并复制附件文件夹（见 README“备份”）。")
        if not file.parent.is_dir():
            raise CommandError(f"没有文件夹 {file.parent}：请先建好，或换一个地方。")
        size = back_up(settings.DATA_DIR, file)
        self.stdout.write(f"已备份到 {file}，{size / 1024 / 1024:.1f} MB。里面有全部数据和密钥，请妥善保管。")
