"""The rule that says when a network has memorised its training set, for pages, pictures and texts."""

KNOWN = 0.9
"""The least accuracy on the training set of a network that has memorised it."""

GAP = 0.15
"""The least difference between its accuracies on the training set and on the test set."""


def has_memorised(train: float, test: float) -> bool:
    """Whether a network has memorised its training set, from its accuracies (0 to 1) on that and on the test set."""
    return train >= KNOWN and round(train - test, 9) >= GAP
