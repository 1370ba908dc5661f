"""What differs between two models of which one leaves something open."""

import pytest

from app.url_state.parsing import parse
from app.url_state_to_picture.model.differences_of_models import ComparedChains
from app.url_state_to_picture.model.model_url_state import ChainUrlState


def compared(model: str, beside: str, framework: str = "keras", beside_framework: str = "none") -> ComparedChains:
    values = {"model": model, "beside": beside, "framework": framework, "beside_framework": beside_framework}
    pairs = [*values.items()]
    return ComparedChains.of(ChainUrlState.of(parse(pairs, strict=True), pairs))


def differences(*models: str, **frameworks: str) -> list[str]:
    return [one.what for one in compared(*models, **frameworks).differences]


def test_a_tensor_from_elsewhere_is_no_layer_that_is_not_known() -> None:
    one = "embedding(70,6).lstm(9,bi,seq).gru(4).dense(1)"
    other = "embedding(40,6).lstm(9,bi,seq).elsewhere(7).concatenate(14).dense(1)"

    assert "only the first has gru(4)" in differences(one, other)
    assert "only the second has gru(4)" in differences(other, one)
    assert compared(one, other).unknown == compared(other, one).unknown == ([], [])


def test_sizes_of_a_layer_that_one_model_leaves_open_are_no_difference() -> None:
    any_steps = "input(6,?).convolution(14,t,channels,params=266).pooling(14,?,channels)"
    steps = "input(6,40).convolution(14,40,channels,params=266).pooling(14,20,channels)"

    for one, other, which in ((any_steps, steps, 0), (steps, any_steps, 1)):
        found = compared(one, other, framework="pytorch")
        assert not found.differences and found.equal_layers == 1
        assert found.unknown[which] == ["pooling(14,20,channels)"] and not found.unknown[1 - which]


@pytest.mark.parametrize("changed", ["convolution(15,?,channels,params=266)", "convolution(14,t,channels,params=267)"])
def test_other_sizes_of_a_layer_of_which_one_is_open_are_a_difference(changed: str) -> None:
    layer = "convolution(14,40,channels,params=266)"

    assert differences(f"input(6,?).{changed}", f"input(6,40).{layer}") == [f"{changed} became {layer}"]


@pytest.mark.parametrize("operations", ["other(9,16,params=0)", "other(9,16,params=0).dropout", "other(9,16)"])
def test_operations_that_are_not_shown_by_name_may_have_a_layer_without_weights(operations: str) -> None:
    one, other = "input(16,9).pooling(16,9,channels).transpose.gru(7)", f"input(16,9).{operations}.gru(7)"

    for models, which in (((one, other), 1), ((other, one), 0)):
        found = compared(*models, framework="pytorch")
        assert not [difference.what for difference in found.differences if "transpose" in difference.what]
        assert "transpose" in found.unknown[which]


def test_operations_without_parameters_are_no_layer_with_weights() -> None:
    operations = "input(9,16).other(9,16,params=0).dense(7)"

    assert "only the first has gru(16,seq)" in differences("input(9,16).dropout.gru(16,seq).dense(7)", operations)


STACK, ROW = "lstm(11,6,bi,layers=3).dense(4)", "lstm(11,6,bi,seq{o}).lstm(6,bi,seq{o}).lstm(6,bi{o}).dense(4,gemm)"


def test_a_stack_is_aligned_with_the_same_layers_one_after_another() -> None:
    one = f"input(11,5).pooling(11,5,channels).transpose.{STACK}"
    beside = f"input(11,5).other(5,11,params=0).{ROW}".format(o="").replace("dense(4", "dense(3")
    found = compared(one, beside, "pytorch", "onnx")

    assert len(found.stacks) == 3 and found.equal_layers == 1
    assert [difference.what for difference in found.differences] == ["dense(4) became dense(3,gemm)"]


def test_a_stack_with_other_settings_than_its_layers_one_after_another_is_one_difference() -> None:
    row = ROW.format(o=",own")
    layers = row.removesuffix(".dense(4,gemm)")

    assert differences(STACK, row, framework="pytorch", beside_framework="onnx") == [
        f"lstm(11,6,bi,layers=3) became {layers}"
    ]
    assert not differences(f"unordered.{STACK}", row, framework="pytorch", beside_framework="onnx")


def test_the_number_of_steps_that_come_in_is_a_difference_if_it_is_known() -> None:
    layers = "convolution(14,t,channels,params=266)", "convolution(14,40,channels,params=266)"

    assert len(differences(*(f"input(6,{n}).{layer}" for n, layer in zip((30, 40), layers, strict=True)))) == 1
    assert not differences(*(f"input(6,40).{layer}" for layer in layers))
