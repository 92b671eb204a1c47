"""Handing out bytes so that no browser runs them and no stranger's cache keeps them."""

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag

from workplace.evidence.models import File
from workplace.evidence.store import open_file, open_stored

# Whatever a file holds, it runs nothing, loads nothing and belongs to no site.
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def serve(request: HttpRequest, file: File, name: str) -> HttpResponseBase:
    """The whole file: a picture shown, anything else saved. The caller has asked who may.

    A request for a range is answered with everything, as the standard allows. Raises: Http404
    where the bytes are gone.
    """
    tag = quote_etag(file.sha256)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _guarded(HttpResponseNotModified(), tag)
    kind = file.kind if file.is_image else "application/octet-stream"
    answer = FileResponse(
        open_file(file), as_attachment=not file.is_image, filename=name, content_type=kind
    )
    return _guarded(answer, tag)


def serve_thumbnail(file: File) -> HttpResponseBase:
    """The small picture. Raises: Http404 where there is none."""
    answer = FileResponse(open_stored(file, file.thumbnail), content_type="image/jpeg")
    return _guarded(answer, quote_etag(f"{file.sha256}-small"))


def _guarded(answer: HttpResponseBase, tag: str) -> HttpResponseBase:
    answer["Content-Security-Policy"] = _SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-cache"  # kept by the reader's browser, asked anew
    answer["Accept-Ranges"] = "none"
    answer["ETag"] = tag
    return answer
