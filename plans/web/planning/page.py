"""What every plan page shares: the frame around its sections, and the three answers to a save."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, prefetch_related_objects
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.assessment.reading import judged_criteria
from plans.checking.context import load_checked
from plans.checking.findings import Finding
from plans.checking.report import CheckedPage, PlanReport, report
from plans.overview import queries
from plans.planning import actions
from plans.planning.form import (
    TYPED_KINDS,
    SectionKind,
    SectionSpec,
)
from plans.planning.models import Plan, PlanAction, PlanRow, editing_rows
from plans.planning.old_years import section_mentions
from plans.planning.placeholders import words_of
from plans.planning.progress import PageProgress, field_label, plan_progress
from plans.planning.results import grid_rows
from plans.schools.letterhead import letterhead
from plans.text import nfc
from plans.together.talk import people_of, talks_of
from plans.web.planning.action_table import table_context, year_marks
from plans.web.planning.blocks import typed_html
from plans.web.planning.forms import HeadingForm, level_choices
from plans.web.planning.row_table import row_table_context
from plans.web.planning.understood import FieldReading
from plans.web.request import Request

RowT = TypeVar("RowT")

# --- the frame --------------------------------------------------------------------------------------------


def loaded_progress(plan: Plan) -> list[PageProgress]:
    """Load all rows of a plan once and return its pages."""
    prefetch_related_objects([plan], *editing_rows())
    return plan_progress(plan)


def loaded_report(plan: Plan) -> PlanReport:
    """Load all that the rules read about a plan once and return what they find today, with its pages."""
    return report(load_checked(plan, on=timezone.localdate()))


def plan_frame(request: Request, plan: Plan) -> dict[str, Any]:
    """Return what the head of a page beside the editor shows; loads all that the rules read about the plan."""
    editable = request.user.has_perm("plans.change_plan", plan)
    frame = checks_context(plan, loaded_report(plan), "", editable=editable)
    return frame | {"state_words": state_words(request, plan)}


def render_page(
    request: Request, plan: Plan, key: str, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """Render the editor's page that holds the section `key`. Raises Http404 when the form has none such."""
    found = loaded_report(plan)
    page = next(
        (p for p in found.pages if p.key == key or any(s.key == key for s in p.section.sections)),
        None,
    )
    if page is None:
        raise Http404
    context = page_context(request, plan, found, page, **extra)
    return render(request, "plans/planning/section.html", context, status=status)


def page_context(
    request: Request, plan: Plan, found: PlanReport, page: CheckedPage, **extra: Any
) -> dict[str, Any]:
    """Return what the frame of every plan page shows."""
    editable = request.user.has_perm("plans.change_plan", plan)
    pages = found.pages
    here = pages.index(page)
    context = checks_context(plan, found, page.key, editable=editable) | {
        "tool": "write",
        "previous_page": pages[here - 1] if here else None,
        "next_page": pages[here + 1] if here + 1 < len(pages) else None,
        "parts": [
            _part(plan, part, editable, _named(extra, "opened_row", "removed_row", "row_form"))
            for part in _parts(page.section)
        ],
        "state_words": state_words(request, plan),
    }
    said = talk_context(request, plan)
    context |= said | {"token": moment_token(plan)}
    if any(part.kind is SectionKind.ACTIONS for part in _parts(page.section)):
        row = _named(extra, "opened", "form", "removed")
        context |= table_context(plan, found, editable=editable, talks=said["talks"], **row)
    if any(part.kind is SectionKind.RECIPIENTS for part in _parts(page.section)):
        context |= {"heading_form": HeadingForm(instance=plan)}
    return context | extra


def _named(extra: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: extra[name] for name in names if extra.get(name)}


# What a page hears when a save was made; its panel and side list then ask how things stand.
SAVED_EVENT = "kcl-saved"
# How many lines the panel of one page shows; the check page shows them all.
PANEL_LINES = 8


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One line of a check panel: what was found and where it leads."""

    finding: Finding
    url: str


def finding_lines(plan: Plan, findings: Iterable[Finding], *, editable: bool) -> list[FindingLine]:
    """Return findings as lines that lead to the very field; to the place on the page for who only reads."""
    return [
        FindingLine(finding, finding_url(plan, finding, editable=editable)) for finding in findings
    ]


def finding_url(plan: Plan, finding: Finding, *, editable: bool) -> str:
    """Return the address of what was found: the field of its row, opened, or its place on the page."""
    page = reverse("planning:section", args=[plan.pk, finding.page])
    if finding.row is not None and editable:
        field = f"id_dong{finding.row}_{finding.field}" if finding.field else finding.anchor
        return f"{page}?dong={finding.row}#{field}"
    if not editable:
        return f"{page}#{_place_to_read(finding.anchor)}"
    if finding.action is None:
        return f"{page}#{finding.anchor}"
    field = f"id_{finding.action}_{finding.field}" if finding.field else finding.anchor
    place = f"div_{field}" if finding.field == "levels" else field  # several boxes, one frame
    return f"{page}?mo={finding.action}#{place}"


def _place_to_read(anchor: str) -> str:
    """Return where a field's words stand for who cannot type there."""
    if anchor.startswith("id_"):
        return "muc-van-ban"
    return f"muc-{anchor[4:]}" if anchor.startswith("chu-") else anchor


def checks_context(plan: Plan, found: PlanReport, key: str, *, editable: bool) -> dict[str, Any]:
    """Return what the side list, the next step and the panel of the page `key` show."""
    page = next((p for p in found.pages if p.key == key), found.pages[0])
    first = found.next_finding
    return {
        "plan": plan,
        "pages": found.pages,
        "page": page,
        "editable": editable,
        "lines": finding_lines(plan, page.findings[:PANEL_LINES], editable=editable),
        "more_lines": max(0, len(page.findings) - PANEL_LINES),
        "next_step": first,
        "next_url": finding_url(plan, first, editable=editable) if first else "",
    }


def talk_context(request: Request, plan: Plan) -> dict[str, Any]:
    """Return `talks`, what was said about the plan, for who may say something; None for everybody else."""
    if not request.user.has_perm("plans.comment_plan", plan):
        return {"talks": None}
    return {"talks": talks_of(plan, people_of(plan.school))}


def moment_token(plan: Plan) -> str:
    """Return what stands for the plan as a page shows it: every write moves it on."""
    return plan.changed_at.isoformat()


def state_words(request: Request, plan: Plan) -> str:
    """Return the plan's state in the words of the school, or of the office for who is not of the school."""
    memberships = request.user.memberships_on(timezone.localdate())
    own = any(row.school_id == plan.school_id for row in memberships)
    return queries.state_words(plan.state, for_office=not own)


def _parts(section: SectionSpec) -> tuple[SectionSpec, ...]:
    return section.sections if section.kind is SectionKind.GROUP else (section,)


def _part(
    plan: Plan, section: SectionSpec, editable: bool, open_row: dict[str, Any]
) -> dict[str, Any]:
    """Return one section of the page with what stands in it; `open_row` is what a small table has open."""
    part: dict[str, Any] = {"spec": section, "kind": section.kind.value}
    part["title"] = words_of(plan).fill(section.name)
    if section.kind in TYPED_KINDS:
        row = next((row for row in plan.texts.all() if row.section == section.key), None)
        body = row.body if row else ""
        part |= {"body": body, "version": row.version if row else 0, "shown": typed_html(body)}
        part |= year_marks([f"muc-{section.key}"], section_mentions(plan, section, body))
    if section.kind is SectionKind.RESULT_GRID:
        part["rows"] = _grid(plan)
        part["levels"] = range(1, plan.framework.max_level + 1)
    if section.kind is SectionKind.FIXED:
        part["shown"] = typed_html(words_of(plan).fill(section.text))
    if section.kind is SectionKind.TABLE:
        part["small"] = row_table_context(plan, section, editable=editable, **open_row)
    return part


def _grid(plan: Plan) -> list[dict[str, Any]]:
    versions = {row.criterion_id: row.version for row in plan.results.all()}
    judged = judged_criteria(plan)
    return [
        {
            "row": row,
            "criterion": row.criterion,
            "title": row.criterion.title if row.criterion else "",
            "choices": level_choices(row.criterion) if row.criterion else [],
            "value": "" if row.level is None else str(row.level),
            "version": versions.get(row.criterion.pk, 0) if row.criterion else 0,
            "judged": row.criterion is not None and row.criterion.pk in judged,
        }
        for row in grid_rows(plan)
    ]


# --- answers to a save ------------------------------------------------------------------------------------


def saved(
    request: Request,
    plan: Plan,
    *,
    page: str,
    version: int,
    version_id: str,
    readings: Sequence[FieldReading] = (),
    settled: int | None = None,
) -> HttpResponse:
    """Answer a save that was made: the time and the new version (or the page anew).

    What the rules find and the side list are asked for by the page itself once the typing pauses: they cost more
    than the save, and nobody waits for them. `readings` are the lines below fields that the save made read otherwise; `settled` is the action that is a
    proposal no longer, whose mark goes.
    """
    if not request.htmx:
        messages.success(request, "Đã lưu.")
        return redirect("planning:section", plan.pk, page)
    context = {
        "version": version,
        "version_id": version_id,
        "now": timezone.localtime(),
        "readings": readings,
        "settled": settled,
    }
    answer = as_saved(render(request, "plans/planning/_saved.html", context))
    answer["HX-Trigger"] = SAVED_EVENT
    return answer


def as_saved(answer: HttpResponse) -> HttpResponse:
    """Mark an answer as "the words are in the database": only then does the page let go of its own copy.

    A 200 alone says nothing: a redirect to another page, or a hotel's Wi-Fi, answers that too.
    """
    answer["KCL-Saved"] = "1"
    return answer


def posted(request: Request) -> QueryDict:
    """Return what was posted; the version that the person chose after a conflict stands for the page's own."""
    data = request.POST.copy()
    if "take_version" in data:
        data.setlist("version", data.getlist("take_version"))
    return data


def goes_on_from_own_save(request: Request, conflict: actions.Conflict) -> bool:
    """Say whether the words that came first are this very page's: sent by it a moment before.

    The page names what it had sent last (`sent`, JSON: field → list of texts). Typing goes on while a save is
    under way, and a tab may close before its answer; that is no second person.
    """
    try:
        sent = json.loads(request.POST.get("sent", ""))
        return bool(conflict.theirs) and all(
            nfc(sent[name][0]) == str(value) for name, value in conflict.theirs.items()
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return False


def save_going_on(request: Request, save: Callable[[int], RowT], version: int) -> RowT:
    """Return `save(version)`; where what came first was this page's own save, save again on top of it.

    Raises Conflict for anybody else's words, and whatever `save` raises.
    """
    try:
        return save(version)
    except actions.Conflict as conflict:
        if not goes_on_from_own_save(request, conflict):
            raise
        return save(conflict.version)


def errors_in_words(form: BaseForm) -> list[str]:
    """Return what is wrong with a form, each sentence with the field's name as the page shows it."""
    told = []
    for name, errors in form.errors.items():
        if name == "version":
            told.append("Trang này đã cũ. Hãy tải lại trang rồi lưu lại; chữ vẫn giữ trên máy này.")
            continue
        label = form.fields[name].label if name in form.fields else ""
        told += [f"{label}: {error}" if label else str(error) for error in errors]
    return told


def refused(
    request: Request, plan: Plan, page: str, errors: list[str], **extra: Any
) -> HttpResponse:
    """Answer a save that was refused: why and what to do, with what was typed still in the page."""
    if request.htmx:
        context = {"errors": errors, "judged": extra.get("judged"), "plan": plan}
        return render(request, "plans/planning/_refused.html", context, status=422)
    return render_page(request, plan, page, status=422, errors=errors, **extra)


def conflicted(
    request: Request,
    plan: Plan,
    page: str,
    conflict: actions.Conflict,
    form_id: str,
    **extra: Any,
) -> HttpResponse:
    """Answer a save that came second: both texts, and the choice between them."""
    actions.keep_refused_words(conflict=conflict, by=request.user, school_id=plan.school_id)
    context = {
        "conflict": conflict,
        "texts": conflict_texts(plan, conflict),
        "version": conflict.version,
        "form_id": form_id,
        "page_url": plan.get_absolute_url() + f"muc/{page}/",
    }
    if request.htmx:
        return render(request, "plans/planning/_conflict.html", context, status=409)
    return render_page(request, plan, page, status=409, **(context | extra))


def conflict_texts(plan: Plan, conflict: actions.Conflict) -> list[dict[str, str]]:
    """Return (field, theirs, mine) of a conflict in words; fields and columns as the plan's form calls them."""
    return [
        {
            "field": _field_name(plan, conflict.row, name),
            "theirs": _in_words(conflict, name, conflict.theirs[name]),
            "mine": _in_words(conflict, name, value),
        }
        for name, value in conflict.mine.items()
    ]


def _field_name(plan: Plan, row: Model, name: str) -> str:
    if isinstance(row, PlanRow):
        table = plan.spec.section(row.section)
        return next((c.title for c in table.columns if c.key == name), name) if table else name
    section = plan.spec.actions()
    if isinstance(row, PlanAction) and section is not None:
        return field_label(name, section)
    return str(getattr(row._meta.get_field(name), "verbose_name", name)).capitalize()


def _in_words(conflict: actions.Conflict, name: str, value: Any) -> str:
    """Return a field's value as the page shows it: choices by their label, nothing as ""."""
    if value is None:
        return ""
    if isinstance(conflict.row, PlanRow):
        return str(value)
    choices = dict(getattr(conflict.row._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))


def page_key(plan: Plan, key: str) -> str:
    """Return the key of the page on which the section `key` stands."""
    return next(
        top.key
        for top in plan.spec.sections
        if top.key == key or any(s.key == key for s in top.sections)
    )


def heading_warnings(plan: Plan) -> tuple[str, ...]:
    """Return what is doubtful about the form, its given words, and the names on the document's date."""
    prefetch_related_objects([plan], "school__names", "school__body_links__body__successor")
    names = letterhead(plan.school, plan.names_on).warnings
    return (*plan.form.warnings_for(plan.school_year), *_given_warnings(plan), *names)


def _given_warnings(plan: Plan) -> tuple[str, ...]:
    """Return a sentence for each thing that the form prints of the school and nobody has noted yet."""
    words = words_of(plan)
    texts = "\n".join(s.text for s in plan.spec.walk() if s.kind is SectionKind.FIXED)
    return tuple(
        f"Hồ sơ trường chưa ghi {name}, bản in chừa chỗ ghi tay. Đề nghị báo người quản trị bổ sung."
        for name in words.unknown(texts)
    )
