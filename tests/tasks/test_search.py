"""Search over tasks, units and files, by words and by 拼音首字母, inside what one may see."""

import pytest

from campaign.models import Attachment, Unit
from campaign.pinyin import search_text
from tasks.models import Evidence
from tasks.search.finding import find


@pytest.fixture
def ledger(make_task, police, city):
    for unit in (police, city):
        Unit.objects.filter(pk=unit.pk).update(search_text=search_text(unit.name, unit.short_name))
    for code, title, unit in [
        ("02-02-02", "创建文明交通示范道路", police),
        ("02-02-03", "创建文明交通示范路口", police),
        ("04-03-02", "公厕提升改造", city),
    ]:
        make_task(code, title, unit=unit, search_text=search_text(code, title, unit.name, limit=600))


@pytest.fixture
def photo(ledger, campaign, liaison, now):
    from tasks.models import Task

    task = Task.objects.get(code="02-02-02")
    file = Attachment.objects.create(campaign=campaign, name="命名文件.pdf", size=1, sha256="0" * 64, created_at=now)
    return Evidence.objects.create(
        campaign=campaign,
        task=task,
        attachment=file,
        name="命名文件.pdf",
        by=liaison,
        at=now,
        kind="file",
        search_text=search_text("命名文件.pdf"),
    )


def codes(found):
    return [task.code for task in found.tasks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jtzd", ["02-02-02", "02-02-03"]),
        ("文明交通", ["02-02-02", "02-02-03"]),
        ("交通 路口", ["02-02-03"]),
        ("02-02-03", ["02-02-03"]),
        ("gcts", ["04-03-02"]),
        ("ＧＣＴＳ", ["04-03-02"]),
        ("没有的", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_words_and_initials(ledger, actor, office, text, expected):
    assert codes(find(actor(office), text)) == expected


def test_units_by_initials(ledger, actor, office):
    assert [unit.name for unit in find(actor(office), "jtzd").units] == ["区交通支队"]


def test_files_by_name(photo, actor, office):
    assert [str(file) for file in find(actor(office), "命名").files] == ["命名文件.pdf"]


def test_a_liaison_finds_only_the_own_units_tasks_and_files(photo, actor, stranger):
    found = find(actor(stranger), "wj")
    assert codes(found) == []
    assert list(find(actor(stranger), "命名").files) == []
    assert codes(find(actor(stranger), "公厕")) == ["04-03-02"]


def test_another_district_finds_nothing(photo, outsider, client, login):
    page = login(outsider).get("/search", {"q": "jtzd"}).content.decode()
    assert "没有找到" in page
    assert "文明交通" not in page


def test_the_page_and_its_fragment_say_the_same(ledger, office, login):
    client = login(office)
    page = client.get("/search", {"q": "gcts"}).content.decode()
    fragment = client.get("/search", {"q": "gcts"}, headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip() in page
    assert "<html" not in fragment


@pytest.mark.parametrize("many", [3, 30])
def test_queries_do_not_grow(many, ledger, make_task, actor, office, django_assert_max_num_queries):
    for number in range(many):
        make_task(f"09-01-{number:02d}", "公厕", search_text=search_text(f"09-01-{number:02d}", "公厕"))
    who = actor(office)
    with django_assert_max_num_queries(5):
        found = find(who, "公厕")
        assert [task.main_unit.name for task in found.tasks]
    assert found.has_more_tasks is (many + 1 > 20)


def test_what_is_typed_is_never_markup(ledger, office, login):
    page = login(office).get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
