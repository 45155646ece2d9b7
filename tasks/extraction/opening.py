"""Taking the text out of a file that a stranger sent: .txt, .md, .docx; sizes are checked before anything is unpacked."""

import io
import re
import zipfile
import zlib
from pathlib import PurePath

from campaign.problems import Problem, Refused
from tasks.extraction.docx import text_of_document

MEGABYTE = 1024 * 1024
UPLOAD_LIMIT = 10 * MEGABYTE
TEXT_LIMIT = 2 * MEGABYTE
DOCUMENT_LIMIT = 16 * MEGABYTE
INFLATED_LIMIT = 100 * MEGABYTE
PART_LIMIT = 2_000
SUFFIXES = (".txt", ".md", ".docx")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPE_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_MARKDOWN = re.compile(r"^(?: {0,3}#{1,6} +| {0,3}> ?| *[-*+] +(?=\S))|\*\*|__(?=\S)|`", re.MULTILINE)


def read_document(content: bytes, name: str) -> str:
    """The text of a file, its paragraphs as lines. Raises `Refused` with one sentence where it cannot be used."""
    suffix = PurePath(name).suffix.lower()
    if not content:
        raise _unusable("empty_file", "这是空文件（0 字节）。请重新选择文件。")
    if len(content) > UPLOAD_LIMIT:
        raise _unusable("too_large", f"文件有 {len(content) / MEGABYTE:.0f} MB，超过 10 MB。请只留下文字再传。")
    if content.startswith(_OLE):
        raise _unusable(
            "old_format", "这是旧式文件（.doc、.wps）或加了密码的文件。请在 Word 或 WPS 里另存为不加密的 .docx 后再传。"
        )
    if content.startswith(b"PK\x03\x04"):
        text = _docx(content)
    elif suffix == ".docx":
        raise _unusable("not_document", "这不是 Word 文件，扩展名和内容不符。请在 Word 或 WPS 里另存为 .docx 后再传。")
    elif content.startswith((b"%PDF", b"{\\rtf")):
        raise _unusable("not_text", "这是 PDF 或 RTF 文件。请在 Word 或 WPS 里另存为 .docx，或把文字粘贴进来。")
    else:
        text = _decoded(content)
        if suffix == ".md":
            text = _MARKDOWN.sub("", text)
    if not text.strip():
        raise _unusable("no_text", "文件里没有文字。如果是扫描件，请先识别成文字。")
    return text


def _decoded(content: bytes) -> str:
    if len(content) > TEXT_LIMIT:
        raise _unusable(
            "too_large", f"文字有 {len(content) / MEGABYTE:.1f} MB，超过 2 MB，不像一份讲话或方案。请分成几份再传。"
        )
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030", "big5")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_CONTROL.findall(text)) > 0.001 * len(text):
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise _unusable("not_text", "这不是文本文件，读不出文字。请另存为 UTF-8 的 .txt 或 .docx 后再传。")


def _docx(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            _check(list(entries.values()))
            parts = {
                name: archive.read(name) for name in ("word/document.xml", "word/numbering.xml") if name in entries
            }
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        KeyError,
    ) as error:
        raise _unusable("broken", "文件不完整或被改动过，解不开。请重新从 Word 或 WPS 另存一份再传。") from error
    if any(_TYPE_DECLARATION.search(part) for part in parts.values()):
        raise _unusable("entities", "文件里有不该有的声明，为安全起见没有打开。请用 Word 或 WPS 另存一份再传。")
    return text_of_document(parts["word/document.xml"], parts.get("word/numbering.xml"))


def _check(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise _unusable("encrypted", "文件加了密码，打不开。请取消密码后再传。")
    if "word/document.xml" not in names:
        kind = (
            "工作簿，请到“导入”页"
            if "xl/workbook.xml" in names
            else "压缩包或其他文件，不是 Word 文件，请另存为 .docx 后再"
        )
        raise _unusable("not_document", f"这是{kind}上传。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _unusable("macros", "文件带有宏，为安全起见没有打开。请另存为不带宏的 .docx 后再传。")
    inflated = sum(entry.file_size for entry in entries)
    text = sum(entry.file_size for entry in entries if entry.filename.startswith("word/document"))
    if len(entries) > PART_LIMIT or inflated > INFLATED_LIMIT or text > DOCUMENT_LIMIT:
        raise _unusable("bomb", f"文件展开后有 {inflated / MEGABYTE:.0f} MB，太大了，没有打开。请只留下文字再传。")


def _unusable(code: str, message: str) -> Refused:
    return Refused(Problem(code, message))
