"""Tips: where they are, and what ends them. And what else Escape and a click on empty ground end."""

from collections.abc import Callable
from typing import Any

from page_actions import SHOWN, becomes, settle, slider, spot
from playwright.sync_api import Page, expect
from visited_pages import Visit

PLACE = """() => {
  const box = (id) => {
    const { left, right, top, bottom } = document.getElementById(id).getBoundingClientRect();
    return { left, right, top, bottom };
  };
  return { tip: box("tip"), frame: box("frame") };
}"""


def point_at(page: Page, tensor: str, t: int = 2) -> tuple[float, float]:
    """Move the mouse to a tensor in the picture, and wait for its tip."""
    for _ in range(20):
        x, y = spot(page, tensor, t)
        page.mouse.move(2, 2)
        page.mouse.move(x, y)
        if page.locator("#tip").is_visible():
            return x, y
        page.wait_for_timeout(50)  # a layout that has not settled, such as on the way to full screen
    raise AssertionError(f"{tensor} has no tip")


def distance(box: dict[str, float], x: float, y: float) -> float:
    """The distance of a point from a box, along the axis on which they are farther apart."""
    return max(box["left"] - x, x - box["right"], box["top"] - y, y - box["bottom"])


def test_a_tip_is_beside_the_pointer_inside_the_picture_and_in_a_narrow_window_above_the_sliders(visit: Visit) -> None:
    page = visit("/?view=gradients&t=3", viewport={"width": 1366, "height": 768}, plotly=False)
    for query, tensors, t in (("?view=gradients&t=3", ("kept",), 3), ("", "fhx", 2)):
        if not query:
            page.goto("/")
        for tensor in tensors:
            x, y = point_at(page, tensor, t)
            places = page.evaluate(PLACE)
            tip, frame = places["tip"], places["frame"]
            assert distance(tip, x, y) >= 11.5, (query, tensor)
            assert tip["right"] - tip["left"] <= 300
            assert frame["left"] - 1 <= tip["left"] and tip["right"] <= frame["right"] + 1, (query, tensor)
            assert frame["top"] - 1 <= tip["top"] and tip["bottom"] <= frame["bottom"] + 1, (query, tensor)
    x, y = point_at(page, "f")
    before = page.evaluate(PLACE)["tip"]
    page.mouse.move(x - 6, y)  # the tip follows the pointer along the wire
    after = page.evaluate(PLACE)["tip"]
    assert (round(after["left"] - before["left"]), round(after["top"] - before["top"])) == (-6, 0)
    for what in (".kernel .hits a[data-tensor=kernel]", ".control [data-claim], .control [data-tip]"):
        page.locator(what).first.scroll_into_view_if_needed()
        page.locator(what).first.hover()
        expect(page.locator("#tip")).to_be_visible()
        places = page.evaluate(PLACE)
        assert places["frame"]["left"] - 1 <= places["tip"]["left"], what
        assert places["tip"]["right"] <= places["frame"]["right"] + 1, what

    page.set_viewport_size({"width": 390, "height": 700})
    becomes(page, "document.querySelector('.picture.narrow')?.getClientRects().length", 1)
    page.evaluate("scrollTo(0, 0)")
    for tensor in ("h", "x"):
        point_at(page, tensor)
        top = page.locator(".sliders").evaluate("(e) => e.getBoundingClientRect().top")
        assert page.evaluate(PLACE)["tip"]["bottom"] <= top, tensor
        page.mouse.move(2, 2)


def test_a_tip_ends_with_whatever_comes_next_and_is_visible_in_full_screen(visit: Visit) -> None:
    page = visit("/?tensor=c", plotly=False)
    ends: dict[str, Callable[[tuple[float, float]], Any]] = {
        "leaving": lambda at: page.mouse.move(5, 5),
        "a press": lambda at: page.mouse.down(),
        "scrolling": lambda at: page.mouse.wheel(0, 40),
        "Escape": lambda at: page.keyboard.press("Escape"),
        "Tab": lambda at: page.keyboard.press("Tab"),
        "another size": lambda at: slider(page, "num_units").evaluate(
            "(e) => { e.value = 9000; e.dispatchEvent(new Event('input', { bubbles: true })); }"
        ),
        "another size of the window": lambda at: page.set_viewport_size({"width": 1380, "height": 800}),
        "playing": lambda at: page.keyboard.press("Enter"),  # the button has the focus
    }
    for name, end in ends.items():
        page.locator("#play" if name == "playing" else "#num_units").focus()
        at = point_at(page, "f")
        end(at)
        expect(page.locator("#tip"), name).to_be_hidden()
        page.mouse.move(5, 5)
        page.mouse.up()
        page.evaluate("scrollTo(0, 0)")

    page = visit("/?tensor=c", plotly=False)  # the other one plays, and may draw another step by now
    page.keyboard.press("f")
    becomes(page, "!!document.fullscreenElement")
    x, y = point_at(page, "f")
    assert page.evaluate("([x, y]) => !!document.elementFromPoint(x, y)", [x, y])
    assert page.evaluate(PLACE)["tip"]["bottom"] <= page.evaluate("innerHeight")
    page.keyboard.press("f")
    becomes(page, "!!document.fullscreenElement", False)


def empty_ground(page: Page) -> tuple[float, float]:
    found: list[float] = page.evaluate(
        """() => {
          const box = document.getElementById("frame").getBoundingClientRect();
          for (let y = box.top + 4; y < box.bottom; y += 8) {
            for (let x = box.left + 4; x < box.right; x += 8) {
              const top = document.elementFromPoint(x, y);
              if (top?.closest("#frame") && !top.closest("a, button")) return [x, y];
            }
          }
        }"""
    )
    return found[0], found[1]


def test_escape_ends_tip_stepping_and_selection_in_turn_and_a_click_on_empty_ground_the_selection(visit: Visit) -> None:
    page = visit(plotly=False)
    x, y = point_at(page, "i")
    page.mouse.click(x, y)
    expect(page.locator("#tip")).to_be_hidden()
    settle(page, "?tensor=i")
    expect(page.locator("#tip")).to_be_hidden()  # not shown again by the redraw
    page.mouse.click(*empty_ground(page))
    becomes(page, SHOWN, "")
    page.mouse.click(*empty_ground(page))  # nothing is selected
    page.go_back()
    becomes(page, SHOWN, "?tensor=i")
    page.keyboard.press("ArrowRight")
    becomes(page, SHOWN, "?t=0&tensor=x&stepping=true")
    page.mouse.click(*empty_ground(page))  # does not lose the place
    becomes(page, "location.search", "?t=0&tensor=x&stepping=true")
    point_at(page, "x", 0)
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
    becomes(page, "location.search", "?t=0&tensor=x&stepping=true")
    page.keyboard.press("Escape")
    becomes(page, SHOWN, "?t=0&tensor=x")
    page.locator("#num_units").focus()
    page.keyboard.press("Escape")  # belongs to the field
    becomes(page, "location.search", "?t=0&tensor=x")
    page.locator("#num_units").blur()
    page.keyboard.press("Escape")
    becomes(page, SHOWN, "?t=0")


def test_a_choice_that_is_struck_through_says_why_to_eyes_and_ears(visit: Visit) -> None:
    page = visit("/?framework=keras&cell=lstm_coupled", viewport={"width": 1366, "height": 768}, plotly=False)
    for choices, choice in ("#cells", "Peephole"), ("#frameworks", "Flax"):
        framework = "Flax" if choice == "Flax" else "Keras"
        lacks = f"{framework}’s LSTM has neither peepholes nor coupled gates"
        reason = f"Not supported by {framework}: {lacks}. The picture keeps Unrolled’s names."
        link = page.locator(choices).get_by_role("link", name=choice, exact=True)
        expect(link).to_have_accessible_description(reason)
        link.press("Shift")  # the keyboard has the focus
        link.blur()
        link.focus()
        expect(page.locator("#tip")).to_have_text(reason)
    expect(page.locator("#cells").get_by_role("link", name="LSTM", exact=True)).to_have_accessible_description("")
