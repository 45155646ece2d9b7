"""People, units and the posts that join them. Work is owed by posts, not by persons."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaign.access import Role, ScopedQuerySet
from campaign.identifiers import uuid7
from campaign.models.base import CampaignRow


class User(AbstractUser):
    """A person. May hold posts in several campaigns; without a current post sees nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("电话", max_length=20, blank=True)
    initials = models.CharField("拼音首字母", max_length=20, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    is_password_temporary = models.BooleanField(default=False)
    has_shortcuts = models.BooleanField("启用快捷键", default=True)
    layouts = models.JSONField(default=dict, editable=False, help_text="how this person likes lists to look, by view")
    first_name = last_name = None

    REQUIRED_FIELDS = ["name", "email"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def masked_phone(self) -> str:
        """138****1234: shown where the reader need not call."""
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 11 else self.phone


class UnitQuerySet(ScopedQuerySet):
    def active(self) -> "UnitQuerySet":
        return self.filter(is_active=True)

    def in_order(self) -> "UnitQuerySet":
        """Administrative order: as the office set it, never by pinyin."""
        return self.order_by("order", "name")

    def matching(self, text: str) -> "UnitQuerySet":
        text = text.strip().lower()
        return self.filter(search_text__contains=text) if text else self


class Unit(CampaignRow):
    """A department, street, community … of the district, in a tree of at most three levels."""

    unit_path = ""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "部门"
        STREET = "street", "街道"
        COMMUNITY = "community", "社区"
        GROUP = "group", "工作组"
        ENTERPRISE = "enterprise", "企业"
        OTHER = "other", "其他"

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.DEPARTMENT)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20, blank=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    order = models.PositiveIntegerField("排序", default=1000)
    is_active = models.BooleanField("在用", default=True)
    search_text = models.CharField(max_length=400, blank=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="unit_name_once")]
        indexes = [models.Index(fields=["campaign", "kind", "order"], name="unit_by_kind")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(ScopedQuerySet):
    def current(self, *, today: dt.date) -> "MembershipQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today, user__is_active=True)

    def of_posts(self, posts: Iterable[str]) -> "MembershipQuerySet":
        return self.filter(post__in=list(posts))


class Membership(CampaignRow):
    """Who fills which post of which unit, from when to when; the role says what the person may do."""

    unit_path = "unit"

    class Post(models.TextChoices):
        PRINCIPAL = "principal", "主要领导"
        DEPUTY = "deputy", "分管领导"
        LIAISON = "liaison", "联络员"
        MATERIALS = "materials", "材料专员"
        STAFF = "staff", "工作人员"

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.CharField("角色", max_length=16, choices=Role.choices)
    post = models.CharField("职务", max_length=16, choices=Post.choices, default=Post.LIAISON)
    title = models.CharField(
        "具体称谓", max_length=30, blank=True, help_text="政委, 指挥长, 组长: as the command names it"
    )
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit", "post", "user", "valid_from"], name="post_filled_once"),
        ]
        indexes = [
            models.Index(fields=["user", "campaign"], name="membership_by_user"),
            models.Index(fields=["campaign", "unit", "post"], name="membership_by_post"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_post_display()} {self.user}"

    @property
    def words(self) -> str:
        """Title, post and role, once where two say the same."""
        words = [self.title, self.get_post_display(), self.get_role_display()]
        return " · ".join(dict.fromkeys(word for word in words if word))

    def is_held(self, *, today: dt.date) -> bool:
        return self.valid_from <= today and (self.valid_to is None or today <= self.valid_to)


class Invitation(CampaignRow):
    """A link that lets one person set a first password; only the hash of its secret is kept."""

    unit_path = "membership__unit"
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class DeviceSession(models.Model):
    """One login of a person on one device: listed to its owner, ended by them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="device_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=120)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]


class ApiToken(CampaignRow):
    """A person's key to the API: with a scope and an end; only its hash is kept."""

    class Scope(models.TextChoices):
        READ = "read", "只读"
        WRITE = "write", "读写"

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField("范围", max_length=8, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField("到期")
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class PasswordMemory(models.Model):
    """Hash of a password used before, so that the last five are not used again (GB/T 22239 profile)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
