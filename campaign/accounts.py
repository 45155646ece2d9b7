"""Logging in and out, and the answers to what goes wrong there."""

from importlib import import_module
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from campaign import clock, log, passwords, sessions
from campaign.lockout import address_of
from campaign.models import Campaign, DeviceSession, User

WRONG = "账号或密码不对。连续输错会暂时锁定，忘记密码请与创建办联系。"


class LoginForm(AuthenticationForm):
    """The same words whether the account is unknown, disabled or the password wrong."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["username"].error_messages["required"] = "请填写账号。"
        self.fields["password"].error_messages["required"] = "请填写密码。"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    target = safe_target(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(target)
    form = LoginForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        enter(request, form.get_user())
        return redirect(target)
    context = {"form": form, "next": "" if target == "/" else target}
    return render(request, "campaign/login.html", context | demo_logins())


def demo_logins() -> dict[str, Any]:
    """Where the demonstration is loaded its invented people are offered; its module is named, never imported."""
    if not Campaign.objects.filter(is_demo=True, is_active=True).exists():
        return {}
    cast = import_module("reports.demo.setting").CAST
    people = [
        {"username": login, "description": f"{name}，{unit}，{role.label}"} for login, name, unit, role, _ in cast
    ]
    return {"demo_logins": people, "demo_password": import_module("reports.demo").PASSWORD}


def safe_target(request: HttpRequest, wanted: str | None) -> str:
    """A place inside this site; anything else becomes the front page."""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"


def enter(request: HttpRequest, user: User) -> None:
    """Begin a session, write it into the log, and say when the password has grown old."""
    present = clock.now()
    sessions.begin(request, user, now=present)
    note(user, "logged_in", request)
    if passwords.is_stale(user, now=present):
        days = passwords.days_used(user, now=present)
        messages.warning(request, f"您的密码已经用了 {days} 天，请在“我的”里换一个。")


def note(user: User, verb: str, request: HttpRequest) -> None:
    """An entry in the log of every campaign the person has a post in."""
    for campaign in Campaign.objects.filter(is_active=True, pk__in=user.memberships.values("campaign")):
        address = address_of(request) or ""
        log.write(campaign, verb, by=user, now=clock.now(campaign), data={"account": user.username, "address": address})


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    DeviceSession.objects.filter(session_key=request.session.session_key).delete()
    note(request.user, "logged_out", request)
    end_session(request)
    messages.success(request, "已退出。")
    return redirect("/login")


def locked_out(request: HttpRequest, response: object = None, credentials: object = None, **_: object) -> HttpResponse:
    """The fifth failure and all that follow. The lock itself is in the log of whoever the account belongs to."""
    account = str((credentials or {}).get("username") or "") if isinstance(credentials, dict) else ""
    user = User.objects.filter(username=account).first()
    if user is not None and getattr(request, "axes_failures_since_start", 0):
        note(user, "locked_out", request)
    return render(request, "campaign/login.html", {"locked": True}, status=429)


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
