"""People and posts: registering, appointing, inviting by link, handing over, ending, closing accounts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, clock, handover, invitations, log, people, personal_data
from campaign.access import Right
from campaign.forms import EndForm, HandoverForm, NewPersonForm, PersonForm, PostForm
from campaign.models import Membership, Unit, User
from campaign.problems import Refused

POSTS = Membership.objects.select_related("user", "unit", "campaign")


def _post(request: HttpRequest, pk: str) -> Membership:
    return access.get(request.actor, POSTS.all(), Right.MANAGE_PEOPLE, pk=pk)


def _person(request: HttpRequest, pk: str) -> User:
    """Somebody who holds or held a post in this campaign."""
    return access.get(request.actor, POSTS.all(), Right.MANAGE_PEOPLE, user=pk).user


def _deed(request: HttpRequest) -> dict[str, Any]:
    """Who and when, as every deed asks it."""
    return {"by": request.user, "now": clock.now(request.campaign)}


def _show(form: Any, refused: Refused) -> None:
    for problem in refused.problems:
        form.add_error(problem.where if problem.where in form.fields else None, problem.message + problem.mend)


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest, pk: str) -> HttpResponse:
    """A new person of a unit, their post, and the link to hand them."""
    unit = access.get(request.actor, Unit.objects.all(), Right.MANAGE_PEOPLE, pk=pk)
    form = NewPersonForm(request.POST or None, initial={"from_on": request.actor.today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        membership = people.enlist(unit, **data, **_deed(request))
        return _invited(request, membership)
    return render(request, "campaign/person_form.html", {"form": form, "unit": unit})


@require_safe
def person(request: HttpRequest, pk: str) -> HttpResponse:
    user = _person(request, pk)
    posts = POSTS.filter(campaign=request.campaign, user=user).order_by("-valid_from")
    context = {
        "person": user,
        "posts": posts,
        "form": PersonForm(initial={"name": user.name, "phone": user.phone, "email": user.email}),
        "has_entered": user.has_usable_password(),
        "current": next((post for post in posts if post.is_held(today=request.actor.today)), None),
        "entries": log.history(request.campaign).filter(by=user)[:10],
    }
    return render(request, "campaign/person.html", context)


@require_POST
def person_edit(request: HttpRequest, pk: str) -> HttpResponse:
    user = _person(request, pk)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, "campaign/person_edit.html", {"person": user, "form": form})
    try:
        people.change(user, request.campaign, form.cleaned_data, today=request.actor.today, **_deed(request))
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
    else:
        messages.success(request, f"{user}的资料已保存。")
    return redirect(f"/people/{user.pk}")


@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, pk: str) -> HttpResponse:
    """Another post for somebody already known, in any unit."""
    user = _person(request, pk)
    units = Unit.objects.visible_to(request.actor).active().in_order()
    form = PostForm(request.POST or None, units=units, initial={"from_on": request.actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            membership = people.appoint(user, **form.cleaned_data, **_deed(request))
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(
                request, f"{user}自 {membership.valid_from} 起任{membership.unit}{membership.get_post_display()}。"
            )
            return redirect(f"/people/{user.pk}")
    return render(request, "campaign/post_form.html", {"form": form, "person": user})


@never_cache
@require_POST
def invite(request: HttpRequest, pk: str) -> HttpResponse:
    return _invited(request, _post(request, pk))


def _invited(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The link stands in this answer only; asking again makes a new one and ends this."""
    if not membership.user.is_active:
        messages.error(request, f"{membership.user}的账号已停用，请先启用再邀请。")
        return redirect(f"/people/{membership.user_id}")
    try:
        invited = invitations.invite(membership, real_now=clock.now(), **_deed(request))
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
        return redirect(f"/people/{membership.user_id}")
    return render(request, "campaign/invited.html", {"invited": invited, "membership": membership})


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: str) -> HttpResponse:
    membership = _post(request, pk)
    today = request.actor.today
    candidates = User.objects.filter(memberships__campaign=request.campaign, is_active=True).exclude(
        pk=membership.user_id
    )
    candidates = candidates.filter(memberships__unit=membership.unit).distinct().order_by("name")
    form = HandoverForm(request.POST or None, candidates=candidates, initial={"from_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            done = handover.to_known_or_new(membership, form.cleaned_data, today=today, **_deed(request))
        except Refused as refused:
            _show(form, refused)
        else:
            return _handed_over(request, done)
    work = handover.open_work(membership.unit, today=today)
    overdue = sum(item.lamp == "overdue" for item in work)
    context = {"form": form, "membership": membership, "work_count": len(work), "overdue_count": overdue}
    return render(request, "campaign/handover.html", context)


def _handed_over(request: HttpRequest, done: handover.Handover) -> HttpResponse:
    who, day = done.after.user, done.after.valid_from
    drafts = f"，{done.passed['drafts']} 份草稿一并转交" if done.passed.get("drafts") else ""
    messages.success(request, f"{done.after.unit}{done.after.get_post_display()}自 {day} 起是{who}{drafts}。")
    if who.has_usable_password():
        return redirect(f"/units/{done.after.unit_id}")
    return _invited(request, done.after)


@require_http_methods(["GET", "POST"])
def post_end(request: HttpRequest, pk: str) -> HttpResponse:
    membership = _post(request, pk)
    form = EndForm(request.POST or None, initial={"last_day": request.actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            people.end_post(membership, **form.cleaned_data, **_deed(request))
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, f"{membership}到 {membership.valid_to} 止。")
            return redirect(f"/units/{membership.unit_id}")
    return render(request, "campaign/post_end.html", {"form": form, "membership": membership})


@require_POST
def disable(request: HttpRequest, pk: str) -> HttpResponse:
    user = _person(request, pk)
    try:
        people.disable(user, request.campaign, today=request.actor.today, **_deed(request))
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
    else:
        messages.success(request, f"{user}的账号已停用，登录和令牌马上失效。")
    return redirect(f"/people/{user.pk}")


@require_safe
def data(request: HttpRequest, pk: str) -> HttpResponse:
    """All that is held of the person, as one file."""
    user = _person(request, pk)
    return personal_data_of(request, user, personal_data.export_of(user, request.campaign))


def personal_data_of(request: HttpRequest, user: User, content: bytes) -> HttpResponse:
    if request.campaign is not None:
        log.write(request.campaign, "data_exported", data={"person": str(user)}, **_deed(request))
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{user.name}的个人数据.json"
    )
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def forget(request: HttpRequest, pk: str) -> HttpResponse:
    user = _person(request, pk)
    name = user.name
    try:
        personal_data.forget(user, request.campaign, **_deed(request))
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
    else:
        messages.success(request, f"{name}已注销：姓名、账号、电话和邮箱已抹去，填报和核验的记录保留。")
    return redirect(f"/people/{user.pk}")


@require_POST
def enable(request: HttpRequest, pk: str) -> HttpResponse:
    user = _person(request, pk)
    people.enable(user, request.campaign, **_deed(request))
    messages.success(request, f"{user}的账号已启用，请重新安排岗位。")
    return redirect(f"/people/{user.pk}")
