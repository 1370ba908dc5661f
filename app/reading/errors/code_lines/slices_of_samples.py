"""The slices of samples that a loop of a program takes from its data: ``x[i : i + size]`` in steps of as many."""

import ast

from .program_nodes import Cut, cut_of, name_of
from .program_tree import ProgramTree


def cut_in(tree: ProgramTree, node: ast.AST) -> Cut | None:
    """What ``x[start : start + size]`` cuts out of x, also as ``x[start:stop]`` with a name for its end; None for
    another node."""
    match node:
        case ast.Subscript(value=array, slice=ast.Slice(ast.Name(start), ast.Name() as stop, None)):
            match tree.assigned(stop):
                case ast.BinOp(ast.Name(name), ast.Add(), size) if name == start:
                    return Cut(array, start, size)
    return cut_of(node)


def rests_of_slices(tree: ProgramTree) -> dict[int, int]:
    """The samples that are left for the last slice of a loop -> those of the slices before; not of a loop that the
    traceback has not reached."""
    sizes, reached = dict[int, int](), {id(above) for call in tree.calls_in_frames for above in tree.above(call)}
    for one in tree.nodes:
        if not (cut := cut_in(tree, one)):
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
