"""What was taken becomes tasks: whole or not at all, nothing twice, each with its sentence; and back again."""

import datetime as dt

import pytest

from campaign.log import LogEntry
from campaign.models import Program, Unit
from campaign.problems import Refused
from tasks.models import Assignment, Milestone, SourceSentence, Target, Task
from tasks.reading import committing, deciding, reshaping, totals
from tests.tasks.reader_cast import *  # noqa: F403
from tests.tasks.speeches import MINUTES

MODELS = (Unit, Program, Task, Assignment, Target, Milestone, SourceSentence)


def counts():
    return {model.__name__: model.objects.count() for model in MODELS}


@pytest.fixture
def committed(document, all_taken, office, now):
    all_taken(document)
    committing.commit(document, by=office, now=now)
    document.refresh_from_db()
    return document


def test_rows_become_tasks_with_all_that_hangs_on_them(committed):
    task = Task.objects.get(title__contains="示范道路")
    assert task.program.name == "市民文明素养提升工程"
    assert [(duty.unit.name, duty.role) for duty in task.assignments.all()] == [("区交通支队", "primary")]
    assert [str(target.value) for target in task.targets.all()] == ["18.00"]
    milestone = task.milestones.get()
    assert milestone.due_on == dt.date(2019, 9, 30)
    assert milestone.basis.startswith("《在全区创城推进会上的讲话》")
    assert Task.objects.get(title__contains="劝导活动").milestones.count() == 12


def test_every_task_keeps_its_sentence(committed):
    assert SourceSentence.objects.count() == Task.objects.count() == committed.drafts.count()
    for sentence in SourceSentence.objects.all():
        assert sentence.text == committed.text[sentence.start : sentence.end]


def test_a_second_commit_writes_nothing(committed, office, now):
    before = counts()
    with pytest.raises(Refused, match="还没有采用"):
        committing.commit(committed, by=office, now=now)
    assert counts() == before


def test_a_row_the_ledger_holds_is_tied_to_its_task(task, document, row, office, now):
    deciding.accept(row("示范道路"), by=office, now=now)
    done = committing.commit(document, by=office, now=now)
    assert (done.created, done.tied, Task.objects.count()) == (0, 1, 1)
    assert task.sentences.get().document == document


def test_a_task_rests_on_any_number_of_documents(committed, take, all_taken, office, now):
    minutes = all_taken(take(MINUTES, kind="minutes"))
    done = committing.commit(minutes, by=office, now=now)
    assert (done.created, done.tied) == (0, 2)
    assert Task.objects.get(title__contains="示范道路").sentences.count() == 2


def test_what_somebody_called_another_thing_becomes_its_own_task(task, document, row, office, now):
    deciding.set_apart(row("示范道路"), is_apart=True, by=office, now=now)
    deciding.accept(row("示范道路"), by=office, now=now)
    assert committing.commit(document, by=office, now=now).created == 1


def test_a_name_that_is_no_unit_refuses_the_whole(document, row, all_taken, office, now):
    all_taken(document)
    before = counts()
    edits = reshaping.Edits(units={"primary": "大家一起来做的事"})
    reshaping.edit(row("口袋公园"), edits, by=office, now=now)
    with pytest.raises(Refused, match="不在单位名录里"):
        committing.commit(document, by=office, now=now)
    assert counts() == before


def test_rows_without_a_heading_go_where_the_document_was_put(take, all_taken, project, office, now):
    listed = take("区财政局负责，10月底前完成楼道灯具更换。", kind="problems", project=project)
    committing.commit(all_taken(listed), by=office, now=now)
    assert Task.objects.get().project == project


def test_a_notice_is_the_basis_by_its_number(take, all_taken, office, now):
    notice = take(
        "区财政局负责，10月底前报送自查报告。", kind="notice", title="关于开展自查的通知", number="市文明办〔2019〕7号"
    )
    committing.commit(all_taken(notice), by=office, now=now)
    assert "《关于开展自查的通知》（市文明办〔2019〕7号）" in Milestone.objects.get().basis


def test_taking_back_leaves_nothing_behind(document, all_taken, office, now):
    before = counts()
    committing.commit(all_taken(document), by=office, now=now)
    count = committing.take_back(document, by=office, now=now)
    assert count == document.drafts.filter(state="accepted").count()
    assert counts() == before
    committing.commit(document, by=office, now=now)
    assert Task.objects.count() == count


def test_nothing_is_taken_back_once_reported(committed, office, now):
    Task.objects.filter(title__contains="示范道路").update(has_begun=True)
    before = counts()
    with pytest.raises(Refused, match="已有填报"):
        committing.take_back(committed, by=office, now=now)
    assert counts() == before
    assert committed.drafts.filter(state="committed").exists()


def test_the_log_tells_it(committed):
    verbs = set(LogEntry.objects.values_list("verb", flat=True))
    assert {"take_document", "commit_document"} <= verbs


def test_stated_totals_are_laid_beside_the_ledger(committed, campaign):
    checked = {one.what: one for one in totals.checked(committed, totals.counts_of(campaign))}
    assert (checked["工作任务"].stated, checked["工作任务"].gap) == (12, 12 - Task.objects.count())
    assert checked["失分内容"].there is None
    document, wrong = totals.disagreement(campaign)
    assert document == committed
    assert {one.counts for one in wrong} >= {"tasks"}
