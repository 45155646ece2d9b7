"""Drafting, freezing, issuing once, correcting."""

import datetime as dt
import hashlib

import pytest

from campaign import attachments
from campaign.models import OutgoingMail
from campaign.problems import Conflict, Refused
from reports import briefing as deeds
from reports import daily, editing, paper, typesetting
from reports.models import Briefing, Document
from tasks.models import Milestone
from tests.reports.paper import text_of


def bytes_of(attachment):
    with attachments.read(attachment.file) as file:
        return file.read()


def test_a_week_has_one_draft(draft, campaign, week, office, now):
    assert deeds.draft(campaign, week, by=office, now=now) == draft
    assert [section.kind for section in draft.sections.all()] == [
        "summary",
        "closed",
        "late",
        "next",
        "field",
        "problems",
        "practice",
    ]


@pytest.mark.parametrize(("day", "drafts"), [(25, 0), (26, 1), (27, 1), (29, 1)])
def test_thursdays_draft_writes_itself_and_a_missed_thursday_heals(campaign, now, day, drafts):
    today = dt.date(2019, 9, day)
    for _ in range(2):
        daily.run_day(campaign, today=today, now=now)
    assert Briefing.objects.filter(period="2019-W39").count() == drafts


def test_figures_live_until_they_are_final(draft, office, today, now, campaign):
    final = deeds.finalise(draft, by=office, today=today, now=now)
    before = deeds.facts_for(final, today=today)
    Milestone.objects.filter(campaign=campaign).update(state="done", closed_on=today)
    assert deeds.facts_for(final, today=today) == before
    assert deeds.facts_for(deeds.reopen(final, by=office, now=now), today=today) != before


def test_an_issue_is_numbered_kept_and_put_into_the_outbox(document, readers):
    assert (document.year, document.number, document.title) == (2019, 1, "本周销号1项任务，1项逾期任务须加快办理")
    text = text_of(bytes_of(document.pdf))
    for words in ("创城工作简报", "第1期", "一、总体情况", "区交通支队1项", "报：区委办公室。", "发：古桥街道。"):
        assert words in text
    assert set(OutgoingMail.objects.values_list("to_address", "kind")) == {
        ("qw@example.test", "briefing"),
        ("gq@example.test", "briefing"),
    }


def test_issued_twice_it_is_issued_once(document, final, office, now):
    assert deeds.issue(final, by=office, now=now) == document
    assert Document.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_the_pdf_set_again_is_the_same_to_the_byte(document):
    again = deeds.set_again(document)
    assert hashlib.sha256(again).hexdigest() == document.pdf.sha256


def test_a_number_taken_meanwhile_is_not_given_twice(final, document, campaign, week, office, today, now, monkeypatch):
    second = deeds.finalise(deeds.draft(campaign, week.next, by=office, now=now), by=office, today=today, now=now)
    real, answers = deeds.next_number, iter([1])
    monkeypatch.setattr(deeds, "next_number", lambda *words: next(answers, None) or real(*words))
    assert deeds.issue(second, by=office, now=now).number == 2


def test_what_fails_half_way_leaves_nothing(final, readers, office, now, monkeypatch):
    def broken(*words, **more):
        raise RuntimeError("power cut")

    monkeypatch.setattr(deeds, "_mail", broken)
    with pytest.raises(RuntimeError):
        deeds.issue(final, by=office, now=now)
    final.refresh_from_db()
    assert (final.state, Document.objects.count(), OutgoingMail.objects.count()) == ("final", 0, 0)


def test_a_draft_is_not_issued(draft, office, now):
    with pytest.raises(Refused, match="还没有定稿"):
        deeds.issue(draft, by=office, now=now)


def test_a_correction_is_a_new_issue_that_says_so(document, final, office, today, now):
    final.refresh_from_db()
    second = deeds.correct(final, "逾期任务应为2项", by=office, now=now)
    assert deeds.correct(final, "再点一次", by=office, now=now) == second
    corrected = deeds.issue(deeds.finalise(second, by=office, today=today, now=now), by=office, now=now)
    assert (corrected.number, corrected.corrects) == (2, document)
    assert "更正2019年第1期：逾期任务应为2项" in text_of(bytes_of(corrected.pdf))


def test_numbers_begin_again_with_the_year_and_the_total_goes_on(document, campaign, week, office, now):
    later = now + dt.timedelta(days=120)
    second = deeds.draft(campaign, week.next, by=office, now=later)
    second = deeds.finalise(second, by=office, today=later.date(), now=later)
    issued = deeds.issue(second, by=office, now=later)
    assert (issued.year, issued.number) == (2020, 1)
    assert "第1期（总第2期）" in text_of(bytes_of(issued.pdf))


def test_sections_are_written_dropped_moved_and_added(draft, office, now):
    late, closed = draft.sections.get(kind="late"), draft.sections.get(kind="closed")
    editing.write(late, "逾期督办", "请抓紧。\n第二段。", version=1, by=office, now=now)
    editing.take(closed, is_included=False, version=2, by=office, now=now)
    editing.move(late, -2, version=3)
    editing.add(draft, "领导批示", "要抓实。", version=4, by=office, now=now)
    words = list(deeds.preview(draft, today=now.date()).words)
    headings = [word for word in words if word[1:2] == "、"]
    assert headings == ["一、逾期督办", "二、总体情况", "三、下周到期", "四、存在问题", "五、领导批示"]
    assert {"请抓紧。", "第二段。", "要抓实。"} <= set(words)


def test_who_read_an_older_draft_overwrites_nobody(draft, office, now):
    section = draft.sections.get(kind="late")
    editing.write(section, "逾期督办", "甲写的", version=1, by=office, now=now)
    with pytest.raises(Conflict, match="刚被别人改过"):
        editing.write(section, "逾期督办", "乙写的", version=1, by=office, now=now)
    section.refresh_from_db()
    assert section.body == "甲写的"


def test_a_final_issue_is_not_edited(final, office, now):
    with pytest.raises(Refused, match="已经定稿"):
        editing.rename(final, "新标题", version=final.version, by=office, now=now)


def test_an_empty_issue_is_refused(draft, office, today, now):
    draft.sections.update(is_included=False)
    with pytest.raises(Refused, match="没有内容"):
        deeds.finalise(draft, by=office, today=today, now=now)


def test_the_paper_of_a_draft_says_that_it_is_one(draft, today):
    sheet = deeds.preview(draft, today=today)
    assert (sheet.number, sheet.total) == ("第1期", "（送审稿）")
    assert text_of(typesetting.pdf(sheet, now=dt.datetime(2019, 9, 24, tzinfo=dt.UTC)))


def test_a_kept_sheet_comes_back_as_it_was(document):
    kept = document.facts["sheet"]
    assert paper.sheet_from(kept).as_dict() == {**kept, "blocks": paper.sheet_from(kept).as_dict()["blocks"]}
