"""Read a speech, plan or minutes into drafted rows; nothing is written."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from campaign.problems import Problem, Refused
from tasks.extraction import Plan, read_document, read_plan
from tasks.extraction.opening import UPLOAD_LIMIT


class Command(BaseCommand):
    help = "从讲话、方案、纪要（.txt .docx .md）里读出任务。只读，什么也不写。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="讲话或方案：.txt、.docx 或 .md")
        parser.add_argument("--year", type=int, required=True, help="计划的年度，“今年”指哪一年")
        parser.add_argument("--json", action="store_true", help="输出一份 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = read_plan(_text(options["file"]), year=_year(options["year"]))
        except Refused as refused:
            self.stderr.write(str(refused))
            raise SystemExit(2) from refused
        said = {"file": options["file"].name, **plan.as_dict()}
        self.stdout.write(json.dumps(said, ensure_ascii=False) if options["json"] else _told(plan))


def _year(year: int) -> int:
    if not 1990 <= year <= 2100:
        raise Refused(Problem("year", f"年度 {year} 不对。请写 1990 到 2100 之间的年份。"))
    return year


def _text(path: Path) -> str:
    if not path.is_file():
        raise Refused(Problem("no_file", f"没有“{path.name}”这个文件。请核对路径。"))
    with path.open("rb") as file:
        return read_document(file.read(UPLOAD_LIMIT + 1), path.name)


def _told(plan: Plan) -> str:
    lines = [f"读出 {len(plan.rows)} 项任务，其中 {sum(row.is_doubtful for row in plan.rows)} 项存疑。"]
    for row in plan.rows:
        units = "、".join(name for names in row.units.values() for name in names) or "没有单位"
        lines.append(f"  {row.row} {row.title}｜{units}｜{row.deadline_text or '未写时限'}")
    return "\n".join(lines + [f"  {problem.message}" for problem in plan.problems])
