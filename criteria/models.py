"""Bộ tiêu chuẩn: Framework ▸ Standard ▸ Criterion ▸ Indicator, as the circulars set them out.

Ground of the house: knows no school, plan or person. Rows are written by `loader` alone and never
changed afterwards: a corrected file becomes a new revision of the same code beside the old one,
because plans and minutes already written refer to the old one. Whoever refers to a framework
protects it from deletion.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from criteria.enums import LETTERS, Level, SchoolKind, Verification
from criteria.levels import CriterionFacts, FrameworkFacts

LEVELS = (1, 2, 3, 4)


class FrameworkInForceError(LookupError):
    """There is not exactly one framework in force; the message says so in Vietnamese."""

    reason = ""

    def __init__(self, kind: SchoolKind | str, on: date) -> None:
        school = SchoolKind(kind).label.lower()
        super().__init__(f"{self.reason} đối với {school} ngày {on:%d/%m/%Y}.")


class NoFrameworkInForce(FrameworkInForceError):
    """No framework is in force for that kind of school on that date."""

    reason = "Không có bộ tiêu chuẩn nào có hiệu lực"


class SeveralFrameworksInForce(FrameworkInForceError):
    """Several frameworks claim that kind of school on that date: the framework files contradict."""

    reason = "Có nhiều bộ tiêu chuẩn cùng có hiệu lực"


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def newest(self) -> FrameworkQuerySet:
        """Keep the newest revision of each code; the others are superseded."""
        return self.filter(~Exists(self._newer()))

    def superseded(self) -> FrameworkQuerySet:
        """Keep the revisions that a newer one of the same code has replaced."""
        return self.filter(Exists(self._newer()))

    def for_kind(self, kind: SchoolKind | str) -> FrameworkQuerySet:
        return self.filter(kinds__kind=kind)

    def valid_on(self, day: date) -> FrameworkQuerySet:
        """Keep those in force on `day`; both ends of the validity are inclusive."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            valid_from__lte=day,
        )

    def in_force(self, kind: SchoolKind | str, *, on: date) -> Framework:
        """Return the one framework by which such a school is judged on that date.

        A single object and not a queryset: every caller needs exactly one, and none or two is a
        fault in the data that must be heard. Raises NoFrameworkInForce, SeveralFrameworksInForce;
        ValueError on an unknown kind. Only newest revisions count, also when the newest has a
        shorter validity: else a date corrected in revision 2 would bring revision 1 back to life.
        """
        kind = SchoolKind(kind)
        found = list(self.newest().for_kind(kind).valid_on(on)[:2])
        if not found:
            raise NoFrameworkInForce(kind, on)
        if len(found) > 1:
            raise SeveralFrameworksInForce(kind, on)
        return found[0]

    def with_tree(self) -> FrameworkQuerySet:
        """Prefetch kinds, requirements, standards, criteria, levels and indicators, all in order.

        Seven queries, however many rows; afterwards every method of the tree answers without any.
        """
        criteria = Criterion.objects.order_by("position").prefetch_related(
            Prefetch("levels", CriterionLevel.objects.order_by("level")),
            Prefetch("indicators", Indicator.objects.order_by("level", "position")),
        )
        return self.prefetch_related(
            Prefetch("kinds", FrameworkKind.objects.order_by("pk")),
            Prefetch("requirements", SchoolRequirement.objects.order_by("level", "clause")),
            Prefetch("standards", Standard.objects.order_by("number")),
            Prefetch("standards__criteria", criteria),
        )

    def _newer(self) -> models.QuerySet[Framework]:
        # From the plain manager: a filter on the outer set must not hide the newer revision.
        return Framework.objects.filter(code=OuterRef("code"), revision__gt=OuterRef("revision"))


class Framework(models.Model):
    """A set of criteria as a circular, or an amended state of it, lays it down (bộ tiêu chuẩn)."""

    code = models.CharField("mã bộ tiêu chuẩn", max_length=40)
    revision = models.PositiveSmallIntegerField("bản ghi thứ", default=1)
    number = models.CharField("số, ký hiệu thông tư", max_length=60)
    name = models.CharField("tên thông tư", max_length=500)
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    issued_on = models.DateField("ngày ban hành")
    amended_by = models.CharField(
        "số, ký hiệu thông tư sửa đổi", max_length=60, blank=True, default=""
    )
    amended_on = models.DateField("ngày ban hành thông tư sửa đổi", null=True, blank=True)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField(
        "áp dụng đến hết ngày", null=True, blank=True, help_text="Để trống khi còn hiệu lực."
    )
    max_level = models.PositiveSmallIntegerField("mức cao nhất của tiêu chí")
    level_rule = models.CharField("cách xét mức của trường", max_length=40)
    verification = models.CharField("mức độ xác minh", max_length=20, choices=Verification.choices)
    verification_note = models.TextField("ghi chú xác minh", blank=True, default="")
    sources = models.JSONField("nguồn đối chiếu", default=list, blank=True)
    sha256 = models.CharField("mã băm nội dung tệp", max_length=64)
    loaded_at = models.DateTimeField("nạp lúc", auto_now_add=True)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ tiêu chuẩn"
        verbose_name_plural = "bộ tiêu chuẩn"
        ordering = ["valid_from", "code", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "revision"],
                name="framework_code_revision_unique",
                violation_error_message="Bộ tiêu chuẩn này đã có bản ghi mang số thứ tự đó.",
            ),
            models.CheckConstraint(
                condition=Q(revision__gte=1),
                name="framework_revision_from_1",
                violation_error_message="Bản ghi của bộ tiêu chuẩn được đánh số từ 1.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__gte=F("issued_on")),
                name="framework_valid_after_issue",
                violation_error_message="Ngày áp dụng không được sớm hơn ngày ban hành.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="framework_validity_in_order",
                violation_error_message="Ngày hết áp dụng không được sớm hơn ngày áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(amended_by="", amended_on__isnull=True)
                | (~Q(amended_by="") & Q(amended_on__isnull=False)),
                name="framework_amendment_whole",
                violation_error_message="Thông tư sửa đổi phải có cả số, ký hiệu và ngày ban hành.",
            ),
            models.CheckConstraint(
                condition=Q(max_level__in=LEVELS),
                name="framework_max_level_exists",
                violation_error_message="Mức cao nhất của tiêu chí phải từ 1 đến 4.",
            ),
            models.CheckConstraint(
                condition=Q(verification__in=Verification.values),
                name="framework_verification_known",
                violation_error_message="Mức độ xác minh không hợp lệ.",
            ),
        ]

    def __str__(self) -> str:
        revision = f", bản ghi {self.revision}" if self.revision > 1 else ""
        return f"{self.code}{revision}: {self.label}"

    @property
    def label(self) -> str:
        """The circular as people say it: "Thông tư 19/2018/TT-BGDĐT"."""
        amendment = f" (sửa đổi, bổ sung bởi {self.amended_by})" if self.amended_by else ""
        return f"Thông tư {self.number}{amendment}"

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def all_criteria(self) -> list[Criterion]:
        """Return all criteria in order. Reads rows loaded by `with_tree()`."""
        return [
            criterion for standard in self.standards.all() for criterion in standard.criteria.all()
        ]

    def facts(self) -> FrameworkFacts:
        """Return what `criteria.levels` needs to know. Reads rows loaded by `with_tree()`."""
        return FrameworkFacts(
            criteria=tuple(criterion.facts() for criterion in self.all_criteria()),
            requirements=tuple((row.level, row.clause) for row in self.requirements.all()),
        )


class FrameworkKind(models.Model):
    """A kind of school judged by the framework: rows, so that both databases can filter by it."""

    framework = models.ForeignKey(
        Framework, models.CASCADE, related_name="kinds", verbose_name="bộ tiêu chuẩn"
    )
    kind = models.CharField("loại hình trường", max_length=20, choices=SchoolKind.choices)

    class Meta:
        verbose_name = "loại hình trường áp dụng"
        verbose_name_plural = "loại hình trường áp dụng"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "kind"],
                name="frameworkkind_unique",
                violation_error_message="Loại hình trường này đã được ghi cho bộ tiêu chuẩn.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SchoolKind.values),
                name="frameworkkind_kind_known",
                violation_error_message="Loại hình trường không hợp lệ.",
            ),
        ]

    def __str__(self) -> str:
        return SchoolKind(self.kind).label


class SchoolRequirement(models.Model):
    """What a level asks of the school as a whole, beyond its criteria (mức 4: Điều 22 of 2018)."""

    framework = models.ForeignKey(
        Framework, models.CASCADE, related_name="requirements", verbose_name="bộ tiêu chuẩn"
    )
    level = models.PositiveSmallIntegerField("mức", choices=Level.choices)
    clause = models.PositiveSmallIntegerField("khoản")
    article = models.CharField("điều, khoản", max_length=100, blank=True, default="")
    gist = models.CharField("nội dung tóm tắt", max_length=500)

    class Meta:
        verbose_name = "yêu cầu cấp trường"
        verbose_name_plural = "yêu cầu cấp trường"
        ordering = ["framework_id", "level", "clause"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "level", "clause"],
                name="schoolrequirement_clause_unique",
                violation_error_message="Khoản này đã có trong mức.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=LEVELS),
                name="schoolrequirement_level_exists",
                violation_error_message="Mức phải từ 1 đến 4.",
            ),
            models.CheckConstraint(
                condition=Q(clause__gte=1),
                name="schoolrequirement_clause_from_1",
                violation_error_message="Khoản được đánh số từ 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"Mức {self.level}, khoản {self.clause}: {self.gist}"


class StandardQuerySet(models.QuerySet["Standard"]):
    def of(self, framework: Framework) -> StandardQuerySet:
        """Keep the standards of one framework, in order."""
        return self.filter(framework=framework).order_by("number")


class Standard(models.Model):
    """A chapter of criteria (tiêu chuẩn)."""

    framework = models.ForeignKey(
        Framework, models.CASCADE, related_name="standards", verbose_name="bộ tiêu chuẩn"
    )
    number = models.PositiveSmallIntegerField("tiêu chuẩn số")
    title = models.CharField("tên tiêu chuẩn", max_length=500)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = "tiêu chuẩn"
        verbose_name_plural = "tiêu chuẩn"
        ordering = ["framework_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"],
                name="standard_number_unique",
                violation_error_message="Bộ tiêu chuẩn đã có tiêu chuẩn mang số này.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="standard_number_from_1",
                violation_error_message="Tiêu chuẩn được đánh số từ 1.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """ "Tiêu chuẩn 1: Tổ chức và quản lý nhà trường"."""
        return f"Tiêu chuẩn {self.number}: {self.title}"


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def of(self, framework: Framework) -> CriterionQuerySet:
        """Keep the criteria of one framework, in order."""
        return self.filter(standard__framework=framework).order_by("position")

    def mandatory(self) -> CriterionQuerySet:
        return self.filter(mandatory=True)

    def having_level(self, level: int) -> CriterionQuerySet:
        return self.filter(levels__level=level)


class Criterion(models.Model):
    """What a school is judged by, level for level (tiêu chí)."""

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="criteria", verbose_name="tiêu chuẩn"
    )
    number = models.CharField("tiêu chí số", max_length=10)
    position = models.PositiveSmallIntegerField(
        "thứ tự",
        help_text="Thứ tự trong cả bộ tiêu chuẩn: theo chữ thì 1.10 sẽ đứng trước 1.2.",
    )
    title = models.CharField("tên tiêu chí", max_length=500)
    mandatory = models.BooleanField("bắt buộc", default=False)
    verification = models.CharField("mức độ xác minh", max_length=20, choices=Verification.choices)
    verification_note = models.TextField("ghi chú xác minh", blank=True, default="")

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        ordering = ["standard__framework_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "number"],
                name="criterion_number_unique",
                violation_error_message="Tiêu chuẩn đã có tiêu chí mang số này.",
            ),
            models.UniqueConstraint(
                fields=["standard", "position"],
                name="criterion_position_unique",
                violation_error_message="Tiêu chuẩn đã có tiêu chí ở thứ tự này.",
            ),
            models.CheckConstraint(
                condition=Q(verification__in=Verification.values),
                name="criterion_verification_known",
                violation_error_message="Mức độ xác minh không hợp lệ.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """ "Tiêu chí 1.5: Tổ chức nhóm trẻ và lớp mẫu giáo"."""
        return f"Tiêu chí {self.number}: {self.title}"

    @property
    def level_numbers(self) -> tuple[int, ...]:
        """The levels the criterion has, ascending. One query unless levels are prefetched."""
        return tuple(sorted(row.level for row in self.levels.all()))

    def has_level(self, level: int) -> bool:
        """Whether the criterion has that level; where not, the grid shows "*"."""
        return level in self.level_numbers

    def indicators_at(self, level: int) -> list[Indicator]:
        """Return the indicators of one level in order; [] if it has none or lacks the level."""
        return [indicator for indicator in self.indicators.all() if indicator.level == level]

    def facts(self) -> CriterionFacts:
        """Return what `criteria.levels` needs to know. Reads prefetched levels and indicators."""
        return CriterionFacts(
            number=self.number,
            levels=self.level_numbers,
            mandatory=self.mandatory,
            indicators=tuple((row.level, row.letter) for row in self.indicators.all()),
        )


class CriterionLevel(models.Model):
    """A level that a criterion has (mức), with its place in the circular."""

    criterion = models.ForeignKey(
        Criterion, models.CASCADE, related_name="levels", verbose_name="tiêu chí"
    )
    level = models.PositiveSmallIntegerField("mức", choices=Level.choices)
    article = models.CharField("điều, khoản", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "mức của tiêu chí"
        verbose_name_plural = "mức của tiêu chí"
        ordering = ["criterion_id", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "level"],
                name="criterionlevel_unique",
                violation_error_message="Tiêu chí đã có mức này.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=LEVELS),
                name="criterionlevel_level_exists",
                violation_error_message="Mức phải từ 1 đến 4.",
            ),
        ]

    def __str__(self) -> str:
        return f"Mức {self.level}"


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def of(self, framework: Framework) -> IndicatorQuerySet:
        """Keep the indicators of one framework, in order of criterion, level and letter."""
        return self.filter(criterion__standard__framework=framework).order_by(
            "criterion__position", "level", "position"
        )


class Indicator(models.Model):
    """One requirement of a criterion at one level (chỉ báo), in our own short words.

    It names its level itself, not through CriterionLevel: every grid reads (criterion, level,
    letter), and the loader writes both from one place of the file.
    """

    criterion = models.ForeignKey(
        Criterion, models.CASCADE, related_name="indicators", verbose_name="tiêu chí"
    )
    level = models.PositiveSmallIntegerField("mức", choices=Level.choices)
    letter = models.CharField(
        "điểm", max_length=1, blank=True, default="", help_text="Để trống khi mức không chia điểm."
    )
    gist = models.CharField("nội dung tóm tắt", max_length=500)
    article = models.CharField("điều, khoản, điểm", max_length=100, blank=True, default="")
    position = models.PositiveSmallIntegerField("thứ tự")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ báo"
        verbose_name_plural = "chỉ báo"
        ordering = ["criterion_id", "level", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "level", "letter"],
                name="indicator_letter_unique",
                violation_error_message="Mức này của tiêu chí đã có chỉ báo mang chữ đó.",
            ),
            models.UniqueConstraint(
                fields=["criterion", "level", "position"],
                name="indicator_position_unique",
                violation_error_message="Mức này của tiêu chí đã có chỉ báo ở thứ tự đó.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=LEVELS),
                name="indicator_level_exists",
                violation_error_message="Mức phải từ 1 đến 4.",
            ),
            models.CheckConstraint(
                condition=Q(letter__in=LETTERS),
                name="indicator_letter_known",
                violation_error_message="Điểm phải là một chữ trong các chữ a, b, c, d, đ, e, g…",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """ "Mức 1, chỉ báo a", or "Mức 2" when the level is one requirement."""
        return f"Mức {self.level}, chỉ báo {self.letter}" if self.letter else f"Mức {self.level}"
