"""The pictures that signatures are drawn with: a person's hand signature, the seal of a school; checked, dated."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.issuing.models import HandSignature, SealImage
from plans.schools.models import School, in_force
from plans.signing.appearance import ImageRefused, check_image


def hand_signature_of(person: User) -> bytes | None:
    """Return the picture (PNG) of a person's own hand signature; None: their signature is drawn as text."""
    mine = HandSignature.objects.filter(person=person).first()
    return bytes(mine.image) if mine else None


def seal_of(school: School, on: date) -> bytes | None:
    """Return the picture (PNG) of a school's seal on the day `on`; None: its signature is drawn as text."""
    seal = current_seal(school, on)
    return bytes(seal.image) if seal else None


def current_seal(school: School, on: date) -> SealImage | None:
    """Return the picture of the seal that holds on the day `on`, of several the one begun last."""
    rows = SealImage.objects.filter(in_force(on), school=school)
    return max(rows, key=lambda row: (row.valid_from or date.min, row.pk), default=None)


@transaction.atomic
def keep_hand_signature(*, image: bytes, by: User) -> HandSignature:
    """Keep the picture of one's own hand signature in place of the one before. Raises ValidationError."""
    _check(image)
    row, _ = HandSignature.objects.update_or_create(
        person=by, defaults={"image": image, "stored_at": timezone.now()}
    )
    record("hand_signature.keep", row, by=by)
    return row


@transaction.atomic
def drop_hand_signature(*, by: User) -> None:
    """Delete the picture of one's own hand signature; signatures that were drawn with it stay as they are."""
    row = HandSignature.objects.filter(person=by).first()
    if row is not None:
        record("hand_signature.drop", row, by=by)
        row.delete()


@transaction.atomic
def keep_seal_image(*, school: School, image: bytes, valid_from: date, by: User) -> SealImage:
    """Keep a picture of the school's seal that holds from a day on; the one before ends the day before.

    Raises ValidationError for a picture that cannot be used, or a day before that on which another begins.
    """
    _check(image)
    School.objects.select_for_update().get(pk=school.pk)
    rows = SealImage.objects.filter(school=school)
    if rows.filter(valid_from__gte=valid_from).exists():
        words = "Đã có ảnh con dấu áp dụng từ ngày này hoặc sau ngày này."
        raise ValidationError({"valid_from": words})
    rows.filter(valid_to=None).update(valid_to=valid_from - timedelta(days=1))
    row = SealImage(school=school, image=image, valid_from=valid_from)
    row.full_clean()
    row.save()
    after = {"valid_from": valid_from.isoformat()}
    record("seal_image.keep", row, by=by, after=after, school_id=school.pk)
    return row


@transaction.atomic
def drop_seal_image(*, seal: SealImage, by: User) -> None:
    """Delete a picture of a seal; the one before it holds again if it ended because of this one."""
    School.objects.select_for_update().get(pk=seal.school_id)
    record("seal_image.drop", seal, by=by, school_id=seal.school_id)
    if seal.valid_from and seal.valid_to is None:
        eve = seal.valid_from - timedelta(days=1)
        SealImage.objects.filter(school=seal.school_id, valid_to=eve).update(valid_to=None)
    seal.delete()


def _check(image: bytes) -> None:
    try:
        check_image(image)
    except ImageRefused as error:
        raise ValidationError({"image": error.words}) from error
