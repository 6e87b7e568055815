"""A worker process of its own, for the tests that kill one: `manage.py work` with a kind of job that takes a while.

The database comes as JSON in KCL_TEST_WORLD, since it is the one that the test run made.
"""

import json
import os
import time

import django
from django.conf import settings

world = json.loads(os.environ["KCL_TEST_WORLD"])
os.environ["KCL_DATA_DIR"] = world["data"]
os.environ["DJANGO_SETTINGS_MODULE"] = "kcl.settings"
settings.DATABASES["default"] |= world["database"]
settings.MEDIA_ROOT = world["media"]
settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
django.setup()

from django.core.management import call_command  # noqa: E402  needs the settings

from plans.jobs.registry import JobResult, Progress, job  # noqa: E402

STEPS = 10


@job("slow", may_have=lambda asked: True)
def slow(progress: Progress) -> JobResult:
    """Write one line a step, two steps a second at most."""
    path = progress.folder / "lines.txt"
    for done in range(STEPS):
        progress.step(done, STEPS)
        with path.open("a") as lines:
            lines.write(f"{done}\n")
        time.sleep(world["pause"])
    progress.step(STEPS, STEPS)
    return JobResult(path, "lines.txt")


call_command("work")
