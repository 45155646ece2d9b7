"""The kit's tags: shape, word and colour always together; nothing a person typed becomes markup."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from campaign.models import Campaign
from campaign.templatetags import kit
from tasks.lamps import Lamp

TODAY = dt.date(2019, 9, 24)
ROOT = Path(settings.BASE_DIR)


def drawn(source, **context):
    return Template(source).render(Context({"today": TODAY} | context))


@pytest.mark.parametrize("lamp", Lamp.values)
def test_every_lamp_has_shape_word_and_colour(lamp):
    html = drawn("{% lamp lamp %}", lamp=lamp)
    assert f"glyph-{lamp}" in html
    assert Lamp(lamp).label in html
    assert f".glyph-{lamp}{{color:" in (ROOT / "static/css/kit.css").read_text(encoding="utf-8")


def test_no_two_lamps_share_a_shape():
    shapes = [re.sub(r"glyph-\w+", "", str(kit.glyph(lamp))) for lamp in kit.LAMP_WORDS]
    assert len(set(shapes)) == len(shapes)


def test_wedge_grows_with_progress_and_never_closes():
    early, late, full = (str(kit.glyph("doing", share)) for share in (10, 80, 100))
    assert len({early, late, full}) == 3


def test_meter_shows_quantities_not_percentages():
    html = drawn('{% meter 14 20 "条" "soon" %}')
    assert "<b>14</b>/20 条" in html
    assert 'width="70.0"' in html
    assert "%" not in re.sub(r"<svg.*?</svg>", "", html)


@pytest.mark.parametrize(
    ("done", "goal", "width"), [(0, 20, "0.0"), (23, 20, "100.0"), (5, 0, "0.0"), (None, None, "0.0")]
)
def test_bar_stays_within_its_track(done, goal, width):
    assert f'width="{width}"' in kit.bar(done, goal)


@pytest.mark.parametrize(("value", "words"), [(14.0, "14"), (82.60, "82.6"), (None, "0"), ("", "0"), (0.333, "0.33")])
def test_numbers_are_written_as_people_write_them(value, words):
    assert kit.number(value) == words


def test_period_marks_say_how_many_were_missed():
    html = drawn("{% period_marks marks %}", marks=["done", "missed", "now", "todo"])
    assert 'aria-label="4 期中已完成 1 期，漏 1 期"' in html
    assert html.count("<i class=") == 4


def test_planned_rhythm_counts_only_what_is_due():
    assert 'aria-label="全年 1 期"' in kit.period_marks(["off", "off", "plan"], is_plan=True)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (TODAY, "今天"),
        (dt.date(2019, 9, 23), "昨天"),
        (dt.date(2019, 9, 12), "9月12日"),
        (dt.date(2018, 12, 3), "2018年12月3日"),
    ],
)
def test_days_near_and_far(value, words):
    html = drawn("{% day value today %}", value=value, today=TODAY)
    assert f'<span class="near">{words}</span>' in html
    assert f'title="{value.year}年{value.month}月{value.day}日"' in html


def test_a_moment_of_today_shows_its_time_in_the_local_zone():
    morning = dt.datetime(2019, 9, 24, 1, 20, tzinfo=dt.UTC)
    assert "今天 09:20" in drawn("{% day at today %}", at=morning, today=TODAY)


@pytest.mark.parametrize(
    ("due_on", "lamp", "words"),
    [
        (dt.date(2019, 9, 15), "overdue", "逾期 9 天"),
        (TODAY, "soon", "今天到期"),
        (dt.date(2019, 9, 30), "soon", "剩 6 天"),
        (dt.date(2019, 12, 31), "doing", "12月31日"),
        (dt.date(2019, 9, 15), "done", "9月15日"),
        (dt.date(2019, 9, 15), "doing", "9月15日"),
    ],
)
def test_limits_in_words(due_on, lamp, words):
    assert kit.due_words(due_on, TODAY, lamp) == words


def test_no_limit_is_said():
    assert "不设期限" in drawn("{% due none %}", none=None)


def test_unit_chip_names_the_duty():
    html = kit.unit_chip("primary", "区交通支队", note="承上", is_doubtful=True)
    assert 'title="主责单位"' in html
    assert "<u>区交通支队</u>" in html


@pytest.mark.parametrize("tag", ["{% pill text %}", '{% unit_chip "lead" text %}', "{% meter 1 2 text %}"])
def test_what_people_typed_is_never_markup(tag):
    assert "<script>" not in drawn(tag, text="<script>alert(1)</script>")


def test_icons_come_from_the_wheel_and_are_hidden_from_readers():
    html = drawn('{% icon "bell" 18 %}')
    assert 'width="18"' in html
    assert 'aria-hidden="true"' in html


def _took(draw):
    """Seconds of this thread alone: what else the machine is doing is not the list's doing."""
    began = time.thread_time()
    draw()
    return time.thread_time() - began


def test_a_list_of_fifty_rows_is_drawn_quickly():
    source = Template(
        '{% for n in rows %}{% lamp "soon" %}{% meter n 50 "条" %}{% due day "soon" %}{% icon "bell" %}{% endfor %}'
    )
    context = Context({"today": TODAY, "rows": range(50), "day": dt.date(2019, 9, 30)})
    assert min(_took(lambda: source.render(context)) for _ in range(9)) < 0.05


@pytest.mark.parametrize("sheet", sorted((ROOT / "static/css").glob("*.css")), ids=lambda path: path.stem)
def test_stylesheets_keep_to_the_oldest_browser(sheet):
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r":has\(|@layer|@container|oklch|color-mix|\ddvh|@font-face|text-wrap", css)
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize("slug", ["desk", "ledger", "start"])
def test_help_is_one_text_in_both_places(slug):
    assert str(kit.help_text(slug)) in drawn('{% include "components/help.html" with slug=slug %}', slug=slug)


def test_every_topic_of_help_has_its_text():
    from campaign.help import TOPICS

    texts = {path.stem for path in (ROOT / "templates/help").glob("*.html")}
    assert texts == set(TOPICS)


@pytest.mark.parametrize(
    ("district", "name", "full", "title"),
    [
        ("望山区", "区创城办", "", "望山区创城办"),
        ("望山县", "创文办", "", "望山县创文办"),
        ("望山区", "区创城办", "望山区创建全国文明城区工作领导小组办公室", "望山区创建全国文明城区工作领导小组办公室"),
    ],
)
def test_the_office_is_called_by_its_name_once(district, name, full, title):
    assert Campaign(district=district, office_name=name, office_full_name=full).office_title == title


def test_modules_do_not_import_one_another():
    """Served names carry a hash (`report.9959….js`) that an import statement would not know."""
    scripts = (ROOT / "static/js").glob("*.js")
    assert [path.name for path in scripts if re.search(r"(?m)^import\b|\bimport\(", path.read_text("utf-8"))] == []


def test_the_dark_of_the_switch_is_the_dark_of_the_system():
    css = (ROOT / "static/css/kit.css").read_text(encoding="utf-8")
    by_switch = css.split(":root[data-theme=dark]{", 1)[1].split("}", 1)[0]
    by_system = css.split(":root:not([data-theme=light]){", 1)[1].split("}", 1)[0]
    assert by_switch.split() == by_system.split()
    assert "--canvas:" in by_switch
