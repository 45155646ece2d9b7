"""Keeping a reading as a batch, and committing it: all chosen rows become tasks in one transaction, or nothing does."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaign import attachments, bulk, log
from campaign.models import Campaign, User
from campaign.problems import Problem, Refused
from campaign.statistics import refresh_statistics
from tasks.importing import leaving, remembering
from tasks.importing.changing import apply_change
from tasks.importing.comparing import Verdict, compare
from tasks.importing.mending import mended, remember_aliases
from tasks.importing.numbering import Numbering
from tasks.importing.planning import Planner
from tasks.importing.reading import Reading, read_workbook
from tasks.importing.rows import Row
from tasks.importing.units import Roster
from tasks.importing.writing import Writer
from tasks.language.units import Directory
from tasks.models import ImportBatch, Task

_XLSX = ".xlsx"


@dataclass(frozen=True)
class Committed:
    """What one commit did to the ledger."""

    created: int
    changed: int
    unchanged: int
    blocked: int
    units: tuple[str, ...]
    milestones: int
    waived: int = 0
    """Tasks this version no longer names, waived as the office chose."""

    def as_dict(self) -> dict[str, object]:
        return self.__dict__ | {"units": list(self.units)}

    @property
    def words(self) -> str:
        if not self.created and not self.changed and not self.waived:
            return "台账里都有了，没有新增。"
        said = [f"新增 {self.created} 项"] if self.created else []
        said += [f"变更 {self.changed} 项"] if self.changed else []
        said += [f"免办 {self.waived} 项"] if self.waived else []
        said += [f"新建单位 {len(self.units)} 个"] if self.units else []
        left = f"，还有 {self.blocked} 行有问题没有导入" if self.blocked else ""
        return "已导入：" + "，".join(said) + left + "。"


@dataclass(frozen=True)
class Review:
    """A batch as it stands today: one verdict a row, and the campaign's units it was read against."""

    verdicts: Sequence[Verdict]
    roster: Roster
    gone: Sequence[Task] = ()
    """Tasks of an earlier version that this one no longer names."""

    def count(self, kind: str) -> int:
        return self.counts[kind]

    @property
    def counts(self) -> Counter[str]:
        return Counter(verdict.kind for verdict in self.verdicts)

    @property
    def blocked(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.kind == "blocked"]


def read_for(campaign: Campaign, content: bytes) -> Reading:
    """A workbook as this campaign reads it; unit names as written. Raises `Refused` for unusable input."""
    with bulk.uncollected():
        return read_workbook(
            content,
            year=campaign.year,
            layer_name=campaign.layer_name,
            is_month_included=campaign.is_month_before_read_as_end,
            learned=remembering.learned_columns(campaign),
        )


def start_batch(campaign: Campaign, upload: attachments.Upload, *, by: User | None, now: dt.datetime) -> ImportBatch:
    """Read a file and keep the reading for review. The same file again gives the same batch.

    Raises `Refused` for unusable input; nothing is kept then.
    """
    reading = read_for(campaign, upload.content)
    sha256 = hashlib.sha256(upload.content).hexdigest()
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        batch = (
            ImportBatch.objects.filter(campaign=campaign, sha256=sha256).exclude(state=ImportBatch.State.UNDONE).first()
        )
        if batch is None:
            kept = attachments.keep(campaign, upload, by=by, now=now, content_type=_type_of(upload.name))
            batch = ImportBatch(
                campaign=campaign, sha256=sha256, file_name=upload.name, attachment=kept, created_by=by, created_at=now
            )
        _keep(batch, reading)
    return batch


def reread(batch: ImportBatch) -> None:
    """Read the batch's own file again, after the office said what its columns are called."""
    if batch.state == ImportBatch.State.UNDONE or batch.attachment is None:
        raise Refused(Problem("undone", "这次导入已经撤销。要再导入，请重新上传文件。"))
    with attachments.read(batch.attachment.file) as file:
        _keep(batch, read_for(batch.campaign, file.read()))


def _keep(batch: ImportBatch, reading: Reading) -> None:
    batch.reading = {
        "rows": [row.kept() for row in reading.rows],
        "sheets": [sheet.as_dict() for sheet in reading.sheets],
        "problems": [problem.as_dict() for problem in reading.problems],
    }
    batch.row_count, batch.problem_count = len(reading.rows), reading.blocked_count
    batch.save()


def _type_of(name: str) -> str:
    ending = attachments.ending_of(name)
    return attachments.ACCEPTED[ending if ending in attachments.ACCEPTED else _XLSX][1]


def review(batch: ImportBatch) -> Review:
    """What committing would do to each row now, with the office's answers taken into account."""
    roster = Roster.of(batch.campaign)
    with bulk.uncollected():
        rows = [Row.from_dict(said) for said in batch.reading["rows"]]
        return _reviewed(batch.campaign, rows, batch.choices, batch.sha256, roster)


def review_file(campaign: Campaign, content: bytes, choices: Mapping[str, Any]) -> Review:
    """The same for a file that is not kept: a dry run that writes nothing."""
    roster = Roster.of(campaign)
    rows = read_for(campaign, content).rows
    return _reviewed(campaign, rows, choices, hashlib.sha256(content).hexdigest(), roster)


def _reviewed(
    campaign: Campaign, rows: Iterable[Row], choices: Mapping[str, Any], sha256: str, roster: Roster
) -> Review:
    limits = remembering.learned_limits(campaign)
    settled = mended(rows, choices, Directory(roster.known()), campaign, limits)
    compared = compare(campaign, map(roster.doubted, settled), sha256=sha256, roster=roster)
    return Review(compared.verdicts, roster, compared.gone)


def commit_batch(batch: ImportBatch, *, by: User | None, now: dt.datetime, is_partial: bool = False) -> Committed:
    """Write every row (`is_partial`: every row without a problem) to the ledger, all or nothing.

    Safe to call twice, also at the same time: the campaign is locked and rows already there are left as they are.
    Raises `Refused` when a row is blocked and the commit is not partial, or when the batch was undone.
    """
    with transaction.atomic(), bulk.uncollected():
        campaign = Campaign.objects.select_for_update().get(pk=batch.campaign_id)
        reading = batch.reading  # ten thousand rows are parsed once, not again with the lock
        batch = ImportBatch.objects.select_for_update().defer("reading").get(pk=batch.pk)
        batch.reading = reading
        if batch.state == ImportBatch.State.UNDONE:
            raise Refused(Problem("undone", "这次导入已经撤销。要再导入，请重新上传文件。"))
        batch.campaign = campaign
        reviewed = review(batch)
        if reviewed.blocked and not is_partial:
            raise Refused(*_blocking(reviewed))
        done = _write(batch, reviewed, by=by, now=now)
        _close(batch, done, by=by, now=now)
    refresh_statistics()
    return done


def _write(batch: ImportBatch, reviewed: Review, *, by: User | None, now: dt.datetime) -> Committed:
    campaign, roster = batch.campaign, reviewed.roster
    fresh = [verdict.row for verdict in reviewed.verdicts if verdict.kind == "new"]
    moved = [verdict for verdict in reviewed.verdicts if verdict.kind == "changed"]
    units = roster.admit([*fresh, *(verdict.row for verdict in moved)])
    writer = Writer(campaign, batch, roster, Numbering.of(campaign), Planner.of(campaign), by, now)
    for row in fresh:
        writer.add(row)
    for verdict in moved:
        writer.numbering.project(writer.numbering.program(verdict.row.program), verdict.row.project)
    writer.save(units)
    before = [apply_change(verdict, writer) for verdict in moved]
    waived = leaving.waive_gone(batch, reviewed.gone, by=by, now=now)
    remember_aliases(batch)
    remembering.remember_limits(batch)
    result = batch.result
    result["units"] = [*result.get("units", []), *(str(unit.pk) for unit in units)]
    result["programs"] = [*result.get("programs", []), *(str(p.pk) for p in writer.numbering.new_programs)]
    result["projects"] = [*result.get("projects", []), *(str(p.pk) for p in writer.numbering.new_projects)]
    result["changed"] = [*result.get("changed", []), *before, *waived]
    counts = reviewed.counts
    return Committed(
        len(fresh),
        len(moved),
        counts["same"],
        counts["blocked"],
        tuple(unit.name for unit in units),
        len(writer.milestones),
        len(waived),
    )


def _close(batch: ImportBatch, done: Committed, *, by: User | None, now: dt.datetime) -> None:
    batch.state = ImportBatch.State.COMMITTED
    batch.problem_count = done.blocked
    if done.created or done.changed or done.waived or batch.committed_at is None:
        batch.committed_at = now
        log.write(batch, "import", by=by, now=now, data=done.as_dict())
    batch.save(update_fields=["state", "problem_count", "committed_at", "result"])


def _blocking(reviewed: Review) -> list[Problem]:
    found = []
    for verdict in reviewed.blocked:
        for problem in verdict.row.problems:
            if problem.level == "blocks":
                where = problem.cell or f"第 {verdict.row.row} 行"
                found.append(
                    Problem(problem.code, f"第 {verdict.row.row} 行：{problem.message}", where=where, mend=problem.near)
                )
    return found
