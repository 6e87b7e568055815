"""Self-assessment of a plan's criteria: what each indicator shows, and what the school writes about it.

The level that a criterion reached stays where the plan reads it, in CriterionResult.
"""

from django.db import models

from criteria.enums import Level
from criteria.models import Criterion, Indicator
from plans.planning.fields import TypedField
from plans.planning.models import Plan


class CriterionAssessment(models.Model):
    """Phiếu đánh giá tiêu chí, items 2 to 4: strengths, weaknesses, how to improve."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="assessments", verbose_name="kế hoạch"
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name="tiêu chí"
    )
    strengths = TypedField("điểm mạnh")
    weaknesses = TypedField("điểm yếu")
    improvement = TypedField("kế hoạch cải tiến chất lượng")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "phiếu đánh giá tiêu chí"
        verbose_name_plural = "phiếu đánh giá tiêu chí"
        ordering = ["plan", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "criterion"],
                name="plans_assessment_criterion",
                violation_error_message="Tiêu chí này đã có phiếu đánh giá.",
            )
        ]

    def __str__(self) -> str:
        return f"Phiếu {self.criterion}"


class LevelDescription(models.Model):
    """Mô tả hiện trạng of a criterion at one level (item 1 of the phiếu)."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="descriptions", verbose_name="kế hoạch"
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name="tiêu chí"
    )
    level = models.PositiveSmallIntegerField("mức", choices=Level.choices)
    body = TypedField("mô tả hiện trạng")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "mô tả hiện trạng"
        verbose_name_plural = "mô tả hiện trạng"
        ordering = ["plan", "criterion", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "criterion", "level"],
                name="plans_description_level",
                violation_error_message="Mức này của tiêu chí đã có mô tả.",
            )
        ]

    def __str__(self) -> str:
        return f"Mô tả {self.criterion}, mức {self.level}"


MET = ((True, "Đạt"), (False, "Không đạt"))


class IndicatorResult(models.Model):
    """Đạt, không đạt, or (`met` None) chưa đánh giá, of one indicator."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="indicator_results", verbose_name="kế hoạch"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name="chỉ báo"
    )
    met = models.BooleanField("kết quả", choices=MET, null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "kết quả theo chỉ báo"
        verbose_name_plural = "kết quả theo chỉ báo"
        ordering = ["plan", "indicator"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator"],
                name="plans_indicator_once",
                violation_error_message="Chỉ báo này đã có kết quả.",
            )
        ]

    def __str__(self) -> str:
        return f"Tiêu chí {self.indicator.criterion.number}, {self.indicator.label}"


class LevelResult(models.Model):
    """The same of a whole level, where the framework does not tell its indicators and no letter can be judged."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="level_results", verbose_name="kế hoạch"
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name="tiêu chí"
    )
    level = models.PositiveSmallIntegerField("mức", choices=Level.choices)
    met = models.BooleanField("kết quả", choices=MET, null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "kết quả cả mức"
        verbose_name_plural = "kết quả cả mức"
        ordering = ["plan", "criterion", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "criterion", "level"],
                name="plans_level_result_once",
                violation_error_message="Mức này của tiêu chí đã có kết quả.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}, cả Mức {self.level}"
