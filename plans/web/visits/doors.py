"""What a person may open or do from the page of a visit, as a table: one line a door."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from plans.accounts.models import User
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState


@dataclass(frozen=True, slots=True)
class Door:
    """A link on the page of a visit: its words, where it leads, which permission on the visit it needs.

    `states` are those in which it is shown, () for all. `is_end` sets one apart behind which the visit ends.
    """

    label: str
    page: str
    permission: str
    states: tuple[str, ...] = ()
    is_end: bool = False


_BEFORE = (InspectionState.PLANNED, InspectionState.OPEN)
_RECORDED = (
    InspectionState.OPEN,
    InspectionState.CONCLUDED,
    InspectionState.MINUTED,
    InspectionState.DONE,
)

DOORS: tuple[Door, ...] = (
    Door("Mở biên bản", "visits:open", "plans.open_visit"),
    Door("Ghi biên bản tại chỗ", "visits:record", "plans.send_entries"),
    Door("Nhật ký ghi tại chỗ", "visits:entries", "plans.read_entries", _RECORDED),
    Door("Kết thúc kiểm tra tại trường", "replies:conclude", "plans.conclude_visit"),
    Door("Phản hồi của nhà trường", "replies:replies", "plans.read_record", _RECORDED[1:]),
    Door(
        "Thông báo cho nhà trường",
        "minutes:notice",
        "plans.plan_inspections",
        (InspectionState.PLANNED,),
    ),
    Door("Mẫu biên bản trống (PDF)", "minutes:blank", "plans.view_inspection", _BEFORE),
    Door("Mẫu biên bản trống (Word)", "minutes:blank_word", "plans.view_inspection", _BEFORE),
    Door("Xem trước biên bản", "minutes:preview", "plans.read_record"),
    Door("Lập biên bản", "minutes:make", "plans.make_minutes"),
    Door("Giấy tờ của buổi kiểm tra", "minutes:of_visit", "plans.view_inspection"),
    Door(
        "Kiến nghị phải theo dõi",
        "followups:of_visit",
        "plans.view_inspection",
        (InspectionState.PLANNED, *_RECORDED),
    ),
    Door(
        "Tổ kiểm tra: thêm, rút người, giao tổ trưởng",
        "inspecting:team",
        "plans.plan_inspections",
        ("planned", "open", "concluded"),
    ),
    Door("Đổi ngày, giờ", "inspecting:reschedule", "plans.plan_inspections", ("planned",)),
    Door("Hủy buổi kiểm tra", "inspecting:cancel", "plans.cancel_visit", is_end=True),
)


# Beside the list of visits: pages about many of them.
AROUND: tuple[Door, ...] = (
    Door("Các đợt kiểm tra", "inspecting:campaigns", "plans.plan_inspections"),
    Door("Phiếu kiểm tra", "checklists:list", "plans.manage_checklists"),
    Door("Kiến nghị sau kiểm tra", "followups:list", "plans.view_follow_up"),
    Door("Tổng hợp", "followups:overview", "plans.oversee_visits"),
)


# What most people come for in each state: the page's one main button.
_MAIN = {
    InspectionState.PLANNED: "visits:open",
    InspectionState.OPEN: "visits:record",
    InspectionState.CONCLUDED: "replies:replies",
    InspectionState.MINUTED: "minutes:of_visit",
    InspectionState.DONE: "minutes:of_visit",
}


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A door that stands open for somebody; one at most is the main one, one that ends the visit stands apart."""

    label: str
    url: str
    is_main: bool = False
    is_end: bool = False


def doors_around(user: User) -> list[OpenDoor]:
    """Return the pages about many visits that are open for `user`."""
    return [
        OpenDoor(door.label, reverse(door.page))
        for door in AROUND
        if user.has_perm(door.permission)
    ]


def doors_of(inspection: Inspection, user: User) -> list[OpenDoor]:
    """Return the doors that are open for `user`, in the order of the table."""
    return [
        OpenDoor(
            door.label,
            reverse(door.page, args=[inspection.pk]),
            door.page == _MAIN.get(InspectionState(inspection.state)),
            door.is_end,
        )
        for door in DOORS
        if (not door.states or inspection.state in door.states)
        and user.has_perm(door.permission, inspection)
    ]
