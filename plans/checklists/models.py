"""Checklists of an office: questions by criterion, in versions; what was published never changes."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from criteria.models import Criterion, Framework
from plans.accounts.models import User
from plans.schools.models import ManagingBody


class ChecklistQuerySet(models.QuerySet["Checklist"]):
    """Checklists."""

    def visible_to(self, user: Any, on: date) -> Self:
        """Return the checklists of the bodies that `user` decides for on the day `on`."""
        from plans.accounts.rules import bodies_decided_by  # rules read models

        return self.filter(body__in=ManagingBody.objects.filter(bodies_decided_by(user, on)))

    def published(self) -> Self:
        """Return the versions that visits may use."""
        return self.filter(published_at__isnull=False)

    def current(self) -> Self:
        """Return drafts, and of each checklist the version that no later published one replaces.

        After `published()`: what visits are to choose from.
        """
        later = Checklist.objects.published().filter(
            body=OuterRef("body"), code=OuterRef("code"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))


class Checklist(models.Model):
    """Phiếu kiểm tra of a body for one framework, one version of it; a draft until it is published.

    All versions of one checklist share `code`; a new version begins as a copy of the last.
    """

    body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="checklists", verbose_name="cơ quan"
    )
    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="+", verbose_name="bộ tiêu chuẩn"
    )
    code = models.SlugField("mã phiếu", max_length=40)
    number = models.PositiveSmallIntegerField("phiên bản", default=1)
    title = models.CharField("tên phiếu", max_length=200)
    created_at = models.DateTimeField("lập lúc", default=timezone.now, editable=False)
    published_at = models.DateTimeField("ban hành lúc", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ban hành"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu kiểm tra"
        verbose_name_plural = "phiếu kiểm tra"
        ordering = ["body", "code", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "code", "number"],
                name="plans_checklist_version_once",
                violation_error_message="Phiên bản này của phiếu đã có.",
            ),
            models.UniqueConstraint(
                fields=["body", "code"],
                condition=Q(published_at__isnull=True),
                name="plans_checklist_one_draft",
                violation_error_message="Phiếu này đang có một bản soạn dở.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="plans_checklist_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (phiên bản {self.number})"

    @property
    def is_draft(self) -> bool:
        """Whether its questions may still be changed."""
        return self.published_at is None


class Question(models.Model):
    """Câu hỏi of a checklist about one criterion; `choices` are the words to choose from, [] for other kinds."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", "Có hoặc không"
        CHOICE = "choice", "Chọn một"
        SEVERAL = "several", "Chọn nhiều"
        NUMBER = "number", "Số"
        TEXT = "text", "Lời ghi"

    checklist = models.ForeignKey(
        Checklist, models.CASCADE, related_name="questions", verbose_name="phiếu"
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name="tiêu chí"
    )
    position = models.PositiveIntegerField("thứ tự", default=0, editable=False)
    words = models.CharField("câu hỏi", max_length=500)
    kind = models.CharField("cách trả lời", max_length=20, choices=Kind.choices)
    choices = models.JSONField("các lựa chọn", default=list, blank=True)
    hint = models.CharField("gợi ý", max_length=500, blank=True)

    class Meta:
        verbose_name = "câu hỏi của phiếu kiểm tra"
        verbose_name_plural = "câu hỏi của phiếu kiểm tra"
        ordering = ["checklist", "position", "pk"]

    def __str__(self) -> str:
        return self.words
