"""名册 by page: template, trial, the whole, links."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.models import Invitation, Membership, OutgoingMail, Unit, User
from tasks.importing.opening import open_workbook

HEADS = ["单位", "类别", "姓名", "岗位", "手机", "邮箱"]
ROWS = [
    ["河湾街道", "街道", "赵一", "主要领导", "13800000002", ""],
    ["河湾街道", "", "钱二", "联络员", "", "qian@example.test"],
]


def upload(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("名册.xlsx", out.getvalue())


@pytest.fixture
def client(login, office):
    return login(office)


def hash_in(page):
    return page.split('name="sha256" value="')[1].split('"')[0]


def test_from_the_list_to_the_trial_to_the_whole(client):
    assert 'href="/units/import"' in client.get("/units").content.decode()
    page = client.post("/units/import", {"file": upload(HEADS, *ROWS)}).content.decode()
    assert "新登记 <b>2</b> 人" in page
    assert not Unit.objects.filter(name="河湾街道").exists()
    done = client.post("/units/import", {"sha256": hash_in(page), "do": "commit", "invite": "1"}).content.decode()
    assert done.count("/invite/") == 2
    assert Membership.objects.filter(unit__name="河湾街道").count() == 2
    assert OutgoingMail.objects.filter(kind="invitation").count() == 1


def test_the_link_of_the_page_opens(client, settings):
    page = client.post("/units/import", {"file": upload(HEADS, *ROWS)}).content.decode()
    done = client.post("/units/import", {"sha256": hash_in(page), "do": "commit", "invite": "1"}).content.decode()
    link = done.split('class="sub2">')[1].split("</code>")[0].removeprefix(settings.SITE_URL)
    assert client.get(link).status_code == 200


def test_without_the_tick_nobody_is_invited(client):
    page = client.post("/units/import", {"file": upload(HEADS, *ROWS)}).content.decode()
    client.post("/units/import", {"sha256": hash_in(page), "do": "commit"})
    assert (Invitation.objects.count(), User.objects.filter(name="钱二").count()) == (0, 1)


def test_again_the_page_says_there_is_nothing_to_write(client):
    page = client.post("/units/import", {"file": upload(HEADS, *ROWS)}).content.decode()
    client.post("/units/import", {"sha256": hash_in(page), "do": "commit"})
    again = client.post("/units/import", {"file": upload(HEADS, *ROWS)}).content.decode()
    assert "没有要写的" in again
    assert 'value="commit"' not in again


def test_with_problems_there_is_no_button_and_no_way_around(client):
    page = client.post("/units/import", {"file": upload(HEADS, ["", "", "周五", "", "", ""])}).content.decode()
    assert "A2：没有写单位" in page
    assert 'value="commit"' not in page


def test_what_became_a_handover_meanwhile_is_refused_whole(client, liaison, police):
    rows = [HEADS, *ROWS, ["区交通支队", "", "李建国", "联络员", "", ""]]
    liaison.memberships.update(valid_to="2019-01-31")
    page = client.post("/units/import", {"file": upload(*rows)}).content.decode()
    liaison.memberships.update(valid_to=None)
    answer = client.post("/units/import", {"sha256": hash_in(page), "do": "commit"})
    assert answer.status_code == 422
    assert "现在是王磊" in answer.content.decode()
    assert not Unit.objects.filter(name="河湾街道").exists()


@pytest.mark.parametrize("content", [b"", b"no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused_in_one_sentence(client, content):
    answer = client.post("/units/import", {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 422
    assert "什么也没有写" in answer.content.decode()


def test_the_template_can_be_filled_and_brought_in(client):
    content = client.get("/units/import/template").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["名册", "填写说明"]
    names = [cell.value for cell in book["名册"][1]]
    filled = {"单位": "河湾街道", "姓名": "赵一", "岗位": "联络员", "手机": "13800000002"}
    for place, name in enumerate(names, 1):
        book["名册"].cell(2, place, filled.get(name))
    out = io.BytesIO()
    book.save(out)
    assert open_workbook(out.getvalue()).sheets[0].name == "名册"
    page = client.post("/units/import", {"file": SimpleUploadedFile("a.xlsx", out.getvalue())}).content.decode()
    assert "新登记 <b>1</b> 人" in page
    assert "赵一" in page
