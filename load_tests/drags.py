"""Students who drag a size, each for themselves: the settled answers, and what a real browser shows meanwhile."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

from playwright.async_api import Page, async_playwright

from app.url_state.fields import SLIDERS
from app.url_state.slider_stops import slider_stops
from app.web.pages.index import WRITABLE
from benchmarks.measured_row import Row
from benchmarks.server_process import BROWSERS_ENCODINGS, Serve, Server, serving
from load_tests.class_size_and_sources import CLASS, sources
from load_tests.http_client import Response, p99, send
from scripts.chromium import ARGS, find

DRAG, REST = 3.0, 2.0
"""Seconds of a drag, and until the next one."""

SETTLE_AFTER = 0.15
"""Seconds after the last move until the page sends its request, as in static/js/state_changes.js."""

SECONDS = 30.0
"""Seconds that are measured, after one drag of each student."""

OWN_SIZES = 9
"""Sizes that each student has, besides the dragged one, are less than this."""

UNITS = (6, 512)
"""The least and the largest num_units of a drag."""

SHOWN = ",".join(sorted(WRITABLE - {"side-text"}))
"""The parts that a browser has written itself."""

VISITOR = "127.0.0.3"

SCRIPT = Path("benchmarks/page.js").read_text()


@dataclass
class Drags:
    """The settled answers of some seconds, the pages of another visitor, the server's CPU cores, and the pictures per
    second of each drag in the browser."""

    answers: list[Response] = field(default_factory=list)
    pages: list[Response] = field(default_factory=list)
    seconds: float = 0.0
    cores: float = 0.0
    pictures: list[float] = field(default_factory=list)


def rows(serve: Serve = serving) -> Iterator[Row]:
    for setup, addresses in sources():
        with serve() as server:
            drags = asyncio.run(_drags(server, addresses))
        served = [answer for answer in drags.answers if answer.status == 200]
        bytes_each = sum(len(answer.body) for answer in served) / len(served)
        note = f"of {len(drags.answers):,}, {bytes_each / 1000:.3g} KB each"
        yield Row(f"{CLASS} students drag: settled answers, p99", setup, p99(drags.answers), "ms", 500, note=note)
        yield Row("refused", setup, len(drags.answers) - len(served), "", 0)
        yield Row("new pages of another visitor meanwhile, p99", setup, p99(drags.pages), "ms", 1000)
        note = f"{1000 * drags.cores * drags.seconds / len(served):.3g} ms for each that was served"
        yield Row("server CPU for it", setup, drags.cores, "cores", 0.8, note=note)
        least = min(drags.pictures, default=None)
        note = "the slowest drag" if drags.pictures else "no Chromium"
        yield Row("a real browser that drags meanwhile", setup, least, "pictures/s", 55, at_least=True, note=note)


async def _drags(server: Server, addresses: list[str]) -> Drags:
    found = Drags()
    async with async_playwright() as playwright:
        page = None
        if executable := find():
            browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGS))
            page = await browser.new_page(viewport={"width": 1400, "height": 800})
            await _prepare(page, server)
        students = [asyncio.create_task(_student(server, k, source, found)) for k, source in enumerate(addresses)]
        visitor = asyncio.create_task(_visitor(server, found))
        await asyncio.sleep(DRAG + REST)
        found.answers.clear()
        used, start = server.cpu(), time.perf_counter()
        while time.perf_counter() < start + SECONDS:
            if page:
                pictures, *_ = await page.evaluate("drag", ["num_units", *UNITS, DRAG])
                found.pictures.append(pictures)
            await asyncio.sleep(REST)
        found.seconds = time.perf_counter() - start
        found.cores = (server.cpu() - used) / found.seconds
        for client in (visitor, *students):
            client.cancel()
    return found


async def _prepare(page: Page, server: Server) -> None:
    """Open the page, and wait until it has what it needs to move the sliders."""
    await page.goto(server.url)
    await page.mouse.move(5, 5)
    await page.locator("#frame.drawn").wait_for()
    await page.evaluate(f"() => {{{SCRIPT}}}")
    await asyncio.sleep(4)


async def _visitor(server: Server, found: Drags) -> None:
    """Open a new page every second, so that the class has to share the server."""
    for seed in count():
        found.pages.append(await send(server.port, f"/?num_units=7&seed={seed}", source=VISITOR))
        await asyncio.sleep(1)


async def _student(server: Server, k: int, source: str, found: Drags) -> None:
    """Drag num_units again and again, with sizes of one's own. The moves themselves send nothing."""
    random = Random(k)
    own = "".join(f"&{size.name}={random.randrange(1, OWN_SIZES)}" for size in SLIDERS if size.name != "num_units")
    stops = slider_stops(*UNITS)
    await asyncio.sleep(random.uniform(0, DRAG + REST))
    while True:
        await asyncio.sleep(DRAG + SETTLE_AFTER)
        path = f"/?num_units={random.choice(stops)}{own}&without={SHOWN}&only=page"
        rest = asyncio.create_task(asyncio.sleep(REST - SETTLE_AFTER))
        headers = {"Accept-Encoding": BROWSERS_ENCODINGS, "Connection": "close"}
        found.answers.append(await send(server.port, path, headers=headers, source=source))
        await rest
