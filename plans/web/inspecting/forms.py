"""Forms of the planning of visits: a day and hours, a team, a campaign, which schools, a draw by lot."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from criteria.enums import SchoolKind
from plans.accounts.models import Membership, User
from plans.arranging.calendar import AFTERNOON, MORNING, WHOLE_DAY
from plans.arranging.campaigns import MOST_REPLY_DAYS, candidates, schools_to_visit
from plans.arranging.drawing import SEED_LENGTH
from plans.checklists.models import Checklist
from plans.inspections.enums import MinutesTitle, TeamRole
from plans.inspections.models import Inspection, InspectionCampaign
from plans.schools.models import WORDS_LENGTH, ManagingBody, School, SchoolYear
from plans.text import fold
from plans.web.campaigns.forms import DayField, WordsField, YearField
from plans.web.layout import form_helper

_NOT_LISTED = "Điều đã chọn không có trong danh sách. Hãy chọn lại."
_LISTED = {
    "invalid_choice": _NOT_LISTED,
    "invalid_list": _NOT_LISTED,
    "invalid_pk_value": _NOT_LISTED,
}
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.hg]|giờ)?\s*(\d{2})?\s*(?:phút|p)?", re.IGNORECASE)
_BOXES = {"class": "form-check-input"}
PARTS = {
    "ca_ngay": ("Mỗi ngày một trường, cả ngày", (WHOLE_DAY,)),
    "sang": ("Mỗi ngày một trường, buổi sáng (7 giờ 30 đến 11 giờ)", (MORNING,)),
    "chieu": ("Mỗi ngày một trường, buổi chiều (13 giờ 30 đến 16 giờ 30)", (AFTERNOON,)),
    "hai_buoi": ("Mỗi ngày hai trường, sáng một trường, chiều một trường", (MORNING, AFTERNOON)),
}
MOST_YEARS = 20


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


class SchoolField(forms.ModelChoiceField):
    """A choice of schools by the name of today."""

    def label_from_instance(self, obj: School) -> str:
        """Return the school's name; the rows bring it along (`with_name`)."""
        return str(obj)


def _when() -> dict[str, forms.Field]:
    return {
        "planned_on": DayField(label="Ngày kiểm tra", missing="Hãy ghi ngày kiểm tra."),
        "planned_from": ClockField(label="Từ giờ", help_text="Để trống cả hai ô giờ là cả ngày."),
        "planned_to": ClockField(label="Đến giờ"),
    }


def _when_row() -> Div:
    parts = [Div(name, css_class="c4") for name in ("planned_on", "planned_from", "planned_to")]
    return Div(*parts, css_class="kcl-rowform")


def _paper() -> dict[str, forms.Field]:
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
            label="Tên biên bản", choices=MinutesTitle.choices, error_messages=_LISTED
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


def _decision_row() -> Div:
    names = ("decision_number", "decision_date", "decision_issuer")
    return Div(*(Div(name, css_class="c4") for name in names), css_class="kcl-rowform")


def _checklists(bodies: QuerySet[ManagingBody]) -> forms.Field:
    return forms.ModelMultipleChoiceField(
        label="Phiếu kiểm tra",
        queryset=Checklist.objects.published().filter(body__in=bodies),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=_BOXES),
        error_messages=_LISTED,
    )


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
            error_messages=_LISTED | {"required": "Hãy chọn cơ quan kiểm tra."},
        )
        self.fields |= _when()
        self.fields["lead"] = PersonField(
            label="Tổ trưởng",
            queryset=people,
            empty_label=None,
            initial=user,
            error_messages=_LISTED | {"required": "Hãy chọn tổ trưởng."},
        )
        self.fields["members"] = PeopleField(
            label="Thành viên cùng đi",
            queryset=people.none() if alone else people,
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs=_BOXES),
            help_text="Tổ trưởng đã chọn ở trên thì không cần đánh dấu. Người của trường khác, người chưa có tài khoản, thư ký: thêm ở trang “Tổ kiểm tra” của buổi "
            "kiểm tra.",
            error_messages=_LISTED,
        )
        self.fields |= _paper()
        self.fields["checklists"] = _checklists(bodies)
        first = ("body", _when_row(), "lead")
        self.helper = form_helper(*first)
        self.paper = form_helper("legal_grounds", _decision_row(), "minutes_title", "reply_days")

    def values(self) -> dict[str, Any]:
        """Return what was typed by field of the visit, without body, day and people."""
        names = [*_paper(), "checklists"]
        return {name: self.cleaned_data[name] for name in names}


def office_people(bodies: QuerySet[ManagingBody], on: date) -> QuerySet[User]:
    """Return the active people of the bodies themselves, by name."""
    rows = Membership.objects.in_force(on).filter(body__in=bodies)
    people = User.objects.filter(is_active=True, pk__in=rows.values("user"))
    return to_choose_from(people.order_by("full_name", "pk"))


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
                error_messages=_LISTED | {"required": "Hãy chọn năm học."},
            )
        if not begun:
            self.fields["starts_on"] = DayField(label="Từ ngày", missing="Hãy ghi ngày bắt đầu.")
        self.fields["ends_on"] = DayField(label="Đến ngày", missing="Hãy ghi ngày kết thúc.")
        if not begun:
            self.fields |= _paper()
            own = ManagingBody.objects.filter(pk=body.pk)
            self.fields["checklists"] = _checklists(own)
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
            *("legal_grounds", _decision_row(), "minutes_title", "note"),
        ]

    def values(self) -> dict[str, Any]:
        """Return what was typed by field of the campaign, without year, version and checklists."""
        left_out = {"version", "school_year", "checklists"}
        return {name: one for name, one in self.cleaned_data.items() if name not in left_out}


# --- people -----------------------------------------------------------------------------------------------


def _role() -> forms.Field:
    return forms.ChoiceField(
        label="Vai trò trong tổ",
        choices=TeamRole.choices,
        initial=TeamRole.MEMBER,
        error_messages=_LISTED | {"required": "Hãy chọn vai trò."},
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
            widget=forms.RadioSelect(attrs=_BOXES),
            error_messages=_LISTED | {"required": "Hãy chọn một người trong danh sách."},
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
                error_messages=_LISTED,
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


# --- schools ----------------------------------------------------------------------------------------------


class ChoosingForm(forms.Form):
    """The filter over the schools that a campaign may take: an ordinary GET form."""

    tim = forms.CharField(
        label="Tìm tên trường",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={
            "max_length": f"Tên cần tìm dài nhất là {WORDS_LENGTH} chữ.",
            "null_characters_not_allowed": "Ô này có ký tự không đọc được. Đề nghị gõ lại.",
        },
    )
    loai = forms.ChoiceField(
        label="Loại hình",
        choices=[("", "Tất cả"), *SchoolKind.choices],
        required=False,
        error_messages=_LISTED,
    )
    cap_do = forms.ChoiceField(
        label="Kiểm định chất lượng",
        choices=[
            ("", "Tất cả"),
            ("chua", "Chưa ghi quyết định nào"),
            *((str(level), f"Đang đạt cấp độ {level}") for level in range(1, 5)),
        ],
        required=False,
        error_messages=_LISTED,
    )
    chua_kiem_tra = forms.IntegerField(
        label="Chưa kiểm tra trong mấy năm qua",
        min_value=1,
        max_value=MOST_YEARS,
        required=False,
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], f"Hãy ghi một số năm từ 1 đến {MOST_YEARS}."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("tim", "loai", "cap_do", "chua_kiem_tra")
        self.helper.field_template = "plans/schools/_filter_field.html"


class DrawForm(forms.Form):
    """The share to draw by lot, and a seed where somebody brings one."""

    share = forms.IntegerField(
        label="Tỷ lệ rút thăm (%)",
        min_value=1,
        max_value=100,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"], "Hãy ghi một số từ 1 đến 100."
        ),
    )
    seed = WordsField(
        label="Mã rút thăm",
        max_length=SEED_LENGTH,
        required=False,
        help_text="Để trống thì chương trình tự tạo mã. Có thể dùng một số công khai, ví dụ kết quả xổ số ngày rút.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            Div(Div("share", css_class="c5"), Div("seed", css_class="c7"), css_class="kcl-rowform")
        )


# --- days -------------------------------------------------------------------------------------------------


class _TeamOfCampaign(forms.Form):
    """Who of a campaign goes, and who of them leads."""

    def _add_people(self, visits: InspectionCampaign) -> None:
        members = visits.members.select_related("user", "home_school")
        lead = members.filter(role=TeamRole.LEAD).first()
        self.fields["members"] = PeopleField(
            label="Người đi",
            queryset=members,
            initial=list(members),
            widget=forms.CheckboxSelectMultiple(attrs=_BOXES),
            error_messages=_LISTED | {"required": "Hãy chọn người đi."},
        )
        self.fields["lead"] = PersonRowField(
            label="Tổ trưởng",
            queryset=members,
            initial=lead,
            empty_label=None,
            error_messages=_LISTED | {"required": "Hãy chọn tổ trưởng."},
        )


class PersonRowField(forms.ModelChoiceField):
    """A choice of people of a campaign."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the person as the record lists them."""
        return str(obj.printed)


class VisitDayForm(_TeamOfCampaign):
    """A day, hours and a part of the team for one school of a campaign."""

    def __init__(self, *args: Any, visits: InspectionCampaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= _when()
        self._add_people(visits)
        self.helper = form_helper(_when_row(), "lead")


class ProposeForm(_TeamOfCampaign):
    """How dates are proposed: who goes, how many schools a day, from when."""

    def __init__(self, *args: Any, visits: InspectionCampaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"] = forms.ChoiceField(
            label="Số trường mỗi ngày",
            choices=[(key, words) for key, (words, _) in PARTS.items()],
            error_messages=_LISTED | {"required": "Hãy chọn số trường mỗi ngày."},
        )
        self.fields["first"] = DayField(
            label="Xếp từ ngày",
            missing="",
            required=False,
            help_text="Để trống thì từ ngày đầu của đợt. Ngày đã qua không được xếp.",
        )
        self._add_people(visits)
        self.helper = form_helper("parts", "first", "lead")


class RescheduleForm(forms.Form):
    """Another day or other hours of a planned visit."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        names = ("version", "planned_on", "planned_from", "planned_to")
        kwargs["initial"] = {name: getattr(inspection, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields |= _when()
        self.helper = form_helper("version", _when_row())


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
