"""The duty roster: who stands where, who is missing; written one by one, from another day, by paste."""

import datetime as dt

import pytest

from campaign.models import LogEntry
from campaign.problems import Refused
from inspections import readiness, rostering
from inspections.models import RosterDuty
from inspections.rostering import Duty

DAY = dt.date(2019, 9, 25)
MORNING, EVENING = "早高峰 7:00–9:00", "晚高峰 17:00–19:00"


@pytest.fixture
def crossing(alley):
    alley.name, alley.staffing = "交通路口", [{"post": "交警", "count": 1}, {"post": "志愿者", "count": 4}]
    alley.save()
    return alley


@pytest.fixture
def spots(make_place, crossing):
    return [make_place(name, place_type=crossing) for name in ("西街路口", "东街路口")]


@pytest.fixture
def said(office, now):
    return {"by": office, "now": now}


@pytest.fixture
def people(spots, police):
    """One policeman and three volunteers at the first crossing."""
    first = {"place": spots[0], "on": DAY, "shift": MORNING}
    four = [("交警", "周安"), ("志愿者", "李青"), ("志愿者", "王兰"), ("志愿者", "")]
    return [Duty(**first, post=post, person=person, unit=police) for post, person in four]


@pytest.fixture
def written(campaign, people, said):
    return rostering.write_duties(campaign, people, **said)


def test_a_crossing_nobody_was_put_at_shows_too(written, actor, office):
    found = readiness.roster(actor(office), day=DAY)
    assert list(found) == [MORNING]
    assert [(str(stand.place), stand.missing) for stand in found[MORNING]] == [
        ("西街路口", (("志愿者", 1),)),
        ("东街路口", (("交警", 1), ("志愿者", 4))),
    ]
    assert [(post, len(duties)) for post, _, duties in found[MORNING][0].posts] == [("交警", 1), ("志愿者", 3)]


def test_shifts_stand_in_the_order_of_the_day(campaign, spots, said, actor, office):
    shifts = (EVENING, "夜间", MORNING)
    duties = [Duty(place=spots[0], on=DAY, shift=shift, post="交警") for shift in shifts]
    rostering.write_duties(campaign, duties, **said)
    assert list(readiness.roster(actor(office), day=DAY)) == [MORNING, EVENING, "夜间"]


def test_a_named_person_is_not_put_twice_an_open_post_may_be(written, campaign, people, said):
    again = rostering.write_duties(campaign, people, **said)
    assert (again.added, again.known) == (1, 3)
    assert RosterDuty.objects.filter(person="").count() == 2


def test_replacing_clears_the_same_shift_only(written, campaign, people, spots, said):
    late = Duty(place=spots[0], on=DAY, shift=EVENING, post="交警", person="周安")
    rostering.write_duties(campaign, [late], **said)
    done = rostering.write_duties(campaign, people[:1], is_replacing=True, **said)
    assert (done.added, done.removed) == (1, 4)
    assert sorted(RosterDuty.objects.values_list("shift", flat=True)) == [MORNING, EVENING]


def test_another_day_is_copied_once(written, campaign, said):
    day = DAY + dt.timedelta(days=1)
    assert rostering.copy_day(campaign, DAY, day, **said).added == 4
    assert rostering.copy_day(campaign, DAY, day, **said).known == 3
    for source in (day + dt.timedelta(days=9), day):
        with pytest.raises(Refused):
            rostering.copy_day(campaign, source, day, **said)


TABLE = """路口\t岗位\t姓名\t时段\t单位\t日期
西街路口\t志愿者\t李青、王兰\t早高峰\t交通支队\t9月26日
S0002\t交警\t\t早高峰\t\t"""


def test_a_pasted_table_is_read_by_its_heads(campaign, spots, police):
    reading = rostering.read_roster(campaign, TABLE, day=DAY)
    assert reading.is_clean
    assert [(str(duty.place), duty.post, duty.person, duty.unit, duty.on.day) for duty in reading.duties] == [
        ("西街路口", "志愿者", "李青", police, 26),
        ("西街路口", "志愿者", "王兰", police, 26),
        ("东街路口", "交警", "", None, 25),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("南街路口｜早高峰｜交警", "不在点位表里"),
        ("西街路口｜｜交警", "没有写时段"),
        ("西街路口｜早高峰｜", "没有写岗位"),
        ("西街路口｜早高峰｜交警｜无此单位", "不在名册里"),
        (f"西街路口｜早高峰｜交警｜｜{'长' * 41}", "超过 40 个字"),
        ("日期｜路口｜岗位｜时段\n明天｜西街路口｜交警｜早高峰", "日期“明天”读不懂"),
        ("日期｜路口｜岗位｜时段\n13月40日｜西街路口｜交警｜早高峰", "读不懂"),
        ("  \n", "一行也没有读到"),
    ],
)
def test_each_mistake_is_told_with_its_line(campaign, spots, line, words):
    reading = rostering.read_roster(campaign, line, day=DAY)
    assert words in reading.problems[0].message
    assert not reading.is_clean


def test_one_bad_line_keeps_the_whole_table_out(login, office, spots):
    client = login(office)
    said = {"on": DAY, "lines": "西街路口｜早高峰｜交警｜｜周安\n南街路口｜早高峰｜交警", "do": "write"}
    answer = client.post("/readiness/roster/paste", said)
    assert (answer.status_code, "第 2 行的点位“南街路口”" in answer.content.decode()) == (422, True)
    assert not RosterDuty.objects.exists()


def test_paste_reads_first_and_writes_when_told(login, office, spots, police):
    client = login(office)
    said = {"on": DAY, "lines": TABLE}
    assert "读出 <b>3</b> 人" in client.post("/readiness/roster/paste", said | {"do": "read"}).content.decode()
    assert not RosterDuty.objects.exists()
    assert client.post("/readiness/roster/paste", said | {"do": "write"}).url == "/readiness/roster?day=2019-09-25"
    assert RosterDuty.objects.count() == 3


def test_the_office_adds_changes_and_removes(login, office, spots, police):
    client, page = login(office), "/readiness/roster?day=2019-09-25"
    fields = {"place": "西街路口", "on": DAY, "shift": MORNING, "post": "志愿者", "unit": police.pk}
    assert client.post(page, fields | {"person": "李青、王兰"}).url == page
    first = RosterDuty.objects.get(person="李青")
    client.post(f"/readiness/roster/{first.pk}", fields | {"place": "S0002", "person": "赵山"})
    first.refresh_from_db()
    assert (first.person, str(first.place)) == ("赵山", "东街路口")
    client.post(f"/readiness/roster/{first.pk}", {"do": "remove"})
    assert RosterDuty.objects.count() == 1
    assert client.post(page, {"do": "copy", "source": "2019-09-24"}).status_code == 422
    assert client.post(page, fields | {"place": "南街"}).status_code == 422


def test_the_log_knows_no_names(written, login, office, spots):
    duty = RosterDuty.objects.get(person="李青")
    fields = {"place": duty.place.code, "on": DAY, "shift": MORNING, "post": "志愿者", "person": "赵山"}
    login(office).post(f"/readiness/roster/{duty.pk}", fields)
    entries = LogEntry.objects.filter(object_type__in=["rosterduty", "campaign"])
    told = "".join(f"{entry.object_label}{entry.data}" for entry in entries)
    assert entries.filter(object_id=duty.pk).exists()
    assert not {name for name in ("李青", "赵山", "周安") if name in told}


def test_a_leader_reads_and_changes_nothing(written, login, leader):
    client = login(leader)
    html = client.get("/readiness/roster?day=2019-09-25").content.decode()
    assert ("周安" in html, "排上</button>" in html) == (True, False)
    assert client.post("/readiness/roster", {"place": "S0001"}).status_code == 403
    assert client.get(f"/readiness/roster/{RosterDuty.objects.first().pk}").status_code == 403


def test_questions_do_not_grow_with_the_roster(
    login, office, campaign, make_place, crossing, said, django_assert_max_num_queries
):
    client, page = login(office), "/readiness/roster?day=2019-09-25"
    for size in (3, 30):
        spots = [make_place(place_type=crossing) for _ in range(size)]
        rostering.write_duties(
            campaign, [Duty(place=spot, on=DAY, shift=MORNING, post="交警") for spot in spots], **said
        )
        client.get(page)
        with django_assert_max_num_queries(15):
            client.get(page)


def token_of(page):
    return page.content.decode().split('name="token" value="')[1].split('"')[0]


def test_a_form_that_comes_twice_puts_nobody_there_twice(login, office, spots):
    client, page = login(office), "/readiness/roster?day=2019-09-25"
    fields = {"place": "西街路口", "on": DAY, "shift": MORNING, "post": "志愿者", "token": token_of(client.get(page))}
    assert [client.post(page, fields).status_code for _ in range(2)] == [302, 302]
    assert (RosterDuty.objects.count(), LogEntry.objects.filter(verb="roster_written").count()) == (1, 1)
    client.post(page, fields | {"post": "交警"})
    client.post(page, fields | {"token": "another"})
    assert RosterDuty.objects.count() == 3, "other content, or another form, is no repetition"


def test_a_pasted_or_copied_roster_that_comes_twice_is_written_once(login, office, spots, police):
    client, paste = login(office), "/readiness/roster/paste?day=2019-09-25"
    said = {"on": DAY, "lines": TABLE, "token": token_of(client.get(paste))}
    assert token_of(client.post(paste, said | {"do": "read"})) == said["token"]
    for _ in range(2):
        client.post(paste, said | {"do": "write", "is_replacing": "on"})
    assert (RosterDuty.objects.count(), LogEntry.objects.filter(verb="roster_written").count()) == (3, 1)
    page = "/readiness/roster?day=2019-09-27"
    copy = {"do": "copy", "source": "2019-09-25", "token": token_of(client.get(page))}
    assert [client.post(page, copy).status_code for _ in range(2)] == [302, 302]
    assert RosterDuty.objects.filter(on="2019-09-27", person="").count() == 1
