"""The plan (kế hoạch): its form, its texts, its results by criterion, its actions.

What a person typed is kept to the letter in text fields; values read from it stand in fields beside it. Every
row that a person edits carries a `version`, raised with each save, so that a save on an older state is seen.
"""

import uuid
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from criteria.enums import Level
from criteria.models import Criterion, Framework
from plans.planning.fields import TEXT_LIMIT, TypedField
from plans.planning.form import FormSpec
from plans.planning.models.forms import PlanForm
from plans.planning.states import PlanState
from plans.schools.models import School, SchoolYear


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """Return the plans of the schools that `user` may see on the day `on` (default today)."""
        return self.filter(school__in=School.objects.visible_to(user, on))

    def for_page(self) -> Self:
        """Load what every page of a plan names: school, year, form, framework; one query."""
        return self.select_related(
            "school", "school_year", "form", "framework", "started_from__school_year"
        )

    def for_editing(self) -> Self:
        """Load plans with all their rows, in a fixed number of queries: what progress and editor read."""
        return self.for_page().prefetch_related(*editing_rows())

    def for_document(self) -> Self:
        """Load plans with all that their document names: rows, names and bodies by date."""
        return self.for_editing().prefetch_related("school__body_links__body__successor")


def editing_rows() -> tuple[str | Prefetch, ...]:
    """Return the look-ups of all rows of a plan, for `prefetch_related` and `prefetch_related_objects`."""
    return (
        "texts",
        "school__names",
        Prefetch("results", CriterionResult.objects.select_related("criterion")),
        Prefetch("actions", PlanAction.objects.in_print_order()),
        Prefetch("rows", PlanRow.objects.filter(removed_at__isnull=True)),
    )


class Plan(models.Model):
    """Kế hoạch cải tiến chất lượng giáo dục of a school for a school year."""

    school = models.ForeignKey(School, models.PROTECT, related_name="plans", verbose_name="trường")
    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, related_name="plans", verbose_name="năm học"
    )
    form = models.ForeignKey(
        PlanForm, models.PROTECT, related_name="plans", verbose_name="mẫu kế hoạch"
    )
    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="plans", verbose_name="bộ tiêu chuẩn"
    )
    state = models.CharField(
        "trạng thái", max_length=20, choices=PlanState.choices, default=PlanState.DRAFT
    )
    number = models.CharField(
        "số văn bản",
        max_length=20,
        blank=True,
        help_text="Để trống khi chưa cấp số; bản in chừa chỗ ghi tay.",
    )
    document_month = models.DateField(
        "tháng, năm trên văn bản",
        null=True,
        blank=True,
        help_text="Khi chưa rõ ngày ban hành, bản in chừa trống ngày.",
    )
    document_date = models.DateField("ngày ban hành", null=True, blank=True)
    signing_capacity = models.CharField(
        "quyền hạn, chức vụ của người ký", max_length=200, blank=True
    )
    signer_name = models.CharField("họ và tên người ký", max_length=120, blank=True)
    started_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_in",
        verbose_name="lập từ kế hoạch",
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("lập lúc", auto_now_add=True)
    changed_at = models.DateTimeField("sửa lần cuối lúc", auto_now=True)
    finished_at = models.DateTimeField("soạn xong lúc", null=True, blank=True, editable=False)
    state_since = models.DateTimeField("ở trạng thái này từ", default=timezone.now, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-school_year__start_year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year"],
                name="plans_plan_one_a_year",
                violation_error_message="Trường đã có kế hoạch cho năm học này.",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT, finished_at__isnull=True)
                | (~Q(state=PlanState.DRAFT) & Q(finished_at__isnull=False)),
                name="plans_plan_finished_at",
                violation_error_message="Kế hoạch đã soạn xong phải ghi thời điểm soạn xong.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kế hoạch năm học {self.school_year.label}"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("planning:plan", args=[self.pk])

    @property
    def names_on(self) -> date:
        """The day whose names the document prints: of issue, else of the month, else the year's first."""
        return self.document_date or self.document_month or self.school_year.starts_on

    @property
    def spec(self) -> FormSpec:
        """The form that the plan was started with, as values."""
        return self.form.spec

    def text(self, key: str) -> str:
        """What stands in the section `key`, "" when nothing does. Reads the prefetched texts."""
        return next((row.body for row in self.texts.all() if row.section == key), "")


class PlanText(models.Model):
    """Mục văn bản: what was typed into one section of the plan (purpose, grounds, duties, recipients …).

    Duties (Duty), legal grounds (LegalGround) and recipients are typed and printed as lines, in one field as in
    Word; a table of rows each would turn every pasted list into as many forms. `section` is the form's key.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="texts", verbose_name="kế hoạch")
    section = models.CharField("mục", max_length=60)
    body = TypedField("nội dung", limit=TEXT_LIMIT)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "mục văn bản"
        verbose_name_plural = "mục văn bản"
        ordering = ["plan", "section"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "section"],
                name="plans_text_section",
                violation_error_message="Mục này của kế hoạch đã có nội dung.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.section}"


class CriterionResult(models.Model):
    """Kết quả theo tiêu chí: the level that the school says a criterion reached; None is chưa đánh giá."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="results", verbose_name="kế hoạch")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name="tiêu chí"
    )
    level = models.PositiveSmallIntegerField(
        "kết quả", choices=Level.choices, null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "kết quả theo tiêu chí"
        verbose_name_plural = "kết quả theo tiêu chí"
        ordering = ["plan", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "criterion"],
                name="plans_result_criterion",
                violation_error_message="Tiêu chí này đã có kết quả.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.get_level_display() or 'chưa đánh giá'}"


class PlanActionQuerySet(models.QuerySet["PlanAction"]):
    """Actions."""

    def kept(self) -> Self:
        """Return the actions that were not deleted."""
        return self.filter(removed_at__isnull=True)

    def in_print_order(self) -> Self:
        """Return the kept actions as the table prints them: by band, criterion, position."""
        return (
            self.kept()
            .select_related("criterion__standard")
            .order_by(
                "band",
                models.F("criterion__standard__number").asc(nulls_last=True),
                models.F("criterion__position").asc(nulls_last=True),
                "position",
                "pk",
            )
        )


class PlanAction(models.Model):
    """Dòng công việc of the plan's table.

    Its fields are those of both forms, the 2018 one and Mẫu 2 of TT 57/2026; a form says which of them it
    prints, in which columns. `thread` stays the same when an action is carried into another year's plan.
    `readings` holds what was read from the typed words, by field; `proposed_at` marks a row that the program
    proposed and nobody has confirmed or edited yet; `proposed_for` are the words of the weakness that it answers.
    """

    class Progress(models.TextChoices):
        DONE = "done", "Hoàn thành"
        UNDER_WAY = "under_way", "Đang thực hiện"
        NOT_DONE = "not_done", "Chưa hoàn thành"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="actions", verbose_name="kế hoạch")
    thread = models.UUIDField(default=uuid.uuid4, editable=False)
    criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tiêu chuẩn, tiêu chí",
    )
    band = models.CharField("mức hướng tới", max_length=20, blank=True)
    subject = TypedField("nội dung cải tiến")
    current_state = TypedField("hiện trạng, điểm yếu")
    target_result = TypedField("kết quả cần đạt")
    measures = TypedField("công việc/giải pháp cần thực hiện")
    success_measures = TypedField("chỉ số đánh giá kết quả")
    lead = TypedField("chủ trì")
    partners = TypedField("phối hợp")
    timeframe = TypedField("thời gian thực hiện và hoàn thành")
    starts_on = models.DateField("bắt đầu", null=True, blank=True, editable=False)
    ends_on = models.DateField("hoàn thành", null=True, blank=True, editable=False)
    budget_text = TypedField("dự kiến kinh phí")
    budget_min = models.BigIntegerField(
        "kinh phí ít nhất (đồng)", null=True, blank=True, editable=False
    )
    budget_max = models.BigIntegerField(
        "kinh phí nhiều nhất (đồng)", null=True, blank=True, editable=False
    )
    resources = TypedField("nguồn lực bảo đảm")
    expected_evidence = TypedField("thông tin, dữ liệu hoặc minh chứng dự kiến")
    other_support = TypedField("điều kiện hỗ trợ khác")
    remarks = TypedField("ghi chú")
    progress = models.CharField(
        "mức độ thực hiện", max_length=20, choices=Progress.choices, blank=True, default=""
    )
    readings = models.JSONField("cách hiểu các ô", default=dict, blank=True, editable=False)
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name="tiếp tục việc của năm trước",
        editable=False,
    )
    proposed_at = models.DateTimeField(
        "đề xuất lúc, chưa ai xác nhận", null=True, blank=True, editable=False
    )
    proposed_for = TypedField("điểm yếu mà việc được đề xuất từ đó", editable=False)
    position = models.PositiveIntegerField("thứ tự", default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    removed_at = models.DateTimeField("xóa lúc", null=True, blank=True, editable=False)

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        verbose_name = "việc"
        verbose_name_plural = "việc"
        ordering = ["plan", "position", "pk"]
        indexes = [
            models.Index(fields=["plan", "removed_at", "position"], name="plan_action_order")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_min__isnull=True)
                | Q(budget_max__isnull=True)
                | Q(budget_min__lte=models.F("budget_max")),
                name="plans_action_budget",
                violation_error_message="Kinh phí ít nhất không được lớn hơn kinh phí nhiều nhất.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=models.F("ends_on")),
                name="plans_action_period",
                violation_error_message="Thời điểm hoàn thành không được trước thời điểm bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        if self.criterion:
            return f"Việc ở Tiêu chí {self.criterion.number}"
        return f"Việc “{self.subject[:80]}”" if self.subject else "Việc chưa chọn tiêu chí"

    @property
    def brief(self) -> str:
        """The row in a few words, for a list: its criterion and how its work begins."""
        words = (self.subject or self.target_result or self.measures).strip().split("\n")[0]
        words = words.lstrip("-–• ")
        start = words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0] + "…"
        parts = [f"Tiêu chí {self.criterion.number}" if self.criterion else "", start]
        return ": ".join(part for part in parts if part) or str(self)

    def shown(self, name: str) -> str:
        """Return what stands in the field `name`, as screen and paper show it."""
        return self.get_progress_display() if name == "progress" else str(getattr(self, name))

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that the action aims at, rising; () when none was chosen."""
        return tuple(int(part) for part in self.band.split(",") if part.isdigit())


class PlanRow(models.Model):
    """A row of a small table of the form (Mẫu 2: vấn đề trọng tâm, theo dõi); `cells` by column key.

    A row that the form itself begins (Cuối học kỳ I) holds under FIXED, which no column is called, which of
    the form's rows it is; the words that the form gives it are read there, not kept here.
    """

    FIXED = "#"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="rows", verbose_name="kế hoạch")
    section = models.CharField("mục", max_length=60)
    cells = models.JSONField("các ô", default=dict, blank=True)
    position = models.PositiveIntegerField("thứ tự", default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    removed_at = models.DateTimeField("xóa lúc", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "dòng của bảng"
        verbose_name_plural = "dòng của bảng"
        ordering = ["plan", "section", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.plan} · {self.section} · {self.position}"

    @property
    def fixed_number(self) -> int | None:
        """Which of the form's own rows this is, from 0; None for a row that people added."""
        number = self.cells.get(self.FIXED)
        return number if isinstance(number, int) else None

    def text(self, column: str) -> str:
        """Return what was typed into a column, "" when nothing was."""
        return str(self.cells.get(column, ""))
