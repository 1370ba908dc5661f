"""Parses which axes names have, W \\in \\mathbb{R}^{m \\times n}."""

from abc import ABC

from ....translations.phrases import phrase
from ...places_and_errors import EquationsError, Place
from .paper_syntax import Binary, Domain, Symbol, Term
from .term_parser import TermParser
from .token import Token


class DomainParser(TermParser, ABC):
    """Domains and sizes, of the terms that ``TermParser`` reads."""

    def _segment(self) -> list[Token]:
        """The tokens up to the end of the line."""
        rest = self.tokens[self.at :]
        return rest[: next(n for n, t in enumerate(rest) if t.kind == "end")]

    def _domain(self, names: list[Symbol], start: Place) -> None:
        """``\\mathbb{R}^{a \\times b}``; an interval or a set of numbers, [0, 1], says nothing about axes."""
        if self.is_sign("[", "(", "{"):
            self._skip_range()
            if self.next.kind == "word":  # [0, 1]dk of a PDF
                self.size()
            if not self.is_sign("^"):
                self.found.ranges += names
                return
        elif self.next.text not in ("R", "ℝ", "C"):
            raise self.unexpected(phrase("{what} is missing", what="ℝ"))
        elif self.take().text == "C":
            self.found.complex_names |= {name.id for name in names}
        sizes: list[Term] = []
        self._drop_positive()
        if is_flat := self._is_flat_size():
            sizes.append(self._flat_size())
        if is_flat or self.accept("^"):
            braces = None if is_flat else self.accept("{")
            sizes += [] if is_flat else [self.size()]
            while (braces or is_flat) and (self.accept("·") or (self._is_cross() and self.take())):
                sizes.append(self.size())
            if braces:
                self.expect("}")
        value = 0.0
        if self.is_sign(",") and self._is_start(names[0]):
            self.take()
            self.symbol()
            self.expect("=")
            value = self.number()
        self.found.domains.append(Domain(tuple(names), tuple(sizes), value, start))

    def _is_flat_size(self) -> bool:
        """Whether the exponent stands beside ℝ in a PDF, Rdh×dx, so that it is an index that nobody wrote."""
        return self.is_sign("_") and self.next.place.start == self.next.place.end

    def _flat_size(self) -> Term:
        """The first size of such an exponent: d_h of Rdh×dx."""
        opening = [self.take(), self.take()]
        if self.peek().text == "}":
            del self.tokens[self.at + 1]
        else:
            self.tokens[self.at + 1 : self.at + 1] = opening
        return self.size()

    def _drop_positive(self) -> None:
        """Leave out the sign of positive numbers, ℝ_+ or ℝ^d_{>0}."""
        row = self._segment()
        for n, token in enumerate(row[:-1]):
            end = (
                n + 2 if row[n + 1].text != "{" else next((k for k in range(n, len(row)) if row[k].text == "}"), n) + 1
            )
            texts = {one.text for one in row[n + 1 : end]}
            if token.text == "_" and texts & {"+", ">", "≥"} and texts <= {"{", "}", "+", ">", "≥", "0"}:
                del self.tokens[self.at + n : self.at + end]
                return

    def _skip_range(self) -> None:
        first = self.take()
        depth = 1
        while depth:
            if self.next.kind == "end":
                raise self.unexpected(phrase("“{sign}” is missing", sign="])}"["[({".index(first.text)]))
            is_sign = self.next.kind == "sign"
            depth += (self.next.text in "([{") - (self.next.text in ")]}") if is_sign else 0
            self.take()

    def _is_start(self, name: Symbol) -> bool:
        at = self.at
        try:
            self.take()
            return self.next.kind in ("word", "above") and self.symbol().id == f"{name.id}_0" and self.is_sign("=")
        except EquationsError:
            return False
        finally:
            self.at = at

    def _is_cross(self) -> bool:
        """Whether the letter x stands for ×, R^{m x d}."""
        return self.next.text == "x" and self.peek().kind in ("word", "number")

    def size(self) -> Term:
        """A size in a domain: a name, a sum or a multiple."""
        found = self.power()
        while (sign := self.accept("+", "/")) or (self.next.kind in ("word", "number") and not self._is_cross()):
            right = self.power()
            found = Binary(sign.text if sign else " ", found, right, found.place.to(right.place))
        return found
