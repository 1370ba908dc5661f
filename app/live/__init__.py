"""Live models: the layers that a PyTorch module or a Keras model calls, recorded while it runs; and errors in it."""
