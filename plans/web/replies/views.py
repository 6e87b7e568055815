"""The remarks of a visit with what the school answers and the team decides; a page to answer one, one to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.inspections.models import Finding, Inspection, Reply, ReplyFile
from plans.inspections.rules import answers_are_closed
from plans.inspections.states import InspectionState
from plans.planning.saving import Conflict, keep_refused_words
from plans.replying import replies as acts
from plans.replying.concluding import may_be_extended, may_be_resumed
from plans.web.attachments import SENT_AT_ONCE, ask_to_choose_again
from plans.web.files import kept_file
from plans.web.layout import form_status, tell, with_version
from plans.web.replies.forms import AnswerForm, DecisionForm
from plans.web.request import Request, is_id
from plans.web.uploads import in_memory

# --- all remarks ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A remark as the page shows it; `reply` is None where there is none that this person may read."""

    finding: Finding
    outcome: acts.FindingOutcome
    reply: Reply | None


def replies(request: Request, inspection: Inspection) -> HttpResponse:
    """Every remark with its answer and its decision, and what the person may do next."""
    may_read = request.user.has_perm("plans.read_replies", inspection)
    lines = _lines(inspection, may_read=may_read)
    context = {"inspection": inspection, "lines": lines, "may_read": may_read}
    context |= _standing(inspection) | _may(request, inspection, lines)
    return render(request, "plans/replies/replies.html", context)


def _lines(inspection: Inspection, *, may_read: bool) -> list[Line]:
    if inspection.state in (InspectionState.PLANNED, InspectionState.OPEN):
        return []
    return [
        Line(one, acts.outcome_of(one), acts.reply_of(one) if may_read else None)
        for one in acts.remarks_of(inspection)
    ]


def _standing(inspection: Inspection) -> dict[str, Any]:
    """Return where the answers stand today."""
    today = timezone.localdate()
    return {
        "is_left": inspection.concluded_at is not None,
        "is_closed": answers_are_closed(inspection, today),
        "days_left": (inspection.reply_until - today).days if inspection.reply_until else None,
    }


def _may(request: Request, inspection: Inspection, lines: list[Line]) -> dict[str, Any]:
    """Return what the person may do, and what is still missing for the minutes."""
    today, user = timezone.localdate(), request.user
    decides = user.has_perm("plans.decide_replies", inspection)
    waits = inspection.state == InspectionState.CONCLUDED
    return {
        "may_answer": user.has_perm("plans.reply_visit", inspection),
        "may_decide": decides and answers_are_closed(inspection, today),
        "may_extend": decides and may_be_extended(inspection),
        "may_resume": user.has_perm("plans.resume_visit", inspection)
        and may_be_resumed(inspection),
        "answered": sum(1 for one in lines if one.reply is not None),
        "missing": acts.ready_for_minutes(inspection, today) if decides and waits else None,
    }


# --- the school answers -----------------------------------------------------------------------------------


@in_memory(SENT_AT_ONCE)
def answer(request: Request, inspection: Inspection, finding: int) -> HttpResponse:
    """One remark and the school's answer to it; POST saves words, adds files, or takes one out ("bo")."""
    found = _remark(inspection, finding)
    if request.method != "POST":
        return _answer_page(request, inspection, found, _answer_form(found))
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer_page(request, inspection, found, form)
    try:
        acts.answer_finding(
            finding=found,
            body=form.cleaned_data["body"],
            by=request.user,
            version=form.cleaned_data["version"],
        )
    except Conflict as conflict:
        keep_refused_words(conflict=conflict, by=request.user, school_id=inspection.school_id)
        over = {"body": form.cleaned_data["body"], "version": conflict.version}
        typed = AnswerForm(initial=over)
        return _answer_page(request, inspection, found, typed, conflict=conflict, status=409)
    except ValidationError as error:
        tell(form, error)
        return _answer_page(request, inspection, found, form)
    return _with_files(request, inspection, found, form)


def _with_files(
    request: Request, inspection: Inspection, found: Finding, form: AnswerForm
) -> HttpResponse:
    """Add and take out files once the words are safe; what was refused is said beside what was not."""
    _take_out(request, found)
    refused = []
    for upload in form.cleaned_data["attached"]:
        try:
            acts.add_file(finding=found, content=upload.read(), name=upload.name, by=request.user)
        except ValidationError as error:
            refused += error.messages
    if refused:
        again = _remark(inspection, found.pk)
        return _answer_page(request, inspection, again, _answer_form(again), refused=refused)
    if "bo" in request.POST:
        messages.success(request, "Đã lưu phản hồi và bỏ tệp.")
        return redirect("replies:answer", inspection.pk, found.pk)
    messages.success(request, f"Đã lưu phản hồi về “{found.title}”.")
    return redirect(f"{reverse('replies:replies', args=[inspection.pk])}#nhan-xet-{found.pk}")


def _take_out(request: Request, found: Finding) -> None:
    """Take out the file of this answer that "bo" names. Raises Http404 for any other."""
    named = request.POST.get("bo")
    if named is None:
        return
    rows = ReplyFile.objects.filter(reply__finding=found).select_related(
        "reply__finding__inspection", "file"
    )
    row = rows.filter(pk=named).first() if is_id(named) else None
    if row is None:
        raise Http404
    acts.remove_file(file=row, by=request.user)


def _answer_form(found: Finding) -> AnswerForm:
    reply = acts.reply_of(found)
    initial = {"body": reply.body, "version": reply.version} if reply else {"version": 0}
    return AnswerForm(initial=initial)


def _answer_page(
    request: Request,
    inspection: Inspection,
    found: Finding,
    form: AnswerForm,
    *,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    if form.is_bound:
        ask_to_choose_again(form, "attached")
    context = {
        "inspection": inspection,
        "finding": found,
        "reply": acts.reply_of(found),
        "form": form,
        **more,
    }
    status = status or (422 if more.get("refused") else form_status(form))
    return render(request, "plans/replies/answer.html", context, status=status)


def finish(request: Request, inspection: Inspection) -> HttpResponse:
    """What sending means and what is sent; POST sends, also where the school has nothing to say."""
    if request.method == "POST":
        acts.finish_replies(inspection=inspection, by=request.user)
        messages.success(request, "Đã gửi phản hồi cho tổ kiểm tra.")
        return redirect("replies:replies", inspection.pk)
    lines = _lines(inspection, may_read=True)
    context = {
        "inspection": inspection,
        "answered": [one for one in lines if one.reply is not None],
        "silent": [one for one in lines if one.reply is None],
    }
    return render(request, "plans/replies/finish.html", context)


def file(request: Request, inspection: Inspection, reply_file: int) -> HttpResponse:
    """A file of an answer, the very bytes that were kept."""
    rows = ReplyFile.objects.filter(reply__finding__inspection=inspection)
    return kept_file(rows, reply_file)


# --- the team decides -------------------------------------------------------------------------------------


def decide(request: Request, inspection: Inspection, finding: int) -> HttpResponse:
    """One answered remark and the team's decision; POST keeps it once the school can change nothing more."""
    found = _remark(inspection, finding)
    reply = acts.reply_of(found)
    if reply is None:
        raise Http404
    posted = request.method == "POST"
    form = DecisionForm(request.POST if posted else None, initial=_decided(found, reply))
    if posted and form.is_valid():
        try:
            acts.decide(reply=reply, by=request.user, **_typed(form, found))
        except ValidationError as error:
            found = _remark(
                inspection, finding
            )  # what somebody else decided meanwhile is shown above
            reply = found.reply
            form = DecisionForm(with_version(request, reply.version))
            tell(form, error)
        else:
            messages.success(request, f"Đã ghi quyết định về “{found.title}”.")
            return redirect(
                f"{reverse('replies:replies', args=[inspection.pk])}#nhan-xet-{found.pk}"
            )
    context = {
        "inspection": inspection,
        "finding": found,
        "reply": reply if request.user.has_perm("plans.read_replies", inspection) else None,
        "is_closed": answers_are_closed(inspection, timezone.localdate()),
        "form": form,
    }
    return render(request, "plans/replies/decide.html", context, status=form_status(form))


def _decided(found: Finding, reply: Reply) -> dict[str, Any]:
    """Return the decision as it stands; the words to be changed are at first those that were written."""
    return {
        "decision": reply.decision,
        "decision_note": reply.decision_note,
        "changed_words": reply.changed_words or acts.first_words(found),
        "version": reply.version,
    }


def _typed(form: DecisionForm, found: Finding) -> dict[str, Any]:
    """Return what was typed as the action takes it; the first words left as they were are no change."""
    data = form.cleaned_data
    words = data["changed_words"]
    if data["decision"] != acts.Decision.CHANGE and words == acts.first_words(found):
        words = ""
    return {
        "decision": data["decision"],
        "note": data["decision_note"],
        "changed_words": words,
        "version": data["version"],
    }


def _remark(inspection: Inspection, pk: int) -> Finding:
    """Return a remark of the visit, loaded for its page. Raises Http404 for any other and for a silent part."""
    found = next((one for one in acts.remarks_of(inspection) if one.pk == pk), None)
    if found is None:
        raise Http404
    found.inspection = inspection
    return found
