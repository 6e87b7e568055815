"""Documents that plans name as their grounds: number, date, issuer, subject, typed once and picked by many."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.schools.models import WORDS_LENGTH, ManagingBody, School
from plans.schools.sight import above_and_after, bodies_in_sight
from plans.text import fold


class LegalDocumentQuerySet(models.QuerySet["LegalDocument"]):
    """Documents."""

    def for_school(self, school: School) -> Self:
        """Return the documents that a school may pick: everybody's, those of its bodies and above, its own.

        Bodies of the past count as well: their papers are still named.
        """
        links = school.body_links.order_by("pk").values_list("body_id", flat=True)
        return self.filter(
            _everybodys() | Q(body__in=above_and_after(set(links))) | Q(school=school)
        )

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """Return the documents on the shelves that `user` may see on the day `on` (default today)."""
        on = on or timezone.localdate()
        memberships = user.memberships_on(on)
        if any(row.sees_everything for row in memberships):
            return self.all()
        if not memberships:
            return self.none()
        bodies = {row.body_id for row in memberships if row.body_id}
        own = School.objects.filter(pk__in=[row.school_id for row in memberships if row.school_id])
        links = set(own.order_by("pk").values_list("body_links__body_id", flat=True)) - {None}
        shelves = Q(body__in=above_and_after(bodies | links) | bodies_in_sight(bodies))
        seen = School.objects.visible_to(user, on)
        return self.filter(_everybodys() | shelves | Q(school__in=seen.values("pk")))

    def matching(self, words: str) -> Self:
        """Return the documents whose number, issuer or subject holds every word; accents do not matter."""
        found = self
        for word in fold(words[:WORDS_LENGTH]).split():
            found = found.filter(search_text__contains=word)
        return found


def _everybodys() -> Q:
    return Q(body__isnull=True, school__isnull=True)


class LegalDocument(models.Model):
    """Văn bản làm căn cứ. For every school (no body, no school), for a body's schools, or for one school."""

    kind = models.CharField("loại văn bản", max_length=60)
    number = models.CharField("số, ký hiệu", max_length=80)
    issued_on = models.DateField("ngày ban hành")
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    subject = models.CharField("trích yếu", max_length=1000)
    body = models.ForeignKey(
        ManagingBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_documents",
        verbose_name="dùng cho các trường của",
    )
    school = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_documents",
        verbose_name="chỉ dùng ở trường",
    )
    valid_to = models.DateField("hết hiệu lực sau ngày", null=True, blank=True)
    search_text = models.CharField("chữ để tìm", max_length=1500, blank=True, editable=False)
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="người ghi"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LegalDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản làm căn cứ"
        verbose_name_plural = "văn bản làm căn cứ"
        ordering = ["-issued_on", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=True) | Q(school__isnull=True),
                name="plans_legal_shelf",
                violation_error_message="Một văn bản dùng chung cho cơ quan hoặc dùng riêng ở một trường.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("issued_on")),
                name="plans_legal_period",
                violation_error_message="Ngày hết hiệu lực không được trước ngày ban hành.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def clean(self) -> None:
        """Refuse a number that stands on the same shelf already."""
        super().clean()
        same = LegalDocument.objects.filter(
            number=self.number, issuer=self.issuer, body=self.body, school=self.school
        )
        if same.exclude(pk=self.pk).exists():
            raise ValidationError({"number": "Văn bản mang số này đã có trong tủ."})

    def words_to_find(self) -> str:
        """Return what `matching` looks through."""
        return fold(f"{self.kind} {self.number} {self.issuer} {self.subject}")[:1500]

    def is_over(self, on: date) -> bool:
        """Say whether the document is out of force on the day `on`."""
        return self.valid_to is not None and self.valid_to < on

    @property
    def shelf(self) -> str:
        """For whom it is, in words."""
        if self.school is not None:
            return f"Riêng {self.school}"
        return f"Các trường của {self.body}" if self.body else "Mọi trường"
