"""Forms of people who write together; what they name is narrowed to the plan and its school."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.accounts.models import User
from plans.planning.models import Plan
from plans.together.models import COMMENT_LIMIT
from plans.together.parts import parts_of
from plans.together.talk import people_of, places_of
from plans.web.layout import form_helper

_GONE = "Điều đã chọn không có trong danh sách. Hãy chọn lại."


class CommentForm(forms.Form):
    """One comment: about which section or row, to whom, in which words."""

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_of(plan)
        self.fields["noi"] = forms.ChoiceField(
            label="Về mục hoặc việc",
            choices=[
                ("", "Chọn mục hoặc việc"),
                ("Các mục", [(p.key, p.label) for p in places if not p.is_action]),
                ("Các việc trong bảng", [(p.key, p.label) for p in places if p.is_action]),
            ],
            error_messages={
                "required": "Hãy chọn mục hoặc việc mà thầy cô muốn trao đổi.",
                "invalid_choice": "Mục hoặc việc này không còn trong kế hoạch. Hãy chọn lại.",
            },
        )
        self.people = people_of(plan.school)
        self.fields["gui"] = _PersonField(
            self.people, label="Gửi tới", required=False, empty="Mọi người cùng soạn"
        )
        self.fields["loi"] = forms.CharField(
            label="Nội dung trao đổi",
            max_length=COMMENT_LIMIT,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={
                "required": "Hãy ghi điều cần trao đổi.",
                "max_length": f"Một trao đổi dài nhất là {COMMENT_LIMIT} chữ. Hãy chia bớt ra.",
            },
        )
        # A NUL cannot be stored; it is dropped with a person's other slips, not refused.
        self.fields["loi"].validators = self.fields["loi"].validators[:1]
        self.helper = form_helper("noi", "gui", "loi")


class _PersonField(forms.TypedChoiceField):
    """One of the people given, or nobody; the value is the person."""

    def __init__(self, people: list[User], *, empty: str, **kwargs: Any) -> None:
        by_number = {str(person.pk): person for person in people}
        defaults: dict[str, Any] = {
            "choices": [("", empty), *((pk, one.address) for pk, one in by_number.items())],
            "coerce": by_number.get,
            "empty_value": None,
            "error_messages": {"invalid_choice": _GONE, "required": "Hãy chọn người được giao."},
        }
        super().__init__(**(defaults | kwargs))


class AssignForm(forms.Form):
    """A section or standard, and the person to give it to."""

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts_of(plan)
        self.people = people_of(plan.school)
        self.fields["phan"] = forms.ChoiceField(
            label="Mục hoặc tiêu chuẩn",
            choices=[(part.key, part.label) for part in self.parts],
            error_messages={"invalid_choice": _GONE, "required": _GONE},
        )
        self.fields["nguoi"] = _PersonField(self.people, label="Giao cho", empty="Chọn người")
