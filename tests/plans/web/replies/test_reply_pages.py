"""The pages of the right of reply: what each side sees and when, and that no typed word is lost."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.inspections.enums import FindingKind, Outcome
from plans.inspections.models import Entry, Finding, Inspection, Reply, ReplyFile
from plans.inspections.states import InspectionState
from plans.notices.models import Notice
from plans.replying import replies
from tests.factories import accounts, inspections, issuing
from tests.factories.replies import Sides, sides

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 bien lai %%EOF\n"


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _page(case: Sides, user: User, name: str = "replies", **more: int) -> HttpResponse:
    return _client(user).get(_url(case, name, **more))


def _url(case: Sides, name: str, **more: int) -> str:
    return reverse(f"replies:{name}", kwargs={"inspection": case.visit.pk, **more})


def _answer(case: Sides, body: str = "Đã thay ngày 20/4.", version: int = 0) -> Reply:
    reply = replies.answer_finding(
        finding=case.finding, body=body, by=case.principal, version=version
    )
    assert reply is not None
    return reply


def _send(case: Sides) -> None:
    replies.finish_replies(inspection=case.visit, by=case.principal)


def _text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


# --- all remarks ------------------------------------------------------------------------------------------


def test_the_school_reads_remarks_and_the_way_to_answer_them() -> None:
    case = sides()
    inspections.recommendation(case.finding)

    text = _text(_page(case, case.principal))

    assert "<h2>Tiêu chí 1.5</h2>" in text
    assert "Kệ gỗ còn 2 cái." in text
    assert "Thay 2 kệ gỗ còn lại bằng kệ inox." in text
    assert "Người thực hiện: Phạm Thị Minh Họa, Phó Hiệu trưởng · Hạn: 30/4/2026" in text
    assert "Còn 5 ngày để phản hồi" in text
    assert _url(case, "answer", finding=case.finding.pk) in text
    assert "Nhà trường thống nhất, không có ý kiến" in text
    silent = case.visit.findings.latest("position")
    assert silent.title not in text


def test_a_draft_answer_is_the_school_s_own_until_it_is_sent() -> None:
    case = sides()
    _answer(case, "Chữ đang soạn")
    office = accounts.member(Role.ADMIN)

    def reads() -> list[bool]:
        people = (case.principal, case.lead, case.member, office)
        return ["Chữ đang soạn" in _text(_page(case, one)) for one in people]

    assert reads() == [True, False, False, False]
    assert "Nhà trường đang xem." in _text(_page(case, case.lead))
    _send(case)
    assert reads() == [True, True, True, True]


def test_what_was_not_sent_is_read_after_the_last_day() -> None:
    case = sides()
    _answer(case, "Chữ chưa gửi")
    Inspection.objects.update(reply_until=timezone.localdate() - timedelta(days=1))

    text = _text(_page(case, case.lead))

    assert "Chữ chưa gửi" in text
    assert "Đã hết hạn phản hồi" in text
    school = _text(_page(case, case.principal))
    assert _url(case, "answer", finding=case.finding.pk) not in school


def test_a_file_is_the_school_s_own_until_it_is_sent() -> None:
    case = sides()
    row = replies.add_file(
        finding=case.finding, content=PDF, name="Biên lai.pdf", by=case.principal
    )
    file = {"reply_file": row.pk}

    mine = _page(case, case.principal, "file", **file)
    assert (mine.content, mine.headers["Content-Type"]) == (PDF, "application/pdf")
    assert mine.headers["Content-Disposition"].startswith("attachment;")
    assert mine.headers["X-Content-Type-Options"] == "nosniff"
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert _page(case, case.lead, "file", **file).status_code == 403
    _send(case)
    assert _page(case, case.lead, "file", **file).content == PDF


def test_everybody_reads_answers_and_decisions_after_with_who_and_when() -> None:
    case = sides()
    reply = _answer(case)
    _send(case)
    replies.decide(
        reply=reply,
        decision="change",
        note="Đã xem biên lai.",
        changed_words="Kệ đã thay.",
        by=case.lead,
        version=reply.version,
    )
    Inspection.objects.update(state=InspectionState.MINUTED, minuted_at=timezone.now())

    for person in (case.principal, case.lead, case.member):
        text = _text(_page(case, person))
        assert "Quyết định của tổ kiểm tra: Sửa" in text
        assert "Kệ đã thay." in text
        assert "Đã xem biên lai." in text
        assert case.lead.address in text
        assert "Kệ gỗ còn 2 cái." in text
        assert "<form" not in text.partition("<main")[2].partition("</main")[0]


def test_the_team_sees_what_the_minutes_wait_for() -> None:
    case = sides()
    _answer(case)
    _send(case)

    text = _text(_page(case, case.lead))

    assert "Chưa lập biên bản được" in text
    assert "Còn 1 phản hồi chưa có quyết định của tổ kiểm tra: Tiêu chí 1.5." in text
    assert "Chưa lập biên bản được" not in _text(_page(case, case.member))


def test_a_visit_without_remarks_and_one_not_over_say_so() -> None:
    case = sides()
    Finding.objects.update(seen="")
    empty = _text(_page(case, case.principal))
    Inspection.objects.update(state=InspectionState.OPEN, concluded_at=None, reply_until=None)
    early = _text(_page(case, case.lead))

    assert "Tổ kiểm tra không ghi nhận xét hoặc kiến nghị nào." in empty
    assert "Tổ kiểm tra chưa kết thúc tại trường." in early


@pytest.mark.parametrize("who", ["principal", "lead"])
def test_the_list_takes_the_same_queries_for_one_and_three(who: str) -> None:
    case = sides()
    Finding.objects.all().delete()
    counts = []
    for number in (1, 2, 3):
        finding = Finding.objects.create(
            inspection=case.visit,
            kind=FindingKind.ACTION,
            key=f"v-{number}",
            seen="x",
            title="Việc",
        )
        inspections.recommendation(finding)
        answer = inspections.reply(finding, case.principal)
        ReplyFile.objects.create(
            reply=answer,
            file=issuing.frozen(b"%d" % number),
            name="a.pdf",
            added_by=case.principal,
        )
        Inspection.objects.update(replied_at=timezone.now())
        client = _client(getattr(case, who))
        client.get(_url(case, "replies"))
        with CaptureQueriesContext(connection) as asked:
            client.get(_url(case, "replies"))
        counts.append(len(asked))

    assert counts == [counts[0]] * 3


# --- the school answers -----------------------------------------------------------------------------------


def _post(case: Sides, user: User, name: str, data: dict[str, object], **more: int) -> HttpResponse:
    return _client(user).post(_url(case, name, **more), data)


def test_words_and_files_are_saved_together() -> None:
    case = sides()
    files = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", PDF + b"%%EOF")]

    answer = _post(
        case,
        case.principal,
        "answer",
        {"body": "Đã thay.\r\nXem biên lai.", "version": 0, "attached": files},
        finding=case.finding.pk,
    )

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{_url(case, 'replies')}#nhan-xet-{case.finding.pk}"
    reply = Reply.objects.get()
    assert reply.body == "Đã thay.\nXem biên lai."
    assert [row.name for row in reply.files.all()] == ["a.pdf", "b.pdf"]


def test_a_refused_file_loses_neither_the_words_nor_the_other_file() -> None:
    case = sides()
    files = [SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("b.pdf", PDF)]

    answer = _post(
        case,
        case.principal,
        "answer",
        {"body": "Đã thay.", "version": 0, "attached": files},
        finding=case.finding.pk,
    )

    assert answer.status_code == 422
    text = _text(answer)
    assert (
        "“a.exe” không phải là tệp PDF, ảnh (JPG, PNG, WebP), Word (DOCX) hoặc Excel (XLSX)."
        in text
    )
    assert "Đã thay.</textarea>" in text
    assert '<input type="hidden" name="version" value="1"' in text
    assert (Reply.objects.get().body, ReplyFile.objects.get().name) == ("Đã thay.", "b.pdf")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"body": "a" * 20_001}, "dài nhất là 20000 chữ"),
        ({"body": "Chữ của trường", "version": ""}, "Trang này đã cũ"),
    ],
)
def test_a_refusal_keeps_what_was_typed(data: dict[str, object], words: str) -> None:
    case = sides()

    answer = _post(case, case.principal, "answer", {"version": 0, **data}, finding=case.finding.pk)

    assert answer.status_code == 422
    assert words in _text(answer)
    assert f"{data['body']}</textarea>" in _text(answer)
    assert not Reply.objects.exists()


def test_words_over_those_of_somebody_else_are_kept_and_may_be_saved_again() -> None:
    case = sides()
    _answer(case, "Chữ của hiệu trưởng")
    data = {"body": "Chữ của thư ký", "version": 0}
    second = accounts.member(Role.COUNCIL_SECRETARY, school=case.visit.school)

    refused = _post(case, second, "answer", data, finding=case.finding.pk)

    assert refused.status_code == 409
    text = _text(refused)
    assert "Phản hồi đang lưu: “Chữ của hiệu trưởng”" in text
    assert "Chữ của thư ký</textarea>" in text
    assert '<input type="hidden" name="version" value="1"' in text
    again = _post(case, second, "answer", data | {"version": 1}, finding=case.finding.pk)
    assert again.status_code == 302
    assert Reply.objects.get().body == "Chữ của thư ký"


def test_a_file_is_taken_out_together_with_saving_the_words() -> None:
    case = sides()
    reply = _answer(case)
    row = replies.add_file(finding=case.finding, content=PDF, name="a.pdf", by=case.principal)

    answer = _post(
        case,
        case.principal,
        "answer",
        {"body": "Chữ mới", "version": reply.version, "bo": row.pk},
        finding=case.finding.pk,
    )

    assert answer.headers["Location"] == _url(case, "answer", finding=case.finding.pk)
    assert (Reply.objects.get().body, ReplyFile.objects.count()) == ("Chữ mới", 0)


def test_a_file_of_another_answer_is_neither_handed_out_nor_taken_out() -> None:
    case, other = sides(), sides()
    reply = _answer(case)
    own = replies.add_file(finding=case.finding, content=PDF, name="a.pdf", by=case.principal)
    foreign = replies.add_file(finding=other.finding, content=PDF, name="b.pdf", by=other.principal)

    pages = [_page(case, case.principal, "file", reply_file=row.pk) for row in (own, foreign)]
    taken = _post(
        case,
        case.principal,
        "answer",
        {"body": "Chữ mới", "version": reply.version, "bo": foreign.pk},
        finding=case.finding.pk,
    )

    assert [one.status_code for one in (*pages, taken)] == [200, 404, 404]
    assert ReplyFile.objects.count() == 2


def test_a_late_save_is_refused_with_a_reason() -> None:
    case = sides()
    _send(case)

    answer = _post(
        case,
        case.principal,
        "answer",
        {"body": "Đã thay kệ ngày 20/4.", "version": 0},
        finding=case.finding.pk,
    )

    assert answer.status_code == 403
    assert "Phần vừa gõ chưa được lưu" in _text(answer)
    assert "<p>Đã thay kệ ngày 20/4.</p>" in _text(answer)
    assert not Reply.objects.exists()


def test_sending_says_what_it_means_and_closes() -> None:
    case = sides()
    _answer(case)

    before = _text(_page(case, case.principal, "finish"))
    answer = _post(case, case.principal, "finish", {})

    assert "Gửi phản hồi về 1 nhận xét:" in before
    assert "nhà trường không sửa phản hồi được nữa" in before
    assert answer.headers["Location"] == _url(case, "replies")
    assert Inspection.objects.get().replied_by == case.principal


def test_agreeing_says_what_it_means() -> None:
    case = sides()

    text = _text(_page(case, case.principal, "finish"))

    assert "nhà trường thống nhất, không có ý kiến về 1 nhận xét" in text


# --- the team decides -------------------------------------------------------------------------------------


def test_a_decision_waits_for_the_freeze_and_says_so() -> None:
    case = sides()
    _answer(case, "Chữ đang soạn")
    where = {"finding": case.finding.pk}

    page = _text(_page(case, case.lead, "decide", **where))
    answer = _post(case, case.lead, "decide", {"decision": "withdraw", "version": 1}, **where)

    assert "Chưa đến lúc quyết định." in page
    assert "Chữ đang soạn" not in page
    assert answer.status_code == 422
    assert "còn sửa được phản hồi" in _text(answer)
    assert Reply.objects.get().decision == ""


def test_the_team_decides_on_a_page_with_the_words_to_change() -> None:
    case = sides()
    reply = _answer(case)
    _send(case)
    where = {"finding": case.finding.pk}

    page = _text(_page(case, case.lead, "decide", **where))
    data = {"decision": "change", "decision_note": "", "changed_words": "Kệ đã thay."}
    answer = _post(case, case.lead, "decide", data | {"version": reply.version}, **where)

    assert "Kệ gỗ còn 2 cái.</textarea>" in page
    assert answer.headers["Location"] == f"{_url(case, 'replies')}#nhan-xet-{case.finding.pk}"
    kept = Reply.objects.get()
    assert (kept.decision, kept.changed_words) == ("change", "Kệ đã thay.")


def test_words_left_as_they_were_are_no_change() -> None:
    case = sides()
    reply = _answer(case)
    _send(case)
    data = {"decision_note": "Đã xem.", "changed_words": "Kệ gỗ còn 2 cái."}
    data["version"] = str(reply.version)
    where = {"finding": case.finding.pk}

    refused = _post(case, case.lead, "decide", data | {"decision": "change"}, **where)
    kept = _post(case, case.lead, "decide", data | {"decision": "keep"}, **where)

    assert "chưa khác nhận xét cũ" in _text(refused)
    assert kept.status_code == 302
    assert (Reply.objects.get().decision, Reply.objects.get().changed_words) == ("keep", "")


@pytest.mark.parametrize("decision", ["keep", "change", "withdraw"])
def test_a_decision_saved_again_as_it_stands_tells_nobody(decision: str) -> None:
    case = sides()
    Finding.objects.update(strengths="Sạch.\r\n\r\nGọn. ", limits="\r\nCòn ẩm.")
    reply = _answer(case)
    _send(case)
    where = {"finding": case.finding.pk}
    words = "Kệ đã thay.\r\nCòn một kệ. " if decision == "change" else _shown(case, "changed_words")
    data = {"decision": decision, "decision_note": "Đã xem.\r\n", "changed_words": words}
    _post(case, case.lead, "decide", data | {"version": reply.version}, **where)
    told = Notice.objects.count()
    events = Event.objects.count()

    again = {name: _shown(case, name) for name in ("decision_note", "changed_words")}
    version = Reply.objects.get().version
    _post(case, case.lead, "decide", again | {"decision": decision, "version": version}, **where)

    assert (Notice.objects.count(), Event.objects.count()) == (told, events)
    assert Reply.objects.get().decision == decision


def _shown(case: Sides, name: str) -> str:
    """Return what the page of deciding shows in a field, as a browser sends it back."""
    page = _page(case, case.lead, "decide", finding=case.finding.pk).content.decode()
    found = re.search(rf'<textarea name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return re.sub(r"\r\n|\n|\r", "\r\n", html.unescape(found[1]))


def test_a_second_decider_sees_the_first_s_and_keeps_the_typed_words() -> None:
    case = sides()
    reply = _answer(case)
    _send(case)
    where = {"finding": case.finding.pk}
    typed = {"decision": "keep", "decision_note": "Chữ của thư ký tổ", "changed_words": ""}
    typed["version"] = str(reply.version)
    replies.decide(
        reply=reply, decision="withdraw", note="", changed_words="", by=case.lead, version=1
    )

    refused = _post(case, case.secretary, "decide", typed, **where)

    assert refused.status_code == 422
    text = _text(refused)
    assert "vừa được người khác sửa" in text
    assert "Quyết định của tổ kiểm tra: Rút" in text
    assert "Chữ của thư ký tổ</textarea>" in text
    again = _post(case, case.secretary, "decide", typed | {"version": "2"}, **where)
    assert '<input type="hidden" name="version" value="2"' in text
    assert again.status_code == 302
    assert Reply.objects.get().decision == "keep"


def test_a_remark_without_an_answer_has_nothing_to_decide() -> None:
    case = sides()
    _send(case)

    assert _page(case, case.lead, "decide", finding=case.finding.pk).status_code == 404


# --- leaving, coming back, longer -------------------------------------------------------------------------


def test_leaving_shows_what_is_missing_and_the_usual_day() -> None:
    case = sides(InspectionState.OPEN)

    page = _text(_page(case, case.lead, "conclude"))
    until = timezone.localdate() + timedelta(days=5)
    answer = _post(case, case.lead, "conclude", {"reply_until": f"{until:%d/%m/%Y}"})

    assert "Chưa ghi giờ kết thúc." in page
    assert f'value="{until:%d/%m/%Y}"' in page
    assert answer.headers["Location"] == _url(case, "replies")
    assert Inspection.objects.get().reply_until == until


@pytest.mark.parametrize(
    ("day", "words"),
    [("31/02/2026", "Hãy ghi ngày, tháng, năm"), ("", "Hãy ghi ngày cuối"), ("1/1/2020", "đã qua")],
)
def test_leaving_with_a_wrong_day_keeps_what_was_typed(day: str, words: str) -> None:
    case = sides(InspectionState.OPEN)

    answer = _post(case, case.lead, "conclude", {"reply_until": day})

    assert answer.status_code == 422
    assert words in _text(answer)
    assert Inspection.objects.get().state == InspectionState.OPEN


def test_leaving_is_blocked_by_what_two_people_wrote_differently() -> None:
    case = sides(InspectionState.OPEN)
    Entry.objects.create(
        inspection=case.visit,
        client_id=uuid4(),
        person=case.member,
        target="visit",
        field="ended",
        base=0,
        outcome=Outcome.CONFLICT,
    )

    page = _text(_page(case, case.lead, "conclude"))
    answer = _post(case, case.lead, "conclude", {"reply_until": f"{timezone.localdate():%d/%m/%Y}"})

    assert "Cần chọn trước khi kết thúc" in page
    assert answer.status_code == 422
    assert "cần chọn trước khi kết thúc: Thông tin buổi kiểm tra, ô “kết thúc lúc”." in _text(
        answer
    )


def test_the_team_comes_back_for_a_reason_unless_the_school_answered() -> None:
    case = sides()
    back = _post(case, case.lead, "resume", {"reason": "Thiếu một việc."})
    assert back.headers["Location"] == reverse("visits:visit", args=[case.visit.pk])
    assert Inspection.objects.get().state == InspectionState.OPEN

    other = sides()
    page = _page(other, other.lead, "resume")
    assert "Không mở lại được nữa" not in _text(page)
    _answer(other)
    _send(other)
    refused = _post(other, other.lead, "resume", {"reason": "Lý do đã gõ"})
    assert refused.status_code == 422
    assert "Nhà trường đã phản hồi nên không mở lại" in _text(refused)


def test_coming_back_too_late_does_not_speak_of_an_answer_that_was_not_sent() -> None:
    case = sides()
    _answer(case)
    told = "Nhà trường đã phản hồi"

    page = _text(_page(case, case.lead, "resume"))
    refused = _post(case, case.lead, "resume", {"reason": "Lý do đã gõ"})
    _send(case)
    sent = _text(_page(case, case.lead, "resume"))

    back = f'<a href="{_url(case, "replies")}">Về các nhận xét</a>'
    empty = f'<div class="kcl-empty"><p><b>Không mở lại được nữa.</b></p><p>{back}</p></div>'
    assert empty in page
    assert (refused.status_code, told in _text(refused)) == (422, False)
    assert told in sent


def test_the_school_gets_longer_for_a_reason() -> None:
    case = sides()
    later = f"{timezone.localdate() + timedelta(days=9):%d/%m/%Y}"

    refused = _post(case, case.lead, "extend", {"reply_until": later, "reason": ""})
    taken = _post(case, case.lead, "extend", {"reply_until": later, "reason": "Bão số 3"})

    assert refused.status_code == 422
    assert f'value="{later}"' in _text(refused)
    assert taken.headers["Location"] == _url(case, "replies")
    assert f"{later}" in _text(_page(case, case.principal))


@pytest.mark.parametrize(
    ("state", "who", "label"),
    [
        (InspectionState.OPEN, "lead", "Kết thúc kiểm tra tại trường"),
        (InspectionState.CONCLUDED, "principal", "Phản hồi của nhà trường"),
        (InspectionState.CONCLUDED, "member", "Phản hồi của nhà trường"),
    ],
)
def test_the_page_of_a_visit_leads_here(state: InspectionState, who: str, label: str) -> None:
    case = sides(state)

    page = _client(getattr(case, who)).get(reverse("visits:visit", args=[case.visit.pk]))

    assert f">{label}</a>" in _text(page)


def test_the_record_of_the_school_tells_the_way_in_words() -> None:
    case = sides()
    reply = _answer(case, "Đã thay kệ.")
    replies.add_file(finding=case.finding, content=PDF, name="a.pdf", by=case.principal)
    _send(case)
    replies.decide(
        reply=reply, decision="withdraw", note="", changed_words="", by=case.lead, version=1
    )

    page = _client(case.principal).get(reverse("history:school", args=[case.visit.school_id]))

    text = _text(page)
    for words in (
        "ghi phản hồi nhận xét",
        "kèm tệp vào phản hồi",
        "gửi phản hồi cho tổ kiểm tra",
        "quyết định về phản hồi của nhà trường",
        "Đã thay kệ.",
        "Rút",
    ):
        assert words in text
