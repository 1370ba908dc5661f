"""Texts about the picture: explanations, lessons, questions, a quiz, and well-known configurations."""
