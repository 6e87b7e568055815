"""Forms of papers: day and number of the minutes, the words of a notice and of a report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from plans.minutes.notice import NoticeWords
from plans.minutes.report import ReportWords
from plans.web.campaigns.forms import DayField, WordsField
from plans.web.layout import form_helper

_NUMBER = "Số, ký hiệu của văn bản, ví dụ 12/{kind}-VHXH. Để trống thì {empty}."
_CAPACITY = (
    "Quyền hạn, chức vụ của người ký, mỗi dòng một phần, ví dụ KT. TRƯỞNG PHÒNG rồi PHÓ TRƯỞNG PHÒNG. "
    "Để trống thì ghi tay."
)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day() -> DayField:
    return DayField(label="Ngày ghi trên văn bản", missing="Hãy ghi ngày của văn bản.")


class MakeForm(forms.Form):
    """The day and, where the office numbers its minutes, their number."""

    issued_on = _day()
    number = WordsField(
        label="Số, ký hiệu",
        max_length=80,
        required=False,
        help_text=_NUMBER.format(kind="BB", empty="biên bản không ghi số"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("issued_on", "number")

    def clean_issued_on(self) -> date:
        """Return the day. Raises ValidationError for one to come."""
        day: date = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Ngày của biên bản phải từ hôm nay trở về trước.")
        return day


class RedoForm(forms.Form):
    """Why minutes that nobody signed are to be made anew."""

    reason = WordsField(
        label="Lý do lập lại",
        max_length=1000,
        missing="Hãy ghi lý do lập lại biên bản.",
        widget=_area(2),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("reason")


class _SignedForm(forms.Form):
    """What a paper of an office ends with: recipients, capacity and name of who signs it."""

    issued_on = _day()
    recipients = WordsField(
        label="Nơi nhận",
        max_length=2000,
        required=False,
        widget=_area(3),
        help_text="Mỗi nơi một dòng, dòng cuối là nơi lưu.",
    )
    capacity = WordsField(
        label="Quyền hạn, chức vụ người ký",
        max_length=200,
        required=False,
        widget=_area(2),
        help_text=_CAPACITY,
    )
    signer = WordsField(label="Họ và tên người ký", max_length=120, required=False)


class NoticeForm(_SignedForm):
    """What a school is told of a visit."""

    number = WordsField(
        label="Số, ký hiệu",
        max_length=80,
        required=False,
        help_text=_NUMBER.format(kind="TB", empty="chừa chỗ ghi tay"),
    )
    content = WordsField(
        label="Nội dung kiểm tra", max_length=10_000, required=False, widget=_area(5)
    )
    preparation = WordsField(
        label="Đề nghị nhà trường chuẩn bị", max_length=10_000, required=False, widget=_area(5)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            *("issued_on", "number", "content", "preparation", "recipients", "capacity", "signer")
        )

    def words(self) -> NoticeWords:
        """Return what was typed; of a valid form."""
        names = ("content", "preparation", "recipients", "capacity", "signer")
        return NoticeWords(**{name: self.cleaned_data[name] for name in names})


class ReportForm(_SignedForm):
    """What an office adds to the report of a campaign."""

    number = WordsField(
        label="Số, ký hiệu",
        max_length=80,
        required=False,
        help_text=_NUMBER.format(kind="BC", empty="chừa chỗ ghi tay"),
    )
    assessment = WordsField(
        label="Đánh giá, đề xuất",
        max_length=20_000,
        required=False,
        widget=_area(6),
        help_text="Lời của cơ quan; để trống thì báo cáo không có mục này.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            *("issued_on", "number", "assessment", "recipients", "capacity", "signer")
        )

    def words(self) -> ReportWords:
        """Return what was typed; of a valid form."""
        names = ("assessment", "recipients", "capacity", "signer")
        return ReportWords(**{name: self.cleaned_data[name] for name in names})
