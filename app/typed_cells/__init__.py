"""What is made of typed cells: programs in NumPy, PyTorch and JAX, comparisons with other cells, and sentences."""
