"""What Nghị định 30/2020/NĐ-CP asks before issue; every rule with a plan that keeps to it and one that does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from plans.accounts.models import User
from plans.checking.context import Member
from plans.issuing.official import Draft, official_findings
from plans.issuing.preparing import propose
from plans.planning.document import plan_document
from plans.planning.models import Plan
from plans.schools.models import ManagingBody, School, SchoolBody, SchoolName
from tests.factories import issuing, planning, schools
from tests.plans.issuing.conftest import ON

pytestmark = pytest.mark.django_db

# The fixture's plan was finished today, long after the date it bears.
FINISHED_LATER = "ở trước ngày soạn xong"
Told = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def told(finished: Plan) -> Told:
    """What is found of the plan issued on a day by a person, without the warning that the fixture makes."""

    def findings(signer: User, on: date = ON) -> list[tuple[str, str]]:
        proposal = propose(
            finished, signer=signer, on=on, today=timezone.localdate(), series="KH", number=None
        )
        return [(f.grade, f.what) for f in proposal.official if FINISHED_LATER not in f.what]

    return findings


@pytest.fixture
def draft(finished: Plan, principal: User) -> Draft:
    """The plan as it would be issued, finished before its date."""
    today = timezone.localdate()
    proposal = propose(finished, signer=principal, on=ON, today=today, series="KH", number=None)
    proposal.plan.finished_at = None
    members = (
        Member("Lê Thị Mẫu Đơn", "principal", None, None),
        Member("Trần Văn Minh Họa", "vice_principal", None, date(2025, 10, 19)),
    )
    return Draft(proposal.plan, proposal.tree, members, today, None)


def found(draft: Draft, **changes: str) -> list[tuple[str, str]]:
    """What is found with other values in the heading."""
    for name, value in changes.items():
        setattr(draft.plan, name, value)
    redrawn = replace(draft, tree=plan_document(draft.plan))
    return [(f.grade, f.what) for f in official_findings(redrawn)]


def test_nothing_is_found_where_all_is_right(told: Told, principal: User, deputy: User) -> None:
    assert told(principal) == []
    assert told(deputy) == []


def test_a_name_must_be_in_force_on_the_day(told: Told, principal: User) -> None:
    SchoolName.objects.update(valid_to=date(2025, 6, 30))

    assert told(principal) == [
        ("error", "Tên trường “Trường Mầm non Hoa Sen” không có hiệu lực vào ngày 20/10/2025")
    ]


def test_a_body_that_is_no_more_issues_nothing(told: Told, principal: User) -> None:
    ManagingBody.objects.update(valid_to=date(2025, 6, 30))

    assert told(principal) == [("error", "“UBND xã An Phú” chỉ hoạt động đến hết ngày 30/06/2025")]
    assert told(principal, date(2025, 6, 30)) == []


def test_a_school_without_a_line_above_is_warned(told: Told, principal: User) -> None:
    SchoolBody.objects.all().delete()
    School.objects.update(place_name="An Phú")

    assert told(principal) == [
        ("warning", "Chưa ghi cơ quan chủ quản của trường nên đầu văn bản thiếu dòng trên")
    ]


def test_a_place_is_wanted(told: Told, principal: User) -> None:
    ManagingBody.objects.update(place_name="")

    assert told(principal) == [
        ("error", "Chưa ghi địa danh của trường nên dòng ngày tháng thiếu địa danh")
    ]


def test_a_symbol_is_wanted(told: Told, principal: User) -> None:
    School.objects.update(symbol=" ")

    assert told(principal) == [
        ("error", "Hồ sơ trường chưa ghi chữ viết tắt trong ký hiệu văn bản")
    ]


def test_no_date_lies_in_the_future(told: Told, principal: User) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert told(principal, tomorrow) == [
        ("error", f"Ngày ban hành {tomorrow:%d/%m/%Y} ở sau ngày hôm nay")
    ]
    assert told(principal, timezone.localdate()) == []


def test_a_date_before_that_of_the_last_number_is_warned(
    told: Told, finished: Plan, principal: User
) -> None:
    other = planning.plan(finished.school, year=schools.school_year(2024))
    issuing.issued_document(other, issued_on=date(2025, 10, 21))

    assert told(principal) == [
        (
            "warning",
            "Ngày ban hành 20/10/2025 ở trước ngày 21/10/2025 của văn bản mang số liền trước",
        )
    ]
    assert told(principal, date(2025, 10, 21)) == []


def test_a_date_before_the_words_were_finished_is_warned(finished: Plan, principal: User) -> None:
    today = timezone.localdate()

    proposal = propose(finished, signer=principal, on=ON, today=today, series="KH", number=None)

    assert [(f.grade, f.what) for f in proposal.official] == [
        ("warning", f"Ngày ban hành 20/10/2025 {FINISHED_LATER} {today:%d/%m/%Y}")
    ]


@pytest.mark.parametrize(
    ("capacity", "signer", "what"),
    [
        ("HIỆU TRƯỞNG", "Lê Thị Mẫu Đơn", ""),
        ("Q. HIỆU TRƯỞNG", "Lê Thị Mẫu Đơn", ""),
        (
            "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG",
            "Lê Thị Mẫu Đơn",
            "Chức vụ ghi ký thay (KT.) mà người ký không phải phó hiệu trưởng",
        ),
        (
            "CHỦ TỊCH",
            "Lê Thị Mẫu Đơn",
            "Quyền hạn, chức vụ của người ký không có trong mẫu kế hoạch",
        ),
        ("", "Lê Thị Mẫu Đơn", "Quyền hạn, chức vụ của người ký không có trong mẫu kế hoạch"),
    ],
)
def test_the_capacity_is_that_of_the_signer(
    draft: Draft, capacity: str, signer: str, what: str
) -> None:
    assert found(draft, signing_capacity=capacity, signer_name=signer) == (
        [("error", what)] if what else []
    )


def test_who_holds_no_office_that_day_signs_nothing(draft: Draft) -> None:
    assert found(draft, signer_name="Trần Văn Minh Họa") == [
        (
            "error",
            "Người ký (Trần Văn Minh Họa) không giữ chức hiệu trưởng hay phó hiệu trưởng vào ngày 20/10/2025",
        ),
        (
            "error",
            "Chức vụ ghi HIỆU TRƯỞNG mà người ký không phải hiệu trưởng vào ngày 20/10/2025",
        ),
    ]


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("Lê Thị Mẫu Đơn", None),
        ("Cao Thị Mẫu Đơn", None),
        ("ThS. Lê Thị Mẫu Đơn", ("error", "Trước họ tên người ký có “ThS”")),
        ("Th.S Lê Thị Mẫu Đơn", ("error", "Trước họ tên người ký có “Th.S”")),
        ("Thạc sĩ Lê Thị Mẫu Đơn", ("error", "Trước họ tên người ký có “Thạc sĩ”")),
        ("Cô Lê Thị Mẫu Đơn", ("warning", "Họ tên người ký bắt đầu bằng “Cô”")),
    ],
)
def test_nothing_stands_before_a_name(
    draft: Draft, name: str, finding: tuple[str, str] | None
) -> None:
    draft = replace(draft, members=(Member(name, "principal", None, None),))

    assert found(draft, signer_name=name) == ([finding] if finding else [])


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("Phòng VH-XH;\nLưu: VT.", ""),
        ("- Phòng VH-XH (để b/c);\n- Lưu: VT, HĐ TĐG.", ""),
        ("", "Chưa ghi nơi nhận"),
        ("Lưu: VT;\nPhòng VH-XH.", "Dòng cuối của nơi nhận chưa phải là dòng lưu “Lưu: VT.”"),
        ("Phòng VH-XH;\nLưu VT.", "Dòng cuối của nơi nhận chưa phải là dòng lưu “Lưu: VT.”"),
        ("Phòng VH-XH;\nLưu: hồ sơ.", "Dòng cuối của nơi nhận chưa phải là dòng lưu “Lưu: VT.”"),
    ],
)
def test_the_recipients_end_with_the_archive(
    finished: Plan, told: Told, principal: User, lines: str, what: str
) -> None:
    finished.texts.filter(section="recipients").update(body=lines)

    assert told(principal) == ([("error", what)] if what else [])


def test_content_that_ends_with_a_table_bears_no_end_mark(
    finished: Plan, told: Told, principal: User
) -> None:
    finished.texts.filter(section="closing").delete()
    finished.form.data["sections"] = [
        section for section in finished.form.data["sections"] if section["key"] == "recipients"
    ] + [_table()]
    finished.form.save()

    assert told(principal)[-1] == (
        "warning",
        "Nội dung không kết thúc bằng dấu “./.” vì phần cuối là bảng",
    )


def _table() -> dict[str, object]:
    return next(one for one in planning.FORM_DATA["sections"] if one["key"] == "follow_up") | {
        "required": True
    }
