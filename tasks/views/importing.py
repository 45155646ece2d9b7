"""The import as pages: upload, dry run with its questions, commit, undo, and the files given back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, attachments, clock, working
from campaign.access import Right, needs
from campaign.models import Job, Unit
from campaign.problems import Problem, Refused
from tasks.importing import committing, leaving, mending, remembering, undoing
from tasks.importing.columns import FIELD_WORDS
from tasks.importing.opening import UPLOAD_LIMIT
from tasks.importing.returning import template, with_problems
from tasks.importing.rows import Row
from tasks.importing.showing import (
    PAGE,
    Fold,
    Line,
    SheetView,
    Totals,
    blocks_of,
    columns_of,
    headings_of,
    lines_of,
    problem_counts,
    span,
    unknown_names,
)
from tasks.models import ImportBatch
from tasks.views.import_places import TABS, Place, SheetPart

JOB = "tasks.jobs.commit_import"
#: More rows than this are written by a worker while the page follows.
AT_ONCE = 1_500
#: Imports on one page of their list.
LATEST = 20
XLSX = attachments.ACCEPTED[".xlsx"][1]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_LEDGER)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a workbook. POST reads it and opens its dry run; nothing of the ledger is touched."""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            batch = _start(request)
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("import-batch", pk=batch.pk)
    return _upload_page(request, problems)


def _upload_page(request: HttpRequest, problems: tuple[Problem, ...], wrong: str = "") -> HttpResponse:
    batches = (
        ImportBatch.objects.visible_to(request.actor)
        .filter(documents=None)
        .select_related("created_by")
        .defer("reading", "choices")
    )
    context = {
        "problems": problems,
        "wrong": wrong,
        "batches": Paginator(batches.order_by("-created_at", "-id"), LATEST).get_page(request.GET.get("page")),
        "limit": UPLOAD_LIMIT // (1024 * 1024),
        "taught": remembering.taught(request.campaign),
        "fields": FIELD_WORDS.items(),
    }
    return render(request, "tasks/import.html", context, status=422 if problems else 200)


def _start(request: HttpRequest) -> ImportBatch:
    file = request.FILES.get("file")
    if file is None:
        raise Refused(Problem("no_file", "还没有选文件。请选一个工作簿或 CSV 表格。", where="file"))
    upload = attachments.Upload.read(file, file.name, limit=UPLOAD_LIMIT)
    return committing.start_batch(request.campaign, upload, by=request.user, now=clock.now(request.campaign))


def _batch(request: HttpRequest, pk: UUID, *, is_held: bool = False) -> ImportBatch:
    """`is_held`: nobody else changes it until the transaction ends."""
    batches = ImportBatch.objects.filter(documents=None).select_related("campaign", "attachment")
    if is_held:
        batches = batches.select_for_update(of=("self",))
    found: ImportBatch = access.get(request.actor, batches, Right.MANAGE_LEDGER, pk=pk)
    return found


@require_safe
@needs(Right.MANAGE_LEDGER)
def batch_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _batch(request, pk))


def _page(request: HttpRequest, batch: ImportBatch, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    reviewed = committing.review(batch)
    rows = [verdict.row for verdict in reviewed.verdicts]
    counts = reviewed.counts
    blocked = counts["blocked"]
    context: dict[str, Any] = {
        "batch": batch,
        "counts": counts,
        "total": len(rows),
        "left_out": mending.skipped_rows(map(Row.from_dict, batch.reading["rows"]), batch.choices),
        "to_write": counts["new"]
        + counts["changed"]
        + sum(str(t.pk) in batch.choices.get("gone", {}) for t in reviewed.gone),
        "blocked": blocked,
        "totals": Totals.of(rows),
        "kinds": problem_counts(reviewed.verdicts),
        "unknown": unknown_names(reviewed.verdicts),
        "unit_names": Unit.objects.filter(campaign=batch.campaign).active().in_order().values_list("name", flat=True)
        if blocked
        else (),
        "gone": [(task, batch.choices.get("gone", {}).get(str(task.pk), "")) for task in reviewed.gone],
        "headings": [(said["name"], headings_of(said)) for said in batch.reading["sheets"]],
        "fields": FIELD_WORDS.items(),
        "problems": problems,
        "file_problems": batch.reading["problems"],
        "has_hidden_rows": any(problem["code"] == "hidden_rows" for problem in batch.reading["problems"]),
        "is_done": batch.state == ImportBatch.State.COMMITTED,
        "is_undone": batch.state == ImportBatch.State.UNDONE,
        "job": Job.objects.filter(campaign=batch.campaign, kind=JOB, arguments__batch=str(batch.pk)).first(),
    }
    context |= _shown(request, batch, reviewed)
    if context["is_done"]:
        context["undo_problems"] = undoing.problems(batch)
    return render(request, "tasks/import_batch.html", context, status=422 if problems else 200)


def _shown(request: HttpRequest, batch: ImportBatch, reviewed: committing.Review) -> dict[str, Any]:
    """The part of the sheets this request asks to see: folded whole, or one kind of verdict a page at a time."""
    place = Place.of(request)
    verdicts, first, year = reviewed.verdicts, place.first, batch.campaign.year
    if place.show:
        verdicts = [verdict for verdict in verdicts if verdict.kind == place.show][first : first + PAGE]
    sheets = []
    for number, said in enumerate(batch.reading["sheets"], 1):
        lines = lines_of(verdicts, said, year)
        if place.show:
            span(lines)
            blocks: tuple[Fold | list[Line], ...] = (lines,) if lines else ()
        else:
            blocks = blocks_of(lines, place.opened(number))
        view = SheetView(said["name"], said["title"], said["header_row"], columns_of(said), blocks)
        sheets.append(SheetPart(view, number, place.but_for(number)))
    shown = {
        "sheets": sheets, "tabs": _tabs(reviewed, place.show), "show": place.show, "place": place.words,
        "next_question": next(filter(None, (part.first_question for part in sheets)), None),
    }  # fmt: skip
    return shown | _pages(reviewed.counts[place.show], first) if place.show else shown


def _pages(matching: int, first: int) -> dict[str, Any]:
    return {
        "first": first,
        "more": first + PAGE if first + PAGE < matching else None,
        "before": max(0, first - PAGE) if first else None,
        "last": min(first + PAGE, matching),
        "matching": matching,
    }


def _tabs(reviewed: committing.Review, chosen: str) -> list[tuple[str, str, int, bool]]:
    counts = reviewed.counts
    return [(key, word, counts[key] if key else len(reviewed.verdicts), key == chosen) for key, word in TABS]


@require_POST
@needs(Right.MANAGE_LEDGER)
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One answer of the office to one question, or to all unknown units at once. Two clerks may answer at once."""
    try:
        with transaction.atomic():
            batch = _batch(request, pk, is_held=True)
            _take(batch, request)
    except Refused as refused:
        return _page(request, _batch(request, pk), refused.problems)
    return redirect(f"/tasks/import/{batch.pk}" + Place.of(request).at_row(batch, request.POST.get("row", "")))


def _take(batch: ImportBatch, request: HttpRequest) -> None:
    said, do = request.POST, request.POST.get("do", "")
    if batch.state == ImportBatch.State.UNDONE:
        raise Refused(Problem("undone", "这次导入已经撤销。要再导入，请重新上传文件。"))
    if do == "use":
        mending.answer_unit(
            batch, said.get("name", ""), use=said.get("use", "").strip(), is_remembered="remember" in said
        )
    elif do == "create":
        mending.answer_unit(batch, said.get("name", ""), is_new=True)
    elif do == "create_all":
        mending.answer_all_units(batch)
    elif do == "limit":
        mending.answer_row(batch, said.get("row", ""), limit=said.get("limit", ""), is_remembered="remember" in said)
    elif do == "no_limit":
        mending.answer_row(batch, said.get("row", ""), limit="", is_remembered="remember" in said)
    elif do == "skip":
        mending.answer_row(batch, said.get("row", ""), is_skipped=True)
    elif do == "skip_hidden":
        mending.skip_hidden(batch)
    elif do == "columns":
        _teach(batch, said)
    elif do in ("keep_gone", "waive_gone"):
        leaving.answer_gone(batch, _task_in(said), reason=said.get("reason", "") if do == "waive_gone" else None)
    elif do == "take_back":
        mending.take_back(batch)
    else:
        raise Refused(Problem("no_answer", "没有这种处理办法。请刷新页面再试。"))


def _task_in(said: QueryDict) -> str:
    """The id of a task as the form names it."""
    try:
        return str(UUID(said.get("task", "")))
    except ValueError:
        raise Refused(Problem("no_task", "没有这项任务。请刷新页面。", where="task")) from None


def _teach(batch: ImportBatch, said: QueryDict) -> None:
    """What each column is, as the office chose in the list of headers; only what it chose otherwise is remembered."""
    for sheet in batch.reading["sheets"]:
        for heading in headings_of(sheet):
            field = said.get(f"column-{heading.key}")
            if field is not None and field != heading.field:
                remembering.remember_column(batch.campaign, heading.key, field)
    committing.reread(batch)


@require_POST
@needs(Right.MANAGE_LEDGER)
def habit(request: HttpRequest) -> HttpResponse:
    """Teach one column's name beforehand, or forget what was taught."""
    said = request.POST
    try:
        if said.get("do") == "forget":
            remembering.forget(request.campaign, said.get("kind", ""), said.get("words", ""))
        else:
            remembering.remember_column(request.campaign, said.get("header", ""), said.get("field", ""))
    except Refused as refused:
        return _upload_page(request, refused.problems, "这个叫法没有记住")
    return redirect("import")


@require_POST
@needs(Right.MANAGE_LEDGER)
def commit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write all rows, or (`scope=clean`) those without problems; a large plan by a worker while the page follows."""
    batch = _batch(request, pk)
    is_partial = request.POST.get("scope") == "clean"
    now = clock.now(request.campaign)
    if batch.row_count > AT_ONCE:
        arguments = {"batch": str(batch.pk), "is_partial": is_partial}
        title = f"导入“{batch.file_name}”"
        working.begin(request.campaign, kind=JOB, title=title, arguments=arguments, by=request.user, now=now)
        return redirect("import-batch", pk=batch.pk)
    try:
        done = committing.commit_batch(batch, by=request.user, now=now, is_partial=is_partial)
    except Refused as refused:
        return _page(request, batch, refused.problems[:20])
    messages.success(request, done.words)
    return redirect("import-batch", pk=batch.pk)


@require_POST
@needs(Right.MANAGE_LEDGER)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = _batch(request, pk)
    try:
        count = undoing.undo_batch(batch, by=request.user, now=clock.now(request.campaign))
    except Refused as refused:
        return _page(request, batch, refused.problems)
    messages.success(request, f"已撤销导入，{count} 项任务恢复到导入以前。")
    return redirect("import")


@require_safe
@needs(Right.MANAGE_LEDGER)
def download_template(request: HttpRequest) -> HttpResponse:
    return _file(template(request.campaign.layer_name), "任务分解表模板.xlsx")


@require_safe
@needs(Right.MANAGE_LEDGER)
def returned(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The office's own workbook with 判断 and 错误说明 beside each row."""
    batch = _batch(request, pk)
    with attachments.read(batch.attachment.file) as file:
        content = file.read()
    made = with_problems(content, committing.review(batch).verdicts, batch.reading["sheets"])
    return _file(made, f"{batch.file_name.rpartition('.')[0] or batch.file_name}（错误说明）.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
