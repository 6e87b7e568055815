"""The editor of 100 rows over HTTP: its first byte, its last, and a save, beside a page that asks one query.

One gunicorn worker with the production settings on SQLite serves all of them; the page beside which they are
held is the list of a person's own log-ins: same guard, same frame, one query of its own.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.harness import Table, compare

ROOT = Path(__file__).resolve().parents[2]
ROWS = 100
PASSWORD = "Chi-De-Do-Toc-Do-2026"


def bench(rounds: int) -> Iterator[Table]:
    """Yield the times of the page to its first byte and of a save, against the page of one query."""
    with tempfile.TemporaryDirectory(prefix="kcl-editor-") as folder:
        environment = _environment(Path(folder))
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.bench_editor"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        made = json.loads(told.stdout.splitlines()[-1])
        with _server(environment) as port:
            person = Person(port, made["username"])
            yield compare(f"editor of {ROWS} rows over HTTP", _ways(person, made), rounds=rounds)


def _ways(person: "Person", made: dict[str, int]) -> "dict[str, object]":
    page = f"/ke-hoach/{made['plan']}/muc/actions/"
    row = f"/ke-hoach/{made['plan']}/viec/{made['action']}/"
    text = f"/ke-hoach/{made['plan']}/muc/purpose/"
    return {
        "page of one query, first byte": lambda: person.first_byte("/tai-khoan/"),
        "editor, first byte": lambda: person.first_byte(page),
        "editor, whole page": lambda: person.get(page),
        "save of a row's field": lambda: person.save_row(row),
        "save of a section": lambda: person.save_text(text),
    }


class Person:
    """Somebody who is logged in, on one connection that stays open as a browser's does."""

    def __init__(self, port: int, username: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.saves = 0
        self.get("/dang-nhap/")
        answer = self.post("/dang-nhap/", {"username": username, "password": PASSWORD})
        if answer.status != 302:
            raise AssertionError(f"log-in answered {answer.status}")

    def get(self, path: str) -> bytes:
        """Return the whole page. Raises AssertionError for anything but 200."""
        answer = self._ask("GET", path)
        body = answer.read()
        if answer.status != 200:
            raise AssertionError(f"{path} answered {answer.status}")
        return body

    def first_byte(self, path: str) -> None:
        """Wait for the head and one byte; what follows is read off the clock by the next request's wait."""
        answer = self._ask("GET", path)
        if answer.status != 200 or not answer.read(1):
            raise AssertionError(f"{path} answered {answer.status}")
        self.rest = answer

    def post(self, path: str, fields: dict[str, str], **headers: str) -> http.client.HTTPResponse:
        """Return the answer, read to its end."""
        fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")} | fields
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._ask("POST", path, urlencode(fields), kind | headers)
        self.body = answer.read()
        return answer

    def save_row(self, path: str) -> None:
        """Change one field of the row, as its open form does by itself."""
        if path not in self.versions:
            self.row = _fields(self.get(path.replace("/viec/", "/muc/actions/?mo=").rstrip("/")))
            self.versions[path] = int(self.row["version"])
        self._save(path, self.row | {"measures": self._words()})

    def save_text(self, path: str) -> None:
        """Change the text of a section."""
        if path not in self.versions:
            self.versions[path] = 1
        self._save(path, {"body": self._words()})

    def _words(self) -> str:
        self.saves += 1
        return f"Rà soát lần {self.saves}"

    def _save(self, path: str, fields: dict[str, str]) -> None:
        fields = fields | {"version": str(self.versions[path])}
        answer = self.post(path, fields, **{"HX-Request": "true"})
        if answer.status != 200 or not answer.getheader("KCL-Saved"):
            raise AssertionError(f"{path} answered {answer.status}: {self.body[:300]!r}")
        self.versions[path] += 1

    def _ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        # A fresh connection where the last answer was left unread: the rest of it is nobody's wait.
        if getattr(self, "rest", None) is not None:
            self.rest.read()
            self.rest = None
        self.connection.request(
            method, path, body or None, {"Cookie": cookie, "Host": "127.0.0.1"} | (headers or {})
        )
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer


def _fields(page: bytes) -> dict[str, str]:
    """Return the fields of the open row's form that a save must carry: its version and its criterion."""
    html = page.decode()
    form = html[html.index("data-open-row") :]
    version = re.search(r'name="version"[^>]*value="(\d+)"', form)
    criterion = re.search(r'<option value="(\d+)" selected', form)
    assert version and criterion
    return {
        "version": version[1],
        "criterion": criterion[1],
        "levels": "2",
        "lead": "Hiệu trưởng",
        "timeframe": "Tháng 5/2026",
    }


# --- the server and its data ------------------------------------------------------------------------------


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DJANGO_SETTINGS_MODULE": "kcl.settings",
        "SECRET_KEY": "bench-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        "KCL_DATA_DIR": str(folder),
        "KCL_HTTPS": "0",
    }


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-b 127.0.0.1:{port} -k gthread -w 1 --threads 2 --no-control-socket --log-level warning --keep-alive 75"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "kcl.wsgi", *options.split()], cwd=ROOT, env=environment
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")


def _prepare() -> dict[str, object]:
    from django.core.management import call_command  # after setup

    from tests.bench.plans import plan_of

    call_command("migrate", verbosity=0)
    call_command("make_web_fonts", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    plan, principal = plan_of(ROWS)
    principal.set_password(PASSWORD)
    principal.save()
    action = plan.actions.earliest("pk")
    return {"plan": plan.pk, "action": action.pk, "username": principal.username}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_prepare()))
