"""The units: every vector as its numbers, side by side."""

from app.diagram.picture import picture
from app.diagram.scene import Scene
from app.diagram.shapes import Picture


def units(scene: Scene) -> Picture:
    return picture(scene)
