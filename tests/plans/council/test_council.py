"""Councils: the rules of each regime, what a council lacks of them, and what people do to the list."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from plans.accounts.models import User
from plans.council import actions
from plans.council.duties import duty_lines
from plans.council.models import CouncilMember
from plans.council.requirements import (
    RULES_DIR,
    CouncilRules,
    CouncilRulesError,
    faults_of,
    read_rules,
    rules_for,
    words_of,
)
from plans.history.models import Event
from plans.schools.models import School
from plans.versions import MOVED_ON
from tests.factories import accounts, council, schools


def rules_of(start_year: int) -> CouncilRules:
    rules = rules_for(start_year)
    assert rules is not None
    return rules


def team(*parts: str, team: str = "council") -> list[CouncilMember]:
    return [CouncilMember(team=team, part=part, full_name="A") for part in parts]


MEMBER = "member"

# --- rules ------------------------------------------------------------------------------------------------


def test_each_school_year_has_the_rules_of_its_regime() -> None:
    codes = {year: rules.code for year in (2018, 2025, 2026, 2040) if (rules := rules_for(year))}

    assert codes == {2018: "2018", 2025: "2018", 2026: "57-2026", 2040: "57-2026"}
    assert rules_for(2017) is None


@pytest.mark.parametrize(
    ("year", "parts", "faults"),
    [
        (2025, ["chair", "secretary", *[MEMBER] * 5], []),
        (2025, ["chair", "secretary", *[MEMBER] * 6], []),
        (2025, ["chair", "secretary", *[MEMBER] * 4], ["Cần ít nhất 7 thành viên, mới có 6."]),
        (2025, ["secretary", *[MEMBER] * 6], ["Chưa có chủ tịch (thường là hiệu trưởng)."]),
        (2025, ["chair", *[MEMBER] * 6], ["Chưa có thư ký."]),
        (
            2025,
            ["chair", "chair", "secretary", *[MEMBER] * 4],
            ["Chỉ được có 1 chủ tịch, đang có 2."],
        ),
        (2025, ["chair", "secretary", "secretary", *[MEMBER] * 4], []),
        (2026, ["chair", "secretary", *[MEMBER] * 3], []),
        (
            2026,
            ["chair", "secretary", *[MEMBER] * 4],
            ["Số thành viên phải là số lẻ, đang có 6."],
        ),
        (2026, ["chair", "secretary", MEMBER], ["Cần ít nhất 5 thành viên, mới có 3."]),
        (
            2026,
            ["chair", "secretary", "secretary", MEMBER, MEMBER],
            ["Chỉ được có 1 thư ký, đang có 2."],
        ),
        (
            2026,
            ["chair", "chair", "secretary", MEMBER, MEMBER],
            ["Chỉ được có 1 chủ tịch, đang có 2."],
        ),
        (
            2026,
            [],
            [
                "Cần ít nhất 5 thành viên, mới có 0.",
                "Số thành viên phải là số lẻ, đang có 0.",
                "Chưa có chủ tịch (thường là người đứng đầu nhà trường).",
                "Chưa có thư ký.",
            ],
        ),
    ],
)
def test_what_a_council_lacks_is_said(year: int, parts: list[str], faults: list[str]) -> None:
    assert faults_of(team(*parts), rules_of(year), "council") == faults


def test_nothing_is_asked_of_a_monitoring_team() -> None:
    assert faults_of(team("lead", team="monitoring"), rules_of(2026), "monitoring") == []
    assert words_of(rules_of(2026), "monitoring") == ""


def test_rules_are_told_in_one_sentence() -> None:
    assert words_of(rules_of(2026), "council") == (
        "Thông tư 57/2026/TT-BGDĐT: ít nhất 5 thành viên, số lẻ, đúng 1 chủ tịch, đúng 1 thư ký."
    )
    assert words_of(rules_of(2025), "council") == (
        "Công văn 5932, 5942/BGDĐT-QLCL ngày 28/12/2018: ít nhất 7 thành viên, đúng 1 chủ tịch, "
        "ít nhất 1 thư ký."
    )


def test_a_broken_file_is_refused_with_every_fault(tmp_path: Path) -> None:
    content = json.loads((RULES_DIR / "57-2026.json").read_text(encoding="utf-8"))
    content["teams"][0]["team"] = "board"
    content["teams"][0]["at_least"] = -1
    del content["title"]
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(CouncilRulesError) as refused:
        read_rules(tmp_path)

    places = {fault.place for fault in refused.value.faults}
    assert places == {"title", "teams[0].team", "teams[0].at_least"}


# --- the list ---------------------------------------------------------------------------------------------


@pytest.fixture
def school(db: None) -> School:
    return schools.school()


@pytest.fixture
def by(school: School) -> User:
    return accounts.member(school=school)


def names(school: School, start: int = 2025) -> list[str]:
    rows = CouncilMember.objects.of(school, schools.school_year(start))
    return [row.full_name for row in rows]


def test_a_member_is_added_at_the_end_and_recorded(school: School, by: User) -> None:
    council.member(school, full_name="A", place=4)

    added = actions.add_member(
        school=school,
        school_year=schools.school_year(),
        values={"team": "council", "part": "chair", "full_name": "  Lê Thị Mẫu Đơn "},
        by=by,
    )

    assert names(school) == ["A", "Lê Thị Mẫu Đơn"]
    assert added.place == 5
    assert Event.objects.get(action="council.add").school_id == school.pk


def test_a_member_needs_a_name(school: School, by: User) -> None:
    year, values = schools.school_year(), {"team": "council", "full_name": " "}

    with pytest.raises(ValidationError):
        actions.add_member(school=school, school_year=year, values=values, by=by)

    assert names(school) == []


def test_a_change_keeps_what_stood_there_in_the_record(school: School, by: User) -> None:
    member = council.member(school, full_name="A", duty="ghi chép", user=by)

    actions.change_member(
        member=member, values={"duty": "tổng hợp", "user": None}, version=1, by=by
    )
    actions.change_member(member=member, values={"duty": "tổng hợp"}, version=2, by=by)

    assert CouncilMember.objects.get().version == 2
    assert Event.objects.get(action="council.change").before == {"duty": "ghi chép", "user": by.pk}


def test_a_second_save_is_refused(school: School, by: User) -> None:
    member = council.member(school, full_name="A")
    CouncilMember.objects.update(duty="của người khác", version=2)

    with pytest.raises(ValidationError, match=MOVED_ON[:30]):
        actions.change_member(member=member, values={"duty": "của tôi"}, version=1, by=by)

    assert CouncilMember.objects.get().duty == "của người khác"
    assert not Event.objects.filter(action="council.change").exists()


def test_members_change_places_within_their_team(school: School, by: User) -> None:
    first, second = council.member(school, full_name="A"), council.member(school, full_name="B")
    council.member(school, full_name="C", team="monitoring")

    assert actions.move_member(member=second, up=True, by=by)
    assert not actions.move_member(member=second, up=True, by=by)
    assert not actions.move_member(member=first, up=False, by=by)

    assert names(school) == ["B", "A", "C"]


def test_a_member_taken_off_meanwhile_is_not_moved(school: School, by: User) -> None:
    member = council.member(school, full_name="A")
    actions.remove_member(member=CouncilMember.objects.get(pk=member.pk), by=by)

    assert not actions.move_member(member=member, up=True, by=by)


def test_a_removed_member_comes_back_to_their_place(school: School, by: User) -> None:
    first = council.member(school, full_name="A")
    council.member(school, full_name="B")

    actions.remove_member(member=first, by=by)
    assert names(school) == ["B"]
    actions.restore_member(member=first, by=by)

    assert names(school) == ["A", "B"]


def test_last_years_council_is_copied_once(school: School, by: User) -> None:
    old, new = schools.school_year(2025), schools.school_year(2026)
    council.member(school, full_name="A", duty="chỉ đạo", part="chair", version=7)
    actions.remove_member(member=council.member(school, full_name="B"), by=by)

    assert actions.copy_council(school=school, old=old, new=new, by=by) == 1
    assert actions.copy_council(school=school, old=old, new=new, by=by) == 0

    copied = CouncilMember.objects.of(school, new).get()
    assert (copied.full_name, copied.duty, copied.part, copied.version) == (
        "A",
        "chỉ đạo",
        "chair",
        1,
    )
    assert names(school, 2025) == ["A"]


# --- duties -----------------------------------------------------------------------------------------------


def test_duties_are_lines_of_those_who_sit_on_the_seats() -> None:
    members = [
        CouncilMember(team="council", part="chair", full_name="Lê Thị Mẫu Đơn", duty="chỉ đạo."),
        CouncilMember(team="council", part="member", full_name="B", position="Kế toán"),
        CouncilMember(team="monitoring", part="lead", full_name="C"),
    ]

    assert duty_lines(members, ["council.chair"]) == "- Lê Thị Mẫu Đơn, Chủ tịch: chỉ đạo."
    assert duty_lines(members, ["council.member", "monitoring"]) == (
        "- B, Kế toán, Thành viên.\n- C, Tổ trưởng."
    )
    assert duty_lines(members, []) == ""
