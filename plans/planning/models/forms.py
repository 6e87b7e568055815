"""Forms of plans and layouts of documents as rows: revisions, drafts, and who uses which from when."""

from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import Q

from plans.accounts.models import User
from plans.planning.form import FormSpec, read_form
from plans.schools.models import ManagingBody, SchoolYear


class PlanFormQuerySet(models.QuerySet["PlanForm"]):
    """Plan forms."""

    def current(self) -> Self:
        """Return the newest revision of each form that is no draft."""
        newer = PlanForm.objects.filter(
            code=models.OuterRef("code"), revision__gt=models.OuterRef("revision"), is_draft=False
        )
        return self.filter(~models.Exists(newer), is_draft=False)

    def for_school_year(self, year: SchoolYear) -> Self:
        """Return the current forms made for a school year; the first is the one to take."""
        return self.current().filter(
            Q(first_year__lte=year.start_year)
            & (Q(last_year__isnull=True) | Q(last_year__gte=year.start_year))
        )

    def to_take(self, year: SchoolYear) -> "PlanForm | None":
        """Return the form for a new plan of a school year: the one made for it, else the newest there is."""
        return self.for_school_year(year).first() or self.current().first()


class PlanForm(models.Model):
    """Mẫu kế hoạch, one revision of it; never changed in place, a plan keeps the one it was started with."""

    code = models.CharField("mã mẫu", max_length=40)
    revision = models.PositiveSmallIntegerField("lần sửa", default=1)
    title = models.CharField("tên mẫu", max_length=200)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    first_year = models.PositiveSmallIntegerField("dùng từ năm học bắt đầu năm")
    last_year = models.PositiveSmallIntegerField("đến năm học bắt đầu năm", null=True, blank=True)
    data = models.JSONField("nội dung mẫu")
    digest = models.CharField("sha256", max_length=64, editable=False)
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="chép từ mẫu",
        editable=False,
    )
    is_draft = models.BooleanField("đang chỉnh sửa, chưa áp dụng", default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlanFormQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu kế hoạch"
        verbose_name_plural = "mẫu kế hoạch"
        ordering = ["-first_year", "code", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "revision"],
                name="plans_form_revision",
                violation_error_message="Mẫu này đã có lần sửa mang số đó.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def spec(self) -> FormSpec:
        """The form as values."""
        return read_form(self.data)

    @property
    def span(self) -> str:
        """The school years that the form is made for: "các năm học từ 2018-2019 đến 2025-2026"."""
        span = f"các năm học từ {self.first_year}-{self.first_year + 1}"
        if self.last_year is not None:
            span += f" đến {self.last_year}-{self.last_year + 1}"
        return span

    def warnings_for(self, year: SchoolYear) -> tuple[str, ...]:
        """Return what to say to who writes the plan of `year` in this form; () where it is made for the year.

        One query where it is not: the form that is made for the year is named.
        """
        if self.first_year <= year.start_year and (
            self.last_year is None or year.start_year <= self.last_year
        ):
            return ()
        meant = PlanForm.objects.for_school_year(year).first()
        instead = (
            f"năm học {year.label} có mẫu “{meant.title}”"
            if meant
            else f"chương trình chưa có mẫu riêng cho năm học {year.label}"
        )
        return (
            f"Mẫu kế hoạch đang dùng chỉ dành cho {self.span}; {instead}. Thầy cô hỏi cơ quan quản lý "
            "trước khi trình.",
        )


class FormInForce(models.Model):
    """A form put in force for a body's schools from a day on; without a body, for every school."""

    form = models.ForeignKey(
        PlanForm, models.PROTECT, related_name="in_force", verbose_name="mẫu kế hoạch"
    )
    body = models.ForeignKey(
        ManagingBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forms_in_force",
        verbose_name="cơ quan",
    )
    valid_from = models.DateField("áp dụng từ ngày")
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người cho áp dụng"
    )

    class Meta:
        verbose_name = "mẫu đang áp dụng"
        verbose_name_plural = "mẫu đang áp dụng"
        ordering = ["-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.form}, {self.body or 'mọi trường'}, từ {self.valid_from:%d/%m/%Y}"


class BodyLayout(models.Model):
    """Thể thức: the measures of documents for a body's schools from a day on; without a body, for every school.

    A row is never changed: another look is another row with a later day or a later number.
    """

    body = models.ForeignKey(
        ManagingBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="layouts",
        verbose_name="cơ quan",
    )
    valid_from = models.DateField("áp dụng từ ngày")
    data = models.JSONField("thể thức", default=dict)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người cho áp dụng"
    )

    class Meta:
        verbose_name = "thể thức của cơ quan"
        verbose_name_plural = "thể thức của cơ quan"
        ordering = ["-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"Thể thức {self.body or 'chung'} từ {self.valid_from:%d/%m/%Y}"
