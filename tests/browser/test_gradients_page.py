"""The gradients view: picture, table and chart of norms."""

import pytest
from conftest import Visit
from page_actions import becomes, read, row, settle
from playwright.sync_api import expect

MNIST = "batch_size=128&time_step=28&features=28&num_units=128"
LARGEST = "batch_size=1024&time_step=10000&features=4096&num_units=8192"


def test_every_gradient_is_in_the_table_with_its_norm(visit: Visit) -> None:
    page = visit(f"/?{MNIST}&view=gradients")
    found = read(page)
    assert "∂h" in found["words"]
    assert found["words"] == found["still"]["words"]
    expect(page.locator(".gradients tbody tr")).to_have_count(21)
    expect(page.locator(".norms svg")).to_have_attribute("aria-label", "Norms of the gradients of h, c at every step")
    for norm in page.locator(".gradients .norm").all_inner_texts()[1:]:
        assert norm != "–"


def test_a_tensor_is_selected_by_keyboard_drawn_in_the_chart_and_has_a_norm_at_each_step(
    visit: Visit,
) -> None:
    page = visit("/?view=gradients")
    page.locator(".gradients a", has_text="∂concat").focus()
    page.keyboard.press("Enter")
    settle(page, "?view=gradients&tensor=concat")
    expect(page.locator(".norms svg")).to_contain_text("∂concat")
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


@pytest.mark.parametrize(
    ("query", "reason"), [(LARGEST, "nothing was executed"), ("time_step=2001", "needs 2,001 backward steps")]
)
def test_beyond_the_limits_only_shapes_are_shown_with_the_reason(visit: Visit, query: str, reason: str) -> None:
    page = visit(f"/?{query}&view=gradients", wait=False)
    expect(page.locator(".norms")).to_contain_text(reason)
    expect(page.locator(".norms svg")).to_have_count(0)
    expect(page.locator(".gradients tbody tr")).to_have_count(21)
    row(page, "kernel").click()
    becomes(page, "new URLSearchParams(location.search).get('tensor')", "kernel")
