"""The record of who did what: one append-only table that outlives what it speaks of."""

from datetime import datetime
from typing import Self

from django.db import models


class EventQuerySet(models.QuerySet["Event"]):
    """Events, newest first."""

    def about(self, subject: models.Model) -> Self:
        """Return the events about one row."""
        return self.filter(subject_type=subject._meta.model_name, subject_id=str(subject.pk))

    def of_plan(self, plan: models.Model) -> Self:
        """Return the events about a plan and about the rows that stand in it."""
        return self.filter(plan_id=plan.pk)

    def since(self, moment: datetime) -> Self:
        """Return the events from `moment` on, inclusive."""
        return self.filter(at__gte=moment)


class Event(models.Model):
    """Nhật ký: who did what to what, when, from where.

    No foreign keys, so that it outlives its subject. `before` holds the values as they stood before the
    change; what they became is the next event's `before` or the row itself.
    """

    at = models.DateTimeField("lúc")
    actor_id = models.BigIntegerField("mã người thực hiện", null=True, blank=True)
    actor_name = models.CharField("người thực hiện", max_length=200, blank=True)
    address = models.GenericIPAddressField("địa chỉ mạng", null=True, blank=True)
    action = models.CharField("việc", max_length=60)
    subject_type = models.CharField("loại đối tượng", max_length=60)
    subject_id = models.CharField("mã đối tượng", max_length=40)
    subject_name = models.CharField("đối tượng", max_length=300, blank=True)
    school_id = models.BigIntegerField("mã trường", null=True, blank=True)
    body_id = models.BigIntegerField("mã cơ quan", null=True, blank=True)
    plan_id = models.BigIntegerField("mã kế hoạch", null=True, blank=True)
    before = models.JSONField("trước đó", default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "nhật ký"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="event_subject"),
            models.Index(fields=["school_id", "-at"], name="event_school"),
            models.Index(fields=["plan_id", "-at"], name="event_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name}: {self.action} {self.subject_name}"
