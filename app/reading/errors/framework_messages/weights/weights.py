"""Messages about weights: a checkpoint, a file or arrays that do not fit the layer."""

import re
from dataclasses import replace
from functools import partial
from math import prod

from .....translations.phrases import Phrase, phrase
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import cause
from ...cell_classes import CLASSES, KERAS_CLASSES, TF1_CELLS
from ...mismatch import Cause, Mismatch, NoShapeError, Shape, from_code, written, wrong_rank, wrong_shape, wrong_size
from ...names_of_layers import is_other, is_recurrent
from ...surroundings import Surroundings
from ..inputs.inputs import is_dense
from ..message_template import Found, MessageTemplate
from .lists_of_weights import gives_recurrent_kernel, missing_bias
from .other_networks import OF_OTHER_LAYER, has_other_gates, is_embedded_elsewhere

Axes = tuple[str, ...]

OF_PYTORCH: dict[str, tuple[str, Axes]] = {
    "weight_ih": ("kernel", ("gates*num_units", "features")),
    "weight_hr": ("projection", ("num_proj", "num_units")),
    "weight_hh": ("recurrent_kernel", ("gates*num_units", "num_units")),
    "bias_ih": ("bias", ("gates*num_units",)),
    "bias_hh": ("bias", ("gates*num_units",)),
}
"""By the name of a parameter, the tensor and its axes. If several do not fit, the first one says most."""


def of_another_shape(found: Found, tensor: str, axes: Axes, expected: Shape, got: Shape, facts: list[Fact]) -> Mismatch:
    """Weights of a recurrent layer with another shape than the expected one."""
    if len(expected) != len(got):
        is_reset = (
            tensor == "bias"
            and {(*expected[:-2:-1],), (*got[:-2:-1],)} == {expected[-1:]}
            and 2 in (expected[0], got[0])
        )
        likely = (
            cause("reset_after", "keras", units=(expected[-1] or 0) // 3, reset=len(got) > 1)
            if is_reset
            else cause("other_size", found.framework)
        )
        return wrong_rank(tensor, len(expected), len(got), [likely], facts, (expected, got))
    if len(expected) > 1 and expected[-2:] == got[:-3:-1] and expected != got:
        return wrong_shape(tensor, "order", expected, got, [cause("transposed", found.framework)], facts)
    differing = [axis for axis, want, size in zip(axes, expected, got, strict=False) if want != size]
    axis = next(iter(differing), None)
    return wrong_shape(tensor, axis, expected, got, _causes(found, tensor, axes, expected, got, differing), facts)


def _causes(found: Found, tensor: str, axes: Axes, expected: Shape, got: Shape, differing: list[str]) -> list[Cause]:
    """Another cell, if the number of units is the same and only that of gates differs, or other sizes."""
    framework, sizes = found.framework, dict(zip(axes, got, strict=False))
    if tensor == "projection":
        features = _of_checkpoint(found).get("features")
        made = dict(zip(axes, expected, strict=False))
        of_both = {
            "units": sizes.get("num_units"),
            "proj": sizes.get("num_proj"),
            "units_made": made.get("num_units"),
            "proj_made": made.get("num_proj"),
        }
        return [cause("other_projection", framework, features=features, **of_both)]
    rows, units = sizes.get("gates*num_units"), sizes.get("num_units")
    blocks = BLOCKS["biases"][0] if framework == "onnx" and tensor == "bias" else 1
    if blocks > 1 and rows and expected[-1] == blocks * rows:
        return [cause("one_bias", "onnx")]
    rows = rows // blocks if rows else rows
    cells = [cell for cell, gates in GATES.items() if rows and units and gates * units == rows]
    if not units and rows and differing == ["gates*num_units"]:  # a ratio of 3 to 4
        wanted = (expected[axes.index("gates*num_units")] or 0) // blocks
        pairs = [one for one in (("lstm", "gru"), ("gru", "lstm")) if found.cell in ("", one[0])]
        cells = [b for a, b in pairs if wanted * GATES[b] == rows * GATES[a]]
        copied = (
            found.surroundings.copied_sizes(layer_of(found)).get("weight_hh_l0") if framework == "pytorch" else None
        )
        if copied and copied[0] == rows:  # another message says the units
            is_of_same_units = found.surroundings.model_units in (None, copied[1])
            cells = [cell for cell in cells if GATES[cell] * copied[1] == rows and is_of_same_units]
        units = rows // GATES[cells[0]] if cells else None
    is_other_cell = differing == ["gates*num_units"] and bool(cells)
    if framework == "onnx" and differing == ["features"]:  # the weights are part of the model, and x is not
        x = cause("other_features", "onnx", expected=sizes["features"])
        return [x, cause("other_size", "onnx", cell=found.cell)]
    gates = GATES.get(found.cell, 0)
    if not cells and gates and rows and rows % gates == 0:
        units = rows // gates
    features = None if UPPER.search(found.text("place")) else sizes.get("features")
    values = {"features": features, "units": units, "cell": cells[0] if cells else found.cell}
    if framework == "pytorch":
        values |= _of_checkpoint(found)
    if framework == "keras" and differing == ["features"]:  # the layer takes them from x
        return [cause("other_size", "keras features", **values)]
    return [cause("other_cell" if is_other_cell else "other_size", framework, **values)]


def layer_of(found: Found) -> str:
    """The path of the layer whose parameter a message of PyTorch is about, in the folded text; "" if it has none."""
    named = LAYER_OF_PARAMETER.search(found.before)
    return named[1] if named else ""


UPPER = re.compile(r"_l(?!0)\d")
"""The end of the name of a parameter of an upper layer, which reads what the one below returns."""

LAYER_OF_PARAMETER = re.compile(r"(?:sizemismatchfor|parameternamed)([\w.]{1,200})\.$")


def _of_checkpoint(found: Found) -> dict[str, int | str]:
    """The sizes of the layer in a checkpoint, from all lines of the message."""
    sizes = found.surroundings.copied_sizes(layer_of(found))
    known: dict[str, int | str] = {}
    if "weight_ih_l0" in sizes:
        known["features"] = sizes["weight_ih_l0"][1]
    if "weight_hh_l0" in sizes:
        rows, units = sizes["weight_hh_l0"]
        known["units"] = units
        if cells := [cell for cell, gates in GATES.items() if gates * units == rows]:
            known["cell"] = cells[0]
    return known


def sizes_as_facts(axes: Axes, shape: Shape, tensor: str) -> list[Fact]:
    return [fact(axis, size, tensor) for axis, size in zip(axes, shape, strict=False) if size]


OF_ONNX: dict[str, tuple[str | None, Axes]] = {
    "W": ("kernel", ("directions", "gates*num_units", "features")),
    "R": ("recurrent_kernel", ("directions", "gates*num_units", "num_units")),
    "B": ("bias", ("directions", "biases")),
    "P": (None, ("directions", "peepholes")),
}
"""By the name of an input, the tensor and its axes. ONNX adds both biases to one array."""

ONNX_AXES = {"directions": "num_layers*directions", "biases": "gates*num_units"}
"""What the axes are called in an explanation. An operator of ONNX has one layer."""


def onnx_weights(found: Found, name: str) -> Mismatch:
    tensor, axes = OF_ONNX[name]
    expected, got = found.shape("expected"), found.shape("got")
    if not tensor:
        sentence = phrase(
            "The framework expected the peephole weights P with shape {expected}, but got {got}.",
            expected=written(expected),
            got=written(got),
        )
        is_of_four = len(got) == len(expected) == len(axes) and 3 * (got[-1] or 0) == 4 * (expected[-1] or 0)
        likely = _of_directions(found, name) or cause("peepholes" if is_of_four else "other_size", "onnx", cell="lstm")
        return Mismatch(None, None, sentence, expected, got, (likely,), (*_of_blocks(axes, expected), OF_ONE_LAYER))
    of_array = _of_blocks(axes, expected) if name == "B" else sizes_as_facts(axes, expected, tensor)
    facts = [*of_array, OF_ONE_LAYER]
    named = tuple(ONNX_AXES.get(axis, axis) for axis in axes)
    mismatch = of_another_shape(found, tensor, named, expected, got, facts)
    if of_directions := _of_directions(found, name):
        return replace(mismatch, causes=(of_directions,))
    if [one.id for one in mismatch.causes] != ["transposed"]:
        return mismatch
    likely = replace(mismatch.causes[0], fix=f"{name} = {name}.swapaxes(1, 2)")
    return replace(mismatch, causes=(likely,), note=ORDER_OF_GATES if found.cell == "lstm" else None)


def _of_directions(found: Found, name: str) -> Cause | None:
    """Weights of ONNX that differ in the number of directions alone; None for others.

    The runtime checks W first: if W does not fit, the node may be the wrong one, and if another array does not, W and
    the node agree.
    """
    expected, got = found.shape("expected"), found.shape("got")
    _, axes = OF_ONNX[name]
    if not len(expected) == len(got) == len(axes) or expected[1:] != got[1:] or {expected[0], got[0]} != {1, 2}:
        return None
    if name != "W":
        fix = f"{name} = {name}[:1]" if got[0] == 2 else f"{name} = np.concatenate(({name}, np.zeros_like({name})))"
        return cause("directions_of_weights", "onnx arrays", fix=fix)
    units = (expected[1] or 0) // GATES[found.cell] if found.cell else None
    direction = ", direction='bidirectional'" if got[0] == 2 else ""
    return cause("directions_of_weights", "onnx", cell=found.cell, units=units, direction=direction)


OF_ONE_LAYER = fact("num_layers", 1, "ONNX")

BLOCKS = {"biases": (2, "gates*num_units"), "peepholes": (3, "num_units")}
"""An axis of ONNX -> the number of equal blocks in it, and their size: both biases, and the weights of three gates."""


def _of_blocks(axes: Axes, expected: Shape) -> list[Fact]:
    """What an array whose last axis has several blocks says about the network."""
    blocks, size = BLOCKS[axes[-1] or ""]
    last = expected[-1] if len(expected) == len(axes) else None
    known = [fact(size, last // blocks, "ONNX")] if last and last % blocks == 0 else []
    return [*sizes_as_facts(axes[:-1], expected, "ONNX"), *known]


ORDER_OF_GATES = phrase(
    "The gates of an LSTM have another order, too: i, f, c, o in Keras, and i, o, f, c in ONNX. Weights of Keras need"
    " both changes."
)


def set_weights(found: Found) -> Mismatch:
    """An array of ``set_weights`` with another shape than the layer's."""
    expected, got = found.shape("expected"), found.shape("got")
    cell = Surroundings(found.text("layer")).cell
    is_unnamed = not is_recurrent(found.text("layer"))
    if is_dense(found.text("layer")) or (is_unnamed and expected and has_other_gates(found, expected[-1])):
        raise NoShapeError(OF_OTHER_LAYER)
    is_of_gru = len(expected) == 1 and got == (2, *expected) and (expected[-1] or 0) % GATES["gru"] == 0
    if len(got) > len(expected) and not is_of_gru and not is_recurrent(found.text("layer")):  # such as an embedding
        raise NoShapeError(*([OF_OTHER_LAYER] if found.text("layer") else []))
    if len(expected) == 1 or len(got) == 1:  # a GRU with two biases has them in two rows
        if is_unnamed and len(got) == 1 and (of_cudnn := _of_cudnn(found, expected, got)):
            return of_cudnn
        return of_another_shape(found, "bias", ("gates*num_units",), expected, got, [])
    if len(expected) != 2 or not all(expected):
        raise NoShapeError(OF_OTHER_LAYER)
    rows, columns = expected
    assert rows and columns
    cells = [cell or found.cell] if cell or found.cell else ["lstm", "gru"]
    is_square = any(columns == GATES[one] * rows for one in cells)
    if is_square and got[1:] == (columns,) and got[0] != rows:  # no recurrent kernel: only features may differ alone
        is_square = False
    tensor, first = ("recurrent_kernel", "num_units") if is_square else ("kernel", "features")
    axes = (first, "gates*num_units")
    facts = sizes_as_facts(axes, expected, tensor) + ([fact("gates", GATES[cell], "cell")] if cell else [])
    mismatch = _with_both_kernels(of_another_shape(found, tensor, axes, expected, got, facts))
    return mismatch if cell or found.cell or mismatch.note else replace(mismatch, note=_of_any_cell(columns))


def _of_any_cell(columns: int) -> Phrase | None:
    """What is said about the columns of the kernels of a layer whose cell nobody says; None if they are those of one
    cell."""
    gates = [one for one in (GATES["lstm"], GATES["gru"]) if columns % one == 0]
    if gates == [GATES["lstm"]]:
        return phrase(
            "The message does not say which cell it is: {n} columns are those of an LSTM with {lstm} units or of a"
            " simple RNN with {n}.",
            n=columns,
            lstm=columns // GATES["lstm"],
        )
    if gates == [GATES["gru"]]:
        return phrase(
            "The message does not say which cell it is: {n} columns are those of a GRU with {gru} units or of a simple"
            " RNN with {n}.",
            n=columns,
            gru=columns // GATES["gru"],
        )
    if gates:
        return phrase(
            "The message does not say which cell it is: {n} columns are those of an LSTM with {lstm} units, of a GRU"
            " with {gru} or of a simple RNN with {n}.",
            n=columns,
            lstm=columns // GATES["lstm"],
            gru=columns // GATES["gru"],
        )
    return None


def _with_both_kernels(mismatch: Mismatch) -> Mismatch:
    """Weights that are transposed, like those of the other kernel: the next message would be about that."""
    lines = ["kernel = kernel.T", "recurrent_kernel = recurrent_kernel.T"]
    fix, *others = lines if mismatch.tensor == "kernel" else lines[1:]
    causes = (
        replace(one, fix=fix, others=tuple(("", other) for other in others)) if one.id == "transposed" else one
        for one in mismatch.causes
    )
    return replace(mismatch, causes=tuple(causes))


def loaded_weights(found: Found) -> Mismatch:
    """A variable of a layer that was loaded from a file with another shape; its path ends with its name."""
    path, _, name = found.text("layer").removesuffix(":0").rpartition("/")
    if name == "embeddings" and (of_words := _of_vocabulary(found)):
        return of_words
    if not is_recurrent(path) or name not in OF_KERAS:
        raise NoShapeError(OF_OTHER_LAYER)
    tensor, axes = OF_KERAS[name]
    expected, cell = found.shape("expected"), Surroundings(path).cell
    if tensor == "bias" and (of_cudnn := _of_cudnn(found, expected, found.shape("got"))):
        return replace(of_cudnn, note=None)  # the message names the array
    facts = sizes_as_facts(axes, expected, tensor) + ([fact("gates", GATES[cell], "cell")] if cell else [])
    return of_another_shape(found, tensor, axes, expected, found.shape("got"), facts)


def _of_vocabulary(found: Found) -> Mismatch | None:
    """The embedding of a recurrent network for another vocabulary than that of the file; None for other weights."""
    expected, got = found.shape("expected"), found.shape("got")
    is_of_rows = len(expected) == len(got) == 2 and expected[1] == got[1] and None not in (*expected, *got)
    if not is_of_rows:
        return None
    sizes = {"expected": expected[0], "got": got[0]}
    if not found.surroundings.names_recurrent_layer or is_embedded_elsewhere(found, expected[1]):
        raise NoShapeError(phrase("an embedding of {expected} words that gets the weights of {got} words", **sizes))
    sentence = phrase("The vocabulary has {got} words in the checkpoint, and {expected} in the model.", **sizes)
    return Mismatch(None, None, sentence, causes=(cause("checkpoint_vocabulary", "keras", units=got[1], **sizes),))


def assigned_weights(found: Found) -> Mismatch:
    """A variable of Keras on TensorFlow 1 that gets one of a file: the recurrent kernel, by its sizes, or the bias of a
    layer of cuDNN, which has two of them."""
    expected, got = found.shape("expected"), found.shape("got")
    if of_bias := _of_cudnn(found, expected, got):
        return of_bias
    cells = [
        cell
        for cell, gates in GATES.items()
        if gates > 1 and found.cell in ("", cell) and _are_gates(expected, gates) and _are_gates(got, gates)
    ]
    if not cells:
        raise NoShapeError(OF_OTHER_LAYER)
    axes = ("num_units", "gates*num_units")
    facts = sizes_as_facts(axes, expected, "recurrent_kernel")
    return replace(of_another_shape(found, "recurrent_kernel", axes, expected, got, facts), note=FROM_SIZES)


def _of_cudnn(found: Found, expected: Shape, got: Shape) -> Mismatch | None:
    """The biases of a layer, of which only one is of cuDNN: two in one row, twice as many values; None for others."""
    cells = {*CUDNN.findall(found.surroundings.text)}
    if len(cells) != 1 or is_dense(found.text("operation")) or is_other(found.text("operation")):
        return None
    (cell,) = cells
    (of_one, of_both) = sorted((expected, got), key=lambda shape: (len(shape) == 2, prod(size or 0 for size in shape)))
    units, rest = divmod(prod(size or 0 for size in of_both), 2 * GATES[cell])
    length = units * GATES[cell]
    if rest or not units or (of_one, of_both) not in (((length,), (2 * length,)), ((2 * length,), (2, length))):
        return None
    is_one_row = len(of_both) == 1
    of_gru = [cause("reset_after", "keras", units=units, reset=True)] if cell == "gru" and is_one_row else []
    causes = [*of_gru, cause("cudnn_biases", "keras", cell=cell, units=units)]
    facts = [fact("gates", GATES[cell], "cell"), fact("num_units", units, "bias")]
    mismatch = wrong_shape("bias", "gates*num_units", expected, got, causes, facts)
    return replace(mismatch, note=FROM_SIZES_OF_BIAS)


CUDNN = re.compile(r"\bcudnn_?(lstm|gru)")
"""A layer of cuDNN, in lower case."""

FROM_SIZES_OF_BIAS = phrase("The message does not name the array; its sizes are those of a bias.")

FROM_SIZES = phrase("The message does not name the array; its sizes are those of a recurrent kernel.")


def _are_gates(shape: Shape, gates: int) -> bool:
    """Whether a matrix has so many times as many columns as rows."""
    return len(shape) == 2 and bool(shape[0]) and shape[1] == gates * (shape[0] or 0)


COPIED = re.compile(r"(weight_[ih]h|weight_hr)\w{0,14}(?:\.data)?(?:\[[^\]\n]{0,20}\])?\.copy_\(")
"""A parameter of PyTorch that gets the values of an array, in a line of code."""


def copied_weights(found: Found, axis: int, expected: int, got: int) -> Mismatch | None:
    """An array that does not fit the parameter of PyTorch to which it is copied; None if the line does not copy one."""
    if not (copied := COPIED.search(found.code.lower())) or axis > 1:
        return None
    tensor, axes = OF_PYTORCH[copied[1]]
    if transposed := _copied_transposed(found, copied[1], axis, (expected, got)):
        return from_code(wrong_shape(tensor, "order", *transposed, [cause("transposed", "pytorch")]))
    causes = [cause(id, "pytorch", cell=found.cell) for id in ("transposed", "other_size")]
    return wrong_size(tensor, axes[axis], expected, got, causes)


def _copied_transposed(found: Found, name: str, axis: int, sizes: tuple[int, int]) -> tuple[Shape, Shape] | None:
    """The shape of a parameter of the only recurrent layer of a program, and that of its transposed, if the array that
    is copied has as many columns as the parameter has rows; None for another array."""
    layers, gates = found.program.made_layers, GATES.get(found.cell)
    units, features = (layers[0].size(one) for one in ("num_units", "features")) if len(layers) == 1 else (None, None)
    columns = features if name == "weight_ih" else units
    if not gates or not isinstance(units, int) or not isinstance(columns, int) or name == "weight_hr":
        return None
    shape = (gates * units, columns)
    return (shape, shape[::-1]) if axis == 1 and sizes == shape[::-1] and shape[0] != shape[1] else None


OF_KERAS: dict[str, tuple[str, Axes]] = {
    "kernel": ("kernel", ("features", "gates*num_units")),
    "recurrent_kernel": ("recurrent_kernel", ("num_units", "gates*num_units")),
    "bias": ("bias", ("gates*num_units",)),
}
"""By the name of a variable, the tensor and its axes."""


NO_WEIGHTS = phrase(
    "weights that the file does not have: the model that was saved has other layers, or was not built; build this one,"
    " with the same layers, before its weights are loaded"
)
"""What a message is about that says that a layer got no weights."""


def number_of_weights(found: Found) -> Mismatch:
    """Another number of arrays than the layer has."""
    expected, got = found.number("expected"), found.number("got")
    if not got:
        raise NoShapeError(NO_WEIGHTS)
    sentence = phrase("The layer has {expected} arrays of weights, but got {got}.", expected=expected, got=got)
    is_bias = {expected, got} in ({2, 3}, {3, 4}) and not (
        is_dense(found.text("layer")) or is_other(found.text("layer"))
    )
    cell = Surroundings(found.text("layer")).cell
    if max(expected, got) == 2 * min(expected, got) and is_recurrent(found.text("layer")):
        layer = f"keras.layers.{KERAS_CLASSES[cell or 'lstm']}(num_units)"
        fix = f"keras.layers.Bidirectional({layer})" if got > expected else layer
        likely = cause("weights_directions", "keras", layer=fix)
        return Mismatch("kernel", "num_layers*directions", sentence, (expected,), (got,), (likely,))
    if is_bias and (missing := missing_bias(found)):
        return Mismatch("bias", None, sentence, (expected,), (got,), (missing,))
    id = "two_biases" if 4 in (expected, got) else "use_bias"
    framework = "keras gru" if (id, cell) == ("two_biases", "gru") else "keras"
    causes = (cause(id, framework, cell=cell, use=got == 3),) if is_bias else ()
    return Mismatch("bias" if is_bias else None, None, sentence, (expected,), (got,), causes)


def number_of_given_weights(found: Found) -> Mismatch:
    """The same of a list that a program gives a layer, which may be a dense one."""
    if is_dense(found.text("layer")):
        raise NoShapeError(OF_OTHER_LAYER)
    return number_of_weights(found)


def projection(found: Found) -> Mismatch:
    sentence = phrase("The framework expected a projection that is smaller than the number of units.")
    return Mismatch("projection", "num_proj", sentence, causes=(cause("smaller_projection", "pytorch"),))


def projection_of_another_cell(found: Found) -> Mismatch:
    sentence = phrase("The framework expected no projection: only an LSTM can have one.")
    causes = (cause("lstm_projection", "pytorch", other=CLASSES.get(found.cell)),)
    return Mismatch("projection", "num_proj", sentence, causes=causes)


SHARED_KERNEL = re.compile(
    r"(?P<layers>multi_rnn_cell/cell_\d+/|(?P<stack>stack_bidirectional_rnn/)cell_\d+/bidirectional_rnn/[fb]w/)?(?P<cell>\w*(?:lstm|gru|rnn)_cell|rnn_cell)(?:_\d+)?/"
    r"(?P<part>gates/|candidate/)?(?:kernel|weights)$"
)
"""The name of a kernel in a cell of TensorFlow 1, and whether it is one of several layers; in the folded text. Before
version 1.2, kernels are called weights."""

GATES_OF_PART = {"gates/": 2, "candidate/": 1}
"""The gates of each kernel of a GRU in TensorFlow 1."""

GATES_OF_CELL = {"basic_lstm_cell": GATES["lstm"], "lstm_cell": GATES["lstm"], "basic_rnn_cell": GATES["rnn"]}
"""The gates of a cell of TensorFlow 1 with one kernel."""

KIND_OF_CELL = re.compile(r"lstm|gru|(?<=basic_)rnn")
"""The cell in the name of the scope of its variables; any cell may have the scope ``rnn_cell``."""

FIRST_LAYER = "cell_0/"
"""In the name of a variable of the first layer of a stack, which reads x."""


def shared_variable(found: Found) -> Mismatch:
    """A variable that two cells share and that has another shape in each: the layers of one network, or the same layer
    for two inputs."""
    shared = SHARED_KERNEL.search(found.text("variable"))
    if not shared:
        raise NoShapeError(phrase("a variable that is shared"))
    expected, got = found.shape("expected"), found.shape("got")
    gates = GATES_OF_PART.get(shared["part"] or "", GATES_OF_CELL.get(shared["cell"], 0))
    columns = expected[-1] if expected[-1:] == got[-1:] else None
    units = columns // gates if columns and gates and columns % gates == 0 else None
    facts = [fact("num_units", units, "kernel")] if units and len(expected) == len(got) == 2 else []
    if kind := KIND_OF_CELL.search(shared["cell"]):
        facts.append(fact("gates", GATES[kind[0]], "scope"))
    rows = (1 + (2 if shared["stack"] else 1)) * (units or 0)  # of a layer whose x is the h of the one below
    is_above = units is None or expected == got or got[0] == rows
    if shared["layers"] and is_above and units and FIRST_LAYER in shared["layers"]:
        facts.append(fact("features", (expected[0] or 0) - units, "kernel"))
    if shared["layers"] and is_above:
        of_stack = "tf1 directions" if shared["stack"] else "tf1"
        likely = [cause("same_cell", of_stack, tf1_cell=TF1_CELLS.get(shared["cell"]))]
    else:
        likely = [cause("reused_weights", "tf1")]
    return wrong_shape("kernel", "features", expected, got, likely, facts)


def reused_cell(found: Found) -> Mismatch:
    """The same cell in several layers, which TensorFlow 1.1 and 1.2 refuse."""
    sentence = phrase("One cell is used for several layers, each of which needs weights of its own.")
    return Mismatch("kernel", None, sentence, causes=(cause("same_cell", "tf1"),))


TEMPLATES = (
    MessageTemplate(
        "keras-3-load",
        "keras",
        "3",
        "in `variable.assign(value)` must match. variable.shape={expected:shape}, Received: value.shape={got:shape}."
        " Target variable: <Variable path={layer:name}, shape",
        loaded_weights,
    ),
    MessageTemplate(
        "tf1-assign",
        "tf1",
        "1",
        "Dimension {i:n} in both shapes must be equal, but are {a:n} and {b:n}. Shapes are {expected:shape} and"
        " {got:shape}. for '{operation:operation}' (op: 'Assign')",
        assigned_weights,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            id,
            "tf1",
            "1",
            f"{text} for '{{operation:operation}}' (op: 'Assign') with input shapes: {{expected:shape}}, {{got:shape}}",
            assigned_weights,
            anywhere=True,
        )
        for id, text in (
            ("tf1-0-assign", "Dimension {i:n} in both shapes must be equal, but are {a:n} and {b:n}"),
            ("tf1-assign-rank", "Shapes must be equal rank, but are {a:n} and {b:n}"),
        )
    ),
    MessageTemplate(
        "tf1-shared",
        "tf1",
        "1",
        "Trying to share variable {variable:operation}, but specified shape {got:shape} and found shape"
        " {expected:shape}",
        shared_variable,
    ),
    MessageTemplate(
        "tf1-reused",
        "tf1",
        "1.1-1.2",
        "with a different variable scope than its first use. First use of cell",
        reused_cell,
    ),
    *(
        MessageTemplate(
            f"onnx-{name.lower()}",
            "onnx",
            "1",
            f"Input {name} must have shape {{expected:shape}}. Actual:{{got:shape}}",
            partial(onnx_weights, name=name),
        )
        for name in OF_ONNX
    ),
    MessageTemplate(
        "keras-weight-shape",
        "keras",
        "2-3",
        "Layer {layer:name} weight shape {expected:shape} is not compatible with provided weight shape {got:shape}",
        set_weights,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-weight-shape-without-name",
        "keras",
        "1-2",
        "Layer weight shape {expected:shape} not compatible with provided weight shape {got:shape}",
        set_weights,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-number-of-weights",
        "keras",
        "2-3",
        "You called `set_weights(weights)` on layer '{layer:name}' with a weight list of length {got:n}, but the layer"
        " was expecting {expected:n} weights",
        number_of_given_weights,
        anywhere=True,
        is_of_recurrence=gives_recurrent_kernel,
    ),
    MessageTemplate(
        "keras-1-loading",
        "keras",
        "1-2",
        "the new layer {layer:name} expects {expected:n} weights, but the saved weights have {got:n} elements",
        number_of_weights,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-loading",
        "keras",
        "3",
        "Layer '{layer:name}' expected {expected:n} variables, but received {got:n} variables during loading",
        number_of_weights,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-projection", "pytorch", "1.8-2", "proj_size has to be smaller than hidden_size", projection
    ),
    MessageTemplate(
        "pytorch-lstm-projection",
        "pytorch",
        "1.8-2",
        "proj_size argument is only supported for LSTM, not RNN or GRU",
        projection_of_another_cell,
        cells=("gru", "rnn"),
    ),
)
