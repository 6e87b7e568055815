"""Members of the self-assessment council and of the monitoring team of a school, by school year."""

from typing import Self

from django.db import models
from django.db.models import Q

from plans.accounts.models import User
from plans.schools.models import School, SchoolYear


class CouncilMemberQuerySet(models.QuerySet["CouncilMember"]):
    """Members."""

    def of(self, school: School, school_year: SchoolYear) -> Self:
        """Return the kept members of a school in a school year: team by team, in the order that people gave."""
        rows = self.filter(school=school, school_year=school_year, removed_at__isnull=True)
        return rows.order_by("team", "place", "pk")


class CouncilMember(models.Model):
    """Thành viên of a school's council or monitoring team in one school year.

    `user` is set where the person has an account; the printed words are `full_name` and `position`. Sources:
    Công văn 5932, 5942/BGDĐT-QLCL ngày 28/12/2018; TT 57/2026/TT-BGDĐT (the rules on numbers are data).
    """

    class Team(models.TextChoices):
        COUNCIL = "council", "Hội đồng tự đánh giá"
        MONITORING = "monitoring", "Tổ giám sát kế hoạch cải tiến chất lượng"

    class Part(models.TextChoices):
        CHAIR = "chair", "Chủ tịch"
        VICE_CHAIR = "vice_chair", "Phó chủ tịch"
        SECRETARY = "secretary", "Thư ký"
        LEAD = "lead", "Tổ trưởng"
        MEMBER = "member", "Thành viên"

    school = models.ForeignKey(
        School, models.CASCADE, related_name="council_members", verbose_name="trường"
    )
    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học"
    )
    team = models.CharField("hội đồng, tổ", max_length=20, choices=Team.choices)
    part = models.CharField("vai trò", max_length=20, choices=Part.choices, default=Part.MEMBER)
    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    duty = models.CharField("nhiệm vụ", max_length=500, blank=True)
    user = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="council_seats",
        verbose_name="tài khoản",
    )
    place = models.PositiveIntegerField("thứ tự", default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    removed_at = models.DateTimeField("xóa lúc", null=True, blank=True, editable=False)

    objects = CouncilMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "thành viên hội đồng"
        verbose_name_plural = "thành viên hội đồng"
        ordering = ["school", "-school_year__start_year", "team", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(full_name=""),
                name="plans_council_name",
                violation_error_message="Hãy ghi họ và tên.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.get_part_display()}"
