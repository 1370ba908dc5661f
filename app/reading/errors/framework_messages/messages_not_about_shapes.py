"""Messages of frameworks about recurrent layers that are not about shapes."""

from ....translations.phrases import phrase
from .message_template import MessageTemplate

DATA_TYPE = phrase("a data type")

DEVICE = phrase("the device of x, of the states or of the weights")

ORDER = phrase("the order of a state in memory, which contiguous() changes")

CUDNN = phrase("a call of cuDNN that failed: often its memory ran out, or an index is too large")

POSITIVE = phrase("a size that must be positive")

TEMPLATES = tuple(
    MessageTemplate(id, framework, versions, text, no_shape=subject)
    for id, framework, versions, text, subject in (
        ("pytorch-type", "pytorch", "2", "input must have the type", DATA_TYPE),
        (
            "pytorch-dropout",
            "pytorch",
            "1-2",
            "dropout option adds dropout after all but last recurrent layer",
            phrase("dropout"),
        ),
        (
            "keras-directions",
            "keras",
            "3",
            "Forward layer and backward layer should have different",
            phrase("the direction of a layer: make the layer of backward_layer with go_backwards=True"),
        ),
        (
            "keras-arguments",
            "keras",
            "3",
            "Unrecognized keyword arguments passed to",
            phrase("an argument that the layer does not have"),
        ),
        ("pytorch-weight-type", "pytorch", "2.9-2", ") does not match weight dtype (", DATA_TYPE),
        ("pytorch-state-type", "pytorch", "1.4-2", "Input and hidden tensors are not the same dtype", DATA_TYPE),
        *(
            (
                f"pytorch-device-of-{other}",
                "pytorch",
                "1.4-2",
                f"Input and {other} tensors are not at the same device",
                DEVICE,
            )
            for other in ("hidden", "parameter")
        ),
        *(
            (f"pytorch-contiguous-{array}", "pytorch", "0.4-2 with cuDNN", f"rnn: {array} is not contiguous", ORDER)
            for array in ("hx", "cx")
        ),
        ("pytorch-cudnn", "pytorch", "0.4-2 with cuDNN", "cuDNN error: CUDNN_STATUS_", CUDNN),
        ("keras-constants", "keras", "2-3", "RNN cell does not support constants", phrase("constants of a cell")),
        (
            "keras-mixed-states",
            "keras",
            "2",
            "cannot be specified with a mix of Keras tensors and non-Keras tensors",
            phrase("states of which only some are tensors of Keras"),
        ),
        (
            "keras-ragged-mask",
            "keras",
            "2",
            "cannot be applied to RaggedTensor inputs. Please make sure that there is no mask",
            phrase("a mask for sequences that are not padded"),
        ),
        *(
            (id, framework, versions, text, POSITIVE)
            for id, framework, versions, text in (
                ("keras-units", "keras", "2.6-3", "Received an invalid value for units, expected a positive integer"),
                (
                    "keras-3-units",
                    "keras",
                    "3",
                    "Received an invalid value for argument `units`, expected a positive integer",
                ),
                ("pytorch-units", "pytorch", "2", "hidden_size must be greater than zero"),
                ("pytorch-layers", "pytorch", "2", "num_layers must be greater than zero"),
                ("pytorch-input-size", "pytorch", "2", "input_size must be greater than zero"),
            )
        ),
        (
            "cudnn-mask",
            "keras",
            "1-2",
            "Masking is not supported for CuDNN RNNs",
            phrase("masks, which layers of cuDNN do not support: make an LSTM or a GRU in their place"),
        ),
        ("tf1-type", "tf1", "1", "If there is no initial_state, you must give a dtype", DATA_TYPE),
        (
            "tf1-type-2",
            "tf1",
            "1.14-2",
            "If no initial_state is provided, argument `dtype` must be specified",
            DATA_TYPE,
        ),
    )
)
