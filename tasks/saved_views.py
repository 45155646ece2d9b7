"""Keeping a state of the ledger under a name: for oneself, or by the office for all."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from campaign.access import Actor, Right
from campaign.problems import Problem, Refused
from tasks.ledger import SYSTEM_VIEWS, State
from tasks.models import SavedView

MOST = 12


def save_view(state: State, name: str, actor: Actor, *, is_for_all: bool = False) -> SavedView:
    """Raises Refused when the name will not do, or when there are enough."""
    name = name.strip()
    owner = None if is_for_all else actor.user
    mine = SavedView.objects.filter(campaign=actor.campaign, user=owner)
    found = _problems(name, mine.count(), actor, is_for_all=is_for_all)
    if found:
        raise Refused(found)
    last = mine.aggregate(last=Max("order"))["last"] or 0
    try:
        with transaction.atomic():
            if mine.filter(name=name).exists():
                raise IntegrityError
            return SavedView.objects.create(
                campaign=actor.campaign, user=owner, name=name, query=state.whole_query(), order=last + 1
            )
    except IntegrityError:
        raise Refused(Problem("taken", f"已有一个视图叫“{name}”，请换个名字。", where="name")) from None


def _problems(name: str, count: int, actor: Actor, *, is_for_all: bool) -> Problem | None:
    if is_for_all and not actor.can(Right.MANAGE_LEDGER):
        return Problem("forbidden", "只有创建办可以把视图放给所有人。", where="is_for_all")
    if not name:
        return Problem("no_name", "没有给视图起名字。", where="name", mend="如“老旧小区未销号”。")
    if len(name) > 20:
        return Problem("long_name", f"名字有 {len(name)} 个字，请不超过 20 个字。", where="name")
    if name in {view.name for view in SYSTEM_VIEWS}:
        return Problem("taken", f"“{name}”是系统视图，请换个名字。", where="name")
    if count >= MOST:
        return Problem("enough", f"已有 {MOST} 个视图，请先删掉不用的。", where="name")
    return None


def drop_view(view: SavedView, actor: Actor) -> None:
    """One's own; a pinned one only by the office."""
    if view.user_id != actor.user.pk and not (view.user_id is None and actor.can(Right.MANAGE_LEDGER)):
        raise Refused(Problem("forbidden", "这个视图不是您的，不能删除。"))
    view.delete()
