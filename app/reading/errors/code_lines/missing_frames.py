"""The line that failed in a function of a program whose frame a traceback lacks: somebody cut it off, or shows only the
first ones."""

import ast
import re

from .pasted_operations import PastedProgram


def line_inside(program: PastedProgram, operation: re.Pattern[str] | None) -> str:
    """The only line with the operation of a message in the function that the line of the last frame calls; "" for a
    line that may have failed itself."""
    tree = program.tree
    if not operation or not tree.frames or tree.frames[-1] != program.failed or operation.search(program.failed):
        return ""
    functions = {one for call in tree.calls_in(program.failed) if (one := tree.function_called(call))}
    statements = (one for function in functions for one in ast.walk(function) if isinstance(one, ast.stmt))
    lines = [tree.line(one) for one in statements if not hasattr(one, "body")]
    fitting = [one for one in lines if operation.search(one)]
    return fitting[0] if len(fitting) == 1 else ""
