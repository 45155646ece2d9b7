"""Files that are not what they say: (name, bytes, code of the refusal), forty and more (S10)."""

import io
import struct
import zipfile
import zlib

from PIL import Image

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><html><body><script>alert(document.cookie)</script></body></html>"
EXE = b"MZ\x90\x00\x03" + b"\x00" * 400 + b"This program cannot be run in DOS mode."
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 200
TYPES = {"[Content_Types].xml": "<Types/>"}


def picture(kind="JPEG", size=(80, 60), **more):
    buffer = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(buffer, kind, **more)
    return buffer.getvalue()


def packed(members, how=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def huge_png(width=30_000, height=30_000):
    """A few hundred bytes that claim 900 million pixels."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9000)) + chunk(b"IEND", b"")
    )


def pdf(body=b""):
    return b"%PDF-1.4\n" + body + b"\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def corpus():
    """(name, content, code of the problem) of what must be refused."""
    pictures = [picture(kind) for kind in ("JPEG", "PNG", "GIF", "WEBP")]
    archive, document = packed({"a.txt": "x" * 90}), packed(TYPES | {"word/document.xml": "<w/>"})
    return misnamed(*pictures, archive, document) + malformed(*pictures[:3], archive, document)


def misnamed(jpeg, png, gif, webp, archive, document):
    return [
        # nothing, too much
        ("空.jpg", b"", "empty"),
        ("空.pdf", b"", "empty"),
        ("大.jpg", jpeg + b"\0" * (2 * 1024 * 1024), "too_large"),
        ("像素.png", huge_png(), "pixels"),
        ("像素2.png", huge_png(9000, 9000), "pixels"),
        # kinds that are not taken
        ("页.html", HTML, "kind"),
        ("图.svg", SVG, "kind"),
        ("图.svgz", zlib.compress(SVG), "kind"),
        ("程序.exe", EXE, "kind"),
        ("宏.docm", document, "kind"),
        ("包.zip", archive, "kind"),
        ("脚本.js", b"alert(1)", "kind"),
        ("无后缀", jpeg, "kind"),
        ("照片.jpg ", b"x", "lying"),
        ("照片.jpg.exe", jpeg, "kind"),
        ("照片.jpg/../../x.sh", jpeg, "kind"),
        # the content is another than the name says
        ("页.jpg", HTML, "lying"),
        ("图.png", SVG, "lying"),
        ("图.jpg", SVG, "lying"),
        ("程序.jpg", EXE, "lying"),
        ("程序.pdf", EXE, "lying"),
        ("照片.png", jpeg, "lying"),
        ("照片.gif", png, "lying"),
        ("照片.webp", gif, "lying"),
        ("照片.jpg", webp, "lying"),
        ("公文.pdf", jpeg, "lying"),
        ("公文.pdf", b"%PDF-1.7 and nothing more", "lying"),
        ("公文.docx", archive, "lying"),
        ("公文.docx", packed(TYPES | {"xl/workbook.xml": "<x/>"}), "lying"),
        ("公文.doc", document, "lying"),
        ("录像.mp4", jpeg, "lying"),
        ("表.csv", EXE, "lying"),
        ("表.txt", HTML, "lying"),
        ("表.csv", ELF, "lying"),
    ]


def malformed(jpeg, png, gif, archive, document):
    return [
        # broken
        ("断.jpg", jpeg[: len(jpeg) // 3], "lying"),
        ("断.png", png[: len(png) // 2], "lying"),
        ("断.docx", document[:-30], "lying"),
        # two things at once
        ("鸡尾.gif", b"GIF89a" + gif[6:] + archive, "two_kinds"),
        ("鸡尾.jpg", jpeg + archive, "two_kinds"),
        ("鸡尾.png", png + archive, "two_kinds"),
        ("页图.jpg", jpeg + HTML, "two_kinds"),
        ("页图.gif", gif + b"<script>alert(1)</script>", "two_kinds"),
        ("注释.jpg", picture(comment=b"<script>alert(1)</script>"), "two_kinds"),
        ("注释.jpg", picture(comment=b"<?php system($_GET[0]);"), "two_kinds"),
        ("页文.pdf", pdf(HTML), "two_kinds"),
        ("包文.pdf", pdf() + archive, "two_kinds"),
        # Office packages that hide something
        ("宏.docx", packed(TYPES | {"word/document.xml": "<w/>", "word/vbaProject.bin": b"\0"}), "lying"),
        ("爬.docx", packed(TYPES | {"word/document.xml": "<w/>", "../../etc/cron.d/x": "x"}), "lying"),
        ("弹.xlsx", packed(TYPES | {"xl/sheet1.xml": b"0" * 30_000_000}), "lying"),
        # names
        ("照片.php.jpg", jpeg, "double_ending"),
        ("照片.html.png", png, "double_ending"),
        ("照片.exe.pdf", pdf(), "double_ending"),
        ("照片.php\x00.jpg", jpeg, "double_ending"),
        ("照片\u202egpj.exe", EXE, "kind"),
    ]


def honest():
    """What must be taken, whatever its name looks like."""
    document = packed(TYPES | {"word/document.xml": "<w/>"})
    return [
        ("2019.9.30 现场.jpg", picture()),
        ("现场.JPEG", picture()),
        ("透明.png", picture("PNG")),
        ("动图.gif", picture("GIF")),
        ("图.webp", picture("WEBP")),
        ("公文.pdf", pdf()),
        ("公文.docx", document),
        ("表.xlsx", packed(TYPES | {"xl/workbook.xml": "<x/>"})),
        ("数据.csv", "街道,数量\n古桥街道,12\n".encode("gbk")),
        ("说明.txt", "大于 3 < 5 的说明".encode()),
        ("../../etc/照片.jpg", picture()),
        ("长" * 240 + ".jpg", picture()),
    ]
