"""Every setting is documented; a wrong one stops the start with a sentence; production passes Django's own check."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "k3y-Ab9x" * 10,
    "SITE_URL": "https://cc.example.cn",
    "ALLOWED_HOSTS": "cc.example.cn",
    "SMTP_HOST": "mail.example.cn",
    "PROXY_COUNT": "1",
}


def settings_read():
    tree = ast.parse((ROOT / "campaign" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return {call.args[0].value for call in calls if call.func.id.startswith("env_")}


def documented():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {
        found["name"]: found["value"]
        for line in lines
        if (found := re.match(r"#(?P<name>[A-Z_]+)=(?P<value>.*)", line))
    }


def only_for_compose():
    return set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def manage(tmp_path, *words, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=kept | {"CCGZT_DATA": str(tmp_path), "PYTHONUTF8": "1"} | environment,
        capture_output=True,
        text=True,
    )


def test_every_setting_is_documented():
    assert settings_read() - set(documented()) == set()


def test_every_documented_setting_is_read():
    assert set(documented()) - settings_read() - only_for_compose() == set()


def test_documented_defaults_change_nothing(tmp_path):
    described = {
        name: value for name, value in documented().items() if value and name in settings_read() - {"CCGZT_DATA"}
    }
    ask = "from django.conf import settings as s; print(sorted((n, str(getattr(s, n))) for n in dir(s) if n.isupper()))"
    plain = manage(tmp_path, "shell", "--no-imports", "-c", ask)
    assert plain.returncode == 0, plain.stderr
    assert manage(tmp_path, "shell", "--no-imports", "-c", ask, **described).stdout == plain.stdout


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SMTP_PORT", "abc", "请写整数"),
        ("SMTP_PORT", "0", "应在 1 和 65535 之间"),
        ("DEBUG", "maybe", "请写 true 或 false"),
        ("SMTP_SECURITY", "ssl3", "只能是"),
        ("DATABASE_URL", "mysql://x/y", "写法不对"),
        ("SECRET_KEY", "short", "太短"),
        ("SMTP_PASSWORD_FILE", "/nowhere/at/all", "读不了"),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path, name, value, words):
    tried = manage(tmp_path, "check", **{name: value})
    assert tried.returncode != 0
    assert name.removesuffix("_FILE") in tried.stderr
    assert words in tried.stderr


def test_production_settings_pass_the_deployment_check(tmp_path):
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


def test_cookies_of_production_are_closed_and_bound_to_the_host(tmp_path):
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY"
    ask = f"from django.conf import settings as s; print(*[getattr(s, n) for n in '{names}'.split()])"
    said = manage(tmp_path, "shell", "--no-imports", "-c", ask, **PRODUCTION)
    assert said.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True", "True"]


def test_the_key_made_at_the_first_start_is_private(tmp_path):
    assert manage(tmp_path, "check").returncode == 0
    key = tmp_path / "secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) >= 50
