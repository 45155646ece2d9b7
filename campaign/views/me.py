"""One's own account: profile, password, devices, tokens; and the link that sets a first password."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import accounts, clock, invitations, passwords, personal_data, sessions, tokens
from campaign.forms import MeForm, NewPasswordForm, PasswordForm, TokenForm
from campaign.models import ApiToken, DeviceSession, User
from campaign.problems import Refused
from campaign.views.people import personal_data_of


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    form = MeForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        user.save(update_fields=list(form.cleaned_data))
        messages.success(request, "已保存。")
        return redirect("/me")
    posts = user.memberships.current(today=request.actor.today).select_related("unit", "campaign")
    context = {
        "form": form,
        "posts": posts.order_by("campaign__year", "unit__order"),
        "tab": "me",
        "real_today": clock.today(),
    }
    return render(request, "campaign/me.html", context)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """All that is held of oneself, as one file."""
    user = User.objects.get(pk=request.user.pk)
    return personal_data_of(request, user, personal_data.export_of(user))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        old_key = request.session.session_key
        passwords.store(user, form.cleaned_data["password"], now=clock.now())
        update_session_auth_hash(request, user)
        DeviceSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)
        ended = sessions.end_all(user, keep=request.session.session_key)
        accounts.note(user, "password_changed", request)
        others = f"，其他 {ended} 台设备上的登录已退出" if ended else ""
        messages.success(request, f"新密码已保存{others}。")
        return redirect("/me")
    used = passwords.days_used(user, now=clock.now())
    return render(request, "campaign/password.html", {"form": form, "days_used": used})


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    context = {
        "sessions": sessions.alive(request.user, now=clock.now()),
        "current": request.session.session_key,
        "idle_minutes": settings.IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
        "tab": "sessions",
        "real_today": clock.today(),
    }
    return render(request, "campaign/me_sessions.html", context)


@require_POST
def device_end(request: HttpRequest, pk: str) -> HttpResponse:
    session = request.user.device_sessions.filter(pk=pk).first()
    if session is None:
        raise Http404("没有这个登录，可能已经退出。")
    sessions.end(session)
    messages.success(request, f"{session.device} 上的登录已退出。")
    return redirect("/me/sessions")


@require_POST
def device_end_others(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_all(request.user, keep=request.session.session_key)
    messages.success(request, f"其他 {ended} 台设备上的登录已退出。")
    return redirect("/me/sessions")


@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The secret is shown in the answer to the form, once, and kept nowhere."""
    if request.campaign is None:
        raise Http404("您还没有岗位，不能建令牌。")
    form = TokenForm(request.POST or None)
    fresh = None
    if request.method == "POST" and form.is_valid():
        days = dt.timedelta(days=form.cleaned_data.pop("days"))
        moments = {"now": clock.now(), "log_now": clock.now(request.campaign)}
        fresh = tokens.issue(request.user, request.campaign, **form.cleaned_data, good_for=days, **moments)
        form = TokenForm()
    mine = ApiToken.objects.filter(user=request.user, campaign=request.campaign, revoked_at=None)
    context = {"form": form, "fresh": fresh, "tokens": mine.order_by("-created_at"), "tab": "tokens"}
    context |= {"present": clock.now(), "real_today": clock.today()}
    return render(request, "campaign/me_tokens.html", context)


@require_POST
def token_revoke(request: HttpRequest, pk: str) -> HttpResponse:
    token = ApiToken.objects.filter(user=request.user, pk=pk, revoked_at=None).first()
    if token is None:
        raise Http404("没有这个令牌，可能已经收回。")
    tokens.revoke(token, by=request.user, now=clock.now(), log_now=clock.now(token.campaign))
    messages.success(request, f"令牌“{token.name}”已收回，马上失效。")
    return redirect("/me/tokens")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    present = clock.now()
    found = invitations.find(secret, now=present)
    if found is None:
        return render(request, "campaign/invitation.html", {"invitation": None}, status=410)
    user = found.membership.user
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(
                found, form.cleaned_data["password"], now=present, campaign_now=clock.now(found.campaign)
            )
        except Refused as refused:
            return render(request, "campaign/invitation.html", {"invitation": None, "reason": str(refused)}, status=410)
        if request.user.is_authenticated:
            end_session(request)
        accounts.enter(request, User.objects.get(pk=user.pk))
        return redirect("/")
    return render(request, "campaign/invitation.html", {"invitation": found, "form": form})
