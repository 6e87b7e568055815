"""Opening a visit of a 100-row plan with no network: the server is ended, the page comes from the device.

The bound is 1 s until one can write; the second way is the same page from the server.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.harness import Table, compare
from tests.bench.visits import ROWS, Device, server


def bench(rounds: int) -> Iterator[Table]:
    """Yield the time until one can write, without a network and with one."""
    with (
        tempfile.TemporaryDirectory(prefix="kcl-visit-") as folder,
        sync_playwright() as playwright,
        server(Path(folder) / "data") as program,
    ):
        device = Device(playwright.chromium, program, Path(folder) / "device")
        page = device.open()
        page.wait_for_selector("#ghi[data-kept=kept]", state="attached")
        online = compare(
            "with a server", {"open": lambda: _open(page, program.record_url)}, rounds=rounds
        )
        program.kill()
        offline = compare(
            f"a visit of {ROWS} rows opened without a server",
            {"open": lambda: _open(page, program.record_url)},
            rounds=rounds,
        )
        device.close()
        yield online
        yield offline


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#ghi[data-ready]", state="attached")
