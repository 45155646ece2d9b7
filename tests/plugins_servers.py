"""Fixtures of real servers. Where one cannot be had a test skips and says why, except in CI, where it fails."""

import os

import pytest

from tests import servers


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def unavailable(reason):
    if os.environ.get("CI") == "true":
        pytest.fail(f"must be there in CI: {reason}", pytrace=False)
    pytest.skip(reason)


def started(kind):
    if reason := servers.lacking([kind]):
        unavailable(reason)
    return servers.running(kind)


@pytest.fixture(scope="session")
def postgresql():
    with started("postgresql") as server:
        yield server


@pytest.fixture(scope="session")
def shared_redis():
    with started("redis") as server:
        yield server


@pytest.fixture
def redis(shared_redis):
    """Running and empty; a test may stop it, the next one finds it started again."""
    if shared_redis.process.poll() is not None:
        shared_redis.start()
    shared_redis.say("FLUSHALL")
    yield shared_redis
    if shared_redis.process.poll() is not None:
        shared_redis.start()


@pytest.fixture
def smtp():
    with started("smtp") as server:
        yield server
