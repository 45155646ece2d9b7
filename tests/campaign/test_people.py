"""Units and people: the tree, posts with dates, hand-over in one step, accounts that close."""

import datetime as dt

import pytest

from campaign import handover, invitations, people, units
from campaign.access import Role
from campaign.models import LogEntry, Membership, OutgoingMail, Unit, User
from campaign.problems import Refused
from tasks.models import Draft, Notice, Task

Post = Membership.Post


@pytest.fixture
def deed(office, now):
    return {"by": office, "now": now}


# --- units ------------------------------------------------------------------------------------


def test_unit_is_found_by_name_alias_and_initials(campaign, deed):
    fields = {"name": "区交通支队", "aliases": ["交警支队", "市交管局东城支队"], "kind": "department", "order": 3}
    unit = units.add(campaign, fields, **deed)
    assert [list(Unit.objects.matching(text)) for text in ("交通", "交警", "qjtzd", "jjzd", "财政")] == [[unit]] * 4 + [
        []
    ]


def test_renamed_unit_is_found_by_its_new_name(police, deed):
    units.change(police, {"name": "区公安交管局"}, **deed)
    assert list(Unit.objects.matching("qjtzd")) == []
    assert list(Unit.objects.matching("qgajgj")) == [police]


def test_tree_has_three_levels(street, make_unit, campaign, deed):
    community = make_unit("古桥社区", kind="community", parent=street)
    below = units.add(campaign, {"name": "一号院", "kind": "other", "parent": community}, **deed)
    with pytest.raises(Refused, match="最多三级"):
        units.add(campaign, {"name": "一号楼", "kind": "other", "parent": below}, **deed)


def test_unit_cannot_stand_below_itself(street, make_unit, deed):
    community = make_unit("古桥社区", kind="community", parent=street)
    with pytest.raises(Refused, match="自己的下级"):
        units.change(street, {"parent": community}, **deed)


def test_branch_with_children_cannot_be_hung_too_deep(street, police, make_unit, deed):
    community = make_unit("古桥社区", kind="community", parent=street)
    make_unit("一号院", kind="other", parent=community)
    with pytest.raises(Refused, match="最多三级"):
        units.change(street, {"parent": police}, **deed)


def test_tree_is_in_administrative_order(police, city, street, make_unit):
    make_unit("古桥社区", kind="community", parent=street, order=5)
    branches = units.tree(Unit.objects.in_order(), [])
    assert [(branch.unit.name, branch.level) for branch in branches] == [
        ("区交通支队", 0),
        ("区城市管理委", 0),
        ("古桥街道", 0),
        ("古桥社区", 1),
    ]


def test_unit_without_liaison_is_a_vacancy(campaign, police, city, liaison, office, today):
    assert units.vacancies(campaign, today=today) == [city]


def test_post_that_ended_leaves_a_vacancy(campaign, police, liaison, office, today, deed):
    people.end_post(liaison.memberships.get(), last_day=today, **deed)
    assert units.vacancies(campaign, today=today) == []
    assert units.vacancies(campaign, today=today + dt.timedelta(days=1)) == [police]


def test_page_shows_the_vacancy_and_who_answers(office, liaison, city, login):
    page = login(office).get("/units").content.decode()
    assert "1 个单位现在没有联络员" in page
    assert "王磊" in page


def test_other_units_people_are_not_shown(stranger, liaison, login):
    page = login(stranger).get("/units").content.decode()
    assert ("刘洋" in page, "王磊" in page) == (True, False)


def test_phone_is_masked_for_who_need_not_call(leader, office, liaison, login):
    User.objects.filter(pk=liaison.pk).update(phone="13812345678")
    assert "138****5678" in login(leader).get("/units").content.decode()
    assert "13812345678" in login(office).get("/units").content.decode()


def test_roster_pages_cost_the_same_for_more_units(office, make_unit, login, django_assert_max_num_queries):
    client = login(office)
    for number in range(30):
        make_unit(f"单位{number}")
    with django_assert_max_num_queries(16):
        client.get("/units")


# --- posts ------------------------------------------------------------------------------------


def test_new_person_gets_an_account_a_post_and_a_link(office, police, login):
    body = {"name": "李建国", "post": "liaison", "role": "liaison", "from_on": "2019-09-24", "email": "l@example.cn"}
    page = login(office).post(f"/units/{police.pk}/people/new", body).content.decode()
    user = User.objects.get(username="lijianguo")
    assert (user.initials, user.memberships.get().unit, user.has_usable_password()) == ("ljg", police, False)
    assert "/invite/" in page
    assert "/invite/" in OutgoingMail.objects.get(to_user=user).text


def test_same_name_gets_another_account(police, deed, today):
    names = [
        people.enlist(police, name="王磊", post=Post.STAFF, role=Role.LIAISON, from_on=today, **deed).user.username
        for _ in range(3)
    ]
    assert names == ["wanglei", "wanglei2", "wanglei3"]


def test_post_is_not_filled_twice_by_one_person(liaison, police, today, deed):
    with pytest.raises(Refused, match="已经是"):
        people.appoint(liaison, police, post=Post.LIAISON, role=Role.LIAISON, from_on=today, **deed)


def test_last_manager_stays(office, today, deed):
    with pytest.raises(Refused, match="最后一位"):
        people.end_post(office.memberships.get(), last_day=today, **deed)


def test_nobody_disables_themselves(office, campaign, today, deed):
    with pytest.raises(Refused, match="自己"):
        people.disable(office, campaign, today=today, **deed)


def test_disabled_person_keeps_the_history(liaison, campaign, today, deed):
    people.disable(liaison, campaign, today=today, **deed)
    liaison.refresh_from_db()
    assert (liaison.is_active, Membership.objects.get(user=liaison).valid_to) == (False, today - dt.timedelta(days=1))


def test_enabled_person_has_no_post_yet(liaison, campaign, today, deed, actor):
    people.disable(liaison, campaign, today=today, **deed)
    people.enable(liaison, campaign, **deed)
    assert actor(User.objects.get(pk=liaison.pk)).memberships == ()


@pytest.fixture
def in_two_districts(liaison, outsider):
    other = outsider.memberships.get()
    Membership.objects.create(
        campaign=other.campaign, unit=other.unit, user=liaison, role=Role.OFFICE, valid_from=dt.date(2019, 1, 1)
    )
    return liaison


def test_account_needed_elsewhere_stays_open(in_two_districts, campaign, today, deed):
    people.disable(in_two_districts, campaign, today=today, **deed)
    in_two_districts.refresh_from_db()
    assert in_two_districts.is_active


def test_one_office_cannot_take_over_an_account_of_another_district(in_two_districts, campaign, today, deed):
    own = in_two_districts.memberships.get(campaign=campaign)
    with pytest.raises(Refused, match="也有岗位"):
        invitations.invite(own, real_now=deed["now"], **deed)
    with pytest.raises(Refused, match="也有岗位"):
        people.change(in_two_districts, campaign, {"name": "王磊", "email": "evil@example.cn"}, today=today, **deed)


# --- hand-over --------------------------------------------------------------------------------


@pytest.fixture
def successor(police, deed, today):
    return people.enlist(police, name="李建国", post=Post.STAFF, role=Role.LIAISON, from_on=today, **deed).user


@pytest.fixture
def hand(liaison, successor, deed, today):
    def over(*, from_on=today, to=successor):
        return handover.hand_over(liaison.memberships.get(), to, from_on=from_on, today=today, **deed)

    return over


def test_post_changes_hands_on_the_day(hand, liaison, successor, today, actor, task):
    done = hand()
    assert (done.before.valid_to, done.after.valid_from) == (today - dt.timedelta(days=1), today)
    assert list(Task.objects.visible_to(actor(successor))) == [task]
    assert not Task.objects.visible_to(actor(liaison)).exists()


def test_new_holder_finds_one_note_in_the_inbox(task, make_task, hand, successor, today):
    make_task("02-02-03", due_on=today - dt.timedelta(days=3))
    hand()
    note = Notice.objects.get(recipient=successor)
    assert note.text == "您接任区交通支队联络员，名下有 2 项在办，其中 1 项逾期；以往的填报都在任务里。"


def test_drafts_pass_on(milestone, liaison, hand, successor, now, campaign):
    Draft.objects.create(
        campaign=campaign, user=liaison, milestone=milestone, data={"progress": "写了一半"}, updated_at=now
    )
    assert hand().passed["drafts"] == 1
    assert Draft.objects.get().user == successor


def test_own_draft_of_the_new_holder_is_kept(milestone, liaison, hand, successor, now, campaign):
    for user in (liaison, successor):
        data = {"progress": user.name}
        Draft.objects.create(campaign=campaign, user=user, milestone=milestone, data=data, updated_at=now)
    assert hand().passed["drafts"] == 0
    assert Draft.objects.get(user=successor).data == {"progress": "李建国"}


def test_hand_over_for_a_later_day_waits_for_it(milestone, liaison, hand, successor, now, campaign, today, actor):
    Draft.objects.create(campaign=campaign, user=liaison, milestone=milestone, data={}, updated_at=now)
    later = today + dt.timedelta(days=7)
    assert hand(from_on=later).passed == {}
    assert handover.settle(campaign, now=now, today=today) == 0
    assert handover.settle(campaign, now=now + dt.timedelta(days=8), today=later + dt.timedelta(days=1)) == 1
    assert Draft.objects.get().user == successor


def test_settling_twice_moves_nothing_more(milestone, liaison, hand, now, campaign, today):
    Draft.objects.create(campaign=campaign, user=liaison, milestone=milestone, data={}, updated_at=now)
    hand()
    assert handover.settle(campaign, now=now, today=today) == 0


def test_hand_over_leaves_its_entry(hand, liaison):
    hand()
    assert LogEntry.objects.get(verb="handed_over").data == {"from": "王磊", "to": "李建国", "on": "2019-09-24"}


@pytest.mark.parametrize(
    ("from_on", "told"), [(dt.date(2019, 1, 1), "要晚于任职日期"), (dt.date(2018, 5, 1), "要晚于任职日期")]
)
def test_hand_over_before_the_post_began_is_refused(hand, from_on, told):
    with pytest.raises(Refused, match=told):
        hand(from_on=from_on)


def test_hand_over_to_oneself_is_refused(hand, liaison):
    with pytest.raises(Refused, match="本来就是"):
        hand(to=liaison)


def test_post_is_handed_over_once(hand):
    hand()
    with pytest.raises(Refused):
        hand()


def test_page_hands_over_to_a_new_person_in_one_step(office, liaison, task, login):
    post = liaison.memberships.get()
    page = (
        login(office).post(f"/posts/{post.pk}/handover", {"from_on": "2019-09-24", "name": "李建国"}).content.decode()
    )
    assert "/invite/" in page
    assert Membership.objects.get(post="liaison", valid_to=None).user.name == "李建国"


def test_page_refuses_at_the_field_and_writes_nothing(office, liaison, login):
    post = liaison.memberships.get()
    page = (
        login(office).post(f"/posts/{post.pk}/handover", {"from_on": "2018-01-01", "name": "李建国"}).content.decode()
    )
    assert "要晚于任职日期" in page
    assert not User.objects.filter(name="李建国").exists()


def test_ended_post_opens_nothing_though_the_session_lives(office, liaison, today, deed, login):
    client = login(liaison)
    people.end_post(liaison.memberships.get(), last_day=today - dt.timedelta(days=1), **deed)
    assert (client.get("/units").status_code, client.get("/me").status_code) == (403, 200)


def test_command_structure_names_its_people_as_the_plan_does(office, make_unit, leader, login, today, deed):
    group = make_unit("创建指挥部", kind="group")
    people.appoint(leader, group, post=Post.PRINCIPAL, role=Role.LEADER, title="指挥长", from_on=today, **deed)
    assert "指挥长" in login(office).get("/units?kind=group").content.decode()
    assert "指挥长 · 主要领导 · 领导" in login(office).get(f"/units/{group.pk}").content.decode()


def test_title_goes_along_with_the_post(liaison, successor, today, deed):
    Membership.objects.filter(user=liaison).update(title="组长")
    done = handover.hand_over(liaison.memberships.get(), successor, from_on=today, today=today, **deed)
    assert done.after.title == "组长"


def test_a_units_new_place_moves_its_tasks_in_the_list(login, office, police, city, make_task):
    make_task("01-01-01", unit=police)
    make_task("01-01-02", unit=city)
    client = login(office)
    codes = ["01-01-01", "01-01-02"]
    assert _listed(client, codes) == codes
    body = {"name": police.name, "kind": "department", "order": "99"}
    assert client.post(f"/units/{police.pk}/edit", body).status_code == 302
    assert _listed(client, codes) == codes[::-1]


def _listed(client, codes):
    page = client.get("/tasks?view=all&sort=unit&group=none").content.decode()
    return sorted(codes, key=lambda code: page.index(f'id="t-{code}"'))
