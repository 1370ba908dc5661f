"""The player: goes through operations and steps, automatically or by hand."""

from conftest import Visit
from page_actions import becomes, settle
from playwright.sync_api import Page, expect

from app.core.cells import CELLS
from app.core.program import capture

LARGEST = "batch_size=1024&time_step=10000&features=4096&num_units=8192"
STEP = [t.id for t in capture(CELLS["lstm"]).step]


def button(page: Page, name: str) -> None:
    page.locator("#player").get_by_role("button", name=name).click()


def operations(page: Page) -> list[str]:
    states: list[str] = page.locator(".operations li").evaluate_all("(all) => all.map((li) => li.className)")
    return states


def faint(page: Page) -> int:
    """The number of faint outlines in Plotly's picture."""
    found: int = page.evaluate("document.getElementById('plot').layout.shapes.filter((s) => s.opacity < 1).length")
    return found


def test_each_operation_from_the_first_step_on_shows_its_tensor_in_picture_and_table(page: Page) -> None:
    for n, id in enumerate(STEP[:3]):
        button(page, "one operation forward")
        settle_at(page, f"?t=0&tensor={id}&stepping=true")
        assert operations(page) == ["made"] * n + ["now"] + ["later"] * (len(STEP) - n - 1)
        expect(page.locator("#row-" + id)).to_have_attribute("aria-current", "true")
    assert faint(page) > 0  # later steps
    button(page, "one operation back")
    settle_at(page, f"?t=0&tensor={STEP[1]}&stepping=true")
    button(page, "one step forward")
    settle_at(page, f"?t=1&tensor={STEP[1]}&stepping=true")
    expect(page.locator("#steps")).to_contain_text("step 1 (0–3)")
    expect(page.locator("#ticks .now")).to_have_text("1")


def test_while_stepping_a_button_in_the_place_of_the_speed_shows_everything(visit: Visit) -> None:
    page = visit("/?t=1&tensor=f&stepping=true")
    expect(page.locator("#speed")).to_be_hidden()
    button(page, "Show everything")
    settle(page, "?t=1&tensor=f")
    assert faint(page) == 0
    expect(page.locator("#show-everything")).to_be_hidden()
    expect(page.locator("#speed")).to_be_visible()
    expect(page.locator("#play")).to_be_focused()
    page.go_back()
    settle_at(page, "?t=1&tensor=f&stepping=true")
    page.keyboard.press("Escape")
    settle(page, "?t=1&tensor=f")


def test_buttons_that_lead_past_an_end_are_disabled(visit: Visit) -> None:
    page = visit("/?t=0&tensor=x&stepping=true")
    for query, disabled in (
        ("?t=0&tensor=x&stepping=true", {"one step back", "one operation back"}),
        ("?t=3&tensor=h&stepping=true", {"one step forward", "one operation forward"}),
        ("?t=3", {"one step forward"}),
        ("", set()),
    ):
        page.goto(f"/{query}")
        names = page.locator("#player [aria-disabled=true]").evaluate_all("(all) => all.map((e) => e.ariaLabel)")
        assert set(names) == disabled, query


def test_playing_continues_until_paused_and_is_one_entry_of_the_history(page: Page) -> None:
    page.locator("#speed").select_option("4")
    button(page, "Play")
    becomes(page, "new URLSearchParams(location.search).get('stepping')", "true")
    button(page, "Pause")
    stopped = resting_address(page)
    page.go_back()
    settle(page, "")
    page.go_forward()
    settle_at(page, stopped)


def resting_address(page: Page) -> str:
    """The address at which a page comes to rest: the last of many states is written after a while."""
    before, now = None, page.evaluate(ADDRESSES)
    while now != before or now[0] != now[1]:
        page.wait_for_timeout(500)
        before, now = now, page.evaluate(ADDRESSES)
    return str(now[0])


ADDRESSES = "[location.search, document.getElementById('steps').dataset.query]"


def settle_at(page: Page, address: str) -> None:
    becomes(page, "document.getElementById('steps').dataset.query", address)


def test_playing_ends_in_the_whole_picture_and_starts_over_at_the_first_operation(visit: Visit) -> None:
    page = visit("/?t=3&tensor=tanh_c&stepping=true", reduced_motion="reduce")
    page.evaluate(WATCH)
    button(page, "Play")
    passes(page, "?t=3&tensor=h&stepping=true")
    settle_at(page, "?t=3")
    expect(page.locator("#play")).to_have_text("Play")
    assert faint(page) == 0
    assert page.evaluate("document.getAnimations().length") == 0
    expect(page.locator(".operations")).to_have_count(0)
    button(page, "Play")
    passes(page, "?t=0&tensor=x&stepping=true")
    button(page, "Pause")


def test_play_goes_on_from_where_it_was_paused(visit: Visit) -> None:
    page = visit("/?view=batch&time_step=100&t=99")
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
    page.goto("/?t=1&tensor=c&stepping=true")
    button(page, "Play")
    becomes(page, f"({TENSOR}) !== 'c'")
    button(page, "Pause")
    assert page.evaluate(TENSOR) in STEP[STEP.index("c") :]


STEP_OF = "(query) => Number(new URLSearchParams(query).get('t') ?? 2)"
TENSOR = "new URLSearchParams(document.getElementById('steps').dataset.query).get('tensor')"

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


def test_keys_do_the_same_wherever_the_focus_is(page: Page) -> None:
    for key, address in (
        ("ArrowRight", "?t=0&tensor=x&stepping=true"),
        ("Shift+ArrowRight", "?t=1&tensor=x&stepping=true"),
        ("ArrowLeft", "?t=0&tensor=h&stepping=true"),
    ):
        page.keyboard.press(key)
        settle_at(page, address)
    page.evaluate(WATCH)
    page.keyboard.press("Space")
    passes(page, f"?t=1&tensor={STEP[0]}&stepping=true")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_text("Play")
    assert page.evaluate("scrollY") == 0


def test_keys_keep_their_meaning_in_fields_sliders_and_below_the_first_screen(page: Page) -> None:
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


def test_without_operations_the_player_goes_by_steps(visit: Visit) -> None:
    page = visit("/?view=batch&t=1")
    expect(page.locator("#player [data-moves=operation]").first).to_be_hidden()
    page.keyboard.press("ArrowRight")
    settle_at(page, "?view=batch")
    page.locator("#speed").select_option("4")
    page.evaluate(WATCH)
    button(page, "Play")
    passes(page, "?view=batch&t=0")
    settle_at(page, "?view=batch&t=3")
    expect(page.locator("#play")).to_have_text("Play")


def test_gradients_are_played_from_the_last_step_to_the_first(visit: Visit) -> None:
    page = visit("/?time_step=2&view=gradients&t=0")
    page.locator("#speed").select_option("4")
    page.evaluate(WATCH)
    button(page, "Play")
    passes(page, "?time_step=2&view=gradients")
    settle_at(page, "?time_step=2&view=gradients&t=0")
    expect(page.locator("#play")).to_have_text("Play")
    button(page, "one step back")
    settle_at(page, "?time_step=2&view=gradients")


def test_going_back_stops_playing(page: Page) -> None:
    page.locator("#speed").select_option("1")
    button(page, "Play")
    becomes(page, "location.search", "?t=0&tensor=h_prev&stepping=true")
    page.go_back()
    expect(page.locator("#play")).to_have_text("Play")
    settle(page, "")


def test_keys_on_the_step_slider_add_an_entry_of_the_history(page: Page) -> None:
    page.locator("#row-f").click()
    settle(page, "?tensor=f")
    page.locator("#scrub").focus()
    page.keyboard.press("ArrowRight")
    settle(page, "?t=3&tensor=f")
    page.go_back()
    settle(page, "?tensor=f")


def test_the_picture_follows_the_step_slider_while_it_is_dragged(visit: Visit) -> None:
    page = visit(f"/?{LARGEST}&t=0")
    scrub = page.locator("#scrub")
    scrub.scroll_into_view_if_needed()
    box = scrub.bounding_box()
    assert box
    page.mouse.move(box["x"] + 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=25)
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


def test_without_scripts_links_go_through_the_operations(visit: Visit) -> None:
    page = visit("/", java_script_enabled=False)
    expect(page.get_by_role("button", name="Play")).to_have_count(0)
    page.get_by_role("link", name="Step through, one tensor at a time").click()
    expect(page.locator(".operations .now")).to_have_count(1)
    page.locator(".operations a").nth(7).click()
    assert operations(page).index("now") == 7
    assert page.locator(".picture.page svg g[opacity]").count() > 0


def test_the_player_is_visible_together_with_the_picture(visit: Visit) -> None:
    page = visit("/", viewport={"width": 1280, "height": 720}, wait=False)
    for view in ("unrolled", "units", "batch", "gradients"):
        page.goto(f"/?view={view}")
        expect(page.locator("#play")).to_be_in_viewport(ratio=1)
        expect(page.locator("#frame")).to_be_in_viewport()
