"""Frames of a traceback in files that are called like recurrent layers: in those of the program itself, and of
libraries above the frameworks."""

import re

from .named_framework import INSTALLED, PACKAGE_PATH

FRAME_FILE = re.compile(r"^[ ]{0,20}file [\"“”]([^\"“”\n]{1,300})[\"“”], line \d{1,6}, in (\S{1,60})", re.MULTILINE)

OF_LAYER = re.compile(r"_?forward\w*|call|__call__|step|att(?:n|ention|end)\w*|score|energy|encode|decode")
"""A function of a layer, in lower case; another one in its file may load data."""

OWN_FILE = re.compile(
    r"(?:(?:bi|attn?|attention|conv|stacked|my|base|simple|vanilla)_?)?(?:lstm|gru|rnn)"
    r"(?:_?(?:model|net(?:work)?|cell|layer|attention|attn|crf|encoder|decoder|module|classifier|tagger)s?){0,2}\.py"
)
"""A file with a recurrent layer or a network of one. A path, or the name of a script such as train_lstm.py, says
nothing."""

OF_LIBRARY = re.compile(
    r"(?:[^\n]*/)?(?:rnns?|recurrent)/\w+\.py|(?:[^\n]*/)?(?:\w+_)?(?:lstm|gru|rnn|recurrent)s?(?:_\w+)?\.py"
)
"""The same of a library that has modules of many kinds: also the folder of those that are recurrent."""


def last_own_frame(text: str) -> tuple[str, str]:
    """The file and the function of the last frame of the program itself, in lower case; "" without one."""
    frames = [frame for frame in FRAME_FILE.findall(text) if "-packages" not in frame[0]]
    return frames[-1] if frames else ("", "")


def failed_in_layer(text: str) -> bool:
    """Whether the last frame of the program itself, or else of a library above the frameworks, is in a file that is
    called like a recurrent layer. ``text``: in lower case."""
    path, function = last_own_frame(text)
    if OWN_FILE.fullmatch(path.replace("\\", "/").rpartition("/")[2]) and OF_LAYER.fullmatch(function):
        return True
    path, function = _last_frame_above_frameworks(text)
    in_library = INSTALLED.sub("", path).replace("\\", "/")
    is_installed = in_library != path.replace("\\", "/")
    return bool(is_installed and OF_LIBRARY.fullmatch(in_library) and OF_LAYER.fullmatch(function))


def _last_frame_above_frameworks(text: str) -> tuple[str, str]:
    """The file and the function of the last frame that is in no framework; "" without one."""
    frames = [frame for frame in FRAME_FILE.findall(text) if not PACKAGE_PATH.match(INSTALLED.sub("", frame[0])[1:])]
    return frames[-1] if frames else ("", "")
