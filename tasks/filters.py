"""The ledger's filters: one registry for page, counts, export, API, saved views and the links of briefings.

Between parameters AND, within one (comma) OR; a leading `!` turns a list of choices round (`f.lamp=!done`).

parameter           values
q                   words or 拼音首字母 of code, title, units; every word must be found
f.code              codes: 02-01-01,02-02-02
f.program           codes of programs: 02,04
f.project           codes of projects: 02-02
f.unit              ids or names of units with a duty in the task; `mine` = the reader's own
f.role              lead primary responsible support: narrows f.unit to these duties; alone: such a duty is filled
f.lamp              todo doing soon overdue review done waived returned
f.state             open submitted done waived; `unclosed` = open or submitted
f.kind              plan rectification material
f.freq              daily … yearly; `any` = recurring, `none` = not recurring
f.strength          ensure strive start advance
f.due               limit (the next while open): days, see below; `none` = no limit
f.milestone_due     some open milestone with a written limit in these days
f.milestone_closed  some milestone closed in these days
f.closed_from       task closed on or after: 2019-09-01
f.closed_to         task closed on or before
f.reported          a unit reported in these days
f.silent            open, and nothing reported for this many days: 14
f.request           extension decline: such a request waits for the office
f.orphan            yes no: no unit answers for it
f.open_ended        yes no: units still to be named (等相关部门)
f.assumed           yes no: its limit is assumed, not written
f.measure           yes = has a target in figures; no = neither target nor rhythm
f.returned          yes no: returned by the office and not yet mended
f.key               yes no: 重点督办
f.evidence          yes no: any evidence
f.batch             id of an import

Days: 2019-09 (month), 2019-W39 (week), 2019-09-24, 2019-09-01..2019-09-30 (either end may be left out),
this-month next-month this-week next-week last-week.

What else stands in the ledger's URL (`view group sort dir cols page`) is read by tasks/ledger.py.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from campaign.access import Actor
from tasks.filtering import FIELDS, Applied, Reading
from tasks.models import Task


class LedgerForm(forms.Form):
    """Holds the words as given; `clean` reads them all, so that each wrong one gets its own sentence."""

    reading: Reading

    def clean(self) -> dict[str, Any]:
        applied = []
        for name, field in FIELDS.items():
            text = (self.cleaned_data.get(name) or "").strip()
            if not text:
                continue
            try:
                applied.append(field.read(text, self.reading))
            except ValueError as error:
                self.add_error(name, f"筛选“{self.reading.label_of(field)}”：{error}")
        self.cleaned_data["applied"] = applied
        return self.cleaned_data


class LedgerFilter(django_filters.FilterSet):
    """`LedgerFilter(params, Task.objects.visible_to(actor), actor=actor).qs`; the API hands over `request` instead."""

    class Meta:
        model = Task
        fields: list[str] = []
        form = LedgerForm

    def __init__(
        self,
        data: QueryDict | Mapping[str, str] | None = None,
        queryset: QuerySet | None = None,
        *,
        request: HttpRequest | None = None,
        actor: Actor | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(only_filters(data) if data else {}, queryset, request=request, prefix=prefix)
        self.actor: Actor = actor if actor is not None else request.actor  # type: ignore[union-attr]

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        return {name: django_filters.CharFilter(label=field.label) for name, field in FIELDS.items()}

    @property
    def form(self) -> LedgerForm:
        form = super().form
        words = {name: tuple(text for text in given.split(",") if text) for name, given in self.data.items()}
        form.reading = Reading(
            actor=self.actor,
            roles=words.get("f.role", ()),
            has_units="f.unit" in words,
            wanted={kind: _bare(words.get(f"f.{kind}", ())) for kind in ("program", "project", "unit")},
        )
        return form

    @cached_property
    def applied(self) -> list[Applied]:
        """What is filtered by, readable; empty when the parameters cannot be read."""
        return self.form.cleaned_data["applied"] if self.form.is_valid() else []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for applied in self.applied:
            queryset = queryset.filter(applied.condition)
        return queryset

    @property
    def mistakes(self) -> list[str]:
        """One sentence for each parameter that cannot be read."""
        return [str(sentence) for sentences in self.form.errors.values() for sentence in sentences]

    def ledger_rows(self) -> QuerySet:
        """The tasks that fit; none where a parameter cannot be read, so that nobody exports too much."""
        return self.qs if not self.form.errors else self.queryset.none()


def _bare(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.strip().removeprefix("!") for value in values)


def only_filters(params: QueryDict | Mapping[str, str]) -> dict[str, str]:
    """The filters of a query string, in the registry's order; a name given several times is one list.

    `not=f.lamp` is how a form's check box says the leading `!`.
    """
    found = {}
    turned = params.getlist("not") if isinstance(params, QueryDict) else []
    for name in FIELDS:
        given = params.getlist(name) if isinstance(params, QueryDict) else [params.get(name, "")]
        text = ",".join(part.strip() for part in given if part.strip())
        if text:
            found[name] = f"!{text.removeprefix('!')}" if name in turned else text
    return found
