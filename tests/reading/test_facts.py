"""Facts about sizes give the configurations that fit, or those that contradict each other."""

from itertools import product

import pytest

from app.reading.facts_about_sizes import GATES, Configuration, Fact, fact, fits


def sizes_of(cell: str, features: int, units: int, layers: int, directions: int, batch: int) -> dict[str, int]:
    """The sizes that messages show, computed from a configuration."""
    return {
        "num_layers*directions": layers * directions,
        "batch_size": batch,
        "num_units": units,
        "gates*num_units": GATES[cell] * units,
        "features+num_units": features + units,
    }


NETWORKS = list(product(GATES, (2, 10), (5, 20), (1, 2, 3), (1, 2), (1, 32)))


def facts_of(network: tuple[str, int, int, int, int, int], names: set[str]) -> list[Fact]:
    return [fact(name, size, name) for name, size in sizes_of(*network).items() if name in names]


def test_the_true_configuration_is_among_those_that_fit() -> None:
    for network in NETWORKS:
        cell, features, units, layers, directions, batch = network
        found = fits(facts_of(network, {*sizes_of(*network)})).configurations

        assert (
            Configuration(
                cell=cell,
                batch_size=batch,
                features=features,
                num_units=units,
                num_layers=layers,
                bidirectional=directions == 2,
            )
            in found
        )
        assert {(each.num_layers or 0) * (1 + bool(each.bidirectional)) for each in found} == {layers * directions}


def test_what_no_fact_says_is_unknown() -> None:
    assert fits([]).configurations == (Configuration(),)
    assert fits([fact("batch_size", 3, "x")]).configurations == (Configuration(batch_size=3),)
    found = fits([fact("features+num_units", 12, "kernel")]).configurations
    assert found == (Configuration(),)


def test_a_product_leaves_every_choice_that_divides_it() -> None:
    rows = fits([fact("gates*num_units", 60, "kernel")]).configurations
    odd = fits([fact("gates*num_units", 35, "kernel")]).configurations

    assert [(each.cell, each.num_units) for each in rows] == [("lstm", 15), ("gru", 20), ("rnn", 60)]
    assert [(each.cell, each.num_units) for each in odd] == [("rnn", 35)]


@pytest.mark.parametrize(
    ("parts", "likely"), [(2, [(2, False), (1, True)]), (4, [(2, True), (4, False)]), (6, [(3, True), (6, False)])]
)
def test_up_to_three_layers_are_more_likely_than_directions(parts: int, likely: list[tuple[int, bool]]) -> None:
    found = fits([fact("num_layers*directions", parts, "h_0")]).configurations

    assert [(each.num_layers, each.bidirectional) for each in found] == likely


def test_one_fact_decides_what_another_leaves_open() -> None:
    kernel, units = fact("gates*num_units", 80, "kernel"), fact("num_units", 20, "h_0")

    assert [each.cell for each in fits([kernel, units]).configurations] == ["lstm"]


def test_a_contradiction_names_only_the_facts_that_contradict_each_other() -> None:
    units, rows = fact("num_units", 20, "h_0"), fact("gates*num_units", 70, "kernel")
    contradicting = fits([fact("batch_size", 3, "x"), units, fact("features", 7, "x"), rows])

    assert contradicting.configurations == () and set(contradicting.contradiction) == {units, rows}
    for one in contradicting.contradiction:
        assert fits([one]).configurations


def test_two_sizes_of_one_axis_contradict_each_other() -> None:
    found = fits([fact("batch_size", 3, "x"), fact("batch_size", 5, "h_0")])

    assert [(one.value, one.about) for one in found.contradiction] == [(3, "x"), (5, "h_0")]


def test_no_size_is_zero() -> None:
    assert not fits([fact("features+num_units", 20, "kernel"), fact("num_units", 20, "h_0")]).configurations
    assert not fits([fact("batch_size", 0, "x")]).configurations


def test_a_fact_that_contradicts_itself_is_named() -> None:
    impossible = fact("num_layers*directions", 0, "h_0")

    assert fits([fact("features", 10, "x"), impossible]).contradiction == (impossible,)
    assert fits([fact("num_layers*directions", 18, "h_0")]).configurations[0].num_layers == 18
