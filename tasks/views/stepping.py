"""上一项、下一项 on a task's page: the list it was opened from goes along in `in`, path and query as the list wrote them."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaign import access
from tasks.ledger import HOME
from tasks.models import Task
from tasks.stepping import steps_of
from tasks.views.ledger import ledger_of


def list_of(request: HttpRequest) -> str:
    """The list a page was come to from: named in the URL, else the page one pressed on; empty when it was none."""
    wanted = request.GET.get("in", "")
    if not wanted:
        referer = urlsplit(request.headers.get("Referer", ""))
        wanted = f"{referer.path}?{referer.query}" if referer.netloc == request.get_host() else ""
    where = urlsplit(wanted)
    return wanted if where.path in HOME and not where.netloc and not where.scheme else ""


@require_safe
def step(request: HttpRequest, code: str) -> HttpResponse:
    """`to=next` or `to=previous` goes there (at an end back to the list); without it the fragment that says where one is."""
    task = access.get(request.actor, Task.objects.select_related("program", "main_unit"), code=code)
    source = list_of(request) or "/tasks"
    where = urlsplit(source)
    steps = steps_of(ledger_of(request, where.path, QueryDict(where.query)), task)
    urls = {
        name: f"/tasks/{to}?{urlencode({'in': source})}" if to else ""
        for name, to in (("previous", steps.previous), ("next", steps.next))
    }
    if request.GET.get("to") in urls:
        return redirect(urls[request.GET["to"]] or source)
    return render(request, "tasks/_steps.html", {"steps": steps, "urls": urls, "source": source})
