"""A kindergarten with an empty plan, under the real framework and the real form."""

from datetime import date
from pathlib import Path

import pytest

from criteria.enums import SchoolKind
from criteria.loader import load_framework
from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.planning.actions import open_plan
from plans.planning.form_loader import load_form
from plans.planning.models import Plan, PlanForm
from plans.schools.models import (
    BodyKind,
    ManagingBody,
    School,
    SchoolBody,
    SchoolName,
    SchoolYear,
)

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


@pytest.fixture
def kindergarten(db: None) -> School:
    """Trường Mầm non Hoa Sen, under UBND xã An Phú."""
    kind = BodyKind.objects.create(code="ubnd-xa", name="Ủy ban nhân dân cấp xã")
    body = ManagingBody.objects.create(
        kind=kind, name="UBND xã An Phú", letterhead_name="UBND XÃ AN PHÚ", place_name="An Phú"
    )
    school = School.objects.create(kind=SchoolKind.PRESCHOOL, symbol="MNHS")
    SchoolName.objects.create(
        school=school, name="Trường Mầm non Hoa Sen", letterhead_name="TRƯỜNG MẦM NON HOA SEN"
    )
    SchoolBody.objects.create(school=school, body=body, role=SchoolBody.Role.PARENT)
    return school


@pytest.fixture
def principal(kindergarten: School) -> User:
    """The kindergarten's principal."""
    user = User.objects.create_user("hieutruong", full_name="Lê Thị Mẫu Đơn", honorific="Cô")
    Membership.objects.create(user=user, school=kindergarten, role=Role.PRINCIPAL)
    return user


@pytest.fixture
def deputy(kindergarten: School) -> User:
    """Her deputy."""
    user = User.objects.create_user("hieupho", full_name="Trần Văn Minh Họa", honorific="Thầy")
    Membership.objects.create(user=user, school=kindergarten, role=Role.VICE_PRINCIPAL)
    return user


@pytest.fixture
def school_year(db: None) -> SchoolYear:
    """Năm học 2025-2026."""
    return SchoolYear.objects.create(
        start_year=2025, starts_on=date(2025, 9, 5), ends_on=date(2026, 5, 31)
    )


@pytest.fixture
def plan(kindergarten: School, principal: User, school_year: SchoolYear) -> Plan:
    """The kindergarten's plan for 2025-2026, empty as it is opened."""
    load_framework(FIXTURES / "frameworks" / "tt19-2018+22-2024.json")
    load_form(FIXTURES / "forms" / "kh-2018.json")
    form = PlanForm.objects.get(code="KH-2018")
    return open_plan(school=kindergarten, school_year=school_year, form=form, by=principal)


@pytest.fixture
def plan57(kindergarten: School, principal: User) -> Plan:
    """The kindergarten's plan for 2026-2027 in the form of TT 57/2026, as it is opened."""
    load_framework(FIXTURES / "frameworks" / "tt57-2026-mn.json")
    load_form(FIXTURES / "forms" / "kh-57-2026.json")
    year = SchoolYear.objects.create(
        start_year=2026, starts_on=date(2026, 9, 5), ends_on=date(2027, 5, 31)
    )
    form = PlanForm.objects.get(code="KH-57-2026")
    return open_plan(school=kindergarten, school_year=year, form=form, by=principal)
