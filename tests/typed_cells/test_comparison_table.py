"""A typed cell beside a cell that ships: counts, doubled sizes, sentences and the words of the gallery."""

import re

import pytest

from app.core.axes import FEATURES, NUM_UNITS
from app.core.stack import Stack
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY, SHIPPED
from app.equations.gallery.descriptions_and_sources import ENTRIES
from app.equations.gallery.entry import GROUPS, MATRICES, MATRIX, VECTOR
from app.teaching.placeholders import plain, tokens
from app.translations.languages import LANGUAGES, translator
from app.translations.translator import ENGLISH, Translator
from app.typed_cells.comparison_table import beside, counts, nearest, stack_beside
from app.typed_cells.sentence_above_typed_cell import cell_sentence

EVERY = {**SHIPPED, **GALLERY}


def stack_of(id: str, batch_size: int = 3, time_step: int = 4, features: int = 2, num_units: int = 6) -> Stack:
    cell = cell_of(EVERY[id])
    return Stack(cell, batch_size, time_step, num_units if "features" in cell.own_sizes else features, num_units)


def text_of(stack: Stack, translate: Translator = ENGLISH) -> str:
    return "".join(word for word, _ in cell_sentence(stack, translate)).replace("\u00a0", " ")


def test_a_mingru_beside_a_gru_has_the_numbers_of_the_study() -> None:
    stack = stack_of("mingru", 3, 4, 2, 5)
    found = beside(stack, stack_beside(stack))
    assert [(row.label, row.first, row.second, row.larger) for row in found.rows] == [
        ("parameters", 30, 120, 1),
        ("weight matrices", 2, 3, 1),
        ("of them for h", 0, 3, 1),
        ("rows of a kernel", FEATURES, NUM_UNITS + FEATURES, 1),
        ("layers with weights", 2, 3, 1),
        ("pointwise operations", 4, 5, 1),
        ("states", 1, 1, None),
        ("numbers of state for a sequence", 5, 5, None),
        ("FLOPs, 4 steps", 900, 3180, 1),
    ]
    assert [(row.axis, row.size, row.parameters) for row in found.doubled] == [
        ("num_units", 10, (60, 390)),
        ("features", 4, (50, 150)),
    ]


def test_linear_attention_beside_an_lstm_has_the_numbers_of_the_study() -> None:
    stack = stack_of("linear_attention", 3, 4, 7, 10)
    ours, theirs = counts(stack), counts(stack_beside(stack))
    assert (ours.parameters, ours.state_numbers) == (182, 40)
    assert (theirs.parameters, theirs.state_numbers) == (720, 20)
    assert text_of(stack) == (
        "A matrix for each head: M is 3 × 2 × 4 × 5, 40 numbers for a sequence. An LSTM of 10 units keeps 20."
    )


@pytest.mark.parametrize(
    ("id", "matrices", "of_state", "layers"),
    [
        ("lstm", 4, 4, 4),
        ("gru", 3, 3, 3),
        ("rnn", 1, 1, 1),
        ("janet", 4, 2, 2),
        ("lstm_layer_norm", 8, 4, 4),
        ("slstm", 8, 4, 4),
        ("mlstm", 6, 0, 6),
        ("qrnn", 6, 0, 3),
        ("indrnn", 1, 0, 1),
    ],
)
def test_a_kernel_counts_once_for_each_gate(id: str, matrices: int, of_state: int, layers: int) -> None:
    found = counts(stack_of(id))
    assert (found.weight_matrices, found.state_matrices, found.layers) == (matrices, of_state, layers)


def test_a_weight_matrix_of_several_products_counts_once() -> None:
    lines = "W: features, num_units", "U: num_units, num_units", "z = sigmoid(x @ W + h_prev @ U)"
    cell = cell_of("\n".join(("h: batch_size, num_units", *lines, "h = z * h_prev + tanh(x @ W + h_prev @ U)")))
    found = counts(Stack(cell, 3, 4, 2, 6))
    assert (found.weight_matrices, found.state_matrices) == (2, 1)


def test_tied_sizes_are_doubled_together() -> None:
    stack = stack_of("sru")
    for row in beside(stack, stack_beside(stack)).doubled:
        assert row.parameters[0] == 3 * 12 * 12 + 4 * 12


def test_a_size_that_is_no_whole_number_is_left_out() -> None:
    cell = cell_of(GALLERY["mingru"].replace("h:", "axis K = 9 / features\nk: K\nh:", 1) + " * sum(k, K)")
    stack = Stack(cell, 1, 1, 3, 2)
    rows = {row.axis: row.parameters for row in beside(stack, stack_beside(stack)).doubled}
    assert rows["features"] == (None, 54) and rows["num_units"][0]


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("mingru", "gru"),
        ("minlstm", "lstm"),
        ("slstm", "lstm"),
        ("indrnn", "rnn"),
        ("mgu", "gru"),
        ("rwkv_7", "lstm"),
        ("gru", "lstm"),
        ("lstm", "gru"),
        ("gru_reset_after", "gru"),
        ("rnn", "gru"),
    ],
)
def test_the_nearest_cell_has_the_name_or_the_states_and_gates(id: str, expected: str) -> None:
    assert nearest(cell_of(EVERY[id])).id == expected


SECOND = "c: batch_size, num_units"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h = tanh(x @ W + h_prev @ U)", "1 of 2 weight matrices read the state. The cell has 42 parameters, "),
        ("h = tanh(x @ W + h_prev @ transpose(U))", "1 of 2 weight matrices read the state. The cell has 42 "),
        ("h = tanh(x @ W + h_prev @ (U * abs(U)))", "1 of 2 weight matrices read the state. The cell has 42 "),
        ("h = tanh(x @ W + h_prev)", "No weight joins h with h: each of the 6 units remembers by itself."),
        ("h = tanh(x @ W + h_prev * u)", "Each number of h sees itself alone: u is no matrix."),
        ("h = tanh(concat(h_prev, x) @ K)", "Every weight matrix reads h."),
        (f"{SECOND}\nc = tanh(concat(c_prev, x) @ K)\nh = h_prev + c", "Every weight matrix reads c."),
        (f"{SECOND}\nc = h_prev @ U\nh = tanh(concat(c_prev, x) @ K)", "Every weight matrix reads a state."),
    ],
)
def test_the_sentence_of_any_cell_says_how_the_state_is_read(text: str, expected: str) -> None:
    axes = {
        "W": "features, num_units",
        "U": "num_units, num_units",
        "u": "num_units",
        "K": "num_units + features, num_units",
    }
    weights = "".join(f"{name}: {own}\n" for name, own in axes.items() if re.search(rf"\b{name}\b", text))
    stack = Stack(cell_of(f"h: batch_size, num_units\n{weights}{text}"), 3, 4, 2, 6)
    if "U:" in weights:
        expected = expected.replace("42", str(stack.parameters()))
    assert text_of(stack).startswith(expected)


def test_sizes_in_a_sentence_have_the_colours_of_their_axes() -> None:
    words = cell_sentence(stack_of("linear_attention", 3, 4, 7, 10))
    assert [word for word in words if word[1]] == [
        ("3", "batch_size"),
        ("2", "heads"),
        ("4", "K"),
        ("5", "V"),
        ("10", "num_units"),
    ]


def test_every_cell_of_the_gallery_has_words() -> None:
    assert {*ENTRIES} == {*GALLERY, *SHIPPED}
    for id, entry in ENTRIES.items():
        assert entry.id == id and entry.text == EVERY[id] and len(entry.name) <= 18
        assert re.search(r"(19|20)\d\d", entry.reference)
        assert 1 <= len(re.findall(r"\.(?: |$)", entry.about)) <= 4
        assert entry.mistaken.endswith(".") and entry.sentence.endswith(".")
    groups = [entry.group for entry in ENTRIES.values()]
    assert groups == sorted(groups, key=GROUPS.index)


def test_a_group_says_what_the_states_are() -> None:
    for id, entry in ENTRIES.items():
        widest = max(len(text.split(", ")) - ("heads" in text) for text in cell_of(EVERY[id]).states.values())
        has_heads = any("heads" in text for text in cell_of(EVERY[id]).states.values())
        assert entry.group == (VECTOR if widest == 2 else MATRICES if has_heads else MATRIX), id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_name_only_what_the_cell_has_in_every_language(language: str) -> None:
    translate = translator(language)
    for id, entry in ENTRIES.items():
        stack = stack_of(id)
        texts = [plain(tokens(translate(t), stack, translate=translate), stack) for t in (entry.about, entry.mistaken)]
        for text in (*texts, text_of(stack, translate)):
            assert not re.search(r"[{}\[\]|]", text), text
            assert len(text) <= 340
