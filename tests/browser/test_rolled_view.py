"""The rolled view, and transitions between views."""

from page_actions import becomes, settle
from playwright.sync_api import Page, expect

COUNT_TRANSITIONS = """() => {
  globalThis.transitions = 0;
  const start = document.startViewTransition?.bind(document);
  if (start) document.startViewTransition = (change) => { globalThis.transitions += 1; return start(change); };
}"""


def choose(page: Page, title: str) -> None:
    page.locator("#views").get_by_role("link", name=title, exact=True).click()


def test_only_a_change_of_the_view_has_a_transition_which_ends_in_the_newest_state(page: Page) -> None:
    page.evaluate(COUNT_TRANSITIONS)
    choose(page, "Rolled")
    found = settle(page, "?view=rolled")
    assert "repeated time_step = 4 times" in found["words"]
    assert not [word for word in found["turned"] if "step" in word]
    becomes(page, "transitions", 1)
    page.locator("#num_units").fill("7")
    settle(page, "?num_units=7&view=rolled")
    assert page.evaluate("transitions") == 1
    for view in ("Gradients", "Rolled", "Unrolled"):
        choose(page, view)
    assert "step 3, same cell" in settle(page, "?num_units=7")["turned"]
    expect(page.locator("#views [aria-current]")).to_have_text("Unrolled")
    count = page.evaluate("transitions")
    assert count > 1
    page.emulate_media(reduced_motion="reduce")
    choose(page, "Rolled")
    settle(page, "?num_units=7&view=rolled")
    assert page.evaluate("transitions") == count
    page.set_viewport_size({"width": 390, "height": 844})
    becomes(page, "document.querySelector('.picture.narrow')?.getClientRects().length", 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
