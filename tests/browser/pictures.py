"""Takes the pictures of the help page and of README from a running demo.

`./dev run` in one window, on a fresh demo, then `python -m tests.browser.pictures http://127.0.0.1:8000` in another.
The pictures go to static/help/ (WebP, 820 px wide) and .readme/ (PNG); look at them before they are committed. What
people do together is not in the demo: it is done first, so the demo is no longer fresh afterwards.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "static" / "help"
README = ROOT / ".readme"


@dataclass(frozen=True)
class Shot:
    """Who looks, where, how far down (px); `follow` is a link to go on by, `unfold` a part to open."""

    person: str
    place: str
    top: int = 0
    follow: str = ""
    unfold: str = ""


# by topic of the help page; the head of a plan's own pages is left out where the page below it matters
TOPICS: dict[str, Shot] = {
    "dang-nhap": Shot("", "/dang-nhap/"),
    "tai-khoan": Shot("hieutruong", "/tai-khoan/"),
    "viec-can-lam": Shot("hieutruong2", "/"),
    "danh-sach": Shot("hieutruong", "/ke-hoach/"),
    "lap-moi": Shot("hieutruong", "/truong/1/ke-hoach/moi/"),
    "tu-nam-truoc": Shot("hieutruong3", "/truong/2/ke-hoach/tu-nam-truoc/", 100),
    "ke-hoach": Shot("hieutruong", "/ke-hoach/2/muc/purpose/"),
    "kiem-tra-ke-hoach": Shot("hieutruong2", "/ke-hoach/4/kiem-tra/", 120),
    "kinh-phi": Shot("hieutruong", "/ke-hoach/2/kinh-phi/", 120),
    "ban-in": Shot("hieutruong", "/ke-hoach/2/ban-in/"),
    "ban-hanh": Shot("hieutruong", "/ke-hoach/1/ban-hanh/"),
    "van-ban-da-ban-hanh": Shot("hieutruong3", "/ke-hoach/3/da-ban-hanh/"),
    "trinh-gui": Shot("hieutruong3", "/ke-hoach/3/trinh-gui/"),
    "ky-so": Shot("hieutruong3", "/ke-hoach/3/da-ban-hanh/", 420, follow="Chữ ký số"),
    "thong-bao": Shot("vanthu", "/thong-bao/"),
    "tu-danh-gia": Shot("hieutruong", "/ke-hoach/2/tu-danh-gia/", 320),
    "phieu-danh-gia": Shot("hieutruong", "/ke-hoach/2/tu-danh-gia/", 300, follow="Mở phiếu 1.10"),
    "trao-doi": Shot("hieutruong", "/ke-hoach/2/trao-doi/", 100),
    "phan-cong": Shot("hieutruong", "/ke-hoach/2/phan-cong/", 250),
    "lich-su": Shot("hieutruong", "/ke-hoach/2/lich-su/", 130, unfold="Xem từng chữ đã sửa"),
    "truong": Shot("hieutruong", "/truong/1/"),
    "cac-truong": Shot("chuyenvien", "/truong/"),
    "kiem-tra": Shot("chuyenvien", "/kiem-tra/", 230),
    "ghi-bien-ban": Shot("chuyenvien", "/kiem-tra/2/ghi/", 860, follow="Tiêu chí 3.3"),
    "bien-ban": Shot("chuyenvien", "/kiem-tra/1/bien-ban/lap/"),
    "ky-bien-ban": Shot("chuyenvien", "/kiem-tra/giay-to/1/", 760),
    "kien-nghi": Shot("hieutruong", "/truong/1/kien-nghi/?trang_thai=all", 300),
    "bo-tieu-chuan": Shot("quantri", "/bo-tieu-chuan/"),
}


def visitor(browser: Browser, base: str, person: str = "") -> Page:
    """Return a page of somebody's own browser, logged in as the demo's `person` unless that is empty."""
    from plans.management.demo import PASSWORD  # after setup
    from tests.browser.harness import log_in

    page = browser.new_context(base_url=base, locale="vi-VN", accept_downloads=True).new_page()
    if person:
        log_in(page, person, PASSWORD)
    return page


def work_together(browser: Browser, base: str) -> None:
    """Let the people of the kindergarten give parts, ask, judge a criterion and change some words."""
    page = visitor(browser, base, "hieutruong")
    page.goto("/ke-hoach/2/phan-cong/")
    for part, person in (("Báo cáo tự đánh giá", 2), ("Kết quả cải tiến của năm học trước", 1)):
        page.get_by_label(f"Giao {part} cho").select_option(index=person)
        page.get_by_role("button", name=f"Giao {part}", exact=True).click()
        page.wait_for_load_state()
    page.goto("/ke-hoach/2/trao-doi/")
    page.get_by_label("Về mục hoặc việc").select_option("Báo cáo tự đánh giá")
    page.get_by_label("Gửi tới").select_option(index=2)
    words = "Nhờ thầy cô bổ sung số liệu về phòng học của năm học này."
    page.get_by_label("Nội dung trao đổi").fill(words)
    page.get_by_role("button", name="Gửi trao đổi").click()
    page.get_by_text(words).wait_for()
    judge(page)
    change(visitor(browser, base, "hieupho"))
    issue(visitor(browser, base, "hieutruong3"))
    open_record(visitor(browser, base, "chuyenvien"))


def issue(page: Page) -> None:
    """Issue the primary school's finished plan."""
    page.goto("/ke-hoach/3/ban-hanh/")
    page.get_by_role("button", name="Ban hành", exact=True).click()
    page.get_by_text("Đã ban hành văn bản số").wait_for()


def open_record(page: Page) -> None:
    """Open the record of the visit that is still to come."""
    page.goto("/kiem-tra/2/mo/")
    page.get_by_role("button", name="Mở biên bản").click()
    page.locator("#ghi").wait_for()


def judge(page: Page) -> None:
    """Judge the indicators of Mức 1 of one criterion, so that its phiếu and the matrix show a level."""
    page.goto("/ke-hoach/2/tu-danh-gia/")
    page.get_by_role("link", name="Mở phiếu 1.10").first.click()
    for place, mark in enumerate(("Đạt", "Đạt", "Đạt", "Không đạt")):
        with page.expect_response("**/chi-bao/*/"):
            page.get_by_role("radio", name=mark, exact=True).nth(place).check()


def change(page: Page) -> None:
    """Change some words of a section."""
    page.goto("/ke-hoach/2/muc/closing/")
    field = page.locator("#chu-closing")
    with page.expect_response("**/muc/closing/"):
        field.fill(field.input_value().replace("kịp thời phản ánh", "phản ánh ngay"))


def picture(page: Page, shot: Shot, *, width: int, height: int) -> Image.Image:
    """Return what a window of that size shows of a page."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(shot.place)
    if shot.follow:
        page.get_by_role("link", name=shot.follow).first.click()
        page.wait_for_load_state()
    if shot.unfold:
        page.get_by_text(shot.unfold).first.click()
    page.evaluate(f"window.scrollTo(0, {shot.top})")
    return Image.open(io.BytesIO(page.screenshot()))


def take_help(browser: Browser, base: str) -> None:
    """Take one picture for each topic of the help page."""
    HELP.mkdir(parents=True, exist_ok=True)
    for topic, shot in TOPICS.items():
        page = visitor(browser, base, shot.person)
        taken = picture(page, shot, width=1040, height=680).resize(
            (820, 536), Image.Resampling.LANCZOS
        )
        taken.convert("RGB").save(HELP / f"{topic}.webp", quality=70, method=6)
        page.context.close()


def take_readme(browser: Browser, base: str) -> None:
    """Take the editor and two pages of the PDF."""
    README.mkdir(exist_ok=True)
    page = visitor(browser, base, "hieutruong")
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.goto("/ke-hoach/2/muc/actions/")
    page.get_by_role("link", name="Sửa Việc ở Tiêu chí").nth(2).click()
    row = page.locator("form[data-open-row]")
    row.evaluate("row => window.scrollTo(0, row.getBoundingClientRect().top + scrollY - 40)")
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
        take_readme(browser, base)
        work_together(browser, base)
        take_help(browser, base)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
