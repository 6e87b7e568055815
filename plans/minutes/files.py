"""The files of a paper: one more is added, none is changed or taken away."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from plans.accounts.models import User
from plans.inspections.models import Inspection
from plans.inspections.moving import locked
from plans.issuing.enums import FileRole
from plans.issuing.files import current_of, earlier_of, frozen
from plans.minutes.models import Paper, PaperFile


def visit_of(paper: Paper) -> Inspection:
    """Return the visit of a paper that is no report."""
    assert paper.inspection is not None  # plans_paper_about
    return paper.inspection


def held_paper(paper: Paper) -> Paper:
    """Return a visit's paper as it now is, held with its visit for the caller's transaction; the visit comes first.

    Whoever writes a visit's papers holds the visit first, so that no two wait for each other.
    """
    visit = locked(visit_of(paper))
    held = Paper.objects.select_for_update().get(pk=paper.pk)
    held.inspection = visit
    return held


@transaction.atomic
def add_file(
    *, paper: Paper, content: bytes, role: FileRole, name: str, by: User, note: str = ""
) -> PaperFile:
    """Freeze `content` as the next file of its role and return its row; the caller writes the record.

    The paper is held, so that two at once get two places. Raises ValueError for a name whose ending no file of a
    paper has.
    """
    file = frozen(content, name)
    Paper.objects.select_for_update().get(pk=paper.pk)
    place = PaperFile.objects.filter(paper=paper, role=role).count()
    row = PaperFile(paper=paper, file=file, role=role, sequence=place, name=name, note=note)
    row.added_by = by
    row.full_clean()
    row.save()
    return row


def current_pdf(paper: Paper) -> PaperFile:
    """Return the file to hand out and to sign: the last signed one, else the PDF as it was made.

    Raises PaperFile.DoesNotExist for a paper without a PDF, which none is made without.
    """
    return current_of(PaperFile.objects.filter(paper=paper))


def earlier_pdfs(paper: Paper, current: PaperFile) -> Iterator[bytes]:
    """Yield the PDFs that were handed out to be signed before the `current` one, the latest first."""
    return earlier_of(PaperFile.objects.filter(paper=paper), current)
