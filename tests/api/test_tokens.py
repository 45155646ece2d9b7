"""Tokens: per person, with scope and end, kept as hashes, ended with the account."""

import datetime as dt

import pytest

from campaign import clock, people, tokens
from campaign.models import ApiToken


def test_token_speaks_for_its_person(task, liaison, api):
    found = api(liaison).get("/api/v1/tasks").json()["results"]
    assert [row["code"] for row in found] == [task.code]


def test_only_the_hash_is_kept(liaison, give_token):
    issued = give_token(liaison)
    assert issued.secret not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ccg_nonsense", "Basic dXNlcjpwYXNz", "Bearer \x00"])
def test_without_a_good_token_nothing_is_told(client, task, header):
    answer = client.get("/api/v1/tasks", headers={"Authorization": header} if header else {})
    assert (answer.status_code, list(answer.json())) == (401, ["problems"])


def test_token_that_ran_out_is_refused(liaison, api):
    client = api(liaison)
    ApiToken.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert client.get("/api/v1/tasks").status_code == 401


def test_revoked_token_is_refused(liaison, give_token, api):
    client = api(liaison)
    tokens.revoke(ApiToken.objects.get(), by=liaison, now=clock.now(), log_now=clock.now())
    assert client.get("/api/v1/tasks").status_code == 401


def test_token_of_a_disabled_account_is_refused(liaison, office, campaign, api, now, today):
    client = api(liaison)
    people.disable(liaison, campaign, by=office, now=now, today=today)
    assert client.get("/api/v1/tasks").status_code == 401


def test_token_of_a_person_without_a_post_reads_nothing(liaison, api, task, today):
    liaison.memberships.update(valid_to=today - dt.timedelta(days=1))
    assert api(liaison).get("/api/v1/tasks").status_code == 403


def test_token_is_for_one_campaign_whatever_the_url_says(liaison, outsider, task, api):
    found = api(liaison).get("/api/v1/campaigns?campaign=other").json()["results"]
    assert [row["code"] for row in found] == ["c2019"]


def test_read_only_token_cannot_report(liaison, api, report):
    answer = report(api(liaison, scope="read"))
    assert (answer.status_code, answer.json()["problems"][0]["message"]) == (403, "这个令牌是只读的，不能修改。")


def test_use_is_noted(liaison, api):
    api(liaison).get("/api/v1/units")
    assert ApiToken.objects.get().last_used_at is not None


def test_page_shows_the_secret_once(liaison, login):
    client = login(liaison)
    answer = client.post("/me/tokens", {"name": "看板", "scope": "read", "days": "30"}).content.decode()
    secret = answer.partition('id="fresh-secret">')[2].partition("<")[0]
    assert ApiToken.objects.get().digest == tokens.digest_of(secret)
    assert secret not in client.get("/me/tokens").content.decode()


def test_page_revokes(liaison, login, api):
    caller = api(liaison)
    login(liaison).post(f"/me/tokens/{ApiToken.objects.get().pk}/revoke")
    assert caller.get("/api/v1/tasks").status_code == 401
