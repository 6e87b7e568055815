"""Minutes in the browser: what is missing, made once, files byte for byte; notice, report, the empty form."""

import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.followups.models import FollowUp
from plans.inspections.models import Inspection, Reply
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState, FileRole
from plans.minutes.facts import facts_of
from plans.minutes.models import Paper, PaperKind
from plans.notices.models import Notice
from plans.planning.models import Plan
from plans.planning.states import PlanState
from tests.factories import inspections, minutes, schools
from tests.plans.documents.reading import docx_text, page_words, squashed
from tests.plans.minutes.conftest import load
from tests.plans.web.minutes.conftest import browser

pytestmark = pytest.mark.django_db
DAY = {"issued_on": "22/04/2026", "number": ""}


def url(name: str, *args: int) -> str:
    return reverse(f"minutes:{name}", args=args)


def page(web: Client, name: str, *args: int) -> str:
    answer = web.get(url(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


# --- preview and making -----------------------------------------------------------------------------------


def test_the_preview_shows_the_minutes_as_they_would_be_printed(
    lead_web: Client, visit: Inspection
) -> None:
    shown = page(lead_web, "preview", visit.pk)

    assert "THÀNH VIÊN ĐOÀN KIỂM TRA" in shown
    assert "Nhà trường thực hiện nghiêm túc kế hoạch." in shown
    assert url("make", visit.pk) in shown


def test_a_school_reads_the_preview_once_the_team_has_left_and_makes_nothing(
    school_web: Client, visit: Inspection
) -> None:
    assert url("make", visit.pk) not in page(school_web, "preview", visit.pk)
    assert school_web.post(url("make", visit.pk), DAY).status_code == 403

    Inspection.objects.filter(pk=visit.pk).update(state=InspectionState.OPEN)

    assert school_web.get(url("preview", visit.pk)).status_code == 403


def test_what_is_missing_stands_on_the_page_instead_of_the_button(
    lead_web: Client, visit: Inspection
) -> None:
    Inspection.objects.filter(pk=visit.pk).update(ended="", replied_at=None, replied_by=None)
    Inspection.objects.filter(pk=visit.pk).update(reply_until=date(2099, 1, 1))

    shown = page(lead_web, "make", visit.pk)

    assert "Nhà trường còn được phản hồi đến hết ngày 01/01/2099" in shown
    assert "Chưa ghi giờ kết thúc: biên bản để trống chỗ ấy để ghi tay." in shown
    assert 'type="submit" class="btn btn-primary"' not in shown
    assert lead_web.post(url("make", visit.pk), DAY).status_code == 422
    assert Paper.objects.count() == 0


def test_a_day_to_come_opens_no_answer_that_is_not_sent(
    lead_web: Client, visit: Inspection
) -> None:
    last = timezone.localdate() + timedelta(days=3)
    Inspection.objects.filter(pk=visit.pk).update(
        replied_at=None, replied_by=None, reply_until=last, opened_at=timezone.now()
    )
    Reply.objects.filter(finding__inspection=visit).update(body="CHIM HOÀNG YẾN")
    to_come = last + timedelta(days=1)

    for day in (to_come, timezone.localdate()):
        answer = lead_web.post(
            url("make", visit.pk), {"issued_on": f"{day:%d/%m/%Y}", "number": ""}
        )
        assert answer.status_code == 422
        assert "CHIM HOÀNG YẾN" not in answer.content.decode()

    assert facts_of(load(visit), on=to_come).answers_are_in is False
    Inspection.objects.filter(pk=visit.pk).update(reply_until=timezone.localdate() - timedelta(1))
    assert "CHIM HOÀNG YẾN" in page(lead_web, "preview", visit.pk)


def test_minutes_are_made_with_their_follow_up_and_the_paper_is_shown(
    lead_web: Client, visit: Inspection
) -> None:
    answer = lead_web.post(url("make", visit.pk), DAY | {"number": "12/BB-VHXH"})

    paper = Paper.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("paper", paper.pk))
    assert FollowUp.objects.get().about.startswith("Tiêu chí 3.2")
    shown = page(lead_web, "paper", paper.pk)
    assert paper.shown_code in shown
    assert shown.count("Chưa ký</span>") == 6
    assert lead_web.get(url("preview", visit.pk))["Location"] == url("paper", paper.pk)


@pytest.mark.parametrize("typed", ["", "31/02/2026", "01/01/2020", "01/01/2099"])
def test_an_impossible_day_is_refused_in_words(
    lead_web: Client, visit: Inspection, typed: str
) -> None:
    answer = lead_web.post(url("make", visit.pk), DAY | {"issued_on": typed})

    assert answer.status_code == 422
    assert "Chưa được. Quý vị xem lại giúp" in answer.content.decode()
    assert Paper.objects.count() == 0


def test_minutes_that_nobody_signed_are_made_anew(lead_web: Client, visit: Inspection) -> None:
    lead_web.post(url("make", visit.pk), DAY)
    paper = Paper.objects.get()
    assert url("redo", visit.pk) in page(lead_web, "paper", paper.pk)

    assert lead_web.post(url("redo", visit.pk), {"reason": ""}).status_code == 422
    answer = lead_web.post(url("redo", visit.pk), {"reason": "Sai ngày."})

    assert answer["Location"] == url("make", visit.pk)
    paper.refresh_from_db()
    assert paper.state == DocumentState.WITHDRAWN
    assert FollowUp.objects.count() == 0
    assert "Sai ngày." in page(lead_web, "paper", paper.pk)


# --- papers and files -------------------------------------------------------------------------------------


def test_a_file_comes_byte_for_byte(school_web: Client, visit: Inspection) -> None:
    Inspection.objects.filter(pk=visit.pk).update(state=InspectionState.MINUTED)
    paper = minutes.paper(visit)
    row = paper.files.get()

    answer = school_web.get(url("file", paper.pk, row.pk))

    assert answer.content == bytes(row.file.content)
    assert answer["Cache-Control"] == "private, no-store"
    assert school_web.get(url("file", paper.pk, 10**18)).status_code == 404


def test_a_file_of_another_paper_is_not_to_be_had(school_web: Client, visit: Inspection) -> None:
    Inspection.objects.filter(pk=visit.pk).update(state=InspectionState.MINUTED)
    paper, foreign = minutes.paper(visit), minutes.paper()

    answer = school_web.get(url("file", paper.pk, foreign.files.get().pk))

    assert answer.status_code == 404


def test_papers_of_a_visit_are_listed_for_those_who_may_read_them(
    school_web: Client, officer_web: Client, visit: Inspection
) -> None:
    assert "Chưa có giấy tờ nào để xem." in page(school_web, "of_visit", visit.pk)
    Inspection.objects.filter(pk=visit.pk).update(state=InspectionState.OPEN)
    minutes.paper(visit, PaperKind.NOTICE, number="7/TB-VHXH")
    minutes.paper(visit)

    school, office = (page(web, "of_visit", visit.pk) for web in (school_web, officer_web))

    assert ("7/TB-VHXH" in school, "Biên bản kiểm tra</a>" in school) == (True, False)
    assert ("7/TB-VHXH" in office, "Biên bản kiểm tra</a>" in office) == (True, True)


@pytest.mark.parametrize(
    ("state", "words"),
    [(InspectionState.MINUTED, "Chờ ký"), (InspectionState.DONE, "Đang có hiệu lực")],
)
def test_minutes_are_in_force_once_they_are_signed(
    school_web: Client, visit: Inspection, state: InspectionState, words: str
) -> None:
    Inspection.objects.filter(pk=visit.pk).update(state=state)
    notice, paper = minutes.paper(visit, PaperKind.NOTICE), minutes.paper(visit)

    assert f"<span>{words}</span>" in page(school_web, "paper", paper.pk)
    assert "<span>Đang có hiệu lực</span>" in page(school_web, "paper", notice.pk)
    assert f"<dt>Hiệu lực</dt><dd>{words}</dd>" in page(school_web, "sign", paper.pk)
    listed = page(school_web, "of_visit", visit.pk)
    told = re.findall(r'<td data-label="Hiệu lực">([^<]*)</td>', listed)
    assert told == [words, "Đang có hiệu lực"]


def test_the_team_reads_the_notice_before_the_visit_and_nothing_else(planned: Inspection) -> None:
    lead = browser(planned.members.get(role="lead").user)
    told, early = minutes.paper(planned, PaperKind.NOTICE), minutes.paper(planned)

    assert lead.get(url("paper", told.pk)).status_code == 200
    assert lead.get(url("paper", early.pk)).status_code == 403


def test_listing_papers_costs_the_same_for_one_and_for_three(
    officer_web: Client, visit: Inspection
) -> None:
    minutes.paper(visit, PaperKind.NOTICE)
    page(officer_web, "of_visit", visit.pk)
    with CaptureQueriesContext(connection) as one:
        page(officer_web, "of_visit", visit.pk)
    for number in range(2):
        ended = {"state": DocumentState.REPLACED, "ended_at": visit.opened_at}
        minutes.paper(visit, PaperKind.NOTICE, code=f"KHAC{number}", **ended)

    with CaptureQueriesContext(connection) as three:
        page(officer_web, "of_visit", visit.pk)

    assert len(three) == len(one)


# --- the empty form ---------------------------------------------------------------------------------------


def test_the_empty_form_is_a_pdf_and_a_word_file(officer_web: Client, planned: Inspection) -> None:
    pdf = officer_web.get(url("blank", planned.pk))
    word = officer_web.get(url("blank_word", planned.pk))

    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert "Mau-bien-ban-MNHS-2026-04-14.pdf" in pdf["Content-Disposition"]
    assert squashed("Nhận xét của đoàn kiểm tra") in squashed(page_words(pdf.content))
    assert squashed("Trần Văn Thí Dụ") in squashed(docx_text(word.content))


def test_the_empty_form_is_about_the_plan_that_the_record_will_be_about(
    officer_web: Client, planned: Inspection
) -> None:
    Plan.objects.filter(school=planned.school).update(
        state=PlanState.FINISHED, finished_at=timezone.now()
    )
    Inspection.objects.filter(pk=planned.pk).update(
        plan=None, school_year=schools.school_year(2031)
    )

    words = squashed(docx_text(officer_web.get(url("blank_word", planned.pk)).content))

    assert squashed("MỤC ĐÍCH, YÊU CẦU") in words


def test_the_team_takes_no_plan_along_before_the_visit(
    officer_web: Client, planned: Inspection
) -> None:
    lead = browser(planned.members.get(role="lead").user)
    words = squashed("MỤC ĐÍCH, YÊU CẦU")

    ours = squashed(docx_text(officer_web.get(url("blank_word", planned.pk)).content))
    theirs = squashed(docx_text(lead.get(url("blank_word", planned.pk)).content))

    assert (words in ours, words in theirs) == (True, False)


# --- notice and report ------------------------------------------------------------------------------------


def test_a_notice_is_looked_at_and_then_sent(
    officer_web: Client, planned: Inspection, school_web: Client
) -> None:
    shown = page(officer_web, "notice", planned.pk)
    assert "Về việc kiểm tra kế hoạch cải tiến chất lượng giáo dục năm học" in shown
    typed = {"issued_on": "01/04/2026", "number": "7/TB-VHXH", "content": "Kiểm tra bếp ăn."}

    looked = officer_web.post(url("notice", planned.pk), typed | {"xem": "1"})
    assert "Kiểm tra bếp ăn." in looked.content.decode()
    assert Paper.objects.count() == 0
    assert school_web.get(reverse("visits:visit", args=[planned.pk])).status_code == 404
    answer = officer_web.post(url("notice", planned.pk), typed)

    paper = Paper.objects.get()
    assert answer["Location"] == url("paper", paper.pk)
    assert Notice.objects.filter(key=f"visit-notice:{paper.pk}").count() == 2
    assert "7/TB-VHXH" in page(school_web, "paper", paper.pk)
    assert "Gửi lại thì thông báo mới thay" in page(officer_web, "notice", planned.pk)


def test_no_notice_once_the_visit_is_under_way(officer_web: Client, visit: Inspection) -> None:
    assert "không gửi thông báo nữa" in page(officer_web, "notice", visit.pk)

    answer = officer_web.post(url("notice", visit.pk), {"issued_on": "01/04/2026"})

    assert answer.status_code == 422
    assert "đã lên lịch và chưa bắt đầu" in answer.content.decode()


def test_a_report_is_frozen_in_three_formats(officer_web: Client, visit: Inspection) -> None:
    campaign = inspections.campaign(visit.body, year=visit.school_year)
    Inspection.objects.filter(pk=visit.pk).update(campaign=campaign)
    assert "Trường Mầm non Hoa Sen" in page(officer_web, "report", campaign.pk)
    typed = {"issued_on": "04/05/2026", "assessment": "Cần tập huấn."}

    answer = officer_web.post(url("report", campaign.pk), typed)

    paper = Paper.objects.get()
    assert answer["Location"] == url("paper", paper.pk)
    roles = {FileRole.PDF, FileRole.DOCX, FileRole.XLSX}
    assert {row.role for row in paper.files.all()} == roles
    assert "Cần tập huấn." in page(officer_web, "paper", paper.pk)
    assert url("paper", paper.pk) in page(officer_web, "report", campaign.pk)
    # from both pages there is a way back to the campaign
    back = f'<a href="{reverse("inspecting:campaign", args=[campaign.pk])}">{campaign}</a>'
    for name, number in (("report", campaign.pk), ("paper", paper.pk)):
        assert back in page(officer_web, name, number)


# --- the command ------------------------------------------------------------------------------------------


def test_minutes_are_exported_as_they_stand_and_once_made_as_they_were_frozen(
    visit: Inspection, tmp_path: Path
) -> None:
    def exported(file_format: str) -> bytes:
        path = tmp_path / f"bb.{file_format}"
        options = {"inspection": visit.pk, "format": file_format, "output": path}
        call_command("export_minutes", stdout=StringIO(), **options)
        return path.read_bytes()

    assert squashed("Lê Thị Mẫu Đơn") in squashed(docx_text(exported("docx")))
    Inspection.objects.filter(pk=visit.pk).update(state=InspectionState.MINUTED)
    paper = minutes.paper(visit)

    assert exported("pdf") == bytes(paper.files.get().file.content)


def test_a_visit_to_come_is_exported_as_the_form_with_the_plan_in_it(
    planned: Inspection, tmp_path: Path
) -> None:
    path = tmp_path / "bb.docx"

    call_command(
        "export_minutes", inspection=planned.pk, format="docx", output=path, stdout=StringIO()
    )

    said = squashed(docx_text(path.read_bytes()))
    assert squashed("MỤC ĐÍCH, YÊU CẦU") in said
    assert squashed("Kế hoạch được kiểm tra: năm học") in said
    assert squashed("Ông Trần Văn Thí Dụ") in said


def test_the_command_names_what_it_cannot_do(visit: Inspection, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có buổi kiểm tra mang mã số 999"):
        call_command("export_minutes", inspection=999, output=tmp_path / "x.pdf")
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        path = tmp_path / "absent" / "x.docx"
        call_command("export_minutes", inspection=visit.pk, format="docx", output=path)
