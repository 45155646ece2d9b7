"""The same briefing as a Word file: official typeface names kept, the grid of GB/T 9704-2012, for secretaries to edit."""

import datetime as dt
import io
import zipfile
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from reports import typesetting
from reports.sheet import Bars, Block, BriefingSheet, Curve, Heading, Paragraph, Table

XBS, FANG, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
LEVELS = {1: HEI, 2: KAI, 3: FANG}
RED = RGBColor(0xEE, 0x2C, 0x22)
#: 225 mm / 22 lines, in twentieths of a point; 156 mm / 28 characters is 0.2 pt less than 3号 (16 pt) each.
LINE_PITCH, BODY_SIZE, BODY_SPACE = 579, 16, -0.2
LINE = Pt(28.95)
CENTRE, LEFT, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
TEXT_WIDTH = Mm(156)
#: Characters of 3号 that leave room for the day on the same line.
LONGEST_ISSUER = 17
#: Zip files begin in 1980; a fixed moment keeps the bytes the same each time.
PACKED_AT = (1980, 1, 1, 0, 0, 0)


def docx(sheet: BriefingSheet, *, now: dt.datetime) -> bytes:
    """The same sheet and moment give the same bytes."""
    document = Document()
    _lay_out(document)
    _head(document, sheet)
    for block in sheet.blocks:
        _block(document, block)
    _tail(document, sheet)
    properties = document.core_properties
    properties.title, properties.author = f"{sheet.mark}{sheet.number}", sheet.issuer
    properties.created = properties.modified = now.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)
    properties.last_modified_by, properties.comments = sheet.issuer, ""
    return _packed(document)


def _packed(document: WordDocument) -> bytes:
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, PACKED_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()


# ---------- page


def _lay_out(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - python-docx has no name for the grid
    if grid is None:
        grid = _element("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    for name, value in (("type", "lines"), ("linePitch", LINE_PITCH)):
        grid.set(qn(f"w:{name}"), str(value))
    normal = document.styles["Normal"]
    normal.font.size = Pt(16)
    _name_fonts(normal.element.get_or_add_rPr(), FANG)
    layout = normal.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    layout.widow_control = False
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], LEFT)


def _page_number(paragraph: WordParagraph, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.alignment = side
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Pt(14)
    _run(paragraph, "— ", SONG, 14)
    field = _run(paragraph, "", SONG, 14)
    for kind, words in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "1"), ("end", "")):
        if kind:
            field._r.append(_element("w:fldChar", fldCharType=kind))  # noqa: SLF001
        else:
            part = _element("w:instrText" if "PAGE" in words else "w:t")
            part.text = words
            field._r.append(part)  # noqa: SLF001
    _run(paragraph, " —", SONG, 14)


# ---------- parts


def _head(document: WordDocument, sheet: BriefingSheet) -> None:
    mark = _line(document, sheet.mark, XBS, 46, place=CENTRE, colour=RED)
    mark.paragraph_format.line_spacing = Pt(28.95 * 3)
    _space_characters(mark.runs[0], 12)
    _line(document, f"{sheet.number}{sheet.total}", FANG, 16, place=CENTRE)
    foot = document.add_paragraph()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(150), alignment=2)
    foot.paragraph_format.left_indent = Pt(16)
    _run(foot, f"{sheet.issuer}\t{sheet.day}", FANG, 16 if len(sheet.issuer) <= LONGEST_ISSUER else 14)
    _border(foot, "bottom", 10, "EE2C22")
    document.add_paragraph()
    title = _line(document, sheet.title, XBS, 22, place=CENTRE)
    title.paragraph_format.line_spacing = Pt(35)
    if sheet.note:
        _line(document, sheet.note, KAI, 16, place=CENTRE)
    document.add_paragraph()


def _block(document: WordDocument, block: Block) -> None:
    if isinstance(block, Heading):
        paragraph = _line(document, block.text, LEVELS[block.level], 16, is_indented=True)
        paragraph.paragraph_format.keep_with_next = True
    elif isinstance(block, Paragraph):
        _line(document, block.text, FANG, 16, place=JUSTIFY, is_indented=block.is_indented)
    elif isinstance(block, Table):
        _caption(document, block.caption)
        _table(document, block)
        document.add_paragraph().paragraph_format.line_spacing = Pt(14)
    else:
        _picture(document, block)


def _caption(document: WordDocument, words: str) -> None:
    _line(document, words, HEI, 14, place=CENTRE).paragraph_format.keep_with_next = True


def _picture(document: WordDocument, block: Bars | Curve) -> None:
    """A chart as a picture under its caption, which is its description too."""
    _caption(document, block.caption)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    shape = paragraph.add_run().add_picture(io.BytesIO(typesetting.chart(block)), width=TEXT_WIDTH)
    shape._inline.docPr.set("descr", block.caption)  # noqa: SLF001 - the only way to a description


def _table(document: WordDocument, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.width for column in block.columns)
    widths = [int(TEXT_WIDTH * column.width / whole) for column in block.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = table.add_row()
    head._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))  # noqa: SLF001
    for cell, column, width in zip(head.cells, block.columns, widths, strict=True):
        _fill(cell, column.label, HEI, width, is_centred=True)
    for number, words in enumerate(block.rows, 1):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))  # noqa: SLF001
        font = HEI if block.last_is_total and number == len(block.rows) else SONG
        for cell, column, text, width in zip(row.cells, block.columns, words, widths, strict=True):
            _fill(cell, text, font, width, is_centred=column.is_centred)


def _fill(cell: _Cell, words: str, font: str, width: int, *, is_centred: bool) -> None:
    cell.width = Length(width)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = CENTRE if is_centred else LEFT
    paragraph.paragraph_format.line_spacing = Pt(18)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - table lines stand off the grid, as in the PDF
    properties.insert_element_before(_element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc", "w:rPr")
    _run(paragraph, words, font, 12)


def _tail(document: WordDocument, sheet: BriefingSheet) -> None:
    lines = [f"{line.word}：{line.names}" for line in sheet.tail]
    document.add_paragraph()
    for number, words in enumerate(lines):
        paragraph = _line(document, words, FANG, 14)
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Pt(56), Pt(-42)
        paragraph.paragraph_format.line_spacing = Pt(24)
        paragraph.paragraph_format.keep_with_next = True
        if number == 0:
            _border(paragraph, "top", 8)
    foot = document.add_paragraph()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(151), alignment=2)
    foot.paragraph_format.left_indent = Pt(14)
    foot.paragraph_format.line_spacing = Pt(24)
    _run(foot, f"{sheet.printed_by}\t{sheet.printed}", FANG, 14)
    _border(foot, "top", 6 if lines else 8)
    _border(foot, "bottom", 8)


# ---------- small parts


def _line(
    document: WordDocument,
    words: str,
    font: str,
    size: float,
    *,
    place: WD_ALIGN_PARAGRAPH | None = None,
    colour: RGBColor | None = None,
    is_indented: bool = False,
) -> WordParagraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = place
    if is_indented:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    run = _run(paragraph, words, font, size)
    if colour is not None:
        run.font.color.rgb = colour
    return paragraph


def _run(paragraph: WordParagraph, words: str, font: str, size: float) -> Run:
    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    _name_fonts(run._r.get_or_add_rPr(), font)  # noqa: SLF001
    if size == BODY_SIZE:
        _space_characters(run, BODY_SPACE)
    return run


def _name_fonts(properties: Any, font: str) -> None:
    """Word keeps a typeface for each script; all four name the official one."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = _element("w:rFonts")
        properties.insert(0, fonts)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)


def _space_characters(run: Run, points: float) -> None:
    spacing = _element("w:spacing", val=str(round(points * 20)))
    run._r.get_or_add_rPr().insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")  # noqa: SLF001


def _border(paragraph: WordParagraph, side: str, eighths: int, colour: str = "000000") -> None:
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = _element("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    line = _element(f"w:{side}", val="single", sz=str(eighths), space="4", color=colour)
    borders.append(line)


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
