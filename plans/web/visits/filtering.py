"""The filter over the list of visits: an ordinary GET form, so that a view of the list is an address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.inspections.models import InspectionCampaign
from plans.inspections.models.visit import InspectionQuerySet
from plans.inspections.rules import closed_answers
from plans.inspections.states import InspectionState
from plans.replying.turns import WAITS_FOR_MINUTES
from plans.schools.models import School, SchoolYear
from plans.web.fields import NameSearchField
from plans.web.layout import form_helper

TO_BE_MINUTED = "cho_lap_bien_ban"
UNTOLD = "chua_thong_bao"
WITHOUT_MINUTES = "chua_bien_ban"
_NOT_LISTED = {"invalid_choice": "Điều đã chọn không có trong danh sách. Hãy chọn lại."}
_AFTER = (InspectionState.OPEN, InspectionState.CONCLUDED)


def states_with_words() -> Iterator[tuple[str, str]]:
    """Yield where a visit may stand, as the list is asked for it; visits to answer are parted by the day."""
    for state in InspectionState:
        yield state.value, str(state.label)
        if state == InspectionState.CONCLUDED:
            yield TO_BE_MINUTED, WAITS_FOR_MINUTES


class VisitFilterForm(forms.Form):
    """Words of the school's name, state, school year, campaign, one school. Every field may stay empty.

    Which school comes with the address: a page about it leads here, and nobody chooses one from a list.
    """

    tim = NameSearchField("Tìm tên trường")
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        choices=[
            ("", "Tất cả"),
            *states_with_words(),
            (UNTOLD, "Chưa thông báo cho trường"),
            (WITHOUT_MINUTES, "Đã đến trường, chưa lập biên bản"),
        ],
        required=False,
        error_messages=_NOT_LISTED,
    )
    nam = forms.TypedChoiceField(
        label="Năm học", coerce=int, empty_value=None, required=False, error_messages=_NOT_LISTED
    )

    def __init__(
        self,
        *args: Any,
        years: list[SchoolYear],
        campaigns: QuerySet[InspectionCampaign],
        user: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Tất cả"), *((str(year.start_year), year.label) for year in years)]
        self.fields["nam"].choices = choices  # type: ignore[attr-defined]
        self.fields["truong"] = forms.ModelChoiceField(
            queryset=School.objects.visible_to(user), required=False, error_messages=_NOT_LISTED
        )
        names = ["tim", "tinh_trang", "nam"]
        if campaigns:
            self.fields["dot"] = forms.ModelChoiceField(
                label="Đợt kiểm tra",
                queryset=campaigns,
                required=False,
                empty_label="Tất cả",
                error_messages=_NOT_LISTED,
            )
            names.append("dot")
        self.helper = form_helper(*names)
        self.helper.field_template = "plans/schools/_filter_field.html"

    def found(self, rows: InspectionQuerySet) -> InspectionQuerySet:
        """Return those of `rows` that were asked for; none where the question makes no sense."""
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if asked["tim"]:
            rows = rows.filter(school__in=School.objects.matching(asked["tim"]))
        if asked["truong"]:
            rows = rows.filter(school=asked["truong"])
        if asked["nam"]:
            rows = rows.filter(school_year__start_year=asked["nam"])
        if asked.get("dot"):
            rows = rows.filter(campaign=asked["dot"])
        return _in_state(rows, asked["tinh_trang"])


def _in_state(rows: InspectionQuerySet, state: str) -> InspectionQuerySet:
    if state == UNTOLD:
        return rows.untold()
    if state == WITHOUT_MINUTES:
        return rows.filter(state__in=_AFTER)
    if state in (InspectionState.CONCLUDED, TO_BE_MINUTED):
        left, closed = (
            rows.filter(state=InspectionState.CONCLUDED),
            closed_answers(timezone.localdate()),
        )
        return left.filter(closed) if state == TO_BE_MINUTED else left.exclude(closed)
    return rows.filter(state=state) if state else rows
