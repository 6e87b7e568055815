"""Quyền phản hồi: what the school answers to a remark, with files, and what the team decides."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.inspections.enums import Decision
from plans.inspections.models.record import Finding
from plans.issuing.models import FrozenFile
from plans.planning.fields import TypedField


class Reply(models.Model):
    """The school's answer to one finding, and the team's decision: giữ, sửa (with the new words), rút."""

    finding = models.OneToOneField(
        Finding, models.CASCADE, related_name="reply", verbose_name="nhận xét"
    )
    body = TypedField("phản hồi của nhà trường")
    answered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người phản hồi"
    )
    answered_at = models.DateTimeField("phản hồi lúc", default=timezone.now)
    decision = models.CharField(
        "quyết định của tổ", max_length=20, choices=Decision.choices, blank=True, default=""
    )
    decision_note = TypedField("lý do của tổ")
    changed_words = TypedField("nhận xét sau khi sửa")
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người quyết định",
    )
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "phản hồi của nhà trường"
        verbose_name_plural = "phản hồi của nhà trường"
        ordering = ["finding"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="plans_reply_decided",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.CHANGE) | ~Q(changed_words=""),
                name="plans_reply_changed",
                violation_error_message="Hãy ghi nhận xét sau khi sửa.",
            ),
        ]

    def __str__(self) -> str:
        return f"Phản hồi về {self.finding}"


class ReplyFile(models.Model):
    """A file that the school adds to its answer."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="files", verbose_name="phản hồi")
    file = models.ForeignKey(FrozenFile, models.PROTECT, related_name="+", verbose_name="tệp")
    name = models.CharField("tên tệp", max_length=200)
    added_at = models.DateTimeField("thêm lúc", default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người thêm")

    class Meta:
        verbose_name = "tệp của phản hồi"
        verbose_name_plural = "tệp của phản hồi"
        ordering = ["reply", "pk"]

    def __str__(self) -> str:
        return self.name
