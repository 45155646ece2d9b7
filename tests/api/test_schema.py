"""The description of the API is valid, without warnings, and its viewer obeys the page policy."""

import io
import re

import pytest
import yaml
from django.core.management import call_command


@pytest.fixture(scope="module")
def schema():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return yaml.safe_load(out.getvalue())


def operations(schema):
    for path, found in schema["paths"].items():
        for method, operation in found.items():
            yield f"{method.upper()} {path}", operation


def test_it_is_valid_without_a_warning(schema):
    assert len(list(operations(schema))) >= 15


def test_every_operation_says_how_it_is_refused(schema):
    silent = [
        name
        for name, operation in operations(schema)
        if not {"400", "401", "403", "429"} <= set(operation["responses"])
    ]
    assert silent == []


def test_every_operation_takes_a_token(schema):
    assert [name for name, operation in operations(schema) if {"token": []} not in operation["security"]] == []


def test_viewer_has_no_inline_script(liaison, login):
    page = login(liaison).get("/api/v1/docs")
    assert re.findall(r"<script(?![^>]*src=)", page.content.decode()) == []
    assert "script-src 'self'" in page["Content-Security-Policy"]


def test_schema_answers_the_viewer(liaison, login):
    answer = login(liaison).get("/api/v1/schema?format=json")
    assert answer.json()["info"]["title"] == "创城工作台 API"
