"""The slices of samples that a loop of a program takes from its data: ``x[i : i + size]`` in steps of as many."""

import ast

from .program_nodes import cut_of, name_of
from .program_tree import ProgramTree


def rests_of_slices(tree: ProgramTree) -> dict[int, int]:
    """The samples that are left for the last slice of a loop -> those of the slices before; not of a loop that the
    traceback has not reached."""
    sizes, reached = dict[int, int](), {id(above) for call in tree.calls_in_frames for above in tree.above(call)}
    for one in tree.nodes:
        if not (cut := cut_of(one)):
            continue
        loops = (above for above in tree.above(one) if isinstance(above, ast.For))
        loop = next((above for above in loops if ast.unparse(above.target) == cut.start), None)
        if not loop or not (id(loop) in reached or any(isinstance(part, ast.Yield) for part in ast.walk(loop))):
            continue
        match loop.iter:
            case ast.Call(args=[_, stop, step]) if name_of(loop.iter) == "range":
                size, stride, samples = map(tree.number, (cut.size, step, stop))
                left = samples % size if samples and size and samples > size == stride else 0
                if size and left:
                    sizes[left] = size
    return sizes
