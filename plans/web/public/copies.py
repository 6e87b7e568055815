"""Bản công khai: what a school shows of its plan to everybody, also inside the school's own site."""

from __future__ import annotations

from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_exempt

from plans.documents import html
from plans.issuing.models import IssuedDocument, PublicCopy
from plans.issuing.publishing import public_tree, shown_document
from plans.web.public.views import View

# Long enough for a page that many open at once, short enough that closing the copy is felt.
_KEPT = "public, max-age=300"


def _of_token(view: View) -> View:
    """Hand the copy and the document it shows to a view; 404 for a made-up address, 410 for a closed one."""

    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        copy = PublicCopy.objects.select_related("document").filter(token=token).first()
        document = shown_document(copy) if copy and copy.is_public else None
        if copy is None:
            answer = render(request, "plans/public/copy_unknown.html", status=404)
        elif document is None:
            answer = render(request, "plans/public/copy_closed.html", {"copy": copy}, status=410)
        else:
            answer = view(request, copy=copy, document=document)
        answer.setdefault("Cache-Control", "no-store")
        return answer

    return shown


@_of_token
def page(request: HttpRequest, copy: PublicCopy, document: IssuedDocument) -> HttpResponse:
    """The public copy as a page, with its PDF and the way to check the document itself."""
    answer = render(request, "plans/public/copy.html", _context(copy, document))
    answer["Cache-Control"] = _KEPT
    return answer


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@_of_token
def embedded(request: HttpRequest, copy: PublicCopy, document: IssuedDocument) -> HttpResponse:
    """The public copy alone, for a frame in another site: this address is the only one that may be framed."""
    answer = render(request, "plans/public/copy_embed.html", _context(copy, document))
    answer["Cache-Control"] = _KEPT
    answer["X-Robots-Tag"] = "noindex"
    return answer


@_of_token
def pdf(request: HttpRequest, copy: PublicCopy, document: IssuedDocument) -> HttpResponse:
    """The PDF of the public copy, as it was rendered when the school chose; 404 while it is of an older issue."""
    if copy.pdf is None or copy.document_id != document.pk:
        return render(request, "plans/public/copy_unknown.html", status=404)
    answer = HttpResponse(bytes(copy.pdf.content), content_type=copy.pdf.media_type)
    answer["Content-Disposition"] = str(content_disposition_header(False, "ban-cong-khai.pdf"))
    answer["Cache-Control"] = _KEPT
    return answer


def _context(copy: PublicCopy, document: IssuedDocument) -> dict[str, Any]:
    return {
        "copy": copy,
        "document": document,
        "content": html.html_fragment(public_tree(copy, document)),
        "has_pdf": copy.pdf_id is not None and copy.document_id == document.pk,
    }
