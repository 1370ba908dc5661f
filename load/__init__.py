"""What `make load` runs: a class-room, at its largest, and what can go wrong in it."""
