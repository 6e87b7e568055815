"""The record of who did what: one append-only table that outlives what it speaks of."""

from datetime import datetime
from typing import Any, Never, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q


class RecordIsAppendOnlyError(RuntimeError):
    """Somebody's code tried to change or delete what the record holds."""


def _refuse() -> Never:
    raise RecordIsAppendOnlyError("an event, once written, is neither changed nor deleted")


def chain_name(*, school_id: int | None, body_id: int | None) -> str:
    """Return the chain of an event about a school, else about a body, else about the installation."""
    if school_id is not None:
        return f"school:{school_id}"
    return f"body:{body_id}" if body_id is not None else "site"


class EventQuerySet(models.QuerySet["Event"]):
    """Events, newest first; the record is append-only, so they are read and created, nothing else."""

    def update(self, **kwargs: Any) -> Never:
        """Raise RecordIsAppendOnlyError."""
        _refuse()

    def delete(self) -> Never:
        """Raise RecordIsAppendOnlyError."""
        _refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> Never:
        """Raise RecordIsAppendOnlyError."""
        _refuse()

    def in_chain(self, chain: str) -> Self:
        """Return the events of a chain, named as `chain_name` does."""
        kind, _, number = chain.partition(":")
        if kind == "school":
            return self.filter(school_id=int(number))
        # Asking for no school first lets the index of schools serve these chains as well.
        body = Q(body_id=int(number)) if kind == "body" else Q(body_id__isnull=True)
        return self.filter(body, school_id__isnull=True)

    def unsealed(self) -> Self:
        """Return the events that no seal names yet."""
        return self.filter(~Exists(EventSeal.objects.filter(event_id=OuterRef("pk"))))

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
    change; what typed words became is the next event's `before` or the row itself, what a deed done once made
    is in `after`.
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
    after = models.JSONField("sau đó", default=dict, blank=True)

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event; raise RecordIsAppendOnlyError for one that is written already."""
        if not self._state.adding:
            _refuse()
        # Without it Django would first try to update a row of that number.
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Raise RecordIsAppendOnlyError."""
        _refuse()

    @property
    def chain(self) -> str:
        """The chain that the event stands in."""
        return chain_name(school_id=self.school_id, body_id=self.body_id)


class EventSeal(models.Model):
    """The place of an event in a chain: `hash` is over the event and the hash of the seal before it.

    A table of its own, so that a row of the record, once written, is never written again. A chain is that of a
    school ("school:12"), of a body ("body:3") or of the installation ("site").
    """

    chain = models.CharField("chuỗi", max_length=40)
    sequence = models.PositiveBigIntegerField("thứ tự trong chuỗi")
    event_id = models.BigIntegerField("mã sự kiện", unique=True)
    hash = models.CharField("mã băm", max_length=64)

    class Meta:
        verbose_name = "dấu niêm của sự kiện"
        verbose_name_plural = "dấu niêm của nhật ký"
        ordering = ["chain", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="plans_seal_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.chain} · {self.sequence}"


class ChainHead(models.Model):
    """The last seal of a chain, kept apart from it: a chain cut short no longer ends where its head says."""

    chain = models.CharField("chuỗi", max_length=40, unique=True)
    sequence = models.PositiveBigIntegerField("thứ tự cuối", default=0)
    hash = models.CharField("mã băm cuối", max_length=64, blank=True)

    class Meta:
        verbose_name = "đầu chuỗi nhật ký"
        verbose_name_plural = "đầu chuỗi nhật ký"
        ordering = ["chain"]

    def __str__(self) -> str:
        return f"{self.chain} · {self.sequence}"
