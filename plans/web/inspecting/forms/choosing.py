"""Which schools a campaign takes: a filter, a draw by lot."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div
from django import forms

from criteria.enums import SchoolKind
from plans.arranging.drawing import SEED_LENGTH
from plans.schools.models import WORDS_LENGTH
from plans.web.campaigns.forms import WordsField
from plans.web.inspecting.forms.fields import LISTED
from plans.web.layout import form_helper

MOST_YEARS = 20


class ChoosingForm(forms.Form):
    """The filter over the schools that a campaign may take: an ordinary GET form."""

    tim = forms.CharField(
        label="Tìm tên trường",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={
            "max_length": f"Tên cần tìm dài nhất là {WORDS_LENGTH} chữ.",
            "null_characters_not_allowed": "Ô này có ký tự không đọc được. Đề nghị gõ lại.",
        },
    )
    loai = forms.ChoiceField(
        label="Loại hình",
        choices=[("", "Tất cả"), *SchoolKind.choices],
        required=False,
        error_messages=LISTED,
    )
    cap_do = forms.ChoiceField(
        label="Kiểm định chất lượng",
        choices=[
            ("", "Tất cả"),
            ("chua", "Chưa ghi quyết định nào"),
            *((str(level), f"Đang đạt cấp độ {level}") for level in range(1, 5)),
        ],
        required=False,
        error_messages=LISTED,
    )
    chua_kiem_tra = forms.IntegerField(
        label="Chưa kiểm tra trong mấy năm qua",
        min_value=1,
        max_value=MOST_YEARS,
        required=False,
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], f"Hãy ghi một số năm từ 1 đến {MOST_YEARS}."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("tim", "loai", "cap_do", "chua_kiem_tra")
        self.helper.field_template = "plans/schools/_filter_field.html"


class DrawForm(forms.Form):
    """The share to draw by lot, and a seed where somebody brings one."""

    share = forms.IntegerField(
        label="Tỷ lệ rút thăm (%)",
        min_value=1,
        max_value=100,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"], "Hãy ghi một số từ 1 đến 100."
        ),
    )
    seed = WordsField(
        label="Mã rút thăm",
        max_length=SEED_LENGTH,
        required=False,
        help_text="Để trống thì chương trình tự tạo mã. Có thể dùng một số công khai, ví dụ kết quả xổ số ngày rút.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            Div(Div("share", css_class="c5"), Div("seed", css_class="c7"), css_class="kcl-rowform")
        )
