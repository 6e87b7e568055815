"""What a journey uses beside its page: watching, signing in, accessibility, pictures."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

WIDTHS = (360, 768, 1280)  # a telephone, a tablet upright, an office screen
HEIGHT = 800
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Who leaves a page ends what it was asking; htmx writes that down as an error. A failure has a line of its own beside.
LEFT = ("htmx:sendAbort", "htmx:afterRequest")


@dataclass
class Watch:
    """Collects what no visitor should meet: console errors (a CSP refusal is one), script errors, answers 5xx,
    requests to any other host. The `page` fixture fails the test for what is left at its end.
    """

    host: str
    troubles: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, text: str) -> None:
        """Let troubles pass that hold `text`, e.g. "status of 409" where the journey wants a conflict."""
        self.allowed.append(text)

    def left(self) -> list[str]:
        """Return the troubles nobody allowed."""
        return [one for one in self.troubles if not any(text in one for text in self.allowed)]

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of the context, pop-ups too."""
        context.on("console", self._console)
        context.on("weberror", self._script_error)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(LEFT):
            place = message.location.get("url", "")
            self.troubles.append(f"console: {message.text} ({place})")

    def _script_error(self, error: WebError) -> None:
        self.troubles.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob", "about"} and url.netloc != self.host:
            self.troubles.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"answer {response.status}: {response.url}")


def sign_in(page: Page, user: AbstractBaseUser, url: str) -> None:
    """Give the page's context the user's session, without the login form; `url` is the live server's."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def log_in(page: Page, name: str, password: str) -> None:
    """Log in as a person does, through the form."""
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("/")


def look_at(page: Page, pages: dict[str, str], prefix: str = "") -> None:
    """Open each page (name → address) and take a picture at every width: axe finds nothing, nothing stands aside."""
    for name, address in pages.items():
        page.goto(address)
        for width in WIDTHS:
            screenshot(page, f"{prefix}{name}", width)
            assert_no_sideways_scroll(page)
            assert_axe_clean(page)


def wait_until_here(page: Page) -> None:
    """Wait until the whole page is there: a click returns with the first bytes of the one it leads to."""
    page.wait_for_load_state("load")


def assert_axe_clean(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fail with every breach of WCAG 2.2 A and AA (and axe's best practice) on the page as it stands.

    `without` names axe rules to leave out; the caller says why in a comment.
    """
    wait_until_here(page)
    options = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": AXE_TAGS},
        "rules": {rule: {"enabled": False} for rule in without},
    }
    breaches = Axe().run(page, options=options).response["violations"]
    assert not breaches, "\n".join(
        f"{breach['id']} ({breach['impact']}): {breach['help']}\n"
        + "\n".join(f"    {node['html'][:200]}" for node in breach["nodes"][:5])
        for breach in breaches
    )


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than its window (WCAG 1.4.10)."""
    wait_until_here(page)
    wide, window = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= window, f"the page is {wide} px wide in a window of {window}"


def screenshot(page: Page, name: str, width: int) -> None:
    """Set the window's width in px, and keep a whole-page picture where KCL_SCREENSHOTS names a folder."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    keep_picture(page, f"{name}-{width}")


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page as it stands, where KCL_SCREENSHOTS names a folder."""
    if folder := os.environ.get("KCL_SCREENSHOTS"):
        wait_until_here(page)
        Path(folder).mkdir(parents=True, exist_ok=True)
        # Hiding the caret leaves style attributes behind, which htmx would copy against the page's own policy.
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, caret="initial")
