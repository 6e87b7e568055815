"""Files that come of jobs: in MEDIA_ROOT/jobs, which no web server serves; a guarded page hands them out."""

import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from plans.jobs.enums import JobState
from plans.jobs.models import Job

DAYS = 7  # that a result is kept


def jobs_folder() -> Path:
    """Return the folder of all results, made with rights for nobody else."""
    folder = Path(settings.MEDIA_ROOT) / "jobs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def work_folder(job_id: int, attempt: int) -> Path:
    """Make and return the folder in which one attempt of a job works; what stood there is gone."""
    folder = jobs_folder() / f"work-{job_id}-{attempt}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def keep_file(made: Path, job_id: int) -> str:
    """Move a file among the results and return the name it has there, which nobody can guess."""
    name = f"{job_id}-{secrets.token_hex(16)}{made.suffix}"
    made.replace(jobs_folder() / name)
    return name


def result_path(job: Job) -> Path | None:
    """Return where the result of a job lies; None when there is none or it was cleared away."""
    path = jobs_folder() / job.result
    return path if job.result and path.is_file() else None


def drop_file(name: str) -> None:
    """Delete a result; "" and one that is gone are no error."""
    if name:
        (jobs_folder() / name).unlink(missing_ok=True)


def clear_old(now: datetime) -> int:
    """Delete jobs that ended more than DAYS ago, with their results, work folders and rows of the queue.

    Returns how many jobs.
    """
    ended = (JobState.DONE, JobState.FAILED)
    old = list(Job.objects.filter(state__in=ended, ended_at__lt=now - timedelta(days=DAYS)))
    for job in old:
        job.delete()
        drop_file(job.result)
    DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=DAYS)).delete()
    _clear_forgotten(now - timedelta(days=DAYS))
    return len(old)


def _clear_forgotten(before: datetime) -> None:
    """Delete what no job names any more: a worker may die between moving a file and saying so."""
    named = set(Job.objects.exclude(result="").order_by("pk").values_list("result", flat=True))
    for path in jobs_folder().iterdir():
        if path.name in named or path.stat().st_mtime >= before.timestamp():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
