"""Pages of rounds: the list and the comparison, one round with its list, its lot and the proof of it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from campaign import access, clock, log
from campaign.access import RIGHTS, Right, needs, refusal
from campaign.models import Membership
from campaign.problems import Refused
from inspections import rounds as deeds
from inspections.coverage import knows_record
from inspections.forms import RoundForm
from inspections.models import Place, PlaceType, Round
from inspections.round_results import Result, coverage_of, results
from inspections.views.places import is_kept

PAGE, PROVED = 100, 2000
#: Kinds whose rounds are measured against one another (G5).
COMPARED = (Round.Kind.THIRD_PARTY, Round.Kind.MOCK, Round.Kind.OFFICIAL)
MOST_COMPARED = 12
GROUPS = ((Round.State.RUNNING, "进行中"), (Round.State.PLANNED, "待开展"), (Round.State.FINISHED, "已结束"))


def require_field(request: HttpRequest) -> None:
    """Members of the campaign, and whoever inspects for it."""
    actor = request.actor
    if not actor.can(Right.READ) and not actor.can(Right.INSPECT):
        raise PermissionDenied(refusal(actor, Right.READ))


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    require_field(request)
    found = Round.objects.visible_to(request.actor).select_related("unit", "place_type", "area")
    kind = request.GET.get("kind", "")
    if kind in Round.Kind.values:
        found = found.filter(kind=kind)
    shown = list(found.order_by("-starts_on", "priority", "-code")[:PAGE])
    covered = coverage_of(shown)
    for one in shown:
        one.coverage = covered[one.pk]
    context = {
        "groups": [(words, [one for one in shown if one.state == state]) for state, words in GROUPS],
        "kinds": Round.Kind.choices,
        "kind": kind,
        "count": len(shown),
        "may_manage": request.actor.can(Right.MANAGE_PLACES),
        "may_compare": knows_record(request.actor),
    }
    return render(request, "inspections/rounds.html", context)


@require_safe
@needs(Right.READ_ALL)
def compare(request: HttpRequest) -> HttpResponse:
    """Rounds of measuring kinds side by side, oldest first: what each scored by type, and how that moved."""
    kind = request.GET.get("kind", Round.Kind.THIRD_PARTY)
    kind = kind if kind in COMPARED else Round.Kind.THIRD_PARTY
    latest = Round.objects.visible_to(request.actor).filter(kind=kind).exclude(state=Round.State.PLANNED)
    shown = results(list(latest.select_related("unit").order_by("-starts_on", "-code")[:MOST_COMPARED])[::-1])
    names = sorted({score.name for one in shown for score in one.by_type})
    context = {
        "kind": kind,
        "kinds": [(value, Round.Kind(value).label) for value in COMPARED],
        "results": shown,
        "table": [(name, [_score(one, name) for one in shown]) for name in names],
        "curve": _trend(shown),
    }
    return render(request, "inspections/round_compare.html", context)


def _score(result: Result, name: str) -> Any:
    return next((score for score in result.by_type if score.name == name), None)


def _trend(shown: list[Result]) -> list[dict[str, Any]]:
    """Points of the picture: x by order, y by the share won; rounds not judged yet have none."""
    judged = [one for one in shown if one.total.percent is not None]
    step = 300 / max(len(judged) - 1, 1)
    return [
        {"x": round(40 + step * number, 1), "y": round(100 - float(one.total.percent or 0) * 0.9, 1), "result": one}
        for number, one in enumerate(judged)
    ]


@needs(Right.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    today = request.actor.today
    initial = {"starts_on": today, "ends_on": today, "kind": request.GET.get("kind", Round.Kind.PATROL)}
    form = RoundForm(request.POST or None, campaign=request.campaign, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = deeds.plan_round(request.campaign, form.cleaned_data, by=request.user, now=clock.now(request.campaign))
        messages.success(request, f"已建好 {made.code}，接着加点位和人员。")
        return redirect(f"/rounds/{made.code}")
    return render(request, "inspections/round_form.html", {"form": form}, status=422 if form.errors else 200)


def round_of(request: HttpRequest, code: str, right: Right | None = None) -> Round:
    own = Right.READ if request.actor.can(Right.READ) else Right.INSPECT
    rows = Round.objects.select_related("campaign", "unit", "place_type", "area", "created_by")
    return access.get(request.actor, rows, right or own, code=code)


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    held = round_of(request, code)
    actor = request.actor
    is_member = actor.is_outsider or held.members.filter(user=request.user).exists()
    shows_results = knows_record(actor) or is_member
    listed = list(
        held.round_places.select_related("place__place_type", "place__owner").order_by("order", "id")[: PAGE * 5]
    )
    context = {
        "round": held,
        "result": results([held])[0],
        "shows_results": shows_results,
        "listed": listed,
        "members": held.members.select_related("user"),
        "may_manage": actor.can(Right.MANAGE_PLACES),
        "may_inspect": actor.can(Right.INSPECT),
        "people": _people(request, held) if actor.can(Right.MANAGE_PLACES) else [],
        "pool": deeds.pool(held).count() if actor.can(Right.MANAGE_PLACES) else 0,
        "entries": log.history(request.campaign, object_id=held.pk)[:12] if actor.can(Right.READ_LOG) else [],
    }
    return render(request, "inspections/round.html", context)


def _people(request: HttpRequest, held: Round) -> list[dict[str, Any]]:
    """Who may inspect, each with the team they are in."""
    roles = [role for role, rights in RIGHTS.items() if Right.INSPECT in rights]
    teams = {member.user_id: member.team for member in held.members.all()}
    posts = Membership.objects.filter(campaign=request.campaign, role__in=roles).current(today=request.actor.today)
    found = {}
    for post in posts.select_related("user", "unit").order_by("unit__order", "valid_from", "id"):
        found[post.user_id] = {
            "user": post.user,
            "unit": post.unit,
            "team": teams.get(post.user_id, ""),
            "is_in": post.user_id in teams,
        }
    return list(found.values())


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    held = round_of(request, code, Right.MANAGE_PLACES)
    form = RoundForm(request.POST or None, campaign=request.campaign, instance=held)
    if (
        request.method == "POST"
        and form.is_valid()
        and is_kept(request, form, deeds.change_round, round_of(request, code))
    ):
        messages.success(request, f"{held.name}已保存。")
        return redirect(f"/rounds/{code}")
    context = {"form": form, "round": held}
    return render(request, "inspections/round_form.html", context, status=422 if form.errors else 200)


@require_POST
def members(request: HttpRequest, code: str) -> HttpResponse:
    held = round_of(request, code, Right.MANAGE_PLACES)
    known = {str(person["user"].pk): person["user"].pk for person in _people(request, held)}
    chosen: dict[UUID, str] = {
        known[pk]: request.POST.get(f"team-{pk}", "").strip() for pk in request.POST.getlist("people") if pk in known
    }
    deeds.change_members(held, chosen, by=request.user, now=clock.now(request.campaign))
    messages.success(request, f"这一轮现在有 {len(chosen)} 人。")
    return redirect(f"/rounds/{code}")


@require_POST
def change_list(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that changes which places are on it: fill, draw, take off."""
    held = round_of(request, code, Right.MANAGE_PLACES)
    said = {"by": request.user, "now": clock.now(request.campaign)}
    try:
        words = _changed(request, held, said)
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
    else:
        messages.success(request, words)
    return redirect(f"/rounds/{code}")


def _changed(request: HttpRequest, held: Round, said: dict[str, Any]) -> str:
    do = request.POST.get("do", "")
    if do == "fill":
        return f"已加入 {deeds.fill(held, **said)} 个点位。"
    if do == "draw":
        count = request.POST.get("count", "")
        drawn = deeds.draw_places(
            held,
            int(count) if count.isdecimal() and len(count) < 6 else 0,
            is_by_type=request.POST.get("by_type") == "1",
            **said,
        )
        return f"抽出 {drawn} 个点位，种子和当时的名单已存下。"
    return f"移出 {deeds.remove_places(held, request.POST.getlist('codes'), **said)} 个还没查的点位。"


@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    held = round_of(request, code, Right.MANAGE_PLACES)
    step = request.POST.get("step", "")
    if step in deeds.STEPS:
        try:
            deeds.move_round(held, step, by=request.user, now=clock.now(request.campaign))
        except Refused as refused:
            messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
    return redirect(f"/rounds/{code}")


@require_GET
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """The lot run again from its seed and frozen list, in front of the reader."""
    held = round_of(request, code)
    proved = deeds.prove(held) if held.seed else None
    names = dict(PlaceType.objects.filter(campaign=request.campaign).values_list("code", "name"))
    lines = [asdict(line) | {"type_name": names.get(line.stratum, "不分类")} for line in proved.lines] if proved else []
    context = {"round": held, "proof": proved, "lines": lines[:PROVED]}
    return render(request, "inspections/round_proof.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_PLACES)
def add(request: HttpRequest) -> HttpResponse:
    """Places ticked in the list go onto a round not yet ended."""
    codes = request.POST.getlist("codes") or request.GET.getlist("codes")
    picked = list(Place.objects.visible_to(request.actor).active().filter(code__in=codes[:1000]).order_by("code"))
    open_rounds = Round.objects.visible_to(request.actor).exclude(state=Round.State.FINISHED)
    if request.method == "POST":
        held = round_of(request, request.POST.get("round", ""), Right.MANAGE_PLACES)
        try:
            count = deeds.add_places(held, picked, by=request.user, now=clock.now(request.campaign))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{count} 个点位排进了{held.name}。")
        return redirect(f"/rounds/{held.code}")
    return render(request, "inspections/round_add.html", {"places": picked, "rounds": open_rounds[:200]})
