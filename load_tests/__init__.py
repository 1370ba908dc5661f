"""Load tests, run by `make load`: a class of the largest size, failures, attacks and expensive requests."""
