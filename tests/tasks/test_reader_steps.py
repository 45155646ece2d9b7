"""Steps in the reader that go wrong without anybody noticing: the wrong row at hand, a date not taken, words lost from a form."""

import re

import pytest

from tasks.models import SourceDraft
from tasks.reading import deciding, showing
from tests.tasks.reader_cast import *  # noqa: F403
from tests.tasks.test_reader_pages import decide, words  # noqa: F401

State = SourceDraft.State


def at_hand(page):
    return re.search(r'name="at" value="([^"]*)"', page.content.decode())[1]


def test_a_date_written_beside_the_doubt_is_taken(decide, row):  # noqa: F811
    label = row("公厕改造").label
    decide("accept", label, **{f"day-{label}": "11月15日"})
    taken = row("公厕改造")
    assert (taken.state, taken.row["due_date"]) == (State.ACCEPTED, "2019-11-15")


def test_a_date_nobody_can_read_stays_in_its_field(decide, row):  # noqa: F811
    label = row("公厕改造").label
    page = decide("accept", label, **{f"day-{label}": "很快"})
    assert page.status_code == 422
    assert 'value="很快"' in page.content.decode()
    assert row("公厕改造").state == State.DRAFTED


def test_a_refused_form_keeps_every_word(decide, row):  # noqa: F811
    said = {
        "title": "",
        "units-primary": "区教委",
        "limit": "",
        "targets": "4 座",
        "program": "绿化工程",
        "is_open_ended": "on",
    }
    page = decide(f"edit:{row('口袋公园').label}", **said).content.decode()
    for words_ in ("区教委", "4 座", "绿化工程"):
        assert f'value="{words_}"' in page
    assert 'name="limit" maxlength="120" value=""' in page
    assert 'name="is_open_ended" checked' in page


def test_a_settled_row_stays_at_hand_in_the_list_of_doubts(decide, row):  # noqa: F811
    label = row("公厕改造").label
    page = decide(f"settle:{label}:deadline_ambiguous:2019-11-30", label, show="doubt")
    assert at_hand(page) == label
    page = decide("accept", at_hand(page), show="doubt")
    assert row("公厕改造").state == State.ACCEPTED
    assert at_hand(page) == row("照明改造").label


def test_a_list_of_one_kind_of_doubt_is_left_for_none_of_its_rows(take, desk):
    text = "".join(f"区财政局主责，{n}月前完成{n}处点位改造。区财政局主责，制定第{n}项办法。" for n in (9, 10, 11))
    document = take(text)
    codes = {d.label: {p["code"] for p in d.row["problems"]} for d in document.drafts.all()}
    asked = [label for label, found in codes.items() if "deadline_ambiguous" in found]
    assert len(asked) == 3 < len(codes)
    said = {"do": "accept", "at": asked[1], "show": "deadline_ambiguous"}
    page = desk.post(f"/tasks/reader/{document.pk}/decide", said, follow=True)
    assert at_hand(page) == asked[2]


def test_the_list_is_kept_through_a_form(desk, document, row):
    page = desk.get(f"/tasks/reader/{document.pk}?show=doubt&at={row('公厕改造').label}").content.decode()
    links = re.findall(r'href="(\?at=[^"]*do=(?:edit|split)[^"]*)"', page)
    assert len(links) >= 2
    assert all("show=doubt" in link for link in links)


def test_a_step_without_loading_the_page_says_what_it_did(desk, document):
    said = {"do": "accept_clear", "at": "1"}
    page = desk.post(f"/tasks/reader/{document.pk}/decide", said, HTTP_HX_REQUEST="true")
    assert "toast" in page["HX-Trigger"]
    assert "没有疑问" in page["HX-Trigger"].encode().decode("unicode_escape")
    assert "采用了没有疑问的" not in words(desk.get(f"/tasks/reader/{document.pk}"))


def test_what_the_ledger_has_leaves_nothing_open(desk, document, office, now):
    for draft in document.drafts.all():
        draft.state, draft.has_doubt = State.COMMITTED, True
        draft.save()
    assert "存疑 " not in words(desk.get("/tasks/reader"))
    assert ">存疑 <i>0</i>" in desk.get(f"/tasks/reader/{document.pk}/reconcile").content.decode()


def test_what_was_seen_is_part_of_the_whole(desk, document, row, office, now):
    deciding.drop(row("口袋公园"), by=office, now=now)
    page = desk.get(f"/tasks/reader/{document.pk}").content.decode()
    whole = document.drafts.count()
    assert f"已看到 1，还剩 {whole - 1}" in page
    assert 'href="?show=dropped"' in page


@pytest.mark.parametrize("show", ["", "doubt"])
def test_a_rhythm_that_is_left_behind_is_said(desk, document, row, show):
    deciding_on = {"do": "merge", "at": row("劝导活动").label, "show": show}
    page = desk.post(f"/tasks/reader/{document.pk}/decide", deciding_on, follow=True)
    assert "没有带过去" in words(page)


def test_a_long_document_is_gone_through_part_by_part(desk, take, monkeypatch):
    monkeypatch.setattr(showing, "MOST_ROWS", 5)
    document = take("\n".join(f"区财政局主责，年内完成{n}处点位改造。" for n in range(2, 14)))
    first = desk.get(f"/tasks/reader/{document.pk}")
    assert first.content.count(b'data-row="') == first.content.count(b"<sup>") == 5
    assert "第 1–5 项，共 12 项" in words(first)
    after = re.search(r'href="\?at=(\d+)[^"]*" data-after', first.content.decode())[1]
    second = desk.get(f"/tasks/reader/{document.pk}?at={after}")
    assert [after, "第 6–10 项，共 12 项" in words(second)] == ["6", True]
    before = re.search(r'href="\?at=(\d+)[^"]*" data-before', second.content.decode())[1]
    assert before == "5"
    last = desk.post(f"/tasks/reader/{document.pk}/decide", {"do": "accept", "at": "10"}, follow=True)
    assert at_hand(last) == "11"
    assert "data-after" not in last.content.decode()


def test_of_a_long_text_only_what_says_something_is_shown(desk, take, monkeypatch):
    monkeypatch.setattr(showing, "MOST_TEXT", 60)
    document = take(
        "一、背景\n大家辛苦了，谢谢大家。\n天气很好。\n区财政局主责，年内完成20处点位改造。\n再次谢谢。\n"
        + "还要谢谢。\n" * 5
    )
    page = words(desk.get(f"/tasks/reader/{document.pk}"))
    assert "一、背景 …… 区财政局主责" in page
    assert "天气很好" not in page


def test_every_clause_of_a_shown_line_is_marked(desk, take, monkeypatch):
    monkeypatch.setattr(showing, "MOST_ROWS", 2)
    document = take(
        "区财政局主责，年内完成2处点位改造，年内新建3座公园，年内整修4条道路。\n区民政局主责，年内建成5个驿站。"
    )
    assert document.drafts.count() == 4
    page = desk.get(f"/tasks/reader/{document.pk}?at=3").content.decode()
    assert re.findall(r"<sup>(\d+)</sup>", page) == ["1", "2", "3", "4"]
    assert re.findall(r'data-row="(\d+)"', page) == ["3", "4"]
