"""docker-compose.yml without a container engine: read by real parsers, every service run by hand as it says."""

import contextlib
import os
import shlex
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import compose_spec
import podman_compose
import pytest
import yaml

from tests import servers

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {
    "SECRET_KEY": "k3y-" * 20,
    "POSTGRES_PASSWORD": "p",
    "SITE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "localhost",
}
OURS = ("web", "worker", "beat")


def composed(**given):
    """The services after interpolation and after a strict parser has accepted the whole file."""
    written = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    filled = yaml.safe_dump(podman_compose.rec_subs(written, given))
    parsed = compose_spec.PyCompose.from_yaml(filled)
    parsed.validate()
    return parsed.to_dict()["services"]


@pytest.fixture(scope="module")
def services():
    return composed(**GIVEN)


def test_the_file_is_accepted_by_a_compose_parser(services):
    assert set(services) == {"prepare", *OURS, "postgres", "redis", "relay"}


def test_an_unknown_key_is_refused():
    with pytest.raises(ValueError, match="memory_limit"):
        compose_spec.PyCompose.from_yaml("services: {web: {image: x, memory_limit: 1}}")


@pytest.mark.parametrize("name", GIVEN)
def test_what_has_no_default_must_be_given(name):
    with pytest.raises(ValueError, match=f"write {name} into .env"):
        composed(**{key: value for key, value in GIVEN.items() if key != name})


@pytest.mark.parametrize("name", [*OURS, "postgres", "redis"])
def test_each_service_is_watched_and_bounded(services, name):
    service = services[name]
    assert service["healthcheck"]["test"]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["restart"] == "unless-stopped"
    assert service["user"] not in {"root", "0"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_the_databases_cannot_be_reached_from_outside(services):
    assert not [
        name for name in ("postgres", "redis") if "ports" in services[name] or services[name]["networks"] != ["inside"]
    ]


class ByHand:
    """The services of the file as processes of this machine: same words, same environment, other addresses."""

    def __init__(self, services, postgresql, redis, folder):
        self.services = services
        self.port = servers.free_port()
        self.moved = {
            "postgres:5432": f"127.0.0.1:{postgresql.port}",
            "redis:6379": f"127.0.0.1:{redis.port}",
            "8000": str(self.port),
            "/data": str(folder),
            "/tmp/beat-schedule": str(folder / "beat-schedule"),
        }

    def here(self, text):
        for place, other in self.moved.items():
            text = str(text).replace(place, other)
        return text

    def environment(self, name):
        given = {key: self.here(value) for key, value in self.services[name]["environment"].items()}
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONUTF8": "1",
            "HOME": "/nonexistent",
        } | given

    def run(self, name, words, **options):
        words = [self.here(word) for word in words]
        return subprocess.run(
            words, cwd=ROOT, env=self.environment(name), capture_output=True, text=True, timeout=300, **options
        )

    @contextlib.contextmanager
    def started(self, name, log):
        words = [self.here(word) for word in self.services[name]["command"]]
        with log.open("wb") as output:
            process = subprocess.Popen(
                words, cwd=ROOT, env=self.environment(name), stdout=output, stderr=output, start_new_session=True
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    def is_healthy(self, name):
        return self.run(name, self.services[name]["healthcheck"]["test"][1:]).returncode == 0


@pytest.fixture(scope="module")
def by_hand(services, postgresql, shared_redis, tmp_path_factory):
    postgresql.make_database("ccgzt")
    hand = ByHand(services, postgresql, shared_redis, tmp_path_factory.mktemp("files"))
    collected = ["python", "manage.py", "collectstatic", "--no-input"]  # as the image does
    for words in (collected, services["prepare"]["command"]):
        done = hand.run("prepare", words)
        assert done.returncode == 0, done.stderr
    return hand


@pytest.mark.parametrize("name", OURS)
def test_the_service_runs_and_its_health_check_agrees(by_hand, name, tmp_path):
    log = tmp_path / "log"
    assert not by_hand.is_healthy(name)
    with by_hand.started(name, log) as process:
        limit = time.monotonic() + 60
        while not (healthy := by_hand.is_healthy(name)) and process.poll() is None and time.monotonic() < limit:
            time.sleep(1)
        assert healthy, f"{shlex.join(by_hand.services[name]['command'])}\n{log.read_text()}"
    assert process.returncode == 0, log.read_text()


def test_web_answers_from_postgresql(by_hand, tmp_path):
    with by_hand.started("web", tmp_path / "log"):
        servers.wait_until(lambda: by_hand.is_healthy("web"), "web")
        with urllib.request.urlopen(f"http://127.0.0.1:{by_hand.port}/login", timeout=20) as answer:
            assert answer.status == 200
