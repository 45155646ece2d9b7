"""The grammars against phrases and readings made by hand for real plans."""

from tasks.language.phrase import read_phrase
from tests.tasks.shared_data import load

CHECKED = ("kind", "due_date", "recurrence", "soft")


def same(said, expected):
    figures = [sorted((t["op"], str(t["value"]), t["unit"]) for t in of["targets"]) for of in (said, expected)]
    return figures[0] == figures[1] and all(said[key] == expected[key] for key in CHECKED)


def test_phrases_of_plans():
    phrases = load("phrases.json")
    wrong = [phrase["text"] for phrase in phrases if not same(read_phrase(phrase["text"], year=2019).as_dict(), phrase)]
    assert len(wrong) <= 0.02 * len(phrases), wrong


def test_no_number_is_read_where_there_is_none():
    read = [read_phrase(phrase["text"], year=2019) for phrase in load("phrases_not.json")]
    assert [phrase.text for phrase in read if phrase.kind != "none" or phrase.targets] == []


def test_the_gold_rows_phrase_by_phrase():
    rows = load("gold_000.json")
    wrong = []
    for row in rows:
        said = read_phrase(row["sentence"], year=2019).as_dict()
        figures = [[(t["op"], t["value"], t["unit"]) for t in of["targets"]] for of in (said, row)]
        if figures[0] != figures[1]:
            wrong.append(row["sentence"])
    assert len(wrong) <= 0.05 * len(rows), wrong
