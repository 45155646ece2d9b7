"""What a row of the access table is, and how it is tried."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

#: The roles as the cast names its people (tests/conftest.py). `stranger` is a liaison of another unit,
#: `outsider` the office of another district.
ROLES = (
    "anonymous",
    "stranger",
    "liaison",
    "chief",
    "office",
    "administrator",
    "leader",
    "inspector",
    "third_party",
    "outsider",
)
#: Groups that a row may name instead of roles; a role named by itself goes before a group.
GROUPS = {
    "staff": {"office", "administrator"},
    "readers": {"office", "administrator", "leader"},
    "own": {"liaison", "chief"},
    "parties": {"office", "administrator", "leader", "liaison", "chief"},
    "members": set(ROLES) - {"anonymous", "third_party"},
    "logged_in": set(ROLES) - {"anonymous"},
    "all": set(ROLES),
}


@dataclass(frozen=True)
class Row:
    name: str
    method: str
    url: str
    codes: dict[str, set[int]]
    data: dict = field(default_factory=dict)
    #: a page that rightly shows 交通支队's task to people outside it (an issued briefing)
    is_shared: bool = False

    def __str__(self):
        return f"{self.method} {self.url}"


def row(name, request, *, data=None, is_shared=False, rest=None, **codes):
    """One line of the table: route name, "METHOD /url", then code by role or group; `rest` for everyone not named.

    Anonymous people are sent to the login page (302; the API answers 401) unless the row says otherwise.
    """
    method, url = request.split(" ", 1)
    expected = {}
    unknown = set(codes) - set(ROLES) - set(GROUPS)
    assert not unknown, f"{name}: no such role or group: {unknown}"
    groups = sorted((who for who in codes if who in GROUPS), key=lambda who: -len(GROUPS[who]))
    for who in groups:
        expected |= dict.fromkeys(GROUPS[who], codes[who])
    expected |= {who: code for who, code in codes.items() if who in ROLES}
    expected.setdefault("anonymous", 401 if url.startswith("/api/") else 302)
    for role in ROLES:
        if role not in expected:
            assert rest is not None, f"{name}: what does {role} get?"
            expected[role] = rest
    sets = {role: code if isinstance(code, set) else {code} for role, code in expected.items()}
    return Row(name, method, url, sets, data or {}, is_shared)


def fill(text, objects):
    return re.sub(r"\{(\w+)\}", lambda found: str(objects[found[1]]), text)


def call(user, method, url, data, *, objects):
    """One request by one person, everything it wrote taken back."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    data = {key: fill(value, objects) if isinstance(value, str) else value for key, value in data.items()}
    kind = {"content_type": "application/json"} if url.startswith("/api/") and method != "GET" else {}
    with transaction.atomic():
        response = getattr(client, method.lower())(fill(url, objects), data, **kind)
        body = text_of(response)
        transaction.set_rollback(True)
    return response, body


def text_of(response):
    """What an answer says, workbooks and Word files unzipped."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", "ignore")


def routes(patterns=None, prefix="/", namespace=""):
    """(name, path) of every route of the product, walked from the URLconf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"(no name) {here}", here
