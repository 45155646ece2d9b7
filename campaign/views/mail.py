"""The office's view of what was sent: the outbox with the fate of each mail, and, without a mail server, the mailbox."""

import datetime as dt
import email
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default as modern
from io import BytesIO
from pathlib import Path
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from campaign import access, clock, log, mail
from campaign.access import Right, needs
from campaign.models import OutgoingMail

State = OutgoingMail.State
PAGE = 50
STUCK_AFTER = dt.timedelta(minutes=5)
MAILBOX_PAGE = 200
#: Counting stops here: nobody reads the difference, and the table may hold millions.
COUNT_LIMIT = 1000
TONES = {State.QUEUED: "doing", State.SENDING: "doing", State.SENT: "done", State.FAILED: "ask", State.UNKNOWN: "ask"}
#: A mail may hold what others wrote: its HTML is shown without scripts, forms or requests of any kind.
HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True)
class Tab:
    state: str
    words: str
    count: str


@require_safe
@needs(Right.READ_MAIL)
def outbox(request: HttpRequest) -> HttpResponse:
    rows = OutgoingMail.objects.visible_to(request.actor)
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    shown = rows.filter(state=state) if state in State.values else rows
    if text:
        shown = shown.filter(Q(subject__icontains=text) | Q(to_name__icontains=text) | Q(to_address__icontains=text))
    found = list(_after(shown, request.GET.get("after", "")).select_related("to_user")[: PAGE + 1])
    context = {
        "mails": [_line(row, clock.now()) for row in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "stuck": _count(_stuck(rows, clock.now())),
        "tabs": [Tab(key, words, _count(rows.filter(state=key))) for key, words in State.choices],
        "state": state,
        "q": text,
        "is_outside": bool(settings.SMTP_HOST),
        "may_manage": request.actor.can(Right.MANAGE_CAMPAIGN),
    }
    return render(request, "campaign/mail.html", context)


def _after(rows: QuerySet[OutgoingMail], after: str) -> QuerySet[OutgoingMail]:
    """Keyset paging: the page after the mail with this id."""
    rows = rows.order_by("-created_at", "-id")
    try:
        last = rows.model.objects.filter(pk=UUID(after)).values_list("created_at", "id").first() if after else None
    except ValueError:
        last = None
    if last is None:
        return rows
    created_at, pk = last
    return rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=pk))


def _stuck(rows: QuerySet[OutgoingMail], now: dt.datetime) -> QuerySet[OutgoingMail]:
    """Due for minutes and never tried: no worker is running."""
    return rows.filter(state=State.QUEUED, attempts=0, due_at__lt=now - STUCK_AFTER)


def _count(rows: QuerySet[OutgoingMail]) -> str:
    number = len(rows.order_by().values_list("pk", flat=True)[: COUNT_LIMIT + 1])
    return f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)


def _line(row: OutgoingMail, now: dt.datetime) -> dict[str, object]:
    minutes = max(1, round((row.due_at - now).total_seconds() / 60))
    return {
        "mail": row,
        "tone": TONES.get(State(row.state), "waived"),
        "wait": f"约 {minutes} 分钟后再试" if row.state == State.QUEUED and row.attempts else "",
        "is_open": row.state in {State.QUEUED, State.FAILED, State.UNKNOWN},
        "may_go_again": row.state in {State.FAILED, State.UNKNOWN, State.CANCELLED},
    }


def _mail(request: HttpRequest, pk: UUID, right: Right = Right.READ_MAIL) -> OutgoingMail:
    return cast("OutgoingMail", access.get(request.actor, OutgoingMail.objects.all(), right, pk=pk))


@require_safe
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _mail(request, pk)
    context = _line(row, clock.now()) | {
        "parts": row.parts.select_related("attachment"),
        "entries": log.history(row.campaign, object_id=row.pk),
        "may_manage": request.actor.can(Right.MANAGE_CAMPAIGN),
    }
    return render(request, "campaign/mail_letter.html", context)


@require_safe
@xframe_options_sameorigin
def letter_html(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _harmless(_mail(request, pk).html)


def _harmless(html: str) -> HttpResponse:
    return HttpResponse(html, headers={"Content-Security-Policy": HTML_POLICY})


@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _mail(request, pk, Right.MANAGE_CAMPAIGN)
    if mail.send_again(row):
        log.write(row, "mail.again", by=request.user, now=clock.now(row.campaign))
        messages.success(request, f"“{row.subject}”已重新排队，马上寄出。")
    else:
        messages.error(request, "不能重发：这封信已经寄出，或收件人还没有可用的邮箱。请先在“单位与人员”里补上邮箱。")
    return redirect("letter", pk=pk)


@require_POST
def give_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _mail(request, pk, Right.MANAGE_CAMPAIGN)
    if mail.give_up(row):
        log.write(row, "mail.given_up", by=request.user, now=clock.now(row.campaign))
        messages.success(request, f"“{row.subject}”已放弃，不再寄。")
    else:
        messages.error(request, "这封信正在寄出或已经寄出，收不回来了。")
    return redirect("letter", pk=pk)


@dataclass(frozen=True)
class Received:
    """A mail as it lies in the mailbox folder."""

    key: str
    message: EmailMessage

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return body.get_content() if body else ""

    @property
    def html(self) -> str:
        body = self.message.get_body(("html",))
        return body.get_content() if body else ""

    @property
    def part_names(self) -> list[str]:
        return [part.get_filename() or "附件" for part in self.message.iter_attachments()]


def _folder(request: HttpRequest) -> Path:
    """The campaign's own; with a mail server there is no mailbox to show."""
    if settings.SMTP_HOST:
        raise Http404("这里已经接通邮件服务器，信件直接寄出，没有自带信箱。")
    return Path(settings.MAILBOX_DIR) / str(request.campaign.pk)


def _received(request: HttpRequest, pk: UUID) -> Received:
    path = _folder(request) / f"{pk}.eml"
    if not path.is_file():
        raise Http404("信箱里没有这封信。")
    return _opened(path)


def _opened(path: Path) -> Received:
    return Received(path.stem, email.message_from_bytes(path.read_bytes(), policy=modern))


@require_safe
@needs(Right.READ_MAIL)
def mailbox(request: HttpRequest) -> HttpResponse:
    newest = sorted(_folder(request).glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    context = {"total": len(newest), "mails": [_opened(path) for path in newest[:MAILBOX_PAGE]], "limit": MAILBOX_PAGE}
    return render(request, "campaign/mailbox.html", context)


@require_safe
@needs(Right.READ_MAIL)
def mailbox_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "campaign/mailbox_letter.html", {"letter": _received(request, pk)})


@require_safe
@needs(Right.READ_MAIL)
@xframe_options_sameorigin
def mailbox_html(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _harmless(_received(request, pk).html)


@require_safe
@needs(Right.READ_MAIL)
def mailbox_part(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    parts = list(_received(request, pk).message.iter_attachments())
    if number >= len(parts):
        raise Http404("这封信没有这个附件。")
    content = BytesIO(cast("bytes", parts[number].get_payload(decode=True)))
    name = parts[number].get_filename() or "附件"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
