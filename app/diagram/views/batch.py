"""The batch: blocks of input below, the cell over time, blocks of output above, a sheet for each sequence."""

from app.diagram.picture import picture
from app.diagram.scene import Scene
from app.diagram.shapes import Picture


def batch(scene: Scene) -> Picture:
    return picture(scene)
