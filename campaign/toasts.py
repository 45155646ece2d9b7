"""What a page says after a deed, with 撤销 where the house can still undo it; and the way back from an undoing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def undoable(request: HttpRequest, text: str, *, url: str) -> None:
    """Say what was done. `url` takes a POST that undoes it and itself refuses when it is too late."""
    messages.success(request, text, extra_tags=url)


def back(request: HttpRequest, default: str) -> HttpResponse:
    """To the page the button stood on, as its form tells; never off this host."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if wanted.startswith("/") and is_ours else default)
