"""Every page, as each kind of person sees it: nothing for axe to find, nothing that scrolls sideways."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from criteria.models import Criterion, Standard
from plans.accounts.models import User
from plans.council.models import CouncilMember
from plans.formats.actions import copy_form
from plans.history.models import Event
from plans.jobs.enums import JobState
from plans.jobs.models import Job
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.planning import actions
from plans.planning.models import Plan, PlanAction, PlanForm, PlanText
from plans.schools.models import School
from plans.together.actions import assign_part, solve_comment, write_comment
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    look_at,
    screenshot,
    sign_in,
)


def format_pages() -> dict[str, str]:
    """Return the pages of forms and layouts, a copy being changed among them."""
    admin = User.objects.get(username="quantri")
    house = PlanForm.objects.current().get(code="KH-57-2026")
    draft = copy_form(form=house, body=None, by=admin)
    return {
        "forms": reverse("formats:forms"),
        "form": reverse("formats:form", args=[house.pk]),
        "draft": reverse("formats:form", args=[draft.pk]),
        "form-edit": reverse("formats:form_edit", args=[draft.pk]),
        "form-screen": reverse("formats:form_screen", args=[draft.pk]),
        "layouts": reverse("formats:layouts"),
        "layout": reverse("formats:layout_general"),
    }


def pages_of_ones_own(person: User) -> dict[str, str]:
    """Return the pages of a person's notices and jobs: one unread, one that waits, one that failed."""
    tell([person], NoticeKind.RETURNED, key="k", text="Kế hoạch được trả lại.", path="/")
    jobs = [
        Job.objects.create(
            key=f"{person.pk}-{state}", kind="x", title="Tải", person=person, state=state
        )
        for state in (JobState.WAITING, JobState.FAILED)
    ]
    return {
        "notices": reverse("notices:inbox"),
        "notice-choices": reverse("notices:choices"),
        "jobs": reverse("jobs:list"),
        **{f"job-{job.state}": reverse("jobs:job", args=[job.pk]) for job in jobs},
    }


def as_person(page: Page, name: str, live_server: LiveServer) -> None:
    sign_in(page, User.objects.get(username=name), live_server.url)


def assessing_pages(plan: Plan) -> dict[str, str]:
    """The matrix, a phiếu with indicators and one with levels that are judged as a whole."""
    criteria = {c.number: c.pk for c in Criterion.objects.of(plan.framework)}
    return {
        "matrix": reverse("assessing:matrix", args=[plan.pk]),
        "sheet": reverse("assessing:sheet", args=[plan.pk, criteria["1.1"]]),
        "sheet-whole": reverse("assessing:sheet", args=[plan.pk, criteria["3.2"]]),
    }


def test_pages_of_a_principal(demo: None, page: Page, live_server: LiveServer) -> None:
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    finished = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2024)
    action = PlanAction.objects.in_print_order().filter(plan=plan)[1]
    promised = PlanAction.objects.filter(plan=plan, thread__in=finished.actions.values("thread"))[0]
    member = CouncilMember.objects.filter(school=plan.school)[0]
    as_person(page, "hieutruong", live_server)
    sections = {
        f"section-{key}": reverse("planning:section", args=[plan.pk, key])
        for key in ("purpose", "grounds", "actions", "duties", "closing", "recipients")
    }

    look_at(
        page,
        sections
        | {
            "home": "/",
            "plans": reverse("planning:list"),
            "add": reverse("planning:add", args=[plan.school_id]),
            "row-open": f"{sections['section-actions']}?mo={action.pk}",
            "review": reverse("planning:review", args=[plan.pk]),
            "preview": reverse("planning:preview", args=[plan.pk]),
            "finished": reverse("planning:section", args=[finished.pk, "grounds"]),
            **assessing_pages(plan),
            "school": reverse("schools:school", args=[plan.school_id]),
            "begin-from": reverse("starting:begin", args=[plan.school_id]),
            "old-years": reverse("starting:years", args=[plan.pk]),
            "over-the-years": reverse("starting:history", args=[plan.pk, promised.pk]),
            "council": reverse("council:year", args=[plan.school_id, 2025]),
            "council-empty": reverse("council:year", args=[plan.school_id, 2026]),
            "member": reverse("council:member", args=[plan.school_id, 2025, member.pk]),
            "pick": reverse("legal:pick", args=[plan.pk]),
            "shelf": reverse("legal:shelf"),
            "document": reverse("legal:add"),
            "sessions": reverse("accounts:sessions"),
            "password": reverse("accounts:password_change"),
            "help": reverse("overview:help"),
            "accessibility": reverse("overview:accessibility"),
        },
    )


def test_pages_of_people_who_write_together(
    demo: None, page: Page, live_server: LiveServer
) -> None:
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    people = {one.username: one for one in User.objects.all()}
    first = _written_together(plan, people["hieutruong"], people["hieupho"], people["giaovien"])
    at = {name: reverse(f"together:{name}", args=[plan.pk]) for name in TOGETHER}
    row = f"{reverse('planning:section', args=[plan.pk, 'actions'])}?mo={first.pk}"
    change = Event.objects.filter(action="planaction.change").earliest("pk")

    as_person(page, "hieutruong", live_server)
    look_at(page, at | {"compare-two": f"{at['compare']}?cu={change.pk}", "row-talk": row})
    page.goto(at["history"])
    page.locator("summary", has_text="Xem từng chữ").first.click()
    screenshot(page, "history-open", 360)
    assert_axe_clean(page)
    as_person(page, "giaovien", live_server)
    look_at(page, {f"giaovien-{name}": at[name] for name in ("my_part", "comments")})


TOGETHER = ("history", "compare", "trash", "comments", "assignments", "my_part")


def _written_together(plan: Plan, principal: User, deputy: User, teacher: User) -> PlanAction:
    """Let people change, delete, say and give something in a plan; return the row that was changed."""
    first, second = PlanAction.objects.in_print_order().filter(plan=plan)[:2]
    values = {"measures": first.measures.replace("bếp", "nhà bếp"), "lead": "Phó hiệu trưởng"}
    actions.save_action(action=first, values=values, version=first.version, by=deputy)
    actions.remove_action(action=second, by=principal)
    write_comment(plan=plan, action=first, body="Cô xem lại", addressed_to=teacher, by=principal)
    asked = write_comment(plan=plan, section="purpose", body="Thiếu một ý", by=teacher)
    solve_comment(comment=asked, by=principal)
    write_comment(plan=plan, section="purpose", body="Đã viết thêm", by=principal)
    standard = Standard.objects.get(framework=plan.framework, number=1)
    for person in (principal, teacher):
        assign_part(plan=plan, section="purpose", user=person, by=principal)
        assign_part(plan=plan, standard=standard, user=person, by=principal)
    return first


def test_pages_of_a_plan_that_lacks_much(
    demo: None, page: Page, live_server: LiveServer, watch: Watch
) -> None:
    watch.allow("status of 422")
    plan = Plan.objects.get(school__symbol="THCSHD", school_year__start_year=2025)
    PlanAction.objects.filter(plan=plan).delete()
    as_person(page, "hieutruong2", live_server)

    look_at(
        page,
        {
            "empty-home": "/",
            "empty-table": reverse("planning:section", args=[plan.pk, "actions"]),
            "empty-review": reverse("planning:review", args=[plan.pk]),
        },
    )
    page.get_by_role("button", name="Soạn xong").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_axe_clean(page)


def test_pages_of_a_plan_in_the_form_of_2026(
    demo: None, page: Page, live_server: LiveServer
) -> None:
    plan = Plan.objects.get(school__symbol="THCSHD", school_year__start_year=2026)
    action = PlanAction.objects.kept().filter(plan=plan)[2]
    issue = plan.rows.filter(section="priorities")[1]
    moment = plan.rows.filter(section="monitoring")[0]
    as_person(page, "hieutruong2", live_server)
    sections = {
        f"57-{key}": reverse("planning:section", args=[plan.pk, key])
        for key in ("general", "purpose", "priorities", "actions", "monitoring", "duties")
    }

    look_at(
        page,
        sections
        | {
            "57-action-open": f"{sections['57-actions']}?mo={action.pk}",
            "57-issue-open": f"{sections['57-priorities']}?dong={issue.pk}",
            "57-moment-open": f"{sections['57-monitoring']}?dong={moment.pk}",
            "57-preview": reverse("planning:preview", args=[plan.pk]),
            "57-add": reverse("planning:add", args=[plan.school_id]),
        },
    )


@pytest.mark.parametrize("name", ["chuyenvien", "quantri", "giaovien"])
def test_pages_of_who_reads(demo: None, page: Page, live_server: LiveServer, name: str) -> None:
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    as_person(page, name, live_server)
    pages = {
        "home": "/",
        "schools": reverse("schools:list"),
        "school": reverse("schools:school", args=[plan.school_id]),
        "plan": reverse("planning:section", args=[plan.pk, "actions"]),
        "grounds": reverse("planning:section", args=[plan.pk, "grounds"]),
        "recipients": reverse("planning:section", args=[plan.pk, "recipients"]),
        **assessing_pages(plan),
    }
    if name == "quantri":
        pages["catalogue"] = reverse("overview:catalogue")
        pages |= format_pages()
    if name != "giaovien":
        pages["shelf"] = reverse("legal:shelf")
        pages["document"] = reverse("legal:add")
    pages |= pages_of_ones_own(User.objects.get(username=name))
    pages["council"] = reverse("council:year", args=[plan.school_id, 2025])

    look_at(page, {f"{name}-{key}": address for key, address in pages.items()})


def test_pages_of_nobody(demo: None, page: Page, watch: Watch) -> None:
    watch.allow("status of 404")
    watch.allow("status of 410")  # a link for a new password that is over

    look_at(
        page,
        {
            "login": reverse("accounts:login"),
            "reset": reverse("accounts:password_reset"),
            "reset-sent": reverse("accounts:password_reset_sent"),
            "reset-over": reverse("accounts:password_reset_confirm", args=["MQ", "khong-dung"]),
            "missing": "/khong-co-trang-nay/",
        },
    )


def test_pages_that_refuse(demo: None, page: Page, live_server: LiveServer, watch: Watch) -> None:
    for status in ("403", "405", "422", "429"):
        watch.allow(f"status of {status}")
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    page.goto(reverse("accounts:login"))
    for _ in range(11):
        page.get_by_label("Tên đăng nhập").fill("hieupho")
        page.get_by_label("Mật khẩu", exact=True).fill("sai mật khẩu")
        page.get_by_role("button", name="Đăng nhập").click()
        if not page.get_by_label("Tên đăng nhập").count():
            break
        assert_axe_clean(page)
    screenshot(page, "locked", 360)
    expect(page.get_by_label("Tên đăng nhập")).to_have_count(0)
    assert_axe_clean(page)

    as_person(page, "giaovien", live_server)
    page.goto(reverse("planning:add", args=[plan.school_id]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có quyền")
    assert_axe_clean(page)
    page.goto(reverse("accounts:logout"))
    assert_axe_clean(page)
    as_person(page, "hieutruong", live_server)
    page.goto(reverse("accounts:password_change"))
    page.get_by_role("button").last.click()
    assert_axe_clean(page)


def test_a_conflict_without_script_is_settled_by_the_person(
    demo: None, browser: Browser, live_server: LiveServer
) -> None:
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    action = PlanAction.objects.in_print_order().filter(plan=plan)[0]
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    as_person(page, "hieutruong", live_server)
    page.goto(reverse("planning:section", args=[plan.pk, "actions"]) + f"?mo={action.pk}")
    PlanAction.objects.filter(pk=action.pk).update(
        remarks="Chữ của thầy", version=action.version + 1
    )

    page.locator("form[data-open-row] [name=remarks]").fill("Chữ của cô")
    page.get_by_role("button", name="Xong").click()
    expect(page.locator("[data-conflict]")).to_contain_text("Chữ của thầy")
    page.get_by_role("button", name="Lưu bản của thầy cô").click()

    action.refresh_from_db()
    assert action.remarks == "Chữ của cô"
    context.close()


def test_without_script_a_plan_is_written_by_ordinary_buttons(
    demo: None, browser: Browser, live_server: LiveServer
) -> None:
    plan = Plan.objects.get(school__symbol="THCSHD", school_year__start_year=2025)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    as_person(page, "hieutruong2", live_server)

    page.goto(reverse("planning:section", args=[plan.pk, "purpose"]))
    page.locator("#chu-purpose").fill("1. Viết không cần script")
    page.get_by_role("button", name="Lưu mục này").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    page.goto(reverse("planning:section", args=[plan.pk, "actions"]))
    page.get_by_role("button", name="Thêm việc ở tiêu chuẩn khác").click()
    row = page.locator("form[data-open-row]")
    row.get_by_label("Công việc/giải pháp cần thực hiện").fill("Việc mới")
    row.get_by_role("button", name="Xong").click()
    expect(page.locator("form[data-open-row]")).to_have_count(0)
    page.get_by_role("link", name="Sửa Việc chưa chọn tiêu chí").last.click()
    page.get_by_role("button", name="Xóa việc này").click()
    page.get_by_role("button", name="Hoàn tác").click()

    assert PlanText.objects.get(plan=plan, section="purpose").body == "1. Viết không cần script"
    assert PlanAction.objects.kept().filter(plan=plan, measures="Việc mới").count() == 1
    context.close()


def test_the_office_finds_a_school_without_accents(
    demo: None, page: Page, live_server: LiveServer
) -> None:
    as_person(page, "chuyenvien", live_server)
    page.goto(reverse("schools:list"))

    page.get_by_label("Tìm").first.fill("hoa sen")
    page.get_by_role("button", name="Tìm").or_(page.get_by_role("button", name="Lọc")).first.click()

    expect(page.get_by_role("link", name="Trường Mầm non Hoa Sen", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Trường Tiểu học Bình Minh", exact=True)).to_have_count(0)
    assert School.objects.count() == 3


def test_without_script_a_plan_begins_from_last_years(
    demo: None, browser: Browser, live_server: LiveServer
) -> None:
    old = Plan.objects.get(school__symbol="THBM")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    as_person(page, "hieutruong3", live_server)

    page.goto(reverse("starting:begin", args=[old.school_id]))
    page.get_by_role("row").filter(has_text="Tiêu chí 3.2:").get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Lập kế hoạch từ năm trước").click()
    page.get_by_role("button", name="Đổi năm ở những chỗ đã chọn").click()
    page.goto(reverse("council:year", args=[old.school_id, 2026]))
    page.get_by_label("Họ và tên").fill("Trần Thị Cúc Họa Mi")
    page.get_by_role("button", name="Thêm", exact=True).click()
    new = Plan.objects.get(started_from=old)
    page.goto(reverse("legal:pick", args=[new.pk]))
    page.get_by_label("Tìm theo số, cơ quan, trích yếu").fill("57/2026")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("button", name="Thêm vào căn cứ: Thông tư 57/2026/TT-BGDĐT").click()

    assert new.actions.count() == 5
    assert CouncilMember.objects.of(old.school, new.school_year).count() == 13
    assert "Thông tư số 57/2026/TT-BGDĐT" in new.texts.get(section="legal_grounds").body
    context.close()
