"""Documents that plans name as their grounds: number, date, issuer, subject, typed once and picked by many."""

from django.db import models
from django.db.models import Q

from plans.accounts.models import User
from plans.schools.models import ManagingBody, School


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
