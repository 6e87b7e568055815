"""Who may do what with a checklist: the people of its own body alone, and only with a draft may it be changed."""

import pytest

from plans.accounts.roles import Role
from plans.schools.models import ManagingBody
from tests.factories import accounts, checklists, schools

pytestmark = pytest.mark.django_db

MANAGE, CHANGE = "plans.manage_checklists", "plans.change_checklist"


@pytest.fixture
def above() -> ManagingBody:
    return schools.body("Sở Giáo dục và Đào tạo")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.BODY_LEAD])
def test_people_of_the_body_manage_theirs_and_change_drafts(
    above: ManagingBody, role: Role
) -> None:
    body = schools.body("UBND xã An Phú", parent=above)
    draft = checklists.checklist(body, published=False)
    published = checklists.checklist(body)
    own, over, beside = (
        accounts.member(role, body=one) for one in (body, above, schools.body("UBND xã Khác"))
    )

    def held(person: object) -> list[bool]:
        asked = [(MANAGE, draft), (MANAGE, published), (CHANGE, draft), (CHANGE, published)]
        return [person.has_perm(*one) for one in asked]  # type: ignore[attr-defined]

    assert held(own) == [True, True, True, False]
    assert held(over) == held(beside) == [False] * 4


def test_nobody_else_manages_checklists(above: ManagingBody) -> None:
    draft = checklists.checklist(above, published=False)
    school = schools.school(managed_by=above)
    people = [
        accounts.member(Role.PRINCIPAL, school=school),
        accounts.member(Role.ADMIN),
        accounts.user(),
    ]

    assert [one.has_perm(MANAGE, draft) for one in people] == [False] * 3
    assert [one.has_perm(CHANGE, draft) for one in people] == [False] * 3
