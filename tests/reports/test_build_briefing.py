"""The command: files, one JSON document, a sentence for what cannot be used."""

import json

import pytest
from django.core.management import call_command

from campaign.models import OutgoingMail
from reports.models import Document


@pytest.fixture
def build(campaign, tmp_path, capsys):
    def run(**words):
        options = {"campaign": campaign.code, "week": "2019-W39", "output": str(tmp_path / "b.pdf"), "json": True}
        call_command("build_briefing", **options | words)
        return json.loads(capsys.readouterr().out)

    return run


def test_it_writes_both_papers_and_tells_the_figures(build, ledger, tmp_path):
    told = build(docx=str(tmp_path / "b.docx"))
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "b.docx").read_bytes().startswith(b"PK")
    assert (told["week"], told["figures"]["overdue"]["value"], told["is_issued"]) == ("2019-W39", 1, False)


def test_it_issues_and_sends_nothing(build, ledger, readers):
    build()
    assert (Document.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_it_is_repeatable_to_the_byte(build, ledger, tmp_path):
    build(docx=str(tmp_path / "b.docx"))
    first = [(tmp_path / name).read_bytes() for name in ("b.pdf", "b.docx")]
    build(docx=str(tmp_path / "b.docx"))
    assert first == [(tmp_path / name).read_bytes() for name in ("b.pdf", "b.docx")]


def test_an_issued_week_is_given_as_it_went_out(build, document, tmp_path):
    assert build()["is_issued"]
    assert (tmp_path / "b.pdf").stat().st_size == document.pdf.size


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"campaign": "none"}, "没有代码为“none”的创建活动"),
        ({"week": "W39"}, "不是周次，请写成 2019-W20"),
        ({"week": "2019-W60"}, "不是周次"),
        ({"week": "2019-W45"}, "还没有到"),
        ({"docx": "/nowhere/b.docx"}, "请换一个能写的位置"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_written(build, ledger, tmp_path, capsys, words, sentence):
    with pytest.raises(SystemExit) as ended:
        build(**words)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.glob("*.pdf")) == []
