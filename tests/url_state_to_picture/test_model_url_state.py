"""What a URL asks for about a model."""

from urllib.parse import parse_qsl

import pytest

from app.diagram.elements import Box
from app.diagram.model.placement import placement
from app.url_state.parsing import parse
from app.url_state_to_picture.model.changed_layer import changed_fields, changed_model
from app.url_state_to_picture.model.corresponding_layers import aligned
from app.url_state_to_picture.model.differences_of_models import ComparedChains, Difference
from app.url_state_to_picture.model.model_url_state import ChainUrlState, OpenedLayer, with_sizes
from app.url_state_to_picture.model.picture_of_model import picture_of_chain

MODEL = "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)"


def chain_state(model: str = MODEL, **values: object) -> ChainUrlState:
    pairs = [("model", model), *((name, str(value)) for name, value in values.items())]
    return ChainUrlState.of(parse(pairs, strict=True), pairs)


def test_a_size_is_known_only_if_the_query_has_it_even_with_its_default() -> None:
    state = chain_state(batch_size=3)

    assert (state.size("batch_size"), state.size("time_step")) == (3, None)
    assert (
        state.query(part=1)
        == "?model=embedding(10000%2C128).lstm(64%2Cbi%2Cseq).lstm(32).dense(10)&part=1&batch_size=3"
    )


def test_the_axes_are_in_the_order_of_the_framework() -> None:
    assert not chain_state(framework="keras").time_major
    assert chain_state(framework="pytorch").time_major
    assert not chain_state(framework="pytorch", batch_first="true").time_major


def test_opening_a_layer_leads_to_its_configuration_and_keeps_the_model() -> None:
    opened = chain_state(framework="keras", batch_size=32).opened(1)

    assert opened == OpenedLayer(
        "?batch_size=32&features=128&num_units=64&bidirectional=true&framework=keras&return_sequences=true"
        "&model=embedding(10000%2C128).lstm(64%2Cbi%2Cseq).lstm(32).dense(10)&part=1",
        assumed=("time_step",),
    )
    assert opened.query
    state = parse([("model", MODEL), ("part", "1"), ("num_units", "64")], strict=True)
    assert (state.model, state.part) == (MODEL, 1)


@pytest.mark.parametrize(
    ("model", "changes", "expected"),
    [
        ("lstm(9,64,bi,seq).dense(10)", {"num_units": 7, "bidirectional": "false"}, "lstm(9,7,seq).dense(10)"),
        ("lstm(9,64,seq).dense(10)", {"features": 3, "return_sequences": "false"}, "lstm(3,64).dense(10)"),
        ("input(7,9).gru(64,before)", {"features": 3, "cell": "gru_reset_after"}, "input(7,9).gru(64)"),
        ("lstm(?).dense(10)", {}, "lstm(?).dense(10)"),
        ("lstm(?).dense(10)", {"num_units": 8, "merge_mode": "sum"}, "lstm(8).dense(10)"),
        ("lstm(9,8).dense(10)", {"cell": "lstm_peephole"}, "lstm(9,8,peepholes).dense(10)"),
        ("lstm(9,8).dense(10)", {"cell": "lstm_coupled"}, "lstm(9,8).dense(10)"),
    ],
)
def test_what_is_changed_on_the_page_of_a_layer_changes_the_model(
    model: str, changes: dict[str, object], expected: str
) -> None:
    opened = chain_state(model, framework="keras").opened(0)
    assert opened and opened.query
    pairs = dict(parse_qsl(opened.query[1:])) | {name: str(value) for name, value in changes.items()}
    page = ChainUrlState(parse([*pairs.items()], strict=True), frozenset())

    assert changed_model(page) == expected
    original = parse(parse_qsl(page.state.query(**changed_fields(page))[1:]), strict=True)
    assert original == parse(parse_qsl(opened.query[1:]), strict=True)


def test_a_gru_of_onnx_resets_after_the_product_only_if_the_model_says_so() -> None:
    usual, after = (chain_state(f"gru(3,4,seq{word})", framework="onnx") for word in ("", ",after"))

    assert [state.fields_of(state.selected)[0]["cell"] for state in (usual, after)] == ["gru", "gru_reset_after"]
    assert ComparedChains.of(chain_state("gru(3,4)", beside="gru(3,4,after)", framework="onnx")).differences
    assert not ComparedChains.of(chain_state("gru(3,4)", beside="gru(3,4,after)", framework="pytorch")).differences


def test_a_second_model_is_in_its_own_framework_with_its_own_switches() -> None:
    compared = ComparedChains.of(
        chain_state("gru(3,4)", beside="gru(3,4,before)", framework="onnx", layout="1", beside_framework="keras")
    )
    state = compared.other.state

    assert (state.framework, state.layout, compared.one.state.layout) == ("keras", "0", "1")
    assert not compared.differences
    assert ComparedChains.of(
        chain_state("gru(3,4)", beside="gru(3,4)", framework="onnx", beside_framework="keras")
    ).differences


def test_a_layer_without_a_page_is_not_opened() -> None:
    assert chain_state().opened(3) is None
    assert chain_state("lstm(3,9000)").opened(0) == OpenedLayer(None, ())


def test_unknown_sizes_are_filled_by_their_number() -> None:
    assert with_sizes("embedding(?,8).dense(?)", {1: "5"}) == "embedding(?,8).dense(5)"
    assert with_sizes("embedding(?,8).dense(?)", {0: "5", 7: "1"}) == "embedding(5,8).dense(?)"


def test_the_first_of_two_models_may_have_a_layer_more() -> None:
    one, other = chain_state("lstm(9,8,seq).dropout.lstm(7).dense(2)"), chain_state("lstm(9,8,seq).lstm(6).dense(2)")

    assert aligned(one.chain, other.chain) == [(0, 0), (1, None), (2, 1), (3, 2)]
    assert ComparedChains(one, other).differences == [
        Difference(1, None, ("dropout", "")),
        Difference(2, 1, ("lstm(7)", "lstm(6)")),
        Difference(3, 2, ("dense(7,2)", "dense(6,2)")),
    ]


@pytest.mark.parametrize(
    "other, is_same",
    [
        ("embedding(50,8).lstm(16,bi,seq,layers=2).other.dense(32,5)", True),  # a file of its weights
        ("dense(32,5).other.embedding(50,8).lstm(16,bi,seq,layers=2)", True),
        ("embedding(50,8).lstm(16,bi,seq).lstm(16,bi).dense(5)", True),  # in ONNX
        ("embedding(50,8).lstm(16,bi,seq).lstm(16,seq).dense(5)", False),
        ("embedding(50,8).lstm(16,bi,layers=2).dense(6)", False),
        ("embedding(50,8).lstm(16,bi,layers=2)", False),
        ("dropout", False),
    ],
)
def test_the_weights_of_two_models_are_compared_whatever_is_between_them(other: str, is_same: bool) -> None:
    one = chain_state("embedding(50,8).lstm(16,bi,layers=2).dense(5)")

    assert ComparedChains(one, chain_state(other)).has_same_weights == is_same


@pytest.mark.parametrize(
    "model, beside, count",
    [
        ("unordered.embedding(9,8).lstm(8,6).other.dense(6,5)", "unordered.gru(3,4).other.dense(4,2)", 0),
        ("embedding(9,8).lstm(6).other.dense(5)", "embedding(9,8).lstm(7).other.dense(5)", 2),
        ("embedding(9,8).lstm(6).other.dense(5)", "embedding(9,8).lstm(6).other.dense(5)", 3),
        ("other", "other", 1),  # as many as the page about the model counts
    ],
)
def test_of_equal_layers_only_those_count_that_certainly_are_layers(model: str, beside: str, count: int) -> None:
    assert ComparedChains.of(chain_state(model, beside=beside)).equal_layers == count


@pytest.mark.parametrize(
    "model, beside, count",
    [
        ("embedding(9,8).lstm(6).dense(5)", "embedding(9,8).lstm(6,bi).dense(5)", 1),  # 6 and 12 columns
        ("embedding(9,8).lstm(6).dense(5)", "embedding(9,8).lstm(6,seq).gru(2).dense(5)", 1),
        ("embedding(9,8).lstm(6,seq).lstm(5)", "embedding(9,7).lstm(6,seq).lstm(5)", 1),
        ("input(9,8).lstm(6).dense(5)", "input(9,7).lstm(6).dense(5)", 1),
        ("embedding(9,8).lstm(6,seq).dense(5)", "embedding(9,8).lstm(6).dense(5)", 1),  # each step, and one
        ("input(7).embedding(9,8).lstm(6)", "input(4).embedding(9,8).lstm(6)", 2),  # the steps are not in a layer
    ],
)
@pytest.mark.parametrize("framework", ["keras", "pytorch"])
def test_a_layer_that_gets_another_shape_is_not_equal(framework: str, model: str, beside: str, count: int) -> None:
    assert ComparedChains.of(chain_state(model, beside=beside, framework=framework)).equal_layers == count


def test_models_that_differ_in_their_input_differ_in_the_layer_that_gets_it() -> None:
    compared = ComparedChains.of(chain_state("input(9,8).lstm(6).dense(5)", beside="input(9,7).lstm(6).dense(5)"))

    assert compared.differences == [Difference(0, 0, ("lstm(8,6)", "lstm(7,6)"))]
    assert not compared.has_same_layers


WEIGHTS = "unordered.embedding(1000,64).lstm(32,bi,seq,layers=2).other.dense(64,5)"
"""The model of a file of weights."""


@pytest.mark.parametrize(
    "model, unknown, not_listed",
    [
        ("embedding(1000,64).lstm(32,bi,layers=2).dropout.dense(5)", ["lstm(32,bi,layers=2)"], ["dropout"]),
        ("input(9).embedding(1000,64).lstm(32,bi,seq).lstm(32,bi).dense(5,gemm)", [], []),  # the same stack in ONNX
        (WEIGHTS, [], []),
    ],
)
def test_what_a_file_of_weights_does_not_say_is_no_difference(
    model: str, unknown: list[str], not_listed: list[str]
) -> None:
    """Whether the model has a layer without weights is not in the file, which lists none."""
    right, left = (
        ComparedChains.of(one) for one in (chain_state(WEIGHTS, beside=model), chain_state(model, beside=WEIGHTS))
    )

    assert [one.differences for one in (right, left)] == [[], []]
    assert (right.unknown, right.not_listed) == ((unknown, []), (not_listed, []))
    assert (left.unknown, left.not_listed) == (([], unknown), ([], not_listed))


def test_a_file_of_weights_differs_in_the_weights_that_it_has() -> None:
    model = "embedding(1000,64).lstm(48,bi,layers=2).dropout.dense(5)"
    compared = ComparedChains.of(chain_state(WEIGHTS, beside=model))

    assert [(one.part, one.beside) for one in compared.differences] == [(1, 1), (3, 3)]
    assert (compared.unknown, compared.not_listed) == (([], []), (["dropout"], []))
    assert [
        one.what for one in ComparedChains.of(chain_state(WEIGHTS, beside=f"{WEIGHTS}.dense(5,2)")).differences
    ] == ["only the second has dense(5,2)"]


@pytest.mark.parametrize(
    "model, beside, count",
    [
        ("lstm(3).other", "lstm(3)", 0),
        ("lstm(3).other", "lstm(3).dropout", 0),
        ("lstm(3).dropout", "lstm(3)", 1),
        ("lstm(3).other(params=5)", "lstm(3)", 1),
        ("lstm(?)", "lstm(4)", 0),
        ("lstm(3,seq)", "lstm(3)", 1),
        ("lstm(3,4).dense(5)", "lstm(3,4).dense(4,5)", 0),  # 4 is what comes in
        ("gru(3,4)", "gru(3,4,after)", 1),
    ],
)
def test_only_what_both_models_say_can_differ(model: str, beside: str, count: int) -> None:
    assert len(ComparedChains.of(chain_state(model, beside=beside, framework="onnx")).differences) == count


def test_many_layers_of_two_models_correspond_by_their_place() -> None:
    one, other = (
        chain_state("dense(3)." + "dropout." * 99 + "dense(2)"),
        chain_state("dense(3)" + ".dropout.rnn(1)" * 70),
    )

    assert aligned(one.chain, other.chain) == [(n if n < 101 else None, n) for n in range(141)]
    assert aligned(one.chain, one.chain) == [(n, n) for n in range(101)]


def test_nothing_is_selected_in_a_model_without_the_layer() -> None:
    compared = ComparedChains(chain_state("lstm(3)"), chain_state("lstm(3).dense(4)"))

    assert [scene.selected for scene in compared.scenes()] == [None, 1]


@pytest.mark.parametrize("model", ["lstm(4,3)", "lstm(4,3).dense(3,900)"])
def test_the_same_number_of_parameters_has_the_same_bar_in_two_models(model: str) -> None:
    compared = ComparedChains.of(chain_state("lstm(4,3).dense(3,90)", beside=model, framework="keras"))
    bars = [
        next(one.width for one in picture_of_chain(scene).picture.shapes if isinstance(one, Box) and one.height == 8)
        for scene in compared.scenes()
    ]

    assert bars[0] == bars[1]


def test_equal_layers_of_two_models_have_the_same_height() -> None:
    one = chain_state("lstm(9,8,seq).dropout.lstm(7,seq).dense(2)" + ".dropout" * 4)  # with which gaps are smaller
    other = chain_state("lstm(9,8,seq).lstm(6,bi,seq).dense(2)")
    left, right = (placement(scene) for scene in ComparedChains(one, other).scenes())

    assert [left.slabs[n].middle for n in (0, 2, 3)] == [right.slabs[n].middle for n in (0, 1, 2)]
    assert left.input == right.input


def test_layers_with_the_same_text_differ_if_their_vectors_have_other_lengths() -> None:
    model, beside = "embedding(9,8).lstm(6).dense(5)", "embedding(9,8).lstm(6,bi).dense(5)"
    compared = ComparedChains.of(chain_state(model, beside=beside))

    assert [one.what for one in compared.differences] == [
        "lstm(6) became lstm(6,bi)",
        "dense(6,5) became dense(12,5)",
    ]
    ids = ComparedChains.of(chain_state("input(7).embedding(9,8).lstm(6)", beside="input(4).embedding(9,8).lstm(6)"))
    assert ids.differences == []


@pytest.mark.parametrize(
    ("model", "written"),
    [
        ("gru(5,6,batch=?).dense(4,batch=?).dense(3,batch=?)", "gru(5,6,batch=9).dense(4,batch=9).dense(3,batch=9)"),
        ("dense(4,batch=?).dense(?,batch=?)", "dense(4,batch=9).dense(?,batch=9)"),
        ("dense(4,batch=?).other(4).dense(3,batch=?)", "dense(4,batch=9).other(4).dense(3,batch=?)"),
        (
            "dense(4,batch=?).elsewhere(4,batch=?).dense(3,batch=?)",
            "dense(4,batch=9).elsewhere(4,batch=?).dense(3,batch=?)",
        ),
        ("dense(4,batch=?).dense(5).dense(3,batch=?)", "dense(4,batch=9).dense(5).dense(3,batch=?)"),
    ],
)
def test_layers_that_follow_each_other_have_one_batch(model: str, written: str) -> None:
    assert with_sizes(model, {0: "9"}) == written
