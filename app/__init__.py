"""Unrolled: the shape of every tensor in a recurrent network."""

__version__ = "0.1.0"
