"""The page in a real Chromium with a real server: the time from a slider's event to the painted frame.

page.js measures it: it sends a real input event to a slider just after a frame, waits until Plotly's picture has the
new number, then for the next animation frame and a message after it. So the minimum is one frame, 16.7 ms.

It is compared with a minimal redraw, in another tab of the same browser that contains only the same picture from
/diagram.svg: innerHTML creates all its nodes again from text that was fetched before. It sends no request, computes no
label and has no style sheet.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.diagram.views import VIEWS
from benchmarks.measured_row import Row
from benchmarks.server_process import Server, serving
from scripts.chromium import ARGS, find

SCREEN: ViewportSize = {"width": 1400, "height": 800}
SCRIPT = Path(__file__).with_suffix(".js").read_text()
REST = 0.35  # s between two moves, in which the page settles
MOVES, BLOCK, DRAG = 40, 8, 3

UNITS = range(6, 40)  # different from all other sizes
STEPS = (1, 7, 15, 31, 64, 100, 256, 390, 700, 1000, 2000, 3900, 6000, 8192, 10_000, 5000, 1500, 512, 128, 36)


def rows() -> Iterator[Row]:
    if not find():
        yield Row("slider event to painted frame", "", None, note="no Chromium")
        return
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGS))
        yield first_picture(browser, server)
        page = main_page(browser, server)
        tab = bare(page)
        for view in VIEWS:
            yield from labels(page, tab, server, view)
        page.goto(server.url)
        prepared(page)
        yield from steps(page)
        yield from drags(page)
        yield from scrubs(page)
        browser.close()
        from benchmarks.lighthouse import audit

        yield from audit(server.url)


def main_page(browser: Browser, server: Server) -> Page:
    """The page after Plotly has drawn."""
    page = browser.new_context(viewport=SCREEN).new_page()
    page.goto(server.url)
    prepared(page)
    return page


def prepared(page: Page) -> None:
    """Wait until Plotly has drawn and the page has what it needs to move num_units."""
    page.mouse.move(5, 5)
    page.locator("#frame.drawn").wait_for()
    page.evaluate(f"() => {{{SCRIPT}}}")
    approach(page, "num_units")


def approach(page: Page, name: str) -> None:
    """Move the pointer to a slider, and wait until the page has what it needs to move it."""
    hover(page, f"input[data-for={name}]")


def hover(page: Page, slider: str) -> None:
    """Move the pointer to a slider, and wait for what the page then requests."""
    page.locator(slider).hover()
    page.wait_for_timeout(2000)  # unlike sleep, it reports the requests now, and not during the drag


def bare(page: Page) -> Page:
    """An empty tab, for the minimal redraw."""
    tab = page.context.new_page()
    tab.evaluate(f"() => {{{SCRIPT}}}")
    return tab


def moved(page: Page, name: str, number: int) -> tuple[float, float]:
    """The times in ms from the event to the change of the picture and to its frame."""
    patched, painted = page.evaluate("slide", [name, number])
    time.sleep(REST)
    return patched, painted


def labels(page: Page, tab: Page, server: Server, view: str) -> Iterator[Row]:
    """num_units in a view, one stop at a time; the page and the minimal redraw alternate."""
    page.goto(f"{server.url}?view={view}")
    prepared(page)
    format = page.evaluate(SHOWN)
    ours: list[tuple[float, float]] = []
    redraws: list[tuple[float, float]] = []
    for start in range(0, MOVES, BLOCK):
        values = [UNITS[k % len(UNITS)] for k in range(start, start + BLOCK)]
        pictures = [fetched(f"{server.url}/diagram.svg?view={view}&num_units={n}&format={format}") for n in values]
        page.bring_to_front()
        ours += (moved(page, "num_units", n) for n in values)
        tab.bring_to_front()
        for picture in pictures:
            redraws.append(tab.evaluate("redraw", picture))
            time.sleep(REST)
    page.bring_to_front()
    (patched, painted), (replaced, redrawn) = (tuple(map(median, zip(*c, strict=True))) for c in (ours, redraws))
    yield Row(f"slider event to changed nodes, num_units, view {view}, median", "", patched, "ms", 5)
    note = f"{painted:.1f} and {redrawn:.1f} ms, nodes changed after {patched:.1f} and {replaced:.1f} ms"
    yield Row("to the painted frame", "minimal SVG redraw", painted / redrawn, "x", 1.1, note=note)


SHOWN = "getComputedStyle(document.getElementById('plot')).getPropertyValue('--format')"


def fetched(url: str) -> str:
    with urlopen(url) as response:
        text: str = response.read().decode()
        return text


def steps(page: Page) -> Iterator[Row]:
    """time_step over its whole range, then short and long sequences alternating."""
    ours = [moved(page, "time_step", n)[1] for n in STEPS * (MOVES // len(STEPS))]
    yield Row("slider event to painted frame, time_step 1 to 10,000, median", "", ours, "ms", 40)
    short: list[float] = []
    long: list[float] = []
    for _ in range(MOVES // 4):
        moved(page, "time_step", 7)
        short += (moved(page, "time_step", n)[1] for n in (8, 9, 8))
        moved(page, "time_step", 9800)
        long += (moved(page, "time_step", n)[1] for n in (10_000, 9800, 10_000))
    yield Row("the same at 10,000 steps", "8 steps", median(long) / median(short), "x", 1.3)


def scrubs(page: Page) -> Iterator[Row]:
    """The slider over the steps, moved step by step, for the first picture and for the longest sequence."""
    for what, time_step in (("the first picture", 4), ("10,000 steps", 10_000)):
        moved(page, "time_step", time_step)
        hover(page, "#scrub")  # as whoever moves it does
        ours = []
        for k in range(MOVES):
            ours.append(page.evaluate("scrub", k % 4 if time_step == 4 else 4000 + 37 * k))
            time.sleep(REST)
        yield Row(f"scrub event to painted frame, {what}, median", "", ours, "ms", 2 * FRAME)


FRAME = 1000 / 60


def drags(page: Page) -> Iterator[Row]:
    """An event in each frame for three seconds, back and forth, three times, including the time to settle."""
    for name, low, high in (("num_units", 6, 512), ("time_step", 1, 10_000)):
        moved(page, name, 20)
        approach(page, name)
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))  # noqa: B023
        page.evaluate("drag", [name, low, high, DRAG])
        count = sum("/static/" not in url for url in requested)
        most = 1 if name == "num_units" else 9  # one for each number of steps that is drawn differently
        yield Row(f"requests of a drag of {name} for {DRAG} s and after it", "", count, "", most)
        runs = [page.evaluate("drag", [name, low, high, DRAG]) for _ in range(3)]
        pictures, frames, longest = (median(column) for column in zip(*runs, strict=True))
        note = f"of {frames:.0f} frames; longest task {f'{longest:.0f} ms' if longest else 'under 50 ms'}"
        yield Row(f"sustained drag of {name}", "", pictures, "pictures/s", 30, at_least=True, note=note)


FIRST = """
(async () => {
  while (!globalThis.seen) {
    await new Promise(requestAnimationFrame);
    const frame = document.getElementById("pictures")?.getBoundingClientRect();
    const under = frame && document.elementFromPoint(frame.x + frame.width / 2, frame.y + 200);
    if (under?.closest(".picture svg")) {
      await new Promise((resolve) => setTimeout(resolve)); // after the frame that shows it
      globalThis.seen = performance.now();
    }
  }
})();
"""

ARRIVED = "() => performance.getEntriesByType('resource').find((e) => e.name.endsWith('plotly.min.js'))?.responseEnd"


def first_picture(browser: Browser, server: Server) -> Row:
    """A first visit with immediate pointer movement, so that Plotly is requested as early as possible."""
    leads: list[float] = []
    for _ in range(5):
        page = browser.new_context(viewport=SCREEN).new_page()
        page.add_init_script(FIRST)
        page.goto(server.url, wait_until="commit")
        while not page.evaluate("globalThis.seen") or not page.evaluate(ARRIVED):
            page.mouse.move(9 + 99 * time.time() % 9, 9)
        leads.append(page.evaluate(ARRIVED) - page.evaluate("globalThis.seen"))
        page.context.close()
    return Row(
        "picture painted before Plotly has loaded, by",
        "",
        min(leads),
        "ms",
        0,
        at_least=True,
        note="the least of 5 visits",
    )
