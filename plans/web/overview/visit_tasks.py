"""Việc cần làm, of visits and of what follows from them: for the team, for the school, for the office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse

from plans.accounts.models import User
from plans.followups.homes import OfficeHome, SchoolHome
from plans.followups.items import OpenItem
from plans.followups.stages import Stage, VisitOnDay
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.minutes.files import visit_of
from plans.minutes.signing import obstacle
from plans.submitting.campaigns import days_words
from plans.web.overview.tasks import Task

SHOWN = 5  # items of a group on the first page; the rest stand behind one line
QUOTED = 90  # characters of an item

# --- the team ---------------------------------------------------------------------------------------------


def team_tasks(visits: Sequence[VisitOnDay], user: User) -> list[Task]:
    """Return what `user` should do next as one of the teams of visits, by date."""
    return [task for one in visits for task in _team_task(one, user)]


def _team_task(one: VisitOnDay, user: User) -> Iterator[Task]:
    visit, school = one.visit, one.visit.school
    day = f"ngày {visit.visited_on:%d/%m/%Y}"
    hour = f", {visit.planned_from:%H:%M}" if visit.planned_from else ""
    match one.stage:
        case Stage.PLANNED:
            why = f"{day.capitalize()}{hour}; {visit.body.name}. Xem tổ kiểm tra và việc chuẩn bị"
            yield _visit_task(visit, f"Kiểm tra {school}", why, one.time_words, late=one.is_late)
        case Stage.OPEN:
            why = f"Buổi kiểm tra {day} đang mở biên bản"
            yield _visit_task(visit, f"Ghi biên bản kiểm tra {school}", why, "Đang kiểm tra")
        case Stage.NO_MINUTES if user.has_perm("plans.make_minutes", visit):
            why = f"Kiểm tra {day}; thời gian phản hồi của trường đã hết"
            what = f"Lập biên bản kiểm tra {school}"
            yield _visit_task(visit, what, why, f"Chưa lập, {one.time_words}", late=True)
        case Stage.TO_SIGN:
            why = f"Kiểm tra {day}; biên bản đã lập, chờ chữ ký hai bên"
            yield _visit_task(visit, f"Xem và ký biên bản kiểm tra {school}", why, "Chờ ký")


def _visit_task(visit: Inspection, what: str, why: str, words: str, *, late: bool = False) -> Task:
    return Task(
        what=what,
        why=why,
        url=reverse("visits:visit", args=[visit.pk]),
        mark="warn" if late else "clock",
        tone="warn" if late else "work",
        words=words[:1].upper() + words[1:],
    )


# --- the school -------------------------------------------------------------------------------------------


def school_tasks(home: SchoolHome, user: User, on: date) -> list[Task]:
    """Return what `user` should know or do in a school of visits and of items, what is overdue first."""
    may_report = [one for one in home.overdue if user.has_perm("plans.report_follow_up", one.item)]
    soon = [one for one in home.soon if user.has_perm("plans.report_follow_up", one.item)]
    return [
        *_item_tasks(may_report, "qua", "kiến nghị quá hạn khác"),
        *_reply_tasks(home, user, on),
        *_sign_tasks(home, user),
        *_coming_tasks(home, user, on),
        *_item_tasks(soon, "sap", "kiến nghị khác đến hạn trong 7 ngày tới"),
    ]


def _coming_tasks(home: SchoolHome, user: User, on: date) -> Iterator[Task]:
    for visit in home.coming:
        if not user.has_perm("plans.view_inspection", visit):
            continue
        left = (visit.planned_on - on).days
        if visit.state == InspectionState.OPEN:
            words = "Đang kiểm tra"
        else:
            words = f"còn {left} ngày" if left else "hôm nay"
        why = "Xem tổ kiểm tra, nội dung kiểm tra và việc cần chuẩn bị"
        what = f"{visit.body.name} kiểm tra tại trường ngày {visit.visited_on:%d/%m/%Y}"
        yield _visit_task(visit, what, why, words)


def _reply_tasks(home: SchoolHome, user: User, on: date) -> Iterator[Task]:
    for visit in home.answering:
        if visit.reply_until is None or not user.has_perm("plans.reply_visit", visit):
            continue
        what = f"Phản hồi nhận xét của tổ kiểm tra ngày {visit.visited_on:%d/%m/%Y}"
        why = "Trả lời từng nhận xét kèm minh chứng, hoặc ghi là nhà trường thống nhất"
        yield _visit_task(visit, what, why, days_words((visit.reply_until - on).days))


def _sign_tasks(home: SchoolHome, user: User) -> Iterator[Task]:
    for paper in home.to_sign:
        if obstacle(paper, user):  # not theirs to sign, or signed already
            continue
        day = f"{visit_of(paper).visited_on:%d/%m/%Y}"
        yield Task(
            what=f"Xem và ký biên bản kiểm tra ngày {day}",
            why="Tổ kiểm tra đã lập biên bản; ký số, hoặc ký trên bản giấy",
            url=reverse("minutes:paper", args=[paper.pk]),
            mark="clock",
            tone="work",
            words="Chờ ký",
        )


def _item_tasks(items: Sequence[OpenItem], due: str, others: str) -> Iterator[Task]:
    for one in items[:SHOWN]:
        who = f"{one.item.about}; {one.item.owner}" if one.item.owner else one.item.about
        words = one.time_words
        yield Task(
            what=f"Thực hiện kiến nghị: {_quoted(one.item.body)}",
            why=f"{who}. Hạn: {one.item.due}",
            url=reverse("followups:item", args=[one.item.pk]),
            mark=one.mark,
            tone=one.tone,
            words=words[:1].upper() + words[1:],
        )
    if len(items) > SHOWN:
        rest = len(items) - SHOWN
        yield Task(
            what=f"Xem {rest} {others}",
            why="Danh sách kiến nghị sau kiểm tra của trường",
            url=f"{reverse('followups:list')}?han={due}",
            mark=items[-1].mark,
            tone=items[-1].tone,
            words=f"{rest} kiến nghị",
        )


def _quoted(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED].rsplit(' ', 1)[0]}…"


# --- the office -------------------------------------------------------------------------------------------


def office_tasks(home: OfficeHome, user: User) -> list[Task]:
    """Return an office's counts of visits and items that are to be acted upon, each a link to its list."""
    if not user.has_perm("plans.oversee_visits"):
        return []
    return list(_office_tasks(home))


def _office_tasks(home: OfficeHome) -> Iterator[Task]:
    items, visits = reverse("followups:list"), reverse("followups:overview")
    if home.overdue:
        what = f"{home.overdue} kiến nghị quá hạn ở {home.overdue_schools} trường"
        why = "Trường chưa báo đã làm; mở danh sách để biết kiến nghị nào"
        yield Task(what, why, f"{items}?han=qua", "error", "error", "Quá hạn")
    if home.reported:
        what = f"{home.reported} kiến nghị chờ xác nhận"
        why = "Trường báo đã làm; xem minh chứng rồi xác nhận hoặc mở lại"
        yield Task(what, why, f"{items}?trang_thai=reported", "clock", "warn", "Chờ quý vị")
    if home.no_minutes:
        what = f"{home.no_minutes} buổi kiểm tra chưa lập biên bản"
        why = "Thời gian phản hồi của trường đã hết"
        yield Task(what, why, f"{visits}?buoc=no_minutes#danh-sach", "warn", "warn", "Chưa lập")
    if home.coming:
        words = f"{home.today} buổi hôm nay" if home.today else "Trong 7 ngày tới"
        what = f"{home.coming} buổi kiểm tra từ hôm nay đến 7 ngày tới"
        why = "Xem lịch, tổ kiểm tra và các buổi đang mở biên bản"
        yield Task(what, why, reverse("visits:list"), "clock", "work", words)
