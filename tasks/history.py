"""经过: the log of one task in lines people read: who, what, from what to what, why, when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from campaign import log
from campaign.models import LogEntry
from campaign.templatetags.kit import full_date
from tasks.models import Task
from tasks.verbs import WORDS

TONES = {"submit": "review", "return": "overdue", "reopen": "overdue"}
FIELDS = {
    "title": "任务名称",
    "description": "工作内容",
    "standard": "工作标准",
    "strength": "力度",
    "remark": "备注",
    "is_key_item": "重点督办",
    "requirements": "销号要件",
    "units": "单位",
    "target": "目标值",
    "shows": "说明",
    "about_on": "所指日期",
    "requirement": "对应要件",
    "milestones": "节点",
}


@dataclass(frozen=True)
class Line:
    actor: str
    text: str
    at: dt.datetime
    basis: str = ""
    tone: str = ""


def lines(task: Task, *, most: int = 300) -> list[Line]:
    """Newest first; what was done to several milestones at once is one line; a verdict taken back says so."""
    found: list[Line] = []
    counts: list[int] = []
    undone: set[str] = set()
    for entry in log.history(task.campaign, task_id=task.pk)[:300]:
        line = line_of(entry)
        if entry.verb == "verdict_taken_back":
            undone.add(entry.data.get("verdict", ""))
        elif entry.data.get("verdict") in undone:
            line = replace(line, text=f"{line.text}（已撤回）", tone="")
        if found and (line.actor, line.text, line.basis, line.at) == (
            found[-1].actor,
            found[-1].text,
            found[-1].basis,
            found[-1].at,
        ):
            counts[-1] += 1
            continue
        found.append(line)
        counts.append(1)
    many = [
        replace(line, text=f"{line.text}（{count} 个节点）") if count > 1 else line
        for line, count in zip(found, counts, strict=True)
    ]
    return many[:most]


def line_of(entry: LogEntry) -> Line:
    return Line(
        actor=str(entry.by) if entry.by else "系统",
        text=_text(entry),
        at=entry.at,
        basis=entry.reason,
        tone=TONES.get(entry.verb, ""),
    )


def _text(entry: LogEntry) -> str:
    words = WORDS.get(entry.verb, entry.verb).rstrip("：")
    parts = list(_facts(entry))
    label = entry.object_label if entry.object_type == "milestone" and entry.object_label not in ("", "完成") else ""
    head = f"{words}{'“' + label + '”' if label else ''}"
    return f"{head}：{'；'.join(parts)}" if parts else head


def _facts(entry: LogEntry) -> Iterable[str]:
    data = entry.data
    if "quantity" in data and isinstance(data["quantity"], list):
        yield "完成量 {} → {}".format(*data["quantity"])
    if "rate" in data:
        yield "{} / {}".format(*data["rate"])
    if data.get("files"):
        yield f"附 {data['files']} 件佐证"
    if "due_on" in data:
        before, after = (full_date(dt.date.fromisoformat(day)) if day else "未定" for day in data["due_on"])
        yield f"{before} → {after}"
    if data.get("late_days"):
        yield f"晚 {data['late_days']} 天"
    if entry.verb == "hand_over":
        yield f"{data.get('from')} → {data.get('to') or '待明确'}"
    if entry.verb == "import" and data.get("row"):
        yield f"{data.get('file')} 第 {data['row']} 行"
    if entry.verb in ("edit", "describe"):
        for name, pair in data.items():
            if isinstance(pair, list) and len(pair) == 2:
                yield f"{FIELDS.get(name, name)} {_said(pair[0])} → {_said(pair[1])}"
    if entry.verb == "instruct":
        yield str(data.get("text", ""))


def _said(value: object) -> str:
    text = "是" if value is True else "否" if value is False else str(value or "空")
    return text if len(text) <= 60 else text[:59] + "…"
