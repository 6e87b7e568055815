"""Đợt kiểm tra: which schools a body visits in a season, by whom, on what ground."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from plans.accounts.models import User
from plans.checklists.models import Checklist
from plans.inspections.enums import MinutesTitle, TeamRole
from plans.planning.fields import TypedField
from plans.schools.models import ManagingBody, School, SchoolYear


class InspectionCampaignQuerySet(models.QuerySet["InspectionCampaign"]):
    """Campaigns of visits."""

    def visible_to(self, user: Any, on: date) -> Self:
        """Return the campaigns of the bodies that `user` decides for on the day `on`."""
        from plans.accounts.rules import bodies_decided_by  # rules read models

        return self.filter(body__in=ManagingBody.objects.filter(bodies_decided_by(user, on)))


class InspectionCampaign(models.Model):
    """Đợt kiểm tra of a body: ground, deciding paper, team, period, how the schools were chosen.

    `decision_*` name the decision that founds the team. `seed` and `drawn_from` (ids of the schools in the order
    in which they were drawn from) let anybody repeat a random choice; "" and [] where schools were chosen by hand.
    `reply_days` are the days that a school has to answer after the visit.
    """

    body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="inspection_campaigns", verbose_name="cơ quan"
    )
    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, related_name="inspection_campaigns", verbose_name="năm học"
    )
    title = models.CharField("tên đợt", max_length=200)
    legal_grounds = TypedField("căn cứ")
    decision_number = models.CharField("số quyết định thành lập tổ", max_length=60, blank=True)
    decision_date = models.DateField("ngày quyết định", null=True, blank=True)
    decision_issuer = models.CharField("cơ quan ra quyết định", max_length=200, blank=True)
    minutes_title = models.CharField(
        "tên biên bản", max_length=20, choices=MinutesTitle.choices, default=MinutesTitle.CHECK
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    reply_days = models.PositiveSmallIntegerField("số ngày trường được phản hồi", default=5)
    note = TypedField("nội dung kiểm tra, yêu cầu chuẩn bị")
    seed = models.CharField("mã chọn ngẫu nhiên", max_length=40, blank=True)
    share = models.PositiveSmallIntegerField("tỷ lệ chọn (%)", null=True, blank=True)
    drawn_from = models.JSONField("danh sách đã chọn từ", default=list, blank=True)
    checklists = models.ManyToManyField(
        Checklist, blank=True, related_name="campaigns", verbose_name="phiếu kiểm tra"
    )
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("lập lúc", default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InspectionCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt kiểm tra"
        verbose_name_plural = "đợt kiểm tra"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="plans_visits_period",
                violation_error_message="Ngày kết thúc đợt không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | (Q(share__gte=1, share__lte=100) & ~Q(seed="")),
                name="plans_visits_seed",
                violation_error_message="Chọn ngẫu nhiên cần tỷ lệ từ 1 đến 100 và mã chọn.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TeamPerson(models.Model):
    """A person of a team as the record prints them; `user` is set where they have an account.

    `unit` is the home unit in words, `home_school` the school that they come from: nobody inspects that one.
    """

    honorific = models.CharField("xưng hô", max_length=20, blank=True)
    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    unit = models.CharField("đơn vị", max_length=200, blank=True)
    role = models.CharField(
        "vai trò", max_length=20, choices=TeamRole.choices, default=TeamRole.MEMBER
    )
    home_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="trường"
    )
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="%(class)s_seats"
    )
    place = models.PositiveIntegerField("thứ tự", default=0, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    @property
    def printed(self) -> str:
        """The person as the record lists them: "Ông A, Chuyên viên Phòng B - Thành viên"."""
        who = f"{self.honorific} {self.full_name}".strip()
        post = " ".join(filter(None, (self.position, self.unit)))
        label = TeamRole(self.role).label
        return f"{who}, {post} - {label}" if post else f"{who} - {label}"


class CampaignMember(TeamPerson):
    """A person whom the decision of a campaign names; visits take their teams from these."""

    campaign = models.ForeignKey(
        InspectionCampaign, models.CASCADE, related_name="members", verbose_name="đợt"
    )

    class Meta:
        verbose_name = "thành viên của đợt kiểm tra"
        verbose_name_plural = "thành viên của đợt kiểm tra"
        ordering = ["campaign", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "user"],
                name="plans_campaign_member_once",
                violation_error_message="Người này đã có trong tổ.",
            )
        ]


class ChosenSchool(models.Model):
    """A school that a campaign is to visit, whether or not a day is set; visits are made from these."""

    campaign = models.ForeignKey(
        InspectionCampaign, models.CASCADE, related_name="chosen", verbose_name="đợt"
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name="trường")

    class Meta:
        verbose_name = "trường được chọn kiểm tra"
        verbose_name_plural = "trường được chọn kiểm tra"
        ordering = ["campaign", "school__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "school"],
                name="plans_chosen_school_once",
                violation_error_message="Trường này đã có trong đợt.",
            )
        ]

    def __str__(self) -> str:
        return str(self.school)
