"""S1: whatever the parameters, a list never shows a row of somebody else's."""

import datetime as dt

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks import exporting
from tasks.columns import COLUMNS
from tasks.filtering import FIELDS
from tasks.grouping import GROUPINGS
from tasks.ledger import Ledger, read_state, views_of
from tasks.models import Milestone, Task
from tasks.rows import page_of
from tasks.summary import refresh

VALUES = [
    "overdue", "!done", "todo,doing,soon", "yes", "no", "lead", "primary", "any", "none", "2019-09", "this-month",
    "2019-01-01..", "mine", "区交通支队", "区城市管理委", "02", "02-02", "unclosed", "open,submitted", "plan", "monthly",
    "1", "14", "交通", "qsd", "02-02-01,02-02-05", "ensure", "extension", "!02", "事",
]  # fmt: skip


@pytest.fixture
def mixed(make_task, police, city, street):
    """Twelve tasks of three units in every state; 城市管理委 has a duty in four of them."""
    for n, unit in enumerate([police, city, street] * 4, 1):
        freq = "monthly" if n % 4 == 0 else ""
        task = make_task(f"02-02-{n:02d}", f"第{n}件交通事", unit=unit, due_on=dt.date(2019, 8 + n % 4, n), freq=freq)
        state = list(Milestone.State)[n % 4]
        task.milestones.update(state=state, closed_on=dt.date(2019, 9, 1) if state == "done" else None)
        refresh([task.pk])


params = st.fixed_dictionaries(
    {},
    optional={name: st.sampled_from(VALUES) for name in FIELDS}
    | {
        "view": st.sampled_from(["open", "all", "month", "late", "measured", "x"]),
        "group": st.sampled_from([*GROUPINGS, "none", "x"]),
        "sort": st.sampled_from([*COLUMNS, "x"]),
        "dir": st.sampled_from(["asc", "desc"]),
        "page": st.sampled_from(["1", "2", "-1", "x"]),
        "cols": st.sampled_from(["", "code,urged,program,project", "x"]),
    },
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_params=params)
def test_lists_counts_and_exports_never_hold_a_foreign_row(mixed, actor, stranger, given_params):
    reader = actor(stranger)
    own = set(Task.objects.filter(assignments__unit__in=reader.unit_ids).values_list("code", flat=True))
    query = QueryDict(mutable=True)
    query.update(given_params)
    views = views_of(reader)
    ledger = Ledger(read_state(query, views, stranger), reader, views)
    page = page_of(ledger, number=ledger.state.page)
    assert {row.task.code for row in page.rows} <= own
    assert all(count.value <= len(own) for count in ledger.counts.values())
    exported = {line[1] for line in exporting.lines(ledger.ordered, reader)}
    assert exported <= own
    assert len(exported) == ledger.total.value
