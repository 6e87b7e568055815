"""The council and the monitoring team of a school in one school year: who sits there, and what the rules ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans.council import actions
from plans.council.models import CouncilMember
from plans.council.requirements import CouncilRules, faults_of, rules_for, words_of
from plans.schools.models import School, SchoolYear
from plans.web.council.forms import MemberForm
from plans.web.layout import form_status, tell, with_version
from plans.web.request import Request, is_id


@dataclass(frozen=True, slots=True)
class TeamPart:
    """One team on the page: its members in order, what the rules ask, what is wanting."""

    label: str
    members: list[CouncilMember]
    rule: str
    faults: list[str]


def _year(year: int) -> SchoolYear:
    found = SchoolYear.objects.filter(start_year=year).first() if year < 2**15 else None
    if found is None:
        raise Http404
    return found


def _find(school: School, year: int, pk: int, *, removed: bool = False) -> CouncilMember:
    """Return the member of this school and year. Raises Http404 for another's, or one removed (or not)."""
    rows = CouncilMember.objects.filter(school=school, school_year=_year(year))
    rows = rows.filter(removed_at__isnull=not removed).select_related("user", "school_year")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    found.school = school  # its name then costs no query
    return found


def year_page(request: Request, school: School, year: int) -> HttpResponse:
    """Show both teams of a school year; POST adds a member."""
    school_year = _year(year)
    form = MemberForm(request.POST or None, school=school)
    if request.method == "POST" and form.is_valid():
        try:
            member = actions.add_member(
                school=school, school_year=school_year, values=form.values(), by=request.user
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã thêm {member.full_name}.")
            return redirect("council:year", school.pk, year)
    context = _context(request, school, school_year) | {"form": form}
    return render(request, "plans/council/year.html", context, status=form_status(form))


def _years_near(school_year: SchoolYear) -> QuerySet[SchoolYear]:
    """Return the opened year with the next one and two before it: from each of them one walks on."""
    start = school_year.start_year
    return SchoolYear.objects.filter(start_year__range=(start - 2, start + 1))


def _context(request: Request, school: School, school_year: SchoolYear) -> dict[str, Any]:
    members = list(CouncilMember.objects.of(school, school_year))
    rules = rules_for(school_year.start_year)
    may_change = request.user.has_perm("plans.change_council", school)
    return {
        "school": school,
        "year": school_year,
        "years": _years_near(school_year),
        "teams": [_team(team, members, rules) for team in CouncilMember.Team],
        "may_change": may_change,
        "removed": _removed(request, school, school_year) if may_change else None,
        "source": _source(school, school_year) if may_change and not members else None,
    }


def _team(
    team: CouncilMember.Team, members: list[CouncilMember], rules: CouncilRules | None
) -> TeamPart:
    own = [member for member in members if member.team == team]
    if rules is None:
        return TeamPart(str(team.label), own, "", [])
    return TeamPart(str(team.label), own, words_of(rules, team), faults_of(own, rules, team))


def _source(school: School, school_year: SchoolYear) -> SchoolYear | None:
    """Return the latest earlier school year that has members to copy; None where there is none."""
    kept = CouncilMember.objects.filter(school=school, removed_at__isnull=True)
    years = SchoolYear.objects.filter(pk__in=kept.order_by().values("school_year"))
    return years.filter(start_year__lt=school_year.start_year).first()


def _removed(request: Request, school: School, year: SchoolYear) -> CouncilMember | None:
    """Return the member that the address says was just removed (?xoa=)."""
    number = request.GET.get("xoa", "")
    if not is_id(number):
        return None
    rows = CouncilMember.objects.filter(school=school, school_year=year, removed_at__isnull=False)
    return rows.filter(pk=int(number)).first()


def member_page(request: Request, school: School, year: int, member: int) -> HttpResponse:
    """Show one member to be edited; POST saves."""
    found = _find(school, year, member)
    form = MemberForm(request.POST or None, school=school, member=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_member(
                member=found,
                values=form.values(),
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
            # The person has been told; a second press saves on top of what stands now.
            form.data = with_version(request, _find(school, year, member).version)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("council:year", school.pk, year)
    context = {"school": school, "year": found.school_year, "member": found, "form": form}
    return render(request, "plans/council/member.html", context, status=form_status(form))


def copy(request: Request, school: School, year: int) -> HttpResponse:
    """Copy the members of the latest earlier year that has any."""
    school_year = _year(year)
    source = _source(school, school_year)
    count = 0
    if source is not None:
        count = actions.copy_council(school=school, old=source, new=school_year, by=request.user)
    if count:
        messages.success(request, f"Đã chép {count} người. Thầy cô sửa lại chỗ thay đổi.")
    else:
        messages.error(request, "Không chép: năm học này đã có người, hoặc năm trước chưa có ai.")
    return redirect("council:year", school.pk, year)


def move(request: Request, school: School, year: int, member: int) -> HttpResponse:
    """Move a member up or down within their team."""
    up = request.POST.get("up") == "1"
    actions.move_member(member=_find(school, year, member), up=up, by=request.user)
    return redirect("council:year", school.pk, year)


def remove(request: Request, school: School, year: int, member: int) -> HttpResponse:
    """Take a member off the list; the page offers to undo it."""
    found = actions.remove_member(member=_find(school, year, member), by=request.user)
    return redirect(reverse("council:year", args=[school.pk, year], query={"xoa": found.pk}))


def restore(request: Request, school: School, year: int, member: int) -> HttpResponse:
    """Bring a removed member back."""
    actions.restore_member(member=_find(school, year, member, removed=True), by=request.user)
    return redirect("council:year", school.pk, year)
