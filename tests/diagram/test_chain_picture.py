"""The picture of a chain: slabs, wires as thick as their vectors, folds, what is unknown, wrong or not reached."""

import pytest

from app.diagram.elements import Box, Head, Heading, Label, Outline, Polyline, Text
from app.diagram.model.model_picture import DrawnChain
from app.diagram.model.placement import NARROW, PAGE
from app.diagram.model.weights_to_scale import weights
from app.diagram.text_metrics import LEAST_NAME, mono_width, word_width
from app.diagram.thickness import thickness
from app.diagram.wires import Wire
from app.url_state.parsing import parse
from app.url_state_to_picture.model.model_url_state import ChainUrlState

MODEL = "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)"


def drawn(model: str = MODEL, format: str = "page", **sizes: int | str) -> DrawnChain:
    pairs = [("model", model), *((name, str(value)) for name, value in {"framework": "keras", **sizes}.items())]
    return ChainUrlState.of(parse(pairs, strict=True), pairs).picture("narrow" if format == "narrow" else "page")


def upright(chain: DrawnChain, role: str) -> list[Polyline]:
    """The wires of a colour from layer to layer."""
    lines = (s for s in chain.picture.shapes if isinstance(s, Polyline) and s.role == role)
    return [line for line in lines if line.points[0][0] == line.points[1][0]]


def words(chain: DrawnChain) -> list[str]:
    """Every text of the picture; labels in one piece."""
    texts = [s.text for s in chain.picture.shapes if isinstance(s, Text)]
    labels = (s for s in chain.picture.shapes if isinstance(s, Label))
    return texts + ["".join(span.text for line in label.lines for span in line) for label in labels]


def boxes(chain: DrawnChain, role: str) -> list[Box]:
    return [s for s in chain.picture.shapes if isinstance(s, Box) and s.role == role]


def test_a_wrapped_layer_says_how_many_are_stacked() -> None:
    assert {"LSTM, 64 units", "2 layers", "each way"} <= set(words(drawn("lstm(64,bi,layers=2)")))


def test_a_wire_is_as_thick_as_its_vector() -> None:
    assert {line.width for line in upright(drawn(time_step=200), "features")} == {thickness(128)} == {6.0}


def test_two_directions_are_two_strands_with_one_head_at_each_step() -> None:
    chain = drawn("lstm(9,64,bi,seq).lstm(32)", time_step=200)
    strands = [line for line in upright(chain, "num_units") if line.width == thickness(64)]
    heads = [s for s in chain.picture.shapes if isinstance(s, Head) and s.role == "num_units"]

    assert len(strands) == 2 * 3
    assert len(heads) == 3 + 1


def test_what_becomes_of_the_steps_is_said_only_of_layers_that_say_it() -> None:
    said = "all steps become one vector"

    assert said in words(drawn("lstm(9,8,seq).flatten")) and said in words(drawn("lstm(9,8,seq).pooling(8)"))
    assert said not in words(drawn("lstm(9,8,seq).other(8).dense(3)"))
    for picture in ("convolution(26,26,6).pooling(6)", "conv_lstm(26,26,6).pooling(6)"):
        found = words(drawn(f"input(9,28,28,1).{picture}" if "lstm" in picture else f"input(28,28,1).{picture}"))
        assert said not in found and "all places become one vector" in found
        assert ("only the last step goes on" in found) is ("lstm" in picture)


def test_no_wire_leads_from_a_layer_to_what_does_not_come_from_it() -> None:
    unknown, elsewhere = (drawn(f"lstm(9,8).{gap}(24,6).lstm(5)", time_step=200) for gap in ("other", "elsewhere"))

    def ends_at_gap(chain: DrawnChain) -> int:
        return len([line for line in upright(chain, "num_units") if line.width == thickness(8)])

    assert (ends_at_gap(unknown), ends_at_gap(elsewhere)) == (1, 0)
    assert "from elsewhere" in words(elsewhere) and "unknown" not in words(elsewhere)


def test_the_last_step_alone_goes_on_without_return_sequences() -> None:
    chain = drawn("lstm(9,32).dense(10)", time_step=200)

    assert [line.points[0][0] for line in upright(chain, "num_units")] == [PAGE.columns[3]]
    assert {"only the last step goes on", "return_sequences=False"} <= set(words(chain))


@pytest.mark.parametrize("model", ["lstm(9,32,back).dense(10)", "lstm(9,?,back).dense(10)"])
def test_of_a_layer_that_runs_backwards_step_0_goes_on(model: str) -> None:
    chain = drawn(model, time_step=200)
    courses = [s.points for s in chain.picture.shapes if isinstance(s, Polyline) and s.role == "num_units"]
    courses += [s.points for s in chain.picture.shapes if isinstance(s, Wire) and s.axis == "num_units"]

    assert [points[-1][0] for points in courses if points[0][0] == PAGE.columns[0]] == [PAGE.columns[3]]
    assert "only step 0 goes on" in words(chain)
    assert "only step 0 goes on" not in words(drawn(model.replace("back", "back,seq")))


def test_of_both_directions_of_keras_the_last_step_and_step_0_go_on_however_they_are_merged() -> None:
    """Keras merges the outputs that the two directions compute last."""
    for merge in ("sum", "mul", "ave"):
        chain = drawn(f"lstm(9,32,bi,{merge}).dense(10)", time_step=200)
        bent = [s.points for s in chain.picture.shapes if isinstance(s, Wire) and s.points[0][0] == PAGE.columns[0]]

        assert [points[-1][0] for points in bent if len(points) > 2] == [PAGE.columns[3]]
        assert [line.points[0][0] for line in upright(chain, "num_units")] == [PAGE.columns[3]]
        assert "both last outputs go on" in words(chain) and "only the last step goes on" not in words(chain)


@pytest.mark.parametrize("framework", ["onnx", "pytorch"])
def test_a_chain_says_where_the_last_states_of_both_directions_go_on_and_not_the_last_step(framework: str) -> None:
    states, step = (words(drawn(f"gru(9,32,bi{ends}).dense(10)", framework=framework)) for ends in (",ends", ""))

    assert "both last outputs go on" in states and "both last outputs go on" not in step
    assert ("only the last step goes on" in step) == (framework == "onnx"), "PyTorch may take a mean, too"


@pytest.mark.parametrize("way", ["", "bi,"])
def test_keras_returns_the_steps_of_a_layer_that_runs_backwards_in_reverse_order(way: str) -> None:
    def ends(model: str, framework: str = "keras") -> set[tuple[int, int]]:
        """The columns from which the vectors between two layers come, and to which they go."""
        lines = [
            s.points for s in drawn(model, framework=framework, time_step=4).picture.shapes if isinstance(s, Polyline)
        ]
        xs = PAGE.columns
        rising = [points for points in lines if len(points) == 2 and points[0][1] > points[1][1] + 20]
        nearest = [[min(range(4), key=lambda n: abs(xs[n] - x)) for x, _ in points] for points in rising]
        return {(one, other) for one, other in nearest}

    model = f"lstm(9,32,{way}seq,back).gru(8,seq)"
    assert ends(model) == {(0, 0), (1, 1), (2, 2), (3, 3), (0, 3), (1, 2), (2, 1), (3, 0)}
    assert ends(model.replace(",back", "")) == ends(model, "onnx") == {(0, 0), (1, 1), (2, 2), (3, 3)}
    assert "steps reversed" in words(drawn(model)) and "steps reversed" not in words(drawn(model, framework="onnx"))


@pytest.mark.parametrize(
    ("steps", "numbers"), [(1, ["0"]), (2, ["0", "1"]), (4, ["0", "1", "2", "3"]), (200, ["0", "1", "199"])]
)
def test_many_steps_are_folded(steps: int, numbers: list[str]) -> None:
    chain = drawn("lstm(9,32,seq)", time_step=steps)
    texts = [s.text for s in chain.picture.shapes if isinstance(s, Text) and s.role == "time_step"]

    assert [text for text in texts if text.isdigit()] == numbers
    assert ("197 more" in texts) == (steps == 200)
    assert len(boxes(chain, "slab")) == len(numbers)


def test_what_is_not_known_is_dashed_and_a_question_mark() -> None:
    chain = drawn("lstm(9,4,seq).other(?,128).dense(128,?)", framework="pytorch")

    assert "? × ? × ?".replace(" ", "") in words(chain)
    assert "129 · ?" in words(chain) and "as Linear says" in words(chain)
    assert [line.dash for line in upright(chain, "ink")] == [(4, 3)] * 3
    assert [s.dash for s in chain.picture.shapes if isinstance(s, Outline)] == [(6, 4)]


def test_a_wire_that_does_not_fit_is_red_and_ends_before_its_layer() -> None:
    chain = drawn("embedding(9,8).lstm(64,bi).lstm(32).dense(10)", time_step=200, batch_size=32)
    red = [s for s in chain.picture.shapes if isinstance(s, Wire) and s.axis == "error"]
    bars = [
        line for line in chain.picture.shapes if isinstance(line, Polyline) and line.role == "error" and line.width == 3
    ]
    slabs = [s for s in chain.picture.shapes if isinstance(s, Outline) and s.radius == 8]

    assert [wire.width for wire in red] == [thickness(64)]  # the backward direction, from step 0
    assert [bar.points[0][1] for bar in bars] == [slabs[0].y + slabs[0].height + 8]
    assert len(slabs) == 2 and all(slab.dash == (2, 3) for slab in slabs)
    assert "needs 3 axes, gets 2" in words(chain)


def test_bars_of_parameters_have_one_scale() -> None:
    chain = drawn()
    bars = [box for box in boxes(chain, "layer") if box.height == 8]

    assert [round(bar.width, 1) for bar in bars] == [PAGE.bar, 16.2, 3.4, 1.0]


def test_the_batch_has_at_most_three_sheets() -> None:
    for batch_size, behind in ((1, 0), (2, 1), (3, 2), (100, 2)):
        assert len(boxes(drawn("dense(3,4)", batch_size=batch_size), "sheet")) == 2 * behind


def test_equal_neighbours_of_a_long_chain_are_one() -> None:
    chain = drawn("embedding(9,128)." + "lstm(128,seq)." * 14 + "dense(3)")

    assert "14 times the same" in words(chain) and "14 · 131,584" in words(chain)
    assert [area.part for area in chain.areas] == [0, 1, 15]


def test_a_long_chain_of_different_layers_shows_its_ends_and_the_selected_layer() -> None:
    chain = drawn(".".join(f"lstm({n},seq)" for n in range(1, 150)), part=70)
    parts = [area.part for area in chain.areas]

    assert {0, 12, 64, 70, 76, 136, 148} <= set(parts) and len(parts) == 41
    assert "51 more layers" in words(chain)


def test_the_number_of_rows_of_weights_has_room() -> None:
    labels = [s for s in weights([("x", "features", 4_000_000)], ("",), 300, [""], True).shapes if isinstance(s, Label)]

    assert all(label.bounds()[0] >= 17 for label in labels)


def test_who_says_a_size_is_said_within_a_narrow_picture() -> None:
    model = "input(32,64,7).other(64,512,params=0).lstm(512,64,bi,seq)"
    words = [s for s in drawn(model, "narrow", framework="keras").picture.shapes if isinstance(s, Text)]
    (said,) = (s for s in words if s.text == "as Bidirectional says")

    assert said.x + mono_width(said.text, said.size) <= NARROW.width


WIDTH = 10.63
"""The width of ``embedding_lookup`` in bold type, in DejaVu Sans, in sizes of the type."""


@pytest.mark.parametrize(("format", "ends"), [("page", PAGE.left - 6), ("narrow", NARROW.width)])
def test_the_name_of_a_layer_ends_before_its_slab(format: str, ends: float) -> None:
    chain = drawn("embedding(80,100).lstm(9,seq)", format, framework="tf1")
    (name,) = (s for s in chain.picture.shapes if isinstance(s, Heading) and s.text == "embedding_lookup")

    assert LEAST_NAME <= name.size < (ends - name.x) / WIDTH


@pytest.mark.parametrize(
    "model",
    [MODEL, "gru(1000,1000000000,bi,seq,layers=9).flatten.dense(100000)", "lstm(9,8,seq).other(?,128).dense(100,?)"],
)
@pytest.mark.parametrize("format", ["page", "narrow"])
def test_nothing_is_outside_of_the_picture(model: str, format: str) -> None:
    chain = drawn(model, format, batch_size=1024, time_step=10_000)
    labels = [s for s in chain.picture.shapes if isinstance(s, Label)]

    widths = NARROW if format == "narrow" else PAGE
    ends = widths.width if format == "narrow" else widths.left  # where the words about a layer end
    details = [s for s in chain.picture.shapes if isinstance(s, Text) and "units" in s.text]

    assert details and all(s.x + word_width(s.text, s.size) <= ends for s in details)
    assert chain.picture.width == (NARROW if format == "narrow" else PAGE).width
    assert all(label.bounds()[0] >= 0 and label.bounds()[2] <= chain.picture.width + 1 for label in labels)
