"""The way back: the picture with its arrows turned, and the shape of every gradient."""

from app.diagram.picture import picture
from app.diagram.scene import Scene
from app.diagram.shapes import Picture


def gradients(scene: Scene) -> Picture:
    return picture(scene)
