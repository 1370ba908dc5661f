"""Makes app/training/digits.npz from the digits of scikit-learn, in the order of app/training/digits.py. Run it in the
environment of `make oracles`."""

import numpy as np
from sklearn.datasets import load_digits

from app.training.digits import FILE, shuffled


def main() -> None:
    package = load_digits()
    order = shuffled(len(package.target))
    images, labels = (array[order].astype(np.uint8) for array in (package.images, package.target))
    np.savez_compressed(FILE, images=images, labels=labels)


if __name__ == "__main__":
    main()
