"""Parses sums from one number to another, which are written out, and values with their conditions."""

from abc import ABC, abstractmethod
from dataclasses import replace

from ....translations.phrases import phrase
from ...limits import MAX_SUMMANDS
from ...places_and_errors import EquationsError, Place
from ..refused_forms import open_sum, sum_over_all_steps
from ..vocabulary.usual_letters import IDENTITY
from .name_parser import NameParser
from .paper_syntax import SLOTS, Apply, Binary, Domain, Number, Symbol, Term, parts_of, rebuilt, within
from .token import Token


class SumParser(NameParser, ABC):
    """Sums, products and cases, of the terms that ``TermParser`` reads."""

    @abstractmethod
    def binary(self, sign: str, left: Term, right: Term) -> Term: ...

    @abstractmethod
    def added(self) -> Term: ...

    @abstractmethod
    def multiplied(self) -> Term: ...

    def _sum(self, token: Token, operator: str = "+") -> Term | None:
        """A sum over a range of numbers, written out, or over the children of a node, which in a chain are one: the
        step before. None if the index is that of an axis."""
        if self.conventions.components and self._skip_sum_over_components():
            return self.multiplied()
        if (self.peek(2) if self.peek().text == "{" else self.peek()).text in self.conventions.slots:
            self._skip_range_of_sum()
            summed = self.multiplied()
            return Apply("sum", (SLOTS,), (summed,), token.place.to(summed.place))
        letter, sign = self.peek(2), self.peek(3)
        if self.peek().text == "{" and sign.text == "'" and self.peek(4).text == "}":  # \\sum_{j'}
            raise EquationsError(open_sum(letter.text, prime="'"), token.place.to(sign.place))
        if self.peek().text != "{" or letter.kind != "word" or sign.text not in ("=", "∈"):
            return None
        for _ in range(4):
            self.take()
        place = token.place.to(sign.place)
        if sign.text == "∈":
            if letter.text != self.conventions.child:
                raise EquationsError(phrase("a sum over a set is not read; write its terms"), place)
            depth = 1
            while depth and self.next.kind != "end":
                depth += {"{": 1, "}": -1}.get(self.take().text, 0)
            sentence = phrase("In a chain, a node has one child: the step before. So the sum over {k} is its one term.",
                              k=letter.text)  # fmt: skip
            self.found.notes.append((token.place.line, sentence))
            return self.multiplied()
        first = self._bound("}", place)
        self.expect("^")
        last = self._bound("}", place) if self.accept("{") else self._one_bound(place)
        if not 0 <= last - first < MAX_SUMMANDS:
            problem = phrase("a sum has from 1 to {n} terms; this has {found}", n=MAX_SUMMANDS, found=last - first + 1)
            raise EquationsError(problem, place)
        begin, outer, terms = self.at, {**self.counters}, list[Term]()
        for value in range(first, last + 1):
            self.at, self.counters[letter.text] = begin, value
            terms.append(self.multiplied())
        self.counters = outer
        found = terms[0]
        if operator != "+" and any(isinstance(e, Symbol) and e.id == IDENTITY for e in within(found)):
            operator = " "  # of matrices, I - β k kᵀ
        for term in terms[1:]:
            found = self.binary(operator, found, term)
        return found

    def _skip_sum_over_components(self) -> bool:
        """Take the sign of a sum over components, \\sum_{j=1}^N, if it is one: a product with a matrix follows."""
        letter = self.peek(2 if self.peek().text == "{" else 1)
        if letter.text not in self.conventions.components:
            return False
        self._skip_range_of_sum()
        return True

    def _skip_range_of_sum(self) -> None:
        while self.accept("_", "^"):
            end = "}" if self.is_sign("{") else self.next.text
            while (token := self.take()).text != end and self.next.kind != "end":
                if token.text == "≠":
                    sentence = phrase("The condition with ≠ is not read: the sum is over all components.")
                    self.found.notes.append((token.place.line, sentence))

    def _bound(self, closing: str, place: Place) -> int:
        """A bound of a sum: whole numbers, and names to which the text gives some, with + and - between them."""
        found = self._one_bound(place)
        while sign := self.accept("+", "-"):
            value = self._one_bound(place)
            found += value if sign.text == "+" else -value
        self.expect(closing)
        return found

    def _one_bound(self, place: Place) -> int:
        if self.next.kind == "number" and self.next.text.isdigit() and len(self.next.text) < 4:
            return int(self.take().text)
        if self.next.kind == "word":
            token = self.next
            if token.text == self.conventions.step_letter:
                raise EquationsError(sum_over_all_steps(token.text), place)
            name = self.symbol().id
            if (value := self.number_of(name, token.place)) is not None:
                self.found.counts.add(name)
                return value
            problem = phrase("the text does not say which number {name} is; write {line} in a line of its own, or "
                             "write the terms of the sum", name=name, line=f"{name} = 3")  # fmt: skip
            raise EquationsError(problem, place, lines_to_add=(f"{name} = 3",))
        raise self.unexpected(phrase("{what} is missing", what=phrase("a number")))

    def _with_all(self, parts: list[Term], dots: Token) -> list[Term]:
        """The names of a list whose dots stand before the last one: u_1, …, u_k."""
        *before, first, last = parts
        if isinstance(first, Symbol) and isinstance(last, Symbol):
            number = int(last.label) if last.label.isdigit() else self.number_of(last.label, last.place)
            base = last.id.removesuffix(last.label)
            is_row = first.label.isdigit() and first.id == f"{base}{first.label}"
            if is_row and number and 0 < number - int(first.label) < MAX_SUMMANDS:
                numbers = range(int(first.label), number + 1)
                return [*before, *(replace(last, id=f"{base}{n}", label=str(n)) for n in numbers)]
        problem = phrase("the dots of a list are read between names with numbers, such as {example}, and between "
                         "formulas of weights with numbers, such as {other}; write the whole list",
                         example="[u_1, …, u_3]", other="[cos(ω_1 t), …, cos(ω_K t)]")  # fmt: skip
        raise EquationsError(problem, dots.place.to(last.place))

    def _vector_of(self, parts: list[Term], has_dots: bool) -> Term | None:
        """The vector whose numbers a list gives by a formula of weights, cos(ω t) for [cos ω_1 t, …, cos ω_K t]; None
        for other lists. Its weights get the axis that the last of their indices names."""
        first, last = parts[0], parts[-1]
        if len(parts) < 2 or isinstance(first, Symbol | Number):
            return None
        names = [[e for e in within(part) if isinstance(e, Symbol)] for part in parts]
        labels = [{e.label for e in row if e.step is None and e.label} for row in names]
        numbers = [min(own, default="") for own in labels]
        is_counted = numbers[:-1] == [str(n) for n in range(1, len(parts))] and all(len(own) == 1 for own in labels)
        if not is_counted or len({*map(_outline, parts)}) > 1 or not (has_dots or numbers[-1] == str(len(parts))):
            return None
        size: Term = Symbol(numbers[-1], None, last.place)
        if numbers[-1].isdigit():
            size = Number(float(numbers[-1]), last.place)

        def written(e: Term) -> Term:
            if isinstance(e, Symbol) and e.step is None and e.label == "1":
                weights.append(replace(e, id=e.id.removesuffix("_1"), label=""))
                return weights[-1]
            return rebuilt(e, written)

        weights = list[Symbol]()
        vector = written(first)
        self.found.said_domains.append(Domain(tuple(weights), (size,), 0.0, last.place))
        sentence = phrase("The list is read as a vector, whose numbers have one formula: {names} has one value for "
                          "each.", names=", ".join(e.id for e in weights))  # fmt: skip
        self.found.notes.append((last.place.line, sentence))
        return vector

    def _cases(self, token: Token) -> Term:
        """Values with their conditions, as ``where``. The last value needs no condition."""
        rows: list[tuple[Term, Term | None]] = []
        while not self.accept("]"):
            value, condition = self.added(), None
            while self.accept(",", "."):
                pass
            if not (self.accept("else") or self.is_sign(";", "]")):
                self.accept("if")
                condition = self._condition()
            rows.append((value, condition))
            while self.accept(";", ",", "."):
                pass
        found = rows[-1][0] if rows else None
        for value, condition in rows[-2::-1]:
            if condition is None or found is None:
                break
            found = self._counted(Apply("where", (), (condition, value, found), token.place))
        if found is None or len(rows) < 2 or any(condition is None for _, condition in rows[:-1]):
            problem = phrase("cases need a condition in each row; write {example}", example="where(x > 0, a, b)")
            raise EquationsError(problem, token.place)
        if rows[-1][1]:
            sentence = phrase("The last case is read as that of all other values.")
            self.found.notes.append((token.place.line, sentence))
        return found

    def _condition(self) -> Term:
        """Comparisons, with “and” between them."""
        found = self._comparison()
        while self.accept("∧"):
            found = self.binary("⊙", found, self._comparison())
        return found

    def _comparison(self) -> Term:
        """A comparison, or two in a row: a < b < c."""
        left, found = self.added(), list[Term]()
        while sign := self.accept("<", ">", "≤", "≥", "≠", "≐", "="):
            right = self.added()
            found.append(self.binary("≐" if sign.text == "=" else sign.text, left, right))
            left = right
        if not found and isinstance(left, Symbol) and left.id.isupper() and len(left.id) > 1:
            problem = phrase("the text does not say when {name} holds; write its condition, such as x > 0",
                             name=left.id)  # fmt: skip
            raise EquationsError(problem, left.place)
        if not found or len(found) > 2:
            raise self.unexpected(phrase("{what} is missing", what=phrase("a condition such as x > 0")))
        return self.binary("⊙", *found) if len(found) == 2 else found[0]


def _outline(e: Term) -> str:
    """A term as text without the numbers of its names."""
    match e:
        case Symbol(id, step, label=label):
            return f"{id.removesuffix(label)}@{step}"
        case Number(value):
            return str(value)
    sign = e.function if isinstance(e, Apply) else e.sign if isinstance(e, Binary) else ""
    return f"{type(e).__name__}{sign}({','.join(map(_outline, parts_of(e)))})"
