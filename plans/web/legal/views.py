"""The shelf of legal documents: who keeps it, and how a plan takes a document's line from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.legal import actions
from plans.legal.lines import names_document, official_line, with_line
from plans.legal.models import LegalDocument
from plans.planning import actions as plan_actions
from plans.planning.form import SectionKind, SectionSpec
from plans.planning.models import Plan
from plans.web.layout import form_status, tell, with_version
from plans.web.legal.forms import DocumentForm, ShelfForm, kept_shelves
from plans.web.planning.page import page_key
from plans.web.request import Request, is_id

ON_A_PAGE = 50

# --- the shelf --------------------------------------------------------------------------------------------


def shelf(request: Request) -> HttpResponse:
    """Show the documents on the shelves that the person sees; those they keep lead to their page."""
    found = LegalDocument.objects.visible_to(request.user).matching(request.GET.get("tim", ""))
    found = found.select_related("body", "school").prefetch_related("school__names")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    today = timezone.localdate()
    kept = {
        (school.pk if school else None, body.pk if body else None)
        for _, school, body in kept_shelves(request.user).values()
    }
    rows = [
        (document, document.is_over(today), (document.school_id, document.body_id) in kept)
        for document in page.object_list
    ]
    context = {"rows": rows, "page": page, "words": request.GET.get("tim", "")}
    return render(request, "plans/legal/shelf.html", context)


def add(request: Request) -> HttpResponse:
    """Put a document on a shelf that the person keeps."""
    form = ShelfForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        school, body = form.place()
        try:
            document = actions.add_document(
                values=form.values(), school=school, body=body, by=request.user
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã thêm {document}.")
            return redirect("legal:shelf")
    return render(request, "plans/legal/document.html", {"form": form}, status=form_status(form))


def edit(request: Request, document: LegalDocument) -> HttpResponse:
    """Correct a document, or say when it ended; plans keep the line that they took."""
    form = DocumentForm(request.POST or None, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_document(
                document=document,
                values=form.values(),
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
            # The person has been told; a second press saves on top of what stands now.
            form.data = with_version(request, LegalDocument.objects.get(pk=document.pk).version)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("legal:shelf")
    context = {"form": form, "document": document}
    return render(request, "plans/legal/document.html", context, status=form_status(form))


# --- the picker -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A document in the picker: the line that it gives, whether the plan names it, whether it is over."""

    document: LegalDocument
    line: str
    taken: bool
    is_over: bool


def pick(request: Request, plan: Plan) -> HttpResponse:
    """Show the documents that the school may name; POST writes one into the plan's grounds."""
    section = _grounds(plan)
    if request.method == "POST":
        return _taken(request, plan, section)
    context = _picker(request, plan, section) | {"form": DocumentForm()}
    part = request.htmx and not request.htmx.boosted
    template = "plans/legal/_offers.html" if part else "plans/legal/pick.html"
    return render(request, template, context)


def add_for_school(request: Request, plan: Plan) -> HttpResponse:
    """Put a document on the school's own shelf and write it into the plan's grounds; GET leads to the picker."""
    if request.method != "POST":
        return redirect("legal:pick", plan.pk)
    section = _grounds(plan)
    form = DocumentForm(request.POST)
    if form.is_valid():
        try:
            document = actions.add_document(
                values=form.values(), school=plan.school, body=None, by=request.user
            )
        except ValidationError as error:
            tell(form, error)
        else:
            return _written(request, plan, section, document)
    context = _picker(request, plan, section) | {"form": form}
    return render(request, "plans/legal/pick.html", context, status=form_status(form))


def _grounds(plan: Plan) -> SectionSpec:
    """Return the section of the plan's form that lists documents. Raises Http404 where it has none."""
    found = next((s for s in plan.spec.walk() if s.kind is SectionKind.LINES), None)
    if found is None:
        raise Http404
    return found


def _picker(request: Request, plan: Plan, section: SectionSpec) -> dict[str, Any]:
    words = request.GET.get("tim", "")
    documents = LegalDocument.objects.for_school(plan.school).matching(words)
    documents = documents.select_related("body", "school").prefetch_related("school__names")
    text, today = _text(plan, section)[0], plan.names_on
    offers = [
        Offer(one, official_line(one), names_document(text, one), one.is_over(today))
        for one in documents[:ON_A_PAGE]
    ]
    return {
        "plan": plan,
        "tool": "write",
        "editable": True,
        "may_keep": request.user.has_perm("plans.manage_library"),
        "section": section,
        "page_key": page_key(plan, section.key),
        "offers": offers,
        "words": words,
    }


def _text(plan: Plan, section: SectionSpec) -> tuple[str, int]:
    """Return what stands in the section, and its version; ("", 0) where nobody wrote yet."""
    row = plan.texts.filter(section=section.key).first()
    return (row.body, row.version) if row else ("", 0)


def _taken(request: Request, plan: Plan, section: SectionSpec) -> HttpResponse:
    number = request.POST.get("document", "")
    if not is_id(number):
        raise Http404
    document = LegalDocument.objects.for_school(plan.school).filter(pk=int(number)).first()
    if document is None:
        raise Http404
    return _written(request, plan, section, document)


def _written(
    request: Request, plan: Plan, section: SectionSpec, document: LegalDocument
) -> HttpResponse:
    """Write the document's line at the end of the grounds, and go back to the picker."""
    body, version = _text(plan, section)
    if names_document(body, document):
        messages.info(request, f"Căn cứ đã có {document}.")
        return redirect("legal:pick", plan.pk)
    try:
        plan_actions.save_text(
            plan=plan,
            section=section.key,
            body=with_line(body, document),
            version=version,
            by=request.user,
        )
    except plan_actions.Conflict:
        messages.error(request, "Có người vừa sửa mục căn cứ. Thầy cô bấm thêm lần nữa.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Đã thêm {document} vào căn cứ.")
    return redirect("legal:pick", plan.pk)
