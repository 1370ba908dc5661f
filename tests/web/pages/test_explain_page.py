"""/explain: a pasted error is answered with its shapes, its picture, its causes and a program."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from app.reading.errors.explanation import explain
from app.reading.pasted_text_limits import MAX_ERROR_BYTES
from app.web.pages.parts.error_examples import EXAMPLES

STATE = "RuntimeError: Expected hidden[0] size (4, 3, 20), got [3, 4, 20]"
INPUT = "RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12"
SECRET = "train_on_my_secret_data.py"


def answer(client: TestClient, text: str, **fields: str) -> LexborHTMLParser:
    response = client.post("/explain", data={**fields, "text": text})
    assert response.status_code == 200
    return LexborHTMLParser(response.text)


def words(page: LexborHTMLParser, selector: str) -> str:
    found = page.css_first(selector)
    assert found is not None, selector
    return " ".join(found.text().split())


def test_the_empty_page_shows_of_each_example_what_its_answer_is_about(client: TestClient) -> None:
    page = LexborHTMLParser(client.get("/explain").text)

    shown = {button.attributes["value"]: button for button in page.css(".examples button")}
    assert list(shown) == [text for texts in EXAMPLES.values() for text in texts]
    for text, button in shown.items():
        mismatch = explain(text or "").mismatch
        assert f"{mismatch.tensor} " in " ".join(button.text().split())
    assert page.css_first("textarea[name=text][autofocus]")
    assert len(page.css(".mistakes a")) == 4


GENERAL = "A general form: the names are not those of your program."
OF_ONNX = """import numpy as np
import onnxruntime
session = onnxruntime.InferenceSession("gru.onnx")
session.run(None, {{"x": np.zeros((25, 4, 8), np.float32), "h0": {}}})
"""
OF_NUMPY = """import numpy as np
Wxh, Whh, x, h = read_weights()
Traceback (most recent call last):
  File "cell.py", line 3, in <module>
    h = np.tanh(Wxh @ x + Whh @ h)
                          ~~~~^~~
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?)
 (size 9 is different from 20)
"""
OTHER_BATCH = "Fail: Status Message: Input initial_h must have shape {1,4,20}. Actual:{1,1,20}"


@pytest.mark.parametrize(
    ("code", "is_general"), [(OF_ONNX.format("read_state()"), True), ("", False)], ids=("program", "error alone")
)
def test_a_line_that_is_none_of_the_program_is_called_a_general_form(
    client: TestClient, code: str, is_general: bool
) -> None:
    assert (GENERAL in words(answer(client, f"{code}{OTHER_BATCH}"), ".causes")) is is_general


def test_a_line_whose_names_the_program_has_is_called_no_general_form(client: TestClient) -> None:
    causes = answer(client, OF_NUMPY).css(".causes li")
    general = {" ".join(line.text().split()): GENERAL in one.text() for one in causes for line in one.css("pre")}

    assert general == {
        "+ h = np.zeros((len(x), 20))": False,
        "+ Whh = 0.1 * np.random.randn(gates * num_units, 9)": True,
    }


@pytest.mark.parametrize("text", [text for texts in EXAMPLES.values() for text in texts])
def test_each_example_is_explained_with_a_picture_for_a_page_and_for_a_phone(client: TestClient, text: str) -> None:
    page = answer(client, text)

    assert words(page, "mark") == text.splitlines()[-1]
    assert len(page.css(".error-picture svg")) == len(page.css(".two-shapes svg")) == 2
    assert page.css_first(".causes h3")


def test_links_of_mistakes_without_an_error_lead_to_pages(client: TestClient) -> None:
    for link in LexborHTMLParser(client.get("/explain").text).css(".mistakes a"):
        assert client.get(link.attributes["href"] or "").status_code == 200


def test_the_answer_says_which_axes_are_exchanged(client: TestClient) -> None:
    page = answer(client, f'  File "{SECRET}", line 3\n{STATE}')

    assert words(page, "#sentence").startswith("h_0 should be 4 × 3 × 20 and is 3 × 4 × 20: the sizes are right")
    assert words(page, "mark") == STATE
    assert SECRET in words(page, ".before")
    assert words(page, ".causes h3") == "The state was made batch first"
    assert "then only batch_size would differ" in words(page, ".ruled-out")


def test_the_picture_of_a_state_has_a_sheet_for_each_cell_and_says_which_one_is_missing(client: TestClient) -> None:
    svg = answer(client, STATE).css_first(".error-picture svg")

    assert svg is not None
    names = [text.text() for text in svg.css("text.mono") if text.text().startswith("h_0")]
    assert sorted(names) == ["h_0[0]", "h_0[1]", "h_0[2]", "h_0[3]"]
    assert [label.text() for label in svg.css("tspan.error")].count("missing") == 1


def test_the_other_reading_of_a_number_gives_another_picture(client: TestClient) -> None:
    page = answer(client, STATE, reading="1")

    assert words(page, ".choice [aria-pressed]") == "4 × 1"
    link = page.css_first(".open-network a")
    assert link is not None
    assert dict(parse_qsl(urlsplit(link.attributes["href"] or "").query))["num_layers"] == "4"


def test_a_wrong_input_stops_in_red_before_the_cell_in_every_step(client: TestClient) -> None:
    svg = answer(client, INPUT).css_first(".error-picture svg")

    assert svg is not None
    assert len(svg.css("path.wire.error")) == len(svg.css("path.line.error")) == 2
    assert [span.text() for span in svg.css("tspan.error")] == ["12"]
    assert "?" in [span.text() for span in svg.css("tspan.batch_size")]


def test_a_size_that_the_reader_knows_is_drawn_and_in_the_link(client: TestClient) -> None:
    page = answer(client, INPUT, batch_size="7", num_units="33")

    svg, link = page.css_first(".error-picture svg"), page.css_first(".open-network a")
    assert svg is not None
    assert link is not None
    assert {span.text() for span in svg.css("tspan.batch_size")} == {"7"}
    query = dict(parse_qsl(urlsplit(link.attributes["href"] or "").query))
    assert (query["batch_size"], query["features"], query["num_units"]) == ("7", "10", "33")
    assert (
        words(page, ".open-network .hint")
        == "with cell LSTM, time_step 4, num_layers 1, bidirectional false, which the text does not say for certain"
    )
    page = answer(client, INPUT, batch_size="7", num_units="33", cell="gru")
    assert (
        words(page, ".open-network .hint")
        == "with time_step 4, num_layers 1, bidirectional false, which the text does not say for certain"
    )


STACKED_IN_KERAS = """import keras
from keras import layers
model = keras.Sequential([
    keras.Input((20, 3)),
    layers.GRU({below}),
    layers.GRU({above}),
])
model.fit(x, y)
Traceback (most recent call last):
  File "m.py", line 8, in <module>
    model.fit(x, y)
ValueError: Input 0 of layer "gru" is incompatible with the layer: expected shape=(None, 20, 3), found\
 shape=(None, 20, 4)
"""


@pytest.mark.parametrize(
    ("below", "above", "returns_steps"),
    [
        ("16, return_sequences=True", "16", True),
        ("16, return_sequences=True", "16, return_sequences=True", True),
        ("16, return_sequences=False", "16, return_sequences=True", False),
    ],
)
def test_the_link_opens_the_layer_with_the_steps_that_it_returns_in_the_program(
    client: TestClient, below: str, above: str, returns_steps: bool
) -> None:
    link = answer(client, STACKED_IN_KERAS.format(below=below, above=above)).css_first(".open-network a")

    assert link is not None
    assert ("return_sequences=true" in (link.attributes["href"] or "")) is returns_steps


@pytest.mark.parametrize("size", ["0", "many", "99999999"])
def test_a_size_that_is_not_valid_stays_unknown_and_is_reported(client: TestClient, size: str) -> None:
    page = answer(client, INPUT, batch_size=size)

    assert "batch_size must be a whole number from 1 to 1,024" in words(page, ".says .status")
    field = page.css_first("#size-batch_size[aria-invalid][aria-describedby=problem-batch_size]")
    assert field is not None
    assert field.attributes["value"] == size


def test_choices_for_one_text_are_not_used_for_another(client: TestClient) -> None:
    first = answer(client, INPUT, cell="gru", batch_size="7")
    sent = {field.attributes["name"] or "": field.attributes["value"] or "" for field in first.css(".says input")}

    again, other = (answer(client, text, **sent) for text in (INPUT, INPUT.replace("12", "13")))
    assert [words(page, ".facts [aria-pressed]") for page in (again, other)] == ["GRU", "LSTM"]
    values = [field.attributes["value"] for page in (again, other) for field in page.css("#size-batch_size")]
    assert values == ["7", ""]


def test_the_number_of_steps_decides_between_two_causes(client: TestClient) -> None:
    asked, swapped, not_swapped = (answer(client, INPUT, time_step=steps) for steps in ("", "12", "9"))

    assert words(asked, ".causes").count("Is time_step 12?") == 1
    assert words(swapped, ".causes li h3") == "The last axis is not features"
    assert words(not_swapped, ".ruled-out") == "The last axis is not features: time_step would be 12"


@pytest.mark.parametrize(("steps", "is_ruled_out"), [(50, True), (72, False)])
def test_steps_that_the_program_says_rule_out_an_exchanged_x(
    client: TestClient, steps: int, is_ruled_out: bool
) -> None:
    program = f"clips = torch.randn(16, {steps}, 26)\nself.lstm = nn.LSTM(26, 72, batch_first=True)\n"
    page = answer(client, f"{program}RuntimeError: input.size(-1) must be equal to input_size. Expected 26, got 72")

    causes = [one.text() for one in page.css(".causes li h3")]
    assert ("The last axis is not features" not in causes) is is_ruled_out
    assert causes[0] == "x has another number of features"


@pytest.mark.parametrize(("cell", "name"), [("LeakyCell", "RNN"), ("SimpleRNNCell", "SimpleRNN")])
def test_a_layer_of_keras_with_an_own_cell_is_no_simple_rnn(client: TestClient, cell: str, name: str) -> None:
    error = f"""Traceback (most recent call last):
  File "m.py", line 22, in call
    new = ops.tanh(ops.matmul(inputs, self.w_in) + ops.matmul(h, self.w_rec) + self.bias)
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^
ValueError: Exception encountered when calling {cell}.call().

Dimensions must be equal, but are 36 and 8 for '{{{{node sequential_1/rnn_1/cell_1/MatMul_1}}}} = MatMul[T=DT_FLOAT,
 grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](placeholder, placeholder_1)' with input shapes:
 [32,36], [8,36].

Arguments received by {cell}.call():
  • inputs=tf.Tensor(shape=(32, 8), dtype=float32)"""
    page = answer(client, f"model = keras.Sequential([layers.RNN({cell}(36))])\n{error}")

    assert words(page, ".facts td") == f"Keras, {name}"


OWN_CELL = """import torch
from torch import nn


class PlainLSTMCell(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.of_x = nn.Linear(inputs, 4 * width)
        self.of_h = nn.Linear(width, 3 * width)

    def forward(self, x, h, c):
        i, f, g, o = (self.of_x(x) + self.of_h(h)).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


PlainLSTMCell(4, 12)(torch.zeros(2, 4), torch.zeros(2, 12), torch.zeros(2, 12))

Traceback (most recent call last):
  File "m.py", line 17, in <module>
    PlainLSTMCell(4, 12)(torch.zeros(2, 4), torch.zeros(2, 12), torch.zeros(2, 12))
  File "m.py", line 12, in forward
    i, f, g, o = (self.of_x(x) + self.of_h(h)).chunk(4, dim=1)
RuntimeError: The size of tensor a (48) must match the size of tensor b (36) at non-singleton dimension 1
"""


OF_LAYER = f"""import torch
from torch import nn
lstm = nn.LSTM(10, 20)
lstm(torch.zeros(3, 4, 12))
{INPUT}
"""


@pytest.mark.parametrize(("text", "said"), [(OWN_CELL, "PyTorch"), (OF_LAYER, "PyTorch, nn.LSTM")])
def test_a_cell_that_a_program_computes_is_no_layer_of_pytorch(client: TestClient, text: str, said: str) -> None:
    assert words(answer(client, text), ".facts td") == said


OWN_CELL = """import keras
from keras import layers, ops

class MinimalCell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = units
    def build(self, shape):
        self.kernel = self.add_weight(shape=(self.units, 2 * self.units))
        self.recurrent = self.add_weight(shape=(self.units, 2 * self.units))
    def call(self, inputs, states):
        z = ops.matmul(inputs, self.kernel)
        r = ops.matmul(states[0], self.recurrent)
        f = ops.sigmoid(z[:, :16] + r[:, :16])
        h = f * ops.tanh(z[:, 16:] + f * r[:, 16:])
        return h, [h]

model = keras.Sequential([layers.RNN(MinimalCell(16))])
model.fit(x, y)
Traceback (most recent call last):
  File "m.py", line 19, in <module>
    model.fit(x, y)
RuntimeError: Exception encountered when calling MinimalCell.call().

mat1 and mat2 shapes cannot be multiplied (30x7 and 16x32)

Arguments received by MinimalCell.call():
  • inputs=torch.Tensor(shape=torch.Size([30, 7]), dtype=float32)
  • states=('torch.Tensor(shape=torch.Size([30, 16]), dtype=float32)',)
"""


def test_an_own_cell_of_keras_is_drawn_as_no_other_one(client: TestClient) -> None:
    page = answer(client, OWN_CELL)

    assert not page.css(".error-picture, .open-network")
    assert not page.css("button[name=cell][aria-pressed=true]")
    assert words(page, ".causes li h3") == "The kernel was built from the units"
    assert "shape=(shape[-1], 2 * self.units)" in words(page, ".causes .added")


def test_the_program_fails_with_its_removed_lines_and_runs_with_those_added(client: TestClient) -> None:
    page = answer(client, INPUT)

    assert "torch.nn.LSTM(12, 20)" in words(page, "#program-runs")
    assert "torch.nn.LSTM(10, 20)" in words(page, "#program-fails")
    assert "(5, 3, 20) (1, 3, 20)" in words(page, ".result")


def test_lines_that_are_added_before_the_corrected_one_are_not_marked(client: TestClient) -> None:
    code = "net = nn.Sequential(nn.LSTM(8, 16), nn.Linear(16, 2))"
    page = answer(client, f"{code}\nTypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple")
    fix = page.css_first(".causes .added")

    assert words(page, ".reading").startswith("All that the layer returns is red")
    assert fix and fix.text().startswith("+ class Output(nn.Module):\n")
    assert fix.text().endswith("net = nn.Sequential(nn.LSTM(8, 16), Output(), nn.Linear(16, 2))")
    assert [piece.text() for piece in fix.css("u")] == ["Output(), "]


def test_a_text_without_a_shape_error_is_not_forced_into_one(client: TestClient) -> None:
    text = 'File "torch/nn/modules/conv.py"\nRuntimeError: Given groups=1, expected input to have 3 channels, but got 1'
    page = answer(client, text)

    assert words(page, "#sentence").startswith("This is not a shape error of a recurrent network.")
    assert [cell.text() for cell in page.css(".facts td")] == ["PyTorch", "a convolution", "none"]
    assert page.css_first(".error-picture") is None
    assert words(page, ".unknown mark").startswith("RuntimeError: Given groups=1")
    assert len(page.css(".answer .questions a")) >= 2


def test_a_layer_without_a_picture_has_no_choices(client: TestClient) -> None:
    page = answer(client, "ConvLSTM layers only support static input shapes for the spatial dimension.")
    assert explain(words(page, "mark")).configurations == ()
    assert page.css(".says button, .says input:not([type=hidden]), .says .hint") == []


@pytest.mark.parametrize(("lang", "name"), [("es", "capas × direcciones"), ("zh", "层 × 方向")])
def test_names_of_axes_are_translated_in_the_table_and_in_the_chart(client: TestClient, lang: str, name: str) -> None:
    page = LexborHTMLParser(client.post(f"/explain?lang={lang}", data={"text": STATE}).text)

    assert words(page, ".facts th.ink") == name
    assert name in words(page, ".two-shapes svg")
    assert "layers × directions" not in words(page, "main")


def test_on_a_phone_only_the_first_cause_is_open(client: TestClient) -> None:
    pages = [
        LexborHTMLParser(client.post("/explain", data={"text": STATE}, headers={"User-Agent": agent}).text)
        for agent in ("Mozilla/5.0", "Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36")
    ]
    assert [["open" in cause.attributes for cause in page.css(".causes details")] for page in pages] == [
        [True, True],
        [True, False],
    ]


def test_only_the_end_of_a_long_text_is_read(client: TestClient) -> None:
    page = answer(client, "é" * (MAX_ERROR_BYTES // 2 + 9) + "\n" + STATE)

    assert "The last 64 KB were read." in words(page, "main")
    assert words(page, "mark") == STATE


def test_what_is_pasted_is_neither_cached_nor_logged_nor_executed(client: TestClient, logged: list[str]) -> None:
    response = client.post("/explain", data={"text": f"<script>alert(1)</script> {SECRET}\n{STATE}"})

    assert response.headers["cache-control"] == "no-store"
    assert SECRET not in "".join(logged)
    assert "<script>alert" not in response.text


def test_another_body_than_a_form_is_rejected(client: TestClient) -> None:
    assert client.post("/explain", json={"text": STATE}).status_code == 415


def test_the_nearest_help_for_twice_the_inputs_is_about_both_directions(client: TestClient) -> None:
    message = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x{} and 128x2)"
    links = [answer(client, message.format(size)).css_first(".questions a") for size in (256, 300)]

    assert ["both-directions" in (link.attributes["href"] or "") for link in links if link] == [True, False]


IMAGES = "import torch\nfrom torch import nn\nnet = nn.Conv2d(3, 16, 3)\nnet(torch.zeros(8, 1, 28, 28))\n"
OF_IMAGES = (
    "RuntimeError: Given groups=1, weight of size [16, 3, 3, 3], expected input[8, 1, 28, 28] to have 3 channels, but"
    " got 1 channels instead"
)


def test_more_code_is_only_asked_for_if_none_was_pasted(client: TestClient) -> None:
    asks = "paste more: the code that makes the layer names it"

    assert asks in words(answer(client, OF_IMAGES), ".scope")
    assert asks not in words(answer(client, f"{OF_IMAGES}\n\n{IMAGES}"), ".scope")


@pytest.mark.parametrize(
    ("text", "links"),
    [(OF_IMAGES, 3), (f"{OF_IMAGES}\n\n{IMAGES}", 1), ("KeyError: 'Close'", 1), ("how do I pad a batch", 3)],
)
def test_help_that_does_not_fit_an_error_is_left_out(client: TestClient, text: str, links: int) -> None:
    found = answer(client, text).css(".questions a")

    assert len(found) == links
    assert found[-1].attributes["href"] == "/open"


EXPORT = (
    "UserWarning: Exporting a model to ONNX with a batch_size other than 1, with a variable length with LSTM can cause"
    " an error when running the ONNX model with a different batch size."
)


def test_nothing_stops_where_only_a_warning_was_printed(client: TestClient) -> None:
    warned, failed = answer(client, EXPORT), answer(client, OTHER_BATCH)

    assert "what the warning is about" in words(warned, ".reading")
    assert "stops there" not in words(warned, ".reading")
    assert "warning" not in words(failed, ".reading")


LONGER = "Invalid value/s in sequence_lens. All values must be >= 0 and <= seq_length. seq_length=10"


def test_the_bounds_in_a_message_are_those_beside_the_picture(client: TestClient) -> None:
    assert "No length may be larger" in words(answer(client, LONGER), ".reading")
    assert "at least one step" in words(answer(client, LONGER.replace(">= 0 and <=", "> 0 and <")), ".reading")


OF_LENGTHS = (
    "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero status code returned while running GRU node. Name:'' Status"
    " Message: Invalid value/s in sequence_lens. All values must be >= 0 and <= seq_length. seq_length=8"
)
EXAMPLE = "The red one is an example"


@pytest.mark.parametrize(("program", "is_example"), [("", True), ("lens = np.array([8, 10, 3])\n", False)])
def test_a_wrong_length_is_an_example_only_if_no_line_lists_it(
    client: TestClient, program: str, is_example: bool
) -> None:
    said = words(answer(client, program + OF_LENGTHS), ".answer .reading")

    assert "No length may be larger than the number of steps of x." in said
    assert (EXAMPLE in said) is is_example


def test_peepholes_are_compared_and_named(client: TestClient) -> None:
    page = answer(
        client,
        "[ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running LSTM node. Name:'' Status Message:"
        " Input P must have shape {1,51}. Actual:{1,68}",
    )

    said = words(page, "#sentence")
    assert said.startswith("The array of the peepholes should be")
    assert "51" in said and "68" in said
    assert page.css_first(".two-shapes")


def test_a_state_that_is_missing_was_not_received(client: TestClient) -> None:
    page = answer(client, "My LSTM: ValueError: Layer has 2 states but was passed 1 initial states.")

    said = words(page, "main")
    assert "The part in red was not received: c_0." in said
    assert "as received" not in said


def test_a_picture_of_defaults_is_linked_and_no_picture_is_not(client: TestClient) -> None:
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (9,) and (7,)."
    lines = ["lstm_step\n    i, f, g, o = jnp.split(x_t @ W + h @ U, 4)", "step\n    z = x_t @ W  # lstm"]
    pages = [answer(client, f'  File "lstm_cell.py", line 8, in {line}\n{error}') for line in lines]

    assert [len(page.css(".open-network a")) for page in pages] == [1, 0]


def test_a_total_length_that_is_too_small_is_not_said_to_be_that_of_the_output(client: TestClient) -> None:
    page = answer(
        client,
        "ValueError: Expected total_length to be at least the length of the longest sequence in input, but got"
        " total_length=7 and max sequence length being 18",
    )

    sentence = "total_length should be at least 18, the steps of the longest sequence, and is 7."
    assert words(page, "#sentence") == sentence


def test_what_the_numbers_rule_out_says_which_size_would_differ(client: TestClient) -> None:
    page = answer(client, "RuntimeError: Expected hidden[0] size (3, 14, 22), got [1, 14, 22]")
    assert "another number of units: then num_units would differ, but it is equal" in words(page, ".ruled-out")

    of_projection = (
        "lstm = nn.LSTM(6, 35, proj_size=22)\nRuntimeError: Expected hidden[0] size (1, 14, 22), got [1, 14, 35]"
    )
    assert "num_units" not in words(answer(client, of_projection), ".ruled-out")


@pytest.mark.parametrize(
    ("made", "said"),
    [("60, 6", "number of units."), ("52, 8", "number of features."), ("60, 8", "number of units or features.")],
)
def test_a_cause_in_the_size_of_a_kernel_names_what_differs(client: TestClient, made: str, said: str) -> None:
    page = answer(
        client,
        "RuntimeError: Error(s) in loading state_dict for LSTM:\n\tsize mismatch for weight_ih_l0: copying a param with"
        f" shape torch.Size([52, 6]) from checkpoint, the shape in current model is torch.Size([{made}]).",
    )

    assert words(page, ".causes li p").endswith(said)


def test_the_rows_of_a_projected_state_have_the_colour_of_the_projection(client: TestClient) -> None:
    text = "lstm = nn.LSTM(6, 35, proj_size=22)\nlstm(torch.zeros(9, 14, 6), (h, c))"
    page = answer(client, f"{text}\nRuntimeError: Expected hidden[0] size (1, 14, 22), got [1, 14, 35]")

    assert [one.text() for one in page.css(".reading .num_proj")] == ["22", "35"]
