"""What a device asks and sends: the bundle, packets, photos, and every refusal in words."""

from __future__ import annotations

import io
import json
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.inspections.models import Entry, Inspection, Photo
from plans.inspections.states import InspectionState
from plans.web.visits.syncing import LARGEST_PACKET, MOST_ENTRIES, clock_words
from tests.factories import accounts, checklists, inspections, issuing, planning

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture
def lead() -> User:
    return accounts.user(full_name="Trần Thị Tổ Trưởng")


@pytest.fixture
def visit(lead: User) -> Inspection:
    return inspections.inspection(lead=lead)


@pytest.fixture
def web(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def at(visit: Inspection, page: str, **more: Any) -> str:
    return reverse(f"visits:{page}", kwargs={"inspection": visit.pk} | more)


def entry(value: str = "Bếp sạch.", target: str = "finding:chung", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "target": target, "field": "seen", "value": value, "base": 0} | more


def sync(web: Client, visit: Inspection, *entries: Any, **more: Any) -> HttpResponse:
    packet = {"device": "may-1", "entries": list(entries)} | more
    return web.post(at(visit, "sync"), json.dumps(packet), "application/json", headers=JSON)


def bundle(web: Client, visit: Inspection) -> dict[str, Any]:
    answer = web.get(at(visit, "bundle"), headers=JSON)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def image(name: str = "a.jpg", size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def send_photo(web: Client, visit: Inspection, **values: Any) -> HttpResponse:
    sent = {"id": str(uuid4()), "target": "finding:chung", "caption": "Kệ", "image": image()}
    return web.post(at(visit, "photo_add"), sent | values, headers=JSON)


# --- the bundle -------------------------------------------------------------------------------------------


def test_bundle_holds_every_field_with_its_number_of_changes(
    web: Client, visit: Inspection, lead: User
) -> None:
    checklist = checklists.checklist()
    visit.checklists.add(checklist)
    advice = inspections.recommendation(visit.findings.get(key="chung"))
    seat = visit.seat_of(lead)
    assert seat is not None
    sync(web, visit, entry())

    told = bundle(web, visit)

    assert told["values"]["finding:chung"] == {
        "verdict": ["", 0],
        "seen": ["Bếp sạch.", 1],
        "evidence": ["", 0],
        "strengths": ["", 0],
        "limits": ["", 0],
    }
    assert told["values"][f"recommendation:{advice.client_id}"]["finding"] == ["chung", 0]
    assert told["values"][f"question:{checklist.questions.get().pk}"] == {"value": ["", 0]}
    assert told["values"][f"member:{seat.pk}"] == {"present": ["yes", 0]}
    assert set(told["values"]["visit"]) == {
        *("held_on", "began", "ended", "place", "copies", "school_words")
    }
    assert told["dues"] == {"30/4/2026": "Đọc là hết ngày 30/04/2026"}
    assert told["seat"] == {"id": seat.pk, "name": "Trần Thị Tổ Trưởng", "role": "lead"}
    assert (told["state"], told["readable"], told["writable"]) == ("open", True, True)
    assert told["cursor"] == Entry.objects.get().pk
    assert datetime.fromisoformat(told["server_time"]) <= timezone.now()


def test_token_of_the_bundle_is_the_one_that_packets_need(visit: Inspection, lead: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    token = bundle(strict, visit)["csrf"]
    packet = json.dumps({"device": "may-1", "entries": [entry()]})
    post = {"data": packet, "content_type": "application/json"}

    without = strict.post(at(visit, "sync"), headers=JSON, **post)
    with_token = strict.post(at(visit, "sync"), headers=JSON | {"X-CSRFToken": token}, **post)

    assert (without.status_code, without.json()["reload"]) == (403, True)
    assert without.json()["words"].startswith("Trang đã cũ nên chưa gửi được.")
    assert with_token.json()["results"][0]["outcome"] == "saved"


def test_photo_with_a_token_of_before_the_last_log_in_is_to_be_sent_again(
    visit: Inspection, lead: User
) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    strict.force_login(lead)
    strict.defaults["HTTP_X_CSRFTOKEN"] = bundle(strict, visit)["csrf"]
    assert send_photo(strict, visit).status_code == 200
    strict.cookies["csrftoken"] = "B" * 32  # logged in anew in another window

    stale = send_photo(strict, visit)

    assert (stale.status_code, stale.json()["reload"]) == (403, True)
    strict.defaults["HTTP_X_CSRFTOKEN"] = bundle(strict, visit)["csrf"]
    assert send_photo(strict, visit).status_code == 200


def test_bundle_costs_as_many_queries_for_many_findings_as_for_few(web: Client, lead: User) -> None:
    counts = []
    for number in (1, 3):
        plan = planning.plan()
        for _ in range(number):
            planning.action(plan)
        visit = inspections.inspection(plan, lead=lead)
        for finding in visit.findings.all():
            inspections.recommendation(finding)
        with CaptureQueriesContext(connection) as told:
            bundle(web, visit)
        counts.append(len(told))

    assert counts[0] == counts[1]


# --- packets ----------------------------------------------------------------------------------------------


def test_packet_is_answered_entry_by_entry(web: Client, visit: Inspection) -> None:
    good, bad = entry(), entry(field="title")

    answer = sync(web, visit, good, bad).json()

    assert answer["results"] == [
        {"id": good["id"], "outcome": "saved", "revision": 1, "words": ""},
        {
            "id": bad["id"],
            "outcome": "refused",
            "revision": None,
            "words": "Biên bản không có ô này.",
        },
    ]
    assert answer["values"]["finding:chung"]["seen"] == ["Bếp sạch.", 1]


def test_double_sending_is_answered_alike(web: Client, visit: Inspection) -> None:
    one = entry()

    first, again = sync(web, visit, one).json(), sync(web, visit, one).json()

    assert first["results"] == again["results"]
    assert Entry.objects.count() == 1


def test_answer_tells_what_changed_since(web: Client, visit: Inspection, client: Client) -> None:
    cursor = bundle(web, visit)["cursor"]
    other = accounts.user()
    inspections.member(visit, other)
    second = Client()
    second.force_login(other)
    sync(second, visit, entry("Sổ kho", field="evidence"), device="may-2")

    answer = sync(web, visit, entry(), since=cursor).json()

    assert answer["values"] == {
        "finding:chung": {"seen": ["Bếp sạch.", 1], "evidence": ["Sổ kho", 1]}
    }
    assert sync(web, visit, since=answer["cursor"]).json()["values"] == {}


def test_two_devices_one_record_see_both_words(web: Client, visit: Inspection) -> None:
    other = accounts.user(full_name="Nguyễn Văn Thành Viên")
    inspections.member(visit, other)
    second = Client()
    second.force_login(other)
    sync(web, visit, entry())
    lost = entry("Bếp bẩn.")

    answer = sync(second, visit, lost, device="may-2").json()

    (conflict,) = answer["conflicts"]
    assert {k: conflict[k] for k in ("id", "target", "field", "yours", "theirs", "by")} == {
        "id": lost["id"],
        "target": "finding:chung",
        "field": "seen",
        "yours": "Bếp bẩn.",
        "theirs": "Bếp sạch.",
        "by": "Trần Thị Tổ Trưởng",
    }
    assert (conflict["current_revision"], conflict["person"]) == (1, "Nguyễn Văn Thành Viên")
    assert bundle(web, visit)["conflicts"] == answer["conflicts"]

    settled = entry("Bếp bẩn.", base=1, settles=lost["id"])
    assert sync(second, visit, settled, device="may-2").json()["conflicts"] == []


@pytest.mark.parametrize(
    "raw",
    [
        *(None, 1, "x", [], {}, {"id": "x"}),
        {"id": str(uuid4())},
        {"id": "\ud800"},
        entry(value=None),  # type: ignore[arg-type]
        entry(base="1"),
        entry(base=True),
        entry(target=["finding:chung"]),  # type: ignore[arg-type]
    ],
)
def test_entry_that_is_none_is_refused_alone(web: Client, visit: Inspection, raw: Any) -> None:
    answer = sync(web, visit, entry(), raw).json()

    assert [one["outcome"] for one in answer["results"]] == ["saved", "refused"]
    assert answer["results"][1]["words"] == "Điều này gửi lên không đúng dạng nên không ghi được."


@pytest.mark.parametrize(
    "moment",
    ["", "hôm qua", "2025-13-45T00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59Z", 5, {}],
)
def test_time_that_is_none_is_left_out(web: Client, visit: Inspection, moment: Any) -> None:
    assert sync(web, visit, entry(at=moment), sent_at=moment).json()["clock"] == ""
    assert Entry.objects.get().device_at is None


@pytest.mark.parametrize(
    "body", ["", "x", "[]", "1", "{}", '{"entries": {}}', "[" * 100_000, b"\xff\xfe"]
)
def test_packet_that_cannot_be_read_is_refused_in_words(
    web: Client, visit: Inspection, body: Any
) -> None:
    answer = web.post(at(visit, "sync"), body, "application/json", headers=JSON)

    assert answer.status_code == 400
    assert answer.json() == {
        "words": "Gói gửi lên không đọc được nên chưa ghi điều gì. Điều đã ghi vẫn còn trên máy."
    }


def test_packet_that_is_too_large_is_to_be_split(web: Client, visit: Inspection) -> None:
    many = sync(web, visit, *[entry() for _ in range(MOST_ENTRIES + 1)])
    heavy = sync(web, visit, entry("x" * LARGEST_PACKET))

    assert (many.status_code, heavy.status_code) == (413, 413)
    assert many.json()["words"].startswith("Mỗi lần gửi nhiều nhất 500 điều ghi.")
    assert heavy.json()["words"].startswith("Gói gửi lên lớn hơn 2 MB.")
    assert Entry.objects.count() == 0


def test_hundred_findings_go_in_one_packet_with_few_queries(web: Client, lead: User) -> None:
    plan = planning.plan()
    for _ in range(100):
        planning.action(plan)
    visit = inspections.inspection(plan, lead=lead)
    keys = [row.key for row in visit.findings.all() if row.key.startswith("viec-")]
    since = bundle(web, visit)["cursor"]

    with CaptureQueriesContext(connection) as told:
        answer = sync(web, visit, *[entry(target=f"finding:{key}") for key in keys], since=since)

    assert {one["outcome"] for one in answer.json()["results"]} == {"saved"}
    assert len(told) <= 45


# --- clocks -----------------------------------------------------------------------------------------------


def test_clock_that_is_a_day_wrong_is_told_and_decides_nothing(
    web: Client, visit: Inspection
) -> None:
    tomorrow = timezone.now() + timedelta(days=1, hours=2, minutes=0.2)

    answer = sync(web, visit, entry(at=tomorrow.isoformat()), sent_at=tomorrow.isoformat()).json()

    assert answer["clock"] == (
        "Đồng hồ của máy nhanh hơn giờ thật 1 ngày 2 giờ. Điều đã ghi không bị ảnh hưởng; "
        "quý vị nên chỉnh lại giờ của máy."
    )
    kept = Entry.objects.get()
    assert kept.device_at == tomorrow
    assert abs(kept.received_at - timezone.now()) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (timedelta(minutes=5), ""),
        (timedelta(minutes=-5), ""),
        (timedelta(minutes=-6), "chậm hơn giờ thật 6 phút"),
        (timedelta(hours=3), "nhanh hơn giờ thật 3 giờ"),
    ],
)
def test_small_difference_of_clocks_is_no_matter(off: timedelta, words: str) -> None:
    now = timezone.now()

    said = clock_words(now + off, now)

    assert bool(said) == bool(words)
    assert words in said


# --- who may ----------------------------------------------------------------------------------------------


def test_signed_out_is_told_so_and_not_sent_to_a_page(visit: Inspection) -> None:
    for answer in (sync(Client(), visit, entry()), Client().get(at(visit, "bundle"), headers=JSON)):
        assert answer.status_code == 401
        assert answer.json()["words"].startswith("Phiên đăng nhập đã hết.")


def test_person_who_must_choose_a_password_is_signed_out_to_a_script(visit: Inspection) -> None:
    person = accounts.user(must_change_password=True)
    inspections.member(visit, person)
    web = Client()
    web.force_login(person)

    assert sync(web, visit, entry()).status_code == 401


def test_visit_that_nobody_sees_is_missing(web: Client) -> None:
    strange = inspections.inspection()

    answers = [sync(web, strange, entry()), web.get("/kiem-tra/999999/goi/", headers=JSON)]

    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_member_taken_off_in_mid_visit_is_told_why(web: Client, visit: Inspection) -> None:
    sync(web, visit, entry())
    visit.members.update(removed_at=timezone.now())

    for answer in (sync(web, visit, entry("x", base=1)), send_photo(web, visit)):
        assert answer.status_code == 403
        assert answer.json()["words"] == (
            "Quý vị không còn trong tổ kiểm tra này nên chương trình không nhận thêm điều ghi tại "
            "chỗ. Những điều chưa gửi vẫn còn trên máy."
        )
    page = web.get(at(visit, "record"))
    assert page.status_code == 403
    assert "không còn trong tổ kiểm tra này" in page.content.decode()
    assert (Entry.objects.count(), Photo.objects.count()) == (1, 0)


def test_words_of_another_person_are_left_on_the_device(
    web: Client, visit: Inspection, lead: User
) -> None:
    visit.members.update(removed_at=timezone.now())
    inspections.member(visit, lead)  # taken off and taken back: another seat, the same person
    other = accounts.user()

    assert bundle(web, visit)["user"] == lead.pk
    for writer, status in [(other.pk, 409), (str(other.pk), 409), (str(lead.pk), 200)]:
        assert sync(web, visit, entry(), user=writer).status_code == status
        assert send_photo(web, visit, user=writer).status_code == status
    assert (Entry.objects.count(), Photo.objects.count()) == (1, 1)


def test_visit_that_was_concluded_meanwhile_keeps_the_words_refused(lead: User) -> None:
    visit = inspections.inspection(state=InspectionState.CONCLUDED, lead=lead)
    web = Client()
    web.force_login(lead)

    answer = sync(web, visit, entry("Đến muộn")).json()

    assert (answer["state"], answer["writable"]) == ("concluded", False)
    assert answer["results"][0]["outcome"] == "refused"
    assert "biên bản chưa lập, nên không ghi thêm được" in answer["results"][0]["words"]
    assert Entry.objects.get().value == "Đến muộn"
    assert send_photo(web, visit).status_code == 403


def test_plan_issued_anew_is_told_on_page_and_in_answers(web: Client, visit: Inspection) -> None:
    assert visit.plan is not None
    new = issuing.issued_document(visit.plan)
    words = f"Nhà trường vừa ban hành bản mới: Kế hoạch số {new.full_number}"

    assert bundle(web, visit)["notice"].startswith(words)
    assert sync(web, visit).json()["notice"].startswith(words)
    assert words in web.get(at(visit, "record")).content.decode()


# --- photos -----------------------------------------------------------------------------------------------


def test_photo_is_taken_once_and_served_to_the_team(web: Client, visit: Inspection) -> None:
    uuid = str(uuid4())

    first, again = send_photo(web, visit, id=uuid), send_photo(web, visit, id=uuid)

    assert (first.status_code, first.json()) == (200, again.json())
    told = first.json()
    assert (told["id"], told["target"], told["caption"]) == (uuid, "finding:chung", "Kệ")
    assert bundle(web, visit)["photos"] == [told]
    for url in (told["url"], told["small"]):
        answer = web.get(url)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert Image.open(io.BytesIO(answer.content)).size == (64, 48)
    assert Photo.objects.count() == 1


def test_photo_that_was_taken_back_is_there_for_nobody(web: Client, visit: Inspection) -> None:
    told = send_photo(web, visit).json()
    sync(web, visit, entry("1", target=f"photo:{told['id']}", field="removed"))

    assert web.get(told["url"]).status_code == 404
    assert bundle(web, visit)["photos"][0]["removed"] is True


def test_photo_is_shown_to_the_office_and_to_the_school_once_the_team_has_left(
    web: Client, visit: Inspection
) -> None:
    url = send_photo(web, visit).json()["url"]
    people = {
        "officer": accounts.member(Role.OFFICER, body=visit.body),
        "principal": accounts.member(Role.PRINCIPAL, school=visit.school),
        "stranger": accounts.member(Role.PRINCIPAL, school=planning.plan().school),
    }

    def statuses() -> dict[str, int]:
        found = {}
        for name, person in people.items():
            reader = Client()
            reader.force_login(person)
            found[name] = reader.get(url).status_code
        return found

    link = visit.school.body_links.first()
    assert statuses() == {"officer": 200 if link else 404, "principal": 403, "stranger": 404}
    now = timezone.now()
    Inspection.objects.filter(pk=visit.pk).update(
        state=InspectionState.CONCLUDED,
        concluded_at=now,
        concluded_by=visit.created_by,
        reply_until=now.date(),
    )
    assert statuses()["principal"] == 200


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"id": "x"}, 400, "Chưa nhận được ảnh."),
        ({"image": ""}, 400, "Chưa nhận được ảnh."),
        ({"image": SimpleUploadedFile("a.jpg", b"x")}, 422, "Không đọc được ảnh này."),
        ({"target": "finding:khong-co"}, 422, "Biên bản này không có chỗ cho ảnh đó."),
        ({"caption": "x" * 301}, 422, ""),
    ],
)
def test_photo_that_cannot_be_kept_is_refused_in_words(
    web: Client, visit: Inspection, values: dict[str, Any], status: int, words: str
) -> None:
    answer = send_photo(web, visit, **values)

    assert answer.status_code == status
    assert answer.json()["words"].startswith(words)
    assert Photo.objects.count() == 0


def test_photo_over_the_limit_is_thrown_away_and_told(web: Client, visit: Inspection) -> None:
    heavy = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"x" * (15 * 1024 * 1024))

    answer = send_photo(web, visit, image=heavy)

    assert (answer.status_code, answer.json()["words"]) == (
        413,
        "Ảnh lớn hơn 15 MB. Hãy chọn ảnh nhỏ hơn.",
    )


def test_photo_from_an_ordinary_form_goes_back_to_its_place(web: Client, visit: Inspection) -> None:
    sent = {"id": str(uuid4()), "target": "finding:chung", "image": image()}

    answer = web.post(at(visit, "photo_add"), sent)

    assert answer.headers["Location"] == f"{at(visit, 'record')}#finding-chung"
    assert "Đã thêm ảnh." in web.get(at(visit, "record")).content.decode()


def test_form_that_the_browser_went_back_to_takes_the_next_photo_too(
    web: Client, visit: Inspection
) -> None:
    form = {"id": str(uuid4()), "target": "finding:chung"}
    for picture in (image(), image(size=(32, 24)), image()):  # the last is the first, sent twice
        web.post(at(visit, "photo_add"), form | {"image": picture})

    assert list(Photo.objects.order_by("pk").values_list("width", flat=True)) == [64, 32]


def test_photo_whose_answer_was_lost_is_answered_after_the_visit_too(
    web: Client, visit: Inspection
) -> None:
    uuid = str(uuid4())
    first = send_photo(web, visit, id=uuid)
    Inspection.objects.filter(pk=visit.pk).update(
        state=InspectionState.CONCLUDED,
        concluded_at=timezone.now(),
        concluded_by=visit.created_by,
        reply_until=timezone.localdate(),
    )

    again, new = send_photo(web, visit, id=uuid), send_photo(web, visit)

    assert (again.status_code, again.json()) == (200, first.json())
    assert new.status_code == 403
    assert "biên bản chưa lập, nên không ghi thêm được" in new.json()["words"]
    assert Photo.objects.count() == 1


@pytest.mark.slow
def test_forty_photos_of_twelve_megabytes_are_taken(web: Client, visit: Inspection) -> None:
    noise = random.Random(7).randbytes
    tile = Image.frombytes("RGB", (1000, 750), noise(1000 * 750 * 3))
    large = Image.new("RGB", (4000, 3000))
    for x in range(0, 4000, 1000):
        for y in range(0, 3000, 750):
            large.paste(tile, (x, y))
    out = io.BytesIO()
    large.save(out, "JPEG", quality=93)
    content = out.getvalue()
    assert 11_000_000 < len(content) <= 15 * 1024 * 1024

    for number in range(40):
        # A comment makes each another file, as forty photos are.
        one = content[:2] + b"\xff\xfe\x00\x06" + f"{number:04d}".encode() + content[2:]
        answer = send_photo(web, visit, image=SimpleUploadedFile("a.jpg", one, "image/jpeg"))
        assert answer.status_code == 200, number

    assert Photo.objects.count() == 40
    assert all(one["width"] == 2000 for one in bundle(web, visit)["photos"])


# --- the worker -------------------------------------------------------------------------------------------


def test_worker_is_a_script_that_covers_all_record_pages(client: Client) -> None:
    answer = client.get("/kiem-tra/may.js")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/kiem-tra/"
