"""The demo: invented bodies, schools, people and plans from `fixtures/demo/`, made through the models.

Every row that can say so is marked `is_demo`. The accounts share one password that stands here for all to
read; so nothing of this exists unless the installation says KCL_DEMO=1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import models, transaction

from criteria import loader
from criteria.models import Criterion, Framework
from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.council.models import CouncilMember
from plans.legal.loader import load_documents
from plans.legal.models import LegalDocument
from plans.management.demo_visits import make_visits
from plans.management.places import load_body_kinds, load_school_years
from plans.planning import form_loader
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanForm, PlanRow, PlanText
from plans.planning.readings import reread_all
from plans.schools.actions import keep_search_text
from plans.schools.models import (
    BodyKind,
    Campus,
    ManagingBody,
    RecognitionDecision,
    School,
    SchoolBody,
    SchoolCalendar,
    SchoolName,
    SchoolYear,
)
from plans.text import nfc

DEMO_DIR = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
PASSWORD = "KeHoach-2026"
# Texts of an action as the files write them: a line, or a list of lines; a file leaves out what its form lacks.
ACTION_TEXTS = (
    "subject",
    "current_state",
    "target_result",
    "measures",
    "success_measures",
    "lead",
    "partners",
    "timeframe",
    "budget_text",
    "resources",
    "expected_evidence",
    "other_support",
    "remarks",
)

RowT = TypeVar("RowT", bound=models.Model)


class DemoRefused(Exception):
    """This installation is no demo; the text is for whoever asked."""


def demo_exists() -> bool:
    """Say whether the demo is in the database."""
    return (
        School.objects.filter(is_demo=True).exists() or User.objects.filter(is_demo=True).exists()
    )


@transaction.atomic
def make_demo(directory: Path = DEMO_DIR) -> bool:
    """Make the demo and return True; False when it is there already, whatever became of it since.

    Raises DemoRefused unless KCL_DEMO is set, ValidationError when a row does not fit (a user name already
    taken, say); then nothing is written.
    """
    if not settings.KCL_DEMO:
        raise DemoRefused("Dữ liệu mẫu chỉ tạo được khi đặt KCL_DEMO=1.")
    if demo_exists():
        return False
    loader.load_all()
    form_loader.load_all()
    load_body_kinds()
    load_school_years()
    places = _read(directory / "places.json")
    bodies = _make_bodies(places["bodies"])
    schools = {entry["symbol"]: _make_school(entry, bodies) for entry in places["schools"]}
    for entry in places["calendars"]:
        _make_calendar(entry, bodies)
    for entry in _read(directory / "people.json")["people"]:
        _make_person(entry, schools, bodies)
    for path in sorted(directory.glob("plan-*.json")):
        _make_plan(_read(path), schools)
    load_documents()
    for entry in _read(directory / "legal.json")["documents"]:
        _make_document(entry, schools, bodies)
    for entry in _read(directory / "councils.json")["councils"]:
        _make_council(entry, schools)
    reread_all()
    make_visits(_read(directory / "visits.json"), schools, bodies, directory / "minutes")
    return True


def demo_accounts() -> Iterator[tuple[str, str, str]]:
    """Yield (user name, role, school or body) of each demo account, in the order they were made."""
    rows = Membership.objects.filter(user__is_demo=True).select_related("user", "body", "school")
    for row in rows.prefetch_related("school__names").order_by("user__pk", "pk"):
        place: object = row.body or "toàn hệ thống"
        if row.school:
            names = sorted(row.school.names.all(), key=lambda name: name.valid_from or date.min)
            place = names[-1] if names else row.school
        yield row.user.username, row.get_role_display(), str(place)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(nfc(path.read_text(encoding="utf-8")))
    return content


def _save(row: RowT) -> RowT:
    row.full_clean()
    row.save()
    return row


def _save_all(model: type[RowT], rows: Sequence[RowT]) -> None:
    """Write many rows at once, their fields checked; keys and constraints the database checks by itself."""
    keys = [field.name for field in model._meta.fields if field.is_relation]
    for row in rows:
        row.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)
    model._default_manager.bulk_create(rows)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _period(entry: Mapping[str, Any]) -> dict[str, date | None]:
    return {"valid_from": _day(entry.get("from")), "valid_to": _day(entry.get("to"))}


def _text(lines: str | Sequence[str]) -> str:
    return lines if isinstance(lines, str) else "\n".join(lines)


# --- whom it is about -------------------------------------------------------------------------------------


def _make_bodies(entries: Sequence[Mapping[str, Any]]) -> dict[str, ManagingBody]:
    """Make the bodies and return them by their keys; parents and successors stand before who names them."""
    kinds = {kind.code: kind for kind in BodyKind.objects.all()}
    bodies: dict[str, ManagingBody] = {}
    for entry in entries:
        bodies[entry["key"]] = _save(
            ManagingBody(
                kind=kinds[entry["kind"]],
                name=entry["name"],
                letterhead_name=entry["letterhead"],
                place_name=entry["place"],
                parent=bodies[entry["parent"]] if "parent" in entry else None,
                successor=bodies[entry["successor"]] if "successor" in entry else None,
                is_demo=True,
                **_period(entry),
            )
        )
    return bodies


def _make_calendar(entry: Mapping[str, Any], bodies: Mapping[str, ManagingBody]) -> None:
    points = (
        "starts",
        "first_term_ends",
        "second_term_starts",
        "ends",
        "summer_starts",
        "summer_ends",
    )
    _save(
        SchoolCalendar(
            body=bodies[entry["body"]],
            school_year=SchoolYear.objects.get(start_year=entry["school_year"]),
            source=entry["source"],
            **{f"{point}_on": date.fromisoformat(entry[point]) for point in points},
        )
    )


def _make_school(entry: Mapping[str, Any], bodies: Mapping[str, ManagingBody]) -> School:
    school = _save(
        School(
            code=entry["code"],
            kind=entry["kind"],
            symbol=entry["symbol"],
            address=entry["address"],
            is_demo=True,
        )
    )
    for name in entry["names"]:
        row = SchoolName(school=school, name=name["name"], letterhead_name=name["letterhead"])
        _save(_dated(row, name))
    for campus in entry["campuses"]:
        _save(
            Campus(
                school=school,
                name=campus["name"],
                address=campus["address"],
                is_main=campus["main"],
            )
        )
    for link in entry["bodies"]:
        row_of_body = SchoolBody(school=school, body=bodies[link["body"]], role=link["role"])
        _save(_dated(row_of_body, link))
    for decision in entry["decisions"]:
        _save(
            RecognitionDecision(
                school=school,
                kind=decision["kind"],
                number=decision["number"],
                issued_on=date.fromisoformat(decision["issued"]),
                issuer=decision["issuer"],
                level=decision["level"],
                valid_until=_day(decision["until"]),
            )
        )
    keep_search_text(school)
    return school


def _dated(row: RowT, entry: Mapping[str, Any]) -> RowT:
    for name, day in _period(entry).items():
        setattr(row, name, day)
    return row


def _make_person(
    entry: Mapping[str, Any], schools: Mapping[str, School], bodies: Mapping[str, ManagingBody]
) -> None:
    role = Role(entry["role"])
    user = User.objects.create_user(
        entry["username"],
        PASSWORD,
        full_name=entry["full_name"],
        honorific=entry["honorific"],
        is_staff=role is Role.ADMIN,
        is_superuser=role is Role.ADMIN,
        is_demo=True,
    )
    _save(
        Membership(
            user=user,
            role=role,
            school=schools[entry["school"]] if "school" in entry else None,
            body=bodies[entry["body"]] if "body" in entry else None,
            position=entry["position"],
        )
    )


def _make_council(entry: Mapping[str, Any], schools: Mapping[str, School]) -> None:
    year = SchoolYear.objects.get(start_year=entry["school_year"])
    accounts = {user.username: user for user in User.objects.filter(is_demo=True)}
    for team, members in entry["teams"].items():
        for place, member in enumerate(members, start=1):
            words = {name: text for name, text in member.items() if name != "user"}
            row = CouncilMember(school=schools[entry["school"]], school_year=year, team=team)
            row.place, row.user = place, accounts.get(member.get("user", ""))
            for name, text in words.items():
                setattr(row, name, text)
            _save(row)


def _make_document(
    entry: Mapping[str, Any], schools: Mapping[str, School], bodies: Mapping[str, ManagingBody]
) -> None:
    document = LegalDocument(
        kind=entry["kind"],
        number=entry["number"],
        issued_on=date.fromisoformat(entry["issued"]),
        issuer=entry["issuer"],
        subject=entry["subject"],
        body=bodies[entry["body"]] if "body" in entry else None,
        school=schools[entry["school"]] if "school" in entry else None,
    )
    document.search_text = document.words_to_find()
    _save(document)


# --- plans ------------------------------------------------------------------------------------------------


def _make_plan(entry: Mapping[str, Any], schools: Mapping[str, School]) -> None:
    school = schools[entry["school"]]
    year = SchoolYear.objects.get(start_year=entry["school_year"])
    framework = Framework.objects.in_force(school.kind, on=year.starts_on)
    finished_at = entry["finished_at"]
    plan = _save(
        Plan(
            school=school,
            school_year=year,
            form=PlanForm.objects.current().get(code=entry["form"]),
            framework=framework,
            state=entry["state"],
            number=entry["number"],
            document_month=_day(entry["document_month"]),
            document_date=_day(entry["document_date"]),
            signing_capacity=_text(entry["signing_capacity"]),
            signer_name=entry["signer_name"],
            finished_at=datetime.fromisoformat(finished_at) if finished_at else None,
        )
    )
    criteria = {criterion.number: criterion for criterion in Criterion.objects.of(framework)}
    _save_all(
        PlanText,
        [
            PlanText(plan=plan, section=key, body=_text(body))
            for key, body in entry["texts"].items()
        ],
    )
    _save_all(
        CriterionResult,
        [
            CriterionResult(plan=plan, criterion=criteria[number], level=level)
            for number, level in entry["results"].items()
        ],
    )
    _save_all(PlanRow, list(_rows(plan, entry.get("rows", {}))))
    make_action = partial(_action, plan, criteria)
    _save_all(PlanAction, [make_action(n, row) for n, row in enumerate(entry["actions"], start=1)])


def _rows(plan: Plan, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[PlanRow]:
    """Yield the rows of the small tables; "#" says which of the form's own rows one is."""
    for section, entries in tables.items():
        for position, entry in enumerate(entries, start=1):
            own = {PlanRow.FIXED: entry[PlanRow.FIXED]} if PlanRow.FIXED in entry else {}
            cells = {name: _text(entry[name]) for name in entry if name != PlanRow.FIXED}
            yield PlanRow(plan=plan, section=section, cells=own | cells, position=position)


def _action(
    plan: Plan, criteria: Mapping[str, Criterion], position: int, entry: Mapping[str, Any]
) -> PlanAction:
    starts_on, ends_on = map(_day, entry["period"])
    budget_min, budget_max = entry.get("budget", (None, None))
    action = PlanAction(
        plan=plan,
        criterion=criteria[entry["criterion"]] if entry["criterion"] else None,
        band=entry.get("band", ""),
        position=position,
        starts_on=starts_on,
        ends_on=ends_on,
        budget_min=budget_min,
        budget_max=budget_max,
        progress=entry.get("progress", ""),
        **{name: _text(entry.get(name, "")) for name in ACTION_TEXTS},
    )
    if "key" in entry:
        action.thread = _thread(plan.school, entry["key"])
    return action


def _thread(school: School, key: str) -> UUID:
    """Return the thread of an action that goes on from year to year: the same in each year's plan."""
    return uuid5(NAMESPACE_URL, f"kcl-demo:{school.symbol}:{key}")
