"""The back office: read-mostly. What people do every day has pages and actions of its own.

What is changed here goes into the record like everything else.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import models
from django.http import HttpRequest

from plans.accounts.models import LoginSession, Membership, User, new_session_stamp
from plans.history.actions import record
from plans.history.models import Event
from plans.planning.models import Plan, PlanForm
from plans.schools.actions import keep_search_text
from plans.schools.models import (
    BodyKind,
    Campus,
    ManagingBody,
    RecognitionDecision,
    School,
    SchoolBody,
    SchoolName,
    SchoolYear,
)


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
    """Plan forms as they were loaded."""

    list_display = ["title", "code", "revision", "first_year", "last_year", "source"]


@admin.register(LoginSession)
class LoginSessionAdmin(ReadOnly):
    """Who is logged in where; the session's key is nobody's business."""

    list_display = ["user", "started_at", "device", "address"]
    list_select_related = ["user"]
    exclude = ["session_key"]


@admin.register(Event)
class EventAdmin(ReadOnly):
    """The record."""

    list_display = ["at", "actor_name", "action", "subject_name", "address"]
    list_filter = ["action"]
    search_fields = ["actor_name", "subject_name"]
    date_hierarchy = "at"
