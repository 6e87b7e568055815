"""The demo: made once, only where it may be, complete enough to show every page; and `prepare` around it."""

import json
import unicodedata
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.utils import timezone
from fontTools.ttLib import TTFont
from pytest_django.fixtures import Settings

from criteria.checking import FileError
from plans.accounts.models import User
from plans.council.models import CouncilMember
from plans.council.requirements import faults_of, rules_for
from plans.documents.flatten import document_text
from plans.documents.storing import tree_from_json
from plans.followups.homes import office_home, school_homes
from plans.followups.models import FollowUp
from plans.followups.states import FollowUpState
from plans.history.actions import record
from plans.history.models import Event
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.legal.models import LegalDocument
from plans.management.demo import DEMO_DIR, PASSWORD, DemoRefused, demo_accounts, make_demo
from plans.management.places import PLACES_DIR, load_body_kinds, load_school_years
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanForm, PlanText
from plans.planning.progress import missing_parts
from plans.planning.states import PlanState
from plans.schools.letterhead import letterhead
from plans.schools.models import BodyKind, ManagingBody, RecognitionDecision, School, SchoolYear
from plans.signing.trust import TrustStore
from plans.signing.verify import verify
from tests.factories import schools

TODAY = date(2025, 10, 1)


@pytest.fixture
def demo(db: None, settings: Settings) -> None:
    settings.KCL_DEMO = True
    assert make_demo()


def plan_of(symbol: str, start_year: int) -> Plan:
    return Plan.objects.for_document().get(
        school__symbol=symbol, school_year__start_year=start_year
    )


# --- may it, did it ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_demo_is_refused_where_nobody_asked_for_it(settings: Settings) -> None:
    settings.KCL_DEMO = False

    with pytest.raises(DemoRefused):
        make_demo()
    with pytest.raises(CommandError, match="KCL_DEMO=1"):
        call_command("make_demo")
    with pytest.raises(CommandError, match="KCL_DEMO"):
        call_command("demo_accounts")

    assert not School.objects.exists()
    assert not User.objects.exists()


def test_demo_is_made_once(demo: None) -> None:
    models = (School, ManagingBody, User, Plan, PlanText, PlanAction, CriterionResult)
    before = [model.objects.count() for model in models]

    assert make_demo() is False
    assert [model.objects.count() for model in models] == before


def test_demo_leaves_a_taken_name_alone(db: None, settings: Settings) -> None:
    settings.KCL_DEMO = True
    User.objects.create_user("hieutruong", "Mot-mat-khau-khac", full_name="Người đến trước")

    with pytest.raises(CommandError, match="Tên đăng nhập này đã có người dùng"):
        call_command("make_demo")

    assert not School.objects.exists()


# --- what is in it ----------------------------------------------------------------------------------------


def test_demo_has_schools_bodies_and_decisions(demo: None) -> None:
    assert School.objects.filter(is_demo=True).count() == 3
    assert ManagingBody.objects.filter(is_demo=True).count() == 10
    assert RecognitionDecision.objects.count() == 5
    assert list(School.objects.matching("mau giao hoa sen").values_list("symbol", flat=True)) == [
        "MNHS"
    ]


@pytest.mark.parametrize(
    ("symbol", "start_year", "state", "actions", "results"),
    [
        ("MNHS", 2024, PlanState.FINISHED, 11, 25),
        ("MNHS", 2025, PlanState.DRAFT, 16, 22),
        ("THBM", 2025, PlanState.FINISHED, 14, 24),
    ],
)
def test_full_plans_lack_nothing(
    demo: None, symbol: str, start_year: int, state: PlanState, actions: int, results: int
) -> None:
    plan = plan_of(symbol, start_year)

    assert plan.state == state
    assert (plan.actions.count(), plan.results.count()) == (actions, results)
    assert missing_parts(plan) == []
    assert plan.texts.count() == 12
    assert {action.band for action in plan.actions.all()} == {"1,2,3", "2"}


def test_third_school_has_only_begun(demo: None) -> None:
    plan = plan_of("THCSHD", 2025)

    assert plan.state == PlanState.DRAFT
    assert len(missing_parts(plan)) > 10


def test_third_school_writes_the_next_year_in_the_new_form(demo: None) -> None:
    plan = plan_of("THCSHD", 2026)

    assert (plan.form.code, plan.framework.code) == ("KH-57-2026", "TT57-2026-PT")
    assert missing_parts(plan) == []
    assert Counter(row.section for row in plan.rows.all()) == {"priorities": 4, "monitoring": 2}
    # Which words are offered is checked too: a standard that is typed is one of the framework's.
    offered = {s.label for s in plan.framework.standards.all()}
    assert {r.text("standard") for r in plan.rows.all() if r.section == "priorities"} <= offered


def test_every_text_stands_in_a_section_of_its_form(demo: None) -> None:
    for plan in Plan.objects.for_editing():
        sections = {leaf.key for leaf in plan.spec.leaves()}
        filled = {text.section for text in plan.texts.all()}
        filled |= {row.section for row in plan.rows.all()}

        assert filled <= sections


def test_no_result_claims_a_level_that_its_criterion_lacks(demo: None) -> None:
    results = CriterionResult.objects.select_related("criterion").order_by("pk")

    assert [str(r) for r in results if r.level and not r.criterion.has_level(r.level)] == []


def test_framework_and_names_are_those_in_force(demo: None) -> None:
    old, new = plan_of("MNHS", 2024), plan_of("MNHS", 2025)

    assert (old.framework.code, new.framework.code) == ("TT19-2018", "TT19-2018+22-2024")
    assert letterhead(old.school, old.names_on).parent_body == "UBND HUYỆN THANH HÒA"
    assert letterhead(new.school, new.names_on).parent_body == "UBND XÃ AN PHÚ"
    assert letterhead(new.school, new.names_on).warnings == ()


def test_unfinished_work_goes_on_under_the_same_thread(demo: None) -> None:
    threads = [
        set(plan_of("MNHS", year).actions.values_list("thread", flat=True)) for year in (2024, 2025)
    ]

    assert len(threads[0] & threads[1]) == 2


def test_texts_are_nfc_and_without_trailing_spaces() -> None:
    for path in sorted((django_settings.BASE_DIR / "fixtures" / "demo").glob("*.json")):
        text = path.read_text(encoding="utf-8")

        assert unicodedata.is_normalized("NFC", text)
        assert [line for line in _strings(json.loads(text)) if line != line.strip()] == []


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _strings(part)]


def test_councils_fit_the_rules_of_their_year(demo: None) -> None:
    for symbol, council, monitoring in [("MNHS", 7, 3), ("THBM", 9, 3)]:
        members = CouncilMember.objects.of(
            School.objects.get(symbol=symbol), SchoolYear.objects.get(start_year=2025)
        )
        rules = rules_for(2025)

        assert members.filter(team="council").count() == council
        assert members.filter(team="monitoring").count() == monitoring
        assert rules and faults_of(members.filter(team="council"), rules, "council") == []


def test_what_became_of_last_years_actions_is_told_but_for_one(demo: None) -> None:
    actions = plan_of("THBM", 2025).actions.all()

    assert Counter(action.progress for action in actions) == {
        "done": 8,
        "under_way": 3,
        "not_done": 2,
        "": 1,
    }


def test_schools_pick_the_documents_of_their_own_bodies(demo: None) -> None:
    numbers = {
        symbol: set(
            LegalDocument.objects.for_school(School.objects.get(symbol=symbol))
            .filter(issued_on__year__gte=2025)
            .values_list("number", flat=True)
        )
        for symbol in ("THBM", "THCSHD")
    }

    assert "81/KH-UBND" in numbers["THBM"] - numbers["THCSHD"]
    assert {"57/2026/TT-BGDĐT", "1520/KH-SGDĐT"} <= numbers["THBM"] & numbers["THCSHD"]


# --- people -----------------------------------------------------------------------------------------------


def test_everyone_logs_in_and_sees_what_they_may(demo: None) -> None:
    seen = {
        user.username: sorted(
            School.objects.visible_to(user, TODAY).values_list("symbol", flat=True)
        )
        for user in User.objects.filter(is_demo=True)
    }

    assert seen == {
        **dict.fromkeys(("hieutruong", "hieupho", "thuky", "giaovien", "vanthu"), ["MNHS"]),
        **dict.fromkeys(("chuyenvien", "lanhdao"), ["MNHS", "THBM"]),
        **dict.fromkeys(("hieutruong3", "hieupho3", "thuky3"), ["THBM"]),
        **dict.fromkeys(("hieutruong2", "chuyenvien2"), ["THCSHD"]),
        "quantri": ["MNHS", "THBM", "THCSHD"],
    }
    assert all(user.check_password(PASSWORD) for user in User.objects.all())


def test_only_the_administrator_has_the_back_office(demo: None) -> None:
    staff = User.objects.filter(is_staff=True) | User.objects.filter(is_superuser=True)

    assert list(staff.values_list("username", flat=True)) == ["quantri"]


def test_password_is_one_that_a_person_could_choose(demo: None) -> None:
    for user in User.objects.order_by("pk"):
        validate_password(PASSWORD, user)


def test_command_lists_accounts_in_order(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_accounts")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Tài khoản mẫu, mật khẩu chung: {PASSWORD}"
    assert lines[1] == "  hieutruong  – Hiệu trưởng – Trường Mầm non Hoa Sen"
    assert lines[6] == "  chuyenvien  – Chuyên viên – Phòng Văn hóa - Xã hội xã An Phú"
    assert len(lines) == 1 + len(list(demo_accounts())) == 14


@pytest.mark.django_db
def test_command_without_a_demo_says_so(settings: Settings) -> None:
    settings.KCL_DEMO = True

    with pytest.raises(CommandError, match="hãy chạy make_demo trước"):
        call_command("demo_accounts")


# --- prepare ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_prepare_fills_an_empty_database_and_then_rests(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KCL_DEMO = True

    call_command("prepare", demo_if_new=True)
    first = capsys.readouterr().out.splitlines()
    call_command("prepare", demo_if_new=True)
    second = capsys.readouterr().out.splitlines()

    assert first[-7:] == [
        "Loại cơ quan: đã thêm 7",
        "Năm học: đã thêm 10",
        "Văn bản làm căn cứ: đã thêm 9",
        "Đọc lại các ô của kế hoạch: không thay đổi",
        "Thùng rác: không thay đổi",
        "Dữ liệu mẫu: đã tạo",
        "Niêm nhật ký: đã niêm 2",  # the records of two visits were opened
    ]
    assert second[1:] == [
        "Bộ tiêu chuẩn: không thay đổi",
        "Mẫu kế hoạch: không thay đổi",
        "Loại cơ quan: không thay đổi",
        "Năm học: không thay đổi",
        "Văn bản làm căn cứ: không thay đổi",
        "Đọc lại các ô của kế hoạch: không thay đổi",
        "Thùng rác: không thay đổi",
        "Niêm nhật ký: không thay đổi",
    ]
    assert PlanForm.objects.count() == 2


@pytest.mark.django_db
def test_prepare_seals_what_a_stop_left_unsealed(capsys: pytest.CaptureFixture[str]) -> None:
    school = schools.school()
    record("school.change", school, by=None, school_id=school.pk)

    call_command("prepare")

    assert capsys.readouterr().out.splitlines()[-1] == "Niêm nhật ký: đã niêm 1"
    assert not Event.objects.unsealed().exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("is_demo", "asked"), [(False, True), (True, False)])
def test_prepare_makes_no_demo_unasked(settings: Settings, is_demo: bool, asked: bool) -> None:
    settings.KCL_DEMO = is_demo

    call_command("prepare", demo_if_new=asked)

    assert not School.objects.exists()
    assert SchoolYear.objects.count() == 10


@pytest.mark.django_db
def test_prepare_makes_no_demo_where_people_are(settings: Settings) -> None:
    settings.KCL_DEMO = True
    User.objects.create_user("nguoi.that", "Mot-mat-khau-rieng", full_name="Người dùng thật")

    call_command("prepare", demo_if_new=True)

    assert not School.objects.exists()


@pytest.mark.django_db
def test_places_that_were_corrected_stay() -> None:
    load_school_years()
    load_body_kinds()
    SchoolYear.objects.filter(start_year=2025).update(starts_on=date(2025, 9, 8))
    BodyKind.objects.filter(code="phong_vhxh").update(name="Phòng VH-XH")

    assert (load_school_years(), load_body_kinds()) == (0, 0)
    assert SchoolYear.objects.get(start_year=2025).starts_on == date(2025, 9, 8)
    assert SchoolYear.objects.get(start_year=2024).ends_on == date(2025, 5, 31)
    assert BodyKind.objects.get(code="phong_vhxh").name == "Phòng VH-XH"


@pytest.mark.django_db
def test_school_years_of_a_broken_file_are_refused(tmp_path: Path) -> None:
    content = json.loads((PLACES_DIR / "school_years.json").read_text(encoding="utf-8"))
    content["starts"] = {"month": 2, "day": 30}
    del content["ends"]
    path = tmp_path / "school_years.json"
    path.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(FileError) as refused:
        load_school_years(path)

    assert [fault.place for fault in refused.value.faults] == ["starts.day", "ends"]
    assert not SchoolYear.objects.exists()


# --- fonts of the screen ----------------------------------------------------------------------------------


def test_web_fonts_hold_every_vietnamese_letter(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path

    call_command("make_web_fonts")
    call_command("make_web_fonts")

    fonts = sorted((tmp_path / "webfonts" / "fonts").iterdir())
    assert [font.name for font in fonts] == [
        "Tinos-Bold.woff2",
        "Tinos-BoldItalic.woff2",
        "Tinos-Italic.woff2",
        "Tinos-Regular.woff2",
    ]
    vowels = "aăâeêioôơuưy"
    letters = {ord(c) for c in "đĐ₫“”–…" + vowels + vowels.upper()}
    for font in fonts:
        with TTFont(font) as opened:
            assert letters | set(range(0x1EA0, 0x1EFA)) <= set(opened.getBestCmap())
    assert capsys.readouterr().out.splitlines() == [
        "Phông chữ màn hình: đã tạo",
        "Phông chữ màn hình: đã có sẵn",
    ]


def test_web_fonts_without_the_font_package_say_the_cure(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    settings.KCL_FONT_DIRS = []
    monkeypatch.delenv("KCL_FONT_DIRS", raising=False)
    monkeypatch.setattr("plans.documents.fonts.FONT_DIRS", (tmp_path,))

    with pytest.raises(CommandError, match="apt-get install fonts-croscore"):
        call_command("make_web_fonts")

    assert not (tmp_path / "webfonts").exists()


@pytest.mark.django_db
def test_the_reader_reads_what_the_demos_authors_meant(settings: Settings) -> None:
    """The files say by hand when each row ends and what it costs; the reader has to come to the same."""
    settings.KCL_DEMO = True
    deadlines, sums = {}, {}
    for path in sorted(DEMO_DIR.glob("plan-*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        for row in told["actions"]:
            if row["period"][1]:
                words = told["school_year"], _typed(row["timeframe"])
                deadlines[words] = date.fromisoformat(row["period"][1])
            if "budget" in row:
                sums[_typed(row["budget_text"])] = tuple(row["budget"])

    make_demo()

    rows = list(PlanAction.objects.select_related("plan__school_year"))
    ends = {(r.plan.school_year.start_year, r.timeframe): r.ends_on for r in rows}
    assert {words: day for words, day in ends.items() if words in deadlines} == deadlines
    read = {r.budget_text: (r.budget_min, r.budget_max) for r in rows if r.budget_text in sums}
    assert read == sums


def _typed(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


# --- visits -----------------------------------------------------------------------------------------------


def test_a_visit_of_each_stage_is_there(demo: None) -> None:
    visits = Inspection.objects.order_by("pk").values_list(
        "school__symbol", "school_year__start_year", "state"
    )

    assert list(visits) == [
        ("THBM", 2025, InspectionState.CONCLUDED),
        ("MNHS", 2025, InspectionState.PLANNED),
        ("MNHS", 2024, InspectionState.DONE),
    ]


def test_signed_minutes_are_signed_by_whom_they_name(demo: None) -> None:
    paper = Paper.objects.get(inspection__state=InspectionState.DONE)
    trust = TrustStore.from_folder(DEMO_DIR / "minutes")

    report = verify(bytes(current_pdf(paper).file.content), trust=trust, at=timezone.now())

    assert report.valid, report.words
    rows = paper.signers.order_by("signed_at").values_list(
        "full_name", "user__full_name", "field", "signed_at", "serial"
    )
    told = [(one.signer, one.signer, one.field, one.time, one.serial) for one in report.signatures]
    assert list(rows) == told
    assert [name for name, *_ in rows] == [
        "Phan Thế Tùng Bách",
        "Hoàng Thị Hải Đường",
        "Lê Thị Mẫu Đơn",
    ]


def test_each_signature_stands_after_the_bytes_that_were_signed_before(demo: None) -> None:
    paper = Paper.objects.get()
    rows = paper.files.exclude(role=FileRole.DOCX).order_by("added_at")
    states = [bytes(row.file.content) for row in rows]

    assert [row.role for row in rows] == [FileRole.PDF, *[FileRole.SIGNED] * 3]
    trust = TrustStore.from_folder(DEMO_DIR / "minutes")
    reports = [verify(state, trust=trust, at=timezone.now()) for state in states[1:]]
    assert [len(report.signatures) for report in reports] == [1, 2, 3]
    assert all(after.startswith(before) for before, after in pairwise(states))


def test_signed_minutes_say_what_the_record_says(demo: None) -> None:
    """They were rendered once; who changes the demo's record makes them anew."""
    paper = Paper.objects.get()
    visit = Inspection.objects.for_minutes().get(pk=paper.inspection_id)
    frozen = document_text(tree_from_json(paper.tree))

    words = [
        (finding.seen, *(one.body.rstrip(".") for one in finding.recommendations.all()))
        for finding in visit.findings.all()
        if finding.seen
    ]
    wanted = [one for row in words for one in row]
    wanted += [one.full_name for one in visit.members.all()]
    assert [one for one in wanted if one not in frozen] == []
    assert (paper.pages, paper.issued_on) == (10, date(2025, 10, 21))


def test_what_follows_from_a_visit_stands_everywhere_between_open_and_verified(demo: None) -> None:
    items = FollowUp.objects.order_by("criterion__number")
    today = date(2026, 11, 28)

    assert [(one.criterion and one.criterion.number, one.state) for one in items] == [
        ("1.6", FollowUpState.VERIFIED),
        ("3.4", FollowUpState.OPEN),
        ("3.6", FollowUpState.OPEN),
        ("4.1", FollowUpState.OPEN),
        ("5.3", FollowUpState.REPORTED),
    ]
    overdue = FollowUp.objects.overdue(today).order_by("criterion__number")
    assert [one.criterion and one.criterion.number for one in overdue] == ["3.4", "4.1"]
    carried = items.filter(carried_to__isnull=False)
    assert [one.carried_to and one.carried_to.plan.school_year.start_year for one in carried] == [
        2025,
        2025,
    ]


def test_both_sides_meet_what_is_overdue_on_their_first_page(demo: None) -> None:
    today = date(2026, 11, 28)
    kindergarten = School.objects.get(symbol="MNHS")
    officer = User.objects.get(username="chuyenvien")

    home = school_homes([kindergarten.pk], today)[kindergarten.pk]
    office = office_home(School.objects.visible_to(officer, today), today)

    assert [one.item.criterion and one.item.criterion.number for one in home.overdue] == [
        "3.4",
        "4.1",
    ]
    assert (office.overdue, office.overdue_schools, office.reported) == (2, 1, 1)
