"""How the features of an input are read, of which a layer of PyTorch got another number."""

import re

from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.called_layer import Input, called_layer
from ...mismatch import Mismatch, wrong_size
from ..message_template import Found


def features(found: Found) -> Mismatch:
    """An x with another number of features than the layer was made for."""
    expected, got = found.number("expected"), found.number("got")
    framework = "cell" if "cell" in found.template.id else found.framework
    ids: tuple[str, ...] = ("other_features", "features_first", "embedding")
    called = called_layer(found.line) if found.framework == "pytorch" and not found.surroundings.is_sequential else None
    if called and called.input != "data":
        ids = (*_ids_of_input(called.input, expected, got), *(("features_first",) if framework != "cell" else ()))
    elif framework == "cell":
        ids = ("other_features",)
    elif found.surroundings.call and expected not in found.surroundings.call.input:  # x has no such axis
        ids = ("other_features", "embedding")
    is_transposed = found.surroundings.transposes(expected, got) or found.program.has_features_first(expected, got)
    if framework == "pytorch" and (is_transposed or found.surroundings.convolves):
        ids = ("features_first", "other_features", "embedding")
    elif called and called.input == "data" and FEATURES.fullmatch(called.x.text) and _may_be_channels(expected, got):
        ids = ("features_first", "other_features")
    elif called and called.input in ("embedding", "join", "prediction"):
        pass
    elif expected == 1 and framework == "pytorch" and not ONE_SAMPLE.search(found.surroundings.text):
        # a series of single numbers; its last axis is that of the steps
        ids = ("missing_features_axis",) if found.program.has_calls else ("missing_features_axis", *ids)
    elif framework == "pytorch" and got == 2 * expected and _may_follow_two_directions(found, expected):
        ids = ("directions_below", *ids)
    steps = found.program.sizes_of_layer(found.cell).get("time_step")
    without = {"embedding"} if found.program.has_calls and not found.program.has_embedding else set[str]()
    is_elsewhere = found.program.has_no_axis(expected, got) or steps not in (None, expected)
    without |= {"features_first"} if is_elsewhere and not is_transposed else set()
    ids = tuple(dict.fromkeys(id for id in ids if id not in without))
    likely = [cause(id, framework, cell=found.cell, got=got, expected=expected) for id in ids]
    return wrong_size("x", "features", expected, got, likely, [fact("features", expected, "kernel")])


FEATURES = re.compile(r"feat(?:ure)?s?(?:_\w{1,12})?")
"""The name of what a convolution, or another layer with channels, may return."""

USUAL_CHANNELS = 8
"""Numbers of channels are mostly multiples of it; those of steps that a convolution leaves are any numbers."""


def _may_be_channels(expected: int, got: int) -> bool:
    return expected % USUAL_CHANNELS == 0 and got % USUAL_CHANNELS != 0


def _ids_of_input(what: Input, expected: int, got: int) -> tuple[str, ...]:
    """The causes of an input that something in the network returned, by what that is."""
    match what:
        case "join" if got > expected:
            return ("joined_features",)
        case "embedding":
            return ("embedding",)
        case "convolution":
            return ("features_first", "units_below")
        case "prediction" if got < expected:
            return ("feedback",)
    return ("units_below",)


ONE_SAMPLE = re.compile(r"(?:\(|,)\s?len\(\w{1,30}\),\s?1,\s?-1\)")
"""An x that is reshaped to all steps of one sample."""


def _may_follow_two_directions(found: Found, units: int) -> bool:
    """Whether the layer below may return both directions of so many units: the text says so, or nothing against it. In
    a Sequential of PyTorch no layer reads what another recurrent layer returns, because that is a pair."""
    around, call = found.surroundings, found.surroundings.call  # a call knows its own layer, not the one below
    made = [shape for shape in around.made_shapes if not call or shape != call.input]
    is_made = around.made_sizes or any(shape[-1] == 2 * units for shape in made)
    is_single = not call and around.flag("bidirectional") is False
    is_known = is_single or is_made or around.is_sequential or around.concatenates
    return around.names_two_directions or (units > FEW_UNITS and not is_known)


FEW_UNITS = 8
"""Of so few values, the double is no sign of two directions."""
