"""Bodies, schools, school years."""

from datetime import date
from itertools import count

from criteria.enums import SchoolKind
from plans.schools.actions import keep_search_text
from plans.schools.models import (
    BodyKind,
    Campus,
    ManagingBody,
    RecognitionDecision,
    School,
    SchoolBody,
    SchoolCalendar,
    SchoolName,
    SchoolYear,
)

_numbers = count(1)


def body_kind(code: str = "ubnd-xa", name: str = "Ủy ban nhân dân cấp xã") -> BodyKind:
    """A kind of body; the same code twice is the same row."""
    return BodyKind.objects.get_or_create(code=code, defaults={"name": name})[0]


def body(
    name: str = "",
    *,
    kind: BodyKind | None = None,
    parent: ManagingBody | None = None,
    successor: ManagingBody | None = None,
    place_name: str = "An Phú",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> ManagingBody:
    """A managing body in force for ever."""
    name = name or f"UBND xã An Phú {next(_numbers)}"
    return ManagingBody.objects.create(
        kind=kind or body_kind(),
        name=name,
        letterhead_name=name.upper(),
        parent=parent,
        successor=successor,
        place_name=place_name,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def school(
    name: str = "",
    *,
    kind: SchoolKind = SchoolKind.PRESCHOOL,
    symbol: str = "",
    code: str = "",
    place_name: str = "",
    address: str = "",
    parent: ManagingBody | None = None,
    managed_by: ManagingBody | None = None,
    valid_from: date | None = None,
) -> School:
    """A school with one name, under `parent` (letterhead) and `managed_by` (directly) where given."""
    number = next(_numbers)
    made = School.objects.create(
        kind=kind,
        symbol=symbol or f"MN{number}",
        code=code,
        place_name=place_name,
        address=address,
    )
    school_name(made, name or f"Trường Mầm non Hoa Sen {number}", valid_from=valid_from)
    if parent:
        school_body(made, parent, SchoolBody.Role.PARENT)
    if managed_by:
        school_body(made, managed_by, SchoolBody.Role.DIRECT)
    return made


def school_name(
    school: School,
    name: str,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> SchoolName:
    """A name of a school; the words for searching follow."""
    made = SchoolName.objects.create(
        school=school,
        name=name,
        letterhead_name=name.upper(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    keep_search_text(school)
    return made


def school_body(
    school: School,
    body: ManagingBody,
    role: str = SchoolBody.Role.DIRECT,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> SchoolBody:
    """What a body is to a school."""
    return SchoolBody.objects.create(
        school=school, body=body, role=role, valid_from=valid_from, valid_to=valid_to
    )


def campus(school: School, name: str = "Điểm trường thôn Đông", *, is_main: bool = False) -> Campus:
    """A campus."""
    return Campus.objects.create(school=school, name=name, is_main=is_main)


def recognition_decision(
    school: School,
    *,
    number: str = "1853/QĐ-SGDĐT",
    issuer: str = "Sở Giáo dục và Đào tạo",
    issued_on: date = date(2022, 12, 20),
    level: int = 2,
) -> RecognitionDecision:
    """A decision of accreditation."""
    return RecognitionDecision.objects.create(
        school=school,
        kind=RecognitionDecision.Kind.ACCREDITATION,
        number=number,
        issuer=issuer,
        issued_on=issued_on,
        level=level,
    )


def school_year(start_year: int = 2025) -> SchoolYear:
    """Năm học; the same year twice is the same row."""
    return SchoolYear.objects.get_or_create(
        start_year=start_year,
        defaults={"starts_on": date(start_year, 9, 5), "ends_on": date(start_year + 1, 5, 31)},
    )[0]


def calendar(body: ManagingBody, year: SchoolYear, **points: date) -> SchoolCalendar:
    """A province's own calendar for a school year; points not given are those of the general frame."""
    start = year.start_year
    usual = {
        "starts_on": date(start, 9, 1),
        "first_term_ends_on": date(start + 1, 1, 15),
        "second_term_starts_on": date(start + 1, 1, 16),
        "ends_on": date(start + 1, 5, 31),
        "summer_starts_on": date(start + 1, 6, 1),
        "summer_ends_on": date(start + 1, 8, 31),
    }
    return SchoolCalendar.objects.create(body=body, school_year=year, **(usual | points))
