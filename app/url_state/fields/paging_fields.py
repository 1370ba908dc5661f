"""The page of a large response."""

from dataclasses import dataclass
from typing import Annotated

from ...translations.phrases import phrase
from ..field_types import Number
from .fields_of_class import fields_of

VALUES_PER_PAGE = 100_000
"""The maximum number of values in a response."""

HELP = phrase("page of a large tensor, {n:,} values per page", n=VALUES_PER_PAGE)


@dataclass(frozen=True)
class PagingFields:
    """The page of a large response."""

    page: Annotated[int, Number(0, HELP, 0, 999_999)]


PAGING = fields_of(PagingFields)
