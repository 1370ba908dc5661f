"""What programs raise in the real frameworks, as people paste it."""

import linecache
import os
import re
import sys
import traceback
import warnings
from pathlib import Path

FILE = "/home/me/project/train.py"
REPOSITORY = Path(__file__).parents[2]
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def run(framework: str, program: str) -> None:
    """Run a program. Raises what it raises."""
    if framework in ("tf1", "keras1", "keras2"):
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
    _forget_names(framework)
    linecache.cache[FILE] = (len(program), None, program.splitlines(keepends=True), FILE)
    with warnings.catch_warnings(action="ignore"):
        exec(compile(program, FILE, "exec"), {"__name__": "__main__"})


def _forget_names(framework: str) -> None:
    """Count the names of layers from the beginning, as in a new process, and forget the variables of a graph."""
    if framework == "tf1" and "tensorflow" in sys.modules:
        import tensorflow.compat.v1 as tf

        tf.reset_default_graph()
    if framework in ("keras", "tensorflow"):
        import keras

        keras.utils.clear_session()
    elif framework.startswith("keras"):
        import tf_keras

        tf_keras.backend.clear_session()


def raised(framework: str, program: str) -> str:
    """The traceback of what a program raises, without frames and paths of this machine."""
    try:
        run(framework, program)
    except Exception as error:
        frames = error.__traceback__
        while frames and frames.tb_frame.f_code.co_filename != FILE:
            frames = frames.tb_next
        text = "".join(traceback.format_exception(error.with_traceback(frames)))
        text = COLOURS.sub("", text).replace(str(Path(sys.prefix)), "/usr")
        return text.replace(str(REPOSITORY), str(Path(FILE).parent)).strip()
    raise AssertionError(f"nothing was raised: {program}")
