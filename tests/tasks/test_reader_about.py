"""A document's kind, title, number and place put right after it was taken in; one taken in by mistake taken out."""

import pytest

from campaign.log import LogEntry
from campaign.problems import Refused
from tasks.models import Milestone, SourceDocument, SourceDraft, Task
from tasks.reading import committing, deciding, describing
from tasks.views import reader
from tests.tasks.reader_cast import *  # noqa: F403
from tests.tasks.speeches import SPEECH
from tests.tasks.test_reader_pages import words


def test_a_forgotten_number_is_the_basis_after_all(desk, take, all_taken, office, now, project):
    notice = take("区财政局负责，10月底前报送自查报告。", kind="speech", title="通知")
    said = {"kind": "notice", "title": "关于开展自查的通知", "number": "市文明办〔2019〕7号", "project": project.code}
    page = desk.post(f"/tasks/reader/{notice.pk}/about", said, follow=True)
    assert "从通知中读出" in words(page)
    notice.refresh_from_db()
    committing.commit(all_taken(notice), by=office, now=now)
    assert "《关于开展自查的通知》（市文明办〔2019〕7号）" in Milestone.objects.get().basis
    assert Task.objects.get().project == project
    assert LogEntry.objects.filter(verb="describe_document").count() == 1


@pytest.mark.parametrize(("wrong", "word"), [({"title": "  "}, "名称要写"), ({"kind": "novel"}, "种类")])
def test_what_cannot_be_is_refused_and_what_was_typed_stays(desk, document, wrong, word):
    page = desk.post(
        f"/tasks/reader/{document.pk}/about", {"kind": "notice", "title": "新名称", "number": "7号"} | wrong
    )
    assert page.status_code == 422
    assert word in words(page)
    assert 'value="7号"' in page.content.decode()
    assert SourceDocument.objects.get().title == document.title


def test_nothing_changed_writes_nothing(document, office, now):
    same = describing.Facts(kind=document.kind, title=document.title)
    assert not describing.describe(document, same, by=office, now=now)
    assert not LogEntry.objects.filter(verb="describe_document").exists()


def test_a_document_taken_in_by_mistake_goes_with_its_rows(desk, document, take, row, office, now):
    deciding.accept(row("公厕改造"), by=office, now=now)
    page = desk.post(f"/tasks/reader/{document.pk}/about", {"do": "remove"}, follow=True)
    assert "已移除" in words(page)
    assert not SourceDraft.objects.exists()
    assert take(SPEECH).pk != document.pk


def test_what_was_written_to_the_ledger_stays(desk, document, all_taken, office, now):
    committing.commit(all_taken(document), by=office, now=now)
    committing.take_back(document, by=office, now=now)
    with pytest.raises(Refused, match="留着备查"):
        describing.put_away(document, by=office, now=now)
    assert "备查" in words(desk.post(f"/tasks/reader/{document.pk}/about", {"do": "remove"}))
    assert SourceDocument.objects.filter(pk=document.pk).exists()


def test_a_year_of_documents_is_within_reach(desk, take, monkeypatch):
    monkeypatch.setattr(reader, "PAGE", 2)
    for number in range(5):
        take(f"区财政局主责，年内完成{number + 2}处改造。", title=f"第{number}期纪要", kind="minutes")
    assert "收过的文件5 份" in words(desk.get("/tasks/reader"))
    assert "第0期纪要" in words(desk.get("/tasks/reader?page=3"))
    assert "第4期纪要" in words(desk.get("/tasks/reader"))
    assert "第 1 页，共 3 页" in words(desk.get("/tasks/reader?page=novel"))
