"""A visit on a 100-row plan, a server that can be killed, and a device (Chromium with a profile) that can be too.

`python -m tests.bench.visits` makes the data in KCL_DATA_DIR and prints {"visit", "session", "keys"} as JSON.
"""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Error, Page

ROOT = Path(__file__).resolve().parents[2]
ROWS = 100
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def chromium_path() -> str:
    """Return where Chromium is. Raises FileNotFoundError where it is not."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise FileNotFoundError("no Chromium: apt-get install chromium, or set CHROMIUM to one")
    return found


# --- the server -------------------------------------------------------------------------------------------


@dataclass
class Server:
    """The program under gunicorn with the production settings on SQLite, in `folder`; data of one open visit."""

    folder: Path
    rows: int = ROWS
    port: int = 0
    made: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.visits", str(self.rows)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        self.made = json.loads(told.stdout.splitlines()[-1])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "kcl.settings",
            "SECRET_KEY": "bench-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "KCL_DATA_DIR": str(self.folder),
            "KCL_HTTPS": "0",
            "PYTHONUTF8": "1",
        }

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def record_url(self) -> str:
        """The record page of its visit."""
        return f"{self.url}/kiem-tra/{self.made['visit']}/ghi/"

    def start(self) -> None:
        """Start it at its port and wait until it answers."""
        options = f"-b 127.0.0.1:{self.port} -k gthread -w 1 --threads 4 --no-control-socket --log-level critical"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "kcl.wsgi", *options.split()],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the server did not start")

    def kill(self) -> bool:
        """End it and its workers at once (SIGKILL), whatever they are doing; say whether there was one to end."""
        if self.process is None:
            return False
        ran = self.process.poll() is None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)
        self.process = None
        return ran

    def rows_of(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what its database answers to SQL."""
        with closing(sqlite3.connect(self.folder / "kcl.sqlite3", timeout=20)) as database:
            return database.execute(question, values).fetchall()


@contextmanager
def server(folder: Path, rows: int = ROWS) -> Iterator[Server]:
    """A server whose end is seen to."""
    made = Server(folder, rows)
    try:
        yield made
    finally:
        made.kill()


# --- the device -------------------------------------------------------------------------------------------


@dataclass
class Device:
    """A telephone of 360 px: Chromium with a profile in `folder`, which outlives the end of the browser."""

    chromium: BrowserType
    server: Server
    folder: Path
    context: BrowserContext | None = None

    def start(self) -> Page:
        """Start the browser and return an empty page; the person is logged in."""
        self.context = self.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=chromium_path(),
            args=CHROMIUM_ARGS,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": 360, "height": 800},
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(20_000)
        self.context.add_cookies(
            [{"name": "sessionid", "value": self.server.made["session"], "url": self.server.url}]
        )
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def open(self) -> Page:
        """Start the browser on the record page and wait until one can write there."""
        page = self.start()
        page.goto(self.server.record_url)
        page.wait_for_selector("#ghi[data-ready]", state="attached")
        return page

    def kill(self) -> bool:
        """End the browser at once (SIGKILL) and say whether there was one; what its disk has is what is left."""
        found = False
        mark = f"--user-data-dir={self.folder}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # over meanwhile
            if mark in words and not any(word.startswith(b"--type=") for word in words):
                os.kill(int(process.name), signal.SIGKILL)
                found = True
        self.close()
        return found

    def close(self) -> None:
        """End the browser as a person does; nothing where it is over already."""
        if self.context is not None:
            try:
                self.context.close()
            except Error:
                pass  # killed
            self.context = None
        (self.folder / "SingletonLock").unlink(missing_ok=True)


# --- data -------------------------------------------------------------------------------------------------


def _prepare(rows: int) -> dict[str, Any]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from plans.accounts.roles import Role
    from plans.inspections.states import InspectionState
    from plans.recording.opening import open_record
    from tests.bench.plans import plan_of
    from tests.factories import accounts, inspections

    call_command("migrate", verbosity=0)
    call_command("make_web_fonts", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    plan, _ = plan_of(rows)
    lead = accounts.user(full_name="Nguyễn Văn Mẫu")
    visit = inspections.inspection(plan, InspectionState.PLANNED, lead=lead)
    accounts.member(Role.OFFICER, body=visit.body)
    open_record(inspection=visit, by=lead)
    session = SessionStore()
    session[SESSION_KEY] = str(lead.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = lead.get_session_auth_hash()
    session.create()
    keys = list(visit.findings.order_by("position").values_list("key", flat=True))
    return {"visit": visit.pk, "session": session.session_key, "keys": keys, "user": lead.pk}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_prepare(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)))
