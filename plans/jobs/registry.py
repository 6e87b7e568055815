"""Kinds of jobs, each with the function that does it; the rooms that know the work register it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.jobs.enums import JobState
from plans.jobs.models import Job


class JobLost(Exception):
    """The job was given to another worker meanwhile, since this one had fallen silent."""


class JobStopped(Exception):
    """The worker is about to end; the job goes back among those that wait."""


class JobRefused(Exception):
    """The job cannot be done, for a reason that its person should read (the message, in Vietnamese)."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What came of a job: a file in the job's own folder, and the name under which a person saves it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A running job as its function sees it: who asked for what, where to put files, how to say how far it is."""

    job_id: int
    attempt: int
    person: User
    arguments: dict[str, Any]
    folder: Path
    stopping: Callable[[], bool] = field(default=lambda: False)

    def step(self, done: int, total: int) -> None:
        """Say that `done` of `total` are done; to be called at least once a minute, as the sign of life.

        Raises JobLost when another worker has the job, JobStopped when this one is about to end: the function
        lets both pass and leaves nothing behind but files in its folder.
        """
        if self.stopping():
            raise JobStopped
        alive = {"done": done, "total": total, "beat_at": timezone.now()}
        if not mine(self.job_id, self.attempt).update(**alive):
            raise JobLost


Function = Callable[[Progress], JobResult]
Check = Callable[[Job], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its function, and whether the person may (still) have what comes of one."""

    function: Function
    may_have: Check


_KINDS: dict[str, Kind] = {}


def job(kind: str, *, may_have: Check) -> Callable[[Function], Function]:
    """Return a decorator that makes a function the one that does jobs of `kind`.

    It may run again from the start after its worker died, so it writes nothing but files in its folder.
    `may_have(job)` is asked before the function runs and whenever the result is fetched: roles end.
    """

    def register(function: Function) -> Function:
        _KINDS[kind] = Kind(function, may_have)
        return function

    return register


def kind_of(job: Job) -> Kind:
    """Return the kind of a job. Raises JobRefused for one that this program does not know (any more)."""
    if job.kind not in _KINDS:
        raise JobRefused("Chương trình không còn làm loại việc này.")
    return _KINDS[job.kind]


def mine(job_id: int, attempt: int) -> QuerySet[Job]:
    """Return the job as a queryset of one row, empty once another attempt has it."""
    return Job.objects.filter(pk=job_id, state=JobState.RUNNING, attempts=attempt).order_by()
