"""300 ends without warning around saves: of the browser, of the server, of the line in mid-answer.

Whatever the page had called saved on the device must reach the record, and once. A bench for its length; the
browser's tests run a dozen. `--rounds 15` (the default) are 300 ends; fewer rounds, fewer ends (20 a round).
"""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, Page, Route, sync_playwright

from tests.bench.harness import Measure, Table
from tests.bench.visits import Device, Server, server

A_ROUND = 20


def bench(rounds: int) -> Iterator[Table]:
    """Yield how many ends there were, and how many saved words were lost or doubled: both must be none."""
    with (
        tempfile.TemporaryDirectory(prefix="kcl-kills-") as folder,
        sync_playwright() as playwright,
        server(Path(folder) / "data") as program,
    ):
        device = Device(playwright.chromium, program, Path(folder) / "device")
        trial = Trial(device, program, random.Random(2018))
        trial.run(rounds * A_ROUND)
        counts = {
            "ends": trial.ends,
            "saved words": len(trial.saved),
            "lost": len(trial.lost()),
            "doubled": len(trial.doubled()),
        }
        device.close()
        yield Table(
            "ends around saves (counts, not times)",
            rounds,
            tuple(Measure(name, value, value, value, 1.0) for name, value in counts.items()),
        )
        assert counts["lost"] == counts["doubled"] == 0


class Trial:
    """Writes one field after another, ends something at a random moment around it, and goes on where it was."""

    def __init__(self, device: Device, program: Server, chance: random.Random) -> None:
        self.device, self.program, self.chance = device, program, chance
        self.saved: dict[
            tuple[str, str], str
        ] = {}  # (finding or "advice", field) → words called saved
        # What was written there since, saved or not.
        self.later: dict[tuple[str, str], set[str]] = {}
        self.ends = self.answers_lost = (
            0  # counted where they happened, not where they were meant to
        )

    def run(self, count: int) -> None:
        """Do `count` ends and then let everything be sent."""
        page = self._open()
        for number in range(count):
            way = (self._end_browser, self._end_server, self._lose_answer)[number % 3]
            page = way(page, number)
        self._send_all(page)

    # --- writing ---

    def _open(self) -> Page:
        page = self.device.open()
        page.wait_for_selector("#ghi[data-kept=kept]", state="attached")
        return page

    def _write(self, page: Page, number: int) -> None:
        """Write words of their own into the next field; they count once the page calls them saved."""
        keys = self.program.made["keys"]
        key, words = keys[number % len(keys)], f"Lần ghi {number}"
        page.goto(f"{self.program.record_url}#finding-{key}")
        if number % 5 == 4:
            place, words = ("advice", str(number)), f"Kiến nghị {number}"
            page.locator(f"#finding-{key} [data-add=recommendation]").click()
            field = page.locator(f"#finding-{key} [data-row] textarea").last
        else:
            name = ("seen", "evidence")[number // len(keys) % 2]
            place = (key, name)
            field = page.locator(f"#finding-{key}-{name}")
        field.fill(words)
        self.later.setdefault(place, set()).add(words)
        if self.chance.random() < 0.85:
            page.wait_for_selector("#da-luu:has-text('Đã lưu')")
            self.saved[place] = words
            self.later[place] = {words}

    def _moment(self, page: Page) -> None:
        page.wait_for_timeout(self.chance.uniform(0, 900))

    # --- ends ---

    def _end_browser(self, page: Page, number: int) -> Page:
        self._write(page, number)
        self._moment(page)
        self.ends += self.device.kill()
        return self._open()

    def _end_server(self, page: Page, number: int) -> Page:
        self._write(page, number)
        self._moment(page)
        self.ends += self.program.kill()
        self._moment(page)
        self.program.start()
        return page

    def _lose_answer(self, page: Page, number: int) -> Page:
        """The server has it, the device never hears so.

        Playwright does not see every request of a page that a service worker looks after: where it lost none, the
        browser is ended instead.
        """

        def lose(route: Route) -> None:
            try:
                route.fetch()
                route.abort("connectionreset")
                self.answers_lost += 1
            except Error:
                pass  # over meanwhile

        before = self.answers_lost
        page.route("**/dong-bo/", lose)
        self._write(page, number)
        self._moment(page)
        page.unroute("**/dong-bo/", lose)
        if self.answers_lost > before:
            self.ends += 1
            return page
        self.ends += self.device.kill()
        return self._open()

    def _send_all(self, page: Page) -> None:
        page.goto(f"{self.program.record_url}#chua-gui")
        page.locator("#gui-ngay").click()
        page.wait_for_selector("#chua-gui-dem:has-text('Đã gửi hết')", timeout=120_000)

    # --- judging ---

    def lost(self) -> list[tuple[str, str]]:
        """Return the places whose saved words the record does not hold."""
        rows = self.program.rows_of("SELECT key, seen, evidence FROM plans_finding")
        there = {(key, "seen"): seen for key, seen, _ in rows}
        there |= {(key, "evidence"): evidence for key, _, evidence in rows}
        advice = {body for (body,) in self.program.rows_of("SELECT body FROM plans_recommendation")}
        return [
            place
            for place, words in self.saved.items()
            if (
                words not in advice
                if place[0] == "advice"
                else there[place] not in self.later[place]
            )
        ]

    def doubled(self) -> list[str]:
        """Return the words that were written more than once."""
        entries = self.program.rows_of(
            "SELECT value FROM plans_entry WHERE outcome IN ('saved', 'same') AND value LIKE 'Lần ghi %' "
            "GROUP BY target, field, value HAVING count(*) > 1"
        )
        advice = self.program.rows_of(
            "SELECT body FROM plans_recommendation WHERE body <> '' GROUP BY body HAVING count(*) > 1"
        )
        conflicts = self.program.rows_of("SELECT value FROM plans_entry WHERE outcome = 'conflict'")
        return [words for (words,) in [*entries, *advice, *conflicts]]
