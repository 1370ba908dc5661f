"""The gradients view: picture, table and chart of norms."""

from page_actions import becomes, read, settle
from playwright.sync_api import expect
from visited_pages import Visit


def test_a_tensor_is_selected_by_keyboard_drawn_in_the_chart_and_has_a_norm_at_each_step(
    visit: Visit,
) -> None:
    page = visit("/?view=gradients", plotly=False)
    page.locator(".gradients a", has_text="∂concat").focus()
    page.keyboard.press("Enter")
    settle(page, "?view=gradients&tensor=concat")
    expect(page.locator(".norms svg")).to_contain_text("∂concat")
    expect(page.locator(".gradients tbody tr")).to_have_count(21)
    expect(page.locator(".gradients .selected th")).to_have_text("∂concat")
    before = page.locator(".gradients .norm").all_inner_texts()
    page.locator('#player [data-moves=step][data-by="1"]').click()
    settle(page, "?view=gradients&t=1&tensor=concat")  # forward along the gradients is back in time
    after = page.locator(".gradients .norm").all_inner_texts()
    assert (before[0], before[-1]) != (after[0], before[-1])
    assert before[-1] == after[-1]  # X has no step
    assert "starts here: the sum of the output at the last step" in read(page)["words"]
    page.set_viewport_size({"width": 390, "height": 844})
    becomes(page, "document.querySelector('.picture.narrow')?.getClientRects().length", 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
