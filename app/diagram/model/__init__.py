"""The picture of a chain of layers: depth upwards, time to the right."""
