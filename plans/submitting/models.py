"""The way of a plan: the council's opinions, an office's campaign, submissions with remarks and answers."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from plans.accounts.models import User
from plans.issuing.models import IssuedDocument
from plans.planning.fields import TypedField
from plans.planning.models import Plan, PlanForm
from plans.schools.models import ManagingBody, School, SchoolYear


class CouncilOpinion(models.Model):
    """Ý kiến của thành viên hội đồng about the finished draft; of an earlier draft once it was reopened."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="opinions", verbose_name="kế hoạch")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="thành viên")
    agrees = models.BooleanField("đồng ý")
    body = TypedField("ý kiến")
    given_at = models.DateTimeField("lúc", default=timezone.now)
    is_past = models.BooleanField("về bản thảo trước", default=False)

    class Meta:
        verbose_name = "ý kiến của hội đồng"
        verbose_name_plural = "ý kiến của hội đồng"
        ordering = ["plan", "given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "person"],
                condition=Q(is_past=False),
                name="plans_opinion_one_each",
                violation_error_message="Thầy cô đã có ý kiến về bản thảo này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {'đồng ý' if self.agrees else 'đề nghị sửa'}"


# --- campaigns --------------------------------------------------------------------------------------------


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns."""

    def visible_to(self, user: Any, on: date) -> Self:
        """Return the campaigns of the bodies that `user` decides for, and those that ask one of their schools."""
        from plans.accounts.rules import bodies_decided_by  # rules read models

        own = [row.school_id for row in user.memberships_on(on) if row.school_id]
        bodies = ManagingBody.objects.filter(bodies_decided_by(user, on))
        return self.filter(Q(body__in=bodies) | Q(schools__school__in=own)).distinct()


class Campaign(models.Model):
    """Đợt nộp kế hoạch of a body: which schools, which form, until when, and when to remind them."""

    body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="campaigns", verbose_name="cơ quan"
    )
    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, related_name="campaigns", verbose_name="năm học"
    )
    title = models.CharField("tên đợt", max_length=200)
    form = models.ForeignKey(
        PlanForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mẫu kế hoạch",
    )
    opens_on = models.DateField("mở từ ngày")
    deadline = models.DateField("hạn nộp")
    remind_days = models.JSONField("nhắc trước hạn (ngày)", default=list, blank=True)
    note = models.TextField("lời gửi các trường", max_length=5000, blank=True)
    closed_at = models.DateTimeField("đóng lúc", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("lập lúc", default=timezone.now, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt nộp kế hoạch"
        verbose_name_plural = "đợt nộp kế hoạch"
        ordering = ["-deadline", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("deadline")),
                name="plans_campaign_period",
                violation_error_message="Hạn nộp không được trước ngày mở đợt.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class CampaignSchool(models.Model):
    """A school that a campaign asks, with the later deadline it was given and why."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="schools", verbose_name="đợt"
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="campaigns", verbose_name="trường"
    )
    extended_to = models.DateField("gia hạn đến", null=True, blank=True)
    extension_reason = models.CharField("lý do gia hạn", max_length=500, blank=True)
    extended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người gia hạn"
    )

    class Meta:
        verbose_name = "trường trong đợt"
        verbose_name_plural = "trường trong đợt"
        ordering = ["campaign", "school__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "school"],
                name="plans_campaign_school_once",
                violation_error_message="Trường đã có trong đợt này.",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="plans_campaign_extension",
                violation_error_message="Hãy ghi lý do gia hạn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.school}"


# --- submissions ------------------------------------------------------------------------------------------


class Submission(models.Model):
    """Lần gửi: an issued document as it went to a body, and what the body did with it."""

    plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="submissions", verbose_name="kế hoạch"
    )
    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, related_name="submissions", verbose_name="văn bản"
    )
    body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="submissions", verbose_name="cơ quan nhận"
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name="đợt",
    )
    sequence = models.PositiveSmallIntegerField("lần gửi")
    sent_at = models.DateTimeField("gửi lúc", default=timezone.now)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người gửi")
    note = models.TextField("lời gửi kèm", max_length=5000, blank=True)
    received_at = models.DateTimeField("tiếp nhận lúc", null=True, blank=True)
    received_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người tiếp nhận",
    )
    returned_at = models.DateTimeField("trả lại lúc", null=True, blank=True)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả lại"
    )
    return_reason = models.TextField("lý do trả lại", max_length=5000, blank=True)
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt"
    )

    class Meta:
        verbose_name = "lần gửi kế hoạch"
        verbose_name_plural = "lần gửi kế hoạch"
        ordering = ["plan", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "sequence"], name="plans_submission_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.plan}: lần gửi {self.sequence}"


class Remark(models.Model):
    """Ý kiến của cơ quan on a section or a row of what was sent, and the school's answer to it.

    `section` is the form's key; `row_kind` ("planaction", "planrow", "criterionresult" or "") and `row_id` name
    the row, `place` says in words where it stood. Before the return it is the office's own draft.
    """

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="remarks", verbose_name="lần gửi"
    )
    section = models.CharField("mục", max_length=60, blank=True)
    row_kind = models.CharField("loại dòng", max_length=40, blank=True)
    row_id = models.BigIntegerField("mã dòng", null=True, blank=True)
    place = models.CharField("chỗ trong kế hoạch", max_length=300)
    body = TypedField("ý kiến")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    written_at = models.DateTimeField("lúc", default=timezone.now)
    answer = TypedField("trả lời của trường")
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả lời"
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "ý kiến khi trả lại"
        verbose_name_plural = "ý kiến khi trả lại"
        ordering = ["submission", "pk"]

    def __str__(self) -> str:
        return f"{self.place}: {self.body[:60]}"
