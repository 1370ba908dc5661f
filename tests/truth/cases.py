"""Random cases, the same every time: cells, sizes with 1s and primes, directions, layers, data, frameworks."""

import os
from random import Random

from cells import LSTMS
from frameworks import HAVING, has
from pairing import covering
from stacks import Case

NUMBER = int(os.environ.get("UNROLLED_TRUTH", "120"))
"""The number of random cases from which the tests choose. UNROLLED_TRUTH=1000 tests that many."""

SIZES = (1, 1, 2, 3, 5, 7, 11, 13)
TEXTS = ("a", "hello world", "to be or not to be", "aaaa b", "él niño, año")


def drawn(number: int) -> Case:
    """The case of a number."""
    random = Random(number)
    while True:
        case = _drawn(random)
        if has(case):
            return case


def _drawn(random: Random) -> Case:
    framework = random.choice(["colah", *HAVING])
    cell = random.choice(HAVING[framework])
    data = random.choice(("random", "random", "random", "text", "wave", "digit"))
    text = random.choice(TEXTS) if data == "text" else ""
    cut = random.choice(("characters", "words")) if data == "text" else "characters"
    features = {"random": random.choice(SIZES), "wave": 1, "digit": 28}.get(data, 0)
    if data == "text":
        features = len(set(text.split() if cut == "words" else text))
    time_step = 28 if data == "digit" else random.choice(SIZES)
    num_units, num_layers, bidirectional = random.choice(SIZES), random.choice((1, 1, 2, 3)), random.random() < 0.4
    return Case(
        cell=cell,
        batch_size=random.choice(SIZES),
        time_step=time_step,
        features=features,
        num_units=num_units,
        num_proj=random.choice((0, 0, 1, 3)) if cell in LSTMS else 0,
        num_layers=num_layers,
        bidirectional=bidirectional,
        framework=framework,
        seed=random.choice((0, 1, 17, 999_999_999)),
        data=data,
        text=text,
        cut=cut,
        t=random.choice((0, time_step - 1, random.randrange(time_step))),
        layer=random.randrange(num_layers),
        direction=random.choice(("forward", "backward")) if bidirectional else "forward",
        **_switches(random, framework, bidirectional),  # type: ignore[arg-type]
    )


def _switches(random: Random, framework: str, bidirectional: bool) -> dict[str, object]:
    """The framework's own switches."""

    def yes() -> bool:
        return random.random() < 0.5

    match framework:
        case "keras":
            merge = random.choice(("concat", "sum", "mul", "ave", "none")) if bidirectional else "concat"
            sequences = {"return_sequences": yes(), "return_state": yes()}
            return {**sequences, "go_backwards": yes() and not bidirectional, "merge_mode": merge}
        case "pytorch":
            return {"batch_first": yes()}
        case "onnx":
            return {"layout": random.choice((0, 1))}
        case "tf1":
            return {"time_major": yes(), "forget_bias": random.choice((0, 1))}
        case "flax":
            return {"time_major": yes(), "return_carry": yes()}
    return {}


def _settings(case: Case) -> tuple[object, ...]:
    shape = case.bidirectional, case.num_layers > 1, case.num_proj > 0
    switches = case.merge_mode, case.go_backwards, case.layout, case.time_major
    return case.framework, case.cell, *shape, *switches, case.data != "random"


_drawn_cases = [drawn(number) for number in range(NUMBER)]
CASES = _drawn_cases if "UNROLLED_TRUTH" in os.environ else covering(_drawn_cases, _settings)
"""Cases in which every pair of settings occurs that occurs in any drawn case; in `make check`, all of them."""
