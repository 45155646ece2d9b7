"""Going through a document: taken in once, each row taken, mended, parted, put together or dropped; every step undone."""

import pytest

from campaign.models import Attachment, Unit
from campaign.problems import Conflict, Refused
from tasks.extraction import DraftRow
from tasks.models import SourceDocument, SourceDraft
from tasks.reading import committing, deciding, reshaping, taking
from tasks.reading.showing import RowView, paragraphs
from tests.tasks.reader_cast import *  # noqa: F403
from tests.tasks.speeches import SPEECH

State = SourceDraft.State


def standing(document):
    return [draft.row["title"] for draft in document.drafts.filter(state__in=SourceDraft.STANDING)]


def test_every_row_stands_in_the_text(document):
    for draft in document.drafts.all():
        assert document.text[draft.start : draft.end] == draft.row["sentence"]
    assert len(standing(document)) >= 6


def test_the_same_document_is_one_in_whatever_form_it_comes(take):
    first = take(SPEECH, name="讲话.txt")
    assert take(SPEECH.replace("\n\n", "\n")).pk == first.pk
    assert (SourceDocument.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("said", "word"),
    [({"text": "  \n"}, "没有文字"), ({"text": "同志们", "kind": "novel"}, "种类"), ({"text": "文" * 400_001}, "万字")],
)
def test_what_is_no_document_is_refused_and_nothing_kept(take, said, word):
    with pytest.raises(Refused, match=word):
        take(**said)
    assert not SourceDocument.objects.exists()


def test_a_document_without_tasks_says_so(take):
    assert list(take("大家辛苦了，谢谢大家。").drafts.all()) == []


def test_taking_a_row_settles_its_doubts(row, office, now):
    draft = row("公厕改造")
    assert draft.has_doubt
    draft = deciding.accept(draft, by=office, now=now)
    assert (draft.state, draft.has_doubt, draft.row["due_date"]) == (State.ACCEPTED, False, "2019-10-31")


def test_the_other_reading_of_a_limit(row, office, now):
    deciding.settle(row("公厕改造"), "deadline_ambiguous", "2019-11-30", by=office, now=now)
    draft = row("公厕改造")
    assert (draft.row["due_date"], draft.has_doubt, draft.state) == ("2019-11-30", False, State.DRAFTED)


def test_another_date_is_written_by_hand(row, office, now):
    deciding.settle(row("公厕改造"), "deadline_ambiguous", "day:11月15日", by=office, now=now)
    assert row("公厕改造").row["due_date"] == "2019-11-15"
    with pytest.raises(Refused):
        deciding.settle(row("公厕改造"), "deadline_ambiguous", "day:很快", by=office, now=now)


def test_an_answer_nobody_offered_is_refused(row, office, now):
    with pytest.raises(Refused, match="没有这种读法"):
        deciding.settle(row("公厕改造"), "deadline_ambiguous", "2019-12-24", by=office, now=now)


def test_only_the_named_units(row, office, now):
    deciding.settle(row("照明改造"), "units_open", "named", by=office, now=now)
    assert not row("照明改造").row["units_open_ended"]


def test_all_without_doubts_at_once(document, office, now):
    count = deciding.accept_clear(document, by=office, now=now)
    assert count == document.drafts.filter(state=State.ACCEPTED).count() > 3
    assert document.drafts.filter(state=State.DRAFTED, has_doubt=False).count() == 0
    with pytest.raises(Refused):
        deciding.accept_clear(document, by=office, now=now)


def test_a_dropped_row_can_be_taken_up_again(row, document, office, now):
    before = len(standing(document))
    draft = deciding.drop(row("劝导活动"), by=office, now=now)
    assert len(standing(document)) == before - 1
    deciding.take_up(draft, by=office, now=now)
    assert len(standing(document)) == before


def test_a_row_somebody_else_dropped_meanwhile(row, office, now):
    stale = row("劝导活动")
    deciding.drop(row("劝导活动"), by=office, now=now)
    with pytest.raises(Conflict, match="现在是“不是任务”"):
        deciding.accept(stale, by=office, now=now)


def test_a_row_is_mended(row, office, now):
    edits = reshaping.Edits(
        title="新建口袋公园", units={"primary": "区园林局、区民政局"}, limit="10月底前", targets="口袋公园 = 5 座", project="绿化"
    )  # fmt: skip
    mended = reshaping.edit(row("口袋公园"), edits, by=office, now=now).row
    assert mended["primary_units"] == ("区园林局", "区民政局")
    assert (mended["due_date"], mended["project"]) == ("2019-10-31", "绿化")
    assert [(t["value"], t["unit"]) for t in mended["targets"]] == [(5.0, "座")]


@pytest.mark.parametrize("edits", [{"title": " "}, {"limit": "很快"}, {"targets": "好几座"}])
def test_what_cannot_be_read_is_refused_and_nothing_changes(row, office, now, edits):
    before = row("口袋公园").row
    with pytest.raises(Refused):
        reshaping.edit(row("口袋公园"), reshaping.Edits(**edits), by=office, now=now)
    assert row("口袋公园").row == before


def test_one_row_becomes_two(row, document, office, now):
    draft = row("口袋公园")
    parts = reshaping.split(draft, ["年内新建4座口袋公园", "9月底前完成选址"], by=office, now=now)
    assert [part.label for part in parts] == [f"{draft.number}-1", f"{draft.number}-2"]
    assert [part.row["due_date"] for part in parts] == ["2019-12-31", "2019-09-30"]
    kept = document.drafts.filter(number=draft.number)
    assert [part.row["primary_units"] for part in kept] == [["区城市管理委"]] * 2
    with pytest.raises(Refused, match="换行"):
        reshaping.split(parts[0], ["只有一行"], by=office, now=now)


def test_two_rows_become_one(row, document, office, now):
    whole = reshaping.merge(row("劝导活动"), by=office, now=now)
    assert "示范道路" in whole.row["title"]
    assert "劝导活动" in whole.row["title"]
    assert whole.row["due_date"] == "2019-09-30"
    assert document.drafts.filter(state=State.MERGED).count() == 1


def test_nothing_stands_above_the_first(document, office, now):
    with pytest.raises(Refused, match="上面没有"):
        reshaping.merge(document.drafts.first(), by=office, now=now)


def test_every_step_is_undone_latest_first(document, row, office, now):
    before = list(document.drafts.values_list("number", "part", "state", "row"))
    deciding.accept_clear(document, by=office, now=now)
    deciding.settle(row("公厕改造"), "deadline_ambiguous", "2019-11-30", by=office, now=now)
    reshaping.merge(row("劝导活动"), by=office, now=now)
    reshaping.split(row("口袋公园"), ["新建4座口袋公园", "完成选址"], by=office, now=now)
    deciding.drop(row("完成选址"), by=office, now=now)
    while deciding.undo(document):
        pass
    assert list(document.drafts.values_list("number", "part", "state", "row")) == before


def test_a_name_one_letter_off_is_asked_about_once(campaign, take, office, now):
    Unit.objects.create(campaign=campaign, name="区住房城市建设委", order=30)
    text = "区住房城乡建设委主责，10月底前完成危房改造。区住房城乡建设委主责，年内完成外墙粉刷。"
    drafts = list(take(text).drafts.all())
    assert all(draft.has_doubt for draft in drafts)
    deciding.settle(drafts[0], "unit_near", "use:区住房城市建设委", by=office, now=now)
    for draft in SourceDraft.objects.all():
        assert draft.row["primary_units"] == ["区住房城市建设委"]


def test_the_text_is_shown_whole_with_its_clauses(document):
    views = [RowView(draft, 2019) for draft in document.drafts.all()]
    shown = paragraphs(document, views)
    text = "".join(piece.text for one in shown for clause in one.clauses for piece in clause.pieces)
    assert "".join(text.split()) == "".join(document.text.split())
    marked = {view.draft.label for one in shown for clause in one.clauses for view in clause.ends}
    assert marked == {view.draft.label for view in views}


@pytest.mark.parametrize(
    ("program", "project", "expected"),
    [
        ("十大提升工程", "要切实抓好社区环境提升工程", ("社区环境提升工程", "")),
        ("二是要大力推进社区环境提升工程", "楼门文化", ("社区环境提升工程", "楼门文化")),
        ("市民文明素养提升工程", "文明交通", ("市民文明素养提升工程", "文明交通")),
        ("加强统筹协调", "", ("加强统筹协调", "")),
    ],
)
def test_a_heading_is_its_layer_without_the_urging(program, project, expected):
    layers = taking.Layers("提升工程", ("市民文明素养提升工程",))
    row = DraftRow(program=program, project=project, title="做", sentence="做", sheet="", row=1)
    settled = layers.settled(row)
    assert (settled.program, settled.project) == expected


def test_what_was_open_stays_open_in_one_row(row, document, office, now):
    """11月前 put into a row without a limit is still 11月前 with its two readings."""
    deciding.accept(row("劝导活动"), by=office, now=now)
    whole = reshaping.merge(row("公厕改造"), by=office, now=now)
    assert [problem["code"] for problem in whole.row["problems"]] == []  # a rhythm keeps its own limit
    deciding.undo(document)
    reshaping.edit(row("劝导活动"), reshaping.Edits(limit=""), by=office, now=now)
    whole = reshaping.merge(row("公厕改造"), by=office, now=now)
    assert (whole.has_doubt, whole.state, whole.row["due_date"]) == (True, State.DRAFTED, "2019-10-31")


def test_two_limits_in_one_row_are_two_steps(row, office, now):
    whole = reshaping.merge(row("口袋公园"), by=office, now=now).row
    assert (whole["due_date"], whole["deadline_text"]) == ("2019-12-31", "11月前；年内")
    assert whole["limit"]["milestones"] == ["2019-10-31", "2019-12-31"]
    assert [(t["value"], t["by"]) for t in whole["targets"]] == [(12, "2019-10-31"), (4, "2019-12-31")]


def test_a_step_follows_the_reading_of_its_day(row, document, office, now):
    whole = reshaping.merge(row("口袋公园"), by=office, now=now)
    whole.document = document
    (settled, *_) = deciding.settle(whole, "deadline_ambiguous", "2019-11-30", by=office, now=now)
    assert settled.row["limit"]["milestones"] == ["2019-11-30", "2019-12-31"]


def test_nothing_is_put_into_what_the_ledger_has(row, document, office, now):
    deciding.accept(row("公厕改造"), by=office, now=now)
    committing.commit(document, by=office, now=now)
    with pytest.raises(Refused, match="已经写入台账"):
        reshaping.merge(row("口袋公园"), by=office, now=now)
