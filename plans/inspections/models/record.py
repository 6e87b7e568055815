"""The record of a visit: findings on frozen parts of the plan, recommendations, people present, photos, entries.

Every field that is written on the spot is changed by entries alone (`Entry`): a device keeps them until they are
sent, each has an id of its own and is applied once. `revisions` of a row maps a field to the number of changes so
far (absent is 0): an entry that was written over an older number than the present one is a conflict, kept with
both words until somebody of the team settles it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import User
from plans.checklists.models import Question
from plans.inspections.enums import FindingKind, Outcome, Side, Verdict
from plans.inspections.models.visit import Inspection, TeamMember
from plans.issuing.models import FrozenFile
from plans.planning.fields import TypedField


class Finding(models.Model):
    """Nhận xét on one part of the plan as it stood at the visit.

    `key` names the part within the record for good ("viec-12", "muc-purpose", "tieu-chuan-3", "chung").
    `quoted` are the plan's own words, [[label, text], …]. `action_id` is the key of the plan's action on that
    day, of which nothing may be left today.
    """

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="findings", verbose_name="buổi kiểm tra"
    )
    kind = models.CharField("về", max_length=20, choices=FindingKind.choices)
    key = models.CharField("mã", max_length=80)
    position = models.PositiveIntegerField("thứ tự", default=0)
    title = models.CharField("tên", max_length=500)
    quoted = models.JSONField("trích kế hoạch", default=list, blank=True)
    action_key = models.BigIntegerField("mã việc", null=True, blank=True)
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tiêu chí"
    )
    standard_number = models.PositiveSmallIntegerField("tiêu chuẩn số", null=True, blank=True)

    verdict = models.CharField(
        "đến hôm nay", max_length=20, choices=Verdict.choices, blank=True, default=""
    )
    seen = TypedField("nhận xét")
    evidence = TypedField("minh chứng đã xem")
    strengths = TypedField("ưu điểm")
    limits = TypedField("hạn chế")
    revisions = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = "nhận xét"
        verbose_name_plural = "nhận xét"
        ordering = ["inspection", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "key"], name="plans_finding_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_words(self) -> bool:
        """Whether the team wrote anything in words here; a verdict alone is no remark."""
        return any(map(str.strip, (self.seen, self.strengths, self.limits)))


class Recommendation(models.Model):
    """Kiến nghị to the school: what to do, who, until when; `due` as typed, `due_on` as read from it."""

    finding = models.ForeignKey(
        Finding, models.CASCADE, related_name="recommendations", verbose_name="nhận xét"
    )
    client_id = models.UUIDField("mã trên máy", unique=True)
    body = TypedField("nhà trường cần làm gì")
    owner = TypedField("người thực hiện", limit=200)
    due = TypedField("hạn hoàn thành", limit=100)
    due_on = models.DateField("hạn đã đọc", null=True, blank=True)
    removed = models.CharField("đã bỏ", max_length=10, blank=True, default="")
    created_at = models.DateTimeField("lúc", default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    revisions = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = "kiến nghị"
        verbose_name_plural = "kiến nghị"
        ordering = ["finding", "created_at", "pk"]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_live(self) -> bool:
        """Whether it says something and was not taken back."""
        return not self.removed and bool(self.body.strip())


class Attendee(models.Model):
    """Somebody present for the school, with their post; those of the team are `TeamMember`."""

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="attendees", verbose_name="buổi kiểm tra"
    )
    client_id = models.UUIDField("mã trên máy", unique=True)
    honorific = TypedField("xưng hô", limit=20)
    full_name = TypedField("họ và tên", limit=120)
    position = TypedField("chức vụ", limit=120)
    removed = models.CharField("đã bỏ", max_length=10, blank=True, default="")
    place = models.PositiveIntegerField("thứ tự", default=0)
    revisions = models.JSONField(default=dict, editable=False)

    side = Side.SCHOOL

    class Meta:
        verbose_name = "người dự phía nhà trường"
        verbose_name_plural = "người dự phía nhà trường"
        ordering = ["inspection", "place", "pk"]

    def __str__(self) -> str:
        return self.full_name


class ChecklistAnswer(models.Model):
    """The answer to a question of a pinned checklist; several choices are one to a line."""

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="answers", verbose_name="buổi kiểm tra"
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name="câu hỏi")
    value = TypedField("trả lời")
    revisions = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = "trả lời phiếu kiểm tra"
        verbose_name_plural = "trả lời phiếu kiểm tra"
        ordering = ["inspection", "question"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "question"], name="plans_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value[:60]}"


class Photo(models.Model):
    """Ảnh of a finding: re-encoded, without metadata, in two sizes; one taken back is served to nobody."""

    finding = models.ForeignKey(
        Finding, models.CASCADE, related_name="photos", verbose_name="nhận xét"
    )
    client_id = models.UUIDField("mã trên máy", unique=True)
    file = models.ForeignKey(FrozenFile, models.PROTECT, related_name="+", verbose_name="ảnh")
    small = models.ForeignKey(FrozenFile, models.PROTECT, related_name="+", verbose_name="ảnh nhỏ")
    width = models.PositiveIntegerField("rộng (điểm ảnh)")
    height = models.PositiveIntegerField("cao (điểm ảnh)")
    caption = TypedField("chú thích", limit=300)
    taken_at = models.DateTimeField("chụp lúc (giờ của máy)", null=True, blank=True)
    added_at = models.DateTimeField("nhận lúc", default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người chụp")
    removed = models.CharField("đã bỏ", max_length=10, blank=True, default="")
    revisions = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = "ảnh kiểm tra"
        verbose_name_plural = "ảnh kiểm tra"
        ordering = ["finding", "added_at", "pk"]

    def __str__(self) -> str:
        return self.caption or f"Ảnh {self.pk}"


class Entry(models.Model):
    """One change of one field as a device sent it, kept for good: whose, over what, what became of it.

    `target` names the row: "visit", "finding:<key>", "recommendation:<uuid>", "attendee:<uuid>", "photo:<uuid>",
    "member:<id>", "question:<id>". `base` is the number of changes the writer saw, `revision` the number after it
    was saved. A conflict is open while `settled_at` is null. `device_at` is the device's own clock, which may be
    wrong; `received_at` is ours.
    """

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="entries", verbose_name="buổi kiểm tra"
    )
    client_id = models.UUIDField("mã trên máy")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    seat = models.ForeignKey(
        TeamMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="trong tổ"
    )
    device = models.CharField("máy", max_length=40, blank=True)
    target = models.CharField("chỗ ghi", max_length=120)
    field = models.CharField("ô", max_length=40)
    value = TypedField("điều đã ghi")
    base = models.PositiveIntegerField("ghi trên lần sửa thứ")
    revision = models.PositiveIntegerField("thành lần sửa thứ", null=True, blank=True)
    outcome = models.CharField("kết quả", max_length=20, choices=Outcome.choices)
    words = models.CharField("lời báo", max_length=300, blank=True)
    device_at = models.DateTimeField("giờ của máy", null=True, blank=True)
    received_at = models.DateTimeField("nhận lúc", default=timezone.now)
    settled_at = models.DateTimeField("giải quyết lúc", null=True, blank=True)
    settled_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người giải quyết",
    )

    class Meta:
        verbose_name = "lần ghi tại chỗ"
        verbose_name_plural = "lần ghi tại chỗ"
        ordering = ["inspection", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "client_id"], name="plans_entry_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(outcome=Outcome.CONFLICT),
                name="plans_entry_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}.{self.field}"
