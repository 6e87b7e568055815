"""Signing a document: two people, two steps, in any order; what is refused leaves no trace."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from plans.accounts.roles import Role
from plans.history.models import Event
from plans.issuing import signatures, signing_steps
from plans.issuing.enums import DocumentState, FileRole, KeyWay, SignatureRole
from plans.issuing.files import current_pdf
from plans.issuing.images import keep_hand_signature, keep_seal_image
from plans.issuing.models import DocumentFile, FrozenFile, IssuedDocument, OfficeRule, Signature
from plans.signing.refusal import Reason
from plans.signing.verify import verify
from tests.factories import accounts, pki, schools
from tests.factories.issuing import small_pdf
from tests.factories.signing import prepared_pdf, scene, trust_folder
from tests.plans.signing import making, material

pytestmark = pytest.mark.django_db
SIGNER, SEAL = SignatureRole.SIGNER, SignatureRole.SEAL
KEYS = {SIGNER: pki.principal, SEAL: pki.school}


@pytest.fixture(autouse=True)
def _trust(tmp_path, settings):
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)


def _who(one, role):
    return one.principal if role == SIGNER else one.clerk


def _sign(one, role, *, by=None, identity=None, password="mat-khau", at=None):
    return signatures.sign_document(
        document=one.document,
        role=role,
        source=signing_steps.from_key_file((identity or KEYS[role]()).p12(), password),
        by=by or _who(one, role),
        at=at,
    )


def _content(document):
    return bytes(current_pdf(document).file.content)


def _written():
    return [model.objects.count() for model in (Signature, DocumentFile, FrozenFile, Event)]


def _refused(call):
    """Return the words of a refusal that wrote nothing."""
    before = _written()

    with pytest.raises(ValidationError) as refused:
        call()

    assert _written() == before
    return refused.value.messages[0]


# --- with a key file --------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(SIGNER, SEAL), (SEAL, SIGNER)])
def test_two_people_sign_in_either_order(order):
    one = scene()
    prepared = _content(one.document)

    made = [_sign(one, role) for role in order]

    content = _content(one.document)
    report = verify(content, trust=making.trust(), original=prepared)
    fields = [signatures.FIELDS[role] for role in order]
    assert report.valid
    assert [found.field for found in report.signatures] == fields
    assert [row.file.sequence for row in made] == [0, 1]
    assert bytes(made[1].file.file.content).startswith(bytes(made[0].file.file.content))


def test_row_and_record_say_whose_signature_it_is():
    one = scene()

    row = _sign(one, SIGNER)

    serial = f"{pki.principal().certificate.serial_number:X}"
    assert (row.subject, row.certificate_issuer) == ("Lê Thị Mẫu Đơn", "CA cấp 2 Minh Họa")
    assert (row.way, row.role, row.by) == (KeyWay.KEY_FILE, SIGNER, one.principal)
    assert int(row.serial, 16) == int(serial, 16)
    assert not row.has_timestamp
    event = Event.objects.latest("pk")
    assert (event.action, event.subject_id) == ("document.sign", str(one.document.pk))
    assert event.after == {
        "role": "signer",
        "way": "key_file",
        "subject": "Lê Thị Mẫu Đơn",
        "serial": row.serial,
        "sha256": row.file.file.sha256,
    }


def test_the_unsigned_file_stays_what_it_was():
    one = scene()

    _sign(one, SIGNER)

    unsigned = one.document.files.get(role=FileRole.PDF)
    assert bytes(unsigned.file.content) == prepared_pdf()


def test_stored_pictures_are_drawn():
    one = scene()
    keep_hand_signature(image=material.picture(material.BLUE), by=one.principal)
    keep_seal_image(
        school=one.document.school,
        image=material.picture(material.RED),
        valid_from=date(2025, 1, 1),
        by=one.clerk,
    )

    _sign(one, SIGNER)
    _sign(one, SEAL)

    assert _content(one.document).count(b"/Subtype /Image") >= 2


@pytest.mark.parametrize(
    ("identity", "password", "words"),
    [
        (pki.principal, "sai", Reason.WRONG_PASSWORD.value),
        (pki.wrong_usage, "mat-khau", Reason.WRONG_USAGE.value),
        (pki.stranger, "mat-khau", Reason.UNKNOWN_ISSUER.value),
    ],
)
def test_a_key_that_must_not_sign_is_refused(identity, password, words):
    one = scene()

    said = _refused(lambda: _sign(one, SIGNER, identity=identity(), password=password))

    assert said == words


def test_an_expired_certificate_is_refused_with_its_day():
    one = scene()

    said = _refused(lambda: _sign(one, SIGNER, identity=pki.expired()))

    assert said.startswith(Reason.EXPIRED.value)


def test_no_error_of_a_refusal_holds_the_password():
    one = scene()

    with pytest.raises(ValidationError) as refused:
        _sign(one, SIGNER, password="mat-khau-bi-mat")

    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_without_a_folder_of_trust_nobody_signs(settings):
    settings.KCL_TRUST_DIR = ""
    one = scene()

    assert _refused(lambda: _sign(one, SIGNER)) == Reason.UNKNOWN_ISSUER.value


def test_an_office_switches_key_files_off():
    one = scene()
    body = schools.body("UBND xã Mẫu")
    schools.school_body(one.document.school, body)
    OfficeRule.objects.create(body=body, allows_key_files=False)

    assert _refused(lambda: _sign(one, SIGNER)) == signing_steps.NO_KEY_FILES


# --- who --------------------------------------------------------------------------------------------------


def test_one_person_does_not_make_both_signatures():
    one = scene()
    accounts.membership(one.principal, Role.CLERK, school=one.document.school)
    _sign(one, SIGNER)

    said = _refused(lambda: _sign(one, SEAL, by=one.principal))

    assert said == signatures.TWO_PEOPLE


def test_only_who_is_named_in_the_document_signs():
    one = scene()
    deputy = accounts.member(
        Role.VICE_PRINCIPAL, school=one.document.school, full_name="Phạm Thị Hoa Cúc"
    )

    said = _refused(lambda: _sign(one, SIGNER, by=deputy))

    assert said == "Văn bản này ghi người ký là Lê Thị Mẫu Đơn, nên chỉ người ấy ký được."


def test_nobody_signs_without_the_right():
    one = scene()

    assert _refused(lambda: _sign(one, SEAL, by=one.principal)) == signatures.NOT_ALLOWED
    assert _refused(lambda: _sign(one, SIGNER, by=one.clerk)) == signatures.NOT_ALLOWED


def test_the_signers_certificate_must_name_the_signer():
    one = scene()

    said = _refused(lambda: _sign(one, SIGNER, identity=pki.school()))

    assert said == (
        "Chứng thư số ghi tên “Trường Mầm non Hoa Sen Mẫu”, còn văn bản ghi người ký là Lê Thị Mẫu Đơn."
    )


def test_the_seal_is_not_set_with_the_signers_certificate():
    one = scene()

    said = _refused(lambda: _sign(one, SEAL, identity=pki.principal()))

    assert said == signatures.SIGNERS_CERTIFICATE


def test_no_signature_twice():
    one = scene()
    _sign(one, SIGNER)

    assert _refused(lambda: _sign(one, SIGNER)) == signatures.SIGNED_ALREADY


@pytest.mark.parametrize("state", [DocumentState.REPLACED, DocumentState.WITHDRAWN])
def test_a_document_out_of_force_is_not_signed(state):
    one = scene(state=state)

    assert _refused(lambda: _sign(one, SIGNER)) == signatures.NOT_IN_FORCE


# --- signed elsewhere -------------------------------------------------------------------------------------


def _accept(one, content, role=None, by=None):
    return signatures.accept_outside(
        document=one.document, content=content, role=role, by=by or one.principal
    )


def _by_pyhanko(pdf, identity=None, field="NguoiKy"):
    return making.sign(pdf, identity or pki.principal(), field=field)


def test_a_file_signed_by_another_program_is_taken_in_byte_for_byte():
    one = scene()
    signed = _by_pyhanko(_content(one.document))

    row = _accept(one, signed)

    assert (row.role, row.way) == (SIGNER, KeyWay.OUTSIDE)
    assert _content(one.document) == signed


def test_the_field_says_whose_signature_came_in():
    one = scene()
    signed = _by_pyhanko(_content(one.document), pki.school(), "CoQuan")

    assert _accept(one, signed, by=one.clerk).role == SEAL


def test_a_signature_in_a_field_of_its_own_is_told_by_the_certificate():
    one = scene()
    signed = _by_pyhanko(_content(one.document), field="ChuKyKhac")

    assert _accept(one, signed).role == SIGNER


def test_a_signature_in_the_other_ones_field_is_refused():
    one = scene()
    signed = _by_pyhanko(_content(one.document), field="CoQuan")

    assert _refused(lambda: _accept(one, signed, SIGNER)) == signatures.OTHER_FIELD


def test_both_ways_meet_in_one_document():
    one = scene()
    _accept(one, _by_pyhanko(_content(one.document)))

    _sign(one, SEAL)

    assert verify(_content(one.document), trust=making.trust()).valid


def test_poppler_signs_outside(tmp_path):
    one = scene()
    folder = tmp_path / "nss"
    folder.mkdir()
    store = making.Nss(folder, pki.principal())

    row = _accept(
        one, store.sign(_content(one.document), pki.principal(), field="Khac", is_new=True)
    )

    assert (row.role, row.subject) == (SIGNER, "Lê Thị Mẫu Đơn")


def test_what_is_not_our_bytes_and_one_signature_is_refused():
    one = scene()
    ours = _content(one.document)
    other = _by_pyhanko(prepared_pdf("Văn bản khác"))
    signed = _by_pyhanko(ours)
    cases = {
        "unsigned": (ours, signing_steps.NO_NEW_SIGNATURE),
        "other file": (other, signing_steps.NOT_OURS),
        "rewritten": (small_pdf(), signing_steps.NOT_OURS),
        "no pdf": (b"PK van ban", signing_steps.NOT_OURS),
        "nothing": (b"", signing_steps.NOT_OURS),
        "appended": (signed + b"% them vao\n", signing_steps.NOT_OURS),
        "cut": (signed[:-200], signing_steps.NOT_OURS),
        "stranger": (_by_pyhanko(ours, pki.stranger()), signing_steps.NOT_VALID),
        "expired": (_by_pyhanko(ours, pki.expired()), signing_steps.NOT_VALID),
        "two": (_by_pyhanko(signed, pki.school(), "CoQuan"), signing_steps.SEVERAL_NEW),
    }

    for name, (content, words) in cases.items():
        said = _refused(lambda content=content: _accept(one, content))
        assert said.startswith(words), name


def test_a_flipped_bit_in_the_signature_is_refused():
    one = scene()
    signed = bytearray(_by_pyhanko(_content(one.document)))
    place = (
        signed.index(b"0000000000", signed.rindex(b"/Contents <")) - 60
    )  # the signature ends there
    signed[place] = ord("0") if signed[place] != ord("0") else ord("1")

    _refused(lambda: _accept(one, bytes(signed)))


# --- two at once ------------------------------------------------------------------------------------------


def test_a_file_that_was_signed_on_the_bytes_before_is_refused():
    one = scene()
    ours = _content(one.document)
    principals, schools_own = _by_pyhanko(ours), _by_pyhanko(ours, pki.school(), "CoQuan")
    _accept(one, principals)

    said = _refused(lambda: _accept(one, schools_own, by=one.clerk))
    spoilt = _refused(lambda: _accept(one, schools_own + b"% them\n", by=one.clerk))

    assert said == signing_steps.SIGNED_SINCE
    assert spoilt.startswith(signing_steps.NOT_OURS)
    assert _content(one.document) == principals


def test_who_signs_while_another_one_does_is_told_and_writes_nothing():
    one = scene()

    def key_while_the_seal_is_set(trust, at):
        _sign(one, SEAL)
        return material.key()

    with pytest.raises(ValidationError) as refused:
        signatures.sign_document(
            document=one.document,
            role=SIGNER,
            source=signing_steps.KeySource(KeyWay.KEY_FILE, key_while_the_seal_is_set),
            by=one.principal,
            at=datetime.now(UTC),
        )

    assert refused.value.messages == [signing_steps.SIGNED_MEANWHILE]
    assert [row.role for row in one.document.signatures.all()] == [SEAL]
    assert one.document.files.filter(role=FileRole.SIGNED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_never_lose_a_signature():
    """Whoever comes second is told, or signs what the first one left; no file is built on bytes that are past."""
    one = scene()
    both = Barrier(2)

    def press(role):
        both.wait()
        try:
            return _sign(one, role).role
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, (SIGNER, SEAL)))

    rows = {row.role for row in one.document.signatures.all()}
    report = verify(_content(one.document), trust=making.trust(), original=prepared_pdf())
    assert rows == {answer for answer in answers if answer in list(SignatureRole)}
    assert rows
    assert set(answers) - rows <= {signing_steps.SIGNED_MEANWHILE}
    assert (report.valid, len(report.signatures)) == (True, len(rows))


# --- what outside signing may not get round ---------------------------------------------------------------


def test_a_signature_that_claims_a_time_before_the_document_is_refused() -> None:
    one = scene()
    early = one.document.issued_at - timedelta(days=3)
    content = making.sign(_content(one.document), pki.principal(), at=early)

    with pytest.raises(ValidationError, match="chỉnh đồng hồ"):
        _accept(one, content)

    assert not one.document.signatures.exists()


def test_a_certificate_that_ended_is_refused_whatever_time_the_signature_claims() -> None:
    now = timezone.now()
    ended = pki.identity(
        "Lê Thị Mẫu Đơn", issuer=pki.intermediate(), valid_to=now - timedelta(minutes=5)
    )
    one = scene()
    IssuedDocument.objects.filter(pk=one.document.pk).update(issued_at=now - timedelta(hours=2))
    one.document.refresh_from_db()
    claimed = now - timedelta(minutes=30)
    content = making.sign(_content(one.document), ended, at=claimed)

    with pytest.raises(ValidationError, match="hết hạn"):
        _accept(one, content)
