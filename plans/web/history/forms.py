"""The filter over the record: an ordinary GET form, so that a view of it is an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from plans.overview.record import Filter
from plans.web.layout import form_helper


class RecordFilterForm(forms.Form):
    """A month and a person of the record; both may stay empty."""

    thang = forms.ChoiceField(
        label="Tháng",
        required=False,
        error_messages={"invalid_choice": "Tháng này không có trong nhật ký."},
    )
    nguoi = forms.ChoiceField(
        label="Người thực hiện",
        required=False,
        error_messages={"invalid_choice": "Người này không có trong nhật ký của trường."},
    )

    def __init__(
        self,
        *args: Any,
        months: Sequence[date],
        people: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        said = [(f"{month:%Y-%m}", f"Tháng {month:%m/%Y}") for month in months]
        named = [(str(pk), name or "Không ghi tên") for pk, name in people]
        self.fields["thang"].choices = [("", "Tất cả"), *said]  # type: ignore[attr-defined]
        self.fields["nguoi"].choices = [("", "Tất cả"), *named]  # type: ignore[attr-defined]
        self.helper = form_helper("thang", "nguoi")
        self.helper.field_template = "plans/schools/_filter_field.html"

    def wanted(self) -> Filter:
        """Return what is asked for. Wants a valid form."""
        month, person = self.cleaned_data["thang"], self.cleaned_data["nguoi"]
        return Filter(
            month=datetime.strptime(month, "%Y-%m").date() if month else None,  # noqa: DTZ007
            actor_id=int(person) if person else None,
        )
