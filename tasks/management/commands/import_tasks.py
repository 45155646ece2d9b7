"""Read a plan's workbook, and with --commit write it to a campaign's ledger."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from campaign import attachments, clock
from campaign.models import Campaign
from campaign.problems import Problem, Refused
from tasks.importing.committing import commit_batch, review_file, start_batch
from tasks.importing.comparing import Verdict


class Command(BaseCommand):
    help = "读入任务分解表（.xlsx）。不加 --commit 只试读，什么也不写。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="任务分解表，.xlsx")
        parser.add_argument("--campaign", required=True, help="创建活动的代码")
        parser.add_argument("--commit", action="store_true", help="写进台账；有问题的行在，就一行也不写")
        parser.add_argument("--partial", action="store_true", help="与 --commit 同用：先写没有问题的行")
        parser.add_argument("--known-units", action="store_true", help="名录里没有的单位算作问题，不新建")
        parser.add_argument("--json", action="store_true", help="输出一份 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            said = self.run_import(options)
        except Refused as refused:
            self.stderr.write(str(refused))
            raise SystemExit(2) from refused
        self.stdout.write(json.dumps(said, ensure_ascii=False) if options["json"] else _sentence(said))

    def run_import(self, options: dict[str, Any]) -> dict[str, Any]:
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            raise Refused(Problem("no_campaign", f"没有代码为“{options['campaign']}”的创建活动。请核对代码。"))
        upload = _upload(options["file"])
        choices = {} if options["known_units"] else {"create_all": True}
        reviewed = review_file(campaign, upload.content, choices)
        said = told(reviewed.verdicts) | {"file": upload.name, "campaign": campaign.code}
        is_clean = options["partial"] or not reviewed.blocked
        if not options["commit"] or not is_clean:
            return said | {"committed": False, **_counts(reviewed.counts)}
        batch = start_batch(campaign, upload, by=None, now=clock.now(campaign))
        batch.choices = choices | batch.choices
        batch.save(update_fields=["choices"])
        done = commit_batch(batch, by=None, now=clock.now(campaign), is_partial=options["partial"])
        return said | {"committed": True, **done.as_dict()}


def _upload(path: Path) -> attachments.Upload:
    if not path.is_file():
        raise Refused(Problem("no_file", f"没有“{path.name}”这个文件。请核对路径。"))
    with path.open("rb") as file:
        return attachments.Upload.read(file, path.name)


def told(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The rows with their problems, in the shape outside checks rely on."""
    rows = [verdict.row.as_dict() | {"verdict": verdict.kind} for verdict in verdicts]
    return {
        "rows": rows,
        "row_count": len(rows),
        "problem_count": sum(verdict.kind == "blocked" for verdict in verdicts),
    }


def _counts(counts: Any) -> dict[str, int]:
    return {
        "created": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["same"],
        "blocked": counts["blocked"],
    }


def _sentence(said: dict[str, Any]) -> str:
    verb = "已写进台账" if said["committed"] else "试读，没有写"
    counts = f"新增 {said['created']}，变更 {said['changed']}，不变 {said['unchanged']}，有问题 {said['blocked']}"
    lines = [f"{said['row_count']} 行：{counts}。{verb}。"]
    for row in said["rows"]:
        lines += [
            f"  第 {row['row']} 行 {problem['message']}" for problem in row["problems"] if problem["level"] == "blocks"
        ]
    return "\n".join(lines)
