"""The page of a large response."""

from dataclasses import dataclass
from typing import Annotated

from ...translations.phrases import phrase
from ..field_types import Number
from .fields_of_class import fields_of


@dataclass(frozen=True)
class PagingFields:
    """The page of a large response."""

    page: Annotated[int, Number(0, phrase("page of a large tensor, 100,000 values per page"), 0, 999_999)]


PAGING = fields_of(PagingFields)
