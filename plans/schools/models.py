"""Whom it is about: managing bodies, schools, school years, recognition; all dated, nothing computed.

Since 01/7/2025 there are two tiers of government, and there were three before; a school keeps its papers
through every change. So names, parents and bodies are rows with a first and a last day, and a document prints
the ones in force on its date (Luật 72/2025/QH15; TT 15/2025, TT 45/2026/TT-BGDĐT).
"""

from collections.abc import Iterable
from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from criteria.enums import SchoolKind
from plans.text import fold

WORDS_LENGTH = 200


def in_force(on: date, prefix: str = "") -> Q:
    """Return the condition "the row's period holds the day `on`", both ends inclusive, open ends allowed."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": on})) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": on})
    )


class Dated(models.Model):
    """A row that holds from one day to another, both inclusive; an empty end is open."""

    valid_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="%(app_label)s_%(class)s_period",
                violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
            )
        ]

    def is_in_force(self, on: date) -> bool:
        """Say whether the day `on` lies in the row's period."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


DatedRow = TypeVar("DatedRow", bound=Dated)


def in_force_or_last(rows: Iterable[DatedRow], on: date) -> DatedRow | None:
    """Return the row in force on `on` (of several the one begun last), else the last before, else the first."""
    ordered = sorted(rows, key=lambda row: (row.valid_from or date.min, row.pk))
    current = [row for row in ordered if row.is_in_force(on)]
    before = [row for row in ordered if (row.valid_from or date.min) <= on]
    return next((pool[-1] for pool in (current, before) if pool), next(iter(ordered), None))


# --- managing bodies --------------------------------------------------------------------------------------


class BodyKind(models.Model):
    """Loại cơ quan quản lý, as data: a reorganised hierarchy needs a row, not a migration."""

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("loại cơ quan", max_length=120)

    class Meta:
        verbose_name = "loại cơ quan"
        verbose_name_plural = "loại cơ quan"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ManagingBodyQuerySet(models.QuerySet["ManagingBody"]):
    """Managing bodies."""

    def in_force(self, on: date) -> Self:
        """Return the bodies that exist on the day `on`."""
        return self.filter(in_force(on))


class ManagingBody(Dated):
    """Cơ quan quản lý: Sở, UBND, Phòng …, in a tree, with its official name and its first and last day."""

    kind = models.ForeignKey(BodyKind, models.PROTECT, verbose_name="loại cơ quan")
    name = models.CharField("tên chính thức", max_length=200)
    letterhead_name = models.CharField("tên trên đầu văn bản (chữ in hoa)", max_length=200)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="cơ quan cấp trên",
    )
    place_name = models.CharField("địa danh ghi trên văn bản", max_length=120, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="cơ quan kế thừa",
    )
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)

    objects = ManagingBodyQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = "cơ quan quản lý"
        verbose_name_plural = "cơ quan quản lý"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


# --- schools ----------------------------------------------------------------------------------------------


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools."""

    def with_name(self, on: date) -> Self:
        """Annotate `display_name`: the name in force on the day `on`, else the newest one."""
        # PostgreSQL and SQLite disagree on where an open beginning stands; it is the oldest.
        newest = F("valid_from").desc(nulls_last=True)
        names = SchoolName.objects.filter(school=OuterRef("pk")).order_by(newest, "-pk")
        return self.annotate(
            display_name=Coalesce(
                Subquery(names.filter(in_force(on)).values("name")[:1]),
                Subquery(names.values("name")[:1]),
            )
        )

    def matching(self, words: str) -> Self:
        """Return the schools one of whose names, old or new, holds every word; accents do not matter."""
        found = self
        # Nobody remembers more of a name; past it the database would refuse the query.
        for word in fold(words[:WORDS_LENGTH]).split():
            found = found.filter(search_text__contains=word)
        return found

    def visible_to(self, user: models.Model, on: date | None = None) -> Self:
        """Return the schools that `user` may see on the day `on` (default today): own ones and overseen ones.

        Follows memberships by name, so that this room needs no import upward.
        """
        from plans.schools.sight import schools_in_sight  # reads this module

        return self.filter(schools_in_sight(user, on))


class School(models.Model):
    """Cơ sở giáo dục. Its names are dated rows of their own (SchoolName)."""

    code = models.CharField("mã định danh", max_length=40, blank=True)
    kind = models.CharField("loại hình", max_length=20, choices=SchoolKind.choices)
    symbol = models.CharField(
        "chữ viết tắt trong ký hiệu văn bản",
        max_length=40,
        help_text="Ví dụ MNHS trong số 05/KH-MNHS.",
    )
    place_name = models.CharField(
        "địa danh ghi trên văn bản",
        max_length=120,
        blank=True,
        help_text="Để trống thì lấy địa danh của cơ quan chủ quản.",
    )
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    predecessors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="successors",
        verbose_name="trường tiền thân",
    )
    search_text = models.CharField("chữ để tìm", max_length=1000, blank=True, editable=False)
    sort_key = models.CharField("khóa xếp theo vần", max_length=1200, blank=True, editable=False)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = "trường"
        verbose_name_plural = "trường"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="plans_school_code",
                violation_error_message="Mã định danh này đã có ở trường khác.",
            )
        ]

    def __str__(self) -> str:
        return getattr(self, "display_name", None) or self.name_on(timezone.localdate())

    def name_on(self, on: date) -> str:
        """Return the name in force on the day `on`, else the newest one; the symbol for want of any.

        Reads `names`; prefetch them where several schools are named.
        """
        names = sorted(self.names.all(), key=lambda row: row.valid_from or date.min, reverse=True)
        current = next((row.name for row in names if row.is_in_force(on)), None)
        return current or (names[0].name if names else self.symbol)


class SchoolName(Dated):
    """Tên trường in force from one day to another; old documents keep the old name."""

    school = models.ForeignKey(School, models.CASCADE, related_name="names", verbose_name="trường")
    name = models.CharField("tên trường", max_length=200)
    letterhead_name = models.CharField("tên trên đầu văn bản (chữ in hoa)", max_length=200)

    class Meta(Dated.Meta):
        verbose_name = "tên trường"
        verbose_name_plural = "tên trường"
        ordering = ["school", "-valid_from"]

    def __str__(self) -> str:
        return self.name


class Campus(models.Model):
    """Điểm trường."""

    school = models.ForeignKey(
        School, models.CASCADE, related_name="campuses", verbose_name="trường"
    )
    name = models.CharField("tên điểm trường", max_length=200)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    is_main = models.BooleanField("điểm trường chính", default=False)

    class Meta:
        verbose_name = "điểm trường"
        verbose_name_plural = "điểm trường"
        ordering = ["school", "-is_main", "name"]

    def __str__(self) -> str:
        return self.name


class SchoolBody(Dated):
    """What a body is to a school, from one day to another (governance: never computed from the school's kind)."""

    class Role(models.TextChoices):
        PARENT = "parent", "Cơ quan chủ quản"
        DIRECT = "direct", "Cơ quan quản lý trực tiếp"
        RECOGNISING = "recognising", "Cơ quan công nhận"

    school = models.ForeignKey(
        School, models.CASCADE, related_name="body_links", verbose_name="trường"
    )
    body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="school_links", verbose_name="cơ quan"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)

    class Meta(Dated.Meta):
        verbose_name = "quan hệ với cơ quan quản lý"
        verbose_name_plural = "quan hệ với cơ quan quản lý"
        ordering = ["school", "role", "-valid_from"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.body}"


# --- school years -----------------------------------------------------------------------------------------


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    """School years, newest first."""

    def at(self, on: date) -> "SchoolYear | None":
        """Return the school year that runs on the day `on`, or the last one begun; None before the first."""
        return self.filter(starts_on__lte=on).order_by("-starts_on").first()


class SchoolYear(models.Model):
    """Năm học; `start_year` 2025 is năm học 2025-2026."""

    start_year = models.PositiveSmallIntegerField("năm bắt đầu", unique=True)
    starts_on = models.DateField("bắt đầu")
    ends_on = models.DateField("kết thúc")

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        verbose_name = "năm học"
        verbose_name_plural = "năm học"
        ordering = ["-start_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")),
                name="plans_schoolyear_order",
                violation_error_message="Ngày kết thúc năm học phải sau ngày bắt đầu.",
            )
        ]

    def __str__(self) -> str:
        return f"Năm học {self.label}"

    @property
    def label(self) -> str:
        """The year as it is printed: "2025-2026"."""
        return f"{self.start_year}-{self.start_year + 1}"


# --- recognition ------------------------------------------------------------------------------------------


class SchoolCalendar(models.Model):
    """Khung thời gian năm học of one province, for the year that its own decision names.

    Where a province has no row, the general frame of `fixtures/places/school_calendar.json` is taken.
    """

    body = models.ForeignKey(
        ManagingBody,
        models.CASCADE,
        related_name="calendars",
        verbose_name="cơ quan ban hành khung thời gian",
    )
    school_year = models.ForeignKey(
        SchoolYear, models.CASCADE, related_name="calendars", verbose_name="năm học"
    )
    starts_on = models.DateField("bắt đầu năm học")
    first_term_ends_on = models.DateField("kết thúc học kỳ I")
    second_term_starts_on = models.DateField("bắt đầu học kỳ II")
    ends_on = models.DateField("kết thúc năm học")
    summer_starts_on = models.DateField("bắt đầu nghỉ hè")
    summer_ends_on = models.DateField("kết thúc nghỉ hè")
    source = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        verbose_name = "khung thời gian năm học"
        verbose_name_plural = "khung thời gian năm học"
        ordering = ["-school_year__start_year", "body"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "school_year"],
                name="plans_calendar_once",
                violation_error_message="Cơ quan này đã có khung thời gian cho năm học đó.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("first_term_ends_on"))
                & Q(first_term_ends_on__lt=F("second_term_starts_on"))
                & Q(second_term_starts_on__lt=F("ends_on"))
                & Q(ends_on__lt=F("summer_starts_on"))
                & Q(summer_starts_on__lt=F("summer_ends_on")),
                name="plans_calendar_order",
                violation_error_message="Các mốc của năm học phải nối nhau theo thứ tự thời gian.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} · {self.school_year}"


class RecognitionDecision(models.Model):
    """Quyết định công nhận: what an authority decided, never what the program proposes."""

    class Kind(models.TextChoices):
        ACCREDITATION = "accreditation", "Kiểm định chất lượng giáo dục (cấp độ)"
        NATIONAL_STANDARD = "national_standard", "Chuẩn quốc gia (mức độ)"

    school = models.ForeignKey(
        School, models.CASCADE, related_name="recognition_decisions", verbose_name="trường"
    )
    kind = models.CharField("loại công nhận", max_length=20, choices=Kind.choices)
    number = models.CharField("số quyết định", max_length=60)
    issued_on = models.DateField("ngày ký")
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    level = models.PositiveSmallIntegerField("cấp độ hoặc mức độ")
    valid_until = models.DateField("có giá trị đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "quyết định công nhận"
        verbose_name_plural = "quyết định công nhận"
        ordering = ["school", "-issued_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4),
                name="plans_recognition_level",
                violation_error_message="Cấp độ hoặc mức độ là một số từ 1 đến 4.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("issued_on")),
                name="plans_recognition_period",
                violation_error_message="Ngày hết giá trị phải sau ngày ký.",
            ),
        ]

    def __str__(self) -> str:
        return f"Quyết định {self.number}"

    @property
    def words(self) -> str:
        """What was recognised: "Đạt chuẩn quốc gia mức độ 1"."""
        if self.kind == self.Kind.NATIONAL_STANDARD:
            return f"Đạt chuẩn quốc gia mức độ {self.level}"
        return f"Đạt kiểm định chất lượng giáo dục cấp độ {self.level}"
