"""Minutes signed in every way there is: a key of one's own, the server's token, a service, another program, ink."""

import uuid
from contextlib import contextmanager

import pkcs11
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from plans.history.models import Event
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing import signing_steps
from plans.issuing.enums import FileRole, KeyWay
from plans.issuing.models import FrozenFile
from plans.minutes import signing
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper, PaperFile, PaperSigner
from plans.minutes.papers import redo_minutes
from plans.replying.concluding import resume_visit
from plans.signing.refusal import Reason
from plans.signing.verify import verify
from tests.factories import minutes
from tests.factories.issuing import small_pdf
from tests.factories.signing import trust_folder
from tests.plans.signing import making
from tests.plans.signing.test_remote import PIN as REMOTE_PIN
from tests.plans.signing.test_remote import TOKEN as ACCESS
from tests.plans.signing.test_remote import fake_service
from tests.plans.signing.test_tokens import (  # noqa: F401  fixture
    LABEL,
    LIBRARY,
    PIN,
    _put_certificate,
    _put_key,
    token,
)
from tests.plans.web.signing.test_signing_pages import PASSWORD, _named, _text, _web

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(tmp_path, settings):
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)


@pytest.fixture
def one():
    """The head of a school and a team of three."""
    return minutes.scene(3)


@pytest.fixture
def key_of(token, settings):  # noqa: F811
    """How the key of a person comes into the server's token; what the certificate is called there comes back."""
    settings.KCL_PKCS11_LIBRARY, settings.KCL_PKCS11_TOKEN = LIBRARY, LABEL

    def put(person):
        number, label = uuid.uuid4().bytes, f"nguoi-{uuid.uuid4().hex[:8]}"
        place = pkcs11.lib(LIBRARY).get_token(token_label=LABEL)
        with place.open(rw=True, user_pin=PIN) as session:
            _put_certificate(session, minutes.certificate_of(person), label, number)
            _put_key(session, minutes.certificate_of(person), label, number)
        return label

    return put


@contextmanager
def service_of(settings, person, **spoil):
    """A remote service that keeps the key of a person."""
    with fake_service(minutes.certificate_of(person), **spoil) as (server, service):
        settings.KCL_CSC_URL, settings.KCL_CSC_TOKEN = service.url, ACCESS
        yield server


def _fresh(one):
    return Paper.objects.for_page().get(pk=one.paper.pk)


def _content(one):
    return bytes(current_pdf(one.paper).file.content)


def _page(one, name="sign"):
    return reverse(f"minutes:{name}", args=[one.paper.pk])


def _post(one, person, way, **typed):
    return _web(person).post(_page(one), {"way": way, **typed})


def _by_key_file(one, person):
    key = _named(minutes.certificate_of(person).p12(PASSWORD), "khoa.p12")
    return _post(one, person, "key_file", key_file=key, key_password=PASSWORD)


def _by_token(one, person, certificate, pin=PIN):
    return _post(one, person, "token", certificate=certificate, pin_password=pin)


def _remotely(one, person, pin=REMOTE_PIN):
    return _post(one, person, "remote", credential="ca-nhan-01", pin_password=pin)


def _signed_elsewhere(pdf, person, field):
    return making.sign(pdf, minutes.certificate_of(person), field=field)


def _bring(one, person, content):
    return _post(one, person, "outside", signed_file=_named(content, "da-ky.pdf"))


def _ways(one):
    rows = one.paper.signers.order_by("pk").values_list("full_name", "way")
    return dict(rows)


def _written():
    return [
        PaperSigner.objects.filter(signed_at__isnull=False).count(),
        *(model.objects.count() for model in (PaperFile, FrozenFile, Event)),
        list(Inspection.objects.values_list("state", flat=True)),
    ]


def _refused(post):
    """Return what the page says of a refusal that wrote nothing."""
    before = _written()
    answer = post()
    assert answer.status_code == 422
    assert _written() == before
    return _text(answer)


# --- every way --------------------------------------------------------------------------------------------


def test_four_people_sign_each_in_another_way(one, key_of, settings):
    second, third = one.team[1:]
    prepared = _content(one)

    answers = [_by_key_file(one, one.principal), _by_token(one, one.lead, key_of(one.lead))]
    with service_of(settings, second):
        answers.append(_remotely(one, second))
    handed = _web(third).get(_page(one, "sign_current")).content
    answers.append(_bring(one, third, _signed_elsewhere(handed, third, "ToKiemTra3")))

    assert [answer.status_code for answer in answers] == [302] * 4
    report = verify(_content(one), trust=making.trust(), original=prepared)
    assert report.valid
    assert [found.signer for found in report.signatures] == [p.full_name for p in one.everybody]
    assert list(_ways(one).values()) == ["key_file", "token", "remote", "outside"]
    assert one.visit.state == InspectionState.DONE


def test_three_sign_here_and_the_fourth_with_ink(one, key_of, settings):
    """The scan bears the signature that the file lacks; whoever leads the team says that both sides signed."""
    second, third = one.team[1:]
    _by_key_file(one, one.principal)
    _by_token(one, one.lead, key_of(one.lead))
    with service_of(settings, second):
        _remotely(one, second)
    scan = {"file": _named(small_pdf("Quét"), "quet.pdf"), "note": ""}

    _web(one.lead).post(_page(one, "scan"), scan | {"complete": "on"})

    assert one.visit.state == InspectionState.DONE
    assert list(_ways(one).values()) == ["key_file", "token", "remote", ""]
    text = _text(_web(one.principal).get(_page(one)))
    assert text.count("Đã ký số</span>") == 3
    assert text.count("Ký trên giấy, xem bản quét</span>") == 1
    assert _by_key_file(one, third).status_code in (403, 404)


def test_ways_that_are_not_set_up_are_neither_shown_nor_taken(one):
    """The control: without settings the page offers two ways, and a post that names another writes nothing."""
    text = _text(_web(one.lead).get(_page(one)))

    assert [way for way in KeyWay if f'id="cach-{way}"' in text] == ["key_file", "outside"]
    for post in (lambda: _by_token(one, one.lead, "x"), lambda: _remotely(one, one.lead)):
        assert signing_steps.NOT_SET_UP in _refused(post)


# --- what stands against it -------------------------------------------------------------------------------


def test_the_certificate_of_another_in_token_and_service_is_refused(one, key_of, settings):
    second = one.team[1]
    words = f"Chứng thư số ghi tên “{second.full_name}”, còn văn bản ghi người ký là"
    label = key_of(second)

    assert words in _refused(lambda: _by_token(one, one.lead, label))
    with service_of(settings, second):
        assert words in _refused(lambda: _remotely(one, one.lead))


def test_wrong_pins_and_a_service_that_fails_are_told(one, key_of, settings):
    label = key_of(one.lead)

    assert Reason.WRONG_PIN.value in _refused(lambda: _by_token(one, one.lead, label, "sai-pin-1"))
    with service_of(settings, one.lead):
        assert Reason.WRONG_PIN.value in _refused(lambda: _remotely(one, one.lead, "sai-pin-2"))
    with service_of(settings, one.lead, signatures_signHash=(500, b"x")):
        assert Reason.SERVICE_FAILED.value in _refused(lambda: _remotely(one, one.lead))
    assert Reason.SERVICE_FAILED.value in _refused(lambda: _remotely(one, one.lead))  # it is gone


def test_a_file_signed_before_somebody_else_signed_is_told_apart_from_a_foreign_one(one):
    """Several people take the file to their own programs; who comes back second signs the newer one."""
    handed = _content(one)
    second, third = one.team[1:]
    _bring(one, third, _signed_elsewhere(handed, third, "ToKiemTra3"))
    late = _signed_elsewhere(handed, second, "ToKiemTra2")

    assert signing_steps.SIGNED_SINCE in _refused(lambda: _bring(one, second, late))
    assert signing_steps.SIGNED_SINCE in _refused(lambda: _bring(one, second, handed))
    foreign = _signed_elsewhere(minutes.prepared_pdf(3, "Khác"), second, "ToKiemTra2")
    for content in (foreign, late + b"% them\n", late[:-100]):
        said = _refused(lambda content=content: _bring(one, second, content))
        assert signing_steps.NOT_OURS in said
    again = _signed_elsewhere(_content(one), second, "ToKiemTra2")
    assert _bring(one, second, again).status_code == 302


@pytest.mark.parametrize("way", [KeyWay.TOKEN, KeyWay.REMOTE])
def test_who_signs_while_the_key_is_far_away_comes_first(one, key_of, settings, way):
    lead, second = one.team[:2]
    label = key_of(lead)

    def meanwhile(source):
        def key(trust, at):
            assert _by_key_file(one, second).status_code == 302
            return source.key(trust, at)

        return signing_steps.KeySource(source.way, key)

    with service_of(settings, lead):
        source = {
            KeyWay.TOKEN: signing_steps.from_token(label, PIN),
            KeyWay.REMOTE: signing_steps.from_service("ca-nhan-01", REMOTE_PIN),
        }[way]
        with pytest.raises(ValidationError) as refused:
            signing.sign_paper(paper=_fresh(one), source=meanwhile(source), by=lead)
        assert refused.value.messages == [signing_steps.SIGNED_MEANWHILE]
        assert {name for name, used in _ways(one).items() if used} == {second.full_name}

        signing.sign_paper(paper=_fresh(one), source=source, by=lead)

    assert _ways(one)[lead.full_name] == way
    assert verify(_content(one), trust=making.trust()).valid


@pytest.mark.parametrize("reopened", [False, True])
def test_minutes_withdrawn_while_somebody_signs_elsewhere_take_no_signature(
    one, settings, reopened
):
    """Withdrawn to be made anew, and the visit perhaps opened again: neither a service nor a file brings a signature."""
    lead, second = one.team[:2]
    handed = _signed_elsewhere(_content(one), second, "ToKiemTra2")
    Inspection.objects.update(
        replied_at=None, replied_by=None
    )  # what was answered closes the way back

    def withdraw():
        redo_minutes(inspection=one.visit, by=lead, reason="Thiếu một nhận xét")
        if reopened:
            resume_visit(inspection=one.visit, by=lead, reason="Ghi thêm nhận xét")

    with service_of(settings, lead):
        source = signing_steps.from_service("ca-nhan-01", REMOTE_PIN)

        def key_while_withdrawn(trust, at):
            withdraw()
            return source.key(trust, at)

        with pytest.raises(ValidationError) as refused:
            signing.sign_paper(
                paper=_fresh(one),
                source=signing_steps.KeySource(KeyWay.REMOTE, key_while_withdrawn),
                by=lead,
            )

    assert refused.value.messages == [signing.NOT_IN_FORCE]
    state = InspectionState.OPEN if reopened else InspectionState.CONCLUDED
    assert one.visit.state == state
    assert one.paper.files.filter(role=FileRole.SIGNED).count() == 0
    late = _bring(one, second, handed)
    assert (late.status_code, one.paper.files.count()) == (403, 1)
    assert signing.NOT_IN_FORCE in _text(_web(second).get(_page(one)))
