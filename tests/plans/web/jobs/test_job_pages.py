"""The pages of jobs: progress, the file that came of one, and who gets it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.jobs.files import drop_file, jobs_folder
from plans.jobs.models import Job
from plans.jobs.running import run_job
from plans.schools.models import ManagingBody
from tests.factories import accounts, planning, schools

pytestmark = pytest.mark.django_db

LIST = "/viec-nen/"


@pytest.fixture
def body() -> ManagingBody:
    body = schools.body("UBND xã Đông")
    school = schools.school("Trường An", parent=body, managed_by=body)
    planning.plan(school, year=schools.school_year(2025))
    return body


@pytest.fixture
def officer(body: ManagingBody) -> User:
    return accounts.member(Role.OFFICER, body=body)


@pytest.fixture
def client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def asked(client: Client, body: ManagingBody) -> Job:
    client.post(f"/co-quan/{body.pk}/tep-ke-hoach/2025/")
    return Job.objects.get()


def done(client: Client, body: ManagingBody) -> Job:
    job = asked(client, body)
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


def progress(client: Client, job: Job) -> Any:
    return client.get(f"{LIST}{job.pk}/", headers={"HX-Request": "true"})


def test_asking_leads_to_the_page_of_the_job(client: Client, body: ManagingBody) -> None:
    answers = [client.post(f"/co-quan/{body.pk}/tep-ke-hoach/2025/") for _ in range(2)]

    job = Job.objects.get()
    assert [one.headers["Location"] for one in answers] == [f"{LIST}{job.pk}/"] * 2


def test_year_that_is_not_known_is_missing(client: Client, body: ManagingBody) -> None:
    assert client.post(f"/co-quan/{body.pk}/tep-ke-hoach/1900/").status_code == 404


def test_page_asks_again_until_the_job_is_over(client: Client, body: ManagingBody) -> None:
    job = asked(client, body)
    waiting = progress(client, job)
    run_job.func(job.pk)
    over = progress(client, job)

    assert (waiting.status_code, over.status_code) == (200, 286)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert "hx-trigger" not in over.content.decode()
    assert f'href="{LIST}{job.pk}/tai-ve/"' in over.content.decode()


def test_page_without_script_has_a_link_to_look_again(client: Client, body: ManagingBody) -> None:
    job = asked(client, body)
    waiting = client.get(f"{LIST}{job.pk}/").content.decode()
    run_job.func(job.pk)
    over = client.get(f"{LIST}{job.pk}/").content.decode()

    assert ("Xem lại tiến độ" in waiting, "Xem lại tiến độ" in over) == (True, False)


def test_failed_job_says_why(client: Client, body: ManagingBody) -> None:
    job = asked(client, body)
    Job.objects.update(arguments={"body": body.pk, "year": 2020})
    run_job.func(job.pk)

    page = client.get(f"{LIST}{job.pk}/").content.decode()

    assert "Chưa trường nào có kế hoạch cho năm học này." in page


def test_result_is_the_file_under_its_name(client: Client, body: ManagingBody) -> None:
    job = done(client, body)

    answer = client.get(f"{LIST}{job.pk}/tai-ve/")

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content == (jobs_folder() / job.result).read_bytes()
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="Ke-hoach-cac-truong-2025-2026.zip"'
    )
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_result_that_was_cleared_away_is_said_to_be(client: Client, body: ManagingBody) -> None:
    job = done(client, body)
    drop_file(job.result)

    answer = client.get(f"{LIST}{job.pk}/tai-ve/", follow=True)

    assert "Chưa có tệp kết quả, hoặc tệp đã được dọn." in answer.content.decode()


def test_colleague_gets_neither_page_nor_file(client: Client, body: ManagingBody) -> None:
    job = done(client, body)
    colleague = Client()
    colleague.force_login(accounts.member(Role.BODY_LEAD, body=body))

    pages = [f"{LIST}{pk}/{more}" for pk in (job.pk, 10**9) for more in ("", "tai-ve/")]

    assert [colleague.get(page).status_code for page in pages] == [404] * 4


def test_who_left_the_body_gets_the_file_no_more(
    client: Client, body: ManagingBody, officer: User
) -> None:
    job = done(client, body)
    Membership.objects.filter(user=officer).delete()

    assert client.get(f"{LIST}{job.pk}/tai-ve/").status_code == 403


def test_list_costs_the_same_for_one_and_for_three(
    client: Client, body: ManagingBody, officer: User
) -> None:
    counts = []
    for number in (1, 2):
        for _ in range(number):
            key = f"k{Job.objects.count()}"
            Job.objects.create(key=key, kind="x", title=key, person=officer, arguments={})
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert [job.title for job in page.context["page"]] == ["k2", "k1", "k0"]


def test_office_finds_the_button_where_there_are_plans(client: Client, body: ManagingBody) -> None:
    schools.school_year(2024)

    pages = [client.get(f"/truong/?nam={year}").content.decode() for year in (2025, 2024)]

    buttons = [
        f'action="/co-quan/{body.pk}/tep-ke-hoach/2025/"' in pages[0],
        "tep-ke-hoach" in pages[1],
    ]
    assert buttons == [True, False]
