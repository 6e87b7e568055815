"""Photos: drawn anew, kept once under their id, by those who may write the record."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from plans.accounts.models import User
from plans.inspections.models import Inspection, Photo
from plans.inspections.states import InspectionState
from plans.issuing.models import FrozenFile
from plans.moves import MoveNotAllowed
from plans.recording import photos
from plans.recording.photos import add_photo, redraw
from tests.factories import accounts, inspections
from tests.factories.pictures import SECRET, jpeg, telling_exif


def test_photo_is_drawn_anew() -> None:
    content = jpeg(exif=telling_exif())
    assert SECRET in content

    picture = redraw(content)

    assert SECRET not in picture.large + picture.small
    assert (picture.width, picture.height) == (640, 480)


def test_file_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(ValidationError) as refused:
        redraw(b"x" * (photos.LARGEST_FILE + 1))

    assert refused.value.messages == ["Ảnh lớn hơn 15 MB. Hãy chọn ảnh nhỏ hơn."]


# --- keeping ----------------------------------------------------------------------------------------------


@pytest.fixture
def lead() -> User:
    return accounts.user()


@pytest.fixture
def visit(lead: User) -> Inspection:
    return inspections.inspection(lead=lead)


def keep(visit: Inspection, by: User, **values: Any) -> Photo:
    picture = values.pop("picture", None) or redraw(jpeg((64, 48)))
    defaults = {"client_id": uuid4(), "key": "chung", "picture": picture, "caption": "Kệ bếp"}
    return add_photo(inspection=visit, by=by, **(defaults | values))


@pytest.mark.django_db
def test_photo_is_kept_in_two_sizes(visit: Inspection, lead: User) -> None:
    row = keep(visit, lead, picture=redraw(jpeg((640, 480))))

    assert (row.width, row.height, row.caption, row.added_by) == (640, 480, "Kệ bếp", lead)
    assert {row.file.media_type, row.small.media_type} == {"image/jpeg"}
    assert row.file.size > row.small.size


@pytest.mark.django_db
def test_same_id_twice_is_one_photo(visit: Inspection, lead: User) -> None:
    uuid = uuid4()

    first = keep(visit, lead, client_id=uuid)
    again = keep(visit, lead, client_id=uuid, picture=redraw(jpeg((80, 60))), caption="Khác")

    assert first == again
    assert (Photo.objects.count(), Photo.objects.get().caption) == (1, "Kệ bếp")


@pytest.mark.django_db
def test_photo_of_another_visit_is_neither_taken_nor_told_of(visit: Inspection, lead: User) -> None:
    strange = inspections.inspection(lead=lead)
    taken = keep(strange, lead)

    for values in ({"client_id": taken.client_id}, {"key": "khong-co"}):
        with pytest.raises(ValidationError, match="không có chỗ cho ảnh đó"):
            keep(visit, lead, **values)
    assert FrozenFile.objects.count() == 2


@pytest.mark.django_db
def test_photos_of_one_visit_have_a_limit(
    visit: Inspection, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MOST_PHOTOS", 2)
    first, _ = keep(visit, lead), keep(visit, lead)

    with pytest.raises(ValidationError, match="đã có 2 ảnh"):
        keep(visit, lead)

    Photo.objects.filter(pk=first.pk).update(removed="1")
    keep(visit, lead)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [InspectionState.CONCLUDED, InspectionState.DONE])
def test_photo_that_comes_too_late_is_refused(lead: User, state: InspectionState) -> None:
    visit = inspections.inspection(state=state, lead=lead)

    with pytest.raises(MoveNotAllowed, match="không ghi thêm được"):
        keep(visit, lead)


@pytest.mark.django_db
def test_caption_has_the_length_of_its_field(visit: Inspection, lead: User) -> None:
    with pytest.raises(ValidationError):
        keep(visit, lead, caption="x" * 301)
    assert Photo.objects.count() == 0
