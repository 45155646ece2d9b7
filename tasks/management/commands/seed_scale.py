"""`manage.py seed_scale --campaigns N --tasks N`: synthetic ledgers for measuring."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.models import Campaign
from campaign.statistics import refresh_statistics
from tasks.scale import make_campaign


class Command(BaseCommand):
    help = "造一份测速用的台账（数据是编的）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaigns", type=int, default=1, help="几个创建活动")
        parser.add_argument("--tasks", type=int, default=10_000, help="每个活动多少项任务")

    def handle(self, *args: Any, **options: Any) -> None:
        campaigns, tasks = options["campaigns"], options["tasks"]
        if not 1 <= campaigns <= 1000 or not 1 <= tasks <= 1_000_000:
            raise CommandError("--campaigns 请写 1 到 1000，--tasks 请写 1 到 1000000。")
        first = Campaign.objects.filter(code__startswith="scale-").count() + 1
        for number in range(first, first + campaigns):
            began = time.perf_counter()
            campaign = make_campaign(number, tasks)
            refresh_statistics()
            spent = time.perf_counter() - began
            self.stdout.write(
                f"{campaign.code}：{tasks} 项任务，用了 {spent:.1f} 秒。登录名 scale-office-{number}、scale-liaison-{number}。"
            )
