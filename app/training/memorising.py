"""When a network has memorised what it was trained on. Pages, pictures and texts all ask here."""

KNOWN = 0.9
"""At least so large is the share of what it was trained on that such a network gets right,"""

GAP = 0.15
"""and at least so much smaller is that of what it has not seen."""


def has_memorised(train: float, test: float) -> bool:
    """Whether shares of right answers, on what a network was trained on and on what it has not seen, show that."""
    return train >= KNOWN and round(train - test, 9) >= GAP
