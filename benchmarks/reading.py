"""Reading the source code of models, and errors with it: the CPU time, also compared with `ast.parse` alone, which does
not depend on the machine. Both alternate, and a figure is the median of all rounds."""

import ast
import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from statistics import median

from app.reading.code.layers_in_order import read
from app.reading.errors.explanation import explain
from app.reading.pasted_text_limits import MAX_ERROR_BYTES, MAX_SOURCE_BYTES
from benchmarks.measured_row import Row, ratios

ROUNDS = 9

LINES = 2000
"""Lines of a long source."""

IMPORTS = """import json
import random

import torch
import torch.nn as nn

"""

MODEL = '''
class Model{n}(nn.Module):
    """Classifies sequences of words."""

    def __init__(self, vocab_size, embedding_dim=128, hidden_dim={n}, num_layers=2, dropout=0.3):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, num_layers, batch_first=True, bidirectional=True,
                            dropout=dropout if num_layers > 1 else 0.0)
        self.dropout = nn.Dropout(dropout)
        self.attention = nn.Linear(2 * hidden_dim, 1)
        self.fc = nn.Linear(2 * hidden_dim, 10)

    def forward(self, tokens, hidden=None):
        # tokens: (batch, time)
        x = self.dropout(self.embedding(tokens))
        out, (h_n, c_n) = self.lstm(x, hidden)
        weights = torch.softmax(self.attention(out).squeeze(-1), dim=1)
        context = torch.bmm(weights.unsqueeze(1), out).squeeze(1)
        return self.fc(self.dropout(context))

'''

SMALL_MODEL = """
class Model{n}(nn.Module):
    def __init__(self, vocab_size, hidden_dim={n}):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 20)
        self.lstm = nn.LSTM(20, hidden_dim, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden_dim, 10)
    def forward(self, tokens):
        out, (h_n, c_n) = self.lstm(self.embedding(tokens))
        return self.fc(torch.cat([h_n[0], h_n[1]], dim=-1))
"""

LOADING = '''
def load_{n}(path, longest={n}, is_lower_case=True):
    """Load the examples of a file, which has a JSON record in each line."""
    examples = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file):
            record = json.loads(line)
            words = record["text"].lower().split() if is_lower_case else record["text"].split()
            if not words:
                print(f"line {{number + 1}} of {{path}} is empty")
                continue
            # Long texts are cut.
            examples.append({{"words": words[:longest], "label": int(record["label"]), "id": record.get("id")}})
    random.Random({n}).shuffle(examples)
    return examples


def train_{n}(model, loader, optimizer, criterion, clip={n}.0):
    model.train()
    total, correct, seen = 0.0, 0, 0
    for step, (tokens, labels) in enumerate(loader):
        optimizer.zero_grad()
        loss = criterion(model(tokens), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        total += loss.item() * labels.size(0)
        seen += labels.size(0)
        if step % 100 == 0 and step > 0:
            print("| step {{:5d}} | loss {{:.3f}} |".format(step, total / seen))
    return total / seen

'''


TRACEBACK = """Traceback (most recent call last):
  File "/home/me/train.py", line 990, in <module>
    logits = model(tokens, hidden)
  File "/home/me/train.py", line 980, in forward
    out, (h_n, c_n) = self.lstm(x, hidden)
  File "/usr/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 1120, in forward
    self.check_forward_args(input, hx, batch_sizes)
RuntimeError: Expected hidden[0] size (4, 32, 64), got [4, 20, 64]

"""


def rows() -> Iterator[Row]:
    """Sources of 2,000 lines, and the largest one that is accepted; an error with the largest program."""
    loading, models = parts_of(LOADING), parts_of(MODEL)
    sources = (
        ("one model in 2,000 lines", [*loading[:20], models[0], *loading[20:]], 50, 0.9),
        ("30 models in 2,000 lines", chain.from_iterable(zip(models, loading, strict=True)), 50, 1.8),
        ("80 models in 2,000 lines", models, 50, 2.8),
        ("200 small models in 2,000 lines", parts_of(SMALL_MODEL), 50, 2.3),
        ("models of 256 KB", models, 300, 1.5),
    )
    for what, parts, milliseconds, ratio in sources:
        source = begun(parts, MAX_SOURCE_BYTES) if milliseconds > 50 else begun(parts, MAX_SOURCE_BYTES, LINES)
        reading, parsing = compared(partial(read, source), partial(ast.parse, source))
        why = f"ast.parse alone takes {median(parsing):.3g} ms"
        yield Row(f"reading {what}", "", reading, "ms", milliseconds, why=why)
        yield Row(f"reading {what}", "ast.parse", ratios(reading, parsing), "x", ratio)
    source = begun([*loading[:20], models[0], *loading[20:]], MAX_ERROR_BYTES - len(TRACEBACK), LINES)
    (explaining,) = compared(partial(explain, TRACEBACK + source))
    yield Row("explaining an error with a program of 64 KB", "", explaining, "ms", 50)


def parts_of(text: str) -> list[str]:
    """Definitions that differ in a number."""
    return [text.format(n=64 + n) for n in range(300)]


def begun(parts: Iterable[str], most_bytes: int, most_lines: int = sys.maxsize) -> str:
    """A module with as many of the definitions as fit."""
    source = IMPORTS
    for part in parts:
        longer = source + part
        if len(longer) > most_bytes or longer.count("\n") > most_lines:
            break
        source = longer
    return source


def compared(*functions: Callable[[], object]) -> list[list[float]]:
    """The CPU times of each function in ms, without that of garbage collections."""
    times = [list[float]() for _ in functions]
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for function, spent in zip(functions, times, strict=True):
                start = time.process_time_ns()
                function()
                spent.append((time.process_time_ns() - start) / 1e6)
                gc.collect()
    finally:
        gc.enable()
    return times
