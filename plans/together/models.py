"""Comments on a plan and who was given which part of it."""

from django.db import models
from django.db.models import Q

from criteria.models import Standard
from plans.accounts.models import User
from plans.planning.models import Plan, PlanAction

COMMENT_LIMIT = 4000  # characters


class Comment(models.Model):
    """Trao đổi on a section or a row of a plan, open until somebody says it is solved."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="comments", verbose_name="kế hoạch")
    section = models.CharField("mục", max_length=60, blank=True)
    action = models.ForeignKey(
        PlanAction,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name="việc",
    )
    author = models.ForeignKey(
        User, models.PROTECT, related_name="comments", verbose_name="người viết"
    )
    addressed_to = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments_received",
        verbose_name="gửi tới",
    )
    body = models.TextField("nội dung", max_length=COMMENT_LIMIT)
    written_at = models.DateTimeField("viết lúc", auto_now_add=True)
    solved_at = models.DateTimeField("giải quyết lúc", null=True, blank=True, editable=False)
    solved_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người giải quyết",
        editable=False,
    )

    class Meta:
        verbose_name = "trao đổi"
        verbose_name_plural = "trao đổi"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section="", action__isnull=False)
                | (~Q(section="") & Q(action__isnull=True)),
                name="plans_comment_place",
                violation_error_message="Một trao đổi thuộc một mục hoặc một việc.",
            ),
            models.CheckConstraint(
                condition=Q(solved_at__isnull=True, solved_by__isnull=True)
                | Q(solved_at__isnull=False, solved_by__isnull=False),
                name="plans_comment_solved",
                violation_error_message="Trao đổi đã giải quyết phải ghi ai giải quyết, lúc nào.",
            ),
        ]

    def __str__(self) -> str:
        # Without a word of it: names of things go into the record, which more people read than the comment.
        return f"Trao đổi của {self.author}"


class Assignment(models.Model):
    """Phân công: a section of the form or a standard of the framework, given to one person of the school."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="assignments", verbose_name="kế hoạch"
    )
    section = models.CharField("mục", max_length=60, blank=True)
    standard = models.ForeignKey(
        Standard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tiêu chuẩn",
    )
    user = models.ForeignKey(
        User, models.CASCADE, related_name="assignments", verbose_name="người được giao"
    )
    given_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người giao", editable=False
    )
    given_at = models.DateTimeField("giao lúc", auto_now_add=True)

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ["plan", "given_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section="", standard__isnull=False)
                | (~Q(section="") & Q(standard__isnull=True)),
                name="plans_assignment_place",
                violation_error_message="Phân công một mục hoặc một tiêu chuẩn.",
            ),
            models.UniqueConstraint(
                fields=["plan", "section", "user"],
                condition=~Q(section=""),
                name="plans_assignment_section",
                violation_error_message="Người này đã được giao mục đó.",
            ),
            models.UniqueConstraint(
                fields=["plan", "standard", "user"],
                condition=Q(standard__isnull=False),
                name="plans_assignment_standard",
                violation_error_message="Người này đã được giao tiêu chuẩn đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.section or self.standard}"
