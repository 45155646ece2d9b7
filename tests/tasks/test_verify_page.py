import datetime as dt

import pytest

from campaign.models import Attachment
from tasks import verifying
from tasks.models import ClosingRequirement, Evidence, Milestone


@pytest.fixture
def desk(login, office):
    return login(office)


@pytest.fixture
def give(desk, submitted):
    def do(outcome, **data):
        given = {"outcome": outcome, "version": submitted.version, "then": "next"} | data
        return desk.post(f"/verify/{submitted.pk}/decide", given)

    return do


@pytest.fixture
def requirement(task, campaign):
    return ClosingRequirement.objects.create(campaign=campaign, task=task, label="巡查记录")


@pytest.fixture
def prove(campaign, liaison, now):
    def do(milestone, number, name="照片.jpg"):
        file = Attachment.objects.create(
            campaign=campaign,
            sha256=f"{number:064}",
            name=name,
            size=9,
            file="x",
            preview="x" if name.endswith("jpg") else "",
        )
        row = {"campaign": campaign, "task": milestone.task, "milestone": milestone, "unit": milestone.unit}
        row |= {"attachment": file, "name": name, "kind": "picture", "by": liaison, "at": now}
        return Evidence.objects.create(**row)

    return do


def page(response):
    return response.content.decode()


def test_the_first_waiting_item_is_open(desk, submitted):
    html = page(desk.get("/verify"))
    assert f'action="/verify/{submitted.pk}/decide"' in html
    assert "创建文明交通示范道路" in html
    assert "本次申报 +20" in html


def test_an_empty_queue_says_so(desk):
    assert "没有等您核验的。" in page(desk.get("/verify"))


@pytest.mark.parametrize("tab", ["held", "returned", "passed"])
def test_the_other_tabs_open(desk, tab):
    assert desk.get(f"/verify?tab={tab}").status_code == 200


def test_an_unknown_tab_is_refused(desk):
    assert desk.get("/verify?tab=all").status_code == 400


def test_tabs_count_what_they_list(desk, make_task, hand_in, now):
    rows = [hand_in(make_task(f"02-02-1{n}").milestones.get()) for n in range(5)]
    Milestone.objects.filter(pk=rows[0].pk).update(is_held=True)
    Milestone.objects.filter(pk=rows[1].pk).update(state="open", is_returned=True)
    Milestone.objects.filter(pk=rows[2].pk).update(state="done", closed_on=now.date())
    for tab, expected in {"waiting": 2, "held": 1, "returned": 1, "passed": 1}.items():
        context = desk.get(f"/verify?tab={tab}").context
        assert {known.key: count.value for known, count in context["tabs"]}[tab] == expected
        assert len(context["rows"]) == expected


def test_passing_opens_the_next_by_itself(desk, give, submitted, make_task, hand_in, now):
    other = hand_in(make_task("02-02-09").milestones.get(), at=now + dt.timedelta(hours=1))
    response = give("pass")
    submitted.refresh_from_db()
    assert submitted.state == "done"
    assert response.url == f"/verify/{other.pk}"


def test_after_the_last_the_empty_queue(give):
    assert give("pass").url == "/verify"


def test_without_the_switch_it_stays(desk, submitted):
    response = desk.post(f"/verify/{submitted.pk}/decide", {"outcome": "pass", "version": submitted.version})
    assert response.url == f"/verify/{submitted.pk}"


def test_the_switch_is_remembered(desk, submitted):
    desk.post(f"/verify/{submitted.pk}/decide", {"outcome": "hold", "version": submitted.version})
    assert desk.get("/verify?tab=held").context["goes_on"] is False


def test_returning_without_words_keeps_the_page_and_says_why(give, submitted):
    response = give("return", return_reason="", days="7")
    html = page(response)
    submitted.refresh_from_db()
    assert response.status_code == 422
    assert "退回要写理由" in html
    assert 'value="7" checked' in html
    assert submitted.state == "submitted"


def test_returning_with_words_and_a_limit(give, submitted):
    give("return", return_reason="名单缺 2 家", days="3")
    verdict = submitted.verdicts.get()
    assert (verdict.reason, verdict.limit_on) == ("名单缺 2 家", dt.date(2019, 9, 27))


@pytest.mark.parametrize("days", ["昨天", "2019-02-30", "2019-01-01"])
def test_a_limit_that_is_none_writes_nothing(give, submitted, days):
    assert give("return", return_reason="缺件", days=days).status_code == 422
    assert not submitted.verdicts.exists()


def test_what_is_missing_is_said_and_prefills_the_return(desk, submitted, requirement):
    html = page(desk.get(f"/verify/{submitted.pk}"))
    assert "缺 1 件，通过要写理由" in html
    assert "缺 1 件：巡查记录。" in html
    assert 'href="#pass" data-key="1"' in html


def test_passing_with_something_missing_needs_a_reason(give, requirement, submitted):
    assert give("pass").status_code == 422
    assert give("pass", pass_reason="办公会同意").status_code == 302
    assert submitted.verdicts.get().missing == ["巡查记录"]


def test_the_second_decider_sees_what_it_became(give, submitted, desk):
    give("hold")
    response = give("pass")
    assert response.status_code == 409
    assert "您的决定没有写入" in page(response)


def test_a_form_without_version_is_refused(desk, submitted):
    assert desk.post(f"/verify/{submitted.pk}/decide", {"outcome": "pass"}).status_code == 400


def test_held_goes_back_into_the_queue(give, submitted):
    give("hold")
    give("release", version=2)
    assert Milestone.objects.waiting().exists()


def test_a_passed_one_is_reopened_with_a_reason(give, submitted):
    give("pass")
    assert give("reopen", version=2).status_code == 422
    give("reopen", version=2, reopen_reason="现场只有 12 条")
    submitted.refresh_from_db()
    assert (submitted.state, submitted.is_returned) == ("open", True)


def test_an_item_not_handed_in_leads_to_its_task(desk, milestone):
    assert desk.get(f"/verify/{milestone.pk}").url == "/tasks/02-02-02"


def test_evidence_is_leafed_through(desk, submitted, prove):
    for number in range(1, 15):
        prove(submitted, number)
    html = page(desk.get(f"/verify/{submitted.pk}?e=13"))
    assert "14 份佐证中第 13 份" in html
    assert html.count("?view=thumb") == 10
    assert "e=12" in html
    assert "e=14" in html


def test_a_paper_is_offered_to_open(desk, submitted, prove):
    prove(submitted, 1, name="命名文件.pdf")
    assert "打开原件" in page(desk.get(f"/verify/{submitted.pk}"))


def test_several_at_once(desk, make_task, hand_in, campaign):
    good, bad = make_task("02-02-04"), make_task("02-02-05")
    ClosingRequirement.objects.create(campaign=campaign, task=bad, label="巡查记录")
    rows = [hand_in(task.milestones.get()) for task in (good, bad)]
    assert page(desk.get("/verify/many?codes=02-02-04,02-02-05")).count("checked") == 1
    html = page(desk.post("/verify/many", {"codes": ["02-02-04", "02-02-05"], "m": [row.pk for row in rows]}))
    assert "已通过 <b>1</b> 个节点" in html
    assert "缺 1 件销号要件" in html


@pytest.mark.parametrize("size", [3, 30])
def test_queries_of_the_page_do_not_grow(desk, make_task, hand_in, prove, size, django_assert_max_num_queries):
    for number in range(10, 10 + size):
        milestone = hand_in(make_task(f"02-02-{number}").milestones.get())
        prove(milestone, number)
    desk.get("/verify")
    with django_assert_max_num_queries(22):
        desk.get("/verify")


def test_an_item_far_down_the_queue_has_its_place_and_neighbours(desk, make_task, hand_in, monkeypatch, now):
    monkeypatch.setattr(verifying, "SHOWN", 4)
    queue = [
        hand_in(make_task(f"03-01-{number:02d}").milestones.get(), at=now + dt.timedelta(minutes=number))
        for number in range(9)
    ]
    for number in (0, 3, 6, 8):
        page = desk.get(f"/verify/{queue[number].pk}").content.decode()
        assert f"第 {number + 1} 项，共 9 项" in page
        assert (number == 0) != (f'href="/verify/{queue[number - 1].pk}" rel="prev"' in page)
        assert (number == 8) != (f'href="/verify/{queue[(number + 1) % 9].pk}" rel="next"' in page)
