"""start_job(): the one way to ask for long work; asking twice makes one job."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.jobs.enums import JobState
from plans.jobs.files import drop_file
from plans.jobs.models import Job
from plans.jobs.running import run_job

OPEN = (JobState.WAITING, JobState.RUNNING)
_MAY_BE_EMPTY = ("arguments",)


@transaction.atomic
def start_job(*, kind: str, title: str, person: User, arguments: dict[str, Any], key: str) -> Job:
    """Ask for a job and return it; the worker takes it up once the caller's transaction is through.

    `key` names the request among the person's own. While such a job waits or runs, that one comes back. One
    that ended is done anew in its place, since who asks again wants what holds now; its old file goes.
    Raises ValidationError.
    """
    full_key = f"{person.pk}:{kind}:{key}"
    asked = {"kind": kind, "title": title, "arguments": arguments}
    Job(key=full_key, person=person, **asked).full_clean(_MAY_BE_EMPTY, validate_unique=False)
    job, is_new = Job.objects.get_or_create(key=full_key, defaults={"person": person, **asked})
    if is_new:
        return _enqueued(job)
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state in OPEN:
        return job
    old_file = job.result
    job.state, job.title, job.arguments = JobState.WAITING, title, arguments
    job.done = job.total = job.attempts = 0
    job.error = job.result = job.result_name = ""
    job.asked_at, job.beat_at, job.ended_at = timezone.now(), None, None
    job.full_clean(_MAY_BE_EMPTY)
    job.save()
    transaction.on_commit(lambda: drop_file(old_file))
    return _enqueued(job)


def _enqueued(job: Job) -> Job:
    record("job.start", job, by=job.person)
    run_job.enqueue(job.pk)
    return job
