"""A document beside the ledger: same, another unit, limit or number, only in one; and the ledger follows, or not, as told."""

import datetime as dt

import pytest

from campaign.attachments import Upload
from campaign.log import LogEntry
from campaign.problems import Refused
from tasks import summary
from tasks.importing.committing import commit_batch, start_batch
from tasks.models import DeadlineChange, SourceAnswer, Task
from tasks.reading import deciding
from tasks.reconciling import likeness, settling
from tasks.reconciling.comparing import reconcile
from tasks.reconciling.likeness import Said
from tests.tasks.reader_cast import *  # noqa: F403
from tests.tasks.shared_data import load, load_text
from tests.tasks.workbooks import PLAN

TEXT = "市民文明素养提升工程\n\n区交通支队主责，{limit}完成{count}条文明交通示范道路创建。"


@pytest.fixture
def say(take):
    """A document that speaks of 交通支队's 20 roads."""

    def do(text="", *, limit="9月底前", count=20, kind="minutes"):
        return take(text or TEXT.format(limit=limit, count=count), kind=kind, title="专题纪要")

    return do


def points(document):
    return {one.field: one for one in reconcile(document).differences}


@pytest.fixture
def answer(office, now):
    def do(document, field, choice, **said):
        settling.choose(document, points(document)[field].key, choice, by=office, now=now, **said)
        return settling.settle(document, by=office, now=now)

    return do


def test_what_both_say_is_the_same(task, say):
    found = reconcile(say())
    assert (len(found.same), list(found.differences), list(found.unsaid)) == (1, [], [])


def test_another_date_another_number_another_unit(task, say):
    found = points(say("区城市管理委主责，10月15日前完成18条文明交通示范道路创建。"))
    assert (found["deadline"].said, found["deadline"].held) == ("10月15日", "9月30日")
    assert (found["targets"].said, found["targets"].held) == ("18 条", "20 条")
    assert (found["units"].said, found["units"].why) == (
        "主责 区城市管理委",
        "台账没有区城市管理委；台账另有区交通支队",
    )


def test_a_counting_word_is_no_difference(make_task, say):
    make_task(measure="个")
    assert points(say()) == {}


def test_named_in_the_text_but_not_in_the_ledger(task, say):
    found = points(say("区财政局主责，制定经费保障办法。"))
    assert (found["missing"].held, found["missing"].why) == ("没有这一项", "没有相近的任务")


def test_in_the_ledger_but_not_in_the_text(task, make_task, say):
    make_task("02-02-03", "整治交通堵点", goal=None)
    assert [one.code for one in reconcile(say()).unsaid] == ["02-02-03"]


def test_the_limit_follows_with_the_document_as_basis(task, say, answer):
    assert answer(say(limit="10月15日前"), "deadline", "document").applied == 1
    change = DeadlineChange.objects.get()
    assert (change.to_on, change.basis) == (dt.date(2019, 10, 15), "《专题纪要》")
    assert LogEntry.objects.filter(verb="follow_document", task_id=task.pk).count() == 1


def test_a_limit_in_the_past_is_refused_and_said(task, say, answer):
    document = say(limit="6月底前")
    done = answer(document, "deadline", "document")
    assert done.applied == 0
    ((difference, problems),) = done.refused
    assert (difference.field, problems[0].code) == ("deadline", "past")
    assert not DeadlineChange.objects.exists()


def test_the_number_follows(task, say, answer):
    answer(say(count=18), "targets", "document")
    task.refresh_from_db()
    assert str(task.targets.get().value) == "18.00"
    assert task.milestones.get().quantity == 18


def test_a_first_number_is_written(make_task, say, answer):
    task = make_task(goal=None)
    answer(say(), "targets", "document")
    assert str(task.targets.get().value) == "20.00"


def test_the_units_follow_and_helpers_stay(task, city, make_unit, say, answer):
    helper = make_unit("区财政局")
    task.assignments.create(campaign=task.campaign, unit=helper, role="support", order=3)
    summary.refresh([task.pk])
    answer(say("区城市管理委主责，9月底前完成20条文明交通示范道路创建。"), "units", "document")
    named = {(duty.unit.name, duty.role) for duty in task.assignments.all()}
    assert named == {("区城市管理委", "primary"), ("区财政局", "support")}


def test_the_ledger_may_stay_as_it_is(task, say, answer):
    document = say(limit="10月15日前")
    answer(document, "deadline", "ledger")
    assert [one.is_settled for one in reconcile(document).differences] == [True]
    assert task.milestones.get().due_on == dt.date(2019, 9, 30)
    assert LogEntry.objects.filter(verb="keep_ledger", task_id=task.pk).count() == 1


def test_an_answer_holds_only_while_both_say_what_they_said(task, say, answer):
    document = say(limit="10月15日前")
    answer(document, "deadline", "ledger")
    task.milestones.update(due_on=dt.date(2019, 10, 20))
    assert [one.is_settled for one in reconcile(document).differences] == [False]


def test_what_is_missing_is_added_or_put_into_a_task(task, say, answer):
    document = say("区财政局主责，制定经费保障办法。区民政局主责，建立楼院议事制度。")
    first, second = (one.key for one in reconcile(document).differences)
    office = document.created_by
    settling.choose(document, first, "add", by=office, now=document.created_at)
    settling.choose(document, second, "tie", task_code=task.code, by=office, now=document.created_at)
    assert settling.settle(document, by=office, now=document.created_at).applied == 2
    assert Task.objects.count() == 2
    assert task.sentences.get().text == "建立楼院议事制度"


def test_pressed_twice_it_is_added_once(task, say, office, now, monkeypatch):
    document = say("区财政局主责，制定经费保障办法。")
    settling.choose(document, points(document)["missing"].key, "add", by=office, now=now)
    as_the_second_press_saw_it = reconcile(document)
    settling.settle(document, by=office, now=now)
    monkeypatch.setattr(settling, "reconcile", lambda _: as_the_second_press_saw_it)
    assert settling.settle(document, by=office, now=now).applied == 0
    assert Task.objects.count() == 2


def test_a_row_put_into_a_task_is_not_undone_from_under_it(task, say, office, now, answer):
    document = say("区财政局主责，制定经费保障办法。")
    deciding.accept(document.drafts.get(), by=office, now=now)
    answer(document, "missing", "tie", task_code=task.code)
    assert deciding.undo(document) is None
    assert document.drafts.get().state == "committed"


def test_the_same_word_again_takes_it_back(task, say, office, now):
    document = say(count=18)
    key = points(document)["targets"].key
    settling.choose(document, key, "document", by=office, now=now)
    settling.choose(document, key, "document", by=office, now=now)
    assert not SourceAnswer.objects.exists()
    with pytest.raises(Refused, match="还没有定"):
        settling.settle(document, by=office, now=now)


@pytest.mark.parametrize(("choice", "code"), [("add", ""), ("tie", ""), ("novel", "")])
def test_a_choice_nobody_offered_is_refused(task, say, office, now, choice, code):
    document = say(count=18)
    with pytest.raises(Refused, match="没有这种处理办法"):
        settling.choose(document, points(document)["targets"].key, choice, task_code=code, by=office, now=now)


def test_five_like_queries_at_any_size(task, make_task, say, django_assert_max_num_queries):
    document = say()
    with django_assert_max_num_queries(8):
        reconcile(document)
    for number in range(30):
        make_task(f"02-03-{number:02}", f"整治第{number}号街巷", goal=None)
    with django_assert_max_num_queries(8):
        reconcile(document)


def test_titles_are_paired_by_what_is_rare_in_them():
    six = frozenset({("6", "个")})
    tasks = [Said(1, "推进苹果园枢纽建设"), Said(2, "推进六里屯公园建设"), Said(3, "完成老旧小区整治6个", numbers=six)]
    rows = [
        Said("a", "大力推进六里屯公园二期建设工程"),
        Said("b", "6个老旧小区整治", numbers=six),
        Said("c", "加强组织领导"),
    ]
    found = likeness.pairs(rows, tasks)
    assert {key: pair.task for key, pair in found.items() if pair.is_sure} == {"a": 2, "b": 3}


def test_a_speech_beside_the_plan_made_of_it(campaign, take, now):
    """Measured where the real speech is at hand: of 132 tasks of the plan, how many find their own clause."""
    text, gold = load_text("speech_2019.txt"), {row["no"]: row for row in load("gold_000.json")}
    plan = {row["row"]: gold[row["gold_000_no"]] for row in load("sample_task_breakdown.expected.json")["rows"]}
    batch = start_batch(campaign, Upload("计划.xlsx", PLAN.read_bytes()), by=None, now=now)
    batch.choices = {"create_all": True}
    batch.save()
    commit_batch(batch, by=None, now=now)
    found = reconcile(take(text))
    rows = {one.draft.pk: one.draft for one in found.told}
    right = [
        _overlap(rows[key], plan[found.held[pair.task].task.source_row])
        for key, pair in found.pairs.items()
        if pair.is_sure
    ]
    print(
        f"{len(found.told)} rows, {len(right)} sure pairs, {sum(right)} right, {len(found.same)} same, {found.counts}"
    )
    assert sum(right) >= 115
    assert sum(right) >= 0.95 * len(right)


def _overlap(draft, gold):
    start = gold["source_offset"]
    return draft.start < start + len(gold["sentence"]) and start < draft.end
