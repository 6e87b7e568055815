"""A visit to one school and its team."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.checklists.models import Checklist
from plans.inspections.enums import MinutesTitle, TeamRole
from plans.inspections.models.campaign import InspectionCampaign, TeamPerson
from plans.inspections.states import TEAM_SEES, InspectionState
from plans.issuing.enums import DocumentState
from plans.issuing.models import IssuedDocument
from plans.planning.fields import TypedField
from plans.planning.models import Plan
from plans.schools.models import ManagingBody, School, SchoolYear


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Visits."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """Return the visits that `user` may know of on the day `on` (default today).

        Those to schools in their sight, and those on whose team they are: until the visit is over or they were
        taken off. What of a visit they may read is asked of its rules.
        """
        schools = School.objects.visible_to(user, on)
        day = on or timezone.localdate()
        own = [row.school_id for row in user.memberships_on(day) if row.school_id]
        # A school hears of a visit once it is told, or once the team stands at the door.
        untold = Q(school__in=own, notified_at__isnull=True, opened_at__isnull=True)
        seats = TeamMember.objects.filter(
            inspection=OuterRef("pk"), user=user.pk, removed_at__isnull=True
        ).exclude(home_school=OuterRef("school"))
        on_team = Exists(seats) & Q(state__in=[InspectionState.PLANNED, *TEAM_SEES])
        on_team &= ~Q(school__in=own)  # nobody inspects their own school, whatever a seat says
        return self.filter((Q(school__in=schools) & ~untold) | on_team)

    def untold(self) -> Self:
        """Return the planned visits whose school holds no notice: none went out, or it was withdrawn since.

        Of a visit that was moved the school knows (`notified_at`), but no paper tells the new day.
        """

        # Papers are of a room above this one.
        sent = {"papers__kind": "notice", "papers__waits": False}
        gone = self.model.objects.filter(**sent, papers__state=DocumentState.WITHDRAWN)
        held = self.model.objects.filter(**sent, papers__state=DocumentState.IN_FORCE)
        wanting = Q(notified_at__isnull=True) | Q(pk__in=gone.values("pk"))
        return self.filter(wanting, state=InspectionState.PLANNED).exclude(pk__in=held.values("pk"))

    def for_page(self) -> Self:
        """Load what every page of a visit names, in a fixed number of queries; no findings."""
        return self.select_related(
            "school", "school_year", "body", "campaign", "plan__school_year", "document"
        ).prefetch_related("school__names", "members__user", "checklists")

    def for_minutes(self) -> Self:
        """Load all that the minutes of a visit say, in a fixed number of queries; of photos and files no bytes.

        `school.leaders` are the memberships of its heads and their deputies, whenever they held.
        """
        from plans.inspections.models.record import ChecklistAnswer, Finding  # read this module

        leaders = Membership.objects.filter(role__in=[Role.PRINCIPAL, Role.VICE_PRINCIPAL])
        findings = Finding.objects.select_related(
            "criterion__standard", "reply__answered_by", "reply__decided_by"
        ).prefetch_related("recommendations", "photos", "reply__files")
        answers = ChecklistAnswer.objects.select_related(
            "question__checklist", "question__criterion__standard"
        ).order_by("question__checklist", "question__position", "question")
        return self.select_related(
            "school",
            "school_year",
            "body__successor",
            "body__parent__successor",
            "campaign",
            "plan__framework",
            "plan__school_year",
            "document",
        ).prefetch_related(
            "school__names",
            "members__user",
            "attendees",
            models.Prefetch("findings", findings),
            models.Prefetch("answers", answers),
            models.Prefetch(
                "school__memberships",
                leaders.select_related("user").order_by("role", "pk"),
                to_attr="leaders",
            ),
        )


class Inspection(models.Model):
    """Buổi kiểm tra of one school by a team, and the record of it.

    `plan_tree` is the plan as a document (tree of `plans.documents`) on the day the record was opened, `plan_words`
    says which version that is; both stay as they are whatever becomes of the plan. `began`, `ended`, `held_on`,
    `place`, `copies`, `school_words` are typed on the spot and kept to the letter. `revisions` counts the changes
    of each of these fields (see `Entry`).
    """

    body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="inspections", verbose_name="cơ quan kiểm tra"
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="inspections", verbose_name="trường"
    )
    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, related_name="inspections", verbose_name="năm học"
    )
    campaign = models.ForeignKey(
        InspectionCampaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
        verbose_name="đợt kiểm tra",
    )
    plan = models.ForeignKey(
        Plan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
        verbose_name="kế hoạch",
    )
    document = models.ForeignKey(
        IssuedDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
        verbose_name="văn bản kế hoạch",
    )
    state = models.CharField(
        "trạng thái",
        max_length=20,
        choices=InspectionState.choices,
        default=InspectionState.PLANNED,
    )
    minutes_title = models.CharField(
        "tên biên bản", max_length=20, choices=MinutesTitle.choices, default=MinutesTitle.CHECK
    )
    legal_grounds = TypedField("căn cứ")
    decision_number = models.CharField("số quyết định thành lập tổ", max_length=60, blank=True)
    decision_date = models.DateField("ngày quyết định", null=True, blank=True)
    decision_issuer = models.CharField("cơ quan ra quyết định", max_length=200, blank=True)
    checklists = models.ManyToManyField(
        Checklist, blank=True, related_name="inspections", verbose_name="phiếu kiểm tra"
    )
    planned_on = models.DateField("ngày kiểm tra")
    planned_from = models.TimeField("từ giờ", null=True, blank=True)
    planned_to = models.TimeField("đến giờ", null=True, blank=True)
    reply_days = models.PositiveSmallIntegerField("số ngày trường được phản hồi", default=5)
    notified_at = models.DateTimeField("thông báo cho trường lúc", null=True, blank=True)

    plan_tree = models.JSONField("kế hoạch ngày kiểm tra", null=True, blank=True)
    plan_words = models.CharField("phiên bản kế hoạch", max_length=300, blank=True)
    held_on = TypedField("ngày ghi trên biên bản", limit=40)
    began = TypedField("bắt đầu lúc", limit=40)
    ended = TypedField("kết thúc lúc", limit=40)
    place = TypedField("tại", limit=300)
    copies = TypedField("số bản", limit=40)
    school_words = TypedField("ý kiến của nhà trường tại buổi kiểm tra")
    revisions = models.JSONField(default=dict, editable=False)

    opened_at = models.DateTimeField("mở biên bản lúc", null=True, blank=True)
    opened_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người mở"
    )
    concluded_at = models.DateTimeField("kết thúc tại trường lúc", null=True, blank=True)
    concluded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người kết thúc"
    )
    reply_until = models.DateField("trường phản hồi đến hết ngày", null=True, blank=True)
    replied_at = models.DateTimeField("trường phản hồi xong lúc", null=True, blank=True)
    replied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người phản hồi"
    )
    minuted_at = models.DateTimeField("lập biên bản lúc", null=True, blank=True)
    done_at = models.DateTimeField("đủ chữ ký lúc", null=True, blank=True)
    cancelled_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    cancel_reason = models.CharField("lý do hủy", max_length=1000, blank=True)
    created_at = models.DateTimeField("lên lịch lúc", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người lên lịch"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "buổi kiểm tra"
        verbose_name_plural = "buổi kiểm tra"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "school"],
                condition=~Q(state=InspectionState.CANCELLED),
                name="plans_visit_once_a_campaign",
                violation_error_message="Trường đã có buổi kiểm tra trong đợt này.",
            ),
            models.CheckConstraint(
                condition=Q(planned_from__isnull=True)
                | Q(planned_to__isnull=True)
                | Q(planned_from__lt=F("planned_to")),
                name="plans_visit_hours",
                violation_error_message="Giờ kết thúc phải sau giờ bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[InspectionState.PLANNED, InspectionState.CANCELLED])
                | Q(opened_at__isnull=False, opened_by__isnull=False, plan_tree__isnull=False),
                name="plans_visit_opened",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        InspectionState.CONCLUDED,
                        InspectionState.MINUTED,
                        InspectionState.DONE,
                    ]
                )
                | Q(concluded_at__isnull=False, reply_until__isnull=False),
                name="plans_visit_concluded",
            ),
            models.CheckConstraint(
                condition=~Q(state=InspectionState.CANCELLED)
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="plans_visit_cancelled",
                violation_error_message="Hãy ghi lý do hủy.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kiểm tra {self.school} ngày {self.visited_on:%d/%m/%Y}"

    @property
    def visited_on(self) -> date:
        """The day of the visit: that on which its record was opened, until then the planned one."""
        if self.opened_at is None:
            return self.planned_on
        return timezone.localtime(self.opened_at).date()

    @property
    def plan_year(self) -> SchoolYear:
        """The school year of the plan that is looked at, until there is one that of the visit; reads `plan`."""
        return self.plan.school_year if self.plan is not None else self.school_year

    @property
    def team(self) -> list[TeamMember]:
        """The people of the team, without those taken off; reads the prefetched `members`."""
        return [one for one in self.members.all() if one.removed_at is None]

    @property
    def is_known_to_school(self) -> bool:
        """Whether the school was told of the visit, or the team stood at its door; before, it reads nothing of it."""
        return self.notified_at is not None or self.opened_at is not None

    def seat_of(self, user: Any) -> TeamMember | None:
        """Return the seat of `user` in the team, None for anybody else; reads the prefetched `members`."""
        return next((one for one in self.team if one.user_id == user.pk), None)


class TeamMember(TeamPerson):
    """A person of the team of one visit; who was taken off stays in the record, with the time."""

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="members", verbose_name="buổi kiểm tra"
    )
    present = models.CharField(
        "có mặt", max_length=10, blank=True, default="yes", choices=[("yes", "Có"), ("no", "Vắng")]
    )
    revisions = models.JSONField(default=dict, editable=False)
    removed_at = models.DateTimeField("rút khỏi tổ lúc", null=True, blank=True)
    removed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người rút"
    )

    class Meta:
        verbose_name = "thành viên tổ kiểm tra"
        verbose_name_plural = "thành viên tổ kiểm tra"
        ordering = ["inspection", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "user"],
                condition=Q(removed_at__isnull=True),
                name="plans_team_member_once",
                violation_error_message="Người này đã có trong tổ.",
            ),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(removed_at__isnull=True, role=TeamRole.LEAD),
                name="plans_team_one_lead",
                violation_error_message="Tổ kiểm tra chỉ có một tổ trưởng.",
            ),
        ]
