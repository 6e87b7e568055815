"""The list of schools in sight, and the page of one school."""

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from criteria.enums import SchoolKind
from plans.issuing.models import IssuedDocument
from plans.overview.queries import (
    NO_PLAN,
    StateTable,
    by_kind_and_name,
    in_state,
    kind_heading,
    state_table,
    state_words,
    with_plan_of,
)
from plans.planning.models import Plan
from plans.schools.letterhead import letterhead
from plans.schools.models import ManagingBody, School, SchoolYear
from plans.submitting.steps import next_steps, shown
from plans.web.access import person_of
from plans.web.schools.forms import SchoolFilterForm

PAGE_SIZE = 25


def school_list(request: HttpRequest) -> HttpResponse:
    """List the schools in sight with how far their plan for a year is; search and filters by GET."""
    today = timezone.localdate()
    years = list(SchoolYear.objects.all())
    form = SchoolFilterForm(_with_year(request, years, today), years=years)
    asked = form.cleaned_data if form.is_valid() else {}
    year = next((y for y in years if y.start_year == asked.get("nam")), None)
    in_sight = School.objects.visible_to(person_of(request))
    found = _found(with_plan_of(in_sight, year), asked) if form.is_valid() else in_sight.none()
    page = Paginator(by_kind_and_name(found.with_name(today)), PAGE_SIZE).get_page(
        request.GET.get("trang")
    )
    table = state_table(in_sight, year)
    context = {
        "form": form,
        "year": year,
        "table": table,
        "offices": _offices_with_plans(request, table, today),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "groups": _groups(page, found),
        "query": _query(request),
        "now": timezone.localtime(),
        "has_documents": year is not None and _has_documents(request, year),
    }
    return render(request, "plans/schools/list.html", context)


def _offices_with_plans(request: HttpRequest, table: StateTable, today: date) -> list[ManagingBody]:
    """Return the person's bodies, whose schools' plans can be taken as one file; [] while there is no plan."""
    if table.total == table.totals.get(NO_PLAN, 0):
        return []
    bodies = {row.body for row in person_of(request).memberships_on(today) if row.body}
    return sorted(bodies, key=lambda body: (body.name, body.pk))


def _has_documents(request: HttpRequest, year: SchoolYear) -> bool:
    """Say whether there is anything to hand over of a year; without it the package is not offered."""
    found = IssuedDocument.objects.visible_to(person_of(request)).in_force()
    return found.filter(plan__school_year=year).exists()


def _with_year(request: HttpRequest, years: list[SchoolYear], today: date) -> dict[str, Any]:
    """Return what was asked, with the running school year where none was."""
    asked: dict[str, Any] = {
        name: request.GET.get(name, "") for name in SchoolFilterForm.base_fields
    }
    if not asked["nam"]:
        running = [year for year in years if year.starts_on <= today]
        first = next(iter(running or years), None)
        asked["nam"] = str(first.start_year) if first else ""
    return asked


def _found(schools: QuerySet[School], asked: dict[str, Any]) -> Any:
    if asked["tim"]:
        schools = schools.matching(asked["tim"])  # type: ignore[attr-defined]
    if asked["loai"]:
        schools = schools.filter(kind=asked["loai"])
    if asked["trang_thai"]:
        schools = in_state(schools, asked["trang_thai"])
    return schools


def _groups(page: Page, found: QuerySet[School]) -> list[dict[str, Any]]:
    """Return the page's schools by kind, each kind with how many were found of it on all pages."""
    today = timezone.localdate()
    plans = Plan.objects.for_page().filter(pk__in=[school.plan_id for school in page])
    steps = next_steps(list(plans), today)
    counted = found.order_by().values("kind").annotate(count=Count("pk")).order_by("kind")
    counts = {row["kind"]: row["count"] for row in counted}
    rows = [
        (
            school,
            state_words(school.plan_state, for_office=True),
            shown(steps.get(school.plan_id), for_office=True, on=today),
        )
        for school in page
    ]
    groups = []
    for kind in SchoolKind:
        of_kind = [row for row in rows if row[0].kind == kind]
        if of_kind:
            groups.append({"label": kind_heading(kind), "count": counts[kind], "rows": of_kind})
    return groups


def _query(request: HttpRequest) -> str:
    """Return the address's parameters but for the page number, to be carried along by the page links."""
    data = request.GET.copy()
    data.pop("trang", None)
    return f"{data.urlencode()}&" if data else ""


def school_page(request: HttpRequest, school: School) -> HttpResponse:
    """Show a school: names, bodies, campuses, recognition, and its plans by year."""
    user = person_of(request)
    today = timezone.localdate()
    prefetch_related_objects(
        [school], "names", "body_links__body__successor", "campuses", "recognition_decisions"
    )
    is_own = any(row.school_id == school.pk for row in user.memberships_on(today))
    plans = school.plans.select_related("school_year").order_by("-school_year__start_year")
    context = {
        "school": school,
        "name": school.name_on(today),
        "today": today,
        "heading": letterhead(school, today),
        "names": sorted(
            school.names.all(), key=lambda row: row.valid_from or date.min, reverse=True
        ),
        "links": [link for link in school.body_links.all() if link.is_in_force(today)],
        "plans": [(plan, state_words(plan.state, for_office=not is_own)) for plan in plans],
        "may_add": user.has_perm("plans.add_plan", school),
        "may_seal": user.has_perm("plans.seal_document", school),
        "may_record": user.has_perm("plans.view_record", school),
        "may_visit": user.has_perm("plans.plan_inspections", school),
        "may_follow": user.has_perm("plans.view_follow_up", school),
        "is_own": is_own,
        "year": SchoolYear.objects.at(today),
    }
    return render(request, "plans/schools/school.html", context)
