"""Forms of plans and layouts of documents as rows: revisions, drafts, and who uses which from when."""

from datetime import date
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.rules import bodies_decided_by
from plans.planning.form import FormSpec, read_form
from plans.schools.above import bodies_above, nearest
from plans.schools.models import ManagingBody, School, SchoolYear, SchoolYearQuerySet


class PlanFormQuerySet(models.QuerySet["PlanForm"]):
    """Plan forms."""

    def current(self) -> Self:
        """Return the newest revision of each form of the house; a copy that people made is for whom they say."""
        newer = PlanForm.objects.filter(
            code=models.OuterRef("code"), revision__gt=models.OuterRef("revision"), is_draft=False
        )
        return self.filter(~models.Exists(newer), is_draft=False, based_on__isnull=True)

    def visible_to(self, user: User, on: date) -> Self:
        """Return the forms that who decides about forms sees: those for everybody, and their own bodies'."""
        own = ManagingBody.objects.filter(bodies_decided_by(user, on))
        if any(row.sees_everything for row in user.memberships_on(on)):
            return self
        return self.filter(Q(is_draft=False, body__isnull=True) | Q(body__in=own))

    def offered_to(self, school: School, year: SchoolYear | None = None) -> Self:
        """Return the forms that a plan of `school` may be written in: the current ones and its bodies' own.

        With `year` only those that its bodies let hold by that year's first day.
        """
        decided = FormInForce.objects.for_school(school, year.starts_on if year else None)
        return self.filter(
            Q(pk__in=PlanForm.objects.current().values("pk")) | Q(pk__in=decided.values("form"))
        )

    def for_school_year(self, year: SchoolYear) -> Self:
        """Return the current forms made for a school year; the first is the one to take."""
        return self.current().filter(made_for(year))

    def to_take(self, year: SchoolYear, school: School | None = None) -> "PlanForm | None":
        """Return the form for a new plan of a school year: the one made for it, else the newest there is.

        Of those made for it, the one comes first that the school's nearest body has put in force by the year's
        first day, then the one that is in force for every school, then the house's own.
        """
        decided = FormInForce.objects.deciding(school, year) if school else None
        if decided is not None:
            return decided.form
        return self.for_school_year(year).first() or self.current().first()


def made_for(year: SchoolYear, prefix: str = "") -> Q:
    """Return the condition on PlanForm "made for plans of that school year"."""
    return Q(**{f"{prefix}first_year__lte": year.start_year}) & (
        Q(**{f"{prefix}last_year__isnull": True})
        | Q(**{f"{prefix}last_year__gte": year.start_year})
    )


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
    body = models.ForeignKey(
        ManagingBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forms",
        verbose_name="cơ quan soạn",
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

    def years(self) -> SchoolYearQuerySet:
        """Return the school years that the form is made for."""
        years = SchoolYear.objects.filter(start_year__gte=self.first_year)
        return years if self.last_year is None else years.filter(start_year__lte=self.last_year)

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


class FormInForceQuerySet(models.QuerySet["FormInForce"]):
    """Decisions about forms, newest first."""

    def for_school(self, school: School, by: date | None = None) -> Self:
        """Return the decisions that reach a school: its bodies', and those for every school.

        Only those that hold by the day `by`, where there is one; the bodies are that day's, else today's.
        """
        rows = self._reaching(bodies_above(school, by or timezone.localdate()))
        return rows.filter(valid_from__lte=by) if by else rows

    def deciding(self, school: School, year: SchoolYear) -> "FormInForce | None":
        """Return the decision that names the form of a school's plan for `year`, None where there is none."""
        above = bodies_above(school, year.starts_on)
        rows = self._reaching(above).filter(
            made_for(year, "form__"), valid_from__lte=year.starts_on
        )
        found: list[FormInForce] = list(rows.select_related("form"))
        return min(found, key=lambda row: nearest(row.body_id, above), default=None)

    def _reaching(self, above: list[int]) -> Self:
        return self.filter(Q(body__in=above) | Q(body__isnull=True))


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

    objects = FormInForceQuerySet.as_manager()

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
