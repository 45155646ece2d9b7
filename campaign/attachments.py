"""Taking in files: content checked against name, stored once, pictures down-sized for view, the original kept."""

import datetime as dt
import hashlib
import io
import re
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import ExifTags, Image, ImageOps

from campaign.models import Attachment, Campaign, User
from campaign.problems import Problem, Refused

MOST_PIXELS = Image.MAX_IMAGE_PIXELS = 50_000_000
VIEW_EDGE, THUMB_EDGE = 1600, 320

PICTURES = {"jpeg", "png", "webp", "gif"}
#: What Pillow raises on bytes that are no whole picture.
BROKEN = (OSError, ValueError, SyntaxError, TypeError, IndexError, EOFError, struct.error, zlib.error)

#: Accepted endings, what their content must be, and the type they are served as.
ACCEPTED = {
    ".jpg": ("jpeg", "image/jpeg"),
    ".jpeg": ("jpeg", "image/jpeg"),
    ".png": ("png", "image/png"),
    ".webp": ("webp", "image/webp"),
    ".gif": ("gif", "image/gif"),
    ".pdf": ("pdf", "application/pdf"),
    ".docx": ("office", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("office", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": ("office", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".doc": ("ole", "application/msword"),
    ".xls": ("ole", "application/vnd.ms-excel"),
    ".ppt": ("ole", "application/vnd.ms-powerpoint"),
    ".wps": ("ole", "application/octet-stream"),
    ".csv": ("text", "text/csv"),
    ".txt": ("text", "text/plain"),
    ".mp4": ("mp4", "video/mp4"),
}
WORDS = "图片（jpg、png、webp、gif）、PDF、Word、Excel、PPT、WPS、csv、txt 或 mp4"
OFFICE_PARTS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
#: A name like 照片.php.jpg says two things; nobody's camera or office program writes it.
PROGRAM = re.compile(
    r"\.(php\d?|phtml|exe|com|scr|bat|cmd|ps1|vbs|js|jse|hta|jar|jsp|aspx?|cgi|sh|html?|xhtml|svg|lnk|msi|dll)(\.|$)",
    re.IGNORECASE,
)
MARKUP = re.compile(rb"<\s*(script|html|svg|iframe|!doctype|body|object|embed)", re.IGNORECASE)
#: Long enough not to turn up by chance in the packed bytes of a picture.
SCRIPT = re.compile(rb"<\s*(script|iframe|!doctype html)|<\?php", re.IGNORECASE)
MOST_UNPACKED, MOST_RATIO = 300 * 1024 * 1024, 200


@dataclass(frozen=True)
class Upload:
    """A file as it arrived: its name and all its bytes."""

    name: str
    content: bytes

    @classmethod
    def read(cls, file: BinaryIO, name: str, *, limit: int | None = None) -> "Upload":
        """Reads at most one byte over the limit, so that a huge file is refused without being held."""
        limit = limit or settings.UPLOAD_MEGABYTES * 1024 * 1024
        return cls(name=clean_name(name), content=file.read(limit + 1))


def clean_name(name: str) -> str:
    """The last part of a path, without control characters, at most 120 characters, its ending kept."""
    name = re.split(r"[\\/]", name)[-1]
    name = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", name).strip(" .") or "未命名"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:8]}" if dot and len(name) > 120 else name[:120]


def check(upload: Upload) -> list[Problem]:
    """Why a file cannot be taken; empty when it can."""
    limit = settings.UPLOAD_MEGABYTES
    ending = ending_of(upload.name)
    if not upload.content:
        return [_problem("empty", upload, "是空文件（0 字节）", "请重新选择或重新拍摄")]
    if len(upload.content) > limit * 1024 * 1024:
        return [_problem("too_large", upload, f"超过 {limit} MB", "请压缩后再传")]
    if ending not in ACCEPTED:
        return [_problem("kind", upload, "这种文件不能作佐证", f"请上传{WORDS}")]
    if PROGRAM.search(upload.name.removesuffix(ending)):
        return [_problem("double_ending", upload, "有两个后缀", "请改名后再传，例如“现场照片.jpg”")]
    if ACCEPTED[ending][0] in PICTURES and _has_too_many_pixels(upload.content):
        return [_problem("pixels", upload, "超过 5000 万像素", "请缩小后再传")]
    if not _is_as_named(upload, ending):
        return [_problem("lying", upload, f"的内容不是 {ending} 文件", "请用原来的软件另存后再传")]
    if _hides_another(upload.content, ACCEPTED[ending][0]):
        return [_problem("two_kinds", upload, "里夹带了别的内容", "请用原来的软件另存，或重新拍摄后再传")]
    return []


def ending_of(name: str) -> str:
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def _problem(code: str, upload: Upload, what: str, mend: str) -> Problem:
    return Problem(code, f"文件“{upload.name}”{what}。{mend}。", where=upload.name, mend=mend)


def _is_as_named(upload: Upload, ending: str) -> bool:
    family, content = ACCEPTED[ending][0], upload.content
    if family in PICTURES:
        return _picture_format(content) == family.upper()
    if family == "pdf":
        return content.startswith(b"%PDF-") and b"startxref" in content
    if family == "office":
        return _is_office(content, OFFICE_PARTS[ending])
    if family == "ole":
        return content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    if family == "mp4":
        return content[4:8] == b"ftyp"
    return b"\x00" not in content and not MARKUP.search(content[:4096]) and not _has_magic(content)


def _hides_another(content: bytes, family: str) -> bool:
    """Is a picture or a PDF also a page or an archive (GIFAR and its like)?"""
    if family not in {*PICTURES, "pdf"}:
        return False
    if MARKUP.search(content[:1024]) or (family in PICTURES and SCRIPT.search(content)):
        return True
    return bool(_members(content))


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    """What a zip archive declares; empty when the bytes are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return []


def _is_office(content: bytes, folder: str) -> bool:
    """An Office package of that kind, without macros, without paths that climb, without a bomb's ratio."""
    members = _members(content) if content.startswith(b"PK\x03\x04") else []
    names = [member.filename for member in members]
    if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        return False
    if any(name.startswith("/") or ".." in name.split("/") or name.endswith("vbaProject.bin") for name in names):
        return False
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    return unpacked <= MOST_UNPACKED and (unpacked < 10 * 1024 * 1024 or unpacked / packed <= MOST_RATIO)


def _has_too_many_pixels(content: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                return picture.width * picture.height > MOST_PIXELS
    except Image.DecompressionBombError:
        return True
    except BROKEN:
        return False


def _picture_format(content: bytes) -> str | None:
    """The kind of a picture that can be drawn to its last line; None for everything else."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            found = picture.format
            picture.draft("RGB", (THUMB_EDGE, THUMB_EDGE))
            picture.load()
            return found
    except BROKEN:
        return None


def _has_magic(content: bytes) -> bool:
    """Does something named text begin like a known binary kind?"""
    try:
        return bool(puremagic.magic_string(content[:512])[0].confidence > 0.7)
    except puremagic.PureError:
        return False


def store(campaign: Campaign, upload: Upload, *, by: User | None, now: dt.datetime) -> Attachment:
    """Keep a file; the same content is stored once. Raises `Refused` and keeps nothing when it cannot be taken."""
    problems = check(upload)
    if problems:
        raise Refused(*problems)
    return keep(campaign, upload, by=by, now=now, content_type=ACCEPTED[ending_of(upload.name)][1])


def keep(campaign: Campaign, upload: Upload, *, by: User | None, now: dt.datetime, content_type: str) -> Attachment:
    """Store bytes already known to be good (uploads that were checked, papers the product made)."""
    sha256 = hashlib.sha256(upload.content).hexdigest()
    found = Attachment.objects.filter(campaign=campaign, sha256=sha256).first()
    if found is not None:
        return found
    stem = f"{campaign.code}/{now:%Y}/{sha256[:2]}/{sha256}"
    views: dict[str, Any] = {}
    if content_type.startswith("image/"):
        views = _views(stem, upload.content, campaign.zone)
    fields = {
        "name": upload.name,
        "content_type": content_type,
        "size": len(upload.content),
        "file": _write(stem, upload.content),
        "created_by": by,
        "created_at": now,
    }
    # two people may send the same picture at once: the unique key decides, the files are the same
    return Attachment.objects.get_or_create(campaign=campaign, sha256=sha256, defaults=fields | views)[0]


def _write(path: str, content: bytes) -> str:
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(content))


def _views(stem: str, content: bytes, zone: ZoneInfo) -> dict[str, Any]:
    """Down-sized copies without any metadata, and what the original says of its size and time."""
    with Image.open(io.BytesIO(content)) as picture:
        taken_at = _taken_at(picture, zone)
        upright = _upright(picture)
    result: dict[str, Any] = {"width": upright.width, "height": upright.height, "taken_at": taken_at}
    for name, edge in (("preview", VIEW_EDGE), ("thumb", THUMB_EDGE)):
        upright.thumbnail((edge, edge))
        bare = Image.new("RGB", upright.size)
        bare.paste(upright)
        buffer = io.BytesIO()
        bare.save(buffer, "JPEG", quality=80)
        result[name] = _write(f"{stem}.{name}.jpg", buffer.getvalue())
    return result


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as it was held, on white where it was transparent."""
    try:
        turned = ImageOps.exif_transpose(picture)
    except BROKEN:
        turned = picture  # a camera's broken notes do not spoil its picture
    if turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info:
        turned = turned.convert("RGBA")
        white = Image.new("RGBA", turned.size, "white")
        return Image.alpha_composite(white, turned).convert("RGB")
    return turned.convert("RGB")


def _taken_at(picture: Image.Image, zone: ZoneInfo) -> dt.datetime | None:
    """EXIF's own time of capture; a camera's clock has no zone, so the campaign's is taken."""
    try:
        details = picture.getexif().get_ifd(ExifTags.IFD.Exif)
    except BROKEN:
        return None
    raw = str(details.get(ExifTags.Base.DateTimeOriginal, ""))
    try:
        return dt.datetime.strptime(raw, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None


def read(path: str) -> BinaryIO:
    return cast("BinaryIO", default_storage.open(path, "rb"))
