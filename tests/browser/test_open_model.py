"""A model from its code, in the browser: pasted, read in place, layers selected, sizes changed, a layer opened."""

from playwright.sync_api import Page, Route, expect
from visited_pages import Visit

from app.web.pages.open_model import EXAMPLE


def paste(page: Page, text: str) -> None:
    """Paste outside of any field."""
    page.evaluate(
        """(text) => {
            document.activeElement.blur();
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


def test_pasted_code_becomes_a_chain_whose_sizes_and_layers_change_in_place(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    paste(page, EXAMPLE)
    sentence, title = page.locator("#sentence"), page.locator(".chain-panel h3")
    expect(sentence).to_contain_text("4 layers turn ? × ? ids into ? × 10")
    page.locator("#time_step").fill("200")
    expect(sentence).to_contain_text("? × 200 ids")
    page.locator("[data-for=batch_size]").focus()
    page.keyboard.press("ArrowRight")
    expect(sentence).to_contain_text("× 200 ids")
    expect(page.locator("#batch_size")).not_to_have_value("")
    expect(title).to_have_text("Bidirectional LSTM")
    page.locator("#sentence").click()
    page.keyboard.press("ArrowUp")
    expect(title).to_have_text("LSTM")
    expect(page.locator("#code .chosen")).to_have_text("    LSTM(32),")
    page.locator(".chain-picture.page [data-part='0']").hover()
    expect(page.locator("#code .pointed-at")).to_have_text("    Embedding(10_000, 128),")
    assert page.url.endswith("/open")


def test_code_stays_while_its_sizes_are_written_and_its_table_is_used(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    paste(page, EXAMPLE.replace("10_000, 128", "n, m"))
    sentence = page.locator("#sentence")
    page.locator("#size-0-1").press_sequentially("12")
    page.wait_for_timeout(400)
    page.locator("#size-0-1").press_sequentially("8")
    expect(page.locator("#size-0-1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".layer-facts")).to_contain_text("× 128")
    expect(page.locator("#size-0-1")).to_have_value("128")
    expect(page.locator("#size-0-1")).to_be_focused()
    page.get_by_role("link", name="Table").click()
    page.get_by_role("button", name="Embedding").press("Enter")
    expect(page.locator(".chain-panel h3")).to_have_text("Embedding")
    expect(page.get_by_role("button", name="Embedding")).to_be_focused()
    page.locator("#time_step").press_sequentially("1")
    expect(sentence).to_contain_text("known parameters")
    page.wait_for_timeout(400)
    page.keyboard.type("28")
    expect(page.locator(".layer-facts tr").first).to_contain_text("× 128")
    expect(page.locator("#time_step")).to_have_value("128")
    expect(page.locator("#announced")).to_have_text(sentence.inner_text())
    page.go_back()
    expect(page.locator("#code")).to_be_visible()


def test_an_older_response_does_not_replace_a_size_that_is_being_written(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    paste(page, EXAMPLE)
    held: list[Route] = []
    page.route("**/open", lambda route: held.append(route) if not held else route.continue_())
    page.locator("#time_step").press_sequentially("1")
    while not held:
        page.wait_for_timeout(20)
    older = held[0].fetch()
    page.keyboard.type("28")
    held[0].fulfill(response=older)
    expect(page.locator(".layer-facts tr").first).to_contain_text("× 128 × 128")
    expect(page.locator("#time_step")).to_have_value("128")


def test_a_layer_opens_by_enter_and_escape_returns_to_the_model(visit: Visit) -> None:
    page = visit("/model?model=lstm(10,20,seq).gru(30).dense(2)&framework=keras&batch_size=3", plotly=False)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".chain-panel h3")).to_have_text("GRU")
    page.wait_for_url("**part=1**")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?**num_units=30**")
    expect(page.locator("#own-sizes")).to_have_count(0)
    page.locator("[data-for=num_units]").press("ArrowRight")
    page.locator("#own-sizes").click()  # is there when the size has settled
    expect(page.locator("#num_units")).to_have_value("30")
    page.locator("[data-for=num_units]").press("ArrowRight")
    expect(page.locator("#own-sizes")).to_have_count(1)
    page.locator("#sentence").click()
    page.keyboard.press("Escape")
    page.wait_for_url("**/model?**part=1**")
    expect(page.locator(".chain-panel h3")).to_have_text("GRU")
    expect(page.locator("#model")).to_have_value("lstm(10,20,seq).gru(31).dense(2)")


def test_code_is_there_again_after_back_and_forward_and_in_no_address(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    paste(page, EXAMPLE)
    page.locator("#open-layer").click()
    expect(page.locator("#num_units")).to_have_value("64")
    page.go_back()
    expect(page.locator("#code")).to_contain_text("Embedding(10_000, 128)")
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("#beside")).to_be_visible()
    page.go_back()
    expect(page.locator("#code")).to_contain_text("Embedding(10_000, 128)")
    page.go_forward()
    expect(page.locator("#beside")).to_be_visible()
    page.goto("/open")
    expect(page.locator("#source")).to_have_value("")
    assert not any("10_000" in url for url in addresses)


def test_code_is_compared_where_the_text_of_a_model_is_and_refused_with_the_reason(visit: Visit) -> None:
    page = visit("/model?model=lstm(3,4).dense(5)&beside=lstm(3,4)&framework=pytorch", plotly=False)
    beside = page.locator("#beside")
    beside.evaluate("field => field.value = 'nothing = 3\\nhere = 4'")
    page.locator("#sizes button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("No layers were found in this code.")
    beside.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        EXAMPLE,
    )
    expect(beside).to_have_value("embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)")
    expect(page.locator("#beside_framework")).to_have_value("keras")
    expect(page.locator("#model")).to_have_value("lstm(3,4).dense(5)")
    assert "Sequential" not in page.url


def test_nothing_scrolls_sideways(visit: Visit) -> None:
    page = visit("/robots.txt", plotly=False, tolerate="422")
    for path in (
        "/open",
        "/model?model=embedding(10000,128).lstm(64,bi).dense(?)&beside=lstm(4)",
        "/model?model=lstm(4096,8192,bi,seq,layers=9).dense(10000)&batch_size=1024&time_step=10000",
        f"/model?model={'lstm(128,64,bi)' * 5}",  # an error message that quotes it
    ):
        page.goto(path)
        for width in (360, 800, 1366):
            page.set_viewport_size({"width": width, "height": 768})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
