"""What a password must be: two profiles, because GB/T 22239 and ASVS ask for opposite things."""

from django.core.exceptions import ValidationError

from campaign.models import User

CLASSES = (str.islower, str.isupper, str.isdigit)


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
