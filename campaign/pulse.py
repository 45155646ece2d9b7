"""Whether a login still lives: asked by the page before a form leaves, so that nothing typed is lost."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@login_not_required
@never_cache
@require_GET
def session(request: HttpRequest) -> JsonResponse:
    if not request.user.is_authenticated:
        return JsonResponse({"alive": False}, status=401)
    return JsonResponse({"alive": True, "csrf": get_token(request)})
