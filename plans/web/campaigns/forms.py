"""Forms of campaigns and of an office's rules."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crispy_forms.layout import Div
from django import forms

from criteria.enums import SchoolKind
from plans.issuing.office_rule_actions import MOST_DAYS
from plans.planning.models import PlanForm
from plans.schools.models import SchoolYear
from plans.submitting.campaigns import DEFAULT_REMIND_DAYS, Standing
from plans.submitting.models import Campaign
from plans.web.layout import form_helper

_TOO_LONG = "Ô này dài nhất là %(limit_value)s chữ."
_UNREADABLE = "Ô này có ký tự không đọc được. Đề nghị gõ lại."


class DayField(forms.DateField):
    """A day as people write it: 05/09/2026."""

    def __init__(self, *, missing: str, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%d/%m/%Y", "%Y-%m-%d"],
            widget=forms.DateInput(attrs={"inputmode": "numeric"}, format="%d/%m/%Y"),
            error_messages={
                "invalid": "Hãy ghi ngày, tháng, năm, ví dụ 05/09/2026.",
                "required": missing,
            },
            **kwargs,
        )


class WordsField(forms.CharField):
    """Typed words with the house's own refusals."""

    def __init__(self, *, missing: str = "", **kwargs: Any) -> None:
        messages = {
            "required": missing,
            "max_length": _TOO_LONG,
            "null_characters_not_allowed": _UNREADABLE,
        }
        super().__init__(error_messages=messages, **kwargs)


class DaysField(WordsField):
    """Whole numbers with commas between: "7, 3, 1"."""

    def to_python(self, value: Any) -> Any:
        """Return the numbers as a list; [] for nothing. Raises ValidationError."""
        text = super().to_python(value) or ""
        parts = text.replace(",", " ").replace(";", " ").split()
        if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
            raise forms.ValidationError(
                "Hãy ghi các số ngày, cách nhau bằng dấu phẩy, ví dụ 7, 3, 1."
            )
        return [int(part) for part in parts]

    def prepare_value(self, value: Any) -> Any:
        """Return the numbers as people write them."""
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def run_validators(self, value: Any) -> None:
        """Leave the range of the days to the campaign's own rules."""


class YearField(forms.ModelChoiceField):
    """A choice of school years."""

    def label_from_instance(self, obj: SchoolYear) -> str:
        """Return "2026-2027"."""
        return obj.label


class FormField(forms.ModelChoiceField):
    """A choice of forms by title."""

    def label_from_instance(self, obj: PlanForm) -> str:
        """Return the form's title."""
        return obj.title


class CampaignForm(forms.Form):
    """A campaign's own words and days; without a campaign also the school year and the kinds of school asked."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )
    title = WordsField(label="Tên đợt", max_length=200, missing="Hãy ghi tên đợt nộp.")
    opens_on = DayField(label="Mở từ ngày", missing="Hãy ghi ngày mở đợt.")
    deadline = DayField(label="Hạn nộp", missing="Hãy ghi hạn nộp.")
    remind_days = DaysField(
        label="Nhắc trước hạn (ngày)",
        max_length=60,
        required=False,
        help_text="Các số ngày, cách nhau bằng dấu phẩy. Để trống thì không nhắc trước hạn.",
    )
    note = WordsField(
        label="Lời gửi các trường",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        *args: Any,
        campaign: Campaign | None,
        plan_forms: Any,
        kinds: Collection[str],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(campaign, kinds) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["form"] = FormField(
            label="Mẫu kế hoạch",
            queryset=plan_forms,
            required=False,
            empty_label="Mẫu nào cũng được",
            error_messages={"invalid_choice": "Mẫu này không có trong danh sách. Hãy chọn lại."},
        )
        if campaign is None:
            self._add_choices(kinds)
        self.helper = form_helper(*self._blocks(new=campaign is None))

    def _add_choices(self, kinds: Collection[str]) -> None:
        self.fields["school_year"] = YearField(
            label="Năm học",
            queryset=SchoolYear.objects.all(),
            empty_label=None,
            error_messages={
                "required": "Hãy chọn năm học.",
                "invalid_choice": "Năm học này không có trong danh sách. Hãy chọn lại.",
            },
        )
        self.fields["kinds"] = forms.MultipleChoiceField(
            label="Mời các trường",
            choices=[(kind, SchoolKind(kind).label) for kind in kinds],
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            help_text="Tất cả trường thuộc cơ quan có loại hình được đánh dấu. Không đánh dấu gì thì chọn từng "
            "trường ở bước sau.",
            error_messages={"invalid_choice": "Loại hình này không có trong danh sách."},
        )

    def _blocks(self, *, new: bool) -> list[Any]:
        days = [Div(name, css_class="c4") for name in ("opens_on", "deadline", "remind_days")]
        first = ["title", "school_year"] if new else ["version", "title"]
        return [*first, "form", Div(*days, css_class="kcl-rowform"), "note"]

    def values(self) -> dict[str, Any]:
        """Return what was typed by field of the campaign, without what chooses its schools."""
        names = ("title", "form", "opens_on", "deadline", "remind_days", "note")
        return {name: self.cleaned_data[name] for name in names}


def _initial(campaign: Campaign | None, kinds: Collection[str]) -> dict[str, Any]:
    if campaign is None:
        return {"remind_days": list(DEFAULT_REMIND_DAYS), "kinds": list(kinds)}
    names = ("version", "title", "form", "opens_on", "deadline", "remind_days", "note")
    return {name: getattr(campaign, name) for name in names}


class StandingForm(forms.Form):
    """The filter over the schools of a campaign: an ordinary GET form."""

    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        choices=[
            ("", "Tất cả"),
            ("chua_gui", "Chưa gửi"),
            ("qua_han", "Quá hạn"),
            *Standing.choices,
        ],
        required=False,
        error_messages={"invalid_choice": "Tình trạng này không có trong danh sách."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("tinh_trang")
        self.helper.field_template = "plans/schools/_filter_field.html"


class ExtensionForm(forms.Form):
    """Until when, and why; which schools stands in the table's boxes."""

    to = DayField(label="Gia hạn đến ngày", missing="Hãy ghi ngày gia hạn.")
    reason = WordsField(label="Lý do gia hạn", max_length=500, missing="Hãy ghi lý do gia hạn.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            Div(Div("to", css_class="c5"), Div("reason", css_class="c7"), css_class="kcl-rowform")
        )


class OfficeRuleForm(forms.Form):
    """What a body decides for its schools' documents, and from when."""

    approves_plans = forms.BooleanField(
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        label="Cơ quan duyệt kế hoạch của trường",
        required=False,
        help_text="Nếu có, trường chỉ bắt đầu thực hiện sau khi kế hoạch được duyệt.",
    )
    allows_key_files = forms.BooleanField(
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        label="Cho phép ký bằng tệp khóa PKCS#12 trên trang",
        required=False,
        help_text="Nếu không, trường ký bằng phần mềm của thiết bị ký rồi tải tệp đã ký lên.",
    )
    answer_within_days = forms.IntegerField(
        label="Số ngày cơ quan hẹn trả lời sau khi nhận",
        min_value=1,
        max_value=MOST_DAYS,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            f"Hãy ghi một số ngày từ 1 đến {MOST_DAYS}.",
        ),
    )
    valid_from = DayField(label="Áp dụng từ ngày", missing="Hãy ghi ngày bắt đầu áp dụng.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("answer_within_days", "valid_from")

    def boxes(self) -> list[forms.BoundField]:
        """Return the fields that are boxes to tick, which the page draws itself."""
        return [self["approves_plans"], self["allows_key_files"]]
