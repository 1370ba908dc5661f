"""The rolled view, and transitions between views."""

from conftest import Visit
from page_actions import becomes, read, settle
from playwright.sync_api import Page, expect

LARGEST = "batch_size=1024&time_step=10000&features=4096&num_units=8192"

COUNT_TRANSITIONS = """
  globalThis.transitions = 0;
  const start = document.startViewTransition?.bind(document);
  if (start) document.startViewTransition = (change) => { globalThis.transitions += 1; return start(change); };
"""


def counting(page: Page) -> None:
    page.add_init_script(COUNT_TRANSITIONS)


def choose(page: Page, title: str) -> None:
    page.locator("#views").get_by_role("link", name=title, exact=True).click()


def test_only_a_change_of_the_view_has_a_transition(visit: Visit) -> None:
    page = visit("/", before=counting)
    choose(page, "Rolled")
    found = settle(page, "?view=rolled")
    assert "repeated time_step = 4 times" in found["words"]
    assert not [word for word in found["turned"] if "step" in word]
    becomes(page, "transitions", 1)
    page.locator("#num_units").fill("7")
    settle(page, "?num_units=7&view=rolled")
    choose(page, "Unrolled")
    assert "step 3, same cell" in settle(page, "?num_units=7")["turned"]
    becomes(page, "transitions", 2)
    page.emulate_media(reduced_motion="reduce")
    choose(page, "Rolled")
    settle(page, "?num_units=7&view=rolled")
    assert page.evaluate("transitions") == 2


def test_a_transition_ends_in_the_newest_state(visit: Visit) -> None:
    page = visit("/", before=counting)
    for view in ("Rolled", "Gradients", "Rolled", "Unrolled", "Rolled"):
        choose(page, view)
    found = settle(page, "?view=rolled")
    assert "repeated time_step = 4 times" in found["words"]
    expect(page.locator("#views [aria-current]")).to_have_text("Rolled")


def test_the_loop_shows_its_number_of_steps_at_any_size_and_fits_a_phone(visit: Visit) -> None:
    page = visit(f"/?{LARGEST}&view=rolled&labels=both")
    assert "repeated time_step = 10,000 times" in " ".join(read(page)["words"])
    page.locator('.hits:visible a[data-tensor="c"]:not([tabindex])').first.focus()
    page.keyboard.press("Enter")
    becomes(page, "new URLSearchParams(location.search).get('tensor')", "c")
    page.set_viewport_size({"width": 390, "height": 844})
    becomes(page, "document.querySelector('.picture.narrow')?.getClientRects().length", 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
