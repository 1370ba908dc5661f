"""The weights: every matrix and bias to scale, in the order of who lays them out."""

from app.diagram.picture import picture
from app.diagram.scene import Scene
from app.diagram.shapes import Picture


def weights(scene: Scene) -> Picture:
    return picture(scene)
