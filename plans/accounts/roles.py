"""Roles (vai trò), readable aloud: what each is called, where it is held, and what it may do.

A permission is named here once; `rules.py` adds where and in which state it holds, and the web's policy table
names the permission of each page.
"""

from dataclasses import dataclass
from enum import Enum

from django.db import models


class Role(models.TextChoices):
    """Vai trò of a person in a school, in a body, or over the whole installation."""

    PRINCIPAL = "principal", "Hiệu trưởng"
    VICE_PRINCIPAL = "vice_principal", "Phó hiệu trưởng"
    COUNCIL_SECRETARY = "council_secretary", "Thư ký hội đồng tự đánh giá"
    COUNCIL_MEMBER = "council_member", "Thành viên hội đồng tự đánh giá"
    STAFF = "staff", "Giáo viên, nhân viên phụ trách"
    CLERK = "clerk", "Văn thư"
    OFFICER = "officer", "Chuyên viên"
    BODY_LEAD = "body_lead", "Lãnh đạo"
    ADMIN = "admin", "Quản trị"


class Place(Enum):
    """Where a role is held."""

    SCHOOL = "school"
    BODY = "body"
    SITE = "site"


@dataclass(frozen=True)
class RoleFacts:
    """What a role is: where it is held, one sentence about it, and its permissions."""

    place: Place
    description: str
    permissions: frozenset[str]


_READ = frozenset(
    {
        "plans.view_school",
        "plans.view_plan",
        "plans.download_plan",
        "plans.view_inspection",
        "plans.read_record",
        "plans.read_replies",
        "plans.read_paper",
        "plans.view_follow_up",
    }
)
# Drafts and what is said about them are the school's own business, so no office holds these.
_SCHOOL = _READ | {"plans.comment_plan"}
_WRITE = _SCHOOL | {
    "plans.change_plan",
    "plans.view_history",
    "plans.review_plan",
    "plans.report_follow_up",
}
_LEAD = _WRITE | {
    "plans.add_plan",
    "plans.assign_plan",
    "plans.change_council",
    "plans.manage_library",
    "plans.finish_plan",
    "plans.reopen_plan",
    "plans.revise_plan",
    "plans.answer_remarks",
    "plans.view_record",
    "plans.reply_visit",
    "plans.carry_follow_up",
    "plans.assign_follow_up",
}
# Whoever may sign for the school: the head, and a deputy for them (KT.), Nghị định 30/2020/NĐ-CP, Điều 13.
_SIGN = _LEAD | {
    "plans.issue_plan",
    "plans.sign_document",
    "plans.send_plan",
    "plans.start_plan",
    "plans.close_plan",
    "plans.withdraw_plan",
    "plans.publish_document",
    "plans.sign_minutes",
    "plans.scan_minutes",
}
_OFFICE = _READ | {
    "plans.manage_library",
    "plans.manage_campaigns",
    "plans.receive_plan",
    "plans.return_plan",
    "plans.plan_inspections",
    "plans.manage_checklists",
    "plans.change_checklist",
    "plans.open_visit",
    "plans.cancel_visit",
    "plans.read_entries",
    "plans.make_minutes",
    "plans.redo_minutes",
    "plans.complete_visit",
    "plans.scan_minutes",
    "plans.scan_official",
    "plans.verify_follow_up",
    "plans.reopen_follow_up",
    "plans.assign_follow_up",
    "plans.date_follow_up",
    "plans.oversee_visits",
}

ROLES: dict[Role, RoleFacts] = {
    Role.PRINCIPAL: RoleFacts(
        Place.SCHOOL,
        "Chịu trách nhiệm về kế hoạch của trường: lập, sửa, ban hành, ký và gửi cơ quan quản lý.",
        _SIGN,
    ),
    Role.VICE_PRINCIPAL: RoleFacts(
        Place.SCHOOL,
        "Lập, sửa kế hoạch cùng hiệu trưởng; ban hành và ký thay (KT.) hiệu trưởng.",
        _SIGN,
    ),
    Role.COUNCIL_SECRETARY: RoleFacts(
        Place.SCHOOL, "Lập và sửa kế hoạch của trường theo phân công của hội đồng.", _LEAD
    ),
    Role.COUNCIL_MEMBER: RoleFacts(
        Place.SCHOOL, "Sửa kế hoạch của trường theo phân công của hội đồng.", _WRITE
    ),
    Role.STAFF: RoleFacts(Place.SCHOOL, "Xem kế hoạch của trường và việc mình phụ trách.", _SCHOOL),
    Role.CLERK: RoleFacts(
        Place.SCHOOL,
        "Giữ sổ văn bản và con dấu số: ký số của trường, gửi văn bản, lưu bản giấy.",
        _SCHOOL
        | {
            "plans.seal_document",
            "plans.send_plan",
            "plans.keep_register",
            "plans.publish_document",
            "plans.view_record",
            "plans.scan_minutes",
        },
    ),
    Role.OFFICER: RoleFacts(
        Place.BODY,
        "Mở đợt nộp, tiếp nhận, trả lại kế hoạch và lên lịch kiểm tra các trường thuộc cơ quan quản lý.",
        _OFFICE,
    ),
    Role.BODY_LEAD: RoleFacts(
        Place.BODY,
        "Tiếp nhận, trả lại, duyệt kế hoạch của các trường thuộc cơ quan quản lý; quyết định mẫu và thể thức.",
        _OFFICE
        | {
            "plans.approve_plan",
            "plans.sign_official",
            "plans.manage_office_rules",
            "plans.manage_forms",
            "plans.copy_form",
            "plans.change_form",
        },
    ),
    Role.ADMIN: RoleFacts(
        Place.SITE,
        "Quản lý tài khoản, trường, cơ quan quản lý, bộ tiêu chuẩn, mẫu và thể thức; xem mọi kế hoạch, "
        "không sửa.",
        _READ
        | {
            "plans.manage_library",
            "plans.oversee_visits",
            "plans.view_catalogue",
            "plans.manage_forms",
            "plans.manage_all_forms",
            "plans.copy_form",
            "plans.change_form",
        },
    ),
}


def roles_at(place: Place) -> list[Role]:
    """Return the roles that are held at `place`, in the order of the table."""
    return [role for role, facts in ROLES.items() if facts.place is place]
