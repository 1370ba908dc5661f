"""Random stacks, asked over HTTP and compared with textbook loops: every number that is said is so.

UNROLLED_TRUTH=1000 compares that many stacks instead of about 30.
"""

from random import Random

import check_files as files
import check_json as answers
import check_notes as notes
import check_pages as pages
import check_pictures as pictures
import check_prose as prose
import check_units as units
import check_values as values
import pytest
from cases import CASES
from check_judgements import check_question
from http_client import truth
from inputs import check_input
from stacks import Case

of_every_case = pytest.mark.parametrize(
    "number, case", list(enumerate(CASES)), ids=[f"{n}-{case.framework}-{case.cell}" for n, case in enumerate(CASES)]
)


def some_tensor(number: int, case: Case) -> str:
    return Random(number).choice(truth(case).ids(case.place))


@of_every_case
def test_the_input_is_what_the_link_names(number: int, case: Case) -> None:
    check_input(case, truth(case).X.value)


@of_every_case
def test_the_trace_has_the_shapes_formulas_and_counts_of_the_run(number: int, case: Case) -> None:
    answers.check_trace(case)


@of_every_case
def test_the_config_and_the_formula_of_X_lead_to_the_same_run(number: int, case: Case) -> None:
    answers.check_config(case)
    answers.check_what_is_read(case)


@of_every_case
def test_every_tensor_has_the_values_of_the_textbook(number: int, case: Case) -> None:
    values.check_values(case)
    values.check_map(case, some_tensor(number, case))


@of_every_case
def test_gradients_are_those_of_automatic_differentiation(number: int, case: Case) -> None:
    values.check_gradients(case)


@of_every_case
def test_a_changed_number_changes_what_it_changes_in_the_textbook(number: int, case: Case) -> None:
    random = Random(number)
    widths = {"x": case.width_of_x(case.layer), "h_prev": case.width_of_h, "c_prev": case.num_units}
    id = random.choice(["x", *(f"{state}_prev" for state in case.states)])
    changed = id, random.randrange(widths[id]), random.randrange(case.batch_size)
    values.check_poke(case, *changed)
    notes.check_poke_read(case, *changed)


@of_every_case
def test_a_unit_owns_the_numbers_that_make_its_gates(number: int, case: Case) -> None:
    unit = Random(number).randrange(case.num_units)
    units.check_unit_entry(case, unit)
    units.check_unit(case, unit)


@of_every_case
def test_files_hold_what_the_framework_stores(number: int, case: Case) -> None:
    files.check_table(case)
    files.check_weights(case)


@of_every_case
def test_the_page_says_what_is_so(number: int, case: Case) -> None:
    pages.check_page(case, tensor=some_tensor(number, case), view=pictures.VIEWS[number % 6])


@of_every_case
def test_what_is_read_under_the_picture_is_so(number: int, case: Case) -> None:
    match number % 3:
        case 0:
            notes.check_batch(case, Random(number).randrange(case.batch_size))
        case 1:
            notes.check_doubling(case)
        case _:
            notes.check_gradients_read(case)


@of_every_case
def test_no_plural_counts_one(number: int, case: Case) -> None:
    pages.check_words(case, tensor=some_tensor(number, case), view=pictures.VIEWS[number % 6], sample=0, unit=0)


@of_every_case
def test_every_label_of_a_picture_is_a_true_shape(number: int, case: Case) -> None:
    for view in (pictures.VIEWS[number % 6], pictures.VIEWS[(number + 1) % 6]):
        pictures.check_picture(case, view, labels=("numbers", "both")[number % 2])


def test_prose_beside_a_picture_says_its_numbers() -> None:
    random, lies = Random(13), []
    sizes = {"batch_size": (1, 2, 7), "time_step": (1, 3, 11), "features": (1, 5, 13), "num_units": (1, 2, 6)}
    for address in prose.pages():
        try:
            prose.check_prose(prose.moved(address, **{name: random.choice(some) for name, some in sizes.items()}))
        except AssertionError as lie:
            lies.append(str(lie))
    assert not lies, "\n".join(lies)


@pytest.mark.parametrize("number", range(1, 11))
def test_a_quiz_judges_by_the_true_shape(number: int) -> None:
    check_question(seed=number, number=number)
