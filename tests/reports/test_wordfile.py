"""The Word file: official names, the grid, the same words as the PDF."""

import io
import zipfile

import docx as word
import pytest

from reports import wordfile
from tests.reports import paper


@pytest.fixture(scope="module")
def made():
    return wordfile.docx(paper.sheet(), now=paper.MOMENT)


def test_official_typefaces_are_named(made):
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        body = parts.read("word/document.xml").decode()
    for name in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"):
        assert f'w:eastAsia="{name}"' in body


def test_page_and_grid_are_those_of_the_standard(made):
    section = word.Document(io.BytesIO(made)).sections[0]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 'w:linePitch="579"' in section._sectPr.xml


def test_a_table_repeats_its_head(made):
    table = word.Document(io.BytesIO(made)).tables[0]
    assert "w:tblHeader" in table.rows[0]._tr.xml


def test_the_file_is_the_same_to_the_byte_each_time(made):
    assert made == wordfile.docx(paper.sheet(), now=paper.MOMENT)


def test_a_chart_is_described_for_those_who_do_not_see_it(made):
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert 'descr="图1　各工程进展"' in parts.read("word/document.xml").decode()


def test_libreoffice_reads_the_same_words(made, tmp_path):
    text, place = paper.text_of(paper.converted(made, tmp_path)), 0
    assert set(paper.CHARACTERS) <= set(text)  # several typefaces in one line: a PDF need not keep their order
    for words in (words for words in paper.sheet().words if words != paper.CHARACTERS):
        place = text.find("".join(words.split()), place)
        assert place >= 0, words
