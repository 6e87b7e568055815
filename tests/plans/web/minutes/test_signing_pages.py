"""The pages on which minutes are signed and completed: who sees what, each way in, where one comes out."""

import io
import json
import logging
import re
import tempfile
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from django.db import connection
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.accounts.roles import Role
from plans.inspections.states import InspectionState
from plans.issuing import signing_steps
from plans.issuing.enums import FileRole
from plans.minutes import finishing, signing
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper, PaperKind, PaperSigner
from plans.minutes.papers import make_minutes
from plans.signing.refusal import Reason
from plans.signing.verify import verify
from tests.factories import accounts, inspections, minutes, schools
from tests.factories.issuing import small_pdf
from tests.factories.signing import trust_folder
from tests.plans.signing import making, material
from tests.plans.web.signing.test_signing_pages import (
    PASSWORD,
    _everything_written,
    _named,
    _spooled,
    _text,
    _verified,
    _web,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(tmp_path, settings):
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)


@pytest.fixture
def one():
    return minutes.scene(2)


def _page(one, name="sign"):
    return reverse(f"minutes:{name}", args=[one.paper.pk])


def _by_key_file(client, one, person, password=PASSWORD):
    key = minutes.certificate_of(person).p12(PASSWORD)
    data = {"way": "key_file", "key_file": _named(key, "khoa.p12"), "key_password": password}
    return client.post(_page(one), data)


def _content(one):
    return bytes(current_pdf(one.paper).file.content)


# --- signing ----------------------------------------------------------------------------------------------


def test_both_sides_sign_through_the_pages_and_the_team_goes_home(one):
    answers = [
        _by_key_file(_web(person), one, person) for person in (one.lead, one.principal, one.team[1])
    ]

    assert [answer.headers["Location"] for answer in answers] == [_page(one), _page(one), "/"]
    assert verify(_content(one), trust=making.trust()).valid
    assert one.visit.state == InspectionState.DONE
    assert _text(_web(one.principal).get(_page(one))).count("Đã ký số</span>") == 3
    assert _web(one.team[1]).get(_page(one)).status_code == 404


def test_the_last_one_is_told_that_the_minutes_are_complete(one):
    for person in (one.lead, one.team[1]):
        _by_key_file(_web(person), one, person)
    web = _web(one.principal)

    answer = _by_key_file(web, one, one.principal)

    words = "Đã ký biên bản. Biên bản đã hoàn tất, buổi kiểm tra kết thúc."
    assert words in _text(web.get(answer.headers["Location"]))


def test_page_says_what_is_signed_and_at_whose_place(one):
    text = _text(_web(one.lead).get(_page(one)))

    sha256 = current_pdf(one.paper).file.sha256
    for words in (one.paper.title, sha256, f"Ký ở ô ghi tên {one.lead.full_name}"):
        assert words in text
    assert text.count("Chưa ký</span>") == 3


def test_a_post_that_names_anothers_place_still_signs_ones_own(one):
    """Nothing in a request says whose place it is; what is sent beside it changes nothing."""
    theirs = one.paper.signers.get(user=one.team[1])
    key = minutes.certificate_of(one.lead).p12(PASSWORD)
    data = {
        "way": "key_file",
        "key_file": _named(key, "khoa.p12"),
        "key_password": PASSWORD,
        **dict.fromkeys(["signer", "field", "user", "nguoi_ky"], str(theirs.pk)),
    }

    _web(one.lead).post(_page(one), data)

    signed = PaperSigner.objects.exclude(signed_at=None)
    assert [row.user for row in signed] == [one.lead]


@pytest.mark.parametrize("role", [Role.STAFF, Role.CLERK])
def test_who_may_not_sign_sees_the_state_alone(one, role):
    person = accounts.member(role, school=one.visit.school)

    text = _text(_web(person).get(_page(one)))

    assert 'enctype="multipart/form-data"' not in text
    assert text.count("Chưa ký</span>") == 3
    assert _by_key_file(_web(person), one, person).status_code == 403


def test_a_deputy_is_told_why(one):
    deputy = accounts.member(Role.VICE_PRINCIPAL, school=one.visit.school, full_name="Hà Thị Phó")

    assert signing.NOT_A_SIGNER in _text(_web(deputy).get(_page(one)))


def test_wrong_password_and_wrong_certificate_are_told_and_write_nothing(one):
    web = _web(one.lead)

    wrong = _by_key_file(web, one, one.lead, password="sai-mat-khau-nay")
    other = _by_key_file(web, one, one.team[1])

    assert (wrong.status_code, other.status_code) == (422, 422)
    assert Reason.WRONG_PASSWORD.value in _text(wrong)
    assert "sai-mat-khau-nay" not in _text(wrong)
    assert f"còn văn bản ghi người ký là {one.lead.full_name}" in _text(other)
    assert one.paper.files.count() == 1


def test_a_file_signed_outside_is_taken_in(one):
    web = _web(one.lead)
    got = web.get(_page(one, "sign_current"))
    signed = making.sign(got.content, minutes.certificate_of(one.lead), field="ToKiemTra1")

    answer = web.post(_page(one), {"way": "outside", "signed_file": _named(signed, "da-ky.pdf")})

    assert got.content == minutes.prepared_pdf(2)
    assert answer.status_code == 302
    assert web.get(_page(one, "sign_current")).content == signed


@pytest.mark.parametrize("content", [small_pdf(), b"x", b"%PDF-1.7\n" * 1000])
def test_a_file_that_is_not_ours_is_told(one, content):
    data = {"way": "outside", "signed_file": _named(content, "da-ky.pdf")}

    answer = _web(one.lead).post(_page(one), data)

    assert answer.status_code == 422
    assert signing_steps.NOT_OURS in _text(answer)


@pytest.mark.parametrize("data", [{}, {"way": "khac"}, {"way": "key_file"}, {"way": "outside"}])
def test_an_incomplete_post_is_a_refusal(one, data):
    assert _web(one.lead).post(_page(one), data).status_code == 422


@pytest.mark.parametrize("kind", [PaperKind.NOTICE])
def test_other_papers_have_no_such_page(one, kind):
    Paper.objects.filter(pk=one.paper.pk).update(kind=kind)

    for name in ("sign", "sign_current"):
        assert _web(one.principal).get(_page(one, name)).status_code == 404


def test_neither_key_nor_password_leaves_a_trace(one, tmp_path, settings, caplog, monkeypatch):
    folder = tmp_path / "tam"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # Django's own handler would write everything down
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    caplog.set_level(logging.DEBUG)
    made = _spooled(monkeypatch)

    _by_key_file(_web(one.lead), one, one.lead)

    private = minutes.certificate_of(one.lead).key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    written = _everything_written(folder)
    assert one.paper.signers.exclude(signed_at=None).count() == 1
    assert made == []
    assert PASSWORD.encode() not in written
    assert private not in written
    assert PASSWORD not in caplog.text


def test_people_of_a_team_keep_their_own_picture(one):
    web, page = _web(one.lead), reverse("signing:my_signature")

    kept = web.post(page, {"image": io.BytesIO(material.picture())})

    assert kept.status_code == 302
    assert "Ảnh chữ ký của tôi" in _text(web.get(reverse("accounts:sessions")))


def test_the_page_costs_the_same_for_three_and_for_six(django_assert_max_num_queries):
    counts = []
    for members in (2, 5):
        one = minutes.scene(members)
        web = _web(one.principal)
        web.get(_page(one))
        with CaptureQueriesContext(connection) as queries:
            web.get(_page(one))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_who_has_no_place_to_sign_is_named_with_the_reason(visit, lead_web):
    """As the minutes say it: absent, or taken off once the record was open; not who was taken off before."""
    seats = {seat.full_name: seat for seat in visit.members.all()}
    by = visit.created_by
    absent, gone, early = list(seats.values())[2:]
    visit.members.filter(pk=absent.pk).update(present="no")
    left = visit.opened_at + timedelta(minutes=50)
    visit.members.filter(pk=gone.pk).update(removed_at=left, removed_by=by)
    before = visit.opened_at - timedelta(days=1)
    visit.members.filter(pk=early.pk).update(removed_at=before, removed_by=by)
    paper = make_minutes(inspection=visit, by=by, on=date(2026, 4, 22))

    text = _text(lead_web.get(reverse("minutes:sign", args=[paper.pk])))
    tree = json.dumps(paper.tree, ensure_ascii=False)

    told = f"{absent.full_name} (vắng mặt); {gone.full_name} (thôi tham gia lúc 9 giờ 00 phút ngày 14/4/2026)."
    assert f"Không có ô ký vì không cùng kiểm tra đến hết buổi: {told}" in text
    assert early.full_name not in text
    assert f"{absent.printed} (vắng mặt)" in tree
    assert f"{gone.printed} (thôi tham gia lúc 9 giờ 00 phút ngày 14/4/2026)" in tree
    assert [one.full_name for one in paper.signers.order_by("pk")][1:] == list(seats)[:2]
    visit.members.filter(pk=gone.pk).update(removed_at=None, removed_by=None)
    visit.members.filter(pk=absent.pk).update(present="yes")
    again = _text(lead_web.get(reverse("minutes:sign", args=[paper.pk])))
    assert "Không có ô ký" not in again


def test_the_first_page_asks_the_head_of_the_school_until_they_have_signed(one):
    schools.school_year(timezone.localdate().year - (timezone.localdate().month < 8))
    deputy = accounts.member(Role.VICE_PRINCIPAL, school=one.visit.school)
    day = f"{one.visit.visited_on:%d/%m/%Y}"
    task = f"Xem và ký biên bản kiểm tra ngày {day}"

    asked = _text(_web(one.principal).get("/"))
    others = _text(_web(deputy).get("/"))
    _by_key_file(_web(one.principal), one, one.principal)
    signed = _text(_web(one.principal).get("/"))

    assert [task in text for text in (asked, others, signed)] == [True, False, False]
    assert f'href="{_page(one, "paper")}"' in asked
    assert "Chờ ký" in asked


def test_the_first_page_costs_the_same_for_one_and_for_three_minutes(django_assert_num_queries):
    schools.school_year(timezone.localdate().year - (timezone.localdate().month < 8))
    one = minutes.scene(2)
    web = _web(one.principal)
    with CaptureQueriesContext(
        connection,
    ) as first:
        web.get("/")
    for _ in range(2):
        visit = inspections.inspection(one.visit.plan, InspectionState.MINUTED)
        paper = minutes.paper(visit)
        paper.signers.filter(side="school").update(user=one.principal)

    with django_assert_num_queries(len(first)):
        text = _text(web.get("/"))

    assert text.count("Xem và ký biên bản kiểm tra") == 3


# --- on paper ---------------------------------------------------------------------------------------------


def _bring(client, one, content=None, **typed):
    data = {"file": _named(content or small_pdf("Quét"), "quet.pdf"), "note": ""} | typed
    return client.post(_page(one, "scan"), data)


def test_the_school_brings_a_scan_and_the_head_of_the_team_completes(one):
    clerk = accounts.member(Role.CLERK, school=one.visit.school)
    brought = _bring(_web(clerk), one, complete="on")
    assert brought.status_code == 302
    assert one.visit.state == InspectionState.MINUTED

    web = _web(one.lead)
    assert "Đã đủ chữ ký trên giấy" in _text(web.get(_page(one, "scan")))
    answer = web.post(_page(one, "complete_on_paper"))

    assert answer.headers["Location"] == "/"
    assert one.visit.state == InspectionState.DONE
    assert "Ký trên giấy, xem bản quét" in _text(_web(clerk).get(_page(one)))


def test_one_upload_completes_when_it_is_said_to(one):
    officer = inspections.officer(one.visit)

    answer = _bring(_web(officer), one, complete="on", note="Bản lưu")

    assert answer.headers["Location"] == _page(one, "paper")
    assert one.visit.state == InspectionState.DONE
    assert one.paper.files.get(role=FileRole.SCAN).note == "Bản lưu"


def test_the_box_is_shown_to_those_alone_who_answer_for_the_minutes(one):
    box = "Bản quét có đủ chữ ký của hai bên"

    assert box in _text(_web(one.lead).get(_page(one, "scan")))
    assert box not in _text(_web(one.principal).get(_page(one, "scan")))
    assert _web(one.team[1]).get(_page(one, "scan")).status_code == 403


def test_the_box_is_a_box_beside_its_words_and_says_what_it_ends(one):
    text = _text(_web(one.lead).get(_page(one, "scan")))

    box = (
        '<label class="kcl-tick" for="id_complete"><input type="checkbox" name="complete" '
        'aria-describedby="id_complete_helptext" id="id_complete"> '
        "<span>Bản quét có đủ chữ ký của hai bên: hoàn tất biên bản</span></label>"
    )
    assert box in text
    hint = "Ghi nhận rồi thì buổi kiểm tra kết thúc, không rút lại được."
    assert f'<p class="kcl-hint" id="id_complete_helptext">{hint}</p>' in text


def test_no_scan_no_file_and_too_large_a_file_are_told(one):
    web = _web(one.lead)

    nothing = web.post(_page(one, "scan"), {})
    large = _bring(web, one, bytes(22 * 1024 * 1024))
    early = web.post(_page(one, "complete_on_paper"), follow=True)

    assert (nothing.status_code, large.status_code) == (422, 422)
    assert "Hãy chọn tệp quét." in _text(nothing)
    assert "Tệp lớn hơn 20 MB" in _text(large)
    assert finishing.NO_SCAN in _text(early)
    assert one.visit.state == InspectionState.MINUTED


def test_a_school_that_does_not_sign_is_noted_with_its_reason(one):
    _bring(_web(one.lead), one)
    web = _web(inspections.officer(one.visit))
    page = _page(one, "complete_without_school")

    empty = web.post(page, {"reason": " "})
    answer = web.post(page, {"reason": "Chưa thống nhất <b>nhận xét</b>"})

    assert empty.status_code == 422
    assert finishing.NO_REASON in _text(empty)
    assert answer.headers["Location"] == _page(one, "paper")
    text = _text(_web(one.principal).get(_page(one)))
    assert "Không ký</span>" in text
    assert "lý do: Chưa thống nhất &lt;b&gt;nhận xét&lt;/b&gt;" in text


def test_others_are_kept_out(one):
    stranger = _web(accounts.member(school=schools.school("Trường khác")))
    outside = Client()

    for name in ("sign", "sign_current", "scan"):
        assert stranger.get(_page(one, name)).status_code == 404
        assert outside.get(_page(one, name)).status_code == 302
    for name in ("complete_on_paper", "complete_without_school"):
        assert stranger.post(_page(one, name)).status_code == 404
        assert _web(one.principal).post(_page(one, name)).status_code == 403


# --- verifying --------------------------------------------------------------------------------------------


def test_signed_minutes_of_ours_are_known_to_those_who_may_read_them(one):
    _by_key_file(_web(one.lead), one, one.lead)
    content = _content(one)
    stranger = accounts.member(school=schools.school("Trường khác"))

    ours = _text(_verified(_web(one.principal), content))
    theirs = _text(_verified(_web(stranger), content))

    assert "Mọi chữ ký đều hợp lệ" in ours
    assert f'href="{_page(one, "paper")}"' in ours
    assert "Mọi chữ ký đều hợp lệ" in theirs
    assert one.paper.title not in theirs
    assert "Không trùng với tệp nào" in theirs


def test_the_page_of_signing_addresses_neither_side() -> None:
    """The team and the school read the same words; what the ways of signing say is the signature room's."""
    source = get_template("plans/minutes/sign.html").template.source
    sentences = [words for words in vars(signing).values() if isinstance(words, str)]
    shared = [*vars(signing_steps).values(), *(one.value for one in Reason)]
    sentences += [words for words in shared if isinstance(words, str)]

    assert [s for s in [source, *sentences] if re.search("thầy cô|quý vị", s, re.IGNORECASE)] == []
