"""The page in a real Chromium with a real server: from a slider's event to the frame that is painted.

page.js says how: real input events on the page's own sliders, one just after a frame; then the wait until Plotly's
picture says the new number, the next animation frame, and a message behind it. So one frame, 16.7 ms, is the least.

The minimal redraw that it is compared with is another tab of the same browser that holds nothing but the same picture
as the server's /diagram.svg: all its nodes are made anew, by innerHTML, from text that was fetched beforehand. It asks
no server, computes no label and has no style sheet.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.row import Row
from benchmarks.serving import Server, serving
from scripts.chromium import ARGS, find

SCREEN: ViewportSize = {"width": 1400, "height": 800}
SCRIPT = Path(__file__).with_suffix(".js").read_text()
REST = 0.35  # s between two moves: the page has settled
MOVES, BLOCK, DRAG = 40, 8, 3

UNITS = range(6, 40)  # none of the other sizes among them
STEPS = (1, 7, 15, 31, 64, 100, 256, 390, 700, 1000, 2000, 3900, 6000, 8192, 10_000, 5000, 1500, 512, 128, 36)


def rows() -> Iterator[Row]:
    if not find():
        yield Row("slider event to painted frame", "", None, note="no Chromium")
        return
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGS))
        yield first_picture(browser, server)
        page = studio(browser, server)
        yield from labels(page, bare(page), server)
        yield from steps(page)
        yield from drags(page)
        yield from scrubs(page)
        browser.close()
        from benchmarks.lighthouse import audit

        yield from audit(server.url)


def studio(browser: Browser, server: Server) -> Page:
    """The page after Plotly took over."""
    page = browser.new_context(viewport=SCREEN).new_page()
    page.goto(server.url)
    page.mouse.move(5, 5)
    page.locator("#frame.drawn").wait_for()
    page.evaluate(f"() => {{{SCRIPT}}}")
    time.sleep(1)
    return page


def bare(page: Page) -> Page:
    """A tab with nothing in it, for the minimal redraw."""
    tab = page.context.new_page()
    tab.evaluate(f"() => {{{SCRIPT}}}")
    return tab


def moved(page: Page, name: str, number: int) -> tuple[float, float]:
    """ms from the event to the picture's change and to the frame that shows it."""
    patched, painted = page.evaluate("slide", [name, number])
    time.sleep(REST)
    return patched, painted


def labels(page: Page, tab: Page, server: Server) -> Iterator[Row]:
    """num_units by one stop at a time, the page and the minimal redraw by turns."""
    format = page.evaluate(SHOWN)
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for start in range(0, MOVES, BLOCK):
        values = [UNITS[k % len(UNITS)] for k in range(start, start + BLOCK)]
        pictures = [fetched(f"{server.url}/diagram.svg?num_units={n}&format={format}") for n in values]
        page.bring_to_front()
        ours += (moved(page, "num_units", n) for n in values)
        tab.bring_to_front()
        for picture in pictures:
            theirs.append(tab.evaluate("redraw", picture))
            time.sleep(REST)
    page.bring_to_front()
    (patched, painted), (remade, redrawn) = (tuple(map(median, zip(*c, strict=True))) for c in (ours, theirs))
    note = f"nodes changed after {patched:.1f} ms"
    yield Row("slider event to painted frame, num_units, median", "", painted, "ms", 25, note=note)
    note = f"which takes {redrawn:.1f} ms, nodes changed after {remade:.1f} ms"
    yield Row("the same", "minimal SVG redraw", painted / redrawn, "x", 2, note=note)


SHOWN = "[...document.querySelectorAll('.picture')].find((e) => e.getClientRects().length).dataset.format"


def fetched(url: str) -> str:
    with urlopen(url) as answer:
        text: str = answer.read().decode()
        return text


def steps(page: Page) -> Iterator[Row]:
    """time_step over its whole range, and then short against long sequences by turns."""
    ours = [moved(page, "time_step", n)[1] for n in STEPS * (MOVES // len(STEPS))]
    yield Row("slider event to painted frame, time_step 1 to 10,000, median", "", median(ours), "ms", 40)
    short: list[float] = []
    long: list[float] = []
    for _ in range(MOVES // 4):
        moved(page, "time_step", 7)
        short += (moved(page, "time_step", n)[1] for n in (8, 9, 8))
        moved(page, "time_step", 9800)
        long += (moved(page, "time_step", n)[1] for n in (10_000, 9800, 10_000))
    yield Row("the same at 10,000 steps", "8 steps", median(long) / median(short), "x", 1.3)


def scrubs(page: Page) -> Iterator[Row]:
    """The slider over the steps, one step further each time, at the first picture and at the longest."""
    for what, time_step in (("the first picture", 4), ("10,000 steps", 10_000)):
        moved(page, "time_step", time_step)
        ours = []
        for k in range(MOVES):
            ours.append(page.evaluate("scrub", k % 4 if time_step == 4 else 4000 + 37 * k))
            time.sleep(REST)
        yield Row(f"scrub event to painted frame, {what}, median", "", median(ours), "ms", 2 * FRAME)


FRAME = 1000 / 60


def drags(page: Page) -> Iterator[Row]:
    """An event in each frame for three seconds, to and fro, three times; and the page's settling after it."""
    for name, low, high in (("num_units", 6, 512), ("time_step", 1, 10_000)):
        moved(page, name, 20)
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
      await new Promise((resolve) => setTimeout(resolve)); // behind the frame that shows it
      globalThis.seen = performance.now();
    }
  }
})();
"""

ARRIVED = "() => performance.getEntriesByType('resource').find((e) => e.name.endsWith('plotly.min.js'))?.responseEnd"


def first_picture(browser: Browser, server: Server) -> Row:
    """A first visit by somebody who moves the pointer at once, so that Plotly is asked for as early as can be."""
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
