"""Issue of a plan, and what was issued: lists, the document as it was, its files byte for byte."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.documents import html
from plans.formats.layouts import layout_of, plan_layout_row
from plans.issuing.actions import issue_plan
from plans.issuing.models import DocumentFile, IssuedDocument
from plans.issuing.numbers import next_number
from plans.issuing.preparing import Proposal, default_series, propose, signers
from plans.issuing.publishing import carry_on
from plans.planning.models import Plan
from plans.schools.letterhead import letterhead
from plans.schools.models import School
from plans.web.files import kept_file
from plans.web.issuing.drawing import drawn
from plans.web.issuing.forms import IssueForm
from plans.web.layout import tell
from plans.web.planning.page import state_words
from plans.web.request import Request


def issue(request: Request, plan: Plan) -> HttpResponse:
    """What would be issued and what speaks against it; POST issues it, or only looks again (`xem`)."""
    form = IssueForm(request.POST or None, plan=plan, initial=_initial(request, plan))
    asked = request.method == "POST"
    looked = _proposal(request, plan, form)
    if asked and "xem" not in request.POST and form.is_valid() and looked.may_be_issued:
        document = _issued(request, plan, form)
        if document is not None:
            carry_on(document=document, by=request.user)
            messages.success(request, f"Đã ban hành văn bản số {document.full_number}.")
            return redirect("issuing:documents", plan.pk)
    refused = asked and ("xem" not in request.POST or bool(form.errors))
    context = _issue_context(request, plan, looked) | {"form": form, "refused": refused}
    return render(request, "plans/issuing/issue.html", context, status=422 if refused else 200)


def _initial(request: Request, plan: Plan) -> dict[str, Any]:
    """Return day, signer and number to begin with: today, and who asks where they may sign, else the first who may.

    A plan from before there was a register may bear a number and a date that somebody typed: they are proposed.
    """
    today = timezone.localdate()
    people = signers(plan.school, today)
    signer = request.user if request.user in people else next(iter(people), None)
    typed = plan.number and plan.document_date and not plan.documents.exists()
    on = plan.document_date if typed else today
    number = plan.number if typed and _is_free(plan) else ""
    return {"issued_on": on, "signer": signer, "number": number}


def _is_free(plan: Plan) -> bool:
    """Say whether the number that stands in the plan's heading can be given."""
    year = plan.names_on.year
    try:
        next_number(plan.school, year, default_series(plan), plan.number)
    except ValidationError:
        return False
    return True


def _proposal(request: Request, plan: Plan, form: IssueForm) -> Proposal:
    """Return what the form asks for; with the usual values where it asks for something impossible."""
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    usual = _initial(request, plan)
    series, today = default_series(plan), timezone.localdate()
    on = chosen.get("issued_on") or usual["issued_on"]
    signer = chosen.get("signer") or usual["signer"]
    number = (chosen if form.is_bound else usual).get("number") or None
    try:
        return propose(plan, signer=signer, on=on, today=today, series=series, number=number)
    except ValidationError as error:
        tell(form, error)
        return propose(plan, signer=signer, on=on, today=today, series=series, number=None)


def _issued(request: Request, plan: Plan, form: IssueForm) -> IssuedDocument | None:
    """Issue what a valid form asks for; None when it was refused after all, and the form says why."""
    values = form.cleaned_data
    try:
        return issue_plan(
            plan=plan,
            by=request.user,
            on=values["issued_on"],
            number=values["number"] or None,
            signer=values["signer"],
        )
    except ValidationError as error:
        tell(form, error)
        return None


def _issue_context(request: Request, plan: Plan, looked: Proposal) -> dict[str, Any]:
    row = plan_layout_row(looked.plan)
    return {
        "plan": plan,
        "proposal": looked,
        "place": letterhead(looked.plan.school, looked.plan.names_on).place,
        "symbol": f"{plan.spec.type_symbol}-{plan.school.symbol}",
        "preview": html.html_fragment(looked.tree, layout_of(row), heading_offset=2),
        "layout_row": row,
        "tool": "issue",
        "editable": False,
        "state_words": state_words(request, plan),
    }


# --- what was issued --------------------------------------------------------------------------------------


def plan_documents(request: Request, plan: Plan) -> HttpResponse:
    """The documents of a plan, newest first: in force, replaced, withdrawn."""
    context = {
        "plan": plan,
        "documents": _loaded(plan.documents.all()),
        "tool": "documents",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "state_words": state_words(request, plan),
    }
    return render(request, "plans/issuing/documents.html", context)


def school_documents(request: Request, school: School) -> HttpResponse:
    """The documents of a school, newest first."""
    context = {
        "school": school,
        "documents": _loaded(school.documents.all()),
        "may_keep": request.user.has_perm("plans.keep_register", school),
    }
    return render(request, "plans/issuing/of_school.html", context)


def _loaded(documents: QuerySet[IssuedDocument]) -> QuerySet[IssuedDocument]:
    return documents.for_page().select_related("replaced_by")  # type: ignore[attr-defined]


def document(request: Request, issued: IssuedDocument) -> HttpResponse:
    """One document as it was issued, drawn from the tree that was kept with it."""
    found = _loaded(IssuedDocument.objects.filter(pk=issued.pk)).get()
    fragment, row = drawn(found)
    context = {"document": found, "drawn": fragment, "layout_row": row}
    return render(request, "plans/issuing/document.html", context)


def file(request: Request, issued: IssuedDocument, file: int) -> HttpResponse:
    """A file of a document, the very bytes that were frozen."""
    return kept_file(DocumentFile.objects.filter(document=issued), file)
