"""The phone's pages as plain pages and forms, and what they tell to whom."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.models import Answer, Finding, Photo, Visit
from inspections.recording import Failing, Judged, Seen, record_visit
from tests.conftest import NOON
from tests.inspections.test_recording import picture


@pytest.fixture
def page(login, inspector, place, checklist):
    return login(inspector)


def upload(shade=40):
    return SimpleUploadedFile(f"{shade}.jpg", picture(shade).content, content_type="image/jpeg")


def test_home_says_who_gets_it_and_how_long(page, place, police):
    text = page.get("/patrol").content.decode()
    assert "选点位" in text
    text = page.get(f"/patrol?site={place.code}").content.decode()
    assert "金桥市场" in text
    assert "限 3 个工作日" in text  # 环境脏乱 stands for its one item, which is 较重
    assert "还没查过" in text


def test_plain_form_files_a_finding_with_its_photo(page, place, police):
    body = {"token": "t-1", "place": place.code, "tile": "占道经营", "text": "果筐占道", "photo": upload()}
    answer = page.post("/patrol", body | {"deed": "file"})
    assert (answer.status_code, answer.url) == (302, f"/patrol?site={place.code}")
    finding = Finding.objects.get()
    assert (finding.text, finding.unit, finding.photos.count()) == ("果筐占道", police, 1)
    body["photo"] = upload()
    assert page.post("/patrol", body | {"deed": "file"}).status_code == 302
    assert (Visit.objects.count(), Finding.objects.count(), Photo.objects.count()) == (1, 1, 1)


def test_plain_forms_file_what_was_mended_on_the_spot(page, place, checklist):
    body = {"token": "t-1", "place": place.code, "tile": "占道经营", "mended_by": "摊主"}
    page.post("/patrol", body | {"deed": "file", "photo": upload(), "after": upload(90)})
    second = checklist.items.order_by("order").last()
    body = {"token": "t-2", "place": place.code, f"v-{second.pk}": "fail", f"m-{second.pk}": "保洁员"}
    page.post("/patrol/new", body | {f"p-{second.pk}": upload(50), f"a-{second.pk}": upload(95)})
    said = Finding.objects.order_by("code").values_list("stage", "mended_by", "task")
    assert list(said) == [("closed", "摊主", None), ("closed", "保洁员", None)]
    assert "立行立改，保洁员改的" in page.get("/patrol/records").content.decode()


def test_plain_form_without_a_photo_is_told_so(page, place):
    answer = page.post("/patrol", {"token": "t-1", "place": place.code, "tile": "乱停车", "deed": "file"})
    assert answer.status_code == 422
    assert "还没有照片" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_broken_picture_leaves_nothing(page, place):
    body = {"token": "t", "place": place.code, "tile": "乱停车", "photo": SimpleUploadedFile("a.jpg", b"x")}
    assert page.post("/patrol", body).status_code == 422
    assert not Visit.objects.exists()


def test_fine_is_one_press(page, place):
    page.post("/patrol", {"token": "t-1", "place": place.code, "deed": "fine"})
    assert Visit.objects.get().is_fine


def test_plain_checklist_is_taken_whole(page, place, checklist):
    first, second = checklist.items.order_by("order")
    body = {"token": "t-2", "place": place.code, f"v-{first.pk}": "fail", f"v-{second.pk}": "pass"}
    assert "还没有照片" in page.post("/patrol/new", body).content.decode()
    answer = page.post("/patrol/new", body | {f"p-{first.pk}": upload(), f"n-{first.pk}": "积水"})
    assert answer.status_code == 302
    assert sorted(Answer.objects.values_list("verdict", flat=True)) == ["fail", "pass"]
    assert Finding.objects.get().item == first


def test_checklist_tells_the_last_findings(page, place, checklist, make_finding):
    first, second = checklist.items.order_by("order")
    make_finding(item=first, stage="fixing", code="0142")
    make_finding(item=second, stage="closed", closed_days=2)
    text = page.get(f"/patrol/new?site={place.code}").content.decode()
    for words in ("上次不合格，未销号", "会并入 0142 号", "9月22日已整改", "2 天前刚销号，这是第 1 次反弹"):
        assert words in text


def test_a_type_without_checklist_leads_back(page, alley, make_place):
    lane = make_place("一号巷", place_type=alley)
    assert page.get(f"/patrol/new?site={lane.code}").url == f"/patrol?site={lane.code}"


def test_route_is_the_round_in_order(page, inspector, make_round, make_place, place):
    other = make_place("二号市场")
    make_round(places=[other, place], members=[inspector])
    text = page.get("/patrol/route").content.decode()
    assert text.index("二号市场") < text.index("金桥市场")
    assert "0/2" in page.get("/patrol").content.decode()


def test_third_party_carries_its_own_rounds_only(login, third_party, make_round, make_place, place, checklist):
    other = make_place("二号市场")
    make_round(places=[other], members=[third_party], kind="third_party")
    page = login(third_party)
    assert [row["name"] for row in page.get("/patrol/pack").json()["places"]] == ["二号市场"]
    assert page.get(f"/patrol?site={place.code}").status_code == 404
    assert page.get(f"/patrol/new?site={place.code}").status_code == 404
    assert page.get(f"/patrol?site={other.code}").status_code == 200


def test_third_party_files_at_its_places_only(login, third_party, place, make_round):
    page = login(third_party)
    somewhere = {"token": "t", "where": "路口", "tile": "乱停车", "photo": upload()}
    answer = page.post("/patrol", somewhere)
    assert (answer.status_code, "请选本轮次的点位" in answer.content.decode()) == (422, True)
    assert page.post("/patrol", somewhere | {"place": place.code, "photo": upload()}).status_code == 404
    assert not Visit.objects.exists()


def test_third_party_reads_nothing_others_found(login, third_party, make_round, place, checklist, make_finding):
    make_round(places=[place], members=[third_party])
    make_finding(item=checklist.items.first(), stage="fixing", code="0142")
    text = login(third_party).get(f"/patrol/new?site={place.code}").content.decode()
    assert "0142" not in text
    assert "未销号" not in text


def test_third_party_reads_nothing_of_others_visits(login, third_party, make_round, place, checklist, inspector):
    """When others came by, what they found and how they judged: on no page and in no pack of a third party."""
    make_round(places=[place], members=[third_party])
    judged = tuple(Judged(item=item, verdict="pass") for item in checklist.items.all())
    failing = Failing(client_id="f-1", tile="占道经营", text="果筐占通道", photos=("p-1",))
    seen = Seen(client_id="v-1", at=NOON, place=place, answers=judged, failings=(failing,))
    record_visit(place.campaign, seen, by=inspector, now=NOON)
    page = login(third_party)
    for url in ("", "/route", "/places", f"/new?site={place.code}"):
        text = page.get(f"/patrol{url}").text
        assert not {word for word in ("未销号", "上次合格", "上次 今天", "1 处") if word in text}
    assert [row["last"] for row in page.get("/patrol/pack").json()["places"]] == ["还没查过"]


def test_third_party_reads_what_it_saw_itself(login, third_party, make_round, place):
    make_round(places=[place], members=[third_party])
    page = login(third_party)
    page.post("/patrol", {"token": "t-1", "place": place.code, "tile": "乱停车", "photo": upload(), "deed": "file"})
    assert "上次 今天，1 处未销号" in page.get("/patrol/route").text


def test_pack_carries_places_types_and_route(page, inspector, make_round, place, market):
    row = make_round(places=[place], members=[inspector])
    pack = page.get("/patrol/pack").json()
    assert pack["route"] == [{"code": place.code, "round": row.code, "name": row.name, "done": False}]
    assert (pack["places"][0]["unit"], pack["places"][0]["street"]) == ("交通支队", "古桥街道")
    tiles = pack["types"][str(market.pk)]["tiles"]
    assert (len(tiles), tiles[0]["name"], tiles[-1]["name"]) == (8, "环境脏乱", "其他")


def test_places_are_found_by_initials(page, place):
    place.search_text = "s0001 金桥市场 jqsc"
    place.save()
    assert "金桥市场" in page.get("/patrol/places?q=jqsc").content.decode()
    found = page.get("/patrol/places?q=jqsc", headers={"Accept": "application/json"}).json()
    assert [row["code"] for row in found["places"]] == [place.code]


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow(page, inspector, make_round, make_place, count, django_assert_max_num_queries):
    places = [make_place() for _ in range(count)]
    make_round(places=places, members=[inspector])
    for place in places:
        page.post("/patrol", {"token": f"t-{place.code}", "place": place.code, "tile": "乱停车", "photo": upload()})
    for path, most in {
        "/patrol": 22,
        f"/patrol/new?site={places[0].code}": 22,
        "/patrol/pack": 16,
        "/patrol/records": 14,
        "/patrol/route": 12,
    }.items():
        with django_assert_max_num_queries(most):
            assert page.get(path).status_code == 200


def test_pictures_leave_by_their_door(page, client, login, inspector, office, stranger, place):
    page.post("/patrol", {"token": "t", "place": place.code, "tile": "乱停车", "photo": upload()})
    door = f"/photos/{Photo.objects.get().pk}"
    for view in ("", "?view=thumb"):
        answer = page.get(door + view)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert page.get(door + "?view=original").status_code == 403
    assert login(stranger).get(door).status_code == 404
    assert login(office).get(door + "?view=original").status_code == 200


def test_worker_and_manifest_are_open_and_hold_no_data(client, db):
    worker = client.get("/patrol/worker.js")
    assert worker["Service-Worker-Allowed"] == "/"
    assert "patrol-worker" in worker.content.decode()
    assert client.get("/patrol/manifest.webmanifest").json()["scope"] == "/patrol"


def test_an_inspector_lands_in_the_street(page):
    assert page.get("/").url == "/patrol"


def test_the_qr_code_leads_a_phone_to_the_checklist(page, place):
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36"}
    assert page.get(f"/sites/{place.code}", headers=phone).url == f"/patrol/new?site={place.code}"
    assert page.get(f"/sites/{place.code}").status_code == 200
    assert page.get(f"/sites/{place.code}?view=page", headers=phone).status_code == 200
