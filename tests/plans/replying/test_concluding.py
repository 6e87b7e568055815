"""The team leaves: what blocks it, what it is warned of, what the school is told, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.history.models import Event
from plans.inspections.enums import Decision, FindingKind, Outcome
from plans.inspections.models import Attendee, Entry, Finding, Inspection, Reply
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.notices.enums import NoticeKind
from plans.notices.models import Notice
from plans.replying import concluding, replies
from plans.replying.telling import tell_of_reply_days
from tests.factories import inspections
from tests.factories.replies import Sides, sides

pytestmark = pytest.mark.django_db


def _in(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _conflict(case: Sides, target: str, field: str, **values: object) -> Entry:
    facts = {"person": case.member, "client_id": uuid4(), "value": "x", "base": 0}
    return Entry.objects.create(
        inspection=case.visit,
        target=target,
        field=field,
        outcome=Outcome.CONFLICT,
        **(facts | values),
    )


def _answer(case: Sides) -> Reply:
    reply = replies.answer_finding(
        finding=case.finding, body="Đã thay.", by=case.principal, version=0
    )
    assert reply is not None
    return reply


# --- leaving ----------------------------------------------------------------------------------------------


def test_leaving_gives_the_school_its_days_and_tells_who_may_answer() -> None:
    case = sides(InspectionState.OPEN, reply_days=7)

    left = concluding.conclude_visit(inspection=case.visit, by=case.lead)

    assert (left.state, left.reply_until) == (InspectionState.CONCLUDED, _in(7))
    assert (left.concluded_by, left.concluded_at is not None) == (case.lead, True)
    notice = Notice.objects.get()
    assert (notice.kind, notice.person) == (NoticeKind.REPLY, case.principal)
    assert notice.text == (
        f"{case.visit.body} đã kết thúc kiểm tra tại trường. "
        f"Nhà trường phản hồi đến hết ngày {_in(7):%d/%m/%Y}."
    )
    assert Event.objects.get(action="inspection.conclude").actor_id == case.lead.pk


@pytest.mark.parametrize("days", [0, 1, concluding.LONGEST_REPLY])
def test_the_team_may_name_another_last_day(days: int) -> None:
    case = sides(InspectionState.OPEN)

    left = concluding.conclude_visit(inspection=case.visit, by=case.lead, reply_until=_in(days))

    assert left.reply_until == _in(days)


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "đã qua"), (concluding.LONGEST_REPLY + 1, "xa nhất là 60 ngày")]
)
def test_a_last_day_that_is_past_or_too_far_is_refused(days: int, words: str) -> None:
    case = sides(InspectionState.OPEN)

    with pytest.raises(ValidationError, match=words):
        concluding.conclude_visit(inspection=case.visit, by=case.lead, reply_until=_in(days))

    assert Inspection.objects.get().state == InspectionState.OPEN


@pytest.mark.parametrize("state", [s for s in InspectionState if s != InspectionState.OPEN])
def test_only_an_open_visit_is_left(state: InspectionState) -> None:
    case = sides()
    Inspection.objects.update(state=state, **_for(state))

    with pytest.raises(MoveNotAllowed):
        concluding.conclude_visit(inspection=case.visit, by=case.lead)


def _for(state: InspectionState) -> dict[str, object]:
    cancelled = {"cancelled_at": timezone.now(), "cancel_reason": "Bão"}
    return cancelled if state == InspectionState.CANCELLED else {}


def test_what_two_people_wrote_differently_keeps_the_team_until_somebody_chooses() -> None:
    case = sides(InspectionState.OPEN)
    attendee = Attendee.objects.create(
        inspection=case.visit, client_id=uuid4(), full_name="Cô Mẫu Đơn"
    )
    recommendation = inspections.recommendation(case.finding)
    member = case.visit.members.earliest("pk")
    rows = [
        _conflict(case, f"finding:{case.finding.key}", "seen"),
        _conflict(case, f"finding:{case.finding.key}", "seen"),
        _conflict(case, "visit", "ended"),
        _conflict(case, f"recommendation:{recommendation.client_id}", "due"),
        _conflict(case, f"attendee:{attendee.client_id}", "position"),
        _conflict(case, f"member:{member.pk}", "present"),
        _conflict(case, "finding:khong-co", "limits"),
    ]
    _conflict(case, "visit", "began", settled_at=timezone.now(), settled_by=case.lead)

    waiting = concluding.conflicts_to_settle(case.visit)
    with pytest.raises(ValidationError) as refused:
        concluding.conclude_visit(inspection=case.visit, by=case.lead)

    assert waiting == [
        "Tiêu chí 1.5, ô “nhận xét”",
        "Thông tin buổi kiểm tra, ô “kết thúc lúc”",
        "Kiến nghị, Tiêu chí 1.5, ô “hạn hoàn thành”",
        "Phía nhà trường: Cô Mẫu Đơn, ô “chức vụ”",
        f"Tổ kiểm tra: {member}, ô “có mặt”",
        "ô “hạn chế”",
    ]
    assert refused.value.messages == [
        f"Có ô được hai người ghi khác nhau, cần chọn trước khi kết thúc: {'; '.join(waiting)}."
    ]
    Entry.objects.filter(pk__in=[row.pk for row in rows]).update(
        settled_at=timezone.now(), settled_by=case.lead
    )
    assert concluding.conflicts_to_settle(case.visit) == []
    concluding.conclude_visit(inspection=case.visit, by=case.lead)


def test_what_the_record_lacks_is_told_and_blocks_nothing() -> None:
    case = sides(InspectionState.OPEN)
    for number in range(4):
        Finding.objects.create(
            inspection=case.visit,
            kind=FindingKind.ACTION,
            key=f"viec-{number}",
            title=f"Việc {number}",
            position=9 + number,
        )

    lacks = concluding.warnings_before_concluding(case.visit)

    assert lacks == [
        "Chưa ghi giờ kết thúc.",
        "Chưa ghi ai dự phía nhà trường.",
        "Chưa ghi biên bản được lập thành mấy bản.",
        "Còn 4 việc chưa chọn tình trạng thực hiện: Việc 0; Việc 1; Việc 2 ….",
    ]
    concluding.conclude_visit(inspection=case.visit, by=case.lead)


def test_a_whole_record_gives_no_warning() -> None:
    case = sides(InspectionState.OPEN, ended="16 giờ 30", copies="02")
    Attendee.objects.create(inspection=case.visit, client_id=uuid4(), full_name="Cô Mẫu Đơn")
    Attendee.objects.create(inspection=case.visit, client_id=uuid4(), removed="1")
    Finding.objects.create(
        inspection=case.visit, kind=FindingKind.ACTION, key="viec-1", verdict="done"
    )

    assert concluding.warnings_before_concluding(case.visit) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"held_on": "31/02/2027"},
            ["Ngày ghi trên biên bản “31/02/2027” không phải là một ngày có thật"],
        ),
        ({"held_on": "hôm ấy"}, ["Ngày ghi trên biên bản “hôm ấy” chưa đọc được"]),
        ({"held_on": "Thứ bảy, ngày 28 tháng 11 năm 2026"}, []),
        (
            {"began": "sớm", "ended": "29:77"},
            ["Giờ bắt đầu “sớm” chưa đọc được", "Giờ kết thúc “29:77” chưa đọc được"],
        ),
        (
            {"began": "8 giờ 05 phút", "ended": "7h50"},
            ["Giờ kết thúc “7h50” sớm hơn giờ bắt đầu “8 giờ 05 phút”"],
        ),
        ({"began": "8g", "ended": "7h50", "held_on": "14-15/10/2026"}, []),
        ({"began": "1 giờ trưa", "ended": "4 giờ rưỡi chiều"}, []),
        ({"began": "11 giờ trưa", "ended": "khoảng 4 giờ chiều"}, []),
        ({"copies": "rất nhiều"}, ["Số bản của biên bản “rất nhiều” chưa đọc được"]),
        ({"copies": "00"}, ["Số bản của biên bản “00” chưa đọc được"]),
        ({"copies": "ba (03) bản"}, []),
    ],
)
def test_day_hours_and_copies_typed_amiss_are_told(typed: dict[str, str], told: list[str]) -> None:
    visit = sides(InspectionState.OPEN, **({"ended": "16 giờ 30", "copies": "02"} | typed)).visit
    Attendee.objects.create(inspection=visit, client_id=uuid4(), full_name="Cô Mẫu Đơn")

    found = concluding.warnings_before_concluding(visit)

    assert found == [f"{words}; đề nghị xem lại." for words in told]


# --- coming back ------------------------------------------------------------------------------------------


def test_the_team_may_go_on_writing_while_nothing_is_answered() -> None:
    case = sides()

    again = concluding.resume_visit(inspection=case.visit, reason="Thiếu một việc.", by=case.lead)

    assert (again.state, again.concluded_at, again.reply_until) == (
        InspectionState.OPEN,
        None,
        None,
    )
    event = Event.objects.get(action="inspection.resume")
    assert event.after == {"state": "open", "reason": "Thiếu một việc."}
    assert [one.person for one in Notice.objects.all()] == [case.principal]
    left = concluding.conclude_visit(inspection=again, by=case.lead)
    assert left.reply_until == _in(5)
    assert Notice.objects.count() == 2


def test_coming_back_wants_a_reason() -> None:
    case = sides()

    with pytest.raises(ValidationError) as refused:
        concluding.resume_visit(inspection=case.visit, reason=" ", by=case.lead)

    assert list(refused.value.message_dict) == ["reason"]


@pytest.mark.parametrize("sent", [False, True])
def test_the_team_cannot_come_back_once_the_school_answered(sent: bool) -> None:
    case = sides()
    if sent:
        replies.finish_replies(inspection=case.visit, by=case.principal)
    else:
        _answer(case)

    words = concluding.ANSWERED if sent else concluding.NOT_AGAIN
    with pytest.raises(MoveNotAllowed, match=words):
        concluding.resume_visit(inspection=case.visit, reason="x", by=case.lead)

    assert Inspection.objects.get().state == InspectionState.CONCLUDED


# --- longer -----------------------------------------------------------------------------------------------


def _extend(case: Sides, until: date, reason: str = "Trường nghỉ bão.") -> Inspection:
    return concluding.extend_reply(inspection=case.visit, until=until, reason=reason, by=case.lead)


def test_a_school_may_be_given_longer_and_is_told() -> None:
    case = sides()

    longer = _extend(case, _in(9))

    assert longer.reply_until == _in(9)
    event = Event.objects.get(action="inspection.extend_reply")
    assert event.before == {"reply_until": _in(5).isoformat()}
    assert event.after == {"reply_until": _in(9).isoformat(), "reason": "Trường nghỉ bão."}
    assert event.body_id == case.visit.body_id
    notice = Notice.objects.get()
    assert (notice.person, f"{_in(9):%d/%m/%Y}" in notice.text) == (case.principal, True)


@pytest.mark.parametrize("closed", ["sent", "past"])
def test_what_was_closed_is_open_again(closed: str) -> None:
    case = sides()
    _answer(case)
    if closed == "sent":
        replies.finish_replies(inspection=case.visit, by=case.principal)
    else:
        Inspection.objects.update(reply_until=_in(-1))

    _extend(case, _in(1))

    reply = Reply.objects.get()
    changed = replies.answer_finding(
        finding=case.finding, body="Chữ mới", by=case.principal, version=reply.version
    )
    assert changed is not None
    assert changed.body == "Chữ mới"
    visit = Inspection.objects.get()
    assert (visit.replied_at, visit.replied_by) == (None, None)


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        (5, "x", "reply_until"),
        (-1, "x", "reply_until"),
        (61, "x", "reply_until"),
        (9, " ", "reason"),
    ],
)
def test_no_longer_day_or_no_reason_is_refused(days: int, reason: str, field: str) -> None:
    case = sides()

    with pytest.raises(ValidationError) as refused:
        _extend(case, _in(days), reason)

    assert list(refused.value.message_dict) == [field]
    assert Inspection.objects.get().reply_until == _in(5)


def test_no_longer_once_the_team_decided_or_the_minutes_are_made() -> None:
    case = sides()
    reply = _answer(case)
    replies.finish_replies(inspection=case.visit, by=case.principal)
    replies.decide(
        reply=reply,
        decision=Decision.WITHDRAW,
        note="",
        changed_words="",
        by=case.lead,
        version=reply.version,
    )

    with pytest.raises(MoveNotAllowed, match="đã quyết định"):
        _extend(case, _in(9))
    Inspection.objects.update(state=InspectionState.MINUTED)
    with pytest.raises(MoveNotAllowed, match="Chỉ gia hạn khi"):
        _extend(case, _in(9))


# --- every day --------------------------------------------------------------------------------------------


def _texts(case: Sides) -> dict[str, list[str]]:
    names = {case.principal.pk: "principal", case.lead.pk: "lead", case.secretary.pk: "secretary"}
    told: dict[str, list[str]] = {}
    for one in Notice.objects.order_by("pk"):
        told.setdefault(names[one.person_id], []).append(one.text)
    return told


def test_the_school_is_reminded_twice_and_the_team_hears_of_the_freeze_once() -> None:
    case = sides()

    for days in range(10):
        for _ in range(2):  # a restart asks twice
            tell_of_reply_days(_in(days))

    body, last = case.visit.body, f"{_in(5):%d/%m/%Y}"
    until = f"Nhà trường phản hồi đến hết ngày {last}."
    closed = (
        f"{case.visit.school} đã hết hạn phản hồi (ngày {last}). "
        "Đề nghị tổ xem phản hồi, nếu có, rồi lập biên bản."
    )
    assert _texts(case) == {
        "principal": [
            f"Còn 2 ngày để phản hồi nhận xét của {body}. {until}",
            f"Hôm nay là ngày cuối để phản hồi nhận xét của {body}. {until}",
        ],
        "lead": [closed],
        "secretary": [closed],
    }


@pytest.mark.parametrize("values", [{"replied_at": timezone.now()}, {"state": "minuted"}])
def test_nobody_is_reminded_of_what_is_answered_or_over(values: dict[str, object]) -> None:
    sides()
    Inspection.objects.update(**values)

    tell_of_reply_days(_in(5))
    tell_of_reply_days(_in(6))

    assert not Notice.objects.exists()
