"""Documents by the API: taken in, read, committed; the same rules as on the pages."""

from tasks.models import SourceDocument, Task
from tasks.reading import deciding
from tests.tasks.speeches import SPEECH


def send(client, **said):
    return client.post("/api/v1/documents", {"kind": "speech", "text": SPEECH} | said, format="json")


def test_a_text_is_taken_once_and_its_rows_are_read(office, api):
    client = api(office)
    first, again = send(client, title="讲话").json(), send(client).json()
    assert (first["id"], first["state"]) == (again["id"], "read")
    rows = client.get(f"/api/v1/documents/{first['id']}/drafts").json()["results"]
    assert [row["label"] for row in rows][:2] == ["1", "2"]
    assert "18个文明交通示范道路" in "".join(row["row"]["title"] for row in rows)


def test_what_was_accepted_is_committed(office, api, now):
    client = api(office)
    key = send(client).json()["id"]
    assert client.post(f"/api/v1/documents/{key}/commit").status_code == 422
    deciding.accept_clear(SourceDocument.objects.get(), by=office, now=now)
    done = client.post(f"/api/v1/documents/{key}/commit").json()
    assert done["created"] == Task.objects.count() > 3


def test_a_project_nobody_knows_is_refused(office, api):
    answer = send(api(office), project="99-99")
    assert (answer.status_code, answer.json()["problems"][0]["where"]) == (422, "project")
    assert not SourceDocument.objects.exists()
