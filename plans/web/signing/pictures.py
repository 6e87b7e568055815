"""The pictures for signatures: one's own hand signature, the seal of the school."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.issuing import images
from plans.issuing.models import HandSignature, SealImage
from plans.schools.models import School
from plans.web.layout import form_status, tell
from plans.web.request import Request
from plans.web.signing.forms import PictureForm, SealForm
from plans.web.uploads import MEGABYTE, in_memory


def picture_address(image: bytes | memoryview) -> str:
    """Return a PNG as an address that shows it without another request."""
    return "data:image/png;base64," + base64.b64encode(bytes(image)).decode("ascii")


@in_memory(2 * MEGABYTE)
def my_signature(request: Request) -> HttpResponse:
    """Show one's own picture; POST keeps another one, or deletes it."""
    if request.method == "POST" and "remove" in request.POST:
        images.drop_hand_signature(by=request.user)
        messages.success(request, "Đã xóa ảnh chữ ký tay.")
        return redirect("signing:my_signature")
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if form.is_bound and form.is_valid():
        try:
            images.keep_hand_signature(image=form.cleaned_data["image"].read(), by=request.user)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu ảnh chữ ký tay.")
            return redirect("signing:my_signature")
    row = HandSignature.objects.filter(person=request.user).first()
    context = {"form": form, "row": row, "picture": picture_address(row.image) if row else ""}
    return render(request, "plans/signing/my_signature.html", context, status=form_status(form))


@in_memory(2 * MEGABYTE)
def seal(request: Request, school: School) -> HttpResponse:
    """Show the pictures of the school's seal; POST adds one."""
    bound = request.method == "POST"
    initial = {"valid_from": timezone.localdate()}
    form = SealForm(request.POST, request.FILES) if bound else SealForm(initial=initial)
    if bound and form.is_valid():
        try:
            images.keep_seal_image(
                school=school,
                image=form.cleaned_data["image"].read(),
                valid_from=form.cleaned_data["valid_from"],
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã lưu ảnh con dấu.")
            return redirect("signing:seal", school.pk)
    rows = [(row, picture_address(row.image)) for row in school.seal_images.all()]
    context = {"form": form, "school": school, "rows": rows}
    return render(request, "plans/signing/seal.html", context, status=form_status(form))


def seal_remove(request: Request, school: School, seal: int) -> HttpResponse:
    """Delete a picture of the school's seal."""
    row = SealImage.objects.filter(school=school, pk=seal).first() if seal < 2**63 else None
    if row is None:
        raise Http404
    images.drop_seal_image(seal=row, by=request.user)
    messages.success(request, "Đã xóa ảnh con dấu.")
    return redirect("signing:seal", school.pk)
