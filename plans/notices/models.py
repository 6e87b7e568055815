"""Notices, how each person wants them, and the outbox from which e-mail goes out."""

from django.db import models
from django.utils import timezone

from plans.accounts.models import User
from plans.notices.enums import Mail, NoticeKind


class Notice(models.Model):
    """Thông báo to one person. `key` says what it is about, so that nobody is told the same twice.

    `path` is the page it leads to; `school_id` and `plan_id` are numbers and no keys, for it outlives them.
    """

    person = models.ForeignKey(
        User, models.CASCADE, related_name="notices", verbose_name="người nhận"
    )
    kind = models.CharField("loại", max_length=20, choices=NoticeKind.choices)
    key = models.CharField("dấu để không báo hai lần", max_length=120)
    text = models.CharField("nội dung", max_length=500)
    path = models.CharField("trang", max_length=300)
    school_id = models.BigIntegerField("mã trường", null=True, blank=True)
    plan_id = models.BigIntegerField("mã kế hoạch", null=True, blank=True)
    at = models.DateTimeField("lúc", default=timezone.now)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)
    digested_at = models.DateTimeField("gộp vào thư lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "read_at", "-at"], name="notice_person")]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="plans_notice_once")]

    def __str__(self) -> str:
        return self.text


class NoticeChoice(models.Model):
    """How a person wants notices of a kind; without a row the kind's default holds."""

    person = models.ForeignKey(
        User, models.CASCADE, related_name="notice_choices", verbose_name="người nhận"
    )
    kind = models.CharField("loại", max_length=20, choices=NoticeKind.choices)
    in_app = models.BooleanField("hiện trong chương trình", default=True)
    mail = models.CharField("thư điện tử", max_length=20, choices=Mail.choices)

    class Meta:
        verbose_name = "lựa chọn nhận thông báo"
        verbose_name_plural = "lựa chọn nhận thông báo"
        ordering = ["person", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="plans_notice_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class OutboxMail(models.Model):
    """A letter to be sent: written in the transaction of what it tells, sent after it, tried again until it went.

    `claimed_at` marks the worker that is sending it; a worker that died lets go of it after a while.
    """

    key = models.CharField("dấu để không gửi hai lần", max_length=160, unique=True)
    to = models.EmailField("đến")
    subject = models.CharField("tiêu đề", max_length=200)
    body = models.TextField("nội dung")
    written_at = models.DateTimeField("viết lúc", default=timezone.now)
    due_at = models.DateTimeField("gửi từ lúc", default=timezone.now)
    claimed_at = models.DateTimeField("bắt đầu gửi lúc", null=True, blank=True)
    sent_at = models.DateTimeField("đã gửi lúc", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    last_error = models.CharField("lỗi lần cuối", max_length=300, blank=True)

    class Meta:
        verbose_name = "thư chờ gửi"
        verbose_name_plural = "thư chờ gửi"
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["sent_at", "due_at"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
