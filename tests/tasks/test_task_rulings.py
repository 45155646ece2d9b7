"""What the office rules on a task's own page: requests, milestones, members; what units add to their evidence."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks import evidence
from tasks.editing import Changes, edit
from tasks.evidence import NewFile
from tasks.history import lines
from tasks.models import Assignment, Evidence, Milestone, Request
from tasks.requesting import ask
from tests.campaign.hostile import picture

OCTOBER = dt.date(2019, 10, 15)


@pytest.fixture
def asked(milestone, liaison, police, now):
    return ask(milestone, "extension", reason="燃气未完", proposed_on=OCTOBER, by=liaison, unit=police, now=now)


@pytest.fixture
def shared(task, street, city, campaign, milestone):
    """Two members that each owe their own."""
    Assignment.objects.create(campaign=campaign, task=task, unit=street, role="primary", order=1)
    Milestone.objects.create(campaign=campaign, task=task, unit=street, due_on=milestone.due_on, label="完成")
    return task


@pytest.fixture
def proof(milestone, liaison, police, now):
    file = NewFile(evidence.attachments.Upload("现场.jpg", picture()))
    return evidence.add(milestone, file, report=None, by=liaison, unit=police, now=now)


def test_office_grants_on_the_page(login, office, asked, milestone):
    login(office).post(f"/requests/{asked.pk}/rule", {"answer": "grant", "ruling": "第 31 期纪要"})
    milestone.refresh_from_db()
    assert (milestone.due_on, Request.objects.get().state) == (OCTOBER, "granted")


def test_answer_without_words_says_so_and_changes_nothing(login, office, asked):
    response = login(office).post(f"/requests/{asked.pk}/rule", {"answer": "grant", "ruling": ""})
    assert response.status_code == 422
    assert "请写依据" in response.content.decode()
    assert Request.objects.get().state == "open"


def test_waived_milestone_keeps_its_reason(login, office, milestone):
    login(office).post(f"/milestones/{milestone.pk}/waive", {"version": milestone.version, "reason": "专题会同意"})
    milestone.refresh_from_db()
    assert (milestone.state, milestone.waive_reason) == ("waived", "专题会同意")


def test_waiving_needs_a_reason(login, office, milestone):
    page = login(office).post(f"/milestones/{milestone.pk}/waive", {"version": milestone.version}, follow=True)
    milestone.refresh_from_db()
    assert milestone.state == "open"
    assert "免办要写理由" in page.content.decode()


def test_reached_target_is_kept_up(login, office, task, milestone):
    Milestone.objects.update(state="done", closed_on=dt.date(2019, 9, 20))
    edit(task, Changes(words={"remark": "已达标"}), by=office, now=task.created_at, version=task.version)
    login(office).post(f"/tasks/{task.code}/keep-up", {"freq": "monthly"})
    task.refresh_from_db()
    assert (task.is_standing, task.milestones.filter(period_on__isnull=False).count()) == (True, 4)


def test_new_member_owes_what_the_others_owe(shared, office, city, police, street, now):
    units = {"primary": [police, street, city]}
    edit(shared, Changes(words={}, units=units), by=office, now=now, version=shared.version)
    assert shared.milestones.filter(unit=city, state="open").exists()


def test_member_that_leaves_is_let_off(shared, office, police, street, now):
    edit(shared, Changes(words={}, units={"primary": [police]}), by=office, now=now, version=shared.version)
    left = shared.milestones.get(unit=street)
    assert (left.state, left.waive_reason) == ("waived", "单位调整")


def test_unit_says_better_what_its_picture_shows(login, liaison, proof):
    login(liaison).post(f"/evidence/{proof.pk}/describe", {"shows": "长安西路", "about_on": "2019-09-12"})
    proof.refresh_from_db()
    assert (proof.shows, str(proof.about_on)) == ("长安西路", "2019-09-12")


def test_another_unit_of_the_task_may_not_rewrite_it(login, make_person, shared, street, proof):
    response = login(make_person("jie", street, "liaison")).post(f"/evidence/{proof.pk}/describe", {"shows": "x"})
    assert response.status_code == 403
    assert Evidence.objects.get().shows == ""


def test_day_to_come_is_refused(login, liaison, milestone):
    data = {"milestone": milestone.pk, "version": 1, "token": "t", "about_on": "2019-09-25"}
    data["file"] = SimpleUploadedFile("a.jpg", io.BytesIO(picture()).getvalue())
    response = login(liaison).post(f"/tasks/{milestone.task.code}/update", data)
    assert response.status_code == 422
    assert "在今天以后" in response.content.decode()
    assert not Evidence.objects.exists()


def test_what_could_not_be_saved_stays_in_the_form(login, office, task):
    data = {"title": "", "version": task.version, "requirements": "验收单", "new_label": "第一批"}
    page = login(office).post(f"/tasks/{task.code}/edit", data | {"units-primary": "区交通支队"}).content.decode()
    assert "新节点“第一批”要同时写名称和日期" in page
    assert "验收单</textarea>" in page
    assert 'value="第一批"' in page


def test_history_says_once_what_was_done_to_many(shared, office, now):
    from tasks.deadlines import change_deadlines

    change_deadlines(list(shared.milestones.all()), to_on=OCTOBER, basis="纪要", by=office, now=now)
    assert [line.text for line in lines(shared) if line.basis == "纪要"] != []
    assert "（2 个节点）" in lines(shared)[0].text


def test_every_part_of_the_page_opens_by_itself(login, office, shared, proof):
    client = login(office)
    for name in ("checks", "nodes", "evidence", "notices", "history"):
        assert client.get(f"/tasks/{shared.code}/{name}").status_code == 200


def test_second_editor_sees_both_side_by_side(login, office, task, now):
    edit(task, Changes(words={"title": "先改的名称"}), by=office, now=now, version=task.version)
    data = {"title": "后改的名称", "version": 1, "units-primary": "区交通支队"}
    response = login(office).post(f"/tasks/{task.code}/edit", data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "<td>先改的名称</td><td><b>后改的名称</b></td>" in page
    assert f'name="version" value="{task.version}"' in page
