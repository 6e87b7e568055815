"""What devices send: applied once, counted, compared, refused in words, and nothing of it lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.accounts.models import User
from plans.checklists.models import Question
from plans.history.models import Event
from plans.inspections.enums import Outcome
from plans.inspections.models import Entry, Finding, Inspection, Recommendation
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.recording.entries import Applied, SentEntry, apply_entries, settle
from plans.recording.reading import open_conflicts, read_record, values_of
from tests.factories import accounts, checklists, inspections, planning

pytestmark = pytest.mark.django_db

SEEN = "finding:chung"


@pytest.fixture
def lead() -> User:
    return accounts.user(full_name="Trần Thị Tổ Trưởng")


@pytest.fixture
def other() -> User:
    return accounts.user(full_name="Nguyễn Văn Thành Viên")


@pytest.fixture
def visit(lead: User, other: User) -> Inspection:
    made = inspections.inspection(lead=lead)
    inspections.member(made, other)
    return made


def entry(
    value: str = "Bếp sạch.", target: str = SEEN, field: str = "seen", **more: Any
) -> SentEntry:
    return SentEntry(
        more.pop("id", None) or uuid4(), target, field, value, more.pop("base", 0), **more
    )


def send(visit: Inspection, by: User, *sent: SentEntry, device: str = "may-1") -> list[Applied]:
    return apply_entries(inspection=visit, sent=sent, by=by, device=device)


def outcomes(applied: list[Applied]) -> list[tuple[str, int | None]]:
    return [(str(one.outcome), one.revision) for one in applied]


def general(visit: Inspection) -> Finding:
    return visit.findings.get(key="chung")


def waiting(visit: Inspection) -> list[tuple[str, str, str]]:
    values = values_of(read_record(Inspection.objects.get(pk=visit.pk)))
    return [(one.entry.value, one.theirs, one.by) for one in open_conflicts(visit, values)]


# --- one device -------------------------------------------------------------------------------------------


def test_entry_is_written_counted_and_kept(visit: Inspection, lead: User) -> None:
    moment = datetime(2025, 10, 6, 2, 30, tzinfo=UTC)

    (applied,) = send(visit, lead, entry(at=moment))

    assert (applied.outcome, applied.revision, applied.words) == (Outcome.SAVED, 1, "")
    row = general(visit)
    assert (row.seen, row.revisions) == ("Bếp sạch.", {"seen": 1})
    kept = Entry.objects.get()
    assert (kept.person, kept.seat, kept.device) == (lead, visit.seat_of(lead), "may-1")
    assert (kept.device_at, kept.base, kept.revision) == (moment, 0, 1)


def test_same_packet_twice_is_answered_alike_and_applied_once(
    visit: Inspection, lead: User
) -> None:
    packet = [entry("Một"), entry("Hai", base=1), entry("x", target="finding:khong-co")]

    first = send(visit, lead, *packet)
    again = send(visit, lead, *packet)

    assert first == again
    assert (general(visit).seen, general(visit).revisions) == ("Hai", {"seen": 2})
    assert Entry.objects.count() == 3


def test_id_that_comes_twice_in_a_packet_is_one_entry(visit: Inspection, lead: User) -> None:
    one = entry()

    applied = send(visit, lead, one, one)

    assert outcomes(applied) == [("saved", 1), ("saved", 1)]
    assert Entry.objects.count() == 1


def test_device_whose_answer_was_lost_writes_on_over_its_own_words(
    visit: Inspection, lead: User
) -> None:
    send(visit, lead, entry("Bếp"))

    applied = send(visit, lead, entry("Bếp sạch"), entry("Bếp sạch sẽ"))

    assert outcomes(applied) == [("saved", 2), ("saved", 3)]


def test_device_of_another_person_has_not_seen_those_words(
    visit: Inspection, lead: User, other: User
) -> None:
    send(visit, lead, entry("Bếp"), entry("Bếp sạch", base=1), device="may-1")

    applied = send(visit, other, entry("Bếp bẩn", base=1), device="may-1")

    assert outcomes(applied) == [("conflict", None)]
    assert general(visit).seen == "Bếp sạch"


def test_ordinary_form_of_two_windows_is_no_such_device(visit: Inspection, lead: User) -> None:
    send(visit, lead, entry("Bếp"), device="")

    assert outcomes(send(visit, lead, entry("Sân"), device="")) == [("conflict", None)]


def test_value_that_stands_there_is_no_change(visit: Inspection, lead: User, other: User) -> None:
    send(visit, lead, entry("Bếp sạch."))

    assert outcomes(send(visit, other, entry("Bếp sạch."), device="may-2")) == [("same", 1)]
    assert outcomes(send(visit, other, entry("Bếp rất sạch."), device="may-2")) == [("saved", 2)]


# --- two devices, one record ------------------------------------------------------------------------------


def test_two_devices_on_one_field_keep_both_words(
    visit: Inspection, lead: User, other: User
) -> None:
    send(visit, lead, entry("Bếp sạch."))

    (applied,) = send(visit, other, entry("Bếp chưa sạch."), device="may-2")

    assert (applied.outcome, applied.revision) == (Outcome.CONFLICT, None)
    assert applied.words == (
        "Người khác đã ghi điều khác vào ô này. Cả hai được giữ lại để tổ chọn."
    )
    assert general(visit).seen == "Bếp sạch."
    assert waiting(visit) == [("Bếp chưa sạch.", "Bếp sạch.", "Trần Thị Tổ Trưởng")]


def test_two_devices_on_two_fields_of_one_finding_do_not_meet(
    visit: Inspection, lead: User, other: User
) -> None:
    send(visit, lead, entry("Bếp sạch."))

    applied = send(visit, other, entry("Sổ kho", field="evidence"), device="may-2")

    assert outcomes(applied) == [("saved", 1)]
    assert (general(visit).seen, general(visit).evidence) == ("Bếp sạch.", "Sổ kho")


def test_device_that_goes_on_typing_into_a_conflict_leaves_one_open(
    visit: Inspection, lead: User, other: User
) -> None:
    send(visit, lead, entry("Bếp sạch."))
    send(visit, other, entry("Bếp"), device="may-2")

    send(visit, other, entry("Bếp bẩn"), device="may-2")

    assert waiting(visit) == [("Bếp bẩn", "Bếp sạch.", "Trần Thị Tổ Trưởng")]
    assert [one.value for one in visit.entries.all()] == ["Bếp sạch.", "Bếp", "Bếp bẩn"]


def test_conflict_is_settled_by_whoever_chooses(visit: Inspection, lead: User, other: User) -> None:
    send(visit, lead, entry("Bếp sạch."))
    lost = entry("Bếp bẩn")
    send(visit, other, lost, device="may-2")

    applied = settle(
        entry=visit.entries.get(client_id=lost.id), value="Bếp khá sạch.", base=1, by=lead
    )

    assert (applied.outcome, applied.revision) == (Outcome.SAVED, 2)
    assert (general(visit).seen, waiting(visit)) == ("Bếp khá sạch.", [])
    closed = visit.entries.get(client_id=lost.id)
    assert (closed.settled_by, closed.outcome, closed.value) == (lead, Outcome.CONFLICT, "Bếp bẩn")


def test_conflict_is_settled_from_a_device_over_what_it_saw(
    visit: Inspection, lead: User, other: User
) -> None:
    send(visit, lead, entry("Bếp sạch."))
    lost = entry("Bếp bẩn")
    send(visit, other, lost, device="may-2")

    chosen = entry("Bếp bẩn", base=1, settles=lost.id)
    assert outcomes(send(visit, other, chosen, device="may-2")) == [("saved", 2)]

    assert (general(visit).seen, waiting(visit)) == ("Bếp bẩn", [])


def test_keeping_what_stands_settles_too(visit: Inspection, lead: User, other: User) -> None:
    send(visit, lead, entry("Bếp sạch."))
    lost = entry("Bếp bẩn")
    send(visit, other, lost, device="may-2")

    chosen = entry("Bếp sạch.", base=1, settles=lost.id)
    assert outcomes(send(visit, other, chosen, device="may-2")) == [("same", 1)]

    assert waiting(visit) == []


def test_choice_over_words_that_changed_meanwhile_settles_nothing(
    visit: Inspection, lead: User, other: User
) -> None:
    send(visit, lead, entry("Bếp sạch."))
    lost = entry("Bếp bẩn")
    send(visit, other, lost, device="may-2")
    send(visit, lead, entry("Bếp rất sạch.", base=1))

    chosen = entry("Bếp bẩn", base=1, settles=lost.id)
    assert outcomes(send(visit, other, chosen, device="may-3")) == [("conflict", None)]

    assert [words for words, _, _ in waiting(visit)] == ["Bếp bẩn", "Bếp bẩn"]
    assert general(visit).seen == "Bếp rất sạch."


def test_conflict_of_another_field_is_not_settled_by_its_id(
    visit: Inspection, lead: User, other: User
) -> None:
    send(visit, lead, entry("Bếp sạch."))
    lost = entry("Bếp bẩn")
    send(visit, other, lost, device="may-2")

    send(visit, lead, entry("Sổ kho", field="evidence", settles=lost.id))

    assert len(waiting(visit)) == 1


def test_settled_conflict_is_not_settled_again(visit: Inspection, lead: User, other: User) -> None:
    send(visit, lead, entry("Bếp sạch."))
    lost = entry("Bếp bẩn")
    send(visit, other, lost, device="may-2")
    row = visit.entries.get(client_id=lost.id)
    settle(entry=row, value="Bếp bẩn", base=1, by=lead)

    with pytest.raises(MoveNotAllowed, match="đã được giải quyết"):
        settle(entry=row, value="Bếp sạch.", base=2, by=other)


def test_very_many_conflicts_are_read_each_with_who_wrote_what_stands(
    visit: Inspection, lead: User, other: User
) -> None:
    said = ((lead, Outcome.SAVED, 1), (lead, Outcome.SAVED, 2), (other, Outcome.CONFLICT, None))
    Entry.objects.bulk_create(
        Entry(
            inspection=visit,
            client_id=uuid4(),
            person=person,
            target=f"finding:viec-{place // 4}",
            field=("seen", "evidence", "strengths", "limits")[place % 4],
            base=0,
            revision=revision,
            outcome=outcome,
        )
        for place in range(1200)
        for person, outcome, revision in said
    )
    stand = dict.fromkeys(("seen", "evidence", "strengths", "limits"), ("Lời đang có", 1))

    with CaptureQueriesContext(connection) as told:
        found = open_conflicts(visit, {f"finding:viec-{one}": stand for one in range(300)})

    assert len(told) == 2
    first = visit.entries.filter(revision=1).values_list("received_at", flat=True)
    assert [(one.theirs, one.by, one.revision) for one in found] == [
        ("Lời đang có", "Trần Thị Tổ Trưởng", 1)
    ] * 1200
    assert [one.at for one in found] == list(first.order_by("pk"))


def test_order_is_that_of_arrival_whatever_the_clocks_say(
    visit: Inspection, lead: User, other: User
) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    send(visit, lead, entry("Bếp sạch.", at=tomorrow))

    applied = send(visit, other, entry("Bếp gọn.", base=1, at=timezone.now()), device="may-2")

    assert outcomes(applied) == [("saved", 2)]
    assert general(visit).seen == "Bếp gọn."


# --- kinds of targets -------------------------------------------------------------------------------------


def test_visit_member_and_new_attendee_are_written(visit: Inspection, lead: User) -> None:
    seat = visit.seat_of(lead)
    assert seat is not None
    person = f"attendee:{uuid4()}"

    applied = send(
        visit,
        lead,
        entry("10 giờ 30 phút", target="visit", field="ended"),
        entry("no", target=f"member:{seat.pk}", field="present"),
        entry("Lê Thị Mẫu", target=person, field="full_name"),
        entry("Chủ tịch công đoàn", target=person, field="position"),
    )

    assert outcomes(applied) == [("saved", 1)] * 4
    visit.refresh_from_db()
    seat.refresh_from_db()
    assert (visit.ended, seat.present) == ("10 giờ 30 phút", "no")
    there = visit.attendees.get()
    assert (there.full_name, there.position) == ("Lê Thị Mẫu", "Chủ tịch công đoàn")


def test_recommendation_is_begun_under_its_finding_and_its_date_read(
    visit: Inspection, lead: User
) -> None:
    advice = f"recommendation:{uuid4()}"

    applied = send(
        visit,
        lead,
        entry("chung", target=advice, field="finding"),
        entry("Thay 2 kệ gỗ.", target=advice, field="body"),
        entry("30/4/2026", target=advice, field="due"),
    )

    assert outcomes(applied) == [("saved", 1)] * 3
    row = Recommendation.objects.get()
    assert (row.finding.key, row.body, row.due_on) == ("chung", "Thay 2 kệ gỗ.", date(2026, 4, 30))
    assert (row.created_by, row.revisions) == (lead, {"finding": 1, "body": 1, "due": 1})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("tháng 4/2026", date(2026, 4, 30)),
        ("trước 30/4/2026", date(2026, 4, 29)),
        ("05/04/2026", date(2026, 4, 5)),
        ("sớm nhất có thể", None),
        ("hằng tháng", None),
        ("", None),
    ],
)
def test_date_is_read_as_the_plans_times_are(
    visit: Inspection, lead: User, typed: str, read: date | None
) -> None:
    row = inspections.recommendation(general(visit), due="1/1/2026", due_on=date(2026, 1, 1))

    send(visit, lead, entry(typed, target=f"recommendation:{row.client_id}", field="due"))

    row.refresh_from_db()
    assert (row.due, row.due_on) == (typed, read)


def test_recommendation_does_not_move_and_needs_its_finding(visit: Inspection, lead: User) -> None:
    row = inspections.recommendation(general(visit))

    applied = send(
        visit,
        lead,
        entry("muc-purpose", target=f"recommendation:{row.client_id}", field="finding"),
        entry("Thay kệ", target=f"recommendation:{uuid4()}", field="body"),
        entry("khong-co", target=f"recommendation:{uuid4()}", field="finding"),
    )

    assert [one.words for one in applied] == [
        "Kiến nghị không chuyển sang nhận xét khác được. Hãy bỏ rồi ghi lại ở chỗ mới.",
        "Chưa rõ kiến nghị này thuộc nhận xét nào.",
        "Biên bản này không có chỗ ghi đó.",
    ]
    assert Recommendation.objects.count() == 1


def test_id_reads_alike_in_capitals(visit: Inspection, lead: User) -> None:
    row = inspections.recommendation(general(visit))

    send(
        visit,
        lead,
        entry("1", target=f"recommendation:{str(row.client_id).upper()}", field="removed"),
    )

    row.refresh_from_db()
    assert row.removed == "1"
    assert Entry.objects.get().target == f"recommendation:{row.client_id}"


@pytest.mark.parametrize(
    ("kind", "choices", "good", "bad"),
    [
        ("yes_no", [], ["yes", "no", ""], ["co", "Có"]),
        ("choice", ["Tốt", "Khá"], ["Tốt", ""], ["Kém"]),
        ("several", ["Tốt", "Khá"], ["Tốt\nKhá", "Khá", ""], ["Tốt\nKém"]),
        ("number", [], ["12", "3,5", "1.250", "80 %", "-2"], ["nhiều", "3,"]),
        ("text", [], ["Bếp một chiều"], ["x" * 20_001]),
    ],
)
def test_answer_is_taken_as_its_question_asks(
    visit: Inspection, lead: User, kind: str, choices: list[str], good: list[str], bad: list[str]
) -> None:
    checklist = checklists.checklist()
    visit.checklists.add(checklist)
    asked = checklists.question(checklist, kind=kind, choices=choices)
    target = f"question:{asked.pk}"

    taken = [send(visit, lead, entry(v, target=target, field="value"))[0].outcome for v in good]
    refused = [send(visit, lead, entry(v, target=target, field="value"))[0].outcome for v in bad]

    assert set(taken) <= {Outcome.SAVED, Outcome.SAME}
    assert set(refused) == {Outcome.REFUSED}


def test_question_of_a_checklist_that_is_not_pinned_is_refused(
    visit: Inspection, lead: User
) -> None:
    stranger: Question = checklists.checklist().questions.get()

    (applied,) = send(visit, lead, entry("yes", target=f"question:{stranger.pk}", field="value"))

    assert applied.outcome == Outcome.REFUSED
    assert visit.answers.count() == 0


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "field", "value", "words"),
    [
        ("finding:khong-co", "seen", "x", "Biên bản này không có chỗ ghi đó."),
        ("finding:chung", "title", "x", "Biên bản không có ô này."),
        ("finding:chung", "revisions", "x", "Biên bản không có ô này."),
        ("finding:chung", "verdict", "rất tốt", "Điều này không có trong các lựa chọn của ô."),
        ("visit", "state", "done", "Biên bản không có ô này."),
        ("visit:1", "place", "x", "Biên bản này không có chỗ ghi đó."),
        ("member:1x", "present", "no", "Biên bản này không có chỗ ghi đó."),
        ("attendee:abc", "full_name", "x", "Biên bản này không có chỗ ghi đó."),
        (
            "photo:4385a942-7ad0-4cc7-8bf7-2946f02f07f2",
            "caption",
            "x",
            "Biên bản này không có chỗ ghi đó.",
        ),
        ("plan:1", "state", "x", "Biên bản không có ô này."),
        ("", "", "", "Biên bản không có ô này."),
        (
            "visit",
            "ended",
            "x" * 41,
            "Ô “kết thúc lúc” nhận nhiều nhất 40 ký tự, điều đã ghi dài 41 ký tự.",
        ),
    ],
)
def test_refused_entry_says_why_and_is_kept(
    visit: Inspection, lead: User, target: str, field: str, value: str, words: str
) -> None:
    before = values_of(read_record(visit))

    (applied,) = send(visit, lead, entry(value, target=target, field=field))

    assert (applied.outcome, applied.revision, applied.words) == (Outcome.REFUSED, None, words)
    assert Entry.objects.get().value == value
    assert values_of(read_record(Inspection.objects.get(pk=visit.pk))) == before


@pytest.mark.parametrize(
    "target", ["finding:\x00chung", "finding:\ud800", "visit\x00", "attendee:\x00", "x" * 5000]
)
def test_name_that_no_database_takes_is_a_name_that_is_not_there(
    visit: Inspection, lead: User, target: str
) -> None:
    (applied,) = send(
        visit, lead, entry("x", target=target, field="s\x00een"), device="m\x00\ud800"
    )

    assert applied.outcome in {Outcome.REFUSED, Outcome.SAVED}
    assert Entry.objects.get().device == "m"


def test_rows_of_another_visit_are_not_reached(visit: Inspection, lead: User) -> None:
    strange = inspections.inspection()
    finding = strange.findings.get(key="chung")
    advice = inspections.recommendation(finding)
    checklist = checklists.checklist()
    strange.checklists.add(checklist)
    before = values_of(read_record(strange))

    applied = send(
        visit,
        lead,
        entry("x", target=f"recommendation:{advice.client_id}", field="body"),
        entry("chung", target=f"recommendation:{advice.client_id}", field="finding"),
        entry("no", target=f"member:{strange.members.get().pk}", field="present"),
        entry("yes", target=f"question:{checklist.questions.get().pk}", field="value"),
    )

    assert {one.outcome for one in applied} == {Outcome.REFUSED}
    assert {one.words for one in applied} == {"Biên bản này không có chỗ ghi đó."}
    assert values_of(read_record(Inspection.objects.get(pk=strange.pk))) == before


def test_nul_and_halves_of_characters_are_left_out(visit: Inspection, lead: User) -> None:
    send(visit, lead, entry("Bê\u0301p\x00 sa\ud800ch\r\ngọn"))

    assert general(visit).seen == "Bếp sach\ngọn"


@pytest.mark.parametrize(
    ("state", "how_far"),
    [
        (InspectionState.CONCLUDED, "Tổ kiểm tra đã kết thúc tại trường, biên bản chưa lập"),
        (InspectionState.MINUTED, "Biên bản đã lập, đang chờ ký"),
        (InspectionState.DONE, "Biên bản đã hoàn tất, buổi kiểm tra đã kết thúc"),
    ],
)
def test_record_that_is_not_open_takes_nothing_and_keeps_the_words(
    lead: User, state: InspectionState, how_far: str
) -> None:
    visit = inspections.inspection(state=state, lead=lead)

    (applied,) = send(visit, lead, entry("Đến muộn"))

    assert applied.outcome == Outcome.REFUSED
    assert applied.words == (
        f"{how_far}, nên không ghi thêm được. Điều này được giữ trong nhật ký ghi tại chỗ."
    )
    assert (general(visit).seen, Entry.objects.get().value) == ("", "Đến muộn")


def test_member_taken_off_in_mid_visit_is_told_and_writes_nothing(
    visit: Inspection, other: User
) -> None:
    send(visit, other, entry("Trước khi rút"))
    seat = visit.seat_of(other)
    assert seat is not None
    seat.removed_at = timezone.now()
    seat.save()

    with pytest.raises(MoveNotAllowed, match="không còn trong tổ kiểm tra này"):
        send(visit, other, entry("Sau khi rút", base=1))
    assert general(visit).seen == "Trước khi rút"


def test_person_outside_the_team_writes_nothing(visit: Inspection) -> None:
    with pytest.raises(MoveNotAllowed):
        send(visit, accounts.user(), entry())
    assert Entry.objects.count() == 0


# --- the record of the house ------------------------------------------------------------------------------


def test_packet_is_one_event_that_ties_the_log_to_the_chain(visit: Inspection, lead: User) -> None:
    send(visit, lead, entry(), entry("x", field="evidence"), entry("x", target="finding:khong-co"))

    event = Event.objects.get(action="inspection.write")
    digest = event.after.pop("sha256")
    assert (event.actor_id, event.school_id) == (lead.pk, visit.school_id)
    assert (event.after, len(digest)) == ({"saved": 2, "refused": 1}, 64)


def test_packet_that_came_again_is_no_event(visit: Inspection, lead: User) -> None:
    one = entry()
    send(visit, lead, one)
    send(visit, lead, one)

    assert Event.objects.filter(action="inspection.write").count() == 1


# --- cost -------------------------------------------------------------------------------------------------


def _queries(visit: Inspection, by: User, sent: list[SentEntry]) -> int:
    with CaptureQueriesContext(connection) as told:
        send(visit, by, *sent)
    return len(told)


def test_packet_of_a_hundred_costs_no_more_queries_than_one_of_ten(lead: User) -> None:
    plan = planning.plan()
    for _ in range(100):
        planning.action(plan)
    visit = inspections.inspection(plan, lead=lead)
    keys = [one.key for one in visit.findings.all() if one.key.startswith("viec-")]
    packets: dict[int, list[SentEntry]] = {
        count: [entry(f"Đã xem {count}", target=f"finding:{key}") for key in keys[:count]]
        + [entry("chung", target=f"recommendation:{uuid4()}", field="finding")]
        for count in (10, 100)
    }

    few = _queries(visit, lead, packets[10])
    many = _queries(visit, lead, packets[100])

    # SQLite takes the rows of one statement in two when there are a hundred of them.
    assert many <= few + 2
    assert few <= 16


# --- two packets at once ----------------------------------------------------------------------------------


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Inspection]:
    made = inspections.inspection(lead=accounts.user("to-truong"))
    yield made


@pytest.mark.django_db(transaction=True)
def test_same_packet_from_many_sides_at_once_is_applied_once(committed: Inspection) -> None:
    by = User.objects.get(username="to-truong")
    packet = [entry("Một"), entry("Hai", base=1), entry("Ba", field="evidence")]
    answers: list[list[Applied]] = []

    def work() -> None:
        try:
            answers.append(send(committed, by, *packet))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [outcomes(one) for one in answers] == [[("saved", 1), ("saved", 2), ("saved", 1)]] * 6
    assert Entry.objects.count() == 3
    assert general(committed).revisions == {"seen": 2, "evidence": 1}


@pytest.mark.django_db(transaction=True)
def test_different_words_from_many_devices_at_once_are_one_saved_and_the_others_waiting(
    committed: Inspection,
) -> None:
    by = User.objects.get(username="to-truong")
    answers: list[str] = []

    def work(number: int) -> None:
        try:
            (one,) = send(committed, by, entry(f"Lời {number}"), device=f"may-{number}")
            answers.append(str(one.outcome))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=work, args=[number]) for number in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(answers) == ["conflict"] * 4 + ["saved"]
    words = {one.value for one in committed.entries.all()}
    assert words == {f"Lời {number}" for number in range(5)}
    assert len(waiting(committed)) == 4
