"""The filter over the list of schools: an ordinary GET form, so that a view of the list is an address."""

from typing import Any

from django import forms

from criteria.enums import SchoolKind
from plans.overview.queries import GROUPS, STATES, state_words
from plans.schools.models import SchoolYear
from plans.web.fields import NameSearchField
from plans.web.layout import form_helper


class SchoolFilterForm(forms.Form):
    """Words of the name, kind of school, state of the plan, school year. Every field may stay empty."""

    tim = NameSearchField("Tìm tên trường", help_text="Không cần gõ dấu, ví dụ: nguyen hue")
    loai = forms.ChoiceField(
        label="Loại hình",
        choices=[("", "Tất cả"), *SchoolKind.choices],
        required=False,
        error_messages={"invalid_choice": "Loại hình này không có trong danh sách."},
    )
    trang_thai = forms.ChoiceField(
        label="Trạng thái kế hoạch",
        choices=[
            ("", "Tất cả"),
            ("Theo nhóm", [(group, words) for group, (words, _) in GROUPS.items()]),
            (
                "Từng trạng thái",
                [(one, state_words(one, for_office=True)) for one in STATES if one not in GROUPS],
            ),
        ],
        required=False,
        error_messages={"invalid_choice": "Trạng thái này không có trong danh sách."},
    )
    nam = forms.TypedChoiceField(
        label="Năm học",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Năm học này không có trong danh sách."},
    )

    def __init__(self, *args: Any, years: list[SchoolYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(year.start_year), year.label) for year in years]
        self.fields["nam"].choices = choices  # type: ignore[attr-defined]
        self.helper = form_helper("tim", "loai", "trang_thai", "nam")
        self.helper.field_template = "plans/schools/_filter_field.html"
