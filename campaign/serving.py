"""How a stored file leaves the house: as what it is, run by nobody.

Only what a browser draws by itself is shown in the page; all else is a download. Everything that is shown is sandboxed,
the PDF apart: the built-in viewers of our baseline browsers stay blank in a sandbox (Chromium since 2024 draws it), so
a PDF gets the same walls one by one. Were it taken for a page, no script, form, frame or foreign address of it would
work either.
"""

from typing import BinaryIO

from django.http import FileResponse
from django.utils.http import content_disposition_header

PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif"}
PDF = "application/pdf"
SANDBOX = "default-src 'none'; img-src 'self'; object-src 'none'; style-src 'unsafe-inline'; sandbox"
#: `object-src` and inline styles are what the viewers themselves need.
PAPER = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


def file_answer(content: BinaryIO, *, name: str, content_type: str, is_download: bool = False) -> FileResponse:
    """The answer that carries one file; `content` is closed by it."""
    response = FileResponse(content, content_type=content_type)
    is_shown = not is_download and content_type in {*PICTURES, PDF}
    response.headers["Content-Disposition"] = content_disposition_header(not is_shown, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = PAPER if content_type == PDF and is_shown else SANDBOX
    return response
