"""Rows of standards for tests: small, plausible, one word to vary."""

from datetime import date
from typing import Any

from criteria.enums import SchoolKind, Verification
from criteria.models import (
    Criterion,
    CriterionLevel,
    Framework,
    FrameworkKind,
    Indicator,
    Standard,
)


def make_framework(
    code: str = "TT19-2018", *, kinds: tuple[SchoolKind, ...] = (), **fields: Any
) -> Framework:
    """Return a stored framework without standards."""
    values: dict[str, Any] = {
        "number": "19/2018/TT-BGDĐT",
        "name": "Thông tư ban hành Quy định về kiểm định chất lượng giáo dục",
        "issuer": "Bộ Giáo dục và Đào tạo",
        "issued_on": date(2018, 8, 22),
        "valid_from": date(2018, 10, 10),
        "max_level": 3,
        "level_rule": "2018",
        "verification": Verification.PARTLY,
        "sha256": "0" * 64,
    }
    framework = Framework.objects.create(code=code, **(values | fields))
    for kind in kinds:
        FrameworkKind.objects.create(framework=framework, kind=kind)
    return framework


def make_standard(framework: Framework, number: int = 1, **fields: Any) -> Standard:
    values: dict[str, Any] = {"title": "Tổ chức và quản lý nhà trường"}
    return Standard.objects.create(framework=framework, number=number, **(values | fields))


def make_criterion(
    standard: Standard, number: str = "1.5", *, levels: tuple[int, ...] = (1, 2, 3), **fields: Any
) -> Criterion:
    """Return a stored criterion with its levels and one unlettered indicator at each."""
    values: dict[str, Any] = {
        "title": "Tổ chức nhóm trẻ và lớp mẫu giáo",
        "position": int(number.split(".")[-1]),
        "verification": Verification.VERIFIED,
    }
    criterion = Criterion.objects.create(standard=standard, number=number, **(values | fields))
    for level in levels:
        CriterionLevel.objects.create(criterion=criterion, level=level)
        make_indicator(criterion, level)
    return criterion


def make_indicator(criterion: Criterion, level: int, letter: str = "", **fields: Any) -> Indicator:
    values: dict[str, Any] = {"gist": "Sĩ số nhóm, lớp không vượt quy định", "position": 1}
    return Indicator.objects.create(
        criterion=criterion, level=level, letter=letter, **(values | fields)
    )
