import io
from decimal import Decimal
from uuid import uuid4

import pytest
from PIL import Image

from campaign.attachments import Upload
from campaign.models import LogEntry
from campaign.problems import Conflict, Refused
from tasks.evidence import NewFile
from tasks.models import Draft, Evidence, Milestone, ProgressReport, Target
from tasks.progress import Entry, next_milestone, report_progress, retract


def picture(colour="green"):
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(buffer, "JPEG")
    return Upload("现场.jpg", buffer.getvalue())


@pytest.fixture
def report(milestone, liaison, police, now):
    def do(milestone=milestone, **said):
        entry = Entry(**{"token": str(uuid4()), "version": milestone.version} | said)
        return report_progress(milestone, entry, by=liaison, unit=police, now=now)

    return do


def test_quantity_moves_task_and_target(report, task, milestone):
    report(quantity=Decimal(14), progress="又完成两条")
    task.refresh_from_db()
    assert (task.quantity_done, task.targets.get().value_done, milestone.quantity_done) == (14, 14, 14)


def test_history_says_from_what_to_what(report):
    report(quantity=Decimal(14))
    report(quantity=Decimal(16))
    assert [entry.data["quantity"] for entry in LogEntry.objects.filter(verb="report").order_by("at", "id")] == [
        ["0", "14"],
        ["14", "16"],
    ]


def test_more_than_the_goal_is_refused_with_the_cure(report):
    with pytest.raises(Refused, match="完成量 23 大于目标 20。如目标已调整，请先请创建办改目标"):
        report(quantity=Decimal(23))
    assert not ProgressReport.objects.exists()


def test_at_least_may_be_exceeded(report, milestone):
    Target.objects.update(op=Target.Op.AT_LEAST)
    report(quantity=Decimal(23))
    assert milestone.quantity_done == 23


def test_smaller_quantity_needs_words(report):
    report(quantity=Decimal(14))
    with pytest.raises(Refused, match="由 14 改小为 12"):
        report(quantity=Decimal(12))


def test_nothing_filled_in_is_said(report):
    with pytest.raises(Refused, match="什么也没有填"):
        report()


def test_submission_waits_for_verification(report, task, milestone):
    report(quantity=Decimal(20), is_submission=True)
    task.refresh_from_db()
    assert (milestone.state, task.state, milestone.submitted_by.name) == ("submitted", "submitted", "王磊")


def test_submitted_cannot_be_reported_on(report):
    report(is_submission=True)
    with pytest.raises(Refused, match="请先撤回"):
        report(progress="再补一句")


def test_retracted_is_open_again(report, milestone, liaison, now):
    report(is_submission=True)
    retract(milestone, by=liaison, now=now, version=milestone.version)
    assert milestone.state == Milestone.State.OPEN


def test_same_token_is_the_same_report(report):
    first = report(token="a", quantity=Decimal(14))
    assert report(token="a", quantity=Decimal(14)) == first
    assert ProgressReport.objects.count() == 1


def test_same_token_other_body_is_a_conflict(report):
    report(token="a", quantity=Decimal(14))
    with pytest.raises(Conflict, match="已经提交过，内容不同"):
        report(token="a", quantity=Decimal(15))


def test_second_saver_is_told_and_nothing_is_overwritten(report, milestone):
    stale = milestone.version
    report(quantity=Decimal(14))
    with pytest.raises(Conflict, match="别人先更新了"):
        report(quantity=Decimal(12), progress="核减", version=stale)
    assert Milestone.objects.get().quantity_done == 14


def test_evidence_comes_with_the_report(report, task):
    report(files=[NewFile(picture(), shows="长安西路")])
    row = Evidence.objects.get()
    assert (row.shows, row.kind, row.task.evidence_count) == ("长安西路", "picture", 1)


def test_same_file_is_stored_once(report):
    report(files=[NewFile(picture())])
    report(files=[NewFile(picture())])
    assert Evidence.objects.count() == 1


def test_bad_file_writes_nothing(report, milestone):
    with pytest.raises(Refused, match="空文件"):
        report(quantity=Decimal(3), files=[NewFile(Upload("a.jpg", b""))])
    milestone.refresh_from_db()
    assert (milestone.quantity_done, ProgressReport.objects.count()) == (0, 0)


def test_rate_is_measured_by_its_two_numbers(report, task, campaign):
    rate = Target.objects.create(
        campaign=campaign, task=task, what="改造率", op=">=", value=80, unit_of_measure="%", order=1
    )
    report(numerator=Decimal(33), denominator=Decimal(40))
    rate.refresh_from_db()
    assert rate.value_done == Decimal("82.5")


def test_draft_is_gone_once_sent(report, milestone, liaison, campaign, now):
    Draft.objects.create(campaign=campaign, user=liaison, milestone=milestone, data={}, updated_at=now)
    report(quantity=Decimal(1))
    assert not Draft.objects.exists()


def test_member_of_a_group_reports_on_its_own(task, campaign, street, make_person, actor, today):
    own = task.milestones.create(campaign=campaign, unit=street, due_on=today)
    task.assignments.create(campaign=campaign, unit=street, role="responsible", order=1)
    assert next_milestone(actor(make_person("street", street, "liaison")), task, today=today) == own
