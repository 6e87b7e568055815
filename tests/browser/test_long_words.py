"""Words without a break, as a paste leaves them, stretch no page of a visit."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.recording.entries import SentEntry, apply_entries
from tests.browser.harness import sign_in
from tests.factories import followups, inspections
from tests.factories.replies import Sides, sides

WORD = "a" * 5000
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def _written(visit: Inspection, people: list[User]) -> None:
    """Let each person write the same field anew, so that the last ones wait for a choice."""
    for number, person in enumerate(people):
        sent = SentEntry(uuid4(), "finding:chung", "seen", WORD + str(number), 0)
        held = Inspection.objects.get(pk=visit.pk)
        apply_entries(inspection=held, sent=[sent], by=person, device=f"may-{person.pk}")


def _wide(page: Page, addresses: list[str]) -> list[tuple[str, int]]:
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer is None or answer.ok, address
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(SIDEWAYS):
                found.append((address, width))
    return found


def test_no_page_of_a_visit_is_stretched(
    transactional_db: None, page: Page, live_server: LiveServer
) -> None:
    case: Sides = sides(InspectionState.OPEN)
    visit = case.visit
    _written(visit, [case.lead, case.member])
    advice = inspections.recommendation(case.finding, body=WORD, owner=WORD[:300], due=WORD[:100])
    Inspection.objects.filter(pk=visit.pk).update(
        school_words=WORD, held_on=WORD[:40], legal_grounds=WORD
    )
    sign_in(page, case.lead, live_server.url)
    open_ones = [
        reverse("visits:entries", args=[visit.pk]),
        reverse("visits:visit", args=[visit.pk]),
        reverse("replies:conclude", args=[visit.pk]),
        *(
            f"{reverse('visits:record', args=[visit.pk])}#{one}"
            for one in ("finding-chung", "chua-gui")
        ),
    ]
    stretched = _wide(page, open_ones)

    visit.findings.update(seen=WORD, evidence=WORD, limits=WORD)
    inspections.reply(case.finding, case.principal, body=WORD)
    Inspection.objects.filter(pk=visit.pk).update(
        state=InspectionState.CONCLUDED,
        concluded_at=visit.opened_at,
        concluded_by=case.lead,
        reply_until=visit.planned_on,
        replied_at=visit.opened_at,
    )
    item = followups.follow_up(advice)
    stretched += _wide(
        page,
        [
            reverse("replies:replies", args=[visit.pk]),
            reverse("replies:decide", args=[visit.pk, case.finding.pk]),
            reverse("minutes:preview", args=[visit.pk]),
            reverse("minutes:make", args=[visit.pk]),
        ],
    )
    visit.school.body_links.get_or_create(body=visit.body, role="direct")
    sign_in(page, inspections.officer(visit), live_server.url)
    stretched += _wide(
        page,
        [
            reverse("followups:list"),
            reverse("followups:item", args=[item.pk]),
            reverse("followups:of_visit", args=[visit.pk]),
            reverse("followups:overview"),
        ],
    )

    assert stretched == []
