"""What every request passes: headers, session limits, the current campaign and actor."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from campaign import clock
from campaign.access import Actor, holding
from campaign.models import Campaign, DeviceSession
from campaign.problems import Problem

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)


class SecurityHeaders:
    """Headers on every answer; a view may set its own, stricter or looser, policy first."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class NoNulls:
    """No database takes a null character in a text, and no honest address holds one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("地址里有不能用的字符。")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func: Callable[..., Any], *_: Any) -> None:
        """What forms send; the API's serializers look for themselves."""
        is_form = request.method == "POST" and not getattr(view_func, "csrf_exempt", False)
        if is_form and any("\0" in value for _, values in request.POST.lists() for value in values):
            raise BadRequest("填写的内容里有不能用的字符，请删去后再交。")


class LoginRequired(LoginRequiredMiddleware):
    """Every page asks for a login unless it says otherwise.

    A page that asks by script gets 401 and the event `session-expired`, so that it can let the person log in
    in place and keep what they typed. A temporary password opens nothing but the page that changes it.
    """

    OPEN_WITH_TEMPORARY = ("/me/password", "/logout", "/session")

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None or not getattr(view_func, "login_required", True):
            return refused
        if request.user.is_password_temporary and request.path not in self.OPEN_WITH_TEMPORARY:
            return redirect("/me/password")
        return None

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        if not asked_by_script(request):
            if request.method in ("GET", "HEAD"):
                return super().handle_no_permission(request, view_func)
            return redirect("/login")  # the way back cannot be a form's target
        message = "登录已过期，请再登录一次。"
        answer = JsonResponse({"problems": [Problem("login", message).as_dict()]}, status=401)
        answer.headers["HX-Trigger"] = "session-expired"
        return answer


def asked_by_script(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False)) or request.headers.get("Accept", "").startswith("application/json")


class SessionLimits:
    """Ends a session after idle minutes and, at the latest, after its absolute hours."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        present = clock.now()
        seen = request.session.get("seen")
        began = request.session.get("began", seen)
        if seen is not None and (
            present.timestamp() - seen > settings.IDLE_MINUTES * 60
            or present.timestamp() - began > settings.SESSION_HOURS * 3600
        ):
            logout(request)
            return
        if seen is None or present.timestamp() - seen > 60:
            request.session["seen"] = present.timestamp()
            request.session.setdefault("began", present.timestamp())
            DeviceSession.objects.filter(session_key=request.session.session_key).update(seen_at=present)


class CurrentCampaign:
    """`request.campaign` and `request.actor`: `?campaign=CODE` switches, the session remembers."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))
        request.campaign = SimpleLazyObject(lambda: request.actor.campaign)
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """One query: a person has few posts, and they name the campaigns to choose from."""
    if not request.user.is_authenticated:
        return Actor(user=None, campaign=None, today=clock.today())
    posts = list(request.user.memberships.filter(campaign__is_active=True).select_related("campaign", "unit"))
    campaign = _chosen(request, {post.campaign for post in posts})
    return holding(request.user, campaign, posts, today=clock.today(campaign))


def _chosen(request: HttpRequest, mine: Iterable[Campaign]) -> Campaign | None:
    """The campaign named in the URL, else the one used last, else the newest one the person has a post in."""
    wanted = request.GET.get("campaign") or request.session.get("campaign")
    request.campaigns = sorted(mine, key=lambda campaign: (campaign.year, campaign.created_at), reverse=True)
    fitting = [campaign for campaign in request.campaigns if campaign.code == wanted]
    campaign = next(iter(fitting or request.campaigns), None)
    if campaign is not None and request.session.get("campaign") != campaign.code:
        request.session["campaign"] = campaign.code
    return campaign
