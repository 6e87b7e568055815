"""The days of a campaign: one school's day and team, days proposed for many."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.arranging.calendar import AFTERNOON, MORNING, WHOLE_DAY
from plans.inspections.enums import TeamRole
from plans.inspections.models import InspectionCampaign
from plans.web.campaigns.forms import DayField
from plans.web.inspecting.forms.fields import (
    BOXES,
    LISTED,
    PeopleField,
    PersonRowField,
    when_fields,
    when_row,
)
from plans.web.layout import form_helper

PARTS = {
    "ca_ngay": ("Mỗi ngày một trường, cả ngày", (WHOLE_DAY,)),
    "sang": ("Mỗi ngày một trường, buổi sáng (7 giờ 30 đến 11 giờ)", (MORNING,)),
    "chieu": ("Mỗi ngày một trường, buổi chiều (13 giờ 30 đến 16 giờ 30)", (AFTERNOON,)),
    "hai_buoi": ("Mỗi ngày hai trường, sáng một trường, chiều một trường", (MORNING, AFTERNOON)),
}


class _TeamOfCampaign(forms.Form):
    """Who of a campaign goes, and who of them leads."""

    def _add_people(self, visits: InspectionCampaign) -> None:
        members = visits.members.select_related("user", "home_school")
        lead = members.filter(role=TeamRole.LEAD).first()
        self.fields["members"] = PeopleField(
            label="Người đi",
            queryset=members,
            initial=list(members),
            widget=forms.CheckboxSelectMultiple(attrs=BOXES),
            error_messages=LISTED | {"required": "Hãy chọn người đi."},
        )
        self.fields["lead"] = PersonRowField(
            label="Tổ trưởng",
            queryset=members,
            initial=lead,
            empty_label=None,
            error_messages=LISTED | {"required": "Hãy chọn tổ trưởng."},
        )


class VisitDayForm(_TeamOfCampaign):
    """A day, hours and a part of the team for one school of a campaign."""

    def __init__(self, *args: Any, visits: InspectionCampaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= when_fields()
        self._add_people(visits)
        self.helper = form_helper(when_row(), "lead")


class ProposeForm(_TeamOfCampaign):
    """How dates are proposed: who goes, how many schools a day, from when."""

    def __init__(self, *args: Any, visits: InspectionCampaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"] = forms.ChoiceField(
            label="Số trường mỗi ngày",
            choices=[(key, words) for key, (words, _) in PARTS.items()],
            error_messages=LISTED | {"required": "Hãy chọn số trường mỗi ngày."},
        )
        self.fields["first"] = DayField(
            label="Xếp từ ngày",
            missing="",
            required=False,
            help_text="Để trống thì từ ngày đầu của đợt. Ngày đã qua không được xếp.",
        )
        self._add_people(visits)
        self.helper = form_helper("parts", "first", "lead")
