"""/model, /open, /model.json and /model.svg."""

import re
from itertools import product
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import pytest
from app_client import TestClient
from model_page import MODEL, SIZES, link, page, text
from selectolax.lexbor import LexborHTMLParser as Page

from app.diagram.theme import LIGHT
from app.frameworks import FRAMEWORKS
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.url_state_to_picture.model.model_url_state import RUN_SIZES, ChainUrlState
from app.web.pages.open_model import EXAMPLE
from app.web.pages.parts.selected_layer import selected_layer


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


def test_a_layer_that_runs_on_each_step_reads_a_sequence_there(client: TestClient) -> None:
    """Its features are those of a step of the inner sequence, and the page about the layer has that many."""
    found = page(client, model="input(40,10,7).step.lstm(20,runs=40).other(40,20,params=0)", part="1")

    panel = text(found, ".chain-panel")
    assert "each step alone" not in panel and "No picture shows exactly" not in panel
    (opened,) = found.css("#open-layer")
    assert {("time_step", "10"), ("features", "7")} <= {*parse_qsl(urlsplit(str(opened.attributes["href"])).query)}


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


@pytest.mark.parametrize(
    ("model", "part", "words"),
    [
        ("embedding(155,29).lstm(27,layers=2).gru_cell(27)", "1", "gets 27 numbers from here"),
        ("lstm(8,27,seq).gru(27)", "0", "gets 27 numbers at each step from here"),
        ("input(t,3).step.dense(5,runs=t).lstm_cell(4,runs=t)", "1", "gets 5 numbers at each step from here"),
    ],
)
def test_a_layer_that_gets_one_step_gets_no_numbers_at_each_step(
    client: TestClient, model: str, part: str, words: str
) -> None:
    found = page(client, framework="pytorch", model=model, part=part)

    assert words in text(found, ".chain-panel")


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


def test_the_page_about_code_is_not_stored(client: TestClient) -> None:
    assert client.post("/open", data={"source": EXAMPLE}).headers["cache-control"] == "no-store"


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


@pytest.mark.parametrize("way", ["", "bi,"])
def test_every_step_of_an_onnx_layer_goes_on_that_is_the_output_of_the_model(client: TestClient, way: str) -> None:
    found = page(client, model=f"input(11,6).lstm(6,9,{way}seq,apart)", framework="onnx", batch_size="2")

    assert "11 × " in text(found, ".chain-picture")
    assert "goes on" not in text(found, ".chain-picture") and "only the last" not in text(found, "main")


def test_a_number_that_is_not_known_is_not_said_to_go_on(client: TestClient) -> None:
    panel = text(page(client, model="other.normalization(params=640).gru(320,320,seq)", part="1"), ".chain-panel")

    assert "···" not in panel.partition("Parameters")[2] and "at each step from here" not in panel


TURNED = [
    ("pytorch", "lstm(6,11,seq).swap.gru(11,13,seq)", "batch_first=true", "GRU(11, 13)"),
    ("pytorch", "lstm(6,11,seq).swap.gru(11,13,seq)", "batch_first=false", "GRU(11, 13, batch_first=True)"),
    ("pytorch", "lstm(6,11,seq).swap.dense(9).swap.gru(9,13,seq)", "batch_first=true", "GRU(9, 13, batch_first=True)"),
    ("tf1", "gru(6,11,seq).swap.lstm(11,13,seq)", "time_major=false", "time_major=True"),
    ("tf1", "gru(6,11,seq).swap.lstm(11,13,seq)", "time_major=true", "outputs.shape == (4, 7, 13)"),
    ("flax", "gru(6,11,seq).swap.lstm(11,13,seq)", "time_major=false", "time_major=True"),
]
"""Models whose axes are transposed before the last layer; what the program of that layer has."""


@pytest.mark.parametrize(("framework", "model", "order", "line"), TURNED)
def test_a_layer_after_transposed_axes_opens_with_its_own_order_and_leads_back_to_that_of_the_model(
    client: TestClient, framework: str, model: str, order: str, line: str
) -> None:
    name, value = order.split("=")
    part = str(model.count("."))
    found = page(client, model=model, framework=framework, part=part, batch_size="4", time_step="7", **{name: value})
    opened_link = link(found, "#open-layer")
    code = client.get(f"/code{opened_link.lstrip('/')}").text
    back = link(Page(client.get(f"/{opened_link.lstrip('/')}").text), "#to-model")

    assert line in code
    assert (f"{name}=true" in back) == (value == "true")
    assert f"model={model}" in unquote(back)


@pytest.mark.parametrize("kind", ["attention(t,7,{})", "normalization({})"])
def test_a_layer_without_parameters_has_the_boxes_of_an_operation(client: TestClient, kind: str) -> None:
    """As many yellow boxes, for layers with weights, as without it; with parameters there are more."""

    def boxes(count: str) -> int:
        model = f"input(6,5).gru(7,seq).{kind.format(count)}.dense(3)"
        svg = client.get("/model.svg", params={"model": model, "framework": "keras"}).text
        return svg.count(f'fill="{LIGHT.fill["layer"]}"')

    svg = client.get("/model.svg", params={"model": "input(6,5).gru(7,seq).dense(3)", "framework": "keras"}).text
    assert boxes("params=0") == svg.count(f'fill="{LIGHT.fill["layer"]}"') < boxes("params=9")
