"""What the device asks and sends: the whole record to take along, what was written, photos. The only JSON of the house.

Every answer that refuses says why in `words`; a device keeps what was not acknowledged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from plans.accounts.models import User
from plans.inspections.enums import Outcome
from plans.inspections.models import Inspection, Photo
from plans.inspections.states import InspectionState
from plans.recording.entries import Applied, SentEntry, apply_entries, closed_words
from plans.recording.opening import newer_version
from plans.recording.photos import LARGEST_FILE, TOO_LARGE, add_photo, kept_photo, redraw
from plans.recording.reading import (
    Conflict,
    Record,
    Values,
    changed_since,
    cursor_of,
    open_conflicts,
    read_record,
    values_of,
)
from plans.recording.targets import read_uuid
from plans.web.files import frozen_file
from plans.web.json import json_answer, refusal, wants_json
from plans.web.request import Request
from plans.web.uploads import in_memory
from plans.web.visits.dues import dues_of

MOST_ENTRIES = 500
LARGEST_PACKET = 2 * 1024 * 1024  # bytes
# Beyond this a device's clock is told to be wrong; smaller differences are those of the network.
CLOCK_OFF = timedelta(minutes=5)
NO_IMAGE = "Chưa nhận được ảnh. Ảnh vẫn còn trên máy; hãy gửi lại."
_UNREADABLE = "Gói gửi lên không đọc được nên chưa ghi điều gì. Điều đã ghi vẫn còn trên máy."
_OF_ANOTHER = (
    "Trên máy này người khác đang đăng nhập nên chưa ghi điều gì. Điều đã ghi vẫn còn trên máy; hãy đăng nhập "
    "bằng tài khoản của người ghi để gửi."
)
_ONE_UNREADABLE = "Điều này gửi lên không đúng dạng nên không ghi được."


# --- the whole record -------------------------------------------------------------------------------------


def bundle(request: Request, inspection: Inspection) -> HttpResponse:
    """Everything that a device takes along, and what changed there since: fields, photos, conflicts."""
    cursor, inspection = _read_after_cursor(inspection)
    record = read_record(inspection)
    values = values_of(record)
    seat = inspection.seat_of(request.user)
    return json_answer(
        {
            "inspection": {
                "id": inspection.pk,
                "school": str(inspection.school),
                "visited_on": inspection.visited_on.isoformat(),
                "plan": inspection.plan_words,
                "record": reverse("visits:record", args=[inspection.pk]),
            },
            "seat": seat and {"id": seat.pk, "name": seat.full_name, "role": seat.role},
            "user": request.user.pk,
            "csrf": get_token(request),
            "values": values,
            **_standing(inspection, record, values, cursor),
        }
    )


def _read_after_cursor(inspection: Inspection) -> tuple[int, Inspection]:
    """Return the cursor and the visit as read after it: what is written meanwhile comes twice rather than never."""
    cursor = cursor_of(inspection)
    return cursor, Inspection.objects.for_page().get(pk=inspection.pk)


def _standing(
    inspection: Inspection, record: Record, values: Values, cursor: int
) -> dict[str, Any]:
    """Return what every answer tells: where the visit stands, its photos and conflicts, our clock."""
    writable = inspection.state == InspectionState.OPEN
    return {
        "server_time": timezone.now().isoformat(),
        "state": inspection.state,
        "readable": True,
        "writable": writable,
        "closed_words": "" if writable else closed_words(inspection),
        "notice": newer_version(inspection),
        "cursor": cursor,
        "dues": dues_of(record.recommendations),
        "photos": [_photo(inspection, one) for one in record.photos],
        "conflicts": [_conflict(one) for one in open_conflicts(inspection, values)],
    }


def _photo(inspection: Inspection, photo: Photo) -> dict[str, Any]:
    url = reverse("visits:photo", args=[inspection.pk, photo.pk])
    return {
        "id": str(photo.client_id),
        "target": f"finding:{photo.finding.key}",
        "photo": photo.pk,
        "caption": photo.caption,
        "url": url,
        "small": f"{url}?co=nho",
        "width": photo.width,
        "height": photo.height,
        "removed": bool(photo.removed),
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    entry = conflict.entry
    return {
        "id": str(entry.client_id),
        "target": entry.target,
        "field": entry.field,
        "label": conflict.label,
        "yours": entry.value,
        "theirs": conflict.theirs,
        "person": str(entry.person),
        "device": entry.device,
        "by": conflict.by,
        "at": conflict.at and conflict.at.isoformat(),
        "current_revision": conflict.revision,
    }


# --- what was written -------------------------------------------------------------------------------------


def sync(request: Request, inspection: Inspection) -> HttpResponse:
    """Take what a device wrote, each entry once, and answer what became of it and what others wrote meanwhile."""
    if _length(request) > LARGEST_PACKET:
        return refusal(413, "Gói gửi lên lớn hơn 2 MB. Máy sẽ chia nhỏ rồi gửi lại.")
    try:
        packet = json.loads(request.body)
        entries, device = packet["entries"], str(packet.get("device") or "")
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return refusal(400, _UNREADABLE)
    if not isinstance(entries, list):
        return refusal(400, _UNREADABLE)
    if len(entries) > MOST_ENTRIES:
        return refusal(
            413, f"Mỗi lần gửi nhiều nhất {MOST_ENTRIES} điều ghi. Máy sẽ chia nhỏ rồi gửi lại."
        )
    if _is_of_another(request.user, packet.get("user")):
        return refusal(409, _OF_ANOTHER)
    results = _applied(inspection, entries, by=request.user, device=device)
    cursor, now = _read_after_cursor(inspection)
    record = read_record(now)
    values = values_of(record)
    since = packet.get("since")
    known = type(since) is int and 0 <= since < 2**63
    changed = changed_since(now, values, since) if known else values
    return json_answer(
        {
            "results": results,
            "values": changed,
            "clock": clock_words(_moment(packet.get("sent_at")), timezone.now()),
            **_standing(now, record, values, cursor),
        }
    )


def _is_of_another(user: User, writer: object) -> bool:
    """Say whether a packet was written by somebody else than who is logged in by now."""
    return bool(writer) and str(writer) != str(user.pk)


def _length(request: Request) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


def _applied(
    inspection: Inspection, entries: Sequence[Any], *, by: User, device: str
) -> list[dict[str, Any]]:
    """Return one result for each entry, in their order; one that cannot be read is refused alone."""
    read = [_read_entry(one) for one in entries]
    answers = iter(
        apply_entries(
            inspection=inspection, sent=[one for one in read if one], by=by, device=device
        )
    )
    return [
        _result(next(answers)) if one else _unreadable(raw)
        for one, raw in zip(read, entries, strict=True)
    ]


def _result(one: Applied) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "outcome": str(one.outcome),
        "revision": one.revision,
        "words": one.words,
    }


def _unreadable(raw: Any) -> dict[str, Any]:
    given = raw.get("id") if isinstance(raw, dict) else None
    refused = {"outcome": str(Outcome.REFUSED), "revision": None, "words": _ONE_UNREADABLE}
    return {"id": given if _uuid(given) else None} | refused


def _read_entry(raw: Any) -> SentEntry | None:
    """Return an entry of a packet, None for what is none."""
    if not isinstance(raw, dict):
        return None
    texts = [raw.get(name) for name in ("target", "field", "value")]
    uuid = _uuid(raw.get("id"))
    base = raw.get("base", 0)
    if uuid is None or not all(isinstance(one, str) for one in texts) or type(base) is not int:
        return None
    target, field, value = map(str, texts)
    moment, settles = _moment(raw.get("at")), _uuid(raw.get("settles"))
    return SentEntry(uuid, target, field, value, base, at=moment, settles=settles)


def _uuid(value: Any) -> UUID | None:
    return read_uuid(value) if isinstance(value, str) else None


def _moment(value: Any) -> datetime | None:
    """Return the time that a device gives, None for what is none or lies outside of any visit's lifetime."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or not 2000 <= moment.year <= 2200:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def clock_words(device: datetime | None, now: datetime) -> str:
    """Return a sentence where the clock of the device is wrong, "" where it is right or unknown."""
    if device is None or abs(device - now) <= CLOCK_OFF:
        return ""
    minutes = round(abs(device - now).total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    units = ((days, "ngày"), (hours, "giờ"), (minutes, "phút"))
    length = " ".join(f"{count} {word}" for count, word in units if count)
    way = "nhanh" if device > now else "chậm"
    return (
        f"Đồng hồ của máy {way} hơn giờ thật {length}. Điều đã ghi không bị ảnh hưởng; "
        "quý vị nên chỉnh lại giờ của máy."
    )


# --- photos -----------------------------------------------------------------------------------------------


@in_memory(LARGEST_FILE)
def photo_add(request: Request, inspection: Inspection) -> HttpResponse:
    """Take one photo; the same id again is answered as before, whatever comes with it."""
    uuid = read_uuid(request.POST.get("id", ""))
    image = request.FILES.get("image")
    if uuid is None or image is None:
        return _no_photo(request, inspection, 400, NO_IMAGE)
    if (image.size or 0) > LARGEST_FILE:
        return _no_photo(request, inspection, 413, TOO_LARGE)
    if _is_of_another(request.user, request.POST.get("user")):
        return refusal(409, _OF_ANOTHER)
    content = image.read()
    if not wants_json(request):
        # A form that the browser went back to still holds the id of the photo before.
        uuid = uuid5(uuid, hashlib.sha256(content).hexdigest())
    kept = kept_photo(inspection, uuid)
    try:
        kept = kept or add_photo(
            inspection=inspection,
            client_id=uuid,
            key=request.POST.get("target", "").removeprefix("finding:"),
            picture=redraw(content),
            caption=request.POST.get("caption", ""),
            taken_at=_moment(request.POST.get("taken_at")),
            by=request.user,
        )
    except ValidationError as error:
        return _no_photo(request, inspection, 422, " ".join(error.messages))
    if wants_json(request):
        return json_answer(_photo(inspection, kept))
    messages.success(request, "Đã thêm ảnh.")
    return _back(inspection, f"finding-{kept.finding.key}")


def _no_photo(request: Request, inspection: Inspection, status: int, words: str) -> HttpResponse:
    """Say why a photo was not kept: to the script, or on the page that an ordinary form came from."""
    if wants_json(request):
        return refusal(status, words)
    messages.warning(request, words)
    return _back(inspection, "phan-dau")


def _back(inspection: Inspection, anchor: str) -> HttpResponse:
    return redirect(f"{reverse('visits:record', args=[inspection.pk])}#{anchor}")


def photo(request: Request, inspection: Inspection, photo: int) -> HttpResponse:
    """The bytes of a photo; `?co=nho` asks for the small one. One that was taken back is there for nobody."""
    rows = Photo.objects.filter(finding__inspection=inspection, removed="", pk=photo)
    found = rows.select_related("file", "small").first() if photo < 2**63 else None
    if found is None:
        raise Http404
    file = found.small if request.GET.get("co") == "nho" else found.file
    return frozen_file(file, f"anh-{found.pk}.jpg", shown=True)


def worker(request: Request) -> HttpResponse:
    """The script that keeps the record page at hand without a network, at an address that covers all of them.

    It names the files that it needs, as they are called in this release: a new release is a new worker.
    """
    answer = render(request, "plans/visits/worker.js", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = reverse("visits:list")
    return answer
