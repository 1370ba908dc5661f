"""Programs with layers of PyTorch, Keras and ONNX as people write them, with data and training, and one mistake."""

from pathlib import Path

from marked_programs import MarkedPrograms, Truth

NETWORKS = {
    "keras-context-of-one-query": Truth("output", "rank", "query_axis", 20, 10, 48, 64),
    "keras-every-step-and-a-vector": Truth("output", "rank", "joined_every_step", 25, 28, 48, 32),
    "keras-horizon": Truth("target", None, "target_shape", 16, 21, 4, 32),
    "keras-leaky-cell": Truth("recurrent_kernel", "num_units", "recurrent_rows", 32, 30, 5, 28),
    "keras-one-sample": Truth("x", "rank", "missing_batch", 1, 14, 4, 24),
    "keras-weights-of-one-direction": Truth(
        *("kernel", "num_layers*directions", "weights_of_one_direction"), 32, 12, 16, 20
    ),
    "onnx-state-of-one-sample": Truth("h_0", "batch_size", "other_batch", 4, 25, 8, 20),
    "pytorch-ensemble": Truth("output", None, "other_outputs", 32, 60, 32, 40),
    "pytorch-last-steps-of-a-text": Truth("output", None, "reshape_fixed_steps", 16, 12, 40, 80),
    "pytorch-layers-of-a-query": Truth("h_0", "order", "layers_first", 12, 9, 20, 44),
    "pytorch-layers-of-a-view": Truth("output", None, "reshape_layers", 18, 11, 60, 44),
    "pytorch-learned-state": Truth("h_0", "order", "state_order", 30, 30, 14, 32),
    "pytorch-letters-without-batch": Truth("x", "rank", "unbatched", 1, 9, 24, 48),
    "pytorch-mask-before-a-stride": Truth("mask", "time_step", "strided_mask", 12, 60, 64, 96),
    "pytorch-mask-of-flat-losses": Truth("mask", "rank", "flat_mask", 10, 17, 48, 56),
    "pytorch-reconstruction": Truth("dense_input", "features", "dense_features", 64, 30, 48, 48),
    "pytorch-sentences-of-documents": Truth("x", "rank", "sequences_of_sample", 12, 15, 40, 25),
    "pytorch-state-of-one-direction": Truth("dense_input", "features", "dense_one_direction", 25, 14, 50, 80),
    "pytorch-state-of-training": Truth("h_0", "batch_size", "state_of_other_data", 10, 99, 32, 64),
    "pytorch-tags-of-transitions": Truth("output", "num_units", "outputs_of_parameter", 8, 15, 50, 32),
    "pytorch-windows-of-columns": Truth("x", "order", "features_first", 50, 24, 9, 30),
    "tensorflow-every-step": Truth("output", "rank", "not_return_sequences", 32, 50, 64, 32),
    "tensorflow-states-of-two-directions": Truth("h_0", "num_units", "directions_of_states", 16, 12, 32, 96),
    "tensorflow-last-batch-of-poems": Truth("h_0", "batch_size", "last_batch", 8, 15, 64, 96),
    "tensorflow-windows-of-words": Truth("x", "rank", "extra_axis", 16, 20, 32, 24),
    "tensorflow-residual": Truth("output", "num_units", "residual", 32, 30, 100, 64),
    "tensorflow-weights-of-steps": Truth(None, None, "sample_weight", 16, 60, 40, 12),
    "tensorflow-column-of-an-output": Truth("target", "rank", "target_axis", 12, 24, 6, 32),
    "tensorflow-steps-of-an-input": Truth("dense_input", "features", "input_steps", 20, 48, 5, 12),
    "tensorflow-exchanged-weights": Truth("kernel", "features", "exchanged_weights", 16, 10, 7, 18),
    "tensorflow-states-of-one-cell": Truth("c_0", None, "states_of_cells", 10, 11, 24, 32),
    "pytorch-pooled-outputs": Truth("dense_input", "features", "dense_features", 20, 64, 12, 30),
    "pytorch-gathered-last-steps": Truth("output", "rank", "gather_axis", 5, 12, 28, 42),
    "tensorflow-state-of-training": Truth("h_0", "batch_size", "state_of_other_data", 8, 30, 20, 40),
    "keras-inputs-of-states": Truth("h_0", "num_units", "input_of_state", 1, 1, 30, 64),
    "pytorch-batches-of-a-loader": Truth("h_0", "batch_size", "batch_first", 20, 36, 4, 28),
    "pytorch-query-of-all-layers": Truth("h_0", "order", "layers_first", 9, 13, 11, 21),
    "pytorch-convolution-before-steps": Truth("x", "order", "features_first", 15, 90, 24, 36),
    "pytorch-last-batch-of-notes": Truth("h_0", "batch_size", "last_batch", 4, 18, 6, 30),
    "pytorch-shorter-windows-of-a-test": Truth("dense_input", "features", "dense_other_steps", 23, 21, 5, 12),
    "pytorch-beams-of-one-state": Truth("h_0", "batch_size", "state_of_one", 7, 1, 14, 22),
    "pytorch-column-of-logits": Truth("output", "rank", "target_axis", 14, 20, 9, 26),
    "tensorflow-prediction-of-a-few": Truth("x", "batch_size", "whole_batches", 16, 15, 2, 18),
    "keras-weights-of-pytorch": Truth("kernel", "order", "transposed", 5, 12, 7, 18),
}

PROGRAMS = MarkedPrograms(Path(__file__).with_name("networks"), NETWORKS)
