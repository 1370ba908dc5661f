"""The measured figures in texts are those of the file that `make curves` wrote, and what the texts say of them in
words is so."""

import json
import re
from pathlib import Path
from statistics import fmean
from typing import Any

from app.teaching.all_pages import PAGES
from app.teaching.trained_accuracies import MEASURED
from app.training.overfitting import has_memorised

FILE = json.loads((Path(__file__).parents[2] / "app/training/curves.json").read_text())
LSTM, RNN = FILE["curves"]["lstm"], FILE["curves"]["rnn"]


def percent(run: dict[str, Any], of: str = "test") -> float:
    return 100 * fmean(run[of])


def of_units(runs: list[dict[str, Any]], num_units: int) -> dict[str, Any]:
    (found,) = (run for run in runs if run["num_units"] == num_units)
    return found


def memorised(examples: int, num_units: int) -> dict[str, Any]:
    return of_units([run for run in FILE["memorised"] if run["examples"] == examples], num_units)


def test_every_figure_is_that_of_the_file() -> None:
    points = {
        "one": of_units(LSTM, 1),
        "two": of_units(LSTM, 2),
        "enough": next(run for run in LSTM if percent(run) > 90),
        "nearly": next(run for run in LSTM if percent(run) >= percent(LSTM[-1]) - 1),
        "most": LSTM[-1],
        "rnn_best": sorted(RNN, key=percent)[-1],
        "rnn_most": RNN[-1],
    }
    many, few, fewest, plenty = memorised(100, 128), memorised(100, 8), memorised(100, 2), memorised(1400, 128)
    shares = {f"{name}_test": percent(run) for name, run in points.items()} | {
        "memorised_train": percent(many, "train"),
        "memorised_test": percent(many),
        "one_of_seed": 100 * LSTM[0]["test"][0],
        "tiny_train": percent(fewest, "train"),
        "tiny_test": percent(fewest),
        "small_train": percent(few, "train"),
        "small_test": percent(few),
        "learned_test": percent(plenty),
    }

    assert {
        "goal": "90%",
        "seeds": len(FILE["seeds"]),
        "classes": 10,
        "examples": FILE["schedule"]["examples"],
        "few_examples": 100,
        "memorised": 128,
        "memorised_parameters": many["parameters"],
        "memorised_epochs": many["epochs"],
        "memorised_of_seed": f"{100 * many['test'][0]:.1f}%",
        "small": 8,
        "tiny": 2,
        **{name: run["num_units"] for name, run in points.items()},
        **{f"{name}_parameters": run["parameters"] for name, run in points.items()},
        **{name: "100%" if share == 100 else f"{share:.1f}%" for name, share in shares.items()},
    } == MEASURED


def test_what_texts_say_in_words_is_so() -> None:
    """128 units are the most; fewer units than digits tell them apart; one unit is better than guessing; 128 units have
    memorised 100 digits, of which fewer units memorise fewer, which does not help, but more digits do; a simple RNN
    falls again."""
    many, few, fewest, plenty = memorised(100, 128), memorised(100, 8), memorised(100, 2), memorised(1400, 128)

    assert MEASURED["most"] == 128
    assert int(MEASURED["enough"]) < int(MEASURED["classes"])
    assert percent(LSTM[0]) > 10
    assert percent(fewest, "train") < percent(few, "train") < percent(many, "train") == 100
    assert percent(fewest) < percent(few) < percent(many) < percent(plenty) - 15
    assert all(has_memorised(*seed) for seed in zip(many["train"], many["test"], strict=True))
    assert not has_memorised(percent(plenty, "train") / 100, percent(plenty) / 100)
    assert {run["epochs"] for run in FILE["memorised"]} == {100}
    assert int(MEASURED["rnn_best"]) < int(MEASURED["rnn_most"])


def test_texts_take_accuracies_from_the_file_and_say_whether_they_are_means() -> None:
    pages = [page for own in PAGES.values() for page in (own, *own.variant_pages)]
    texts = [" ".join(page.text.split()) for page in pages]
    measured = [text for text in texts if re.search(r"{\w+_(test|train)}", text)]

    assert len(measured) == 7
    assert [text for text in measured if not re.search("means? of {seeds}|{seeds} trainings", text)] == []
    assert [text for text in texts if re.search(r"\d%", text)] == []
