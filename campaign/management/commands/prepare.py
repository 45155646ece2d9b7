"""Brings database and static files to this version. Running it again changes nothing."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from campaign.statistics import refresh_statistics


class Command(BaseCommand):
    help = "建库或升级数据库，收集静态文件；再次运行不会改变什么。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="接着装入演示数据")
        parser.add_argument("--no-static", action="store_true", help="只处理数据库（容器里静态文件已在镜像中）")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("check", fail_level="ERROR")
        call_command("migrate", interactive=False, verbosity=0)
        refresh_statistics()
        if not options["no_static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("数据库和静态文件已就绪。")
        if options["demo"]:
            call_command("load_demo")
