"""The player: goes through operations and steps, automatically or by hand."""

from itertools import zip_longest

from page_actions import SHOWN, becomes, settle, wait_for_templates
from playwright.sync_api import Page, expect
from visited_pages import Visit

from app.core.cells import CELLS
from app.core.program import capture

LARGEST = "batch_size=1024&time_step=10000&features=4096&num_units=8192"
STEP = [t.id for t in capture(CELLS["lstm"]).step]


def button(page: Page, name: str) -> None:
    page.locator("#player").get_by_role("button", name=name).click()


def operations(page: Page) -> list[str]:
    states: list[str] = page.locator(".operations li").evaluate_all("(all) => all.map((li) => li.className)")
    return states


FAINT = "document.getElementById('plot').layout.shapes.some((shape) => shape.opacity < 1)"
"""Whether Plotly's picture, which may be drawn after the rest of the page, has faint outlines."""


def disabled(page: Page) -> set[str]:
    found: list[str] = page.locator("#player [aria-disabled=true]").evaluate_all("(all) => all.map((e) => e.ariaLabel)")
    return set(found)


def test_buttons_and_keys_go_through_operations_and_steps_from_the_first_one_on(page: Page) -> None:
    assert disabled(page) == set()
    for n in range(2):
        page.keyboard.press("ArrowRight") if n else button(page, "one op forward")
        settle_at(page, f"?t=0&tensor={STEP[n]}&stepping=true")
        assert operations(page) == ["made"] * n + ["now"] + ["later"] * (len(STEP) - n - 1)
        expect(page.locator("#row-" + STEP[n])).to_have_attribute("aria-current", "true")
    becomes(page, FAINT)  # later steps
    page.keyboard.press("ArrowLeft")
    settle_at(page, f"?t=0&tensor={STEP[0]}&stepping=true")
    assert disabled(page) == {"one step back", "one op back"}
    page.keyboard.press("Shift+ArrowRight")
    settle_at(page, f"?t=1&tensor={STEP[0]}&stepping=true")
    button(page, "one step forward")
    settle_at(page, f"?tensor={STEP[0]}&stepping=true")
    expect(page.locator("#steps")).to_contain_text("step 2 (0–3)")
    expect(page.locator("#ticks .now")).to_have_text("2")
    button(page, "one op back")
    settle_at(page, f"?t=1&tensor={STEP[-1]}&stepping=true")
    expect(page.locator("#speed")).to_be_hidden()
    button(page, "Show everything")  # in the place of the speed
    settle(page, f"?t=1&tensor={STEP[-1]}")
    becomes(page, FAINT, False)
    expect(page.locator("#show-everything")).to_be_hidden()
    expect(page.locator("#speed")).to_be_visible()
    expect(page.locator("#play")).to_be_focused()


def test_playing_is_one_entry_of_the_history_and_going_back_stops_it(visit: Visit) -> None:
    page = visit(plotly=False)
    page.locator("#speed").select_option("4")
    page.evaluate(WATCH)
    button(page, "Play")
    becomes(page, "window.shown.length > 2")
    page.go_back()
    expect(page.locator("#play")).to_have_text("Play")
    becomes(page, SHOWN, "")
    assert page.evaluate("location.search") == ""


def resting_address(page: Page) -> str:
    """The address at which a page comes to rest: the last of many states is written after a while."""
    before, now = None, page.evaluate(ADDRESSES)
    while now != before or now[0] != now[1]:
        page.wait_for_timeout(500)
        before, now = now, page.evaluate(ADDRESSES)
    return str(now[0])


ADDRESSES = "[location.search, document.getElementById('steps').dataset.query]"


def settle_at(page: Page, address: str) -> None:
    becomes(page, SHOWN, address)


def test_playing_ends_in_the_whole_picture_and_starts_over_at_the_first_operation(visit: Visit) -> None:
    page = visit("/?t=3&tensor=tanh_c&stepping=true", reduced_motion="reduce")
    page.evaluate(WATCH)
    button(page, "Play")
    passes(page, "?t=3&tensor=h&stepping=true")
    settle_at(page, "?t=3")
    expect(page.locator("#play")).to_have_text("Play")
    assert disabled(page) == {"one step forward"}
    becomes(page, FAINT, False)
    assert page.evaluate("document.getAnimations().length") == 0
    expect(page.locator(".operations")).to_have_count(0)
    button(page, "Play")
    passes(page, "?t=0&tensor=x&stepping=true")
    button(page, "Pause")


def test_play_goes_on_from_where_it_was_paused(visit: Visit) -> None:
    page = visit("/?view=batch&time_step=100&t=99", plotly=False)
    page.locator("#speed").select_option("1")
    page.evaluate(WATCH)
    button(page, "Play")
    becomes(page, "window.shown.length > 0")
    button(page, "Pause")
    assert page.evaluate(f"({STEP_OF})(window.shown[0])") <= 3  # a slow machine may skip the first ones
    paused = page.evaluate(STEP_OF, resting_address(page))
    page.evaluate(WATCH)
    button(page, "Play")
    becomes(page, "window.shown.length > 0")
    assert paused < page.evaluate(f"({STEP_OF})(window.shown[0])") <= paused + 3
    button(page, "Pause")


STEP_OF = "(query) => Number(new URLSearchParams(query).get('t') ?? 2)"

WATCH = """() => {
  const query = () => document.getElementById("steps").dataset.query;
  let last = query();
  window.shown = [];
  const note = () => {
    if (query() !== last) window.shown.push((last = query()));
  };
  const data = { attributes: true, attributeFilter: ["data-query"] };
  new MutationObserver(note).observe(document.body, { ...data, childList: true, subtree: true });
}"""
"""Collect the states that the page shows from now on: while it plays, a test can miss one."""


def passes(page: Page, address: str) -> None:
    """Wait until the page has shown a state since ``WATCH``."""
    becomes(page, f"window.shown.includes({address!r})")


def test_space_plays_and_pauses_and_keys_keep_their_meaning_in_controls_and_below_the_first_screen(
    visit: Visit,
) -> None:
    page = visit(plotly=False)
    for where in ("#num_units", "input[data-for=num_units]", "#speed"):
        page.locator(where).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
    page.locator("#speed").blur()
    page.locator("#row-c_T").focus()
    becomes(page, "document.getElementById('player').getBoundingClientRect().bottom < 0")
    page.keyboard.press("ArrowRight")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert "stepping" not in page.evaluate("location.search")
    page.locator("#row-c_T").blur()
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(WATCH)
    page.keyboard.press("Space")
    becomes(page, "window.shown.length > 0")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_text("Play")
    assert page.evaluate("scrollY") == 0


def test_gradients_are_played_step_by_step_from_the_last_one_to_the_first(visit: Visit) -> None:
    page = visit("/?time_step=2&view=gradients&t=0", plotly=False)
    expect(page.locator("#player [data-moves=operation]").first).to_be_hidden()
    page.locator("#speed").select_option("4")
    page.evaluate(WATCH)
    button(page, "Play")
    passes(page, "?time_step=2&view=gradients")
    settle_at(page, "?time_step=2&view=gradients&t=0")
    expect(page.locator("#play")).to_have_text("Play")
    page.keyboard.press("ArrowLeft")
    settle_at(page, "?time_step=2&view=gradients")


def test_the_picture_follows_the_step_slider_while_it_is_dragged(visit: Visit) -> None:
    page = visit(f"/?{LARGEST}&t=0")
    scrub = page.locator("#scrub")
    scrub.scroll_into_view_if_needed()
    box = scrub.bounding_box()
    assert box
    page.mouse.move(box["x"] + 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    page.wait_for_function(
        """() => {
          const words = [...document.querySelectorAll("#plot .textpoint > text")].map((n) => n.textContent);
          return words.includes(document.getElementById("scrub").value);
        }"""
    )
    page.mouse.up()
    t = scrub.input_value()
    assert 4000 < int(t) < 6000
    settle_at(page, f"?{LARGEST}&t={t}")
    page.go_back()
    settle_at(page, f"?{LARGEST}&t=0")


PATCHED = """async (t) => {
  const look = (node, ...names) => names.map((name) => getComputedStyle(node)[name]).join();
  const colour = (node, name) => {
    const [red, green, blue, opacity = 1] = look(node, name).match(/[\\d.]+/g) ?? [];
    return [red, green, blue, opacity * look(node, name + "Opacity")].join();
  };
  const inked = (node) =>
    colour(node, "stroke") + colour(node, "fill") + look(node, "strokeWidth", "strokeDasharray", "opacity", "fillRule");
  const written = (node) =>
    colour(node, "fill") + look(node, "fontFamily", "fontSize", "fontWeight", "fontStyle", "textAnchor");
  const lower = (node) => Number(node.parentElement.getAttribute("transform").match(/,(.*)[)]/)[1]).toFixed(2);
  const places = (node) => [node.getAttribute("x"), node.getAttribute("y"), lower(node)].join();
  const outline = (node) => node.getAttribute("d").replace(/\\.0(?![0-9])/g, "");
  const all = (selector) => [...document.querySelectorAll("#plot " + selector)];
  const nodes = () => [
    ...all(".shapelayer path").map((node) => outline(node) + inked(node)),
    ...all(".textpoint > text").map((node) => node.textContent + places(node) + written(node)),
    ...all(".annotation-text").map((node) => node.textContent),
  ];
  const frame = () => new Promise(requestAnimationFrame);
  const scrub = document.getElementById("scrub");
  const before = nodes().join();
  let isDrawn = false; // listened for before anything changes: on a slow machine Plotly may draw before the next frame
  document.getElementById("plot").once("plotly_afterplot", () => (isDrawn = true));
  scrub.value = t;
  scrub.dispatchEvent(new Event("input", { bubbles: true }));
  const end = performance.now() + 15000;
  while (nodes().join() === before && performance.now() < end) await frame();
  const [patched, isPatch] = [nodes(), !isDrawn];
  while (!isDrawn && performance.now() < end) await frame();
  await frame();
  return [patched, nodes(), isPatch && isDrawn];
}"""
"""Moves the slider over the steps, and returns what the picture shows at once, what Plotly draws after a rest, and
whether it was shown before that."""


def test_a_step_with_other_things_in_its_picture_is_shown_at_once_as_plotly_draws_it(visit: Visit) -> None:
    page = visit("/?tensor=c&stepping=true")
    page.locator("#scrub").hover()
    counts, patches = set(), []
    for t in (3, 0, 1):
        page.wait_for_load_state("networkidle")
        wait_for_templates(page)
        patched, drawn, is_patch = page.evaluate(PATCHED, t)
        patches.append(is_patch)
        assert [pair for pair in zip_longest(patched, drawn) if pair[0] != pair[1]] == [], f"step {t}"
        counts.add(len(drawn))
    assert len(counts) > 1, "the pictures have the same number of nodes"
    assert any(patches), "no step was shown before Plotly drew it"
    page.locator("#time_step").fill("9000")  # the pointer stays over the slider over the steps
    settle_at(page, "?time_step=9000&t=1&tensor=c&stepping=true")
    with page.expect_request(lambda request: "time_step=9000&t=8999" in request.url):  # it is prepared again
        move = "(scrub) => { scrub.value = 7000; scrub.dispatchEvent(new Event('input', { bubbles: true })); }"
        page.locator("#scrub").evaluate(move)
