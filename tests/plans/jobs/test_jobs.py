"""Jobs: asked for once, done once, taken up again when their worker died."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from plans.accounts.models import User
from plans.history.models import Event
from plans.jobs import registry, running
from plans.jobs.actions import start_job
from plans.jobs.enums import JobState
from plans.jobs.files import clear_old, jobs_folder, result_path
from plans.jobs.models import Job
from plans.jobs.registry import JobLost, JobRefused, JobResult, Progress, job
from plans.jobs.running import ATTEMPTS, SILENCE, reap, run_job
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """An empty registry for one test, and no worker about to end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_KINDS", {})
        yield
    running.stopping.ask(False)


@pytest.fixture
def mai() -> User:
    return accounts.user("mai")


def count_to_three(progress: Progress) -> JobResult:
    for done in range(1, 4):
        progress.step(done, 3)
    path = progress.folder / "out.txt"
    path.write_text(f"xong cho {progress.person}: {progress.arguments['n']}")
    return JobResult(path, "kết quả.txt")


def asked(
    person: User, function: Callable[[Progress], JobResult] = count_to_three, **more: Any
) -> Job:
    job("count", may_have=lambda one: True)(function)
    values = {"kind": "count", "title": "Đếm", "key": "k", "arguments": {"n": 1}}
    return start_job(person=person, **(values | more))


def ran(one: Job) -> Job:
    run_job.func(one.pk)
    one.refresh_from_db()
    return one


def test_job_ends_with_its_file(mai: User) -> None:
    done = ran(asked(mai))

    path = result_path(done)
    assert path is not None
    assert (done.state, done.done, done.total, done.result_name) == ("done", 3, 3, "kết quả.txt")
    assert path.read_text() == "xong cho Lê Thị Mẫu Đơn: 1"
    assert [one.name for one in jobs_folder().iterdir()] == [done.result]


def test_results_are_nobody_elses_business(mai: User) -> None:
    ran(asked(mai))

    assert jobs_folder().stat().st_mode & 0o777 == 0o700


def test_asking_again_while_it_waits_or_runs_makes_no_second_job(mai: User) -> None:
    first = asked(mai)
    second = asked(mai)
    Job.objects.update(state=JobState.RUNNING)
    third = asked(mai)

    assert first.pk == second.pk == third.pk
    assert DBTaskResult.objects.count() == 1
    assert Event.objects.filter(action="job.start").count() == 1


def test_asking_again_after_the_end_does_it_anew(
    mai: User, django_capture_on_commit_callbacks: Any
) -> None:
    done = ran(asked(mai))
    old = result_path(done)
    with django_capture_on_commit_callbacks(execute=True):
        again = asked(mai, arguments={"n": 2})
    state = again.state
    new = result_path(ran(again))

    assert (again.pk, state) == (done.pk, "waiting")
    assert old is not None and not old.exists()
    assert new is not None and new.read_text() == "xong cho Lê Thị Mẫu Đơn: 2"


def test_same_key_of_another_person_is_another_job(mai: User) -> None:
    assert asked(mai).pk != asked(accounts.user("lan")).pk


def test_job_that_was_done_is_not_done_again_by_its_second_row(mai: User) -> None:
    done = ran(asked(mai))
    ended = done.ended_at

    assert ran(done).ended_at == ended
    assert done.attempts == 1


def test_refusal_is_told_in_its_own_words(mai: User) -> None:
    def refuse(progress: Progress) -> JobResult:
        raise JobRefused("Không có kế hoạch nào.")

    failed = ran(asked(mai, refuse))

    assert (failed.state, failed.error) == ("failed", "Không có kế hoạch nào.")


def test_fault_is_told_without_its_words(mai: User) -> None:
    def fault(progress: Progress) -> JobResult:
        raise RuntimeError("hunter2")

    failed = ran(asked(mai, fault))

    assert failed.state == "failed"
    assert failed.error.startswith("Có lỗi khi làm việc này.")
    assert "hunter2" not in failed.error


def test_person_who_may_no_more_gets_nothing(mai: User) -> None:
    one = asked(mai)
    job("count", may_have=lambda one: False)(count_to_three)

    assert ran(one).error == "Tài khoản này không còn quyền nhận kết quả của việc này."


def test_unknown_kind_fails_in_words(mai: User) -> None:
    one = asked(mai)
    registry._KINDS.clear()

    assert ran(one).error == "Chương trình không còn làm loại việc này."


def test_worker_that_ends_lets_its_job_wait(mai: User) -> None:
    def stopped(progress: Progress) -> JobResult:
        running.stopping.ask()
        progress.step(1, 3)
        raise AssertionError("a stopped job goes no further")

    one = ran(asked(mai, stopped))

    assert (one.state, one.attempts, DBTaskResult.objects.count()) == ("waiting", 0, 2)


def test_worker_thought_dead_cannot_end_the_job_of_another(mai: User) -> None:
    def overtaken(progress: Progress) -> JobResult:
        Job.objects.update(attempts=2, result="the-others")
        with pytest.raises(JobLost):
            progress.step(1, 3)
        return count_to_three(progress)

    one = ran(asked(mai, overtaken))

    assert (one.state, one.result) == ("running", "the-others")


# --- the reaper -------------------------------------------------------------------------------------------


def left(mai: User, *, silent: timedelta, attempts: int = 1) -> Job:
    """A job whose worker was killed `silent` ago, with its row of the queue."""
    one = asked(mai)
    beat = timezone.now() - silent
    Job.objects.update(state=JobState.RUNNING, attempts=attempts, beat_at=beat)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=beat)
    return one


def states(one: Job) -> tuple[str, list[str]]:
    one.refresh_from_db()
    rows = DBTaskResult.objects.order_by("pk").values_list("status", flat=True)
    return one.state, list(rows)


def test_silent_job_waits_again_in_its_row(mai: User) -> None:
    one = left(mai, silent=SILENCE * 2)

    assert reap() == 1
    assert states(one) == ("waiting", ["READY"])
    assert ran(one).state == "done"


def test_job_that_beats_is_left_alone(mai: User) -> None:
    one = left(mai, silent=SILENCE / 2)

    assert reap() == 0
    assert states(one) == ("running", ["RUNNING"])


def test_job_that_died_too_often_fails_in_words(mai: User) -> None:
    one = left(mai, silent=SILENCE * 2, attempts=ATTEMPTS)

    assert reap() == 1
    assert states(one)[0] == "failed"
    assert one.error.startswith("Máy chủ dừng giữa chừng 3 lần")


def test_worker_that_died_between_row_and_job_is_noticed(mai: User) -> None:
    one = left(mai, silent=SILENCE * 2, attempts=0)
    Job.objects.update(state=JobState.WAITING)

    reap()

    assert states(one) == ("waiting", ["READY"])


def test_waiting_job_without_a_row_gets_one(mai: User) -> None:
    one = asked(mai)
    DBTaskResult.objects.all().delete()

    reap()
    reap()

    assert states(one) == ("waiting", ["READY"])


# --- clearing away ----------------------------------------------------------------------------------------


def test_old_results_are_cleared_away_and_young_ones_stay(mai: User) -> None:
    old, young = ran(asked(mai)), ran(asked(mai, key="k2"))
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=8))

    assert clear_old(timezone.now()) == 1
    assert [one.pk for one in Job.objects.order_by("pk")] == [young.pk]
    assert [one.name for one in jobs_folder().iterdir()] == [young.result]


def test_file_that_no_job_names_is_cleared_away_in_time(mai: User) -> None:
    (jobs_folder() / "work-1-1").mkdir()
    (jobs_folder() / "forgotten.zip").touch()

    clear_old(timezone.now())
    kept = len(list(jobs_folder().iterdir()))
    clear_old(timezone.now() + timedelta(days=8))

    assert (kept, list(jobs_folder().iterdir())) == (2, [])
