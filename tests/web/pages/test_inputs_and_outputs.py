"""The rows below the picture: the inputs and outputs of the framework, and the number of trainable parameters."""

from dataclasses import replace
from html import unescape
from itertools import product
from re import DOTALL, findall, sub
from urllib.parse import parse_qsl

import pytest
from app_client import TestClient

from app.core.cells import CELLS
from app.frameworks import FRAMEWORKS
from app.translations.languages import translator
from app.translations.translator import ENGLISH
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.web.pages.parts.inputs_and_outputs import Entry, arrays, brief
from app.web.pages.parts.parameters import parameter_count

STACKED = "num_layers=2&bidirectional=true&num_units=20&features=10&time_step=5"


def url_state_of(query: str) -> UrlState:
    return parse(parse_qsl(query), strict=True)


def written(entries: list[Entry]) -> list[str]:
    return [f"{one.name} {tuple(axis.size for axis in one.sizes)}" for one in entries]


def rows(query: str) -> list[list[str]]:
    """Sequences and states of what goes in, then of what comes out."""
    inputs, outputs, _ = arrays(url_state_of(query), ENGLISH)
    return [written(column) for row in (inputs, outputs) for column in (row.sequences, row.states)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [["X (3, 4, 2)"], ["initial h, c (3, 5)"], ["Y (3, 4, 5)"], ["h_T, c_T (3, 5)"]]),
        (
            f"framework=pytorch&{STACKED}",
            [["input (5, 3, 10)"], ["h_0, c_0 (4, 3, 20)"], ["output (5, 3, 40)"], ["h_n, c_n (4, 3, 20)"]],
        ),
        (
            f"framework=pytorch&batch_first=true&{STACKED}",
            [["input (3, 5, 10)"], ["h_0, c_0 (4, 3, 20)"], ["output (3, 5, 40)"], ["h_n, c_n (4, 3, 20)"]],
        ),
        (
            "framework=pytorch&num_proj=3",
            [
                ["input (4, 3, 2)"],
                ["h_0 (1, 3, 3)", "c_0 (1, 3, 5)"],
                ["output (4, 3, 3)"],
                ["h_n (1, 3, 3)", "c_n (1, 3, 5)"],
            ],
        ),
        ("framework=keras", [["inputs (3, 4, 2)"], ["initial_state[0], [1] (3, 5)"], ["output (3, 5)"], []]),
        (
            "framework=keras&return_sequences=true&return_state=true&cell=gru",
            [["inputs (3, 4, 2)"], ["initial_state[0] (3, 5)"], ["output (3, 4, 5)"], ["state_h (3, 5)"]],
        ),
        (
            "framework=tf1&time_major=true",
            [["inputs (4, 3, 2)"], ["initial_state.c, .h (3, 5)"], ["outputs (4, 3, 5)"], ["state.c, .h (3, 5)"]],
        ),
        (
            "framework=onnx&layout=1&cell=gru",
            [["X (3, 4, 2)"], ["initial_h (3, 1, 5)"], ["Y (3, 4, 1, 5)"], ["Y_h (3, 1, 5)"]],
        ),
        (
            "framework=flax&return_carry=true&bidirectional=true",
            [
                ["inputs (3, 4, 2)"],
                ["initial_carry[…][…] (3, 5)"],
                ["outputs (3, 4, 10)"],
                ["forward_c … backward_h (3, 5)"],
            ],
        ),
    ],
)
def test_shapes_are_multiplied_out_in_the_order_of_the_framework(query: str, expected: list[list[str]]) -> None:
    assert rows(query) == expected


def test_axes_that_only_a_framework_has_are_in_ink_and_have_letters() -> None:
    (state,) = arrays(url_state_of(f"framework=pytorch&{STACKED}"), ENGLISH).outputs.states
    assert [axis.colour for axis in state.sizes] == ["ink", "batch_size", "num_units"]
    assert ["".join(span.text for span in axis.letters) for axis in state.sizes] == ["2·L", "B", "U"]


def test_names_of_a_framework_are_not_translated() -> None:
    spanish = translator("es")
    assert written(arrays(url_state_of("framework=pytorch"), spanish).inputs.sequences) == ["input (4, 3, 2)"]
    assert written(arrays(url_state_of(""), spanish).inputs.states) == ["h inicial, c inicial (3, 5)"]


def test_names_of_axes_are_shown_from_the_width_that_they_need() -> None:
    url_state = url_state_of("framework=flax&return_carry=true&bidirectional=true&num_layers=2")
    english = arrays(url_state, ENGLISH).fits
    assert (
        arrays(replace(url_state, notation="hidden_size"), ENGLISH).fits
        < english
        < arrays(url_state, translator("es")).fits
    )


def test_a_letter_stands_for_one_axis() -> None:
    """In PyTorch's documentation, L is seq_len."""
    (state,) = arrays(url_state_of("framework=pytorch&notation=hidden_size"), ENGLISH).outputs.states
    assert ["".join(span.text for span in axis.letters) for axis in state.sizes] == ["num_layers", "N", "H"]


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["h_n", "c_n"], "h_n, c_n"),
        (["state[0].c", "state[0].h", "state[1].c", "state[1].h"], "state[…].c, .h"),
        (["initial_state[0]", "initial_state[1]"], "initial_state[0], [1]"),
        (["initial_state[0]", "initial_state[1]", "initial_state[2]", "initial_state[3]"], "initial_state[…]"),
        (["forward_h", "forward_c", "backward_h", "backward_c"], "forward_h … backward_c"),
        (["output"], "output"),
    ],
)
def test_several_names_are_written_as_one(names: list[str], name: str) -> None:
    assert brief(names) == name


def test_an_entry_selects_its_tensor_in_its_layer_and_at_its_step() -> None:
    inputs, outputs, _ = arrays(url_state_of(f"framework=pytorch&{STACKED}&layer=1&direction=backward"), ENGLISH)
    assert "tensor=X" in inputs.sequences[0].link and "&layer=" not in inputs.sequences[0].link
    assert (
        "t=4&" in inputs.states[0].link and "tensor=h_prev" in inputs.states[0].link
    )  # backwards, step 4 is the first
    assert "layer=1&direction=backward&tensor=h_T" in outputs.states[0].link
    assert inputs.states[0].tensors == ["h_prev", "c_prev"] and outputs.sequences[0].tensors == ["Y", "h"]


def test_a_locked_step_stays() -> None:
    assert "t=1&" in arrays(url_state_of("t=1&lock=t"), ENGLISH).inputs.states[0].link


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_numbers_of_layers_and_arrays_add_up(framework: str) -> None:
    for cell, size in product(CELLS, ("", "&num_layers=3", "&num_layers=2&bidirectional=true")):
        url_state = replace(url_state_of(f"cell={cell}{size}"), framework=framework)
        count = parameter_count(url_state)
        directions = len(url_state.stack.directions)
        lowest, *above = [one.count * directions for one in count.cells]
        assert count.count == sum(weight.count for weight in count.weights) == url_state.shown_model.parameter_count
        assert count.count == lowest + sum(above) * (url_state.num_layers - 1)


def test_a_long_formula_is_described() -> None:
    long = parameter_count(url_state_of("cell=lstm_peephole&num_units=2000&num_proj=1000&features=4000"))
    assert str(long.brief) == "42,000,000 in matrices, 14,000 in vectors"
    assert str(parameter_count(url_state_of("num_layers=3")).brief) == "160 in layer 0, 220 in each of layers 1–2"
    assert str(parameter_count(url_state_of("bidirectional=true")).brief) == "160 in each direction"


def panel(client: TestClient, query: str) -> str:
    (found,) = findall(
        r'<div id="selected" data-live>(.*?)<section class="inspector"', client.get(f"/?{query}").text, DOTALL
    )
    return " ".join(unescape(sub("<[^>]*>", " ", found)).split())


def test_the_panel_explains_the_number_until_a_tensor_is_selected(client: TestClient) -> None:
    shown = panel(client, "parameters=true&framework=pytorch&tensor=h")
    assert "4 × ( num_units × features + num_units × num_units + 2 × num_units )" in shown
    assert "weight_ih_l0 4· 5 × 2 40" in shown and "Not in it: batch_size and time_step ." in shown
    url_state = url_state_of("parameters=true&tensor=h")
    assert url_state.query(tensor="h") == url_state.query(tensor="h", parameters=False) == "?tensor=h"
    assert url_state.query(num_units=6) == "?num_units=6&tensor=h&parameters=true"


def test_hidden_shapes_are_hidden_in_the_table_of_gradients(client: TestClient) -> None:
    for labels, is_shown in (("numbers", True), ("hidden", False)):
        html = client.get(f"/?view=gradients&num_units=77&labels={labels}").text
        (table,) = findall(r'<table class="gradients".*?</table>', html, DOTALL)
        assert (">77<" in table) == is_shown


def test_hidden_shapes_are_hidden_below_the_picture_and_in_the_panel(client: TestClient) -> None:
    html = client.get("/?num_units=77&labels=hidden&parameters=true").text
    (section,) = findall(r'<section class="inputs-and-outputs".*?</section>', html, DOTALL)
    words = " ".join(sub("<[^>]*>", " ", section).split())
    assert words == "inputs X ? initial h, c ? outputs Y ? h_T, c_T ? ? trainable parameters"
    assert "num_units" not in section.replace("num_units=77", "")
    assert "Trainable parameters" not in html
