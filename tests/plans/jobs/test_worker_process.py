"""A real worker process, killed and asked to end in the middle of a job."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from plans.jobs import registry
from plans.jobs.actions import start_job
from plans.jobs.enums import JobState
from plans.jobs.files import jobs_folder, result_path
from plans.jobs.models import Job
from plans.jobs.running import SILENCE
from tests.factories import accounts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A function that starts a worker over the test's own database; whatever still runs is killed."""
    started: list[subprocess.Popen[bytes]] = []
    database = {name: connection.settings_dict[name] for name in ("NAME", "USER", "HOST", "PORT")}

    def run(*, pause: float = 0.2) -> subprocess.Popen[bytes]:
        world = {"database": database, "pause": pause, "data": str(tmp_path)}
        world |= {"media": str(settings.MEDIA_ROOT)}
        told = {"KCL_TEST_WORLD": json.dumps(world, default=str), "SECRET_KEY": settings.SECRET_KEY}
        command = [sys.executable, "-m", "tests.plans.jobs.slow_worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | told)
        started.append(worker)
        return worker

    yield run
    for worker in started:
        worker.kill()
        worker.wait()


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def asked() -> Job:
    mai = accounts.user("mai")
    return start_job(kind="slow", title="Chậm", person=mai, arguments={}, key="k")


def ended() -> bool:
    return Job.objects.get().state in {JobState.DONE, JobState.FAILED}


def let_time_pass() -> None:
    """Bring the last sign of life and the row of the queue as far back as silence wants."""
    for job in Job.objects.filter(beat_at__isnull=False):
        Job.objects.filter(pk=job.pk).update(beat_at=job.beat_at - SILENCE - timedelta(seconds=1))
    for row in DBTaskResult.objects.filter(started_at__isnull=False):
        past = row.started_at - SILENCE - timedelta(seconds=1)
        DBTaskResult.objects.filter(pk=row.pk).update(started_at=past)


def whole() -> str:
    return "".join(f"{n}\n" for n in range(10))


def test_job_of_a_killed_worker_ends_once_and_whole(start: Start) -> None:
    job = asked()
    first = start()
    until(lambda: Job.objects.get().done >= 2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    left = Job.objects.get().state
    let_time_pass()
    start(pause=0)
    until(ended)

    job.refresh_from_db()
    path = result_path(job)
    assert (left, job.state, job.attempts) == ("running", "done", 2)
    assert path is not None and path.read_text() == whole()
    kept = [one.name for one in jobs_folder().iterdir() if one.is_file()]
    assert kept == [job.result]


def test_worker_asked_to_end_leaves_its_job_to_the_next(start: Start) -> None:
    job = asked()
    first = start()
    until(lambda: Job.objects.get().done >= 1)
    first.terminate()
    code = first.wait(timeout=15)
    left = Job.objects.get()
    start(pause=0)
    until(ended)

    job.refresh_from_db()
    assert (code, left.state, left.attempts) == (0, "waiting", 0)
    assert (job.state, job.attempts) == ("done", 1)


def test_two_workers_do_a_job_once(start: Start) -> None:
    job = asked()
    start(pause=0.05), start(pause=0.05)
    until(ended)

    job.refresh_from_db()
    path = result_path(job)
    assert (job.state, job.attempts) == ("done", 1)
    assert path is not None and path.read_text() == whole()


def test_kinds_of_the_program_are_known_to_the_worker() -> None:
    assert set(registry._KINDS) == {"plan_files"}
