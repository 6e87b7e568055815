"""A row is written only where it still stands as the person saw it."""

import pytest
from django.core.exceptions import ValidationError

from plans.legal.models import LegalDocument
from plans.versions import MOVED_ON, write_where_unmoved
from tests.factories import legal


@pytest.mark.django_db
def test_a_row_is_written_at_the_version_that_was_seen() -> None:
    row = legal.document(subject="cũ")

    write_where_unmoved(row, {"subject": "mới"}, 1)

    saved = LegalDocument.objects.get()
    assert (saved.subject, saved.version, row.version) == ("mới", 2, 2)


@pytest.mark.django_db
def test_a_row_that_moved_on_is_left_alone() -> None:
    row = legal.document(subject="cũ")
    LegalDocument.objects.update(subject="của người khác", version=2)

    with pytest.raises(ValidationError) as refused:
        write_where_unmoved(row, {"subject": "của tôi"}, 1)

    assert refused.value.messages == [MOVED_ON]
    assert LegalDocument.objects.get().subject == "của người khác"
