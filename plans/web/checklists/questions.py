"""The questions of a draft, one page or button each; every page works without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from criteria.models import Criterion
from plans.checklists import actions
from plans.checklists.models import Checklist, Question
from plans.checklists.reading import seen_question
from plans.web.checklists.forms import QuestionForm
from plans.web.layout import form_status, tell
from plans.web.request import Request


def add(request: Request, checklist: Checklist, criterion: int) -> HttpResponse:
    """Ask one more question about a criterion; "Lưu và thêm câu khác" comes back here."""
    about = _criterion(checklist, criterion)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.add_question(
                checklist=checklist, criterion=about, values=form.values(), by=request.user
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã thêm câu hỏi vào Tiêu chí {about.number}.")
            if "again" in request.POST:
                return redirect("checklists:question_add", checklist.pk, about.pk)
            return _back(checklist, about.pk)
    context = {"checklist": checklist, "criterion": about, "question": None, "form": form}
    return render(request, "plans/checklists/question.html", context, status=form_status(form))


def change(request: Request, checklist: Checklist, question: int) -> HttpResponse:
    """One question to be edited; POST saves."""
    found = _question(checklist, question)
    form = QuestionForm(request.POST if request.method == "POST" else None, question=found)
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            actions.change_question(
                question=found, values=form.values(), seen=seen, by=request.user
            )
        except ValidationError as error:
            tell(form, error)
            # The person has been told; a second press saves on top of what stands now.
            form.data = request.POST.copy()
            form.data["seen"] = seen_question(found)
        else:
            messages.success(request, "Đã lưu câu hỏi.")
            return _back(checklist, found.criterion_id)
    context = {
        "checklist": checklist,
        "criterion": found.criterion,
        "question": found,
        "form": form,
    }
    return render(request, "plans/checklists/question.html", context, status=form_status(form))


def move(request: Request, checklist: Checklist, question: int) -> HttpResponse:
    """Move a question up or down among those about its criterion."""
    found = _question(checklist, question)
    actions.move_question(question=found, up=request.POST.get("up") == "1", by=request.user)
    return _back(checklist, found.criterion_id)


def remove(request: Request, checklist: Checklist, question: int) -> HttpResponse:
    """Take a question out; the page offers to undo it."""
    actions.remove_question(question=_question(checklist, question), by=request.user)
    return redirect("checklists:checklist", checklist.pk)


def bring_back(request: Request, checklist: Checklist) -> HttpResponse:
    """Undo the last removal."""
    try:
        question = actions.bring_back(checklist=checklist, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("checklists:checklist", checklist.pk)
    return _back(checklist, question.criterion_id)


def _criterion(checklist: Checklist, pk: int) -> Criterion:
    """Return a criterion of the checklist's framework. Raises Http404 for another's."""
    rows = Criterion.objects.of(checklist.framework).select_related("standard")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _question(checklist: Checklist, pk: int) -> Question:
    """Return a question of the checklist. Raises Http404 for another's."""
    rows = checklist.questions.select_related("criterion__standard")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _back(checklist: Checklist, criterion: int) -> HttpResponseRedirect:
    page = reverse("checklists:checklist", args=[checklist.pk])
    return HttpResponseRedirect(f"{page}#tieu-chi-{criterion}")
