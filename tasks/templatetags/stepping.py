"""Where a task's page was come to from."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.http import urlencode

from tasks.models import Task
from tasks.views.stepping import list_of

register = template.Library()


@register.simple_tag(takes_context=True)
def from_list(context: Context) -> str:
    """Path and query of that list; empty when it was none."""
    return list_of(context["request"])


@register.inclusion_tag("tasks/_steps_coming.html")
def list_steps(task: Task, source: str) -> dict[str, Any]:
    """The way to the neighbours: at once as links, with numbers a moment later, so that the page does not wait."""
    return {"base": f"/tasks/{task.code}/step?{urlencode({'in': source})}"}
