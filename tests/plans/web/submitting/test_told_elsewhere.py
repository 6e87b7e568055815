"""What other pages say about the way: tasks on home, the head of a plan's pages, an office's list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.accounts.roles import Role
from plans.overview.queries import GROUPS, STATES
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody, SchoolYear
from tests.factories import issuing, planning, schools
from tests.plans.submitting.conftest import put, sent
from tests.plans.web.submitting.conftest import At

pytestmark = pytest.mark.django_db

PlanIn = Callable[[PlanState], Plan]


def _text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture(autouse=True)
def year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the plan's school year run, whatever today is."""
    running = schools.school_year(2025)
    monkeypatch.setattr(type(SchoolYear.objects.all()), "at", lambda self, on: running)


@pytest.mark.parametrize(
    ("state", "role", "task"),
    [
        ("finished", Role.COUNCIL_MEMBER, "Cho ý kiến về bản thảo kế hoạch"),
        ("finished", Role.PRINCIPAL, "Xem ý kiến của hội đồng và ban hành kế hoạch"),
        ("issued", Role.CLERK, "Gửi cơ quan quản lý kế hoạch"),
        ("returned", Role.COUNCIL_SECRETARY, "Xem ý kiến trả lại và sửa kế hoạch"),
        ("received", Role.VICE_PRINCIPAL, "Bắt đầu thực hiện kế hoạch"),
        ("approved", Role.PRINCIPAL, "Bắt đầu thực hiện kế hoạch"),
    ],
)
def test_home_gives_the_task_to_whoever_may_do_it(
    state: str, role: Role, task: str, at: At, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState(state))

    link = f'<a href="/ke-hoach/{plan.pk}/trinh-gui/">{task} năm học 2025-2026</a>'
    assert link in _text(at(role).get("/"))
    assert link not in _text(at(Role.STAFF).get("/"))


def test_home_says_what_is_waited_for(at: At, plan_in: PlanIn) -> None:
    plan_in(PlanState.SENT)

    page = _text(at(Role.PRINCIPAL).get("/"))

    assert "Bước tiếp theo: chờ UBND xã An Phú tiếp nhận" in page


@pytest.mark.parametrize("page", ["lich-su/", "kiem-tra/"])
def test_head_of_a_plans_page_says_what_is_next(page: str, at: At, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.RETURNED)

    assert "đọc ý kiến trả lại" in _text(at(Role.PRINCIPAL).get(f"/ke-hoach/{plan.pk}/{page}"))


@pytest.mark.parametrize(
    ("state", "mark", "tone"),
    [("returned", "warn", "warn"), ("withdrawn", "warn", "warn"), ("sent", "clock", "work")],
)
def test_state_has_its_own_picture(
    state: str, mark: str, tone: str, at: At, plan_in: PlanIn
) -> None:
    plan_in(PlanState(state))

    page = _text(at(Role.PRINCIPAL).get("/ke-hoach/"))

    assert re.search(rf'kcl-state-{tone}"><svg[^>]*><use href="#i-{mark}"', page)


def test_groups_hold_every_state_once() -> None:
    held = [state for _, states in GROUPS.values() for state in states]

    assert sorted(held) == sorted(STATES)
    assert len(GROUPS) == 5


def test_office_filters_by_group_and_reads_the_next_step(
    at: At, office: ManagingBody, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.SENT)
    schools.school("Trường Tiểu học Ba Đình", managed_by=office)
    officer = at(Role.OFFICER)

    def found(group: str) -> list[str]:
        page = _text(officer.get("/truong/", {"nam": "2025", "trang_thai": group}))
        return re.findall(r'<th scope="row"><a href="/truong/\d+/">([^<]*)</a>', page)

    assert found("waiting") == ["Trường Mầm non Hoa Sen"]
    assert found("none") == ["Trường Tiểu học Ba Đình"]
    assert found("taken_in") == []
    page = _text(officer.get("/truong/", {"nam": "2025"}))
    assert "Đọc rồi tiếp nhận hoặc trả lại, hạn" in page
    assert f'href="/ke-hoach/{plan.pk}/trinh-gui/"' in page


def test_list_costs_the_same_for_one_school_and_for_three(
    at: At, office: ManagingBody, plan_in: PlanIn
) -> None:
    plan_in(PlanState.SENT)
    officer = at(Role.OFFICER)

    def ask() -> int:
        officer.get("/truong/", {"nam": "2025"})
        with CaptureQueriesContext(connection) as queries:
            officer.get("/truong/", {"nam": "2025"})
        return len(queries)

    one = ask()
    for _ in range(2):
        plan = planning.plan(schools.school(managed_by=office))
        issuing.issued_document(plan)
        sent(plan, office)
        put(plan, PlanState.SENT)
    assert ask() == one
