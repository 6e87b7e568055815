"""The right of reply: what the school may write and until when, and what the team decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.accounts.roles import Role
from plans.history.models import Event
from plans.inspections.enums import Decision
from plans.inspections.models import Inspection, Reply, ReplyFile
from plans.inspections.rules import is_to_be_answered
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.notices.enums import NoticeKind
from plans.notices.models import Notice
from plans.planning.saving import Conflict
from plans.replying import replies
from tests.factories import accounts
from tests.factories.replies import Sides, sides

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 bien lai %%EOF\n"


def _answer(case: Sides, body: str = "Đã thay ngày 20/4.", version: int = 0) -> Reply | None:
    return replies.answer_finding(
        finding=case.finding, body=body, by=case.principal, version=version
    )


def _sent(case: Sides) -> Reply:
    _answer(case)
    replies.finish_replies(inspection=case.visit, by=case.principal)
    return Reply.objects.get()


def _events() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


def _told(kind: NoticeKind = NoticeKind.REPLY) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("person", flat=True))


# --- the school answers -----------------------------------------------------------------------------------


def test_an_answer_is_kept_to_the_letter_changed_and_taken_back() -> None:
    case = sides()

    first = _answer(case, "  Đã thay\nngày 20/4. ")
    assert first is not None
    assert (first.body, first.answered_by) == ("  Đã thay\nngày 20/4. ", case.principal)
    changed = _answer(case, "Đã thay ngày 21/4.", first.version)
    assert changed is not None
    assert (changed.body, changed.version) == ("Đã thay ngày 21/4.", first.version + 1)
    assert _answer(case, " ", changed.version) is None

    assert not Reply.objects.exists()
    assert _events() == ["reply.write", "reply.change", "reply.take_back"]
    told = Event.objects.order_by("pk")
    assert told[0].after == {"finding": "Tiêu chí 1.5", "body": "  Đã thay\nngày 20/4. "}
    assert told[2].before == {"finding": "Tiêu chí 1.5", "body": "Đã thay ngày 21/4."}
    # A draft is the school's own: nothing of it stands in the office's record.
    assert {(one.school_id, one.body_id) for one in told} == {(case.visit.school_id, None)}


def test_nothing_typed_makes_no_answer() -> None:
    case = sides()

    assert _answer(case, " \n") is None
    assert (Reply.objects.count(), _events()) == (0, [])


def test_an_answer_over_an_older_one_is_refused_with_both_words() -> None:
    case = sides()
    _answer(case, "Chữ của hiệu trưởng")

    with pytest.raises(Conflict) as conflict:
        _answer(case, "Chữ của thư ký", 0)

    assert conflict.value.mine == {"body": "Chữ của thư ký"}
    assert conflict.value.theirs == {"body": "Chữ của hiệu trưởng"}
    assert conflict.value.who == case.principal.address
    assert Reply.objects.get().body == "Chữ của hiệu trưởng"
    assert _answer(case, "Chữ của hiệu trưởng", 0) is not None  # the same words are no conflict


def test_only_a_remark_is_answered() -> None:
    case = sides()
    silent = case.visit.findings.latest("position")

    with pytest.raises(ValidationError, match="không ghi nhận xét"):
        replies.answer_finding(finding=silent, body="x", by=case.principal, version=0)
    with pytest.raises(ValidationError, match="không ghi nhận xét"):
        replies.add_file(finding=silent, content=PDF, name="a.pdf", by=case.principal)

    assert not Reply.objects.exists()


def test_an_answer_has_its_limit() -> None:
    case = sides()

    with pytest.raises(ValidationError):
        _answer(case, "a" * 20_001)

    assert not Reply.objects.exists()


def test_files_begin_an_answer_and_a_pdf_stays_as_it_came() -> None:
    case = sides()

    row = replies.add_file(
        finding=case.finding, content=PDF, name="Biên lai.pdf", by=case.principal
    )

    assert (row.name, bytes(row.file.content), row.reply.body) == ("Biên lai.pdf", PDF, "")
    assert _events() == ["reply.write", "reply.add_file"]
    with pytest.raises(ValidationError, match=r"“lai\.pdf” đã có trong phản hồi này"):
        replies.add_file(finding=case.finding, content=PDF, name="lai.pdf", by=case.principal)
    with pytest.raises(ValidationError, match="không phải là tệp PDF, ảnh"):
        replies.add_file(finding=case.finding, content=b"MZ", name="a.exe", by=case.principal)

    replies.remove_file(file=row, by=case.principal)
    assert (Reply.objects.count(), ReplyFile.objects.count()) == (0, 0)
    assert _events()[2:] == ["reply.remove_file", "reply.take_back"]


def test_a_refused_first_file_leaves_no_answer_behind() -> None:
    case = sides()

    with pytest.raises(ValidationError):
        replies.add_file(finding=case.finding, content=b"", name="a.pdf", by=case.principal)

    assert not Reply.objects.exists()


def test_words_keep_an_answer_whose_last_file_goes_and_files_one_without_words() -> None:
    case = sides()
    reply = _answer(case)
    assert reply is not None
    row = replies.add_file(finding=case.finding, content=PDF, name="a.pdf", by=case.principal)

    emptied = _answer(case, "", reply.version)
    assert emptied is not None
    assert emptied.body == ""
    _answer(case, "Đã thay", emptied.version)
    replies.remove_file(file=row, by=case.principal)

    assert Reply.objects.get().body == "Đã thay"


def test_an_answer_takes_ten_files_and_no_more() -> None:
    case = sides()
    for number in range(10):
        content = b"%%PDF-1.4 %d %%%%EOF" % number
        replies.add_file(
            finding=case.finding, content=content, name=f"{number}.pdf", by=case.principal
        )

    with pytest.raises(ValidationError, match="nhiều nhất 10 tệp"):
        replies.add_file(finding=case.finding, content=PDF, name="11.pdf", by=case.principal)

    assert ReplyFile.objects.count() == 10


def test_sending_closes_the_answers_and_tells_who_decides() -> None:
    case = sides()
    _answer(case)

    sent = replies.finish_replies(inspection=case.visit, by=case.principal)

    assert sent.replied_at is not None
    assert sent.replied_by == case.principal
    assert _told() == {case.lead.pk, case.secretary.pk}
    event = Event.objects.filter(action="inspection.finish_replies").get()
    assert (event.after, event.body_id) == ({"answers": 1}, case.visit.body_id)


def test_a_school_that_says_nothing_agrees() -> None:
    case = sides()

    sent = replies.finish_replies(inspection=case.visit, by=case.principal)

    assert replies.ready_for_minutes(sent, timezone.localdate()) == []
    assert "thống nhất với nhận xét" in Notice.objects.earliest("pk").text


# --- the freeze -------------------------------------------------------------------------------------------


def _writes(case: Sides) -> list[Callable[[], object]]:
    """Every write of the school; a file is there to be taken out."""
    reply = Reply.objects.get()
    return [
        lambda: _answer(case, "Chữ mới", reply.version),
        lambda: replies.add_file(
            finding=case.finding, content=PDF + b"%%EOF", name="b.pdf", by=case.principal
        ),
        lambda: replies.remove_file(file=ReplyFile.objects.get(), by=case.principal),
        lambda: replies.finish_replies(inspection=case.visit, by=case.principal),
    ]


def _change(case: Sides, **values: object) -> None:
    Inspection.objects.filter(pk=case.visit.pk).update(**values)


def _with_a_file(case: Sides) -> None:
    _answer(case)
    replies.add_file(finding=case.finding, content=PDF, name="a.pdf", by=case.principal)


@pytest.mark.parametrize("write", range(4))
def test_before_the_freeze_every_write_is_taken(write: int) -> None:
    """The control: on the last day itself the same writes pass."""
    case = sides(reply_until=timezone.localdate())
    _with_a_file(case)
    before = len(_events())

    _writes(case)[write]()

    assert len(_events()) == before + 1


@pytest.mark.parametrize("write", range(4))
@pytest.mark.parametrize(
    ("closed", "words"),
    [
        ({"replied_at": timezone.now()}, "đã gửi phản hồi"),
        ({"reply_until": timezone.localdate() - timedelta(days=1)}, "hết hạn phản hồi"),
        ({"state": InspectionState.MINUTED}, "chưa lập biên bản"),
    ],
)
def test_after_the_freeze_no_write_is_taken(
    closed: dict[str, object], words: str, write: int
) -> None:
    case = sides()
    _with_a_file(case)
    _change(case, **closed)
    before = list(Reply.objects.values()), list(ReplyFile.objects.values()), _events()

    with pytest.raises(MoveNotAllowed, match=words):
        _writes(case)[write]()

    assert (list(Reply.objects.values()), list(ReplyFile.objects.values()), _events()) == before


def test_the_permission_to_answer_ends_with_the_freeze() -> None:
    case = sides()
    today = timezone.localdate()

    assert case.principal.has_perm("plans.reply_visit", case.visit)
    assert not case.lead.has_perm("plans.reply_visit", case.visit)
    assert is_to_be_answered(case.visit, today + timedelta(days=5))
    assert not is_to_be_answered(case.visit, today + timedelta(days=6))
    _change(case, replied_at=timezone.now())
    assert not case.principal.has_perm("plans.reply_visit", Inspection.objects.get())


def test_answers_are_read_by_others_only_after_the_freeze() -> None:
    case = sides()
    admin = accounts.member(Role.ADMIN)
    readers = (case.principal, case.lead, case.member, admin)

    def reads() -> list[bool]:
        visit = Inspection.objects.for_page().get(pk=case.visit.pk)
        return [user.has_perm("plans.read_replies", visit) for user in readers]

    assert reads() == [True, False, False, False]
    _change(case, replied_at=timezone.now())
    assert reads() == [True, True, True, True]
    _change(case, state=InspectionState.OPEN)
    assert reads() == [False, True, True, True]


# --- the team decides -------------------------------------------------------------------------------------


def _decide(case: Sides, reply: Reply, decision: str, **values: object) -> Reply:
    typed = {"note": "Đã xem biên lai.", "changed_words": "", "version": reply.version}
    return replies.decide(reply=reply, decision=decision, by=case.lead, **(typed | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decision", "note", "words"),
    [
        (Decision.KEEP, "Đã xem biên lai.", ""),
        (Decision.CHANGE, "", "Kệ đã thay."),
        (Decision.WITHDRAW, "", ""),
    ],
)
def test_a_decision_stands_with_who_and_when_and_tells_the_school(
    decision: str, note: str, words: str
) -> None:
    case = sides()
    reply = _sent(case)
    Notice.objects.all().delete()

    _decide(case, reply, decision, note=note, changed_words=words)

    kept = Reply.objects.get()
    assert (kept.decision, kept.decision_note, kept.changed_words) == (decision, note, words)
    assert (kept.decided_by, kept.decided_at is not None) == (case.lead, True)
    assert kept.body == "Đã thay ngày 20/4."
    assert _told() == {case.principal.pk}
    event = Event.objects.filter(action="reply.decide").get()
    assert event.after == {
        "finding": "Tiêu chí 1.5",
        "decision": decision,
        "decision_note": note,
        "changed_words": words,
    }
    assert event.body_id == case.visit.body_id


@pytest.mark.parametrize(
    ("decision", "values", "field"),
    [
        ("", {}, "decision"),
        ("x", {}, "decision"),
        (Decision.KEEP, {"note": " "}, "decision_note"),
        (Decision.CHANGE, {"changed_words": " \n"}, "changed_words"),
        (Decision.CHANGE, {"changed_words": "a" * 20_001}, "changed_words"),
    ],
)
def test_a_decision_without_its_words_is_refused_at_its_field(
    decision: str, values: dict[str, object], field: str
) -> None:
    case = sides()
    reply = _sent(case)

    with pytest.raises(ValidationError) as refused:
        _decide(case, reply, decision, **values)

    assert list(refused.value.message_dict) == [field]
    assert Reply.objects.get().decision == ""


def test_decisions_wait_until_the_school_can_change_nothing_more() -> None:
    case = sides(reply_until=timezone.localdate())
    reply = _answer(case)
    assert reply is not None

    with pytest.raises(ValidationError, match="còn sửa được phản hồi"):
        _decide(case, reply, Decision.WITHDRAW)
    decided = _decide(case, reply, Decision.WITHDRAW, on=timezone.localdate() + timedelta(days=1))

    assert decided.decision == Decision.WITHDRAW


def test_a_decision_may_be_changed_until_the_minutes_and_only_over_what_was_seen() -> None:
    case = sides()
    reply = _sent(case)
    first = _decide(case, reply, Decision.WITHDRAW)
    stale = Reply.objects.get()

    changed = _decide(case, first, Decision.KEEP)
    assert Reply.objects.get().decision == Decision.KEEP
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        _decide(case, stale, Decision.WITHDRAW, version=changed.version - 1)

    _change(case, state=InspectionState.MINUTED)
    with pytest.raises(MoveNotAllowed, match="trước khi lập biên bản"):
        _decide(case, Reply.objects.get(), Decision.WITHDRAW)
    assert Reply.objects.get().decision == Decision.KEEP


def test_a_changed_decision_is_told_as_one() -> None:
    case = sides()
    first = _decide(case, _sent(case), Decision.WITHDRAW)
    Notice.objects.filter(person=case.principal).exclude(key__startswith="reply-decided").delete()

    _decide(case, first, Decision.KEEP)

    told = Notice.objects.filter(person=case.principal).order_by("pk")
    assert [one.text.split(" đã ")[1] for one in told] == [
        "trả lời mọi phản hồi của nhà trường.",
        "sửa quyết định về phản hồi “Tiêu chí 1.5” của nhà trường.",
    ]


def test_the_same_decision_again_writes_nothing() -> None:
    case = sides()
    first = _decide(case, _sent(case), Decision.WITHDRAW)
    before = _events()

    _decide(case, first, Decision.WITHDRAW)

    assert _events() == before


def test_only_who_leads_or_writes_for_the_team_decides() -> None:
    case = sides()
    permitted = {
        name
        for name in ("principal", "lead", "secretary", "member")
        if getattr(case, name).has_perm("plans.decide_replies", case.visit)
    }

    assert permitted == {"lead", "secretary"}
