"""Forms of the shelf: searching, one document, and for whom it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.legal.models import LegalDocument
from plans.schools.models import ManagingBody, School
from plans.schools.sight import bodies_in_sight
from plans.web.layout import form_helper

_CHOOSE = "Điều đã chọn không có trong danh sách. Hãy chọn lại."
_FIELDS = ("kind", "number", "issued_on", "issuer", "subject", "valid_to")


def _line(label: str, length: int, missing: str, **more: Any) -> forms.CharField:
    too_long = f"{label} dài quá %(limit_value)d chữ."
    messages = {"required": missing, "max_length": too_long}
    return forms.CharField(label=label, max_length=length, error_messages=messages, **more)


def _day(label: str, **more: Any) -> forms.DateField:
    wrong = "Hãy ghi ngày, tháng, năm, ví dụ 10/12/2024."
    return forms.DateField(
        label=label,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"inputmode": "numeric"}, format="%d/%m/%Y"),
        error_messages={"invalid": wrong, "required": wrong},
        **more,
    )


class DocumentForm(forms.Form):
    """One document as its head reads."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, initial=1
    )

    def __init__(self, *args: Any, document: LegalDocument | None = None, **kwargs: Any) -> None:
        if document is not None:
            kwargs["initial"] = {n: getattr(document, n) for n in ("version", *_FIELDS)}
        super().__init__(*args, **kwargs)
        self.fields |= {
            "kind": _line("Loại văn bản", 60, "Hãy ghi loại văn bản, ví dụ Thông tư."),
            "number": _line("Số, ký hiệu", 80, "Hãy ghi số, ký hiệu, ví dụ 22/2024/TT-BGDĐT."),
            "issued_on": _day("Ngày ban hành"),
            "issuer": _line("Cơ quan ban hành", 200, "Hãy ghi cơ quan ban hành."),
            "subject": _line(
                "Trích yếu",
                1000,
                "Hãy ghi trích yếu.",
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="Viết tiếp được sau tên cơ quan ban hành, ví dụ “về công tác văn thư”.",
            ),
            "valid_to": _day(
                "Hết hiệu lực sau ngày", required=False, help_text="Để trống khi còn hiệu lực."
            ),
        }
        self.helper = form_helper("version", *self.fields_first(), *_FIELDS)

    def fields_first(self) -> tuple[str, ...]:
        """Return the fields that stand before those of the document."""
        return ()

    def values(self) -> dict[str, Any]:
        """Return the cleaned values under the document's field names."""
        return {name: self.cleaned_data[name] for name in _FIELDS}


class ShelfForm(DocumentForm):
    """A new document, and for whom it is: only the shelves that the person keeps are offered."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = kept_shelves(user)
        self.fields["place"] = forms.ChoiceField(
            label="Dùng cho",
            choices=[(key, label) for key, (label, _, _) in self.places.items()],
            error_messages={"invalid_choice": _CHOOSE, "required": "Hãy chọn nơi dùng văn bản."},
        )

    def fields_first(self) -> tuple[str, ...]:
        """Return the choice of the shelf."""
        return ("place",)

    def place(self) -> tuple[School | None, ManagingBody | None]:
        """Return the school or the body on whose shelf the document is put; neither is everybody's."""
        _, school, body = self.places[self.cleaned_data["place"]]
        return school, body


def kept_shelves(user: User) -> dict[str, tuple[str, School | None, ManagingBody | None]]:
    """Return the shelves that a person keeps: key → (label, school, body); neither is everybody's.

    The same answer as `user.has_perm("plans.manage_library", document)`, for all shelves at once.
    """
    places: dict[str, tuple[str, School | None, ManagingBody | None]] = {}
    carriers = [
        row
        for row in user.memberships_on(timezone.localdate())
        if "plans.manage_library" in row.permissions
    ]
    over_all = any(row.sees_everything for row in carriers)
    if over_all:
        places["all"] = ("Mọi trường", None, None)
    own = [row.school_id for row in carriers if row.school_id]
    for school in School.objects.filter(pk__in=own).with_name(timezone.localdate()):
        places[f"school-{school.pk}"] = (f"Riêng {school}", school, None)
    within = Q(pk__in=bodies_in_sight({row.body_id for row in carriers if row.body_id}))
    for body in ManagingBody.objects.filter(Q() if over_all else within):
        places[f"body-{body.pk}"] = (f"Các trường của {body}", None, body)
    return places
