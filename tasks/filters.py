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
f.late_closed       yes = something of it was closed after its limit
f.moved             yes = a limit of it was moved
f.counted_in        measures: 条,处; counts things of such a measure towards its target
f.silent            open, and nothing reported for this many days: 14
f.request           extension decline: such a request waits for the office
f.orphan            yes no: no unit answers for it
f.open_ended        yes no: units still to be named (等相关部门)
f.assumed           yes no: its limit is assumed, not written
f.measure           yes = has a target in figures; no = neither target nor rhythm
f.returned          yes no: returned by the office and not yet mended
f.recheck           any = closed and to be looked at again; late = that is overdue
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
from tasks.naming import KINDS, NO_NAMES, Names, names_of

#: Filters that reach beyond the plan.
OF_EVERY_KIND = {"f.kind", "f.code", "f.request"}


class Filters:
    """The filters of one list, read once: `Filters(params, actor).narrow(Task.objects.visible_to(actor))`."""

    def __init__(self, params: QueryDict | Mapping[str, str], actor: Actor, *, names: Names | None = None) -> None:
        self.given = only_filters(params)
        self.reading = Reading(
            actor=actor,
            roles=_words(self.given, "f.role"),
            has_units="f.unit" in self.given,
            names=names if names is not None else named(actor, self.given),
        )

    @cached_property
    def _read(self) -> tuple[list[Applied], dict[str, str]]:
        applied, mistakes = [], {}
        for name, text in self.given.items():
            try:
                applied.append(FIELDS[name].read(text, self.reading))
            except ValueError as error:
                mistakes[name] = f"筛选“{self.reading.label_of(FIELDS[name])}”：{error}"
        return applied, mistakes

    @property
    def applied(self) -> list[Applied]:
        """What is filtered by, readable."""
        return self._read[0]

    @property
    def mistakes(self) -> dict[str, str]:
        """One sentence for each parameter that cannot be read."""
        return self._read[1]

    def narrow(self, tasks: QuerySet) -> QuerySet:
        """The tasks that fit; none where a parameter cannot be read, so that nobody exports too much.

        Tasks of the plan, unless the filter names a kind, the tasks themselves, or what somebody asked for.
        """
        if self.mistakes:
            return tasks.none()
        if not self.given.keys() & OF_EVERY_KIND:
            tasks = tasks.filter(kind=Task.Kind.PLAN)
        for one in self.applied:
            tasks = tasks.filter(one.condition)
        return tasks


class LedgerForm(forms.Form):
    """Holds the words as given; each wrong one gets its own sentence."""

    filters: Filters

    def clean(self) -> dict[str, Any]:
        for name, sentence in self.filters.mistakes.items():
            self.add_error(name, sentence)
        return self.cleaned_data


class LedgerFilter(django_filters.FilterSet):
    """The same for the API, whose filters name themselves in its schema."""

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
        self.reader = Filters(data or {}, actor if actor is not None else request.actor)
        super().__init__(self.reader.given, queryset, request=request, prefix=prefix)

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        return {name: django_filters.CharFilter(label=field.label) for name, field in FIELDS.items()}

    @property
    def form(self) -> LedgerForm:
        form = super().form
        form.filters = self.reader
        return form

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self.reader.narrow(queryset)


def _words(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word for text in given.get(name, "").split(",") if (word := text.strip().removeprefix("!")))


def named(actor: Actor, *filters: Mapping[str, str]) -> Names:
    """Every program, project and unit that these filters name, by one query."""
    wanted = {kind: {word for given in filters for word in _words(given, f"f.{kind}")} for kind in KINDS}
    return names_of(actor.campaign, wanted) if actor.campaign is not None else NO_NAMES


def only_filters(params: QueryDict | Mapping[str, str]) -> dict[str, str]:
    """The filters of a query string, in the registry's order; a name given several times is one list.

    `not=f.lamp` is how a form's check box says the leading `!`.
    """
    found = {}
    turned = params.getlist("not") if isinstance(params, QueryDict) else []
    for name in FIELDS:
        given = params.getlist(name) if isinstance(params, QueryDict) else [params.get(name, "")]
        # PostgreSQL stores no null character: one in a filter fits nothing and is left out
        text = ",".join(part for text in given if (part := text.replace("\x00", "").strip()))
        if text:
            found[name] = f"!{text.removeprefix('!')}" if name in turned else text
    return found
