"""Forms of the self-assessment pages."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.assessment.models import CriterionAssessment
from plans.web.planning.forms import TypedTextField, VersionField

# What can be said of an indicator, as the page sends it.
MET = (("1", "Đạt"), ("0", "Không đạt"), ("", "Chưa đánh giá"))


class MetForm(forms.Form):
    """Đạt, không đạt or chưa đánh giá."""

    version = VersionField()
    met = forms.TypedChoiceField(
        label="Kết quả",
        choices=MET,
        coerce=lambda value: value == "1",
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Hãy chọn Đạt, Không đạt hoặc Chưa đánh giá."},
    )


class DescriptionForm(forms.Form):
    """Mô tả hiện trạng of one level."""

    version = VersionField()
    body = TypedTextField(label="Mô tả hiện trạng")


class SheetForm(forms.Form):
    """Items 2 to 4 of the phiếu; `hint` says below each label what belongs there."""

    version = VersionField()
    strengths = TypedTextField(label="Điểm mạnh", help_text="Mỗi điểm mạnh một dòng.")
    weaknesses = TypedTextField(
        label="Điểm yếu",
        help_text="Mỗi điểm yếu một dòng. Từ mỗi dòng có thể đề xuất một việc vào kế hoạch, ở ngay bên dưới.",
    )
    improvement = TypedTextField(
        label="Kế hoạch cải tiến chất lượng",
        help_text="Việc sẽ làm để giữ điểm mạnh, khắc phục điểm yếu: ai làm, khi nào, nguồn lực nào.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.texts:
            area = forms.Textarea(attrs={"rows": 4, "class": "form-control kcl-doc"})
            area.attrs |= {"aria-describedby": f"gy-{name}", "spellcheck": "false"}
            self.fields[name].widget = area

    @property
    def texts(self) -> tuple[str, ...]:
        """The fields that hold words, in the order of the phiếu."""
        return ("strengths", "weaknesses", "improvement")

    @classmethod
    def initial_of(cls, row: CriterionAssessment) -> dict[str, Any]:
        """Return what stands in a row, as the form begins with it."""
        return {name: getattr(row, name) for name in (*cls().texts, "version")}
