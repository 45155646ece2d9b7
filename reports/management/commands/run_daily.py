"""Do a whole day's periodic work in order, for every campaign or one; a second run changes nothing."""

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from campaign import clock
from campaign.models import Campaign
from reports.daily import run_whole_day


class Command(BaseCommand):
    help = "做完一天该做的事：核对汇总数、发提醒、备好简报草稿、封存日志、汇成督察单。可以重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", help="哪一天，如 2019-09-24；不写就是今天")
        parser.add_argument("--campaign", help="只做这一个创建活动（代码）")
        parser.add_argument("--json", action="store_true", help="输出一份 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = dt.date.fromisoformat(options["date"]) if options["date"] else None
        except ValueError:
            self._refuse(f"“{options['date']}”不是日期，请写成 2019-09-24。")
        campaigns = Campaign.objects.filter(is_active=True).order_by("code")
        if options["campaign"]:
            campaigns = campaigns.filter(code=options["campaign"])
            if not campaigns:
                self._refuse(f"没有代码为“{options['campaign']}”的创建活动。请核对代码。")
        found = [self._run(campaign, day) for campaign in campaigns]
        problems = [duty["error"] for run in found for duty in run["duties"] if duty["error"]]
        if options["json"]:
            self.stdout.write(json.dumps({"campaigns": found, "problems": problems}, ensure_ascii=False))
        else:
            self._tell(found)

    def _run(self, campaign: Campaign, day: dt.date | None) -> dict[str, Any]:
        today = day or clock.today(campaign)
        now = clock.noon(day, campaign.zone) if day else clock.now(campaign)
        done = run_whole_day(campaign, today=today, now=now)
        return {"campaign": campaign.code, "date": today.isoformat(), "duties": [duty.as_dict() for duty in done]}

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(2)

    def _tell(self, found: list[dict[str, Any]]) -> None:
        for run in found:
            self.stdout.write(f"{run['campaign']} {run['date']}")
            for duty in run["duties"]:
                state = duty["error"] or ("今天已做过" if duty["repeat"] else "做完")
                self.stdout.write(f"  {duty['label']}：{state} {json.dumps(duty['result'], ensure_ascii=False)}")
