"""The back office: read-mostly. What people do every day has pages and actions of its own.

What is changed here goes into the record like everything else.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import models
from django.http import HttpRequest

from plans.accounts.models import LoginSession, Membership, User, new_session_stamp
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.council.models import CouncilMember
from plans.history.actions import record
from plans.history.models import Event
from plans.jobs.models import Job
from plans.legal.models import LegalDocument
from plans.notices.models import OutboxMail
from plans.planning.models import BodyLayout, FormInForce, Plan, PlanForm
from plans.planning.readings import reread_times
from plans.schools.actions import keep_search_text
from plans.schools.models import (
    BodyKind,
    Campus,
    ManagingBody,
    RecognitionDecision,
    School,
    SchoolBody,
    SchoolCalendar,
    SchoolName,
    SchoolYear,
)
from plans.together.models import Assignment, Comment

_POINTS = [
    "starts_on",
    "first_term_ends_on",
    "second_term_starts_on",
    "ends_on",
    "summer_starts_on",
    "summer_ends_on",
]


class ReadOnly(admin.ModelAdmin):
    """Looked at, never changed."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False


class OfPlan(ReadOnly):
    """A row of a plan, with the school's name beside it."""

    list_filter = ["plan__school_year"]
    search_fields = ["plan__school__search_text"]
    loaded: ClassVar[tuple[str, ...]] = ()  # what else the list reads of each row

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Load what the list shows of each plan, for all rows at once."""
        loaded = ("plan__school", "plan__school_year", *self.loaded)
        rows = super().get_queryset(request).select_related(*loaded)
        return rows.prefetch_related("plan__school__names")

    @admin.display(description="trường")
    def school(self, row: Any) -> str:
        """The school's name today."""
        return str(row.plan.school)


class Recorded(admin.ModelAdmin):
    """Changed here, with an entry in the record; nothing is deleted, since papers may refer to it."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody: what is over gets a last day."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write down which fields changed from what."""
        changed = [name for name in form.changed_data if change and name in form.initial]
        before = {name: str(form.initial[name]) for name in changed}
        super().save_model(request, obj, form, change)
        verb = "change" if change else "add"
        record(f"backoffice.{verb}", obj, by=request.user, before=before)  # type: ignore[arg-type]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows below the thing, and write each of them down."""
        super().save_formset(request, form, formset, change)
        changed = [(row, "change") for row, _ in formset.changed_objects]
        added = [(row, "add") for row in formset.new_objects]
        deleted = [(row, "delete") for row in formset.deleted_objects]
        for row, verb in [*added, *changed, *deleted]:
            record(f"backoffice.{verb}", row, by=request.user)  # type: ignore[arg-type]


class UserForm(forms.ModelForm):
    """A person's account; a password typed here must be changed at the first log-in."""

    new_password = forms.CharField(
        label="mật khẩu tạm",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Để trống thì giữ mật khẩu cũ. Người dùng phải đổi mật khẩu này khi đăng nhập.",
    )

    class Meta:
        model = User
        fields = [
            "username",
            "email",
            "full_name",
            "honorific",
            "is_active",
            "is_staff",
            "is_superuser",
            "must_change_password",
        ]

    def clean_new_password(self) -> str:
        """A password for a while is held to the same rules."""
        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> User:
        """Set the password, and end all sessions with it or with the account."""
        user: User = super().save(commit=False)
        if not user.pk and not self.cleaned_data["new_password"]:
            user.set_unusable_password()
        if self.cleaned_data["new_password"]:
            user.password = make_password(self.cleaned_data["new_password"])
            user.must_change_password = True
        if "is_active" in self.changed_data:
            user.session_stamp = new_session_stamp()
        if commit:
            user.save()
        return user


class MembershipInline(admin.StackedInline):
    """What a person is to whom."""

    model = Membership
    extra = 0
    raw_id_fields = ["school", "body"]


@admin.register(User)
class UserAdmin(Recorded):
    """Accounts and roles."""

    form = UserForm
    inlines = [MembershipInline]
    list_display = ["full_name", "username", "email", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username", "full_name", "email"]


class NameInline(admin.StackedInline):
    """Names with their periods."""

    model = SchoolName
    extra = 0


class BodyInline(admin.StackedInline):
    """Bodies with their periods."""

    model = SchoolBody
    extra = 0
    raw_id_fields = ["body"]


class CampusInline(admin.StackedInline):
    """Campuses."""

    model = Campus
    extra = 0


class DecisionInline(admin.StackedInline):
    """Recognition decisions."""

    model = RecognitionDecision
    extra = 0


@admin.register(School)
class SchoolAdmin(Recorded):
    """Schools with everything dated about them."""

    inlines = [NameInline, BodyInline, CampusInline, DecisionInline]
    list_display = ["__str__", "kind", "symbol", "code"]
    list_filter = ["kind"]
    search_fields = ["search_text"]
    raw_id_fields = ["predecessors"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[School]:
        """Load the names that the list shows, for all schools at once."""
        return super().get_queryset(request).prefetch_related("names")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the names too before the words for searching are taken from them."""
        super().save_related(request, form, formsets, change)
        keep_search_text(form.instance)


@admin.register(ManagingBody)
class ManagingBodyAdmin(Recorded):
    """Managing bodies."""

    list_display = ["name", "kind", "valid_from", "valid_to", "successor"]
    list_filter = ["kind"]
    list_select_related = ["kind", "successor"]
    search_fields = ["name"]
    raw_id_fields = ["parent", "successor"]


@admin.register(BodyKind)
class BodyKindAdmin(Recorded):
    """Kinds of bodies."""

    list_display = ["code", "name"]


@admin.register(SchoolYear)
class SchoolYearAdmin(Recorded):
    """School years."""

    list_display = ["label", "starts_on", "ends_on"]


@admin.register(SchoolCalendar)
class SchoolCalendarAdmin(Recorded):
    """The points of a school year as a province decides them; where none is given, the general frame holds."""

    list_display = ["body", "school_year", *_POINTS, "source"]
    list_filter = ["school_year"]
    list_select_related = ["body", "school_year"]
    search_fields = ["body__name"]
    raw_id_fields = ["body"]
    fields = ["body", "school_year", *_POINTS, "source"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and read "cuối HKI" and the like anew in the plans of all schools whom the calendar concerns."""
        super().save_model(request, obj, form, change)
        reread_times({obj.body_id, form.initial.get("body", obj.body_id)})


@admin.register(Plan)
class PlanAdmin(ReadOnly):
    """Plans, to find one."""

    list_display = ["__str__", "school", "school_year", "state", "changed_at"]
    list_filter = ["school_year", "state"]
    list_select_related = ["school", "school_year"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Plan]:
        """Load the names of the schools that the list shows, for all plans at once."""
        return super().get_queryset(request).prefetch_related("school__names")


@admin.register(PlanForm)
class PlanFormAdmin(ReadOnly):
    """Plan forms as they were loaded, and the copies that bodies made of them."""

    list_display = [
        "title",
        "code",
        "revision",
        "first_year",
        "last_year",
        "based_on",
        "body",
        "is_draft",
        "source",
    ]
    list_filter = ["is_draft"]
    list_select_related = ["based_on", "body"]
    search_fields = ["title", "code"]


@admin.register(FormInForce)
class FormInForceAdmin(ReadOnly):
    """Who takes which form from when; decided on the page of the form."""

    list_display = ["form", "body", "valid_from", "decided_by"]
    list_select_related = ["form", "body", "decided_by"]


@admin.register(BodyLayout)
class BodyLayoutAdmin(ReadOnly):
    """Layouts of documents; set on pages of their own, and never changed afterwards."""

    list_display = ["__str__", "body", "valid_from", "decided_by"]
    list_select_related = ["body", "decided_by"]


@admin.register(CouncilMember)
class CouncilMemberAdmin(ReadOnly):
    """Councils and monitoring teams; kept by the schools."""

    list_display = ["full_name", "position", "part", "team", "school", "school_year", "removed_at"]
    list_filter = ["school_year", "team", "part"]
    list_select_related = ["school", "school_year"]
    search_fields = ["full_name", "school__search_text"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CouncilMember]:
        """Load the names of the schools that the list shows, for all members at once."""
        return super().get_queryset(request).prefetch_related("school__names")


@admin.register(LegalDocument)
class LegalDocumentAdmin(ReadOnly):
    """The shelves of legal documents; kept on pages of their own."""

    list_display = ["number", "kind", "issued_on", "issuer", "subject", "shelf", "valid_to"]
    list_filter = ["kind"]
    list_select_related = ["body", "school"]
    search_fields = ["search_text"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[LegalDocument]:
        """Load the names of the schools whose own documents the list shows."""
        return super().get_queryset(request).prefetch_related("school__names")

    @admin.display(description="dùng cho")
    def shelf(self, document: LegalDocument) -> str:
        """For whom it is, in words."""
        return document.shelf


# --- what schools judge and say ---------------------------------------------------------------------------


@admin.register(CriterionAssessment)
class CriterionAssessmentAdmin(OfPlan):
    """Strengths, weaknesses and how to improve, by criterion."""

    list_display = ["criterion", "plan", "school"]
    loaded = ("criterion",)


@admin.register(LevelDescription)
class LevelDescriptionAdmin(OfPlan):
    """Descriptions of each level of a criterion."""

    list_display = ["criterion", "level", "plan", "school"]
    loaded = ("criterion",)


@admin.register(IndicatorResult)
class IndicatorResultAdmin(OfPlan):
    """Indicators as the school judged them."""

    list_display = ["__str__", "met", "plan", "school"]
    loaded = ("indicator__criterion",)


@admin.register(LevelResult)
class LevelResultAdmin(OfPlan):
    """Levels judged as a whole."""

    list_display = ["criterion", "level", "met", "plan", "school"]
    loaded = ("criterion",)


@admin.register(Comment)
class CommentAdmin(OfPlan):
    """Who wrote to whom and when; what was said is the school's own business and opens nowhere here."""

    list_display = ["written_at", "author", "addressed_to", "plan", "school", "solved_at"]
    list_display_links = None
    loaded = (
        "author",
        "addressed_to",
    )

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The list alone."""
        return obj is None and super().has_view_permission(request)


@admin.register(Assignment)
class AssignmentAdmin(OfPlan):
    """Whose part is whose."""

    list_display = ["user", "part", "plan", "school", "given_by", "given_at"]
    loaded = (
        "user",
        "given_by",
        "standard",
        "plan__form",
    )

    @admin.display(description="phần")
    def part(self, row: Assignment) -> str:
        """The section as its form calls it, or the standard."""
        section = row.plan.spec.section(row.section)
        return section.name if section else str(row.standard or row.section)


# --- the record -------------------------------------------------------------------------------------------


@admin.register(LoginSession)
class LoginSessionAdmin(ReadOnly):
    """Who is logged in where; the session's key is nobody's business."""

    list_display = ["user", "started_at", "device", "address"]
    list_select_related = ["user"]
    exclude = ["session_key"]


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnly):
    """Which letters went, which wait and why; what they say is their reader's."""

    list_display = ["to", "subject", "due_at", "attempts", "last_error", "sent_at"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    exclude = ["body"]


@admin.register(Job)
class JobAdmin(ReadOnly):
    """What people asked for and how it went; the name of its file is nobody's business."""

    list_display = ["title", "person", "state", "attempts", "error", "asked_at", "ended_at"]
    list_filter = ["state"]
    list_select_related = ["person"]
    exclude = ["result"]


@admin.register(Event)
class EventAdmin(ReadOnly):
    """The record."""

    list_display = ["at", "actor_name", "action", "subject_name", "address"]
    list_filter = ["action"]
    search_fields = ["actor_name", "subject_name"]
    date_hierarchy = "at"
