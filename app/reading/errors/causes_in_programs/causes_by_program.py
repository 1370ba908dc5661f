"""What a pasted program says about a mismatch: its causes, and the lines of the program that they correct."""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ....translations.phrases import phrase
from ..causes import cause
from ..cell_classes import CLASSES
from ..code_lines.array_origins import MODULES
from ..code_lines.called_layer import NAMED_LIKE_LAYER, called_layer
from ..code_lines.corrected_lines import Correction
from ..code_lines.program_nodes import name_of, plain
from ..code_lines.program_tree import ProgramTree, without_comment
from ..framework_messages.message_template import Found
from ..mismatch import Cause, Mismatch
from ..pasted_text import without_spaces
from .arguments_of_failed_call import in_failed_call
from .corrections import own_lines
from .inputs.fed_arrays import of_dictionary
from .modules_with_rules import RULES, WITHOUT_CAUSES
from .quotes import QUOTES


def by_program(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mismatch with the causes and the corrected lines that the program in the text, or the line that failed,
    says."""
    for rule in RULES if mismatch.causes else WITHOUT_CAUSES:
        mismatch = rule(found, mismatch)
    if found.program.source.strip():
        mismatch = replace(mismatch, causes=tuple(_quoted(found, mismatch, one) for one in mismatch.causes))
    elif found.program.tree.frames:
        mismatch = replace(mismatch, causes=tuple(_in_traceback(found, one) for one in mismatch.causes))
    if any(one.is_own for one in mismatch.causes[:1]):
        without = NOT_BESIDE.get(mismatch.first_cause, ("target_shape",))  # which repeats the message
        kept = (one for one in mismatch.causes if one.is_own or one.id not in without)
        mismatch = replace(mismatch, causes=tuple(kept))
    whole = (_of_all_gates(_of_c(mismatch, _of_both_parts(found, mismatch, one))) for one in mismatch.causes)
    causes = (_of_single_batch(found, one) for one in whole)
    named = (_of_differing(mismatch, _named(found, one)) for one in causes)
    by_lines = dict[object, Cause]()
    for one in named:
        by_lines.setdefault(one.lines if one.is_own else one.id, one)
    return replace(mismatch, causes=_changes_first(found.program.source, [*by_lines.values()]))


NOT_BESIDE = {"joined_states": ("target_shape", "other_units")}
"""A cause that corrects a line of the program -> the causes that have no line of it to correct: a state that the
program joins is not made of zeros."""


def _of_differing(mismatch: Mismatch, one: Cause) -> Cause:
    """A cause in the size of a kernel that names only the size that differs."""
    expected, got = mismatch.expected, mismatch.got
    sentence = (
        SIZE_OF_KERNEL.get(mismatch.axis or "") if one.id == "other_size" and mismatch.tensor == "kernel" else None
    )
    if not sentence or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return one
    is_one = len([size for size, other in zip(expected, got, strict=True) if size != other]) == 1
    return replace(one, sentence=sentence) if is_one else one


SIZE_OF_KERNEL = {
    "gates*num_units": phrase("The weights were made with another number of units."),
    "features": phrase("The weights were made with another number of features."),
}
"""The axis of a kernel that differs -> the sentence about it."""


def _changes_first(source: str, causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """The causes that change the program; behind them those whose corrected lines stand in it already. Without any
    change no cause is left: the lines are no correction."""
    lines = {plain(without_comment(line)) for line in source.split("\n") if line.strip()}
    standing = [one for one in causes if _stands(one, lines)] if lines else []
    changing = [one for one in causes if one not in standing]
    if any(one.is_own for one in changing):
        changing.sort(key=_only_prints)
    return (*changing, *standing) if changing else ()


def _only_prints(one: Cause) -> bool:
    """Whether the line of a cause prints a shape, and corrects nothing: behind what corrects a line of the program."""
    return not one.is_own and one.fix.startswith("print(")


def _stands(one: Cause, lines: set[str]) -> bool:
    """Whether the program has all corrected lines of a cause: one in place of another line that it has is a change."""
    pairs = [(plain(wrong), plain(without_comment(fix))) for wrong, fix in one.lines if fix]
    changes = any(one.is_own and wrong in lines and wrong != fix for wrong, fix in pairs)
    return bool(pairs) and not changes and all(fix in lines for _, fix in pairs)


def _of_all_gates(one: Cause) -> Cause:
    """A cause whose general line makes the weights or the bias of one gate: those of the others would fail next."""
    if one.is_own or one.id not in ("kernel_order", "column_bias", "row_bias") or not OF_GATE.match(one.fix):
        return one
    return replace(one, fix=f"{one.fix}  # and those of the other gates")


OF_GATE = re.compile(r"(?:\w{1,40}(?:\.|\[['\"]))?[WUwub][xh]?_?[xh]?[zrf](?:['\"]\])? = [^#\n]*$")
"""A line that gives a value to the weights or the bias of the update, reset or forget gate."""


def _of_single_batch(found: Found, one: Cause) -> Cause:
    """A cause that does not speak of a last batch if the program has none: it repeats nothing, or its placeholders have
    the batch."""
    tree = found.program.tree
    if one.id != "last_batch" or not _has_frames(found) or (_repeats(tree) and not _has_fixed_batch(tree)):
        return one
    other = cause("other_batch", found.framework)
    return replace(one, id=other.id, title=other.title, sentence=other.sentence)


def _has_frames(found: Found) -> bool:
    """Whether a program has its imports and all lines of its traceback."""
    tree = found.program.tree
    return bool(tree.frames) and bool(tree.imported) and all(map(tree.nodes_in, tree.frames))


def _has_fixed_batch(tree: ProgramTree) -> bool:
    """Whether a graph of TensorFlow 1 that fails while it is made has a number of samples in all its placeholders."""
    shapes = [tree.argument(one, 1, "shape") for one in tree.calls_of("placeholder")]
    sizes = [one.elts[:1] if isinstance(one, (ast.List, ast.Tuple)) else [] for one in shapes]
    is_made = not any(name_of(call) == "run" for line in tree.frames for call in tree.calls_in(line))
    return is_made and bool(sizes) and all(one and tree.number(one[0]) is not None for one in sizes)


LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)

REPEATS = re.compile(r"fit\w{0,20}|train\w{0,20}|map|scan|predict|evaluate|batch|run|\w{0,20}(?:Trainer|Loader)")
"""Functions that call others for each batch, or make batches."""


def _repeats(tree: ProgramTree) -> bool:
    """Whether a program repeats something, or takes batches."""
    return any(isinstance(one, LOOPS) for one in tree.nodes) or any(
        REPEATS.fullmatch(name_of(one)) for one in tree.calls
    )


def _of_both_parts(found: Found, mismatch: Mismatch, one: Cause) -> Cause:
    """A cause whose general line makes h of an LSTM for another batch, or for other layers: the same with c, which
    would fail next."""
    if one.is_own or mismatch.axis not in AXES_OF_BOTH or found.cell != "lstm":
        return one
    return replace(one, wrong=ZEROS_OF_H.sub(_with_c, one.wrong), fix=ZEROS_OF_H.sub(_with_c, one.fix))


def _of_c(mismatch: Mismatch, one: Cause) -> Cause:
    """A cause whose general line makes h, for a mismatch in the units of c: the same for c."""
    if one.is_own or (mismatch.tensor, mismatch.axis) != ("c_0", "num_units"):
        return one
    return replace(one, wrong=ZEROS_OF_H.sub(_as_c, one.wrong), fix=ZEROS_OF_H.sub(_as_c, one.fix))


def _as_c(h: re.Match[str]) -> str:
    return f"{h['of'] or ''}c{h['n'] or ''}"


AXES_OF_BOTH = ("batch_size", "num_layers*directions", "order")
"""The axes that the states of an LSTM share: c has other units than h if there is a projection."""

ZEROS_OF_H = re.compile(r"^(?P<of>initial_)?h(?P<n>_0)?(?= = \w+\.zeros\()")
"""The beginning of a line that makes h."""


def _with_c(h: re.Match[str]) -> str:
    return f"{h[0]} = {_as_c(h)}"


def _named(found: Found, one: Cause) -> Cause:
    """A cause whose general line makes a layer of PyTorch, or changes its x, with their names in the line that
    failed."""
    if not one.is_own and not one.wrong and found.framework == "onnx":
        return replace(one, fix=of_dictionary(found.program.tree, one.fix))
    if one.is_own or found.framework != "pytorch":
        return one
    if not (called := called_layer(found.line)):
        return _of_any_cell(found, _with_argument(found, one))
    if called.name.removeprefix("self.").startswith("_"):  # a line of PyTorch, not of the program
        return one
    if OF_INPUT.match(one.fix) and not one.wrong and called.x.text.isidentifier():
        return replace(one, fix=re.sub(r"\bx\b", called.x.text, one.fix))
    if not (made := OF_CLASS_OF_PYTORCH.match(one.fix)):
        return one
    if found.surroundings.flag("batch_first") and "Cell" not in made[0] and "batch_first" not in one.fix:
        wrong, fix = (re.sub(r"\)$", ", batch_first=True)", line) for line in (one.wrong, one.fix))
        one = replace(one, wrong=wrong, fix=fix)
    is_pair = any(PAIR.search(line) for line in found.program.tree.frames[-1:] or [found.code])
    is_chosen = bool(found.network and found.network.cell)
    possible = found.template.cells if is_chosen else tuple(CLASSES)
    if not is_pair and len(possible) > 1 and not replace(found, network=None).cell:
        fix = f"{called.name} = {one.fix}"
        classes = [CLASSES[cell] for cell in possible]
        others = ", ".join(OF_CLASS.sub(f"nn.{name}", made[0]) for name in classes if f".{name}" not in fix)
        return replace(one, wrong="", fix=f"{fix}{'; or' if '#' in fix else '  # or'} {others}")
    wrong = f"{called.name} = {one.wrong}" if one.wrong else ""
    return replace(one, wrong=wrong, fix=f"{called.name} = {one.fix}")


def _with_argument(found: Found, one: Cause) -> Cause:
    """A cause whose general line changes x, with the name of what a layer outside of a class gets."""
    match getattr(found.line.statement, "value", None):
        case ast.Call(func=ast.Name(layer), args=[ast.Name(x), *_]) if NAMED_LIKE_LAYER.search(layer):
            if OF_INPUT.match(one.fix) and not one.wrong:
                return replace(one, fix=re.sub(r"\bx\b", x, one.fix))
    return one


def _of_any_cell(found: Found, one: Cause) -> Cause:
    """A cause whose general line makes a cell of PyTorch, of which the text says no class: any other has the same
    arguments."""
    made = CELL_OF_PYTORCH.match(one.fix)
    if not made or found.cell or PAIR.search(found.code):
        return one
    others = ", ".join(f"nn.{name}Cell" for name in CLASSES.values() if name != made[1])
    return replace(one, wrong="", fix=f"{one.fix}  # or {others}")


CELL_OF_PYTORCH = re.compile(r"nn\.(LSTM|GRU|RNN)Cell\((?!.*#)")
"""A line that makes a cell of PyTorch, without a comment."""

OF_INPUT = re.compile(r"x = x\.[\w.(), -]+$")
"""A line that changes x."""

OF_CLASS = re.compile(r"nn\.(?:LSTM|GRU|RNN)")

OF_CLASS_OF_PYTORCH = re.compile(rf"{OF_CLASS.pattern}(?:Cell)?(?=\()")
"""The beginning of a line that makes a recurrent layer or cell of PyTorch."""

PAIR = re.compile(r"\(\w+, ?\w+\)(?: ?=(?!=)|\)$)")
"""The two states of an LSTM, which its call gets or returns."""


def is_general(found: Found, one: Cause) -> bool:
    """Whether a corrected line has names that the program in the text, or in its traceback, does not have, or stands
    for a line that they do not show."""
    if one.is_own:
        return False
    original = without_spaces(found.surroundings.original)
    if one.wrong and not LAYER.match(one.wrong) and without_spaces(one.wrong) not in original:
        return True
    try:
        nodes = [*ast.walk(ast.parse("\n".join(fix for _, fix in one.lines)))]
    except SyntaxError:
        return True
    if _makes_other_layer(found, one):
        return True
    if found.framework == "onnx" and any(_is_fed_expression(found, name) for name in _changed(nodes)):
        return True
    if any(_is_number(found, name) for name in _changed(nodes)):
        return True
    if any(isinstance(node, ast.Continue) for node in nodes) and not found.program.tree.loops_over_batches:
        return True
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called} - _new_in(one)
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self"}
    known = _names_at_failure(found)
    return not (names - {*MODULES} - {*dir(builtins)} <= known.names and attributes <= known.names | known.attributes)


def _new_in(one: Cause) -> set[str]:
    """The names to which the first part of the corrected lines gives a value that a later part reads."""
    new, read, used = set[str](), set[str](), set[str]()
    for statement in ast.parse("\n".join(fix for _, fix in one.lines)).body:
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        loaded = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        used |= new & loaded
        read |= loaded
        new |= {node.id for node in names if isinstance(node.ctx, ast.Store)} - read
    return used


def _is_fed_expression(found: Found, name: str) -> bool:
    """Whether the program feeds an input of a model of ONNX something else than an array with its name."""
    fed = re.compile(rf"[\"']{re.escape(name)}[\"']\s?:(?!\s?{re.escape(name)}\s?[,}}])")
    return any(map(fed.search, (found.program.source, *found.program.tree.frames)))


def _is_number(found: Found, name: str) -> bool:
    """Whether the program has a number with a name that a line gives an array: ``B`` may be a batch."""
    tree = found.program.tree
    return any(isinstance(one, ast.Name) and one.id == name and tree.number(one) is not None for one in tree.nodes)


def _changed(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The names to which lines give values."""
    yield from (
        one.id for node in nodes if isinstance(node, ast.Assign) for one in node.targets if isinstance(one, ast.Name)
    )


def _makes_other_layer(found: Found, one: Cause) -> bool:
    """Whether a line makes a recurrent layer that the text does not show: a wrapper may have another one in it."""
    made = LAYER.match(one.wrong)
    return made is not None and made[1] not in found.surroundings.original


LAYER = re.compile(r"keras\.layers\.(\w{1,40}\(\d{1,9})")
"""A layer of Keras with its units."""


class KnownNames(NamedTuple):
    """Names, and what has one only as a part of an object."""

    names: set[str]
    attributes: set[str]


def _names_at_failure(found: Found) -> KnownNames:
    """The names in the functions of the program that failed, in its module, and in its traceback; all attributes."""
    tree, code = found.program.tree, "\n".join(found.program.tree.frames)
    failed = {tree.function_of(node) for line in tree.frames for node in tree.nodes_in(line)} | {None}
    if len(failed) == 1 and not any(map(tree.nodes_in, tree.frames)):  # the source lacks the lines of the traceback
        text = KEYWORD.sub(r"\1", STRING.sub("", f"{found.program.source}\n{code}"))
        return KnownNames({*re.findall(r"\w+", text)}, set())
    names = {name for one in failed for name in tree.parameters(one)}
    names |= {one.id for one in tree.nodes if isinstance(one, ast.Name) and tree.function_of(one) in failed}
    attributes = {one.attr for one in tree.nodes if isinstance(one, ast.Attribute)}
    words = {*WORDS.findall(KEYWORD.sub(r"\1", STRING.sub("", code)))}
    return KnownNames(names | words, attributes | {*re.findall(r"\w+", code)})


STRING = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")

KEYWORD = re.compile(r"([(,]\s{0,40})[A-Za-z_]\w{0,60}=(?!=)")
"""A keyword of a call, which is no name of the program: ``nn.LSTM(input_size=8, hidden_size=n)``."""

WORDS = re.compile(r"(?<![\w.])\w+")
"""Names that are no part of an object."""


def _quoted(found: Found, mismatch: Mismatch, one: Cause) -> Cause:
    """A cause with a line of the program, if it has the one that is corrected."""
    source = found.program.source
    own = [_without_change(source, *line) for line in own_lines(found, mismatch, one.id)]
    if one.wrong and one.wrong in map(str.strip, source.split("\n")) and len(own) < 2:
        return replace(one, is_own=True)
    if own:
        (wrong, fix), *others = own
        return replace(one, wrong=wrong, fix=fix, others=tuple(others), is_own=True)
    correction = QUOTES[one.id](found, mismatch) if one.id in QUOTES else in_failed_call(found, one)
    if correction:
        return replace(one, wrong=correction[0], fix=correction[1], others=(), is_own=True)
    is_own = bool(one.wrong) and one.wrong in source
    is_shown = found.program.is_whole or _has_frames(found)
    return replace(one, is_own=is_own, wrong=one.wrong if is_own or not is_shown else "")


def _in_traceback(found: Found, one: Cause) -> Cause:
    """A cause with the line of the traceback that it corrects, of a text without a program."""
    correction = None if one.is_own else in_failed_call(found, one)
    return replace(one, wrong=correction[0], fix=correction[1], others=(), is_own=True) if correction else one


def _without_change(source: str, wrong: str, fix: str) -> Correction:
    """A corrected line; "" for one of the module that would give a name its own value, and can be left out."""
    is_of_module = re.search(rf"^{re.escape(wrong)}", source, re.MULTILINE) is not None
    return wrong, "" if wrong and is_of_module and UNCHANGED.fullmatch(fix) else fix


UNCHANGED = re.compile(r"(\w{1,40}) = \1")
