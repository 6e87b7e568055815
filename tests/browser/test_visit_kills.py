"""A dozen ends without warning around saves; `./dev bench kills` does three hundred."""

import random
from pathlib import Path

from playwright.sync_api import Browser

from tests.bench.bench_kills import Trial
from tests.bench.visits import Device, server

ENDS = 12


def test_ends_of_browser_server_and_line_lose_and_double_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    with server(tmp_path / "data", rows=12) as program:
        device = Device(browser.browser_type, program, tmp_path / "device")
        trial = Trial(device, program, random.Random(19))

        trial.run(ENDS)

        device.close()
        assert len(trial.saved) >= ENDS // 2
        assert (trial.ends, trial.lost(), trial.doubled()) == (ENDS, [], [])
