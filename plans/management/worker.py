"""The worker: does jobs one after another, and beside them every minute what has to be done on time.

One process is enough; a second one is harmless, since letters, jobs and daily letters each go to who claims
them. A signal to end lets the job at hand stop at its next step and wait for the next worker.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from datetime import time as time_of_day
from types import FrameType

from django.core.cache import cache
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from plans.jobs.files import clear_old
from plans.jobs.running import reap, stopping
from plans.notices.digest import write_digests
from plans.notices.outbox import send_due
from plans.notices.registry import run_daily
from plans.together.trash import empty_trash

logger = logging.getLogger(__name__)

DAILY_AT = time_of_day(6, 30)  # local time
ROUND = 60.0  # seconds
LAST_LETTER = 15.0  # seconds that a letter on its way may still take when the worker ends


class HouseWorker(Worker):
    """django-tasks-db's worker over the default queue, with the chores beside it."""

    def __init__(self, *, interval: float = 1.0) -> None:
        super().__init__(
            queue_names=["default"],
            interval=interval,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End: after the step at hand where a job runs, at once where none does."""
        stopping.ask()
        self.running = False

    def configure_signals(self) -> None:
        """Listen for the signals to end. One that is ignored already (a script in charge) stays ignored."""
        for signum in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(signum) is not signal.SIG_IGN:
                signal.signal(signum, self.shutdown)

    def work(self) -> None:
        """Do jobs and chores until told to end."""
        ended = threading.Event()
        chores = threading.Thread(target=_chores, args=[ended], name="chores", daemon=True)
        chores.start()
        while self.running:
            self._run_waiting()
            if self.running:
                time.sleep(self.interval)
        ended.set()
        chores.join(LAST_LETTER)

    def _run_waiting(self) -> None:
        """Do what waits and come back; a database that is away for a while must not end the worker."""
        try:
            self.run()
        except DatabaseError:
            logger.exception("the worker's database")
            connection.close()
            time.sleep(self.interval)

    def work_off(self) -> None:
        """Do the chores once and whatever waits, then come back."""
        do_chores(timezone.now())
        self.run()
        do_chores(timezone.now())  # the letters that the jobs wrote


def _chores(ended: threading.Event) -> None:
    while not ended.is_set():
        began = time.monotonic()
        close_old_connections()
        do_chores(timezone.now())
        close_old_connections()
        ended.wait(max(0.0, ROUND - (time.monotonic() - began)))
    connection.close()


def do_chores(now: datetime) -> None:
    """Do what is due: jobs of dead workers, letters, and once a day the daily round."""
    for chore in (reap, lambda: do_daily(now), lambda: send_due(stop=stopping.is_asked)):
        _try(chore)


def do_daily(now: datetime) -> bool:
    """Do the round of the day once it is DAILY_AT, and return whether this call did.

    That it was done is kept in the cache; if that is lost it is done again, which tells and sends nothing new.
    """
    local = timezone.localtime(now)
    mark = f"daily:{local:%Y-%m-%d}"
    if local.time() < DAILY_AT or cache.get(mark):
        return False
    failed = run_daily(local.date())
    _try(lambda: write_digests(local.date()))
    _try(lambda: clear_old(now))
    _try(empty_trash)
    if failed:  # told again at the next round, in which nobody hears the same twice
        return True
    cache.set(mark, True, timeout=2 * 24 * 60 * 60)
    return True


def _try(chore: Callable[[], object]) -> None:
    """Do a chore; its failure is logged, for the others and the next round must go on."""
    try:
        chore()
    except Exception:
        logger.exception("a chore of the worker")
