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


def test_each_operation_shows_its_tensor_in_picture_and_table(page: Page) -> None:
    for n, id in enumerate(STEP[:3]):
        button(page, "one operation forward")
        becomes(page, "document.getElementById('steps').dataset.query", f"?tensor={id}&stepping=true")
        assert operations(page) == ["made"] * n + ["now"] + ["later"] * (len(STEP) - n - 1)
        expect(page.locator("#row-" + id)).to_have_attribute("aria-current", "true")
    assert faint(page) > 0  # later steps
    button(page, "one operation back")
    becomes(page, "location.search", f"?tensor={STEP[1]}&stepping=true")
    button(page, "one step back")
    settle_at(page, f"?t=1&tensor={STEP[1]}&stepping=true")
    page.get_by_role("link", name="Show all at once").click()
    settle(page, f"?t=1&tensor={STEP[1]}")
    assert faint(page) == 0


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
        page.wait_for_timeout(1000)
        before, now = now, page.evaluate(ADDRESSES)
    return str(now[0])


ADDRESSES = "[location.search, document.getElementById('steps').dataset.query]"


def settle_at(page: Page, address: str) -> None:
    becomes(page, "document.getElementById('steps').dataset.query", address)


def test_playing_stops_at_the_end_and_starts_over(visit: Visit) -> None:
    page = visit("/?t=3&tensor=tanh_c&stepping=true")
    page.locator("#speed").select_option("4")
    button(page, "Play")
    settle_at(page, "?t=3&tensor=h&stepping=true")
    expect(page.locator("#play")).to_have_text("Play")
    assert faint(page) == 0
    button(page, "Play")
    becomes(page, "document.getElementById('steps').dataset.query.startsWith('?t=0&')")
    button(page, "Pause")


def test_keys_in_the_player_do_the_same(page: Page) -> None:
    page.locator("#play").focus()
    for key, address in (
        ("ArrowRight", "?tensor=x&stepping=true"),
        ("PageDown", "?t=3&tensor=x&stepping=true"),
        ("ArrowLeft", "?tensor=h&stepping=true"),
    ):
        page.keyboard.press(key)
        becomes(page, "location.search", address)
    assert page.evaluate("document.activeElement.id") == "play"


def test_without_operations_the_player_goes_by_steps(visit: Visit) -> None:
    page = visit("/?view=batch&t=0")
    expect(page.locator("#player [data-moves=operation]").first).to_be_hidden()
    page.locator("#play").focus()
    page.keyboard.press("ArrowRight")
    settle_at(page, "?view=batch&t=1")
    page.locator("#speed").select_option("4")
    button(page, "Play")
    settle_at(page, "?view=batch&t=3")
    expect(page.locator("#play")).to_have_text("Play")


def test_going_back_stops_playing(page: Page) -> None:
    page.locator("#speed").select_option("1")
    button(page, "Play")
    becomes(page, "location.search", "?tensor=h_prev&stepping=true")
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
