"""The people of a team: somebody with an account, found by name, or typed as the record prints them."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.arranging.campaigns import candidates, schools_to_visit
from plans.inspections.enums import TeamRole
from plans.schools.models import WORDS_LENGTH, ManagingBody
from plans.text import fold
from plans.web.campaigns.forms import WordsField
from plans.web.inspecting.forms.fields import BOXES, LISTED, PersonField, SchoolField
from plans.web.layout import form_helper


def _role() -> forms.Field:
    return forms.ChoiceField(
        label="Vai trò trong tổ",
        choices=TeamRole.choices,
        initial=TeamRole.MEMBER,
        error_messages=LISTED | {"required": "Hãy chọn vai trò."},
    )


class FindPersonForm(forms.Form):
    """Words of the name of somebody with an account: an ordinary GET form."""

    tim = forms.CharField(
        label="Tìm tên người có tài khoản",
        help_text="Không cần gõ dấu. Có người của cơ quan và hiệu trưởng, phó hiệu trưởng các trường.",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={
            "max_length": f"Tên cần tìm dài nhất là {WORDS_LENGTH} chữ.",
            "null_characters_not_allowed": "Ô này có ký tự không đọc được. Đề nghị gõ lại.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("tim")
        self.helper.field_template = "plans/schools/_filter_field.html"


class AccountSeatForm(forms.Form):
    """Somebody with an account, and their part in the team."""

    def __init__(self, *args: Any, found: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = PersonField(
            label="Người được chọn",
            queryset=found,
            empty_label=None,
            widget=forms.RadioSelect(attrs=BOXES),
            error_messages=LISTED | {"required": "Hãy chọn một người trong danh sách."},
        )
        self.fields["role"] = _role()
        self.helper = form_helper("role")


class TypedSeatForm(forms.Form):
    """Somebody without an account, as the record prints them."""

    def __init__(self, *args: Any, body: ManagingBody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields |= {
            "honorific": WordsField(
                label="Xưng hô", max_length=20, required=False, help_text="Ông, Bà, Cô, Thầy."
            ),
            "full_name": WordsField(
                label="Họ và tên", max_length=120, missing="Hãy ghi họ và tên."
            ),
            "position": WordsField(label="Chức vụ", max_length=120, required=False),
            "unit": WordsField(label="Đơn vị", max_length=200, missing="Hãy ghi đơn vị."),
            "home_school": SchoolField(
                label="Là người của trường",
                queryset=schools_to_visit(body, today).with_name(today).order_by("sort_key", "pk"),
                required=False,
                empty_label="Không phải người của trường nào",
                help_text="Không ai kiểm tra trường của mình.",
                error_messages=LISTED,
            ),
            "typed_role": _role(),
        }
        self.helper = form_helper(
            Div(
                *(Div("honorific", css_class="c5"), Div("full_name", css_class="c7")),
                *(Div("position", css_class="c5"), Div("unit", css_class="c7")),
                css_class="kcl-rowform",
            ),
            *("home_school", "typed_role"),
        )


def found_people(body: ManagingBody, words: str) -> QuerySet[User]:
    """Return the people whom a body may put on a team and whose name holds every word, accents or not.

    Empty words find the first of all.
    """
    people = candidates(body, timezone.localdate())
    wanted = fold(words).split()
    if not wanted:
        return people
    named = people.values_list("pk", "full_name")
    return people.filter(pk__in=[pk for pk, name in named if all(w in fold(name) for w in wanted)])
