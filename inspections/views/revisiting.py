"""The inspector's re-check list and one re-check: look, shoot, say."""

import hashlib
import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaign import access, clock
from campaign.access import Right
from campaign.attachments import Upload
from campaign.problems import Refused
from inspections.answering import milestone_of
from inspections.models import Finding, Photo
from inspections.photos import MOST_BYTES, Shot, objections, of_finding, take_photo
from inspections.rechecking import REASONS, pair_of, why_not
from inspections.revisiting import Looked, revisit, to_revisit, version_of


@require_safe
@access.needs(Right.INSPECT)
def rechecks(request: HttpRequest) -> HttpResponse:
    return render(request, "inspections/patrol_rechecks.html", {"findings": to_revisit(request.actor)})


@require_http_methods(["GET", "POST"])
@access.needs(Right.INSPECT)
def recheck(request: HttpRequest, code: str) -> HttpResponse:
    rows = Finding.objects.select_related("campaign", "place", "item__checklist", "unit", "area")
    row = access.get(request.actor, rows, Right.INSPECT, code=code)
    if request.method == "POST":
        return _take(request, row)
    return _page(request, row)


def _page(request: HttpRequest, row: Finding, *, problems: tuple[Any, ...] = (), status: int = 200) -> HttpResponse:
    milestone = milestone_of(row) if row.task_id else None
    is_open = row.stage in (Finding.Stage.RECHECK, Finding.Stage.CLOSED) and row.rechecked_on is None
    context = {
        "finding": row,
        "pair": pair_of(row),
        "version": version_of(row),
        "reasons": REASONS,
        "reason": why_not(request.actor, row, milestone if row.stage == Finding.Stage.RECHECK else None),
        "is_open": is_open,
        "token": str(uuid4()),
        "problems": problems,
    }
    return render(request, "inspections/patrol_recheck.html", context, status=status)


def _take(request: HttpRequest, row: Finding) -> HttpResponse:
    data, now = request.POST, clock.now(request.campaign)
    token, is_mended = data.get("token", "")[:40], data.get("deed") == "mended"
    version = int(data["version"]) if data.get("version", "").isdecimal() else 0
    is_relapse = row.stage == Finding.Stage.CLOSED and not version and not is_mended
    shots = [
        Shot(
            client_id=f"{token}.p{number}",
            upload=Upload.read(file, file.name or "", limit=MOST_BYTES),
            visit_key=token,
            finding_key=f"{token}.1" if is_relapse else of_finding(row.code),
            moment=Photo.Moment.BEFORE if is_relapse else Photo.Moment.CONTEXT,
        )
        for number, file in enumerate(request.FILES.getlist("photo"), 1)
        if file.size
    ]
    said = [token, is_mended, data.get("note", ""), [shot.sha256 for shot in shots]]
    looked = Looked(
        client_id=token,
        at=now,
        is_mended=is_mended,
        version=version,
        note=data.get("note", ""),
        photos=tuple(shot.client_id for shot in shots),
        sha256=hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest(),
    )
    try:
        wrong = [problem for shot in shots for problem in objections(shot)]
        if wrong:
            raise Refused(*wrong)
        if request.actor.is_outsider:
            access.require(request.actor, Right.READ)
        revisit(row, looked, by=request.user, now=now)
        for shot in shots:
            take_photo(request.campaign, shot, by=request.user, now=now)
    except Refused as refusal:
        row.refresh_from_db()
        return _page(request, row, problems=refusal.problems, status=422)
    messages.success(request, f"已存：{row.code} {'已整改' if is_mended else '未整改'}")
    return redirect("patrol-rechecks")
