import datetime as dt

import pytest

from campaign.models import OutgoingMail
from tasks.models import Notice

LATE = dt.date(2019, 9, 15)


@pytest.fixture
def desk(login, office, make_task, liaison):
    for number in (2, 3):
        make_task(f"02-02-0{number}", f"逾期任务{number}", due_on=LATE)
    make_task("02-02-07", "还没到期的任务", due_on=dt.date(2019, 12, 1))
    return login(office)


@pytest.fixture
def form(desk):
    """The preview's form as a browser would send it."""
    found = desk.get("/tasks/urge").context["found"]
    batch = desk.get("/tasks/urge").context["batch"]
    return {"codes": "", "tone": "urge", "batch": str(batch), "m": [str(line.milestone.pk) for line in found.lines]}


def test_without_codes_all_that_is_overdue(desk):
    html = desk.get("/tasks/urge").content.decode()
    assert "逾期任务2" in html
    assert "逾期任务3" in html
    assert "还没到期的任务" not in html


def test_only_the_ticked_tasks(desk):
    found = desk.get("/tasks/urge?codes=02-02-03,02-02-07").context["found"]
    assert [line.milestone.task.code for line in found.lines] == ["02-02-03", "02-02-07"]


def test_one_task_by_its_own_address(desk):
    assert len(desk.get("/tasks/02-02-03/urge").context["found"].lines) == 1


def test_the_mail_is_shown_before_it_goes(desk):
    html = desk.get("/tasks/urge").content.decode()
    assert "区创城办催办以下事项" in html
    assert not OutgoingMail.objects.exists()


def test_sending_leads_to_what_went_out(desk, form):
    response = desk.post("/tasks/urge", form)
    page = desk.get(response.url).content.decode()
    assert Notice.objects.count() == 2
    assert "撤销<kbd>Z</kbd>" in page
    assert "还有约" in desk.get(response.url).content.decode()
    assert "未读" in page


def test_an_unticked_line_is_not_sent(desk, form):
    desk.post("/tasks/urge", form | {"m": form["m"][:1]})
    assert Notice.objects.count() == 1


def test_nothing_ticked_is_refused_with_a_sentence(desk, form):
    response = desk.post("/tasks/urge", form | {"m": []})
    assert response.status_code == 422
    assert not Notice.objects.exists()


def test_a_long_note_is_kept_and_refused(desk, form):
    response = desk.post("/tasks/urge", form | {"note": "快" * 121})
    assert response.status_code == 422
    assert "附言有 121 字" in response.content.decode()
    assert "快" * 121 in response.content.decode()


def test_taking_back(desk, form):
    url = desk.post("/tasks/urge", form).url
    desk.post(f"{url}/take-back")
    assert Notice.objects.exclude(recalled_at=None).count() == 2


def test_a_form_without_its_number_is_refused(desk, form):
    assert desk.post("/tasks/urge", form | {"batch": "x"}).status_code == 400


@pytest.mark.parametrize("tone", ["urge", "supervise", "circulate", "remind"])
def test_each_tone_has_its_preview(desk, tone):
    assert desk.get(f"/tasks/urge?tone={tone}").status_code == 200


def test_an_unknown_tone_is_refused(desk):
    assert desk.get("/tasks/urge?tone=shout").status_code == 400
