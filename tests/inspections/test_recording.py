"""One visit with its photos: each once, in any order; refused as a whole where something is missing."""

import datetime as dt
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from campaign.attachments import Upload, read
from campaign.problems import Conflict, Refused
from inspections.models import Answer, Finding, Photo, RoundPlace, Visit
from inspections.photos import Shot, in_transit, shown, take_photo
from inspections.recording import Failing, Judged, Seen, record_visit
from tests.conftest import NOON


@pytest.fixture
def items(checklist):
    return list(checklist.items.order_by("order"))


@pytest.fixture
def seen(place, checklist, items):
    """Two items judged: the first fails with two photos, the second passes; one more thing without an item."""
    return Seen(
        client_id="v-1",
        at=NOON - dt.timedelta(minutes=5),
        place=place,
        checklist=checklist,
        answers=(Judged(item=items[1], verdict="pass"),),
        failings=(
            Failing(client_id="f-1", tile="环境脏乱", item=items[0], photos=("p-1", "p-2")),
            Failing(client_id="f-2", tile="占道经营", text="果筐占通道", photos=("p-3",)),
        ),
    )


def picture(shade, size=(64, 48), exif=b""):
    buffer = io.BytesIO()
    Image.new("RGB", size, (shade, 90, 120)).save(buffer, "JPEG", exif=exif)
    return Upload(name=f"{shade}.jpg", content=buffer.getvalue())


SHOTS = {
    "p-1": Shot(client_id="p-1", upload=picture(10), visit_key="v-1", finding_key="f-1"),
    "p-2": Shot(client_id="p-2", upload=picture(20), visit_key="v-1", finding_key="f-1"),
    "p-3": Shot(client_id="p-3", upload=picture(30), visit_key="v-1", finding_key="f-2"),
}


def rows():
    findings = Finding.objects.order_by("client_id").values_list("client_id", "text", "visit__client_id", "tile")
    photos = Photo.objects.order_by("client_id").values_list("client_id", "finding__client_id", "visit__client_id")
    answers = Answer.objects.order_by("item__order").values_list("item__order", "verdict")
    return list(Visit.objects.values_list("client_id", "failed_count", "passed_count")), *map(
        list, (findings, photos, answers)
    )


def test_a_visit_becomes_answers_and_findings(campaign, seen, inspector, now, place, police):
    kept = record_visit(campaign, seen, by=inspector, now=now)
    assert [(found.text, found.unit, found.severity) for found in kept.findings] == [
        ("通道干燥", police, "major"),
        ("果筐占通道", police, "minor"),
    ]
    assert (kept.visit.passed_count, kept.visit.failed_count, kept.is_new) == (1, 2, True)
    assert sorted(Answer.objects.values_list("verdict", flat=True)) == ["fail", "pass"]
    place.refresh_from_db()
    assert (place.visit_count, place.open_count, place.last_visit_at) == (1, 2, seen.at)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["record", *SHOTS]), again=st.lists(st.sampled_from(["record", *SHOTS]), max_size=5))
def test_any_order_and_repetition_leaves_the_same_rows(campaign, seen, inspector, order, again):
    for model in (Photo, Finding, Answer, Visit):
        model.objects.all().delete()
    for step, message in enumerate([*order, *again]):
        now = NOON + dt.timedelta(minutes=step)
        if message == "record":
            record_visit(campaign, seen, by=inspector, now=now)
        else:
            take_photo(campaign, SHOTS[message], by=inspector, now=now)
    assert rows() == (
        [("v-1", 2, 1)],
        [("f-1", "通道干燥", "v-1", "环境脏乱"), ("f-2", "果筐占通道", "v-1", "占道经营")],
        [("p-1", "f-1", "v-1"), ("p-2", "f-1", "v-1"), ("p-3", "f-2", "v-1")],
        [(1, "fail"), (2, "pass")],
    )
    assert in_transit(Finding.objects.all()) == {}


def test_photos_still_on_the_phone_are_counted(campaign, seen, inspector, now):
    kept = record_visit(campaign, seen, by=inspector, now=now)
    take_photo(campaign, SHOTS["p-1"], by=inspector, now=now)
    assert in_transit(kept.findings) == {kept.findings[0].pk: 1, kept.findings[1].pk: 1}


def test_same_id_with_other_content_is_refused(campaign, seen, inspector, office, now):
    record_visit(campaign, seen, by=inspector, now=now)
    take_photo(campaign, SHOTS["p-1"], by=inspector, now=now)
    other = Seen(client_id="v-1", at=now, place=seen.place, is_fine=True)
    for attempt in (
        lambda: record_visit(campaign, other, by=inspector, now=now),
        lambda: record_visit(campaign, seen, by=office, now=now),
        lambda: take_photo(campaign, Shot(client_id="p-1", upload=picture(99)), by=inspector, now=now),
        lambda: take_photo(campaign, SHOTS["p-1"], by=office, now=now),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert (Visit.objects.count(), Photo.objects.count()) == (1, 1)


def test_a_findings_id_is_not_taken_twice(campaign, seen, inspector, now):
    record_visit(campaign, seen, by=inspector, now=now)
    other = Seen(client_id="v-2", at=now, place=seen.place, failings=seen.failings)
    with pytest.raises(Conflict, match="已经有另一个问题"):
        record_visit(campaign, other, by=inspector, now=now)
    assert (Visit.objects.count(), Finding.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "什么也没有查"),
        ({"is_fine": True, "failings": (Failing(client_id="f", tile="乱停车", photos=("p",)),)}, "既点了合格"),
        ({"failings": (Failing(client_id="f", tile="乱停车"),)}, "“乱停车”不合格，还没有照片"),
        ({"place": None, "is_fine": True}, "没有选点位"),
        ({"place": None, "failings": (Failing(client_id="f", tile="乱停车", photos=("p",)),)}, "也没有写在哪里"),
        ({"client_id": "", "is_fine": True}, "没有编号"),
    ],
)
def test_what_is_missing_is_said_and_nothing_written(campaign, place, inspector, now, fields, words):
    seen = Seen(**{"client_id": "v", "at": now, "place": place} | fields)
    with pytest.raises(Refused, match=words):
        record_visit(campaign, seen, by=inspector, now=now)
    assert not Visit.objects.exists()


def test_a_failed_answer_needs_its_finding(campaign, place, items, inspector, now):
    seen = Seen(client_id="v", at=now, place=place, answers=(Judged(item=items[0], verdict="fail"),))
    with pytest.raises(Refused, match="没有照片和说明"):
        record_visit(campaign, seen, by=inspector, now=now)


def test_items_of_another_type_are_refused(campaign, items, alley, make_place, inspector, now):
    lane = make_place("一号巷", place_type=alley)
    seen = Seen(client_id="v", at=now, place=lane, answers=(Judged(item=items[0], verdict="pass"),))
    with pytest.raises(Refused, match="不是背街小巷的检查项"):
        record_visit(campaign, seen, by=inspector, now=now)


def test_fine_takes_no_photo_and_no_clock_runs_ahead(campaign, place, inspector, now):
    ahead = Seen(client_id="v", at=now + dt.timedelta(days=2), place=place, is_fine=True)
    kept = record_visit(campaign, ahead, by=inspector, now=now)
    assert (kept.visit.at, kept.visit.is_fine, kept.findings) == (now, True, [])


def test_a_round_knows_which_places_were_seen(campaign, make_round, place, inspector, now):
    row = make_round(places=[place], members=[inspector])
    record_visit(campaign, Seen(client_id="v", at=now, place=place, round=row, is_fine=True), by=inspector, now=now)
    assert RoundPlace.objects.get().visited_at == now


def test_the_shown_copy_is_stamped_and_tells_no_secret(campaign, seen, inspector, now):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2019:09:24 08:30:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    upload = picture(50, size=(2400, 1800), exif=exif.tobytes())
    record_visit(campaign, seen, by=inspector, now=now)
    photo = take_photo(
        campaign, Shot(client_id="p-1", upload=upload, visit_key="v-1", finding_key="f-1"), by=inspector, now=now
    )
    assert photo.taken_at.isoformat() == "2019-09-24T00:30:00+00:00"
    for path in (shown(photo), photo.attachment.preview, photo.attachment.thumb):
        with Image.open(read(path)) as copy:
            assert (dict(copy.getexif()), max(copy.size) <= 1600) == ({}, True)
    with Image.open(read(photo.attachment.file)) as original:
        assert original.getexif()
    with Image.open(read(shown(photo))) as copy:
        darkest, lightest = copy.crop((0, 1050, 1600, 1200)).convert("L").getextrema()
    assert (darkest < 60, lightest > 220) == (True, True), "white words on a dark band"


@pytest.mark.parametrize(
    ("name", "content"), [("a.jpg", b"no picture"), ("a.pdf", b"%PDF-1.4 startxref"), ("a.jpg", b"")]
)
def test_what_is_no_photo_is_refused(campaign, inspector, now, name, content):
    with pytest.raises(Refused):
        take_photo(campaign, Shot(client_id="p", upload=Upload(name, content)), by=inspector, now=now)
    assert not Photo.objects.exists()


def on_spot(photos, **fields):
    return Failing(client_id="f-1", tile="环境脏乱", photos=photos, is_on_spot=True, **fields)


def test_mended_on_the_spot_is_closed_when_both_photos_are_here(campaign, place, inspector, now):
    seen = Seen(client_id="v-1", at=NOON, place=place, failings=(on_spot(("p-1", "p-2"), mended_by="摊主老王"),))
    record_visit(campaign, seen, by=inspector, now=now)
    for key, moment in (("p-1", "before"), ("p-2", "after")):
        assert Finding.objects.get().stage == "pending"
        shot = Shot(client_id=key, upload=picture(len(moment)), visit_key="v-1", finding_key="f-1", moment=moment)
        take_photo(campaign, shot, by=inspector, now=now)
    finding = Finding.objects.get()
    assert (finding.stage, finding.mended_by, finding.task, finding.lines.count()) == ("closed", "摊主老王", None, 0)
    place.refresh_from_db()
    assert (place.finding_count, place.open_count) == (1, 0)


def test_mended_without_a_photo_of_it_is_refused(campaign, place, inspector, now):
    seen = Seen(client_id="v-1", at=NOON, place=place, failings=(on_spot(("p-1",)),))
    with pytest.raises(Refused, match="还没有整改后的照片"):
        record_visit(campaign, seen, by=inspector, now=now)
    assert not Visit.objects.exists()
