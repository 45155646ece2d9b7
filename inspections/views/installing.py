"""What makes the pages an app on the phone: the service worker that keeps them, and the manifest that names them."""

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SCRIPTS = ("store", "photo", "send", "place", "home", "checklist", "records", "recheck", "rechecks")


@login_not_required
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its list of files changes with any of them, and with it its version. Holds no one's data."""
    script = static("js/patrol-worker.js")
    shell = [static(f"css/{name}.css") for name in ("kit", "patrol", "mine")] + [script]
    shell += [static(f"js/patrol-{name}.js") for name in SCRIPTS]
    shell += [
        static(f"js/{name}.js")
        for name in (
            "session",
            "menu",
            "dialog",
            "toast",
            "copy",
            "keyboard",
            "answer",
            "combobox",
            "orders-carry",
            "outbox",
            "report",
        )
    ]
    version = hashlib.sha256("".join(shell).encode()).hexdigest()[:12]
    text = f"self.SHELL={json.dumps(shell)};self.VERSION={json.dumps(version)};importScripts({json.dumps(script)});\n"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [
        {"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    said = {
        "id": "/patrol",
        "name": "创城巡查",
        "short_name": "巡查",
        "lang": "zh-CN",
        "start_url": "/patrol",
        "scope": "/patrol",
        "display": "standalone",
        "background_color": "#F3F4F7",
        "theme_color": "#F3F4F7",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
