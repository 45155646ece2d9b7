"""Base registers: the list of them with known and stated totals, one register, filling it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count as CountRows
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, clock
from campaign.access import Right, needs
from campaign.attachments import Upload
from campaign.forms import Plain
from campaign.models import Campaign, Unit
from campaign.problems import Problem, Refused
from campaign.revising import revise
from inspections.models import Place, Register, RegisterEntry, RegisterVersion
from inspections.registers import fill_register, open_register
from inspections.views.places import show

SHOWN = 500


class RegisterForm(Plain, forms.Form):
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    unit = forms.ModelChoiceField(
        label="登记单位", queryset=Unit.objects.none(), required=False, empty_label="（未定）"
    )
    stated_total = forms.IntegerField(
        label="应有总数", required=False, min_value=0, max_value=1_000_000, help_text="还在摸底就空着。"
    )

    def __init__(self, *args: object, campaign: Campaign, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(campaign=campaign, is_active=True).in_order()


@require_http_methods(["GET", "POST"])
@needs(Right.READ)
def registers(request: HttpRequest) -> HttpResponse:
    may_manage = request.actor.can(Right.MANAGE_PLACES)
    form = RegisterForm(request.POST or None, campaign=request.campaign)
    if request.method == "POST":
        access.require(request.actor, Right.MANAGE_PLACES)
        if form.is_valid():
            try:
                made = open_register(
                    request.campaign, **form.cleaned_data, by=request.user, now=clock.now(request.campaign)
                )
            except Refused as refused:
                show(form, refused)
            else:
                messages.success(request, f"已建好“{made.name}”，接着导入底数。")
                return redirect(f"/sites/registers/{made.pk}")
    rows = Register.objects.visible_to(request.actor).select_related("unit", "task")
    context = {
        "registers": rows.annotate(known=CountRows("entries"), left=F("stated_total") - CountRows("entries")),
        "form": form,
        "may_manage": may_manage,
    }
    return render(request, "inspections/registers.html", context, status=422 if form.errors else 200)


def register_of(request: HttpRequest, pk: UUID, right: Right = Right.READ) -> Register:
    return access.get(request.actor, Register.objects.select_related("unit", "task", "campaign"), right, pk=pk)


@require_safe
def register(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its rows now; `?version=1` what it held before it was filled anew."""
    held = register_of(request, pk)
    versions = list(held.versions.defer("entries").select_related("replaced_by"))
    asked = request.GET.get("version", "")
    earlier = next((one for one in versions if str(one.number) == asked), None)
    if asked and earlier is None:
        raise Http404("没有这一版台账。")
    known = len(earlier.entries) if earlier else held.entries.count()
    context = {
        "register": held,
        "versions": versions,
        "earlier": earlier,
        "columns": earlier.columns if earlier else held.columns,
        "entries": _entries_of(earlier) if earlier else held.entries.select_related("place")[:SHOWN],
        "known": known,
        "left": None if held.stated_total is None else held.stated_total - known,
        "may_manage": request.actor.can(Right.MANAGE_PLACES) and earlier is None,
    }
    return render(request, "inspections/register.html", context)


def _entries_of(version: RegisterVersion) -> list[RegisterEntry]:
    """As rows of the list, in hand only."""
    places = Place.objects.in_bulk([UUID(entry["place"]) for entry in version.entries[:SHOWN] if entry["place"]])
    return [
        RegisterEntry(
            order=number, values=entry["values"], place=places.get(UUID(entry["place"])) if entry["place"] else None
        )
        for number, entry in enumerate(version.entries[:SHOWN], 1)
    ]


@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring in its rows, or say how many there should be."""
    held = register_of(request, pk, Right.MANAGE_PLACES)
    now = clock.now(request.campaign)
    total = request.POST.get("stated_total")
    try:
        if total is not None:
            if total and not (total.isdecimal() and len(total) < 8):
                raise Refused(Problem("total", "应有总数要写成数字。"))
            revise(held, {"stated_total": int(total) if total else None}, by=request.user, now=now)
            messages.success(request, "应有总数已记下。")
        else:
            file = request.FILES.get("file")
            if file is None:
                raise Refused(Problem("no_file", "没有选择文件。"))
            count = fill_register(held, Upload.read(file, file.name).content, by=request.user, now=now)
            messages.success(request, f"{held.name}现在有 {count} 处。")
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
    return redirect(f"/sites/registers/{pk}")
