"""The first campaign of a district: its words, its office and the person who starts there."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign import clock, founding, invitations
from campaign.models import Campaign


class Command(BaseCommand):
    help = "新建一个创建活动，并给创建办的第一个人一个邀请链接。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="代码，例如 dongcheng-2020")
        parser.add_argument("--district", required=True, help="地区，例如 东城区")
        parser.add_argument("--year", required=True, type=int, help="年度")
        parser.add_argument("--person", required=True, help="创建办第一个人的姓名")
        parser.add_argument("--username", default="", help="登录账号；不写就用姓名的拼音")
        parser.add_argument("--email", default="", help="邮箱")
        parser.add_argument("--name", default="全国文明城区创建", help="创建名称")
        parser.add_argument("--short-name", default="创城", help="简称")
        parser.add_argument("--office", default="区创城办", help="办公室名称")
        parser.add_argument("--layer", default="提升工程", help="计划顶层的叫法")
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        fields = {
            "code": options["code"],
            "district": options["district"],
            "year": options["year"],
            "name": options["name"],
            "short_name": options["short_name"],
            "office_name": options["office"],
            "layer_name": options["layer"],
        }
        try:
            Campaign(**fields).full_clean()
        except ValidationError as error:
            raise CommandError("；".join(error.messages), returncode=2) from error
        founder = founding.Founder(name=options["person"], email=options["email"], username=options["username"])
        present = clock.now()
        membership = founding.found(fields, founder, now=present)
        invited = invitations.invite(membership, by=None, now=present, real_now=present)
        self._tell(membership.user.username, invited.link, is_json=options["json"])

    def _tell(self, username: str, link: str, *, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps({"username": username, "link": link}, ensure_ascii=False))
            return
        self.stdout.write(f"已新建。登录账号 {username}，用这个链接设密码（7 天内有效，用一次）：\n{link}")
