"""Phiếu kiểm tra: the list, a new one, one version of it, publishing, the next version, the XLSForm."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.accounts.rules import bodies_decided_by
from plans.checklists import actions
from plans.checklists.models import Checklist
from plans.checklists.reading import parts_of, seen_checklist
from plans.checklists.xlsform import MEDIA_TYPE, file_name, xlsform
from plans.schools.models import ManagingBody
from plans.web.checklists.forms import ChecklistForm, TitleForm
from plans.web.files import to_save
from plans.web.layout import form_status, tell, with_version
from plans.web.request import Request

ON_A_PAGE = 50


def checklist_list(request: Request) -> HttpResponse:
    """The checklists of the bodies that the person decides for: the version in use of each, and drafts."""
    today = timezone.localdate()
    found = (
        Checklist.objects.visible_to(request.user, today)
        .current()
        .select_related("body", "framework")
        .annotate(question_count=Count("questions"))
        .order_by("body__name", "title", "code", "number")
    )
    bodies = ManagingBody.objects.filter(bodies_decided_by(request.user, today)).in_force(today)
    context = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang")),
        "bodies": [one for one in bodies if request.user.has_perm("plans.manage_checklists", one)],
    }
    return render(request, "plans/checklists/list.html", context)


def add(request: Request, body: ManagingBody) -> HttpResponse:
    """Begin a checklist of a body."""
    form = ChecklistForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.create_checklist(body=body, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã lập phiếu “{made.title}”. Mời quý vị ghi câu hỏi.")
            return redirect("checklists:checklist", made.pk)
    context = {"form": form, "body": body, "checklist": None}
    return render(request, "plans/checklists/edit.html", context, status=form_status(form))


def rename(request: Request, checklist: Checklist) -> HttpResponse:
    """The title of a draft."""
    form = TitleForm(request.POST if request.method == "POST" else None, checklist=checklist)
    if form.is_bound and form.is_valid():
        try:
            actions.change_title(checklist=checklist, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
            # The person has been told; a second press saves on top of what stands now.
            form.data = with_version(request, Checklist.objects.get(pk=checklist.pk).version)
        else:
            messages.success(request, "Đã lưu tên phiếu.")
            return redirect("checklists:checklist", checklist.pk)
    context = {"form": form, "body": checklist.body, "checklist": checklist}
    return render(request, "plans/checklists/edit.html", context, status=form_status(form))


# --- one checklist ----------------------------------------------------------------------------------------


def checklist_page(request: Request, checklist: Checklist) -> HttpResponse:
    """One version by standard and criterion; what may be done with it."""
    may_change = request.user.has_perm("plans.change_checklist", checklist)
    versions = Checklist.objects.filter(body=checklist.body_id, code=checklist.code)
    listed = list(versions.order_by("-number"))
    standards = parts_of(checklist, asked_only=not may_change)
    context = {
        "checklist": checklist,
        "standards": standards,
        "count": sum(len(one.questions) for part in standards for one in part.criteria),
        "versions": listed,
        "draft": next((one for one in listed if one.is_draft), None),
        "may_change": may_change,
        "seen": seen_checklist(checklist) if may_change else "",
        "removed": actions.last_removed(checklist) if may_change else "",
    }
    return render(request, "plans/checklists/checklist.html", context)


def publish(request: Request, checklist: Checklist) -> HttpResponse:
    """Publish a draft as the person saw it."""
    seen = request.POST.get("seen", "")
    try:
        actions.publish(checklist=checklist, seen=seen, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, "Đã ban hành phiếu. Từ nay có thể chọn phiếu này cho các buổi kiểm tra."
        )
    return redirect("checklists:checklist", checklist.pk)


def new_version(request: Request, checklist: Checklist) -> HttpResponse:
    """Begin the next version as a copy of the last."""
    try:
        made = actions.begin_version(checklist=checklist, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("checklists:checklist", checklist.pk)
    messages.success(request, f"Đã lập phiên bản {made.number}, chép từ phiên bản trước.")
    return redirect("checklists:checklist", made.pk)


def drop(request: Request, checklist: Checklist) -> HttpResponse:
    """Throw a draft away, which nothing brings back: only where the person ticked that they want it."""
    if "sure" not in request.POST:
        messages.error(request, "Chưa bỏ: quý vị cần đánh dấu ô “Tôi muốn bỏ bản đang soạn này”.")
        return redirect("checklists:checklist", checklist.pk)
    actions.drop_draft(checklist=checklist, by=request.user)
    messages.success(request, f"Đã bỏ bản đang soạn của phiếu “{checklist.title}”.")
    return redirect("checklists:list")


def download(request: Request, checklist: Checklist) -> HttpResponse:
    """The checklist as an XLSForm."""
    return to_save(xlsform(checklist), file_name(checklist), MEDIA_TYPE)
