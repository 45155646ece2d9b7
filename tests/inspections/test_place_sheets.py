"""Places out and in as workbooks, their labels, the registers: what is read, refused, written."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from campaign.problems import Refused
from inspections.models import Place, Register
from inspections.place_sheets import commit_places, read_places
from inspections.qrcodes import address, code_svg, labels_pdf
from inspections.registers import fill_register, open_register


def book(*rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HEAD = ["编号", "点位名称", "类型", "责任单位", "片区", "等级", "纬度", "经度"]


@pytest.fixture
def said(office, now):
    return {"by": office, "now": now}


def test_a_workbook_adds_and_corrects(campaign, place, alley, city, area, said):
    content = book(
        ["2019 年点位表"],
        HEAD,
        ["S0001", "金桥菜场", "农贸市场", "交通支队", "第一片区", "B", "", ""],
        ["", "北巷", "背街小巷", "区城市管理委", "01", "a类", 39.9, 116.4],
    )
    reading = read_places(campaign, content)
    assert (len(reading.new), len(reading.changed), reading.problems) == (1, 1, [])
    assert set(reading.changed[0].changed) == {"name", "grade"}
    assert commit_places(campaign, reading, **said) == (1, 1)
    lane = Place.objects.get(code="S0002")
    assert (lane.owner, lane.grade, lane.area, lane.latitude) == (city, "A", area, 39.9)
    place.refresh_from_db()
    assert (place.name, place.version) == ("金桥菜场", 2)


def test_again_nothing_changes(campaign, market, area, police, said):
    content = book(HEAD, ["S0007", "金桥市场", "农贸市场", "区交通支队", "第一片区", "B", "", ""])
    commit_places(campaign, read_places(campaign, content), **said)
    again = read_places(campaign, content)
    assert (len(again.new), len(again.changed), again.same) == (0, 0, 1)


def test_every_mistake_is_told_with_its_cell_and_nothing_is_written(campaign, market, said):
    content = book(
        HEAD,
        ["A1", "", "农贸市场", "", "", "", "", ""],
        ["A1", "南门早市", "菜市场", "无此单位", "火星", "D", 99, ""],
    )
    reading = read_places(campaign, content)
    assert {problem.where for problem in reading.problems} == {"B2", "A3", "C3", "D3", "E3", "F3", "G3"}
    with pytest.raises(Refused):
        commit_places(campaign, reading, **said)
    assert not Place.objects.exists()


@pytest.mark.parametrize("content", [b"", b"not a workbook", book(["没有表头"]), book(HEAD)])
def test_a_file_without_places_writes_nothing(campaign, content, said):
    with pytest.raises(Refused):
        commit_places(campaign, read_places(campaign, content), **said)
    assert not Place.objects.exists()


def test_the_page_reads_first_and_writes_when_told(login, office, market, campaign):
    client = login(office)
    file = io.BytesIO(book(HEAD, ["", "金桥市场", "农贸市场", "", "", "", "", ""]))
    file.name = "点位.xlsx"
    html = client.post("/sites/import", {"file": file}).content.decode()
    assert ("新增 <b>1</b> 个" in html, Place.objects.exists()) == (True, False)
    sha256 = html.split('name="sha256" value="')[1][:64]
    assert client.post("/sites/import", {"sha256": sha256, "do": "commit"}).url == "/sites"
    assert Place.objects.get().name == "金桥市场"


def test_what_is_taken_out_can_be_brought_in(login, office, place, campaign):
    answer = login(office).get("/sites/export?is=all")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]][:3] == ["编号", "名称", "类型"]
    assert [cell.value for cell in sheet[2]][:5] == ["S0001", "金桥市场", "农贸市场", None, "区交通支队"]
    assert read_places(campaign, answer.content).same == 1


def test_a_unit_takes_out_no_record_of_visits(login, liaison, place):
    sheet = load_workbook(io.BytesIO(login(liaison).get("/sites/export").content)).active
    assert not {"上次巡查", "累计巡查", "发现问题"} & {cell.value for cell in sheet[1]}


def test_labels_are_a_pdf_of_eight_a_page(campaign, make_place, now):
    places = [make_place() for _ in range(9)]
    content = labels_pdf(campaign, places, base="https://ccgzt.test/", now=now)
    assert content.startswith(b"%PDF")
    assert content == labels_pdf(campaign, places, base="https://ccgzt.test/", now=now)
    assert address(places[0], "https://ccgzt.test/") == "https://ccgzt.test/patrol/new?site=S0001"
    assert code_svg("S0001").startswith(b"<svg")


def test_label_pages_and_their_refusals(login, office, place):
    client = login(office)
    assert client.get("/sites/qr.pdf?codes=S0001")["Content-Type"] == "application/pdf"
    assert client.get("/sites/S0001/qr.svg")["Content-Type"] == "image/svg+xml"
    assert client.get("/sites/qr.pdf?codes=S7777").status_code == 404
    assert "S0001" in client.get("/sites/qr?codes=S0001").content.decode()


def test_a_register_counts_what_is_known_of_what_was_stated(campaign, police, place, login, office, said):
    made = open_register(campaign, "堵点乱点", unit=police, stated_total=3, **said)
    fill_register(made, book(["点位编号", "位置"], ["S0001", "桥头"], ["", "北口"]), **said)
    made.refresh_from_db()
    assert (made.columns, made.entries.count(), made.entries.first().place) == (["点位编号", "位置"], 2, place)
    html = login(office).get(f"/sites/registers/{made.pk}").content.decode()
    assert "还差 <b>1</b> 处" in html
    assert "差 1 处" in login(office).get("/sites/registers").content.decode()
    assert "堵点乱点" in login(office).get("/sites/S0001").content.decode()


def test_a_register_is_refilled_whole(campaign, said):
    made = open_register(campaign, "工地", unit=None, stated_total=None, **said)
    fill_register(made, book(["名称"], ["甲"], ["乙"]), **said)
    with pytest.raises(Refused):
        fill_register(made, book(["名称"]), **said)
    assert made.entries.count() == 2
    with pytest.raises(Refused):
        open_register(campaign, "工地", unit=None, stated_total=None, **said)
    assert Register.objects.count() == 1


def test_a_register_keeps_what_it_held_before(campaign, said, login, office, place):
    made = open_register(campaign, "工地", unit=None, stated_total=None, **said)
    fill_register(made, book(["点位编号", "名称"], ["S0001", "甲工地"], ["", "乙工地"]), **said)
    fill_register(made, book(["工程"], ["丙工程"]), **said)
    fill_register(made, book(["工程"], ["丁工程"]), **said)
    first, second = made.versions.all()
    assert (first.number, first.columns, first.replaced_by) == (1, ["点位编号", "名称"], said["by"])
    assert [entry["values"]["名称"] for entry in first.entries] == ["甲工地", "乙工地"]
    assert (first.entries[0]["place"], second.entries) == (
        str(place.pk),
        [{"place": None, "values": {"工程": "丙工程"}}],
    )
    client = login(office)
    page = client.get(f"/sites/registers/{made.pk}").content.decode()
    assert "丁工程" in page
    assert f"/sites/registers/{made.pk}?version=1" in page
    earlier = client.get(f"/sites/registers/{made.pk}?version=1").content.decode()
    assert "甲工地" in earlier
    assert "丁工程" not in earlier
    assert client.get(f"/sites/registers/{made.pk}?version=9").status_code == 404
