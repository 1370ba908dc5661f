"""What `make load` runs: a class at its largest, and whatever may go wrong or be done to a server in it."""
