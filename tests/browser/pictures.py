"""Takes the pictures of the help page and of README from a running demo.

`./dev run` in one window, then `python -m tests.browser.pictures http://127.0.0.1:8000` in another. The pictures go
to static/help/ (WebP, 820 px wide) and .readme/ (PNG); look at them before they are committed.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "static" / "help"
README = ROOT / ".readme"

# topic of the help page → who looks, where, the top of the picture in px
TOPICS: dict[str, tuple[str, str, int]] = {
    "dang-nhap": ("", "/dang-nhap/", 0),
    "tai-khoan": ("hieutruong", "/tai-khoan/", 0),
    "viec-can-lam": ("hieutruong2", "/", 0),
    "danh-sach": ("hieutruong", "/ke-hoach/", 0),
    "lap-moi": ("hieutruong", "/truong/1/ke-hoach/moi/", 0),
    "ke-hoach": ("hieutruong", "/ke-hoach/2/muc/purpose/", 0),
    "kiem-tra": ("hieutruong2", "/ke-hoach/4/kiem-tra/", 0),
    "ban-in": ("hieutruong", "/ke-hoach/2/ban-in/", 0),
    "truong": ("hieutruong", "/truong/1/", 0),
    "cac-truong": ("chuyenvien", "/truong/", 0),
    "bo-tieu-chuan": ("quantri", "/bo-tieu-chuan/", 0),
}


def picture(page: Page, place: str, top: int, *, width: int, height: int) -> Image.Image:
    """Return what a window of that size shows of an address."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(place)
    page.evaluate(f"window.scrollTo(0, {top})")
    return Image.open(io.BytesIO(page.screenshot()))


def take_help(browser: Browser, base: str) -> None:
    """Take one picture for each topic of the help page."""
    from plans.management.demo import PASSWORD  # after setup
    from tests.browser.harness import log_in

    HELP.mkdir(parents=True, exist_ok=True)
    for topic, (person, place, top) in TOPICS.items():
        page = browser.new_context(base_url=base, locale="vi-VN").new_page()
        if person:
            log_in(page, person, PASSWORD)
        shot = picture(page, place, top, width=1040, height=680).resize(
            (820, 536), Image.Resampling.LANCZOS
        )
        shot.convert("RGB").save(HELP / f"{topic}.webp", quality=70, method=6)
        page.context.close()


def take_readme(browser: Browser, base: str) -> None:
    """Take the editor and two pages of the PDF."""
    from plans.management.demo import PASSWORD  # after setup
    from tests.browser.harness import log_in

    README.mkdir(exist_ok=True)
    page = browser.new_context(base_url=base, locale="vi-VN", accept_downloads=True).new_page()
    log_in(page, "hieutruong", PASSWORD)
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.goto("/ke-hoach/2/muc/actions/")
    page.get_by_role("link", name="Sửa Việc ở Tiêu chí").nth(1).click()
    page.locator("form[data-open-row]").wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    Image.open(io.BytesIO(page.screenshot())).quantize(200).save(
        README / "editor.png", optimize=True
    )
    with page.expect_download() as coming:
        page.evaluate("location.href = '/ke-hoach/2/tai/pdf/'")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.pdf"
        coming.value.save_as(file)
        for name, number in (("page-1", "1"), ("page-table", "5")):
            subprocess.run(
                ["pdftoppm", "-r", "80", "-gray", "-png", "-singlefile", "-f", number, "-l", number]
                + [str(file), str(Path(folder) / name)],
                check=True,
            )
            Image.open(Path(folder) / f"{name}.png").quantize(16).save(
                README / f"{name}.png", optimize=True
            )


def main(base: str) -> None:
    """Take all pictures from the demo that runs at `base`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.browser.conftest import CHROMIUM_ARGS  # after setup

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        take_help(browser, base)
        take_readme(browser, base)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
