"""The view of a training in the browser: train, watch and share, cancel, the axis as a slider, no JavaScript."""

import re
from collections.abc import Callable

from page_actions import PHONE, becomes
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]

SHORT = "/?view=training&num_units=4&epochs=6"
OF_NO_CURVE = f"{SHORT}&cell=lstm_peephole"
LONG = "/?view=training&num_units=64&epochs=200"


def test_a_training_is_watched_and_its_link_shows_the_same_numbers(visit: Visit) -> None:
    page = visit(OF_NO_CURVE, plotly=False)
    page.locator("#train").click()

    expect(page.locator("#sentence")).to_contain_text("After 6 epochs, 4 units read")
    expect(page).to_have_url(re.compile("trained=true"))
    expect(page.locator("#live-log")).to_have_count(0)
    sentence, epochs = page.locator("#sentence").inner_text(), page.locator(".epoch-table").inner_text()
    page.reload()
    expect(page.locator("#sentence")).to_have_text(sentence)
    expect(page.locator(".epoch-table")).to_have_text(epochs, use_inner_text=True)
    page.get_by_text("Back to the curve").click()
    expect(page.locator(".trained-points text")).to_have_text([epochs.splitlines()[1].split()[-1], "yours"])


def test_the_button_trains_even_if_its_script_arrives_later(visit: Visit) -> None:
    page = visit(OF_NO_CURVE, plotly=False)
    held: list[Route] = []
    page.route("**/training/training.js", lambda route: held.append(route))
    with page.expect_request("**/training/training.js"):
        page.reload()
    page.locator("#train").click()
    held[0].continue_()

    expect(page.locator("#sentence")).to_contain_text("After 6 epochs, 4 units read")


def test_a_running_training_shows_what_it_believes_of_any_digit_until_escape_cancels_it(visit: Visit) -> None:
    page = visit(LONG, plotly=False)
    page.wait_for_load_state("networkidle")  # the scripts of the view are loaded when it is first shown
    page.locator("#num_units").fill("60")
    page.locator("#num_units").press("Enter")  # only applies the number
    expect(page.locator("#selected h2").first).to_have_text("At 60 units")
    expect(page.locator("#train")).to_have_text("Train it now")
    page.locator("#num_units").fill("64")
    page.locator("#train").click()

    expect(page.locator("#train")).to_have_text("Cancel")
    expect(page.locator("#live-log .figures").last).to_contain_text("19,338")  # of the newest number
    expect(page.locator("[role=progressbar]")).to_contain_text(re.compile("epoch [0-9]+ of 200"))
    expect(page.locator("#live-log .epoch-table tbody tr").first).to_be_visible()
    shared = page.locator("#share-content")
    expect(shared.locator(".link")).to_have_text(re.compile("num_units=64&epochs=200&trained=true"))
    expect(shared.locator("img")).to_have_attribute("src", re.compile("num_units=64&epochs=200&trained=true"))
    page.locator("#share summary").click()
    expect(shared.locator(".link")).to_be_visible()
    expect(shared.locator("#snippet-markdown")).to_be_hidden()  # its picture is that of the curve
    page.locator("#share summary").click()
    digit = page.locator("#live-beliefs .pager span")
    expect(digit).to_have_text("example 0 of those not seen (0–396)")
    page.get_by_label("next example").click()
    expect(digit).to_have_text("example 1 of those not seen (0–396)")
    expect(page.locator("#live-beliefs .believed svg")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#train")).to_have_text("Train it now")
    expect(page.locator("#live-picture")).to_have_count(0)
    expect(page.locator("#sentence")).to_contain_text("64 units read")
    assert "trained" not in page.url
    expect(shared.locator(".link")).not_to_contain_text("trained")
    page.keyboard.press("f")
    becomes(page, "!!document.fullscreenElement")
    page.locator("#train").click()  # also in a lecture hall
    expect(page.locator("#live-log .epoch-table tbody tr").first).to_be_visible()


def test_on_a_phone_the_axis_of_the_curve_is_a_slider_also_for_keys(visit: Visit) -> None:
    page = visit("/?view=training&num_units=8", plotly=False, **PHONE)
    page.wait_for_load_state("networkidle")  # the scripts of the view are loaded when it is first shown
    expect(page.locator("#train")).to_be_in_viewport()  # in the sheet
    axis = page.locator(".size-axis rect")
    axis.focus()
    page.keyboard.press("ArrowRight")

    expect(page.locator("#num_units")).not_to_have_value("8")
    box = axis.bounding_box()
    assert box
    axis.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    expect(page.locator("#num_units")).to_have_value("128")
    expect(page.locator("#selected h2").first).to_have_text("At 128 units")
    slider = page.locator("[data-for=num_units]")
    most = (slider.get_attribute("data-stops") or "").split()[-1]
    change = "slider.dispatchEvent(new Event('input', {bubbles: true}))"
    move = f"(slider, share) => {{ slider.value = share * slider.max; {change}; }}"
    slider.evaluate(move, 1)
    expect(page.locator("#num_units")).to_have_value(most)
    slider.evaluate(move, 0.9)
    expect(page.locator("#num_units")).not_to_have_value(most)  # the track ends there
    axis.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#train")).to_have_text("Cancel")


def test_without_javascript_the_form_trains_with_its_fields(visit: Visit) -> None:
    page = visit(SHORT, java_script_enabled=False)
    page.locator("#training-epochs").fill("3")
    page.locator("#train").click()

    expect(page.locator("#sentence")).to_contain_text("After 3 epochs, 4 units read")
    expect(page.locator(".epoch-table tbody tr")).to_have_count(3)
