"""What was issued: numbers, frozen documents with their files and signatures, and an office's rules for them.

Nothing here is ever changed once written but a document's state: bytes, hash and number stay (Nghị định
30/2020/NĐ-CP, Điều 15, 18, 19).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.issuing.enums import (
    DocumentKind,
    DocumentState,
    EntryKind,
    FileRole,
    KeyWay,
    SignatureRole,
)
from plans.planning.models import Plan
from plans.schools.models import Dated, ManagingBody, School


class OfficeRule(Dated):
    """What a body decides for its schools' documents, from one day to another; without a row the defaults hold."""

    body = models.ForeignKey(
        ManagingBody, models.CASCADE, related_name="office_rules", verbose_name="cơ quan"
    )
    approves_plans = models.BooleanField(
        "duyệt kế hoạch của trường",
        default=False,
        help_text="Nếu có, trường chỉ bắt đầu thực hiện sau khi kế hoạch được duyệt.",
    )
    allows_key_files = models.BooleanField(
        "cho phép ký bằng tệp khóa PKCS#12 trên trang",
        default=True,
        help_text="Nếu không, trường ký bằng phần mềm của thiết bị ký rồi tải tệp đã ký lên.",
    )
    answer_within_days = models.PositiveSmallIntegerField(
        "số ngày cơ quan hẹn trả lời sau khi nhận", default=5
    )

    class Meta(Dated.Meta):
        verbose_name = "quy định của cơ quan về kế hoạch"
        verbose_name_plural = "quy định của cơ quan về kế hoạch"
        ordering = ["body", "-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"Quy định của {self.body}"


# --- numbers ----------------------------------------------------------------------------------------------


class NumberRegister(models.Model):
    """Sổ đăng ký văn bản đi of a school for a calendar year and a series; its row is held while a number is given."""

    school = models.ForeignKey(
        School, models.PROTECT, related_name="registers", verbose_name="trường"
    )
    year = models.PositiveSmallIntegerField("năm")
    series = models.CharField("loạt số", max_length=20, blank=True)

    class Meta:
        verbose_name = "sổ đăng ký văn bản"
        verbose_name_plural = "sổ đăng ký văn bản"
        ordering = ["school", "-year", "series"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "series"], name="plans_register_once")
        ]

    def __str__(self) -> str:
        return f"{self.school} · {self.year} {self.series}".strip()


class NumberEntry(models.Model):
    """A line of the register: a number with its letter ("20a"), or a run of numbers used elsewhere.

    `last_number` is the end of such a run (21 to 36 on paper), null for a single number.
    """

    register = models.ForeignKey(
        NumberRegister, models.PROTECT, related_name="entries", verbose_name="sổ"
    )
    number = models.PositiveIntegerField("số")
    suffix = models.CharField("chữ kèm số", max_length=5, blank=True)
    last_number = models.PositiveIntegerField("đến số", null=True, blank=True)
    kind = models.CharField("loại", max_length=20, choices=EntryKind.choices)
    reason = models.CharField("lý do", max_length=300, blank=True)
    at = models.DateTimeField("lúc", default=timezone.now, editable=False)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ghi"
    )

    class Meta:
        verbose_name = "dòng của sổ đăng ký"
        verbose_name_plural = "dòng của sổ đăng ký"
        ordering = ["register", "number", "suffix"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "number", "suffix"],
                name="plans_number_once",
                violation_error_message="Số này đã được dùng trong năm.",
            ),
            models.CheckConstraint(
                condition=Q(last_number__isnull=True)
                | Q(kind=EntryKind.OUTSIDE, suffix="", last_number__gt=models.F("number")),
                name="plans_number_run",
                violation_error_message="Dãy số phải ghi từ số nhỏ đến số lớn.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The number as it is printed: "05", "20a", "21–36"."""
        single = f"{self.number:02d}{self.suffix}"
        return single if self.last_number is None else f"{single}–{self.last_number:02d}"

    @property
    def given_to(self) -> IssuedDocument | None:
        """The document that bears the number; None for a line without one."""
        return getattr(self, "document", None)


# --- documents --------------------------------------------------------------------------------------------


class FrozenFile(models.Model):
    """Bytes that never change, found by their hash; the same bytes are kept once."""

    sha256 = models.CharField("mã SHA-256", max_length=64, unique=True)
    content = models.BinaryField("nội dung")
    size = models.PositiveIntegerField("dung lượng (byte)")
    media_type = models.CharField("loại tệp", max_length=100)
    kept_at = models.DateTimeField("lưu lúc", default=timezone.now)

    class Meta:
        verbose_name = "tệp đóng băng"
        verbose_name_plural = "tệp đóng băng"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sha256[:12]


class KeptFile(models.Model):
    """One file of what was issued or made for signing; signed ones in the order of signing, the last is handed out."""

    file = models.ForeignKey(FrozenFile, models.PROTECT, related_name="+", verbose_name="tệp")
    role = models.CharField("loại", max_length=20, choices=FileRole.choices)
    sequence = models.PositiveSmallIntegerField("thứ tự", default=0)
    name = models.CharField("tên tệp", max_length=200)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    added_at = models.DateTimeField("thêm lúc", default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người thêm")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class KeptPaper(models.Model):
    """What is kept with its `files` (of KeptFile) and may be looked up by its `code`."""

    code: Any
    files: Any

    class Meta:
        abstract = True

    @property
    def file_order(self) -> list[FileRole]:
        """The roles in the order in which pages list them: what was signed, what was made, scans."""
        return [FileRole.SIGNED, FileRole.PDF, FileRole.DOCX, FileRole.XLSX, FileRole.SCAN]

    @property
    def files_to_take(self) -> list[Any]:
        """The files in that order, the last signed one first."""
        order, files = self.file_order, self.files.all()
        return sorted(files, key=lambda row: (order.index(FileRole(row.role)), -row.sequence))

    @property
    def shown_code(self) -> str:
        """The code in groups of four: "R4HX-8W3N-K2QT"."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    """Issued documents."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """Return the documents of the schools that `user` may see on the day `on` (default today)."""
        return self.filter(school__in=School.objects.visible_to(user, on))

    def in_force(self) -> Self:
        """Return the documents that were neither replaced nor withdrawn."""
        return self.filter(state=DocumentState.IN_FORCE)

    def for_page(self) -> Self:
        """Load what every page of a document names, in a fixed number of queries; no bytes."""
        return self.select_related(
            "school", "plan__school_year", "entry", "replaces"
        ).prefetch_related(
            models.Prefetch(
                "files", DocumentFile.objects.select_related("file").defer("file__content")
            ),
            "signatures",
        )


class IssuedDocument(KeptPaper):
    """Văn bản đã ban hành: what it said on the day it was issued, in which names, under which number.

    `code` is what a person types to look it up ("R4HX-8W3N-…", kept without dashes); it is drawn at random and
    says nothing. `tree` is the document itself as values, `basis` the revisions it was made from.
    """

    kind = models.CharField("loại văn bản", max_length=20, choices=DocumentKind.choices)
    school = models.ForeignKey(
        School, models.PROTECT, related_name="documents", verbose_name="trường"
    )
    plan = models.ForeignKey(
        Plan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name="kế hoạch",
    )
    entry = models.OneToOneField(
        NumberEntry, models.PROTECT, related_name="document", verbose_name="số trong sổ"
    )
    title = models.CharField("tên văn bản", max_length=300)
    number = models.CharField("số", max_length=20)
    symbol = models.CharField("ký hiệu", max_length=80)
    issued_on = models.DateField("ngày ban hành")
    place = models.CharField("địa danh", max_length=120)
    parent_body = models.CharField("cơ quan chủ quản trên đầu văn bản", max_length=200, blank=True)
    issuer = models.CharField("cơ quan ban hành trên đầu văn bản", max_length=200)
    issuer_name = models.CharField("tên trường khi ban hành", max_length=200)
    signing_capacity = models.CharField("quyền hạn, chức vụ của người ký", max_length=200)
    signer_name = models.CharField("họ và tên người ký", max_length=120)
    state = models.CharField(
        "hiệu lực", max_length=20, choices=DocumentState.choices, default=DocumentState.IN_FORCE
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="thay thế văn bản",
    )
    ended_at = models.DateTimeField("hết hiệu lực lúc", null=True, blank=True)
    ended_because = models.CharField("lý do hết hiệu lực", max_length=1000, blank=True)
    code = models.CharField("mã tra cứu", max_length=16, unique=True)
    pages = models.PositiveSmallIntegerField("số trang")
    tree = models.JSONField("cây văn bản")
    basis = models.JSONField("căn cứ lập (phiên bản mẫu, bộ tiêu chuẩn, tên)", default=dict)
    issued_at = models.DateTimeField("ban hành lúc", default=timezone.now)
    issued_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người bấm ban hành"
    )

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản đã ban hành"
        verbose_name_plural = "văn bản đã ban hành"
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state=DocumentState.IN_FORCE),
                name="plans_document_one_in_force",
                violation_error_message="Kế hoạch đã có một văn bản đang có hiệu lực.",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.IN_FORCE, ended_at__isnull=True)
                | (~Q(state=DocumentState.IN_FORCE) & Q(ended_at__isnull=False)),
                name="plans_document_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_number} ngày {self.issued_on:%d/%m/%Y}"

    @property
    def full_number(self) -> str:
        """Số, ký hiệu as printed: "05/KH-MNHS"."""
        return f"{self.number}/{self.symbol}"

    @property
    def successor(self) -> IssuedDocument | None:
        """The document that replaced this one, None while there is none."""
        return getattr(self, "replaced_by", None)


class DocumentFile(KeptFile):
    """One file of an issued document."""

    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, related_name="files", verbose_name="văn bản"
    )

    class Meta:
        verbose_name = "tệp của văn bản"
        verbose_name_plural = "tệp của văn bản"
        ordering = ["document", "role", "sequence", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "role", "sequence"], name="plans_document_file_once"
            )
        ]


class Signature(models.Model):
    """Chữ ký số on an issued document: whose, by which certificate, in which file it came about."""

    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, related_name="signatures", verbose_name="văn bản"
    )
    role = models.CharField("của ai", max_length=20, choices=SignatureRole.choices)
    way = models.CharField("cách ký", max_length=20, choices=KeyWay.choices)
    file = models.OneToOneField(
        DocumentFile, models.PROTECT, related_name="signature", verbose_name="bản đã ký"
    )
    subject = models.CharField("chủ thể chứng thư", max_length=300)
    certificate_issuer = models.CharField("nơi cấp chứng thư", max_length=300)
    serial = models.CharField("số sê-ri", max_length=80)
    signed_at = models.DateTimeField("ký lúc")
    has_timestamp = models.BooleanField("có dấu thời gian", default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ký")

    class Meta:
        verbose_name = "chữ ký số"
        verbose_name_plural = "chữ ký số"
        ordering = ["document", "signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "role"],
                name="plans_signature_role_once",
                violation_error_message="Văn bản đã có chữ ký này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.subject}"


class HandSignature(models.Model):
    """Ảnh chữ ký tay of a person: a PNG with a transparent ground, drawn in blue over their digital signature."""

    person = models.OneToOneField(
        User, models.CASCADE, related_name="hand_signature", verbose_name="người ký"
    )
    image = models.BinaryField("ảnh PNG")
    stored_at = models.DateTimeField("lưu lúc", default=timezone.now)

    class Meta:
        verbose_name = "ảnh chữ ký tay"
        verbose_name_plural = "ảnh chữ ký tay"

    def __str__(self) -> str:
        return f"Chữ ký của {self.person}"


class SealImage(Dated):
    """Ảnh con dấu of a school, red, in its real size; kept by the văn thư."""

    school = models.ForeignKey(
        School, models.CASCADE, related_name="seal_images", verbose_name="trường"
    )
    image = models.BinaryField("ảnh PNG")
    width_mm = models.DecimalField("rộng (mm)", max_digits=4, decimal_places=1, default=36)
    stored_at = models.DateTimeField("lưu lúc", default=timezone.now)

    class Meta(Dated.Meta):
        verbose_name = "ảnh con dấu"
        verbose_name_plural = "ảnh con dấu"
        ordering = ["school", "-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"Con dấu của {self.school}"


class PublicCopy(models.Model):
    """Bản công khai of a document: the chosen fields alone, at an address that stays."""

    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, related_name="public_copy", verbose_name="văn bản"
    )
    token = models.CharField("địa chỉ", max_length=40, unique=True)
    parts = models.JSONField("phần công khai", default=list)
    with_names = models.BooleanField("ghi họ tên người", default=False)
    is_public = models.BooleanField("đang công khai", default=True)
    pdf = models.ForeignKey(
        FrozenFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bản PDF công khai",
    )
    changed_at = models.DateTimeField("sửa lúc", default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người sửa")

    class Meta:
        verbose_name = "bản công khai"
        verbose_name_plural = "bản công khai"
        ordering = ["document"]

    def __str__(self) -> str:
        return f"Bản công khai của {self.document}"
