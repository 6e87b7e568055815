"""Each step of a plan's way tells those whose turn it is, once, and never the person who took it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.checking.telling import tell_the_council
from plans.issuing.telling import tell_to_sign
from plans.notices.enums import NoticeKind
from plans.notices.models import Notice, OutboxMail
from plans.notices.registry import run_daily
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody
from plans.submitting import actions
from tests.factories import campaigns

pytestmark = pytest.mark.django_db

PlanIn = Callable[[PlanState], Plan]


def _told(kind: NoticeKind, people: dict[Role, User]) -> set[Role]:
    persons = set(Notice.objects.filter(kind=kind).values_list("person", flat=True))
    return {role for role, user in people.items() if user.pk in persons}


def test_a_sent_plan_tells_those_who_take_plans_in(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.ISSUED)

    sent = actions.send_plan(plan=plan, by=people[Role.CLERK])

    assert _told(NoticeKind.SUBMITTED, people) == {Role.OFFICER, Role.BODY_LEAD}
    notice = Notice.objects.filter(kind=NoticeKind.SUBMITTED).earliest("pk")
    assert notice.path == f"/ke-hoach/{plan.pk}/lan-gui/{sent.sequence}/"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (NoticeKind.RECEIVED, {Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.CLERK}),
        (NoticeKind.RETURNED, {Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.COUNCIL_SECRETARY}),
    ],
)
def test_the_office_s_answer_tells_those_who_go_on_with_it(
    kind: NoticeKind, told: set[Role], people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.SENT)

    if kind is NoticeKind.RECEIVED:
        actions.receive_plan(plan=plan, by=people[Role.OFFICER])
    else:
        actions.return_plan(plan=plan, reason="Thiếu minh chứng.", by=people[Role.OFFICER])

    assert _told(kind, people) == told
    words = Notice.objects.filter(kind=kind).values_list("text", flat=True)
    assert not any("Thiếu minh chứng" in text for text in words)


def test_a_finished_draft_tells_the_council_but_not_who_finished_it(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.FINISHED)

    tell_the_council(plan, people[Role.COUNCIL_SECRETARY])
    tell_the_council(plan, people[Role.COUNCIL_SECRETARY])

    council = {Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.COUNCIL_MEMBER}
    assert _told(NoticeKind.COUNCIL, people) == council
    assert Notice.objects.count() == len(council)


def test_an_issued_document_tells_its_signer_and_the_keeper_of_the_seal(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    document = plan_in(PlanState.ISSUED).documents.get()

    tell_to_sign(document, people[Role.PRINCIPAL], people[Role.VICE_PRINCIPAL])

    assert _told(NoticeKind.TO_SIGN, people) == {Role.PRINCIPAL, Role.CLERK}


def test_a_near_deadline_is_told_once_a_step_however_often_the_day_is_run(
    people: dict[Role, User], plan_in: PlanIn, office: ManagingBody
) -> None:
    plan, today = plan_in(PlanState.DRAFT), timezone.localdate()
    for user in people.values():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@kcl.example")
    campaigns.campaign(
        office,
        plan.school,
        opens_on=today - timedelta(days=30),
        deadline=today + timedelta(days=3),
        year=plan.school_year,
    )

    run_daily(today)
    run_daily(today)

    assert _told(NoticeKind.DEADLINE, people) == {
        Role.PRINCIPAL,
        Role.VICE_PRINCIPAL,
        Role.CLERK,
    }
    assert Notice.objects.count() == OutboxMail.objects.count() == 3
