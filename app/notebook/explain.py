"""``with unrolled.explain():`` explains a shape error that is raised in its block."""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from linecache import getline, getlines
from traceback import format_exception, walk_tb
from types import FrameType, TracebackType
from typing import Any

from ..reading.errors.axes_of_arrays import RANK
from ..reading.errors.explanation import Explanation, NotFoundError
from ..reading.errors.explanation import explain as explained
from ..reading.errors.framework_messages.outputs.pairs_of_output_and_states import CAUSES
from ..reading.errors.mismatch import Mismatch
from ..reading.errors.numbered_frames import OF_LIBRARY
from ..reading.errors.pasted_text import end_of
from ..reading.errors.recurrent_call import RecurrentCall
from ..translations.languages import translator
from ..translations.translator import ENGLISH, Translator
from ..url_state.parsing import parse
from . import keras_models, pytorch_modules
from .eager_outputs import makers_of_input
from .explained_error import ExplainedError
from .fitting_causes import fitting_causes, may_read_outputs
from .program_source import failed_program, source_of, source_of_class


def explain(lang: str = "en") -> "Explaining":
    """A block in which a shape error of a recurrent network is explained, and raised again unchanged.

    A notebook shows the tensor that does not fit in the picture of its network, both shapes, and the likely causes with
    the corrected lines; otherwise they are printed as text to sys.stderr, above the traceback. In a group of errors
    each is explained. Other errors are raised without a word. ``lang`` is the language, as in a link; an unknown one
    raises FieldError, a ValueError.

    >>> with unrolled.explain():
    ...     output, state = lstm(x, state)
    """
    return Explaining(translator(parse([("lang", lang)], strict=True).language))


class Explaining:
    """The context manager of ``explain``. It suppresses no error. Of nested blocks only the inner one explains an error
    that leaves both."""

    def __init__(self, translate: Translator = ENGLISH) -> None:
        self._translate = translate

    def __enter__(self) -> None:
        self._outer = _block.get()
        self._explained: list[Exception] = []
        _block.set(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        explained, self._explained = self._explained, []  # not kept: an error has the variables of all its frames
        _block.set(self._outer)
        shown: set[str] = set()
        for one in _errors_in(error):
            if all(one is not other for other in explained):
                with suppress(Exception):  # an error of ours must not take the place of the one in the block
                    found = ExplainedError(explanation_of(one), self._translate, _own_source(one))
                    if (text := repr(found)) not in shown:
                        _show(found)
                        shown.add(text)
                    explained.append(one)
        if self._outer:
            self._outer._explained = explained


_block: ContextVar[Explaining | None] = ContextVar("_block", default=None)
"""The innermost block that is running."""


def _errors_in(error: BaseException | None) -> Iterator[Exception]:
    """The errors of a group, also those of groups in it; or the error itself."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _errors_in(one)
    elif isinstance(error, Exception):
        yield error


def explanation_of(error: Exception) -> Explanation:
    """The explanation of an error, from its traceback as it would be printed, and from the recurrent layer in whose
    call it was raised. Raises NotFoundError."""
    own = _own_frames(error)
    text = _with_lambdas("".join(format_exception(error)), own)
    frames = [*_variables(keras_models.original(error)), *_variables(error)]
    call = pytorch_modules.recurrent_call(frames) or _with_below(keras_models.recurrent_call(frames), own)
    text += keras_models.compared(error, frames)
    found: Explanation | None = None
    known = [_named_in(one.tb_frame) for one in own]
    with suppress(NotFoundError):
        found = _explanation(text, _program(error, frames), frames, call, known)
    if not found or _is_general(found):
        found = _of_failed_program(text, own, known, call) or found
    if found and own and call and call.below:
        found = _with_lines_of_class(found, text, own[-1].tb_frame, call)
    if not found:
        return explained(end_of(text)[0], call)  # which says why nothing is found
    causes = fitting_causes(found.mismatch, call, pytorch_modules.known_layers(frames))
    return replace(found, mismatch=_with_state(replace(found.mismatch, causes=causes), call))


def _with_below(call: RecurrentCall | None, own: list[TracebackType]) -> RecurrentCall | None:
    """A call of a layer of Keras with the layer whose last output it got, if the line that failed says it."""
    if not call or call.below or not own or len(call.input) != RANK - 1:
        return call
    makers = makers_of_input(own[-1], _named_in(own[-1].tb_frame))
    return replace(call, below=keras_models.below_of_makers(makers, call.input))


def _with_lambdas(text: str, own: list[TracebackType]) -> str:
    """A traceback with what a lambda returns in place of the line that it is a part of."""
    for one in own:
        code = one.tb_frame.f_code
        line = getline(code.co_filename, one.tb_lineno).strip()
        if code.co_name == "<lambda>" and line and (returned := source_of(code)):
            around = re.compile(rf"(, in <lambda>\n[ ]*){re.escape(line)}(?:\n[ ]*[~^]+$)?", re.MULTILINE)
            text = around.sub(r"\g<1>" + returned.replace("\\", r"\\"), text)
    return text


def _with_state(mismatch: Mismatch, call: RecurrentCall | None) -> Mismatch:
    """A mismatch of the batch of a cell's state, of which the message says no other size, with all of them."""
    is_of_batch = mismatch.tensor == "h_0" and mismatch.axis == "batch_size"
    if not call or not is_of_batch or not call.is_of_one_step or len(call.state) != 2:
        return mismatch
    if not isinstance(mismatch.expected, tuple) or mismatch.got != call.state[:1]:
        return mismatch
    return replace(mismatch, expected=(*mismatch.expected, call.arguments["hidden_size"]), got=call.state)


GENERAL = {"target_shape"}
"""Causes that say no more than the message."""


def _is_general(found: Explanation) -> bool:
    return {cause.id for cause in found.mismatch.causes} <= GENERAL and found.mismatch.tensor == "target"


def _of_failed_program(
    text: str, own: list[TracebackType], known: list[dict[str, Any]], call: RecurrentCall | None
) -> Explanation | None:
    """What the modules and tensors of the frame that failed say about a loss, if that is more than the message."""
    makes_module = bool(own) and pytorch_modules.makes_recurrent_module(own[-1].tb_frame.f_code)
    if not makes_module and not any(map(pytorch_modules.names_recurrent_module, known)):
        return None
    program = failed_program(own[-1], known[-1])
    with suppress(NotFoundError):
        found = explained(end_of(f"{program}\n{text}")[0], call)
        if found.mismatch.tensor in ("output", "target") and not _is_general(found):
            return found
    return None


def _explanation(
    text: str, program: str, frames: list[dict[str, Any]], call: RecurrentCall | None, known: list[dict[str, Any]]
) -> Explanation:
    """What the text of an error says, with the program if that says more. ``known``: the variables of the frames of
    the program."""
    of_program: Explanation | None = None
    with suppress(NotFoundError):
        of_program = explained(end_of(f"{program}\n{text}")[0], call)
        for cause in of_program.mismatch.causes:
            if cause.id in CAUSES or (call and cause.wrong and cause.wrong in program):
                return of_program
    try:
        of_text = explained(end_of(text)[0], call)
    except NotFoundError:  # it names no recurrent layer, but the module that ran has one, or a variable is one
        if of_program and _is_about_layers(of_program.mismatch, frames, known):
            return of_program
        raise
    if of_program and _is_general(of_text) and not _is_general(of_program):
        return of_program
    return of_program if of_program and _differ_in_axes(of_program, of_text) else of_text


def _is_about_layers(mismatch: Mismatch, frames: list[dict[str, Any]], known: list[dict[str, Any]]) -> bool:
    """Whether an error is about a recurrent layer that the variables of the frames are or have, also as a part of a
    model whose output a loss gets after it has run."""
    if pytorch_modules.has_recurrent_part(frames) or any(keras_models.last_outputs(frames)):
        return True
    if mismatch.tensor in ("output", "target"):
        of_keras = (any(keras_models.lines_that_make_layers(variables)) for variables in frames)
        return any(map(pytorch_modules.names_recurrent_module, known)) or any(of_keras)
    return may_read_outputs(mismatch, pytorch_modules.known_layers(frames))


def _differ_in_axes(of_program: Explanation, of_text: Explanation) -> bool:
    """Whether both explain the same sizes, but only the program says whether batch or time is the first axis."""
    if of_program.batch_first is None or of_text.batch_first is not None:
        return False
    one, other = of_program.mismatch, of_text.mismatch
    is_same = (one.tensor, one.expected, one.got) == (other.tensor, other.expected, other.got)
    return is_same and (one.causes == other.causes or {one.axis, other.axis} == {"batch_size", "time_step"})


def _with_lines_of_class(found: Explanation, text: str, frame: FrameType, call: RecurrentCall) -> Explanation:
    """The explanation with the lines of the class in whose method the program failed, which makes the layer below, if
    the first cause is the same and these are corrected."""
    source, (first, *_) = source_of_class(frame), (*found.mismatch.causes, None)
    if source and first and first.wrong:
        with suppress(NotFoundError):
            of_class = explained(end_of(f"{source}\n{text}")[0], call)
            same = next(iter(of_class.mismatch.causes), None)
            if same and same.id == first.id and all(wrong and wrong in source for wrong, _ in same.lines):
                return of_class
    return found


def _program(error: Exception, variables: list[dict[str, Any]]) -> str:
    """The source of the function of the program that failed last, and a line for each recurrent layer that it knows.
    ``variables``: those of all frames, the innermost one first."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    own = [one.tb_frame for one in _own_frames(error)]
    if not own:
        return ""
    source = source_of(own[-1].f_code)
    made = pytorch_modules.lines_that_make_layers([*map(_named_in, reversed(own))], [*map(_named_in, frames)])
    inputs = [
        *keras_models.lines_that_make_layers(_named_in(own[-1])),
        *keras_models.lines_that_make_inputs(map(_named_in, reversed(own)), variables),
    ]
    return "\n".join((*inputs, source, *made))  # what was made before the function was called


def _own_source(error: Exception) -> str:
    """All lines of the files and cells of the program that an error's traceback names."""
    files = dict.fromkeys(one.tb_frame.f_code.co_filename for one in _own_frames(error))
    return "".join(line for file in files for line in getlines(file))


def _own_frames(error: Exception) -> list[TracebackType]:
    """The frames of the program itself in an error's traceback, the innermost one last."""
    own, next_one = [], error.__traceback__
    while next_one:
        if not OF_LIBRARY.search(next_one.tb_frame.f_code.co_filename):
            own.append(next_one)
        next_one = next_one.tb_next
    return own


def _variables(error: BaseException | None) -> list[dict[str, Any]]:
    """The variables of the frames of an error's traceback, the innermost one first."""
    return [_named_in(frame) for frame, _ in walk_tb(error.__traceback__)][::-1] if error else []


def _named_in(frame: FrameType) -> dict[str, Any]:
    """The variables of a frame, and the global ones that its code names. Code outside of functions has only these: a
    notebook keeps the variables of all its cells."""
    own = {} if frame.f_locals is frame.f_globals else frame.f_locals
    if OF_LIBRARY.search(frame.f_code.co_filename):
        return own
    return {name: frame.f_globals[name] for name in frame.f_code.co_names if name in frame.f_globals} | own


def _show(error: ExplainedError) -> None:
    """Show an error in a notebook, or print it."""
    if _is_in_notebook():
        from IPython.display import display

        display(error)
    else:
        print(error, file=sys.stderr)


def _is_in_notebook() -> bool:
    """Whether this is a notebook, which shows HTML; the IPython of a terminal shows text."""
    ipython = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    return shell is not None and hasattr(shell, "kernel")
