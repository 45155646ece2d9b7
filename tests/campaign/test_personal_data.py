"""S18: what is held of a person as one file; a person made nameless; phones masked where there is no need of them."""

import datetime as dt
import json

import pytest

from campaign import people, personal_data
from campaign.mail import queue_mail
from campaign.models import DeviceSession, Membership, OutgoingMail, User
from campaign.problems import Refused
from tasks.models import Draft, ProgressReport
from tests.conftest import NOON


@pytest.fixture
def busy(liaison, task, milestone, police, campaign, now):
    """王磊 has reported, has a draft, a device and a mail."""
    User.objects.filter(pk=liaison.pk).update(phone="13812341234")
    liaison.refresh_from_db()
    row = {"campaign": campaign, "task": task, "milestone": milestone, "unit": police, "by": liaison, "at": now}
    ProgressReport.objects.create(**row, progress="已挂牌 14 条", token="t" * 8)
    Draft.objects.create(
        campaign=campaign, user=liaison, milestone=milestone, data={"progress": "半句"}, updated_at=now
    )
    DeviceSession.objects.create(user=liaison, session_key="k" * 32, device="Chrome", created_at=now, seen_at=now)
    queue_mail(campaign, key="k", to=liaison, subject="提醒", text="请王磊办理", now=now)
    return liaison


@pytest.fixture
def gone(busy, campaign, office, now, today):
    people.disable(busy, campaign, by=office, now=now, today=today)
    return busy


def test_one_file_holds_all_and_no_secret(busy):
    text = personal_data.export_of(busy).decode()
    found = json.loads(text)
    assert (found["本人"]["phone"], found["岗位"][0][:5]) == ("13812341234", "区交通支队")
    assert found["tasks.ProgressReport.by"][0]["progress"] == "已挂牌 14 条"
    assert found["tasks.Draft.user"][0]["data"] == {"progress": "半句"}
    assert busy.password not in text
    assert "k" * 32 not in text


def test_the_office_and_the_person_fetch_it(busy, login, office):
    for user, path in ((office, f"/people/{busy.pk}/data"), (busy, "/me/data")):
        answer = login(user).get(path)
        assert answer["Content-Disposition"].startswith("attachment")
        assert json.loads(answer.content)["本人"]["username"] == "wanglei"


def test_nothing_of_the_person_is_left_but_what_others_rely_on(gone, campaign, office, now):
    personal_data.forget(gone, campaign, by=office, now=now)
    assert (gone.name, gone.phone, gone.email, gone.has_usable_password()) == ("已注销人员", "", "", False)
    assert not Draft.objects.exists()
    assert not DeviceSession.objects.filter(user=gone).exists()
    mail = OutgoingMail.objects.get(key="k")
    assert (mail.to_address, mail.text, mail.state) == ("", "", "cancelled")
    assert ProgressReport.objects.get().by == gone
    text = personal_data.export_of(gone).decode()
    assert not [word for word in ("wanglei", "13812341234", "example.test") if word in text]


def test_who_still_works_is_not_forgotten(busy, campaign, office, now):
    with pytest.raises(Refused, match="还在用"):
        personal_data.forget(busy, campaign, by=office, now=now)
    busy.refresh_from_db()
    assert busy.name == "王磊"


def test_nobody_forgets_oneself_or_twice(gone, campaign, office, now):
    personal_data.forget(gone, campaign, by=office, now=now)
    with pytest.raises(Refused, match="已经注销"):
        personal_data.forget(gone, campaign, by=office, now=now)
    with pytest.raises(Refused, match="不能注销自己"):
        personal_data.forget(office, campaign, by=office, now=now)


def test_the_page_says_what_goes_and_what_stays(gone, login, office):
    client = login(office)
    assert "不能恢复；填报、核验和操作日志保留" in client.get(f"/people/{gone.pk}").content.decode()
    page = client.post(f"/people/{gone.pk}/forget", follow=True).content.decode()
    assert "王磊已注销" in page


@pytest.mark.parametrize(("who", "sees"), [("leader", "138****1234"), ("office", "13812341234")])
def test_phones_are_masked_for_who_has_no_need(busy, login, request, who, sees):
    page = login(request.getfixturevalue(who)).get("/units").content.decode()
    assert sees in page
    assert (sees == "13812341234") == ("13812341234" in page)


def test_strangers_do_not_see_even_the_mask(busy, login, stranger, police):
    for path in ("/units", f"/units/{police.pk}"):
        page = login(stranger).get(path).content.decode()
        assert not {"13812341234", "138****1234"} & {word for word in ("13812341234", "138****1234") if word in page}


def test_an_office_reads_nothing_of_another_campaign_the_person_serves(busy, login, office, outsider):
    """His reports to the other district, its mails to him and his post there are that district's."""
    other = outsider.memberships.get().unit
    post = {"campaign": other.campaign, "unit": other, "role": "liaison", "post": "liaison"}
    Membership.objects.create(user=busy, valid_from=dt.date(2019, 1, 1), **post)
    queue_mail(other.campaign, key="k", to=busy, subject="西城的提醒", text="西城的事", now=NOON)
    whole, ours = (
        login(user).get(path).text for user, path in ((busy, "/me/data"), (office, f"/people/{busy.pk}/data"))
    )
    assert ("西城的提醒" in whole, "区交通支队" in ours) == (True, True)
    assert "西城的提醒" not in ours
    assert len(json.loads(ours)["岗位"]) == 1
