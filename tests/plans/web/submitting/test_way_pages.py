"""The page of a plan's way and of a submission: what each person sees and may press, there and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.documents.storing import tree_as_json
from plans.planning import actions as planning_actions
from plans.planning.document import plan_document
from plans.planning.models import Plan
from plans.planning.states import MOVES, PlanState
from plans.submitting import actions, remarks
from plans.submitting.models import Remark
from plans.web.submitting.buttons import DEEDS
from tests.factories import accounts, issuing, planning, schools
from tests.plans.submitting.conftest import put
from tests.plans.web.submitting.conftest import At

pytestmark = pytest.mark.django_db

PlanIn = Callable[[PlanState], Plan]
People = dict[Role, User]


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _moves(page: str, plan: Plan) -> set[str]:
    slugs = re.findall(rf'action="/ke-hoach/{plan.pk}/([a-z-]+)/"', page)
    return set(slugs)


@pytest.mark.parametrize("state", list(PlanState))
def test_both_sides_open_the_page_in_every_state(state: PlanState, at: At, plan_in: PlanIn) -> None:
    plan = plan_in(state)

    for role in (Role.PRINCIPAL, Role.STAFF, Role.OFFICER):
        answer = at(role).get(f"/ke-hoach/{plan.pk}/trinh-gui/")
        assert answer.status_code == 200
        assert 'aria-current="step"' in _text(answer) or state == PlanState.CLOSED


@pytest.mark.parametrize(
    ("state", "role", "slugs"),
    [
        ("issued", Role.PRINCIPAL, {"gui", "bat-dau", "sua-doi", "thu-hoi"}),
        ("issued", Role.CLERK, {"gui"}),
        ("issued", Role.STAFF, set()),
        ("returned", Role.COUNCIL_SECRETARY, {"sua-doi"}),
        ("under_way", Role.PRINCIPAL, {"ket-thuc", "sua-doi", "thu-hoi"}),
        ("closed", Role.PRINCIPAL, set()),
        ("withdrawn", Role.PRINCIPAL, {"sua-doi"}),
    ],
)
def test_page_shows_the_buttons_that_the_person_may_press(
    state: str, role: Role, slugs: set[str], at: At, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState(state))

    page = _text(at(role).get(f"/ke-hoach/{plan.pk}/trinh-gui/"))

    assert _moves(page, plan) == slugs


def test_page_says_what_is_missing_instead_of_a_button(at: At, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.ISSUED)
    plan.school.body_links.all().delete()

    page = _text(at(Role.PRINCIPAL).get(f"/ke-hoach/{plan.pk}/trinh-gui/"))

    assert "Chưa gửi được vì còn thiếu" in page
    assert "gui" not in _moves(page, plan)


def test_council_speaks_and_the_principal_is_warned_until_somebody_agrees(
    at: At, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.FINISHED)
    url, warning = f"/ke-hoach/{plan.pk}/trinh-gui/", "Chưa thành viên hội đồng nào ghi đồng ý"
    member, head = at(Role.COUNCIL_MEMBER), at(Role.PRINCIPAL)
    assert warning in _text(head.get(url))

    silent = member.post(f"{url}y-kien/", {"agrees": "no", "body": ""})
    spoken = member.post(f"{url}y-kien/", {"agrees": "yes", "body": "Nhất trí."})

    assert (silent.status_code, spoken.status_code) == (422, 302)
    assert "Hãy ghi điều thầy cô đề nghị sửa." in _text(silent)
    page = _text(head.get(url))
    assert "Nhất trí." in page
    assert warning not in page


def test_office_does_not_read_what_the_council_said(
    at: At, people: People, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.FINISHED)
    member = people[Role.COUNCIL_MEMBER]
    actions.give_opinion(plan=plan, agrees=False, body="Chuyện nội bộ.", by=member)

    page = _text(at(Role.OFFICER).get(f"/ke-hoach/{plan.pk}/trinh-gui/"))

    assert "Chuyện nội bộ." not in page


def test_plan_goes_to_the_office_comes_back_and_goes_again(
    at: At, people: People, plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.ISSUED)
    planning.plan_text(plan, "purpose", "Khắc phục điểm yếu.")
    row = planning.action(plan, measures="Sửa bếp ăn")
    head, officer = at(Role.PRINCIPAL), at(Role.OFFICER)
    base = f"/ke-hoach/{plan.pk}"
    frozen = tree_as_json(plan_document(Plan.objects.for_document().get(pk=plan.pk)))
    plan.documents.update(tree=frozen)

    assert head.post(f"{base}/gui/", {"note": "Kính gửi."}).status_code == 302
    page = _text(officer.get(f"{base}/lan-gui/1/"))
    assert "Khắc phục điểm yếu." in page
    assert _moves(page, plan) == {"tiep-nhan", "tra-lai"}
    pin = officer.post(f"{base}/lan-gui/y-kien/", {"place": f"viec-{row.pk}", "body": "Ai làm?"})
    assert pin.headers["Location"] == f"{base}/lan-gui/1/#viec-{row.pk}"
    assert "Ai làm?" not in _text(head.get(f"{base}/trinh-gui/"))
    assert "Ai làm?" not in _text(head.get(f"{base}/lan-gui/1/"))
    assert officer.post(f"{base}/tiep-nhan/").status_code == 302
    assert officer.post(f"{base}/tra-lai/", {"reason": ""}).status_code == 422
    assert officer.post(f"{base}/tra-lai/", {"reason": "Xem ý kiến."}).status_code == 302

    page = _text(head.get(f"{base}/trinh-gui/"))
    assert "Xem ý kiến." in page
    assert f"?mo={row.pk}#viec-{row.pk}" in page
    assert head.post(f"{base}/sua-doi/", {"reason": "Sửa theo ý kiến."}).status_code == 302
    remark = Remark.objects.get()
    words = {"version": remark.version, "answer": "Hiệu phó làm."}
    assert head.post(f"{base}/trinh-gui/tra-loi/{remark.pk}/", words).status_code == 302
    text = plan.texts.get(section="purpose")
    planning_actions.save_text(
        plan=Plan.objects.get(pk=plan.pk),
        section="purpose",
        body="Khắc phục triệt để.",
        version=text.version,
        by=people[Role.PRINCIPAL],
    )
    put(Plan.objects.get(pk=plan.pk), PlanState.ISSUED)
    assert head.post(f"{base}/gui/", {}).status_code == 302

    page = _text(officer.get(f"{base}/lan-gui/2/"))
    assert "Hiệu phó làm." in page
    assert "Khắc phục điểm yếu." in page  # the document is the frozen one, whatever was typed since
    assert "Khác nhau ở 1 chỗ." in page
    assert re.search(r"<del>.{0,60} điểm yếu\.<", page)
    assert re.search(r"<ins>.{0,60} triệt để\.<", page)


def test_answer_on_an_old_page_shows_both(at: At, people: People, plan_in: PlanIn) -> None:
    plan, officer = plan_in(PlanState.SENT), people[Role.OFFICER]
    remark = remarks.write_remark(plan=plan, place="muc-purpose", body="Rõ hơn.", by=officer)
    actions.return_plan(plan=plan, reason="Sửa.", by=officer)
    url = f"/ke-hoach/{plan.pk}/trinh-gui/tra-loi/{remark.pk}/"
    head = at(Role.PRINCIPAL)
    head.post(url, {"version": 1, "answer": "Câu thứ nhất."})

    answer = head.post(url, {"version": 1, "answer": "Câu thứ hai."})

    assert answer.status_code == 409
    assert "Câu thứ nhất." in _text(answer)
    assert "Câu thứ hai." in _text(answer)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_broken_version_is_a_refusal(version: str, at: At, people: People, plan_in: PlanIn) -> None:
    plan, officer = plan_in(PlanState.SENT), people[Role.OFFICER]
    remark = remarks.write_remark(plan=plan, place="muc-purpose", body="Rõ hơn.", by=officer)
    actions.return_plan(plan=plan, reason="Sửa.", by=officer)

    url = f"/ke-hoach/{plan.pk}/trinh-gui/tra-loi/{remark.pk}/"
    answer = at(Role.PRINCIPAL).post(url, {"version": version, "answer": "Chữ"})

    assert answer.status_code == 422


def test_remark_about_another_plans_row_is_refused(at: At, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.SENT)
    strange = planning.action(planning.plan(), measures="Chuyện trường khác")

    url = f"/ke-hoach/{plan.pk}/lan-gui/y-kien/"
    answer = at(Role.OFFICER).post(url, {"place": f"viec-{strange.pk}", "body": "x"})

    assert answer.status_code == 422
    assert "Chuyện trường khác" not in _text(answer)
    assert not Remark.objects.exists()


def test_remark_of_another_plan_is_not_found(at: At, people: People, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.SENT)
    other = planning.plan(schools.school(managed_by=plan.submissions.get().body))
    issuing.issued_document(other)
    officer = people[Role.OFFICER]
    actions.send_plan(plan=other, by=officer)
    strange = remarks.write_remark(plan=other, place="muc-purpose", body="x", by=officer)

    url = f"/ke-hoach/{plan.pk}/lan-gui/y-kien/{strange.pk}/bo/"
    assert at(Role.OFFICER).post(url).status_code == 404
    assert Remark.objects.filter(pk=strange.pk).exists()


def test_foreign_office_finds_nothing(plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.SENT)
    client = Client()
    stranger = accounts.member(Role.BODY_LEAD, body=schools.body())
    client.force_login(stranger, backend="plans.accounts.backend.MembershipBackend")

    base = f"/ke-hoach/{plan.pk}"
    found = [
        client.get(f"{base}/trinh-gui/").status_code,
        client.get(f"{base}/lan-gui/1/").status_code,
        client.post(f"{base}/tiep-nhan/").status_code,
    ]

    assert found == [404, 404, 404]


def test_move_that_is_late_is_refused_with_a_reason(at: At, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.RECEIVED)

    assert at(Role.OFFICER).post(f"/ke-hoach/{plan.pk}/tiep-nhan/").status_code == 403


@pytest.mark.parametrize("page", ["trinh-gui/", "lan-gui/1/"])
def test_pages_cost_the_same_for_one_remark_and_for_many(
    page: str, at: At, people: People, plan_in: PlanIn
) -> None:
    plan, officer = plan_in(PlanState.SENT), at(Role.OFFICER)
    rows = [planning.action(plan) for _ in range(3)]

    def ask() -> int:
        officer.get(f"/ke-hoach/{plan.pk}/{page}")
        with CaptureQueriesContext(connection) as queries:
            officer.get(f"/ke-hoach/{plan.pk}/{page}")
        return len(queries)

    def pin(number: int) -> None:
        place = f"viec-{rows[number].pk}"
        remarks.write_remark(plan=plan, place=place, body="x", by=people[Role.OFFICER])

    pin(0)
    one = ask()
    pin(1)
    pin(2)
    assert ask() == one


def test_every_move_made_here_has_its_button() -> None:
    elsewhere = {"finish", "reopen", "issue"}
    assert set(DEEDS) == {move.name for move in MOVES} - elsewhere
