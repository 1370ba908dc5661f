"""The text of a chain, and the shapes between its layers."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS

from app.core.model.chain import Chain, Misfit
from app.core.model.layer import GAPS, KINDS, MERGES, Layer
from app.core.model.shapes import in_order, numbers
from app.core.model.text import LARGEST, PARAMETERS, SIZES, ChainError, chain_text, parse_chain, words_of

sizes = st.none() | st.integers(1, LARGEST)
axes = st.lists(st.just("t") | sizes, min_size=1, max_size=4).map(tuple)


@st.composite
def any_layers(draw: st.DrawFn) -> Layer:
    """Any layer, which may read others than the one before it."""
    layer = draw(layers())
    return replace(layer, gets_others=draw(st.booleans()), has_transpose=layer.kind in GAPS and draw(st.booleans()))


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Any layer that a text can have."""
    kind = draw(st.sampled_from(list(KINDS)))
    family, (_, most), words = KINDS[kind], SIZES[KINDS[kind]], words_of(kind)
    count = draw(st.none() | st.integers(0, LARGEST)) if PARAMETERS in words else None
    if family == "axes":
        sizes_after = draw(st.none() | axes)
        is_first = sizes_after is not None and draw(st.booleans())
        return Layer(kind, axes=sizes_after, channels_first=is_first, parameters=count)  # type: ignore[arg-type]
    if family == "transpose":
        return Layer(kind, order=tuple(draw(st.permutations(range(1, 1 + draw(st.integers(0, 4)))))))
    if family != "recurrent":
        features = draw(sizes) if most == 2 else None
        bias = draw(st.sampled_from((True, False, None))) if "nobias" in words else True
        of_one = family == "embedding" and draw(st.booleans())
        return Layer(kind, features, draw(sizes) if most else None, bias=bias, parameters=count, of_one=of_one)
    both, every_step = draw(st.booleans()), draw(st.booleans())
    return Layer(
        kind,
        draw(sizes),
        draw(sizes),
        joins_ends=both and not every_step and draw(st.booleans()),
        states_only=not every_step and draw(st.booleans()),
        bidirectional=both,
        merge_mode=draw(st.sampled_from(MERGES)) if both else "concat",
        every_step=every_step,
        go_backwards=draw(st.booleans()),
        reset_after=draw(st.sampled_from((None, False, True))) if kind == "gru" else None,
        bias=draw(st.sampled_from((True, False, None))),
        num_layers=draw(st.none() | st.integers(1, 1000)),
        num_proj=draw(st.just(0) | sizes) if kind == "lstm" else 0,
    )


ends = st.lists(st.none() | axes, max_size=2).map(tuple)
chains = st.builds(Chain, st.lists(any_layers(), min_size=1, max_size=6).map(tuple), st.none() | axes, outputs=ends)


few_examples = settings(max_examples=100 if ALL_COMBINATIONS else 40)


@few_examples
@given(chains)
def test_parsing_the_text_of_a_chain_gives_the_chain(chain: Chain) -> None:
    assert parse_chain(chain_text(chain)) == chain


@few_examples
@given(chains, sizes, sizes)
def test_any_chain_has_shapes(chain: Chain, batch_size: int | None, time_step: int | None) -> None:
    passed = list(chain.passed(batch_size, time_step))

    assert len(passed) == len(chain.layers)


@few_examples
@given(st.text("lstmdenegru_(),.?=0123456789 biseqt", max_size=60))
def test_any_text_is_a_chain_or_an_error_with_a_message(text: str) -> None:
    try:
        assert parse_chain(chain_text(parse_chain(text))) == parse_chain(text)
    except ChainError as error:
        assert error.args[0]


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        (
            "embedding(9,8).transpose.convolution(12,t,channels).transpose.gru(6,seq)",
            [[3, 8, 7], [3, 12, 7], [3, 7, 12]],
        ),
        ("input(4,5,2).transpose(3,1,2).reshape(2,20)", [[3, 2, 4, 5], [3, 2, 20]]),
        ("embedding(9,8).transpose(2,1).gru(6)", [[3, 8, 7], [3, 6]]),
        ("other.transpose(3,1,2).gru(6)", [[3, "..."], [3, 6]]),
        ("input(t,5).transpose.convolution(t,12)", [[3, 5, 7], [3, 5, 12]]),  # its steps are what was the features
    ],
)
def test_swapped_axes_change_places(text: str, shapes: list[list[int]]) -> None:
    passed = list(parse_chain(text).passed(3, 7))
    first = next(n for n, one in enumerate(passed) if one.layer.kind == "transpose")

    assert [numbers(one.output) for one in passed[first : first + len(shapes)]] == shapes


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("input(5).step.embedding(9,4,runs=5).lstm_cell(6,runs=5)", [[3], [3, 4], [3, 6]]),
        ("embedding(9,4).step.lstm_cell(6,runs=5)", [[3, 7, 4], [3, 4], [3, 6]]),
        ("gru(4,6).step", [[3, 6], [3]]),
        ("other.step", [[3, "..."], [3, "..."]]),
    ],
)
def test_each_step_alone_has_no_axis_of_steps(text: str, shapes: list[list[int]]) -> None:
    assert [numbers(one.output) for one in parse_chain(text).passed(3, 7)] == shapes


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("input(9,7).gru(48,states,layers=2).elsewhere(6,1).gru(5,seq)", [2, 3, 48]),
        ("input(9,7).lstm(8,bi,states,layers=3,proj=4).elsewhere(6,1).gru(5,seq)", [6, 3, 4]),
        ("input(9,7).lstm(8,states,layers=?).elsewhere(6,1).gru(5,seq)", [None, 3, 8]),
    ],
)
def test_states_have_an_axis_of_layers_and_directions_before_the_batch(text: str, states: list[int | None]) -> None:
    encoder, gap, decoder = parse_chain(text).passed(3, None)

    assert numbers(encoder.output) == states
    assert (numbers(gap.input), numbers(decoder.input)) == ([3, "..."], [3, 6, 1]), "the batch stays the first axis"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lsmt(64)", "“lsmt” is not a kind of layer; write lstm"),
        ("lstm(0)", "“lstm(0)”: a size must be a whole number from 1 to 2,147,483,647 or ?, not “0”"),
        (
            "lstm(8,layers=1001)",
            "“lstm(8,layers=1001)”: a size must be a whole number from 1 to 1,000 or ?, not “1001”",
        ),
        ("dense(8,bi)", "“dense(8,bi)”: dense has no “bi”; write nobias or params=2"),
        ("dropout(3)", "“dropout(3)” has another number of sizes than dropout; write it like dropout"),
        (
            "transpose(2,3)",
            "“transpose(2,3)”: the numbers of the axes must be 1 to 2, each once; write it like transpose(2,1,3)",
        ),
        ("gru(3,bi,bi)", "“gru(3,bi,bi)”: “bi” appears twice; write it once"),
        ("rnn(3,sum)", "“rnn(3,sum)”: only two directions are merged; add bi"),
        ("rnn(3).input(4)", "input can only be the first; remove it, or write it before the layers"),
        ("input(4)", "A model needs a layer after its input, such as lstm(64)"),
        ("lstm 64", "“lstm64” is not a kind of layer; write lstm"),
        (
            "lstm(64",
            "“lstm(64” is not a layer; write layers such as embedding(10000,128).lstm(64), with points between them",
        ),
    ],
)
def test_an_error_names_what_is_wrong_and_what_would_be_right(text: str, message: str) -> None:
    with pytest.raises(ChainError) as error:
        parse_chain(text)

    assert error.value.args[0] == message


def shapes(text: str, batch_size: int | None = 32, time_step: int | None = 200) -> list[list[int | str | None]]:
    """The shapes between the layers, those of the input and the output included."""
    chain = parse_chain(text)
    passed = chain.passed(batch_size, time_step)
    return [numbers(chain.shape_of_input(batch_size, time_step)), *(numbers(one.output) for one in passed)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)",
            [[32, 200], [32, 200, 128], [32, 200, 128], [32, 32], [32, 10]],
        ),
        ("lstm(10,20,proj=5,bi,seq).flatten", [[32, 200, 10], [32, 200, 10], [32, 2000]]),
        ("gru(6,8).other.repeat(7).rnn(3,seq)", [[32, 200, 6], [32, 8], [32, "..."], [32, 7, None], [32, 7, 3]]),
        ("gru(8,bi,sum).repeat(7).rnn(3,seq)", [[32, 200, None], [32, 8], [32, 7, 8], [32, 7, 3]]),
        ("input(3,50).convolution(8,?,channels).pooling(8,9,channels)", [[32, 3, 50], [32, 8, None], [32, 8, 9]]),
        ("input(50,4).convolution(?,16).pooling(16).dropout", [[32, 50, 4], [32, None, 16], [32, 16], [32, 16]]),
        ("input(t,9).dense(4).other(t,?)", [[32, 200, 9], [32, 200, 4], [32, 200, None]]),
        ("other.dense(128,10)", [[32, "..."], [32, "..."], [32, "...", 10]]),
        ("lstm_cell(9,4).dense(2)", [[32, 9], [32, 4], [32, 2]]),
        ("dense(10,20).dense(5)", [[32, "...", 10], [32, "...", 20], [32, "...", 5]]),
        ("dropout.dense(4).rnn(3)", [[32, 200, None], [32, 200, None], [32, 200, 4], [32, 3]]),
        ("embedding(9,8).lstm_cell(4)", [[32], [32, 8], [32, 4]]),
        ("normalization.dropout.lstm(40,6)", [[32, 200, 40], [32, 200, 40], [32, 200, 40], [32, 6]]),
        ("normalization.dense(40,6)", [[32, "...", 40], [32, "...", 40], [32, "...", 6]]),
    ],
)
def test_shapes_follow_from_the_input(text: str, expected: list[list[int | str | None]]) -> None:
    assert shapes(text) == expected


@pytest.mark.parametrize(
    ("text", "part", "misfit"),
    [
        ("embedding(9,8).lstm(64,bi).lstm(32).dense(10)", 2, Misfit("axes", 3, 2)),
        ("lstm(10,20,bi).dense(20,5)", 1, Misfit("features", 20, 40)),
        ("lstm(8,seq).repeat(3)", 1, Misfit("axes", 2, 3)),
        ("lstm(8,seq).gru_cell(3).dense(2)", 1, Misfit("axes", 2, 3)),
    ],
)
def test_a_layer_that_cannot_take_what_comes_stops_the_chain(text: str, part: int, misfit: Misfit) -> None:
    passed = list(parse_chain(text).passed(3, 4))

    assert [one.misfit for one in passed] == [misfit if n == part else None for n in range(len(passed))]
    assert [one.returns for one in passed] == [n < part for n in range(len(passed))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lstm(9,8,bi,seq).dropout.gru(16,5).dense(2)", "lstm(9,3,bi,seq).dropout.gru(6,5).dense(2)"),
        ("lstm(9,8,seq).pooling(8).dense(8,2)", "lstm(9,3,seq).pooling(3).dense(3,2)"),
        ("lstm(9,8,seq).convolution(t,8).dense(8,2)", "lstm(9,3,seq).convolution(t,8).dense(8,2)"),
        ("lstm(9,8,seq).other(t,8).dense(8,2)", "lstm(9,3,seq).other(t,?).dense(8,2)"),
        ("lstm(9,8).dense(7,2).dense(2,4)", "lstm(9,3).dense(7,2).dense(2,4)"),
    ],
)
def test_layers_that_fitted_follow_a_changed_layer(text: str, expected: str) -> None:
    chain = parse_chain(text)

    assert chain_text(chain.with_layer(0, replace(chain.layers[0], num_units=3))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("lstm(8)", True), ("input(7,3).lstm(8)", False), ("dense(3,4)", False), ("other.lstm(64)", True)],
)
def test_a_chain_knows_whether_it_has_a_number_of_steps_of_its_own(text: str, expected: bool) -> None:
    assert parse_chain(text).has_time == expected


def test_the_time_of_a_layer_is_known_only_up_to_one_that_may_change_it() -> None:
    def steps(text: str) -> list[list[int | str | None]]:
        return [numbers(one.input) for one in parse_chain(text).passed(3, 7) if one.layer.kind == "lstm"]

    assert steps("other.lstm(64)") == [[3, 7, None]]
    assert steps("gru(5,seq).convolution.lstm(64)") == [[3, None, None]]


def test_the_one_axis_of_ids_for_an_embedding_is_that_of_time() -> None:
    gap, _, lstm = parse_chain("other(4).embedding(40,7).lstm(5,seq)").passed(2, None)

    assert [size.name for size in gap.output] == ["batch_size", "time_step"]
    assert numbers(lstm.output) == [2, 4, 5] and not lstm.misfit


def test_one_id_for_each_sample_becomes_one_vector_for_each() -> None:
    """As PyTorch turns ids (2,) into (2, 5), also after what another part of the model returns."""
    for before in ("", "lstm(3,4).elsewhere.", "unordered.lstm(3,4,seq)."):
        one = parse_chain(f"{before}embedding(20,5,one).repeat(8)").passed(2, None)[-2]
        assert [numbers(one.input), numbers(one.output), one.misfit] == [[2], [2, 5], None]


def test_a_sequence_without_a_batch_fits_where_the_framework_takes_one() -> None:
    """As torch.nn.LSTM(10, 20)(torch.randn(7, 10)); the text does not say which vector goes on from it."""
    (every,) = parse_chain("input(10).lstm(10,20,seq)").passed(7, None, takes_one=True)
    (once,) = parse_chain("input(10).lstm(10,20)").passed(7, None, takes_one=True)

    assert (every.misfit, numbers(every.output)) == (None, [7, 20])
    assert (once.misfit, numbers(once.output)) == (None, [7, "..."])


def test_flatten_keeps_the_first_axis_of_the_framework() -> None:
    """torch.nn.Flatten()(torch.randn(7, 3, 10)).shape == (7, 30)"""
    (flat,) = parse_chain("input(t,10).flatten").passed(3, 7, time_major=True)

    assert numbers(flat.output) == [7, 30]


@pytest.mark.parametrize("time_major", [False, True])
@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("gru(6,4,seq).swap.gru(5,seq)", [0, 0, 1, 1]),
        ("dense(6,4).dropout.swap.gru(5,seq).swap.dense(2)", [1, 1, 1, 0, 0, 1, 1]),
        ("input(7,6).gru(4,seq).other(9,4,turned).lstm(5,seq).elsewhere(7,5,turned).dense(2)", [0, 0, 1, 1, 0, 0]),
    ],
)
def test_the_steps_change_places_with_the_batch_where_the_chain_swaps_them(
    text: str, places: list[int], time_major: bool
) -> None:
    """``places``: whether the steps have another place than in the first recurrent layer, in what the first layer gets
    and what each one returns."""
    passed = parse_chain(text).passed(3, 7, time_major=time_major)
    shapes = [in_order(shape, time_major) for shape in (passed[0].input, *(one.output for one in passed))]

    assert [shape[0].name == "time_step" for shape in shapes] == [bool(place) != time_major for place in places]
    assert [shape[1].name == "time_step" for shape in shapes] == [bool(place) == time_major for place in places]


def test_flatten_keeps_the_axis_that_is_first_where_it_is() -> None:
    """torch.nn.Flatten()(torch.randn(7, 3, 10).transpose(0, 1)).shape == (3, 70)"""
    *_, flat = parse_chain("gru(6,10,seq).swap.flatten").passed(3, 7, time_major=True)

    assert numbers(flat.output) == [3, 70]


def test_without_a_certain_batch_no_axis_is_that_of_steps_but_for_a_recurrent_layer() -> None:
    chain = parse_chain("gru(6,4,seq).elsewhere(?,8).dense(2,batch=?).elsewhere(?,8).gru(3,batch=?)")
    names = [[size.name for size in one.input[1:]] for one in chain.passed(None, None, time_major=True)]

    assert [one.index("time_step") if "time_step" in one else None for one in names] == [0, 0, None, None, 0]
