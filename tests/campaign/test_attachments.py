import io

import pytest
from django.core.files.storage import default_storage
from PIL import ExifTags, Image, PngImagePlugin

from campaign import attachments
from campaign.attachments import Upload, check, clean_name, store
from campaign.models import Attachment
from campaign.problems import Refused
from tests.campaign import hostile

HOSTILE = hostile.corpus()


@pytest.fixture(autouse=True)
def _two_megabytes(settings):
    settings.UPLOAD_MEGABYTES = 2


def upload(name, content):
    return Upload.read(io.BytesIO(content), name)


@pytest.mark.parametrize(("name", "content", "code"), HOSTILE, ids=[f"{at}-{row[2]}" for at, row in enumerate(HOSTILE)])
def test_hostile_file_is_refused_with_its_sentence(name, content, code):
    (problem,) = check(upload(name, content))
    assert problem.code == code
    assert problem.message.startswith("文件“")
    assert problem.mend in problem.message


def test_corpus_holds_at_least_forty():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("row", HOSTILE, ids=[f"{at}-{row[2]}" for at, row in enumerate(HOSTILE)])
def test_nothing_of_a_hostile_file_is_written(row, campaign, office, now, settings):
    with pytest.raises(Refused):
        store(campaign, upload(*row[:2]), by=office, now=now)
    assert not Attachment.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.parametrize(("name", "content"), hostile.honest(), ids=range(len(hostile.honest())))
def test_honest_file_is_taken_whole(name, content, campaign, office, now):
    kept = store(campaign, upload(name, content), by=office, now=now)
    assert attachments.read(kept.file).read() == content
    assert len(kept.name.encode()) <= 400
    assert "/" not in kept.name


def test_same_content_is_stored_once(campaign, office, now):
    content = hostile.picture()
    assert store(campaign, upload("一.jpg", content), by=office, now=now) == store(
        campaign, upload("二.jpg", content), by=office, now=now
    )


def test_names_lose_paths_controls_and_excess():
    assert clean_name("C:\\照片\\a\x00b.jpg") == "ab.jpg"
    assert clean_name("..") == "未命名"
    assert len(clean_name("长" * 255 + ".jpg")) <= 120


def told(kind):
    """A picture that tells who took it where and when."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "PhoneMaker"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2019:09:12 08:30:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (39.0, 54.0, 20.0)
    more = {"exif": exif.tobytes()}
    if kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>PhoneMaker</x:xmpmeta>")
    elif kind == "JPEG":
        more |= {"comment": b"PhoneMaker", "xmp": b"<x:xmpmeta>PhoneMaker</x:xmpmeta>"}
    return hostile.picture(kind, (2400, 1800) if kind == "WEBP" else (600, 400), **more)


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_copies_tell_nothing_of_the_camera(kind, ending, campaign, office, now):
    kept = store(campaign, upload(f"a.{ending}", told(kind)), by=office, now=now)
    for path in (kept.preview, kept.thumb):
        content = default_storage.open(path).read()
        with Image.open(io.BytesIO(content)) as copy:
            assert not copy.getexif()
            assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(copy.info)
        assert b"PhoneMaker" not in content


def test_time_of_capture_is_read_and_the_copy_is_small(campaign, office, now):
    kept = store(campaign, upload("a.webp", told("WEBP")), by=office, now=now)
    assert kept.taken_at.isoformat() == "2019-09-12T08:30:00+08:00"
    with (
        Image.open(default_storage.open(kept.preview)) as preview,
        Image.open(default_storage.open(kept.thumb)) as thumb,
    ):
        assert (max(preview.size), max(thumb.size)) == (1600, 320)


def test_broken_camera_notes_do_not_spoil_a_picture(campaign, office, now):
    content = hostile.picture(exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f\x01\x00")
    assert store(campaign, upload("a.jpg", content), by=office, now=now).taken_at is None


def test_transparent_stands_on_white(campaign, office, now):
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(buffer, "PNG")
    kept = store(campaign, upload("a.png", buffer.getvalue()), by=office, now=now)
    with Image.open(default_storage.open(kept.thumb)) as thumb:
        assert thumb.getpixel((20, 20)) == (255, 255, 255)
