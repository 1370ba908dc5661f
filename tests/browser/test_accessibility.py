"""axe-core finds nothing to say."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from studio import hit

Visit = Callable[..., Page]

SCREENS = {"desktop": {"width": 1400, "height": 800}, "phone": {"width": 360, "height": 740}}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/", "/?num_units=128&features=128&tensor=f&labels=both", "/docs", "/?t=x", "/nowhere"]
)
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str, screen: str) -> None:
    studio = path == "/" or "num_units" in path
    page = visit(path, color_scheme=scheme, viewport=SCREENS[screen], wait=studio, tolerate="status of 4")
    check(page)


def test_axe_finds_nothing_while_the_tooltip_is_open_or_something_is_wrong(page: Page) -> None:
    page.locator("#num_units").fill("")
    hit(page, "f", 2).focus()
    page.locator("#tip").wait_for()
    check(page)


def check(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
