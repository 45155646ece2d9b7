"""Brings database and static files to this version. Running it again changes nothing."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "建库或升级数据库，收集静态文件；再次运行不会改变什么。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="接着装入演示数据")
        parser.add_argument("--no-static", action="store_true", help="只处理数据库（容器里静态文件已在镜像中）")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not options["no_static"]:
            _collect()
        self.stdout.write("数据库和静态文件已就绪。")
        if options["demo"]:
            call_command("load_demo")


def _collect() -> None:
    """Hashing and compressing takes a second: not done again for the same files."""
    stamp, state = Path(settings.STATIC_ROOT) / ".state", _state()
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(state)


def _state() -> str:
    """A sum over names, sizes and times of all source files."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            found.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return found.hexdigest()
