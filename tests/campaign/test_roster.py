"""名册: every row with its problems; whole or not at all; a second time nothing; no hand-over by a table."""

import datetime as dt

import pytest

from campaign.access import Role
from campaign.models import LogEntry, Membership, Unit, User
from campaign.problems import Refused
from campaign.roster.reading import read
from campaign.roster.writing import bring_in

HEADS = ["单位", "简称", "别名", "上级", "类别", "姓名", "岗位", "职务", "手机", "邮箱", "账号"]


def table(*rows):
    return [HEADS, *([row.get(head, "") for head in HEADS] for row in rows)]


def person(unit, name, post="联络员", **more):
    return {"单位": unit, "姓名": name, "岗位": post} | more


ROSTER = table(
    {"单位": "河湾社区", "上级": "河湾街道", "类别": "社区"},
    person("河湾街道", "赵一", "主要领导", 职务="书记", 类别="街道", 别名="河湾办、河湾街"),
    person("河湾街道", "钱二", 手机="13800000001", 邮箱="qian@example.test"),
    person("区财政局", "孙三", "分管领导", 简称="财政局"),
    person("区财政局", "孙三", "材料专员"),
    person("区交通支队", "李四", "材料专员", 账号="lisi.jt"),
)


@pytest.fixture
def reading(campaign, today):
    return lambda *rows: read(campaign, table(*rows), today=today)


@pytest.fixture
def bring(campaign, office, now, today):
    return lambda rows: bring_in(campaign, rows, by=office, now=now, today=today)


def said(found):
    return " ".join(problem.message for problem in found.problems)


def counts():
    return Unit.objects.count(), User.objects.count(), Membership.objects.count(), LogEntry.objects.count()


def test_units_people_and_posts_are_made_those_above_first(bring, police, liaison):
    done = bring(ROSTER)
    assert (done.units, done.posts, len(done.newcomers)) == (3, 5, 4)
    community = Unit.objects.get(name="河湾社区")
    assert (community.parent.name, community.kind, community.parent.aliases) == (
        "河湾街道",
        "community",
        ["河湾办", "河湾街"],
    )
    posts = Membership.objects.filter(user__name="孙三")
    assert sorted(posts.values_list("post", "role")) == [("deputy", Role.CHIEF), ("materials", Role.LIAISON)]
    assert posts.values("user").distinct().count() == 1
    assert User.objects.get(name="李四").username == "lisi.jt"


def test_nobody_gets_a_password_by_it(bring):
    bring(ROSTER)
    assert not any(user.has_usable_password() for user in User.objects.filter(name__in=["赵一", "钱二", "孙三"]))


def test_a_second_time_it_adds_nothing(bring, police):
    bring(ROSTER)
    before = counts()
    done = bring(ROSTER)
    assert (done.units, done.changed, done.posts, done.newcomers) == (0, 0, 0, ())
    assert counts() == before


def test_reading_writes_nothing(campaign, today):
    before = counts()
    found = read(campaign, ROSTER, today=today)
    assert (len(found.lines), len(found.new_units), found.newcomers, found.is_clean) == (6, 4, 4, True)
    assert counts() == before


def test_one_problem_stops_the_whole(bring):
    before = counts()
    with pytest.raises(Refused):
        bring([*ROSTER, *table(person("", "周五"))[1:]])
    assert counts() == before


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (person("", "周五"), "没有写单位"),
        (person("区财政局", "周五", "局长"), "不认识岗位“局长”"),
        (person("区财政局", "周五", 手机="12"), "手机号写法不对"),
        (person("区财政局", "周五", 邮箱="zhou"), "邮箱写法不对"),
        (person("区财政局", "周五", 账号="周五"), "账号只用字母"),
        (person("区财政局", "周五", 账号="wanglei"), "已经有人用了"),
        (person("区财政局", "周五", 类别="局"), "没有“局”这一类"),
        (person("区财政局", "周五", 上级="区政府"), "没有上级单位“区政府”"),
        (person("区财政局", "周五", 上级="区财政局"), "绕成了圈"),
        (person("区" * 61, "周五"), "超过 60 个字"),
        ({"单位": "区财政局", "手机": "13800000001"}, "没有写姓名"),
    ],
)
def test_each_mistake_has_its_sentence_and_its_cell(reading, liaison, row, words):
    found = reading(row)
    assert words in said(found)
    assert not found.is_clean
    assert all(problem.where[-1] == "2" and problem.mend for problem in found.blocks)


def test_two_rows_must_agree_on_their_unit(reading):
    found = reading(person("区财政局", "周五", 类别="部门"), person("区财政局", "吴六", 类别="街道"))
    assert "不一致" in said(found)


def test_the_same_row_twice_and_one_account_for_two(reading):
    assert "与第 2 行重复" in said(reading(person("区财政局", "周五"), person("区财政局", "周五")))
    two = reading(person("区财政局", "周五", 账号="zw"), person("区财政局", "吴六", 账号="ZW"))
    assert "写给了两个人" in said(two)


def test_four_levels_are_refused(reading):
    found = reading(*({"单位": name, "上级": above} for name, above in ["乙甲", "丙乙", "丁丙"]), {"单位": "甲"})
    assert "超过 3 级" in said(found)


def test_another_liaison_is_a_handover_and_not_done(reading, bring, liaison, police):
    found = reading(person("交通支队", "李建国"))
    assert "区交通支队的联络员现在是王磊，名册写的是李建国" in said(found)
    with pytest.raises(Refused, match="现在是王磊"):
        bring(table(person("交通支队", "李建国")))
    assert [post.user for post in police.memberships.all()] == [liaison]


def test_both_named_both_hold_it(bring, liaison, police):
    done = bring(table(person("交通支队", "王磊"), person("交通支队", "李建国")))
    assert (done.posts, done.newcomers[0].user.name) == (1, "李建国")
    assert police.memberships.filter(post="liaison", valid_to=None).count() == 2


def test_known_people_are_known_again_and_not_overwritten(reading, bring, liaison):
    row = person("区交通支队", "王磊", "材料专员", 邮箱="other@example.test")
    assert "邮箱与登记的不同，不会改" in said(reading(row))
    bring(table(row))
    liaison.refresh_from_db()
    assert liaison.email == "wanglei@example.test"
    assert liaison.memberships.count() == 2


def test_a_namesake_elsewhere_is_somebody_else_and_said(reading, liaison):
    found = reading(person("区财政局", "王磊"))
    assert "已有同名的王磊（区交通支队）" in said(found)
    assert (found.is_clean, found.newcomers) == (True, 1)
    same = reading(person("区财政局", "王磊", 账号="wanglei"))
    assert (same.problems, same.lines[0].entry.user) == ([], liaison)


def test_who_stands_only_in_another_campaign_is_not_taken_over(reading, outsider):
    found = reading(person("区财政局", "外区", 账号="outsider"))
    assert "已经有人用了" in said(found)


def test_a_known_unit_gets_only_what_the_table_says(bring, police):
    Unit.objects.filter(pk=police.pk).update(aliases=["交警"])
    done = bring(table({"单位": "交通支队", "别名": "交警队", "类别": "其他"}))
    police.refresh_from_db()
    assert (done.changed, police.aliases, police.kind, police.name) == (1, ["交警", "交警队"], "other", "区交通支队")


def test_who_has_left_the_post_may_come_back(bring, liaison, police, today):
    liaison.memberships.update(valid_to=today - dt.timedelta(days=1))
    assert bring(table(person("区交通支队", "王磊"))).posts == 1


def test_a_table_without_the_heads_is_refused(campaign, today):
    with pytest.raises(Refused, match="没有找到表头"):
        read(campaign, [["甲", "乙"]], today=today)


def test_too_long_a_table_is_refused(campaign, today):
    with pytest.raises(Refused, match="最多导入 2000 行"):
        read(campaign, [HEADS, *[["区财政局"]] * 2001], today=today)


def test_reading_asks_the_database_a_fixed_number_of_times(campaign, today, django_assert_max_num_queries):
    rows = table(*(person(f"单位{number}", f"人{number}") for number in range(300)))
    with django_assert_max_num_queries(4):
        read(campaign, rows, today=today)
