"""The legal grounds that a visit begins with, as lines of a text that the office may change."""

from __future__ import annotations

from datetime import date

from criteria.models import Framework, FrameworkInForceError
from plans.documents.wording import short_date
from plans.schools.models import ManagingBody, School

# The duties of the offices: TT 15/2025/TT-BGDĐT (24/7/2025), as amended by TT 45/2026/TT-BGDĐT (10/6/2026). Điều 6
# khoản 8 điểm c (Phòng Văn hóa - Xã hội) and Điều 4 khoản 7 điểm a (Sở) stand so in the amended text alone.
_DUTIES_FROM = date(2025, 7, 24)
_AMENDED_FROM = date(2026, 6, 10)
_DUTIES = (
    "Thông tư số 15/2025/TT-BGDĐT ngày 24/7/2025 của Bộ Giáo dục và Đào tạo hướng dẫn chức năng, nhiệm vụ, quyền "
    "hạn của Sở Giáo dục và Đào tạo và Phòng Văn hóa - Xã hội trong lĩnh vực giáo dục"
)
_AMENDED = "được sửa đổi, bổ sung tại Thông tư số 45/2026/TT-BGDĐT ngày 10/6/2026"
_PROVINCE = "so_gddt"


def default_grounds(body: ManagingBody, schools: list[School], on: date) -> str:
    """Return the grounds of a visit on the day `on`, a line each, ending in ";": the office's duty, the circular.

    One circular for each framework in force for the kinds of `schools`; a kind without one adds nothing. "" before
    there was any. One query for each kind.
    """
    frameworks = []
    for kind in sorted({school.kind for school in schools}):
        try:
            frameworks.append(Framework.objects.in_force(kind, on=on))
        except FrameworkInForceError:
            continue
    lines = [*_duty(body, on), *dict.fromkeys(_circular(one) for one in frameworks)]
    return "\n".join(f"{line};" for line in lines)


def _duty(body: ManagingBody, on: date) -> list[str]:
    if on < _DUTIES_FROM:
        return []
    if on < _AMENDED_FROM:
        return [_DUTIES]
    place = "điểm a khoản 7 Điều 4" if body.kind.code == _PROVINCE else "điểm c khoản 8 Điều 6"
    return [f"{_DUTIES}, {place} ({_AMENDED})"]


def _circular(framework: Framework) -> str:
    subject = framework.name.strip().rstrip(".;")
    kind = "Thông tư"
    if subject.lower().startswith(kind.lower()):
        subject = subject[len(kind) :].strip()
    day = short_date(framework.issued_on)
    line = f"{kind} số {framework.number} ngày {day} của {framework.issuer} {subject}"
    if not framework.amended_by:
        return line
    amended = f"được sửa đổi, bổ sung tại {kind} số {framework.amended_by}"
    return f"{line}, {amended}" + (
        f" ngày {short_date(framework.amended_on)}" if framework.amended_on else ""
    )
