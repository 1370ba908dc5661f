"""Messages of frameworks about recurrent layers that are not about shapes."""

from ....translations.phrases import phrase
from .message_template import MessageTemplate

DATA_TYPE = phrase("a data type")

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
            phrase("the direction of a layer"),
        ),
        (
            "keras-arguments",
            "keras",
            "3",
            "Unrecognized keyword arguments passed to",
            phrase("an argument that the layer does not have"),
        ),
        (
            "cudnn-mask",
            "keras",
            "1-2",
            "Masking is not supported for CuDNN RNNs",
            phrase("masks, which this layer does not support"),
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
