"""The reconciliation's page: another task than the likeliest, long lists in parts, and what somebody else has chosen meanwhile."""

import re

import pytest

from campaign.problems import Conflict
from tasks.models import SourceAnswer
from tasks.reconciling import settling
from tasks.reconciling.comparing import reconcile
from tasks.views import reconciling as page_of
from tests.tasks.reader_cast import *  # noqa: F403
from tests.tasks.test_reader_pages import words
from tests.tasks.test_reconciling import points, say  # noqa: F401


@pytest.fixture
def missing(task, make_task, take):
    """A row no task is surely like; two tasks it could be put into."""
    make_task("02-02-03", "建立楼院议事制度", goal=None)
    return take("区民政局主责，建立楼院文化展示制度。", kind="minutes", title="专题纪要")


def test_another_task_than_the_likeliest_may_be_chosen(desk, missing, task):
    address = f"/tasks/reader/{missing.pk}"
    label, key = missing.drafts.get().label, points(missing)["missing"].key
    page = desk.get(f"{address}/reconcile?tie={label}").content.decode()
    assert f"{task.code} {task.title}" in page
    desk.post(f"{address}/choose", {"do": f"tie:{key}", "tie": key, "task": task.code})
    assert SourceAnswer.objects.get().task == task
    assert f"并入 {task.code}" in words(desk.get(f"{address}/reconcile"))


def test_enter_in_the_field_puts_the_row_there(desk, missing):
    """A form is sent with its first button where no button was pressed."""
    label, key = missing.drafts.get().label, points(missing)["missing"].key
    page = desk.get(f"/tasks/reader/{missing.pk}/reconcile?tie={label}").content.decode()
    first = re.search(r'id="recon".*?<button[^>]*name="do" value="([^"]*)"', page, re.DOTALL)[1]
    assert first == f"tie:{key}"


def test_the_likeliest_is_another_row_s_own(desk, missing, task):
    """What is written for one row is not meant for the row whose button is pressed."""
    key = points(missing)["missing"].key
    said = {"do": f"tie:{key}", "tie": "another:missing", "task": task.code}
    answer = desk.post(f"/tasks/reader/{missing.pk}/choose", said)
    assert not SourceAnswer.objects.filter(task=task).exists(), answer


def test_long_lists_come_in_parts(desk, take, make_task, monkeypatch):
    monkeypatch.setattr(page_of, "PAGE", 3)
    for number in range(7):
        make_task(f"02-03-{number:02}", f"整治第{number}号街巷", goal=None)
    address = f"/tasks/reader/{take(kind='notice').pk}/reconcile?show=unsaid"
    assert desk.get(address).content.count(b'class="tt"') == 3
    page = desk.get(f"{address}&from=6")
    assert page.content.count(b'class="tt"') == 1
    assert "第 7–7 项，共 7 项" in words(page)


def test_what_somebody_chose_meanwhile_is_looked_at_first(task, say, office, make_person, office_unit, now, desk):  # noqa: F811
    document = say("区交通支队主责，10月15日前完成18条文明交通示范道路创建。")
    found = points(document)
    settling.choose(document, found["targets"].key, "document", by=office, now=now)
    seen = settling.mark_of(reconcile(document).differences)
    settling.choose(document, found["deadline"].key, "ledger", by=office, now=now)
    with pytest.raises(Conflict, match="现在要写入的是 2 项"):
        settling.settle(document, by=office, now=now, seen_as=seen)
    page = desk.get(f"/tasks/reader/{document.pk}/reconcile").content.decode()
    fresh = re.search(r'name="seen" value="(\w+)"', page)[1]
    assert settling.settle(document, by=office, now=now, seen_as=fresh).applied == 2


def test_what_is_settled_makes_room(task, make_task, take, office, now, desk, monkeypatch):
    monkeypatch.setattr(page_of, "FEW", 1)
    make_task("02-02-03", "整治交通堵点", goal=None)
    document = take(
        "区交通支队主责，10月15日前完成20条文明交通示范道路创建。区交通支队主责，10月底前整治交通堵点。", kind="minutes"
    )
    first, second = (one for one in reconcile(document).differences if one.field == "deadline")
    settling.choose(document, first.key, "ledger", by=office, now=now)
    settling.settle(document, by=office, now=now)
    shown = re.findall(
        r'data-recon-row id|id="d-([^"]*)-deadline"',
        desk.get(f"/tasks/reader/{document.pk}/reconcile").content.decode(),
    )
    assert shown == [str(second.draft.pk)]


def test_a_number_and_its_measure_are_told_apart(make_task, say):  # noqa: F811
    make_task(measure="个")
    assert points(say(count=18))["targets"].why == "台账多 2 条"


def test_nothing_to_show_says_why(desk, task, say):  # noqa: F811
    def at(document, show=""):
        return words(desk.get(f"/tasks/reader/{document.pk}/reconcile?show={show}"))

    assert "没有可对的" in at(say("大家辛苦了，谢谢大家。"))
    assert "台账都有" in at(say())
    differing = say(count=18)
    assert "这一类没有不同之处" in at(differing, "deadline")
    assert "台账都有" not in at(differing, "deadline")
