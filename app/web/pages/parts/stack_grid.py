"""The grid of layers by steps, each cell a link; with results of the framework lit in it."""

from typing import Any

from markupsafe import Markup

from app.diagram.charts.stack_grid import grid
from app.diagram.painters.svg import svg
from app.diagram.theme import LIGHT
from app.diagram.transforms.relabeling import in_language
from app.frameworks.io_arrays import CoveredCells, IOArray
from app.query.view import View
from app.translations.phrases import phrase
from app.translations.translator import Translator


def grids(view: View, returns: tuple[IOArray, ...], translate: Translator) -> list[dict[str, Any]]:
    """For each group of results that tell of the same cells, the grid with these lit; and with two directions the trap
    of the last step."""
    groups: dict[CoveredCells, list[str]] = {}
    for array in returns:
        if any(cell[:2] == view.place or cell[2] == "every" for cell in array.covered):
            groups.setdefault(array.covered, []).append(array.name)
    found = [{"names": names, "note": "", **lit(view, lights, translate)} for lights, names in groups.items()]
    top = view.num_layers - 1
    whole = [name for lights, names in groups.items() if (top, "backward", "every") in lights for name in names]
    if whole and view.time_step > 1:
        end = tuple((top, direction, "end") for direction in view.stack.directions)
        found.append(
            {"names": [phrase("{array}, last step only", array=whole[0])], "note": TRAP, **lit(view, end, translate)}
        )
    return found


TRAP = phrase("A trap: at the last step the backward direction has read a single x. Its last state is at step 0.")


CALLED = {"forward": phrase("forward"), "backward": phrase("backward")}
"""What a direction is called."""


def lit(view: View, lights: CoveredCells, translate: Translator) -> dict[str, Any]:
    drawn = grid(view.stack, view.t, view.place, lights, view.runs_backwards)
    links = [
        {
            "path": cell.box.path,
            "link": view.query(layer=cell.place[0], direction=cell.place[1], t=cell.slot.first),
            "label": phrase(
                "layer {layer}, {direction}, step {t:,}",
                layer=cell.place[0],
                direction=CALLED[cell.place[1]],
                t=cell.slot.first,
            ),
        }
        for cell in drawn.squares
    ]
    picture = in_language(drawn.picture, translate)
    return {
        "svg": Markup(svg(picture, LIGHT, background=False)),
        "box": f"0 0 {picture.width:g} {picture.height:g}",
        "links": links,
    }
