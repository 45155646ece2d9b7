"""What the tests of the reader share: a document taken in, its rows by their words, the desk of the office."""

import pytest
from django.test import Client

from campaign.attachments import Upload
from tasks.reading import deciding, taking
from tests.tasks.speeches import SPEECH


@pytest.fixture
def take(campaign, office, now):
    def do(text=SPEECH, *, name="", kind="speech", **said):
        upload = Upload(name, text.encode()) if name else None
        arrival = taking.Arrival(kind=kind, upload=upload, text="" if name else text, **said)
        return taking.take_document(campaign, arrival, by=office, now=now)

    return do


@pytest.fixture
def document(take):
    return take()


@pytest.fixture
def row(document):
    """The draft whose title holds these words."""

    def find(words, of=None):
        rows = list((of or document).drafts.order_by("number", "part"))
        found = [draft for draft in rows if words in draft.row["title"]]
        assert len(found) == 1, [draft.row["title"] for draft in rows]
        found[0].document = of or document
        return found[0]

    return find


@pytest.fixture
def all_taken(office, now):
    """Every row of a document taken as it was read."""

    def do(document):
        for draft in document.drafts.filter(state="drafted"):
            draft.document = document
            deciding.accept(draft, by=office, now=now)
        return document

    return do


@pytest.fixture
def desk(office):
    client = Client()
    client.force_login(office)
    return client
