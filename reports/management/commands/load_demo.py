"""The demo campaign: built once, by a fixed seed; a second run changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from campaign.models import Campaign
from reports.demo import CODE, PASSWORD, reading, setting, stage, telling


class Command(BaseCommand):
    help = "装入演示数据（2019 年计划，人员和进展均为虚构）。再次运行不作任何改动。"

    def handle(self, *args: Any, **options: Any) -> None:
        if Campaign.objects.filter(code=CODE).exists():
            self.stdout.write(f"演示数据 {CODE} 已在，没有改动。")
        else:
            with transaction.atomic():
                campaign = stage.build()
                speech = reading.read_speech(campaign)
                telling.tell(campaign)
                reading.settle_some(speech)
            self.stdout.write(f"演示数据 {CODE} 已装入。")
        self.stdout.write(f"登录（密码都是 {PASSWORD}）：")
        for login, name, unit, role, _ in setting.CAST:
            self.stdout.write(f"  {login:<10} {name}　{unit}　{role.label}")
