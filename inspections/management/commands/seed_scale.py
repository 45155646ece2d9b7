"""`manage.py seed_scale --campaigns N --tasks N --places N --answers N`: synthetic ledgers and streets for measuring."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.models import Campaign
from campaign.statistics import refresh_statistics
from inspections.scale import add_field_work
from tasks.scale import make_campaign


class Command(BaseCommand):
    help = "造一份测速用的台账和巡查记录（数据是编的）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaigns", type=int, default=1, help="几个创建活动")
        parser.add_argument("--tasks", type=int, default=10_000, help="每个活动多少项任务")
        parser.add_argument("--places", type=int, default=0, help="每个活动多少处点位")
        parser.add_argument("--answers", type=int, default=0, help="每个活动多少条检查结果")

    def handle(self, *args: Any, **options: Any) -> None:
        campaigns, tasks, places, answers = (options[name] for name in ("campaigns", "tasks", "places", "answers"))
        if not 1 <= campaigns <= 1000 or not 1 <= tasks <= 1_000_000:
            raise CommandError("--campaigns 请写 1 到 1000，--tasks 请写 1 到 1000000。")
        if not 0 <= places <= 100_000 or not 0 <= answers <= 10_000_000 or (answers and not places):
            raise CommandError("--places 请写 0 到 100000，--answers 请写 0 到 10000000；有检查结果就要有点位。")
        first = Campaign.objects.filter(code__startswith="scale-").count() + 1
        for number in range(first, first + campaigns):
            began = time.perf_counter()
            campaign = make_campaign(number, tasks)
            if places:
                add_field_work(campaign, places, answers)
            refresh_statistics()
            spent = time.perf_counter() - began
            street = f"，{places} 处点位，{answers} 条检查结果" if places else ""
            self.stdout.write(
                f"{campaign.code}：{tasks} 项任务{street}，用了 {spent:.1f} 秒。"
                f"登录名 scale-office-{number}、scale-liaison-{number}。"
            )
