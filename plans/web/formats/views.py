"""Mẫu kế hoạch: the forms there are, one form, a copy being changed, its trial print, and putting it in force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from criteria.models import FrameworkInForceError
from plans.documents import html
from plans.formats import actions
from plans.formats.form_copies import changes, edited, moved, places
from plans.formats.layouts import current_row, layout_of
from plans.planning.document import plan_document
from plans.planning.models import BodyLayout, FormInForce, PlanForm
from plans.planning.placeholders import PLACEHOLDERS
from plans.planning.saving import keep_refused_words
from plans.schools.models import ManagingBody
from plans.web.formats.forms import DraftForm, InForceForm
from plans.web.formats.layouts import own_bodies, sample_on, sample_pdf
from plans.web.layout import form_status, tell
from plans.web.request import Request


def form_list(request: Request) -> HttpResponse:
    """The forms in sight: those of the house, copies and drafts, each with whom it holds for since when."""
    visible = PlanForm.objects.visible_to(request.user, timezone.localdate())
    house = PlanForm.objects.current().values("pk")
    forms = visible.filter(Q(pk__in=house) | Q(based_on__isnull=False)).select_related("body")
    decided: dict[int, list[FormInForce]] = {}
    for row in _decisions(request).filter(form__in=forms):
        decided.setdefault(row.form_id, []).append(row)
    context = {
        "tool": "forms",
        "forms": [(form, decided.get(form.pk, [])) for form in forms],
    }
    return render(request, "plans/formats/forms.html", context)


def _decisions(request: Request) -> Any:
    """Return the decisions in sight: for everybody, and for the bodies that the person decides for."""
    rows = FormInForce.objects.select_related("body", "decided_by")
    if request.user.has_perm("plans.manage_all_forms"):
        return rows
    return rows.filter(
        Q(body__isnull=True) | Q(body__in=own_bodies(request.user, timezone.localdate()))
    )


def form_page(request: Request, plan_form: PlanForm) -> HttpResponse:
    """One form: its outline, whom it holds for, and what can be done with it."""
    return _form_page(request, plan_form, _in_force_form(request))


def _form_page(request: Request, form: PlanForm, in_force: InForceForm) -> HttpResponse:
    context = {
        "tool": "forms",
        "plan_form": form,
        "places": list(places(form.data)),
        "decisions": _decisions(request).filter(form=form),
        "form": in_force,
        "may_copy": request.user.has_perm("plans.copy_form", form),
        "may_change": request.user.has_perm("plans.change_form", form),
    }
    return render(request, "plans/formats/form.html", context, status=form_status(in_force))


def _in_force_form(request: Request) -> InForceForm:
    today = timezone.localdate()
    own = own_bodies(request.user, today)
    everybody = request.user.has_perm("plans.manage_all_forms")
    first = None if everybody else own.first()
    return InForceForm(
        request.POST if request.method == "POST" else None,
        bodies=own,
        everybody=everybody,
        initial={"body": first, "valid_from": today},
    )


def copy(request: Request, plan_form: PlanForm) -> HttpResponse:
    """Copy a form for the person's body (the administrator's copies are nobody's) and open it for change."""
    owner: ManagingBody | None = None
    if not request.user.has_perm("plans.manage_all_forms"):
        owner = own_bodies(request.user, timezone.localdate()).first()
        if owner is None:
            messages.error(request, "Cơ quan không còn hoạt động nên không chép mẫu được.")
            return redirect("formats:form", plan_form.pk)
    draft = actions.copy_form(form=plan_form, body=owner, by=request.user)
    messages.success(request, "Đã chép mẫu. Bản chép chưa áp dụng cho trường nào.")
    return redirect("formats:form_edit", draft.pk)


# --- the draft --------------------------------------------------------------------------------------------


def edit(request: Request, plan_form: PlanForm) -> HttpResponse:
    """A draft on one page; every button saves the whole page, two of them move a section as well."""
    if request.method != "POST":
        return _edit_page(request, plan_form, DraftForm(draft=plan_form))
    form = DraftForm(request.POST, draft=plan_form)
    if not form.is_valid():
        return _edit_page(request, plan_form, form, status=422)
    up, down = request.POST.get("up"), request.POST.get("down")
    data = edited(plan_form.data, form.edits())
    if up or down:
        section, _, column = (up or down or "").partition("-")
        data = moved(data, section, up=bool(up), column=column)
    try:
        actions.change_draft(
            form=plan_form,
            title=form.cleaned_data["title"],
            data=data,
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except actions.Conflict as conflict:
        return _conflicted(request, plan_form, conflict)
    except ValidationError as error:
        tell(form, error)
        return _edit_page(request, plan_form, form, status=422)
    messages.success(request, "Đã lưu bản chép.")
    return redirect("formats:form_edit", plan_form.pk)


def _edit_page(
    request: Request, draft: PlanForm, form: DraftForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    # Braces are put around the keys here: a template cannot write them.
    placeholders = [(f"{{{key}}}", meaning) for key, meaning in PLACEHOLDERS.items()]
    context = {
        "tool": "forms",
        "plan_form": draft,
        "form": form,
        "placeholders": placeholders,
    } | more
    return render(request, "plans/formats/edit.html", context, status=status)


def _conflicted(request: Request, draft: PlanForm, conflict: actions.Conflict) -> HttpResponse:
    """Show what somebody saved meanwhile beside what was typed; the next save puts the latter in its place."""
    keep_refused_words(conflict=conflict, by=request.user, school_id=None)
    typed = request.POST.copy()
    typed["version"] = str(conflict.version)
    theirs = PlanForm.objects.get(pk=draft.pk)
    mine = conflict.mine.get("data", theirs.data)
    differences = changes(mine, theirs.data)
    form = DraftForm(typed, draft=theirs)
    more = {"conflict": conflict, "differences": differences}
    return _edit_page(request, theirs, form, status=409, **more)


def preview(request: Request, plan_form: PlanForm) -> HttpResponse:
    """A sample plan in the form as it stands, as PDF; nothing is kept."""
    layout = layout_of(_layout_row(plan_form))
    try:
        return sample_pdf(timezone.localdate(), layout=layout, form=plan_form)
    except (ValidationError, FrameworkInForceError) as error:
        return _no_sample(request, plan_form, error)


def screen(request: Request, plan_form: PlanForm) -> HttpResponse:
    """The same sample plan in a page."""
    row = _layout_row(plan_form)
    try:
        plan = sample_on(timezone.localdate(), form=plan_form)
    except (ValidationError, FrameworkInForceError) as error:
        return _no_sample(request, plan_form, error)
    document = html.html_fragment(plan_document(plan), layout_of(row))
    context = {"plan_form": plan_form, "document": document, "layout_row": row}
    return render(request, "plans/formats/screen.html", context)


def _layout_row(form: PlanForm) -> BodyLayout | None:
    """Return the layout in which a form is tried: of its body, else the general one."""
    today = timezone.localdate()
    return current_row(form.body, today) or current_row(None, today)


def _no_sample(
    request: Request, form: PlanForm, error: ValidationError | FrameworkInForceError
) -> HttpResponse:
    words = error.messages if isinstance(error, ValidationError) else [str(error)]
    messages.error(request, " ".join(words))
    return redirect("formats:form", form.pk)


def put_in_force(request: Request, plan_form: PlanForm) -> HttpResponse:
    """Let a form hold for a body's schools from a day on; a draft is frozen by that."""
    form = _in_force_form(request)
    if form.is_valid():
        body, day = form.cleaned_data["body"], form.cleaned_data["valid_from"]
        try:
            actions.put_in_force(form=plan_form, body=body, valid_from=day, by=request.user)
        except ValidationError as error:
            tell(form, error)
        else:
            whose = f"các trường thuộc {body.name}" if body else "mọi trường"
            messages.success(request, f"Mẫu áp dụng cho {whose} từ ngày {day:%d/%m/%Y}.")
            return redirect("formats:form", plan_form.pk)
    return _form_page(request, plan_form, form)


def drop(request: Request, plan_form: PlanForm) -> HttpResponse:
    """Throw a draft away."""
    actions.drop_draft(form=plan_form, by=request.user)
    messages.success(request, "Đã bỏ bản chép.")
    return redirect("formats:forms")
