"""Items that follow from a visit's recommendations, and every step taken on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import User
from plans.followups.states import FollowUpState
from plans.inspections.models import Inspection, Recommendation
from plans.issuing.models import FrozenFile
from plans.planning.fields import TypedField
from plans.planning.models import PlanAction
from plans.schools.models import School


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Follow-up items."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """Return the items of the schools that `user` may see on the day `on` (default today)."""
        return self.filter(school__in=School.objects.visible_to(user, on))

    def pending(self) -> Self:
        """Return the items that nobody has verified yet."""
        return self.exclude(state=FollowUpState.VERIFIED)

    def overdue(self, on: date) -> Self:
        """Return the items that the school still owes on the day `on`, past their date."""
        return self.filter(state=FollowUpState.OPEN, due_on__lt=on)

    def soon(self, on: date, days: int) -> Self:
        """Return the items that the school owes within `days` days from the day `on`."""
        until = on + timedelta(days=days)
        return self.filter(state=FollowUpState.OPEN, due_on__range=(on, until))


class FollowUp(models.Model):
    """Việc theo dõi sau kiểm tra: what was recommended, as the minutes froze it, and where it stands.

    `carried_to` is the row of a later plan that took it over; the item stays open until it is verified.
    """

    school = models.ForeignKey(
        School, models.PROTECT, related_name="follow_ups", verbose_name="trường"
    )
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="follow_ups", verbose_name="buổi kiểm tra"
    )
    recommendation = models.OneToOneField(
        Recommendation, models.PROTECT, related_name="follow_up", verbose_name="kiến nghị"
    )
    about = models.CharField("về", max_length=500)
    body = TypedField("việc cần làm")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tiêu chí"
    )
    standard_number = models.PositiveSmallIntegerField("tiêu chuẩn số", null=True, blank=True)
    owner = models.CharField("người thực hiện", max_length=200, blank=True)
    due = models.CharField("hạn hoàn thành", max_length=100, blank=True)
    due_on = models.DateField("hạn đã đọc", null=True, blank=True)
    state = models.CharField(
        "trạng thái",
        max_length=20,
        choices=FollowUpState.choices,
        default=FollowUpState.OPEN,
    )
    reported_at = models.DateTimeField("báo xong lúc", null=True, blank=True)
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người báo"
    )
    verified_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xác nhận"
    )
    carried_to = models.ForeignKey(
        PlanAction,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name="đưa vào việc của kế hoạch",
    )
    created_at = models.DateTimeField("lập lúc", default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "việc theo dõi sau kiểm tra"
        verbose_name_plural = "việc theo dõi sau kiểm tra"
        ordering = ["school", models.F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=FollowUpState.VERIFIED)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="plans_follow_up_verified",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=models.F("reported_by")),
                name="plans_follow_up_somebody_else",
                violation_error_message="Người xác nhận phải khác người báo đã làm.",
            ),
        ]

    def __str__(self) -> str:
        return self.body[:80]


class FollowUpStep(models.Model):
    """What somebody did about an item, with words and proof."""

    class Kind(models.TextChoices):
        NOTE = "note", "Ghi tiến độ"
        REPORT = "report", "Báo đã làm xong"
        VERIFY = "verify", "Xác nhận hoàn thành"
        REOPEN = "reopen", "Mở lại"
        CARRY = "carry", "Đưa vào kế hoạch"
        CHANGE = "change", "Đổi người, đổi hạn"

    follow_up = models.ForeignKey(
        FollowUp, models.CASCADE, related_name="steps", verbose_name="việc theo dõi"
    )
    kind = models.CharField("việc", max_length=20, choices=Kind.choices)
    note = TypedField("nội dung")
    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người làm")

    class Meta:
        verbose_name = "bước theo dõi"
        verbose_name_plural = "bước theo dõi"
        ordering = ["follow_up", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note[:60]}"


class FollowUpFile(models.Model):
    """Minh chứng of a step."""

    step = models.ForeignKey(
        FollowUpStep, models.CASCADE, related_name="files", verbose_name="bước"
    )
    file = models.ForeignKey(FrozenFile, models.PROTECT, related_name="+", verbose_name="tệp")
    name = models.CharField("tên tệp", max_length=200)

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["step", "pk"]

    def __str__(self) -> str:
        return self.name
