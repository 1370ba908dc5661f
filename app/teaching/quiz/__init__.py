"""The shape quiz: random questions, and answers in any notation."""
