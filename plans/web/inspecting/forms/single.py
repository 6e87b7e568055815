"""One visit: without a campaign, on another day, called off."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.inspections.models import Inspection
from plans.schools.models import ManagingBody
from plans.web.campaigns.forms import WordsField
from plans.web.inspecting.forms.fields import (
    BOXES,
    LISTED,
    PeopleField,
    PersonField,
    checklists_field,
    decision_row,
    paper_fields,
    to_choose_from,
    when_fields,
    when_row,
)
from plans.web.layout import form_helper


class SingleVisitForm(forms.Form):
    """One visit to one school without a campaign, filled in beforehand for whoever stands before the school."""

    def __init__(
        self, *args: Any, bodies: QuerySet[ManagingBody], user: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        people = office_people(bodies, today)
        alone = people.count() == 1
        one = bodies.count() == 1
        self.fields["body"] = forms.ModelChoiceField(
            label="Cơ quan kiểm tra",
            queryset=bodies,
            empty_label=None,
            initial=bodies.first(),
            widget=forms.HiddenInput() if one else forms.Select(),
            error_messages=LISTED | {"required": "Hãy chọn cơ quan kiểm tra."},
        )
        self.fields |= when_fields()
        self.fields["lead"] = PersonField(
            label="Tổ trưởng",
            queryset=people,
            empty_label=None,
            initial=user,
            error_messages=LISTED | {"required": "Hãy chọn tổ trưởng."},
        )
        self.fields["members"] = PeopleField(
            label="Thành viên cùng đi",
            queryset=people.none() if alone else people,
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs=BOXES),
            help_text="Tổ trưởng đã chọn ở trên thì không cần đánh dấu. Người của trường khác, người chưa có tài khoản, thư ký: thêm ở trang “Tổ kiểm tra” của buổi "
            "kiểm tra.",
            error_messages=LISTED,
        )
        self.fields |= paper_fields()
        self.fields["checklists"] = checklists_field(bodies)
        first = ("body", when_row(), "lead")
        self.helper = form_helper(*first)
        self.paper = form_helper("legal_grounds", decision_row(), "minutes_title", "reply_days")

    def values(self) -> dict[str, Any]:
        """Return what was typed by field of the visit, without body, day and people."""
        names = [*paper_fields(), "checklists"]
        return {name: self.cleaned_data[name] for name in names}


def office_people(bodies: QuerySet[ManagingBody], on: date) -> QuerySet[User]:
    """Return the active people of the bodies themselves, by name."""
    rows = Membership.objects.in_force(on).filter(body__in=bodies)
    people = User.objects.filter(is_active=True, pk__in=rows.values("user"))
    return to_choose_from(people.order_by("full_name", "pk"))


class RescheduleForm(forms.Form):
    """Another day or other hours of a planned visit."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        names = ("version", "planned_on", "planned_from", "planned_to")
        kwargs["initial"] = {name: getattr(inspection, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields |= when_fields()
        self.helper = form_helper("version", when_row())


class CancelForm(forms.Form):
    """Why a visit is called off."""

    reason = WordsField(
        label="Lý do hủy",
        max_length=1000,
        missing="Hãy ghi lý do hủy.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("reason")
