"""Minutes are complete by a scan of the signed paper, or without the school's signature and with the reason."""

import pytest
from django.core.exceptions import ValidationError

from plans.accounts.roles import Role
from plans.history.models import Event
from plans.inspections.enums import Side, TeamRole
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState, FileRole
from plans.minutes import finishing
from plans.minutes.models import Paper, PaperFile
from plans.moves import MoveNotAllowed
from plans.notices.models import Notice
from tests.factories import accounts, inspections, minutes, schools
from tests.factories.issuing import small_pdf

pytestmark = pytest.mark.django_db
SCAN = small_pdf("Bản quét")
REASON = "Nhà trường chưa thống nhất nhận xét về tiêu chí 2.3"


@pytest.fixture
def one():
    return minutes.scene(2)


def _scan(one, by=None, **given):
    return finishing.add_scan(paper=one.paper, by=by or one.lead, **({"content": SCAN} | given))


def _signed(one, *people):
    """Fill in the places of people without making signatures."""
    file = one.paper.files.get(role=FileRole.PDF)
    for number, person in enumerate(people, 1):
        row = PaperFile.objects.create(
            paper=one.paper,
            file=file.file,
            role=FileRole.SIGNED,
            sequence=number,
            name="a.pdf",
            added_by=person,
        )
        one.paper.signers.filter(user=person).update(
            signed_at=one.paper.made_at, file=row, by=person, way="key_file"
        )


def _refused(call):
    """Return the messages of a refusal that wrote nothing."""
    before = (PaperFile.objects.count(), Event.objects.count(), Notice.objects.count())

    with pytest.raises(ValidationError) as refused:
        call()

    assert (PaperFile.objects.count(), Event.objects.count(), Notice.objects.count()) == before
    return refused.value


# --- a scan -----------------------------------------------------------------------------------------------


def test_a_scan_is_kept_beside_the_frozen_files_and_completes_nothing_by_itself(one):
    row = _scan(one, note="  Bản 2/3, lưu tại trường ")

    assert (row.role, row.name, row.note) == (
        FileRole.SCAN,
        "ban-quet-1.pdf",
        "Bản 2/3, lưu tại trường",
    )
    assert bytes(row.file.content) == SCAN
    assert one.visit.state == InspectionState.MINUTED
    event = Event.objects.get(action="paper.scan")
    assert (event.actor_id, event.school_id) == (one.lead.pk, one.visit.school_id)
    assert event.after == {"name": row.name, "sha256": row.file.sha256, "note": row.note}


def test_a_scan_that_bears_every_signature_completes_the_minutes(one):
    _scan(one, complete=True)

    assert one.visit.state == InspectionState.DONE
    assert one.visit.done_at is not None
    assert Event.objects.get(action="inspection.complete").after == {"state": "done"}
    assert finishing.refusal_of(one.paper) == ""
    assert not one.lead.has_perm("plans.read_record", one.visit)


def test_what_was_scanned_may_be_declared_complete_later(one):
    clerk = accounts.member(Role.CLERK, school=one.visit.school)
    officer = inspections.officer(one.visit)
    _scan(one, by=clerk)

    finishing.complete_on_paper(paper=one.paper, by=officer)

    assert one.visit.state == InspectionState.DONE


def test_without_a_scan_nothing_is_complete_on_paper(one):
    refused = _refused(lambda: finishing.complete_on_paper(paper=one.paper, by=one.lead))

    assert refused.messages == [finishing.NO_SCAN]


@pytest.mark.parametrize("who", ["principal", "clerk", "member", "other_office"])
def test_the_school_a_plain_member_and_other_offices_do_not_declare_minutes_complete(one, who):
    people = {
        "principal": lambda: one.principal,
        "clerk": lambda: accounts.member(Role.CLERK, school=one.visit.school),
        "member": lambda: one.team[1],
        "other_office": lambda: accounts.member(Role.OFFICER, body=_other_office(one)),
    }
    person = people[who]()

    for call in (
        lambda: _scan(one, by=person, complete=True),
        lambda: finishing.complete_without_school(paper=one.paper, reason=REASON, by=person),
    ):
        assert _refused(call).messages == [finishing.NOT_ALLOWED]
    assert one.visit.state == InspectionState.MINUTED


def _other_office(one):
    """A body that sees the school too, but did not make the visit."""
    body = schools.body("Phòng khác")
    schools.school_body(one.visit.school, body)
    return body


def test_who_may_bring_a_scan(one):
    clerk = accounts.member(Role.CLERK, school=one.visit.school)
    officer = inspections.officer(one.visit)
    staff = accounts.member(Role.STAFF, school=one.visit.school)
    stranger = accounts.member(Role.CLERK, school=schools.school("Trường khác"))
    secretary = accounts.user(full_name="Đỗ Thị Thư Ký")
    inspections.member(one.visit, secretary, role=TeamRole.SECRETARY)
    other = accounts.member(Role.OFFICER, body=_other_office(one))
    paper = Paper.objects.for_page().get(pk=one.paper.pk)

    may = [one.lead, secretary, one.principal, clerk, officer]
    may_not = [one.team[1], staff, stranger, other]
    assert all(person.has_perm("plans.scan_minutes", paper) for person in may)
    assert not any(person.has_perm("plans.scan_minutes", paper) for person in may_not)


def test_a_scan_of_done_minutes_is_still_the_schools_to_add(one):
    _scan(one, complete=True)
    paper = Paper.objects.for_page().get(pk=one.paper.pk)

    assert one.principal.has_perm("plans.scan_minutes", paper)
    assert not one.lead.has_perm("plans.scan_minutes", paper)
    Paper.objects.filter(pk=paper.pk).update(state=DocumentState.WITHDRAWN, ended_at=paper.made_at)
    paper.refresh_from_db()
    assert not one.principal.has_perm("plans.scan_minutes", paper)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "Bản quét phải là tệp PDF, JPG hoặc PNG."),
        (b"%PDF-1.7 cut", "Tệp bị thiếu phần cuối"),
        (SCAN + bytes(21 * 1024 * 1024), "Tệp lớn hơn 20 MB"),
    ],
)
def test_what_is_no_scan_is_refused(one, content, words):
    refused = _refused(lambda: _scan(one, content=content, complete=True))

    assert refused.message_dict["file"][0].startswith(words)
    assert one.visit.state == InspectionState.MINUTED


def test_the_same_scan_twice_and_a_long_note_are_refused(one):
    _scan(one)

    assert "file" in _refused(lambda: _scan(one)).message_dict
    other = small_pdf("Bản khác")
    assert "note" in _refused(lambda: _scan(one, content=other, note="x" * 301)).message_dict


def test_minutes_that_are_done_are_not_completed_again(one):
    _scan(one, complete=True)
    officer = inspections.officer(one.visit)

    assert _refused(lambda: finishing.complete_on_paper(paper=one.paper, by=officer)).messages == [
        finishing.NOT_ALLOWED
    ]
    with pytest.raises(MoveNotAllowed):
        finishing.finish_minutes(paper=one.paper, by=officer)


# --- the school does not sign -----------------------------------------------------------------------------


def test_minutes_are_completed_without_the_school_once_the_team_has_signed(one):
    _signed(one, *one.team)

    finishing.complete_without_school(paper=one.paper, reason=f" {REASON} ", by=one.lead)

    words = f"Lê Thị Mẫu Đơn (phía nhà trường) không ký biên bản, lý do: {REASON}"
    assert one.visit.state == InspectionState.DONE
    assert Event.objects.get(action="inspection.complete").after["reason"] == words
    assert finishing.refusal_of(one.paper) == words
    school = one.paper.signers.get(side=Side.SCHOOL)
    assert (school.signed_at, school.by) == (None, None)


def test_a_scan_stands_for_the_team(one):
    _scan(one)

    finishing.complete_without_school(paper=one.paper, reason=REASON, by=one.lead)

    assert one.visit.state == InspectionState.DONE


def test_the_team_signs_first(one):
    _signed(one, one.lead)

    refused = _refused(
        lambda: finishing.complete_without_school(paper=one.paper, reason=REASON, by=one.lead)
    )

    assert refused.messages == [finishing.TEAM_MISSING.format(names=one.team[1].full_name)]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("  \n ", finishing.NO_REASON),
        ("x" * (finishing.LONGEST_REASON + 1), finishing.LONG_REASON),
    ],
)
def test_a_reason_is_said_in_a_few_lines(one, reason, words):
    _signed(one, *one.team)

    refused = _refused(
        lambda: finishing.complete_without_school(paper=one.paper, reason=reason, by=one.lead)
    )

    assert refused.message_dict == {"reason": [words]}


def test_a_school_that_has_signed_is_not_said_to_refuse(one):
    _signed(one, one.principal, one.lead)

    refused = _refused(
        lambda: finishing.complete_without_school(paper=one.paper, reason=REASON, by=one.lead)
    )

    assert refused.messages == [finishing.SCHOOL_SIGNED]


def test_nothing_is_printed_into_the_frozen_minutes(one):
    before = {row.pk: row.file.sha256 for row in one.paper.files.all()}
    tree = one.paper.tree
    _signed(one, *one.team)

    finishing.complete_without_school(paper=one.paper, reason=REASON, by=one.lead)

    files = {row.pk: row.file.sha256 for row in one.paper.files.filter(pk__in=before)}
    one.paper.refresh_from_db()
    assert (files, one.paper.tree) == (before, tree)
