"""Logging in: sessions, their ends, the lock after failures, passwords, invitations."""

import datetime as dt
import time

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.test import Client

from campaign import clock, invitations, passwords, people, sessions
from campaign.models import Campaign, DeviceSession, LogEntry, User

GOOD, NEXT = "Secret-1234", "Another-Word-7"


@pytest.fixture
def enter(client):
    """Try to log in from an address."""

    def attempt(username, password=GOOD, *, address="10.0.0.1", who=client, **data):
        return who.post("/login", {"username": username, "password": password} | data, REMOTE_ADDR=address)

    return attempt


@pytest.fixture
def later(monkeypatch):
    """Move the wall clock."""

    def move(**span):
        present = clock.now() + dt.timedelta(**span)
        monkeypatch.setattr(clock.timezone, "now", lambda: present)
        monkeypatch.setattr("axes.handlers.proxy.now", lambda: present)

    return move


def is_logged_in(client):
    return client.get("/me").status_code == 200


def test_right_password_opens_the_desk(liaison, enter, client):
    assert enter("wanglei")["Location"] == "/"
    assert is_logged_in(client)


@pytest.mark.parametrize(("username", "password"), [("wanglei", "wrong"), ("nobody", "wrong")])
def test_wrong_account_and_wrong_password_read_the_same(liaison, enter, username, password):
    answer = enter(username, password)
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        200,
        ["账号或密码不对。连续输错会暂时锁定，忘记密码请与创建办联系。"],
    )


def test_disabled_account_reads_the_same(liaison, enter):
    User.objects.update(is_active=False)
    assert "账号或密码不对" in enter("wanglei").content.decode()


def test_unknown_account_costs_the_same_time(liaison, enter, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    liaison.set_password(GOOD)
    liaison.save()
    spent = {"wanglei": [], "nobody": []}
    for turn in range(5):
        for username, times in spent.items():
            began = time.process_time()
            enter(username, "wrong", address=f"10.1.{turn}.1")
            times.append(time.process_time() - began)
    known, unknown = (min(times) for times in spent.values())
    assert abs(known - unknown) / max(known, unknown) < 0.2


def test_unknown_account_runs_the_hasher_as_often(liaison, enter, monkeypatch):
    runs = []
    hasher = hashers.get_hasher()
    monkeypatch.setattr(type(hasher), "encode", lambda self, password, salt, **_: runs.append(1) or f"md5${salt}$x")
    enter("wanglei", "wrong")
    known, runs[:] = len(runs), []
    enter("nobody", "wrong")
    assert len(runs) == known == 1


def test_sixth_attempt_is_refused_even_with_the_right_password(liaison, enter, client):
    codes = [enter("wanglei", "wrong").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    assert enter("wanglei").status_code == 429
    assert not is_logged_in(client)


def test_unknown_account_locks_in_the_same_way(db, enter):
    answers = [enter("nobody", "wrong").status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_lock_opens_after_a_quarter_of_an_hour(liaison, enter, later):
    for _ in range(5):
        enter("wanglei", "wrong")
    later(minutes=14)
    assert enter("wanglei").status_code == 429
    later(minutes=2)
    assert enter("wanglei").status_code == 302


def test_a_stranger_who_keeps_trying_locks_nobody_else_out(liaison, enter, later):
    for _ in range(30):
        enter("wanglei", "wrong", address="203.0.113.9")
    assert enter("wanglei", address="10.0.0.1").status_code == 302


def test_one_address_has_twenty_failures(liaison, enter):
    for number in range(20):
        enter(f"guess{number}", "wrong")
    assert enter("wanglei").status_code == 429
    assert enter("wanglei", address="10.0.0.2").status_code == 302


def test_success_forgives_earlier_slips(liaison, enter):
    for _ in range(4):
        enter("wanglei", "wrong")
    enter("wanglei")
    assert not AccessAttempt.objects.exists()


def test_forged_forwarding_does_not_change_the_address(liaison, client):
    for number in range(5):
        client.post("/login", {"username": "wanglei", "password": "x"}, headers={"X-Forwarded-For": f"1.1.1.{number}"})
    assert AccessAttempt.objects.get().failures_since_start == 5


@pytest.mark.parametrize(
    ("chain", "address"),
    [("9.9.9.9, 10.0.0.7", "10.0.0.7"), ("10.0.0.7", "10.0.0.7"), ("nonsense", "127.0.0.1"), ("", "127.0.0.1")],
)
def test_behind_a_proxy_only_its_own_word_counts(liaison, client, settings, chain, address):
    settings.PROXY_COUNT = 1
    client.post("/login", {"username": "wanglei", "password": "x"}, headers={"X-Forwarded-For": chain})
    assert AccessAttempt.objects.get().ip_address == address


def test_lock_is_in_the_log(liaison, enter):
    for _ in range(6):
        enter("wanglei", "wrong")
    assert LogEntry.objects.filter(verb="locked_out").count() == 1


# --- sessions ---------------------------------------------------------------------------------


def test_login_makes_a_new_session_key(liaison, enter, client):
    client.get("/login")
    session = client.session
    session["x"] = 1
    session.save()
    enter("wanglei")
    assert client.session.session_key != session.session_key


def test_cookie_is_closed_to_scripts(liaison, enter, client):
    enter("wanglei")
    cookie = client.cookies["session"]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")


def test_idle_session_ends(liaison, enter, client, later):
    enter("wanglei")
    later(minutes=29)
    assert is_logged_in(client)
    later(minutes=31)
    assert not is_logged_in(client)


def test_session_ends_after_twelve_hours_however_busy(liaison, enter, client, later):
    enter("wanglei")
    for _ in range(25):
        assert is_logged_in(client)
        later(minutes=29)
    assert not is_logged_in(client)


def test_page_that_asks_by_script_is_told_to_log_in_in_place(liaison, client):
    answer = client.get("/me", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (401, "session-expired")


def test_form_of_an_ended_session_goes_to_the_login_page(liaison, client):
    assert client.post("/me", {"phone": "1"})["Location"] == "/login"


def test_password_change_ends_every_other_session(liaison, enter, client):
    other = Client()
    enter("wanglei")
    enter("wanglei", who=other)
    data = {"current": GOOD, "password": NEXT, "again": NEXT}
    assert client.post("/me/password", data)["Location"] == "/me"
    assert (is_logged_in(client), is_logged_in(other)) == (True, False)
    assert DeviceSession.objects.get().session_key == client.session.session_key


def test_disabling_an_account_ends_its_sessions(liaison, office, campaign, enter, client, now, today):
    enter("wanglei")
    people.disable(liaison, campaign, by=office, now=now, today=today)
    assert not is_logged_in(client)
    assert not DeviceSession.objects.exists()


def test_a_person_ends_one_of_their_sessions(liaison, enter, client):
    other = Client()
    enter("wanglei")
    enter("wanglei", who=other)
    key = other.session.session_key
    client.post(f"/me/sessions/{DeviceSession.objects.get(session_key=key).pk}/end")
    assert (is_logged_in(client), is_logged_in(other)) == (True, False)


def test_a_person_ends_all_other_sessions(liaison, enter, client):
    other = Client()
    enter("wanglei")
    enter("wanglei", who=other)
    client.post("/me/sessions/end-others")
    assert (is_logged_in(client), is_logged_in(other)) == (True, False)


def test_logout_ends_the_session(liaison, enter, client):
    enter("wanglei")
    client.post("/logout")
    assert not is_logged_in(client)
    assert not DeviceSession.objects.exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\t//evil.example",
    ],
)
def test_login_leads_nowhere_else(liaison, enter, target):
    assert enter("wanglei", next=target)["Location"] == "/"


def test_login_leads_back_to_the_page_asked_for(liaison, enter):
    assert enter("wanglei", next="/tasks?state=open")["Location"] == "/tasks?state=open"


# --- passwords and invitations ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "told"),
    [("Ab1-", "密码只有 4 位"), ("abcdefgh1", "三种"), (GOOD, "这个密码用过"), ("Wanglei-1", "与")],
)
def test_weak_passwords_are_refused_with_their_reason(liaison, login, password, told):
    answer = login(liaison).post("/me/password", {"current": GOOD, "password": password, "again": password})
    assert told in answer.content.decode()


def test_two_typings_must_agree(liaison, login):
    answer = login(liaison).post("/me/password", {"current": GOOD, "password": NEXT, "again": "Other-123"})
    assert "两遍不一样" in answer.content.decode()


def test_the_present_password_must_be_right(liaison, login):
    answer = login(liaison).post("/me/password", {"current": "wrong", "password": NEXT, "again": NEXT})
    assert "现在的密码不对" in answer.content.decode()


def test_last_five_passwords_are_not_used_again(liaison, now):
    validator = passwords.MemoryValidator()
    for number in range(6):
        passwords.store(liaison, f"Password-{number}", now=now + dt.timedelta(days=number))
    reused = [number for number in range(6) if not _is_free(validator, f"Password-{number}", liaison)]
    assert reused == [1, 2, 3, 4, 5]


def _is_free(validator, password, user):
    try:
        validator.validate(password, user)
    except passwords.ValidationError:
        return False
    return True


def test_asvs_profile_asks_for_length_and_forgets(liaison, settings, now):
    settings.PASSWORD_PROFILE = "asvs"
    passwords.store(liaison, NEXT, now=now)
    passwords.MemoryValidator().validate(NEXT, liaison)
    with pytest.raises(passwords.ValidationError, match="12 位"):
        passwords.ProfileValidator("asvs").validate("Ab1-Ab1-", liaison)


def test_old_password_is_pointed_out_at_login(liaison, enter, client):
    User.objects.update(password_changed_at=clock.now() - dt.timedelta(days=91))
    enter("wanglei")
    assert "密码已经用了 91 天" in client.get("/me").content.decode()


def test_temporary_password_opens_only_its_change(liaison, enter, client):
    User.objects.update(is_password_temporary=True)
    enter("wanglei")
    assert client.get("/me")["Location"] == "/me/password"
    client.post("/me/password", {"current": GOOD, "password": NEXT, "again": NEXT})
    assert is_logged_in(client)


@pytest.fixture
def invited(liaison, office, now):
    return invitations.invite(liaison.memberships.get(), by=office, now=now, real_now=clock.now())


@pytest.fixture
def link(invited):
    return invited.link.partition("//")[2].partition("/")[2].join(("/", ""))


def test_invitation_sets_a_password_and_logs_in_once(link, client):
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": NEXT, "again": NEXT})["Location"] == "/"
    assert is_logged_in(client)
    assert Client().get(link).status_code == 410


def test_invitation_runs_out_after_seven_days(link, client, later):
    later(days=7, minutes=1)
    assert client.get(link).status_code == 410


def test_new_invitation_ends_the_earlier_one(link, liaison, office, now, client):
    invitations.invite(liaison.memberships.get(), by=office, now=now, real_now=clock.now())
    assert client.get(link).status_code == 410


def test_invitation_is_kept_as_a_hash_only(invited):
    secret = invited.link.rsplit("/", 1)[1]
    assert secret not in str(invited.invitation.__dict__)
    assert len(invited.invitation.digest) == 64


def test_second_user_of_one_link_is_refused(invited, now):
    invitations.accept(invited.invitation, NEXT, now=clock.now(), campaign_now=now)
    with pytest.raises(invitations.Refused, match="已用过"):
        invitations.accept(invited.invitation, NEXT, now=clock.now(), campaign_now=now)


def test_nightly_sweep_forgets_sessions_that_ran_out(liaison, enter, client, later):
    enter("wanglei")
    assert sessions.sweep(now=clock.now()) == 0
    later(hours=13)
    assert sessions.sweep(now=clock.now()) == 1
    assert not Session.objects.exists()


def test_demo_logins_are_offered_only_where_the_demo_is(campaign, client):
    assert "Demo-2019" not in client.get("/login").content.decode()
    Campaign.objects.update(is_demo=True)
    assert "Demo-2019" in client.get("/login").content.decode()


def test_person_without_a_post_has_an_account_and_nothing_else(db, login):
    user = User.objects.create_user("lonely", name="无岗", email="", password=GOOD)
    client = login(user)
    assert client.get("/me").status_code == 200
    answer = client.get("/units")
    assert (answer.status_code, "您还没有岗位" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize("path", ["/me", "/me/sessions", "/me/tokens", "/help", "/help/my"])
def test_a_liaisons_own_pages_stand_in_the_phones_frame(login, liaison, office, path):
    page = login(liaison).get(path).content.decode()
    assert 'class="phone-tabs"' in page
    assert 'class="side"' not in page
    assert 'class="side"' in login(office).get(path).content.decode()


def test_a_liaison_logs_out_on_the_phone(login, liaison):
    assert 'action="/logout"' in login(liaison).get("/me").content.decode()
