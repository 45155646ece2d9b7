"""The reader as the office walks it without scripts: every step is a form, every figure a link to its list."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.models import Job
from tasks.jobs import read_document
from tasks.models import SourceDocument, Task
from tasks.reading import taking
from tests.tasks.reader_cast import *  # noqa: F403
from tests.tasks.speeches import MINUTES, SPEECH


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.fixture
def decide(desk, document):
    def do(verb, label="", **said):
        address = f"/tasks/reader/{document.pk}/decide"
        return desk.post(address, {"do": verb, "at": label} | said, follow=True)

    return do


def test_a_file_is_taken_and_opened(desk, campaign):
    page = desk.post(
        "/tasks/reader", {"kind": "speech", "file": SimpleUploadedFile("讲话.txt", SPEECH.encode())}, follow=True
    )
    assert "从讲话中读出" in words(page)
    assert SourceDocument.objects.get().title == "在全区创城推进会上的讲话"
    again = desk.post("/tasks/reader", {"kind": "speech", "text": SPEECH}, follow=True)
    assert "以前收过" in words(again)
    assert not Job.objects.exists()


def test_nothing_to_read_is_said_and_what_was_typed_stays(desk, campaign):
    page = desk.post("/tasks/reader", {"kind": "notice", "text": " ", "title": "自查通知"})
    assert page.status_code == 422
    assert "没有文字可读" in words(page)
    assert 'value="自查通知"' in page.content.decode()


def test_a_long_text_is_read_by_a_worker(desk, campaign, monkeypatch):
    monkeypatch.setattr(taking, "AT_ONCE", 10)
    page = desk.post("/tasks/reader", {"kind": "speech", "text": SPEECH}, follow=True)
    assert SourceDocument.objects.get().state == "reading"
    assert "读“" in words(page)
    read_document(str(Job.objects.get().pk))
    assert Job.objects.get().state == "done"
    assert SourceDocument.objects.get().drafts.count() > 5


def test_the_row_at_hand_moves_on(decide, document, row):
    first = document.drafts.first()
    page = decide("accept", first.label)
    assert page.redirect_chain[-1][0].endswith("?at=2")
    assert document.drafts.first().state == "accepted"


@pytest.mark.parametrize("verb", ["edit", "split"])
def test_a_row_stands_open_as_a_form(desk, document, row, verb):
    page = desk.get(f"/tasks/reader/{document.pk}?at={row('口袋公园').label}&do={verb}")
    assert "不改了" in words(page)
    assert "口袋公园" in page.content.decode()


def test_a_refused_form_keeps_what_was_typed(decide, row):
    page = decide(f"edit:{row('口袋公园').label}", title="新建公园", limit="很快", targets="")
    assert page.status_code == 422
    assert 'value="很快"' in page.content.decode()


def test_a_row_is_parted_and_undone(decide, document, row):
    label = row("口袋公园").label
    decide(f"split:{label}", lines="新建4座口袋公园\n完成选址")
    assert document.drafts.filter(number=int(label)).count() == 2
    decide("undo")
    assert document.drafts.filter(number=int(label)).count() == 1


def test_every_figure_leads_to_its_list(desk, document):
    page = desk.get(f"/tasks/reader/{document.pk}").content.decode()
    for show in re.findall(r'href="\?show=(\w+)"', page):
        shown = desk.get(f"/tasks/reader/{document.pk}?show={show}")
        said = re.search(rf'\?show={show}"[^>]*>[^<]*(?:<b>)?(\d+)', page)
        if said:
            assert shown.content.decode().count('data-row="') == int(said[1]), show


def test_from_text_to_ledger_and_back(desk, document, decide, all_taken):
    all_taken(document)
    page = desk.post(f"/tasks/reader/{document.pk}/commit", follow=True)
    assert "已写入台账：新增" in words(page)
    assert Task.objects.count() == document.drafts.count()
    assert "已撤回" in words(desk.post(f"/tasks/reader/{document.pk}/take-back", follow=True))
    assert not Task.objects.exists()


def test_a_task_shows_the_sentences_it_rests_on(desk, document, all_taken, take):
    all_taken(document)
    desk.post(f"/tasks/reader/{document.pk}/commit")
    minutes = all_taken(take(MINUTES, kind="minutes"))
    desk.post(f"/tasks/reader/{minutes.pk}/commit")
    task = Task.objects.get(title__contains="示范道路")
    page = desk.get(task.get_absolute_url())
    assert "2 句原话" in words(page)
    assert f"/tasks/reader/{minutes.pk}?at=" in page.content.decode()


def test_a_party_reads_its_sentence_but_not_the_document(client, liaison, desk, document, all_taken):
    all_taken(document)
    desk.post(f"/tasks/reader/{document.pk}/commit")
    client.force_login(liaison)
    page = client.get(Task.objects.get(title__contains="示范道路").get_absolute_url())
    assert "18个文明交通示范道路" in words(page)
    assert "/tasks/reader/" not in page.content.decode()


def test_a_leader_reads_and_cannot_touch(client, leader, document):
    client.force_login(leader)
    page = client.get(f"/tasks/reader/{document.pk}").content.decode()
    assert 'name="do"' not in page
    assert 'name="do"' not in client.get(f"/tasks/reader/{document.pk}/reconcile").content.decode()


def test_differences_are_settled_on_the_page(desk, task, take):
    minutes = take("区交通支队主责，10月15日前完成18条文明交通示范道路创建。", kind="minutes", title="专题纪要")
    address = f"/tasks/reader/{minutes.pk}"
    page = desk.get(f"{address}/reconcile")
    assert "照纪要" in words(page)
    for key in re.findall(r'value="(document:[^"]+)"', page.content.decode()):
        desk.post(f"{address}/choose", {"do": key})
    assert "已写入 2 项" in words(desk.post(f"{address}/settle", follow=True))
    assert "1 项与台账一致" in words(desk.get(f"{address}/reconcile"))


def test_why_the_ledger_refused_stands_on_the_row(desk, task, take):
    minutes = take("区交通支队主责，6月底前完成20条文明交通示范道路创建。", kind="minutes")
    key = re.search(r'value="(document:[^"]+)"', desk.get(f"/tasks/reader/{minutes.pk}/reconcile").content.decode())[1]
    desk.post(f"/tasks/reader/{minutes.pk}/choose", {"do": key})
    assert "已经过去" in words(desk.post(f"/tasks/reader/{minutes.pk}/settle"))


@pytest.mark.parametrize("page", ["", "?show=doubt", "/reconcile", "/reconcile?show=same", "/reconcile?show=unsaid"])
def test_queries_do_not_grow_with_the_text(desk, task, take, page, django_assert_max_num_queries):
    small = take()
    large = take(SPEECH + "".join(f"\n\n区财政局主责，年内完成{n + 2}处示范点位改造第{n}批。" for n in range(40)))
    desk.get(f"/tasks/reader/{small.pk}{page}")
    with django_assert_max_num_queries(30) as few:
        desk.get(f"/tasks/reader/{small.pk}{page}")
    with django_assert_max_num_queries(len(few)):
        desk.get(f"/tasks/reader/{large.pk}{page}")


def test_the_ledger_says_what_a_speech_states_otherwise(desk, document, make_task):
    make_task()
    page = desk.get("/tasks?view=all")
    assert "说有 3 个项目（台账 1）、12 项工作任务（台账 1）" in words(page)
    assert "失分内容" not in words(page)
    assert "说有" not in words(desk.get("/tasks?view=all&f.lamp=overdue"))


def test_a_document_is_no_import(desk, document, all_taken):
    all_taken(document)
    desk.post(f"/tasks/reader/{document.pk}/commit")
    assert document.title not in words(desk.get("/tasks/import"))
    document.refresh_from_db()
    assert desk.get(f"/tasks/import/{document.batch_id}").status_code == 404
