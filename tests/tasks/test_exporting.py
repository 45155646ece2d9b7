"""Exports hold what the page shows, as text and real dates, and nothing a spreadsheet would run."""

import csv
import datetime as dt
import io

import openpyxl
import pytest

from campaign.models import Job
from tasks import exporting, scale
from tasks.jobs import export_ledger
from tests.tasks.test_ledger import campaign_office

PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "　=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-cmd|'/C calc'!A0", "@cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\",\"y\")",
    "=IMPORTXML(\"http://x\",\"//a\")", "=WEBSERVICE(\"http://x\")", "=DDE(\"cmd\";\"/C calc\";\"x\")", "\x00=1+1", "\x07=1",
    "%0A=1+1", "|=1+1", "=1+1\";=1", "\ufeff=1+1", "  \t+1", "=\n1", "-2+3+cmd|'/C calc'!A0",
]  # fmt: skip


@pytest.fixture
def rows(login, office):
    """The rows of an exported file, head apart."""

    def get(url):
        response = login(office).get(url)
        assert response.status_code == 200
        if "spreadsheetml" in response["Content-Type"]:
            sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
            return list(sheet.iter_rows(min_row=2))
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))[1:]

    return get


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_cell_becomes_a_formula(payload):
    heads, line = [exporting.Heading("任务", 20)], [payload]
    book = openpyxl.load_workbook(io.BytesIO(exporting.as_workbook(heads, [line], "x")))
    cell = book.active["A2"]
    assert cell.data_type in {"s", "n"}
    assert cell.data_type != "n" or cell.value is None
    text = exporting.as_text(heads, [line], "csv").decode("utf-8-sig").split("\r\n", 1)[1]
    written = next(csv.reader(io.StringIO(text, newline="")))[0]
    assert not exporting.FORMULA.match(written)


def test_negative_numbers_survive():
    heads, line = [exporting.Heading("数", 8)] * 2, [-3, dt.date(2019, 9, 30)]
    sheet = openpyxl.load_workbook(io.BytesIO(exporting.as_workbook(heads, [line], "x"))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (-3, "n")
    assert sheet["B2"].is_date
    assert b"-3,2019-09-30" in exporting.as_text(heads, [line], "csv")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_file_holds_the_rows_of_the_page_in_its_order(rows, make_task, form):
    make_task("02-01-01", "甲", due_on=dt.date(2019, 12, 1))
    make_task("02-01-02", "乙", due_on=dt.date(2019, 9, 1))
    make_task("02-01-03", "丙", due_on=None)
    found = rows(f"/tasks/export?format={form}&f.assumed=no&sort=due&group=none")
    assert [cell.value if form == "xlsx" else cell for line in found for cell in line[1:2]] == ["02-01-02", "02-01-01"]


def test_dates_are_dates_and_the_head_stays_in_sight(login, office, task):
    response = login(office).get("/tasks/export?view=all")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert (sheet["K2"].value.date(), sheet["K2"].is_date) == (dt.date(2019, 9, 30), True)
    assert sheet.freeze_panes == "F2"
    assert [cell.value for cell in sheet[1]][:5] == ["序号", "编号", "提升工程", "项目", "工作任务"]
    assert [cell.value for cell in sheet[2]][6] == "区交通支队"


def test_csv_opens_in_excel_without_garbage(login, office, task):
    assert login(office).get("/tasks/export?format=csv").content.startswith(b"\xef\xbb\xbf")


def test_rows_of_the_clipboard_have_one_line_each(login, office, make_task):
    make_task("02-01-01", "两\t行\n字")
    lines = login(office).get("/tasks/export?format=tsv&f.code=02-01-01").content.decode().splitlines()
    assert len(lines) == 2
    assert lines[1].split("\t")[4] == "两 行 字"


def test_a_wrong_filter_exports_nothing(login, office, task):
    response = login(office).get("/tasks/export?f.due=九月")
    assert response.status_code == 422
    assert "认不出是哪天" in response.content.decode()


def test_a_long_list_is_exported_as_a_job_for_its_owner_alone(login, administrator, monkeypatch, db):
    monkeypatch.setattr("tasks.ledger.CAP", 50)
    office = campaign_office(scale.make_campaign(1, 80))
    response = login(office).get("/tasks/export?view=all&format=csv")
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}"
    export_ledger(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result["words"]) == ("done", "共 80 项"), job.error
    content = b"".join(login(office).get(job.result["url"]).streaming_content)
    assert content.count(b"\r\n") == 81
    assert login(administrator).get(job.result["url"]).status_code == 404


def test_files_of_exports_are_thrown_away_after_a_week(campaign, office, now):
    made = {"campaign": campaign, "kind": exporting.JOB, "created_by": office, "created_at": now, "state": "done"}
    for days in (6, 8):
        job = Job.objects.create(**made, title="导出", finished_at=now - dt.timedelta(days=days))
        file = exporting.Export("a.csv", b"x", "text/csv", 1)
        Job.objects.filter(pk=job.pk).update(result={"file": exporting.store(file, job)})
    assert exporting.sweep_exports(campaign, now=now) == 1
    assert exporting.sweep_exports(campaign, now=now) == 0
