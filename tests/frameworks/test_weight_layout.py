"""Weights in every framework's names and order: their shapes, packing and unpacking."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from configurations import SIZES, packed, run_ours, some_configurations, stacks, with_default_switches

from app.core.axes import shape
from app.core.cells import CELLS
from app.core.ops import Array
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS, OURS
from app.frameworks.arrays import axes_of
from app.frameworks.framework_types import Framework, NewBias
from app.frameworks.stored_weights import blocks_of, our_weights, stored_weights
from app.frameworks.weight_layout import Blocks, LayoutError, Parameter, WeightLayout, heights

every_framework = pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)


@every_framework
def test_every_array_has_the_shape_of_its_axes(framework: Framework) -> None:
    for c in some_configurations(framework):
        model = c.model
        arrays = stored_weights(model, run_ours(c).weights)
        assert {a.name: shape(a.axes, model.sizes) for a in model.weights} == {
            name: array.shape for name, array in arrays.items()
        }, str(c)


@every_framework
def test_a_switch_that_does_not_apply_to_a_stack_has_no_effect(framework: Framework) -> None:
    """So no program needs to be executed for each of its values."""
    for c in with_default_switches(framework, SIZES[:1]):
        default = c.model
        for switch in (switch for switch in framework.switches if not switch.applies_to(c.stack)):
            for value in switch.choices:
                model = framework.model(c.stack, {**c.settings, switch.name: value})
                assert model.code() == default.code(), f"{c}: {switch.name}={value}"
                assert axes_of(model.outputs) == axes_of(default.outputs), f"{c}: {switch.name}={value}"
                assert model.layout == default.layout, str(c)


OFF = (False, 0, "None")


@every_framework
def test_a_derived_switch_turns_something_on_or_off_by_a_change_to_another_stack(framework: Framework) -> None:
    """Keras’s reset_after is another cell; PyTorch’s proj_size is off without a projection."""
    for c in with_default_switches(framework, SIZES[:1]):
        for switch in c.model.derived_switches:
            assert (switch.value in OFF) != (switch.other in OFF), f"{c}: {switch.name}"
            fields: dict[str, Any] = {name: value for name, value in switch.changes.items() if name not in c.settings}
            if "cell" in fields:
                fields["cell"] = CELLS[fields["cell"]]
            changed = framework.model(replace(c.stack, **fields), c.settings)
            assert (switch.name, switch.other) in {(s.name, s.value) for s in changed.derived_switches}, str(c)


@pytest.mark.parametrize(("unit_forget_bias", "ones"), [(True, "f"), (False, "")])
def test_in_keras_only_the_forget_gate_can_start_with_ones(unit_forget_bias: bool, ones: str) -> None:
    for cell in ("lstm", "gru", "gru_reset_after", "rnn"):
        model = FRAMEWORKS["keras"].model(Stack(CELLS[cell], 3, 4, 2, 5), {"unit_forget_bias": unit_forget_bias})
        assert {gate: model.new_bias(gate) for gate in model.layout.gates} == {
            gate: NewBias(1.0 if gate in ones else 0.0) for gate in model.layout.gates
        }


@every_framework
def test_unpacking_is_the_inverse_of_packing(framework: Framework) -> None:
    for c in some_configurations(framework):
        layout = c.model.layout
        weights = run_ours(c, np.float64).weights
        for place, blocks in blocks_of(c.stack, weights).items():
            back = layout.unpack(packed(layout, blocks), heights(c.stack, place))
            both = {(part, gate): total(blocks, part, gate) for part, gate in blocks if part != "b_h"}
            for (part, gate), block in both.items():
                np.testing.assert_allclose(total(back, part, gate), block, atol=1e-15, err_msg=f"{c}: {part} {gate}")


def total(blocks: Blocks, part: str, gate: str) -> Array:
    """A block; for two biases their sum, since a framework may have only one."""
    if part == "b" and ("b_h", gate) in blocks:
        return blocks["b", gate] + blocks["b_h", gate]
    return blocks[part, gate]


@every_framework
def test_the_weights_of_a_framework_are_ours_again(framework: Framework) -> None:
    for c in some_configurations(framework):
        weights = run_ours(c, np.float64).weights
        blocks = blocks_of(c.stack, weights)
        back = our_weights(c.model, {place: packed(c.model.layout, one) for place, one in blocks.items()})
        for place, one in blocks_of(c.stack, back).items():
            assert list(back[place]) == list(weights[place]), str(c)
            for part, gate in (block for block in one if block[0] != "b_h"):
                expected = total(blocks[place], part, gate)
                np.testing.assert_allclose(total(one, part, gate), expected, atol=1e-15, err_msg=f"{c}: {part} {gate}")


def test_a_layer_without_biases_has_biases_of_0() -> None:
    model = FRAMEWORKS["pytorch"].model(Stack(CELLS["lstm"], 3, 4, 2, 5))
    matrices = {"weight_ih": np.ones((20, 2), np.float32), "weight_hh": np.ones((20, 5), np.float32)}
    weights = our_weights(model, {(0, "forward"): matrices})[0, "forward"]

    assert weights["kernel"].min() == 1 and weights["bias"].dtype == np.float32
    assert not weights["bias"].any()


def test_our_names_are_those_of_the_weights_of_the_program() -> None:
    for stack in stacks():
        for place in stack.places:
            weights = {t.id: t.axes for t in stack.program(place[0]).weights}
            model = OURS.model(stack)
            named = {model.full_name(id, place): axes for id, axes in weights.items()}
            found = {a.name: a.axes for a in model.weights if a.name in named}
            assert found == named


BLOCKS = {
    "lstm": {"kernel": "h,x figo", "bias": "b figo"},
    "lstm_peephole": {"kernel": "h,x figo", "bias": "b figo", "p_f": "p f", "p_i": "p i", "p_o": "p o"},
    "lstm_coupled": {"kernel": "h,x fgo", "bias": "b fgo"},
    "gru": {"kernel": "h,x rz", "bias": "b rz", "candidate_kernel": "h,x g", "candidate_bias": "b g"},
    "gru_reset_after": {
        "kernel": "x rzg",
        "bias": "b rzg",
        "recurrent_kernel": "h rzg",
        "recurrent_bias": "b_h rzg",
    },
    "rnn": {"kernel": "h,x a", "bias": "b a"},
}
"""Cell -> weight -> its parts and its gates."""


@pytest.mark.parametrize("cell", CELLS)
def test_our_blocks_are_those_of_the_equations(cell: str) -> None:
    for num_proj in (0, 3) if CELLS[cell].can_be_projected else (0,):
        parameters = OURS.model(Stack(CELLS[cell], 3, 4, 2, 5, num_proj)).layout.parameters
        found = {p.name: f"{','.join(p.parts)} {''.join(p.gates)}" for p in parameters}
        assert found == BLOCKS[cell] | ({"projection": "w "} if num_proj else {})


COUNTS = [
    ("pytorch", "lstm", 10, 20, 2, False, 0, 5920),
    ("pytorch", "lstm", 10, 20, 2, True, 0, 15040),
    ("pytorch", "lstm", 10, 20, 2, False, 7, 3080),
    ("pytorch", "lstm", 10, 20, 2, True, 7, 7280),
    ("pytorch", "lstm", 28, 128, 1, False, 0, 80896),
    ("pytorch", "gru_reset_after", 10, 20, 1, False, 0, 1920),
    ("pytorch", "rnn", 10, 20, 1, False, 0, 640),
    ("keras", "lstm", 28, 128, 1, False, 0, 80384),
    ("keras", "lstm", 8, 4, 1, True, 0, 416),
    ("keras", "gru_reset_after", 8, 4, 1, False, 0, 168),
    ("keras", "gru", 8, 4, 1, False, 0, 156),
    ("keras", "rnn", 8, 4, 1, False, 0, 52),
    ("tf1", "lstm", 28, 128, 1, False, 0, 80384),
    ("tf1", "lstm_peephole", 28, 128, 1, False, 0, 80768),
    ("tf1", "lstm", 28, 128, 1, False, 64, 55808),
    ("tf1", "lstm_peephole", 28, 128, 1, False, 64, 56192),
    ("tf1", "gru", 28, 128, 1, False, 0, 60288),
    ("tf1", "rnn", 28, 128, 1, False, 0, 20096),
    ("onnx", "lstm_peephole", 4, 3, 1, False, 0, 117),
    ("flax", "gru_reset_after", 10, 20, 1, False, 0, 1880),
    ("flax", "rnn", 10, 20, 1, False, 0, 620),
]
"""Parameter counts of real models: framework, cell, features, num_units, num_layers, bidirectional, num_proj, count."""


@pytest.mark.parametrize("id, cell, features, num_units, num_layers, bidirectional, num_proj, count", COUNTS)
def test_the_number_of_parameters_equals_that_of_the_real_model(
    id: str, cell: str, features: int, num_units: int, num_layers: int, bidirectional: bool, num_proj: int, count: int
) -> None:
    stack = Stack(CELLS[cell], 1, 1, features, num_units, num_proj, num_layers, bidirectional)
    model = FRAMEWORKS[id].model(stack)
    arrays = stored_weights(model, stack_weights(stack, 5))
    assert sum(array.size for array in arrays.values()) == model.parameter_count == count


def test_a_missing_array_and_a_wrong_shape_are_rejected_by_name() -> None:
    layout = WeightLayout((Parameter("kernel", ("x",), ("i", "f")),), {})
    with pytest.raises(LayoutError, match="kernel is missing; there are bias"):
        layout.unpack({"bias": np.zeros(4)}, {"x": 2})
    with pytest.raises(LayoutError, match=r"kernel is \(2, 3\); it has 2 rows and 2 gates"):
        layout.unpack({"kernel": np.zeros((2, 3))}, {"x": 2})
    with pytest.raises(LayoutError, match="kernel holds x of gate f; the weights have x of i"):
        packed(layout, {("x", "i"): np.zeros((2, 2))})
