"""Items from the minutes, and every step on them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.followups import actions
from plans.followups.models import FollowUp, FollowUpFile, FollowUpStep
from plans.followups.states import FollowUpState
from plans.history.models import Event
from plans.inspections.enums import Decision
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing.attachments import checked_attachment
from plans.issuing.pictures import drawn_anew
from plans.moves import MoveNotAllowed
from plans.notices.models import Notice
from plans.versions import MOVED_ON
from tests.factories import accounts, followups, inspections, issuing, planning
from tests.factories.pictures import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Inspection:
    plan = planning.plan()
    planning.action(plan)
    return inspections.inspection(plan, InspectionState.MINUTED)


@pytest.fixture
def by(visit: Inspection) -> User:
    return inspections.officer(visit)


@pytest.fixture
def item() -> FollowUp:
    return followups.follow_up()


@pytest.fixture
def principal(item: FollowUp) -> User:
    return accounts.member(Role.PRINCIPAL, school=item.school)


@pytest.fixture
def officer(item: FollowUp) -> User:
    return inspections.officer(item.inspection)


@pytest.fixture
def concluded() -> Inspection:
    """A visit whose minutes may be made: the school agrees, its head and the team are known."""
    plan = planning.plan()
    planning.action(plan)
    accounts.member(Role.PRINCIPAL, school=plan.school)
    visit = inspections.inspection(plan, InspectionState.CONCLUDED)
    visit.replied_at, visit.replied_by = timezone.now(), visit.created_by
    visit.save()
    inspections.recommendation(visit.findings.get(kind="action"), visit.created_by)
    return visit


def fresh(item: FollowUp) -> FollowUp:
    return FollowUp.objects.get(pk=item.pk)


# --- from the minutes -------------------------------------------------------------------------------------


def test_items_come_from_recommendations_in_the_order_of_the_record(
    visit: Inspection, by: User
) -> None:
    first, section, general = visit.findings.order_by("position")
    last = inspections.recommendation(general, body="Họp hội đồng mỗi tháng.", due="", due_on=None)
    wanted = inspections.recommendation(first)
    section.seen = "Viết rõ, đủ ý."  # words without a recommendation make nothing
    section.save()

    items = actions.items_from_minutes(inspection=visit, by=by)

    assert [
        (one.recommendation, one.about, one.body, one.owner, one.due, one.due_on) for one in items
    ] == [
        (
            wanted,
            first.title,
            "Thay 2 kệ gỗ còn lại bằng kệ inox.",
            "Phạm Thị Minh Họa, Phó Hiệu trưởng",
            "30/4/2026",
            date(2026, 4, 30),
        ),
        (
            last,
            "Nhận xét chung",
            "Họp hội đồng mỗi tháng.",
            "Phạm Thị Minh Họa, Phó Hiệu trưởng",
            "",
            None,
        ),
    ]
    assert [(one.criterion, one.standard_number) for one in items] == [
        (first.criterion, first.standard_number),
        (None, None),
    ]
    assert {one.state for one in items} == {FollowUpState.OPEN}


def test_items_are_made_once_told_once_and_recorded_once(visit: Inspection, by: User) -> None:
    head = accounts.member(Role.PRINCIPAL, school=visit.school)
    accounts.member(Role.STAFF, school=visit.school)
    inspections.recommendation(visit.findings.order_by("position")[0])

    first = actions.items_from_minutes(inspection=visit, by=by)
    again = actions.items_from_minutes(inspection=visit, by=by)

    assert first == again
    assert Event.objects.filter(action="inspection.follow_ups").count() == 1
    told = Notice.objects.get()
    day = f"{visit.planned_on:%d/%m/%Y}"
    assert (told.person, told.text) == (
        head,
        f"Biên bản kiểm tra ngày {day} có 1 kiến nghị để nhà trường thực hiện.",
    )


@pytest.mark.parametrize(
    ("decision", "count"),
    [(Decision.WITHDRAW, 0), (Decision.KEEP, 1), (Decision.CHANGE, 1), ("", 1)],
)
def test_withdrawn_remark_makes_no_item(
    visit: Inspection, by: User, decision: str, count: int
) -> None:
    finding = visit.findings.order_by("position")[0]
    inspections.recommendation(finding)
    decided: dict[str, Any] = (
        {"decision": decision, "changed_words": "Kệ đã thay."} if decision else {}
    )
    if decision:
        decided |= {"decided_by": by, "decided_at": visit.minuted_at}
    inspections.reply(finding, **decided)

    assert len(actions.items_from_minutes(inspection=visit, by=by)) == count


@pytest.mark.parametrize("values", [{"removed": "1"}, {"body": "  "}])
def test_recommendation_taken_back_or_empty_makes_no_item(
    visit: Inspection, by: User, values: dict[str, str]
) -> None:
    inspections.recommendation(visit.findings.order_by("position")[0], **values)

    assert actions.items_from_minutes(inspection=visit, by=by) == []
    assert not Event.objects.filter(action="inspection.follow_ups").exists()


def test_minutes_made_anew_take_untouched_items_along(visit: Inspection, by: User) -> None:
    inspections.recommendation(visit.findings.order_by("position")[0])
    (old,) = actions.items_from_minutes(inspection=visit, by=by)

    assert actions.drop_items(inspection=visit, by=by) == 1

    assert not FollowUp.objects.exists()
    event = Event.objects.get(action="inspection.drop_follow_ups")
    assert (event.before, event.school_id, event.body_id) == (
        {"items": [old.pk]},
        visit.school_id,
        visit.body_id,
    )
    assert len(actions.items_from_minutes(inspection=visit, by=by)) == 1


def test_minutes_with_a_step_taken_are_not_dropped(visit: Inspection, by: User) -> None:
    first, _, general = visit.findings.order_by("position")
    inspections.recommendation(first)
    inspections.recommendation(general)
    items = actions.items_from_minutes(inspection=visit, by=by)
    head = accounts.member(Role.PRINCIPAL, school=visit.school)
    actions.note_item(item=items[0], note="Đã đặt mua kệ.", version=1, by=head)

    with pytest.raises(ValidationError, match="đã bắt đầu thực hiện"):
        actions.drop_items(inspection=visit, by=by)

    assert FollowUp.objects.count() == 2


def test_minutes_and_items_are_born_and_taken_back_together(concluded: Inspection) -> None:
    by, today = concluded.created_by, timezone.localdate()

    paper = actions.make_minutes_with_items(inspection=concluded, by=by, on=today)
    assert (paper.kind, concluded.follow_ups.count()) == ("minutes", 1)

    back = actions.redo_minutes_with_items(inspection=concluded, by=by, reason="Sai ngày.")
    assert (back.state, concluded.follow_ups.count()) == (InspectionState.CONCLUDED, 0)
    with pytest.raises(MoveNotAllowed):
        actions.redo_minutes_with_items(inspection=concluded, by=by, reason="Sai ngày.")


def test_refused_minutes_leave_no_items_and_refused_withdrawal_keeps_them(
    concluded: Inspection,
) -> None:
    by, today = concluded.created_by, timezone.localdate()
    with pytest.raises(ValidationError):
        actions.make_minutes_with_items(inspection=concluded, by=by, on=today + timedelta(days=1))
    assert concluded.follow_ups.count() == 0

    actions.make_minutes_with_items(inspection=concluded, by=by, on=today)
    with pytest.raises(ValidationError):
        actions.redo_minutes_with_items(inspection=concluded, by=by, reason="")
    assert concluded.follow_ups.count() == 1


# --- steps ------------------------------------------------------------------------------------------------


def test_report_with_words_and_proof_then_somebody_else_verifies(
    item: FollowUp, principal: User, officer: User
) -> None:
    pdf = issuing.small_pdf("Hóa đơn")
    photo = jpeg((64, 48))
    files = [
        checked_attachment(pdf, "hóa đơn.pdf"),
        checked_attachment(photo, r"C:\anh\kệ mới.jpeg"),
    ]

    actions.report_item(item=item, note="Đã thay ngày 20/4.", proofs=files, version=1, by=principal)
    reported = fresh(item)
    actions.verify_item(item=reported, note="Đã xem tại kho.", version=2, by=officer)

    assert (reported.state, reported.reported_by) == (FollowUpState.REPORTED, principal)
    done = fresh(item)
    assert (done.state, done.verified_by, done.version) == (FollowUpState.VERIFIED, officer, 3)
    assert [(s.kind, s.note, s.by) for s in item.steps.all()] == [
        ("report", "Đã thay ngày 20/4.", principal),
        ("verify", "Đã xem tại kho.", officer),
    ]
    kept = [(f.name, f.file.media_type, bytes(f.file.content)) for f in FollowUpFile.objects.all()]
    assert kept == [
        ("hóa đơn.pdf", "application/pdf", pdf),
        ("kệ mới.jpeg", "image/jpeg", drawn_anew(photo).large),
    ]
    events = Event.objects.filter(action__startswith="follow_up.").order_by("pk")
    assert [(e.action, e.before, e.after, e.school_id, e.body_id) for e in events] == [
        (
            "follow_up.report",
            {"state": "open"},
            {"state": "reported"},
            item.school_id,
            item.inspection.body_id,
        ),
        (
            "follow_up.verify",
            {"state": "reported"},
            {"state": "verified"},
            item.school_id,
            item.inspection.body_id,
        ),
    ]


def test_reporter_does_not_verify_whatever_their_roles(item: FollowUp, principal: User) -> None:
    accounts.membership(principal, Role.OFFICER, body=item.inspection.body)
    actions.report_item(item=item, note="Xong.", version=1, by=principal)

    with pytest.raises(ValidationError, match=actions.OWN_WORD):
        actions.verify_item(item=item, version=2, by=principal)

    assert fresh(item).state == FollowUpState.REPORTED


def test_reopen_wants_a_reason_and_keeps_the_steps(
    item: FollowUp, principal: User, officer: User
) -> None:
    actions.report_item(item=item, note="Xong.", version=1, by=principal)
    with pytest.raises(ValidationError) as refused:
        actions.reopen_item(item=item, reason=" ", version=2, by=officer)
    assert refused.value.message_dict == {
        "note": ["Hãy ghi lý do mở lại để nhà trường biết cần làm gì thêm."]
    }

    actions.reopen_item(item=item, reason="Còn 1 kệ gỗ.", version=2, by=officer)

    again = fresh(item)
    assert (again.state, again.reported_at, again.reported_by) == (FollowUpState.OPEN, None, None)
    assert [s.kind for s in item.steps.all()] == ["report", "reopen"]


def test_verified_item_is_reopened(item: FollowUp, principal: User, officer: User) -> None:
    actions.report_item(item=item, note="Xong.", version=1, by=principal)
    actions.verify_item(item=item, version=2, by=officer)

    actions.reopen_item(item=item, reason="Kệ mới đã gỉ.", version=3, by=officer)

    again = fresh(item)
    assert (again.state, again.verified_at, again.verified_by) == (FollowUpState.OPEN, None, None)


@pytest.mark.parametrize("deed", [actions.note_item, actions.report_item])
def test_word_or_proof_is_wanted(item: FollowUp, principal: User, deed: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        deed(item=item, note="  ", version=1, by=principal)

    assert list(refused.value.message_dict) == ["note"]
    deed(
        item=item,
        note="",
        proofs=[checked_attachment(jpeg((8, 8)), "a.jpg")],
        version=1,
        by=principal,
    )
    assert FollowUpStep.objects.get().files.count() == 1


def test_second_of_two_at_once_is_told(item: FollowUp, principal: User) -> None:
    actions.note_item(item=item, note="Đang làm.", version=1, by=principal)

    with pytest.raises(ValidationError, match=MOVED_ON):
        actions.report_item(item=item, note="Xong.", version=1, by=principal)

    assert [s.kind for s in item.steps.all()] == ["note"]


@pytest.mark.parametrize(
    ("state", "deed", "extra"),
    [
        (FollowUpState.REPORTED, actions.note_item, {"note": "x"}),
        (FollowUpState.REPORTED, actions.report_item, {"note": "x"}),
        (FollowUpState.OPEN, actions.verify_item, {}),
        (FollowUpState.OPEN, actions.reopen_item, {"reason": "x"}),
        (FollowUpState.VERIFIED, actions.change_item, {"owner": "x"}),
    ],
)
def test_state_that_a_deed_does_not_leave(
    officer: User, state: FollowUpState, deed: Any, extra: dict[str, str]
) -> None:
    whose = (
        {"verified_by": accounts.user(), "verified_at": timezone.now()}
        if state == "verified"
        else {}
    )
    item = followups.follow_up(state=state, **whose)

    with pytest.raises(MoveNotAllowed):
        deed(item=item, version=1, by=officer, **extra)

    assert not FollowUpStep.objects.exists()


def test_another_person_and_another_date(item: FollowUp, officer: User) -> None:
    actions.change_item(
        item=item,
        owner="Trần Thị Ví Dụ, Kế toán",
        due="31 tháng 5 năm 2026",
        note="Chờ kinh phí.",
        version=1,
        by=officer,
    )

    changed = fresh(item)
    assert (changed.owner, changed.due, changed.due_on, changed.version) == (
        "Trần Thị Ví Dụ, Kế toán",
        "31 tháng 5 năm 2026",
        date(2026, 5, 31),
        2,
    )
    assert FollowUpStep.objects.get().note == (
        "Người thực hiện: Phạm Thị Minh Họa, Phó Hiệu trưởng → Trần Thị Ví Dụ, Kế toán\n"
        "Hạn hoàn thành: 30/4/2026 → 31 tháng 5 năm 2026\n"
        "Lý do: Chờ kinh phí."
    )
    event = Event.objects.get(action="follow_up.change")
    assert event.before == {"owner": "Phạm Thị Minh Họa, Phó Hiệu trưởng", "due": "30/4/2026"}


def test_another_date_wants_a_reason_another_person_none(item: FollowUp, officer: User) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.change_item(item=item, due="31/5/2026", version=1, by=officer)
    actions.change_item(item=item, owner="Kế toán", due="30/4/2026", version=1, by=officer)

    assert refused.value.message_dict == {"note": ["Hãy ghi lý do đổi hạn."]}
    assert FollowUpStep.objects.get().note == (
        "Người thực hiện: Phạm Thị Minh Họa, Phó Hiệu trưởng → Kế toán"
    )


def test_nothing_changed_is_no_step(item: FollowUp, officer: User) -> None:
    actions.change_item(item=item, owner=item.owner, due=item.due, version=1, by=officer)

    assert not FollowUpStep.objects.exists()
    assert fresh(item).version == 1


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("trước 15/5/2026", date(2026, 5, 14)),
        ("tháng 5/2026", date(2026, 5, 31)),
        ("sớm nhất có thể", None),
        ("thường xuyên", None),
        ("", None),
    ],
)
def test_date_is_read_or_left_unread(
    item: FollowUp, officer: User, typed: str, day: date | None
) -> None:
    actions.change_item(item=item, due=typed, note="x", version=1, by=officer)

    assert (fresh(item).due, fresh(item).due_on) == (typed, day)
