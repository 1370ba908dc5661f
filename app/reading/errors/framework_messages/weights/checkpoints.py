"""Messages of PyTorch about a checkpoint: parameters that are missing, unexpected, or of another size.

One error of PyTorch lists all of them, so all its lines are read, whichever was found.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import cause
from ...cell_classes import CLASSES
from ...mismatch import Cause, Mismatch, NoShapeError
from ...pasted_text import folded
from ..message_template import Found, MessageTemplate
from .other_networks import OF_OTHER_LAYER, is_embedded_elsewhere, is_read_elsewhere
from .weights import OF_PYTORCH, layer_of, of_another_shape, sizes_as_facts

ERROR = "inloadingstate_dict"
"""The beginning of the error in the folded text."""

PARAMETER = re.compile(r"((?:\w{1,60}\.){0,8})(weight|bias)_([ih]h|hr)(?:_l(\d{1,2})(_reverse)?)?(?!\w)")
"""The name of a parameter of a recurrent layer, in the folded text."""

MISSING, UNEXPECTED = "missingkey(s)instate_dict:", "unexpectedkey(s)instate_dict:"


class Parameter(NamedTuple):
    """A parameter of a recurrent layer: the name of the layer, its kind, such as ``weight_ih``, the index of the layer
    in its stack, None for a cell, and whether it is of the backward direction."""

    layer: str
    kind: str
    level: int | None
    is_reverse: bool


@dataclass(frozen=True)
class Lists:
    """The parameters of one recurrent layer that a checkpoint lacks, and those that the model lacks."""

    missing: tuple[Parameter, ...]
    unexpected: tuple[Parameter, ...]

    @property
    def is_of_names(self) -> bool:
        """Whether the layer only has another name, or is another kind of layer: its first parameters differ."""
        return any(one.kind == "weight_hh" and not one.level and not one.is_reverse for one in self.all)

    @property
    def all(self) -> tuple[Parameter, ...]:
        return self.missing + self.unexpected

    @property
    def upper(self) -> list[int]:
        """The upper layers of the stack, of which only one side has the forward direction."""
        return sorted({one.level for one in self.all if one.level and not one.is_reverse and one.kind == "weight_hh"})

    @property
    def reverse(self) -> list[int]:
        """The layers of the stack of which only one side has the backward direction."""
        return sorted({one.level or 0 for one in self.all if one.is_reverse and one.kind == "weight_hh"})


def _lists(text: str) -> Lists:
    """The lists of the first recurrent layer in the folded lines of an error."""
    sides = tuple(tuple(_parameters(_after(text, beginning))) for beginning in (MISSING, UNEXPECTED))
    first = next((one.layer for side in sides for one in side), "")
    missing, unexpected = (tuple(one for one in side if one.layer == first) for side in sides)
    return Lists(missing, unexpected)


def _after(text: str, beginning: str) -> str:
    """The list after its beginning, up to the next line of the error."""
    listed = text.partition(beginning)[2]
    return re.split(r"unexpectedkey\(s\)|sizemismatchfor", listed)[0]


def _parameters(text: str) -> Iterator[Parameter]:
    for layer, what, of, level, reverse in PARAMETER.findall(text):
        yield Parameter(layer, f"{what}_{of}", int(level) if level else None, bool(reverse))


def _lines(found: Found) -> str:
    """The folded lines of the error; without its first line, the whole text."""
    return folded(found.surroundings.text).rpartition(ERROR)[2]


def keys(found: Found) -> Mismatch:
    """Parameters that only the model or only the checkpoint has."""
    lists = _lists(_lines(found))
    mismatch = _of_lists(found, lists)
    if not mismatch:
        raise NoShapeError(*([phrase("the names of its parameters")] if lists.all else []))
    return mismatch


def parameter(found: Found, name: str) -> Mismatch:
    """A parameter that has another shape in a checkpoint than in the model. It is a layer's first or an upper one's,
    whose input is the output of the one below. Other directions or layers also change shapes, so the lists count
    first."""
    if of_lists := _of_lists(found, _lists(_lines(found))):
        return of_lists
    tensor, axes = OF_PYTORCH[name]
    expected = found.shape("expected")
    is_first = "_l" not in found.text("place") or "_l0" in found.text("place")
    facts = sizes_as_facts(axes if is_first or tensor != "kernel" else axes[:1], expected, tensor)
    if tensor == "projection":  # only an LSTM has one
        facts.append(fact("gates", GATES["lstm"], "LSTM"))
    facts += [*_of_name(found), *_of_listed(found), *_units_listed(found)]
    mismatch = of_another_shape(found, tensor, axes, expected, found.shape("got"), facts)
    after = tuple(_layers_after(found)) if found.template.framework == "pytorch" else ()
    causes = (
        _of_layer(found, replace(one, others=after)) if one.id == "other_size" else one for one in mismatch.causes
    )
    return replace(mismatch, causes=tuple(causes))


def _of_name(found: Found) -> Iterator[Fact]:
    """The cell in the path of the layer; a name with "rnn" may be that of any."""
    cells = {*CELL_IN_NAME.findall(layer_of(found))}
    if len(cells) == 1:
        yield fact("gates", GATES[cells.pop()], "name")


CELL_IN_NAME = re.compile("lstm|(?<![a-z])gru(?![a-z])")


def _of_listed(found: Found) -> Iterator[Fact]:
    """The layers and the directions of the only recurrent layer of PyTorch of which the error lists recurrent kernels:
    all of them have another number of units."""
    listed = _recurrent_lines(found)
    names = {name for name, *_ in listed}
    backward = {name for name, _, is_reverse in listed if is_reverse}
    if listed and (names == backward or (listed[0][0] in backward and backward == names - {listed[-1][0]})):
        yield fact("directions", 2, "checkpoint")
    if "weight_hh_l" not in found.surroundings.original or len(names) != 1 or _is_cut(found):
        return
    yield fact("num_layers", 1 + max(int(level) for _, level, _ in listed), "checkpoint")
    yield fact("directions", 1 + any(is_reverse for *_, is_reverse in listed), "checkpoint")


def _recurrent_lines(found: Found) -> list[tuple[str, str, str]]:
    """The lines of the error about recurrent layers: the name, the layer of the stack, and whether it is backward."""
    return OF_RECURRENT.findall(found.surroundings.original.rpartition("in loading state_dict")[2])


def _is_cut(found: Found) -> bool:
    """Whether the list of an error ends within a line about a recurrent layer, so that others may follow it."""
    last = found.surroundings.original.rpartition("size mismatch for ")[2]
    return bool(BEGINNING_OF_RECURRENT.match(last)) and not WHOLE_LINE.match(folded(last))


BEGINNING_OF_RECURRENT = re.compile(r"[\w.]{0,100}\b(?:weight|bias)_[ih]h_l\d")
WHOLE_LINE = re.compile(r"[^(]{1,200}\([^)]{1,90}\)\)fromcheckpoint,[^(]{1,60}\([^)]{1,90}\)\)")
"""A line about a recurrent layer, and one with the shapes of the checkpoint and of the model; in a folded text."""


def _units_listed(found: Found) -> Iterator[Fact]:
    """The units of the only recurrent layer of PyTorch of which the error lists recurrent kernels, if it has no
    projection: the columns of these kernels in the model."""
    text = found.surroundings.original.rpartition("in loading state_dict")[2]
    columns = {int(columns) for columns in COLUMNS_OF_H.findall(folded(text))}
    if len(columns) == 1 and "weight_hr_l" not in text:
        yield fact("num_units", columns.pop(), "recurrent kernel")


COLUMNS_OF_H = re.compile(
    r"(?:\.|for)weight_hh(?:_l\d{1,2}(?:_reverse)?)?:copyingaparamwithshapetorch\.size\(\([\d,]{1,20}\)\)fromcheckpoint,"
    r"(?:where)?theshape(?:incurrentmodel)?istorch\.size\(\(\d{1,9},(\d{1,9})\)\)"
)
"""A line of the error about a recurrent kernel, with its columns in the model; in a folded text."""


def _of_layer(found: Found, one: Cause) -> Cause:
    """The line that makes the layer of a checkpoint of PyTorch, with its name, its layers and its directions, and batch
    first if the text says so."""
    if not found.text("place") and one.fix.startswith("nn."):
        return _of_cell(found, one)
    listed = _recurrent_lines(found)
    names = {attribute(own[0]) if (own := OWN_NAME.search(name)) else "" for name, *_ in listed}
    if len(names) != 1 or found.template.framework != "pytorch" or not one.fix.startswith("nn."):
        return one
    layers = 1 + max(int(level) for _, level, _ in listed)
    options = f", num_layers={'num_layers' if _is_cut(found) else layers}" if layers > 1 else ""
    options += ", bidirectional=True" if any(is_reverse for *_, is_reverse in listed) else ""
    options += ", batch_first=True" if found.surroundings.flag("batch_first") else ""
    name = names.pop()  # a layer that gets the weights itself has none
    return replace(one, fix=f"{name and f'{name} = '}{one.fix.removesuffix(')')}{options})")


def _of_cell(found: Found, one: Cause) -> Cause:
    """The line that makes a cell of PyTorch, whose parameters have no number of a layer. Its rows may be those of
    several cells, if nothing names it."""
    arguments = one.fix.partition("(")[2]
    features = arguments.partition(",")[0]
    rows, units = found.surroundings.copied_sizes(layer_of(found)).get("weight_hh", (0, 0))
    if of_kernel := next((cell for cell, gates in GATES.items() if units and gates * units == rows), ""):
        return replace(one, fix=f"nn.{CLASSES[of_kernel]}Cell({features}, {units})")
    named = {*CELL_IN_NAME.findall(layer_of(found))}
    if known := replace(found, network=None).cell or (named.pop() if len(named) == 1 else ""):
        return replace(one, fix=f"nn.{CLASSES[known]}Cell({arguments}")
    first, *others = (f"nn.{name}Cell" for name in CLASSES.values())
    return replace(one, fix=f"{first}({features}, hidden_size)  # or {', '.join(others)}")


def attribute(path: str) -> str:
    """The attribute of a network with a path in a checkpoint: an entry of a list has a number, ``layers.1``."""
    return "self" + "".join(f"[{part}]" if part.isdecimal() else f".{part}" for part in path.split("."))


OWN_NAME = re.compile(r"\w+(?:\.\d+)*$")
"""The name of a layer in its own module, with its numbers in lists."""

OF_RECURRENT = re.compile(r"size mismatch for (?:([\w.]{1,80})\.)?(?:weight|bias)_[ih]h_l(\d{1,2})(_reverse)?:")
"""A line of the error about a recurrent layer: its name, "" if it gets the weights itself, which one of its stack, and
whether it is backward."""


OF_DENSE = re.compile(
    r"size mismatch for ([\w.]{1,80})\.weight: copying a param with shape torch\.size\(\[(\d{1,9}), (\d{1,9})\]\) from"
    r" checkpoint,\s(?:where )?the shape (?:in current model )?is torch\.size\(\[(\d{1,9}), (\d{1,9})\]\)"
)
"""A line of the error about the weights of a dense layer, in lower case."""


OF_NORM = re.compile(
    r"size mismatch for ([\w.]{1,80})\.weight: copying a param with shape torch\.size\(\[(\d{1,9})\]\) from"
    r" checkpoint,\s(?:where )?the shape (?:in current model )?is torch\.size\(\[(\d{1,9})\]\)"
)
"""A line about the weights of a layer that normalizes its input, in lower case."""


def _layers_after(found: Found) -> Iterator[tuple[str, str]]:
    """The lines that make the dense layers and those that normalize after a recurrent one with another number of
    units."""
    gates = GATES.get(found.cell, 0)
    rows = [shape[0] or 0 for shape in (found.shape("got"), found.shape("expected")) if shape]
    if not gates or len(rows) != 2 or 0 in rows or any(size % gates for size in rows):
        return
    (units, of_model), text = (size // gates for size in rows), found.surroundings.text
    if units == of_model:
        return
    for name, size, of_size in OF_NORM.findall(text):
        if (int(size), int(of_size)) in ((units, of_model), (2 * units, 2 * of_model)) and _may_be_attribute(
            found, name
        ):
            norm = "BatchNorm1d" if f"{name}.running_mean:" in text else "LayerNorm"
            yield "", f"{_written(found, name)} = nn.{norm}({size})"
    for name, outputs, features, of_outputs, of_features in OF_DENSE.findall(text):
        both = int(features) // units
        is_after = both in (1, 2) and (int(features), int(of_features)) == (both * units, both * of_model)
        if is_after and outputs == of_outputs and _may_be_attribute(found, name):
            yield "", f"{_written(found, name)} = nn.Linear({features}, {outputs})"


def _may_be_attribute(found: Found, name: str) -> bool:
    """Whether a layer with a path in lower case may be an attribute of an object: so the program writes it, or no
    program is known."""
    source, attribute = found.program.source, name.rpartition(".")[2]
    return not source.strip() or attribute.isdecimal() or f".{attribute}" in source.lower()


def _written(found: Found, name: str) -> str:
    """The attribute with a path in lower case, as the error writes it."""
    written = re.search(rf"\b{re.escape(name)}\.", found.surroundings.original, re.IGNORECASE)
    return attribute(written[0][:-1] if written else name)


def _of_lists(found: Found, lists: Lists) -> Mismatch | None:
    """What the lists say; None if they have no recurrent layer, or one that only has another name."""
    kinds = {one.kind for one in lists.all}
    if not kinds or lists.is_of_names or (lists.missing and lists.unexpected):
        return None
    is_in_model = bool(lists.missing)
    if kinds == {"bias_ih", "bias_hh"}:
        return _of_bias(found, is_in_model)
    if kinds == {"weight_hr"}:
        return _of_projection(is_in_model)
    return _of_stack(found, lists, is_in_model) if lists.upper or lists.reverse else None


def _of_stack(found: Found, lists: Lists, is_in_model: bool) -> Mismatch:
    """Another number of layers, or of directions in all layers that the lists name."""
    larger, smaller = (2 if lists.reverse else 1), (1 if not lists.reverse or 0 in lists.reverse else 2)
    parts = (larger * (max(lists.upper + lists.reverse) + 1), smaller * (lists.upper[0] if lists.upper else 0))
    if not lists.upper:  # all layers lack their second direction
        parts = parts[0], parts[0] // 2
    expected, got = parts if is_in_model else parts[::-1]
    directions, made = (larger, smaller) if is_in_model else (smaller, larger)
    values = {"cell": found.cell, "stack": ", bidirectional=True" if made == 2 else ""}
    causes = [cause("checkpoint_layers", "pytorch", made=got // made, **values)] if lists.upper else []
    if larger != smaller:
        layers = got // made
        stack = f", num_layers={layers}" if layers > 1 else ""
        causes.append(cause("checkpoint_directions", "pytorch", cell=found.cell, made=str(made == 2), layers=stack))
    facts = [fact("num_layers*directions", expected, "model"), fact("directions", directions, "model")]
    return of_parts(expected, got, causes, facts)


def of_parts(expected: int, got: int, causes: Iterable[Cause], facts: Iterable[Fact] = ()) -> Mismatch:
    """Another number of layers or directions."""
    sentence = phrase(
        "Layers times directions: {expected} in the model, {got} in the checkpoint.",
        expected=expected,
        got=got,
    )
    return Mismatch("kernel", "num_layers*directions", sentence, (expected,), (got,), (*causes,), (*facts,))


def _of_bias(found: Found, is_in_model: bool) -> Mismatch:
    sentence = (
        phrase("The model has biases, but the checkpoint has none.")
        if is_in_model
        else phrase("The checkpoint has biases, but the model has none.")
    )
    likely = cause("use_bias", "pytorch", cell=found.cell, use=str(not is_in_model))
    return Mismatch("bias", None, sentence, causes=(likely,))


def _of_projection(is_in_model: bool) -> Mismatch:
    sentence = (
        phrase("The model has a projection, but the checkpoint has none.")
        if is_in_model
        else phrase("The checkpoint has a projection, but the model has none.")
    )
    likely = cause("other_projection", "pytorch", proj="0" if is_in_model else None)
    return Mismatch("projection", "num_proj", sentence, causes=(likely,), facts=(fact("gates", GATES["lstm"], "LSTM"),))


ROWS = re.compile(
    r"size mismatch for ([\w.]{1,80})\.(?:weight|bias): copying a param with shape torch\.Size\(\[([\d, ]{1,60})\]\)"
    r" from\s+checkpoint,\s+(?:where )?the shape (?:in current model )?is torch\.Size\(\[([\d, ]{1,60})\]\)"
)
"""A line of the error: the layer, and the sizes of its parameter in the checkpoint and in the model."""

EMBEDDING = re.compile("embed|emb$|wte|vocab|words?$|tokens?$", re.IGNORECASE)
"""The name of an embedding."""


class Rows(NamedTuple):
    """A parameter of which a checkpoint has another number of rows than the model."""

    layer: str
    checkpoint: tuple[int, ...]
    model: tuple[int, ...]


def other_rows(found: Found) -> list[Rows]:
    """The parameters that the error lists, if all have the same other number of rows; [] for others."""
    lines = ROWS.findall(found.surroundings.original.rpartition("in loading state_dict")[2])
    sizes = [Rows(name, *(tuple(map(int, one.split(","))) for one in shapes)) for name, *shapes in lines]
    numbers = {(one.checkpoint[0], one.model[0]) for one in sizes}
    is_of_rows = len(numbers) == 1 and all(one.checkpoint[1:] == one.model[1:] for one in sizes)
    return sizes if is_of_rows else []


def is_embedding(found: Found, layer: str) -> bool:
    """Whether a layer is an embedding, as the program makes it, or by its name."""
    name = layer.rpartition(".")[2]
    made = re.search(rf"\b{re.escape(name)}\s?=\s?(?:\w+\.){{0,2}}(\w+)\(", found.program.source)
    return made[1] == "Embedding" if made else EMBEDDING.search(name) is not None


def rows(found: Found) -> Mismatch:
    """An embedding with another vocabulary in the checkpoint, and the dense layer with a value for each word; or such a
    layer with other classes. Layers or directions of a recurrent layer that are missing also change the sizes of those
    after it, so they count first."""
    if of_lists := _of_lists(found, _lists(_lines(found))):
        return of_lists
    if not (listed := other_rows(found)):
        raise NoShapeError()
    sizes = {"expected": listed[0].model[0], "got": listed[0].checkpoint[0]}
    with_bias = {one.layer for one in listed if len(one.model) == 1}
    of_words = {one.layer for one in listed if is_embedding(found, one.layer)} - with_bias  # an embedding has none
    dense = [one for one in listed if len(one.model) == 2 and one.layer not in of_words]
    embeddings = [one for one in listed if one.layer in of_words]
    if embeddings:
        sentence = phrase("The vocabulary has {got} words in the checkpoint, and {expected} in the model.", **sizes)
        ids = ("checkpoint_vocabulary", *(("checkpoint_words",) if sizes["expected"] > sizes["got"] else ()))
    elif dense:
        sentence = phrase("The last layer has {got} outputs in the checkpoint, and {expected} in the model.", **sizes)
        ids = ("checkpoint_outputs",)
    else:
        raise NoShapeError()
    if (is_embedded_elsewhere if embeddings else is_read_elsewhere)(found, (embeddings or dense)[0].model[-1]):
        raise NoShapeError(OF_OTHER_LAYER)
    causes = tuple(cause(id, "pytorch", layer=(embeddings or dense)[0].layer, **sizes) for id in ids)
    (shapes,) = dense[:1] or [Rows("", (), ())]
    tensor = "dense_kernel" if dense else None
    return Mismatch(tensor, None, sentence, shapes.model or None, shapes.checkpoint or None, causes)


def lists_recurrent_layer(found: Found) -> bool:
    """Whether the error also lists parameters of a recurrent layer that are missing or unexpected."""
    return _of_lists(found, _lists(_lines(found))) is not None


TEMPLATES = (
    *(
        MessageTemplate(id, "pytorch", "0.4-2", text + " {keys:keys}", keys)
        for id, text in (
            ("pytorch-missing-keys", "Missing key(s) in state_dict:"),
            ("pytorch-unexpected-keys", "Unexpected key(s) in state_dict:"),
        )
    ),
    *(
        MessageTemplate(
            f"pytorch-{id}-{name}",
            "pytorch",
            versions,
            name + text,
            partial(parameter, name=name),
            listed_in=ERROR,
        )
        for name in OF_PYTORCH
        for id, versions, text in (
            (
                "load",
                "1.1-2",
                "{place:place}: copying a param with shape {got:shape} from checkpoint, the shape in current model is"
                " {expected:shape}",
            ),
            (
                "0-load",
                "0.4-1.0",
                "{place:place}: copying a param with shape {got:shape} from checkpoint, where the shape is"
                " {expected:shape} in current model",
            ),
        )
    ),
    *(
        MessageTemplate(
            f"pytorch-0-copy-{name}",
            "pytorch",
            "0.2-0.4",
            f"{name}{{place:place}}, whose dimensions in the model are {{expected:shape}} and whose dimensions in the"
            " checkpoint are {got:shape}",
            partial(parameter, name=name),
        )
        for name in OF_PYTORCH
    ),
    *(
        MessageTemplate(
            id,
            "pytorch",
            versions,
            f"size mismatch for {{name:operation}}: copying a param with shape {{got:shape}} from checkpoint, {model}",
            rows,
            anywhere=True,
            is_of_recurrence=lists_recurrent_layer,
            listed_in=ERROR,
        )
        for id, versions, model in (
            ("pytorch-load-rows", "1.1-2", "the shape in current model is {expected:shape}"),
            ("pytorch-0-load-rows", "0.4-1.0", "where the shape is {expected:shape} in current model"),
        )
    ),
)
