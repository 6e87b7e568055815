"""Framework files: the ones shipped, and whatever else someone may put into the folder."""

import json
import unicodedata
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from criteria.enums import SchoolKind
from criteria.framework_files import FrameworkFileError, read_framework_file
from criteria.loader import FRAMEWORKS_DIR, Outcome, load_all, load_framework
from criteria.models import (
    Criterion,
    CriterionLevel,
    Framework,
    FrameworkKind,
    Indicator,
    SchoolRequirement,
    Standard,
)
from tests.criteria.factories import make_framework
from tests.criteria.files import framework_content, write_json

ALL_MODELS = (
    Framework,
    FrameworkKind,
    SchoolRequirement,
    Standard,
    Criterion,
    CriterionLevel,
    Indicator,
)


def row_counts() -> list[int]:
    return [model._default_manager.count() for model in ALL_MODELS]


def refusal_of(path: Path) -> list[str]:
    """Return the faults for which the file is refused."""
    with pytest.raises(FrameworkFileError) as refusal:
        read_framework_file(path)
    return [str(fault) for fault in refusal.value.faults]


# --- the shipped files --------------------------------------------------------------------------


@pytest.mark.django_db
def test_shipped_frameworks_have_the_criteria_of_their_circulars() -> None:
    load_all()

    counts = {
        framework.code: (
            Criterion.objects.of(framework).count(),
            Criterion.objects.of(framework).mandatory().count(),
            Criterion.objects.of(framework).having_level(2).count(),
            Criterion.objects.of(framework).having_level(3).count(),
            framework.requirements.count(),
        )
        for framework in Framework.objects.all()
    }

    assert counts == {
        "TT17-2018": (27, 0, 27, 19, 5),
        "TT18-2018": (28, 0, 28, 20, 6),
        "TT19-2018": (25, 0, 25, 19, 6),
        "TT17-2018+22-2024": (24, 0, 24, 15, 7),
        "TT18-2018+22-2024": (25, 0, 25, 16, 6),
        "TT19-2018+22-2024": (22, 0, 22, 15, 6),
        "TT57-2026-MN": (15, 8, 15, 0, 0),
        "TT57-2026-PT": (15, 8, 15, 0, 0),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "lacking"),
    [
        ("TT17-2018", ["1.2", "1.5", "1.7", "1.8", "1.9", "1.10", "3.4", "5.1"]),
        ("TT18-2018", ["1.2", "1.7", "1.8", "1.9", "1.10", "3.4", "5.3", "5.4"]),
        ("TT19-2018", ["1.2", "1.7", "1.8", "1.9", "1.10", "3.6"]),
        ("TT19-2018+22-2024", ["1.2", "1.7", "1.8", "1.9", "1.10", "3.1", "3.2"]),
    ],
)
def test_shipped_frameworks_lack_level_3_where_the_circular_does(
    code: str, lacking: list[str]
) -> None:
    load_all()

    framework = Framework.objects.with_tree().get(code=code)

    assert [c.number for c in framework.all_criteria() if not c.has_level(3)] == lacking


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["TT57-2026-MN", "TT57-2026-PT"])
def test_shipped_frameworks_of_2026_name_eight_mandatory_criteria(code: str) -> None:
    load_all()

    mandatory = Criterion.objects.of(Framework.objects.get(code=code)).mandatory()

    assert [c.number for c in mandatory] == [
        "1.3",
        "1.4",
        "2.1",
        "2.2",
        "3.1",
        "3.2",
        "4.1",
        "4.2",
    ]


@pytest.mark.django_db
def test_amendment_of_2024_leaves_three_criteria_in_standard_3() -> None:
    load_all()

    criteria = Criterion.objects.of(Framework.objects.get(code="TT19-2018+22-2024"))

    assert [c.label for c in criteria.filter(standard__number=3)] == [
        "Tiêu chí 3.1: Địa điểm, quy mô, diện tích",
        "Tiêu chí 3.2: Các hạng mục công trình đảm bảo tiêu chuẩn cơ sở vật chất",
        "Tiêu chí 3.3: Hạ tầng kỹ thuật, các hạng mục công trình và thiết bị dạy học",
    ]


@pytest.mark.django_db
def test_indicator_says_where_it_stands_in_the_circular() -> None:
    load_all()

    indicators = Indicator.objects.of(Framework.objects.get(code="TT19-2018"))

    of_1_5 = indicators.filter(criterion__number="1.5")
    assert [(i.level, i.letter, i.article, i.gist) for i in of_1_5] == [
        (
            1,
            "a",
            "điểm a khoản 5 Điều 7",
            "Chia nhóm, lớp theo độ tuổi; thiếu trẻ thì ghép nhóm, lớp",
        ),
        (1, "b", "điểm b khoản 5 Điều 7", "Nhóm, lớp học 2 buổi/ngày"),
        (1, "c", "điểm c khoản 5 Điều 7", "Mỗi nhóm, lớp tối đa 2 trẻ cùng dạng khuyết tật"),
        (2, "", "khoản 5 Điều 12", "Sĩ số nhóm, lớp không vượt quy định, đúng độ tuổi"),
        (3, "", "khoản 4 Điều 17", "Trường có tối đa 20 nhóm, lớp"),
    ]


@pytest.mark.django_db
def test_shipped_frameworks_say_how_far_they_are_verified() -> None:
    load_all()

    unsaid = [
        framework.code
        for framework in Framework.objects.all()
        if not framework.verification_note or not framework.sources
    ]

    assert unsaid == []
    assert set(Framework.objects.filter(amended_by="").values_list("verification")) == {("partly",)}
    assert set(Framework.objects.exclude(amended_by="").values_list("verification")) == {
        ("inferred",)
    }


# --- loading twice, loading corrections ---------------------------------------------------------


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    first = load_all()
    counts = row_counts()

    second = load_all()

    assert [result.outcome for result in first] == [Outcome.CREATED] * 8
    assert [result.outcome for result in second] == [Outcome.UNCHANGED] * 8
    assert [result.framework for result in second] == [result.framework for result in first]
    assert row_counts() == counts


@pytest.mark.django_db
def test_spelling_of_the_file_is_not_its_content(tmp_path: Path) -> None:
    content = framework_content()
    first = load_framework(write_json(tmp_path / "thu.json", content))
    backwards = dict(reversed(content.items()))
    text = unicodedata.normalize("NFD", json.dumps(backwards, ensure_ascii=False, indent=4))
    respelt = tmp_path / "thu-2.json"
    respelt.write_text(text.replace("Thông tư thử", " Thông  tư thử "), encoding="utf-8-sig")

    # The reverse normalisation really changed the file, else this test would prove nothing.
    assert respelt.read_text(encoding="utf-8-sig") != unicodedata.normalize("NFC", text)
    second = load_framework(respelt)

    assert (second.outcome, second.framework) == (Outcome.UNCHANGED, first.framework)
    assert Framework.objects.get().name == "Thông tư thử"


def test_hash_of_a_content_stays_what_it_is(tmp_path: Path) -> None:
    path = write_json(tmp_path / "thu.json", framework_content())

    file = read_framework_file(path)

    # Another hash gives every framework in use a new revision when the program is next updated.
    assert file.sha256 == "3d28b8f18a50dc2b3e590a518c791354560705b13d1f9eea0fc95151b7998bc9"


@pytest.mark.django_db
def test_corrected_file_makes_a_new_revision_beside_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "thu.json"
    content = framework_content()
    first = load_framework(write_json(path, content)).framework
    content["standards"][0]["criteria"][1]["title"] = "Hội đồng trường và các hội đồng khác"

    result = load_framework(write_json(path, content))

    titles = {
        framework.revision: [c.title for c in Criterion.objects.of(framework)][1]
        for framework in Framework.objects.all()
    }
    assert (result.outcome, result.framework.revision) == (Outcome.REVISED, 2)
    assert titles == {1: "Hội đồng trường", 2: "Hội đồng trường và các hội đồng khác"}
    assert Framework.objects.superseded().get() == first


@pytest.mark.django_db
def test_correction_taken_back_is_a_third_revision(tmp_path: Path) -> None:
    path = tmp_path / "thu.json"
    load_framework(write_json(path, framework_content()))
    load_framework(write_json(path, framework_content(name="Thông tư thử, bản sửa")))

    result = load_framework(write_json(path, framework_content()))

    assert (result.outcome, result.framework.revision) == (Outcome.REVISED, 3)


# --- frameworks that contradict one another -----------------------------------------------------


@pytest.mark.django_db
def test_framework_may_not_claim_the_time_of_another_in_the_database(tmp_path: Path) -> None:
    make_framework("TT19-2018", kinds=(SchoolKind.PRESCHOOL,), valid_to=date(2025, 1, 24))
    path = write_json(tmp_path / "thu.json", framework_content(valid_from="2025-01-24"))

    with pytest.raises(FrameworkFileError) as refusal:
        load_framework(path)

    assert str(refusal.value) == (
        "thu.json: valid_from: trùng loại hình trường và thời gian áp dụng với “TT19-2018” "
        "trong cơ sở dữ liệu"
    )
    assert Framework.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"valid_from": "2025-01-25"}, {"school_kinds": ["primary"]}], ids=["time", "kind"]
)
def test_framework_beside_another_is_let_in(tmp_path: Path, changes: Any) -> None:
    make_framework("TT19-2018", kinds=(SchoolKind.PRESCHOOL,), valid_to=date(2025, 1, 24))
    path = write_json(tmp_path / "thu.json", framework_content(**changes))

    result = load_framework(path)

    assert result.outcome == Outcome.CREATED


@pytest.mark.django_db
def test_files_of_one_folder_may_not_contradict_each_other(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", framework_content())
    write_json(tmp_path / "b.json", framework_content())
    write_json(tmp_path / "c.json", framework_content(code="KHAC-2018"))

    with pytest.raises(FrameworkFileError) as refusal:
        load_all(tmp_path)

    clash = "trùng loại hình trường và thời gian áp dụng với “KHAC-2018” trong tệp c.json"
    assert [str(fault) for fault in refusal.value.faults] == [
        "b.json: code: “THU-2018” đã có ở tệp a.json",
        f"a.json: valid_from: {clash}",
        f"b.json: valid_from: {clash}",
    ]


# --- broken files -------------------------------------------------------------------------------


def test_sound_file_is_read(tmp_path: Path) -> None:
    path = write_json(tmp_path / "thu.json", framework_content())

    file = read_framework_file(path)

    levels = [[level.level for level in c.levels] for c in file.standards[0].criteria]
    assert (file.code, levels) == ("THU-2018", [[1, 2, 3], [1]])


BROKEN: list[tuple[str, Any, str]] = [
    ("schema", "kcl/framework/9", "schema: phải là “kcl/framework/1”"),
    ("code", "", "code: không được để trống"),
    ("code", 19, "code: phải là chuỗi ký tự, đang là số nguyên"),
    ("code", "x" * 41, "code: dài 41 ký tự, tối đa 40"),
    ("name", "Thông\x00tư", "name: có ký tự không in được (U+0000)"),
    ("name", "Thông\u202etư", "name: có ký tự không in được (U+202E)"),
    ("name", "\ud800", "name: có ký tự không in được (U+D800)"),
    ("name", "x" * 1_000_000, "name: dài 1000000 ký tự, tối đa 500"),
    (
        "issued_on",
        "2018-02-30",
        "issued_on: phải là ngày có thật, viết theo mẫu NĂM-THÁNG-NGÀY, ví dụ 2018-10-10",
    ),
    (
        "issued_on",
        "20180822",
        "issued_on: phải là ngày có thật, viết theo mẫu NĂM-THÁNG-NGÀY, ví dụ 2018-10-10",
    ),
    ("valid_from", "2018-08-21", "valid_from: sớm hơn ngày ban hành (issued_on)"),
    ("valid_to", "2018-10-09", "valid_to: sớm hơn ngày áp dụng (valid_from)"),
    ("amended_by", {"number": "22/2024/TT-BGDĐT"}, "amended_by.issued_on: thiếu khóa này"),
    ("amended_by", [], "amended_by: phải là nhóm khóa – giá trị, đang là danh sách"),
    ("school_kinds", [], "school_kinds: phải có ít nhất một loại hình trường"),
    ("school_kinds", ["preschool", "preschool"], "school_kinds: “preschool” bị lặp lại"),
    ("max_level", 5, "max_level: phải từ 1 đến 4"),
    ("max_level", True, "max_level: phải là số nguyên, đang là giá trị đúng/sai"),
    ("max_level", 3.0, "max_level: phải là số nguyên, đang là số thập phân"),
    ("level_rule", "1999", "level_rule: Không có cách xét mức “1999”."),
    (
        "requirements",
        [],
        "level_rule: cách xét mức “2018” cần yêu cầu cấp trường của Mức 4",
    ),
    (
        "requirements",
        [{"level": 4, "clause": 1, "gist": "Một"}, {"level": 4, "clause": 1, "gist": "Hai"}],
        "requirements: mức và khoản phải tăng dần, không lặp lại",
    ),
    (
        "verification",
        {"state": "sure"},
        "verification.state: “sure” không có trong danh sách: verified, partly, inferred",
    ),
    ("standards", [], "standards: phải có ít nhất một tiêu chuẩn"),
    ("standards", {}, "standards: phải là danh sách, đang là nhóm khóa – giá trị"),
    ("verison", 2, "khóa “verison” không có trong mẫu tệp"),
    ("a\x00" * 40, 2, "khóa “" + "a\\u0000" * 19 + "a…” không có trong mẫu tệp"),
]


@pytest.mark.parametrize(
    ("key", "value", "fault"), BROKEN, ids=[f"{i}-{row[0][:12]!r}" for i, row in enumerate(BROKEN)]
)
def test_broken_value_is_refused_with_its_place(
    tmp_path: Path, key: str, value: Any, fault: str
) -> None:
    path = tmp_path / "thu.json"
    path.write_text(json.dumps(framework_content(**{key: value})), encoding="utf-8")

    faults = refusal_of(path)

    assert faults[0] == f"thu.json: {fault}"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda criterion: criterion["levels"].append({"level": 5, "indicators": []}),
            "levels: mức 5 không có trong bộ này",
        ),
        (
            lambda criterion: criterion["levels"].append({"level": 3, "indicators": []}),
            "levels: các mức phải tăng dần, không lặp lại",
        ),
        (lambda criterion: criterion["levels"].pop(0), "levels: phải có mức 1"),
        (
            lambda criterion: criterion.update(number="1.3"),
            "number: là “1.3”, theo thứ tự phải là “1.1”",
        ),
        (lambda criterion: criterion.pop("title"), "title: thiếu khóa này"),
        (
            lambda criterion: criterion.update(mandatory="có"),
            "mandatory: phải là giá trị đúng/sai, đang là chuỗi ký tự",
        ),
        (
            lambda criterion: criterion["levels"][0]["indicators"].reverse(),
            "levels[0].indicators: chữ của chỉ báo phải theo thứ tự, không lặp lại",
        ),
        (
            lambda criterion: criterion["levels"][0]["indicators"].insert(0, {"gist": "Cả mức"}),
            "levels[0].indicators: chỉ báo không có chữ thì phải là chỉ báo duy nhất của mức",
        ),
        (
            lambda criterion: criterion["levels"][0]["indicators"][0].update(letter="w"),
            "levels[0].indicators: chữ của chỉ báo phải là một trong: a, b, c, d, đ, e, g, h, i, k",
        ),
        (
            lambda criterion: criterion["levels"][0]["indicators"][1].update(gist=None),
            "levels[0].indicators[1].gist: phải là chuỗi ký tự, đang là giá trị rỗng (null)",
        ),
    ],
)
def test_broken_criterion_is_refused_with_its_place(
    tmp_path: Path, change: Any, fault: str
) -> None:
    content = framework_content()
    change(content["standards"][0]["criteria"][0])
    path = write_json(tmp_path / "thu.json", content)

    faults = refusal_of(path)

    assert faults == [f"thu.json: standards[0].criteria[0].{fault}"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "không đọc được JSON ở dòng 1, cột 1"),
        (b"\x00", "không đọc được JSON ở dòng 1, cột 1"),
        (b'{"code": ', "không đọc được JSON ở dòng 1, cột 10"),
        (b"\xff\xfe{}", "không phải tệp văn bản UTF-8"),
        (b"[" * 100_000, "lồng nhau quá sâu"),
        (b'{"max_level": NaN}', "có số không dùng được"),
        (b'{"max_level": ' + b"9" * 5000 + b"}", "có số không dùng được"),
        (b'{"code": "a", "code": "b"}', "khóa “code” bị lặp lại trong cùng một nhóm"),
        (b" " * (4 * 1024 * 1024 + 1), "tệp lớn hơn 4 MB"),
        (b"null", "phải là nhóm khóa – giá trị, đang là giá trị rỗng (null)"),
        (b"[]", "phải là nhóm khóa – giá trị, đang là danh sách"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_file_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "thu.json"
    path.write_bytes(content)

    faults = refusal_of(path)

    assert faults == [f"thu.json: {fault}"]


def test_missing_file_is_refused(tmp_path: Path) -> None:
    faults = refusal_of(tmp_path / "khong-co.json")

    assert faults == ["khong-co.json: không mở được tệp"]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    content = framework_content(code="", max_level="ba")
    content["standards"][0]["criteria"][1]["levels"] = "1, 2"
    path = write_json(tmp_path / "thu.json", content)

    faults = refusal_of(path)

    assert faults == [
        "thu.json: max_level: phải là số nguyên, đang là chuỗi ký tự",
        "thu.json: code: không được để trống",
        "thu.json: standards[0].criteria[1].levels: phải là danh sách, đang là chuỗi ký tự",
    ]


@pytest.mark.django_db
def test_one_broken_file_keeps_the_whole_folder_out(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", framework_content())
    write_json(tmp_path / "b.json", [])

    with pytest.raises(FrameworkFileError):
        load_all(tmp_path)

    assert row_counts() == [0] * len(ALL_MODELS)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values inside a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        place
        for key, inner in inside
        for place in [
            (*path, key),
            *(places(inner, (*path, key)) if isinstance(inner, dict | list) else []),
        ]
    ]


@given(place=st.sampled_from(places(framework_content())), value=JSON_VALUES)
def test_nothing_put_anywhere_into_a_file_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[Any, ...], value: Any
) -> None:
    content = framework_content()
    target: Any = content
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    path = tmp_path_factory.mktemp("tep") / "thu.json"
    path.write_text(json.dumps(content), encoding="utf-8")

    try:
        outcome: list[Any] = [read_framework_file(path).code]
    except FrameworkFileError as error:
        outcome = list(error.faults)

    assert outcome != []


@given(content=st.binary(max_size=200) | JSON_VALUES.map(lambda v: json.dumps(v).encode()))
def test_no_file_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("tep") / "thu.json"
    path.write_bytes(content)

    faults = refusal_of(path)

    assert faults != []


# --- the command --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_command_says_what_it_did(tmp_path: Path) -> None:
    write_json(tmp_path / "thu.json", framework_content())
    first, second = StringIO(), StringIO()

    call_command("load_criteria", dir=tmp_path, stdout=first)
    call_command("load_criteria", dir=tmp_path, stdout=second)

    assert (first.getvalue(), second.getvalue()) == (
        "thu.json: đã nạp mới – THU-2018: Thông tư 19/2018/TT-BGDĐT\n",
        "thu.json: không thay đổi – THU-2018: Thông tư 19/2018/TT-BGDĐT\n",
    )


@pytest.mark.django_db
def test_command_lists_the_faults_and_fails(tmp_path: Path) -> None:
    write_json(tmp_path / "thu.json", framework_content(code="", max_level=9))

    with pytest.raises(CommandError) as refusal:
        call_command("load_criteria", dir=tmp_path)

    assert (refusal.value.returncode, str(refusal.value)) == (
        1,
        "Chưa nạp bộ tiêu chuẩn nào, có 2 lỗi:\n"
        "thu.json: max_level: phải từ 1 đến 4\n"
        "thu.json: code: không được để trống",
    )


@pytest.mark.django_db
def test_command_fails_on_a_folder_without_files(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="không có tệp .json nào"):
        call_command("load_criteria", dir=tmp_path / "khong-co")


def test_shipped_files_are_named_after_their_codes() -> None:
    names = {path.stem: read_framework_file(path).code for path in FRAMEWORKS_DIR.glob("*.json")}

    assert {name: code.lower() for name, code in names.items()} == {name: name for name in names}
