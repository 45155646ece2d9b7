"""What the office answers on the page: who a unit is, how a limit is meant, which row is left out.

The answers are kept with the batch as {"units": {name: answer}, "rows": {key: answer}, "create_all": True or "clear"};
the reading itself stays as it was read, so that an answer can be taken back.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from campaign.models import Campaign, Unit
from campaign.pinyin import search_text
from campaign.problems import Problem, Refused
from tasks.importing.naming import named
from tasks.importing.remembering import as_taught
from tasks.importing.review import compared, with_limit
from tasks.importing.rows import Row
from tasks.language.units import Directory
from tasks.models import ImportBatch


def mended(
    rows: Iterable[Row],
    choices: Mapping[str, Any],
    directory: Directory,
    campaign: Campaign,
    limits: Mapping[str, str] | None = None,
) -> list[Row]:
    """The rows as answered: units under their names, limits as chosen now or once before; rows left out are gone."""
    answers: Mapping[str, Any] = choices.get("units", {})
    of_rows: Mapping[str, Any] = choices.get("rows", {})
    create = choices.get("create_all")
    found = []
    for read in rows:
        answer = of_rows.get(read.key, {})
        if answer.get("skip"):
            continue
        limit = answer["limit"] if "limit" in answer else as_taught(read, limits) if limits else None
        row = read if limit is None else _limited(read, str(limit), campaign)
        found.append(named(row, directory, is_creating=bool(create), is_asking_near=create == "clear", answers=answers))
    return list(compared(found))


def _limited(row: Row, limit: str, campaign: Campaign) -> Row:
    return with_limit(row, limit, year=campaign.year, is_month_included=campaign.is_month_before_read_as_end)


def answer_unit(
    batch: ImportBatch, name: str, *, use: str = "", is_new: bool = False, is_remembered: bool = False
) -> None:
    """The office says who `name` is: a unit of the campaign, or a new one. Saved with the batch."""
    if not name or bool(use) == is_new:
        raise Refused(Problem("no_answer", "请选一个单位，或者新建单位。", where="use"))
    if use and not Unit.objects.filter(campaign=batch.campaign_id, name=use).exists():
        raise Refused(Problem("unknown_unit", f"名录里没有“{use}”。请从列表里选，或者新建单位。", where="use"))
    answer: dict[str, Any] = {"create": True} if is_new else {"use": use, "remember": is_remembered}
    batch.choices.setdefault("units", {})[name] = answer
    batch.save(update_fields=["choices"])


def answer_all_units(batch: ImportBatch) -> None:
    """Every unit the directory clearly lacks is to be created; a name like a known one is still asked about."""
    batch.choices["create_all"] = "clear"
    batch.save(update_fields=["choices"])


def answer_row(
    batch: ImportBatch, key: str, *, limit: str | None = None, is_skipped: bool = False, is_remembered: bool = False
) -> None:
    """Leave a row out, or read its limit as `limit` ("" = 不设期限)."""
    if key not in {Row.from_dict(said).key for said in batch.reading["rows"]}:
        raise Refused(Problem("no_row", "没有这一行。请刷新页面。", where="row"))
    answer: dict[str, Any] = {"limit": (limit or "").strip()[:120], "remember": is_remembered}
    batch.choices.setdefault("rows", {})[key] = {"skip": True} if is_skipped else answer
    batch.save(update_fields=["choices"])


def skip_hidden(batch: ImportBatch) -> None:
    """Leave out every row that is hidden in the workbook."""
    for row in map(Row.from_dict, batch.reading["rows"]):
        if any(problem.code == "row_hidden" for problem in row.problems):
            batch.choices.setdefault("rows", {})[row.key] = {"skip": True}
    batch.save(update_fields=["choices"])


def take_back(batch: ImportBatch) -> None:
    """Forget every answer given to this reading."""
    batch.choices = {}
    batch.save(update_fields=["choices"])


def remember_aliases(batch: ImportBatch) -> list[str]:
    """Names the office asked to remember become aliases of their units, so that they are known next time."""
    asked = {name: said["use"] for name, said in batch.choices.get("units", {}).items() if said.get("remember")}
    units = {unit.name: unit for unit in Unit.objects.filter(campaign=batch.campaign_id, name__in=asked.values())}
    learned = []
    for name, use in asked.items():
        unit = units[use]
        if name not in unit.aliases and name != unit.name:
            unit.aliases = [*unit.aliases, name]
            unit.search_text = search_text(unit.name, unit.short_name, *unit.aliases)
            learned.append(name)
    Unit.objects.bulk_update(units.values(), ["aliases", "search_text"])
    return learned


def skipped_rows(rows: Iterable[Row], choices: Mapping[str, Any]) -> list[Row]:
    of_rows = choices.get("rows", {})
    return [row.but(problems=()) for row in rows if of_rows.get(row.key, {}).get("skip")]
