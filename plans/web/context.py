"""What every page of the program shows around its content: the menu, the office's word, the demo line."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.notices.choices import unread_count


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the menu."""

    label: str
    url: str
    current: bool


def house(request: HttpRequest) -> dict[str, Any]:
    """Return `nav`, `office_word`, `demo`, `unread` and `you` for every template.

    The menu only holds what the person may open; `unread` counts, and `you` looks, once a template asks.
    """
    return {
        "nav": list(_nav(request)),
        "office_word": settings.KCL_OFFICE_WORD,
        "demo": settings.KCL_DEMO,
        "unread": partial(_unread, request),
        "you": partial(address, getattr(request, "user", None)),
    }


def address(user: object) -> str:
    """Return how a page that is not only of one side addresses a person.

    "thầy cô" for whoever works in a school, and before anybody has logged in; "quý vị" for people of an office and
    for those who only sit in a team.
    """
    if not isinstance(user, User):
        return "thầy cô"
    in_school = any(row.school_id for row in user.memberships_on(timezone.localdate()))
    return "thầy cô" if in_school else "quý vị"


def _unread(request: HttpRequest) -> int:
    """Return how many notices the person has not read; asked by whole pages alone, so parts cost no query."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.must_change_password:
        return 0
    return unread_count(user)


def _nav(request: HttpRequest) -> Iterator[NavItem]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.must_change_password:
        return
    match = request.resolver_match
    here = match.view_name if match else ""
    yield NavItem("Việc cần làm", reverse("overview:home"), here == "overview:home")
    schools = {row.school_id for row in user.memberships_on(timezone.localdate())} - {None}
    # An office reads plans school by school, so for it they stand under its schools.
    in_plans = here.startswith(
        ("planning:", "starting:", "together:", "legal:pick", "issuing:", "signing:", "submitting:")
    )
    in_schools = here.startswith(("schools:", "council:", "history:"))
    if schools and user.has_perm("plans.view_plan"):
        yield NavItem("Kế hoạch", reverse("planning:list"), in_plans)
    if user.has_perm("plans.view_school"):
        label, url = _schools(user)
        yield NavItem(label, url, in_schools or (in_plans and not schools))
    if user.has_perm("plans.manage_campaigns"):
        yield NavItem("Đợt nộp", reverse("campaigns:list"), here.startswith("campaigns:"))
    if user.has_perm("plans.view_inspection"):
        in_visits = here.startswith(
            ("inspecting:", "visits:", "checklists:", "replies:", "minutes:", "followups:")
        )
        yield NavItem("Kiểm tra tại trường", reverse("visits:list"), in_visits)
    if not schools and user.has_perm("plans.manage_library"):
        yield NavItem("Tủ văn bản", reverse("legal:shelf"), here.startswith("legal:"))
    if user.has_perm("plans.manage_forms"):
        in_formats = here.startswith("formats:")
        yield NavItem("Mẫu và thể thức", reverse("formats:forms"), in_formats)
    if user.has_perm("plans.view_catalogue"):
        yield NavItem("Bộ tiêu chuẩn", reverse("overview:catalogue"), here == "overview:catalogue")


def _schools(user: User) -> tuple[str, str]:
    """Return word and address: the school itself for people of one, the list for everybody else."""
    memberships = user.memberships_on(timezone.localdate())
    own = {row.school_id for row in memberships}
    if len(own) == 1 and None not in own:
        return "Nhà trường", reverse("schools:school", args=[own.pop()])
    return "Các trường", reverse("schools:list")
