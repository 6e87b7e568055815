"""The chain over the record: whatever is done to it past the program is found."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from plans.history import chain as chains
from plans.history.actions import record
from plans.history.chain import FIELDS, LATE, canonical, seal_all, seal_events
from plans.history.models import ChainHead, Event, EventSeal, RecordIsAppendOnlyError, chain_name
from plans.history.verifying import FaultKind, Head, Verification
from plans.schools.models import School
from tests.factories import accounts, schools
from tests.factories.history import backdate, erase, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return schools.school()


def write(school: School, count: int = 1) -> list[Event]:
    """Return `count` new events about a school, not sealed."""
    made = [
        record("school.change", school, by=None, before={"address": f"Số {n}"}, school_id=school.pk)
        for n in range(count)
    ]
    return [event for event in made if event]


def written_and_sealed(school: School, count: int = 5) -> list[Event]:
    events = write(school, count)
    seal_all()
    return events


def faults(chain: str = "", *noted: Head) -> list[tuple[FaultKind, int | None]]:
    """Return what is wrong with the record, as kinds and events."""
    verification = Verification(chain=chain, noted=noted, patience=0)
    return [(fault.kind, fault.event_id) for fault in verification.faults()]


# --- sealing ----------------------------------------------------------------------------------------------


def test_events_are_sealed_in_their_order_each_over_the_one_before(school: School) -> None:
    events = written_and_sealed(school, 3)

    seals = list(EventSeal.objects.order_by("sequence"))
    head = ChainHead.objects.get()
    assert [seal.event_id for seal in seals] == [event.pk for event in events]
    assert [seal.sequence for seal in seals] == [1, 2, 3]
    assert (head.chain, head.sequence, head.hash) == (f"school:{school.pk}", 3, seals[-1].hash)
    assert len({seal.hash for seal in seals}) == 3
    assert faults() == []


def test_sealing_again_changes_nothing(school: School) -> None:
    written_and_sealed(school)

    assert (seal_all(), seal_events(f"school:{school.pk}")) == (0, 0)
    assert faults() == []


def test_a_school_a_body_and_the_rest_have_chains_of_their_own(school: School) -> None:
    body, user = schools.body(), accounts.user()
    record("school.put_under", school, by=user, school_id=school.pk, body_id=body.pk)
    record("layout.set", body, by=user, body_id=body.pk)
    record("account.open", user, by=user)

    assert seal_all() == 3
    chains_used = EventSeal.objects.order_by("event_id").values_list("chain", flat=True)
    assert list(chains_used) == [f"school:{school.pk}", f"body:{body.pk}", "site"]
    assert [Event.objects.in_chain(name).count() for name in chains_used] == [1, 1, 1]


def test_seal_covers_every_column_of_an_event() -> None:
    assert set(FIELDS) == {column.name for column in Event._meta.concrete_fields}


def test_canonical_words_do_not_depend_on_the_order_of_keys_or_the_zone(school: School) -> None:
    event = write(school)[0]
    event.before, event.at = (
        {"b": "ễ", "a": [1, None]},
        datetime(2026, 9, 1, 5, 6, 7, 8, tzinfo=UTC),
    )
    words = canonical(event)
    event.before = {"a": [1, None], "b": "ễ"}
    event.at = event.at.astimezone(tz=None)

    assert canonical(event) == words
    assert '"at":"2026-09-01T05:06:07.000008+00:00"' in words
    assert '"before":{"a":[1,null],"b":"ễ"}' in words


def test_burst_of_typing_is_sealed_as_the_events_it_left(school: School) -> None:
    user = accounts.user()
    for n in range(5):
        record(
            *("school.change", school),
            by=user,
            before={"address": f"{n}", **({"code": "x"} if n == 3 else {})},
            school_id=school.pk,
            in_bursts=True,
        )

    assert seal_all() == 2
    assert faults() == []


def test_leftover_of_a_crash_is_sealed_with_the_next_event(school: School) -> None:
    written_and_sealed(school, 1)
    left = write(school, 2)
    backdate(timedelta(seconds=-1), *left)
    after = write(school)[0]

    chains.seal_event(after.pk, after.chain, after.at)

    assert EventSeal.objects.count() == 4
    assert faults() == []


def test_event_written_while_the_clock_was_set_back_is_sealed(school: School) -> None:
    written_and_sealed(school, 1)
    [event] = write(school)
    backdate(timedelta(hours=7), event)
    event.refresh_from_db()

    chains.seal_event(event.pk, event.chain, event.at)

    assert faults() == []


def test_event_put_into_the_past_is_never_sealed(school: School) -> None:
    events = written_and_sealed(school, 2)
    [forged] = write(school)
    tamper(forged, at=events[0].at - LATE - timedelta(seconds=1))

    assert seal_all() == 0
    written_and_sealed(school, 1)

    assert faults() == [(FaultKind.UNSEALED, forged.pk)]


@pytest.mark.django_db(transaction=True)
def test_commit_seals_what_was_recorded_and_a_rollback_leaves_nothing() -> None:
    school = schools.school()
    with transaction.atomic():
        write(school, 3)
        inside = EventSeal.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(school)
        raise ZeroDivisionError

    assert inside == 0
    assert EventSeal.objects.count() == 3
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_failing_seal_does_not_undo_or_refuse_what_was_written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken chain must not stop a school from writing: the event waits for the next sealing."""
    school = schools.school()
    with monkeypatch.context() as patch:
        patch.setattr(chains, "seal_hash", lambda *args, **kwargs: 1 / 0)
        with transaction.atomic():
            write(school)

    assert (Event.objects.count(), EventSeal.objects.count()) == (1, 0)
    assert [line.levelname for line in caplog.records] == ["ERROR"]
    with transaction.atomic():
        write(school)
    assert EventSeal.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_sealers_at_once_seal_each_event_once() -> None:
    school = schools.school()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    write(school)
        except BaseException as error:  # noqa: BLE001  told to the test's own thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all()

    assert failed == []
    places = EventSeal.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(places) == list(range(1, 21))
    assert faults() == []


# --- append-only in code ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.update(action="x"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["action"]),
    ],
)
def test_code_cannot_change_or_delete_an_event(
    school: School, change: Callable[[Event], Any]
) -> None:
    [event] = written_and_sealed(school, 1)
    event.action = "other"

    with pytest.raises(RecordIsAppendOnlyError):
        change(event)

    assert faults() == []


def test_new_event_with_a_used_number_does_not_write_over_it(school: School) -> None:
    [event] = written_and_sealed(school, 1)
    values = {name: getattr(event, name) for name in FIELDS} | {"action": "other"}

    with pytest.raises(Exception, match="(?i)unique|duplicate"), transaction.atomic():
        Event(**values).save()

    assert faults() == []


# --- tampering --------------------------------------------------------------------------------------------

OTHER: dict[str, Any] = {
    "id": 10**6,
    "at": datetime(2026, 1, 1, tzinfo=UTC),
    "actor_id": 10**6,
    "actor_name": "Người khác",
    "address": "10.0.0.1",
    "action": "school.rename",
    "subject_type": "plan",
    "subject_id": "999",
    "subject_name": "Tên khác",
    "school_id": 10**6,
    "body_id": 10**6,
    "plan_id": 10**6,
    "before": {"address": "Số khác"},
    "after": {"address": "Số khác"},
}


@pytest.mark.parametrize("place", [0, 2, 4])
@pytest.mark.parametrize("name", FIELDS)
def test_change_of_any_column_is_found(school: School, name: str, place: int) -> None:
    event = written_and_sealed(school)[place]

    tamper(event, **{name: OTHER[name]})

    if name == "id":  # the old number is gone and the new one has no seal
        assert faults() == [(FaultKind.MISSING, event.pk), (FaultKind.UNSEALED, 10**6)]
    else:
        assert faults() == [(FaultKind.ALTERED, event.pk)]


def test_smallest_change_of_typed_words_is_found(school: School) -> None:
    event = written_and_sealed(school)[1]

    tamper(event, before={"address": "Số 1 "})

    assert faults() == [(FaultKind.ALTERED, event.pk)]


@pytest.mark.parametrize("place", [0, 2, 4])
def test_deleted_event_is_found(school: School, place: int) -> None:
    event = written_and_sealed(school)[place]

    erase(event)

    assert faults() == [(FaultKind.MISSING, event.pk)]


@pytest.mark.parametrize(
    ("place", "kind"), [(0, FaultKind.GAP), (2, FaultKind.GAP), (4, FaultKind.CUT)]
)
def test_event_deleted_with_its_seal_is_found(school: School, place: int, kind: FaultKind) -> None:
    events = written_and_sealed(school)

    erase(events[place])
    EventSeal.objects.filter(event_id=events[place].pk).delete()

    assert [found for found, _ in faults()] == [kind]


def test_seals_moved_together_over_a_deleted_one_are_found(school: School) -> None:
    events = written_and_sealed(school)
    erase(events[2])
    EventSeal.objects.filter(sequence=3).delete()
    for place in (4, 5):
        EventSeal.objects.filter(sequence=place).update(sequence=place - 1)
    ChainHead.objects.update(sequence=4)

    assert (FaultKind.ALTERED, events[3].pk) in faults()


def test_swapped_seals_are_found(school: School) -> None:
    events = written_and_sealed(school)
    second, third = EventSeal.objects.filter(sequence__in=[2, 3]).order_by("sequence")
    EventSeal.objects.filter(pk=second.pk).update(event_id=10**6)
    EventSeal.objects.filter(pk=third.pk).update(event_id=second.event_id)
    EventSeal.objects.filter(pk=second.pk).update(event_id=third.event_id)

    assert faults() == [(FaultKind.ALTERED, events[2].pk), (FaultKind.ALTERED, events[1].pk)]


def test_events_put_in_another_order_are_found(school: School) -> None:
    events = written_and_sealed(school)
    tamper(events[1], id=10**6)
    tamper(events[2], id=events[1].pk)
    Event._base_manager.filter(pk=10**6).update(id=events[2].pk)

    assert faults() == [(FaultKind.ALTERED, events[1].pk), (FaultKind.ALTERED, events[2].pk)]


def test_times_swapped_between_two_events_are_found(school: School) -> None:
    events = written_and_sealed(school)
    tamper(events[1], at=events[2].at)
    tamper(events[2], at=events[1].at)

    assert faults() == [(FaultKind.ALTERED, events[1].pk), (FaultKind.ALTERED, events[2].pk)]


def _hashed_anew(event: Event, chain: str, place: int) -> None:
    event.refresh_from_db()
    before = EventSeal.objects.filter(sequence=place - 1).first()
    made = chains.seal_hash(
        event, chain=chain, sequence=place, previous=before.hash if before else ""
    )
    EventSeal.objects.filter(sequence=place).update(hash=made)


@pytest.mark.parametrize("place", [0, 2, 4])
def test_event_hashed_anew_alone_is_found_at_the_next(school: School, place: int) -> None:
    events = written_and_sealed(school)
    tamper(events[place], actor_name="Người khác")
    _hashed_anew(events[place], f"school:{school.pk}", place + 1)

    found = (FaultKind.CUT, events[4].pk)
    if place < 4:
        found = (FaultKind.ALTERED, events[place + 1].pk)
    assert faults() == [found]


def test_chain_hashed_anew_from_there_on_no_longer_meets_its_head(school: School) -> None:
    events = written_and_sealed(school)
    tamper(events[2], actor_name="Người khác")
    for place in (3, 4, 5):
        _hashed_anew(events[place - 1], f"school:{school.pk}", place)

    assert faults() == [(FaultKind.CUT, events[4].pk)]


def test_chain_made_wholly_anew_no_longer_meets_the_head_noted_elsewhere(school: School) -> None:
    events = written_and_sealed(school)
    chain = f"school:{school.pk}"
    noted = Head(chain, 5, ChainHead.objects.get().hash)
    whole = faults("", noted)
    tamper(events[2], actor_name="Người khác")
    for place in (3, 4, 5):
        _hashed_anew(events[place - 1], chain, place)
    ChainHead.objects.update(hash=EventSeal.objects.get(sequence=5).hash)

    assert (whole, faults()) == ([], [])
    assert faults("", noted) == [(FaultKind.OTHER_HEAD, None)]


def test_inserted_event_is_found(school: School) -> None:
    events = written_and_sealed(school)
    values = {name: getattr(events[2], name) for name in FIELDS} | {"id": 10**6}
    Event._base_manager.bulk_create([Event(**values)])

    assert faults() == [(FaultKind.UNSEALED, 10**6)]


def test_inserted_event_with_a_seal_of_its_own_is_found(school: School) -> None:
    written_and_sealed(school)
    [forged] = write(school)
    EventSeal.objects.create(
        chain=f"school:{school.pk}", sequence=6, event_id=forged.pk, hash="0" * 64
    )

    assert faults() == [(FaultKind.BEYOND, forged.pk)]


def test_changed_seal_and_changed_head_are_found(school: School) -> None:
    events = written_and_sealed(school)
    EventSeal.objects.filter(sequence=3).update(hash="0" * 64)

    assert faults() == [(FaultKind.ALTERED, events[2].pk), (FaultKind.ALTERED, events[3].pk)]

    EventSeal.objects.all().delete()
    ChainHead.objects.all().delete()
    seal_all()
    ChainHead.objects.update(hash="0" * 64)
    assert faults() == [(FaultKind.CUT, events[4].pk)]


def test_removed_head_and_removed_seals_are_found(school: School) -> None:
    events = written_and_sealed(school, 2)
    ChainHead.objects.all().delete()
    without_head = faults()
    EventSeal.objects.all().delete()

    assert without_head == [(FaultKind.BEYOND, event.pk) for event in events]
    assert faults() == [(FaultKind.UNSEALED, event.pk) for event in events]


def test_fault_of_one_school_is_none_of_another(school: School) -> None:
    other = schools.school()
    [event] = written_and_sealed(school, 1)
    written_and_sealed(other, 1)
    tamper(event, action="x")

    assert faults(chain_name(school_id=other.pk, body_id=None)) == []
    assert faults(f"school:{school.pk}") == [(FaultKind.ALTERED, event.pk)]


def test_long_chain_is_read_in_pieces(
    school: School, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """Twice the pieces, twice the queries, and never more rows in memory than one piece holds."""
    monkeypatch.setattr(chains, "_BATCH", 10)
    events = written_and_sealed(school, 45)
    tamper(events[37], action="x")

    held = []
    in_bulk = type(Event.objects.all()).in_bulk
    monkeypatch.setattr(
        type(Event.objects.all()),
        "in_bulk",
        lambda self, ids: held.append(len(ids)) or in_bulk(self, ids),
    )

    assert faults() == [(FaultKind.ALTERED, events[37].pk)]
    assert held == [10, 10, 10, 10, 5]


# --- the command ------------------------------------------------------------------------------------------


def _run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_history", *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_command_says_that_the_record_is_whole_and_prints_its_heads(school: School) -> None:
    written_and_sealed(school, 2)
    head = ChainHead.objects.get()
    line = f"school:{school.pk}=2={head.hash}"

    code, words = _run()

    assert code == 0
    assert words == f"Đầu chuỗi {line}\nNhật ký nguyên vẹn: 2 sự kiện trong 1 chuỗi.\n"
    assert _run("--head", line)[0] == 0


def test_command_names_each_fault_and_fails(school: School) -> None:
    events = written_and_sealed(school, 3)
    tamper(events[0], action="x")
    erase(events[1])

    code, words = _run("--school", str(school.pk))

    assert code == 1
    assert words.splitlines()[:2] == [
        f"Chuỗi school:{school.pk}, thứ tự 1, sự kiện {events[0].pk}: sự kiện hoặc dấu niêm này đã bị sửa, "
        "hoặc mục ngay trước nó đã bị thay.",
        f"Chuỗi school:{school.pk}, thứ tự 2, sự kiện {events[1].pk}: sự kiện đã bị xóa; dấu niêm còn lại.",
    ]
    assert words.splitlines()[-1] == "Nhật ký có 2 lỗi."


def test_command_answers_in_json(school: School) -> None:
    events = written_and_sealed(school, 2)
    tamper(events[1], action="x")

    code, words = _run("--json")

    told = json.loads(words)
    assert (code, told["valid"], told["events"]) == (1, False, 2)
    assert [(fault["kind"], fault["event"]) for fault in told["faults"]] == [
        ("altered", events[1].pk)
    ]
    assert told["heads"] == [
        {"chain": f"school:{school.pk}", "sequence": 2, "hash": ChainHead.objects.get().hash}
    ]


def test_command_refuses_a_head_that_is_none() -> None:
    with pytest.raises(Exception, match="CHUỖI=THỨ_TỰ=MÃ_BĂM"):
        _run("--head", "school:1")
