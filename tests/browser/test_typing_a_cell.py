"""A cell is typed: the picture follows, a mistake keeps the last one, and corrections are written into the field."""

import re

import pytest
from playwright.sync_api import expect
from visited_pages import Visit

from app.equations.gallery import GALLERY


def test_the_picture_follows_what_is_typed_and_stays_while_a_line_is_wrong(visit: Visit) -> None:
    page = visit("/cell", plotly=False)
    field, sentence = page.locator("#equations"), page.locator("#sentence")
    expect(page.locator("#coloured .num_units").first).to_be_visible()
    field.press("Control+End")
    page.keyboard.insert_text("\ny = tanh(h)\noutput: y")
    expect(page.locator(".equation-rows [data-tensor=y]")).to_be_visible()
    expect(page.locator(".cell-picture .hits [data-tensor=y]").first).to_be_attached()
    assert "output%3A%20y" in page.url

    pictures = page.locator(".cell-picture").count()
    words = sentence.inner_text()
    page.keyboard.insert_text("y")
    expect(page.locator(".problem")).to_contain_text("line 10")
    expect(page.locator(".at-line")).to_contain_text("the output must be a tensor that a line computes")
    line, message = (page.locator(part).bounding_box() for part in ("#coloured .wrong", ".at-line"))
    assert line and message and abs(line["y"] + line["height"] - message["y"]) < 2
    expect(page.locator("#proof")).to_contain_text("line 10 does not fit")
    expect(page.locator("main.earlier #sentence")).to_have_css("font-size", "13px")
    assert page.locator(".cell-picture").count() == pictures and sentence.inner_text() == words
    expect(page.locator("#coloured .wrong")).to_have_count(1)
    page.keyboard.press("F8")
    assert field.evaluate("(f) => f.value.slice(f.selectionStart, f.selectionEnd)") == "yy"
    page.keyboard.press("Alt+1")
    expect(page.locator(".problem")).to_have_count(0)
    expect(page.locator("#proof")).to_contain_text("✓")
    field.press("Control+z")
    expect(page.locator(".problem")).to_have_count(1)


def test_an_equation_and_its_line_are_marked_together_and_names_are_completed(visit: Visit) -> None:
    page = visit("/cell", plotly=False)
    page.locator(".equation-rows tr").last.hover()
    expect(page.locator("#coloured .pointed-at")).to_contain_text("h = (1 - z) * h_prev")
    field = page.locator("#equations")
    field.press("Control+End")
    page.keyboard.type("\ny = si")
    expect(page.locator("#completions [aria-selected=true]")).to_have_text("sigmoid")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    assert field.input_value().endswith("y = sigmoid")
    expect(page.locator("#completions")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_a_cell_of_the_gallery_is_loaded_and_undone_and_opened_on_the_main_page(visit: Visit) -> None:
    page = visit("/cell", plotly=False)
    before = page.locator("#equations").input_value()
    page.locator("#cell-gallery").get_by_role("link", name="Linear attention").click()
    expect(page.locator("#equations")).to_have_value(GALLERY["linear_attention"])
    expect(page.locator("#num_units")).to_have_value("4")
    page.locator("[data-for=num_units]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#num_units")).to_have_value("6")
    expect(page.locator(".equation-rows tr").first).to_contain_text("4")
    page.locator("#equations").press("Control+z")
    expect(page.locator("#equations")).to_have_value(before)
    page.go_back()
    expect(page.locator(".equation-rows [data-tensor=z]")).to_be_visible()
    page.get_by_role("link", name="Open on the main page").click()
    expect(page).to_have_url(page.url)
    expect(page.locator("#cells [aria-current]")).to_have_text("minGRU")


MANY_GATES = "\n".join(
    [
        *(rf"a^{k}_t = \sigma(W_{{a{k}}} x_t + U_{{a{k}}} h_{{t-1}} + b_{{a{k}}})" for k in range(1, 11)),
        "h_t = " + r" \odot ".join(f"a^{k}_t" for k in range(1, 11)) + r" \odot h_{t-1}",
    ]
)


HGRN = """Re(ct) = SiLU(xtWcr + bcr) ∈ R1×d,
Im(ct) = SiLU(xtWci + bci) ∈ R1×d,
µt = Sigmoid(xtWµ + bµ) ∈ R1×d,
λt = γ + (1 − γ) ⊙ µt ∈ R1×d,
ht = λt ⊙ exp(iθ) ⊙ ht−1 + (1 − λt) ⊙ ct ∈ C1×d,
gt = Sigmoid(xtWg + bg) ∈ R1×2d,
o′t = LayerNorm(gt ⊙ [Re(ht), Im(ht)]) ∈ R1×2d,
ot = o′tWo + bo ∈ R1×d."""


def test_a_picture_of_many_gates_stays_legible_in_a_frame_that_scrolls(visit: Visit) -> None:
    page = visit("/cell", plotly=False, viewport={"width": 390, "height": 768})
    page.locator("#equations").fill(MANY_GATES)
    expect(page.locator(".equation-rows tr")).to_have_count(11)
    frame, picture = page.locator(".cell-frame"), page.locator(".cell-picture > svg").first
    size = (
        "(svg) => Math.min(...[...svg.querySelectorAll('text')].map((e) => parseFloat(getComputedStyle(e).fontSize)))"
    )
    smallest = picture.evaluate(f"(svg) => ({size})(svg) * svg.getScreenCTM().a")
    assert smallest >= 5.7
    assert frame.evaluate("(e) => e.scrollWidth > e.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box, note = picture.bounding_box(), page.locator("#picture-note").bounding_box()
    assert box and note and box["y"] + box["height"] <= note["y"] < box["y"] + box["height"] + 40
    fades = "['--fade-left', '--fade-right'].map((one) => parseFloat(getComputedStyle(frame).getPropertyValue(one)))"
    fading = f"(edges) => {{ const frame = document.querySelector('.cell-frame'); return String({fades}) === edges; }}"
    page.wait_for_function(fading, arg="0,32")
    frame.evaluate("(e) => { e.scrollLeft = e.scrollWidth; }")
    page.wait_for_function(fading, arg="32,0")


def test_a_picture_that_is_a_little_too_wide_is_shown_whole(visit: Visit) -> None:
    page = visit("/cell", plotly=False, viewport={"width": 1500, "height": 900})
    page.locator("#equations").fill(HGRN)
    expect(page.locator(".equation-rows tr")).to_have_count(9)
    assert page.locator(".cell-frame").evaluate("(e) => e.scrollWidth <= e.clientWidth")


TWO_LAYERS = "\n".join(
    rf"h^{n}_t = f^{n}_t \odot h^{n}_{{t-1}} + i^{n}_t \odot \tanh(W^{n} {x} + U^{n} h^{n}_{{t-1}} + b^{n})"
    f"\n"
    rf"f^{n}_t = \sigma(W_f^{n} {x} + U_f^{n} h^{n}_{{t-1}} + b_f^{n})"
    f"\n"
    rf"i^{n}_t = \sigma(W_i^{n} {x} + U_i^{n} h^{n}_{{t-1}} + b_i^{n})"
    for n, x in ((1, "x_t"), (2, "h^1_t"))
)


def test_a_large_picture_has_the_room_of_the_mathematics(visit: Visit) -> None:
    page = visit("/cell", plotly=False, viewport={"width": 1300, "height": 900})
    frame = page.locator(".cell-frame")
    before = frame.evaluate("(e) => e.clientWidth")
    page.locator("#equations").fill(TWO_LAYERS)
    expect(page.locator(".cell.wide")).to_be_visible()
    assert frame.evaluate("(e) => e.clientWidth") > 1.5 * before
    assert frame.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    panel, stage = (page.locator(part).bounding_box() for part in (".cell-panel", ".cell-stage"))
    assert panel and stage and panel["x"] + panel["width"] <= stage["x"] + 1


def test_a_size_that_an_equation_forces_is_free_again_when_the_equation_is_another(visit: Visit) -> None:
    page = visit("/cell", plotly=False)
    text, features, num_units = (page.locator(field) for field in ("#equations", "#features", "#num_units"))
    before = features.input_value()
    free, tied = "h_t = \\tanh(W x_t + U h_{t-1})", "h_t = \\tanh(0.5 x_t + U h_{t-1})"
    for own in (before, "3"):
        text.fill(tied)
        expect(features).to_have_value(num_units.input_value())
        assert features.input_value() != own
        text.fill(free)
        expect(features).to_have_value(own)
        features.fill("3")
        expect(page).to_have_url(re.compile("features=3"))


@pytest.mark.parametrize(("width", "height"), [(1366, 657), (390, 664)])
@pytest.mark.parametrize("line", [0, 10])
def test_what_is_wrong_is_in_view_beside_a_long_text(visit: Visit, width: int, height: int, line: int) -> None:
    page = visit("/cell", plotly=False, viewport={"width": width, "height": height})
    lines = MANY_GATES.split("\n")
    lines[line] += " + ("
    page.locator("#equations").fill("\n".join(lines))
    expect(page.locator(".problem")).to_contain_text("is missing")
    shown = ".at-line:not([hidden]), .equation-editor:not(.has-message) + #cell-problem .problem"
    message = page.locator(shown).bounding_box()
    assert message and message["y"] > 0 and message["y"] + message["height"] <= height
    is_in_editor = page.locator(".at-line").is_visible()
    expect(page.locator("#cell-problem")).to_have_css(
        "position", "static" if is_in_editor else "sticky"
    )  # covers nothing
