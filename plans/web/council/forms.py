"""The form of one member of a council or a monitoring team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.council.models import CouncilMember
from plans.schools.models import School
from plans.web.layout import form_helper

_CHOOSE = "Điều đã chọn không có trong danh sách. Hãy chọn lại."


class MemberForm(forms.Form):
    """Who sits where, and what they do; the account is only offered from the school's own people."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, initial=1
    )
    team = forms.ChoiceField(
        label="Hội đồng, tổ",
        choices=CouncilMember.Team.choices,
        error_messages={"invalid_choice": _CHOOSE, "required": "Hãy chọn hội đồng hoặc tổ."},
    )
    full_name = forms.CharField(
        label="Họ và tên",
        max_length=120,
        error_messages={
            "required": "Hãy ghi họ và tên.",
            "max_length": "Họ và tên dài quá %(limit_value)d chữ.",
        },
    )
    position = forms.CharField(
        label="Chức vụ",
        max_length=120,
        required=False,
        error_messages={"max_length": "Chức vụ dài quá %(limit_value)d chữ."},
    )
    part = forms.ChoiceField(
        label="Vai trò",
        choices=CouncilMember.Part.choices,
        initial=CouncilMember.Part.MEMBER,
        error_messages={"invalid_choice": _CHOOSE, "required": "Hãy chọn vai trò."},
    )
    duty = forms.CharField(
        label="Nhiệm vụ",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: phụ trách nhóm công tác 1, theo dõi Tiêu chuẩn 1.",
        error_messages={"max_length": "Nhiệm vụ dài quá %(limit_value)d chữ."},
    )

    def __init__(
        self, *args: Any, school: School, member: CouncilMember | None = None, **kwargs: Any
    ) -> None:
        if member is not None:
            names = ("version", "team", "full_name", "position", "part", "duty", "user")
            kwargs["initial"] = {name: getattr(member, name) for name in names}
        super().__init__(*args, **kwargs)
        here = Membership.objects.in_force(timezone.localdate()).filter(school=school)
        people = User.objects.filter(
            Q(memberships__in=here) | Q(pk=member.user_id if member else 0)
        )
        self.fields["user"] = forms.ModelChoiceField(
            label="Tài khoản",
            queryset=people.distinct(),
            required=False,
            empty_label="Không có hoặc chưa rõ",
            error_messages={"invalid_choice": _CHOOSE},
        )
        self.helper = form_helper(
            "version", "team", "full_name", "position", "part", "duty", "user"
        )

    def values(self) -> dict[str, Any]:
        """Return the cleaned values under the member's field names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
