"""A framework small enough to read."""

from datetime import date
from itertools import count

from criteria.enums import SchoolKind, Verification
from criteria.models import (
    Criterion,
    CriterionLevel,
    Framework,
    FrameworkKind,
    Indicator,
    SchoolRequirement,
    Standard,
)

_numbers = count(1)


def framework(
    code: str = "",
    *,
    kind: SchoolKind = SchoolKind.PRESCHOOL,
    name: str = "Quy định kiểm định chất lượng giáo dục",
    criteria: int = 2,
    valid_from: date = date(2018, 10, 10),
    verification: Verification = Verification.VERIFIED,
) -> Framework:
    """A framework of one standard with `criteria` criteria, each with levels 1 to 3 and their indicator a."""
    number = next(_numbers)
    made = Framework.objects.create(
        code=code or f"TT-{number}",
        number=f"{number}/2018/TT-BGDĐT",
        name=name,
        issuer="Bộ Giáo dục và Đào tạo",
        issued_on=valid_from,
        valid_from=valid_from,
        max_level=3,
        level_rule="2018",
        verification=verification,
        sha256="0" * 64,
    )
    FrameworkKind.objects.create(framework=made, kind=kind)
    # What the rule of 2018 asks of a school for Mức 4, beyond its criteria.
    SchoolRequirement.objects.create(
        framework=made, level=4, clause=1, gist="Đạt Mức 3 ở mọi tiêu chí"
    )
    standard = Standard.objects.create(
        framework=made, number=1, title="Tổ chức và quản lý nhà trường"
    )
    for position in range(1, criteria + 1):
        criterion(standard, position)
    return made


def criterion(standard: Standard, position: int) -> Criterion:
    """A criterion with levels 1 to 3."""
    made = Criterion.objects.create(
        standard=standard,
        number=f"{standard.number}.{position}",
        position=position,
        title="Phương hướng, chiến lược xây dựng và phát triển nhà trường",
        verification=Verification.VERIFIED,
    )
    for level in (1, 2, 3):
        CriterionLevel.objects.create(criterion=made, level=level)
        Indicator.objects.create(
            criterion=made, level=level, letter="a", gist="Phù hợp mục tiêu giáo dục", position=1
        )
    return made
