from tasks.models.importing import ImportBatch, ImportHabit
from tasks.models.ledger import (
    Assignment,
    Freq,
    Milestone,
    Role,
    Target,
    Task,
    TaskRow,
    assigned_tasks,
)
from tasks.models.reminding import Notice, ReminderRule, Snooze
from tasks.models.reporting import (
    ClosingRequirement,
    DeadlineChange,
    Draft,
    Evidence,
    Instruction,
    ProgressReport,
    Request,
    Verdict,
)
from tasks.models.sources import (
    ReadingStep,
    SourceAnswer,
    SourceDocument,
    SourceDraft,
    SourceSentence,
)
from tasks.models.views import SavedView, Tally

__all__ = [
    "Assignment",
    "ClosingRequirement",
    "DeadlineChange",
    "Draft",
    "Evidence",
    "Freq",
    "ImportBatch",
    "ImportHabit",
    "Instruction",
    "Milestone",
    "Notice",
    "ProgressReport",
    "ReadingStep",
    "ReminderRule",
    "Request",
    "Role",
    "SavedView",
    "Snooze",
    "SourceAnswer",
    "SourceDocument",
    "SourceDraft",
    "SourceSentence",
    "Tally",
    "Target",
    "Task",
    "TaskRow",
    "Verdict",
    "assigned_tasks",
]
