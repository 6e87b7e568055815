"""Forms of follow-up items: what was done with proof, a verdict, a change, the plan to carry into, the filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from criteria.enums import SchoolKind
from plans.accounts.models import User
from plans.followups.carrying import plans_to_carry_into, plans_without
from plans.followups.items import Age, standard_words
from plans.followups.models import FollowUp
from plans.followups.stages import Stage
from plans.followups.states import FollowUpState
from plans.issuing.attachments import Attachment, checked_attachments
from plans.planning.models import CELL_LIMIT, Plan
from plans.schools.models import SchoolYear
from plans.web.attachments import ManyFilesField
from plans.web.fields import UNREADABLE, NameSearchField, SeenVersionField
from plans.web.layout import form_helper
from plans.web.submitting.forms import OneOfMany

_TOO_LONG = "Phần này dài nhất là %(limit_value)s chữ. Hãy viết gọn lại."
_WORDS = {"max_length": _TOO_LONG, "null_characters_not_allowed": UNREADABLE}
_NOT_LISTED = {"invalid_choice": "Lựa chọn này không có trong danh sách."}


def _note(label: str, hint: str = "", *, required: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=CELL_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_WORDS | {"required": required},
    )


class DoneForm(OneOfMany):
    """What the school did, in words or with proof: for a report and for a note on the way."""

    note = _note("Đã làm gì", "Ghi việc đã làm, ngày làm; hoặc chỉ gửi kèm minh chứng.")
    proofs = ManyFilesField("Minh chứng")
    version = SeenVersionField()

    def clean_proofs(self) -> list[Attachment]:
        """Return the files as they are kept. Raises ValidationError with a sentence for each that is refused."""
        uploads = self.cleaned_data["proofs"]
        return checked_attachments((upload.name, upload.read()) for upload in uploads)


class NoteForm(DoneForm):
    """How far an item is."""

    note = _note("Đã làm đến đâu", "Ghi việc đã làm, việc còn lại; hoặc chỉ gửi kèm minh chứng.")


class VerifyForm(OneOfMany):
    """That an item is done."""

    note = _note("Ghi rõ thêm", "Ví dụ: đã xem tại trường ngày nào, xem minh chứng nào.")
    version = SeenVersionField()


class ReopenForm(OneOfMany):
    """Why an item is given back."""

    note = _note(
        "Lý do mở lại", required="Hãy ghi lý do mở lại để nhà trường biết cần làm gì thêm."
    )
    version = SeenVersionField()


class ChangeForm(OneOfMany):
    """Another person, and for those who may also another date."""

    owner = forms.CharField(
        label="Người thực hiện", max_length=200, required=False, error_messages=_WORDS
    )
    due = forms.CharField(
        label="Hạn hoàn thành",
        help_text="Ví dụ: 31/5/2026, trước tháng 6 năm 2026, cuối năm học.",
        max_length=100,
        required=False,
        error_messages=_WORDS,
    )
    note = _note("Lý do", "Đổi hạn thì cần ghi lý do.")
    version = SeenVersionField()

    def __init__(self, *args: Any, user: User, item: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.has_perm("plans.date_follow_up", item):
            del self.fields["due"]
            self.fields["note"].help_text = ""
            self.helper = form_helper(*self.fields)

    def values(self) -> dict[str, Any]:
        """Return what is to be changed, as the action takes it."""
        return {name: self.cleaned_data[name] for name in self.fields}


class PlanField(forms.ModelChoiceField):
    """A choice of plans by school year."""

    def label_from_instance(self, obj: Plan) -> str:
        """Return "Kế hoạch năm học 2026-2027"."""
        return str(obj)


class CarryForm(OneOfMany):
    """The plan that takes an item over: one that the school is writing, offered while it has no row for it."""

    def __init__(self, *args: Any, item: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Clicked twice it is not refused: what the plan has already is then said.
        plans = plans_to_carry_into(item.school) if self.is_bound else plans_without(item)
        self.fields["plan"] = PlanField(
            plans,
            label="Kế hoạch đang soạn",
            initial=plans.first(),
            empty_label=None,
            error_messages=_NOT_LISTED | {"required": "Hãy chọn kế hoạch."},
        )
        self.helper = form_helper("plan")


# --- filters ----------------------------------------------------------------------------------------------

PENDING, ALL = "", "all"


class ItemFilterForm(forms.Form):
    """Which items a list shows; every field may stay empty. Without a choice of state: what is not done yet."""

    tim = NameSearchField("Tìm tên trường", help_text="Không cần gõ dấu, ví dụ: nguyen hue")
    trang_thai = forms.ChoiceField(
        label="Tình trạng",
        choices=[(PENDING, "Chưa xong"), *FollowUpState.choices, (ALL, "Tất cả")],
        required=False,
        error_messages=_NOT_LISTED,
    )
    han = forms.ChoiceField(
        label="Hạn",
        choices=[("", "Tất cả"), ("qua", "Quá hạn"), ("sap", "Trong 7 ngày tới")],
        required=False,
        error_messages=_NOT_LISTED,
    )
    tieu_chuan = forms.TypedChoiceField(
        label="Tiêu chuẩn",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages=_NOT_LISTED,
    )
    tuoi = forms.ChoiceField(
        label="Từ khi lập biên bản",
        choices=[("", "Tất cả"), *Age.choices],
        required=False,
        error_messages=_NOT_LISTED,
    )

    def __init__(
        self, *args: Any, standards: Sequence[int], of_one_school: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(number), standard_words(number)) for number in standards]
        self.fields["tieu_chuan"].choices = [("", "Tất cả"), *known]  # type: ignore[attr-defined]
        if of_one_school:
            del self.fields["tim"]
        self.helper = form_helper(*self.fields)
        self.helper.field_template = "plans/schools/_filter_field.html"


class OverviewForm(forms.Form):
    """The school year of an office's view, and which visits its list shows."""

    nam = forms.TypedChoiceField(
        label="Năm học", coerce=int, empty_value=None, required=False, error_messages=_NOT_LISTED
    )
    loai = forms.ChoiceField(
        label="Loại hình",
        choices=[("", "Tất cả"), *SchoolKind.choices],
        required=False,
        error_messages=_NOT_LISTED,
    )
    buoc = forms.ChoiceField(
        label="Buổi kiểm tra",
        choices=[("", "Tất cả"), *Stage.choices],
        required=False,
        error_messages=_NOT_LISTED,
    )

    def __init__(self, *args: Any, years: list[SchoolYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(year.start_year), year.label) for year in years]
        self.fields["nam"].choices = choices  # type: ignore[attr-defined]
        self.helper = form_helper(*self.fields)
        self.helper.field_template = "plans/schools/_filter_field.html"
