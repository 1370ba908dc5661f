"""Texts beside a picture, in lessons and answers: the picture has, and highlights, the tensors that they name."""

import re
from dataclasses import replace

import pytest
from pairing import in_turn
from text_pages import DEFAULT, PAGES, state_at

from app.diagram.format_names import FORMATS
from app.teaching.all_pages import PageId
from app.teaching.placeholders import tokens
from app.teaching.text_page import TextPage
from app.url_state.field_types import Value
from app.url_state.url_state import UrlState
from app.url_state_to_picture.picture_of_state import picture_of
from app.url_state_to_picture.picture_template import record
from app.web.pages.lessons import lesson_page
from app.web.pages.pages_for_other_sizes.parts_filled_in_browser import PageParts, rendering
from app.web.pages.parts.lesson_text import holds_for, lesson_text
from app.web.pages.parts.links_and_accessible_names import targets
from app.web.pages.parts.tensor_questions import myths
from app.web.pages.questions import in_plain_text

every_page = pytest.mark.parametrize(("page", "state"), PAGES.values(), ids=PAGES)

SIZES = [(1, 1, 1, 1), (2, 13, 11, 7), (1024, 10_000, 4096, 8192)]


def highlighted(state: UrlState, format: str, lights: frozenset[str]) -> list[set[str]]:
    """The tensors of each wire or box that the picture highlights. A picture without tensors is not drawn, because the
    links of some pages train a network for it."""
    shown = targets(state, picture_of(state, format), lights) if lights else []
    return [{t.tensor, *t.also} for t in shown if t.is_highlighted]


@pytest.mark.parametrize(("format", "name"), in_turn(FORMATS, PAGES))
def test_the_picture_highlights_every_tensor_in_the_text(format: str, name: str) -> None:
    page, state = PAGES[name]
    own = lesson_text(state, page)
    lights = own.highlighted
    shown_ids = highlighted(state, format, lights)

    assert own.holds and own.own is None
    assert 1 <= len(page.paragraphs) <= 5 and all(own.paragraphs)
    assert bool(lights) == (state.view != "training"), "a curve has no tensors"
    assert lights <= set().union(*shown_ids)
    assert all(lights & one for one in shown_ids)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_a_text_can_be_shown_at_any_sizes(sizes: tuple[int, ...]) -> None:
    for page, state in PAGES.values():
        other = state_at(state.query(**dict(zip(DEFAULT.sizes, sizes, strict=True))))
        found = lesson_text(other, page)

        assert found.holds and found.own is not None
        for text in page.paragraphs:
            for token in tokens(text, other.stack, other.layer, page.figures):
                if token.kind == "number":
                    assert float(token.text.replace(",", "").removesuffix("%")) > 0


def test_texts_have_no_typed_numbers() -> None:
    """Except those of names and of the question, of places counted from 0, of what σ and tanh give, the 1 of one-hot,
    and ``=1`` in brackets."""
    named = r"\{[^}]*\}|`[^`]*`|TensorFlow 1|(?:step|unit) 0|zeros? at step 0|from 0|from −1|to 1\b|a 1 in|1st|2nd|=1:"
    typed = {
        text: numbers
        for page, _ in PAGES.values()
        for text in page.paragraphs
        if (numbers := set(re.findall(r"\d+", re.sub(named, "", text)))) - set(re.findall(r"\d+", page.title))
    }

    assert typed == {}


@every_page
def test_every_variation_is_another_picture_and_has_a_text_that_is_true_for_it(page: TextPage, state: UrlState) -> None:
    for _, query in lesson_text(state, page).tries:
        tried = state_at(query)
        assert tried != state and tried.lesson_page == state.lesson_page
        found = lesson_text(tried, page)
        shown_ids = highlighted(tried, "page", found.highlighted)
        assert found.holds and found.paragraphs
        assert found.highlighted <= set().union(*shown_ids) or found.highlighted == lesson_text(state, page).highlighted


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("depth", {"layer": 0}),
        ("both-directions", {"direction": "forward"}),
        ("what-is-num-units 6", {"t": 2}),
        ("stateful", {"t": 1}),
        ("break-it 4", {"layer": 0}),
        ("break-it 5", {"num_layers": 3, "layer": 1}),
    ],
    ids=str,
)
def test_a_text_about_a_layer_direction_or_first_step_is_not_shown_for_another(
    name: str, changes: dict[str, Value]
) -> None:
    page, state = PAGES[name]

    assert not lesson_text(state_at(state.query(**changes)), page).holds


def test_a_text_about_an_lstm_is_not_shown_for_another_cell() -> None:
    page, state = PAGES["what-is-num-units 5"]

    from_the_end = {"framework": "keras", "go_backwards": True}
    for changes in ({"cell": "gru"}, {"num_proj": 3}, {"num_layers": 2}, {"bidirectional": True}, from_the_end):
        other = state_at(state.query(**changes))
        assert not holds_for(other, page)
        assert (lesson_text(other, page).paragraphs, lesson_text(other, page).own) == ([], state.query())
    assert holds_for(replace(state, framework="keras"), page)


def test_a_text_about_a_framework_is_not_shown_for_another() -> None:
    page, state = PAGES["what-is-num-units 11"]

    assert holds_for(state, page)
    assert not holds_for(replace(state, framework="keras"), page)


def text(name: str, **changes: Value) -> str:
    """The text of a page, without HTML tags, when some fields are changed."""
    page, state = PAGES[name]
    found = lesson_text(state_at(state.query(**changes)), page)
    assert found.holds
    html = "".join(piece.text for paragraph in found.paragraphs for piece in paragraph)
    return re.sub("<[^>]*>", "", html)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Only half of it. The backward direction, drawn here, starts at the last step, so its h3 there has"),
        ({"t": 0}, "its h3 there has seen only one x, x3."),
        ({"time_step": 7, "t": 4}, "its h6 there has seen only one x, x6."),
        ({"time_step": 1}, "With a single step it is."),
    ],
)
def test_the_last_step_is_named_at_any_step(changes: dict[str, Value], words: str) -> None:
    assert words in text("both-directions", **changes)


@pytest.mark.parametrize(("lock", "t"), [("", 3), ("t", 1)])
def test_the_last_step_has_its_number_in_plain_text_and_its_link_unless_the_step_is_locked(lock: str, t: int) -> None:
    page, state = PAGES["both-directions"]
    (paragraph,) = lesson_text(replace(state, t=1, lock=lock), page).paragraphs
    (h,) = (piece for piece in paragraph if piece.kind == "last" and piece.tensor and piece.tensor.id == "h")

    assert state_at(h.link).t == t
    assert "its h₃ there has seen only one x, x₃." in in_plain_text(PageId("both-directions"))


@pytest.mark.parametrize("t", [0, 2, 3])
def test_a_text_about_the_chain_of_states_is_true_at_every_step(t: int) -> None:
    shown = text("five-cells", t=t)

    assert "The steps, here 4, are what is chained: a state goes from step to step" in shown
    assert "−1" not in shown and "step before" not in shown


def test_a_text_about_input_distinguishes_the_batch_from_the_whole_text() -> None:
    sizes: dict[str, Value] = {"time_step": 3, "batch_size": 2}
    shown = text("what-is-num-units 10", text="hello world", **sizes)

    assert "A text is cut into 2 sequences of 3 characters, 6 in all;" in shown
    assert "The whole text has 8 different characters, so each is one-hot encoded as 8 numbers" in shown


def test_a_text_about_a_function_counts_the_values_that_it_is_applied_to() -> None:
    assert "but to each of the 21 numbers of c" in text("what-is-num-units 3", batch_size=3, num_units=7)


def test_a_text_about_digits_is_not_shown_for_another_task_and_leaves_no_training_behind() -> None:
    page, state = PAGES["what-is-num-units 16"]

    assert not holds_for(state_at(state.query(task="text")), page)
    changed = state_at(state.query(trained=True, epochs=3))
    assert holds_for(changed, page)
    assert lesson_text(changed, page).own == state.query()


def test_a_text_about_characters_is_not_shown_for_words() -> None:
    page, state = PAGES["what-is-num-units 10"]

    assert not holds_for(state_at(state.query(cut="words")), page)


@pytest.mark.parametrize("name", ["what-is-num-units 8", "independent-units"])
def test_no_change_is_mentioned_without_a_run(name: str) -> None:
    shown = text(name, num_units=8192, batch_size=1024)

    assert "was changed" not in shown and "change one number of" in shown


def test_a_myth_is_shown_only_for_configurations_that_refute_it() -> None:
    always, twice = "A unit is a small LSTM.", "Twice the units means twice the parameters."

    assert [shown for shown, _, _ in myths(DEFAULT, "num_units")] == [always, twice]
    with_projection = state_at(DEFAULT.query(num_proj=3))
    assert [shown for shown, _, _ in myths(with_projection, "num_units")] == [always]
    doubled = replace(with_projection.stack, num_units=2 * with_projection.num_units)
    assert doubled.parameters() == 2 * with_projection.stack.parameters()


def test_a_text_follows_nearly_every_size_in_the_browser() -> None:
    page = PageParts(
        "es", 2**28, "page", "lesson", lambda shown, language: lesson_page(shown, "what-is-num-units", language)
    )
    formulas = record(DEFAULT, rendering("side-text", page)).formulas
    assert formulas.is_valid(replace(DEFAULT, num_units=64, batch_size=7, time_step=9).sizes)
