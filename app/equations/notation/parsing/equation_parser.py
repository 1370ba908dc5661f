"""Parses the notation of papers: tokens -> equations. Lines of our own language may stand among the others.

``Cursor`` (tokens) -> ``NameParser`` (names) -> ``TermParser`` (terms) -> ``DomainParser`` (domains) -> ``Parser``
(equations).
"""

from dataclasses import replace
from itertools import accumulate, takewhile

from ....core.axes import OwnSize
from ....translations.phrases import phrase
from ...equations_parser import uneven
from ...limits import MAX_LINES
from ...places_and_errors import EquationsError, Place
from ...syntax import AxisLine, Output
from ..refused_forms import line_of_element, line_of_function
from ..rewriting.complex_numbers import ENDS, PARTS
from ..rewriting.derivatives import ORDERS, derivative_of
from ..vocabulary.function_words import NORMALISATIONS, function_of
from ..vocabulary.usual_letters import CAPITAL_FUNCTIONS, FREE_FUNCTIONS
from .domain_parser import DomainParser
from .paper_syntax import Apply, Binary, Definition, Equation, Joined, Number, Symbol, Term, Transposed, rebuilt
from .terms import equal_parts, is_greek
from .token import Token


class Parser(DomainParser):
    """The equations among some tokens. ``is_of_function``: whether they define a function that others use."""

    is_of_function = False

    def statements(self) -> None:
        while self.at < len(self.tokens) - 1:
            is_outer = self.is_sign("{") and self.peek().text in ("{", "")
            if self.next.kind == "end" or is_outer or self.is_sign(",", ";", ".", ":", "}"):
                self.take()
            elif self._is_range_of_steps() or not self._is_statement():
                self._prose()
            else:
                self.statement()
                if not (self.next.kind == "end" or self.is_sign(",", ";", ".", "}")):
                    raise self.unexpected(phrase("a new line should begin"))

    def _is_statement(self) -> bool:
        """Whether an equation or a domain follows, and no words or map: LSTM: h_{t-1}, x_t → h_t."""
        signs = {token.text for token in self._segment() if token.kind == "sign"}
        return bool(signs & {"=", "∈"}) or (":" in signs and "→" not in signs)

    def _is_range_of_steps(self) -> bool:
        """Whether the line goes on with t = 1, …, T or t ∈ {1, …, T}."""
        is_step = self.next.kind == "word" and self.next.text == self.conventions.step_letter
        is_number = self.peek().text == "=" and self.peek(2).kind == "number"
        n = 3
        while is_number and self.peek(n).text in (",", ";") and self.peek(n + 1).kind == "number":
            n += 2
        dots = self.peek(n + 1).text if self.peek(n).text in (",", ";", ".") else self.peek(n).text
        is_range = is_number and (dots == "…" or (dots == "." and self.peek(n).text == "."))  # l = 1, 2, …, L or 1..L
        return is_range or (is_step and (is_number or (self.peek().text == "∈" and self.peek().kind == "sign")))

    def _prose(self) -> None:
        lines = {t.place.line for t in self._segment() if t.kind in ("word", "function")}
        self.found.skipped += sorted(lines - {*self.found.skipped})
        self.at += len(self._segment())

    def statement(self) -> None:
        start = self.next.place
        if self.next.text in ("axis", "output") and self.own_statement():
            return
        if letter := self._counted_letter():
            self._statement_for_each(letter)
            return
        if derivative := self._derivative():
            self.terms = 0
            name, factor, others = derivative
            value = self.expression()
            for sign, other in others:
                value = self.binary("-" if sign == "+" else "+", value, other)
            value = self.binary("/", value, factor) if factor else value
            self.found.equations.append(Equation((name,), value, name.place))
            return
        if self._is_logarithm():
            self._statement_of_logarithm()
            return
        names = self._names_in_brackets() if self.is_sign("[", "(") else []
        names = names or self._name_of_part()
        is_list = len(names) > 1
        names = names or [self.symbol()]
        while self.accept(","):
            names.append(self.symbol())
        if self.accept("∈"):
            self._domain(names, start)
            return
        is_turned = self._is_turned()
        if is_list and self.next.text == "T" and self.peek().text == "=":  # (ft, it)T = …
            self.take()
        if self.is_sign("(", "["):
            if names[-1].id in NORMALISATIONS:
                self._skip_definition(start)
                return
            if self._define(names):
                return
            if self._is_output_of_tensors(names):
                names = [replace(names[0], step=0)]
            else:
                self._check_definition(names[-1])
        if not self.accept("="):
            raise self._without_equals(names[-1])
        self.terms = 0
        if len(names) > 1 and (functions := self._functions_in_brackets(len(names))):
            self._apply_each(names, functions, self.expression())
            return
        values = self._alternatives(len(names)) if len(names) > 1 and self._has_alternatives() else [self.expression()]
        if len(names) == 1:
            names, values = self._last_of_chain(names[0], values[0])
        if is_turned and not is_list:
            values = [Transposed(value, value.place) for value in values]
        while len(names) > 1 and self.is_sign(",") and self._is_next_value():
            self.take()
            values.append(self.expression())
        if is_list and isinstance(values[0], Joined) and len(values[0].parts) == len(names):
            values = [*values[0].parts]
        if len(values) == len(names):
            pairs = [
                (name, value)
                for name, value in zip(names, values, strict=True)
                if not (name.label == "0" and isinstance(value, Symbol) and value.id == name.id)  # s(0) = s_0
            ]
            self.found.equations += [Equation((name,), value, name.place) for name, value in pairs]
        elif len(values) == 1:
            place = start.to(names[-1].place)
            self.found.equations.append(Equation(tuple(names), self._in_parts(values[0], len(names)), place))
        else:
            raise EquationsError(uneven(len(names), len(values)), start.to(names[-1].place))
        if self.accept("∈"):
            self._domain(names, start)

    def _is_logarithm(self) -> bool:
        """Whether the logarithm of a tensor stands at the left: log a_t = …"""
        return self.next.kind == "function" and function_of(self.next.text) == "log" and self.peek().text != "="

    def _statement_of_logarithm(self) -> None:
        """Take a line that computes the logarithm of a tensor, which is the exponential function of its value."""
        start, self.terms = self.take(), 0
        closing = ")]"["([".index(self.take().text)] if self.is_sign("(", "[") else ""
        name = self.symbol()
        if closing:
            self.expect(closing)
        self.expect("=")
        value = Apply("exp", (), (self.expression(),), start.place)
        self.found.equations.append(Equation((name,), value, name.place))

    def _names_in_brackets(self) -> list[Symbol]:
        """The names at the left that stand in brackets, one after another, [f_t, i_t]ᵀ = …, or none if what follows
        is no such list."""
        segment = self._segment()
        depths = accumulate((t.text in "([{") - (t.text in ")]}") if t.kind == "sign" else 0 for t in segment)
        end = next((n for n, depth in enumerate(depths) if not depth), len(segment))
        has_comma = any(t.kind == "sign" and t.text in ",;" for t in segment[:end])
        rest = [t.text for t in segment[end + 1 :]]
        if not has_comma or "=" not in rest[:5]:
            return []
        self.take()
        names = [self.symbol()]
        while self.accept(",", ";"):
            if not self.is_sign("]", ")"):
                names.append(self.symbol())
        if not self.accept("]", ")"):
            raise self.unexpected(phrase("“{sign}” is missing", sign="]"))
        return names

    def _name_of_part(self) -> list[Symbol]:
        """The name at the left of a line that computes the real or imaginary part of a tensor, Re(c_t) = …, or none."""
        if self.next.kind != "function" or function_of(self.next.text) not in PARTS:
            return []
        end = ENDS[PARTS.index(function_of(self.take().text))]
        closing = ")]"["([".index(self.take().text)] if self.is_sign("(", "[") else ""
        name = self.symbol()
        if closing:
            self.expect(closing)
        self.found.complex_names.add(name.id)
        return [replace(name, id=f"{name.id}{end}")]

    def _counted_letter(self) -> str:
        """The letter of a sum that is an index at the left, a_{i,t} = …, so that the line stands for several."""
        if not self.conventions.ranges:
            return ""
        row = self._segment()
        end = next((n for n, token in enumerate(row) if token.kind == "sign" and token.text == "="), 0)
        letters = (row[n].text for n in range(1, end) if row[n].kind == "word"
                   and (row[n - 1].text in "_^{(,→" or row[n - 1].kind == "word"))  # fmt: skip
        known = self.conventions.ranges.keys() - self.counters.keys()
        return next((letter for letter in letters if letter in known), "")

    def _statement_for_each(self, letter: str) -> None:
        begin, (first, last) = self.at, self.conventions.ranges[letter]
        sentence = phrase("A line with {i} stands for several, and is written for each: {i} from {first} to {last}.",
                          i=letter, first=first, last=last)  # fmt: skip
        self.found.notes.append((self.next.place.line, sentence))
        outer = {**self.counters}
        for value in range(first, last + 1):
            if len(self.found.equations) >= MAX_LINES:
                problem = phrase("more than {n} lines of sums; write fewer", n=MAX_LINES)
                raise EquationsError(problem, self.next.place)
            self.at, self.counters, before = begin, {**outer, letter: value}, len(self.found.equations)
            self.statement()
            if letter == self.conventions.layers:
                self.found.layer_of |= dict.fromkeys(range(before, len(self.found.equations)), value)
        self.counters = outer

    def _derivative(self) -> tuple[Symbol, Term | None, list[tuple[str, Term]]] | None:
        """The derivative at the left of a differential equation, τ dv/dt + v = …, what it is multiplied with there, and
        the other terms with their signs, all taken with the sign of equality; None if it is another line."""
        left = [*takewhile(lambda token: token.text not in ("=", ""), self.tokens[self.at :])]
        if not any(token.kind in ("above", "accent") and token.text in ORDERS for token in left):
            return None
        at = self.at
        try:
            found = derivative_of(self.expression())
            return found if found and self.accept("=") else None
        except EquationsError:
            return None
        finally:
            if self.tokens[self.at - 1].text != "=":
                self.at = at

    def _has_alternatives(self) -> bool:
        """Whether an index of the line stands for several, W_{q/k}: one for each name at the left."""
        row = [token.text for token in self._segment()]
        return any(row[n] == "/" and row[n - 2] == "{" and row[n - 3] in "_^" for n in range(3, len(row)))

    def _alternatives(self, n: int) -> list[Term]:
        """The values of several names, W_q x and W_k x for W_{q/k} x."""
        begin, values = self.at, list[Term]()
        for alternative in range(n):
            self.at, self.alternative = begin, alternative
            values.append(self.expression())
        self.alternative = 0
        return values

    def _functions_in_brackets(self, n: int) -> list[Token]:
        """The functions of the parts of a value, (σ, σ, σ, tanh) W x, if n of them stand in brackets, which are
        taken."""
        if not self.is_sign("[", "("):
            return []
        row = self._segment()
        tokens, signs = row[1 : 2 * n : 2], [token.text for token in row[2 : 2 * n + 1 : 2]]
        are_functions = all(t.kind == "function" or t.text in FREE_FUNCTIONS for t in tokens)
        if (
            len(tokens) < n
            or not are_functions
            or not all(sign in ",;" for sign in signs[:-1])
            or signs[-1] not in "])"
        ):
            return []
        self.at += 2 * n + 1
        return tokens

    def _apply_each(self, names: list[Symbol], functions: list[Token], value: Term) -> None:
        """A line for each name, with its function of a part of the value."""
        match value:
            case Apply("f", index, (argument,)) if "".join(index) in ("slice", "split"):  # f_{slice}(a)
                value = argument
        parts = [replace(name, id=f"{name.id}_raw") for name in names]
        place = names[0].place
        self.found.equations.append(Equation(tuple(parts), self._in_parts(value, len(names)), place))
        for name, part, token in zip(names, parts, functions, strict=True):
            function = function_of(token.text) or token.text
            self.found.equations.append(Equation((name,), Apply(function, (), (part,), token.place), name.place))

    def _in_parts(self, value: Term, n: int) -> Term:
        """A value of several names: the parts of a vector, if it is no function that gives several."""
        if isinstance(value, Apply) and value.function == "split":
            return value
        self.found.notes.append((value.place.line, equal_parts(n)))
        return Apply("split", (), (value, Number(float(n), value.place)), value.place)

    def _is_turned(self) -> bool:
        """Whether a sign of transposition follows the name at the left; if so it is taken."""
        at = self.at
        if self.accept("^") and self.is_transpose():
            return True
        self.at = at
        return False

    def _last_of_chain(self, name: Symbol, value: Term) -> tuple[list[Symbol], list[Term]]:
        """The name and its value in a chain of equalities, z_t = Φ(x_t) = tanh(W x_t), of which the last expression
        counts. A name between two of them has the same value: y_t = h_t = tanh(W x_t)."""
        while self.is_sign("="):
            at, line = self.at, self.next.place.line
            row = [t for t in self.tokens[:at] if t.place.line == line and t.kind != "end"]
            is_other = line != name.place.line and bool(row)  # h_t = W x_t + ⏎ c_t = …
            self.take()
            last = value if is_other else self.expression()
            if is_other or isinstance(last, Symbol):
                self.at = at
                raise self.unexpected(phrase("a new line should begin"))
            if isinstance(value, Symbol) and value.step == 0 and not _is_function_of_names(last):
                self.found.equations.append(Equation((name,), value, name.place))
                name = value
            elif _is_function_of_names(last):
                sentence = phrase("An expression such as {example} says no more than those before it, and is left out.",
                                  example="f(x, h)")  # fmt: skip
                self.found.notes.append((name.place.line, sentence))
                continue
            else:
                sentence = phrase("Of the expressions that {name} equals, the last one is read.", name=name.id)
                self.found.notes.append((name.place.line, sentence))
            value = last
        return [name], [value]

    def _skip_definition(self, start: Place) -> None:
        """Skip the line that defines a normalisation, whose formula is known."""
        name = next(token.text for token in self.tokens if token.place == start)
        sentence = phrase("The line that defines {name} is not read.", name=name)
        self.found.notes.append((start.line, sentence))
        self.at += len(self._segment())

    def _define(self, names: list[Symbol]) -> bool:
        """Take a line that defines a function of names without steps, f(x, h) = tanh(W x + U h). False if it is another
        line."""
        at = self.at
        parameters = self._parameters(names[0]) if len(names) == 1 and names[0].step is None else []
        if not parameters:
            self.at = at
            return False
        self.terms = 0
        new = {(one.id, one.step): f"{one.id}_{n}" if one.step is not None else one.id
               for n, one in enumerate(parameters)}  # fmt: skip

        def written(e: Term) -> Term:
            """A term with names without steps for parameters such as x_t."""
            if isinstance(e, Symbol) and (e.id, e.step) in new:
                return replace(e, id=new[e.id, e.step], step=None)
            return rebuilt(e, written)

        ids = tuple(new[one.id, one.step] for one in parameters)
        self.found.definitions[names[0].id] = Definition(names[0], ids, written(self.expression()))
        return True

    def _parameters(self, name: Symbol) -> list[Symbol]:
        """The names in brackets before =, or none if something else follows."""
        found: list[Symbol] = []
        closing = "]" if self.is_sign("[") else ")"
        try:
            while self.accept("(", "[", ",", ";"):
                found.append(self.symbol())
            is_tensor = len(found) == 1 and found[0].step is not None and _is_word(name)  # Retention(x_t) = …
            is_tensor = is_tensor and not (self.is_of_function or name.id in self.conventions.functions)
            return found if self.accept(closing) and self.accept("=") and not is_tensor else []
        except EquationsError:
            return []

    def _is_output_of_tensors(self, names: list[Symbol]) -> bool:
        """Whether a word with tensors in brackets stands at the left, Retention(x_t) = …, which names a tensor. The
        brackets are taken then."""
        at, found = self.at, list[Symbol]()
        try:
            while self.accept("(", ",", ";"):
                found.append(self.symbol())
            is_left = bool(self.accept(")")) and self.is_sign("=")
            is_word = len(names) == 1 and _is_word(names[0]) and names[0].step is None
            if is_left and is_word and found and all(one.step is not None for one in found):
                return True
        except EquationsError:
            pass
        self.at = at
        return False

    def _check_definition(self, name: Symbol) -> None:
        """EquationsError for a function of several values at the left, ℓ(M; x) = …, or a component, w_t(i) = …"""
        depth, letter = 0, self.peek()
        if name.step is not None and letter.kind == "word" and len(letter.text) == 1 and self.peek(2).text == ")":
            problem = phrase("({i}) counts components; leave it out in all lines, so that a line is that of all of "
                             "them", i=letter.text)  # fmt: skip
            raise EquationsError(problem, self.next.place.to(self.peek(2).place))
        for n, token in enumerate(self._segment()):
            depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "sign" else 0
            if not depth:
                if self.peek(n + 1).text == "=" and name.step is not None and self.is_sign("["):
                    raise EquationsError(line_of_element(name.id), name.place.to(token.place))
                if self.peek(n + 1).text == "=":
                    raise EquationsError(line_of_function(name.id), name.place.to(token.place))
                return

    def _is_next_value(self) -> bool:
        """Whether a comma is followed by one more value of several, and not by another equation."""
        rest = self._segment()
        end = next((n for n, t in enumerate(rest[1:], 1) if t.kind == "sign" and t.text in ",;."), len(rest))
        return end > 1 and not any(t.kind == "sign" and t.text in "=∈" for t in rest[:end])

    def _without_equals(self, name: Symbol) -> EquationsError:
        """What is wrong where a name stands at the left, and = does not follow."""
        sign, index, start = self.next, self.peek(), self.at
        if sign.text == "^" and index.text in ("{", "("):
            inside = takewhile(lambda token: token.text not in ("}", ""), self.tokens[self.at + 1 :])
            typed = "".join(token.text for token in inside if token.text != "{")
            t = self.conventions.step_letter
            examples = f"{name.id}_{{1,{t}}}, {name.id}_{{2,{t}}}"
            problem = phrase("an index such as ^{index} is not read; write {examples}", index=typed, examples=examples)
            return EquationsError(problem, sign.place.to(index.place))
        if sign.text == "^" and index.kind == "number":
            examples = f"{name.id}' or {name.id}_t^{{({index.text})}}"
            problem = phrase("an index such as ^{index} is not read; write {examples}", index=index.text,
                             examples=examples)  # fmt: skip
            return EquationsError(problem, sign.place.to(index.place))
        word, end = name.id, name.place
        while self.next.kind == "word" and len(self.next.text) == 1 and name.step is None:
            end = self.take().place
            word += self.tokens[self.at - 1].text
        if self.at > start and self.is_sign("_", "="):
            if name.id[0].isupper() and name.place.end < sign.place.start and self.is_sign("="):  # F x = v x
                product = f"{name.id} {word[len(name.id) :]}"
                problem = phrase("a line that defines a product with a matrix, {product}, is not read; leave it out, "
                                 "and {name} is a matrix of weights", product=product, name=name.id)  # fmt: skip
                return EquationsError(problem, name.place.to(end))
            step = f"_{self.conventions.step_letter}" if self.is_sign("_") else ""
            if name.id.endswith("_prime"):  # g't
                base, label = f"{name.id.removesuffix('_prime')}'", word[len(name.id) :]
                problem = phrase("write {right} instead of {typed}", right=f"{base}_{label}", typed=f"{base}{label}")
                return EquationsError(problem, name.place.to(end))
            problem = phrase("a name of several letters; write {example}", example=rf"\mathrm{{{word}}}{step}")
            return EquationsError(problem, name.place.to(end))
        self.at = start
        return self.unexpected(phrase("“{sign}” is missing", sign="="))

    def own_statement(self) -> bool:
        """An axis or the output, as ``to_latex`` writes them. False if the line is another one."""
        word, following, after = self.next, self.peek(), self.peek(2)
        if word.text == "output" and following.text == ":":
            self.take(), self.take()
            self.found.own.append(Output(self.symbol().id, word.place))
            return True
        if word.text == "axis" and following.kind == "word" and after.text == "=":
            self.take()
            name = self.symbol().id
            self.take()
            self.found.own.append(AxisLine(name, own_size(self.size()), word.place))
            return True
        return False


def _is_word(name: Symbol) -> bool:
    """Whether a name is a word, such as Retention, and no letter."""
    return len(name.id.removesuffix(name.label)) > 4 and not is_greek(name.id)


def _is_function_of_names(e: Term) -> bool:
    """Whether a term only says what something depends on: f(x_t, h_{t-1})."""
    match e:
        case Apply(function, _, (_, _, *_) as arguments) if function in FREE_FUNCTIONS:
            return all(isinstance(one, Symbol) for one in arguments)
        case Binary(" ", Symbol(id=id, step=None), Joined(parts)):
            return id in CAPITAL_FUNCTIONS and all(isinstance(one, Symbol) for one in parts)
    return False


def own_size(e: Term) -> OwnSize:
    """The size of an axis."""
    match e:
        case Number(value):
            return OwnSize(((int(value), ""),))
        case Symbol(id=name):
            return OwnSize(((1, name),))
        case Binary(" ", Number(value), Symbol(id=name)):
            return OwnSize(((int(value), name),))
        case Binary("+", left, right):
            return OwnSize((*own_size(left).terms, *own_size(right).terms))
        case Binary("/", above, below):
            of, by = own_size(above), below.id if isinstance(below, Symbol) else 0
            by = by or (int(below.value) if isinstance(below, Number) else 0)
            if by:
                return OwnSize(of.terms, (*of.divisors, by))
    raise EquationsError(phrase("a size is missing: a number or the name of an axis"), e.place)
