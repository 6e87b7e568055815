"""A job: what a person asked for, how far it is, what came of it."""

from django.db import models
from django.utils import timezone

from plans.accounts.models import User
from plans.jobs.enums import JobState


class Job(models.Model):
    """Việc chạy nền. `key` names the same request, so that asking twice makes one job; `result` is a stored file.

    `beat_at` is the last sign of life of its worker; one that fell silent is taken up again by another.
    """

    key = models.CharField("dấu để không chạy hai lần", max_length=160, unique=True)
    kind = models.CharField("loại", max_length=40)
    title = models.CharField("tên việc", max_length=200)
    person = models.ForeignKey(
        User, models.CASCADE, related_name="jobs", verbose_name="người yêu cầu"
    )
    arguments = models.JSONField("yêu cầu", default=dict)
    state = models.CharField(
        "trạng thái", max_length=20, choices=JobState.choices, default=JobState.WAITING
    )
    total = models.PositiveIntegerField("tổng số", default=0)
    done = models.PositiveIntegerField("đã xong", default=0)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0)
    error = models.CharField("lỗi", max_length=300, blank=True)
    result = models.CharField("tệp kết quả", max_length=200, blank=True)
    result_name = models.CharField("tên tệp khi tải về", max_length=200, blank=True)
    asked_at = models.DateTimeField("yêu cầu lúc", default=timezone.now)
    beat_at = models.DateTimeField("dấu hiệu cuối", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.title
