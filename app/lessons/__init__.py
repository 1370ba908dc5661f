"""Words: what the numbers mean, and configurations that people know."""
