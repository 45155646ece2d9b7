"""What a password must be: two profiles, because GB/T 22239 and ASVS ask for opposite things; and setting one."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from campaign.models import PasswordMemory, User

CLASSES = (str.islower, str.isupper, str.isdigit)
DENGBAO = "dengbao"
REMEMBERED = 5
GOOD_FOR_DAYS = 90


class ProfileValidator:
    """`dengbao`: 8 characters of three kinds (GB/T 22239-2019). `asvs`: 12 characters, no composition rule (6.2.5)."""

    def __init__(self, profile: str = "dengbao") -> None:
        self.profile = profile

    def validate(self, password: str, user: User | None = None) -> None:
        least = 8 if self.profile == "dengbao" else 12
        if len(password) < least:
            raise ValidationError(f"密码只有 {len(password)} 位，请至少用 {least} 位。", code="short")
        if self.profile == "dengbao" and _kinds(password) < 3:
            raise ValidationError("密码要有大写字母、小写字母、数字、符号中的三种。", code="plain")

    def get_help_text(self) -> str:
        if self.profile == "dengbao":
            return "至少 8 位，含大写字母、小写字母、数字、符号中的三种。"
        return "至少 12 位。"


def _kinds(password: str) -> int:
    kinds = sum(any(test(letter) for letter in password) for test in CLASSES)
    return kinds + any(not letter.isalnum() for letter in password)


class MemoryValidator:
    """`dengbao`: none of the last five again."""

    def validate(self, password: str, user: User | None = None) -> None:
        if settings.PASSWORD_PROFILE != DENGBAO or user is None or user.pk is None:
            return
        hashes = {user.password, *user.old_passwords.values_list("password", flat=True)[:REMEMBERED]}
        if any(check_password(password, each) for each in hashes if each):
            raise ValidationError(f"这个密码用过。请换一个最近 {REMEMBERED} 次没有用过的。", code="reused")

    def get_help_text(self) -> str:
        return f"不能与最近 {REMEMBERED} 次的相同。" if settings.PASSWORD_PROFILE == DENGBAO else ""


def store(user: User, password: str, *, now: dt.datetime) -> None:
    """Set a password already validated, and remember its hash."""
    user.set_password(password)
    user.password_changed_at = now
    user.is_password_temporary = False
    user.save(update_fields=["password", "password_changed_at", "is_password_temporary"])
    PasswordMemory.objects.create(user=user, password=user.password, created_at=now)
    kept = user.old_passwords.values_list("pk", flat=True)[:REMEMBERED]
    user.old_passwords.exclude(pk__in=list(kept)).delete()


def days_used(user: User, *, now: dt.datetime) -> int:
    return (now - (user.password_changed_at or user.date_joined)).days


def is_stale(user: User, *, now: dt.datetime) -> bool:
    """Old enough to be changed (90 days, `dengbao` only)."""
    return settings.PASSWORD_PROFILE == DENGBAO and days_used(user, now=now) >= GOOD_FOR_DAYS
