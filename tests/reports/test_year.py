"""年度总结: what the year adds up to, said honestly, linked to its records, frozen and numbered once."""

import datetime as dt
import re

import pytest

from reports import briefing as deeds
from reports import yearfacts, yearwording
from reports.facts import Figure
from reports.kinds import of
from reports.models import Briefing, Document, Practice
from reports.yearfacts import YearFacts
from tasks import summary
from tasks.models import DeadlineChange, Milestone, Target, Task, Verdict


@pytest.fixture
def year(ledger, campaign, office, police, now):
    """The week's ledger, and beside it counted roads and one waived task."""
    for code, measure, goal, done in (("02-01-01", "条", 20, 20), ("02-01-04", "条", 10, 4), ("02-01-03", "%", 80, 60)):
        Target.objects.filter(task__code=code).update(
            what="示范道路", value=goal, unit_of_measure=measure, value_done=done
        )
    Target.objects.filter(task__code="02-01-02").delete()
    Milestone.objects.filter(task__code="02-01-05").update(state="waived", is_assumed=True)
    summary.refresh(Task.objects.values_list("pk", flat=True))
    late = Milestone.objects.get(task__code="02-01-03")
    DeadlineChange.objects.create(
        campaign=campaign, task=late.task, milestone=late, to_on=late.due_on, basis="例会", by=office, at=now
    )
    return campaign


@pytest.fixture
def facts(year, today):
    return yearfacts.collect(year, today=today)


@pytest.fixture
def draft(year, office, now):
    return deeds.draft_year(year, by=office, now=now)


def said(facts):
    return "".join(one.text for part in yearwording.PARTS for one in part.say(facts))


def test_totals_and_the_rate_over_what_is_owed(facts):
    counts = {name: getattr(facts, name).value for name in ("total", "done", "waived", "open", "overdue")}
    assert counts == {"total": 5, "done": 2, "waived": 1, "open": 2, "overdue": 1}
    assert "除免办外4项的完成率为50.0%" in said(facts)


def test_only_what_has_one_measure_is_summed(facts):
    (roads,) = facts.measures
    assert (roads.measure, roads.tasks.value, roads.goal, roads.done, roads.reached) == ("条", 2, "30", "24", 1)
    assert roads.things == ("示范道路",)


def test_lateness_is_told_as_it_was(facts):
    time = facts.time
    assert (time.due, time.on_time, time.late.value, time.open.value, time.waiting) == (2, 0, 1, 1, 0)
    assert (time.longest_days, time.moved.value) == (4, 1)
    assert "按时完成率0.0%" in said(facts)


def test_a_verdict_taken_back_is_not_counted(year, draft, office, liaison, now, today):
    milestone = Milestone.objects.get(task__code="02-01-03")
    row = {"campaign": year, "task": milestone.task, "milestone": milestone, "by": office, "at": now}
    Verdict.objects.create(outcome="return", **row)
    Verdict.objects.create(outcome="return", taken_back_at=now, taken_back_by=office, **row)
    found = yearfacts.collect(year, today=today).verdicts
    assert (found.returned, found.tasks.value) == (1, 1)


def test_what_the_year_leaves_open_is_carried_over(facts):
    assert [item.code for item in facts.carried] == ["02-01-03", "02-01-04"]
    assert "应于2019年9月10日前完成" in said(facts)


def test_after_the_year_it_tells_of_its_last_day(year):
    later = yearfacts.collect(year, today=dt.date(2020, 1, 15))
    assert later.as_of == "2019-12-31"
    assert "结转下年的任务2项" in said(later)


def test_what_was_closed_after_the_year_is_carried_over(year):
    Milestone.objects.filter(task__code="02-01-04").update(state="done", closed_on=dt.date(2020, 1, 10))
    summary.refresh(Task.objects.values_list("pk", flat=True))
    later = yearfacts.collect(year, today=dt.date(2020, 1, 15))
    assert later.done.value == 2
    assert "02-01-04" in [item.code for item in later.carried]


def test_an_empty_year_says_so(campaign, today):
    assert "全年没有安排任务。" in said(yearfacts.collect(campaign, today=today))


def test_practices_taken_stand_in_full(year, police, liaison, now, today):
    row = {"campaign": year, "unit": police, "by": liaison, "at": now, "body": "一日一巡"}
    Practice.objects.create(title="路口执勤", state="used", **row)
    Practice.objects.create(title="别的", state="kept", **row)
    assert "报来做法2篇，选用1篇。区交通支队：路口执勤。一日一巡。" in said(yearfacts.collect(year, today=today))


def figures(row):
    for value in vars(row).values():
        if isinstance(value, Figure):
            yield value
        elif hasattr(value, "__dataclass_fields__"):
            yield from figures(value)
        elif isinstance(value, tuple):
            yield from (found for one in value if hasattr(one, "__dataclass_fields__") for found in figures(one))


def test_every_figure_leads_to_its_records(facts, login, office):
    client = login(office)
    for figure in figures(facts):
        if figure.value:
            page = client.get(figure.url).content.decode()
            assert re.search(rf"\D{figure.value} ?项", page), figure


def test_the_number_of_queries_does_not_grow(year, make_task, today, django_assert_max_num_queries):
    for number in range(30):
        make_task(f"09-09-{number:02}", "多出来的", due_on=dt.date(2019, 9, 1))
    with django_assert_max_num_queries(34):
        yearfacts.collect(year, today=today)


def test_frozen_facts_come_back_as_they_were(facts):
    assert YearFacts.of(facts.as_dict()) == facts


def test_there_is_one_a_year_however_often_asked(draft, year, office, now):
    assert deeds.draft_year(year, by=office, now=now) == draft
    assert (draft.slug, str(draft)) == ("2019-year", "2019 年度总结")
    assert [row.kind for row in draft.sections.all()] == [part.key for part in of(draft).parts]


def test_it_is_issued_with_a_number_of_its_own(draft, office, today, now):
    deeds.finalise(draft, by=office, today=today, now=now)
    document = deeds.issue(draft, by=office, now=now)
    assert (document.kind, document.number, document.title) == ("summary", 1, "2019年全国文明城区创建工作总结")
    assert document.pdf.name == "创城工作总结2019年第1期.pdf"
    assert document.docx.size > 2000
    assert Document.objects.filter(kind="briefing").count() == 0


def test_after_the_issue_nothing_in_it_moves(draft, office, today, now):
    deeds.finalise(draft, by=office, today=today, now=now)
    deeds.issue(draft, by=office, now=now)
    Milestone.objects.update(state="done", closed_on=today)
    summary.refresh(Task.objects.values_list("pk", flat=True))
    draft.refresh_from_db()
    assert deeds.facts_for(draft, today=today).done.value == 2
    again = deeds.correct(draft, "完成数漏计", by=office, now=now)
    assert (again.slug, again.kind) == ("2019-year-1", "summary")


def test_the_page_from_button_to_paper(year, login, office):
    client = login(office)
    assert "起草年度总结" in client.get("/briefs").content.decode()
    made = client.post("/briefs/new", {"kind": "summary"})
    assert made.url == "/briefs/2019-year"
    page = client.get(made.url).content.decode()
    assert "2019 年度总结" in page
    assert "完成率" in page
    assert b"".join(client.get("/briefs/2019-year/pdf"))[:4] == b"%PDF"
    assert 'value="summary"' not in client.get("/briefs").content.decode()


def test_units_see_it_only_when_issued(draft, login, liaison, office, today, now):
    client = login(liaison)
    assert client.get("/briefs/2019-year").status_code == 404
    deeds.finalise(draft, by=office, today=today, now=now)
    deeds.issue(Briefing.objects.get(), by=office, now=now)
    assert client.get("/briefs/2019-year").status_code == 200
