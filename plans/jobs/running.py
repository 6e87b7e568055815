"""How a worker does one job, and how one is taken up again whose worker died.

A job is claimed by a conditional update that counts its attempts; only the attempt that holds it may go on,
end it or name its result. So a worker that was thought dead and was not does no harm.
"""

import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from plans.jobs.enums import JobState
from plans.jobs.files import keep_file, work_folder
from plans.jobs.models import Job
from plans.jobs.registry import (
    JobLost,
    JobRefused,
    JobResult,
    JobStopped,
    Progress,
    kind_of,
    mine,
)

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=2)  # after which a worker counts as dead
ATTEMPTS = 3


class Stopping:
    """Whether this process was asked to end; its job then stops at the next step and waits for another worker.

    No threading.Event: a signal handler that sets one while its own thread is about to wait for it would hang.
    """

    def __init__(self) -> None:
        self._asked = False

    def ask(self, asked: bool = True) -> None:
        """Ask the process to end."""
        self._asked = asked

    def is_asked(self) -> bool:
        """Say whether it was asked to."""
        return self._asked


stopping = Stopping()


@task()
def run_job(job_id: int) -> None:
    """Do the job, if it still waits; how it ended stands in its row."""
    waiting = Job.objects.filter(pk=job_id, state=JobState.WAITING).order_by()
    if not waiting.update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, done=0, beat_at=timezone.now()
    ):
        return
    job = Job.objects.select_related("person").get(pk=job_id)
    folder = work_folder(job.pk, job.attempts)
    try:
        _finish(job, _done(job, folder))
    except JobLost:
        logger.warning("job %s went to another worker", job.pk)
    except JobStopped:
        _put_back(job)
    except JobRefused as refusal:
        _fail(job, str(refusal))
    except Exception:
        logger.exception("job %s (%s)", job.pk, job.kind)
        _fail(job, "Có lỗi khi làm việc này. Quản trị viên xem được lỗi trong nhật ký máy chủ.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _done(job: Job, folder: Path) -> JobResult:
    kind = kind_of(job)
    if not (job.person.is_active and kind.may_have(job)):
        raise JobRefused("Tài khoản này không còn quyền nhận kết quả của việc này.")
    return kind.function(
        Progress(job.pk, job.attempts, job.person, job.arguments, folder, stopping.is_asked)
    )


def _finish(job: Job, result: JobResult) -> None:
    name = keep_file(result.path, job.pk)
    ended = mine(job.pk, job.attempts).update(
        state=JobState.DONE,
        done=F("total"),
        result=name,
        result_name=result.name,
        ended_at=timezone.now(),
    )
    if not ended:  # the file that nobody names is cleared away with the old ones
        raise JobLost


def _fail(job: Job, words: str) -> None:
    failed = {"state": JobState.FAILED, "error": words[:300], "ended_at": timezone.now()}
    mine(job.pk, job.attempts).update(**failed)


@transaction.atomic
def _put_back(job: Job) -> None:
    """Let a job wait again whose worker ends on purpose: that was no attempt of its own."""
    if mine(job.pk, job.attempts).update(state=JobState.WAITING, attempts=F("attempts") - 1):
        run_job.enqueue(job.pk)


# --- the reaper -------------------------------------------------------------------------------------------


def reap(now: datetime | None = None) -> int:
    """Take up again what dead workers left, and return how many jobs that were.

    A job without a sign of life for SILENCE waits again, or has failed after ATTEMPTS. Rows of the task queue
    that a dead worker held are opened again, and a waiting job without a row gets one.
    """
    now = now or timezone.now()
    silent = Job.objects.filter(state=JobState.RUNNING, beat_at__lt=now - SILENCE).order_by()
    given_up = silent.filter(attempts__gte=ATTEMPTS).update(
        state=JobState.FAILED,
        error=f"Máy chủ dừng giữa chừng {ATTEMPTS} lần khi đang làm việc này. Vui lòng thử lại sau.",
        ended_at=now,
    )
    taken_up = silent.update(state=JobState.WAITING)
    with transaction.atomic():
        _open_rows(now)
        _enqueue_forgotten()
    return given_up + taken_up


def _rows(status: TaskResultStatus) -> list[DBTaskResult]:
    rows = DBTaskResult.objects.filter(task_path=run_job.module_path, status=status)
    return list(rows.order_by("pk"))


def _open_rows(now: datetime) -> None:
    running = set(
        Job.objects.filter(state=JobState.RUNNING).order_by("pk").values_list("pk", flat=True)
    )
    for row in _rows(TaskResultStatus.RUNNING):
        is_old = row.started_at is None or row.started_at < now - SILENCE
        if is_old and row.args_kwargs["args"][0] not in running:
            held = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING)
            held.order_by().update(status=TaskResultStatus.READY)


def _enqueue_forgotten() -> None:
    rows = [*_rows(TaskResultStatus.READY), *_rows(TaskResultStatus.RUNNING)]
    known = {row.args_kwargs["args"][0] for row in rows}
    for job in Job.objects.filter(state=JobState.WAITING).exclude(pk__in=known).order_by("pk"):
        run_job.enqueue(job.pk)
