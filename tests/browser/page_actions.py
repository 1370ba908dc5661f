"""Actions and readings of the browser tests. They wait for conditions, never for fixed times."""

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
}

SHOWN = "document.getElementById('steps').dataset.query"
"""The query of the state that the page shows; its address may be ahead."""

READ = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const plot = document.getElementById("plot");
  const picture = all(".picture").find((e) => e.getClientRects().length);
  const still = picture.querySelector("svg");
  const near = (n) => Math.round(2 * n) / 2;
  const plain = (path) => path.replace(/\\.0(?![0-9])/g, "");
  const middle = (node) => {
    const range = document.createRange();
    range.selectNode(node); // a text node has no box, a range around it has
    const box = (node.getBoundingClientRect ? node : range).getBoundingClientRect();
    const frame = picture.getBoundingClientRect();
    return [near(box.x + box.width / 2 - frame.x), near(box.y + box.height / 2 - frame.y)];
  };
  const pieces = [];
  for (const text of still.querySelectorAll("text:not([transform])")) {
    const parts = text.matches(".label") ? [...text.children] : [...text.childNodes];
    for (const part of parts) if (part.textContent !== "×") pieces.push(part);
  }
  const shapes = plot.layout?.shapes ?? [];
  const paths = all("#plot .shapelayer path");
  const table = Object.fromEntries;
  const wires = ([name]) => name.startsWith("wire ");
  const spaceless = (node) => node.textContent.replace(/\\s+/g, "");
  const drawn = all("#plot .textpoint > text");
  const served = {
    words: pieces.map((n) => n.textContent),
    places: pieces.map(middle),
    turned: [...still.querySelectorAll("text[transform]")].map((n) => n.textContent),
    wires: table(
      [...still.querySelectorAll(".wire")].map((n) => [n.getAttribute("class"), +n.getAttribute("stroke-width")]),
    ),
  };
  const state = plot.data && {
    words: plot.data[0].text,
    turned: plot.layout.annotations.map((a) => a.text),
    wires: table(shapes.map((s) => [s.name, s.line.width]).filter(wires)),
    outlines: shapes.map((s) => plain(s.path)),
  };
  const plotly = state && {
    words: drawn.map((n) => n.textContent),
    places: drawn.map(middle),
    turned: all("#plot .annotation-text").map((n) => n.textContent),
    wires: table(shapes.map((s, k) => [s.name, parseFloat(paths[k]?.style.strokeWidth)]).filter(wires)),
    outlines: paths.map((n) => plain(n.getAttribute("d"))),
  };
  return {
    formats: [...picture.classList].slice(1),
    ...(plotly ?? served),
    colours: table(shapes.map((s, k) => [s.name, [paths[k]?.style.stroke, paths[k]?.style.fill]])),
    state: state ?? served,
    still: served,
    sentence: document.getElementById("sentence").textContent,
    controls: table(all("#controls input[type=number]").map((n) => [n.id, n.value])),
    sliders: table(all("#controls input[type=range]").map((n) => [n.dataset.for, n.ariaValueText])),
    table: table(all("#table tbody tr").map((r) => [r.dataset.tensor, spaceless(r.querySelector(".shape"))])),
    panel: spaceless(document.querySelector("#selected .large")),
    count: document.querySelector("#arrays .count strong").textContent,
    shown: {
      t: picture.dataset.t,
      tensor: document.querySelector("#table tr.selected")?.dataset.tensor ?? "",
      labels: document.querySelector("#labels [aria-current]").textContent.toLowerCase(),
    },
    nodes: document.querySelectorAll("#plot *").length,
    address: location.search,
    shown_query: document.getElementById("steps").dataset.query,
  };
}"""

CONDITIONS = f"""(expected) => {{
  const steps = document.getElementById("steps");
  if (document.readyState === "loading" || !document.getElementById("plot") || !steps) return {{ loaded: false }};
  const addresses = {{ address: location.search, shown: steps.dataset.query }};
  const isThere = (address) => expected === null || address === expected;
  if (!Object.values(addresses).every(isThere)) return {{ [JSON.stringify(addresses)]: false }};
  const now = ({READ})();
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const picture = ({{ words, turned, wires }}) => [words, turned, Object.entries(wires).sort()];
  const sizes = {{ batch_size: 3, time_step: 4, features: 2, num_units: 5 }};
  const wanted = {{ ...sizes, labels: "numbers", tensor: "", ...Object.fromEntries(new URLSearchParams(now.address)) }};
  const entered = (name) => document.querySelector(`#controls input[type=number]:valid[name=${{name}}]`)?.value;
  const t = wanted.t ?? String(Math.min(2, wanted.time_step - 1));
  return {{
    fields: Object.keys(sizes).every((name) => [undefined, "", String(wanted[name])].includes(entered(name))),
    selection: same(now.shown, {{ t, tensor: wanted.tensor, labels: wanted.labels }}),
    outputs: now.table.Y === `${{wanted.batch_size}}×${{wanted.time_step}}×${{wanted.num_units}}`,
    inputs: now.table.x === `${{wanted.batch_size}}×${{wanted.features}}`,
    plotly: same(picture(now), picture(now.state)),
    server: same(picture(now), picture(now.still)),
    outlines: same(now.outlines, now.state.outlines),
    read: JSON.stringify(now),
  }};
}}"""
"""Whether the page shows one state everywhere, that of the expected address, by condition; and what it shows."""

SETTLED = f"""(expected) => {{
  const conditions = ({CONDITIONS})(expected);
  return Object.values(conditions).every(Boolean) && conditions.read;
}}"""


def read(page: Page) -> dict[str, Any]:
    """All that the page shows: in the picture (Plotly's nodes, Plotly's state, the server's SVG) and around it. Without
    Plotly, the server's SVG is the picture."""
    return _parsed(page.evaluate(f"() => JSON.stringify(({READ})())"))


def settle(page: Page, address: str | None = None) -> dict[str, Any]:
    """Wait until the page shows the state of the address consistently, and read it."""
    try:
        return _parsed(page.wait_for_function(SETTLED, arg=address, polling=50).json_value())
    except TimeoutError:
        unmet = [name for name, is_met in page.evaluate(CONDITIONS, address).items() if not is_met]
        raise AssertionError(f"the page does not settle at {address}; not met: {unmet}") from None


def _parsed(text: str) -> dict[str, Any]:
    """What a page shows. It is sent as a text, because Playwright takes longer for lists and tables."""
    found: dict[str, Any] = json.loads(text)
    return found


def prepare(page: Page, *names: str) -> None:
    """Approach sliders, and wait until the page has requested what it needs to move each without requests."""
    for name in names:
        slider(page, name).hover()
        wait_for_templates(page)


def wait_for_templates(page: Page, selected: str = "") -> None:
    """Wait until the page has requested the templates of the present state, or of what was approached, which it does
    one after the other. What was ``selected`` last is part of the request for them."""
    page.evaluate("window.rests = 0")
    page.wait_for_function(
        """(selected) => {
          const isOne = ({ name }) => /only=(template|parts)/.test(name) && name.includes(selected);
          const isIdle = !window.underWay && performance.getEntriesByType("resource").some(isOne);
          window.rests = isIdle ? window.rests + 1 : 0;
          return window.rests > 5;
        }""",
        arg=selected,
        polling=100,
    )


def becomes(page: Page, expression: str, wanted: Any = True) -> None:
    """Wait until a JavaScript expression has the wanted value."""
    same = f"(wanted) => JSON.stringify({expression}) === JSON.stringify(wanted)"
    page.wait_for_function(same, arg=wanted, polling=50)  # at each frame, the default, would cause a frame


OUTLINES = """[...document.querySelectorAll('#plot .shapelayer path')]
  .map((n) => n.getAttribute('d').replace(/\\.0(?!\\d)/g, ''))"""
"""The outlines in Plotly's picture; it writes 8.0 as 8."""


def outlines(figure: dict[str, Any]) -> list[str]:
    """The outlines of a figure, as in ``OUTLINES``."""
    return [re.sub(r"\.0(?!\d)", "", shape["path"]) for shape in figure["layout"]["shapes"]]


def swapped(words: list[str], **changes: str) -> list[str]:
    """The words, with some replaced. A name such as _5 stands for the number 5."""
    table = {name.strip("_"): to for name, to in changes.items()}
    return [table.get(word, word) for word in words]


def slider(page: Page, name: str) -> Locator:
    return page.locator(f"input[type=range][data-for={name}]")


def grip(page: Page, name: str, share: float) -> None:
    """Press the mouse on the track of a slider, at a share of its width from the left."""
    box = slider(page, name).bounding_box()
    assert box
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()


def drag(page: Page, name: str, start: float, end: float, release: bool = True) -> None:
    """Drag a slider with the mouse, from one share of its width to another."""
    grip(page, name, start)
    box = slider(page, name).bounding_box()
    assert box
    page.mouse.move(box["x"] + end * box["width"], box["y"] + box["height"] / 2, steps=6)
    if release:
        page.mouse.up()


def hit(page: Page, tensor: str, t: int) -> Locator:
    """The link in the visible picture to a tensor at a step, or to a step if the tensor is empty."""
    return page.locator(f'.hits:visible a[data-tensor="{tensor}"][data-t="{t}"]').first


def spot(page: Page, tensor: str, t: int) -> tuple[float, float]:
    """A point on the screen at which a click reaches the link of ``hit``."""
    found = page.evaluate(
        """([tensor, t]) => {
          for (const path of document.querySelectorAll(`.hits a[data-tensor="${tensor}"][data-t="${t}"] path`)) {
            path.scrollIntoView({ block: "nearest" });
            const box = path.getBBox();
            const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
            const along = [5, 3, 7, 2, 8].map((k) => path.getPointAtLength((k / 10) * path.getTotalLength()));
            for (const point of [middle, ...along]) {
              const { x, y } = new DOMPoint(point.x, point.y).matrixTransform(path.getScreenCTM());
              if (document.elementFromPoint(x, y) === path) return [x, y];
            }
          }
        }""",
        [tensor, str(t)],
    )
    assert found, f"{tensor} at step {t} cannot be reached with the mouse"
    return found[0], found[1]


def row(page: Page, tensor: str) -> Locator:
    return page.locator(f"#row-{tensor}")


FOCUSED = """() => {
  const e = document.activeElement;
  if (e === document.body) return "nothing";
  return e.id || e.dataset.tensor || (e.dataset.for ? `${e.dataset.for} slider` : e.textContent.trim());
}"""


def focused(page: Page) -> str:
    """The focused element: its id, tensor or text."""
    found: str = page.evaluate(FOCUSED)
    return found


def choose_language(page: Page, code: str) -> None:
    """Choose a language in the menu of the header."""
    page.locator("#languages summary").click()
    page.locator(f"#languages a[lang={code}]").click()
