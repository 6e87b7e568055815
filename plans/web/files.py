"""Files as answers, with one set of headers: for their reader alone, never kept by others, never taken for a page."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from plans.issuing.models import FrozenFile

Answer = TypeVar("Answer", bound=HttpResponseBase)


def kept_file(rows: QuerySet[Any], pk: int) -> HttpResponse:
    """Return the file of the row `pk` among `rows`, whose model has a `file` that was frozen and a `name` for it.

    Raises Http404 where there is no such row.
    """
    found = rows.select_related("file").filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return frozen_file(found.file, found.name)


def frozen_file(file: FrozenFile, name: str, *, shown: bool = False) -> HttpResponse:
    """Return the very bytes that were frozen, to be saved under `name`, or shown within a page of this site."""
    answer = HttpResponse(bytes(file.content), content_type=file.media_type)
    answer["ETag"] = f'"{file.sha256}"'
    return as_file(answer, name, shown=shown)


def to_save(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a file that was made for this answer, to be saved under `name`."""
    return as_file(HttpResponse(content, content_type=media_type), name)


def as_file(answer: Answer, name: str, *, shown: bool = False) -> Answer:
    """Return an answer of whatever kind with the headers of a file called `name`."""
    answer["Content-Disposition"] = str(content_disposition_header(not shown, name))
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
