"""Documents that say what is to be done: speeches, minutes, notices, problem lists; their rows, and the tasks that rest on them."""

import hashlib
import json

from django.db import models

from campaign.models import Attachment, CampaignRow, Program, Project, User
from tasks.models.importing import ImportBatch
from tasks.models.ledger import Task, TaskRow


class SourceDocument(CampaignRow):
    """One document, kept whole with its text. The same content is one document, however often it is brought in."""

    class Kind(models.TextChoices):
        SPEECH = "speech", "讲话、方案"
        MINUTES = "minutes", "会议纪要"
        NOTICE = "notice", "上级通知"
        PROBLEMS = "problems", "问题清单"

    class State(models.TextChoices):
        READING = "reading", "正在读"
        READ = "read", "已读出"
        FAILED = "failed", "没有读成"

    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.SPEECH)
    title = models.CharField("名称", max_length=160)
    number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("日期", null=True, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, help_text="of the text, so that a paste and its file are one document")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, related_name="+", help_text="rows that name no layer of their own go here"
    )
    project = models.ForeignKey(Project, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    error = models.CharField(max_length=400, blank=True)
    reading = models.JSONField(default=dict, help_text="of the whole text: body (spans that were read), problems")
    totals = models.JSONField(default=list, help_text="totals the text states: number, what, start, end")
    batch = models.ForeignKey(
        ImportBatch, models.SET_NULL, null=True, related_name="documents", help_text="what its rows became"
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "sha256"], name="source_once")]
        indexes = [models.Index(fields=["campaign", "created_at"], name="source_by_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/tasks/reader/{self.pk}"

    @property
    def basis(self) -> str:
        """As a limit cites it: 《…》（京文明办〔2019〕12号）."""
        return f"《{self.title.strip('《》')}》" + (f"（{self.number}）" if self.number else "")

    @property
    def word(self) -> str:
        """What pages call it: 讲话说, 纪要说."""
        return {"speech": "讲话", "minutes": "纪要", "notice": "通知", "problems": "清单"}[self.kind]


class SourceDraft(CampaignRow):
    """One drafted row of a document. `row` is a plan row (tasks.importing.rows) as it stands now."""

    class State(models.TextChoices):
        DRAFTED = "drafted", "未看"
        ACCEPTED = "accepted", "已采用"
        DROPPED = "dropped", "不是任务"
        MERGED = "merged", "已并入上项"
        COMMITTED = "committed", "已入台账"

    class Weight(models.TextChoices):
        MEASURABLE = "measurable", "可量化"
        DELIVERABLE = "deliverable", "有交付"
        GENERAL = "general", "一般要求"

    #: States in which a row still counts as something the text says.
    STANDING = (State.DRAFTED, State.ACCEPTED, State.COMMITTED)

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="drafts")
    number = models.PositiveIntegerField(help_text="its place in the text, from 1; kept when others are dropped")
    part = models.PositiveSmallIntegerField(default=0, help_text="from 1 where a row was split")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    weight = models.CharField(max_length=12, choices=Weight.choices)
    row = models.JSONField()
    start = models.PositiveIntegerField(help_text="of its clause in the document's text")
    end = models.PositiveIntegerField()
    settled = models.JSONField(default=list, help_text="codes of doubts somebody has answered")
    has_doubt = models.BooleanField(default=False)
    # what it became; until it is committed the like one of the ledger
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+")
    is_apart = models.BooleanField(default=False, help_text="somebody said it is not the like task of the ledger")

    #: `mark` of the row as a page showed it to whoever acts on it now; empty where nobody looked at a page.
    seen_as: str = ""

    class Meta:
        ordering = ["number", "part"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "document", "number", "part"], name="source_draft_once")
        ]

    def __str__(self) -> str:
        return str(self.row.get("title", ""))

    @property
    def label(self) -> str:
        """26, or 26-2 for the second part of a split row."""
        return f"{self.number}-{self.part}" if self.part else str(self.number)

    @property
    def mark(self) -> str:
        """Another one as soon as anything of the row is otherwise."""
        said = json.dumps([self.state, self.part, self.is_apart, self.row], sort_keys=True)
        return hashlib.blake2s(said.encode(), digest_size=4).hexdigest()


class ReadingStep(CampaignRow):
    """One step of going through a document, with what stood there before; undone latest first, until the commit."""

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=12)
    before = models.JSONField(help_text="the changed rows as they were")
    made = models.JSONField(default=list, help_text="ids of rows the step made")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["campaign", "document", "at"], name="source_step_by_time")]


class SourceSentence(TaskRow):
    """A sentence a task rests on. A task may rest on any number of documents."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="sentences")
    document = models.ForeignKey(SourceDocument, models.PROTECT, related_name="sentences")
    draft = models.ForeignKey(SourceDraft, models.SET_NULL, null=True, related_name="sentences")
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "start"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "task", "document", "start"], name="source_sentence_once")
        ]


class SourceAnswer(CampaignRow):
    """What the office says to one difference between a document and the ledger; `applied_at` once it is done."""

    class Choice(models.TextChoices):
        DOCUMENT = "document", "照文件"
        LEDGER = "ledger", "照台账"
        ADD = "add", "补进台账"
        TIE = "tie", "并入已有"

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="answers")
    draft = models.ForeignKey(SourceDraft, models.CASCADE, related_name="answers")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="+")
    field = models.CharField(max_length=10, help_text="missing, units, deadline or targets")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    said = models.JSONField(default=dict, help_text="what the two said when it was answered")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "document", "draft", "field"], name="source_answer_once")
        ]
