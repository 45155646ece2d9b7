"""催办 by hand: preview, send, take back, and what became of a batch."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, clock, toasts
from campaign.access import Right
from campaign.identifiers import uuid7
from campaign.problems import Problem, Refused
from tasks import urging
from tasks.models import Notice, Task

#: More at once is no longer read before it is sent.
MOST = 300
#: Longest word of one's own.
NOTE = 120


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Right.URGE)
def urge(request: HttpRequest) -> HttpResponse:
    """GET: who would get what (`codes=a,b`; none means all that is overdue). POST: send the ticked lines."""
    data = request.POST if request.method == "POST" else request.GET
    return _answer(request, _codes(data.getlist("codes") + data.getlist("code")))


@require_safe
@access.needs(Right.URGE)
def urge_one(request: HttpRequest, code: str) -> HttpResponse:
    task = access.get(request.actor, Task.objects.all(), Right.URGE, code=code)
    return _answer(request, [task.code])


def _codes(texts: list[str]) -> list[str]:
    found = [code.strip() for text in texts for code in text.split(",") if code.strip()]
    return list(dict.fromkeys(found))


def _answer(request: HttpRequest, codes: list[str]) -> HttpResponse:
    tone = request.POST.get("tone") or request.GET.get("tone") or urging.Tone.URGE
    if tone not in urging.AUDIENCE:
        raise BadRequest("没有这种催办语气。")
    today = request.actor.today
    tasks = Task.objects.allowing(request.actor, Right.URGE)
    tasks = tasks.filter(code__in=codes) if codes else tasks.overdue(today=today)
    milestones = urging.to_urge(tasks.order_by("due_on", "code")[:MOST], today=today)
    if request.method == "POST":
        chosen = set(request.POST.getlist("m"))
        milestones = [milestone for milestone in milestones if str(milestone.pk) in chosen]
    found = urging.preview(request.campaign, milestones, tone=tone, today=today)
    if request.method == "POST":
        return _send(request, codes, found)
    return _preview(request, codes, found)


def _preview(
    request: HttpRequest, codes: list[str], found: urging.Preview, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "codes": ",".join(codes),
        "found": found,
        "tones": [(value, urging.Tone(value).label, _audience(value)) for value in urging.AUDIENCE],
        "batch": request.POST.get("batch") or uuid7(),
        "note": request.POST.get("note", ""),
        "problems": problems,
        "sample": urging.sample(found, note=request.POST.get("note", ""), now=clock.now(request.campaign)),
        "is_all_late": not codes,
        "most": MOST,
    }
    return render(request, "tasks/urge.html", context, status=status)


def _audience(tone: str) -> str:
    return "、".join(urging.Post(post).label for post in urging.AUDIENCE[tone])


def _send(request: HttpRequest, codes: list[str], found: urging.Preview) -> HttpResponse:
    note = request.POST.get("note", "")
    try:
        if len(note) > NOTE:
            raise Refused(Problem("note", f"附言有 {len(note)} 字，最多 {NOTE} 字。", mend="请写短一些。"))
        batch = UUID(request.POST.get("batch", ""))
        sent = urging.urge(found, batch=batch, note=note, by=request.user, now=clock.now(request.campaign))
    except Refused as refused:
        return _preview(request, codes, found, problems=refused.problems, status=422)
    except ValueError:
        raise BadRequest("页面不完整，请刷新后再发。") from None
    words = f"已{urging.Tone(found.tone).label} {sent.milestones} 项，{sent.people} 人"
    toasts.undoable(request, words, url=f"/tasks/urge/{sent.batch}/take-back")
    return redirect("urge-batch", batch=sent.batch)


def _batch(request: HttpRequest, batch: UUID) -> list[Notice]:
    if rows := urging.notices_of(request.campaign, batch):
        return rows
    raise Http404("没有这一批催办。")


@require_safe
@access.needs(Right.URGE)
def batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What went out together: still to be taken back for some seconds, later with its receipts."""
    rows = _batch(request, batch)
    now = clock.now(request.campaign)
    held = [row for row in rows if row.held_until and row.held_until > now and not row.recalled_at]
    context = {
        "batch": batch,
        "rows": rows,
        "people": len({row.recipient_id for row in rows}),
        "milestones": len({row.milestone_id for row in rows}),
        "seconds": int((held[0].held_until - now).total_seconds()) + 1 if held else 0,
        "is_recalled": all(row.recalled_at for row in rows),
        "tone": Notice.Reason(rows[0].reason).label,
        "receipts": [(word, sum(row.receipt == word for row in rows)) for word in ("已签收", "已读", "未读")],
    }
    return render(request, "tasks/urged.html", context)


@require_POST
@access.needs(Right.URGE)
def take_back(request: HttpRequest, batch: UUID) -> HttpResponse:
    _batch(request, batch)
    try:
        count = urging.take_back(request.campaign, batch, by=request.user, now=clock.now(request.campaign))
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("urge-batch", batch=batch)
    messages.success(request, f"已撤销 {count} 条催办，没有人收到。")
    return redirect("urge")
