"""Predict, then reveal: questions that a seed draws, and answers in whatever form they come."""
