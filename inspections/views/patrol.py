"""The inspector's phone: shoot first, tile, submit; or the checklist of a place. Without scripts these are plain forms."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, attachments, clock, log
from campaign.access import Right
from campaign.attachments import Upload
from campaign.problems import Problem, Refused
from campaign.serving import file_answer
from inspections import patrolling, tiles
from inspections.models import Checklist, Finding, Photo, Place, Round, Visit
from inspections.photos import MOST_BYTES, Shot, objections, shown_to, take_photo
from inspections.recording import Failing, Judged, Seen, record_visit
from inspections.revisiting import to_revisit
from inspections.withdrawing import withdraw

#: Drawn once in the page; the script sets them when another type of place has other tiles.
ICONS = sorted({*tiles.ICONS.values(), tiles.OTHER_ICON, tiles.UNKNOWN_ICON})


@require_http_methods(["GET", "POST"])
@access.needs(Right.INSPECT)
def patrol(request: HttpRequest) -> HttpResponse:
    """The inspector's landing page. POST files one finding, or that a place is fine, in one go."""
    if request.method == "POST":
        return _take(request)
    return _home(request)


def _home(request: HttpRequest, *, problems: tuple[Any, ...] = (), status: int = 200) -> HttpResponse:
    actor = request.actor
    stops = patrolling.route(actor)
    place = _place(request, stops)
    kind = next(iter(patrolling.types(actor, only={place.place_type_id}).values()), None) if place else None
    unit = (place.owner or place.street) if place else None
    context = {
        "place": place,
        "last": patrolling.last_words(place, actor) if place else "",
        "unit": (unit.short_name or unit.name) if unit else "",
        "kind": kind,
        "tiles": kind["tiles"] if kind else [patrolling.tile_fields(tile) for tile in patrolling.common_tiles(actor)],
        "round": next((stop.round.code for stop in stops if place and stop.place.pk == place.pk), ""),
        "stops": len(stops),
        "seen": sum(stop.is_visited for stop in stops),
        "token": str(uuid4()),
        "problems": problems,
        "typed": request.POST,
        "icons": ICONS,
    }
    return render(request, "inspections/patrol.html", context, status=status)


def _place(request: HttpRequest, stops: list[patrolling.Stop]) -> Place | None:
    """The one named, else the next of today's route, else where one was last."""
    code = request.POST.get("place") or request.GET.get("site")
    if code:
        return access.get(request.actor, patrolling.places(request.actor), Right.INSPECT, code=code)
    left = next((stop.place for stop in stops if not stop.is_visited), None)
    if left is not None:
        return left
    mine = Visit.objects.visible_to(request.actor).filter(by=request.user).exclude(place=None)
    last = mine.order_by("-at").values_list("place", flat=True).first()
    return patrolling.places(request.actor).filter(pk=last).first() if last else None


def _round(request: HttpRequest) -> Round | None:
    code = request.POST.get("round", "")
    return access.get(request.actor, Round.objects.all(), Right.INSPECT, code=code) if code else None


def _take(request: HttpRequest) -> HttpResponse:
    """One finding with its pictures, or 合格, from the plain form."""
    data = request.POST
    place = _place(request, []) if data.get("place") else None
    token = data.get("token", "")[:40]
    is_fine = data.get("deed") == "fine"
    shots = [] if is_fine else _shots(request, "photo", token, f"{token}.1")
    after = [] if is_fine else _shots(request, "after", token, f"{token}.1", moment=Photo.Moment.AFTER)
    shots += after
    failing = Failing(
        client_id=f"{token}.1",
        tile=data.get("tile", "")[:16] or tiles.OTHER,
        text=data.get("text", ""),
        where=data.get("where", ""),
        photos=tuple(shot.client_id for shot in shots),
        is_on_spot=bool(after),
        mended_by=data.get("mended_by", ""),
    )
    seen = Seen(
        client_id=token,
        at=clock.now(request.campaign),
        place=place,
        round=_round(request),
        is_fine=is_fine,
        failings=() if is_fine else (failing,),
        source=_source(request),
        sha256=_digest(request, shots),
    )
    try:
        _keep(request, seen, shots)
    except Refused as refusal:
        return _home(request, problems=refusal.problems, status=422)
    messages.success(request, f"已存：{place or failing.where} {'合格' if is_fine else failing.words}")
    return redirect(f"/patrol?site={place.code}" if place else "/patrol")


def _source(request: HttpRequest) -> str:
    return Finding.Source.THIRD_PARTY if request.actor.is_outsider else Finding.Source.PATROL


def _shots(
    request: HttpRequest, field: str, visit: str, finding: str, *, moment: str = Photo.Moment.BEFORE
) -> list[Shot]:
    files = [file for file in request.FILES.getlist(field) if file.size]
    return [
        Shot(
            client_id=f"{finding}.{'a' if moment == Photo.Moment.AFTER else ''}{number}",
            upload=Upload.read(file, file.name or "", limit=MOST_BYTES),
            visit_key=visit,
            finding_key=finding,
            moment=moment,
        )
        for number, file in enumerate(files, 1)
    ]


def _digest(request: HttpRequest, shots: list[Shot]) -> str:
    said = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    text = json.dumps([said, [shot.sha256 for shot in shots]], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _keep(request: HttpRequest, seen: Seen, shots: list[Shot]) -> None:
    """Pictures are looked at before anything is written, so that a bad one does not leave half a record."""
    wrong = [problem for shot in shots for problem in objections(shot)]
    if seen.place is None and request.actor.is_outsider:
        wrong.append(Problem("place_needed", "请选本轮次的点位。", where="place"))
    if wrong:
        raise Refused(*wrong)
    now = clock.now(request.campaign)
    record_visit(request.campaign, seen, by=request.user, now=now)
    for shot in shots:
        take_photo(request.campaign, shot, by=request.user, now=now)


@require_http_methods(["GET", "POST"])
@access.needs(Right.INSPECT)
def new(request: HttpRequest) -> HttpResponse:
    """The checklist of a place, with what was found last time. The QR code of a place leads here."""
    code = request.POST.get("place") or request.GET.get("site", "")
    place = access.get(request.actor, patrolling.places(request.actor), Right.INSPECT, code=code)
    checklist = patrolling.checklist_of(request.actor, place)
    if checklist is None:
        messages.error(request, f"“{place.place_type}”还没有检查表，请先拍照报问题。")
        return redirect(f"/patrol?site={place.code}")
    if request.method == "POST":
        return _take_checklist(request, place, checklist)
    return _checklist(request, place, checklist)


def _checklist(
    request: HttpRequest, place: Place, checklist: Checklist, *, problems: tuple[Any, ...] = (), status: int = 200
) -> HttpResponse:
    rows = patrolling.rows(request.actor, place, checklist)
    groups: dict[str, int] = {}
    for row in rows:
        groups[row.item.tile] = groups.get(row.item.tile, 0) + 1
    stops = patrolling.route(request.actor)
    context = {
        "place": place,
        "checklist": checklist,
        "rows": rows,
        "groups": sorted(groups.items(), key=lambda pair: -pair[1]),
        "hot": sum(row.is_hot for row in rows),
        "round": next((stop.round.code for stop in stops if stop.place.pk == place.pk), ""),
        "token": str(uuid4()),
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "inspections/patrol_checklist.html", context, status=status)


def _take_checklist(request: HttpRequest, place: Place, checklist: Checklist) -> HttpResponse:
    token = request.POST.get("token", "")[:40]
    answers, failings, shots = [], [], []
    for number, item in enumerate(checklist.items.select_related("checklist").order_by("order", "code"), 1):
        verdict = request.POST.get(f"v-{item.pk}", "")
        if verdict not in {"pass", "fail", "skip"}:
            continue
        note = request.POST.get(f"n-{item.pk}", "")
        answers.append(Judged(item=item, verdict=verdict, note=note))
        if verdict == "fail":
            failing, mine = _failing(request, item, token, f"{token}.{number}", note)
            failings.append(failing)
            shots += mine
    seen = Seen(
        client_id=token,
        at=clock.now(request.campaign),
        place=place,
        round=_round(request),
        checklist=checklist,
        answers=tuple(answers),
        failings=tuple(failings),
        source=_source(request),
        sha256=_digest(request, shots),
    )
    try:
        _keep(request, seen, shots)
    except Refused as refusal:
        return _checklist(request, place, checklist, problems=refusal.problems, status=422)
    messages.success(request, f"已存：{place} 查了 {len(answers)} 项，{len(failings)} 项不合格")
    return redirect(f"/patrol?site={place.code}")


def _failing(request: HttpRequest, item: Any, token: str, key: str, note: str) -> tuple[Failing, list[Shot]]:
    """A failed item with its pictures; one of how it was put right makes it 立行立改."""
    before = _shots(request, f"p-{item.pk}", token, key)
    after = _shots(request, f"a-{item.pk}", token, key, moment=Photo.Moment.AFTER)
    failing = Failing(
        client_id=key,
        tile=item.tile,
        text=note,
        item=item,
        photos=tuple(shot.client_id for shot in (*before, *after)),
        is_on_spot=bool(after),
        mended_by=request.POST.get(f"m-{item.pk}", ""),
    )
    return failing, [*before, *after]


def is_on_phone(request: HttpRequest) -> bool:
    """As the browser says of itself; a wrong guess shows another page of the same place."""
    return request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobile" in request.headers.get("User-Agent", "")


@require_safe
@access.needs(Right.INSPECT)
def records(request: HttpRequest) -> HttpResponse:
    """What one has filed: first what is still on the phone (drawn by script), then what the server has."""
    return render(
        request,
        "inspections/patrol_records.html",
        {"kept": patrolling.kept(request.actor, now=clock.now(request.campaign))},
    )


@require_POST
@access.needs(Right.INSPECT)
def take_back(request: HttpRequest) -> HttpResponse:
    """撤销合格, for who has no toast to press: from one's own records, within the same minutes."""
    visit = access.get(request.actor, Visit.objects.all(), Right.INSPECT, client_id=request.POST.get("visit", ""))
    now = clock.now(request.campaign)
    try:
        withdraw(visit, by=request.user, at=now, now=now)
    except Refused as refusal:
        messages.error(request, " ".join(f"{problem.message}{problem.mend}" for problem in refusal.problems))
    else:
        messages.success(request, f"已撤销：{visit} 合格")
    return redirect("patrol-records")


@require_safe
@access.needs(Right.INSPECT)
def route(request: HttpRequest) -> HttpResponse:
    stops = patrolling.route(request.actor)
    context = {
        "stops": stops,
        "rechecks": len(to_revisit(request.actor)),
        "seen": sum(stop.is_visited for stop in stops),
    }
    return render(request, "inspections/patrol_route.html", context)


@require_safe
@access.needs(Right.INSPECT)
def choose(request: HttpRequest) -> HttpResponse:
    """Places by name, number or 拼音首字母: a list of links, and JSON for the page that asks by script."""
    text = request.GET.get("q", "").strip().lower()[:40]
    found = patrolling.places(request.actor)
    if text:
        found = found.filter(Q(search_text__contains=text) | Q(code__iexact=text))
    rows = list(found.order_by("-is_key", "code")[:30])
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"places": [patrolling.carried(place, request.actor) for place in rows]})
    said = [(place, patrolling.last_words(place, request.actor)) for place in rows]
    return render(request, "inspections/patrol_places.html", {"places": said, "q": text})


@require_safe
@access.needs(Right.INSPECT)
def pack(request: HttpRequest) -> HttpResponse:
    """What the phone carries for a day without a signal."""
    return JsonResponse(patrolling.pack(request.actor) | {"rechecks": [row.code for row in to_revisit(request.actor)]})


@require_safe
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A picture leaves by the door of its visit or finding. `view` is thumb, shown (stamped) or original.

    The original may hold where it was taken in its own bytes: only who issues orders may open it, and it is logged.
    """
    rows = Photo.objects.select_related("attachment", "campaign", "by", "visit__place__street", "visit__round")
    found = access.get(request.actor, rows.select_related("finding__place__street"), _reading(request), pk=pk)
    view = request.GET.get("view", "shown")
    if view == "original":
        access.require(request.actor, Right.ORDER)
        log.write(found, "original_read", by=request.user, now=clock.now(request.campaign))
        path, kind = found.attachment.file, found.attachment.content_type
    else:
        path, kind = (found.attachment.thumb if view == "thumb" else shown_to(request.actor, found)), "image/jpeg"
    try:
        content = attachments.read(path)
    except FileNotFoundError as error:
        raise Http404("照片不在存储里，请与创建办联系。") from error
    response = file_answer(content, name=f"{found.pk}.jpg", content_type=kind)
    response.headers["Cache-Control"] = "private, no-cache" if view == "original" else "private, max-age=86400"
    return response


def _reading(request: HttpRequest) -> Right:
    return Right.READ if request.actor.can(Right.READ) else Right.INSPECT
