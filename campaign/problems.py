"""Why something cannot be done, as data: the page shows it, the API returns it, the deed refuses on it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and how to mend it. `blocks` refuses the deed, `warns` only says so."""

    code: str
    message: str
    level: Literal["blocks", "warns"] = "blocks"
    where: str = ""
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class Refused(Exception):  # noqa: N818 - it is not an error of the program
    """A deed was refused; nothing was written."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("；".join(problem.message for problem in problems))


class Conflict(Refused):
    """Somebody else changed the object first. `current` is what it holds now."""

    def __init__(self, *problems: Problem, current: Any = None) -> None:
        super().__init__(*problems)
        self.current = current


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "blocks"]


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal of the API is `{"problems": [...]}`."""
    if isinstance(error, Refused):
        code = status.HTTP_409_CONFLICT if isinstance(error, Conflict) else status.HTTP_422_UNPROCESSABLE_ENTITY
        return Response({"problems": [problem.as_dict() for problem in error.problems]}, status=code)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = {"problems": [problem.as_dict() for problem in _from_rest(error)]}
    return response


def _from_rest(error: Exception) -> list[Problem]:
    if isinstance(error, Http404):
        return [Problem("not_found", "没有找到，或者不在您的范围内。")]
    if isinstance(error, PermissionDenied):
        return [Problem("forbidden", str(error) or "您没有这个权限。")]
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        return [
            Problem("invalid", str(text), where=str(name))
            for name, texts in error.detail.items()
            for text in (texts if isinstance(texts, list) else [texts])
        ]
    detail = getattr(error, "detail", str(error))
    texts = detail if isinstance(detail, list) else [detail]
    return [Problem(getattr(error, "default_code", "error"), str(text)) for text in texts]
