"""The batch view: a sample followed by mouse, by keyboard and on a phone."""

from page_actions import PHONE, becomes, hit, row, settle
from playwright.sync_api import Locator, Page, expect
from visited_pages import Visit

MNIST = "batch_size=128&time_step=28&features=28&num_units=128"
LARGEST = "batch_size=1024&time_step=10000&features=4096&num_units=8192"


def query_of(query: str, **changes: str) -> str:
    return "?" + "&".join([*filter(None, [query]), "view=batch", *(f"{name}={to}" for name, to in changes.items())])


def row_of(page: Page, sample: int) -> Locator:
    """The focusable link of the rows of a sample."""
    return page.locator(f'.hits:visible a[aria-label="follow sample {sample}"]')


def rows_of(page: Page, sample: int) -> Locator:
    """Every area of the rows of a sample."""
    return page.locator(f'.hits:visible a[data-sample="{sample}"]')


def test_the_pointer_frames_a_row_in_every_array_a_click_keeps_it_and_back_undoes_it(visit: Visit) -> None:
    page = visit("/" + query_of(""))
    settle(page, query_of(""))
    before = page.evaluate(OUTLINES)
    rows_of(page, 0).first.hover()
    assert rows_of(page, 0).count() > 10
    expect(page.locator(".hits:visible a.highlighted[data-sample]")).to_have_count(rows_of(page, 0).count())
    page.locator("h1, .brand").first.hover()
    expect(page.locator(".hits:visible a.highlighted")).to_have_count(0)
    hit(page, "kernel", 2).hover()
    expect(page.locator("#tip")).to_contain_text("num_units")  # from the table of tensors, not from that of the weights

    expect(page.locator(".followed-row")).to_contain_text("Sample 1 (0–2)")
    row_of(page, 2).click()
    settle(page, query_of("", tensor="x", sample="2"))
    expect(page.locator(".followed-row")).to_contain_text("Sample 2 (0–2)")
    expect(page.locator(".batch .pager")).to_contain_text("sample: 2 (0–2)")
    page.wait_for_function(f"(before) => {OUTLINES} !== before", arg=before)  # no text differs between the two pictures
    page.go_back()
    settle(page, query_of(""))
    becomes(page, OUTLINES, before)


OUTLINES = "[...document.querySelectorAll('#plot .shapelayer path')].map((node) => node.getAttribute('d')).join()"


def test_a_sample_is_followed_by_keyboard_in_the_picture_and_below_it(visit: Visit) -> None:
    page = visit("/" + query_of(MNIST), plotly=False)
    row_of(page, 8).focus()  # a strip of 16 rows
    page.keyboard.press("Enter")
    settle(page, query_of(MNIST, tensor="x", sample="8"))
    expect(row_of(page, 8)).to_be_focused()
    page.locator(".batch").get_by_label("previous sample").focus()
    page.keyboard.press("Enter")
    settle(page, query_of(MNIST, tensor="x", sample="7"))
    page.locator(".batch").get_by_role("link", name="no sample").focus()
    page.keyboard.press("Enter")
    settle(page, query_of(MNIST, tensor="x"))
    expect(page.locator(".batch .choose")).to_be_visible()
    page.locator(".batch .choose").get_by_role("link", name="sample 127").click()
    settle(page, query_of(MNIST, tensor="x", sample="127", row="120"))
    expect(page.locator(".followed-row")).to_contain_text("Sample 127 (0–127)")


def test_the_text_follows_the_sample_and_keeps_the_weights(visit: Visit) -> None:
    page = visit("/" + query_of("", sample="1"), plotly=False)
    note = page.locator(".batch")
    note.get_by_label("next sample").click()
    expect(note).to_contain_text("row 2 of x2")
    expect(note).to_contain_text("160 parameters, the same")
    expect(note.locator(".values .followed th")).to_have_text("sample 2")
    note.locator("tr[data-tensor=kernel] a").click()
    expect(row(page, "kernel")).to_have_attribute("aria-current", "true")
    page.locator("#batch_size").fill("2")  # the followed sample stays in range
    settle(page, "?batch_size=2&view=batch&tensor=kernel&sample=1")
    expect(page.locator(".batch .pager")).to_contain_text("sample: 1 (0–1)")


def test_on_a_phone_a_tap_follows_a_sample_and_the_page_fits(visit: Visit) -> None:
    page = visit("/" + query_of(LARGEST), plotly=False, **PHONE)
    assert settle(page, query_of(LARGEST))["formats"] == ["narrow"]
    link = page.locator('.hits:visible a[aria-label^="follow "]').first
    sample = int(link.get_attribute("data-sample") or 0)
    link.tap()
    settle(page, query_of(LARGEST, tensor="x", sample=str(sample), row=str(sample // 24 * 24)))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
