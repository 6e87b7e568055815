"""Papers of an inspection: what was written down once, with its files and whoever signs it.

As with issued plans nothing here changes once it is written but the state and who has signed.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.inspections.enums import Side
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState, FileRole, KeyWay
from plans.issuing.models import KeptFile, KeptPaper
from plans.schools.models import ManagingBody
from plans.schools.sight import bodies_in_sight


class PaperKind(models.TextChoices):
    """Which paper it is."""

    NOTICE = "notice", "Thông báo kiểm tra"
    MINUTES = "minutes", "Biên bản kiểm tra"
    REPORT = "report", "Báo cáo tổng hợp đợt kiểm tra"


class PaperQuerySet(models.QuerySet["Paper"]):
    """Papers."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """Return the papers of the visits that `user` may know of, and the reports of their bodies' campaigns."""
        day = on or timezone.localdate()
        visits = Inspection.objects.visible_to(user, on)
        campaigns = InspectionCampaign.objects.visible_to(user, day)
        found = self.filter(Q(inspection__in=visits) | Q(campaign__in=campaigns))
        own = user.memberships_on(day)
        if any(row.sees_everything for row in own):
            return found
        # What waits for the signature of an office has not left it.
        bodies = bodies_in_sight({row.body_id for row in own if row.body_id})
        return found.filter(Q(waits=False) | Q(body__in=bodies))

    def in_force(self) -> Self:
        """Return the papers that have gone out and were neither replaced nor withdrawn."""
        return self.filter(state=DocumentState.IN_FORCE, waits=False)

    def waiting(self) -> Self:
        """Return the papers of an office that wait for the signature with which they go out."""
        return self.filter(state=DocumentState.IN_FORCE, waits=True)

    def for_page(self) -> Self:
        """Load what every page of a paper names, in a fixed number of queries; no bytes."""
        return self.select_related("inspection__school", "campaign", "body").prefetch_related(
            "inspection__school__names",
            "inspection__members__user",
            models.Prefetch(
                "files", PaperFile.objects.select_related("file").defer("file__content")
            ),
            "signers__user",
        )


class Paper(KeptPaper):
    """A frozen paper of a visit, or of a campaign; `code` is what anybody types to look it up.

    `number` is as the office typed it, "" where it gives none (a biên bản needs none). One that `waits` is for its
    office alone, until it is signed or its signed scan is there; then it goes out.
    """

    kind = models.CharField("loại", max_length=20, choices=PaperKind.choices)
    body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="papers", verbose_name="cơ quan"
    )
    inspection = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="buổi kiểm tra",
    )
    campaign = models.ForeignKey(
        InspectionCampaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="đợt kiểm tra",
    )
    title = models.CharField("tên văn bản", max_length=300)
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ngày")
    issuer = models.CharField("cơ quan trên đầu văn bản", max_length=200)
    state = models.CharField(
        "hiệu lực", max_length=20, choices=DocumentState.choices, default=DocumentState.IN_FORCE
    )
    waits = models.BooleanField("chờ ký rồi mới phát hành", default=False)
    ended_at = models.DateTimeField("hết hiệu lực lúc", null=True, blank=True)
    ended_because = models.CharField("lý do hết hiệu lực", max_length=1000, blank=True)
    code = models.CharField("mã tra cứu", max_length=16, unique=True)
    pages = models.PositiveSmallIntegerField("số trang")
    tree = models.JSONField("cây văn bản")
    made_at = models.DateTimeField("lập lúc", default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người lập")

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy tờ kiểm tra"
        verbose_name_plural = "giấy tờ kiểm tra"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="report", campaign__isnull=False, inspection__isnull=True)
                | (~Q(kind="report") & Q(campaign__isnull=True, inspection__isnull=False)),
                name="plans_paper_about",
            ),
            models.UniqueConstraint(
                fields=["inspection", "kind"],
                condition=Q(state=DocumentState.IN_FORCE, waits=False),
                name="plans_paper_one_in_force",
                violation_error_message="Buổi kiểm tra đã có giấy tờ loại này đang có hiệu lực.",
            ),
            models.UniqueConstraint(
                fields=["inspection", "kind"],
                condition=Q(state=DocumentState.IN_FORCE, waits=True),
                name="plans_paper_one_waiting",
                violation_error_message="Buổi kiểm tra đã có giấy tờ loại này đang chờ ký.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="minutes") | Q(waits=False),
                name="plans_paper_waits",
                violation_error_message="Biên bản không chờ ký rồi mới phát hành.",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.IN_FORCE, ended_at__isnull=True)
                | (~Q(state=DocumentState.IN_FORCE) & Q(ended_at__isnull=False)),
                name="plans_paper_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ngày {self.issued_on:%d/%m/%Y}"

    @property
    def file_order(self) -> list[FileRole]:
        """Of an office's paper the signed scan is the paper; beside minutes it is a picture of them."""
        if self.kind == PaperKind.MINUTES:
            return super().file_order
        return [FileRole.SIGNED, FileRole.SCAN, FileRole.PDF, FileRole.DOCX, FileRole.XLSX]

    @property
    def is_waiting(self) -> bool:
        """Whether it is an office's paper that is still to be signed before it goes out."""
        return self.waits and self.state == DocumentState.IN_FORCE

    @property
    def is_to_be_signed(self) -> bool:
        """Whether signatures are still wanted: minutes in force of a visit that waits for them."""
        return (
            self.kind == PaperKind.MINUTES
            and self.state == DocumentState.IN_FORCE
            and self.inspection is not None
            and self.inspection.state == InspectionState.MINUTED
        )

    @property
    def state_words(self) -> str:
        """What pages say of it; what is not signed yet is not said to be in force."""
        if self.is_waiting:
            return "Chờ ký, chưa phát hành"
        return "Chờ ký" if self.is_to_be_signed else DocumentState(self.state).label


class PaperFile(KeptFile):
    """One file of a paper; signed ones in the order of signing, the last is the one to hand out."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="files", verbose_name="giấy tờ")

    class Meta:
        verbose_name = "tệp của giấy tờ kiểm tra"
        verbose_name_plural = "tệp của giấy tờ kiểm tra"
        ordering = ["paper", "role", "sequence", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "role", "sequence"], name="plans_paper_file_once"
            )
        ]


class PaperSigner(models.Model):
    """Who signs a paper: the school's head and every person of the team minutes, the office's head its own papers.

    `field` is the signature field of the PDF that is theirs. `way`, `file`, `subject` … are set by signing.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="signers", verbose_name="giấy tờ")
    side = models.CharField("bên", max_length=10, choices=Side.choices)
    place = models.PositiveSmallIntegerField("thứ tự")
    field = models.CharField("ô chữ ký", max_length=60)
    full_name = models.CharField("họ và tên", max_length=120)
    capacity = models.CharField("chức vụ", max_length=200, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tài khoản"
    )
    file = models.OneToOneField(
        PaperFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signer",
        verbose_name="bản đã ký",
    )
    way = models.CharField("cách ký", max_length=20, choices=KeyWay.choices, blank=True)
    subject = models.CharField("chủ thể chứng thư", max_length=300, blank=True)
    certificate_issuer = models.CharField("nơi cấp chứng thư", max_length=300, blank=True)
    serial = models.CharField("số sê-ri", max_length=80, blank=True)
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    has_timestamp = models.BooleanField("có dấu thời gian", default=False)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người bấm ký"
    )

    class Meta:
        verbose_name = "người ký biên bản"
        verbose_name_plural = "người ký biên bản"
        ordering = ["paper", "side", "place"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "field"], name="plans_paper_signer_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, file__isnull=True, by__isnull=True)
                | Q(signed_at__isnull=False, file__isnull=False, by__isnull=False),
                name="plans_paper_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name
