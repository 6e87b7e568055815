"""The harness seen to catch what it is there for."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.harness import (
    WIDTHS,
    Watch,
    assert_axe_clean,
    assert_no_sideways_scroll,
    screenshot,
)

pytestmark = pytest.mark.urls("tests.browser.control_urls")


def test_clean_page_passes(page: Page) -> None:
    page.goto("/clean/")

    assert_axe_clean(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("inline-style", "Content Security Policy"),
        ("inline-script", "Content Security Policy"),
        ("other-host", "request to another host: http://kcl.example/x.png"),
        ("broken", "answer 500"),
        ("missing-file", "status of 404"),
    ],
)
def test_trouble_is_caught(page: Page, watch: Watch, path: str, trouble: str) -> None:
    page.goto(f"/{path}/")
    page.wait_for_load_state("networkidle")

    assert [one for one in watch.left() if trouble in one] != []
    watch.troubles.clear()


def test_allowed_trouble_passes(page: Page, watch: Watch) -> None:
    watch.allow("status of 404")
    page.goto("/missing-file/")
    page.wait_for_load_state("networkidle")

    assert watch.troubles != []


def test_inaccessible_page_fails(page: Page) -> None:
    page.goto("/no-label/")

    with pytest.raises(AssertionError, match="label"):
        assert_axe_clean(page)


def test_sideways_scroll_fails(page: Page) -> None:
    page.goto("/wide/")
    screenshot(page, "wide", WIDTHS[0])

    with pytest.raises(AssertionError, match="px wide in a window of 360"):
        assert_no_sideways_scroll(page)


@pytest.mark.parametrize(
    ("look", "fault"),
    [(assert_axe_clean, "label"), (assert_no_sideways_scroll, "px wide in a window of")],
)
def test_what_is_looked_at_is_the_page_a_link_leads_to(
    page: Page, look: Callable[[Page], None], fault: str
) -> None:
    """A click returns with the first bytes of the next page; neither that nothing nor the page before is judged."""
    page.goto("/to-late/")
    page.get_by_role("link", name="Trang đến chậm").click()

    with pytest.raises(AssertionError, match=fault):
        look(page)
