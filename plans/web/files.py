"""Files that were kept, as answers: the very bytes, to be saved, never shown within this site or kept by others."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header


def kept_file(rows: QuerySet[Any], pk: int) -> HttpResponse:
    """Return the file of the row `pk` among `rows`, whose model has a `file` that was frozen and a `name` for it.

    Raises Http404 where there is no such row.
    """
    found = rows.select_related("file").filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    answer = to_save(bytes(found.file.content), found.name, found.file.media_type)
    answer["ETag"] = f'"{found.file.sha256}"'
    return answer


def to_save(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a file to be saved under `name`."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
