"""Trao đổi: the page of all comments of a plan, and the panel at each section and row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans.planning.models import Plan, PlanAction
from plans.together.actions import solve_comment, write_comment
from plans.together.models import Comment
from plans.together.talk import (
    ACTION,
    SECTION,
    action_label,
    comments_of,
    people_of,
    place_of,
    talks_of,
)
from plans.web.layout import form_status, tell
from plans.web.planning.page import errors_in_words
from plans.web.request import Request
from plans.web.together.forms import CommentForm


def comments(request: Request, plan: Plan) -> HttpResponse:
    """What is open, then what is solved, and a form to say more; POST says it."""
    place = request.GET.get("noi", "")
    posted = request.POST if request.method == "POST" else None
    form = CommentForm(posted, plan=plan, initial={"noi": place})
    if request.method == "POST" and form.is_valid():
        try:
            comment = _write(request, plan, form)
        except ValidationError as error:
            tell(form, error)
        else:
            return _said(request, plan, place_of(comment), "Đã gửi trao đổi.")
    if request.htmx and request.method == "POST":
        return _panel(request, plan, request.POST.get("noi", ""), form=form)
    return _page(request, plan, form)


def _write(request: Request, plan: Plan, form: CommentForm) -> Comment:
    where, _, key = form.cleaned_data["noi"].partition("-")
    action = None
    if where == ACTION:
        action = PlanAction.objects.select_related("criterion").filter(plan=plan, pk=key).first()
    return write_comment(
        plan=plan,
        section=key if where == SECTION else "",
        action=action,
        body=form.cleaned_data["loi"],
        addressed_to=form.cleaned_data["gui"],
        by=request.user,
    )


def _said(request: Request, plan: Plan, place: str, words: str) -> HttpResponse:
    """Answer what was done: the panel anew for htmx, else the page of all comments."""
    if request.htmx:
        return _panel(request, plan, place)
    messages.success(request, words)
    return redirect(f"{reverse('together:comments', args=[plan.pk])}#{place}")


def _panel(
    request: Request, plan: Plan, place: str, form: CommentForm | None = None
) -> HttpResponse:
    """Return the panel of one place; with a refused form, its words and what is wrong."""
    people = form.people if form else people_of(plan.school)
    talks = talks_of(plan, people)
    context: dict[str, Any] = {"plan": plan, "talks": talks, "talk": talks.at(place)}
    context |= {"talk_open": True}
    if form is not None:
        context |= {"typed": request.POST.get("loi", ""), "typed_to": request.POST.get("gui", "")}
        context |= {"errors": errors_in_words(form)}
    status = form_status(form) if form is not None else 200
    return render(request, "plans/together/_talk.html", context, status=status)


def _page(request: Request, plan: Plan, form: CommentForm) -> HttpResponse:
    found = list(comments_of(plan).select_related("action__criterion"))
    shown = [_shown(plan, form, comment) for comment in found]
    context = {
        "plan": plan,
        "tool": "comments",
        "open": _by_place([one for one in shown if one["comment"].solved_at is None]),
        "solved": [one for one in reversed(shown) if one["comment"].solved_at],
        "form": form,
        "editable": request.user.has_perm("plans.change_plan", plan),
    }
    return render(request, "plans/together/comments.html", context, status=form_status(form))


def _by_place(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the comments place by place, in the order in which the places were first spoken of."""
    groups: dict[str, dict[str, Any]] = {}
    for one in shown:
        groups.setdefault(one["place"], one | {"comments": []})["comments"].append(one["comment"])
    return list(groups.values())


def _shown(plan: Plan, form: CommentForm, comment: Comment) -> dict[str, Any]:
    """Return a comment with the words and the address of its place."""
    labels = {
        str(key): str(label)
        for _, group in form.fields["noi"].choices[1:]  # type: ignore[attr-defined]
        for key, label in group
    }
    place = place_of(comment)
    gone = comment.action is not None and comment.action.removed_at is not None
    label = labels.get(place, "mục không còn trong mẫu")
    if comment.action is not None:
        label = f"{action_label(comment.action)}{' (đã xóa)' if gone else ''}"
    return {"comment": comment, "place": place, "label": label, "url": _url(plan, comment, gone)}


def _url(plan: Plan, comment: Comment, gone: bool) -> str:
    """Return where the place of a comment is read and written; "" for a row that was deleted."""
    table = plan.spec.actions()
    key = comment.section if comment.action_id is None else (table.key if table else "")
    if gone or plan.spec.section(key) is None:
        return ""
    url = reverse("planning:section", args=[plan.pk, key])
    return f"{url}?mo={comment.action_id}#viec-{comment.action_id}" if comment.action_id else url


def solve(request: Request, plan: Plan, comment: int) -> HttpResponse:
    """Say that a comment is solved."""
    found = Comment.objects.filter(plan=plan, pk=comment).select_related("plan", "author").first()
    if found is None:
        raise Http404
    solve_comment(comment=found, by=request.user)
    return _said(request, plan, place_of(found), "Đã ghi là giải quyết xong.")
