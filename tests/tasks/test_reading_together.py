"""Two clerks at one document: what one did is not lost under the other's hand, and a count on a button is what it writes."""

import re

import pytest
from django.test import Client

from campaign.access import Role
from campaign.models import Membership
from campaign.problems import Conflict
from tasks.models import SourceDraft, Task
from tasks.reading import committing, deciding, reshaping
from tests.tasks.reader_cast import *  # noqa: F403

State = SourceDraft.State


@pytest.fixture
def colleague(make_person, office_unit):
    return make_person("liyan", office_unit, Role.OFFICE, Membership.Post.STAFF, name="李燕")


@pytest.fixture
def second_desk(colleague):
    client = Client()
    client.force_login(colleague)
    return client


def form_of(client, document, label, **query):
    """The hidden fields of the page as somebody has it open."""
    page = client.get(f"/tasks/reader/{document.pk}", {"at": label} | query).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(at|seen|show)" value="([^"]*)"', page))


@pytest.mark.parametrize("verb", ["accept", "drop", "merge", "edit", "split", "settle"])
def test_a_step_on_what_somebody_has_changed_is_not_done(desk, document, row, colleague, now, verb):
    label = row("公厕改造").label
    stale = form_of(desk, document, label)
    reshaping.edit(row("公厕改造"), reshaping.Edits(title="公厕改造十五处"), by=colleague, now=now)
    do = f"settle:{label}:deadline_ambiguous:2019-11-30" if verb == "settle" else f"{verb}:{label}"
    said = stale | {"do": do, "title": "别的", "lines": "一\n二"}
    answer = desk.post(f"/tasks/reader/{document.pk}/decide", said)
    assert answer.status_code == 422
    assert "刚刚改过了" in answer.content.decode()
    assert (row("公厕改造").row["title"], row("公厕改造").state) == ("公厕改造十五处", State.ACCEPTED)


def test_seen_once_more_it_is_done(desk, document, row, colleague, now):
    label = row("公厕改造").label
    reshaping.edit(row("公厕改造"), reshaping.Edits(title="公厕改造十五处"), by=colleague, now=now)
    fresh = form_of(desk, document, label)
    desk.post(f"/tasks/reader/{document.pk}/decide", fresh | {"do": f"drop:{label}"})
    assert row("公厕改造").state == State.DROPPED


def test_each_takes_back_their_own_step(document, row, office, colleague, now):
    deciding.accept(row("公厕改造"), by=office, now=now)
    deciding.drop(row("口袋公园"), by=colleague, now=now)
    assert deciding.undo(document, by=office).row["title"].startswith("完成12处")
    assert (row("公厕改造").state, row("口袋公园").state) == (State.DRAFTED, State.DROPPED)
    assert deciding.undo(document, by=office) is None


def test_a_step_somebody_has_built_on_stays(document, row, office, colleague, now):
    deciding.accept(row("公厕改造"), by=office, now=now)
    reshaping.edit(row("公厕改造"), reshaping.Edits(title="公厕"), by=colleague, now=now)
    with pytest.raises(Conflict, match="李燕后来又改过"):
        deciding.undo(document, by=office)
    assert document.drafts.filter(row__title="公厕").count() == 1


def test_undo_is_offered_to_whom_it_helps(desk, second_desk, document, row, office, now):
    deciding.accept(row("公厕改造"), by=office, now=now)
    address = f"/tasks/reader/{document.pk}"
    assert 'data-verb="z"' in desk.get(address).content.decode()
    assert 'data-verb="z"' not in second_desk.get(address).content.decode()


def test_the_ledger_gets_as_many_as_the_button_said(desk, document, row, office, colleague, now):
    deciding.accept(row("公厕改造"), by=office, now=now)
    assert 'name="expected" value="1"' in desk.get(f"/tasks/reader/{document.pk}").content.decode()
    deciding.accept(row("口袋公园"), by=colleague, now=now)
    answer = desk.post(f"/tasks/reader/{document.pk}/commit", {"expected": "1"})
    assert "现在已采用的是 2 项" in answer.content.decode()
    assert not Task.objects.exists()
    assert committing.commit(document, by=office, now=now, expected=2).created == 2


def test_a_part_whose_split_was_taken_back_is_said_to_be_gone(desk, document, row, colleague, now):
    parts = reshaping.split(row("口袋公园"), ["新建4座口袋公园", "完成选址"], by=colleague, now=now)
    deciding.undo(document, by=colleague)
    said = {"do": "accept", "at": parts[1].label}
    answer = desk.post(f"/tasks/reader/{document.pk}/decide", said, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    assert "已经没有了" in answer.content.decode()


def test_words_for_a_row_that_is_gone_are_not_put_on_the_next(desk, document, row, colleague, now):
    label = row("公厕改造").label
    stale = form_of(desk, document, label, do="edit")
    deciding.drop(row("公厕改造"), by=colleague, now=now)
    answer = desk.post(f"/tasks/reader/{document.pk}/decide", stale | {"do": f"edit:{label}", "title": "改过的名称"})
    page = answer.content.decode()
    assert "现在是“不是任务”" in page
    assert "改过的名称" not in page
    assert "保存并采用" not in page
