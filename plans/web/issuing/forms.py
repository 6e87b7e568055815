"""Forms of issue: date, number and signer of a document; what is noted in the register of numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.issuing.enums import EntryKind
from plans.issuing.preparing import SIGNING_ROLES, signers
from plans.planning.models import Plan
from plans.schools.models import School
from plans.web.layout import form_helper

_CHOOSE = "Điều đã chọn không có trong danh sách. Hãy chọn lại."
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class SignerField(forms.ModelChoiceField):
    """A choice of people who may sign for a school, each with their office."""

    posts: dict[int, str]

    def label_from_instance(self, obj: User) -> str:
        """Return name and office: "Lê Thị Mẫu Đơn – Hiệu trưởng"."""
        return f"{obj} – {self.posts.get(obj.pk, '')}".rstrip(" –")


class IssueForm(forms.Form):
    """What a plan is issued with; the number is the next one unless another is wanted."""

    number = forms.CharField(
        label="Số văn bản",
        required=False,
        max_length=20,
        error_messages={"max_length": "Số văn bản dài quá %(limit_value)d chữ."},
    )
    issued_on = forms.DateField(
        label="Ngày ban hành",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"inputmode": "numeric"}, format="%d/%m/%Y"),
        help_text="Ngày, tháng, năm ghi trên văn bản, ví dụ 05/09/2025.",
        error_messages={
            "required": "Hãy ghi ngày ban hành.",
            "invalid": "Hãy ghi ngày, tháng, năm, ví dụ 05/09/2025.",
        },
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        people = signers(plan.school, today)
        field = SignerField(
            label="Người ký",
            queryset=User.objects.filter(pk__in=[person.pk for person in people]),
            empty_label=None,
            error_messages={"required": "Hãy chọn người ký.", "invalid_choice": _CHOOSE},
        )
        field.posts = _posts(plan.school)
        self.fields["signer"] = field
        self.fields["number"].help_text = (
            "Để trống thì văn bản lấy số tiếp theo của sổ. Cần số khác thì ghi số ấy, có thể kèm chữ cái, "
            "ví dụ 20a."
        )
        self.helper = form_helper("issued_on", "signer", "number")


def _posts(school: School) -> dict[int, str]:
    rows = school.memberships.in_force(timezone.localdate()).filter(role__in=SIGNING_ROLES)
    return {row.user_id: str(Role(row.role).label) for row in rows.order_by("-role", "pk")}


class RegisterForm(forms.Form):
    """A line of the register that no document of the program stands behind."""

    kind = forms.ChoiceField(
        label="Ghi vào sổ",
        choices=[(one.value, one.label) for one in (EntryKind.OUTSIDE, EntryKind.VOID)],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    year = forms.IntegerField(
        label="Năm",
        min_value=_FIRST_YEAR,
        max_value=_LAST_YEAR,
        error_messages={
            "required": "Hãy ghi năm của sổ.",
            "invalid": "Hãy ghi năm bằng bốn chữ số.",
            "min_value": "Hãy ghi năm từ %(limit_value)d.",
            "max_value": "Hãy ghi năm đến %(limit_value)d.",
        },
    )
    series = forms.CharField(
        label="Loại văn bản",
        max_length=20,
        initial="KH",
        help_text="Chữ viết tắt của loại văn bản đánh số riêng: KH cho kế hoạch.",
        error_messages={
            "required": "Hãy ghi loại văn bản.",
            "max_length": "Loại văn bản dài quá %(limit_value)d chữ.",
        },
    )
    number = forms.CharField(
        label="Số",
        max_length=20,
        error_messages={
            "required": "Hãy ghi số.",
            "max_length": "Số dài quá %(limit_value)d chữ.",
        },
    )
    last_number = forms.CharField(
        label="Đến số",
        max_length=20,
        required=False,
        help_text="Chỉ ghi khi nhiều số liền nhau đã dùng trên giấy.",
        error_messages={"max_length": "Số dài quá %(limit_value)d chữ."},
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        error_messages={
            "required": "Hãy ghi lý do.",
            "max_length": "Lý do dài quá %(limit_value)d chữ.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("kind", "year", "series", "number", "last_number", "reason")

    def clean(self) -> dict[str, Any]:
        """Return the cleaned values; a void number is always a single one."""
        values = super().clean() or self.cleaned_data
        if values.get("kind") == EntryKind.VOID and values.get("last_number"):
            self.add_error("last_number", "Số bỏ ghi từng số một. Hãy để trống ô này.")
        return values
