"""The formats of pictures."""

FORMATS = ("narrow", "page", "wide", "hall", "half")
"""The choices of the field ``format``: for a phone, a page, a slide, the screen of a lecture hall and half of it."""

BY_WIDTH = FORMATS[:3]
"""The formats among which the width of a page decides; the others are for full screen."""
