"""A visit of Phòng Văn hóa - Xã hội to the kindergarten: before it, and with a whole record and answers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from criteria.models import Criterion
from plans.accounts.models import User
from plans.documents.storing import tree_as_json
from plans.inspections.enums import Decision, FindingKind, TeamRole, Verdict
from plans.inspections.models import Attendee, Finding, Inspection, Reply, ReplyFile
from plans.inspections.states import InspectionState
from plans.planning.document import plan_document
from plans.planning.models import Plan
from plans.schools.models import BodyKind, ManagingBody, SchoolBody
from tests.factories import accounts, inspections, issuing
from tests.plans.checking.conftest import clean  # noqa: F401  fixture
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    principal,
    school_year,
)

TEAM = [
    ("Ông", "Trần Văn Thí Dụ", "Phó Trưởng phòng", "Phòng Văn hóa - Xã hội", TeamRole.LEAD),
    ("Bà", "Nguyễn Thị Minh Họa", "Chuyên viên", "Phòng Văn hóa - Xã hội", TeamRole.SECRETARY),
    ("Ông", "Lê Văn Ví Dụ", "Chuyên viên", "Phòng Văn hóa - Xã hội", TeamRole.MEMBER),
    ("Bà", "Phạm Thị Mẫu", "Hiệu trưởng", "Trường Mầm non Sao Mai", TeamRole.MEMBER),
    ("Ông", "Võ Văn Làm Mẫu", "Hiệu trưởng", "Trường Tiểu học Bình Minh", TeamRole.MEMBER),
]
SCHOOL_SIDE = [
    ("Bà", "Lê Thị Mẫu Đơn", "Hiệu trưởng"),
    ("Ông", "Trần Văn Minh Họa", "Phó Hiệu trưởng"),
    ("Bà", "Đỗ Thị Thử", "Chủ tịch Công đoàn"),
]
Load = Callable[[Inspection], Inspection]


def load(inspection: Inspection) -> Inspection:
    """Return the visit with all that its minutes say."""
    return Inspection.objects.for_minutes().get(pk=inspection.pk)


@pytest.fixture
def office(clean: Plan) -> ManagingBody:  # noqa: F811
    """Phòng Văn hóa - Xã hội of the commune, which manages the kindergarten."""
    parent = clean.school.body_links.get().body
    kind = BodyKind.objects.create(code="phong-vhxh", name="Phòng Văn hóa - Xã hội")
    body = ManagingBody.objects.create(
        kind=kind,
        name="Phòng Văn hóa - Xã hội xã An Phú",
        letterhead_name="PHÒNG VĂN HÓA - XÃ HỘI",
        parent=parent,
    )
    role = SchoolBody.Role.DIRECT
    SchoolBody.objects.create(school=clean.school, body=body, role=role)
    return body


def _visit(
    clean: Plan,  # noqa: F811
    office: ManagingBody,
    deputy: User,  # noqa: F811
    **values: Any,
) -> Inspection:
    people = [accounts.user(full_name=one[1]) for one in TEAM]
    visit = Inspection.objects.create(
        body=office,
        school=clean.school,
        school_year=clean.school_year,
        plan=clean,
        planned_on=date(2026, 4, 14),
        decision_number="15/QĐ-VHXH",
        decision_date=date(2026, 3, 22),
        decision_issuer="Phòng Văn hóa - Xã hội",
        legal_grounds="Kế hoạch kiểm tra năm học 2025-2026 của Phòng Văn hóa - Xã hội;",
        created_by=people[0],
        **values,
    )
    for user, (honorific, name, position, unit, role) in zip(people, TEAM, strict=True):
        about = {"honorific": honorific, "full_name": name, "position": position}
        inspections.member(visit, user, unit=unit, role=role, **about)
    return visit


@pytest.fixture
def planned(clean: Plan, office: ManagingBody, deputy: User) -> Inspection:  # noqa: F811
    """A visit that is planned and not yet opened."""
    return _visit(clean, office, deputy)


@pytest.fixture
def visit(clean: Plan, office: ManagingBody, deputy: User) -> Inspection:  # noqa: F811
    """The same visit, concluded: everything of its record is said, the school has answered, the team decided."""
    opened = datetime(2026, 4, 14, 1, 10, tzinfo=UTC)
    tree = plan_document(Plan.objects.for_document().get(pk=clean.pk))
    made = _visit(
        clean,
        office,
        deputy,
        state=InspectionState.CONCLUDED,
        opened_at=opened,
        opened_by=deputy,
        concluded_at=opened,
        concluded_by=deputy,
        reply_until=date(2026, 4, 20),
        replied_at=datetime(2026, 4, 18, 3, 0, tzinfo=UTC),
        replied_by=deputy,
        plan_tree=tree_as_json(tree),
        plan_words="Kế hoạch số 05/KH-MNHS ngày 20/10/2025",
        held_on="14/4/2026",
        began="8:10",
        ended="10 giờ 45 phút",
        place="Trường Mầm non Hoa Sen",
        copies="2",
        school_words="Nhà trường cảm ơn đoàn kiểm tra.",
    )
    for place, (honorific, name, position) in enumerate(SCHOOL_SIDE):
        about = {"honorific": honorific, "full_name": name, "position": position}
        Attendee.objects.create(
            inspection=made, client_id=UUID(int=place + 1), place=place, **about
        )
    _record(made, deputy)
    return made


def _record(visit: Inspection, by: User) -> None:
    """Write findings of each kind: on the action, on the standard, on a part of the plan, on the whole."""
    first = Criterion.objects.get(standard__framework=visit.plan.framework, number="3.2")
    action = _finding(
        visit,
        FindingKind.ACTION,
        "viec-1",
        first.label,
        1,
        criterion=first,
        standard_number=3,
        quoted=[["Công việc/giải pháp cần thực hiện", "- Khảo sát, lập dự toán;\n- Sửa nền bếp."]],
        verdict=Verdict.DOING,
        seen="Nền bếp đã sửa, kho thực phẩm chưa ngăn.",
        evidence="Hồ sơ dự toán; xem tại bếp.",
    )
    inspections.recommendation(action, by, body="Ngăn kho thực phẩm.", due="30/5/2026")
    _finding(
        visit,
        FindingKind.ACTION,
        "viec-2",
        "Việc 2",
        2,
        quoted=[["Công việc/giải pháp cần thực hiện", "Trang bị 12 bộ máy tính."]],
    )
    standard = _finding(
        visit,
        FindingKind.STANDARD,
        "tieu-chuan-3",
        first.standard.label,
        0,
        standard_number=3,
        strengths="Sân chơi an toàn, sạch.",
        limits="Bếp chưa theo quy trình một chiều.",
    )
    section = _finding(
        visit,
        FindingKind.SECTION,
        "muc-duty_staff",
        "Cán bộ, giáo viên, nhân viên",
        3,
        seen="Phân công chưa rõ người.",
    )
    whole = _finding(
        visit,
        FindingKind.GENERAL,
        "chung",
        "Nhận xét chung",
        4,
        seen="Nhà trường thực hiện nghiêm túc kế hoạch.",
    )
    _answered(standard, by, "Bếp đã đổi lối đi từ ngày 16/4.", Decision.CHANGE)
    _answered(section, by, "Phân công đã ghi rõ trong quyết định số 12.", Decision.WITHDRAW)
    _answered(whole, by, "Nhà trường nhất trí.", Decision.KEEP)


def _finding(
    visit: Inspection, kind: FindingKind, key: str, title: str, position: int, **values: Any
) -> Finding:
    about = {"kind": kind, "key": key, "title": title, "position": position}
    return Finding.objects.create(inspection=visit, **about, **values)


def _answered(finding: Finding, by: User, words: str, decision: Decision) -> Reply:
    """Write the school's answer with a file, and what the team decided three days later."""
    changed = decision == Decision.CHANGE
    reply = inspections.reply(
        finding,
        by,
        body=words,
        answered_at=datetime(2026, 4, 17, 2, 0, tzinfo=UTC),
        decision=decision,
        decided_by=by,
        decided_at=datetime(2026, 4, 20, 8, 0, tzinfo=UTC),
        changed_words="Bếp đã theo quy trình một chiều từ ngày 16/4." if changed else "",
        decision_note="Tổ đã xem lại quyết định." if decision == Decision.WITHDRAW else "",
    )
    file = issuing.frozen(b"%PDF-minh-chung", "application/pdf")
    ReplyFile.objects.create(reply=reply, file=file, name="minh-chung.pdf", added_by=by)
    return reply
