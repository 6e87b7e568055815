"""Signing minutes: each at their own place, in any order; what is refused leaves no trace."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from plans.accounts.roles import Role
from plans.documents.style import DEFAULT_LAYOUT
from plans.history.models import Event
from plans.inspections.enums import Side
from plans.inspections.models import Inspection, TeamMember
from plans.inspections.states import InspectionState
from plans.issuing import signing_steps
from plans.issuing.enums import DocumentState, FileRole, KeyWay
from plans.issuing.images import keep_hand_signature
from plans.issuing.models import FrozenFile, OfficeRule
from plans.minutes import signing
from plans.minutes.fields import field_names
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper, PaperFile, PaperKind, PaperSigner
from plans.minutes.papers import make_minutes
from plans.minutes.rendering import render_minutes
from plans.notices.models import Notice
from plans.planning.models import Plan
from plans.signing.verify import verify
from tests.factories import accounts, inspections, issuing, minutes, pki, schools
from tests.factories.signing import trust_folder
from tests.plans.documents.standards import assert_keeps_standards
from tests.plans.minutes.test_rendering import minutes as document
from tests.plans.signing import making, material

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(tmp_path, settings):
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)


def _fresh(one):
    return Paper.objects.for_page().get(pk=one.paper.pk)


def _sign(one, by, identity=None, password="mat-khau"):
    key = (identity or minutes.certificate_of(by)).p12()
    return signing.sign_paper(
        paper=_fresh(one), source=signing_steps.from_key_file(key, password), by=by
    )


def _content(one):
    return bytes(current_pdf(one.paper).file.content)


def _outside(one, by, field, identity=None, pdf=None, at=None):
    content = making.sign(
        pdf or _content(one), identity or minutes.certificate_of(by), field=field, at=at
    )
    return signing.accept_signed_paper(paper=_fresh(one), content=content, by=by)


def _written():
    return [
        PaperSigner.objects.filter(signed_at__isnull=False).count(),
        *(model.objects.count() for model in (PaperFile, FrozenFile, Event, Notice)),
        list(Inspection.objects.values_list("state", flat=True)),
    ]


def _refused(call):
    """Return the words of a refusal that wrote nothing."""
    before = _written()

    with pytest.raises(ValidationError) as refused:
        call()

    assert _written() == before
    return refused.value.messages[0]


# --- everybody signs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("backwards", [False, True])
def test_both_sides_sign_in_any_order_and_the_last_one_completes(backwards):
    one = minutes.scene(2)
    prepared = _content(one)
    order = one.everybody[::-1] if backwards else one.everybody

    for number, person in enumerate(order, 1):
        assert one.visit.state == InspectionState.MINUTED
        _sign(one, person)
        assert current_pdf(one.paper).sequence == number - 1

    report = verify(_content(one), trust=making.trust(), original=prepared)
    assert report.valid
    fields = field_names(1, 2)[::-1] if backwards else field_names(1, 2)
    assert [found.field for found in report.signatures] == fields
    assert [found.signer for found in report.signatures] == [user.full_name for user in order]
    assert one.visit.state == InspectionState.DONE
    assert one.visit.done_at is not None


def test_place_and_record_say_whose_signature_it_is():
    one = minutes.scene()

    slot = _sign(one, one.lead)

    slot.refresh_from_db()
    assert (slot.side, slot.place, slot.user, slot.by) == (Side.TEAM, 1, one.lead, one.lead)
    assert (slot.subject, slot.certificate_issuer) == (one.lead.full_name, "CA cấp 2 Minh Họa")
    assert (slot.way, slot.has_timestamp) == (KeyWay.KEY_FILE, False)
    assert slot.file.role == FileRole.SIGNED
    event = Event.objects.get(action="paper.sign")
    assert (event.subject_id, event.school_id) == (str(one.paper.pk), one.visit.school_id)
    assert event.after == {
        "signer": one.lead.full_name,
        "way": "key_file",
        "subject": one.lead.full_name,
        "serial": slot.serial,
        "sha256": slot.file.file.sha256,
    }


def test_the_last_signature_is_a_move_of_whoever_made_it_and_both_sides_are_told():
    one = minutes.scene(2)
    officer = inspections.officer(one.visit)
    for person in (*one.team, one.principal):
        _sign(one, person)

    move = Event.objects.get(action="inspection.complete")
    assert (move.actor_id, move.after) == (one.principal.pk, {"state": "done"})
    told = dict(Notice.objects.values_list("person", "path"))
    visit = f"/kiem-tra/{one.visit.pk}/"
    assert told == {officer.pk: visit, one.team[0].pk: "/", one.team[1].pk: "/"}


def test_the_frozen_files_stay_what_they_were():
    one = minutes.scene()
    before = {row.pk: bytes(row.file.content) for row in one.paper.files.all()}

    _sign(one, one.principal)

    after = {row.pk: bytes(row.file.content) for row in one.paper.files.filter(pk__in=before)}
    assert after == before
    assert _content(one).startswith(minutes.prepared_pdf(2))


def test_ones_own_hand_signature_is_drawn():
    one = minutes.scene()
    keep_hand_signature(image=material.picture(material.BLUE), by=one.lead)

    _sign(one, one.principal)
    without = _content(one).count(b"/Subtype /Image")
    _sign(one, one.lead)

    assert _content(one).count(b"/Subtype /Image") > without


def test_the_sight_of_the_team_ends_with_the_last_signature():
    one = minutes.scene(2)
    plan = one.visit.plan
    for person in one.everybody[:-1]:
        _sign(one, person)
    last = one.team[-1]
    assert last.has_perm("plans.read_record", one.visit)
    assert last.has_perm("plans.read_paper", _fresh(one))

    _sign(one, last)

    for person in one.team:
        assert not person.has_perm("plans.read_record", one.visit)
        assert not person.has_perm("plans.read_paper", _fresh(one))
        assert not Paper.objects.visible_to(person).exists()
        assert not Inspection.objects.visible_to(person).exists()
        assert not Plan.objects.visible_to(person).filter(pk=plan.pk).exists()
    assert one.principal.has_perm("plans.read_paper", _fresh(one))


# --- five signers, other programs -------------------------------------------------------------------------


def test_six_signatures_hold_for_us_for_the_command_and_for_poppler(tmp_path, capsys):
    prepared = render_minutes(document(5), DEFAULT_LAYOUT, field_names(1, 5))
    one = minutes.scene(5, pdf=prepared.files[FileRole.PDF])
    for number, person in enumerate(one.everybody):
        if number % 2:
            _outside(one, person, field_names(1, 5)[number])
        else:
            _sign(one, person)

    content = _content(one)
    path = tmp_path / "bien-ban.pdf"
    path.write_bytes(content)
    trust = tmp_path / "tin"
    trust.mkdir()
    report = verify(content, trust=making.trust(), original=prepared.files[FileRole.PDF])
    call_command("verify_pdf", str(path), trust=trust_folder(trust))
    store = making.Nss(tmp_path, pki.root())
    poppler = subprocess.run(
        ["pdfsig", "-nssdir", str(store.folder), str(path)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert (report.valid, len(report.signatures)) == (True, 6)
    assert one.visit.state == InspectionState.DONE
    assert poppler.count("Signature Validation: Signature is Valid.") == 6
    assert one.principal.full_name in capsys.readouterr().out


def test_a_tampered_file_of_six_is_told_apart(tmp_path):
    """The control: one changed letter in what was signed, and an added line after it."""
    one = minutes.scene(2)
    for person in one.everybody:
        _sign(one, person)
    content = _content(one)
    place = content.index(b"endstream") - 3
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]

    assert verify(content, trust=making.trust()).valid
    assert not verify(changed, trust=making.trust()).valid
    assert not verify(content + b"% them\n", trust=making.trust()).valid
    path = tmp_path / "sua.pdf"
    path.write_bytes(changed)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_pdf", str(path), trust=trust_folder(tmp_path))
    assert ended.value.code


def test_minutes_as_they_are_made_are_signed_by_the_head_and_the_team_of_five(visit, tmp_path):
    """From the record to six signatures: the file keeps to PDF/A-2a and PDF/UA-1 as far as it did before."""
    lead = visit.members.get(role="lead").user
    paper = make_minutes(inspection=visit, by=lead, on=date(2026, 4, 22))
    signers = list(paper.signers.order_by("pk"))

    for slot in signers:
        source = signing_steps.from_key_file(minutes.certificate_of(slot.user).p12(), "mat-khau")
        fresh = Paper.objects.for_page().get(pk=paper.pk)
        signing.sign_paper(paper=fresh, source=source, by=slot.user)

    content = bytes(current_pdf(paper).file.content)
    visit.refresh_from_db()
    report = verify(content, trust=making.trust())
    assert (len(signers), visit.state) == (6, InspectionState.DONE)
    assert (report.valid, [one.signer for one in report.signatures]) == (
        True,
        [slot.full_name for slot in signers],
    )
    path = tmp_path / "bien-ban.pdf"
    path.write_bytes(content)
    assert_keeps_standards([path])


# --- who --------------------------------------------------------------------------------------------------


def test_nobody_signs_for_another():
    """Whoever comes, with whatever certificate: what is filled in is their own place or none."""
    one = minutes.scene(2)
    first, second = one.team
    words = (
        f"Chứng thư số ghi tên “{second.full_name}”, còn văn bản ghi người ký là {first.full_name}."
    )

    said = _refused(lambda: _sign(one, first, identity=minutes.certificate_of(second)))

    assert said == words
    assert _sign(one, first).user == first


@pytest.mark.parametrize("role", [Role.VICE_PRINCIPAL, Role.CLERK, Role.STAFF])
def test_others_of_the_school_do_not_sign(role):
    one = minutes.scene()
    other = accounts.member(role, school=one.visit.school, full_name="Phạm Thị Hoa Cúc")

    wanted = signing.NOT_A_SIGNER if role == Role.VICE_PRINCIPAL else signing.NOT_ALLOWED
    assert _refused(lambda: _sign(one, other)) == wanted


def test_the_office_and_people_of_other_schools_do_not_sign():
    one = minutes.scene()
    officer = inspections.officer(one.visit)
    stranger = accounts.member(school=schools.school("Trường khác"), full_name="Lê Thị Mẫu Đơn")

    for person in (officer, stranger):
        assert _refused(lambda person=person: _sign(one, person)) == signing.NOT_ALLOWED


def test_a_head_written_down_without_an_account_signs_by_name():
    one = minutes.scene(principal_has_account=False)
    deputy = accounts.member(
        Role.VICE_PRINCIPAL, school=one.visit.school, full_name="Phạm Thị Hoa Cúc"
    )

    assert _refused(lambda: _sign(one, deputy)) == signing.NOT_A_SIGNER
    assert _sign(one, one.principal).side == Side.SCHOOL


def test_somebody_of_the_team_with_the_heads_name_does_not_sign_for_the_school():
    one = minutes.scene(principal_has_account=False)
    namesake = accounts.user(full_name="Lê Thị Mẫu Đơn")
    inspections.member(one.visit, namesake)

    assert namesake.has_perm("plans.sign_minutes", _fresh(one))
    assert _refused(lambda: _sign(one, namesake)) == signing.NOT_A_SIGNER


def test_who_was_taken_off_the_team_does_not_sign():
    one = minutes.scene()
    seat = TeamMember.objects.filter(inspection=one.visit, user=one.team[1])
    seat.update(removed_at=timezone.now(), removed_by=one.lead)

    assert _refused(lambda: _sign(one, one.team[1])) == signing.NOT_ALLOWED


def test_no_signature_twice():
    one = minutes.scene()
    _sign(one, one.lead)

    assert _refused(lambda: _sign(one, one.lead)) == signing.SIGNED_ALREADY


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": DocumentState.WITHDRAWN, "ended_at": timezone.now()}, signing.NOT_IN_FORCE),
        ({"kind": PaperKind.NOTICE}, signing.NO_MINUTES),
    ],
)
def test_a_paper_that_is_not_to_be_signed_is_not(change, words):
    one = minutes.scene()
    Paper.objects.filter(pk=one.paper.pk).update(**change)

    assert _refused(lambda: _sign(one, one.principal)) == words


def test_minutes_that_are_done_are_not_signed():
    one = minutes.scene(state=InspectionState.DONE)

    assert _refused(lambda: _sign(one, one.principal)) == signing.COMPLETE


def test_an_office_switches_key_files_off_for_both_sides():
    one = minutes.scene()
    body = schools.body("UBND xã Mẫu")
    schools.school_body(one.visit.school, body)
    OfficeRule.objects.create(body=body, allows_key_files=False)

    for person in (one.principal, one.lead):
        said = _refused(lambda person=person: _sign(one, person))
        assert said == signing_steps.NO_KEY_FILES


# --- signed elsewhere -------------------------------------------------------------------------------------


def test_a_file_signed_by_another_program_is_taken_in_byte_for_byte():
    one = minutes.scene()
    signed = making.sign(_content(one), minutes.certificate_of(one.lead), field="ToKiemTra1")

    slot = signing.accept_signed_paper(paper=_fresh(one), content=signed, by=one.lead)

    assert (slot.way, slot.user) == (KeyWay.OUTSIDE, one.lead)
    assert _content(one) == signed


def test_a_signature_in_a_field_of_its_own_is_taken_in():
    one = minutes.scene()

    assert _outside(one, one.lead, "ChuKyKhac").user == one.lead


def test_nobody_uploads_the_signature_of_another():
    one = minutes.scene()
    lead, second = one.team
    theirs = making.sign(_content(one), minutes.certificate_of(second), field="ToKiemTra2")
    in_my_field = making.sign(_content(one), minutes.certificate_of(second), field="ToKiemTra1")
    strange = making.sign(_content(one), minutes.certificate_of(second), field="Khac")

    def by_lead(content):
        return _refused(
            lambda: signing.accept_signed_paper(paper=_fresh(one), content=content, by=lead)
        )

    assert by_lead(theirs) == signing.OTHER_FIELD
    assert by_lead(in_my_field).startswith("Chứng thư số ghi tên")
    assert by_lead(strange).startswith("Chứng thư số ghi tên")


def test_what_is_not_our_bytes_and_one_signature_is_refused():
    one = minutes.scene()
    ours, mine = _content(one), minutes.certificate_of(one.lead)
    signed = making.sign(ours, mine, field="ToKiemTra1")
    foreign = making.sign(minutes.prepared_pdf(2, "Biên bản khác"), mine, field="ToKiemTra1")
    cases = {
        "unsigned": (ours, signing_steps.NO_NEW_SIGNATURE),
        "foreign": (foreign, signing_steps.NOT_OURS),
        "rewritten": (issuing.small_pdf(), signing_steps.NOT_OURS),
        "no pdf": (b"PK bien ban", signing_steps.NOT_OURS),
        "nothing": (b"", signing_steps.NOT_OURS),
        "appended": (signed + b"% them vao\n", signing_steps.NOT_OURS),
        "cut": (signed[:-200], signing_steps.NOT_OURS),
        "stranger": (
            making.sign(ours, pki.stranger(), field="ToKiemTra1"),
            signing_steps.NOT_VALID,
        ),
        "two": (
            making.sign(signed, minutes.certificate_of(one.team[1]), field="ToKiemTra2"),
            signing_steps.SEVERAL_NEW,
        ),
    }

    for name, (content, words) in cases.items():
        said = _refused(
            lambda content=content: signing.accept_signed_paper(
                paper=_fresh(one), content=content, by=one.lead
            )
        )
        assert said.startswith(words), name


def test_a_signature_that_claims_a_time_before_the_minutes_is_refused():
    one = minutes.scene()
    early = one.paper.made_at - timedelta(days=3)

    said = _refused(lambda: _outside(one, one.lead, "ToKiemTra1", at=early))

    assert said == signing_steps.WRONG_CLOCK


# --- two at once ------------------------------------------------------------------------------------------


def test_who_signs_while_another_one_does_is_asked_again_and_writes_nothing():
    one = minutes.scene()
    key = minutes.certificate_of(one.lead).p12()
    source = signing_steps.from_key_file(key, "mat-khau")

    def key_while_the_other_signs(trust, at):
        _sign(one, one.team[1])
        return source.key(trust, at)

    with pytest.raises(ValidationError) as refused:
        signing.sign_paper(
            paper=_fresh(one),
            source=signing_steps.KeySource(KeyWay.KEY_FILE, key_while_the_other_signs),
            by=one.lead,
        )

    assert refused.value.messages == [signing_steps.SIGNED_MEANWHILE]
    assert [s.user for s in one.paper.signers.exclude(signed_at=None)] == [one.team[1]]
    assert one.paper.files.filter(role=FileRole.SIGNED).count() == 1
    assert _sign(one, one.lead).user == one.lead


@pytest.mark.django_db(transaction=True)
def test_three_who_press_at_once_never_lose_a_signature():
    one = minutes.scene(2)
    together = Barrier(3)
    keys = {user.pk: minutes.certificate_of(user) for user in one.everybody}

    def press(user):
        together.wait()
        try:
            return _sign(one, user, identity=keys[user.pk]).full_name
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(press, one.everybody))

    signed = {slot.full_name for slot in one.paper.signers.exclude(signed_at=None)}
    report = verify(_content(one), trust=making.trust(), original=minutes.prepared_pdf(2))
    assert signed
    assert set(answers) - signed <= {signing_steps.SIGNED_MEANWHILE}
    assert {found.signer for found in report.signatures} == signed
    assert report.valid
    done = len(signed) == 3
    assert (one.visit.state == InspectionState.DONE) == done
