"""Form files: what is refused and why, and that loading twice changes nothing."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from plans.council.models import CouncilMember
from plans.planning.form import Grouping, Options, SectionKind, StartsAs, read_form
from plans.planning.form_loader import (
    FORMS_DIR,
    FormFileError,
    Outcome,
    load_all,
    load_form,
    read_form_file,
)
from plans.planning.models import PlanForm

KH_2018 = FORMS_DIR / "kh-2018.json"


def small_form() -> dict[str, Any]:
    """Return a sound file with a text, a group, a table of actions and a small table."""
    return {
        "schema": "plan-form/1",
        "code": "KH-THU",
        "title": "Mẫu thử",
        "school_years": {"from": 2024, "to": None},
        "form": {
            "kind_lines": ["KẾ HOẠCH"],
            "subject_lines": ["Năm học {school_year}"],
            "type_symbol": "KH",
            "file_prefix": "KH-THU",
            "end_mark": "./.",
            "signing_capacities": ["HIỆU TRƯỞNG", "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG"],
            "sections": [
                {
                    "key": "grounds",
                    "kind": "group",
                    "title": "Căn cứ",
                    "sections": [
                        {"key": "legal", "kind": "lines", "title": "Văn bản"},
                        {
                            "key": "last_year",
                            "kind": "text",
                            "title": "Kết quả năm {previous_school_year}",
                            "required": False,
                        },
                    ],
                },
                {
                    "key": "actions",
                    "kind": "actions",
                    "title": "Nội dung",
                    "landscape": True,
                    "columns": [
                        {"key": "index", "title": "TT", "width": 5},
                        {
                            "key": "people",
                            "title": "Ai làm",
                            "width": 95.5,
                            "fields": ["lead", "partners"],
                        },
                    ],
                    "required_fields": ["criterion", "lead"],
                    "field_labels": {"lead": "Chủ trì"},
                },
                {
                    "key": "follow_up",
                    "kind": "table",
                    "title": "Theo dõi",
                    "columns": [
                        {"key": "moment", "title": "Thời điểm", "width": 1},
                        {"key": "content", "title": "Nội dung", "width": 2},
                    ],
                    "fixed_rows": [{"moment": "Cuối học kỳ I"}],
                },
                {"key": "rule", "kind": "fixed", "title": "Cơ chế", "text": "Rà soát hai lần."},
                {"key": "recipients", "kind": "recipients", "label": "Nơi nhận"},
            ],
        },
    }


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def faults_of(path: Path) -> list[tuple[str, str]]:
    """Return (place, reason) of each fault; the file must be refused."""
    with pytest.raises(FormFileError) as refused:
        read_form_file(path)
    return [(fault.place, fault.reason) for fault in refused.value.faults]


# --- files of the house -----------------------------------------------------------------------------------


def test_form_of_2018_has_sections_and_nine_columns() -> None:
    spec = read_form(read_form_file(KH_2018).data)

    table = spec.actions()

    assert [section.key for section in spec.sections] == [
        "purpose",
        "grounds",
        "actions",
        "duties",
        "closing",
        "recipients",
    ]
    assert table is not None
    assert [column.title for column in table.columns] == [
        "TT",
        "Tiêu chuẩn, tiêu chí",
        "Kết quả cần đạt (so với hiện trạng)",
        "Công việc/giải pháp cần thực hiện",
        "Chủ trì và phối hợp thực hiện",
        "Thời gian thực hiện và hoàn thành",
        "Dự kiến kinh phí",
        "Điều kiện hỗ trợ khác",
        "Ghi chú",
    ]
    assert sum(column.width for column in table.columns) == pytest.approx(100)
    assert all(section.hint and section.example for section in spec.leaves())


def test_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = read_form_file(write(tmp_path / "form.json", small_form()))

    spec = read_form(file.data)

    assert (file.code, file.first_year, file.last_year) == ("KH-THU", 2024, None)
    assert spec == read_form(small_form()["form"])
    assert spec.signing_capacities[1].split("\n") == ["KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"]
    assert spec.section("last_year") is not None
    assert [section.key for section in spec.walk() if not section.required] == ["last_year"]
    assert [section.kind for section in spec.leaves()][-1] is SectionKind.RECIPIENTS


def test_text_of_several_lines_may_be_a_list(tmp_path: Path) -> None:
    as_list = small_form()
    as_list["form"]["sections"][3]["text"] = ["Rà soát hai lần.", "Công khai kết quả."]
    as_text = small_form()
    as_text["form"]["sections"][3]["text"] = "Rà soát hai lần.\nCông khai kết quả."

    first = read_form_file(write(tmp_path / "a.json", as_list))
    second = read_form_file(write(tmp_path / "b.json", as_text))

    assert first.digest == second.digest


def test_columns_of_a_small_table_say_what_is_required_and_offered(tmp_path: Path) -> None:
    content = small_form()
    table = content["form"]["sections"][2]
    table["row_name"] = "lần theo dõi"
    table["columns"][1] |= {"required": True, "options": "criteria"}

    spec = read_form(read_form_file(write(tmp_path / "form.json", content)).data)

    section = spec.section("follow_up")
    assert section is not None
    assert section.row_name == "lần theo dõi"
    assert [(c.key, c.required, c.options) for c in section.columns] == [
        ("moment", False, None),
        ("content", True, Options.CRITERIA),
    ]


def test_a_form_says_how_it_goes_on_from_last_years(tmp_path: Path) -> None:
    content = small_form()
    content["form"]["sections"][0]["sections"][1] |= {
        "past": True,
        "starts_as": "outcomes",
        "continues": ["old_results"],
        "drawn_from": ["council.chair", "monitoring"],
    }
    content["form"]["sections"][1]["continues_fields"] = {"lead": ["partners", "remarks"]}

    form = read_form(read_form_file(write(tmp_path / "form.json", content)).data)

    section, table, silent = form.section("last_year"), form.actions(), form.section("legal")
    assert section and table and silent
    assert (section.past, section.starts_as) == (True, StartsAs.OUTCOMES)
    assert section.continues == ("old_results",)
    assert section.drawn_from == ("council.chair", "monitoring")
    assert table.continues_fields == {"lead": ("partners", "remarks")}
    assert (silent.past, silent.starts_as, silent.continues) == (False, StartsAs.CARRIED, ())


def test_a_small_table_names_the_columns_that_go_on(tmp_path: Path) -> None:
    table = {
        "key": "watch",
        "kind": "table",
        "title": "Theo dõi",
        "continues_columns": ["moment"],
        "columns": [
            {"key": "moment", "title": "Thời điểm", "width": 1},
            {"key": "outcome", "title": "Kết quả", "width": 2},
        ],
    }
    content = small_form()
    content["form"]["sections"].append(table)

    form = read_form(read_form_file(write(tmp_path / "form.json", content)).data)

    section = form.section("watch")
    assert section and section.continues_columns == ("moment",)

    table["continues_columns"] = ["moment", "index"]
    with pytest.raises(FormFileError, match="“index” không phải cột để ghi của bảng này"):
        read_form_file(write(tmp_path / "form.json", content))


def test_both_forms_tell_each_others_words_where_to_go() -> None:
    """A key that neither form has would carry nothing, and nobody would hear of it."""
    forms = [read_form(read_form_file(path).data) for path in sorted(FORMS_DIR.glob("*.json"))]
    sections = {leaf.key for form in forms for leaf in form.leaves()}
    seats = {f"{team}.{part}" for team in CouncilMember.Team for part in CouncilMember.Part}

    for form in forms:
        for leaf in form.leaves():
            assert set(leaf.continues) <= sections
            assert set(leaf.drawn_from) <= seats | set(CouncilMember.Team)


def test_a_form_that_says_nothing_new_keeps_its_content() -> None:
    """What the language has gained since must not make a new revision of a file that says none of it."""
    file = read_form_file(KH_2018)
    table = read_form(file.data).actions()

    assert table is not None
    assert (table.grouping, table.row_name) == (Grouping.STANDARD, "việc")
    said = {key for section in file.data["sections"] for key in section}
    assert said & {"grouping", "row_name"} == set()


# --- faults -----------------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (lambda f: f.update(schema="plan-form/2"), "schema", "phải là “plan-form/1”"),
        (lambda f: f.pop("code"), "code", "thiếu khóa này"),
        (lambda f: f.update(titel="x"), "", "khóa “titel” không có trong mẫu tệp"),
        (lambda f: f.pop("form"), "form", "thiếu khóa này"),
        (
            lambda f: f.update(form=[]),
            "form",
            "phải là nhóm khóa – giá trị, đang là danh sách",
        ),
        (
            lambda f: f["school_years"].update({"to": 2023}),
            "school_years.to",
            "phải từ 2024 đến 2100",
        ),
        (lambda f: f["school_years"].pop("to"), "school_years.to", "thiếu khóa này"),
        (
            lambda f: f["form"].update(kind_lines=[]),
            "form.kind_lines",
            "không được để trống",
        ),
        (
            lambda f: f["form"].update(signing_capacities=["HIỆU TRƯỞNG\x00"]),
            "form.signing_capacities[0]",
            "có ký tự không in được (U+0000)",
        ),
        (
            lambda f: f["form"].update(signing_capacities=[7]),
            "form.signing_capacities[0]",
            "phải là chuỗi ký tự hoặc danh sách dòng, đang là số nguyên",
        ),
        (
            lambda f: f["form"].update(file_prefix="KH/../x"),
            "form.file_prefix",
            "“KH/../x” phải gồm 1–20 chữ không dấu, số, gạch nối",
        ),
        (
            lambda f: f["form"].update(subject_lines=["Năm học {nam_hoc}"]),
            "form.subject_lines[0]",
            "chỗ điền {nam_hoc} không có; chỉ dùng được {previous_school_year}, {school}, "
            "{school_address}, {school_kind}, {school_year}",
        ),
        (lambda f: f["form"].update(sections=[]), "form.sections", "không được để trống"),
        (
            lambda f: f["form"]["sections"][1].update(kind="acts"),
            "form.sections[1].kind",
            "“acts” không có trong danh sách: group, text, lines, result_grid, actions, table, recipients, fixed",
        ),
        (
            lambda f: f["form"]["sections"][4].update(key="legal"),
            "form.sections",
            "khóa mục “legal” bị lặp lại",
        ),
        (
            lambda f: f["form"]["sections"][4].update(key="Nơi nhận"),
            "form.sections[4].key",
            "“Nơi nhận” phải gồm chữ thường không dấu, số, gạch dưới",
        ),
        (
            lambda f: f["form"]["sections"][4].pop("label"),
            "form.sections[4].label",
            "mục không có tên: cần title hoặc label",
        ),
        (
            lambda f: f["form"]["sections"][4].update(columns=[]),
            "form.sections[4]",
            "khóa “columns” không có trong mẫu tệp",
        ),
        (
            lambda f: f["form"]["sections"].append(
                {"key": "x", "kind": "recipients", "label": "Nữa"}
            ),
            "form.sections",
            "chỉ được có một mục loại recipients",
        ),
        (
            lambda f: f["form"]["sections"][0]["sections"][0].update(kind="group", sections=[{}]),
            "form.sections[0].sections[0].kind",
            "mục chỉ được lồng 2 tầng",
        ),
        (
            lambda f: f["form"]["sections"][3].pop("text"),
            "form.sections[3].text",
            "thiếu khóa này",
        ),
        (
            lambda f: f["form"]["sections"][1]["columns"][1].update(fields=["leader"]),
            "form.sections[1].columns[1].fields",
            "“leader” không phải trường của một việc",
        ),
        (
            lambda f: f["form"]["sections"][1]["columns"][1].update(fields=["position"]),
            "form.sections[1].columns[1].fields",
            "“position” không phải trường của một việc",
        ),
        (
            lambda f: f["form"]["sections"][1]["columns"][1].update(fields=["lead", "lead"]),
            "form.sections[1].columns",
            "trường “lead” đứng ở hai chỗ",
        ),
        (
            lambda f: f["form"]["sections"][1]["columns"][1].update(key="index"),
            "form.sections[1].columns",
            "cột “index” bị lặp lại",
        ),
        (
            lambda f: f["form"]["sections"][1]["columns"][0].update(width=0),
            "form.sections[1].columns[0].width",
            "phải lớn hơn 0",
        ),
        (
            lambda f: f["form"]["sections"][1]["columns"][0].update(width="5"),
            "form.sections[1].columns[0].width",
            "phải là một số, đang là chuỗi ký tự",
        ),
        (
            lambda f: f["form"]["sections"][1].update(required_fields=["timeframe"]),
            "form.sections[1].required_fields",
            "“timeframe” không có trong cột nào",
        ),
        (
            lambda f: f["form"]["sections"][1].update(field_labels={"remarks": "Ghi chú"}),
            "form.sections[1].field_labels.remarks",
            "không phải trường có trong một cột",
        ),
        (
            lambda f: f["form"]["sections"][2].update(fixed_rows=[{"when": "Cuối năm"}]),
            "form.sections[2].fixed_rows[0].when",
            "không phải cột để ghi của bảng này",
        ),
        (
            lambda f: f["form"]["sections"][2].update(fixed_rows=[{}]),
            "form.sections[2].fixed_rows[0]",
            "dòng có sẵn phải ghi sẵn ít nhất một ô",
        ),
        (
            lambda f: f["form"]["sections"][2]["columns"].pop(),
            "form.sections[2].fixed_rows[0]",
            "dòng có sẵn phải còn ít nhất một ô để ghi",
        ),
        (
            lambda f: f["form"]["sections"][2].update(
                columns=[{"key": "index", "title": "TT", "width": 1}], fixed_rows=[]
            ),
            "form.sections[2].columns",
            "bảng không có cột nào để ghi",
        ),
        (
            lambda f: f["form"]["sections"][2]["columns"][1].update(key="version"),
            "form.sections[2].columns[1].key",
            "“version” là tên chương trình giữ cho việc khác",
        ),
        (
            lambda f: f["form"]["sections"][2]["columns"][1].update(options="levels"),
            "form.sections[2].columns[1].options",
            "“levels” không có trong danh sách: standards, criteria",
        ),
        (
            lambda f: f["form"]["sections"][2]["columns"][1].update(required="có"),
            "form.sections[2].columns[1].required",
            "phải là giá trị đúng/sai, đang là chuỗi ký tự",
        ),
        (
            lambda f: f["form"]["sections"][1]["columns"][1].update(options="criteria"),
            "form.sections[1].columns[1]",
            "khóa “options” không có trong mẫu tệp",
        ),
        (
            lambda f: f["form"]["sections"][1].update(grouping="criterion"),
            "form.sections[1].grouping",
            "“criterion” không có trong danh sách: standard, none",
        ),
        (
            lambda f: f["form"]["sections"][1].update(grouping="none"),
            "form.sections[1].grouping",
            "việc không xếp theo tiêu chuẩn thì không bắt buộc chọn tiêu chí",
        ),
        (
            lambda f: f["form"]["sections"][0]["sections"][1].update(starts_as="copied"),
            "form.sections[0].sections[1].starts_as",
            "không có trong danh sách: carried, outcomes, empty",
        ),
        (
            lambda f: f["form"]["sections"][0]["sections"][1].update(continues=["Mục 1"]),
            "form.sections[0].sections[1].continues",
            "“Mục 1” phải gồm chữ thường không dấu, số, gạch dưới",
        ),
        (
            lambda f: f["form"]["sections"][0]["sections"][1].update(drawn_from=["council."]),
            "form.sections[0].sections[1].drawn_from",
            "“council.” phải gồm chữ thường không dấu, số, gạch dưới",
        ),
        (
            lambda f: f["form"]["sections"][1].update(starts_as="empty"),
            "form.sections[1]",
            "khóa “starts_as” không có trong mẫu tệp",
        ),
        (
            lambda f: f["form"]["sections"][1].update(continues_fields={"lead": ["boss"]}),
            "form.sections[1].continues_fields",
            "“boss” không phải trường của một việc",
        ),
        (
            lambda f: f["form"]["sections"][1].update(continues_fields={"measures": ["lead"]}),
            "form.sections[1].continues_fields",
            "khóa “measures” không có trong mẫu tệp",
        ),
        (
            lambda f: f["form"]["sections"][0]["sections"][0].update(landscape=True),
            "form.sections[0].sections[0]",
            "khóa “landscape” không có trong mẫu tệp",
        ),
    ],
)
def test_each_fault_is_named_with_its_place(
    tmp_path: Path, change: Change, place: str, reason: str
) -> None:
    content = small_form()
    change(content)
    path = write(tmp_path / "form.json", content)

    assert (place, reason) in faults_of(path)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    content = small_form()
    content["schema"] = "x"
    content["form"]["sections"][1]["columns"][0]["width"] = -1
    content["form"]["sections"][4]["key"] = "legal"

    faults = faults_of(write(tmp_path / "form.json", content))

    assert [place for place, _ in faults] == [
        "schema",
        "form.sections[1].columns[0].width",
        "form.sections",
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "không đọc được JSON ở dòng 1, cột 2"),
        (b'{"code": "a\x00b"}', "không đọc được JSON ở dòng 1, cột 12"),
        (b"\xff\xfe", "không phải tệp văn bản UTF-8"),
        (b'{"code": "A", "code": "B"}', "khóa “code” bị lặp lại trong cùng một nhóm"),
        (b"[]", "phải là nhóm khóa – giá trị, đang là danh sách"),
        (b"[" * 100_000, "lồng nhau quá sâu"),
        (b"NaN", "có số không dùng được"),
    ],
)
def test_file_that_is_no_form_is_refused(tmp_path: Path, raw: bytes, reason: str) -> None:
    path = tmp_path / "form.json"
    path.write_bytes(raw)

    assert faults_of(path) == [("", reason)]


# --- loading ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "form.json", small_form())

    first, second = load_form(path), load_form(path)

    assert (first.outcome, second.outcome) == (Outcome.CREATED, Outcome.UNCHANGED)
    assert first.form == second.form
    assert PlanForm.objects.count() == 1


@pytest.mark.django_db
def test_spelling_of_the_file_makes_no_revision(tmp_path: Path) -> None:
    path = write(tmp_path / "form.json", small_form())
    load_form(path)
    decomposed = unicodedata.normalize(
        "NFD", json.dumps(small_form(), ensure_ascii=False, indent=4)
    )
    path.write_text("\ufeff" + decomposed, encoding="utf-8")

    assert load_form(path).outcome is Outcome.UNCHANGED


@pytest.mark.django_db
def test_changed_file_makes_a_revision_and_keeps_the_old_one(tmp_path: Path) -> None:
    path = write(tmp_path / "form.json", small_form())
    old = load_form(path).form
    changed = small_form()
    changed["form"]["sections"][1]["title"] = "Nội dung kế hoạch"

    result = load_form(write(path, changed))

    old.refresh_from_db()
    assert (result.outcome, result.form.revision) == (Outcome.REVISED, 2)
    assert old.data["sections"][1]["title"] == "Nội dung"
    assert list(PlanForm.objects.current()) == [result.form]


@pytest.mark.django_db
def test_one_broken_file_keeps_all_out(tmp_path: Path) -> None:
    write(tmp_path / "a.json", small_form())
    (tmp_path / "b.json").write_text("{", encoding="utf-8")

    with pytest.raises(FormFileError) as refused:
        load_all(tmp_path)

    assert [fault.file for fault in refused.value.faults] == ["b.json"]
    assert not PlanForm.objects.exists()


@pytest.mark.django_db
def test_two_files_of_one_code_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.json", small_form())
    write(tmp_path / "b.json", small_form())

    with pytest.raises(FormFileError, match="b.json: code: “KH-THU” đã có ở tệp a.json"):
        load_all(tmp_path)


@pytest.mark.django_db
def test_command_tells_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.json", small_form())

    call_command("load_forms", dir=tmp_path)

    assert capsys.readouterr().out == "a.json: đã nạp mới – KH-THU, lần sửa 1\n"


def test_command_without_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="có 1 lỗi:\n.*không có tệp .json nào"):
        call_command("load_forms", dir=tmp_path)
