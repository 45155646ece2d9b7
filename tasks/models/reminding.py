"""Who is told what, how many days before or after a limit; and what became of each notice."""

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q

from campaign.access import ScopedQuerySet
from campaign.models import CampaignRow, Membership, OutgoingMail, Unit, User
from tasks.models.ledger import Milestone, TaskRow


class ReminderRule(CampaignRow):
    """One line of the campaign's table: days from the limit x audience -> tone.

    `offset_days` is negative before the limit and positive after it; it counts working days when
    `is_in_working_days`.
    """

    class Tone(models.TextChoices):
        REMIND = "remind", "提醒"
        URGE = "urge", "催办"
        SUPERVISE = "supervise", "督办"
        CIRCULATE = "circulate", "通报"

    unit_path = None

    offset_days = models.SmallIntegerField("距时限天数")
    post = models.CharField("对象", max_length=16, choices=Membership.Post.choices)
    tone = models.CharField("语气", max_length=10, choices=Tone.choices)
    is_in_working_days = models.BooleanField("按工作日算", default=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["offset_days", "post"]
        constraints = [models.UniqueConstraint(fields=["campaign", "offset_days", "post"], name="rule_once")]


class Snooze(CampaignRow):
    """稍后再看: one entry of one person's inbox, out of sight until the morning of `until_on`. It comes back by itself.

    `item_id` is the notice, the milestone to verify or the request that the entry is about.
    """

    unit_path = None

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    item_id = models.UUIDField()
    until_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "user", "item_id"], name="snooze_once")]


class NoticeQuerySet(ScopedQuerySet):
    def sent(self, *, now: dt.datetime) -> "NoticeQuerySet":
        """Past the seconds in which it can be taken back, and not taken back."""
        return self.filter(Q(held_until=None) | Q(held_until__lte=now), recalled_at=None)

    def to(self, user: User) -> "NoticeQuerySet":
        return self.filter(recipient=user)

    def waiting(self, *, now: dt.datetime) -> "NoticeQuerySet":
        """What its reader still has to see to.

        Not signed for; news that asks for nothing is left out; what asks for a report only while its milestone is
        open; of several words on one limit only the last.
        """
        is_pressing = Q(reason__in=Notice.TONES)
        later = Notice.objects.filter(
            milestone=OuterRef("milestone"), recipient=OuterRef("recipient"), reason__in=Notice.TONES
        ).filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
        is_open = Q(milestone=None) | Q(milestone__state=Milestone.State.OPEN)
        return self.sent(now=now).filter(
            ~Q(reason=Notice.Reason.PASSED),
            ~is_pressing | ~Exists(later.sent(now=now)),
            ~(is_pressing | Q(reason=Notice.Reason.RETURNED)) | is_open,
            acknowledged_at=None,
        )


class Notice(TaskRow):
    """One thing told to one person about one milestone: an entry of their inbox, shown on the task with its fate."""

    class Reason(models.TextChoices):
        REMIND = "remind", "到期提醒"
        URGE = "urge", "催办"
        SUPERVISE = "supervise", "督办"
        CIRCULATE = "circulate", "通报"
        RETURNED = "returned", "退回"
        PASSED = "passed", "已销号"
        RULING = "ruling", "答复"
        INSTRUCTION = "instruction", "批示"
        ASSIGNED = "assigned", "新任务"
        CHANGED = "changed", "时限变更"
        VACANCY = "vacancy", "岗位空缺"

    #: Told because of a limit: nothing to do any more once the milestone is handed in.
    TONES = (Reason.REMIND, Reason.URGE, Reason.SUPERVISE, Reason.CIRCULATE)

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="notices")
    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, related_name="notices")
    key = models.CharField(max_length=160, help_text="what, about whom, for which occasion")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    is_manual = models.BooleanField(default=False)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    told_on = models.DateField()
    held_until = models.DateTimeField(null=True, help_text="may still be taken back until then")
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, related_name="notices")
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="notice_key_once")]
        indexes = [
            models.Index(fields=["campaign", "recipient", "read_at", "at"], name="notice_inbox"),
            models.Index(fields=["campaign", "task", "at"], name="notice_of_task"),
            models.Index(fields=["campaign", "mail"], name="notice_of_mail"),
            models.Index(fields=["recipient", "milestone", "at"], name="notice_of_limit"),
        ]

    @property
    def receipt(self) -> str:
        """已签收 / 已读 / 未读 / 已撤销, as the task page and the sender's list show it."""
        if self.recalled_at:
            return "已撤销"
        if self.acknowledged_at:
            return "已签收"
        return "已读" if self.read_at else "未读"
