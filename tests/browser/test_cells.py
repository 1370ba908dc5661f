"""Cells, stacks and frameworks, chosen on the page."""

from page_actions import READ, becomes, read
from playwright.sync_api import Page, expect
from visited_pages import Visit

from app.core.cells import CELLS
from app.frameworks import FRAMEWORKS

AGREES = """() => {
  const now = (READ)();
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const picture = ({ words, turned, wires }) => [words, turned, Object.entries(wires).sort()];
  if (now.shown_query !== now.address) return false;
  return same(picture(now), picture(now.state)) && same(picture(now), picture(now.still));
}"""


def agree(page: Page, address: str) -> list[str]:
    """Wait until the page is at an address and Plotly's picture has the text of the server's. Returns the text."""
    becomes(page, "location.search", address)
    page.wait_for_function(AGREES.replace("(READ)", f"({READ})"))
    words: list[str] = read(page)["words"]
    return words


def test_every_cell_has_its_own_picture_table_and_kernels(page: Page) -> None:
    seen = {tuple(agree(page, ""))}
    for id in ("gru", "rnn"):
        page.locator("#cells").get_by_role("link", name=CELLS[id].short_title, exact=True).click()
        seen.add(tuple(agree(page, f"?cell={id}")))
        wanted = [tensor for tensor in ("r", "f", "c", "kept") if page.locator(f"#row-{tensor}").count()]
        assert wanted == {"rnn": [], "gru": ["r", "kept"]}[id]
    assert len(seen) == 3


def test_the_page_uses_the_names_of_a_framework_and_switches_change_its_outputs(visit: Visit) -> None:
    page = visit(plotly=False)
    arrays = page.locator("#arrays .array .name")
    keras = ["inputs", "initial_state[0], [1]", "output"]
    for id, names, in_the_picture in (
        ("pytorch", ["input", "h_0, c_0", "output", "h_n, c_n"], {"h_0", "c_0", "output[-1]"}),
        ("keras", keras, {"output"}),
    ):
        page.locator("#frameworks").get_by_role("link", name=FRAMEWORKS[id].title, exact=True).click()
        assert in_the_picture <= {*agree(page, f"?framework={id}")}
        expect(arrays).to_have_text(names)
        expect(page.locator("#framework-title")).to_have_text(f"In {FRAMEWORKS[id].title}")
    page.get_by_role("checkbox", name="return_state").click()
    agree(page, "?framework=keras&return_state=true")
    expect(arrays).to_have_text([*keras, "state_h, state_c"])
    page.locator("#frameworks").get_by_role("link", name="NumPy (Colah)").click()
    assert "Y[:, -1]" in agree(page, "")
    expect(arrays).to_have_text(["X", "initial h, c", "Y", "h_T, c_T"])


def test_keras_and_gru_choose_its_default_in_either_order_and_a_switch_the_other_cell(visit: Visit) -> None:
    page = visit(plotly=False)
    page.locator("#frameworks").get_by_role("link", name="Keras").click()
    agree(page, "?framework=keras")
    page.locator("#cells").get_by_role("link", name="GRU").click()
    agree(page, "?cell=gru_reset_after&framework=keras")
    switch = page.get_by_role("checkbox", name="reset_after")
    expect(switch).to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    agree(page, "?cell=gru&framework=keras")
    expect(switch).not_to_be_checked()
    expect(page.locator("#cells [aria-current]")).to_have_text("GRU")
    page.goto("/?cell=gru")
    page.locator("#frameworks").get_by_role("link", name="Keras").click()
    agree(page, "?cell=gru_reset_after&framework=keras")


def test_a_cell_that_a_framework_does_not_have_says_why_and_leads_to_another(visit: Visit) -> None:
    page = visit("/?cell=lstm_peephole&framework=keras", plotly=False)
    notice = page.locator("#proof .unsupported")
    expect(notice).to_contain_text("neither peepholes nor coupled gates")
    notice.get_by_role("link").click()
    agree(page, "?framework=keras")
    expect(notice).to_have_count(0)
    for show in ("hover", "focus"):
        getattr(page.locator("#cells").get_by_role("link", name="Peephole"), show)()
        expect(page.locator("#tip")).to_contain_text("neither peepholes nor coupled gates")
        page.keyboard.press("Escape")


def test_a_cell_of_a_stack_is_focused_from_the_map(visit: Visit) -> None:
    page = visit(plotly=False)
    page.get_by_role("link", name="one layer more").click()
    agree(page, "?num_layers=2")
    page.get_by_role("checkbox", name="bidirectional").click()
    agree(page, "?num_layers=2&bidirectional=true")
    expect(page.locator(".stack-map .hits a:not(.exit)")).to_have_count(16)
    page.locator('.stack-map a[aria-label="layer 1, backward, step 0"]').focus()
    page.keyboard.press("Enter")
    agree(page, "?num_layers=2&bidirectional=true&t=0&layer=1&direction=backward")
    expect(page.locator("#sentence")).to_contain_text("4 LSTM cells, each with its own weights")
    page.go_back()
    agree(page, "?num_layers=2&bidirectional=true")


def test_the_page_fits_any_width_with_a_cell_in_a_framework(visit: Visit) -> None:
    page = visit("/?cell=lstm_peephole&framework=tf1&num_proj=3", plotly=False)
    for width in (390, 1400, 1920):
        page.set_viewport_size({"width": width, "height": 844})
        becomes(page, f"innerWidth === {width} && document.documentElement.scrollWidth <= {width}")
