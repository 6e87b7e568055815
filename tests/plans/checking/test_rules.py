"""Every rule with a case on both sides: a plan in which it finds something, and one beside it in which it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.checking.catalogue import RULES
from plans.checking.context import CheckedPlan
from plans.council.models import CouncilMember
from plans.planning.models import CriterionResult, Plan, PlanForm, PlanText
from plans.schools.models import ManagingBody, SchoolName
from tests.factories import accounts, planning, schools
from tests.plans.checking.conftest import ROW, TEXTS, Load, criterion

Change = Callable[[Plan], object]


@dataclass(frozen=True)
class Case:
    """A change to the clean plan after which the rule finds one thing, and one after which it finds nothing."""

    bad: Change
    good: Change
    says: str


def nothing(plan: Plan) -> None:
    """Leave the plan as it is."""


def row(**values: Any) -> Change:
    return lambda plan: plan.actions.update(**values)


def text(section: str, body: str) -> Change:
    return lambda plan: PlanText.objects.filter(plan=plan, section=section).update(body=body)


def heading(**values: Any) -> Change:
    return lambda plan: Plan.objects.filter(pk=plan.pk).update(**values)


def level(number: str, reached: int | None) -> Change:
    return lambda plan: CriterionResult.objects.filter(plan=plan, criterion__number=number).update(
        level=reached
    )


def another_row(**values: Any) -> Change:
    def add(plan: Plan) -> None:
        planning.action(plan, **({"criterion": criterion(plan, "1.1")} | ROW | values))

    return add


def both(*changes: Change) -> Change:
    return lambda plan: [change(plan) for change in changes]


def form_part(name: str, value: Any) -> Change:
    """Change one key of the form's action table."""

    def change(plan: Plan) -> None:
        data = plan.form.data
        table = next(part for part in data["sections"] if part["kind"] == "actions")
        table[name] = value
        PlanForm.objects.filter(pk=plan.form_id).update(data=data)

    return change


def form_section(key: str, **values: str) -> Change:
    """Change a top section of the form."""

    def change(plan: Plan) -> None:
        data = plan.form.data
        next(part for part in data["sections"] if part["key"] == key).update(values)
        PlanForm.objects.filter(pk=plan.form_id).update(data=data)

    return change


def deputy(name: str = "Trần Văn Minh Họa") -> Change:
    return lambda plan: accounts.member(Role.VICE_PRINCIPAL, school=plan.school, full_name=name)


def secretary(plan: Plan) -> None:
    accounts.member(Role.COUNCIL_SECRETARY, school=plan.school, full_name="Phạm Thị Thư Ký")


def seat(part: str) -> Change:
    return lambda plan: CouncilMember.objects.create(
        school=plan.school,
        school_year=plan.school_year,
        team="council",
        part=part,
        full_name="Cô Mai",
    )


def last_year(section: str = "", body: str = "", **values: Any) -> Change:
    def write(plan: Plan) -> None:
        old = planning.plan(
            plan.school, year=schools.school_year(2024), form=plan.form, framework=plan.framework
        )
        if section:
            planning.plan_text(old, section, body)
        if values:
            planning.action(old, criterion=criterion(plan, "3.2"), **(ROW | values))

    return write


def body_ended(last_day: date) -> Change:
    return lambda plan: ManagingBody.objects.update(valid_to=last_day)


REQUIRED = ["criterion", "measures"]

CASES: dict[str, Case] = {
    "missing": Case(text("purpose", " "), nothing, "Mục đích, yêu cầu: chưa có nội dung"),
    "unconfirmed": Case(
        lambda plan: plan.actions.update(proposed_at=timezone.now()),
        nothing,
        "Tiêu chí 3.2: dòng do chương trình đề xuất, chưa ai xác nhận",
    ),
    "level_absent": Case(
        both(row(band="3"), lambda plan: plan.actions.update(criterion=criterion(plan, "1.2"))),
        both(row(band="2,3"), lambda plan: plan.actions.update(criterion=criterion(plan, "1.2"))),
        "Tiêu chí 1.2: hướng tới Mức 3 nhưng tiêu chí này không có mức ấy",
    ),
    "not_met_without_action": Case(
        level("2.2", 0),
        both(level("2.2", 0), lambda plan: plan.actions.update(criterion=criterion(plan, "2.2"))),
        "Tiêu chí 2.2: không đạt nhưng chưa có việc cải tiến nào",
    ),
    "below_aim_without_action": Case(
        level("2.2", 1),
        both(level("2.2", 1), row(band="1")),
        "Tiêu chí 2.2: chưa đạt Mức 2 mà kế hoạch hướng tới, nhưng chưa có việc cải tiến nào",
    ),
    "already_reached": Case(
        level("3.2", 2),
        both(level("3.2", 1), row(band="1,2")),
        "Tiêu chí 3.2: hướng tới Mức 2 nhưng bảng kết quả ghi tiêu chí này đã đạt Mức 2",
    ),
    "aims_too_high": Case(
        both(another_row(band="3"), level("1.1", 1)),
        both(another_row(band="2,3"), level("1.1", 1)),
        "Tiêu chí 1.1: hướng tới Mức 3 trong khi tiêu chí mới đạt Mức 1, bỏ qua Mức 2",
    ),
    "mixed_bands": Case(
        another_row(band=""),
        row(band=""),
        "Tiêu chí 1.1: chưa chọn mức hướng tới, trong khi các dòng khác đã chọn",
    ),
    "target_is_weakness": Case(
        row(target_result="Nhân viên kế toán kiêm nhiệm văn thư"),
        row(target_result="Không còn thiếu nhân viên văn thư"),
        "Tiêu chí 3.2: ô “Kết quả cần đạt” đang ghi một điểm yếu (“kiêm nhiệm”)",
    ),
    "target_is_state": Case(
        row(target_result="nền bếp bong tróc, kho thực phẩm dùng chung với kho dụng cụ"),
        row(target_result=""),
        "Tiêu chí 3.2: ô “Kết quả cần đạt” ghi giống hệt ô hiện trạng",
    ),
    "duplicates": Case(
        lambda plan: planning.action(plan, criterion=criterion(plan, "3.2"), **ROW),
        another_row(),
        "Tiêu chí 3.2: việc này trùng với một dòng ở trên",
    ),
    "no_lead": Case(
        both(form_part("required_fields", REQUIRED), row(lead=" ")),
        row(lead=" "),  # the form asks for it, so it is said as missing
        "Tiêu chí 3.2: ô “Chủ trì” còn trống",
    ),
    "role_nobody_holds": Case(
        row(lead="Phó hiệu trưởng"),
        both(row(lead="PHT, kế toán"), deputy()),
        "Tiêu chí 3.2: có ghi “phó hiệu trưởng” nhưng danh sách của trường chưa có ai giữ vai trò này",
    ),
    "no_time": Case(
        both(form_part("required_fields", REQUIRED), row(timeframe="")),
        row(timeframe=""),
        "Tiêu chí 3.2: ô “Thời gian thực hiện và hoàn thành” còn trống",
    ),
    "outside_year": Case(
        row(timeframe="Đến tháng 12/2026", starts_on=None, ends_on=date(2026, 12, 31)),
        row(timeframe="Trong hè", starts_on=date(2026, 6, 1), ends_on=date(2026, 8, 31)),
        "Tiêu chí 3.2: thời hạn 31/12/2026 vượt quá năm học 2025-2026",
    ),
    "time_reversed": Case(
        row(timeframe="Từ tháng 4/2026 đến tháng 10/2025", starts_on=None, ends_on=None),
        row(timeframe="Từ tháng 10/2025 đến tháng 4/2026", starts_on=None, ends_on=None),
        "Tiêu chí 3.2: thời điểm hoàn thành ở trước thời điểm bắt đầu",
    ),
    "time_unread": Case(
        row(timeframe="khi có điều kiện", starts_on=None, ends_on=None),
        row(timeframe="Đến tháng 12/2025", starts_on=None, ends_on=None),
        "Tiêu chí 3.2: chưa đọc được mốc thời gian nào từ chữ đã ghi",
    ),
    "money_reversed": Case(
        row(budget_text="60-50triệu/năm", budget_min=None, budget_max=None),
        nothing,
        "Tiêu chí 3.2: khoảng kinh phí ghi ngược, số lớn đứng trước",
    ),
    "money_unread": Case(
        row(budget_text="khoảng 30 bao xi măng", budget_min=None, budget_max=None),
        row(budget_text="Nguồn xã hội hóa", budget_min=None, budget_max=None),
        "Tiêu chí 3.2: chưa đọc được số tiền từ chữ đã ghi",
    ),
    "money_blank": Case(
        row(budget_text=" "),
        row(budget_text="Không có"),
        "1 việc chưa ghi kinh phí (Tiêu chí 3.2)",
    ),
    "other_school_year": Case(
        text("closing", "Trên đây là kế hoạch năm học 2024 – 2025 của nhà trường."),
        text(
            "closing",
            "Trên đây là kế hoạch năm học 2025 -2026, kế thừa kết quả của năm học 2024-2025.",
        ),
        "Lời kết: nhắc năm học 2024-2025, kế hoạch là của năm học 2025-2026",
    ),
    "other_school_name": Case(
        text("closing", "Trên đây là kế hoạch của Trường Mầm non Sơn Ca."),
        text(
            "closing", "Trên đây là kế hoạch của trường mầm non Hoa Sen. Trường Mầm non Đạt chuẩn."
        ),
        "Lời kết: nhắc tên một trường khác (“Sơn Ca”)",
    ),
    "numbers_jump": Case(
        text("purpose", "1. Một\n2. Hai\n4. Bốn"),
        text("purpose", "1. Một\n2. Hai\nViệc riêng:\n1. Một"),
        "Mục đích, yêu cầu: sau mục 2 là mục 4, số thứ tự không liền nhau",
    ),
    "title_typed_again": Case(
        text("purpose", "I. MỤC ĐÍCH, YÊU CẦU\n1. Một"),
        text("purpose", "Mục đích của kế hoạch là khắc phục điểm yếu."),
        "Mục đích, yêu cầu: dòng đầu ghi lại tên mục, bản in sẽ có hai lần",
    ),
    "letterhead_typed": Case(
        text("purpose", "Độc lập Tự do – Hạnh phúc\n1. Một"),
        text("purpose", "Giáo dục trẻ lòng yêu độc lập, tự do và hạnh phúc."),
        "Mục đích, yêu cầu: có dòng “Độc lập Tự do – Hạnh phúc” của đầu văn bản, "
        "lại chưa đúng cách viết “Độc lập - Tự do - Hạnh phúc”",
    ),
    "spelling_variants": Case(
        text("purpose", "Theo chỉ đạo của Uỷ ban nhân dân xã."),
        text("purpose", "Theo chỉ đạo của Ủy ban nhân dân xã."),
        "Mục đích, yêu cầu: viết “Uỷ”, trong khi đầu văn bản viết “Ủy”",
    ),
    "leftovers": Case(
        row(measures="Họp ngày … tháng 10"),
        row(measures="Mua bàn, ghế, tủ…"),
        "Tiêu chí 3.2: còn chỗ trống “ngày …” chưa điền",
    ),
    "personal_numbers": Case(
        row(remarks="Gọi 0912 345 678"),
        row(remarks="150000000 đồng"),
        "Tiêu chí 3.2: có dãy số dài như số điện thoại hoặc số định danh cá nhân",
    ),
    "ended_body_typed": Case(
        text("recipients", "Phòng GD&ĐT huyện (để b/c);\nLưu: VT."),
        both(
            text("recipients", "Phòng GD&ĐT huyện (để b/c);\nLưu: VT."),
            heading(document_date=date(2025, 6, 30)),
        ),
        "Nơi nhận, người ký: ghi “Phòng GD&ĐT”, cơ quan này chỉ hoạt động đến hết ngày 30/06/2025",
    ),
    "out_of_force": Case(
        heading(document_date=date(2026, 7, 7)),
        heading(document_date=date(2026, 7, 6)),
        "Các văn bản quy phạm pháp luật, văn bản hướng dẫn hiện hành: 19/2018/TT-BGDĐT đã được "
        "57/2026/TT-BGDĐT thay thế từ ngày 07/07/2026",
    ),
    "recipients": Case(
        text("recipients", "UBND xã;\nLưu VT"),
        text("recipients", "- UBND xã;\n- Lưu: VT."),
        "Nơi nhận, người ký: dòng lưu ghi “Lưu VT”, thiếu dấu hai chấm",
    ),
    "text_of_last_year": Case(
        last_year("closing", TEXTS["closing"].upper()),
        last_year("closing", "Trên đây là kế hoạch của năm trước."),
        "Lời kết: giống hệt kế hoạch năm trước, từng chữ",
    ),
    "rows_of_last_year": Case(
        last_year(lead="Kế toán"),
        last_year(measures="Việc khác"),
        "1 việc ghi công việc/giải pháp cần thực hiện và kết quả giống hệt năm trước (Tiêu chí 3.2)",
    ),
    "names_in_force": Case(
        body_ended(date(2025, 6, 30)),
        nothing,
        "“UBND xã An Phú” chỉ hoạt động đến hết ngày 30/06/2025",
    ),
    "form_of_year": Case(
        lambda plan: PlanForm.objects.filter(pk=plan.form_id).update(last_year=2024),
        nothing,
        "Mẫu kế hoạch đang dùng chỉ dành cho các năm học từ 2018-2019 đến 2024-2025; chương trình "
        "chưa có mẫu riêng cho năm học 2025-2026",
    ),
    "given_words": Case(
        form_section("closing", kind="fixed", text="Địa chỉ: {school_address}"),
        form_section("closing", kind="fixed", text="Tên trường: {school}"),
        "Lời kết: hồ sơ trường chưa ghi địa chỉ trường, bản in chừa chỗ ghi tay",
    ),
    "date_outside_year": Case(
        heading(document_date=date(2024, 9, 10), document_month=None),
        heading(document_date=date(2026, 8, 31), document_month=None),
        "Ngày ban hành 10/09/2024 nằm ngoài năm học 2025-2026",
    ),
    "date_against_month": Case(
        heading(document_date=date(2025, 10, 5)),
        heading(document_date=date(2025, 9, 30)),
        "Ngày ban hành 05/10/2025 khác tháng trên văn bản 09/2025",
    ),
    "number_without_date": Case(
        heading(number="05"),
        heading(number="05", document_date=date(2025, 9, 10)),
        "Đã có số mà chưa có ngày ban hành",
    ),
    "capacity_against_signer": Case(
        heading(signing_capacity="KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG"),
        both(
            heading(
                signing_capacity="KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG", signer_name="Trần Văn Minh Họa"
            ),
            deputy(),
        ),
        "Người ký Lê Thị Mẫu Đơn là hiệu trưởng, nhưng chức vụ ghi ký thay (KT.)",
    ),
    "signer_not_in_office": Case(
        heading(signer_name="Ngô Thị Đào"),
        heading(signer_name="lê thị mẫu đơn"),
        "Người ký Ngô Thị Đào không có trong danh sách lãnh đạo trường",
    ),
}


def found(key: str, checked: CheckedPlan) -> list[str]:
    rule = next(rule for rule in RULES if rule.key == key)
    return [one.message for one in rule.look(checked)]


def test_every_rule_has_its_case_and_every_case_its_rule() -> None:
    assert list(CASES) == [rule.key for rule in RULES]


@pytest.mark.parametrize("key", [rule.key for rule in RULES])
def test_rule_finds_what_it_asks_for(key: str, clean: Plan, load: Load) -> None:
    CASES[key].bad(clean)

    assert found(key, load()) == [CASES[key].says]


@pytest.mark.parametrize("key", [rule.key for rule in RULES])
def test_rule_finds_nothing_beside_it(key: str, clean: Plan, load: Load) -> None:
    CASES[key].good(clean)

    assert found(key, load()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_rule_finds_nothing_in_a_clean_plan_and_asks_in_one_sentence(rule: Any, load: Load) -> None:
    assert list(rule.look(load())) == []
    assert rule.question.endswith("?") and rule.question[0].isupper()


# --- more sides of some rules -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (row(lead="Chủ tịch Hội đồng"), ["Chủ tịch hội đồng tự đánh giá"]),
        (both(row(lead="Chủ tịch Hội đồng"), seat("chair")), []),
        (row(lead="Thư ký Hội đồng tự đánh giá"), ["Thư ký hội đồng tự đánh giá"]),
        (both(row(lead="Thư ký Hội đồng TĐG"), seat("secretary")), []),
        (both(row(lead="Thư ký hội đồng"), secretary), []),
        (row(lead="Kế toán, giáo viên"), []),
        (row(lead="", partners="HT; hiệu phó"), ["phó hiệu trưởng"]),
    ],
)
def test_roles_are_held_by_an_account_or_in_a_team_of_the_year(
    clean: Plan, load: Load, change: Change, named: list[str]
) -> None:
    change(clean)

    told = [message.split("“")[1].split("”")[0] for message in found("role_nobody_holds", load())]

    assert told == named


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("UBND xã;\nHĐ tự đánh giá.", "chưa có dòng lưu"),
        ("Lưu: VT;\nUBND xã.", "dòng lưu không đứng cuối"),
        ("UBND xã;\n- lưu: VT.", ""),
        ("UBND xã;\nLưu ở văn thư", "dòng lưu ghi “Lưu ở văn thư”, thiếu dấu hai chấm"),
    ],
)
def test_recipients_end_with_the_archive(clean: Plan, load: Load, typed: str, said: str) -> None:
    text("recipients", typed)(clean)

    assert found("recipients", load()) == ([f"Nơi nhận, người ký: {said}"] if said else [])


@pytest.mark.parametrize(
    ("section", "typed", "is_found"),
    [
        ("previous_results", "Kết quả của năm học 2021-2022.", True),
        ("previous_results", "Năm học 2024-2025 đã xong; năm học 2025-2026 làm tiếp.", False),
        ("self_assessment", "Báo cáo tự đánh giá năm học 2020-2021.", False),
        ("self_assessment", "Báo cáo tự đánh giá năm học 2026-2027.", True),
        ("legal_grounds", "Công văn về năm học 2023-2024;", False),
        ("duty_staff", "Kế toán lập dự toán năm học 2024-2025.", True),
        ("duty_staff", "Kế toán lập dự toán giai đoạn 2020-2025.", False),
        ("duty_staff", "Chuẩn bị cho năm học 2026-2027.", False),
    ],
)
def test_each_section_may_name_the_years_that_it_is_about(
    clean: Plan, load: Load, section: str, typed: str, *, is_found: bool
) -> None:
    text(section, typed)(clean)

    assert bool(found("other_school_year", load())) is is_found


@pytest.mark.parametrize(
    ("capacity", "signer", "rules"),
    [
        ("HIỆU TRƯỞNG", "Trần Văn Minh Họa", ["capacity_against_signer"]),
        ("Q. HIỆU TRƯỞNG", "Ngô Thị Đào", []),
        ("HIỆU TRƯỞNG", "Ngô Thị Đào", ["signer_not_in_office"]),
        ("HIỆU TRƯỞNG", "", []),
    ],
)
def test_signer_is_held_against_the_schools_records(
    clean: Plan, load: Load, capacity: str, signer: str, rules: list[str]
) -> None:
    both(deputy(), heading(signing_capacity=capacity, signer_name=signer))(clean)
    checked = load()

    keys = ("capacity_against_signer", "signer_not_in_office")
    assert [key for key in keys if found(key, checked)] == rules


def test_a_principal_who_has_left_signs_no_more(clean: Plan, load: Load, principal: User) -> None:
    Membership.objects.filter(user=principal).update(valid_to=date(2025, 8, 31))

    assert found("signer_not_in_office", load()) == [
        "Người ký Lê Thị Mẫu Đơn không có trong danh sách lãnh đạo trường"
    ]


def test_older_names_of_the_school_are_its_own(clean: Plan, load: Load) -> None:
    SchoolName.objects.create(
        school=clean.school,
        name="Trường Mầm non Hướng Dương Đỏ",
        letterhead_name="TRƯỜNG MẦM NON HƯỚNG DƯƠNG ĐỎ",
        valid_to=date(2020, 1, 1),
    )
    text("closing", "Trường Mầm non Hướng Dương Đỏ nay là Trường Mầm non Hoa Sen Các.")(clean)

    assert found("other_school_name", load()) == []


@pytest.mark.parametrize(
    ("typed", "found_by"),
    [
        ("Đến tháng 12/2026", "outside_year"),
        ("Năm học 2023-2024", "outside_year"),
        ("Từ 05/9/2022 đến 31/5/2026", "outside_year"),
        ("Trong hè", ""),
        ("Thường xuyên", ""),
        ("Từ năm học 2025 đến 2027", "time_unread"),
        ("Đã hoàn thành", ""),
        ("khi có kinh phí", "time_unread"),
    ],
)
def test_time_is_read_from_the_words_of_a_row_without_days(
    clean: Plan, load: Load, typed: str, found_by: str
) -> None:
    row(timeframe=typed, starts_on=None, ends_on=None)(clean)
    checked = load()

    keys = ("outside_year", "time_reversed", "time_unread")
    assert [key for key in keys if found(key, checked)] == ([found_by] if found_by else [])


@pytest.mark.parametrize(
    ("typed", "found_by"),
    [
        ("60-50triệu/năm", "money_reversed"),
        ("30-40tr triệu/năm", ""),
        ("Nguồn xã hội hóa", ""),
        ("Theo dự toán được duyệt", ""),
        ("cần nhiều", "money_unread"),
        ("", "money_blank"),
        ("Không có", ""),
    ],
)
def test_money_is_read_from_the_words_of_a_row(
    clean: Plan, load: Load, typed: str, found_by: str
) -> None:
    row(budget_text=typed, budget_min=None, budget_max=None)(clean)
    checked = load()

    keys = ("money_reversed", "money_unread", "money_blank")
    assert [key for key in keys if found(key, checked)] == ([found_by] if found_by else [])


def test_days_beside_the_words_go_before_those_read_from_them(clean: Plan, load: Load) -> None:
    row(timeframe="Đến tháng 12/2026", starts_on=None, ends_on=date(2026, 5, 31))(clean)

    assert found("outside_year", load()) == []
