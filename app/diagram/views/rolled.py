"""The cell once, with its loop: what unrolling unrolls."""

from app.diagram.picture import picture
from app.diagram.scene import Scene
from app.diagram.shapes import Picture


def rolled(scene: Scene) -> Picture:
    return picture(scene)
