"""What notebooks use: the picture of a link, the layers that a PyTorch module or a Keras model calls, and errors."""
