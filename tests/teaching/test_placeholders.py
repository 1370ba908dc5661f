"""Text with placeholders: known ones are filled in, unknown ones are errors."""

import pytest

from app.core.cells import CELLS
from app.core.stack import Stack
from app.teaching.placeholders import Figures, PlaceholderError, Token, plain, tensors_in, tokens

STACK = Stack(CELLS["lstm"], 3, 4, 2, 5)


def test_text_is_split_into_tokens_in_order() -> None:
    assert tokens("So {h} is {h.shape}, {num_units} *long*: `a[0]`, {h.axes}.", STACK) == [
        Token("words", "So "),
        Token("symbol", name="h"),
        Token("words", " is "),
        Token("shape", name="h"),
        Token("words", ", "),
        Token("size", name="num_units"),
        Token("words", " "),
        Token("strong", "long"),
        Token("words", ": "),
        Token("code", "a[0]"),
        Token("words", ", "),
        Token("axes", name="h"),
        Token("words", "."),
    ]


def test_tokens_as_plain_text_read_like_a_sentence() -> None:
    text = "{a} is {a.shape}, that is {a.axes}; {num_units.name} is {num_units}, {parameters} to learn, *{twice}* not."
    result = tokens(text, STACK, figures={"twice": lambda stack: 2 * stack.num_units})

    assert plain(result[:-1], STACK) == (
        "aₜ is 3 × 20, that is batch_size × 4·num_units; num_units is 5, 160 to learn, {twice}"
    )


def test_a_figure_is_computed_from_the_stack() -> None:
    assert tokens("{half}", STACK, figures={"half": lambda stack: stack.time_step // 2}) == [Token("number", "2")]


def test_a_figure_may_be_a_number_or_a_text_that_words_cannot_depend_on() -> None:
    figures: Figures = {"measured": 71_434, "share": "91.4%"}

    assert (
        plain(tokens("{measured} [measured:row|rows], {share}", STACK, figures=figures), STACK) == "71,434 rows, 91.4%"
    )
    with pytest.raises(PlaceholderError, match="share: 91"):
        tokens("[share:one|many]", STACK, figures=figures)


def test_the_numbers_of_a_large_stack_are_grouped() -> None:
    large = Stack(CELLS["lstm"], 1024, 10_000, 4096, 8192)

    assert plain(tokens("{X.shape}, {time_step}", large), large) == "1,024 × 10,000 × 4,096, 10,000"


@pytest.mark.parametrize(("features", "expected"), [(1, "1 row for x is"), (2, "2 rows for x are")])
def test_words_in_brackets_depend_on_a_number(features: int, expected: str) -> None:
    stack = Stack(CELLS["lstm"], 3, 4, features, 5)

    assert plain(tokens("{features} [features:row for x is|rows for x are]", stack), stack) == expected


def test_words_in_brackets_may_have_placeholders() -> None:
    text = "[time_step:Alone.|Of {time_step} steps, *all* `h`.] [twice:one|{twice}] {h.last}"
    result = tokens(text, STACK, figures={"twice": lambda stack: 2 * stack.num_units})

    assert plain(result, STACK) == "Of 4 steps, all h. 10 h₃"
    assert plain(tokens(text.replace("twice", "parameters"), STACK), STACK) == "Of 4 steps, all h. 160 h₃"


@pytest.mark.parametrize(
    "text", ["{nothing}", "{num_proj}", "{h.size}", "{h.shape.x}", "{num_units.shape}", "{}", "[nothing:one|two]"]
)
def test_an_unknown_placeholder_is_an_error(text: str) -> None:
    with pytest.raises(PlaceholderError, match="is not there"):
        tokens(text, STACK)


def test_the_known_placeholders_depend_on_the_cell() -> None:
    gru = Stack(CELLS["gru"], 3, 4, 2, 5)

    assert plain(tokens("{z}", gru), gru) == "zₜ"
    with pytest.raises(PlaceholderError, match="r, z"):
        tokens("{c}", gru)


def test_x_of_an_upper_layer_has_another_shape() -> None:
    stack = Stack(CELLS["lstm"], 3, 4, 2, 5, num_layers=2, bidirectional=True)

    assert plain(tokens("{x.shape}", stack, 1), stack, 1) == "3 × 10"


def test_the_tensors_that_a_text_names_are_listed_once() -> None:
    assert tensors_in("{h} {features} {h.shape} {c.axes} `{x}` {figure}", STACK.program()) == ["h", "c"]
