"""Papers are frozen once and for all: minutes with a field for each who signs, notices, reports; all with a code."""

import io
from datetime import date, timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.documents.storing import tree_from_json
from plans.history.models import Event
from plans.inspections.enums import Outcome, Side
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState, FileRole
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper, PaperKind
from plans.minutes.notice import NoticeWords
from plans.minutes.papers import freeze_report, make_minutes, redo_minutes, send_notice
from plans.minutes.preparing import body_warnings, minutes_warnings, missing_for_minutes
from plans.moves import MoveNotAllowed
from plans.notices.models import Notice
from plans.schools.models import ManagingBody
from tests.factories import inspections, minutes
from tests.plans.documents.reading import page_words, squashed
from tests.plans.minutes.conftest import TEAM, load

ON = date(2026, 4, 22)


@pytest.fixture
def lead(visit: Inspection) -> User:
    """The tổ trưởng."""
    user: User = visit.members.get(role="lead").user
    return user


def make(visit: Inspection, by: User, **values: object) -> Paper:
    return make_minutes(inspection=visit, by=by, **({"on": ON} | values))  # type: ignore[arg-type]


def fields_of(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(one.T) for one in document.Root.AcroForm.Fields]


# --- minutes ----------------------------------------------------------------------------------------------


def test_minutes_are_frozen_with_a_field_for_each_who_signs(visit: Inspection, lead: User) -> None:
    paper = make(visit, lead, number="12/BB-VHXH")

    visit.refresh_from_db()
    assert (visit.state, visit.minuted_at is not None) == (InspectionState.MINUTED, True)
    assert (paper.kind, paper.number, paper.issued_on) == (PaperKind.MINUTES, "12/BB-VHXH", ON)
    assert {row.role for row in paper.files.all()} == {FileRole.PDF, FileRole.DOCX}
    pdf = bytes(current_pdf(paper).file.content)
    names = [(s.side, s.place, s.full_name, s.field) for s in paper.signers.order_by("pk")]
    assert names[0] == (Side.SCHOOL, 1, "Lê Thị Mẫu Đơn", "NhaTruong1")
    assert [row[2] for row in names[1:]] == [person[1] for person in TEAM]
    assert fields_of(pdf) == [row[3] for row in names]
    assert f"tracứu:{paper.shown_code}" in squashed(page_words(pdf))
    assert tree_from_json(paper.tree).check.code == paper.shown_code  # type: ignore[union-attr]


def test_signers_are_known_by_their_accounts(
    visit: Inspection, lead: User, principal: User
) -> None:
    paper = make(visit, lead)

    assert paper.signers.get(side=Side.SCHOOL).user == principal
    assert paper.signers.get(side=Side.TEAM, place=1).user == lead


def test_who_signs_is_told_and_nobody_else(
    visit: Inspection, lead: User, principal: User, deputy: User
) -> None:
    """The deputy holds the permission too, and is no signer of these minutes."""
    paper = make(visit, lead)

    told = Notice.objects.filter(key=f"minutes-to-sign:{paper.pk}")
    team = visit.members.exclude(user=lead).values_list("user", flat=True)
    assert set(told.values_list("person", flat=True)) == {principal.pk, *team}
    assert deputy.has_perm("plans.sign_minutes", Paper.objects.get())
    assert not any("hầy cô" in one.text for one in told)


def test_making_minutes_leaves_two_lines_in_the_record(visit: Inspection, lead: User) -> None:
    make(visit, lead)

    done = Event.objects.filter(action__in=["paper.make", "inspection.make_minutes"])
    assert sorted(done.values_list("action", flat=True)) == [
        "inspection.make_minutes",
        "paper.make",
    ]


def test_what_comes_after_belongs_to_the_same_transaction(visit: Inspection, lead: User) -> None:
    def refuse(minuted: Inspection) -> None:
        assert minuted.state == InspectionState.MINUTED
        raise ValidationError("Không được.")

    with pytest.raises(ValidationError, match="Không được"):
        make(visit, lead, and_then=refuse)

    visit.refresh_from_db()
    assert (visit.state, Paper.objects.count()) == (InspectionState.CONCLUDED, 0)


def test_a_record_that_changes_while_it_is_rendered_is_rendered_anew(
    visit: Inspection, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plans.minutes import papers

    prepare = papers.prepare
    rounds = []

    def changed_meanwhile(*args: object) -> object:
        prepared = prepare(*args)  # type: ignore[arg-type]
        if not rounds:
            visit.findings.filter(key="chung").update(seen="Lời khác.")
        rounds.append(prepared)
        return prepared

    monkeypatch.setattr(papers, "prepare", changed_meanwhile)
    paper = make(visit, lead)

    assert len(rounds) == 2
    assert "Lời khác." in str(paper.tree)


@pytest.mark.parametrize("on", [date(2026, 4, 13), timezone.localdate() + timedelta(days=1)])
def test_a_day_before_the_visit_or_to_come_is_refused(
    visit: Inspection, lead: User, on: date
) -> None:
    with pytest.raises(ValidationError, match="Ngày của biên bản phải từ ngày mở biên bản"):
        make(visit, lead, on=on)


def test_an_undecided_answer_keeps_the_minutes_from_being_made(
    visit: Inspection, lead: User
) -> None:
    reply = visit.findings.get(key="chung").reply
    reply.decision, reply.decided_by, reply.decided_at = "", None, None
    reply.save()

    with pytest.raises(ValidationError, match="chưa có quyết định"):
        make(visit, lead)

    assert Paper.objects.count() == 0


def test_an_open_conflict_keeps_the_minutes_from_being_made(visit: Inspection, lead: User) -> None:
    entry = visit.entries.create(
        client_id="00000000-0000-0000-0000-000000000001",
        person=lead,
        target="visit",
        field="place",
        value="x",
        base=0,
        outcome=Outcome.CONFLICT,
    )

    assert "hai người trong tổ ghi khác nhau" in missing_for_minutes(load(visit), ON)[0]
    entry.settled_at, entry.settled_by = timezone.now(), lead
    entry.save()
    assert missing_for_minutes(load(visit), ON) == []


def test_minutes_need_somebody_to_sign_on_each_side(
    visit: Inspection, lead: User, principal: User
) -> None:
    visit.members.update(present="no")
    visit.attendees.update(removed="1")
    Membership.objects.filter(user=principal, role=Role.PRINCIPAL).delete()

    assert [line[:30] for line in missing_for_minutes(load(visit), ON)] == [
        "Tổ kiểm tra không có ai có mặt",
        "Chưa ghi người ký cho nhà trườ",
    ]


def test_what_is_left_to_be_written_by_hand_is_told_and_stops_nothing(visit: Inspection) -> None:
    assert minutes_warnings(load(visit), ON) == []
    Inspection.objects.filter(pk=visit.pk).update(ended="", copies="")

    told = minutes_warnings(load(visit), ON)

    assert told == [
        "Chưa ghi giờ kết thúc, số bản của biên bản: biên bản để trống chỗ ấy để ghi tay."
    ]


def test_what_was_typed_amiss_is_told_and_stops_nothing(visit: Inspection) -> None:
    Inspection.objects.filter(pk=visit.pk).update(
        held_on="31/02/2027", ended="29:77", copies="rất nhiều"
    )

    assert minutes_warnings(load(visit), ON) == [
        "Ngày ghi trên biên bản “31/02/2027” không phải là một ngày có thật; đề nghị xem lại.",
        "Giờ kết thúc “29:77” chưa đọc được; đề nghị xem lại.",
        "Số bản của biên bản “rất nhiều” chưa đọc được; đề nghị xem lại.",
    ]
    assert missing_for_minutes(load(visit), ON) == []


def test_a_body_that_is_no_more_is_warned_of(office: ManagingBody) -> None:
    office.valid_to = date(2026, 3, 31)
    office.letterhead_name = "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"
    office.save()

    told = body_warnings(office, ON)

    assert [line[:40] for line in told] == [
        "“Phòng Văn hóa - Xã hội xã An Phú” chỉ h",
        "Đầu văn bản đang in “Phòng Giáo dục và Đ",
    ]
    assert body_warnings(office, date(2025, 6, 30)) == []


# --- made anew --------------------------------------------------------------------------------------------


def test_minutes_that_nobody_signed_are_withdrawn_and_made_anew(
    visit: Inspection, lead: User
) -> None:
    first = make(visit, lead)

    redo_minutes(inspection=visit, by=lead, reason="Sai ngày.")
    second = make(visit, lead)

    first.refresh_from_db()
    assert (first.state, first.ended_because) == (DocumentState.WITHDRAWN, "Sai ngày.")
    assert (second.state, second.pk != first.pk) == (DocumentState.IN_FORCE, True)


def test_signed_minutes_are_not_made_anew(visit: Inspection, lead: User) -> None:
    paper = make(visit, lead)
    file = minutes.add_file(paper, b"%PDF-signed", by=lead)
    signer = paper.signers.get(side=Side.TEAM, place=1)
    signer.signed_at, signer.file, signer.by = timezone.now(), file, lead
    signer.save()

    with pytest.raises(ValidationError, match="đã có người ký"):
        redo_minutes(inspection=visit, by=lead, reason="Sai ngày.")

    paper.refresh_from_db()
    assert paper.state == DocumentState.IN_FORCE


def test_redoing_wants_a_reason(visit: Inspection, lead: User) -> None:
    make(visit, lead)

    with pytest.raises(ValidationError, match="lý do"):
        redo_minutes(inspection=visit, by=lead, reason="  ")


def test_minutes_are_made_only_of_a_concluded_visit(planned: Inspection, deputy: User) -> None:
    with pytest.raises(MoveNotAllowed):
        make(planned, deputy)


# --- notice -----------------------------------------------------------------------------------------------


def test_a_notice_tells_the_school_once_and_is_kept(
    planned: Inspection, deputy: User, principal: User
) -> None:
    words = NoticeWords(capacity="Kt. Trưởng phòng\nPhó Trưởng phòng", signer="Trần Văn Thí Dụ")

    paper = send_notice(
        inspection=planned, by=deputy, on=date(2026, 4, 1), number="7/TB-VHXH", words=words
    )

    planned.refresh_from_db()
    assert planned.notified_at is not None
    assert {row.role for row in paper.files.all()} == {FileRole.PDF, FileRole.DOCX}
    assert paper.signers.count() == 0
    notice = Notice.objects.get(person=principal, key=f"visit-notice:{paper.pk}")
    assert "ngày 14/04/2026" in notice.text
    printed = page_words(bytes(current_pdf(paper).file.content))
    for said in (
        "Số: 7/TB-VHXH",
        "Thành phần tổ kiểm tra",
        "KT. TRƯỞNG PHÒNG",
        "Lưu: VT",
        "5. Ông Võ Văn Làm Mẫu",
    ):
        assert squashed(said) in squashed(printed)


def test_a_second_notice_takes_the_place_of_the_first(planned: Inspection, deputy: User) -> None:
    first = send_notice(inspection=planned, by=deputy, on=date(2026, 4, 1))

    second = send_notice(inspection=planned, by=deputy, on=date(2026, 4, 2))

    first.refresh_from_db()
    assert (first.state, second.state) == (DocumentState.REPLACED, DocumentState.IN_FORCE)


def test_a_visit_that_moves_while_its_notice_is_rendered_is_told_with_its_new_day(
    planned: Inspection, deputy: User, principal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plans.minutes import papers

    prepare, rounds = papers.prepare, []

    def moved_meanwhile(*args: object) -> object:
        if not rounds:
            Inspection.objects.filter(pk=planned.pk).update(planned_on=date(2026, 4, 21))
        rounds.append(args)
        return prepare(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(papers, "prepare", moved_meanwhile)
    paper = send_notice(inspection=planned, by=deputy, on=date(2026, 4, 1))

    assert len(rounds) == 2
    assert "ngày 21 tháng 4 năm 2026" in str(paper.tree)
    assert "ngày 14 tháng 4 năm 2026" not in str(paper.tree)
    assert "ngày 21/04/2026" in Notice.objects.get(person=principal).text


def test_no_notice_of_a_visit_that_is_under_way(visit: Inspection, lead: User) -> None:
    with pytest.raises(ValidationError, match="đã lên lịch và chưa bắt đầu"):
        send_notice(inspection=visit, by=lead, on=ON)


# --- report -----------------------------------------------------------------------------------------------


def test_a_report_is_frozen_in_three_formats_and_replaces_the_last(
    visit: Inspection, lead: User
) -> None:
    campaign = inspections.campaign(visit.body, year=visit.school_year)
    Inspection.objects.filter(pk=visit.pk).update(campaign=campaign)

    first = freeze_report(campaign=campaign, by=lead, on=ON)
    second = freeze_report(campaign=campaign, by=lead, on=ON, number="9/BC-VHXH")

    first.refresh_from_db()
    roles = {FileRole.PDF, FileRole.DOCX, FileRole.XLSX}
    assert {row.role for row in second.files.all()} == roles
    assert (first.state, second.number) == (DocumentState.REPLACED, "9/BC-VHXH")
    assert (second.inspection, second.campaign) == (None, campaign)
