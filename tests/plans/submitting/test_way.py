"""Sending, receiving, returning: what is written beside the move, and what keeps a plan from being sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.issuing.ending import document_in_force, replace_document, withdraw_document
from plans.issuing.enums import DocumentState
from plans.moves import MoveNotAllowed
from plans.planning.models import Plan
from plans.planning.saving import Conflict
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody, School, SchoolBody
from plans.submitting import actions, remarks
from plans.submitting.models import Campaign, CampaignSchool, CouncilOpinion, Remark
from plans.submitting.reading import deadline_of, missing_to_send
from tests.factories import accounts, campaigns, issuing, planning, schools
from tests.plans.submitting.conftest import put, sent

pytestmark = pytest.mark.django_db

PlanIn = Callable[[PlanState], Plan]


def _campaign(body: ManagingBody, plan: Plan, school: School, **fields: object) -> Campaign:
    today = timezone.localdate()
    made = Campaign.objects.create(
        **{
            "body": body,
            "school_year": plan.school_year,
            "title": "Đợt nộp kế hoạch",
            "opens_on": today - timedelta(days=5),
            "deadline": today + timedelta(days=5),
        }
        | fields
    )
    CampaignSchool.objects.create(campaign=made, school=school)
    return made


# --- sending ----------------------------------------------------------------------------------------------


def test_send_goes_to_the_direct_body_and_joins_its_campaign(
    school: School, office: ManagingBody, people: dict[Role, User], plan_in: PlanIn
) -> None:
    schools.school_body(school, schools.body(), SchoolBody.Role.PARENT)
    plan = plan_in(PlanState.ISSUED)
    campaign = _campaign(office, plan, school)

    sub = actions.send_plan(plan=plan, by=people[Role.CLERK], note="Kính gửi cơ quan.")

    assert (sub.body, sub.campaign, sub.sequence) == (office, campaign, 1)
    assert (sub.document, sub.note) == (document_in_force(plan), "Kính gửi cơ quan.")
    event = Event.objects.get(action="plan.send")
    assert (event.before, event.after) == ({"state": "issued"}, {"state": "sent"})


@pytest.mark.parametrize(
    "fields",
    [
        {"closed_at": timezone.now()},
        {"opens_on": timezone.localdate() + timedelta(days=1)},
    ],
)
def test_send_joins_no_campaign_that_is_not_open(
    school: School,
    office: ManagingBody,
    people: dict[Role, User],
    plan_in: PlanIn,
    fields: dict[str, object],
) -> None:
    plan = plan_in(PlanState.ISSUED)
    _campaign(office, plan, school, **fields)

    assert actions.send_plan(plan=plan, by=people[Role.CLERK]).campaign is None


def test_send_goes_to_the_parent_where_nobody_manages_directly(people: dict[Role, User]) -> None:
    parent = schools.body("Sở Giáo dục và Đào tạo")
    plan = planning.plan(schools.school(parent=parent), finished=True)
    issuing.issued_document(plan)

    assert actions.send_plan(plan=plan, by=people[Role.CLERK]).body == parent


def test_send_says_all_that_is_missing(people: dict[Role, User]) -> None:
    plan = planning.plan(finished=True)
    put(plan, PlanState.ISSUED)

    with pytest.raises(ValidationError) as refused:
        actions.send_plan(plan=plan, by=people[Role.CLERK])

    assert refused.value.messages == [
        "Kế hoạch chưa có văn bản đang có hiệu lực. Hãy ban hành kế hoạch trước.",
        "Hồ sơ trường chưa ghi cơ quan quản lý trực tiếp hoặc cơ quan chủ quản. "
        "Hãy báo người quản trị bổ sung.",
    ]


def test_send_waits_for_the_answers_to_what_came_back(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan = plan_in(PlanState.SENT)
    planning.plan_text(plan, "purpose")
    officer, head = people[Role.OFFICER], people[Role.PRINCIPAL]
    remark = remarks.write_remark(plan=plan, place="muc-purpose", body="Cần rõ hơn.", by=officer)
    actions.return_plan(plan=plan, reason="Sửa mục I.", by=officer)
    put(plan, PlanState.ISSUED)
    today = timezone.localdate()

    assert missing_to_send(plan, today) == (
        "Còn 1 ý kiến của lần trả lại trước chưa được trả lời.",
    )
    assert not head.has_perm("plans.send_plan", plan)

    remarks.answer_remark(remark=remark, answer="Đã ghi rõ.", version=1, by=head)

    assert missing_to_send(plan, today) == ()
    assert actions.send_plan(plan=plan, by=head).sequence == 2


# --- at the office ----------------------------------------------------------------------------------------


def test_office_of_another_body_may_not_touch_what_was_sent(
    school: School, people: dict[Role, User], plan_in: PlanIn
) -> None:
    """The school's letterhead body sees the school, and yet the plan was not sent to it."""
    parent = schools.body()
    schools.school_body(school, parent, SchoolBody.Role.PARENT)
    seeing = accounts.member(Role.BODY_LEAD, body=parent)
    foreign = accounts.member(Role.BODY_LEAD, body=schools.body())
    plan = plan_in(PlanState.SENT)

    assert seeing.has_perm("plans.view_plan", plan)
    assert not seeing.has_perm("plans.receive_plan", plan)
    assert not foreign.has_perm("plans.receive_plan", plan)
    assert people[Role.OFFICER].has_perm("plans.receive_plan", plan)


def test_body_above_and_successor_may_receive(
    school: School, office: ManagingBody, plan_in: PlanIn
) -> None:
    above, heir = schools.body("Sở Giáo dục và Đào tạo"), schools.body("UBND phường mới")
    plan = plan_in(PlanState.SENT)
    lead = accounts.member(Role.OFFICER, body=above)
    after = accounts.member(Role.OFFICER, body=heir)
    assert not lead.has_perm("plans.receive_plan", plan)

    office.parent = above
    office.save()
    assert User.objects.get(pk=lead.pk).has_perm("plans.receive_plan", plan)

    office.successor, office.valid_to = heir, timezone.localdate() - timedelta(days=1)
    office.save()
    SchoolBody.objects.filter(school=school).update(valid_to=office.valid_to)
    assert User.objects.get(pk=after.pk).has_perm("plans.receive_plan", plan)


def test_submission_notes_who_did_what(
    people: dict[Role, User], plan_in: PlanIn, approving: object
) -> None:
    plan, officer, lead = plan_in(PlanState.SENT), people[Role.OFFICER], people[Role.BODY_LEAD]

    actions.receive_plan(plan=plan, by=officer)
    actions.approve_plan(plan=plan, by=lead)

    sub = plan.submissions.get()
    assert (sub.received_by, sub.approved_by, sub.returned_at) == (officer, lead, None)
    assert sub.received_at and sub.approved_at


def test_return_keeps_its_reason_to_the_letter(people: dict[Role, User], plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.RECEIVED)

    actions.return_plan(
        plan=plan, reason="Mục I: cần rõ hơn.\nMục II: đủ.", by=people[Role.OFFICER]
    )

    sub = plan.submissions.get()
    assert sub.return_reason == "Mục I: cần rõ hơn.\nMục II: đủ."
    event = Event.objects.get(action="plan.return")
    assert event.after == {"state": "returned", "reason": "Mục I: cần rõ hơn.\nMục II: đủ."}


# --- remarks and answers ----------------------------------------------------------------------------------


def test_remark_is_pinned_to_a_row(people: dict[Role, User], plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.SENT)
    row = planning.action(plan, measures="Sửa bếp ăn")

    made = remarks.write_remark(
        plan=plan, place=f"viec-{row.pk}", body="Ai làm?", by=people[Role.OFFICER]
    )

    assert (made.row_kind, made.row_id, made.section) == ("planaction", row.pk, "")
    assert made.place.endswith("Sửa bếp ăn")


@pytest.mark.parametrize(
    ("place", "body"), [("muc-khong-co", "x"), ("viec-999999", "x"), ("muc-purpose", "  ")]
)
def test_remark_about_nothing_or_without_words_is_refused(
    people: dict[Role, User], plan_in: PlanIn, place: str, body: str
) -> None:
    plan = plan_in(PlanState.SENT)

    with pytest.raises(ValidationError):
        remarks.write_remark(plan=plan, place=place, body=body, by=people[Role.OFFICER])

    assert not Remark.objects.exists()


@pytest.mark.parametrize(
    "state", [s for s in PlanState if s not in {PlanState.SENT, PlanState.RECEIVED}]
)
def test_remark_is_written_only_while_an_office_has_the_plan(
    state: PlanState, people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan = plan_in(state)

    with pytest.raises(MoveNotAllowed):
        remarks.write_remark(plan=plan, place="muc-purpose", body="x", by=people[Role.OFFICER])


def test_remark_can_be_dropped_until_it_was_sent(people: dict[Role, User], plan_in: PlanIn) -> None:
    plan, officer = plan_in(PlanState.SENT), people[Role.OFFICER]
    first, second = (
        remarks.write_remark(plan=plan, place="muc-purpose", body=words, by=officer)
        for words in ("Một", "Hai")
    )

    remarks.drop_remark(remark=first, by=officer)
    actions.return_plan(plan=plan, reason="Sửa.", by=officer)

    with pytest.raises(MoveNotAllowed):
        remarks.drop_remark(remark=second, by=officer)
    assert list(Remark.objects.values_list("body", flat=True)) == ["Hai"]
    assert Event.objects.get(action="remark.drop").before["body"] == "Một"


def test_second_answer_on_an_old_page_is_a_conflict(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan, officer, head = plan_in(PlanState.SENT), people[Role.OFFICER], people[Role.PRINCIPAL]
    remark = remarks.write_remark(plan=plan, place="muc-purpose", body="Rõ hơn.", by=officer)
    actions.return_plan(plan=plan, reason="Sửa.", by=officer)
    remarks.answer_remark(remark=remark, answer="Đã sửa.", version=1, by=head)

    with pytest.raises(Conflict) as refused:
        old = Remark.objects.get()
        remarks.answer_remark(remark=old, answer="Không sửa.", version=1, by=head)

    assert (refused.value.mine, refused.value.theirs) == (
        {"answer": "Không sửa."},
        {"answer": "Đã sửa."},
    )
    assert (Remark.objects.get().answer, Remark.objects.get().answered_by) == ("Đã sửa.", head)


def test_answer_waits_for_the_return_and_ends_with_the_next_submission(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan, officer, head = plan_in(PlanState.SENT), people[Role.OFFICER], people[Role.PRINCIPAL]
    remark = remarks.write_remark(plan=plan, place="muc-purpose", body="Rõ hơn.", by=officer)

    with pytest.raises(MoveNotAllowed):
        remarks.answer_remark(remark=remark, answer="Đã sửa.", version=1, by=head)

    actions.return_plan(plan=plan, reason="Sửa.", by=officer)
    sent(plan, plan.submissions.get().body, sequence=2)

    with pytest.raises(MoveNotAllowed):
        remarks.answer_remark(remark=remark, answer="Đã sửa.", version=1, by=head)


# --- the council ------------------------------------------------------------------------------------------


def test_opinion_takes_the_place_of_the_same_persons_earlier_one(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan, member = plan_in(PlanState.FINISHED), people[Role.COUNCIL_MEMBER]

    actions.give_opinion(plan=plan, agrees=False, body="Thiếu kinh phí.", by=member)
    actions.give_opinion(plan=plan, agrees=True, body="", by=member)

    assert list(plan.opinions.values_list("agrees", "body", "is_past")) == [(True, "", False)]
    events = Event.objects.filter(action="opinion.give").order_by("pk")
    assert [event.before for event in events] == [{}, {"agrees": False, "body": "Thiếu kinh phí."}]


@pytest.mark.parametrize("state", [s for s in PlanState if s not in {PlanState.FINISHED}])
def test_opinion_is_about_a_closed_draft(
    state: PlanState, people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan, member = plan_in(state), people[Role.COUNCIL_MEMBER]

    with pytest.raises(MoveNotAllowed):
        actions.give_opinion(plan=plan, agrees=True, body="", by=member)

    assert not member.has_perm("plans.review_plan", plan)


def test_opinion_that_disagrees_says_why(people: dict[Role, User], plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.FINISHED)

    with pytest.raises(ValidationError):
        actions.give_opinion(plan=plan, agrees=False, body=" ", by=people[Role.COUNCIL_MEMBER])


def test_opinions_are_of_an_earlier_draft_once_it_is_reopened(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan, member = plan_in(PlanState.FINISHED), people[Role.COUNCIL_MEMBER]
    actions.give_opinion(plan=plan, agrees=True, body="", by=member)

    actions.reopen_plan(plan=plan, by=people[Role.PRINCIPAL])
    put(plan, PlanState.FINISHED)
    actions.give_opinion(plan=plan, agrees=True, body="Bản mới tốt.", by=member)

    found = CouncilOpinion.objects.filter(plan=plan).values_list("body", "is_past")
    assert list(found) == [("", True), ("Bản mới tốt.", False)]


# --- documents --------------------------------------------------------------------------------------------


def test_withdrawal_ends_the_document(people: dict[Role, User], plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.ISSUED)

    actions.withdraw_plan(plan=plan, reason="Ban hành nhầm.", by=people[Role.PRINCIPAL])

    document = plan.documents.get()
    assert (document.state, document.ended_because) == (DocumentState.WITHDRAWN, "Ban hành nhầm.")
    assert document.ended_at is not None
    with pytest.raises(MoveNotAllowed):
        withdraw_document(document=document, by=people[Role.PRINCIPAL], reason="Lần nữa.")


def test_revision_leaves_the_document_in_force_until_the_next_replaces_it(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan, head = plan_in(PlanState.RECEIVED), people[Role.PRINCIPAL]

    actions.revise_plan(plan=plan, reason="Đổi chỉ tiêu.", by=head)

    old = document_in_force(plan)
    assert old is not None
    replace_document(document=old, by=head)
    old.refresh_from_db()
    assert old.state == DocumentState.REPLACED
    assert Event.objects.get(action="document.replace").after["state"] == "replaced"


# --- what the office keeps to itself, and what a school cannot pass by ------------------------------------


def test_remark_that_was_not_sent_stands_in_the_record_of_the_office_alone(
    people: dict[Role, User], plan_in: PlanIn
) -> None:
    plan, officer = plan_in(PlanState.SENT), people[Role.OFFICER]

    made = remarks.write_remark(plan=plan, place="muc-purpose", body="Viết rõ hơn.", by=officer)
    remarks.drop_remark(remark=made, by=officer)

    told = Event.objects.filter(action__startswith="remark.").values_list("school_id", "body_id")
    assert list(told) == [(None, made.submission.body_id)] * 2


def test_school_that_a_campaign_asks_sends_before_it_begins(
    people: dict[Role, User], plan_in: PlanIn, office: ManagingBody
) -> None:
    plan, head, today = plan_in(PlanState.ISSUED), people[Role.PRINCIPAL], timezone.localdate()
    assert head.has_perm("plans.start_plan", plan)

    campaigns.campaign(office, plan.school, year=plan.school_year, opens_on=today, deadline=today)

    assert not head.has_perm("plans.start_plan", plan)
    with pytest.raises(MoveNotAllowed, match="còn chờ kế hoạch"):
        actions.start_plan(plan=plan, by=head)


def test_the_later_of_two_deadlines_holds(plan_in: PlanIn, office: ManagingBody) -> None:
    plan = plan_in(PlanState.DRAFT)
    campaign = campaigns.campaign(office, plan.school, deadline=date(2025, 11, 20))
    row = campaign.schools.get()

    row.extended_to = date(2025, 11, 10)

    assert deadline_of(row) == date(2025, 11, 20)
