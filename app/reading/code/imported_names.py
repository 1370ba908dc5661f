"""What the full name of something from another module means: ``torch.nn.LSTM``, ``keras.layers.LSTM``."""

from collections.abc import Iterable

from .word_sets import words

TORCH_CLASSES = ("torch.nn.", "torch.nn.modules.")
TORCH_FUNCTIONS = (
    "torch.nn.functional.",
    "torch.nn.utils.rnn.",
    "torch.autograd.",
    "torch.special.",
    "torch.",
)
BEFORE_KERAS = (
    "",
    "tensorflow.",
    "tensorflow.python.",
    "tensorflow.compat.v1.",
    "tensorflow.compat.v2.",
    "tf_",
    "tensorflow_core.python.",
)
"""What the full name of a module of Keras has before ``keras``."""

KERAS_INNER = words(
    """
    layers models engine recurrent core embeddings wrappers normalization convolutional pooling cudnn_recurrent
    advanced_activations topology sequential training input_layer merge noise src api v2 rnn lstm
    """
)


TF1_ROOTS = ("tensorflow.compat.v1.", "tensorflow.")
TF1_MODULES = words(
    """
    nn rnn_cell rnn contrib layers math random python ops core_rnn_cell core_rnn_cell_impl rnn_cell_impl core_rnn
    cudnn_rnn cudnn_rnn_ops lstm_ops gru_ops fused_rnn_cell
    array_ops math_ops nn_ops init_ops embedding_ops variable_scope random_ops seq2seq legacy_seq2seq
    """
)
LEGACY_CELLS = (
    "keras.src.layers.rnn.legacy_cells",
    "keras.layers.rnn.legacy_cells",
    "keras.layers.legacy_rnn.rnn_cell_impl",
)
"""The modules of Keras 2 with the cells of TensorFlow 1."""

TF1_OTHER_MODULES = words("losses train summary metrics app flags gfile logging estimator initializers errors image")
"""Modules that say nothing about layers."""

ANY_CLASS = "AnyModule"
"""In the place of a class’s name: one that is not known."""


def torch_class(path: str) -> str | None:
    """``LSTM`` for ``torch.nn.LSTM``; None for something else."""
    if not path.startswith(TORCH_CLASSES) or path.startswith(
        ("torch.nn.functional", "torch.nn.utils", "torch.nn.init")
    ):
        return None
    name = path.rpartition(".")[2]
    return name if name[:1].isupper() else None


def torch_function(path: str) -> str | None:
    """``cat`` for ``torch.cat``, ``relu`` for ``torch.nn.functional.relu``."""
    for root in TORCH_FUNCTIONS if path.startswith("torch.") else ():
        name = path.removeprefix(root)
        if path.startswith(root) and "." not in name:
            return name
    return None


def keras_class(path: str) -> str | None:
    """``LSTM`` for ``keras.layers.LSTM``, ``Sequential`` for ``keras.models.Sequential``."""
    before, keras, inner = path.partition("keras.")
    if not keras or before not in BEFORE_KERAS:
        return None
    *modules, name = inner.split(".")
    return name if KERAS_INNER.issuperset(modules) else None


def keras_function(path: str) -> str | None:
    """``concatenate`` for ``keras.layers.concatenate``."""
    name = keras_class(path)
    return name if name and name[:1].islower() else None


def is_layer_class(path: str) -> bool:
    """Whether a name is that of a class of layers."""
    keras = keras_class(path)
    return torch_class(path) is not None or bool(keras and keras[0].isupper()) or path.endswith("Cell")


def tf1_name(path: str) -> str | None:
    """``dynamic_rnn`` for ``tensorflow.nn.dynamic_rnn``, ``LSTMCell`` for that which Keras 2 keeps for TensorFlow 1; ""
    for what says nothing about layers."""
    if path.rpartition(".")[0].endswith(LEGACY_CELLS):
        return path.rpartition(".")[2]
    for root in TF1_ROOTS:
        if path.startswith(root):
            *modules, name = path.removeprefix(root).split(".")
            if not TF1_OTHER_MODULES.isdisjoint(modules):
                return ""
            return name if TF1_MODULES.issuperset(modules) else None
    return None


def is_of_program(module: str) -> bool:
    """Whether a module may be one of the program itself."""
    return module.partition(".")[0] not in ("torch", "keras", "tensorflow", "numpy", "math")


def is_model_base(paths: Iterable[str]) -> bool:
    """Whether a class with one of these bases is a model."""
    return any(
        torch_class(path) in ("Module",)
        or keras_class(path) in ("Model", "Layer")
        or path.rpartition(".")[2] in ("LightningModule",)
        for path in paths
    )
