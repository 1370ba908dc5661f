"""The inputs, the outputs and the batch of Keras models, as their JSON says them."""

import json
from pathlib import Path
from typing import Any

from node_reader import read


def given(name: str, batch_shape: list[int | None]) -> dict[str, Any]:
    return {"class_name": "InputLayer", "name": name, "config": {"name": name, "batch_shape": batch_shape}}


def layer(kind: str, name: str, shape: Any, *sources: str, **config: Any) -> dict[str, Any]:
    """A layer of a functional model, with what it was built with and the layers before it."""
    nodes = [{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": [s, 0, 0]}} for s in sources]]}]
    inner = {"name": name, **config}
    return {
        "class_name": kind,
        "name": name,
        "config": inner,
        "build_config": {"input_shape": shape},
        "inbound_nodes": nodes,
    }


def model(tmp_path: Path, layers: list[dict[str, Any]], *outputs: str) -> dict[str, Any]:
    """What is read of a functional model."""
    config = {"layers": layers, "output_layers": [[name, 0, 0] for name in outputs]}
    file = tmp_path / "model.json"
    file.write_text(json.dumps({"class_name": "Functional", "config": config}))
    return read([file])[0]


def test_a_second_input_and_output_are_named_and_what_joins_two_tensors_has_its_name(tmp_path: Path) -> None:
    found = model(
        tmp_path,
        [
            given("text", [None, 40, 6]),
            given("usage", [None, 24, 5]),
            layer("LSTM", "reader", [None, 40, 6], "text", units=7),
            layer("LSTM", "habits", [None, 24, 5], "usage", units=9),
            layer("Concatenate", "joined", [[None, 7], [None, 9]], "reader", "habits", axis=-1),
            layer("Dense", "score", [None, 16], "joined", units=1),
            layer("Dense", "kind", [None, 9], "habits", units=3),
        ],
        "kind",
        "score",
    )

    layers = "lstm(6,7).elsewhere(24,5).lstm(9).concatenate(16).dense(1).elsewhere(9).dense(3)"
    assert found["text"] == f"input(40,6).{layers}.output(1)"
    assert found["inputs"] == [["usage", [None, 24, 5]]] and found["outputs"] == [["score", [None, 1]]]
    assert found["unknown"] == [] and "batch" not in found


def test_the_first_layer_may_get_the_second_input(tmp_path: Path) -> None:
    layers = [
        given("steps", [None, 96, 8]),
        given("fixed", [None, 12]),
        layer("RepeatVector", "copies", [None, 12], "fixed", n=96),
        layer("LSTM", "reader", [None, 96, 8], "steps", units=4),
    ]
    found = model(tmp_path, layers, "reader")

    assert found["input"] == [12] and found["inputs"] == [["steps", [None, 96, 8]]]


def test_a_fixed_batch_is_that_of_the_page_and_a_layer_says_that_it_is_stateful(tmp_path: Path) -> None:
    layers = [given("x", [8, 32, 10]), layer("LSTM", "memory", [8, 32, 10], "x", units=9, stateful=True)]
    found = model(tmp_path, layers, "memory")

    assert found["batch"] == 8 and found["layers"][0]["config"]["stateful"] is True


def test_a_shared_embedding_says_so_as_a_shared_encoder_does(tmp_path: Path) -> None:
    words = layer("Embedding", "words", [None, 7], "left", input_dim=9, output_dim=3)
    encoder = layer("LSTM", "encoder", [None, 7, 3], "words", units=4)
    words["inbound_nodes"] += layer("", "", None, "right")["inbound_nodes"]
    second = layer("", "", None, "words")["inbound_nodes"]
    second[0]["args"][0][0]["config"]["keras_history"][1] = 1
    encoder["inbound_nodes"] += second
    single = layer("Dense", "out", [None, 4], "encoder", units=2)
    found = model(tmp_path, [given("left", [None, 7]), given("right", [None, 7]), words, encoder, single], "out")

    places = {one["name"]: (one.get("places"), one.get("uses")) for one in found["layers"]}
    both = (2, [["left"], ["right"]])
    assert places == {"words": both, "encoder": both, "out": (None, None)}


def test_a_recurrent_layer_with_initial_states_follows_the_layer_that_it_reads(tmp_path: Path) -> None:
    """The decoder gets the last output of the encoder at each step, and its last states before the first one."""
    decoder = layer("LSTM", "decoder", None, "copies", "reader", units=7)
    decoder["build_config"] = {"shapes_dict": {"sequences_shape": [None, 6, 7], "initial_state_shape": [[None, 7]]}}
    found = model(
        tmp_path,
        [
            given("x", [None, 24, 5]),
            layer("LSTM", "reader", [None, 24, 5], "x", units=7),
            layer("RepeatVector", "copies", [None, 7], "reader", n=6),
            decoder,
        ],
        "decoder",
    )

    assert found["text"] == "input(24,5).lstm(5,7).repeat(6).lstm(7)"
    assert found["layers"][-1]["begins"] == ["reader"] and found["layers"][-1]["config"]["features"] == 7


def own_cell(name: str, source: str, **settings: Any) -> dict[str, Any]:
    cell = {"class_name": "MyCell", "config": {"name": "cell", **settings}}
    return layer("RNN", name, None, source, cell=cell, return_sequences=True)


def test_a_cell_of_ones_own_returns_as_many_numbers_as_it_has_units_unless_the_next_layer_says_otherwise(
    tmp_path: Path,
) -> None:
    first = own_cell("first", "x", units=8)
    found = [
        model(tmp_path, [given("x", [None, 9, 5]), first, layer("LSTM", "next", shape, "first", units=3)], "next")
        for shape in (None, [None, 9, 6])
    ]
    last = model(tmp_path, [given("x", [None, 9, 5]), first], "first")["text"]

    assert [one["text"] for one in found] == ["input(9,5).other(9,8,own).lstm(3)", "input(9,5).other(9,6,own).lstm(3)"]
    assert last == "input(9,5).other(9,8,own)"


def test_a_convolutional_recurrent_layer_has_its_shapes_and_a_name(tmp_path: Path) -> None:
    frames = [None, 10, 32, 30, 1]
    windows = {"filters": 6, "strides": [1, 1], "dilation_rate": [1, 1]}
    found = model(
        tmp_path,
        [
            given("frames", frames),
            layer(
                "ConvLSTM2D",
                "all",
                frames,
                "frames",
                kernel_size=[3, 3],
                padding="same",
                return_sequences=True,
                **windows,
            ),
            layer("ConvLSTM2D", "last", [None, 10, 32, 30, 6], "all", kernel_size=[5, 3], padding="valid", **windows),
        ],
        "last",
    )

    assert found["text"] == "input(10,32,30,1).conv_lstm(10,32,30,6).conv_lstm(28,28,6)"
    assert [one["className"] for one in found["layers"]] == ["ConvLSTM2D"] * 2 and found["unknown"] == []
    assert [one["config"]["kernel"] for one in found["layers"]] == [[3, 3], [5, 3]]


def test_both_directions_of_a_recurrent_layer_that_convolves_are_merged(tmp_path: Path) -> None:
    """Side by side they have twice as many channels, and otherwise as many; apart they are two tensors."""

    def text_of(merge_mode: str | None) -> str:
        config = {
            "name": "convolving",
            "filters": 6,
            "kernel_size": [3, 3],
            "padding": "same",
            "return_sequences": True,
        }
        both = {"merge_mode": merge_mode, "layer": {"class_name": "ConvLSTM2D", "config": config}}
        frames = [None, 7, 20, 20, 3]
        layers = [given("frames", frames), layer("Bidirectional", "both", frames, "frames", **both)]
        return str(model(tmp_path, layers, "both")["text"])

    assert text_of("concat") == "input(7,20,20,3).conv_lstm(7,20,20,12,bi)"
    assert text_of("sum") == "input(7,20,20,3).conv_lstm(7,20,20,6,bi)"
    assert text_of(None) == "input(7,20,20,3).conv_lstm(bi)"


def nested(name: str, layers: list[dict[str, Any]], outputs: list[str], source: str, output: int) -> dict[str, Any]:
    """A model in another one, which gets one of the tensors that a layer returns."""
    history = {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, output]}}
    config = {"name": name, "layers": layers, "output_layers": [[one, 0, 0] for one in outputs]}
    return {"class_name": "Functional", "name": name, "config": config, "inbound_nodes": [{"args": [history]}]}


def test_a_model_reads_the_layer_of_another_one_whose_output_it_gets(tmp_path: Path) -> None:
    """As the decoder of a variational autoencoder, which gets the third tensor that the encoder returns."""
    inner = [
        given("steps", [None, 20, 6]),
        layer("LSTM", "reader", [None, 20, 6], "steps", units=9),
        layer("Dense", "mean", [None, 9], "reader", units=4),
        layer("Dense", "sample", [None, 4], "mean", units=4),
    ]
    outer = [given("z", [None, 4]), layer("Dense", "wide", [None, 4], "z", units=7)]

    def text(output: int) -> str:
        encoder = nested("encoder", inner, ["reader", "mean", "sample"], "text", 0)
        layers = [given("text", [None, 20, 6]), encoder, nested("decoder", outer, ["wide"], "encoder", output)]
        found: str = model(tmp_path, layers, "decoder")["text"]
        return found

    assert text(2) == "input(20,6).lstm(6,9).dense(4).dense(4).dense(7)"
    assert text(1) == "input(20,6).lstm(6,9).dense(4).dense(4).elsewhere(4).dense(7)"


def test_an_encoder_and_its_decoder_follow_what_they_get(tmp_path: Path) -> None:
    """Keras writes both embeddings before both recurrent layers."""
    decoder = layer("LSTM", "decoder", [None, None, 4], "target words", units=8, return_sequences=True)
    states = [{"class_name": "__keras_tensor__", "config": {"keras_history": ["encoder", 0, n]}} for n in (1, 2)]
    decoder["inbound_nodes"][0]["args"][0] += states
    encoder = {"units": 8, "return_sequences": True, "return_state": True}
    found = model(
        tmp_path,
        [
            given("source", [None, None]),
            given("target", [None, None]),
            layer("Embedding", "source words", [None, None], "source", input_dim=30, output_dim=4),
            layer("Embedding", "target words", [None, None], "target", input_dim=20, output_dim=4),
            layer("LSTM", "encoder", [None, None, 4], "source words", **encoder),
            decoder,
            layer("Attention", "attention", [[None, None, 8], [None, None, 8]], "decoder", "encoder"),
            layer("Concatenate", "both", [[None, None, 8], [None, None, 8]], "decoder", "attention"),
            layer("Dense", "score", [None, None, 16], "both", units=20),
        ],
        "score",
    )

    encoded = "embedding(30,4).lstm(8,seq)"
    decoded = "elsewhere(?).embedding(20,4).lstm(8,seq).attention(t,8,params=0).concatenate(t,16).dense(20)"
    assert found["text"] == f"{encoded}.{decoded}", "attention returns as many steps as the decoder"
    assert found["inputs"][0][0] == "target"


def test_a_layer_that_gets_states_of_an_lstm_says_which(tmp_path: Path) -> None:
    """Bidirectional returns its output, and then h and c of the forward direction and of the backward one."""
    inner = {"class_name": "LSTM", "config": {"units": 8, "return_state": True}}
    encoder = layer("Bidirectional", "encoder", [None, 9, 4], "x", layer=inner)
    states = {"h": (1, 3), "c": (2, 4), "forward": (1, 2)}
    joined = [layer("Concatenate", name, [[None, 8], [None, 8]], *["encoder"] * 2) for name in states]
    for one, outputs in zip(joined, states.values(), strict=True):
        for tensor, n in zip(one["inbound_nodes"][0]["args"][0], outputs, strict=True):
            tensor["config"]["keras_history"][2] = n

    found = model(tmp_path, [given("x", [None, 9, 4]), encoder, *joined], *states)

    letters = {one["name"]: one.get("letter") for one in found["layers"][1:]}
    assert letters == {"h": "h", "c": "c", "forward": None}


def test_a_layer_that_is_given_each_step_has_the_name_of_its_wrapper(tmp_path: Path) -> None:
    inner = {"class_name": "Dense", "config": {"units": 2}}
    each = layer("TimeDistributed", "each", [None, 9, 4], "x", layer=inner)
    found = model(
        tmp_path, [given("x", [None, 9, 4]), each, layer("LSTM", "rnn", [None, 9, 2], "each", units=3)], "rnn"
    )

    assert found["layers"][0]["className"] == "TimeDistributed(Dense)"
    assert found["text"] == "input(9,4).dense(4,2).lstm(3)"


def test_two_branches_follow_each_other_and_the_last_layer_stays_the_last(tmp_path: Path) -> None:
    pair = [layer("Embedding", name, [None, 5], name[0], input_dim=9, output_dim=2) for name in ("a words", "b words")]
    read_by = [layer("LSTM", f"{name} reader", [None, 5, 2], f"{name} words", units=3) for name in "ab"]
    joined = layer("Concatenate", "joined", [[None, 3], [None, 3]], "a reader", "b reader")
    found = model(tmp_path, [given("a", [None, 5]), given("b", [None, 5]), *pair, *read_by, joined], "joined")

    assert [one["name"] for one in found["layers"]] == ["a words", "a reader", "b words", "b reader", "joined"]


def test_the_axes_of_a_permutation_are_known_as_far_as_its_order_is_one(tmp_path: Path) -> None:
    """The columns of a picture become the steps of a recurrent layer."""

    def text(dims: Any) -> str:
        layers = [
            given("picture", [None, 4, 6, 2]),
            layer("Permute", "columns", [None, 4, 6, 2], "picture", dims=dims),
            layer("Reshape", "steps", [None, 6, 4, 2], "columns", target_shape=[6, -1]),
            layer("LSTM", "reader", [None, 6, 8], "steps", units=3),
        ]
        return str(model(tmp_path, layers, "reader")["text"])

    assert text([2, 1, 3]) == "input(4,6,2).transpose(2,1,3).reshape(6,8).lstm(3)"
    assert text([2, 1, 4]) == "input(4,6,2).other(6,4,2).reshape(6,?).lstm(8,3)"


def test_only_the_first_layer_of_a_model_that_is_used_twice_runs_on_what_the_model_gets(tmp_path: Path) -> None:
    inner = [given("x", [None, 7, 3]), layer("GRU", "rnn", [None, 7, 3], "x", units=4)]
    inner.append(layer("LayerNormalization", "norm", [None, 4], "rnn"))
    inner.append(layer("Dense", "code", [None, 4], "norm", units=2))
    encoder = layer("Functional", "encoder", [None, 7, 3], "left", layers=inner, output_layers=[["code", 0, 0]])
    encoder["inbound_nodes"] += layer("", "", None, "right")["inbound_nodes"]
    both = layer("Subtract", "both", [[None, 2], [None, 2]], "encoder", "encoder")
    both["inbound_nodes"][0]["args"][0][1]["config"]["keras_history"][1] = 1
    found = model(tmp_path, [given("left", [None, 7, 3]), given("right", [None, 7, 3]), encoder, both], "both")

    rnn, norm, code, last = found["layers"]
    assert rnn["uses"] == norm["uses"] == code["uses"] == [["left"], ["right"]]
    assert "usesAreRoots" not in rnn and code["usesAreRoots"], "it runs on what is computed from them"
    assert last["reads"] == ["encoder/code"] and last["readsOften"] == [["encoder/code", 2]]
