"""A browser for the session; for each test a fresh context, and a page that lets no trouble pass.

Not pytest-playwright: it warns under pytest 9, and warnings are errors here.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.harness import HEIGHT, WIDTHS, Watch

HERE = Path(__file__).parent
CHROMIUM_ARGS = [
    "--no-sandbox",  # root's Chromium starts no other way
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB
    # It would call home, and no test may.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if not chromium:
        pytest.fail("no Chromium: apt-get install chromium, or set CHROMIUM to one")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread; Django would take a query for one made inside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def web_fonts() -> None:
    """Make the screen's fonts, as a start of the program does; a page without them asks for files that are not there."""
    call_command("make_web_fonts", stdout=StringIO())


@pytest.fixture
def watch(live_server: LiveServer) -> Watch:
    return Watch(host=urlsplit(live_server.url).netloc)


@pytest.fixture
def context(
    browser: Browser, web_fonts: None, live_server: LiveServer, watch: Watch
) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server.url,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": WIDTHS[-1], "height": HEIGHT},
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    watch.follow(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    page = context.new_page()
    yield page
    assert not watch.left(), "\n".join(watch.left())


@pytest.fixture(scope="session")
def demo_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that asks for the demo leaves it for the others; no file until then."""
    return tmp_path_factory.mktemp("demo") / "demo.sqlite3"


@pytest.fixture
def demo(transactional_db: None, settings: Any, demo_copy: Path) -> None:
    """The demo as `./dev run` makes it: made once in a run on SQLite, since that takes longer than most tests."""
    settings.KCL_DEMO = True
    if demo_copy.exists():
        _copy_database(demo_copy)
        return
    call_command("prepare", "--demo-if-new", stdout=StringIO())
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(demo_copy)) as copy:
            connection.connection.backup(copy)


def _copy_database(source: Path) -> None:
    """Make the test database what the file `source` is."""
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as copy:
        copy.backup(connection.connection)
