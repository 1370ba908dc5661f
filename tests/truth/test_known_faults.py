"""The false statements that hostile testing found, each by its own link: what is so instead."""

import re
from urllib.parse import parse_qsl

import check_json as answers
import check_notes as notes
import check_pages as pages
import check_pictures as pictures
import check_units as units
import check_values as values
import frameworks
import numpy as np
import pytest
import shapes
from cells import computed
from check_judgements import Room
from comparing import check_plurals
from elements import parsed
from http_client import arrays, ask, get, link, our_arrays, page, truth
from inputs import read, vocabulary
from stacks import Case

FIRST = Case(t=0)


def words_beside(address: str) -> str:
    """The prose beside the picture of a lesson or a question; nothing where the page shows none."""
    section = parsed(get(address)).one("section", id="lesson")
    return " ".join(paragraph.text for paragraph in section.all("p"))


def shown(address: str) -> str:
    return parsed(get(address)).one("main").text


# W1, W2: gradients


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("num_layers, layer", [(1, 0), (2, 0), (2, 1)])
def test_the_gradient_of_the_input_sums_both_directions(direction: str, num_layers: int, layer: int) -> None:
    values.check_gradients(Case(bidirectional=True, num_layers=num_layers, layer=layer, direction=direction, t=0))


def test_the_gradient_of_the_input_of_the_default_cell_is_0_2107() -> None:
    X = ask("/gradients.json", Case(bidirectional=True, t=0))["tensors"][0]
    assert X["id"] == "X"
    assert X["norm"] == pytest.approx(0.2107, abs=5e-5)


@pytest.mark.parametrize("merge_mode, norm", [("concat", 3.873), ("sum", 3.873), ("ave", 1.936), ("mul", 0.341)])
def test_a_merge_mode_is_part_of_what_is_differentiated(merge_mode: str, norm: float) -> None:
    case = Case(framework="keras", bidirectional=True, merge_mode=merge_mode, return_sequences=True, t=3)
    assert np.linalg.norm(truth(case).gradient("h", (0, "forward"), 3)) == pytest.approx(norm, abs=5e-4)
    for direction in case.directions:
        values.check_gradients(Case(**vars(case) | {"direction": direction}))


# W3: what is read


@pytest.mark.parametrize(
    "case",
    [
        Case(data="text", text="hello world", cut="words", features=2, t=0),
        Case(data="text", text="hello world", features=8, t=0),
        Case(data="wave", features=1, t=0),
        Case(data="digit", features=28, time_step=28, t=0),
    ],
    ids=lambda case: f"{case.data}-{case.cut}",
)
def test_X_is_made_from_the_data_in_every_answer_and_the_config_has_it(case: Case) -> None:
    answers.check_what_is_read(case)
    answers.check_config(case)
    for path in ("/trace.json", "/table.csv", "/"):
        assert "random values from the seed" not in get(link(path, case)).decode().split("kernel")[0], link(path, case)


def test_two_runs_have_two_configs() -> None:
    texts = [Case(data="text", text=text, features=3, t=0) for text in ("abc", "cab")]
    assert ask("/trace.json", texts[0])["config"] != ask("/trace.json", texts[1])["config"]


# W4, W5, W7: prose that knows where it is


def test_the_last_h_of_the_backward_direction_has_seen_one_x_where_it_is_named() -> None:
    """Drawn at t=2 of T=4, h₂ of the backward direction has seen x₃ and x₂: it is h₃ that has seen a single x."""
    address = (
        "/questions/both-directions?framework=pytorch&bidirectional=true&direction=backward&view=rolled&tensor=h_T"
    )
    said = re.search(r"its h(\d) there has seen a single x ?(\d)?", words_beside(address))
    assert said is None or said[1] == "3", said[0]


def test_a_lesson_about_a_text_counts_what_is_read() -> None:
    case = Case(data="text", text="hello world", features=8, batch_size=2, time_step=2, t=1)
    X = our_arrays(case)["X"]
    occurring = {read(case, b, t) for b in range(2) for t in range(2)}
    assert X.sum(axis=(0, 1)).astype(bool).sum() == len(occurring) == 3
    said = words_beside(link("/learn/what-is-num-units", case, lesson_page=10, view="batch"))
    counted = re.search(r"(\d+) characters.*?(\d+) different", said)
    if counted:
        whole = "whole text" in said or "text has" in said
        assert int(counted[2]) == (len(vocabulary(case)) if whole else len(occurring)), counted[0]


def test_a_lesson_about_characters_is_not_shown_beside_words() -> None:
    address = "/learn/what-is-num-units?lesson_page=10&data=text&cut=words&text=hello+world&view=batch"
    assert not re.search(r"\d characters", words_beside(address))


@pytest.mark.parametrize(
    "address, t",
    [
        ("/questions/five-cells?t=0", 0),
        ("/questions/five-cells?framework=keras&go_backwards=true&t=3", 3),
    ],
)
def test_no_state_comes_from_a_step_before_the_first(address: str, t: int) -> None:
    words = words_beside(address)
    assert not re.search(r"h ?(−1|4) comes from the step before", words), words


@pytest.mark.parametrize("path", ["/questions/stateful?tensor=h_prev", "/learn/what-is-num-units?lesson_page=6"])
def test_zeros_come_in_where_the_run_begins(path: str) -> None:
    """With go_backwards that is the last step: at step 0 the states are not zeros."""
    case = Case(framework="keras", go_backwards=True, t=0)
    assert truth(case).steps[0, "forward"][0]["h_prev"].value.any()
    words = words_beside(f"{path}&framework=keras&go_backwards=true&t=0")
    assert not re.search(r"zeros (at step 0|there)", words), words


@pytest.mark.parametrize("poke", ["h_prev", "c_prev"])
@pytest.mark.parametrize("path", ["/questions/independent-units?", "/learn/what-is-num-units?lesson_page=8&"])
def test_no_step_follows_the_last(path: str, poke: str) -> None:
    words = words_beside(f"{path}view=units&poke={poke}&t=3")
    assert not re.search(r"[Ii]n the next (one|step) all", words), words


def test_the_gradient_enters_the_picture_where_it_is_not_zero() -> None:
    """The backward direction makes the output at the last step first: there the gradient of h comes from the sum."""
    case = Case(bidirectional=True, direction="backward", t=1)
    norms = next(t["norm"] for t in ask("/gradients.json", case)["tensors"] if t["id"] == "h")
    assert np.flatnonzero(norms).tolist() == [3]
    drawing = get(link("/diagram.svg", case, view="gradients")).decode()
    places = {
        pictures.words(text): float(re.findall(r' x="([\d.]+)"', text)[0])
        for text in re.findall(r"<text.*?</text>", drawing)
    }
    (mark,) = (x for words, x in places.items() if words.startswith("starts here"))
    steps = {words: x for words, x in places.items() if re.search(r"step \d, same cell|, step$", words)}
    assert len(steps) == case.time_step
    assert min(steps, key=lambda words: abs(steps[words] - mark)) == "step 3, same cell", (mark, steps)


# W6: what is counted


def test_eleven_of_eighteen_tensors_of_a_step_are_computed() -> None:
    step = truth(FIRST).steps[0, "forward"][0]
    assert (len(computed(step)), len(step)) == (11, 18)


def test_the_proof_counts_what_is_recorded() -> None:
    case = Case(time_step=11, t=0)
    pages.check_proof(case, truth(case), page("/", case).one(id="proof").text, link("/", case))


def test_nothing_that_is_given_or_cut_is_called_an_operation() -> None:
    assert not re.search(r"[Oo]peration \d+ of 18", shown("/?stepping=true&tensor=f"))
    assert not re.search(r"[Oo]peration 1 of \d+: input at this step", get("/?stepping=true&tensor=f").decode())


# W8: rooms


@pytest.mark.parametrize(
    "case, tensor, right, wrong",
    [
        (Case(framework="pytorch", t=0), "X", "4x3x2", "3x4x2"),
        (Case(framework="pytorch", num_layers=2, t=0), "h_T", "2x3x5", "3x2x5"),
        (Case(bidirectional=True, t=0), "Y", "3x4x10", "3x4x5"),
        (Case(framework="pytorch", bidirectional=True, t=0), "Y", "4x3x10", "3x4x5"),
        (Case(framework="pytorch", batch_first=True, t=0), "X", "3x4x2", "4x3x2"),
        (Case(framework="tf1", time_major=True, t=0), "X", "4x3x2", "3x4x2"),
        (Case(framework="onnx", t=0), "Y", "4x1x3x5", "4x3x5"),
        (Case(framework="onnx", bidirectional=True, t=0), "h_T", "2x3x5", "3x5"),
        (Case(t=0), "a", "3x20", "20x3"),
        (Case(t=0), "concat", "3x7", "3x5"),
    ],
    ids=lambda value: value.framework if isinstance(value, Case) else str(value),
)
def test_a_room_judges_by_the_shape_that_the_picture_shows(case: Case, tensor: str, right: str, wrong: str) -> None:
    room = Room(case)
    assert room.judges(tensor, right), f"{right} is right"
    assert not room.judges(tensor, wrong), f"{wrong} is wrong"


# W9, W10: roundings and plurals


def test_no_cell_contradicts_what_is_said_to_be_left() -> None:
    """Found by search: of 12 steps, one difference of h is left that rounds to 0.001 and is smaller."""
    case = Case("gru_reset_after", 7, 28, 28, 2, 0, 3, True, "pytorch", seed=999999999, data="digit", t=8, layer=1)
    notes.check_poke_read(case, "h_prev", 1, 5)


ALL_ONES = {"batch_size": 1, "time_step": 1, "features": 1, "num_units": 1}


@pytest.mark.parametrize("view", pictures.VIEWS)
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_where_every_size_is_1_nothing_is_counted_in_the_plural(cell: str, view: str) -> None:
    case = Case(cell, 1, 1, 1, 1, t=0)
    pages.check_words(case, view=view, sample=0, unit=0, poke="x" if view == "units" else "none", tensor="a")
    for tensor in ask("/trace.json", case)["tensors"]:
        for line in tensor["why"]:
            check_plurals(line, f"{link('/trace.json', case)}: why {tensor['id']}")


@pytest.mark.parametrize("query", ["data=text&text=a", "data=wave", "data=text&text=a&cut=words", "view=gradients"])
def test_of_one_value_nothing_is_said_in_the_plural(query: str) -> None:
    case = Case(batch_size=1, time_step=1, num_units=1, features=1 if "data" in query else 2, t=0)
    given = dict(parse_qsl(query))
    words = page(
        "/", Case(**vars(case) | {n: text for n, text in given.items() if n != "view"}), view=given.get("view", "batch")
    )
    check_plurals(words.one("main").text, query)


# and what this checker found


@pytest.mark.parametrize("cell", ["rnn"])
def test_an_rnn_is_not_said_to_have_gates(cell: str) -> None:
    assert "very gate" not in shown(f"/?cell={cell}&view=units&poke=x")
    assert "Its gates are made" not in shown(f"/?cell={cell}&view=weights&unit=0")


def test_numbers_that_nothing_reads_are_not_said_to_read() -> None:
    units.check_unit_entry(Case("lstm_coupled", framework="onnx", t=0), 0)


def test_a_unit_reads_all_of_x_that_both_directions_give() -> None:
    units.check_unit(Case(num_layers=2, bidirectional=True, layer=1, t=0), 0)


@pytest.mark.parametrize("framework", ["pytorch", "onnx"])
@pytest.mark.parametrize("path", ["/questions/how-many-cells?", "/learn/what-is-num-units?lesson_page=9&"])
def test_prose_counts_parameters_as_the_page_beside_it_does(path: str, framework: str) -> None:
    case = Case(framework=framework, t=0)
    stored = sum(array.size for name, array in arrays(case).items() if name not in ("input", "X"))
    said = re.search(r"(\d+) trainable parameters", words_beside(f"{path}framework={framework}"))
    assert said is None or int(said[1]) == stored, said[0]


def test_a_single_sample_has_one_row_of_a_step_and_one_sheet_of_the_run() -> None:
    assert "every tensor but the weights has one row." not in shown("/?view=batch&batch_size=1")


def test_at_the_first_step_no_state_is_left_by_a_step_before() -> None:
    assert "as it left the step before" not in parsed(get("/?t=0&tensor=h_prev")).one(id="explanation").text


@pytest.mark.parametrize("framework, gate", [("colah", "i"), ("onnx", "f")])
def test_the_gate_without_weights_reads_no_unit(framework: str, gate: str) -> None:
    """Of a coupled LSTM, three of the four gates of each of the 5 units have weights."""
    said = shown(f"/?cell=lstm_coupled&view=weights&unit=0&framework={framework}")
    assert f"15 parameters, one for each gate of each unit except {gate}" in said


@pytest.mark.parametrize("framework", ["colah", "keras", "pytorch", "onnx"])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_unit_of_a_lower_layer_is_read_by_each_cell_above(framework: str, direction: str) -> None:
    """In the row of its direction, by the kernel for x: the layer above has both directions side by side."""
    case = Case(framework=framework, num_layers=2, bidirectional=True, direction=direction, t=0)
    own = shapes.numbered(case)
    stored = frameworks.stored(case, own)
    found = set[int]()
    for piece in ask("/trace.json", case, unit=3)["unit"]["read_above"]:
        numbers = np.ravel(eval(f"array{piece['index']}", {"array": stored[piece["array"]]}))
        assert piece["count"] == numbers.size
        found |= {int(n) for n in numbers}
    above = [case.name_of((1, d), "kernel") for d in case.directions]
    x = case.width_of_h + case.directions.index(direction) * case.num_units + 3
    assert found == {int(n) for name in above for n in own[name][x]}
    assert "Layer 1 reads it as x, with" in shown(link("/", case, view="weights", unit=3))


def test_a_unit_of_the_top_layer_is_read_in_its_own_cell_alone() -> None:
    assert not ask("/trace.json", Case(num_layers=2, layer=1, t=0), unit=3)["unit"]["read_above"]
    assert "reads it as x" not in shown("/?num_layers=2&layer=1&view=weights&unit=3")


@pytest.mark.parametrize("view", ["unrolled", "units"])
def test_the_output_of_a_lower_layer_is_not_called_the_last_output(view: str) -> None:
    for layer, words in ((0, "last h"), (1, "last output")):
        marks = re.findall(r">(last \w+)\b", get(f"/diagram.svg?num_layers=2&layer={layer}&view={view}&t=3").decode())
        assert marks == [words]


def test_one_unit_alone_reads_no_other_and_no_table_is_promised_where_nothing_is_computed() -> None:
    page = "/learn/what-is-num-units?lesson_page=8&view=units&poke=h_prev"
    assert "units read one another" not in words_beside(f"{page}&num_units=1")
    sizes = "num_units=4000&features=4000&batch_size=512"
    assert "These sizes are too large to run" in shown(f"{page}&{sizes}")
    assert "If the values are computed, a table" in words_beside(f"{page}&{sizes}")
    assert "was changed" not in words_beside(f"/questions/independent-units?view=units&poke=h_prev&{sizes}")


@pytest.mark.parametrize("ours", ["bias", "recurrent_bias"])
def test_a_label_names_the_array_whose_shape_it_says(ours: str) -> None:
    """Keras has both biases of a GRU that resets after the product in one array."""
    html = get(f"/?view=weights&cell=gru_reset_after&framework=keras&tensor={ours}").decode()
    labels = {label for label in re.findall(r'aria-label="([^"]*)"', html) if "biases by" in label}
    assert len(labels) == 2
    assert all(label.endswith("bias: biases by 3 times num_units, 2 by 15") for label in labels), labels
    assert not any("recurrent_bias" in label for label in labels), labels


def test_of_two_directions_both_shapes_of_the_output_are_said() -> None:
    address = "/?bidirectional=true&tensor=Y&labels="
    panel = parsed(get(f"{address}numbers")).one("aside", id="panel").text
    assert "of this direction; with both directions concatenated, as in the picture: 3 × 4 × 2·5" in panel
    assert "Y is the output of this direction; of both: 3 × 4 × 2·5" in shown(f"{address}numbers")
    assert "of this direction" not in shown(f"{address}hidden")


def test_a_picture_that_hides_its_shapes_hides_how_many_weights_there_are() -> None:
    title = {labels: get(f"/diagram.svg?view=weights&labels={labels}").decode() for labels in ("numbers", "hidden")}
    assert "160 parameters" in title["numbers"]
    assert "160" not in title["hidden"]


def test_the_parameters_of_the_drawn_arrays_are_those_of_our_own_where_they_are_named() -> None:
    """The answer counts W and b, whichever framework stands beside it."""
    assert "160 parameters in total" in words_beside("/questions/parameters?view=weights&framework=pytorch")
