"""/model, /open, /model.json and /model.svg."""

import re
from itertools import pairwise, product
from urllib.parse import parse_qs, parse_qsl, unquote

import pytest
from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser as Page

from app.frameworks import FRAMEWORKS
from app.reading.pasted_text_limits import MAX_SOURCE_BYTES
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.url_state_to_picture.model.model_url_state import RUN_SIZES, ChainUrlState
from app.web.pages.open_model import EXAMPLE
from app.web.pages.parts.selected_layer import selected_layer

MODEL = "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)"
OPEN_SIZES = "from keras import Sequential\nfrom keras.layers import *\nm = Sequential([" + "Dense(n)," * 21 + "])\n"
"""Code that leaves more sizes open than a form had fields."""

SIZES = {"framework": "keras", "batch_size": "32", "time_step": "200"}


def page(client: TestClient, **query: str) -> Page:
    response = client.get("/model", params={"model": MODEL, **query})
    assert response.status_code == 200
    return Page(response.text)


def opened(client: TestClient, source: str = EXAMPLE, **fields: str) -> Page:
    response = client.post("/open", data={"source": source, **fields})
    assert response.status_code == 200
    return Page(response.text)


def text(page: Page, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return re.sub(r" (?=[.,:])|(?<=·) ", "", " ".join(node.text(separator=" ").split()))


def link(page: Page, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return node.attributes["href"] or ""


def test_the_sentence_says_what_goes_in_and_out_and_where_the_parameters_are(client: TestClient) -> None:
    assert text(page(client, **SIZES), "#sentence") == (
        "4 layers turn 32 × 200 ids into 32 × 10. They have 1,399,754 parameters, 91 % of them in Embedding."
    )


def test_the_share_is_that_of_all_layers_with_a_name(client: TestClient) -> None:
    """3·34·(5 + 34 + 2) and 3·34·(34 + 34 + 2) of 11,357 parameters; 100 % is only said of all."""
    found = page(client, model="input(t,5).gru(5,34,seq).gru(34,seq).dense(1)", framework="pytorch")

    assert text(found, "#sentence").endswith("They have 11,357 parameters, >99 % of them in 2 × GRU.")
    found = page(client, model="lstm(3,4,seq).other(4,params=48).dense(4,1)", framework="pytorch")
    assert "The model has 197 parameters, 73 % of them in LSTM." in text(found, "#sentence"), "144 + 48 + 5"


def test_lists_have_the_comma_of_the_language(client: TestClient) -> None:
    details = [
        text(page(client, model="lstm(3,4,bi,layers=2)", framework="pytorch", lang=lang), ".layer-table .hint")
        for lang in ("en", "zh")
    ]

    assert ", " in details[0] and ", " not in details[1] and "、" in details[1]


def test_layers_that_get_several_tensors_have_names_and_no_parameters(client: TestClient) -> None:
    names = ("Subtract", "Multiply", "Average", "Maximum", "Minimum", "Dot")
    model = ".".join(["lstm(5,6,seq)", *(f"{name.lower()}(t,6)" for name in names), "attention(t,6,params=0)"])
    found = page(client, model=model, framework="keras", batch_size="2", time_step="3")

    assert text(found, ".proof") == "8 layers, of which not all connections are shown"
    assert text(found, "#sentence").endswith("They have 288 parameters, 100 % of them in LSTM.")
    for name in (*names, "Attention"):
        assert f"{name} 2 × 3 × 6 and others 2 × 3 × 6 0" in text(found, ".layer-table")


def test_swapped_axes_are_a_layer_where_the_framework_has_one(client: TestClient) -> None:
    """Permute of Keras is in model.layers, as Reshape is; x.transpose(1, 2) of PyTorch is a call."""
    model = "input(8,32,32).transpose(2,1,3).reshape(32,256).lstm(64).dense(3)"
    for framework, count in (("keras", 4), ("pytorch", 3)):
        found = page(client, framework=framework, model=model)
        assert text(found, "#sentence").startswith(f"{count} layers turn ")
        assert text(found, ".proof") == f"✓ {count} layers, nothing unknown"
        assert f"A chain of {count} layers: " in (found.html or "")
    assert text(page(client, framework="keras", model=f"{model}.other(1,params=0)"), ".proof") == (
        "4 layers and 1 step without parameters"
    )


def test_an_unknown_step_with_parameters_is_counted_once(client: TestClient) -> None:
    assert text(page(client, model="lstm(5,6).other(params=9).dense(6,2)"), ".proof") == "2 layers and 1 unknown step"


def test_a_loop_over_words_turns_all_of_them_into_the_output_of_all_steps(client: TestClient) -> None:
    """60·32 + 4·64·(32 + 64 + 2) + 65·60: nothing else has parameters."""
    loop = "input(5).step.embedding(60,32,runs=5).lstm_cell(64,runs=5).dense(60,runs=5).other(5,60,params=0)"
    sizes = {"framework": "pytorch", "batch_size": "3", "batch_first": "true"}
    found = page(client, model=loop, part="2", **sizes)

    assert text(found, "#sentence") == (
        "3 layers turn 3 × 5 ids into 3 × 5 × 60. They have 30,908 parameters, 81 % of them in LSTMCell."
    )
    assert text(found, ".proof") == "3 layers and 1 step without parameters"
    assert "The picture shows it as LSTM, which runs this cell at each step" in text(found, ".chain-panel")
    first = page(client, model="embedding(60,32).step.lstm_cell(64,runs=5)", part="2", **sizes)
    assert "It gets each step alone: the 32 features of one step." in text(first, ".chain-panel")
    last = page(client, model="gru(10,8,bi).other(16,params=0).lstm_cell(4)", part="2", **sizes)
    assert "Its 16 features come from operations without parameters." in text(last, ".chain-panel")


def test_a_loop_over_all_steps_runs_as_often_as_there_are_steps(client: TestClient) -> None:
    """Its number of runs is no size of its own: the only one that is not known is T."""
    loop = "input(t,7).step.dense(22,runs=t).lstm_cell(34,runs=t).dense(3,runs=t).other(t,3,params=0)"
    fields = {"framework": "pytorch", "batch_first": "true", "model": loop, "part": "2"}
    found = page(client, **fields)

    assert text(found, "#sentence").startswith("3 layers turn ? × ? × 7 into ? × ? × 3.")
    assert [one.attributes["name"] for one in found.css("input[type=number]")] == ["batch_size", "time_step"]
    assert "LSTMCell 34 units, runs for each step" in text(found, ".layer-table")
    link = page(client, **fields, time_step="9").css_first("#open-layer")
    assert link is not None and "time_step=9" in (link.attributes["href"] or "")
    last = page(client, framework="pytorch", model=loop.replace(".other(t,3,params=0)", ""))
    assert "The last one runs ? times" in text(last, "#sentence")


def test_a_recurrent_layer_that_convolves_has_its_name_directions_and_axes(client: TestClient) -> None:
    model = "input(7,20,20,3).conv_lstm(7,?,?,12,bi,params=3936).conv_lstm(20,20,10,params=7960).pooling(10).dense(3)"
    found = page(client, framework="keras", model=model)

    table = " ".join(text(found, ".layer-table").split())
    assert "ConvLSTM2D 7 × ? × ? × 12" not in table and "Bidirectional ConvLSTM2D, each way" in table
    assert [one.text(strip=True) for one in found.css(".unknown-size label")] == [
        "Bidirectional: height",
        "Bidirectional: width",
    ]
    assert "convolves each step, which no picture shows" in text(found, ".chain-panel")
    known = model.replace("?,?", "20,20")
    assert text(page(client, framework="keras", model=known), ".proof") == (
        "4 layers, 2 of them with cells that no picture shows"
    )


def test_what_a_file_of_weights_does_not_say_is_assumed_in_its_link_too(client: TestClient) -> None:
    def returned(model: str, framework: str) -> str:
        return text(page(client, framework=framework, model=model), "#returned")

    for framework in ("keras", "flax", "colah"):
        assert returned("unordered.gru(11,27,seq)", framework) == "every step (assumed: the file does not say it)"
    assert returned("gru(11,27,seq)", "keras") == returned("unordered.gru(11,27,seq)", "pytorch") == "every step"


def test_parameters_of_an_unknown_place_read_no_layer(client: TestClient) -> None:
    def taken(model: str) -> str:
        found = page(client, framework="pytorch", model=model)
        rows = [[cell.text(strip=True) for cell in row.css("td")] for row in found.css(".layer-table tbody tr")]
        return rows[0][0]

    assert taken("unordered.lstm(144,144,seq).other(params=5003)") == "?"
    assert taken("lstm(144,144,seq).other(params=5003)").endswith("144")


def test_how_often_a_loop_runs_is_asked_for_once(client: TestClient) -> None:
    loop = "gru(5,16,states).elsewhere.gru_cell(3,16,runs=?).dense(3,runs=?).other(?,3,params=0)"
    found = page(client, framework="pytorch", model=loop)

    assert [one.text(strip=True) for one in found.css(".unknown-size label")] == ["GRUCell: times", "operations: steps"]
    names = [one.attributes["name"] or "" for one in found.css(".unknown-size input")]
    written = client.get("/model", params={"model": loop, names[0]: "6", names[1]: "6"}, follow_redirects=False)
    known = loop.replace("?", "6")
    assert parse_qs(written.headers["location"].split("?", 1)[1])["model"] == [known]
    others = page(client, framework="pytorch", model="lstm_cell(4,3,runs=?).elsewhere.lstm_cell(4,3,runs=?)")
    assert len(others.css(".unknown-size")) == 2, "two loops"


def test_the_parameters_of_a_layer_may_be_those_with_its_initial_states(client: TestClient) -> None:
    """3·20·(20 + 20 + 2) of the layer and 20 of its state."""
    found = page(client, model="gru(20,20,seq,params=2540)", framework="pytorch")

    assert "It has 2,540 parameters." in text(found, "#sentence")
    assert text(found, ".count-formula") == "2,540"


def test_a_layer_with_settings_of_its_own_has_no_picture(client: TestClient) -> None:
    for layer in ("rnn(24,10,seq,own)", "rnn_cell(24,10,own)"):
        found = page(client, model=layer, framework="pytorch")

        assert found.css_first("#open-layer") is None
        assert "No picture shows exactly this layer" in text(found, ".chain-panel")


def test_the_link_of_code_keeps_that_a_layer_has_another_activation(client: TestClient) -> None:
    module = "class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    for layer, word in (("nn.RNN(24, 10, nonlinearity='relu')", ",own"), ("nn.RNN(24, 10)", "")):
        code = f"{module}        self.r = {layer}\n    def forward(self, x):\n        return self.r(x)[0]\n"
        found = opened(client, f"import torch.nn as nn\n{code}")

        assert f"rnn(24,10,seq{word})" in unquote(link(found, ".submit a"))


def test_only_a_layer_says_what_is_known_before_it(client: TestClient) -> None:
    found = page(client, model="lstm(5,6).elsewhere(33).other(33).dense(33,2)", part="1")

    assert "is known from" not in text(found, ".chain-panel")


def test_the_place_for_files_says_what_leaves_the_browser(client: TestClient) -> None:
    place = text(Page(client.get("/open").text), ".file-place")

    assert "It stays in this browser" in place and "kinds and sizes of its layers go into the address" in place


def test_the_sentence_names_the_layer_that_does_not_fit(client: TestClient) -> None:
    found = page(client, model="embedding(9,8).lstm(64,bi).lstm(32)", **SIZES)

    assert text(found, "#sentence") == "The layer LSTM does not fit: it needs 3 axes, gets 2. It gets 32 × 2·64."


def test_the_panel_has_the_shapes_and_the_parameters_of_the_selected_layer(client: TestClient) -> None:
    panel = text(page(client, part="1", **SIZES), ".chain-panel")

    assert "in 32 × 200 × 128 out 32 × 200 × 2·64 states h, c 32 × 64, each way returns every step" in panel
    assert "2 × 4 × ( 128 × 64 + 64 × 64 + 64 ) = 98,816" in panel


@pytest.mark.parametrize(
    ("framework", "model", "states"),
    [
        ("pytorch", "lstm(10,64,bi,layers=2)", "h, c 2·2 × ? × 64 returns"),
        ("pytorch", "lstm(10,64,proj=8)", "h 1 × ? × 8, c 1 × ? × 64 returns"),
        ("pytorch", "gru_cell(10,?)", "h ? × ? Parameters"),
        ("keras", "gru(10,64,bi)", "h ? × 64, each way returns"),
    ],
)
def test_the_states_are_those_of_the_framework(client: TestClient, framework: str, model: str, states: str) -> None:
    assert f"states {states}" in text(page(client, model=model, framework=framework), ".chain-panel")


def test_the_formula_gives_the_number_of_parameters() -> None:
    formulas = 0
    for framework, kind, words in product(FRAMEWORKS, ("lstm", "gru", "rnn"), ("", ",bi", ",proj=8", ",bi,proj=8")):
        if "proj" in words and kind != "lstm":
            continue
        pairs = [("framework", framework), ("model", f"{kind}(10,64{words})")]
        chain_state = ChainUrlState.of(parse(pairs, strict=True), pairs)
        formula = "".join(word for word, _ in selected_layer(chain_state, translator("en")).formula)
        if formula:
            formulas += 1
            assert eval(re.sub("[×·]", "*", formula)) == chain_state.selected.count.value, (pairs, formula)
    assert formulas >= 35


@pytest.mark.parametrize("model", ["convolution.dense(10)", "dense(10)", "dropout.lstm(64)", "lstm(10,64,proj=8)"])
def test_what_is_not_completely_known_is_not_ticked(client: TestClient, model: str) -> None:
    proof = text(page(client, model=model, framework="keras"), ".proof")

    assert not proof.startswith("✓") and "not completely known" in proof


def test_the_levels_below_are_those_of_the_selected_layer_only(client: TestClient) -> None:
    assert page(client, part="3", **SIZES).css(".crumbs a") == []
    assert "part=2" in link(page(client, part="2", **SIZES), ".crumbs a")


def test_every_layer_of_a_long_model_is_a_link_in_the_table(client: TestClient) -> None:
    found = page(client, model=".".join(f"lstm({n},seq)" for n in range(1, 100)))

    assert len(found.css(".layer-table a[data-part]")) == 99


def test_a_layer_that_reads_others_and_a_further_output_are_said(client: TestClient) -> None:
    model = "input(6).embedding(80,16).lstm(24).dense(8,others).gru_cell(5,others).output(6,3).output"
    found = page(client, model=model, part="3", batch_size="2")

    assert text(found, ".proof") == "4 layers, of which not all connections are shown"
    assert text(found, "#other-outputs") == "It also returns 2 × 6 × 3, ···."
    assert "Dense 8 units, reads others, too 2 × 24 and others 2 × 8" in text(found, ".layer-table")
    assert "are the output of" not in text(found, ".chain-panel")


def test_a_size_that_a_further_output_leaves_open_can_be_written(client: TestClient) -> None:
    found = page(client, model="lstm(9,8).dense(3).output(?,3)")

    assert "further output" in text(found, ".unknown-size")


def test_a_model_with_further_outputs_and_all_connections_shown_says_only_the_outputs(client: TestClient) -> None:
    found = page(client, model="input(6).embedding(80,16).lstm(24,seq).dense(8).output(24)")

    assert text(found, ".proof") == "3 layers, without the further outputs of the model"


def test_the_panel_says_whether_one_step_or_the_end_of_each_direction_goes_on(client: TestClient) -> None:
    returned = {
        model: text(page(client, model=model, framework="onnx"), "#returned")
        for model in ("gru(9,4,bi,seq)", "gru(9,4,bi)", "gru(9,4,bi,ends)", "gru(9,4,bi,states)")
    }
    said = ["every step", "one step", "the last output of each direction", "its last states alone"]
    assert list(returned.values()) == said


@pytest.mark.parametrize("merge, name", [("sum", "sum"), ("ave", "mean"), ("mul", "product")])
def test_a_layer_that_merges_its_directions_says_how_in_the_row_and_the_panel(
    client: TestClient, merge: str, name: str
) -> None:
    found = page(client, model=f"gru(9,4,bi,{merge}).dense(2)", framework="keras")

    assert text(found, "#returned") == f"the {name} of the last outputs of both directions"
    assert f"each way, merge_mode={merge}" in text(found, ".layer-table")
    assert "merge_mode" not in text(page(client, model="gru(9,4,bi).dense(2)", framework="keras"), "main")


def test_a_gru_says_where_it_resets_only_in_a_framework_that_has_both_ways(client: TestClient) -> None:
    rows = {one: text(page(client, model="gru(9,4)", framework=one), ".layer-table") for one in FRAMEWORKS}

    assert {one for one, row in rows.items() if "resets" in row} == {"colah", "onnx"}, "Keras resets after by default"
    assert "resets before" in text(page(client, model="gru(9,4,before)", framework="keras"), ".layer-table")


def test_a_gru_of_onnx_says_that_it_runs_backwards_and_where_it_resets(client: TestClient) -> None:
    models = {way: f"gru(9,4,seq{way})" for way in (",back,before", ",after", ",before", ",back")}
    rows = {way: text(page(client, model=model, framework="onnx"), ".layer-table") for way, model in models.items()}

    assert {
        way: [words in row for words in ("runs backwards", "resets before", "resets after")]
        for way, row in rows.items()
    } == {
        ",back,before": [True, True, False],
        ",after": [False, False, True],
        ",before": [False, True, False],
        ",back": [True, True, False],
    }


def test_the_page_about_both_directions_leads_back_to_the_model_of_the_backward_one(client: TestClient) -> None:
    model = "input(15,12).gru(12,20,seq,back,before).dense(3,matmul)"
    both = link(page(client, model=model, framework="onnx"), ".chain-panel .hint a")

    found = Page(client.get(both.replace("&amp;", "&")).text)

    assert text(found, "#what") == "‹ model › GRU, which runs backwards, beside a forward direction"
    assert dict(parse_qsl(link(found, "#to-model").partition("?")[2]))["model"] == model


def test_an_encoder_whose_states_alone_go_on_has_their_shape_in_the_table_and_the_picture(client: TestClient) -> None:
    model = "input(30,7).gru(48,states,layers=2).elsewhere(6,1).gru(48,seq,layers=2)"
    found = page(client, model=model, framework="pytorch", batch_first="true", batch_size="5")

    assert "30 × 7 2 × 5 × 48" in text(found, ".layer-table")
    assert "2×5×48" in text(found, ".chain-picture").replace(" ", "")


def test_one_number_is_no_plural_and_a_guess_between_any_layers_is_called_so(client: TestClient) -> None:
    one = page(client, model="input(9,1).dropout.lstm(4)", part="1", framework="keras")
    guessed = page(client, model="unordered.gru(8,4,seq).dense(6).dense(6,2)", part="2", framework="pytorch")

    assert "Its one number is the output of Dropout: features is 1." in text(one, ".chain-panel")
    assert "It gets the output of Linear. It is a guess from the sizes" in text(guessed, ".chain-panel")


def test_parameters_are_known_ones_only_if_others_are_not(client: TestClient) -> None:
    """An unknown number of steps leaves no number of parameters open."""
    decoder = "elsewhere(?).embedding(20,4).lstm(8,seq)"
    all_known = text(page(client, model=f"embedding(30,4).lstm(8,seq).{decoder}"), "#sentence")
    some = text(page(client, model=f"embedding(30,4).lstm(?,seq).{decoder}"), "#sentence")

    assert "The model has 1,032 parameters" in all_known and "known parameters" not in all_known
    assert "known parameters" in some


def test_what_comes_from_another_layer_is_no_unknown_step(client: TestClient) -> None:
    found = page(
        client, model="lstm(9,8).dense(3).elsewhere(24,6).lstm(5)", part="3", batch_size="2", framework="keras"
    )

    assert text(found, ".proof") == "3 layers, of which not all connections are shown"
    assert "from elsewhere ? 2 × 24 × 6" in text(found, ".layer-table")
    assert "Its 6 features are not the output of the layer below" in text(found, ".chain-panel")


@pytest.mark.parametrize(("count", "pictures"), [(14, 2), (30, 1)])
def test_a_model_of_usual_length_has_a_picture_for_narrow_windows(
    client: TestClient, count: int, pictures: int
) -> None:
    assert (
        len(page(client, model=".".join(["dropout"] * (count - 1) + ["dense(3,4)"])).css(".chain-picture")) == pictures
    )


def test_layers_without_parameters_have_a_sentence_of_their_own(client: TestClient) -> None:
    assert text(page(client, model="input(t,10).dropout.flatten"), "#sentence").endswith("They have no parameters.")


def test_a_layer_without_a_cell_is_not_named_above_a_cell(client: TestClient) -> None:
    assert text(Page(client.get("/?model=dense(10)&num_units=99").text), "#what") == "‹ model"


def test_each_layer_is_a_link_with_its_name_and_its_output(client: TestClient) -> None:
    links = page(client, **SIZES).css(".chain-picture.page .hits a")

    assert [link.attributes["aria-label"] for link in links] == [
        "Dense, 10 units, out 32 × 10",
        "LSTM, 32 units, out 32 × 32",
        "Bidirectional, LSTM, 64 units, each way, out 32 × 200 × 128",
        "Embedding, 10,000 ids, out 32 × 200 × 128",
    ]


def test_a_layer_opens_as_the_page_that_exists_and_leads_back(client: TestClient) -> None:
    layer = Page(client.get(link(page(client, part="1", **SIZES), "#open-layer")).text)
    back = link(layer, "#to-model")

    assert text(layer, "#what") == "‹ model › Bidirectional LSTM"
    assert text(Page(client.get(back).text), "#sentence") == text(page(client, **SIZES), "#sentence")


def test_the_page_of_a_cell_says_that_it_shows_the_loop_around_it(client: TestClient) -> None:
    """A call of nn.GRUCell takes no axis of steps, which the page shows."""
    opened = link(page(client, model="dense(5).gru_cell(3)", part="1", framework="pytorch"), "#open-layer")

    assert text(Page(client.get(opened).text), "#what") == "‹ model › GRUCell in a loop over the steps"


@pytest.mark.parametrize("num_units", [9, 8, 7])  # the page is recorded, and filled for other sizes
def test_a_size_that_is_changed_on_the_page_of_a_layer_changes_the_model(client: TestClient, num_units: int) -> None:
    model = page(client, model="lstm(3,8,bi,seq).dense(2)", framework="keras")
    href = link(model, "#open-layer").replace("num_units=8", f"num_units={num_units}")
    layer = Page(client.get(href + "&without=table,arrays").text)
    back = Page(client.get(link(layer, "#to-model")).text)

    assert text(back, "#model") == f"lstm(3,{num_units},bi,seq).dense(2)"
    if num_units == 8:
        assert layer.css_first("#own-sizes") is None
    else:
        original = Page(client.get(link(layer, "#own-sizes")).text)
        assert original.css_first("#own-sizes") is None
        assert original.css_first("#num_units").attributes["value"] == "8"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("model", "sizes"),
    [
        ("lstm(10,64,seq)", "batch_size=3&time_step=9"),
        ("lstm(10,64,seq)", "time_step=4"),
        ("input(20,10).lstm(64)", "batch_size=32"),
        ("input(20,10).lstm(64)", ""),
    ],
)
def test_the_way_back_has_the_sizes_that_were_said_and_no_others(client: TestClient, model: str, sizes: str) -> None:
    start = client.get(f"/model?{sizes}&framework=keras&model={model}")
    layer = Page(client.get(link(Page(start.text), "#open-layer")).text)
    back = parse_qs(link(layer, "#to-model").partition("?")[2])

    assert {name: value for name, [value] in back.items() if name in RUN_SIZES} == dict(parse_qsl(sizes))


def test_the_page_says_which_sizes_are_assumed_when_a_layer_is_opened(client: TestClient) -> None:
    panel = text(page(client, part="2", framework="keras", batch_size="32"), ".chain-panel")

    assert panel.endswith("Open this layer › Assumed there: time_step 4")


def test_a_form_leads_to_the_link_with_the_sizes_that_were_written(client: TestClient) -> None:
    fields = {"model": "embedding(?,8).dense(?)", "batch_size": "", "time_step": "9", "size0": "", "size1": "3"}
    response = client.get("/model", params=fields)

    assert response.status_code == 303
    assert response.headers["location"] == "/model?time_step=9&model=embedding(%3F%2C8).dense(3)"


@pytest.mark.parametrize(
    ("query", "problem"), [("model=lsmt(3)", "is not a kind of layer"), ("model=lstm(3)&part=7", "part must be 0")]
)
def test_an_invalid_model_is_rejected_with_what_would_be_right(client: TestClient, query: str, problem: str) -> None:
    response = client.get(f"/model?{query}")

    assert response.status_code == 422
    assert problem in response.text


def test_without_a_model_the_page_leads_to_the_field_for_code(client: TestClient) -> None:
    response = client.get("/model?lang=es")

    assert (response.status_code, response.headers["location"]) == (307, "/open?lang=es")


def test_two_models_show_only_what_differs(client: TestClient) -> None:
    found = page(client, model="embedding(10000,128).lstm(64,bi).lstm(32).dense(10)", beside=MODEL, **SIZES)

    assert text(found, "#sentence").startswith(
        "The two models differ in one argument of Bidirectional: return_sequences."
    )
    rows = [" ".join(row.text(separator=" ").split()) for row in found.css(".compared-facts tbody tr")]
    assert [b.text() for b in found.css(".compared-text b")] == ["seq"]
    assert rows[0] == "out 32 × 128 32 × 200 × 128"
    assert text(found, ".verdict.wrong") == "✗ LSTM needs 3 axes, gets 2."
    assert text(found, ".verdict.right") == "✓ 1,399,754 parameters, output 32 × 10"


def test_a_comparison_says_that_all_weights_are_the_same_if_they_are(client: TestClient) -> None:
    sentences = [
        text(page(client, model="lstm(3,4).dense(5)", beside=other), "#sentence")
        for other in ("lstm(3,4,seq).other.dense(4,5)", "lstm(3,6,seq).dense(5)", "lstm(3,4).dense(5)")
    ]

    assert ["All weights that are known have the same sizes in both." in one for one in sentences] == [
        True,
        False,
        False,
    ]


def test_a_comparison_does_not_count_what_is_not_known(client: TestClient) -> None:
    found = page(client, model="lstm(64).dense(10)", beside="lstm(64).dense(11)")

    assert text(found, ".verdict") == "650 + ? parameters, output ? × 10"
    assert text(found, ".compared-facts tbody tr:last-child") == "all parameters 650 + ? 715 + ?"


def test_a_comparison_without_differences_lists_none(client: TestClient) -> None:
    found = page(client, model=MODEL, beside=MODEL)

    assert text(found, "#sentence") == "The two models have the same layers."
    assert not found.css(".compared-facts, .compared-text") and "What differs" not in text(found, "aside")
    assert text(found, "aside .about-layer") == "4 layers are the same in both."


def test_what_only_one_model_says_is_no_difference(client: TestClient) -> None:
    weights = "unordered.embedding(9,8).lstm(8,6,seq).other.dense(6,5)"
    found = page(client, model=weights, beside="embedding(9,8).lstm(6).dropout.dense(5)", framework="pytorch")

    assert text(found, "#sentence") == (
        "Nothing that both models say differs. All weights that are known have the same sizes in both."
    )
    assert not found.css(".compared-facts, .compared-text")
    assert [" ".join(one.text().split()) for one in found.css("aside .about-layer")] == [
        "2 layers are the same in both.",
        "The first does not say all of lstm(8,6), dropout.",
        "The parameters of both are counted as in PyTorch.",
    ]


def test_each_of_two_models_is_counted_in_its_own_framework(client: TestClient) -> None:
    lstm = {"model": "lstm(64,32,bi,layers=2)", "framework": "keras"}
    alone = [
        client.get("/model.json", params={**lstm, "framework": id}).json()["parameters"] for id in ("keras", "pytorch")
    ]
    beside = {**lstm, "beside": lstm["model"], "beside_framework": "pytorch"}
    document = client.get("/model.json", params=beside).json()
    found = page(client, **beside)

    assert [document["parameters"], document["beside"]["parameters"]] == alone and alone[0] != alone[1]
    assert "counted as in Keras, those of the second as in PyTorch" in text(found, "aside")
    swapped = link(found, "aside p > a.pill")
    assert "framework=pytorch" in swapped and "beside_framework=keras" in swapped


def test_a_switch_of_a_framework_that_was_chosen_before_is_left_out(client: TestClient) -> None:
    both = {"model": "lstm(3,4)", "beside": "lstm(3,4)", "framework": "keras", "batch_first": "true"}

    assert "batch_first" in (page(client, **both, beside_framework="pytorch").html or "")
    assert "batch_first" not in (page(client, **both, beside_framework="none").html or "")


def test_a_layer_that_only_one_model_has_is_named_on_both_sides(client: TestClient) -> None:
    one, other = "lstm(3,4,seq).lstm(5).dense(2)", "lstm(3,4,seq).dense(2)"
    sides = [
        [" ".join(side.text().split()) for side in page(client, model=a, beside=b).css(".compared-text")]
        for a, b in ((one, other), (other, one))
    ]

    assert sides == [
        ["− lstm(5)", "only the first has lstm(5)"],
        ["only the second has lstm(5)", "+ lstm(5)"],
    ]
    assert [cell.text() for cell in page(client, model=one, beside=other).css(".compared-facts th")] == [
        "before",
        "after",
        "all parameters",
    ]


def test_code_is_shown_with_the_lines_that_made_a_layer(client: TestClient) -> None:
    found = opened(client, batch_size="32", time_step="200")

    assert text(found, "#sentence").startswith("4 layers turn 32 × 200 ids into 32 × 10.")
    assert [line.attributes["data-parts"] for line in found.css("#code .made")] == ["0", "1", "1", "2", "3"]
    assert [line.text() for line in found.css("#code .chosen")] == EXAMPLE.splitlines()[5:7]
    assert "lines 6–7" in text(found, ".chain-panel")


def opened_layer(client: TestClient, source: str) -> str | None:
    """The page about the selected layer of a source."""
    node = opened(client, source).css_first("#open-layer")
    return node.attributes["href"] if node else None


def test_a_layer_of_code_opens_only_as_exactly_that_layer(client: TestClient) -> None:
    tensorflow1 = "import tensorflow.compat.v1 as tf\nx = tf.placeholder(tf.float32, [None, 9, 10])\n"
    cell = "y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(64, forget_bias=0.0, name='a'), x)"

    assert "forget_bias=0" in (opened_layer(client, tensorflow1 + cell) or "")
    assert opened_layer(client, "from torch import nn\nm = nn.RNN(10, 20)(x)")
    relu = "from torch import nn\nm = nn.RNN(10, 20, nonlinearity='relu')(x)"
    assert not opened_layer(client, relu)
    assert "No picture shows exactly this layer" in text(opened(client, relu), ".chain-panel")


def test_a_layer_without_a_bias_opens_with_a_note(client: TestClient) -> None:
    source = "from torch import nn\nm = nn.GRU(10, 20, bias=False)(x)"

    assert "cell=gru_reset_after" in (opened_layer(client, source) or "")
    assert "This layer has no bias" in text(opened(client, source), ".chain-panel")
    assert "cell=gru" in link(page(client, model="gru(3,4,nobias)", framework="keras"), "#open-layer")


def test_the_peepholes_of_a_layer_count_and_are_in_its_picture(client: TestClient) -> None:
    found = page(client, model="lstm(5,4,seq,peepholes)", framework="onnx")

    assert text(found, ".count-formula").endswith("188")  # 4 gates × 4 × (5 + 4 + 2 biases), and 3 peepholes × 4
    assert "cell=lstm_peephole" in link(found, "#open-layer")


def test_a_layer_that_runs_backwards_opens_alone_only_in_a_framework_that_has_such_a_layer(client: TestClient) -> None:
    found = {name: page(client, model="lstm(5,4,seq,back)", framework=name) for name in ("keras", "onnx")}

    assert "go_backwards=true" in link(found["keras"], "#open-layer")
    assert not found["onnx"].css("#open-layer")
    assert "This layer only runs backwards" in text(found["onnx"], ".chain-panel")
    both = link(found["onnx"], ".chain-panel .hint a")
    fields = dict(parse_qsl(both.partition("?")[2]))
    assert fields.pop("model") == "lstm(5,4,seq,back)", "for the way back"
    assert fields == {
        "bidirectional": "true",
        "direction": "backward",
        "features": "5",
        "framework": "onnx",
        "num_units": "4",
    }
    assert client.get(both).status_code == 200


def test_a_long_model_ends_with_what_is_unknown(client: TestClient) -> None:
    layers = "nn.Linear(8, 8), " * 250
    found = opened(client, f"from torch import nn\nm = nn.Sequential({layers} nn.Linear(8, 3))")

    assert "its first 200 layers are shown" in found.body.text()  # type: ignore[union-attr]
    assert "into ?" in text(found, "#sentence")


def test_brackets_in_strings_do_not_end_a_layer(client: TestClient) -> None:
    source = EXAMPLE.replace("LSTM(64,", 'LSTM(64, name="a) # (b(",')

    assert [line.text() for line in opened(client, source).css("#code .chosen")] == source.splitlines()[5:7]


def test_code_without_layers_says_so_and_keeps_the_text(client: TestClient) -> None:
    found = opened(client, source="print('hello')  # <b>")

    assert text(found, "#sentence").startswith("No layers were found in this code.")
    assert text(found, "#source") == "print('hello') # <b>"


def test_code_that_is_not_python_says_in_which_line(client: TestClient) -> None:
    found = opened(client, source="import torch\nclass M(nn.Module:\n    def __init__(self)\n")

    assert text(found, "#sentence") == "No layers were found in this code. Line 2 is not Python."


def test_an_error_message_in_the_field_for_code_leads_to_its_explanation(client: TestClient) -> None:
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12"
    found = opened(
        client, source=f'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n{error}'
    )
    form = found.css_first("form[data-leaves]")

    assert text(found, "#sentence") == "This is an error message, not the code of a model."
    assert form and form.attributes["action"] == "/explain"
    assert error in str([field.attributes["value"] for field in form.css("input")])


def test_of_several_models_the_first_recurrent_one_is_shown_and_all_have_their_names(client: TestClient) -> None:
    source = """import torch
from torch import nn
head = nn.Sequential(nn.Linear(9, 5), nn.ReLU())
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(9, 5)
    def forward(self, x):
        return self.rnn(x)[0]
"""
    found = opened(client, source=source)

    assert [option.text() for option in found.css("#number option")] == ["1 head", "2 Tagger"]
    assert "gru(9,5,seq)" in link_to_model(found)
    assert "dense(9,5)" in link_to_model(opened(client, source=source, number="0"))


def test_a_first_axis_that_may_not_be_the_batch_can_be_written(client: TestClient) -> None:
    source = """from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.fc = nn.GRU(9, 4, batch_first=True), nn.Linear(4, 2)
    def forward(self, x):
        b, t, _ = x.shape
        return self.fc(self.rnn(x)[0].reshape(b * t, -1))
"""
    sizes = {"batch_size": "8", "time_step": "5"}
    found = opened(client, source=source, **sizes)
    text_of_model = "gru(9,4,seq).other(4,params=0).dense(2,batch=?)"

    assert "8 × 5 × 4" in text(found, "#layers") and "8 × 2" not in text(found, "#layers")
    assert "Linear: first axis" in text(found, "main")
    written = opened(client, source=source, model=text_of_model, size0="40", **sizes)
    assert "40 × 4 40 × 2" in text(written, "#layers")


def test_code_for_another_library_is_said_not_to_be_read(client: TestClient) -> None:
    source = "import flax.linen as nn\nclass Net(nn.Module):\n  def __call__(self, x):\n    return nn.Dense(5)(x)\n"
    found = opened(client, source=source)

    assert text(found, "#sentence") == "No layers were found in this code. Flax is not read."
    assert text(found, ".unknown-lines li") == "line 2 class Net(nn.Module): Flax is not read"


def test_two_calls_of_one_model_have_the_lines_that_call_it(client: TestClient) -> None:
    source = """from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.head = nn.GRU(9, 5), nn.Linear(5, 2)
    def forward(self, x, short=False):
        y = self.rnn(x)[0]
        return y if short else self.head(y)
net = Net()
states = net(x, short=True)
scores = net(x)
"""
    found = opened(client, source=source)

    assert [option.text() for option in found.css("#number option")] == [
        "1 Net, called in line 10",
        "2 Net, called in line 11",
    ]


def test_batch_normalizations_have_numbers_that_are_not_counted(client: TestClient) -> None:
    """Keras counts 5 * 4 + 4 parameters of the dense layer and 4 * 4 of the normalization, of which it trains half."""
    head = "from keras import Input, Sequential, layers\n"
    source = f"{head}Sequential([Input((5,)), layers.Dense(4), layers.BatchNormalization()])\n"
    found = opened(client, source=source)

    assert "They have 32 parameters" in text(found, "#sentence")
    assert "These are the trained ones; count_params() is 40." in text(found, "#sentence")
    assert "8 + 8 not trained" in text(found, ".layer-table")
    note = "Not counted: 8 means and variances of batch normalizations, which are no trained parameters."
    assert note in [one.text() for one in found.css(".note")]
    found = opened(client, source=source.replace("Dense(4)", "Dense(4), layers.Dense(n)"))
    assert "count_params" not in text(found, "#sentence"), "not all parameters are known"


def test_the_share_of_a_wrapped_layer_is_that_of_its_kind(client: TestClient) -> None:
    source = """from keras import Input, Sequential, layers
layer = layers.Bidirectional(layers.GRU(40, return_sequences=True))
Sequential([Input((9, 6)), layer, layers.GRU(40), layers.Dense(8)])
"""
    assert text(opened(client, source=source), "#sentence").endswith("99 % of them in 2 × GRU.")


def test_the_parameters_of_a_model_are_known_if_no_line_is_uncertain(client: TestClient) -> None:
    """Between its layers are only operations, unless the model has weights of its own."""
    source = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(9, 4), nn.Linear(8, 2)
    def forward(self, x):
        y = self.a(x)
        return self.b(torch.cat([y, y * self.a.weight.sum()], 1))
"""
    own = source.replace("super().__init__()", "super().__init__(); self.scale = nn.Parameter(torch.ones(4))")

    assert "They have 58 parameters" in text(opened(client, source=source), "#sentence")
    assert "58 of its parameters are known." in text(opened(client, source=own), "#sentence")


def test_the_sentence_names_every_input_of_code(client: TestClient) -> None:
    source = """from keras import Input, Model, layers
steps, fixed = Input((96, 8)), Input((12,))
x = layers.Concatenate()([steps, layers.RepeatVector(96)(layers.Dense(32)(fixed))])
model = Model([steps, fixed], layers.LSTM(9)(x))
"""

    assert text(opened(client, source=source), "#sentence").endswith("It also gets ? × 96 × 8.")


def test_code_is_in_no_link_and_no_log(client: TestClient, logged: list[str]) -> None:
    source = EXAMPLE + "secret_name = Dense(secret_size)\n"
    found = opened(client, source=source)
    links = [link.attributes["href"] or "" for link in found.css("a")]

    assert links and not any("secret" in link for link in links)
    assert "secret" not in "".join(logged)


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"batch_size": "x"}, 422, "batch_size must be a whole number from 1 to 1,024, not “x”."),
        ({"size0": "x"}, 422, "size0 must be a whole number from 1 to 2,147,483,647, not “x”."),
        ({"source": "x" * (MAX_SOURCE_BYTES + 1)}, 413, "The code is longer than 256 KB; paste a part of it."),
    ],
)
def test_a_form_that_is_not_valid_is_shown_again_and_not_stored(
    client: TestClient, fields: dict[str, str], status: int, problem: str
) -> None:
    response = client.post("/open", data={"source": OPEN_SIZES, **fields})
    found = Page(response.text)

    assert (response.status_code, response.headers["cache-control"]) == (status, "no-store")
    assert text(found, "#problem") == problem
    assert text(found, "#source") == " ".join(fields.get("source", OPEN_SIZES).split())


def test_the_page_about_code_is_not_stored(client: TestClient) -> None:
    assert client.post("/open", data={"source": EXAMPLE}).headers["cache-control"] == "no-store"


def sizes(found: Page) -> dict[str, str]:
    """The fields of the sizes that the code leaves open."""
    return {i.attributes["name"] or "": i.attributes["value"] or "" for i in found.css(".unknown-size input")}


def test_sizes_that_were_written_stay_and_keep_their_places(client: TestClient) -> None:
    first = opened(client, source=OPEN_SIZES, size20="7")
    form = {
        i.attributes["name"] or "": i.attributes["value"] or "" for i in first.css("input[form=sizes], #sizes input")
    }
    second = opened(client, **{"source": OPEN_SIZES, **form, "size1": "9"})

    assert len(sizes(second)) == 21
    assert {n: value for n, value in sizes(second).items() if value} == {"size1": "9", "size20": "7"}
    assert "dense(9).dense(?)" in link_to_model(second)
    assert link_to_model(second).endswith("dense(7)")


def link_to_model(found: Page) -> str:
    return unquote(next(a.attributes["href"] or "" for a in found.css(".submit a"))).partition("&part")[0]


def test_sizes_of_other_code_are_not_put_into_its_layers(client: TestClient) -> None:
    assert not any(sizes(opened(client, source=OPEN_SIZES, model="lstm(?)", size0="9")).values())


def test_the_link_of_the_form_cannot_change_the_model(client: TestClient) -> None:
    response = client.post("/open?beside=lstm(3)&model=lstm(4)&size0=3&lang=en", data={"source": EXAMPLE})

    assert text(Page(response.text), "#sentence").startswith("4 layers turn")


def test_the_document_has_the_numbers_of_keras(client: TestClient) -> None:
    document = client.get("/model.json", params={"model": MODEL, **SIZES}).json()

    assert [layer["parameters"] for layer in document["layers"]] == [1_280_000, 98_816, 20_608, 330]
    assert [layer["output"] for layer in document["layers"]] == [[32, 200, 128], [32, 200, 128], [32, 32], [32, 10]]
    assert document["parameters"] == {"known": 1_399_754, "is_complete": True}


def test_numbers_without_an_exact_value_in_json_are_null(client: TestClient) -> None:
    most = 2**31 - 1
    document = client.get("/model.json?model=" + f"input({most},{most},{most}).flatten.dense({most})").json()

    assert [layer["output"][-1] for layer in document["layers"]] == [None, most]
    assert document["parameters"] == {"known": None, "is_complete": True}


def test_a_layer_that_does_not_fit_has_no_output_in_the_document(client: TestClient) -> None:
    document = client.get("/model.json", params={"model": "lstm(10,20,bi).dense(20,5)", "beside": "lstm(9)"}).json()

    assert document["layers"][1]["misfit"] == {"what": "features", "needed": 20, "got": 40}
    assert document["output"] is None
    assert document["layers"][1]["parameters"] is None and not document["parameters"]["is_complete"]
    assert [d["part"] for d in document["differences"]] == [0, 1]


def test_the_picture_has_the_names_of_the_framework_and_the_language(client: TestClient) -> None:
    svg = client.get("/model.svg", params={"model": "gru(64,bi,seq).dense(2)", "framework": "pytorch", "lang": "es"})

    assert svg.headers["content-type"] == "image/svg+xml"
    assert "Linear" in svg.text and "GRU" in svg.text and "64 unidades" in svg.text


def test_the_page_about_a_layer_without_a_bias_says_how_many_parameters_it_has_in_the_model(
    client: TestClient,
) -> None:
    """Two directions in two layers of torch.nn.GRU(64, 48, num_layers=2, bidirectional=True, bias=False)."""
    chain = "embedding(5000,64).gru(48,bi,seq,nobias,layers=2).dense(9)"
    found = page(client, model=chain, part="1", framework="pytorch")
    assert text(found, ".chain-panel .count-formula") == "73,728"
    layer = link(found, "#open-layer")
    counts = text(Page(client.get(layer).text), ".array-rows")
    panel = text(Page(client.get(f"{layer}&parameters=true").text), ".parameters")

    assert "74,880 trainable parameters 73,728 in the model, where this layer has no bias" in counts
    assert "73,728 in the model, where this layer has no bias" in panel
    with_bias = link(page(client, model="gru(64,48,bi,seq,layers=2)", framework="pytorch"), "#open-layer")
    assert "no bias" not in client.get(with_bias).text


def test_a_file_that_may_have_more_layers_of_a_stack_has_at_least_the_parameters_of_those_that_it_has(
    client: TestClient,
) -> None:
    """One layer of torch.nn.LSTM(96, 96), and the bias of a Linear(96, 2000), in one of several files."""
    found = page(
        client, model="unordered.lstm(96,96,seq,layers=?).other.dense(96,2000,params=2000).other", framework="pytorch"
    )
    lstm = 4 * (96 * 96 + 96 * 96 + 2 * 96)

    assert text(found, "#sentence").endswith(f"The model has at least {lstm + 2000:,} parameters.")
    assert f"{lstm:,} + ?" in text(found, ".layer-table")


def test_a_layer_whose_bias_the_file_may_have_left_out_has_at_least_the_parameters_of_its_matrices(
    client: TestClient,
) -> None:
    """GRU(12) of Keras for 8 features, and Dense(2): 3 · 12 · (8 + 12) and 12 · 2 numbers in a file of TFLite."""
    chain = "input(10,8).gru(8,12,maybebias).dense(2,maybebias)"
    found = page(client, model=chain, framework="keras")
    sentence, panel = text(found, "#sentence"), text(found, ".chain-panel")
    opened = link(found, "#open-layer")

    assert "2 layers turn" in sentence and sentence.endswith("The model has at least 744 parameters.")
    assert text(found, ".proof") == "2 layers, 2 of them not completely known"
    assert "The file has no bias of this layer" in panel and "This layer has no bias" not in panel
    assert "720 + ?" in text(found, ".layer-table") and "720 + ?" in text(found, ".chain-picture")
    assert "at least 720 in the model, whose file has no bias of this layer" in client.get(opened).text
    document = client.get("/model.json", params={"model": chain}).json()
    assert document["parameters"] == {"known": 744, "is_complete": False}
    assert document["layers"][0]["config"]["bias"] is None
    without = page(client, model=chain.replace("maybe", "no"), framework="keras")
    assert text(without, ".proof") == "✓ 2 layers, nothing unknown", "of a layer that certainly has none"


def test_the_page_about_a_layer_says_how_many_parameters_it_has_in_the_model_beside_its_arrays(
    client: TestClient,
) -> None:
    """A weight norm trains a length for each of the 4·60 rows of weight_hh_l0: 24,480 + 240."""
    model = "unordered.lstm(40,60,seq,params=24720).other.dense(60,11)"
    layer = link(page(client, model=model, framework="pytorch"), "#open-layer")

    said = "24,720 in the model, 240 of them beside these arrays"
    assert f"24,480 trainable parameters {said}" in text(Page(client.get(layer).text), ".array-rows")
    assert "in the model" not in text(
        Page(client.get(layer.replace("num_units=60", "num_units=61")).text), ".array-rows"
    )
    fewer = link(page(client, model=model.replace("24720", "14400"), framework="pytorch"), "#open-layer")
    assert "14,400 in the model, where this layer has other arrays" in client.get(fewer).text


def test_of_one_layer_it_is_not_said_in_which_order_it_is(client: TestClient) -> None:
    one, two = (page(client, model=f"unordered.lstm(24,32,seq).other{end}") for end in ("(params=9)", ".dense(32,9)"))

    assert text(one, ".proof") == "1 layer, whose place in the model is not known"
    assert text(two, ".proof") == "2 layers, in an order that is not known"


def test_nothing_is_said_about_the_ends_of_a_model_whose_layers_are_only_listed(client: TestClient) -> None:
    """As in the file of a tagger whose classifier was made first: nobody knows what goes in and out."""
    listed = "dense(384,17).other.embedding(87,25).lstm(25,bi,seq)"
    found, ordered = page(client, model=f"unordered.{listed}", part="3"), page(client, model=listed, part="3")
    sentence = text(found, "#sentence")

    assert sentence.startswith("3 layers. How they are connected is not known,") and "turn" not in sentence
    assert text(found, ".proof") == "3 layers, in an order that is not known"
    guess = "It is a guess from the sizes: the file does not say it."
    assert guess in text(found, ".chain-panel") and guess not in text(ordered, ".chain-panel")
    below = page(client, model=f"unordered.{listed}", part="2")
    assert guess in text(below, ".chain-panel"), "the panel of a layer that is not recurrent"
    pictures = text(found, ".chain-picture"), text(ordered, ".chain-picture")
    assert [("input?" in picture, "output?" in picture) for picture in pictures] == [(True, True), (False, False)]
    kept = link(found, ".chain-picture a")
    document = client.get("/model.json", params={"model": f"unordered.{listed}"}).json()
    assert document["input"] is None and document["output"] is None
    beside = page(client, model=f"unordered.{listed}", beside=listed)
    verdicts = [" ".join(one.text().split()) for one in beside.css(".verdict")]
    assert ["what the model returns is not known" in verdict for verdict in verdicts] == [True, False]
    assert "unordered" in kept, "links keep it"


@pytest.mark.parametrize(
    ("sizes", "layout", "shape"),
    [
        ({"batch_size": "2", "time_step": "6"}, "0", "6 × 2 × 2 × 7"),
        ({}, "0", "? × 2 × ? × 7"),
        ({"batch_size": "2", "time_step": "6"}, "1", "2 × 6 × 2 × 7"),
    ],
)
def test_the_steps_that_an_onnx_layer_returns_have_an_axis_of_directions(
    client: TestClient, sizes: dict[str, str], layout: str, shape: str
) -> None:
    """Y of the ONNX operators is [seq_length, num_directions, batch_size, hidden_size], with layout=1 [batch_size,
    seq_length, num_directions, hidden_size]."""
    found = page(client, model="lstm(5,7,bi,seq,apart)", framework="onnx", layout=layout, **sizes)

    assert f"into {shape}." in text(found, "#sentence")
    assert text(found, ".proof") == "✓ 1 layer, nothing unknown"
    assert shape in text(found, ".chain-panel") and shape in text(found, ".layer-table")
    assert shape in text(found, ".chain-picture")


def test_a_number_that_is_not_known_is_not_said_to_go_on(client: TestClient) -> None:
    panel = text(page(client, model="other.normalization(params=640).gru(320,320,seq)", part="1"), ".chain-panel")

    assert "···" not in panel.partition("Parameters")[2] and "at each step from here" not in panel


LOOPS = {
    "for t in range(x.size(1)):\n            h = self.a(x[:, t], h)\n        h = self.b(h)": "The model has",
    "for t in range(9):\n            h = self.a(x[:, t], h)\n            y.append(self.b(h))": "The model has",
    "for one in [self.a, self.a2]:\n            h = self.d(one(h, None))\n        h = self.b(h)": "5 layers turn",
}
"""Forward passes, and how the sentence about the model begins."""


@pytest.mark.parametrize("forward", LOOPS)
def test_of_a_loop_over_steps_it_is_not_said_what_one_call_turns_into_what(client: TestClient, forward: str) -> None:
    """The layers turn what they get into what they return for each step, and the model all steps."""
    source = f"""
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.a2, self.b, self.d = nn.GRUCell(4, 4), nn.GRUCell(4, 4), nn.Linear(4, 2), nn.Dropout()
    def forward(self, x):
        h, y = torch.zeros(2, 4), []
        {forward}
        return h, y
"""
    sentence = text(opened(client, source), "#sentence")

    assert sentence.startswith(LOOPS[forward]), sentence
    assert ("turn" in sentence) == ("t in range" not in forward)


SCALED = """
import torch
from torch import nn
class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = WEIGHT
    def forward(self, x):
        return x * self.weight
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.scale, self.fc = nn.GRU(6, 12, batch_first=True), Scale(12), nn.Linear(12, 3)
    def forward(self, x):
        return self.fc(self.scale(self.rnn(x)[0]))
Net()(torch.zeros(2, 5, 6))
"""


def test_code_with_weights_that_no_layer_has_is_not_called_completely_known(client: TestClient) -> None:
    plain, own = (SCALED.replace("WEIGHT", weight) for weight in ("2.0", "nn.Parameter(torch.ones(n))"))

    assert text(opened(client, source=plain), ".proof") == "✓ 2 layers, nothing unknown"
    own_page = opened(client, source=own)
    assert text(own_page, ".proof") == "2 layers, and weights that no layer has"
    assert "weights that no layer has" in text(own_page, ".unknown-lines")
    normed = plain.replace("nn.Linear(12, 3)", "nn.utils.weight_norm(nn.Linear(12, 3))")
    assert "They have 762 parameters" in text(opened(client, source=normed), "#sentence"), "3 lengths of rows"


def test_layers_that_are_never_called_are_said_with_their_parameters_and_not_counted(client: TestClient) -> None:
    unused = SCALED.replace("WEIGHT", "2.0").replace(
        "nn.Linear(12, 3)", "nn.Linear(12, 3)\n        self.b = nn.GRU(5, 7)"
    )
    found = opened(client, source=unused)

    assert "759 of its parameters are known." in text(found, "#sentence")
    assert "a layer that is never called ·294 parameters that are not counted" in text(found, ".unknown-lines")


TWO_INPUTS = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.fc = nn.GRU(6, 12, batch_first=True), nn.Linear(20, 3)
    def forward(self, x, beside):
        return self.fc(torch.cat((self.a(x)[1][-1], beside), 1))
Net()(torch.randn(4, 9, 6), torch.randn(4, 8))
"""


def test_a_model_also_gets_the_other_tensors_that_it_is_called_with(client: TestClient) -> None:
    unknown = TWO_INPUTS.replace("torch.randn(4, 8)", "load()")

    assert "It also gets 4 × 8." in text(opened(client, source=TWO_INPUTS), "#sentence")
    assert "It also gets" not in text(opened(client, source=unknown), "#sentence")


def test_the_data_of_a_training_leaves_operations_without_parameters(client: TestClient) -> None:
    loader = "data = torch.utils.data.DataLoader(torch.randn(90, 9, 6), 4)\n"
    found = opened(client, source=TWO_INPUTS + loader)

    assert "They have 783 parameters" in text(found, "#sentence")
    assert "unknown" not in text(found, ".layer-table")
    assert "unknown" in text(opened(client, source=TWO_INPUTS + loader.replace("torch.utils.", "my.")), ".layer-table")


ORDERS = """
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.GRU(14, 20, batch_first=FIRST), nn.GRU(20, 24, batch_first=SECOND)
    def forward(self, x):
        return self.second(self.first(x)[0].transpose(0, 1))[0]
"""


@pytest.mark.parametrize(
    ("first", "second", "note"),
    [("True", "False", "the batch first"), ("False", "True", "the steps first"), ("True", "True", "")],
)
def test_code_whose_layers_differ_in_batch_first_says_the_order_of_the_axes_that_are_shown(
    client: TestClient, first: str, second: str, note: str
) -> None:
    source = ORDERS.replace("FIRST", first).replace("SECOND", second).replace(".transpose(0, 1)", "")
    found = opened(client, source=source)

    said = f"Some layers have the batch first, others the steps. All shapes here have {note}."
    assert (said in text(found, "main")) == bool(note)
    assert note or "All shapes here" not in text(found, "main")


@pytest.mark.parametrize(
    ("first", "layer", "shapes"),
    [
        ("nn.GRU(14, 20, batch_first=True)(x)[0]", "", ["3 × 5 × 14", "3 × 5 × 20", "5 × 3 × 20", "5 × 3 × 24"]),
        ("nn.Embedding(14, 20)(x)", "", ["3 × 5", "3 × 5 × 20", "5 × 3 × 20", "5 × 3 × 24"]),
        (
            "nn.GRU(14, 20)(x)[0]",
            ", batch_first=True",
            ["5 × 3 × 14", "5 × 3 × 20", "3 × 5 × 20", "3 × 5 × 24"],
        ),
    ],
)
@pytest.mark.parametrize("swap", ["transpose(0, 1)", "permute(1, 0, 2)", "swapaxes(1, 0)"])
def test_code_that_swaps_the_batch_and_the_steps_shows_that_as_a_step(
    client: TestClient, first: str, layer: str, shapes: list[str], swap: str
) -> None:
    made, called = first.removesuffix("[0]").removesuffix("(x)"), first[first.index("(x)") :]
    source = ORDERS.replace("nn.GRU(14, 20, batch_first=FIRST)", made).replace(", batch_first=SECOND", layer)
    source = source.replace("(x)[0].transpose(0, 1)", f"{called}.{swap}")
    found = opened(client, source=source, batch_size="3", time_step="5")
    rows = [" ".join(row.text(separator=" ").split()) for row in found.css(".layer-table tbody tr")][::-1]

    assert "All shapes here" not in text(found, "main")
    assert "transpose" in rows[1]
    for row, (given, returned) in zip(rows, pairwise(shapes), strict=True):
        assert f"{given} {returned}" in row
