"""Eight people saving at once on SQLite, for a minute: no "locked" answer, no save acknowledged and lost.

Each writer is a process of its own with the production settings of SQLite, as a gunicorn worker is. Two share
a row, so versions do collide; a refused save reads the row anew and tries again, as a person would.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.harness import Measure, Table

WRITERS = 8
SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
ROOT = Path(__file__).resolve().parents[2]


class LostSave(AssertionError):
    """A save that was acknowledged is not in the database, or a writer met a locked database."""


def bench(rounds: int) -> Iterator[Table]:
    """Yield the times of a save among eight writers; raises LostSave when one is missing or was locked out."""
    del rounds  # a minute is a minute
    with tempfile.TemporaryDirectory(prefix="kcl-writers-") as folder:
        yield _measured(Path(folder))


def _measured(folder: Path) -> Table:
    prepared = _run(folder, "prepare")
    rows = json.loads(prepared.communicate()[0])
    writers = [
        _run(folder, "write", str(rows["plan"]), str(rows["actions"][number // 2]), str(SECONDS))
        for number in range(WRITERS)
    ]
    told = [json.loads(writer.communicate()[0]) for writer in writers]
    kept = json.loads(_run(folder, "count", str(rows["plan"])).communicate()[0])
    acknowledged = sum(one["saved"] for one in told)
    locked = sum(one["locked"] for one in told)
    if locked or kept["saves"] != acknowledged:
        raise LostSave(
            f"{acknowledged} saves acknowledged, {kept['saves']} kept, {locked} locked out"
        )
    times = sorted(ms for one in told for ms in one["times"])
    measure = Measure(
        way=f"{acknowledged} saves, {sum(one['refused'] for one in told)} refused as second, 0 lost",
        median_ms=times[len(times) // 2],
        least_ms=times[0],
        most_ms=times[-1],
        ratio=1.0,
    )
    return Table(f"{WRITERS} writers on SQLite for {SECONDS:.0f} s", 1, (measure,))


def _run(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "kcl.settings",
        "SECRET_KEY": "bench-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        "KCL_DATA_DIR": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bench_writers", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


# --- what the processes do --------------------------------------------------------------------------------


def _prepare() -> dict[str, object]:
    from django.core.management import call_command  # after setup

    from tests.bench.plans import plan_of

    call_command("migrate", verbosity=0)
    plan, _ = plan_of(WRITERS // 2)
    return {"plan": plan.pk, "actions": list(plan.actions.values_list("pk", flat=True))}


def _write(plan_id: int, action_id: int, seconds: float) -> dict[str, object]:
    from django.db import OperationalError  # after setup

    from plans.planning import actions
    from plans.planning.models import PlanAction

    user = _principal()
    told: dict[str, list[float]] = {"times": []}
    counts = {"saved": 0, "refused": 0, "locked": 0}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.perf_counter()
        action = PlanAction.objects.select_related("plan").get(pk=action_id, plan=plan_id)
        words = f"{os.getpid()} lần {counts['saved']}"
        try:
            actions.save_action(
                action=action, values={"measures": words}, version=action.version, by=user
            )
        except actions.Conflict:
            counts["refused"] += 1
        except OperationalError:
            counts["locked"] += 1
        else:
            counts["saved"] += 1
            told["times"].append((time.perf_counter() - started) * 1000)
    return told | counts


def _count(plan_id: int) -> dict[str, object]:
    from plans.planning.models import PlanAction  # after setup

    versions = PlanAction.objects.filter(plan=plan_id).values_list("version", flat=True)
    return {"saves": sum(version - 1 for version in versions)}


def _principal():  # type: ignore[no-untyped-def]
    from plans.accounts.models import User  # after setup

    return User.objects.earliest("pk")


if __name__ == "__main__":
    import django

    django.setup()
    command, *rest = sys.argv[1:]
    if command == "prepare":
        answer = _prepare()
    elif command == "write":
        answer = _write(int(rest[0]), int(rest[1]), float(rest[2]))
    else:
        answer = _count(int(rest[0]))
    print(json.dumps(answer))
