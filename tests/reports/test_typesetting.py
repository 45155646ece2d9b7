"""The paper measured: page, grid, head, rules, page numbers, typefaces, repeatability."""

import hashlib
import itertools
import re
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from campaign import typefaces
from reports import typesetting
from reports.sheet import Paragraph
from tests.reports import paper

NEAR = 0.5


@pytest.fixture(scope="module")
def text_pages():
    """Two pages of nothing but running text."""
    body = Paragraph(paper.WORDS * 50, is_indented=False)
    return typesetting.pdf(paper.sheet(body), now=paper.MOMENT)


@pytest.fixture(scope="module")
def whole():
    return typesetting.pdf(paper.sheet(), now=paper.MOMENT)


def test_the_page_is_a4(text_pages):
    width, height = pypdfium2.PdfDocument(text_pages)[0].get_size()
    assert (width / paper.MM, height / paper.MM) == pytest.approx((210, 297), abs=0.1)


def test_a_page_holds_22_lines_of_28_characters(text_pages):
    assert [len(line) for line in paper.lines(text_pages, 1)] == [28] * 22


def test_the_margins_are_those_of_the_standard(text_pages):
    body = [one for line in paper.lines(text_pages, 1) for one in line]
    assert min(one.left for one in body) == pytest.approx(28, abs=NEAR)
    assert min(one.right for one in body) == pytest.approx(26, abs=NEAR)
    assert min(one.top for one in body) == pytest.approx(37, abs=NEAR)


def test_22_lines_take_225_millimetres(text_pages):
    tops = [line[0].top for line in paper.lines(text_pages, 1)]
    pitches = [lower - upper for upper, lower in itertools.pairwise(tops)]
    assert pitches == pytest.approx([225 / 22] * 21, abs=0.05)
    assert 297 - (tops[0] + 225) == pytest.approx(35, abs=NEAR)


def test_characters_stand_on_a_pitch_of_156_by_28(text_pages):
    lefts = [one.left for one in paper.lines(text_pages, 1)[3]]
    assert (lefts[-1] - lefts[0]) / 27 == pytest.approx(156 / 28, abs=0.03)


@pytest.mark.parametrize(("page", "side", "edge"), [(0, "right", 26), (1, "left", 28)])
def test_the_page_number_stands_outside_one_character_in(text_pages, page, side, edge):
    dashes = paper.page_number(text_pages, page)
    assert len(dashes) == 2
    # one character of 4号 (14 pt = 4.94 mm) in; a dash's ink begins a little inside its own square
    assert min(getattr(one, side) for one in dashes) == pytest.approx(edge + 14 / paper.MM, abs=NEAR)
    assert dashes[0].top == pytest.approx(262 + 7, abs=NEAR)


def test_the_head_is_red_wide_and_ruled(whole):
    mark = paper.lines(whole, 0)[0]
    assert "".join(one.text for one in mark) == "创城工作简报"
    assert mark[0].left - 28 == pytest.approx(mark[-1].right - 26, abs=1)
    top, left, right = paper.rules(whole, 0)[0]
    assert 85 < top < 92
    assert (left, right) == pytest.approx((28, 26), abs=NEAR)


def test_the_last_rule_lies_on_the_lower_edge(whole):
    last = len(pypdfium2.PdfDocument(whole)) - 1
    assert max(top for top, _, _ in paper.rules(whole, last)) == pytest.approx(262, abs=NEAR)


def test_all_text_can_be_taken_out_in_order(whole):
    text, place = paper.text_of(whole), 0
    for words in paper.sheet().words:
        place = text.find("".join(words.split()), place)
        assert place >= 0, words


def test_every_character_has_a_glyph(whole):
    """A missing glyph is taken out of a PDF as nothing or as U+FFFD."""
    assert set("".join(paper.CHARACTERS.split())) - set(paper.text_of(whole)) == set()


def test_every_font_is_embedded(whole):

    names = re.findall(rb"/FontName\s*/(\w+)\+", whole)
    files = re.findall(rb"/FontFile[23]?\s", whole)
    assert len(names) >= 2
    assert len(files) == len(names)


def test_a_table_repeats_its_head_on_each_page():
    made = typesetting.pdf(paper.sheet(paper.long_table("表1　逾期任务")), now=paper.MOMENT)
    document = pypdfium2.PdfDocument(made)
    heads = [page.get_textpage().get_text_range().count("序号") for page in document]
    assert len(heads) >= 2
    assert heads == [1] * len(heads)


def test_a_paper_is_the_same_to_the_byte_each_time():
    first, again = (typesetting.pdf(paper.sheet(), now=paper.MOMENT) for _ in range(2))
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()


def test_words_of_the_office_are_never_commands():
    body = Paragraph('#panic("x") $x$ *粗* _斜_ <br> @甲 //注释')
    assert '#panic("x")$x$*粗*_斜_<br>@甲//注释' in paper.text_of(
        typesetting.pdf(paper.sheet(body), now=paper.MOMENT)
    ).replace("“", '"').replace("”", '"')


def test_the_office_is_told_which_typefaces_were_found():
    found = typefaces.fonts_used()
    assert [use.typeface for use in found] == ["小标宋", "仿宋", "楷体", "黑体", "宋体"]
    for use in found:
        assert ("代替" in use.words) is not use.is_official
        assert use.family in use.words


def test_a_preview_has_a_picture_for_each_page(whole):
    pictures = typesetting.pages(paper.sheet(), ppi=40)
    assert len(pictures) == len(pypdfium2.PdfDocument(whole))
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_any_clock_will_do():
    """A database gives microseconds, a campaign's clock a zone with summer times."""
    moment = paper.MOMENT.astimezone(ZoneInfo("Asia/Shanghai")).replace(microsecond=1234)
    assert typesetting.pdf(paper.sheet(), now=moment) == typesetting.pdf(paper.sheet(), now=paper.MOMENT)


def test_a_machine_without_bold_song_thickens_the_strokes(monkeypatch):
    monkeypatch.setattr(typefaces, "_weights", lambda: {"Noto Serif SC": 400, "Noto Sans SC": 400})
    found = typefaces.fonts_used.__wrapped__()
    monkeypatch.setattr(typefaces, "fonts_used", lambda: found)
    assert found[0].words == "小标宋：本机没有，用 Noto Serif SC（加粗笔画）代替"
    assert "创城工作简报" in paper.text_of(typesetting.pdf(paper.sheet(), now=paper.MOMENT))


def test_a_machine_with_the_official_typefaces_uses_them(monkeypatch):
    official = {face.official[0]: 400 for face in typefaces.TYPEFACES}
    monkeypatch.setattr(typefaces, "_weights", lambda: official)
    found = typefaces.fonts_used.__wrapped__()
    assert [use.family for use in found] == ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"]
    assert all(use.is_official and "代替" not in use.words for use in found)


@pytest.mark.parametrize(
    "title",
    ["第一季度", "全区上下齐动员确保创建任务圆满完成再接再厉", "甲" * 60, "本周销号5个节点，8项逾期任务须加快办理"],
)
def test_titles_of_any_length_keep_the_grid(title):
    made = typesetting.pdf(paper.sheet(Paragraph(paper.WORDS * 50, is_indented=False), title=title), now=paper.MOMENT)
    assert [len(line) for line in paper.lines(made, 1)] == [28] * 22
    body = [line[0].top for line in paper.lines(made, 0) if len(line) == 28]
    assert (body[-1] - 37) / (225 / 22) == pytest.approx(round((body[-1] - 37) / (225 / 22)), abs=0.05)


def test_a_long_name_of_the_office_stays_on_its_line():
    issuer = "望山区创建全国文明城区工作领导小组办公室综合协调组"
    made = typesetting.pdf(paper.sheet(issuer=issuer), now=paper.MOMENT)
    assert any("".join(one.text for one in line) == f"{issuer}2019年9月27日" for line in paper.lines(made, 0))
