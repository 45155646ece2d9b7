"""The ledger as a file: at once while it is short, as a job that the page follows when it is long."""

from urllib.parse import quote
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaign import access, clock, log, working
from campaign.access import Right, needs
from campaign.models import Job
from tasks.exporting import FORMATS, JOB, Export, export
from tasks.views.ledger import ledger_of


@require_safe
@needs(Right.READ)
def export_ledger(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404("只能导出 xlsx 或 csv。")
    path = "/overdue" if request.GET.get("at") == "/overdue" else "/tasks"
    found = ledger_of(request, path)
    if found.mistakes:
        return render(request, "tasks/export_refused.html", {"mistakes": found.mistakes, "path": path}, status=422)
    now = clock.now(request.campaign)
    if found.is_long and kind != "tsv":
        arguments = {"query": request.GET.urlencode(), "path": path, "format": kind}
        title = f"导出任务台账（{kind}）"
        job = working.begin(request.campaign, kind=JOB, title=title, arguments=arguments, by=request.user, now=now)
        return redirect(f"/jobs/{job.pk}")
    return send_noted(request, export(found, kind))


def send_noted(request: HttpRequest, file: Export) -> HttpResponse:
    """The file as the answer, and a line in the log that it went out."""
    now = clock.now(request.campaign)
    log.write(request.campaign, "export", by=request.user, now=now, data={"rows": file.rows, "name": file.name})
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    response["X-Rows"] = str(file.rows)
    return response


@require_safe
@needs(Right.READ)
def exported(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file of a finished job, for whoever asked for it."""
    jobs = Job.objects.filter(kind=JOB, created_by=request.user, state=Job.State.DONE)
    job = access.get(request.actor, jobs, pk=pk)
    if not default_storage.exists(job.result["file"]):
        raise Http404("导出的文件只保留七天，请再导出一次。")
    opened = default_storage.open(job.result["file"])
    return FileResponse(opened, as_attachment=True, filename=job.result["name"], content_type=job.result["type"])
