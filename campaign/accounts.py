"""Logging in and out, and the answers to what goes wrong there."""

from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from campaign import clock
from campaign.models import DeviceSession

WRONG = "账号或密码不对。连续输错会暂时锁定，忘记密码请与创建办联系。"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    if request.user.is_authenticated:
        return redirect(target)
    form = AuthenticationForm(request, data=request.POST or None)
    form.error_messages["invalid_login"] = form.error_messages["inactive"] = WRONG
    if request.method == "POST" and form.is_valid():
        begin(request, form.get_user())
        return redirect(target)
    return render(request, "campaign/login.html", {"form": form, "next": target})


def begin(request: HttpRequest, user: object) -> None:
    """Start a session with a new key and note the device, so that its owner can end it."""
    start_session(request, user, backend="django.contrib.auth.backends.ModelBackend")
    present = clock.now()
    request.session["seen"] = request.session["began"] = present.timestamp()
    request.session.save()
    DeviceSession.objects.create(
        user=user,
        session_key=request.session.session_key,
        device=request.headers.get("User-Agent", "")[:120],
        address=request.META.get("REMOTE_ADDR") or None,
        created_at=present,
        seen_at=present,
    )


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    DeviceSession.objects.filter(session_key=request.session.session_key).delete()
    end_session(request)
    messages.success(request, "已退出。")
    return redirect("/login")


def locked_out(request: HttpRequest, response: object = None, credentials: object = None, **_: object) -> HttpResponse:
    context = {"locked": True}
    return render(request, "campaign/login.html", context, status=429)


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
