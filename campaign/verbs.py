"""What the log says in Chinese: words for each verb, and for a change what it was from and to.

Each app keeps the words of its own verbs in `verbs.py`; a test holds that no verb is without words.
"""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.module_loading import import_string

from campaign.models import LogEntry

SOURCES = ("campaign.verbs.WORDS", "tasks.verbs.WORDS", "inspections.verbs.WORDS", "reports.verbs.WORDS")

WORDS = {
    "added": "添加了",
    "roster_imported": "导入了名册：",
    "changed": "修改了",
    "removed": "删去了",
    "appointed": "安排任职：",
    "post_ended": "结束任职：",
    "handed_over": "移交岗位：",
    "invited": "发出邀请链接：",
    "accepted": "用邀请链接设了密码：",
    "disabled": "停用账号：",
    "data_exported": "导出个人数据：",
    "forgotten": "注销了一个人的个人资料",
    "enabled": "启用账号：",
    "logged_in": "登录",
    "logged_out": "退出登录",
    "locked_out": "连续输错密码，暂时锁定",
    "password_changed": "修改了密码",
    "token_issued": "新建接口令牌：",
    "token_revoked": "收回接口令牌：",
    "founded": "新建了创建活动",
    "mail.again": "重发邮件：",
    "mail.given_up": "放弃发送邮件：",
}
#: Verbs whose subject is in the facts, not the object.
NAMED_BY = {
    "disabled": "person",
    "data_exported": "person",
    "enabled": "person",
    "token_issued": "name",
    "token_revoked": "name",
}
SILENT = {"logged_in", "logged_out", "locked_out", "password_changed", "founded"}
MODEL_WORDS = {"name": "姓名", "phone": "电话", "email": "邮箱"}


def every_word() -> dict[str, str]:
    found: dict[str, str] = {}
    for source in SOURCES:
        found |= import_string(source)
    return found


def words_of(entry: LogEntry) -> str:
    """添加了区财政局; 修改了创建设置：临期天数 7 → 10."""
    words = every_word().get(entry.verb, entry.verb)
    if entry.verb in SILENT:
        address = entry.data.get("address")
        return f"{words}（{address}）" if address else words
    subject = str(entry.data.get(NAMED_BY.get(entry.verb, ""), _subject(entry)))
    changes = _changes(entry)
    gap = " " if subject[:1].isascii() and not words.endswith("：") else ""
    return f"{words}{gap}{subject}" + (f"：{changes}" if changes else "")


def _subject(entry: LogEntry) -> str:
    """The task, where the page has looked it up (a milestone alone says only 完成)."""
    return getattr(entry, "task_label", "") or entry.object_label


def with_tasks(entries: list[Any]) -> list[LogEntry]:
    """The entries, each about a task with the task's code and title, by one query."""
    ids = {entry.task_id for entry in entries if entry.task_id is not None}
    tasks = apps.get_model("tasks", "Task").objects.in_bulk(ids) if ids else {}
    for entry in entries:
        entry.task_label = str(tasks.get(entry.task_id, ""))
    return entries


def _changes(entry: LogEntry) -> str:
    pairs = [(name, pair) for name, pair in entry.data.items() if isinstance(pair, list) and len(pair) == 2]
    if entry.verb != "changed":
        return ""
    return "；".join(_change(_label(entry.object_type, name), *pair) for name, pair in pairs if name != "initials")


def _change(label: str, before: Any, after: Any) -> str:
    if before == after == "*":
        return f"{label}（不记内容）"
    return f"{label} {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        there = {True: "有", False: "无"}
        return "、".join(f"{name} {there.get(one, one)}" for name, one in value.items()) or "空"
    if isinstance(value, list):
        rows = (" ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in value)
        return "、".join(rows) or "空"
    return str(value) if value not in (None, "") else "空"


def _label(object_type: str, name: str) -> str:
    for config in apps.get_app_configs():
        model = config.models.get(object_type)
        if model is not None:
            try:
                words = str(model._meta.get_field(name).verbose_name)  # noqa: SLF001 - Django documents _meta as public
            except FieldDoesNotExist:
                break
            return words if not words.isascii() else MODEL_WORDS.get(name, words)
    return MODEL_WORDS.get(name, name)
