"""An office's notice and report wait for a signature: who signs, how, what the school sees before and after."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.states import InspectionState
from plans.issuing import signing_steps
from plans.issuing.enums import DocumentState, FileRole
from plans.issuing.models import OfficeRule
from plans.minutes import numbers, official
from plans.minutes.fields import OFFICE_FIELD
from plans.minutes.files import current_pdf
from plans.minutes.going_out import NOT_PLANNED
from plans.minutes.models import Paper, PaperKind, PaperSigner
from plans.minutes.papers import CALLED_OFF, TEAM_CHANGED, end_notice
from plans.notices.models import Notice
from plans.schools.models import ManagingBody
from plans.signing.verify import verify
from plans.web.inspecting.people import NOTICE_ENDED, NOTICE_OLD
from tests.factories import accounts, inspections, minutes, schools
from tests.factories.issuing import small_pdf
from tests.factories.signing import trust_folder
from tests.plans.signing import making
from tests.plans.web.minutes.conftest import browser
from tests.plans.web.signing.test_signing_pages import PASSWORD, _named, _text

pytestmark = pytest.mark.django_db

NAME = "Trần Văn Trưởng Phòng"


@pytest.fixture(autouse=True)
def _trust(tmp_path, settings):
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)


@pytest.fixture
def head(office: ManagingBody) -> User:
    """The head of the office."""
    return accounts.member(Role.BODY_LEAD, body=office, full_name=NAME)


@pytest.fixture
def officer(office: ManagingBody) -> User:
    return accounts.member(Role.OFFICER, body=office, full_name="Lê Thị Công Vụ")


def _form(number: str = "07/TB-VHXH", **typed: str) -> dict[str, str]:
    given = {"issued_on": f"{timezone.localdate():%d/%m/%Y}", "number": number}
    return given | {"capacity": "TRƯỞNG PHÒNG", "signer": NAME, "recipients": "Lưu: VT"} | typed


def _asked(by: User, visit: Inspection, number: str = "07/TB-VHXH") -> Paper:
    """The notice of a visit as an officer hands it in to be signed."""
    typed = _form(number, trinh_ky="1")
    answer = browser(by).post(reverse("minutes:notice", args=[visit.pk]), typed)
    assert answer.status_code == 302
    return Paper.objects.waiting().get(inspection=visit)


def _at(paper: Paper, name: str) -> str:
    return reverse(f"minutes:{name}", args=[paper.pk])


def _key_file(web: Client, paper: Paper, person: User, name: str = "official_sign"):
    key = _named(minutes.certificate_of(person).p12(PASSWORD), "khoa.p12")
    data = {"way": "key_file", "key_file": key, "key_password": PASSWORD}
    return web.post(_at(paper, name), data)


def _state(paper: Paper) -> tuple[bool, str, int]:
    paper.refresh_from_db()
    return paper.waits, paper.state, paper.files.count()


def _told_to_school(visit: Inspection) -> list[str]:
    """The deeds about papers that stand in the record which the school reads."""
    rows = Event.objects.filter(school_id=visit.school_id, subject_name__startswith="THÔNG BÁO")
    return list(rows.order_by("pk").values_list("action", flat=True))


# --- the notice -------------------------------------------------------------------------------------------


def test_a_notice_goes_out_with_the_signature_of_the_head(
    planned: Inspection, officer: User, head: User, principal: User
) -> None:
    paper = _asked(officer, planned)
    school = browser(principal)
    assert dict(Notice.objects.values_list("person", "path")) == {head.pk: _at(paper, "official")}
    assert school.get(_at(paper, "paper")).status_code == 404
    planned.refresh_from_db()
    assert planned.notified_at is None
    assert (list(Inspection.objects.untold()), _told_to_school(planned)) == ([planned], [])

    web = browser(head)
    page = _text(web.get(_at(paper, "official")))
    answer = _key_file(web, paper, head)

    assert "Chờ ký, chưa phát hành" in page
    assert answer.headers["Location"] == _at(paper, "paper")
    assert _state(paper) == (False, DocumentState.IN_FORCE, 3)
    planned.refresh_from_db()
    assert planned.notified_at is not None
    report = verify(bytes(current_pdf(paper).file.content), trust=making.trust())
    assert report.valid
    assert [(one.field, one.signer) for one in report.signatures] == [(OFFICE_FIELD, NAME)]
    shown = _text(school.get(_at(paper, "paper")))
    assert "Đã ký số</span>" in shown
    assert shown.index("Bản PDF đã ký số") < shown.index("Bản PDF chưa ký")
    assert Notice.objects.filter(person=principal).get().path == _at(paper, "paper")
    assert Event.objects.get(action="official.sign").after["signer"] == NAME
    assert (list(Inspection.objects.untold()), _told_to_school(planned)[0]) == ([], "paper.send")
    looked_up = _text(Client().get(reverse("public:check", args=[paper.code])))
    assert "Văn bản đang có hiệu lực" in looked_up
    assert "hai bên" not in looked_up


def test_a_notice_signed_by_another_program_goes_out(
    planned: Inspection, officer: User, head: User
) -> None:
    paper, web = _asked(officer, planned), browser(head)
    handed = web.get(_at(paper, "official_current")).content
    signed = making.sign(handed, minutes.certificate_of(head), field=OFFICE_FIELD)
    foreign = making.sign(small_pdf("Khác"), minutes.certificate_of(head), field="Khac")

    def bring(content: bytes):
        data = {"way": "outside", "signed_file": _named(content, "da-ky.pdf")}
        return web.post(_at(paper, "official_sign"), data)

    refused = bring(foreign)
    assert (refused.status_code, _state(paper)[0]) == (422, True)
    assert signing_steps.NOT_OURS in _text(refused)
    assert bring(signed).status_code == 302
    assert bytes(current_pdf(paper).file.content) == signed


def test_a_signed_scan_stands_in_its_place(
    planned: Inspection, officer: User, head: User, principal: User
) -> None:
    """Without a number too: it is written on the paper by hand."""
    paper = _asked(officer, planned, number="")
    assert official.NO_NUMBER in _text(browser(head).get(_at(paper, "official")))
    assert _key_file(browser(head), paper, head).status_code == 422

    answer = browser(officer).post(
        _at(paper, "official_scan"), {"file": _named(small_pdf("Quét"), "quet.pdf"), "note": ""}
    )

    assert answer.headers["Location"] == _at(paper, "paper")
    assert _state(paper) == (False, DocumentState.IN_FORCE, 3)
    shown = _text(browser(principal).get(_at(paper, "paper")))
    assert "Ký trên giấy, xem bản quét" in shown
    fresh = Paper.objects.for_page().get(pk=paper.pk)
    assert [one.role for one in fresh.files_to_take] == [
        *(FileRole.SCAN, FileRole.PDF, FileRole.DOCX)
    ]


def test_a_notice_that_waits_for_nobody_goes_out_at_once_and_takes_a_scan_later(
    planned: Inspection, officer: User, head: User, principal: User
) -> None:
    browser(officer).post(reverse("minutes:notice", args=[planned.pk]), _form())
    paper = Paper.objects.get()
    assert _state(paper) == (False, DocumentState.IN_FORCE, 2)
    assert browser(principal).get(_at(paper, "paper")).status_code == 200
    assert PaperSigner.objects.count() == 0
    assert _key_file(browser(head), paper, head).status_code == 403  # nothing waits

    scan = {"file": _named(small_pdf("Quét"), "quet.pdf"), "note": "Bản có dấu"}
    browser(officer).post(_at(paper, "official_scan"), scan)

    assert paper.files.get(role=FileRole.SCAN).note == "Bản có dấu"
    assert Notice.objects.filter(person=principal).count() == 1  # told once


def test_the_notice_in_force_stays_until_the_next_one_is_signed(
    planned: Inspection, officer: User, head: User, principal: User
) -> None:
    browser(officer).post(reverse("minutes:notice", args=[planned.pk]), _form())
    first = Paper.objects.get()
    abandoned = _asked(officer, planned, "08/TB-VHXH")
    second = _asked(officer, planned, "08/TB-VHXH")

    assert _state(abandoned)[1] == DocumentState.REPLACED
    assert _state(first)[1] == DocumentState.IN_FORCE
    listed = _text(browser(principal).get(reverse("minutes:of_visit", args=[planned.pk])))
    assert _at(first, "paper") in listed
    assert _at(second, "paper") not in listed

    _key_file(browser(head), second, head)

    assert (_state(first)[1], _state(second)[:2]) == (
        DocumentState.REPLACED,
        (False, DocumentState.IN_FORCE),
    )
    assert browser(head).get(_at(abandoned, "official")).status_code == 403


# --- who, and what stands against it ----------------------------------------------------------------------


def test_only_the_one_who_is_named_signs_with_their_own_certificate(
    planned: Inspection, officer: User, head: User, principal: User, office: ManagingBody
) -> None:
    paper = _asked(officer, planned)
    deputy = accounts.member(Role.BODY_LEAD, body=office, full_name="Hà Thị Phó Phòng")
    above = accounts.member(Role.BODY_LEAD, body=office.parent, full_name="Vũ Văn Chủ Tịch")
    elsewhere = accounts.member(Role.BODY_LEAD, body=schools.body(), full_name=NAME)
    lead = planned.members.get(role="lead").user

    by_deputy = _key_file(browser(deputy), paper, deputy)
    wrong_certificate = _key_file(browser(head), paper, deputy)
    others = [
        _key_file(browser(person), paper, person).status_code
        for person in (officer, above, elsewhere, lead, principal)
    ]

    assert (by_deputy.status_code, wrong_certificate.status_code) == (422, 422)
    assert official.NOT_THE_SIGNER.format(name=NAME) in _text(
        browser(deputy).get(_at(paper, "official"))
    )
    assert "Chứng thư số ghi tên “Hà Thị Phó Phòng”" in _text(wrong_certificate)
    assert others == [403, 403, 404, 404, 404]
    assert _state(paper) == (True, DocumentState.IN_FORCE, 2)
    assert _key_file(browser(head), paper, head).status_code == 302


def test_pages_of_a_paper_that_waits_are_the_offices_alone(
    planned: Inspection, officer: User, head: User, principal: User, client: Client
) -> None:
    paper = _asked(officer, planned)
    seat = planned.members.get(role="lead").user
    names = ("paper", "official", "official_current")

    for person in (principal, seat):
        assert [browser(person).get(_at(paper, one)).status_code for one in names] == [404] * 3
        file = reverse("minutes:file", args=[paper.pk, paper.files.first().pk])
        assert browser(person).get(file).status_code == 404
    assert [browser(officer).get(_at(paper, one)).status_code for one in names] == [200] * 3
    assert paper.title not in client.get(f"/tra-cuu/{paper.code}/").content.decode()
    _key_file(browser(head), paper, head)
    assert paper.title in client.get(f"/tra-cuu/{paper.code}/").content.decode()
    assert browser(seat).get(_at(paper, "paper")).status_code == 200


@pytest.mark.parametrize("signer", ["", "Người Không Có Tài Khoản", "Lê Thị Công Vụ"])
def test_a_signature_is_asked_of_a_leader_with_an_account(
    planned: Inspection, officer: User, head: User, signer: str
) -> None:
    typed = _form(trinh_ky="1", signer=signer)
    answer = browser(officer).post(reverse("minutes:notice", args=[planned.pk]), typed)

    assert answer.status_code == 422
    assert official.NO_ACCOUNT in _text(answer)
    assert Paper.objects.count() == 0


def test_a_visit_called_off_or_begun_takes_no_signed_notice(
    planned: Inspection, officer: User, head: User
) -> None:
    paper, web = _asked(officer, planned), browser(head)
    by = {"opened_at": timezone.now(), "opened_by": officer, "plan_tree": {}}
    Inspection.objects.filter(pk=planned.pk).update(state=InspectionState.OPEN, **by)
    scan = {"file": _named(small_pdf("Quét"), "quet.pdf"), "note": ""}

    page = _text(web.get(_at(paper, "official")))
    assert (NOT_PLANNED in page, 'id="cach-key_file"' in page) == (True, False)
    assert NOT_PLANNED in _text(_key_file(web, paper, head))
    assert NOT_PLANNED in _text(web.post(_at(paper, "official_scan"), scan))
    assert _state(paper) == (True, DocumentState.IN_FORCE, 2)

    end_notice(inspection=planned, reason=CALLED_OFF, by=officer)
    assert _state(paper)[1] == DocumentState.WITHDRAWN
    assert _key_file(web, paper, head).status_code == 403


@pytest.fixture
def other(office: ManagingBody) -> User:
    """Somebody of the office who is not of the team yet."""
    return accounts.member(Role.OFFICER, body=office, full_name="Ngô Thị Tổ Viên")


def _change_team(how: str, visit: Inspection, officer: User, other: User) -> str:
    """Change the team by the buttons of its page, and return what the page then says."""
    seat = inspections.member(visit, other) if how != "add" else None
    name = {"add": "team", "remove": "team_remove", "lead": "team_lead"}[how]
    where = [visit.pk] if seat is None else [visit.pk, seat.pk]
    typed = {"viec": "tai_khoan", "user": other.pk, "role": "member"} if seat is None else {}
    return _text(
        browser(officer).post(reverse(f"inspecting:{name}", args=where), typed, follow=True)
    )


@pytest.mark.parametrize("how", ["add", "remove", "lead"])
def test_a_changed_team_takes_back_a_notice_that_waits(
    planned: Inspection, officer: User, head: User, other: User, how: str
) -> None:
    paper = _asked(officer, planned)

    shown = _change_team(how, planned, officer, other)

    assert NOTICE_ENDED in shown
    assert _state(paper)[:2] == (True, DocumentState.WITHDRAWN)
    assert paper.ended_because == TEAM_CHANGED
    assert _key_file(browser(head), paper, head).status_code == 403


def test_a_team_change_that_is_refused_takes_nothing_back(
    planned: Inspection, officer: User, head: User
) -> None:
    paper = _asked(officer, planned)
    lead = planned.members.get(role="lead")

    where = reverse("inspecting:team_remove", args=[planned.pk, lead.pk])
    shown = _text(browser(officer).post(where, follow=True))

    assert NOTICE_ENDED not in shown
    assert _state(paper)[:2] == (True, DocumentState.IN_FORCE)


def test_a_notice_that_was_sent_stays_when_the_team_changes_and_is_told_of(
    planned: Inspection, officer: User, head: User, other: User
) -> None:
    browser(officer).post(reverse("minutes:notice", args=[planned.pk]), _form())
    paper = Paper.objects.get()

    shown = _change_team("add", planned, officer, other)

    assert (NOTICE_OLD in shown, NOTICE_ENDED in shown) == (True, False)
    assert _state(paper)[:2] == (False, DocumentState.IN_FORCE)


def test_once_the_record_is_open_a_changed_team_is_no_matter_of_the_notice(
    planned: Inspection, officer: User, head: User, other: User
) -> None:
    browser(officer).post(reverse("minutes:notice", args=[planned.pk]), _form())
    by = {"opened_at": timezone.now(), "opened_by": officer, "plan_tree": {}}
    Inspection.objects.filter(pk=planned.pk).update(state=InspectionState.OPEN, **by)

    shown = _change_team("add", planned, officer, other)

    assert (NOTICE_OLD in shown, NOTICE_ENDED in shown) == (False, False)


def test_an_office_without_key_files_signs_its_own_papers_elsewhere(
    planned: Inspection, officer: User, head: User, office: ManagingBody
) -> None:
    paper = _asked(officer, planned)
    OfficeRule.objects.create(body=office, allows_key_files=False)

    page = _text(browser(head).get(_at(paper, "official")))

    assert ('id="cach-outside"' in page, 'id="cach-key_file"' in page) == (True, False)
    assert signing_steps.NO_KEY_FILES in _text(_key_file(browser(head), paper, head))


# --- the report -------------------------------------------------------------------------------------------


@pytest.fixture
def campaign(office: ManagingBody, planned: Inspection) -> InspectionCampaign:
    made = inspections.campaign(office, year=planned.school_year)
    Inspection.objects.filter(pk=planned.pk).update(campaign=made)
    return made


def test_a_report_is_signed_and_takes_the_place_of_the_one_before(
    campaign: InspectionCampaign, officer: User, head: User
) -> None:
    page = reverse("minutes:report", args=[campaign.pk])
    browser(officer).post(page, _form("03/BC-VHXH"))
    first = Paper.objects.get()

    browser(officer).post(page, _form("04/BC-VHXH", trinh_ky="1"))
    second = Paper.objects.waiting().get()
    assert _state(first)[:2] == (False, DocumentState.IN_FORCE)
    assert _key_file(browser(head), second, head).status_code == 302

    assert _state(first)[1] == DocumentState.REPLACED
    assert _state(second)[:2] == (False, DocumentState.IN_FORCE)
    assert second.kind == PaperKind.REPORT
    assert verify(bytes(current_pdf(second).file.content), trust=making.trust()).valid


# --- numbers ----------------------------------------------------------------------------------------------


def test_the_next_number_of_a_kind_and_year_is_proposed(
    campaign: InspectionCampaign, planned: Inspection, officer: User, office: ManagingBody
) -> None:
    page = reverse("minutes:notice", args=[planned.pk])
    assert 'name="number" value=' not in browser(officer).get(page).content.decode()

    browser(officer).post(page, _form("09/TB-VHXH"))

    assert 'name="number" value="10/TB-VHXH"' in browser(officer).get(page).content.decode()
    told = {"body_id": office.pk, "kind": PaperKind.NOTICE}
    assert numbers.next_number(on=date(timezone.localdate().year + 1, 1, 2), **told) == ""
    report = {"body_id": office.pk, "kind": PaperKind.REPORT}
    assert numbers.next_number(on=timezone.localdate(), **report) == ""


def test_a_number_that_another_notice_has_is_refused(
    planned: Inspection, officer: User, office: ManagingBody
) -> None:
    own = reverse("minutes:notice", args=[planned.pk])
    other = inspections.inspection(state=InspectionState.PLANNED, body=office)
    browser(officer).post(own, _form("09/TB-VHXH"))
    again = browser(officer).post(own, _form("09/TB-VHXH"))
    schools.school_body(other.school, office)

    refused = browser(officer).post(
        reverse("minutes:notice", args=[other.pk]), _form("9 / tb-vhxh")
    )

    assert again.status_code == 302  # the notice that it replaces
    assert refused.status_code == 422
    assert "Số 9 / tb-vhxh đã dùng cho THÔNG BÁO" in _text(refused)
