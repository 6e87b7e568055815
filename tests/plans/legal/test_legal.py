"""The shelf of legal documents: loading, whose shelf is whose, the official line, what people do to it."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from criteria.checking import FileError
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.legal import actions
from plans.legal.lines import names_document, official_line, with_line
from plans.legal.loader import LEGAL_DIR, load_documents
from plans.legal.models import LegalDocument
from plans.versions import MOVED_ON
from tests.factories import accounts, legal, schools

HEAD = {
    "kind": "Thông tư",
    "number": "22/2024/TT-BGDĐT",
    "issued_on": date(2024, 12, 10),
    "issuer": "Bộ Giáo dục và Đào tạo",
    "subject": "sửa đổi, bổ sung một số điều",
    "valid_to": None,
}

# --- loading ----------------------------------------------------------------------------------------------


def test_shipped_documents_are_loaded_once_and_corrections_stay(db: None) -> None:
    assert load_documents() == 9
    LegalDocument.objects.filter(number="30/2020/NĐ-CP").update(subject="về văn thư")

    assert load_documents() == 0

    assert LegalDocument.objects.get(number="30/2020/NĐ-CP").subject == "về văn thư"
    dates = dict(LegalDocument.objects.values_list("number", "issued_on"))
    assert dates["57/2026/TT-BGDĐT"] == date(2026, 7, 7)
    assert dates["5942/BGDĐT-QLCL"] == dates["5932/BGDĐT-QLCL"] == date(2018, 12, 28)


def test_a_schools_own_copy_does_not_keep_the_shared_one_away(db: None) -> None:
    legal.document("57/2026/TT-BGDĐT", school=schools.school())

    assert load_documents() == 9


def test_a_broken_file_is_refused_whole(db: None, tmp_path: Path) -> None:
    content = json.loads((LEGAL_DIR / "documents.json").read_text(encoding="utf-8"))
    content["documents"][0]["issued"] = "07/7/2026"
    del content["documents"][1]["issuer"]
    path = tmp_path / "documents.json"
    path.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(FileError) as refused:
        load_documents(path)

    assert [fault.place for fault in refused.value.faults] == [
        "documents[0].issued",
        "documents[1].issuer",
    ]
    assert not LegalDocument.objects.exists()


# --- the line ---------------------------------------------------------------------------------------------


def test_a_document_reads_as_a_ground_of_a_plan() -> None:
    document = LegalDocument(**HEAD | {"issued_on": date(2026, 2, 7), "subject": "về việc này."})

    assert official_line(document) == (
        "Thông tư số 22/2024/TT-BGDĐT ngày 07 tháng 02 năm 2026 của Bộ Giáo dục và Đào tạo về việc này;"
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Thông tư số 22/2024/TT-BGDĐT ngày 10 tháng 12 năm 2024", True),
        ("thông tư 22/2024/tt - bgdđt;", True),
        ("Thông tư 22/2024/TT–BGDĐT", True),
        ("Thông tư số 122/2024/TT-BGDĐT", False),
        ("Thông tư số 22/2024/TT-BGDĐT-BNV", False),
        ("", False),
    ],
)
def test_a_number_is_found_whatever_its_spaces(text: str, named: bool) -> None:
    assert names_document(text, LegalDocument(**HEAD)) is named


def test_the_line_goes_to_the_end_and_the_rest_stays() -> None:
    document = LegalDocument(**HEAD)

    assert with_line("  Dòng một.\n\n", document) == f"  Dòng một.\n{official_line(document)}"
    assert with_line("\n", document) == official_line(document)


# --- whose shelf ------------------------------------------------------------------------------------------


def test_a_school_picks_from_everybodys_its_bodies_and_its_own_shelf(db: None) -> None:
    province = schools.body("Sở")
    commune = schools.body("UBND xã", parent=province)
    district = schools.body("UBND huyện", valid_to=date(2025, 6, 30), successor=commune)
    own, other = schools.school(parent=commune), schools.school(parent=schools.body("UBND khác"))
    schools.school_body(own, district, valid_to=date(2025, 6, 30))
    for number, shelf in {
        "chung": {},
        "so": {"body": province},
        "xa": {"body": commune},
        "huyen": {"body": district},
        "truong": {"school": own},
        "khac": {"school": other},
        "xa-khac": {"body": other.body_links.get().body},
    }.items():
        legal.document(number, **shelf)  # type: ignore[arg-type]

    found = LegalDocument.objects.for_school(own).values_list("number", flat=True)

    assert set(found) == {"chung", "so", "xa", "huyen", "truong"}


@pytest.mark.parametrize(
    ("words", "found"),
    [("22/2024", 1), ("giao duc DAO TAO", 1), ("sua doi thong tu", 1), ("bộ nội vụ", 0), ("", 1)],
)
def test_searching_minds_no_accents(db: None, words: str, found: int) -> None:
    actions.add_document(values=HEAD, school=None, body=None, by=accounts.user())

    assert LegalDocument.objects.matching(words).count() == found


@pytest.fixture
def shelves(db: None) -> dict[str, LegalDocument]:
    """A document on each kind of shelf: everybody's, of a body, of its school, of another body and school."""
    province = schools.body("Sở")
    body = schools.body("UBND xã Đông", parent=province)
    other = schools.body("UBND xã Tây", parent=province)
    school, stranger = schools.school(parent=body), schools.school(parent=other)
    return {
        "everybody": legal.document(),
        "province": legal.document(body=province),
        "body": legal.document(body=body),
        "school": legal.document(school=school),
        "other body": legal.document(body=other),
        "other school": legal.document(school=stranger),
    }


@pytest.mark.parametrize(
    ("role", "sees", "keeps"),
    [
        (Role.PRINCIPAL, {"everybody", "province", "body", "school"}, {"school"}),
        (Role.STAFF, {"everybody", "province", "body", "school"}, set()),
        (Role.OFFICER, {"everybody", "province", "body", "school"}, {"body"}),
        (Role.BODY_LEAD, {"everybody", "province", "body", "school"}, {"body"}),
        (
            Role.ADMIN,
            {"everybody", "province", "body", "school", "other body", "other school"},
            {"everybody", "province", "body", "other body"},
        ),
    ],
)
def test_who_sees_and_who_keeps_which_shelf(
    shelves: dict[str, LegalDocument], role: Role, sees: set[str], keeps: set[str]
) -> None:
    at_school = role in {Role.PRINCIPAL, Role.STAFF}
    user = accounts.member(
        role,
        school=shelves["school"].school if at_school else None,
        body=shelves["body"].body if role in {Role.OFFICER, Role.BODY_LEAD} else None,
    )

    seen = set(LegalDocument.objects.visible_to(user))

    assert {name for name, document in shelves.items() if document in seen} == sees
    may = {n for n, d in shelves.items() if user.has_perm("plans.manage_library", d)}
    assert may == keeps


def test_a_province_keeps_the_shelves_below_it(shelves: dict[str, LegalDocument]) -> None:
    user = accounts.member(Role.OFFICER, body=shelves["province"].body)

    may = {n for n, d in shelves.items() if user.has_perm("plans.manage_library", d)}

    assert may == {"province", "body", "other body"}


# --- actions ----------------------------------------------------------------------------------------------


@pytest.fixture
def by(db: None) -> User:
    return accounts.user()


def test_a_document_is_put_on_a_shelf_and_recorded(by: User) -> None:
    school = schools.school()

    document = actions.add_document(values=HEAD, school=school, body=None, by=by)

    assert (document.school, document.body, document.added_by) == (school, None, by)
    assert Event.objects.get(action="legal.add").school_id == school.pk


def test_a_number_stands_once_on_a_shelf(by: User) -> None:
    school = schools.school()
    actions.add_document(values=HEAD, school=school, body=None, by=by)
    actions.add_document(values=HEAD, school=None, body=None, by=by)

    with pytest.raises(ValidationError, match="đã có trong tủ"):
        actions.add_document(values=HEAD, school=school, body=None, by=by)

    assert LegalDocument.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"valid_to": date(2024, 1, 1)}, {"number": ""}, {"kind": " "}])
def test_a_document_that_cannot_be_is_refused(by: User, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        actions.add_document(values=HEAD | wrong, school=None, body=None, by=by)

    assert not LegalDocument.objects.exists()


def test_a_change_is_recorded_and_found_under_its_new_words(by: User) -> None:
    document = actions.add_document(values=HEAD, school=None, body=None, by=by)

    actions.change_document(
        document=document,
        values=HEAD | {"subject": "về kiểm định", "valid_to": date(2026, 7, 6)},
        version=1,
        by=by,
    )

    assert LegalDocument.objects.matching("kiem dinh").get().version == 2
    assert Event.objects.get(action="legal.change").before == {
        "subject": "sửa đổi, bổ sung một số điều",
        "valid_to": None,
    }


def test_a_second_save_is_refused(by: User) -> None:
    document = actions.add_document(values=HEAD, school=None, body=None, by=by)
    LegalDocument.objects.update(subject="của người khác", version=2)

    with pytest.raises(ValidationError, match=MOVED_ON[:30]):
        actions.change_document(document=document, values=HEAD | {"kind": "A"}, version=1, by=by)

    assert LegalDocument.objects.get().subject == "của người khác"
