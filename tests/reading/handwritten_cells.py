"""Programs that compute a recurrent cell themselves, or with Flax, with one mistake."""

from pathlib import Path

from marked_programs import MarkedPrograms, Truth

HANDWRITTEN_CELLS = {
    "flax-carry-of-other-units": Truth("h_0", "num_units", "other_units", 6, 40, 3, 24),
    "flax-dense-layer-of-both-directions": Truth("dense_input", "features", "dense_directions", 6, 21, 16, 40),
    "flax-features-of-a-cell": Truth("x", "features", "other_features", 20, 15, 8, 32),
    "flax-features-of-init": Truth("kernel", "features", "init_features", 12, 100, 6, 40),
    "flax-only-the-last-step": Truth("output", "rank", "kept_last_step", 16, 30, 13, 50),
    "flax-state-of-other-units": Truth("h_0", "num_units", "other_units", 4, 11, 6, 20),
    "flax-steps-of-the-batch": Truth("x", "order", "step_axis", 12, 30, 4, 26),
    "jax-batch-for-one-sample": Truth("x", "rank", "vmap", 32, 20, 8, 28),
    "jax-batch-of-a-scan": Truth("x", "rank", "vmap", 16, 25, 4, 11),
    "jax-column-bias-of-a-scan": Truth("bias", "rank", "column_bias", 1, 40, 3, 12),
    "jax-state-without-batch": Truth("h_0", "rank", "carry", 5, 17, 6, 22),
    "jax-transposed-kernel": Truth("kernel", "order", "kernel_order", 10, 25, 5, 18),
    "jax-weights-of-x-alone": Truth("kernel", "features", "joined_weights", 4, 18, 10, 25),
    "numpy-bias-of-columns": Truth("bias", "rank", "row_bias", 10, 7, 3, 5),
    "numpy-bias-of-each-gate": Truth("bias", "rank", "flat_bias", 8, 13, 3, 10),
    "numpy-column-bias": Truth("bias", "rank", "column_bias", 5, 20, 3, 16),
    "numpy-column-bias-in-place": Truth("bias", "rank", "column_bias", 10, 22, 3, 15),
    "numpy-columns-next-to-each-other": Truth(None, None, "joined_columns", 1, 30, 5, 14),
    "numpy-directions-below-each-other": Truth("dense_input", "features", "joined_steps", 1, 7, 10, 16),
    "numpy-features-of-every-layer": Truth("x", "features", "layer_below", 6, 8, 11, 30),
    "numpy-gradient-of-columns": Truth("h_0", "order", "gradient_factor", 1, 12, 27, 60),
    "numpy-output-of-both-directions": Truth("dense_input", "features", "output_weights", 3, 12, 9, 24),
    "numpy-row-for-columns": Truth("x", "order", "samples_in_columns", 1, 21, 12, 64),
    "numpy-rows-for-columns": Truth("x", "order", "samples_in_columns", 10, 20, 7, 16),
    "numpy-step-without-batch": Truth("x", "rank", "step_without_batch", 1, 25, 4, 10),
    "numpy-steps-of-the-batch": Truth("x", "order", "step_axis", 32, 18, 7, 12),
    "numpy-transposed-output-weights": Truth("dense_kernel", "order", "kernel_order", 1, 25, 21, 100),
    "numpy-transposed-scores": Truth("dense_kernel", "order", "kernel_order", 9, 14, 6, 22),
    "numpy-vector-for-columns": Truth("h_0", "rank", "state_column", 12, 30, 3, 9),
    "numpy-weights-as-in-pytorch": Truth("kernel", "order", "kernel_order", 2, 10, 5, 8),
    "numpy-weights-of-fewer-gates": Truth("recurrent_kernel", "gates*num_units", "gate_weights", 4, 15, 6, 20),
    "numpy-weights-of-unknown-rows": Truth("dense_kernel", "order", "kernel_order", 12, 19, 27, 40),
    "numpy-windows-cut-short": Truth("x", "time_step", "short_windows", 11, 16, 2, 12),
    "numpy-x-of-every-layer": Truth("x", "features", "output_below", 6, 12, 14, 9),
    "flax-targets-of-every-step": Truth("target", "time_step", "target_steps", 8, 20, 12, 32),
    "numpy-last-minibatch": Truth("h_0", "batch_size", "last_batch", 12, 15, 6, 20),
    "numpy-first-state-as-a-row": Truth("h_0", "order", "state_axes", 1, 5, 9, 16),
    "numpy-gates-of-another-cell": Truth(None, None, "fewer_gates", 6, 8, 5, 11),
    "jax-kernels-of-one-shape": Truth("kernel", "order", "kernel_order", 4, 22, 6, 15),
    "flax-x-of-init": Truth("kernel", "features", "init_features", 10, 33, 7, 19),
}

PROGRAMS = MarkedPrograms(Path(__file__).with_name("handwritten_cells"), HANDWRITTEN_CELLS)
