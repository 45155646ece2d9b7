"""From a reading to the ledger: whole or not at all, once however often, and back again while nobody has reported."""

import datetime as dt
import io
from collections import Counter

import openpyxl
import pytest
from django.db.models import Sum

from campaign.attachments import Upload
from campaign.log import LogEntry
from campaign.models import CalendarEvent, Campaign, Program, Project, Unit
from campaign.problems import Refused
from tasks import summary
from tasks.importing import committing, mending, undoing
from tasks.models import Assignment, DeadlineChange, ImportBatch, Milestone, Tally, Target, Task
from tests.tasks.workbooks import PLAN, plan_with, saved, task, workbook

MODELS = (Unit, Program, Project, Task, Assignment, Target, Milestone, Tally, LogEntry)


@pytest.fixture
def bring(campaign, now):
    """Read a file and commit it, units made as named."""

    def do(content, *, at=now, is_partial=False, name="计划.xlsx"):
        batch = committing.start_batch(campaign, Upload(name, content), by=None, now=at)
        batch.choices = {"create_all": True} | batch.choices
        batch.save()
        return committing.commit_batch(batch, by=None, now=at, is_partial=is_partial)

    return do


@pytest.fixture
def early(now):
    """The plan is brought in in spring, so that its periods lie ahead."""
    return now.replace(year=2018, month=12, day=20)


@pytest.fixture
def one(bring, early):
    """Commit one row and give its task."""

    def do(*arguments, **cells):
        bring(workbook([task(*arguments, **cells)]), at=early)
        return Task.objects.get()

    return do


def counts():
    return {model.__name__: model.objects.count() for model in MODELS}


def test_the_plan_of_2019_on_an_empty_campaign(bring, campaign, early):
    done = bring(PLAN.read_bytes(), at=early)
    assert (done.created, done.blocked, len(done.units)) == (132, 0, 23)
    assert (Program.objects.count(), Project.objects.count()) == (10, 35)
    found = Task.objects.get(code="02-02-02")
    assert (found.title, found.due_on, found.main_unit.name) == (
        "创建文明交通示范道路20个",
        dt.date(2019, 9, 30),
        "区交通支队",
    )
    assert (found.quantity_goal, found.quantity_unit) == (20, "个")
    assert Tally.objects.aggregate(total=Sum("count"))["total"] == 132
    assert summary.recount(campaign) == 0


def test_the_second_import_adds_nothing(bring):
    bring(PLAN.read_bytes())
    before = counts()
    done = bring(PLAN.read_bytes())
    assert (done.created, done.changed, done.unchanged) == (0, 0, 132)
    assert counts() == before


def test_edits_of_the_office_survive_the_same_file(bring):
    content = workbook([task("整治校园", deadline="9月底前")])
    bring(content)
    Task.objects.update(title="另写的题目")
    assert bring(content).changed == 0
    assert Task.objects.get().title == "另写的题目"


@pytest.fixture
def saved_again():
    """The same cells in other bytes, as a spreadsheet program writes them anew."""

    def do(content):
        book = openpyxl.load_workbook(io.BytesIO(content))
        book.properties.creator = "另一台电脑"
        return saved(book)

    return do


def test_edits_of_the_office_survive_the_file_saved_again(bring, saved_again):
    content = workbook([task("整治校园周边环境", deadline="9月底前"), task("整治背街小巷")])
    bring(content)
    Task.objects.filter(source_row=2).update(title="另写的题目", remark="已在例会上说明")
    again = saved_again(content)
    assert again != content
    done = bring(again, name="计划（另存）.xlsx")
    assert (done.created, done.changed, done.unchanged) == (0, 0, 2)
    assert set(Task.objects.values_list("title", flat=True)) == {"另写的题目", "整治背街小巷"}


def test_the_plan_saved_again_adds_nothing(bring, saved_again):
    bring(PLAN.read_bytes())
    before = counts()
    Task.objects.filter(code="02-02-02").update(title="另写的题目")
    done = bring(saved_again(PLAN.read_bytes()))
    assert (done.created, done.changed, done.unchanged) == (0, 0, 132)
    assert counts() == before | {"LogEntry": before["LogEntry"] + 1}


def test_only_what_the_second_version_says_otherwise_changes(bring, early):
    rows = [task("整治校园周边环境", deadline="9月底前"), task("整治背街小巷")]
    bring(workbook(rows), at=early)
    Task.objects.filter(source_row=2).update(title="另写的题目", remark="已在例会上说明")
    bring(workbook([rows[1], task("整治校园周边环境", deadline="10月底前")]), at=early)
    found = Task.objects.get(source_row=2)
    assert (found.title, found.remark, found.due_on) == ("另写的题目", "已在例会上说明", dt.date(2019, 10, 31))
    assert Task.objects.count() == 2


def test_a_reworded_row_of_a_second_version_is_the_same_task(bring, early):
    rows = [task("整治校园周边环境", deadline="9月底前"), task("整治背街小巷"), task("清扫广场")]
    bring(workbook(rows), at=early)
    rows[0] = task("集中整治校园及周边环境", deadline="9月底前")
    assert bring(workbook(rows), at=early).changed == 1
    assert Task.objects.get(source_row=2).title == "集中整治校园及周边环境"
    assert Task.objects.count() == 3


def test_a_task_moved_to_another_program_is_the_same_task(bring, early):
    rows = [task("整治校园周边环境"), task("整治背街小巷"), task("清扫广场")]
    bring(workbook(rows), at=early)
    rows[0] = task("整治校园周边环境", program="乙工程", project="别的子项")
    assert bring(workbook(rows), at=early).changed == 1
    found = Task.objects.get(source_row=2)
    assert (found.program.name, found.project.name, Task.objects.count()) == ("乙工程", "别的子项", 3)


def test_another_departments_plan_takes_no_task_of_the_first(bring, early):
    bring(workbook([task("清扫甲街路面"), task("清扫广场")]), at=early)
    assert bring(workbook([task("清扫乙街路面"), task("整治背街小巷")]), at=early).created == 2


def test_a_blocked_row_stops_the_whole_import(bring):
    before = counts()
    with pytest.raises(Refused) as refused:
        bring(plan_with(H32="6月31日前"))
    assert refused.value.problems[0].message == "第 32 行：“6月31日前”没有这一天，是不是 6月30日？"
    assert counts() == before
    assert ImportBatch.objects.get().state == ImportBatch.State.READ


def test_rows_without_problems_go_first_and_the_rest_later(bring):
    content = plan_with(H32="6月31日前")
    assert bring(content, is_partial=True).created == 131
    mending.answer_row(ImportBatch.objects.get(), "任务分解表!32", limit="2019-06-30")
    done = bring(content)
    assert (done.created, done.unchanged, Task.objects.count()) == (1, 131, 132)


def test_an_error_in_the_middle_leaves_nothing(bring, monkeypatch):
    before = counts()
    monkeypatch.setattr(summary, "admit", lambda tasks: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring(PLAN.read_bytes())
    assert counts() == before


def test_a_recurring_duty_owes_a_milestone_for_each_period(one):
    found = one("检查通报", deadline="每月11日")
    days = list(found.milestones.order_by("due_on").values_list("due_on", flat=True))
    assert days == [dt.date(2019, month, 11) for month in range(1, 13)]
    assert (found.freq, found.day_of_month, found.quantity_goal) == ("monthly", 11, 12)


def test_a_count_in_each_period_is_its_quantity(one):
    found = one("入户宣传", deadline="每季度不少于3次")
    assert set(found.milestones.values_list("quantity", flat=True)) == {3}
    assert found.is_at_least


def test_a_group_duty_is_owed_by_each_member(one, make_unit):
    make_unit("甲街道", kind=Unit.Kind.STREET, order=200)
    make_unit("乙街道", kind=Unit.Kind.STREET, order=210)
    found = one("开展执法", primary="区城管执法局、各街道", deadline="年内")
    owners = list(found.milestones.order_by("unit__order").values_list("unit__name", flat=True))
    assert owners == ["甲街道", "乙街道", "区城管执法局"]
    told = dict(found.assignments.values_list("unit__name", "group_text"))
    assert told == {"区城管执法局": "", "甲街道": "各街道", "乙街道": "各街道"}


def test_vague_groups_and_empty_ones_stay_open_ends(one):
    found = one("整治背街小巷", primary="区城管委、相关街道、各社区", lead="区住建委等相关部门")
    assert found.open_ended_units == "相关街道、各社区、等相关部门"
    assert found.assignments.count() == 2


def test_no_limit_is_proposed_for_the_years_end_and_says_so(one):
    (milestone,) = one("健全机制").milestones.all()
    assert (milestone.due_on, milestone.is_assumed, milestone.first_due_on) == (dt.date(2019, 12, 31), True, None)
    assert milestone.basis == "计划未写时限，先按年底"


def test_a_limit_before_an_event_follows_the_calendar(one, campaign):
    event = CalendarEvent.objects.create(
        campaign=campaign, name="国家测评", kind="assessment", starts_on=dt.date(2019, 11, 5)
    )
    (milestone,) = one("全面达标", deadline="测评前").milestones.all()
    assert (milestone.due_on, milestone.event, milestone.is_assumed) == (dt.date(2019, 11, 4), event, False)


def test_a_phased_limit_is_several_milestones(one):
    found = one("改造老旧小区", deadline="6月底前完成50%，12月底前全部完成")
    steps = list(found.milestones.order_by("due_on").values_list("due_on", "label"))
    assert steps == [(dt.date(2019, 6, 30), "完成50%"), (dt.date(2019, 12, 31), "完成100%")]


def test_periods_before_the_ledger_began_are_set_aside(bring, now):
    bring(workbook([task("每月检查1次", deadline="每月1次")]), at=now)
    states = Counter(Milestone.objects.values_list("state", flat=True))
    assert states == {"waived": 8, "open": 4}


def test_the_plans_own_codes_are_kept(bring):
    headers = ("任务编号", "工程", "工作任务", "责任单位")
    bring(workbook([("A-7", "甲工程", "整治", "区教委"), (None, "甲工程", "清扫", "区环卫中心")], headers=headers))
    assert set(Task.objects.values_list("code", flat=True)) == {"A-7", "01-00-01"}


def test_a_known_alias_finds_its_unit(one, police):
    police.aliases = ["区交警支队"]
    police.save()
    assert one("整治停车", primary="区交警支队").main_unit == police


def test_units_are_asked_for_on_the_page(campaign, now, police):
    batch = committing.start_batch(
        campaign, Upload("a.xlsx", workbook([task("整治", primary="区交通支对")])), by=None, now=now
    )
    (verdict,) = committing.review(batch).verdicts
    assert (verdict.kind, verdict.row.problems[0].near) == ("blocked", "区交通支队")
    mending.answer_unit(batch, "区交通支对", use="区交通支队", is_remembered=True)
    committing.commit_batch(batch, by=None, now=now)
    police.refresh_from_db()
    assert (Task.objects.get().main_unit, police.aliases) == (police, ["区交通支对"])


def test_all_clearly_new_units_at_once_but_near_names_are_asked(campaign, now, police):
    batch = committing.start_batch(
        campaign, Upload("a.xlsx", workbook([task("整治", primary="区交通支对、区水务局")])), by=None, now=now
    )
    mending.answer_all_units(batch)
    (verdict,) = committing.review(batch).verdicts
    assert {problem.text: problem.code for problem in verdict.row.problems} == {
        "区交通支对": "unit_unknown",
        "区水务局": "unit_new",
    }


def test_a_row_left_out_stays_out(campaign, now):
    content = workbook([task("整治"), task("清扫")])
    batch = committing.start_batch(campaign, Upload("a.xlsx", content), by=None, now=now)
    batch.choices = {"create_all": True}
    mending.answer_row(batch, "任务分解表!2", is_skipped=True)
    assert committing.commit_batch(batch, by=None, now=now).created == 1
    assert Task.objects.get().title == "清扫"


@pytest.mark.parametrize("answer", [{}, {"use": "没有的单位"}, {"use": "区教委", "is_new": True}])
def test_an_answer_must_name_a_unit(campaign, now, answer):
    batch = committing.start_batch(campaign, Upload("a.xlsx", workbook([task("整治")])), by=None, now=now)
    with pytest.raises(Refused):
        mending.answer_unit(batch, "区教委", **answer)
    batch.refresh_from_db()
    assert batch.choices == {}


def second_version(bring, early, **cells):
    first = {"title": "创建示范道路18个", "deadline": "8月底前", "primary": "区教委"}
    content = workbook([task(first["title"], deadline=first["deadline"], primary=first["primary"])])
    bring(content, at=early)
    second = first | cells
    bring(
        workbook([task(second["title"], deadline=second["deadline"], primary=second["primary"])]),
        at=early,
        name="第二版.xlsx",
    )
    return Task.objects.get()


def test_a_second_version_changes_the_task_and_does_not_double_it(bring, early):
    found = second_version(bring, early, title="创建示范道路20个", deadline="9月底前")
    assert (found.title, found.quantity_goal, found.due_on) == ("创建示范道路20个", 20, dt.date(2019, 9, 30))
    entry = LogEntry.objects.get(verb="change_by_import")
    assert entry.data["title"] == ["创建示范道路18个", "创建示范道路20个"]
    assert entry.reason == "导入“第二版.xlsx”第 2 行"


def test_a_second_version_moves_units(bring, early):
    found = second_version(bring, early, primary="区民政局")
    assert [a.unit.name for a in found.assignments.all()] == ["区民政局"]
    assert found.milestones.get().unit.name == "区民政局"


def test_a_second_version_moves_a_begun_limit_with_its_basis(bring, early):
    bring(workbook([task("创建示范道路18个", deadline="8月底前")]), at=early)
    Milestone.objects.update(has_begun=True)
    summary.refresh([Task.objects.get().pk])
    bring(workbook([task("创建示范道路18个", deadline="9月底前")]), at=early, name="第二版.xlsx")
    change = DeadlineChange.objects.get()
    assert (change.from_on, change.to_on) == (dt.date(2019, 8, 31), dt.date(2019, 9, 30))
    assert change.milestone.has_begun


def test_a_limit_the_office_moved_is_not_moved_back(bring, early):
    content = workbook([task("整治校园", deadline="9月底前")])
    bring(content, at=early)
    Milestone.objects.update(due_on=dt.date(2019, 10, 31))
    other = workbook([task("整治校园", deadline="9月底前"), task("清扫")])
    assert bring(other, at=early).changed == 0
    assert Milestone.objects.filter(due_on=dt.date(2019, 10, 31)).count() == 1


def test_undoing_takes_back_all_it_brought(bring, campaign, now):
    before = counts()
    bring(PLAN.read_bytes())
    assert undoing.undo_batch(ImportBatch.objects.get(), by=None, now=now) == 132
    after = counts() | {"LogEntry": before["LogEntry"]}
    assert after == before
    assert bring(PLAN.read_bytes()).created == 132


def test_undoing_puts_changed_tasks_back(bring, early):
    before = second_version(bring, early)
    told = (before.title, before.deadline_text, before.due_on, before.main_unit_id)
    cells = {"title": "创建示范道路20个", "deadline": "每月1次", "primary": "区民政局、区水务局"}
    bring(
        workbook([task(cells["title"], deadline=cells["deadline"], primary=cells["primary"])]), at=early, name="三.xlsx"
    )
    assert Milestone.objects.count() == 12
    undoing.undo_batch(ImportBatch.objects.get(file_name="三.xlsx"), by=None, now=early)
    after = Task.objects.get()
    assert (after.title, after.deadline_text, after.due_on, after.main_unit_id) == told
    assert (Milestone.objects.count(), Assignment.objects.count(), Target.objects.get().value) == (1, 1, 18)
    assert summary.recount(after.campaign) == 0
    assert not Unit.objects.filter(name="区水务局").exists()


def test_a_begun_task_does_not_change_its_rhythm_by_import(bring, early):
    second_version(bring, early)
    Task.objects.update(has_begun=True)
    with pytest.raises(Refused, match="已有填报"):
        bring(workbook([task("创建示范道路18个", deadline="每月1次")]), at=early, name="三.xlsx")
    assert Task.objects.get().freq == ""


def test_undoing_stops_where_somebody_reported(bring, now):
    bring(workbook([task("整治"), task("清扫")]))
    Task.objects.filter(title="整治").update(has_begun=True)
    with pytest.raises(Refused, match="已有填报"):
        undoing.undo_batch(ImportBatch.objects.get(), by=None, now=now)
    assert Task.objects.count() == 2


def test_units_somebody_else_uses_stay(bring, now, make_person):
    bring(workbook([task("整治", primary="区水务局")]))
    make_person("li", Unit.objects.get(name="区水务局"), "liaison")
    undoing.undo_batch(ImportBatch.objects.get(), by=None, now=now)
    assert Unit.objects.filter(name="区水务局").exists()


def test_queries_do_not_grow_with_rows(bring, django_assert_max_num_queries):
    with django_assert_max_num_queries(70) as few:
        bring(workbook([task(f"整治{n}号", deadline="9月底前") for n in range(5)]))
    with django_assert_max_num_queries(len(few) + 4):
        bring(workbook([task(f"清扫{chr(0x4E00 + n)}街", deadline="9月底前") for n in range(300)]))


def test_nothing_crosses_campaigns(bring, campaign):
    other = Campaign.objects.create(code="x", district="外区", year=2019)
    bring(workbook([task("整治")]))
    assert not Task.objects.filter(campaign=other).exists()
    assert not Unit.objects.filter(campaign=other).exists()
