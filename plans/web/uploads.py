"""Uploads that stay in memory: what is sent to these views is never written to a disk, not even for a moment.

Django keeps a large upload in a temporary file. For a key, that would leave its traces behind; so a view marked with
`in_memory` has its files read into memory, up to a limit. What is beyond the limit is counted and thrown away: the
form then sees a file of that size without content, and says so.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

MEGABYTE = 1024 * 1024

View = TypeVar("View", bound=Callable[..., HttpResponse])


class MemoryHandler(FileUploadHandler):
    """Keeps up to `limit` bytes of all files of one request."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self._limit, self._kept = limit, 0
        self._content = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin another file."""
        super().new_file(*args, **kwargs)
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or only count it once the limit is reached."""
        self._kept += len(raw_data)
        if self._kept <= self._limit:
            self._content.write(raw_data)
        else:
            self._content = io.BytesIO()

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return the file; one beyond the limit has its true size and no content."""
        self._content.seek(0)
        return InMemoryUploadedFile(
            file=self._content,
            field_name=self.field_name,
            name=str(self.file_name),
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )


def in_memory(limit: int) -> Callable[[View], View]:
    """Mark a view: its uploads stay in memory, all of one request up to `limit` bytes."""

    def mark(view: View) -> View:
        view.uploads_in_memory = limit  # type: ignore[attr-defined]
        return view

    return mark


class KeepUploadsInMemory:
    """Middleware that heeds the mark; stands before whatever reads the form first (CSRF)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        """Put the one handler in place of Django's own."""
        limit = getattr(view, "uploads_in_memory", None)
        if limit is not None:
            request.upload_handlers = [MemoryHandler(request, limit)]
