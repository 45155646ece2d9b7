"""待签发, the issued papers and their receipts, the rules of orders, and lists from outside."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, attachments, clock, log, working
from campaign.access import Right, needs
from campaign.attachments import Upload
from campaign.problems import Refused
from campaign.serving import PDF, file_answer
from inspections import drafting, issuing, jobs, limits, orderpaper, problem_lists
from inspections.forms_orders import ListForm, PolicyForm
from inspections.models import Finding, Order, OrderLine, Photo, ProblemList
from inspections.models.orders import OrderPolicy
from inspections.models.places import Severity
from inspections.views.findings import units
from inspections.views.picking import codes_of

#: So many papers are set while the person waits; more are a job with its own page.
AT_ONCE = 5
PAGE = 50


@require_safe
@needs(Right.ORDER)
def drafts(request: HttpRequest) -> HttpResponse:
    """待签发: a draft for each unit, its lines to be changed; what nobody answers for stands first."""
    return _drafts(request)


def _drafts(request: HttpRequest, *, left: Any = (), status: int = 200) -> HttpResponse:
    campaign, today = request.campaign, request.actor.today
    policy = OrderPolicy.of(campaign.pk)
    pending = Finding.objects.visible_to(request.actor).filter(stage=Finding.Stage.PENDING, joined_into=None)
    loose = pending.filter(lines=None).select_related("unit", "place", "found_by").order_by("found_at", "id")
    rows = list(_drafted(request))
    picked = set(codes_of(request.GET))
    for order in rows:
        order.photo_count = sum(line.photo_count for line in order.shown)
        order.is_ticked = not picked or any(line.finding.code in picked for line in order.shown)
    ticked = [order for order in rows if order.is_ticked]
    often = Finding.objects.visible_to(request.actor).to_escalate(rounds=policy.rounds_to_escalate)
    context = {
        "drafts": rows,
        "often": list(often.select_related("unit", "place").order_by("-returns", "code")),
        "homeless": [row for row in loose if row.unit_id is None],
        "waiting": [row for row in loose if row.unit_id is not None and (row.not_before_on or today) <= today],
        "put_off": [row for row in loose if row.unit_id is not None and (row.not_before_on or today) > today],
        "units": units(request),
        "severities": [(value, word, limits.words_of(policy, value)) for value, word in Severity.choices],
        "count": sum(len(order.shown) for order in rows),
        "ticked": len(ticked),
        "ticked_count": sum(len(order.shown) for order in ticked),
        "photos": sum(order.photo_count for order in ticked),
        "policy": policy,
        "left": left,
        "today": today,
    }
    return render(request, "inspections/drafts.html", context, status=status)


def _drafted(request: HttpRequest) -> QuerySet:
    lines = OrderLine.objects.select_related("finding__place", "finding__relapse_of", "finding__found_by")
    lines = lines.annotate(photo_count=Count("finding__photos", filter=Q(finding__photos__moment=Photo.Moment.BEFORE)))
    lines = lines.order_by("position", "id")  # counting drops the order a line has by itself
    rows = Order.objects.visible_to(request.actor).drafts().select_related("unit")
    return rows.prefetch_related(Prefetch("lines", lines, to_attr="shown")).order_by("unit__order", "unit__name")


@require_POST
@needs(Right.ORDER)
def gather(request: HttpRequest) -> HttpResponse:
    """Do not wait for the evening: gather what is pending now."""
    made = drafting.draft_orders(
        request.campaign, today=request.actor.today, now=clock.now(request.campaign), by=request.user
    )
    messages.success(request, f"已把 {made.findings} 处问题汇入 {made.orders} 张待签发的督察单。")
    return redirect("/orders/drafts")


@require_POST
@needs(Right.ORDER)
def issue_drafts(request: HttpRequest) -> HttpResponse:
    """签发 the ticked drafts, or all of them."""
    rows = Order.objects.visible_to(request.actor).drafts().select_related("campaign", "unit")
    only = request.POST.get("only")
    wanted = {only} if only else set(request.POST.getlist("orders"))
    orders = [order for order in rows if "all" in request.POST or str(order.pk) in wanted]
    if not orders:
        messages.error(request, "没有选要签发的督察单。")
        return redirect("/orders/drafts")
    if len(orders) > AT_ONCE:
        job = working.begin(
            request.campaign,
            kind=jobs.ISSUE,
            title=f"签发 {len(orders)} 张督察单",
            arguments={"orders": [str(order.pk) for order in orders]},
            by=request.user,
            now=clock.now(request.campaign),
        )
        return redirect("job", pk=job.pk)
    issued = issuing.issue_many(orders, by=request.user, now=clock.now(request.campaign))
    if issued.done:
        numbers = "、".join(f"{order.unit}第 {order.number} 号" for order in issued.done)
        messages.success(request, f"已签发 {len(issued.done)} 张：{numbers}。")
    if issued.left:
        return _drafts(request, left=issued.left, status=409)
    return redirect("/orders/papers")


# ---------- issued papers


@require_safe
@needs(Right.READ)
def papers(request: HttpRequest) -> HttpResponse:
    """督察单 issued, newest first, by batch; a unit reads its own."""
    rows = Order.objects.visible_to(request.actor).issued().select_related("unit", "received_by", "issued_by")
    rows = rows.annotate(
        findings=Count("lines"), closed=Count("lines", filter=Q(lines__finding__stage=Finding.Stage.CLOSED))
    )
    page = Paginator(rows.order_by("-year", "-number"), PAGE).get_page(request.GET.get("page"))
    batches = Order.objects.visible_to(request.actor).issued().aggregate(batches=Count("batch", distinct=True))
    context = {
        "page": page,
        "batches": batches["batches"],
        "total": rows.count(),
        "may_order": request.actor.can(Right.ORDER),
    }
    return render(request, "inspections/papers.html", context)


def order_of(request: HttpRequest, slug: str) -> Order:
    year, _, number = slug.partition("-")
    if not (year.isdecimal() and number.isdecimal() and len(slug) <= 12):
        raise Http404("没有这张督察单。")
    rows = Order.objects.select_related("unit", "paper", "received_by", "issued_by")
    return access.get(request.actor, rows, year=int(year), number=int(number))


@require_safe
@needs(Right.READ)
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    order = order_of(request, slug)
    rows = Finding.objects.visible_to(request.actor).filter(lines__order=order).select_related("place", "unit")
    context = {
        "order": order,
        "findings": list(rows.order_by("lines__position")),
        "may_receive": _may_receive(request, order),
        "head": f"{order.facts['head']} {order.facts['no']}",
        "now": clock.now(request.campaign),
    }
    return render(request, "inspections/paper.html", context)


def _may_receive(request: HttpRequest, order: Order) -> bool:
    actor = request.actor
    is_ours = order.unit_id in actor.unit_ids and not actor.can(Right.READ_ALL)
    return actor.can(Right.REPORT) and is_ours and order.received_at is None


@require_safe
@needs(Right.READ)
def paper_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The paper as it was issued; where its file is lost, set again from the frozen facts."""
    order = order_of(request, slug)
    name = f"{order.facts['head']}{order.facts['no']}.pdf"
    try:
        content: Any = attachments.read(order.paper.file) if order.paper else None
    except FileNotFoundError:
        content = None
    if content is None:
        made = orderpaper.pdf(order.facts, now=order.issued_at or clock.now(request.campaign))
        return HttpResponse(made, content_type=PDF)
    return file_answer(content, name=name, content_type=PDF, is_download="download" in request.GET)


@require_POST
@needs(Right.REPORT)
def receive(request: HttpRequest, slug: str) -> HttpResponse:
    """签收, by the unit itself."""
    order = order_of(request, slug)
    if order.unit_id not in request.actor.unit_ids or request.actor.can(Right.READ_ALL):
        raise PermissionDenied("督察单由收单的单位自己签收。")
    if issuing.receive(order, by=request.user, now=clock.now(request.campaign)):
        messages.success(request, f"已签收督察单第 {order.number} 号。")
    return redirect(order)


# ---------- rules


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_CAMPAIGN)
def policy(request: HttpRequest) -> HttpResponse:
    kept = OrderPolicy.of(request.campaign.pk)
    form = PolicyForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        before = OrderPolicy.of(request.campaign.pk)
        changes = {
            name: [str(getattr(before, name)), str(form.cleaned_data[name])]
            for name in form.changed_data
            if name in form.cleaned_data
        }
        with transaction.atomic():
            saved = form.save()
            log.write(saved, "order_policy", by=request.user, now=clock.now(request.campaign), data=changes)
        messages.success(request, "规则已保存，以后签发的按新规则。")
        return redirect("/orders/rules")
    return render(request, "inspections/order_policy.html", {"form": form})


# ---------- lists from outside


@require_safe
@needs(Right.READ)
def lists(request: HttpRequest) -> HttpResponse:
    access.require(request.actor, Right.READ_ALL)
    rows = problem_lists.with_counts(ProblemList.objects.visible_to(request.actor))
    return render(
        request,
        "inspections/problem_lists.html",
        {"lists": rows, "today": request.actor.today, "may_order": request.actor.can(Right.ORDER)},
    )


@require_http_methods(["GET", "POST"])
@needs(Right.ORDER)
def new_list(request: HttpRequest) -> HttpResponse:
    """Paste or upload; look at what was read; file it. Nothing is written before that."""
    form = ListForm(request.POST or None, request.FILES or None, initial={"received_on": request.actor.today})
    context: dict[str, Any] = {"form": form, "lines": (), "problems": ()}
    if request.method == "POST" and form.is_valid():
        try:
            return _read_list(request, form, context)
        except Refused as refusal:
            context["problems"] = refusal.problems
    status = 422 if request.method == "POST" else 200
    return render(request, "inspections/problem_list_new.html", context, status=status)


def _read_list(request: HttpRequest, form: ListForm, context: dict[str, Any]) -> HttpResponse:
    said, campaign = form.cleaned_data, request.campaign
    file = said.get("file")
    lines = (
        problem_lists.read_sheet(Upload.read(file, file.name).content)
        if file
        else problem_lists.read_lines(said["lines"])
    )
    lines = problem_lists.recognise(campaign, lines)
    names = ("name", "source", "stated_count", "received_on", "due_on", "kind")
    wanted = problem_lists.Wanted(**{name: said[name] for name in names})
    if "file_it" in request.POST:
        kept = problem_lists.import_list(campaign, wanted, lines, by=request.user, now=clock.now(campaign))
        messages.success(request, f"“{kept.name}”的 {len(lines)} 个问题已登记，在待签发里。")
        return redirect("/orders/lists")
    found = problem_lists.objections(campaign, wanted, lines)
    text = "\n".join("｜".join((line.text, line.place_text, line.unit_text)).rstrip("｜") for line in lines)
    typed = request.POST.copy()
    typed["lines"] = text
    form.data = typed
    context |= {"lines": lines, "problems": found, "can_file": not any(p.level == "blocks" for p in found)}
    return render(request, "inspections/problem_list_new.html", context)
