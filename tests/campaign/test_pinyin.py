"""What rows are found by."""

import pytest

from campaign.pinyin import initials, normal, search_text


@pytest.mark.parametrize(
    ("text", "letters"),
    [("交通支队", "jtzd"), ("区卫生健康委", "qwsjkw"), ("S1线金安桥", "s1xjaq"), ("12345 热线", "12345rx"), ("", "")],
)
def test_initials(text, letters):
    assert initials(text) == letters


def test_words_first_then_initials():
    assert search_text("区交通支队", "交通支队") == "区交通支队 交通支队 qjtzd jtzd"


def test_full_width_and_punctuation_do_not_hide_a_row():
    assert normal("“ＡＢＣ”——15分钟") == "abc 15分钟"


def test_a_space_inside_a_name_does_not_hide_it():
    assert "24小时智能书店" in search_text("24 小时智能书店")


def test_long_texts_fit_their_column():
    assert len(search_text("文明" * 300, limit=600)) <= 600
