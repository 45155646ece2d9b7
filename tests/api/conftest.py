"""Clients of the API that hold tokens."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from campaign import clock, tokens


@pytest.fixture
def give_token(campaign):
    """A person's token for the campaign, as it is shown to them once."""

    def give(user, scope="write", *, days=30, where=campaign):
        moment = clock.now()
        span = dt.timedelta(days=days)
        return tokens.issue(user, where, name="测试", scope=scope, good_for=span, now=moment, log_now=moment)

    return give


@pytest.fixture
def api(give_token):
    """A client that speaks for somebody."""

    def client(user, scope="write", **options):
        made = APIClient(raise_request_exception=False)
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {give_token(user, scope, **options).secret}")
        return made

    return client


@pytest.fixture
def report(milestone):
    """Send one report."""

    def send(client, *, key="key-00000001", **body):
        body = {"milestone": str(milestone.pk), "progress": "已完成 14 条"} | body
        return client.post("/api/v1/reports", body, headers={"Idempotency-Key": key})

    return send
