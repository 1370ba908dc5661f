"""The modules with rules about pasted programs, in the order in which the rules apply: a later one sees what an earlier
one has decided. A rule with a place of its own in this order is a module of its own, however small."""

from types import ModuleType

from . import likely_causes
from .inputs import (
    arrays_of_data,
    channels,
    columns_and_rows,
    declared_inputs,
    declared_samples,
    exchanged_masks,
    features_elsewhere,
    features_of_x,
    fed_arrays,
    fed_back_steps,
    fixed_axes,
    keras_datasets,
    keras_inputs_and_states,
    keras_shapes,
    lengths_and_masks,
    mapped_axes,
    masks_before_joins,
    missing_axes,
    new_axes,
    numbers_of_inputs,
    numbers_of_samples,
    padding,
    placeholders,
    reshaped_inputs,
    samples_and_targets,
    scanned_axes,
    slices_of_one_step,
    written_masks,
    written_shapes,
)
from .layers import (
    arrays_beside_layers,
    attention,
    axes_of_operations,
    axes_of_size_one,
    backward_layers,
    layers_around,
    layers_below,
    layers_of_loops,
    loops,
    objects_of_loops,
    products_and_joins,
    shared_cells,
    unused_layers,
)
from .likely_causes import CorrectionRule, Rule
from .outputs import (
    flat_outputs,
    flat_steps,
    kept_axes,
    missing_steps,
    networks_and_losses,
    packed_outputs,
    pooled_joins,
    projected_outputs,
    repeated_axes,
    repeated_vectors,
    reshaped_outputs,
    returned_losses,
    sizes_of_outputs,
    steps_of_kept_outputs,
    targets,
    vectors_for_layers,
)
from .states import (
    axes_around_states,
    batches_of_keras_calls,
    batches_of_made_states,
    declared_states,
    divided_states,
    earlier_calls,
    given_states,
    initial_states,
    order_of_arguments,
    repeated_states,
    reshaped_states,
    sizes_of_states,
    states_at_calls,
    states_of_cells,
    states_of_directions,
    states_of_parts,
    units_of_keras_states,
)
from .weights import (
    declared_weights,
    dense_layers_of_flax,
    exchanged_sizes,
    gates_of_layers,
    gates_of_sums,
    kernels_of_keras_cells,
    kernels_of_saved_models,
    networks_of_checkpoints,
    order_of_factors,
    output_weights,
    slices_of_gates,
    slices_of_kernels,
    weights_of_gates,
)

MODULES: tuple[ModuleType, ...] = (
    *(
        repeated_axes,
        likely_causes,
        features_of_x,
        masks_before_joins,
        lengths_and_masks,
        written_masks,
        samples_and_targets,
        arrays_beside_layers,
        layers_below,
    ),
    *(sizes_of_outputs, keras_shapes, kernels_of_saved_models, kernels_of_keras_cells, given_states, missing_steps),
    initial_states,
    *(states_of_directions, sizes_of_states, missing_axes, new_axes, padding, attention, keras_datasets, targets),
    *(steps_of_kept_outputs, columns_and_rows, output_weights, repeated_vectors, packed_outputs),
    *(networks_of_checkpoints, channels, layers_of_loops, reshaped_outputs, backward_layers, keras_inputs_and_states),
    *(kept_axes, layers_around, loops, networks_and_losses, earlier_calls, products_and_joins, exchanged_sizes),
    *(flat_outputs, axes_of_size_one),
    *(weights_of_gates, slices_of_gates, order_of_factors, axes_of_operations, axes_around_states, arrays_of_data),
    *(numbers_of_samples, returned_losses, gates_of_sums, gates_of_layers, vectors_for_layers),
    features_elsewhere,
    *(units_of_keras_states, repeated_states, pooled_joins, declared_states, exchanged_masks, reshaped_states),
    *(flat_steps, states_of_parts, states_of_cells, order_of_arguments, declared_weights, numbers_of_inputs),
    batches_of_keras_calls,
    divided_states,
    objects_of_loops,
    slices_of_one_step,
    slices_of_kernels,
    projected_outputs,
    declared_inputs,
    declared_samples,
    fed_arrays,
    mapped_axes,
    reshaped_inputs,
    states_at_calls,
    unused_layers,
    dense_layers_of_flax,
    fed_back_steps,
    placeholders,
    shared_cells,
    scanned_axes,
    written_shapes,
    fixed_axes,
    batches_of_made_states,
)

RULES: tuple[Rule, ...] = tuple(rule for one in MODULES for rule in getattr(one, "RULES", ()))
"""What the program says about causes."""

WITHOUT_CAUSES: tuple[Rule, ...] = tuple(rule for one in MODULES for rule in getattr(one, "WITHOUT_CAUSES", ()))
"""The same for a message that says no cause by itself."""


def corrections_of(id: str) -> list[CorrectionRule]:
    """The rules that find the lines of a program which a cause corrects."""
    return [one.CORRECTIONS[id] for one in MODULES if id in getattr(one, "CORRECTIONS", {})]
