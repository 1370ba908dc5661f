"""Every message that is recognized is answered, whatever its sizes: any number of axes, 0, ?, and nine digits."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from random import Random

import pytest
from provoked import MISTAKES, recorded

from app.reading.errors.expected_and_given_shape import MOST_AXES
from app.reading.errors.explanation import TEMPLATES, Explanation, NotFoundError, explain
from app.reading.errors.framework_messages.message_template import MessageTemplate
from app.reading.errors.mismatch import Shape
from app.translations.translator import ENGLISH
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import Answer, answer_to

VIEW = parse([], strict=True)
MOST_CHARACTERS = 200_000
"""Of the pictures of an answer."""

LARGE = 999_999_999
UNIFORM: list[Shape] = [(size,) * count for count in range(6) for size in (0, 1, None, LARGE)]
SHAPES = list(dict.fromkeys([*UNIFORM, (2, 3, 20), (3, 2, 20), (0, 3, 20), (20, 10, 1), (18, 3, 20), (4, LARGE, 20)]))
PAIRS = list(product(SHAPES, SHAPES))

TEXTS = {"place": "_l0", "axis": "-1", "name": "lstm", "scope": "/hi", "operation": "lstm/lstm_cell/MatMul", "any": "x"}

NUMBER = re.compile(r"(?<![\w.])\d{1,6}(?![\w.])")


def filled(template: MessageTemplate, shapes: tuple[Shape, Shape]) -> str:
    """The message with the shapes in turn, and their first sizes or their numbers of axes as numbers."""
    places = iter(range(99))

    def value(match: re.Match[str]) -> str:
        kind = match[1]
        if kind in TEXTS:
            return TEXTS[kind]
        shape = shapes[next(places) % 2]
        if kind == "shape":
            return "(" + ", ".join(map(str, shape)) + ")"
        return str(next((size for size in shape if size is not None), len(shape)))

    return "self.lstm(x) in layers/rnn/lstm.py\nhx[1]\nLSTM" + re.sub(r"\{\w+:(\w+)\}", value, template.text)


def answered(text: str) -> tuple[Explanation, Answer] | None:
    try:
        explanation = explain(text)
    except NotFoundError:
        return None
    return explanation, answer_to(explanation, {}, VIEW, ENGLISH)


def answers(cases: Iterable[tuple[MessageTemplate, tuple[Shape, Shape]]]) -> Iterator[Answer]:
    for template, shapes in cases:
        if found := answered(filled(template, shapes)):
            yield found[1]


def bounded(answer: Answer) -> bool:
    return sum(map(len, (*answer.charts, *answer.pictures))) < MOST_CHARACTERS


def test_a_message_is_answered_whatever_its_sizes() -> None:
    found = list(answers(zip(TEMPLATES, Random(0).choices(PAIRS, k=len(TEMPLATES)), strict=True)))

    assert len(found) > 80
    assert all(map(bounded, found))


def test_a_message_about_an_array_without_axes_is_answered() -> None:
    found = list(answers((one, shapes) for one in TEMPLATES for shapes in [((), (None,)), ((8, 5), ())]))

    assert len(found) > 150
    assert all(map(bounded, found))


@pytest.mark.full
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_every_message_is_answered_whatever_its_sizes(template: MessageTemplate) -> None:
    assert all(map(bounded, answers((template, shapes) for shapes in PAIRS)))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(20))
def test_every_recorded_error_is_answered_also_with_other_numbers(seed: int) -> None:
    random = Random(seed)

    def changed(number: re.Match[str]) -> str:
        return random.choice((number[0], number[0], "0", "1", str(random.randint(2, 300)), str(LARGE)))

    texts = [mistake.pasted(recorded()[mistake.name]) for mistake in MISTAKES if mistake.name in recorded()]
    for text in (*texts, *(NUMBER.sub(changed, text) for text in texts)):
        found = answered(text)
        assert not found or bounded(found[1]), text


@pytest.mark.parametrize(
    "text",
    [
        "LSTM: Expected input to be 2D or 3D, got 999999999D instead",
        "Input 0 of layer lstm is incompatible with the layer: expected min_ndim=3, found ndim=999999999",
        "For batched 3-D input, hx and cx should also be 3-D but got (999999999-D, 3-D) tensors",
        "Input sequence_lens must have shape {3}. Actual:{3,1}",
        "Expected hidden size (), got (1,2,3)",
        "Input W must have shape {}. Actual:{2}",
        "lstm\nmat1 and mat2 shapes cannot be multiplied (80x4 and 0x80)",
        "Input 0 of layer lstm is incompatible with the layer: expected axis 2 of input shape to have value 0",
        "The `mask` passed to the `TimeDistributed` layer has a shape (3,) that is incompatible with the input shape"
        " (4,)",
        "Trying to share variable rnn/multi_rnn_cell/cell_0/lstm_cell/kernel, but specified shape (1, 80) and found"
        " shape (20, 10, 1)",
        "lstm\nGiven normalized_shape=[128], expected input with shape [*, 64], but got input of size[9, 4, 128]",
        "Input 0 with name 'None' of layer 'conv_lstm2d' is incompatible with the layer: expected ndim=3, found ndim=4."
        " Full shape received: (128, 32, 32, 1)",
    ],
)
def test_sizes_that_no_network_has_are_not_compared(text: str) -> None:
    found = answered(text)

    assert found
    assert bounded(found[1])
    assert len(found[1].expected) <= MOST_AXES
