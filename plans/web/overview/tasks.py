"""Việc cần làm: what a school's person should do next, from how far the plan is and what they may do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from plans.accounts.models import User
from plans.overview.queries import NO_PLAN, SchoolWork, StateTable
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import School

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def day_words(day: date) -> str:
    """Return "thứ Năm, ngày 15/10/2026"."""
    return f"{WEEKDAYS[day.weekday()]}, ngày {day:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list: what to do, why, where, and how far it is (mark and words)."""

    what: str
    why: str
    url: str
    mark: str
    tone: str
    words: str


def tasks_of(work: SchoolWork, user: User) -> list[Task]:
    """Return what `user` should do next in a school, most urgent first; [] is nothing for now."""
    if work.plan is None:
        tasks = _first_task(work, user)
    elif work.plan.state == PlanState.DRAFT:
        tasks = _draft_tasks(work, user)
    else:
        tasks = _tasks_on_the_way(work, user)
    return [*tasks, *_other_drafts(work, user)]


def waiting_words(work: SchoolWork, user: User) -> str:
    """Return what the person is waiting for when nothing is theirs to do; "" when something is."""
    if tasks_of(work, user):
        return ""
    if work.plan is None:
        return (
            f"Kế hoạch năm học {work.year.label} chưa được lập. Khi hiệu trưởng, phó hiệu trưởng hoặc thư ký "
            "hội đồng lập kế hoạch, kế hoạch sẽ hiện ở đây. Thầy cô chưa cần làm gì."
        )
    if work.plan.state == PlanState.DRAFT and not work.gap_count:
        return "Kế hoạch đã đủ các phần, đang chờ người phụ trách bấm “Soạn xong”. Thầy cô chưa cần làm gì."
    if work.plan.state != PlanState.DRAFT and work.step:
        return f"Bước tiếp theo: {work.step.school} ({work.step.who}). Thầy cô chưa cần làm gì."
    if work.plan.state == PlanState.CLOSED:
        return "Kế hoạch năm học này đã kết thúc."
    return "Kế hoạch đang được soạn. Thầy cô có thể mở xem; chưa cần làm gì."


def shared_tasks(
    school: School, waiting: list[tuple[Plan, int]], given: list[tuple[Plan, int]]
) -> Iterator[Task]:
    """Yield what others asked of a person in the school's plans, and the parts that were given to them."""
    for plan, count in waiting:
        if plan.school_id == school.pk:
            yield Task(
                what=f"Xem {count} trao đổi gửi tới thầy cô",
                why=f"Trong kế hoạch năm học {plan.school_year.label}",
                url=reverse("together:my_part", args=[plan.pk]),
                mark="clock",
                tone="warn",
                words="Chờ thầy cô",
            )
    for plan, count in given:
        if plan.school_id == school.pk:
            yield Task(
                what=f"Mở phần của thầy cô trong kế hoạch năm học {plan.school_year.label}",
                why=f"Thầy cô được giao {count} mục hoặc tiêu chuẩn",
                url=reverse("together:my_part", args=[plan.pk]),
                mark="half",
                tone="work",
                words=f"{count} phần",
            )


def _first_task(work: SchoolWork, user: User) -> Iterator[Task]:
    if not user.has_perm("plans.add_plan", work.school):
        return
    if work.last is not None:
        yield Task(
            what=f"Lập kế hoạch năm học {work.year.label} từ kế hoạch năm học {work.last.school_year.label}",
            why="Ghi kết quả từng việc của năm trước; việc chưa xong và chữ các mục được lấy sang",
            url=reverse("starting:begin", args=[work.school.pk]),
            mark="empty",
            tone="none",
            words="Chưa bắt đầu",
        )
    else:
        yield Task(
            what=f"Lập kế hoạch năm học {work.year.label}",
            why="Trường chưa có kế hoạch cải tiến chất lượng cho năm học này",
            url=reverse("planning:add", args=[work.school.pk]),
            mark="empty",
            tone="none",
            words="Chưa bắt đầu",
        )


def _draft_tasks(work: SchoolWork, user: User) -> Iterator[Task]:
    plan = work.plan
    if plan is None or not user.has_perm("plans.change_plan", plan):
        return
    for page in work.unfinished:
        started = page.fill.value == "part"
        first = page.gaps[0]
        yield Task(
            what=f"{'Viết tiếp' if started else 'Viết'} mục {page.title}",
            why=f"{first.what}.",
            url=f"{reverse('planning:section', args=[plan.pk, page.key])}#{first.anchor}",
            mark="half" if started else "empty",
            tone="work" if started else "none",
            words=page.words,
        )
    if not work.gap_count and user.has_perm("plans.finish_plan", plan):
        yield Task(
            what=f"Kiểm tra lần cuối và bấm “Soạn xong” kế hoạch năm học {work.year.label}",
            why="Kế hoạch đã đủ các phần; soạn xong thì bản thảo được khóa để in và trình ký",
            url=reverse("planning:review", args=[plan.pk]),
            mark="clock",
            tone="warn",
            words="Chờ thầy cô",
        )


# State → permission, what to do, why; the page of the way holds each.
_ON_THE_WAY: dict[str, tuple[tuple[str, str, str], ...]] = {
    PlanState.FINISHED: (
        (
            "plans.review_plan",
            "Cho ý kiến về bản thảo kế hoạch",
            "Bản thảo đã soạn xong; thành viên hội đồng ghi đồng ý hoặc đề nghị sửa",
        ),
        (
            "plans.issue_plan",
            "Xem ý kiến của hội đồng và ban hành kế hoạch",
            "Bản thảo đã soạn xong, chờ ban hành",
        ),
    ),
    PlanState.ISSUED: (
        (
            "plans.send_plan",
            "Gửi cơ quan quản lý kế hoạch",
            "Kế hoạch đã ban hành và chưa gửi",
        ),
    ),
    PlanState.RECEIVED: (
        ("plans.start_plan", "Bắt đầu thực hiện kế hoạch", "Kế hoạch đã được tiếp nhận"),
    ),
    PlanState.APPROVED: (
        ("plans.start_plan", "Bắt đầu thực hiện kế hoạch", "Kế hoạch đã được duyệt"),
    ),
    PlanState.RETURNED: (
        (
            "plans.revise_plan",
            "Xem ý kiến trả lại và sửa kế hoạch",
            "Cơ quan đã trả lại; sửa, trả lời từng ý kiến rồi ban hành và gửi lại",
        ),
    ),
}


def _tasks_on_the_way(work: SchoolWork, user: User) -> Iterator[Task]:
    plan, step = work.plan, work.step
    if plan is None:
        return
    for permission, what, why in _ON_THE_WAY.get(plan.state, ()):
        if user.has_perm(permission, plan):
            due = f"Hạn {step.due:%d/%m/%Y}" if step and step.due else "Chờ thầy cô"
            yield Task(
                what=f"{what} năm học {work.year.label}",
                why=why,
                url=reverse("submitting:way", args=[plan.pk]),
                mark="warn" if plan.state == PlanState.RETURNED else "clock",
                tone="warn",
                words=due,
            )
    if plan.state == PlanState.FINISHED:
        yield from _finished_tasks(work, user)


def _finished_tasks(work: SchoolWork, user: User) -> Iterator[Task]:
    if work.plan is not None and user.has_perm("plans.download_plan", work.plan):
        yield Task(
            what=f"In và trình ký kế hoạch năm học {work.year.label}",
            why="Kế hoạch đã soạn xong; tải bản in để ký, đóng dấu và gửi theo nơi nhận",
            url=reverse("planning:preview", args=[work.plan.pk]),
            mark="full",
            tone="done",
            words="Đã soạn xong",
        )


def _other_drafts(work: SchoolWork, user: User) -> Iterator[Task]:
    for plan in work.other_drafts:
        if user.has_perm("plans.change_plan", plan):
            yield Task(
                what=f"Viết tiếp kế hoạch năm học {plan.school_year.label}",
                why="Kế hoạch của năm học này còn đang soạn",
                url=reverse("planning:plan", args=[plan.pk]),
                mark="half",
                tone="work",
                words="Đang soạn",
            )


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """How many schools stand where: the count is a link to the list of them."""

    state: str
    count: int
    words: str
    why: str
    share: str


_OFFICE_WORDS = {
    NO_PLAN: (
        "chưa lập kế hoạch",
        "Chưa có kế hoạch cho năm học này; mở danh sách để biết trường nào",
    ),
    PlanState.DRAFT: (
        "đang soạn kế hoạch",
        "Kế hoạch còn đang viết; mở danh sách để xem phần đã viết",
    ),
    PlanState.FINISHED: ("đã soạn xong kế hoạch", "Mở danh sách để đọc kế hoạch của từng trường"),
    PlanState.ISSUED: (
        "đã ban hành, chưa gửi kế hoạch",
        "Mở danh sách để đọc kế hoạch đã ban hành",
    ),
    PlanState.SENT: ("đã gửi, chờ tiếp nhận", "Mở danh sách để đọc và tiếp nhận"),
    PlanState.RECEIVED: ("đã được tiếp nhận", "Mở danh sách để đọc kế hoạch đã tiếp nhận"),
    PlanState.RETURNED: ("bị trả lại để sửa", "Trường đang sửa theo ý kiến của cơ quan"),
    PlanState.APPROVED: ("đã được duyệt", "Mở danh sách để đọc kế hoạch đã duyệt"),
    PlanState.UNDER_WAY: ("đang thực hiện", "Mở danh sách để xem kế hoạch đang thực hiện"),
    PlanState.CLOSED: ("đã kết thúc", "Mở danh sách để xem kế hoạch đã kết thúc"),
    PlanState.WITHDRAWN: ("đã thu hồi", "Trường đã thu hồi văn bản và chưa ban hành lại"),
}


def office_lines(table: StateTable) -> list[OfficeLine]:
    """Return one line for each state that a school is in, in the order of STATES."""
    return [
        OfficeLine(state, count, *_OFFICE_WORDS[state], share=f"{count} trên {table.total} trường")
        for state, count in table.totals.items()
        if count
    ]
