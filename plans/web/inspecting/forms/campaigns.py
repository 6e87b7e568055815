"""A campaign's own words and days."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div
from django import forms

from plans.inspections.models import InspectionCampaign
from plans.schools.models import ManagingBody, SchoolYear
from plans.web.campaigns.forms import DayField, WordsField, YearField
from plans.web.inspecting.forms.fields import LISTED, checklists_field, decision_row, paper_fields
from plans.web.layout import form_helper


class VisitCampaignForm(forms.Form):
    """A campaign's own words and days; once it has begun, only what its visits do not hold already."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )
    title = WordsField(label="Tên đợt", max_length=200, missing="Hãy ghi tên đợt kiểm tra.")

    def __init__(
        self,
        *args: Any,
        campaign: InspectionCampaign | None,
        body: ManagingBody,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        begun = campaign is not None and campaign.started_at is not None
        if campaign is None:
            self.fields["school_year"] = YearField(
                label="Năm học",
                queryset=SchoolYear.objects.all(),
                empty_label=None,
                error_messages=LISTED | {"required": "Hãy chọn năm học."},
            )
        if not begun:
            self.fields["starts_on"] = DayField(label="Từ ngày", missing="Hãy ghi ngày bắt đầu.")
        self.fields["ends_on"] = DayField(label="Đến ngày", missing="Hãy ghi ngày kết thúc.")
        if not begun:
            self.fields |= paper_fields()
            own = ManagingBody.objects.filter(pk=body.pk)
            self.fields["checklists"] = checklists_field(own)
        self.fields["note"] = WordsField(
            label="Nội dung kiểm tra, yêu cầu chuẩn bị",
            max_length=20_000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4, "class": "kcl-doc"}),
            help_text="Gửi trường cùng thông báo kiểm tra.",
        )
        if campaign is not None:
            names = [name for name in self.fields if name != "checklists"]
            self.initial = {name: getattr(campaign, name) for name in names} | dict(self.initial)
        if campaign is not None and not begun:
            self.initial.setdefault("checklists", list(campaign.checklists.all()))
        self.helper = form_helper(*self._blocks())

    def _blocks(self) -> list[Any]:
        days = [Div(name, css_class="c4") for name in ("starts_on", "ends_on", "reply_days")]
        if "starts_on" not in self.fields:
            return ["version", "title", "ends_on", "note"]
        year = ["school_year"] if "school_year" in self.fields else []
        return [
            *("version", "title", *year),
            Div(*days, css_class="kcl-rowform"),
            *("legal_grounds", decision_row(), "minutes_title", "note"),
        ]

    def values(self) -> dict[str, Any]:
        """Return what was typed by field of the campaign, without year, version and checklists."""
        left_out = {"version", "school_year", "checklists"}
        return {name: one for name, one in self.cleaned_data.items() if name not in left_out}
