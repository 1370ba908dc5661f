"""An error is read where it is pasted or dropped, its sizes are drawn as they are typed, and its text is kept."""

from collections.abc import Callable

from page_actions import becomes
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]

STATE = "RuntimeError: Expected hidden[0] size (4, 3, 20), got [3, 4, 20]"
INPUT = "RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12"

PASTE = """(element, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text", text);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
DROP = """(text) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "log.txt", { type: "text/plain" }));
  File.prototype.text = () => Promise.reject(new Error("only the end of a file is read"));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


def paste(page: Page, text: str, into: str = "#error-text") -> None:
    page.locator(into).evaluate(PASTE, text)


def test_a_pasted_error_is_answered_in_place_and_the_next_one_can_be_pasted_anywhere(visit: Visit) -> None:
    page = visit("/explain", plotly=False)
    expect(page.locator("#error-text")).to_be_focused()
    paste(page, STATE)
    expect(page.locator("#sentence")).to_contain_text("h_0 should be 4 × 3 × 20")
    expect(page.locator("#sentence")).to_be_focused()
    paste(page, INPUT, "body")
    expect(page.locator("#sentence")).to_have_text("x should have features = 10 and has 12.")
    page.evaluate(DROP, STATE)
    expect(page.locator("#sentence")).to_contain_text("two axes are exchanged")
    assert page.evaluate("location.pathname + location.search") == "/explain", "the text is not in the address"
    page.locator(".open-network a").click()
    page.wait_for_url("**/?*num_layers=2*")
    page.go_back()
    expect(page.locator("#sentence")).to_contain_text("two axes are exchanged")


def test_a_reload_keeps_the_answer_and_the_link_to_the_page_starts_anew(visit: Visit) -> None:
    page = visit("/explain", plotly=False)
    paste(page, INPUT)
    expect(page.locator("#sentence")).to_be_visible()
    page.reload()
    expect(page.locator("#sentence")).to_have_text("x should have features = 10 and has 12.")
    page.locator("header a[href$='/explain']").click()
    expect(page.locator("#error-text")).to_be_focused()
    expect(page.locator("#error-text")).to_have_value("")
    expect(page.locator("#sentence")).to_have_count(0)


def test_typed_text_is_read_with_ctrl_enter_and_a_typed_size_is_drawn_without_losing_the_focus(visit: Visit) -> None:
    page = visit("/explain", plotly=False)
    page.locator("#error-text").fill(INPUT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".error-picture tspan.error").first).to_have_text("12")
    page.locator("#size-num_units").press_sequentially("64")
    becomes(
        page, "[...document.querySelectorAll('.error-picture tspan.num_units')].every((n) => n.textContent == 64)", True
    )
    expect(page.locator("#size-num_units")).to_be_focused()
    page.get_by_role("button", name="GRU").click()
    expect(page.get_by_role("button", name="GRU")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="GRU")).to_be_focused()
    expect(page.locator("#size-num_units")).to_have_value("64")
    page.reload()
    expect(page.locator("#size-num_units")).to_have_value("64")
    expect(page.get_by_role("button", name="GRU")).to_have_attribute("aria-pressed", "true")


def test_digits_that_are_typed_during_a_request_stay_and_an_invalid_size_is_reported(visit: Visit) -> None:
    page = visit("/explain", plotly=False, tolerate="ERR_ABORTED")
    paste(page, INPUT)
    size = page.locator("#size-batch_size")
    size.press_sequentially("1")
    expect(page.locator(".error-picture:visible tspan.batch_size").first).to_have_text("1")
    waiting: list[Route] = []
    page.route("**/explain", lambda route: waiting.append(route), times=1)
    with page.expect_request("**/explain"):
        page.keyboard.type("2")
    page.keyboard.type("000")
    waiting[0].continue_()
    expect(page.locator("#explain-status")).to_contain_text("batch_size must be a whole number from 1 to 1,024")
    expect(size).to_have_value("12000")
    expect(size).to_be_focused()
    expect(size).to_have_accessible_description("batch_size must be a whole number from 1 to 1,024, not “12000”")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.locator(".error-picture:visible tspan.batch_size").first).to_have_text("12")
    expect(size).not_to_have_attribute("aria-invalid", "true")


def test_a_digit_goes_to_a_cause_an_axis_is_marked_and_the_program_that_runs_can_be_copied(
    visit: Visit,
) -> None:
    page = visit("/explain", plotly=False, permissions=["clipboard-read", "clipboard-write"])
    paste(page, STATE)
    expect(page.locator("#sentence")).to_contain_text("h_0")
    page.locator("#sentence .num_units").first.hover()
    expect(page.locator("#main")).to_have_attribute("data-axis", "num_units")
    page.keyboard.press("2")
    expect(page.locator("#cause-2 summary")).to_be_focused()
    paste(page, INPUT, "body")
    expect(page.locator("#sentence")).to_contain_text("x should have")
    page.get_by_role("button", name="Copy what runs").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "torch.nn.LSTM(12, 20)" in page.evaluate("navigator.clipboard.readText()")


def test_the_page_says_that_it_reads_and_keeps_the_text_when_there_is_no_response(visit: Visit) -> None:
    page = visit("/explain", plotly=False, tolerate="ERR_INTERNET_DISCONNECTED")
    paste(page, STATE)
    expect(page.locator("#sentence")).to_contain_text("h_0")
    waiting: list[Route] = []
    page.route("**/explain", lambda route: waiting.append(route))
    paste(page, INPUT, "body")
    expect(page.locator("#sentence")).to_have_text("Reading…")
    expect(page.locator(".error-picture:visible")).to_have_count(1)
    waiting[0].abort("internetdisconnected")
    expect(page.locator("#explain-problem")).to_have_text("No response from the server.")
    expect(page.locator("#explain-problem")).to_be_visible()
    expect(page.locator("#sentence")).to_contain_text("h_0 should be")
    expect(page.locator("#error-text")).to_have_value(INPUT)


def test_another_language_explains_the_same_text(visit: Visit) -> None:
    page = visit("/explain", plotly=False)
    paste(page, INPUT)
    expect(page.locator("#sentence")).to_contain_text("x should have")
    page.locator("#languages summary").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("mark")).to_have_text(INPUT)
    assert page.url.endswith("/explain?lang=zh")


def test_the_page_fits_a_phone_and_works_without_scripts(visit: Visit) -> None:
    page = visit("/explain", plotly=False, java_script_enabled=False)
    page.locator("#error-text").fill(INPUT)
    page.get_by_role("button", name="Explain", exact=True).click()
    expect(page.locator("#sentence")).to_contain_text("x should have")
    page.get_by_role("button", name="RNN").click()
    expect(page.get_by_role("button", name="RNN")).to_have_attribute("aria-pressed", "true")
    page.locator("#size-num_units").fill("7")
    page.locator("#size-num_units").press("Enter")
    expect(page.locator(".diff.program")).to_contain_text("7)")
    page.locator("#languages summary").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("mark")).to_have_text(INPUT)
    expect(page.locator("#size-num_units")).to_have_value("7")
    assert page.url.endswith("/explain?lang=es")
    for width in (360, 760, 761, 1179, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".error-picture:visible")).to_have_count(1)
        right = page.locator(".explain > *, .header nav > *").evaluate_all(
            "(parts) => Math.max(...parts.map((part) => part.getBoundingClientRect().right))"
        )
        assert right <= width, width
        outside = page.locator(".facts :is(input, .chip)").evaluate_all(
            "(all) => all.filter((one) => one.getBoundingClientRect().right >"
            " one.closest('.says').getBoundingClientRect().right).length"
        )
        assert outside == 0, width
