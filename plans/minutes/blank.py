"""The empty form to take along: the minutes of a visit with nothing filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from criteria.models import Framework
from plans.documents.storing import tree_from_json
from plans.documents.tree import Document
from plans.documents.wording import short_date
from plans.inspections.models import Inspection
from plans.minutes.document import document_of
from plans.minutes.facts import Head, MinutesFacts, facts_of
from plans.planning.document import plan_document
from plans.planning.models import Plan


@dataclass(frozen=True, slots=True)
class EmbeddedPlan:
    """A plan as it is embedded: its document, which one it is in words, the circular that it was written under."""

    document: Document
    words: str
    framework: Framework


def embedded(plan: Plan) -> EmbeddedPlan:
    """Return the plan as it stands today: as it was last issued, else as its rows are; four queries or so.

    Raises UnreadableTree for a document that was issued by a newer program.
    """
    issued = plan.documents.in_force().first()
    if issued is not None:
        words = f"Kế hoạch số {issued.full_number} ngày {short_date(issued.issued_on)}"
        return EmbeddedPlan(tree_from_json(issued.tree), words, plan.framework)
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    words = f"Kế hoạch năm học {loaded.school_year.label} (chưa ban hành)"
    return EmbeddedPlan(plan_document(loaded), words, loaded.framework)


def blank_form(inspection: Inspection, plan: EmbeddedPlan | None = None) -> Document:
    """Return the form of a visit loaded by `for_minutes()`: team, ground and plan printed, all else left to write.

    The plan is the one that was frozen when the record was opened, before that `plan`; None prints no plan, and
    room to write which one it was.
    """
    facts = facts_of(
        inspection,
        plan=plan.document if plan else None,
        framework=plan.framework if plan else None,
    )
    words = facts.plan_words or (plan.words if plan else "")
    return document_of(_emptied(replace(facts, plan_words=words)))


def _emptied(facts: MinutesFacts) -> MinutesFacts:
    """Return the facts that are known before a visit; who was there, when and what was found is written by hand."""
    return replace(
        facts,
        number="",
        issued_on=None,
        held_on="",
        began="",
        ended="",
        place="",
        copies="",
        gone=(),
        head=Head(),
        findings=(),
        answers=(),
        school_words="",
        reply_until=None,
        replied_on=None,
        is_blank=True,
    )
