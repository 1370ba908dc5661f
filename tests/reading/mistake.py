"""A program with a mistake, and what is true about what it raises.

In a program, a line with ``#!`` is wrong; behind that mark stands the right one, in which {fix} is the corrected line
of the explanation.
"""

import re
from typing import Any, NamedTuple

Sizes = int | tuple[int | None, ...] | None


HIDDEN = "num_layers*directions"


GATES = "gates*num_units"


class Mistake(NamedTuple):
    """A program with a mistake; the tensor and axis that it is about, what was expected and got, and the cause.

    ``is_new``: the explanation was not written for it. ``with_code``: networks without recurrence raise the error, too,
    so people who paste only the traceback are asked for the code. ``other_fix``: why the corrected line does not run.
    """

    name: str
    framework: str
    program: str
    tensor: str | None
    axis: str | None
    expected: Sizes
    got: Sizes
    cause: str | None
    is_new: bool = False
    with_code: bool = False
    other_fix: str = ""

    def pasted(self, traceback: str) -> str:
        """What a person pastes."""
        return f"My code:\n\n{self.wrong}\nand the error:\n\n{traceback}" if self.with_code else traceback

    @property
    def wrong(self) -> str:
        """The program with its mistake."""
        return HEADS[self.framework] + re.sub(r" *#!.*", "", self.program).strip("\n") + "\n"

    def right(self, fix: str) -> str:
        """The program with a corrected line."""
        lines = self.program.strip("\n").split("\n")
        return HEADS[self.framework] + "\n".join(_corrected(line, fix) for line in lines) + "\n"


def _corrected(line: str, fix: str) -> str:
    wrong, mark, right = line.partition("#!")
    indentation = wrong[: len(wrong) - len(wrong.lstrip())]
    return indentation + right.strip().replace("{fix}", fix.partition("  #")[0]) if mark else line


HEADS = {
    "pytorch": "import torch\nfrom torch import nn\n"
    "from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence\n",
    "keras": "import numpy as np\nimport keras\nfrom keras import layers\n",
    "keras2": "import numpy as np\nimport tf_keras as keras\nfrom tf_keras import layers\n",
    "keras1": "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
    "import numpy as np\nimport tf_keras as keras\nfrom tf_keras import layers\n",
    "tf1": "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\ntf.reset_default_graph()\n",
    "onnx": "import numpy as np\nimport onnxruntime\nfrom onnx import TensorProto, helper\n",
    "numpy": "import numpy as np\n",
    "flax": "import jax\nimport jax.numpy as jnp\nfrom flax import linen as nn\n",
    "jax": "import jax\nimport jax.numpy as jnp\n",
}
"""The imports of a framework's programs."""


def of(framework: str, kind: str, name: str, program: str, *values: Any, **more: Any) -> Mistake:
    """A mistake, with a name that is made of its framework, its kind and another part."""
    return Mistake("-".join(part for part in (framework, kind, name) if part), framework, program, *values, **more)
