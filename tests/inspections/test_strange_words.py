"""Whatever an address or a form says, field work answers it: no word of them is an error of the server."""

import pytest
from django.db import transaction
from django.test import Client

from tests import access_orders, access_patrol, access_places
from tests.access_rows import fill
from tests.test_access import objects, reported, street_objects  # noqa: F401 - the cast of the access table

pytestmark = pytest.mark.django_db
LINES = [line for room in (access_orders, access_patrol, access_places) for line in room.ROWS]
WORDS = (  # noqa: SIM905 - words read as words
    "month kind tab page q unit type area list round place source day from to closed_from closed_to mark by is street"
    " owner grade steward group sort site view version codes code finding link orders only units people token text where"
    " tile due_on limit_on to_on to_unit proposed_on proposed_unit severity points latitude order starts_on received_on"
    " found_on day_ends_at outline elements staffing stated_total count step do name shift post roster sha256 lines"
).split()
STRANGE = ["²", "9" * 30, "z" * 36, "0001-01-01", "9999-12-31", "NaN"]


@pytest.fixture
def desk(office):
    client = Client(raise_request_exception=False)
    client.force_login(office)
    return client


def ask(desk, line, word, objects):  # noqa: F811 - handed on from the test
    """One request in which everything but what the line itself says is the strange word; taken back."""
    said = {key: fill(value, objects) if isinstance(value, str) else value for key, value in line.data.items()}
    url, kind = fill(line.url, objects).split("?")[0], {}
    data = dict.fromkeys(WORDS, word) | (said if line.method == "POST" else {})
    if url.startswith("/api/") and line.method != "GET":
        data, kind = said | dict.fromkeys(said, word), {"content_type": "application/json"}
    with transaction.atomic():
        answer = getattr(desk, line.method.lower())(url, data, **kind)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("word", STRANGE)
def test_no_strange_word_is_an_error_of_the_server(desk, objects, word):  # noqa: F811 - the fixture of that name
    lines = {(line.method, line.url): line for line in LINES}.values()
    assert not {str(line) for line in lines if ask(desk, line, word, objects) >= 500}
