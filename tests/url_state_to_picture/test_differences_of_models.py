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


def test_the_number_of_steps_that_come_in_is_a_difference_if_it_is_known() -> None:
    layers = "convolution(14,t,channels,params=266)", "convolution(14,40,channels,params=266)"

    assert len(differences(*(f"input(6,{n}).{layer}" for n, layer in zip((30, 40), layers, strict=True)))) == 1
    assert not differences(*(f"input(6,40).{layer}" for layer in layers))
