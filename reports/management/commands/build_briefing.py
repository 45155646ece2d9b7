"""Write a week's briefing as files: the issued one as it went out, else what it would be now. Issues nothing."""

import datetime as dt
import json
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from campaign import attachments, clock, typefaces
from campaign.clock import Week
from campaign.models import Campaign
from reports import briefing as deeds
from reports import typesetting, wordfile
from reports.models import Briefing


class Command(BaseCommand):
    help = "生成一周的简报文件（PDF，可加 Word）。已发的取原件，没发的按台账现排；不编号、不寄送。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, help="创建活动的代码")
        parser.add_argument("--week", required=True, help="哪一周，如 2019-W20")
        parser.add_argument("--output", required=True, help="PDF 写到哪里")
        parser.add_argument("--docx", help="Word 写到哪里")
        parser.add_argument("--json", action="store_true", help="输出一份 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            self._refuse(f"没有代码为“{options['campaign']}”的创建活动。请核对代码。")
        try:
            week = Week.named(options["week"])
        except ValueError:
            self._refuse(f"“{options['week']}”不是周次，请写成 2019-W20。")
        today = clock.today(campaign)
        if week.monday > today:
            self._refuse(f"{week} 还没有到，今天是 {today}。请写本周或以前的周次。")
        briefing = deeds.draft(campaign, week, by=None, now=clock.now(campaign))
        made = self._papers(briefing, today, clock.now(campaign))
        self._write([(options["output"], made["pdf"]), (options["docx"], made["docx"])])
        told = self._told(briefing, today) | {"output": options["output"], "docx": options["docx"] or ""}
        self.stdout.write(
            json.dumps(told, ensure_ascii=False) if options["json"] else f"{told['number']} {told['title']}"
        )

    def _papers(self, briefing: Briefing, today: dt.date, now: dt.datetime) -> dict[str, bytes]:
        if briefing.document is not None:
            kept = {"pdf": briefing.document.pdf, "docx": briefing.document.docx}
            return {kind: _content(attachment.file) for kind, attachment in kept.items()}
        sheet = deeds.preview(briefing, today=today)
        # a draft says the day it is made, not the minute: the same ledger gives the same file
        moment = clock.noon(today, briefing.campaign.zone)
        return {"pdf": typesetting.pdf(sheet, now=moment), "docx": wordfile.docx(sheet, now=moment)}

    def _told(self, briefing: Briefing, today: dt.date) -> dict[str, Any]:
        facts = deeds.facts_for(briefing, today=today)
        sheet = deeds.preview(briefing, today=today)
        names = ("total", "done", "closed", "overdue", "review", "due_next", "troubled")
        return {
            "campaign": briefing.campaign.code,
            "week": briefing.period,
            "number": sheet.number,
            "is_issued": briefing.document is not None,
            "title": sheet.title,
            "as_of": facts.as_of,
            "figures": {name: vars(getattr(facts, name)) for name in names},
            "fonts": [use.words for use in typefaces.fonts_used()],
            "problems": [problem.as_dict() for problem in deeds.problems(briefing)],
        }

    def _write(self, files: list[tuple[str | None, bytes]]) -> None:
        """All files or none: each is written beside its place and then moved there."""
        waiting: list[tuple[str, Path]] = []
        try:
            for name, content in files:
                if name:
                    waiting.append((_beside(Path(name), content), Path(name)))
            for made, place in waiting:
                Path(made).replace(place)
        except OSError as error:
            for made, _ in waiting:
                Path(made).unlink(missing_ok=True)
            self._refuse(f"写不进“{error.filename}”：{error.strerror}。请换一个能写的位置。")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(2)


def _content(path: str) -> bytes:
    with attachments.read(path) as file:
        return file.read()


def _beside(place: Path, content: bytes) -> str:
    if place.is_dir():
        raise IsADirectoryError(21, "这是一个文件夹", str(place))
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as file:
        file.write(content)
    return file.name
