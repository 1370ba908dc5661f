"""The training of a UrlState: what is trained, what it shows, and the nearest training that is not too large."""

import numpy as np
import pytest

from app.core.seeded_weights import stack_weights
from app.core.work_limits import GIGA, MEGA, Budget
from app.equations.gallery import GALLERY
from app.training.digits import digits
from app.training.trainer import Trainer
from app.url_state.field_types import FieldError, Value
from app.url_state.fields import FIELDS
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.input_of_state import input_of
from app.url_state_to_picture.run_and_gradients import trace_of
from app.url_state_to_picture.training import cached_trainings
from app.url_state_to_picture.training.affordable import most_units, nearest_affordable, refusal
from app.url_state_to_picture.training.cached_trainings import trained_network
from app.url_state_to_picture.training.training_request import training_of
from app.url_state_to_picture.training.training_request_of_state import parse_training, request_of

TINY = {"num_units": 2, "epochs": 1, "examples": 64}


def url_state(**fields: Value) -> UrlState:
    return parse([(name, FIELDS[name].format(value)) for name, value in fields.items()], strict=True)


def refused(**fields: Value) -> FieldError:
    with pytest.raises(FieldError) as error:
        url_state(**fields)
    return error.value


@pytest.mark.parametrize(
    ("task", "sizes"), [("digits", (8, 8)), ("wave", (24, 1)), ("text", (16, len({*"a cell keeps"})))]
)
def test_a_task_sets_the_sizes_of_a_trained_network_and_only_of_that(task: str, sizes: tuple[int, int]) -> None:
    text = {"text": "a cell keeps"} if task == "text" else {}
    trained, untrained = url_state(task=task, trained=True, **text), url_state(task=task, **text)

    assert (trained.time_step, trained.features) == sizes
    assert trained.implied_sizes == ["time_step", "features"]
    assert (untrained.time_step, untrained.features) == (4, 2)
    assert (
        parse([("features", str(sizes[1])), ("trained", "true"), ("task", task), *text.items()], strict=True) == trained
    )


def test_another_size_or_input_than_that_of_the_task_is_an_error_that_says_what_would_work() -> None:
    size = refused(trained=True, features=5)
    assert (size.field, size.allowed) == ("features", [8])
    assert size.message == "task=digits sets features to 8; leave features out"
    data = refused(trained=True, task="wave", data="digit")
    assert (data.field, data.allowed) == ("data", ["random", "wave"])
    assert data.message == "data=digit does not fit task=wave, which needs random or wave"
    cut = refused(trained=True, task="text", data="text", cut="words")
    assert (cut.field, cut.allowed) == ("cut", ["characters"])
    cell = refused(trained=True, task="text", cell="own", equations=GALLERY["sru"])
    assert (cell.field, cell.allowed) == ("task", ["digits", "wave"])


def test_in_the_view_of_a_training_the_sample_is_an_example_of_the_test_and_in_others_one_of_the_run() -> None:
    shown = url_state(view="training", trained=True, sample=300, batch_size=3)
    assert shown.sample == 300 and shown.followed is None
    assert url_state(view="training", sample=2, batch_size=3).followed == 2
    assert "sample=2" in shown.query(view="weights")
    assert refused(sample=3, batch_size=3).allowed["max"] == 2


def test_a_link_to_the_trained_network_leaves_out_an_input_that_does_not_fit() -> None:
    assert url_state(data="wave", time_step=50).query(trained=True) == "?trained=true"
    assert url_state(data="digit").query(trained=True) == "?data=digit&trained=true"
    assert url_state(trained=True).query(task="text", text="ab") == "?text=ab&task=text&trained=true"
    assert "trained" not in url_state(trained=True, cell="own", equations=GALLERY["sru"]).query(task="text")


def test_the_query_of_a_training_needs_no_trained_network() -> None:
    expected = url_state(num_units=7, trained=True)

    assert (
        parse_training([("num_units", "7")]) == parse_training([("num_units", "7"), ("trained", "false")]) == expected
    )
    assert parse_training([("trained", "true"), ("num_units", "7")]) == expected
    with pytest.raises(FieldError, match="appears twice"):
        parse_training([("trained", "true"), ("trained", "true")])


def test_only_what_the_result_depends_on_makes_another_training() -> None:
    first = request_of(url_state(trained=True))

    for same in (
        {"batch_size": 9},
        {"data": "digit"},
        {"t": 3, "tensor": "h"},
        {"theme": "dark"},
        {"framework": "keras"},
    ):
        assert request_of(url_state(trained=True, **same)) == first, same
    for other in ({"seed": 1}, {"cell": "gru"}, {"learning_rate": "0.02"}, {"task": "wave"}, {"bidirectional": True}):
        assert request_of(url_state(trained=True, **other)) != first, other
    text = request_of(url_state(trained=True, task="text"))
    assert text.text and request_of(url_state(trained=True, task="text", text=text.text)) == text


def test_a_trained_network_runs_with_its_weights_over_the_digits_of_the_test() -> None:
    shown = url_state(**TINY, trained=True, data="digit", batch_size=3, bidirectional=True)
    trainer = Trainer(training_of(request_of(shown)))
    (epoch,) = trainer
    X, trace = input_of(shown), trace_of(shown)

    assert np.array_equal(X, digits().images[1400:1403] / np.float32(16)) and X.dtype == np.float32
    for place, weights in trainer.result().weights.items():
        untrained = stack_weights(shown.stack, shown.seed)[place]
        for id, weight in weights.items():
            assert np.array_equal(trace.array(id, place, 0), weight) and not np.array_equal(weight, untrained[id])
    assert trained_network(shown).epochs == (epoch,) and trained_network(shown) is trained_network(shown)


def test_who_holds_a_trained_network_finds_it_whatever_was_trained_since() -> None:
    shown = url_state(**{**TINY, "num_units": 3}, trained=True)
    held = trained_network(shown)
    cached_trainings._cached.clear()
    assert trained_network(shown) is held


LARGE = (
    ({"num_units": 128, "epochs": 30}, Budget(training=200 * GIGA), ("epochs",)),
    ({"num_units": 512, "epochs": 25}, Budget(training=500 * GIGA), ("num_units",)),
    ({"num_units": 8, "num_layers": 8, "epochs": 200}, Budget(training=GIGA), ("epochs", "num_layers", "num_units")),
    ({"num_units": 4000, "epochs": 1}, Budget(), ("num_units",)),
    ({"num_units": 600, "epochs": 1}, Budget(bytes=MEGA, training=10**15), ("num_units",)),
)


@pytest.mark.parametrize(("fields", "budget", "changed"), LARGE, ids=str)
def test_a_training_that_is_too_large_is_an_error_with_the_nearest_that_is_not(
    fields: dict[str, Value], budget: Budget, changed: tuple[str, ...]
) -> None:
    large = url_state(**fields, trained=True)
    error, near = refusal(large, budget), nearest_affordable(large, budget)

    assert error and near and refusal(near, budget) is None
    assert {name for name in near.values if near[name] != large[name]} <= {*changed, "trained"}
    assert error.allowed == {"nearest": {name: near[name] for name in changed if near[name] != large[name]}}
    assert "limit" in error.message or "at most 2,000,000 parameters" in error.message
    one_more = {"epochs": near.epochs + 1} if near.num_units == large.num_units else {"num_units": near.num_units + 1}
    assert refusal(url_state(**{**fields, **{n: near[n] for n in changed}, **one_more}, trained=True), budget)


@pytest.mark.parametrize(
    "fields",
    [{}, {"num_layers": 2, "bidirectional": True}, {"task": "text", "epochs": 3}, {"num_units": 999, "seed": 9}],
)
def test_the_most_units_are_the_last_ones_that_are_not_refused(fields: dict[str, Value]) -> None:
    most = most_units(url_state(view="training", **fields), Budget())

    assert not refusal(url_state(**{**fields, "num_units": most}, trained=True), Budget())
    assert refusal(url_state(**{**fields, "num_units": most + 1}, trained=True), Budget())
    assert [most_units(url_state(**fields), Budget(training=least)) for least in (0, 1)] == [0, 0]


def test_a_server_may_train_nothing_and_nothing_may_fit() -> None:
    none, least = (
        refusal(url_state(trained=True), Budget(training=0)),
        refusal(url_state(trained=True), Budget(training=1)),
    )

    assert none and none.message == "this server trains no networks"
    assert least and least.allowed == {"nearest": None} and least.message.endswith("(limit: 1e-09)")
