"""A model as a chain of layers: its layers, the shapes between them, and its text."""
