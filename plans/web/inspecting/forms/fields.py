"""Fields of these forms, and the groups of fields that several of them ask for."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.arranging.campaigns import MOST_REPLY_DAYS
from plans.checklists.models import Checklist
from plans.inspections.enums import MinutesTitle
from plans.schools.models import ManagingBody, School
from plans.web.campaigns.forms import DayField, WordsField

_NOT_LISTED = "Điều đã chọn không có trong danh sách. Hãy chọn lại."
# The words of a choice that was not offered.
LISTED = {
    "invalid_choice": _NOT_LISTED,
    "invalid_list": _NOT_LISTED,
    "invalid_pk_value": _NOT_LISTED,
}
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.hg]|giờ)?\s*(\d{2})?\s*(?:phút|p)?", re.IGNORECASE)
# The look of boxes and buttons of a choice.
BOXES = {"class": "form-check-input"}


class ClockField(forms.CharField):
    """An hour of the day as people write it: 7:30, 7h30, 7 giờ 30, 14 giờ; None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20, **kwargs)
        self.error_messages["max_length"] = "Hãy ghi giờ, ví dụ 7 giờ 30."

    def to_python(self, value: Any) -> Any:
        """Return the hour. Raises ValidationError."""
        if isinstance(value, time):
            return value
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        match = _CLOCK.fullmatch(text)
        hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError("Hãy ghi giờ trong ngày, ví dụ 7 giờ 30 hoặc 14:00.")
        return time(hour, minute)

    def run_validators(self, value: Any) -> None:
        """Leave an hour alone: the rules of typed words do not fit it."""

    def prepare_value(self, value: Any) -> Any:
        """Return the hour as people read it: "07:30"."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


class PersonField(forms.ModelChoiceField):
    """A choice of people by name and what they are."""

    def label_from_instance(self, obj: User) -> str:
        """Return "Bà Lê Thị Mẫu, Chuyên viên, Phòng Văn hóa - Xã hội"."""
        return person_words(obj)


class PeopleField(forms.ModelMultipleChoiceField):
    """A choice of several people, as boxes."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the person, by account or as a row of a team."""
        return person_words(obj) if isinstance(obj, User) else obj.printed


class PersonRowField(forms.ModelChoiceField):
    """A choice of people of a campaign."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the person as the record lists them."""
        return str(obj.printed)


class SchoolField(forms.ModelChoiceField):
    """A choice of schools by the name of today."""

    def label_from_instance(self, obj: School) -> str:
        """Return the school's name; the rows bring it along (`with_name`)."""
        return str(obj)


def person_words(user: User) -> str:
    """Return a person with post and place, as one chooses them from a list; reads `to_choose_from`."""
    today = timezone.localdate()
    first = next(iter(getattr(user, "roles_now", ())), None)
    post = [first.position or first.get_role_display(), first.place_on(today)] if first else []
    return ", ".join([user.address, *post])


def to_choose_from(people: QuerySet[User]) -> QuerySet[User]:
    """Return people with what `person_words` says of them, in three queries however many there are."""
    roles = Membership.objects.in_force(timezone.localdate()).select_related("school", "body")
    roles = roles.prefetch_related("school__names").order_by("pk")
    return people.prefetch_related(Prefetch("memberships", roles, to_attr="roles_now"))


def when_fields() -> dict[str, forms.Field]:
    """Return the fields of a day and its hours."""
    return {
        "planned_on": DayField(label="Ngày kiểm tra", missing="Hãy ghi ngày kiểm tra."),
        "planned_from": ClockField(label="Từ giờ", help_text="Để trống cả hai ô giờ là cả ngày."),
        "planned_to": ClockField(label="Đến giờ"),
    }


def when_row() -> Div:
    """Return day and hours side by side."""
    parts = [Div(name, css_class="c4") for name in ("planned_on", "planned_from", "planned_to")]
    return Div(*parts, css_class="kcl-rowform")


def paper_fields() -> dict[str, forms.Field]:
    """Return the fields of what the minutes print: grounds, decision, title; and the days to answer."""
    return {
        "legal_grounds": WordsField(
            label="Căn cứ",
            max_length=20_000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4, "class": "kcl-doc"}),
            help_text="Mỗi dòng một căn cứ; in vào biên bản đúng như đã gõ.",
        ),
        "decision_number": WordsField(
            label="Số quyết định thành lập tổ",
            max_length=60,
            required=False,
            help_text="Ví dụ 15/QĐ-VHXH.",
        ),
        "decision_date": DayField(label="Ngày quyết định", missing="", required=False),
        "decision_issuer": WordsField(
            label="Cơ quan ra quyết định", max_length=200, required=False
        ),
        "minutes_title": forms.ChoiceField(
            label="Tên biên bản", choices=MinutesTitle.choices, error_messages=LISTED
        ),
        "reply_days": forms.IntegerField(
            label="Số ngày trường được phản hồi",
            min_value=1,
            max_value=MOST_REPLY_DAYS,
            error_messages=dict.fromkeys(
                ["required", "invalid", "min_value", "max_value"],
                f"Hãy ghi một số ngày từ 1 đến {MOST_REPLY_DAYS}.",
            ),
        ),
    }


def decision_row() -> Div:
    """Return number, date and issuer of the decision side by side."""
    names = ("decision_number", "decision_date", "decision_issuer")
    return Div(*(Div(name, css_class="c4") for name in names), css_class="kcl-rowform")


def checklists_field(bodies: QuerySet[ManagingBody]) -> forms.Field:
    """Return a choice among the published checklists of `bodies`."""
    return forms.ModelMultipleChoiceField(
        label="Phiếu kiểm tra",
        queryset=Checklist.objects.published().filter(body__in=bodies),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=BOXES),
        error_messages=LISTED,
    )
