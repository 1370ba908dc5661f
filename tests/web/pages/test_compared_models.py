"""The page about two models."""

import pytest
from app_client import TestClient
from model_page import MODEL, SIZES, link, page, text
from selectolax.lexbor import LexborHTMLParser as Page


def facts(found: Page) -> list[list[str]]:
    """The facts about each layer that differs, and about all."""
    return [
        [" ".join(row.text(separator=" ").split()) for row in body.css("tr")]
        for body in found.css(".compared-facts tbody")
    ]


def test_every_layer_that_differs_is_listed(client: TestClient) -> None:
    one, other = (
        f"unordered.embedding(500,32).{lstm},seq).other.dense({n},7)"
        for lstm, n in (("lstm(64", 64), ("lstm(48,bi", 96))
    )
    found = page(client, model=one, beside=other, framework="pytorch")

    assert text(found, "#sentence") == "The two models differ in 2 layers."
    assert [rows[0] for rows in facts(found)[:-1]] == ["LSTM", "Linear"]
    assert facts(found)[1][-1] == "parameters 455 679"


def test_two_models_show_only_what_differs(client: TestClient) -> None:
    found = page(client, model="embedding(10000,128).lstm(64,bi).lstm(32).dense(10)", beside=MODEL, **SIZES)

    assert text(found, "#sentence").startswith(
        "The two models differ in one argument of Bidirectional: return_sequences."
    )
    rows = [" ".join(row.text(separator=" ").split()) for row in found.css(".compared-facts tbody tr")]
    assert [b.text() for b in found.css(".compared-text b")] == ["seq"]
    assert rows[:2] == ["Bidirectional", "out 32 × 128 32 × 200 × 128"]
    assert text(found, ".verdict.wrong") == "✗ LSTM needs 3 axes, gets 2."
    assert text(found, ".verdict.right") == "✓ 1,399,754 parameters, output 32 × 10"


def test_an_argument_that_differs_has_a_row_and_what_is_equal_has_none(client: TestClient) -> None:
    def rows(one: str, other: str) -> list[str]:
        return [row for body in facts(page(client, model=one, beside=other, framework="keras")) for row in body]

    assert rows("gru(5,8).dense(2)", "gru(5,8,back).dense(2)") == ["GRU", "go_backwards False True"]
    assert rows("gru(5,8).dense(2)", "gru(5,8,before).dense(2)") == [
        "GRU",
        "reset_after True False",
        "parameters 360 336",
        "all parameters 378 354",
    ]
    both = rows("gru(5,8).dense(2)", "gru(5,9,back,before).dense(2)")
    assert both[1:4] == ["units 8 9", "reset_after True False", "go_backwards False True"] or both[1:5] == [
        "out ? × 8 ? × 9",
        "units 8 9",
        "go_backwards False True",
        "reset_after True False",
    ]


def test_layers_of_which_only_the_text_differs_show_it(client: TestClient) -> None:
    found = page(client, model="gru(5,8,seq).dense(2)", beside="gru(5,8,seq,after).dense(2)", framework="onnx")

    assert facts(found)[0][1].startswith("layer gru")


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

    assert text(found, ".verdict") == "650 known parameters, output ? × 10"
    assert text(found, ".compared-facts tbody:last-child") == "all parameters 650 + ? 715 + ?"


@pytest.mark.parametrize(
    "model, known",
    [
        ("unordered.embedding(70,6).gru(6,9,bi)", "1,338 known parameters"),
        ("unordered.gru(6,9,layers=?).dense(9,4)", "499 + ? parameters"),
    ],
    ids=["all of its layers", "at least"],
)
def test_a_comparison_counts_the_parameters_of_weights_alone_as_the_page_of_one_model(
    model: str, known: str, client: TestClient
) -> None:
    """70 × 6 of the embedding, and in PyTorch 3 × 9 × (6 + 9 + 2) of each direction, and 9 × 4 + 4."""
    alone = text(page(client, model=model, framework="pytorch"), "main")
    words = "has {} known parameters" if "known" in known else "has at least {} parameters"
    found = page(client, model=model, beside="lstm(3,4)", framework="pytorch")

    assert words.format(known.split()[0]) in alone
    assert text(found, ".verdict").removeprefix("✓ ") == f"{known}; what the model returns is not known"


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
        "The first does not say all of lstm(8,6).",
        "The first lists only layers with weights, so it does not say whether it has dropout.",
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
        ["− lstm(5)", "− dense(5,2)", "only the first has lstm(5)", "+ dense(4,2)"],
        ["only the second has lstm(5)", "− dense(4,2)", "+ lstm(5)", "+ dense(5,2)"],
    ]
    assert facts(page(client, model=one, beside=other)) == [
        ["LSTM", "parameters 200 –"],
        ["Dense", "in ? × 5 ? × ? × 4", "axes 2 3", "out ? × 2 ? × ? × 2", "axes 2 3", "parameters 12 10"],
        ["all parameters 340 138"],
    ]


def test_a_stack_is_the_same_as_its_layers_one_after_another(client: TestClient) -> None:
    stack = "embedding(9,5).lstm(4,bi,seq,layers=3).normalization(params=16).dense(2)"
    row = "embedding(9,5).lstm(4,bi,seq).lstm(4,bi,seq).lstm(4,bi,seq).normalization(params=16).dense(2,matmul)"
    other = row.replace("lstm(4,bi,seq).lstm(4", "lstm(4,bi,seq).lstm(3", 1)
    sentences = [
        text(page(client, model=one, beside=another, **frameworks), "#sentence")
        for one, another, frameworks in (
            (stack, row, {"framework": "pytorch", "beside_framework": "onnx"}),
            (row, stack, {"framework": "onnx", "beside_framework": "pytorch"}),
            (stack, other, {"framework": "pytorch"}),
        )
    ]

    assert sentences[:2] == ["The two models have the same layers."] * 2
    assert sentences[2].startswith("The two models differ in")


def test_axes_that_one_model_does_not_know_are_no_difference(client: TestClient) -> None:
    """Code of PyTorch in a file does not show what moves the axes of the input."""
    one = "convolution(params=754).normalization(params=58).other(params=0).gru(29,94,layers=2).dense(21)"
    other = (
        "input(48,5).transpose(2,1).convolution(29,48,channels,params=754).normalization(params=58)"
        ".other(24,29,params=0).gru(94,layers=2).dense(21)"
    )
    same, wider = (
        page(client, model=one, beside=beside, framework="pytorch", batch_first="true")
        for beside in (other, other.replace("params=754", "params=755"))
    )

    assert text(same, "#sentence").startswith("Nothing that both models say differs.")
    assert facts(wider)[0][1:] == ["parameters 754 755"], "and no axes"


def test_layers_without_an_order_are_compared_with_those_of_their_kind_and_nearest_sizes(client: TestClient) -> None:
    one = (
        "unordered.convolution(params=740).other.embedding(91,12).other.embedding(3017,40)"
        ".other.lstm(60,33,bi,seq).other(params=99).dense(66,9)"
    )
    other = (
        "unordered.embedding(3000,40).other.embedding(91,14).other.convolution(params=888)"
        ".other.lstm(64,37,bi,seq).other.dense(74,9).other(params=99)"
    )
    found = facts(page(client, model=one, beside=other, framework="pytorch"))

    assert [(rows[0], rows[-1]) for rows in found[:-1]] == [
        ("Convolution", "parameters 740 888"),
        ("Embedding", "parameters 1,092 1,274"),
        ("Embedding", "parameters 120,680 120,000"),
        ("LSTM", "parameters 25,080 30,488"),
        ("Linear", "parameters 603 675"),
    ]


def test_layers_of_different_kinds_are_not_compared(client: TestClient) -> None:
    model, beside = "input(9,3).convolution(9,4,params=40).lstm(5)", "input(9,3).dense(4).gru(5)"
    found = facts(page(client, model=model, beside=beside, framework="keras"))

    assert [(rows[0], rows[-1]) for rows in found[:-1]] == [
        ("Convolution", "parameters 40 –"),
        ("Dense", "parameters – 16"),
        ("LSTM", "parameters 200 165"),
    ]


def test_layers_with_equal_weights_correspond_whatever_is_said_of_their_batches_and_inputs(client: TestClient) -> None:
    """A program that makes one axis of two, and a file that does not say it."""
    gru = "gru(6,seq{batch}).dense(1{batch}).other"
    code = "embedding({ids},5,batch=?)." + gru.format(batch=",batch=?") + "(?,6,params=0)"
    chain = f"{code}.gru(7,seq).dense(1).other(7,params=0).dense(3)"
    gap = "(others,params=0)"
    file = f"embedding(40,5).{gru.format(batch='')}{gap}.gru(6,7,seq).dense(1).other{gap}.dense(7,3)"
    same, other = (
        page(client, model=chain.format(ids=ids), beside=file, framework="pytorch", batch_first="true")
        for ids in (40, 50)
    )

    assert text(same, "#sentence").startswith("Nothing that both models say differs.")
    assert [rows[0] for rows in facts(other)[:-1]] == ["Embedding"]


def test_a_number_of_parameters_that_only_one_framework_says_is_no_difference(client: TestClient) -> None:
    """4 · (5 + 3 + 1) · 5."""
    counts = (180, 200)
    pages = [
        page(client, model="lstm(3,5)", beside=f"lstm(3,5,params={count})", framework="keras", beside_framework="onnx")
        for count in counts
    ]

    assert [text(one, "#sentence").startswith("The two models differ") for one in pages] == [False, True]


def test_a_file_without_an_order_has_no_layer_where_another_model_has_one_with_weights(client: TestClient) -> None:
    """The file has all layers with weights. In one with an order any may be in what is not known."""
    one, other = "gru(9,7,seq).rnn(5).dense(3)", "gru(9,7,seq).other.dense(7,3)"
    of_file, of_graph = (
        facts(page(client, model=one, beside=beside, framework="keras")) for beside in (f"unordered.{other}", other)
    )
    swapped = facts(page(client, model=f"unordered.{other}", beside=one, framework="keras"))

    assert (of_file[0], swapped[0]) == (["SimpleRNN", "parameters 65 –"], ["SimpleRNN", "parameters – 65"])
    assert "SimpleRNN" not in [rows[0] for rows in of_graph]


def test_models_of_which_one_leaves_layers_open_have_no_layers_that_are_certainly_the_same(client: TestClient) -> None:
    stack = "embedding(9,5).lstm(4,bi,seq,layers=2){gap}dense({n}2)"
    row = "embedding(9,5).lstm(4,bi,seq).lstm(4,bi,seq).dense(2)"
    file = f"unordered.{stack.format(gap='.other.', n='8,')}"
    pairs = {"known": (stack.format(gap=".", n=""), row), "open": (file, row), "both": (file, file)}
    found = {name: page(client, model=a, beside=b, framework="pytorch") for name, (a, b) in pairs.items()}

    careful = "Nothing that both models say differs. All weights that are known have the same sizes in both."
    sentences = {name: text(one, "#sentence") for name, one in found.items()}
    assert sentences == {"known": "The two models have the same layers.", "open": careful, "both": careful}
    counts = [text(found[name], "aside .about-layer") for name in ("open", "both")]
    folded = " A stack of one model counts as one, and so do its layers in the other."
    assert counts == [f"3 layers are the same in both.{folded}", "3 layers are the same in both."]


def test_the_sizes_of_recurrent_layers_that_differ_have_their_names(client: TestClient) -> None:
    """Also another kind, and only those sizes that differ."""
    one = "lstm(5,64,bi,seq,layers=2).lstm(32,seq).dense(3)"
    found = page(client, model=one, beside="lstm(5,48,seq,layers=3).gru(32,seq).dense(4)", framework="pytorch")

    stacked, kind, _, _ = facts(found)
    assert {"units 64 48", "layers 2 3", "directions 2 1"} <= {*stacked}
    assert "layer LSTM GRU" in kind and not [row for row in kind if row.startswith(("units", "layers"))]
    found = page(client, model="lstm(5,9,proj=4)", beside="lstm(5,9)", framework="pytorch")
    assert "projection 4 0" in facts(found)[0]


def test_the_features_of_recurrent_layers_that_differ_have_their_name(client: TestClient) -> None:
    """Also those that the layer before returns, and those of a file that does not say how layers are connected; none
    that are not known."""
    pairs = {
        "said": ("lstm(5,6).dense(3)", "lstm(7,6).dense(3)"),
        "before": ("dense(4,5).gru(6)", "dense(4,8).gru(6)"),
        "apart": ("unordered.dense(3,4).other.gru(5,6,seq)", "unordered.dense(3,4).other.gru(9,6,seq)"),
        "open": ("lstm(6).dense(3)", "lstm(8).dense(3)"),
    }
    rows = {
        name: [row for layer in facts(page(client, model=a, beside=b)) for row in layer if row.startswith("features")]
        for name, (a, b) in pairs.items()
    }

    assert rows == {"said": ["features 5 7"], "before": ["features 5 8"], "apart": ["features 5 9"], "open": []}


def test_the_texts_of_the_first_layers_that_differ_are_above_the_pictures(client: TestClient) -> None:
    def chain(*units: int) -> str:
        return ".".join(f"lstm({size},seq)" for size in units)

    def sides(found: Page) -> list[list[str]]:
        return [
            [" ".join(one.text().split()) for one in side.css(".compared-text, .compared-more")]
            for side in found.css(".compared-model")
        ]

    few = page(client, model="lstm(5,9,seq).lstm(7)", beside="lstm(5,8,seq).lstm(6).dense(2)")
    many = page(client, model=chain(9, 8, 7, 6, 5, 4), beside=chain(10, 11, 12, 13, 14, 15))

    assert sides(few) == [
        ["− lstm(5,9,seq)", "− lstm(7)", "only the second has dense(2)"],
        ["+ lstm(5,8,seq)", "+ lstm(6)", "+ dense(2)"],
    ]
    assert sides(many)[1] == [*(f"+ lstm({size},seq)" for size in (10, 11, 12, 13)), "2 more layers differ."]


def test_settings_of_layers_that_no_picture_shows_are_listed_with_what_differs(client: TestClient) -> None:
    models = [
        ("rnn(8,5,seq,layers=3).dense(4)", "rnn(8,5,seq,own).rnn(5,seq,own).rnn(5,seq,own).dense(4)"),
        ("rnn(8,5).dense(4)", "rnn(8,5,own).dense(4)"),
    ]
    for one, other in models:
        assert facts(page(client, model=one, beside=other, framework="pytorch"))[0] == [
            "RNN",
            "activation and other settings as in the picture not all as in the picture",
        ]
