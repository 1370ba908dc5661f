"""Calls of what gives a program its data: datasets and loaders, and of models that are trained with it."""

import ast

from .object_methods import FORWARD, WITH_DATA, is_keras_layer
from .python_calls import PythonCalls
from .signatures import Arguments
from .streams import SAME_ITEMS, TENSORS, batched, is_own_dataset, item_in, sliced, stacked, stream_of
from .values import (
    ANY,
    INTEGER,
    NONE,
    UNKNOWN,
    Axis,
    Constant,
    Function,
    Instance,
    List,
    Repeated,
    Tensor,
    Tuple,
    Value,
    axis,
)
from .word_sets import words

TORCH_DATA = "torch.utils.data."

LOADERS = words("torch.utils.data.DataLoader torch.utils.data.dataloader.DataLoader")
COLLATING = 6
"""The place of ``collate_fn``, after which no plain batch is made."""

DROPPING = 8
"""The place of ``drop_last``."""

OF_SLICES = "tensorflow.data.Dataset.from_tensor_slices"

PROGRESS = words("tqdm.tqdm tqdm.auto.tqdm tqdm.notebook.tqdm tqdm.trange")
"""What shows the progress of a loop over what it gets."""

SPLITS = words("torch.utils.data.random_split")
PARTS = words("torch.utils.data.Subset")

STACKS = words("torch.stack numpy.stack tensorflow.stack jax.numpy.stack")
"""What makes an array of several, along a new axis."""

ARRAYS = words("numpy.array numpy.asarray")
"""What makes an array of a list, whose items are along its first axis."""

DATA_CALLS = LOADERS | PROGRESS | SPLITS | PARTS | {f"{TORCH_DATA}TensorDataset", OF_SLICES}


class DataCalls(PythonCalls):
    """Follows calls of what gives data."""

    takes_whole_batches = False
    """Whether batches are taken to be as large as a program says; the last one may be smaller."""

    def call_data(self, path: str, arguments: Arguments) -> Value | None:
        """Call what gives data; None for data of which nothing is known."""
        if not arguments.is_complete:
            return None
        first = next(iter(arguments.all), UNKNOWN)
        if path.endswith("TensorDataset"):
            return sliced(arguments.positional)
        if path in LOADERS:
            return self.loaded(first, arguments)
        if path == OF_SLICES:
            return sliced(first.items) if isinstance(first, Tuple) else _stream_along(first)
        if path in SPLITS and isinstance(first, Repeated):
            parts = arguments.get("lengths", 1, UNKNOWN)
            count = len(parts.items or ()) if isinstance(parts, (List, Tuple)) else 0
            return Tuple((first,) * count) if count else None
        return first if isinstance(first, Repeated) and path in PROGRESS | PARTS else None

    def stacked_items(self, path: str, arguments: Arguments) -> Value | None:
        """An array of many others, along a new axis; None for another call."""
        if not arguments.positional or path not in STACKS | ARRAYS:
            return None
        first = Constant(0)
        along = first if path in ARRAYS else arguments.get("dim", 1, arguments.named.get("axis", first))
        return stacked(arguments.positional[0], along)

    def loaded(self, dataset: Value, arguments: Arguments) -> Value | None:
        """The batches of a loader of PyTorch."""
        own = dataset.of.member("__getitem__") if isinstance(dataset, Instance) else None
        item = item_in(self.of_own_dataset(dataset) if isinstance(dataset, Instance) and own is None else dataset)
        if isinstance(dataset, Instance) and isinstance(own, Function):
            item = self.outermost(own, Arguments((dataset, INTEGER)))
        is_plain = arguments.get("collate_fn", COLLATING, NONE) == NONE and "batch_sampler" not in arguments.named
        if item is None or not is_plain:
            return stream_of(UNKNOWN) if item is not None else None
        size = arguments.get("batch_size", 1, Constant(1))
        if size == NONE:
            return stream_of(item)
        is_whole = arguments.get("drop_last", DROPPING, Constant(False)) == Constant(True)
        return stream_of(batched(item, self.size_of_batch(size, is_whole=is_whole)))

    def of_own_dataset(self, dataset: Instance) -> Value:
        """The items of an object of a class that is derived from ``TensorDataset``, with the tensors that it gets."""
        given = dataset.attributes.get(TENSORS, UNKNOWN)
        return (sliced(given.items) if is_own_dataset(dataset) and isinstance(given, Tuple) else None) or UNKNOWN

    def size_of_batch(self, size: Value, *, is_whole: bool) -> Axis:
        """The samples of a batch; ``is_whole``: whether no batch has fewer."""
        return axis(size) if is_whole or self.takes_whole_batches or size == Constant(1) else None

    def method_of_stream(self, owner: Repeated, name: str, arguments: Arguments) -> Value:
        """A method of a dataset of TensorFlow."""
        if name in SAME_ITEMS:
            return owner
        if name == "batch":
            size = arguments.get("batch_size", 0, UNKNOWN)
            is_whole = arguments.get("drop_remainder", 1, Constant(False)) == Constant(True)
            return stream_of(batched(owner.item, self.size_of_batch(size, is_whole=is_whole)))
        return UNKNOWN

    def called_with_data(self, owner: Instance, name: str, arguments: Arguments, node: ast.Call) -> None:
        """Call a model of Keras of the source with the array with which it is trained, unless the program has called
        it."""
        given = arguments.get("x", 0, UNKNOWN)
        array = given.item.items[0] if isinstance(given, Repeated) and isinstance(given.item, Tuple) else given
        if not isinstance(array, Tensor) or ANY in array.axes or not array.axes or owner.runs:
            return
        if name in WITH_DATA and is_keras_layer(owner.of, "Model") and owner.of.method(*FORWARD):
            self.call_instance(owner, Arguments((Tensor((None, *array.axes[1:])),)), node.lineno)


def _stream_along(value: Value) -> Value | None:
    """A stream of the items of a tensor; None for anything else."""
    item = item_in(value)
    return None if item is None else stream_of(item)
