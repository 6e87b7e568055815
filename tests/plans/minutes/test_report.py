"""The report of a campaign: counts of what was found, never of how good a school is."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test.utils import CaptureQueriesContext

from plans.documents.flatten import document_lines
from plans.documents.tree import Document
from plans.inspections.enums import Decision, Verdict
from plans.inspections.models import (
    ChosenSchool,
    Finding,
    Inspection,
    InspectionCampaign,
    Recommendation,
)
from plans.inspections.states import InspectionState
from plans.minutes.report import ReportWords, campaign_report, load_campaign, recurring_remarks
from plans.schools.models import ManagingBody, School
from tests.factories import inspections, planning, schools

pytestmark = pytest.mark.django_db
ON = date(2026, 5, 4)


@pytest.fixture
def office() -> ManagingBody:
    """The office that visits."""
    return schools.body("Phòng Văn hóa - Xã hội")


@pytest.fixture
def campaign(office: ManagingBody) -> InspectionCampaign:
    """A campaign of three schools, in no order; two were visited, one visit is still to come."""
    found = inspections.campaign(office, year=schools.school_year(2025))
    for name, state in (
        ("Trường Mầm non Vàng Anh", InspectionState.CONCLUDED),
        ("Trường Mầm non Ánh Dương", InspectionState.DONE),
        ("Trường Mầm non Bình Minh", InspectionState.PLANNED),
    ):
        visited(found, name, state)
    return found


def visited(campaign: InspectionCampaign, name: str, state: InspectionState) -> Inspection:
    school = schools.school(name, managed_by=campaign.body)
    plan = planning.plan(school, year=campaign.school_year)
    first = plan.framework.standards.order_by("number")[0].criteria.order_by("position")[0]
    planning.action(plan, criterion=first)
    visit = inspections.inspection(plan, state, body=campaign.body, campaign=campaign)
    action = visit.findings.filter(kind="action").first()
    if action is not None:
        Finding.objects.filter(pk=action.pk).update(verdict=Verdict.DOING, limits=f"Lời {name}.")
        inspections.recommendation(action, body=f"Việc của {name}.")
    return visit


def choose(campaign: InspectionCampaign, *chosen: School) -> None:
    for school in chosen:
        ChosenSchool.objects.create(campaign=campaign, school=school)


def lines(document: Document) -> list[str]:
    return [line.text for line in document_lines(document)]


def report(campaign: InspectionCampaign, **words: str) -> list[str]:
    made = campaign_report(load_campaign(campaign), on=ON, words=ReportWords(**words))
    return lines(made)


def test_schools_stand_in_the_order_of_the_alphabet(campaign: InspectionCampaign) -> None:
    told = report(campaign)

    named = [line for line in told if line.startswith("Trường Mầm non")]
    assert named[:3] == [
        "Trường Mầm non Ánh Dương",
        "Trường Mầm non Bình Minh",
        "Trường Mầm non Vàng Anh",
    ]


def test_visits_are_counted_by_stage(campaign: InspectionCampaign) -> None:
    (counted,) = [line for line in report(campaign) if "Số trường trong đợt" in line]

    assert counted.endswith(
        "Số trường trong đợt: 3; đã kiểm tra: 2; đã lập biên bản: 1; đã kiểm tra, chưa lập biên bản: 1."
    )


def test_chosen_schools_without_a_visit_are_counted_and_named(
    campaign: InspectionCampaign,
) -> None:
    """Five are chosen: three have a visit, one has none yet, that of one was called off."""
    visited(campaign, "Trường Mầm non Hoa Mai", InspectionState.CANCELLED)
    choose(campaign, *(visit.school for visit in campaign.inspections.all()))
    choose(campaign, schools.school("Trường Mầm non An Nhiên", managed_by=campaign.body))

    told = report(campaign)

    (counted,) = [line for line in told if "Số trường trong đợt" in line]
    assert "Số trường trong đợt: 5; chưa lên lịch: 1; đã kiểm tra: 2; " in counted
    assert counted.endswith("; hủy: 1.")
    table = told[: told.index("II. KẾT QUẢ THỰC HIỆN THEO TIÊU CHUẨN")]
    assert [line for line in table if line.startswith("Trường Mầm non")] == [
        "Trường Mầm non An Nhiên",
        "Trường Mầm non Ánh Dương",
        "Trường Mầm non Bình Minh",
        "Trường Mầm non Hoa Mai",
        "Trường Mầm non Vàng Anh",
    ]
    assert table.count("Chưa lên lịch") == 1


def test_a_cancelled_visit_counts_as_such_alone(campaign: InspectionCampaign) -> None:
    visited(campaign, "Trường Mầm non Hoa Mai", InspectionState.CANCELLED)

    (counted,) = [line for line in report(campaign) if "Số trường trong đợt" in line]

    assert "Số trường trong đợt: 3; đã kiểm tra: 2" in counted
    assert counted.endswith("; hủy: 1.")


def test_verdicts_are_counted_by_standard_over_all_schools(campaign: InspectionCampaign) -> None:
    told = report(campaign)

    start = told.index("II. KẾT QUẢ THỰC HIỆN THEO TIÊU CHUẨN")
    heads = ["Tiêu chuẩn", "Đã thực hiện", "Đang thực hiện", "Chưa thực hiện", "Không kiểm tra"]
    assert told[start + 1 : start + 6] == heads
    end = told.index("Cộng")
    assert told[end : end + 5] == ["Cộng", "0", "2", "0", "0"]


def test_what_recurs_is_told_by_its_subject_and_never_by_school(
    campaign: InspectionCampaign,
) -> None:
    assert recurring_remarks(load_campaign(campaign)) == []  # two schools are not many yet
    visited(campaign, "Trường Mầm non Hoa Mai", InspectionState.CONCLUDED)

    (one,) = recurring_remarks(load_campaign(campaign))

    assert (len(one.remarked), len(one.recommended), one.schools) == (3, 3, 3)
    told = report(campaign)
    start = told.index("III. NHẬN XÉT, KIẾN NGHỊ LẶP LẠI Ở NHIỀU TRƯỜNG")
    assert not [line for line in told[start : start + 9] if line.startswith("Trường")]


def test_praise_does_not_recur(campaign: InspectionCampaign) -> None:
    """Where it says the same of three schools: the words count against what is not done only."""
    visited(campaign, "Trường Mầm non Hoa Mai", InspectionState.CONCLUDED)
    findings = Finding.objects.filter(inspection__campaign=campaign, kind="action")
    Recommendation.objects.filter(finding__in=findings).update(removed="1")

    findings.update(verdict=Verdict.DONE, limits=" \n", seen="Làm tốt.")
    assert recurring_remarks(load_campaign(campaign)) == []

    findings.update(verdict=Verdict.DOING)
    (one,) = recurring_remarks(load_campaign(campaign))
    assert (len(one.remarked), len(one.recommended)) == (3, 0)


def test_what_was_withdrawn_is_not_told(campaign: InspectionCampaign) -> None:
    visited(campaign, "Trường Mầm non Hoa Mai", InspectionState.DONE)
    assert len(recurring_remarks(load_campaign(campaign))) == 1
    visit = campaign.inspections.get(school__names__name="Trường Mầm non Ánh Dương")
    finding = visit.findings.get(kind="action")
    by = visit.created_by
    inspections.reply(
        finding, by, decision=Decision.WITHDRAW, decided_by=by, decided_at=visit.done_at
    )

    assert recurring_remarks(load_campaign(campaign)) == []
    assert "Việc của Trường Mầm non Ánh Dương." not in report(campaign)


def test_what_is_still_being_written_is_not_told(campaign: InspectionCampaign) -> None:
    visited(campaign, "Trường Mầm non Hoa Mai", InspectionState.OPEN)

    told = report(campaign)

    assert "Việc của Trường Mầm non Hoa Mai." not in told
    assert "Việc của Trường Mầm non Ánh Dương." in told


def test_the_offices_own_words_stand_before_the_end(campaign: InspectionCampaign) -> None:
    told = report(campaign, assessment="Cần tập huấn.", signer="Trần Văn Thí Dụ")

    start = told.index("V. ĐÁNH GIÁ, ĐỀ XUẤT")
    assert told[start + 1] == "Cần tập huấn."
    assert told[-1] == "Trần Văn Thí Dụ"
    assert "V. ĐÁNH GIÁ, ĐỀ XUẤT" not in report(campaign)


def test_an_empty_campaign_has_a_report(office: ManagingBody) -> None:
    told = report(inspections.campaign(office))

    assert "Chưa có việc nào được ghi kết quả kiểm tra." in told
    assert "Chưa có kiến nghị nào trong các biên bản đã kết thúc kiểm tra." in told


def test_loading_costs_the_same_for_many_schools(
    campaign: InspectionCampaign,
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    choose(campaign, schools.school("Trường Mầm non An Nhiên"))
    with django_assert_num_queries(8):
        report(campaign)
    visited(campaign, "Trường Mầm non Hoa Mai", InspectionState.DONE)
    choose(campaign, schools.school("Trường Mầm non Bình An"))

    with django_assert_num_queries(8):
        report(campaign)
