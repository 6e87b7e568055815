"""Trình, gửi: the page of a plan's way, the page of one submission, and every move made from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.issuing.models import IssuedDocument
from plans.planning.models import Plan
from plans.planning.saving import Conflict, keep_refused_words
from plans.planning.states import PlanState
from plans.submitting import actions, remarks
from plans.submitting.differences import changed_since, changes_for
from plans.submitting.models import CouncilOpinion, Remark, Submission
from plans.submitting.reading import (
    missing_to_send,
    open_return,
    submissions_of,
    wants_approval,
)
from plans.submitting.steps import stages
from plans.together.talk import ACTION, SECTION, places_of
from plans.web.issuing.drawing import drawn
from plans.web.layout import tell
from plans.web.planning.page import errors_in_words, page_key, state_words
from plans.web.request import Request
from plans.web.submitting.buttons import DEEDS, buttons, issue_url
from plans.web.submitting.forms import AnswerForm, OneOfMany, OpinionForm, RemarkForm

# --- the way of a plan ------------------------------------------------------------------------------------


def way(request: Request, plan: Plan) -> HttpResponse:
    """How far the plan is, what the council says, what was sent and came back, and what the person may do."""
    return _way(request, plan)


def _way(request: Request, plan: Plan, *, status: int = 200, **extra: Any) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    came_back = open_return(plan)
    may_answer = user.has_perm("plans.answer_remarks", plan)
    sent = submissions_of(plan)
    context = {
        "plan": plan,
        "tool": "way",
        "editable": user.has_perm("plans.change_plan", plan),
        "state_words": state_words(request, plan),
        "stages": stages(plan, approved=wants_approval(plan, today)),
        "is_school": user.has_perm("plans.comment_plan", plan),
        "missing": missing_to_send(plan, today) if plan.state == PlanState.ISSUED else (),
        "buttons": buttons(plan, user, of_office=False, refused=extra.get("refused")),
        "sent": [(one, _told(plan, one, may_answer and one == came_back, extra)) for one in sent],
        "changed_since": changed_since(came_back) if came_back else None,
        "errors": extra.get("errors", ()),
        "conflict": extra.get("conflict"),
    }
    context |= _council(request, plan, extra.get("opinion_form"))
    return render(request, "plans/submitting/way.html", context, status=status)


def _council(request: Request, plan: Plan, form: OpinionForm | None) -> dict[str, Any]:
    """Return what the members said, and the form for who may say something now."""
    opinions = list(CouncilOpinion.objects.filter(plan=plan).select_related("person"))
    now = [one for one in opinions if not one.is_past]
    mine = next((one for one in now if one.person_id == request.user.pk), None)
    if form is None and request.user.has_perm("plans.review_plan", plan):
        said = {"agrees": "yes" if mine.agrees else "no", "body": mine.body} if mine else None
        form = OpinionForm(name="opinion", initial=said)
    may_issue = request.user.has_perm("plans.issue_plan", plan)
    return {
        "opinions": now,
        "past_opinions": [one for one in opinions if one.is_past],
        "nobody_agrees": not any(one.agrees for one in now),
        "opinion_form": form,
        "may_issue": may_issue,
        "issue_url": issue_url(plan) if may_issue else "",
    }


def _told(
    plan: Plan, sent: Submission, answering: bool, extra: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the remarks of a submission as the school reads them; none before it came back."""
    if sent.returned_at is None:
        return []
    forms = extra.get("answer_forms", {})
    return [
        {
            "remark": remark,
            "url": _place_url(plan, remark),
            "form": forms.get(remark.pk) or _answer_form(remark) if answering else None,
        }
        for remark in sent.remarks.all()
    ]


def _answer_form(remark: Remark) -> AnswerForm:
    initial = {"answer": remark.answer, "version": remark.version}
    return AnswerForm(name=f"y-kien-{remark.pk}", initial=initial)


def _place_url(plan: Plan, remark: Remark) -> str:
    """Return where the section or row of a remark is read and written; "" where the form has none such."""
    table = plan.spec.actions()
    key = remark.section or (table.key if table and remark.row_kind else "")
    if plan.spec.section(key) is None:
        return ""
    url = reverse("planning:section", args=[plan.pk, page_key(plan, key)])
    if remark.row_kind:
        return f"{url}?mo={remark.row_id}#viec-{remark.row_id}"
    return f"{url}#muc-{key}"


def opinion(request: Request, plan: Plan) -> HttpResponse:
    """Keep what a member of the council says about the closed draft."""
    form = OpinionForm(request.POST, name="opinion")
    if form.is_valid():
        agrees, body = form.cleaned_data["agrees"] == "yes", form.cleaned_data["body"]
        try:
            actions.give_opinion(plan=plan, agrees=agrees, body=body, by=request.user)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã ghi ý kiến của thầy cô.")
            return redirect("submitting:way", plan.pk)
    return _way(request, plan, status=422, opinion_form=form, errors=errors_in_words(form))


def answer(request: Request, plan: Plan, remark: int) -> HttpResponse:
    """Save the school's answer to one remark of the return at hand."""
    found = _remark(plan, remark, open_return(plan))
    form = AnswerForm(request.POST, name=f"y-kien-{found.pk}")
    typed: dict[str, Any] = {"answer_forms": {found.pk: form}}
    if not form.is_valid():
        return _way(request, plan, status=422, errors=errors_in_words(form), **typed)
    try:
        remarks.answer_remark(
            remark=found,
            answer=form.cleaned_data["answer"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except Conflict as conflict:
        keep_refused_words(conflict=conflict, by=request.user, school_id=plan.school_id)
        typed["answer_forms"] = {found.pk: _over(conflict, form, found)}
        return _way(request, plan, status=409, conflict=conflict, **typed)
    except ValidationError as error:
        return _way(request, plan, status=422, errors=error.messages, **typed)
    messages.success(request, "Đã lưu câu trả lời.")
    return redirect(f"{reverse('submitting:way', args=[plan.pk])}#y-kien-{found.pk}")


def _over(conflict: Conflict, form: AnswerForm, remark: Remark) -> AnswerForm:
    """Return the refused words in a form that goes over the version which came first."""
    initial = {"answer": form.cleaned_data["answer"], "version": conflict.version}
    return AnswerForm(name=f"y-kien-{remark.pk}", initial=initial)


def _remark(plan: Plan, pk: int, sent: Submission | None) -> Remark:
    """Return a remark of one submission of the plan. Raises Http404 for any other."""
    rows = Remark.objects.select_related("submission__plan").filter(submission__plan=plan)
    found = rows.filter(pk=pk, submission=sent).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


# --- one submission ---------------------------------------------------------------------------------------


def submission(request: Request, plan: Plan, sequence: int) -> HttpResponse:
    """What was sent: the document, the remarks about it and about the one before, and what differs."""
    return _submission(request, plan, sequence)


def _submission(
    request: Request, plan: Plan, sequence: int, *, status: int = 200, **extra: Any
) -> HttpResponse:
    rows = submissions_of(plan)
    sent = next((one for one in rows if one.sequence == sequence), None)
    if sent is None:
        raise Http404
    before = next((one for one in rows if one.sequence < sequence), None)
    after = next((one for one in reversed(rows) if one.sequence > sequence), None)
    is_here = sent == rows[0] and plan.state in (PlanState.SENT, PlanState.RECEIVED)
    may_remark = is_here and request.user.has_perm("plans.return_plan", plan)
    context: dict[str, Any] = {
        "plan": plan,
        "tool": "way",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "sent": sent,
        "before": before,
        "blocks": changes_for(plan, before, sent if after or not is_here else None)
        if before
        else (),
        "old_words": f"Lần gửi {before.sequence}" if before else "",
        "new_words": f"Lần gửi {sent.sequence}",
        "remarks": sent.remarks.all() if may_remark or sent.returned_at else (),
        "may_remark": may_remark,
        "buttons": buttons(plan, request.user, of_office=True, refused=extra.get("refused"))
        if is_here
        else [],
        "errors": extra.get("errors", ()),
    }
    context |= _preview(sent)
    context["places"] = _places(plan, sent, extra.get("remark_form")) if may_remark else []
    return render(request, "plans/submitting/submission.html", context, status=status)


def _preview(sent: Submission) -> dict[str, Any]:
    """Return the document as it was issued and sent, whatever became of the plan since."""
    fragment, row = drawn(IssuedDocument.objects.get(pk=sent.document_id))
    return {"document": fragment, "layout_row": row}


def _places(plan: Plan, sent: Submission, refused: RemarkForm | None) -> list[dict[str, Any]]:
    """Return every section and row with the remarks pinned to it and a form for one more."""
    pinned: dict[str, list[Remark]] = {}
    for one in sent.remarks.all():
        key = f"{SECTION}-{one.section}" if one.section else f"{ACTION}-{one.row_id}"
        pinned.setdefault(key, []).append(one)
    typed = refused.data.get("place") if refused else None
    return [
        {
            "place": place,
            "remarks": pinned.get(place.key, ()),
            "open": place.key == typed,
            "form": refused
            if place.key == typed
            else RemarkForm(name=place.key, initial={"place": place.key}),
        }
        for place in places_of(plan)
    ]


def remark(request: Request, plan: Plan) -> HttpResponse:
    """Pin a remark to a section or a row of what lies with the office; the school reads it after the return."""
    form = RemarkForm(request.POST, name=request.POST.get("place", ""))
    if form.is_valid():
        place, body = form.cleaned_data["place"], form.cleaned_data["body"]
        try:
            made = remarks.write_remark(plan=plan, place=place, body=body, by=request.user)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã ghi ý kiến. Trường đọc được khi cơ quan trả lại.")
            return _to_submission(plan, made.submission.sequence, place)
    extra = {"errors": errors_in_words(form), "remark_form": form}
    return _submission(request, plan, _last(plan), status=422, **extra)


def remark_drop(request: Request, plan: Plan, remark: int) -> HttpResponse:
    """Take back a remark that the school has not read yet."""
    found = _remark(plan, remark, next(iter(submissions_of(plan)), None))
    remarks.drop_remark(remark=found, by=request.user)
    messages.success(request, "Đã bỏ ý kiến.")
    return _to_submission(plan, found.submission.sequence)


def _last(plan: Plan) -> int:
    """Return the number of what was sent last. Raises Http404 when nothing was."""
    rows = submissions_of(plan)
    if not rows:
        raise Http404
    return rows[0].sequence


def _to_submission(plan: Plan, sequence: int, place: str = "") -> HttpResponse:
    url = reverse("submitting:submission", args=[plan.pk, sequence])
    return redirect(f"{url}#{place}" if place else url)


# --- moves ------------------------------------------------------------------------------------------------


def mover(name: str) -> Callable[..., HttpResponse]:
    """Return the view that makes the move `name` of the table, as `DEEDS` says how."""
    deed = DEEDS[name]

    def move(request: Request, plan: Plan) -> HttpResponse:
        """Make the move, or show the page again with what is wrong."""
        form = deed.form(request.POST, name=name)
        if form.is_valid():
            try:
                deed.act(plan=plan, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, deed.done)
                return _after(plan, of_office=deed.of_office)
        return _refused(request, plan, name, form)

    return move


def _after(plan: Plan, *, of_office: bool) -> HttpResponse:
    return _to_submission(plan, _last(plan)) if of_office else redirect("submitting:way", plan.pk)


def _refused(request: Request, plan: Plan, name: str, form: OneOfMany) -> HttpResponse:
    extra: dict[str, Any] = {"refused": {name: form}, "errors": errors_in_words(form)}
    if DEEDS[name].of_office:
        return _submission(request, plan, _last(plan), status=422, **extra)
    return _way(request, plan, status=422, **extra)
