"""Secrets stay out of logs, error pages and the outbox (S17); locks are complete and hashed (S15)."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.models import OutgoingMail
from tests import servers

ROOT = servers.ROOT
PLANTED = {
    "SECRET_KEY": "planted-one-" + "4fGh7Kq2" * 6,
    "SECRET_KEY_FALLBACKS": "planted-two-" + "9sDf3Lm1" * 6,
    "DATABASE_URL": "postgres://planted-three:planted-four@127.0.0.1:1/planted-five",
    "BROKER_URL": "redis://planted-six:planted-seven@127.0.0.1:1/0",
    "SMTP_PASSWORD": "planted-eight",
}
#: The names of a database and of its user are no secrets.
SECRETS = [
    "planted-one",
    "planted-two",
    "planted-four",
    "planted-seven",
    "planted-eight",
    "planted-nine",
    "planted-ten",
]


@pytest.fixture
def production(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return (
        kept
        | PLANTED
        | {"CCGZT_DATA": str(tmp_path), "LOG_LEVEL": "DEBUG", "PYTHONUTF8": "1", "SMTP_HOST": "127.0.0.1"}
    )


def ask(port, path, data=None):
    """What a page says, whatever its code."""
    try:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Cookie": "session=planted-nine"})
        return urllib.request.urlopen(request, timeout=20).read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


@pytest.fixture
def web(production, tmp_path):
    """A web server whose database is not there; its port and its log."""
    port = servers.free_port()
    words = [
        "-m",
        "gunicorn",
        "campaign.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--no-control-socket",
        "--access-logfile",
        "-",
    ]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=production, stdout=log, stderr=log)
        servers.wait_until(lambda: servers.answers(port), "web")
        yield port, tmp_path / "log"
        process.terminate()
        process.wait(20)


def test_error_pages_and_the_web_log_keep_them(web):
    port, log = web
    said = [ask(port, "/health"), ask(port, "/"), ask(port, "/login", b"username=a&password=planted-ten")]
    said.append(log.read_text())
    assert "OperationalError" in said[-1]
    assert [secret for secret in SECRETS if secret in "".join(said)] == []


@pytest.mark.parametrize("words", [["celery", "-A", "campaign", "inspect", "ping"], ["django", "check"]])
def test_commands_keep_them(production, words):
    asked = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=production | {"DJANGO_SETTINGS_MODULE": "campaign.settings"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert [secret for secret in SECRETS if secret in asked.stdout + asked.stderr] == []


def test_a_failed_login_at_the_mail_server_keeps_the_password(campaign, now, settings, smtp, caplog):
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", smtp.port
    settings.SMTP_USER, settings.SMTP_PASSWORD = "office", "planted-eight"
    queue_mail(campaign, key="k", to=Recipient("王磊", "w@example.test"), subject="题", text="文", now=now)
    deliver_outbox(now=now)
    row = OutgoingMail.objects.get()
    assert row.last_error
    assert "planted-eight" not in row.last_error + caplog.text


LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_with_hashes(lock):
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    bad = [
        entry.split("\n")[0] for entry in entries if not re.match(r"[\w.\-\[\],]+==[^\n]+\\\n\s+--hash=sha256:", entry)
    ]
    assert bad == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index(lock):
    assert not re.search(r"https?://|--(extra-)?index|find-links", (ROOT / lock).read_text())


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_direct_dependency_is_locked(lock):
    asked = Path(ROOT / lock.replace(".txt", ".in")).read_text().splitlines()
    direct = {normal(re.split(r"[\[<>=~!; ]", line)[0]) for line in asked if line and line[0] not in "#-"}
    locked = {normal(name) for name in re.findall(r"(?m)^([\w.\-]+)(?:\[[^\]]*\])?==", (ROOT / lock).read_text())}
    assert direct - locked == set()


def test_no_key_is_in_the_repository():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    keys = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bsk-[A-Za-z0-9]{32,}"
    )
    texts = (
        (name, (ROOT / name).read_text(encoding="utf-8", errors="ignore")) for name in names if (ROOT / name).is_file()
    )
    assert [name for name, text in texts if keys.search(text)] == []
