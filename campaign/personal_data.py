"""What the house holds of a person: all of it as one file, and its removal where nobody may be deprived of the record.

Rows that others rely on (reports, verdicts, posts) stay and name somebody who has left; what is only the person's own
(devices, drafts, keys, addresses) goes. The log of deeds is chained and kept by law: it is not rewritten.
"""

import datetime as dt
import json
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q

from campaign import log, sessions
from campaign.models import Campaign, OutgoingMail, User
from campaign.problems import Problem, Refused

#: Never told to anybody, not even to whom they belong.
SECRET = {"password", "digest", "session_key", "secret", "lease"}
OWN = ("username", "name", "phone", "email", "date_joined", "last_login", "password_changed_at", "is_active")
LEFT = "已注销人员"


def export_of(user: User, campaign: Campaign | None = None) -> bytes:
    """Everything that names the person, by kind of record, as JSON in UTF-8.

    With `campaign` what that campaign holds: the person may serve two, and neither office reads in the other's rows.
    """
    posts = user.memberships.select_related("unit")
    told_posts = posts if campaign is None else posts.filter(campaign=campaign)
    found: dict[str, Any] = {
        "本人": {name: getattr(user, name) for name in OWN},
        "岗位": [f"{row} {row.valid_from}—{row.valid_to or ''}" for row in told_posts],
    }
    for relation in _relations():
        rows = relation.related_model._base_manager.filter(**{relation.field.name: user})  # noqa: SLF001
        if campaign is not None and _is_of_a_campaign(relation.related_model):
            rows = rows.filter(Q(campaign=campaign) | Q(campaign=None))
        told = [_told(row) for row in rows.order_by("pk")[:20_000]]
        if told:
            found[f"{relation.related_model._meta.label}.{relation.field.name}"] = told  # noqa: SLF001
    return json.dumps(found, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()


def _is_of_a_campaign(model: type[models.Model]) -> bool:
    return any(field.name == "campaign" for field in model._meta.concrete_fields)  # noqa: SLF001


def _relations() -> list[Any]:
    """Every foreign key that leads to a person, hidden ones too."""
    fields = User._meta.get_fields(include_hidden=True)  # noqa: SLF001 - Django documents _meta as public
    return [field for field in fields if field.auto_created and not field.concrete and not field.many_to_many]


def _told(row: models.Model) -> dict[str, Any]:
    return {
        field.name: str(getattr(row, field.attname))
        if isinstance(field, models.FileField)
        else getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001
        if field.name not in SECRET
    }


def objections(user: User, campaign: Campaign, *, by: User) -> list[Problem]:
    """Why the person cannot be made nameless yet."""
    found = []
    if user == by:
        found.append(Problem("self", "不能注销自己。", mend="请另一位管理员来做。"))
    if user.is_active or user.memberships.filter(valid_to=None).exists():
        found.append(Problem("active", f"{user}的账号还在用。", mend="请先移交岗位、停用账号，再注销。"))
    if user.memberships.exclude(campaign=campaign).exists():
        message = f"{user}在别的创建活动里也有岗位的记录。"
        found.append(Problem("elsewhere", message, mend="请由系统管理员与那边商定后再办。"))
    if user.name == LEFT:
        found.append(Problem("gone", "这个人已经注销过了。"))
    return found


def forget(user: User, campaign: Campaign, *, by: User, now: dt.datetime) -> None:
    """注销: name, account, phone and mail address go, with all that is only the person's own. Cannot be undone."""
    if problems := objections(user, campaign, by=by):
        raise Refused(*problems)
    with transaction.atomic():
        log.write(campaign, "forgotten", by=by, now=now, data={"account": str(user.pk)})
        sessions.end_all(user)
        for relation in filter(_is_own, _relations()):
            relation.related_model._base_manager.filter(**{relation.field.name: user}).delete()  # noqa: SLF001
        mails = OutgoingMail.objects.filter(to_user=user)
        mails.filter(state=OutgoingMail.State.QUEUED).update(state=OutgoingMail.State.CANCELLED)
        mails.update(to_name=LEFT, to_address="", text="", html="")
        User.objects.filter(pk=user.pk).update(
            name=LEFT,
            username=f"left-{user.pk.hex}",
            phone="",
            email="",
            initials="",
            layouts={},
            password=make_password(None),
            is_active=False,
        )
    user.refresh_from_db()


def _is_own(relation: Any) -> bool:
    """Cascading rows are the person's own, posts apart: who held a post is part of the record."""
    model = relation.related_model._meta.model_name  # noqa: SLF001
    return relation.on_delete is models.CASCADE and model != "membership"
