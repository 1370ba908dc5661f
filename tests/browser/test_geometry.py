"""The first screen of every view, network, size of the window and language: nothing is cut, covered or outside."""

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from pairing import ALL_COMBINATIONS, in_turn, paired
from playwright.sync_api import Page

from app.diagram.views import VIEWS
from app.translations.languages import LANGUAGES
from app.url_state.parsing import nearest

Visit = Callable[..., Page]

NETWORKS = {
    "default": "",
    "large": "&batch_size=128&time_step=10000&t=5000&features=28&num_units=128&tensor=h",
    "stacked": "&num_layers=3&bidirectional=true&framework=pytorch&layer=2&tensor=h_T",
}
SCREENS = [(1366, 768), (1400, 800), (1920, 1080), (390, 844), (360, 740), (768, 1024), (1024, 768)]
SMALLEST = [(1366, 768), (390, 844)]
PHONE_WIDTH = 760
CONTROLS = ".player > button, .sliders input"

LESSON = "/learn/what-is-num-units?tensor=concat"

CASES = paired(VIEWS, NETWORKS, LANGUAGES)


def address_of(view: str, network: str, lang: str) -> str:
    """A page; of a training without the sizes that its task sets."""
    return f"/{nearest(parse_qsl(f'view={view}{NETWORKS[network]}&lang={lang}')).query()}"


CUT = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !e.closest("svg, #plot, pre, .scroll, .visually-hidden, .reading .jump"))
  .filter((e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
  .filter((e) => getComputedStyle(e).clipPath === "none")
  .map((e) => `${e.tagName} ${e.id} ${e.className}: ${e.textContent.trim().slice(0, 60)}`)"""
"""Elements whose text is cut."""

OVERLAPS = """() => {
  const cached = (of, found = new Map()) => (e) => found.has(e) ? found.get(e) : found.set(e, of(e)).get(e);
  const above = (e) => e.parentElement;
  const layer = cached((e) => e && (["fixed", "sticky"].includes(getComputedStyle(e).position) ? e : layer(above(e))));
  const isClipped = cached((e) => !!e && (getComputedStyle(e).clipPath !== "none" || isClipped(above(e))));
  const everything = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  const common = (a, b) => ({
    left: Math.max(a.left, b.left), right: Math.min(a.right, b.right),
    top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom),
  });
  const window = cached((e) => {
    if (!e) return everything;
    const isOpen = getComputedStyle(e).overflowX === "visible";
    return isOpen ? window(above(e)) : common(window(above(e)), e.getBoundingClientRect());
  });
  const isRead = (e) => !e.closest("svg, #plot, option, script, .visually-hidden, .skip")
    && e.checkVisibility({ visibilityProperty: true })
    && !isClipped(e);
  const lines = [];
  const isFirstScreen = ({ width, height, top }) => width > 1 && height > 1 && top < innerHeight;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: e, data } = walker.currentNode;
    if (!data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const wholes = [...range.getClientRects()].filter(isFirstScreen);
    if (!wholes.length || !isRead(e)) continue;
    for (const whole of wholes) {
      const box = common(window(e), whole);
      const isSeen = box.right - box.left > 1 && box.bottom - box.top > 1 && box.top < innerHeight;
      if (isSeen) lines.push({ box, text: data.trim().slice(0, 40), layer: layer(e) });
    }
  }
  const found = [];
  for (const [n, a] of lines.entries()) for (const b of lines.slice(n + 1)) {
    const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    const isHigh = high > 0.35 * Math.min(a.box.bottom - a.box.top, b.box.bottom - b.box.top);
    if (a.layer === b.layer && a.text !== b.text && wide > 2 && isHigh) found.push(`${a.text} / ${b.text}`);
  }
  return found;
}"""
"""Lines of text that overlap others. What is fixed to the window may lie over the page."""

OUTSIDE = """(selectors) => selectors.filter((selector) => {
  const e = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
  if (!e) return true;
  const { left, top, right, bottom } = e.getBoundingClientRect();
  return left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5;
})"""
"""Elements that are not wholly in the window."""

COVERED = """(selector) => [...document.querySelectorAll(selector)].filter((e) => {
  const box = e.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.width && !(top && (e.contains(top) || top.contains(e)));
}).map((e) => e.outerHTML.slice(0, 100))"""
"""Controls over which something else lies."""

LEAST = {1366: 11.7, 1400: 11.7, 1920: 12.5, 1024: 10.9, 768: 10.9, 390: 8.2, 360: 7.5}
"""The least height of type of a shape in the picture, in pixels, by the width of the window. On a phone the lowest one
has many digits and is between two parts of the cell."""

BESIDE_A_MAP = {**LEAST, 1366: 10.7, 1400: 10.7, 1024: 8.3, 768: 8.3}
"""The same with the map of a stack, which leaves less room for the picture."""

OF_MANY_DIGITS = {**LEAST, 1366: 11.1}
"""The same for sizes with many digits, in the two views whose pictures are widest."""

SMALL = """(least) => {
  const svg = [...document.querySelectorAll(".picture > svg")].find((one) => one.checkVisibility());
  return [...svg.querySelectorAll("text.label")].filter((e) => e.textContent.trim()).flatMap((e) => {
    const { a, b } = e.getScreenCTM();
    const height = parseFloat(getComputedStyle(e).fontSize) * Math.hypot(a, b);
    return height < least ? [`${e.textContent.replace(/\\s+/g, "")}: ${height.toFixed(1)}`] : [];
  });
}"""
"""Shapes in the picture whose type is lower than that."""


ADAPTED = """async () => {
  const isAdapted = () => {
    const format = getComputedStyle(document.getElementById("plot")).getPropertyValue("--format").trim();
    return document.querySelector(`.picture.${format}`)?.checkVisibility();
  };
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (let tries = 400; !isAdapted() && tries; tries--) await new Promise((done) => setTimeout(done, 50));
  return isAdapted();
}"""
"""Wait until the page has the picture for the size of the window, for 20 seconds at most."""

FAULTS = f"""async ([parts, controls, least]) => ({{
  format: (await ({ADAPTED})()) ? [] : ["another"],
  cut: ({CUT})(),
  overlaps: ({OVERLAPS})(),
  outside: ({OUTSIDE})(parts),
  covered: ({COVERED})(controls),
  small: least ? ({SMALL})(least) : [],
  wide: document.documentElement.scrollWidth > innerWidth ? [innerWidth] : [],
}})"""


@pytest.mark.parametrize("view", [*VIEWS, "lesson"])
def test_the_first_screen_is_whole(visit: Visit, view: str) -> None:
    addresses = [address_of(view, of, lang) for shown, of, lang in CASES if shown == view] or [LESSON]
    turn = [*VIEWS, "lesson"].index(view)  # so that all screens occur, each time for other networks and languages
    screens = SCREENS[turn:] + SCREENS[:turn]
    if not ALL_COMBINATIONS:  # the smallest of both formats, and another one
        other = next(one for one in screens if one not in SMALLEST)
        screens = [*SMALLEST[turn % 2 :], other, *SMALLEST[: turn % 2]]
    is_wide = view in ("rolled", "weights")
    page, opened = visit("/robots.txt", plotly=False), ""
    for address, (width, height) in sorted(in_turn(addresses, screens)):
        page.set_viewport_size({"width": width, "height": height})
        if address != opened:
            page.goto(address)
        opened, is_phone = address, width <= PHONE_WIDTH
        controls = [".sliders"] if is_phone else ["#views"] if view == "training" else ["#arrays", "#player", "#views"]
        pictures = [] if is_phone and view != "unrolled" else [".picture > svg"]  # others are higher than a phone
        least = BESIDE_A_MAP if "num_layers" in address else OF_MANY_DIGITS if is_wide and "=128" in address else LEAST
        inputs = "#next-page" if is_phone and view == "lesson" else ".sliders input" if is_phone else CONTROLS
        found = page.evaluate(FAULTS, [[*controls, *pictures], inputs, None if view == "lesson" else least[width]])
        faults = {what: some for what, some in found.items() if some}
        assert (address, width, faults) == (address, width, {})
