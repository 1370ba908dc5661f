"""The call that failed with one argument changed, as the line of code has it: all its other arguments are kept."""

import ast
import re
from collections.abc import Callable, Collection

from ..axes_of_arrays import RANK
from ..code_lines.corrected_lines import Correction
from ..code_lines.program_nodes import is_array, name_of
from ..framework_messages.message_template import Found
from ..mismatch import Cause


def in_failed_call(found: Found, one: Cause) -> Correction | None:
    """The line of the call that a cause corrects, and the same with its argument changed; None for another cause, or if
    the line that failed has no such call."""
    if one.id not in CHANGES:
        return None
    functions, change = CHANGES[one.id]
    frames = [*reversed(found.program.tree.frames)]
    line = next((frame for frame in frames if found.code in frame), found.code).strip()
    calls = _calls(line, functions) if found.code else []
    if one.id in OF_CALLER and not calls:
        line, calls = next(
            ((frame.strip(), of) for frame in frames if (of := _calls(frame.strip(), functions))), ("", [])
        )
    part = change(calls[0], one) if len(calls) == 1 else None
    if part is None:
        return None
    node, text = part
    for quoted in (node, *(one for one in ast.walk(node) if isinstance(one, ast.Constant))):  # as the line has it
        text = text.replace(ast.unparse(quoted), ast.get_source_segment(line, quoted) or "", 1)
    written = line.encode()
    fixed = written[: node.col_offset] + text.encode() + written[node.end_col_offset or 0 :]
    return line, fixed.decode()


OF_CALLER = ("scan_axis",)
"""Causes in a call that calls the function of the line that failed."""


def _calls(line: str, functions: Collection[str]) -> list[ast.Call]:
    """The calls of functions with these names in a line of code; [] for a line that is none."""
    try:
        nodes = [*ast.walk(ast.parse(line))] if "\n" not in line else []
    except SyntaxError:
        return []
    return [node for node in nodes if isinstance(node, ast.Call) and name_of(node) in functions]


Change = Callable[[ast.Call, Cause], tuple[ast.expr, str] | None]
"""The part of a call that changes, and what it becomes."""


def _without_order(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """``enforce_sorted=False`` in place of another value, or after the last argument."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    given = [keyword.value for keyword in call.keywords if keyword.arg == "enforce_sorted"]
    if given:
        return given[0], "False"
    last = max(arguments, key=lambda node: node.col_offset, default=None)
    return (last, f"{ast.unparse(last)}, enforce_sorted=False") if last is not None else None


MAKERS = ("randn", "rand", "zeros", "ones")
"""Functions that make an array of the sizes that they get."""


def _one_sample(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """One sample of the example of an export, along the axis of the general line; or the sizes of one sample, if the
    call makes its example and names its axis of the batch."""
    example = call.args[1] if len(call.args) > 1 else None
    example = example.elts[0] if isinstance(example, ast.Tuple) and len(example.elts) == 1 else example
    index = "[:, :1]" if "[:, :1]" in one.fix else "[:1]"
    if isinstance(example, ast.Call) and name_of(example) in MAKERS:
        first = example.args[0] if example.args else None
        sizes = first.elts if isinstance(first, (ast.Tuple, ast.List)) else example.args
        axes = _axes_called_batch(call)
        return (sizes[axes[0]], "1") if len(sizes) == RANK and axes in ([0], [1]) else None
    return (example, f"{example.id}{index}") if isinstance(example, ast.Name) else None


def _axes_called_batch(call: ast.Call) -> list[int]:
    """The axes that an export calls those of the batch: ``dynamic_axes={"x": {0: "batch"}}``."""
    named = [pair for one in call.keywords if one.arg == "dynamic_axes" for pair in ast.walk(one.value)]
    pairs = [pair for one in named if isinstance(one, ast.Dict) for pair in zip(one.keys, one.values, strict=True)]
    constants = [
        (key.value, of.value) for key, of in pairs if isinstance(key, ast.Constant) if isinstance(of, ast.Constant)
    ]
    axes = [axis for axis, name in constants if isinstance(axis, int) and BATCH.fullmatch(str(name))]
    return [*dict.fromkeys(axes)]


BATCH = re.compile(r"b|bs|n|batch\w*|samples?", re.IGNORECASE)
"""The name of an axis of samples."""


def _lstm(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """An LSTM in place of another layer."""
    *owner, _ = ast.unparse(call.func).split(".")
    return call.func, ".".join((*owner, "LSTM"))


def _smaller_projection(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """Half of the units for the size of the projection."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    units, projection = given.get("hidden_size", call.args[1] if len(call.args) > 1 else None), given.get("proj_size")
    if units is None or projection is None:
        return None
    match units:
        case ast.Constant(value=int(number)):
            return (projection, str(number // 2)) if number > 1 else None
        case ast.Name() | ast.Attribute():
            return projection, f"{ast.unparse(units)} // 2"
    return None


def _longest(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """The steps of the longest sequence, which the general line says, in place of fewer."""
    steps = re.search(r"total_length=(\d+)", one.fix)
    given = [keyword.value for keyword in call.keywords if keyword.arg == "total_length"]
    return (given[0], steps[1]) if steps and len(given) == 1 else None


def _with_sum_of_biases(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """The arrays of a layer of PyTorch, by the name of their list, with both biases as one array."""
    match call.args:
        case [ast.Name(id=name)]:
            both = f"np.stack({name}[2:])" if STACKED in one.fix else f"{name}[2] + {name}[3]"
            return call.args[0], f"[*{name}[:2], {both}]"
    return None


STACKED = "np.stack("
"""What joins both biases in the general line of a GRU."""


def _transposed(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """The kernel that the general line transposes, in a list of a kernel, a recurrent kernel and perhaps a bias."""
    match call.args:
        case [ast.List(elts=[kernel, recurrent, *others]) as weights]:
            is_kernel = one.fix.startswith("kernel")
            if is_kernel and all(map(re.fullmatch, OF_PYTORCH, map(_name_of_array, (kernel, recurrent)))):
                both = [f"{ast.unparse(name)}.T" for name in (kernel, recurrent)]
                return weights, f"[{', '.join([*both, *map(ast.unparse, others)])}]"
            wrong = kernel if is_kernel else recurrent
            return (wrong, f"{ast.unparse(wrong)}.T") if _name_of_array(wrong) else None
    return None


def _name_of_array(array: ast.expr) -> str:
    """The name of an array, also of an entry of a dictionary; "" for anything else, and if it is transposed."""
    match array:
        case ast.Attribute(attr="T"):
            return ""
        case ast.Subscript(slice=ast.Constant(str(name))):
            return name
        case ast.Name() | ast.Attribute():
            return ast.unparse(array)
    return ""


def _with_steps_first(call: ast.Call, one: Cause) -> tuple[ast.expr, str] | None:
    """The array over whose first axis a loop of JAX runs, with its first two axes exchanged."""
    x = call.args[2] if len(call.args) > 2 else None
    return (x, f"{ast.unparse(x)}.swapaxes(0, 1)") if x is not None and is_array(x) else None


OF_PYTORCH = (r"[\w.]*w\w*_ih\w*", r"[\w.]*w\w*_hh\w*")
"""The names of both kernels of PyTorch, which are transposed alike."""


CHANGES: dict[str, tuple[tuple[str, ...], Change]] = {
    "sort_lengths": (("pack_padded_sequence", "pack_sequence"), _without_order),
    "exported_batch": (("export",), _one_sample),
    "smaller_projection": (("LSTM",), _smaller_projection),
    "lstm_projection": (("GRU", "RNN"), _lstm),
    "total_length": (("pad_packed_sequence",), _longest),
    "two_biases": (("set_weights",), _with_sum_of_biases),
    "transposed": (("set_weights",), _transposed),
    "scan_axis": (("scan",), _with_steps_first),
}
"""Cause -> the functions whose call it corrects, and the change."""
