"""Opening a record: what is frozen, which findings it gets, who is written down as present."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.documents.storing import tree_as_json
from plans.inspections.enums import FindingKind
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState
from plans.issuing.models import IssuedDocument
from plans.moves import MoveNotAllowed
from plans.planning.document import plan_document
from plans.planning.models import Plan, PlanAction
from plans.recording.opening import newer_version, open_record, version_to_open
from tests.factories import accounts, inspections, issuing, planning, schools

pytestmark = pytest.mark.django_db

# 8 giờ 05 phút of the sixth in Vietnam.
MORNING = datetime(2025, 10, 6, 1, 5, tzinfo=UTC)


def filled_plan() -> Plan:
    plan = planning.plan()
    planning.plan_text(plan, "purpose", "Khắc phục điểm yếu.")
    planning.plan_text(plan, "grounds", "Thông tư 19/2018/TT-BGDĐT")
    planning.action(plan, measures="Sửa bếp ăn một chiều", lead="Hiệu trưởng")
    planning.action(plan, measures="Thay kệ gỗ", lead="Kế toán", partners="")
    planning.row(plan, topic="Giữa kỳ")
    return plan


def issued(plan: Plan, **values: object) -> IssuedDocument:
    document = issuing.issued_document(plan, **values)  # type: ignore[arg-type]
    document.tree = tree_as_json(plan_document(Plan.objects.for_document().get(pk=plan.pk)))
    document.save()
    return document


def planned(plan: Plan, **values: object) -> Inspection:
    return inspections.inspection(plan, InspectionState.PLANNED, **values)  # type: ignore[arg-type]


def opened(visit: Inspection, by: User | None = None) -> Inspection:
    return open_record(inspection=visit, by=by or accounts.user(), at=MORNING)


def test_visit_of_a_campaign_is_opened_once_that_has_begun() -> None:
    plan = planning.plan()
    asked = inspections.campaign(year=plan.school_year)
    lead = accounts.user()
    visit = planned(plan, campaign=asked, lead=lead)

    def may() -> bool:
        return lead.has_perm("plans.open_visit", Inspection.objects.for_page().get(pk=visit.pk))

    with pytest.raises(MoveNotAllowed, match="Đợt kiểm tra chưa bắt đầu"):
        opened(visit)
    assert not may()

    asked.started_at = timezone.now()
    asked.save()

    assert may()
    assert opened(visit).state == InspectionState.OPEN


def test_findings_stand_in_printed_order_with_the_plans_own_words() -> None:
    plan = filled_plan()
    first, second = plan.actions.order_by("pk")
    criterion = first.criterion
    assert criterion is not None

    visit = opened(planned(plan))

    assert [(one.kind, one.key, one.title) for one in visit.findings.all()] == [
        (FindingKind.SECTION, "muc-purpose", "Mục đích, yêu cầu"),
        (FindingKind.SECTION, "muc-grounds", "Căn cứ xây dựng kế hoạch"),
        (FindingKind.SECTION, "muc-results", "Kết quả theo tiêu chí"),
        (FindingKind.STANDARD, "tieu-chuan-1", criterion.standard.label),
        (FindingKind.ACTION, f"viec-{first.pk}", criterion.label),
        (FindingKind.ACTION, f"viec-{second.pk}", criterion.label),
        (FindingKind.SECTION, "muc-follow_up", "Theo dõi"),
        (FindingKind.GENERAL, "chung", "Nhận xét chung"),
    ]
    by_key = {one.key: one for one in visit.findings.all()}
    assert by_key[f"viec-{first.pk}"].quoted == [
        ["Công việc", "Sửa bếp ăn một chiều"],
        ["Chủ trì", "Hiệu trưởng\nKế toán"],
    ]
    assert by_key["muc-purpose"].quoted == [["", "Khắc phục điểm yếu."]]
    assert by_key["muc-follow_up"].quoted == [["Nội dung", "Giữa kỳ"]]
    assert by_key[f"viec-{second.pk}"].action_key == second.pk


def test_record_begins_with_place_time_and_the_heads_of_the_school() -> None:
    plan = filled_plan()
    accounts.member(Role.VICE_PRINCIPAL, school=plan.school, full_name="Phạm Thị Minh Họa")
    accounts.member(Role.PRINCIPAL, school=plan.school, full_name="Lê Thị Mẫu Đơn")
    accounts.member(Role.STAFF, school=plan.school, full_name="Trần Văn Mẫu")

    visit = opened(planned(plan))

    assert (visit.held_on, visit.began, visit.ended) == ("06/10/2025", "8 giờ 05 phút", "")
    assert visit.place == plan.school.name_on(visit.planned_on)
    assert [(one.full_name, one.position) for one in visit.attendees.all()] == [
        ("Lê Thị Mẫu Đơn", "Hiệu trưởng"),
        ("Phạm Thị Minh Họa", "Phó hiệu trưởng"),
    ]
    assert (visit.state, visit.opened_at) == (InspectionState.OPEN, MORNING)


def test_draft_is_frozen_as_it_stands() -> None:
    plan = filled_plan()
    tree = tree_as_json(plan_document(Plan.objects.for_document().get(pk=plan.pk)))

    visit = opened(planned(plan))
    PlanAction.objects.update(measures="Sửa sau buổi kiểm tra")

    visit.refresh_from_db()
    assert visit.plan_tree == tree
    assert visit.plan_words == "Kế hoạch năm học 2025-2026, bản đang soạn ngày 06/10/2025"
    assert visit.document is None


def test_issued_document_is_what_counts_though_the_plan_is_being_changed() -> None:
    plan = filled_plan()
    document = issued(plan)
    first, second = plan.actions.order_by("pk")
    PlanAction.objects.filter(pk=first.pk).update(measures="Sửa khi đã ban hành")

    visit = opened(planned(plan))

    assert visit.document == document
    assert visit.plan_words == f"Kế hoạch số {document.full_number} ngày 05/9/2025"
    rows = [one for one in visit.findings.all() if one.kind == FindingKind.ACTION]
    assert [(one.key, one.action_key) for one in rows] == [
        ("viec-dong-1", None),
        (f"viec-{second.pk}", second.pk),
    ]
    assert rows[0].quoted[0] == ["Công việc", "Sửa bếp ăn một chiều"]
    assert rows[0].criterion == first.criterion


def test_plan_of_the_visits_year_is_taken_else_the_last_that_is_no_draft() -> None:
    school = schools.school()
    last = planning.plan(school, year=schools.school_year(2024), finished=True)
    planning.plan(school, year=schools.school_year(2026))
    visit = planned(last, school_year=None) if False else planned(last)
    Inspection.objects.filter(pk=visit.pk).update(plan=None, school_year=schools.school_year(2025))

    assert opened(Inspection.objects.get(pk=visit.pk)).plan == last


def test_school_without_a_plan_is_visited_all_the_same() -> None:
    plan = planning.plan()
    visit = planned(plan)
    Inspection.objects.filter(pk=visit.pk).update(plan=None)
    Plan.objects.filter(pk=plan.pk).delete()

    visit = opened(Inspection.objects.get(pk=visit.pk))

    assert (visit.plan_tree, [one.key for one in visit.findings.all()]) == ({}, ["chung"])
    assert visit.plan_words == "Nhà trường chưa có kế hoạch trên chương trình"


def test_opening_twice_is_refused() -> None:
    visit = planned(filled_plan())
    opened(visit)

    with pytest.raises(MoveNotAllowed, match="Không thể “Mở biên bản” khi đang ở trạng thái"):
        opened(visit)
    assert visit.findings.count() == 8


def test_version_is_told_before_opening() -> None:
    visit = planned(filled_plan())

    words = version_to_open(visit, MORNING.date())

    assert words == opened(visit).plan_words


def test_plan_issued_anew_in_mid_visit_is_told_and_changes_nothing() -> None:
    plan = filled_plan()
    old = issued(plan)
    visit = opened(planned(plan))
    tree = visit.plan_tree
    assert newer_version(visit) == ""

    old.state, old.ended_at = DocumentState.REPLACED, MORNING
    old.save()
    new = issued(plan, replaces=old)

    visit = Inspection.objects.get(pk=visit.pk)
    assert newer_version(visit) == (
        f"Nhà trường vừa ban hành bản mới: Kế hoạch số {new.full_number} ngày 05/9/2025; "
        f"biên bản vẫn theo kế hoạch số {old.full_number} ngày 05/9/2025."
    )
    assert (visit.plan_tree, visit.document) == (tree, old)


def test_draft_that_is_issued_in_mid_visit_is_told() -> None:
    plan = filled_plan()
    visit = opened(planned(plan))

    new = issued(plan)

    assert newer_version(Inspection.objects.get(pk=visit.pk)) == (
        f"Nhà trường vừa ban hành bản mới: Kế hoạch số {new.full_number} ngày 05/9/2025; "
        "biên bản vẫn theo kế hoạch năm học 2025-2026, bản đang soạn ngày 06/10/2025."
    )


def test_plan_withdrawn_in_mid_visit_is_told() -> None:
    plan = filled_plan()
    old = issued(plan)
    visit = opened(planned(plan))

    old.state, old.ended_at = DocumentState.WITHDRAWN, MORNING
    old.save()

    assert newer_version(Inspection.objects.get(pk=visit.pk)).startswith("Nhà trường đã thu hồi")
