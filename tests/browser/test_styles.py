"""How much of the page gets its styles anew when something on it changes."""

from page_actions import becomes
from playwright.sync_api import Page

MOST = 200  # of about 2,000 elements; in full screen, a part of the page is still changing when it is shown


def test_a_text_that_is_written_into_the_page_restyles_few_elements(page: Page) -> None:
    page.goto("/")
    assert restyled(page, "document.querySelector('#steps b').textContent = '99'") < MOST
    page.keyboard.press("f")
    becomes(page, "!!document.fullscreenElement")
    assert restyled(page, "document.querySelector('#steps b').textContent = '98'") < MOST


def restyled(page: Page, change: str) -> int:
    """The number of elements of which the browser computes the styles after a change."""
    page.evaluate("document.body.offsetWidth")
    devtools = page.context.new_cdp_session(page)
    events: list[dict[str, dict[str, int]]] = []
    devtools.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    categories = {"includedCategories": ["devtools.timeline"]}
    devtools.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": categories})
    page.evaluate(f"{change}; document.body.offsetWidth")
    is_complete: list[bool] = []
    devtools.on("Tracing.tracingComplete", lambda _: is_complete.append(True))
    devtools.send("Tracing.end")
    while not is_complete:
        page.evaluate("0")  # the events arrive meanwhile
    devtools.detach()
    return sum(event["args"].get("elementCount", 0) for event in events)
