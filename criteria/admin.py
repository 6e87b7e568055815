"""The standards in the back office: to be looked at, with how far each is verified; never edited.

Corrections go into the file under fixtures/frameworks/ and come in as a new revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from criteria.models import (
    Criterion,
    CriterionLevel,
    Framework,
    FrameworkKind,
    FrameworkQuerySet,
    Indicator,
    SchoolRequirement,
    Standard,
)

if TYPE_CHECKING:
    # Generic to the type checker only: Django's own classes take no subscript at run time.
    TabularInline = admin.TabularInline[Any, Any]
    ModelAdmin = admin.ModelAdmin[Any]
else:
    TabularInline = admin.TabularInline
    ModelAdmin = admin.ModelAdmin


class ReadOnly:
    """Takes adding, changing and deleting from everybody; who may view is Django's question."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FrameworkKindInline(ReadOnly, TabularInline):
    model = FrameworkKind
    fields = ["kind"]


class SchoolRequirementInline(ReadOnly, TabularInline):
    model = SchoolRequirement
    fields = ["level", "clause", "gist", "article"]


class StandardInline(ReadOnly, TabularInline):
    model = Standard
    fields = ["number", "title"]


class CriterionLevelInline(ReadOnly, TabularInline):
    model = CriterionLevel
    fields = ["level", "article"]


class IndicatorInline(ReadOnly, TabularInline):
    model = Indicator
    fields = ["level", "letter", "gist", "article"]


class SupersededFilter(admin.SimpleListFilter):
    """Newest revisions or superseded ones."""

    title = "bản ghi"
    parameter_name = "ban-ghi"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("moi-nhat", "Mới nhất"), ("da-thay", "Đã được thay")]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Framework]
    ) -> models.QuerySet[Framework]:
        assert isinstance(queryset, FrameworkQuerySet)
        match self.value():
            case "moi-nhat":
                return queryset.newest()
            case "da-thay":
                return queryset.superseded()
        return queryset


@admin.register(Framework)
class FrameworkAdmin(ReadOnly, ModelAdmin):
    list_display = ["code", "revision", "label", "valid_from", "valid_to", "verification"]
    list_filter = ["verification", SupersededFilter, "kinds__kind"]
    search_fields = ["code", "number", "name"]
    inlines = [FrameworkKindInline, StandardInline, SchoolRequirementInline]
    fieldsets = [
        (None, {"fields": ["code", "revision", "number", "name", "issuer", "issued_on"]}),
        ("Sửa đổi, bổ sung", {"fields": ["amended_by", "amended_on"]}),
        ("Áp dụng", {"fields": ["valid_from", "valid_to", "max_level", "level_rule"]}),
        ("Mức độ xác minh", {"fields": ["verification", "verification_note", "source_list"]}),
        ("Nạp từ tệp", {"fields": ["sha256", "loaded_at"]}),
    ]
    readonly_fields = ["source_list"]

    @admin.display(description="nguồn đối chiếu")
    def source_list(self, framework: Framework) -> SafeString:
        """The sources, one a line."""
        return format_html_join("", "<div>{}</div>", ((source,) for source in framework.sources))


@admin.register(Criterion)
class CriterionAdmin(ReadOnly, ModelAdmin):
    list_display = ["number", "title", "framework", "mandatory", "verification"]
    list_filter = ["verification", "mandatory", "standard__framework"]
    list_select_related = ["standard__framework"]
    search_fields = ["number", "title"]
    inlines = [CriterionLevelInline, IndicatorInline]

    @admin.display(description="bộ tiêu chuẩn", ordering="standard__framework")
    def framework(self, criterion: Criterion) -> str:
        return str(criterion.standard.framework)
