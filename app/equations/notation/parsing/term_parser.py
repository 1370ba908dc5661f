"""Parses terms: products, sums, functions, brackets, cases.

What stands beside each other binds tightest (W x), then ⊙ · × / from left to right, then + and −. A function without
brackets takes what stands beside it: tanh W x.
"""

from itertools import takewhile

from ....translations.phrases import phrase
from ...limits import MAX_DEPTH
from ...places_and_errors import EquationsError, Place
from ..vocabulary.function_words import LINEAR, NETWORK, function_of, may_be_function
from ..vocabulary.latex_commands import GREEK
from ..vocabulary.usual_letters import (
    CAPITAL_FUNCTIONS,
    FREE_FUNCTIONS,
    GREEK_FUNCTIONS,
    WEIGHTS,
    WHOLE_CELLS,
)
from .cursor import Conventions
from .paper_syntax import Apply, Binary, Joined, Minus, Number, Symbol, Term, Text, Transposed
from .sums_and_cases import SumParser
from .terms import is_capital
from .token import Token

PRODUCTS = (" ", "⊙", "∗", "·")
"""The signs of products that a factor 1 leaves as they are."""

TOO_MANY_SIGNS = phrase("too many signs in a row; use brackets")


class TermParser(SumParser):
    """Terms, and the names in them that are functions with their arguments."""

    def __init__(self, conventions: Conventions, found: Text, tokens: list[Token]) -> None:
        super().__init__(conventions, found, tokens)
        self.bars = 0

    def expression(self) -> Term:
        with self.nested():
            found = self.added()
            if sign := self.accept("<", ">", "≤", "≥", "≠", "≐"):
                right = self.added()
                found = self.binary(sign.text, found, right)
        return found

    def binary(self, sign: str, left: Term, right: Term) -> Term:
        if sign in PRODUCTS and isinstance(left, Number) and left.value == 1:  # 1 * (a > b)
            return right
        if self.counters and (simpler := _without_numbers(sign, left, right)):  # W x 1_{l = 1}
            return simpler
        return self._counted(Binary(sign, left, right, left.place.to(right.place)))

    def added(self) -> Term:
        found = self.multiplied()
        while sign := self.accept("+", "-"):
            found = self.binary(sign.text, found, self.multiplied())
        return found

    def multiplied(self) -> Term:
        found = self.negated()
        while sign := self.accept("⊙", "∗", "·", "⊗", "/"):
            if sign.text == "/" and self.begins_atom():
                found = self._divided(found)
                continue
            is_convolution = bool(self.accept("_"))  # on a graph, Θ \\star_G x_t
            if is_convolution:
                self.group()
                self.found.convolution = self.found.convolution or sign.place.line
            found = self.binary("∗" if is_convolution else sign.text, found, self.negated())
        is_word = self.next.kind == "function" and self.next.text.lower() == "mod" and self.peek().text != "("
        if self.accept("mod") or (is_word and self.take()):
            with self.nested():
                right = self.multiplied()
            return self._counted(Apply("mod", (), (found, right), found.place.to(right.place)))
        return found

    def negated(self) -> Term:
        minus = self.accept("-", "+")
        if not minus:
            return self.chain()
        with self.nested(problem=TOO_MANY_SIGNS, place=minus.place):
            inner = self.negated()
        return inner if minus.text == "+" else self._counted(Minus(inner, minus.place.to(inner.place)))

    def chain(self, first: Term | None = None) -> Term:
        """What stands beside each other, after the first term if that is known."""
        found = first or self.power()
        is_before_capital = self.next.kind == "word" and self.next.text[0].isupper()
        if (_is_factor(found) or (is_sum_with_number(found) and is_before_capital)) and self.begins_atom():
            with self.nested(problem=TOO_MANY_SIGNS, place=found.place):
                rest = self.chain()
            return self.binary(" ", found, rest)
        while self.begins_atom():
            right = self.power()
            match found:
                case Binary(" ", Transposed(Symbol(id)) as row, rest) if not is_capital(id) and are_weights(rest):
                    found = self.binary(" ", row, self.binary(" ", rest, right))  # qᵀ W h is q · (W h)
                case Binary(" ", Symbol(id, None) as factor, Transposed(rest) as turned) if not is_capital(
                    id
                ) and are_weights(rest):
                    found = self.binary(" ", factor, self.binary(" ", turned, right))  # p Eᵀ x
                case _:
                    found = self.binary(" ", found, right)
        return found

    def _divided(self, above: Term) -> Term:
        """A quotient in a line. Brackets after its divisor are a factor of it all: dt/τ (−h + W x)."""
        below = self.power()
        if self.is_sign("("):
            return self.binary(" ", self.binary("/", above, below), self.chain())
        return self.binary("/", above, self.chain(below))

    def begins_atom(self) -> bool:
        if self.next.kind == "function" and self.next.text.lower() == "mod" and self.peek().text != "(":
            return False
        if self.next.kind in ("word", "function", "number", "command", "above"):
            return True
        if self.is_sign("|", "‖"):
            return not self.bars
        return self.is_sign("(", "[", "√", "⟨", "{") and not (self.is_sign("⟨") and self.bars)

    def power(self) -> Term:
        with self.nested(MAX_DEPTH + 10):
            base = self._without_component(self.atom())
            while sign := self.accept("^"):
                if self.is_transpose():
                    base = self._transposed(base, base.place.to(sign.place))
                    continue
                exponent = self.group()
                base = self.binary("^", base, exponent)
        return base

    def _transposed(self, e: Term, place: Place) -> Term:
        """A term, transposed; a sum term by term, (W - U)ᵀ is Wᵀ - Uᵀ."""
        match e:
            case Binary("+" | "-" as sign, left, right):
                return self._counted(Binary(sign, self._transposed(left, place), self._transposed(right, place), place))
            case Minus(of):
                return self._counted(Minus(self._transposed(of, place), place))
            case Number():
                return e
            case Transposed(of):
                return of
        return self._counted(Transposed(e, place))

    def _without_component(self, e: Term) -> Term:
        """A term in brackets, without the index of a component that follows: [W x]_j, tanh(W x)^j."""
        n = 2 if self.peek().text == "{" else 1
        if self.is_sign("_", "^") and self._is_component(self.peek(n)):
            for _ in range(2 * n):
                self.take()
        return e

    def is_transpose(self) -> bool:
        """Whether the exponent is T; if so it is taken."""
        braces = self.is_sign("{")
        one = self.peek() if braces else self.next
        if one.text == "T" and self.conventions.is_literal:
            return False
        if not (one.text in ("⊤", "T") or (one.kind == "word" and one.text in ("top", "Tr", "tr"))):
            return False
        if braces and self.peek(2).text != "}":
            return False
        for _ in range(3 if braces else 1):
            self.take()
        return True

    def group(self) -> Term:
        """What is in braces, or the next sign alone."""
        if self.accept("{"):
            self.accept("⊙")  # k^{\odot 2}
            found = self.expression()
            self.expect("}")
            return found
        if minus := self.accept("-"):
            inner = self.power()
            return Minus(inner, minus.place)
        return self.atom()

    def atom(self) -> Term:
        token = self.next
        if (indicator := self._indicator()) is not None:
            return Number(indicator, token.place)
        if token.kind == "number":
            value = self._number()
            self._skip_size_of_ones(value)
            return Number(value, token.place)
        if token.kind == "function":
            return self.function(function_of(self.take().text), token)
        if token.kind == "word" and token.text in self.counters and self.peek().text != "_":
            return Number(float(self.counters[self.take().text]), token.place)
        if token.kind in ("word", "above"):
            return self.symbol_or_call()
        if token.kind == "command":
            return self.command(self.take())
        if self.accept("√"):
            argument = self.bracketed() if self.is_sign("(") else self.power()
            return Apply("sqrt", (), (argument,), token.place.to(argument.place))
        if self.is_sign("{"):
            if self.is_name_in_braces():
                return self.symbol_or_call()
            self.take()
            found = self.expression()
            self.expect("}")
            return found
        if self.is_sign("("):
            return self.bracketed()
        if self.is_sign("["):
            return self.in_square_brackets()
        if self.is_sign("|", "‖"):
            return self.between_bars()
        if self.accept("⟨"):
            left = self.expression()
            self.expect(",")
            right = self.expression()
            closing = self.expect("⟩")
            return Apply("dot", (), (left, right), token.place.to(closing.place))
        raise self.unexpected(phrase("a name, a number or a bracket is missing"))

    def _indicator(self) -> float | None:
        """1 or 0 for an indicator whose condition the counted layer decides, 1_{l = 1}, which is taken; None if there
        is none."""
        if not (self.counters and self.next.text in ("1", "I") and self.peek().text == "_"):
            return None
        inside = [*takewhile(lambda token: token.kind != "end" and token.text != "}", self.tokens[self.at + 2 :])]
        inside = [token for token in inside if token.text not in ("{", "(", "[", "]", ")")]
        match [token.text for token in inside]:
            case [letter, "=", number] if letter in self.counters and number.isdigit():
                while self.take().text != "}":
                    pass
                while self.accept("}", ")"):
                    pass
                return float(self.counters[letter] == int(number))
        return None

    def _skip_size_of_ones(self, value: float) -> None:
        """Take the index of a vector or matrix whose numbers are all 1 or 0, 1_{d \\times m}: it says their size."""
        following = self.peek()
        if value not in (0, 1) or not self.is_sign("_") or not (following.kind == "word" or following.text == "{"):
            return
        inside = [*takewhile(lambda token: token.text != "}", self.tokens[self.at + 2 :])]
        is_size = all(token.kind in ("word", "number") or token.text in ("·", ",") for token in inside)
        if following.kind == "word" or (is_size and len(inside) < 6):
            self.at += 2 if following.kind == "word" else len(inside) + 3

    def is_name_in_braces(self) -> bool:
        """Whether the braces hold a name whose index follows: {\\tilde{c}}_t."""
        depth = 0
        for n, token in enumerate(self.tokens[self.at :]):
            if token.kind == "sign" and token.text in "{}":
                depth += 1 if token.text == "{" else -1
            if not depth or token.kind == "end":
                return self.peek(n + 1).text == "_"
        return False

    def bracketed(self) -> Term:
        opening = self.expect("(")
        bars, self.bars = self.bars, 0
        first = self.expression()
        parts = [first]
        while self.accept(",", ";"):
            parts.append(self.expression())
        closing = self.expect(")")
        self.bars = bars
        return first if len(parts) == 1 else Joined(tuple(parts), opening.place.to(closing.place))

    def in_square_brackets(self) -> Term:
        is_behind = self.tokens[self.at - 1].text not in ("=", "⊗", "(", "+", "-", ",")
        opening, dots = self.expect("["), None
        bars, self.bars = self.bars, 0
        parts = [self.expression()]
        while self.accept(",", ";", "‖"):
            if self.next.text == "…":
                dots = self.take()
                if not self.accept(";"):
                    self.expect(",")
            parts.append(self.expression())
        while self.accept(";", ","):
            pass
        closing = self.expect("]")
        self.bars = bars
        if vector := self._vector_of(parts, bool(dots)):
            at = self.at
            if self.accept("^") and self.is_transpose():
                return vector
            self.at = at
            return Transposed(vector, vector.place) if is_behind else vector
        parts = self._with_all(parts, dots) if dots else parts
        if is_positive := self._is_positive_part():
            for _ in range(4 if self.peek().text == "{" else 2):
                self.take()
        if self.is_sign("_") and len(parts) == 1 and not self._is_component(self.peek(1 + (self.peek().text == "{"))):
            raise EquationsError(self._how_to_write_an_element(), opening.place.to(closing.place))
        found = parts[0] if len(parts) == 1 else Joined(tuple(parts), opening.place.to(closing.place))
        return Apply("relu", (), (found,), found.place) if is_positive else found

    def _is_positive_part(self) -> bool:
        """Whether an index + follows: [x]_+ is relu."""
        return self.is_sign("_") and self.peek(2 if self.peek().text == "{" else 1).text == "+"

    def between_bars(self) -> Term:
        opening = self.take()
        self.bars += 1
        inner = self.expression()
        self.bars -= 1
        closing = self.expect(opening.text)
        index: tuple[str, ...] = ()
        if self.accept("_"):
            index, _ = self.index()
            index = tuple(i for i in index if i != "2")
        is_square = opening.text == "‖" and self.is_sign("^") and self.peek().text == "2"
        if is_square:
            self.take(), self.take()
        elif opening.text == "‖" and self.next.text in ("1", "2", "22") and closing.touches(self.next):
            number = self.take().text  # ‖a‖2 and ‖a‖22 of a PDF, ‖a‖_2 and its square
            index, is_square = (number,) if number == "1" else (), number == "22"
        if is_square:
            norm = Apply("norm", index, (inner,), opening.place.to(closing.place))
            return Binary("^", norm, Number(2.0, closing.place), opening.place.to(closing.place))
        function = "norm" if opening.text == "‖" else "abs"
        return Apply(function, index, (inner,), opening.place.to(closing.place))

    def command(self, token: Token) -> Term:
        if token.text == "prod":
            if product := self._sum(token, "⊙"):
                return product
            raise self.unexpected(phrase("{what} is missing", what=r"_{i=1}^{N}"))
        if token.text == "cases":
            with self.nested():
                return self._cases(token)
        if token.text == "frac":
            above, below = self.group(), self.group()
            return self.binary("/", above, below)
        exponent: float = 0.5
        if self.is_sign("["):
            self.take()
            exponent = 1 / max(self.number(), 1e-9)
            self.expect("]")
        argument = self.group()
        place = token.place.to(argument.place)
        if exponent != 0.5:
            return self.binary("^", argument, Number(exponent, place))
        return Apply("sqrt", (), (argument,), place)

    def function(self, name: str, token: Token) -> Term:
        """A function with its arguments, in brackets or not."""
        if name == "sum" and self.is_sign("_") and (terms := self._sum(token)):
            return terms
        if name == "softmax" and (letter := self._counter_of_softmax()):
            return self._softmax_over(letter, token)
        index: tuple[str, ...] = ()
        power: Term | None = None
        while self.is_sign("_", "^"):
            if self.take().text == "_" or name == LINEAR:
                index += self.index()[0]
            else:
                power = self.group()
        if self.is_sign("("):
            arguments = self.arguments("(", ")")
        elif self.is_sign("[") and name not in ("diag",):
            arguments = self.arguments("[", "]")
        elif self.is_sign("{") and self._has_comma_in_braces():  # max{a, b}
            arguments = self.arguments("{", "}")
        elif self.next.kind == "end" or not (self.begins_atom() or self.is_sign("|", "‖", "-")):
            return Symbol(name, None, token.place)  # the function itself: σ = tanh
        else:
            arguments = (self.negated() if self.is_sign("-") else self.chain(),)
        end = self.tokens[self.at - 1].place
        made: Term = Apply(name, index, arguments, token.place.to(end))
        return self.binary("^", made, power) if power else made

    def _counter_of_softmax(self) -> str:
        """The letter that a softmax goes over, if it stands for several numbers of a line, softmax_i(a_{t,i}); it is
        taken then. Nothing for another softmax."""
        braces = self.peek().text == "{"
        letter = self.peek(2 if braces else 1)
        is_counter = self.is_sign("_") and letter.kind == "word" and letter.text in self.counters
        if not is_counter or letter.text not in self.conventions.ranges or (braces and self.peek(3).text != "}"):
            return ""
        for _ in range(4 if braces else 2):
            self.take()
        return letter.text

    def _softmax_over(self, letter: str, token: Token) -> Term:
        """One number of a softmax over what a letter counts, with the sum written out."""
        own, begin, powers = self.counters[letter], self.at, dict[int, Term]()
        first, last = self.conventions.ranges[letter]
        for value in range(first, last + 1):
            self.at, self.counters = begin, {**self.counters, letter: value}
            argument = self.bracketed() if self.is_sign("(") else self.power()
            powers[value] = self._counted(Apply("exp", (), (argument,), token.place))
        self.counters = {**self.counters, letter: own}
        total = powers[first]
        for value in range(first + 1, last + 1):
            total = self.binary("+", total, powers[value])
        return self.binary("/", powers.get(own, total), total)

    def _has_comma_in_braces(self) -> bool:
        depth = 0
        for token in self.tokens[self.at :]:
            is_sign = token.kind == "sign"
            depth += (token.text in "([{") - (token.text in ")]}") if is_sign else 0
            if not depth or token.kind == "end":
                return False
            if is_sign and depth == 1 and token.text == ",":
                return True
        return False

    def arguments(self, opening: str, closing: str) -> tuple[Term, ...]:
        self.expect(opening)
        bars, self.bars = self.bars, 0
        found = [self.expression()]
        while self.accept(",", ";"):
            found.append(self.expression())
        self.expect(closing)
        self.bars = bars
        return tuple(found)

    def _call(self, name: Symbol, base: str, extras: list[str], labels: list[str], is_divisor: bool) -> Apply | None:
        """The function that a name is with the arguments that follow; None if it is a tensor. ``is_divisor``: whether
        it stands behind a sign of division."""
        if name.id in self.conventions.no_functions:
            return None
        word = "".join(labels)
        is_word_of_function = len(word) > 3 and bool(function_of(word))
        if base in FREE_FUNCTIONS and is_word_of_function and self.is_sign("(", "["):  # σ_ReLU(W x)
            arguments = self.arguments(self.next.text, ")" if self.is_sign("(") else "]")
            return self._applied(function_of(word), (), arguments, name)
        id, marks = name.id, [] if base == "sigma" and self.is_sign("(") else extras
        is_network = bool(NETWORK.match(base)) and self.is_sign("(")  # MLP_h(x)
        is_word = may_be_function(base) and (not labels or all(len(part) > 1 for part in (base, *labels)))
        is_word = is_word or is_network
        is_named = id in self.conventions.functions
        is_open = not (is_word or is_named or base in FREE_FUNCTIONS)
        if is_open and not is_divisor and marks in ([], ["cal"]) and self.is_sign("(", "["):
            self.found.called[id] += self._is_like_a_function(base)
        is_whole_cell = base in WHOLE_CELLS and not labels and self._are_several_in_brackets()
        if marks and not is_named and not (is_whole_cell and marks == ["cal"]):
            return None
        if is_word and self.is_sign("(") and not is_named:
            return self._applied(id, (), self.arguments("(", ")"), name)
        is_whole_cell = is_whole_cell or (
            (base[0].islower() or (len(base) > 2 and base.isupper())) and self._are_several_in_brackets()
        )
        is_whole_cell = is_whole_cell or (base == "K" and bool(self.conventions.slots))  # K[k_t, M_t(i)]
        is_function = base in FREE_FUNCTIONS or is_named or is_whole_cell
        if is_function and self.is_sign("(", "["):
            arguments = self.arguments(self.next.text, ")" if self.is_sign("(") else "]")
            is_whole = is_named or base not in FREE_FUNCTIONS
            id = base if base in WHOLE_CELLS and not is_named else id
            index = ("".join(labels),) if len(labels) > 2 and max(map(len, labels)) == 1 else labels  # f_{step}
            function, own = (id, ()) if is_whole else (base, (*extras, *index))
            return self._applied(function, own, arguments, name)
        if base in ("sigma", "phi") and self.begins_atom() and not labels:
            return self._applied(base, (), (self.chain(),), name)
        return None

    def _applied(self, function: str, index: tuple[str, ...], arguments: tuple[Term, ...], name: Symbol) -> Apply:
        made = Apply(function, index, arguments, name.place.to(self.tokens[self.at - 1].place))
        self._counted(made)
        return made

    def _is_like_a_function(self, base: str) -> bool:
        """Whether brackets follow a name that hold what the argument of a function is: s(W x + b), but not α(1 - z).
        Capitals and Greek letters are functions before a product with a matrix only."""
        depth, signs, has_number, has_product, has_several = 0, 0, False, False, False
        is_difference = False
        for n, token in enumerate(self.tokens[self.at :], self.at):
            following = self.tokens[min(n + 1, len(self.tokens) - 1)]
            is_sign = token.kind == "sign"
            depth += (token.text in "([{") - (token.text in ")]}") if is_sign else 0
            if not depth and following.text == "^" and {t.text for t in self.tokens[n + 2 : n + 4]} & {"T", "⊤"}:
                return False  # m (n)ᵀ
            if not depth or token.kind == "end":
                break
            signs += is_sign and depth == 1 and token.text in "+-" and n > self.at + 1
            is_difference = is_difference or (is_sign and depth == 1 and token.text == "-" and n > self.at + 1)
            has_several = has_several or (is_sign and depth == 1 and token.text in ",;")
            has_number = has_number or (depth == 1 and token.kind == "number")
            is_matrix = token.kind == "word" and token.text[0].isupper()
            is_beside = following.kind in ("word", "above") or following.text in ("_", "(", "[", "{")
            has_product = has_product or (is_matrix and is_beside)
        if base in GREEK or base == "dt":
            is_function = (has_product and base in GREEK_FUNCTIONS) or self._is_one_in_brackets()
            return is_function and base in GREEK
        if base[0].isupper():
            is_step = base == "H" and is_difference and signs == 1  # H(v_t - θ)
            is_sum = is_step or (signs > 0 and base in ("Phi", "Psi", "Theta"))
            is_sum = is_sum or (base in ("Phi", "Psi") and self._is_one_in_brackets())
            return (has_product and base in CAPITAL_FUNCTIONS and not has_several) or is_sum
        is_sum = signs > 0 and not (has_number or is_difference)  # a (b v_t - u_t)
        return has_product or (base not in WEIGHTS and (is_sum or self._is_one_in_brackets()))

    def _are_several_in_brackets(self) -> bool:
        """Whether round brackets with several terms follow, h(x, c), which are the arguments of a function."""
        depth = 0
        for token in self.tokens[self.at :] if self.is_sign("(") else ():
            is_sign = token.kind == "sign"
            if is_sign and depth == 1 and token.text in ",;":
                return True
            depth += (token.text in "([{") - (token.text in ")]}") if is_sign else 0
            if not depth or token.kind == "end":
                return False
        return False

    def _is_one_in_brackets(self) -> bool:
        """Whether one name stands alone in the brackets that follow: h(c_t), where brackets would be of no use if it
        was a product."""
        tokens, at, depth, guessed = self.tokens, self.at, self.depth, len(self.found.guessed_steps)
        try:
            self.tokens = [*tokens[at : at + 30], tokens[-1]]
            self.at = 1
            name = self.symbol()
            return self.is_sign(")") and (name.step is not None or len(name.id) > 1 or name.id not in "tnkisj")
        except EquationsError:
            return False
        finally:
            self.tokens, self.at, self.depth = tokens, at, depth
            del self.found.guessed_steps[guessed:]


def _without_numbers(sign: str, left: Term, right: Term) -> Term | None:
    """What a product with 0 or 1, or a sum with 0, is without it; None if it is another one."""
    match sign, left, right:
        case (" " | "⊙" | "∗" | "·", _, Number(0.0)) | ("+", Number(0.0), _):
            return right
        case (" " | "⊙" | "∗" | "·", Number(0.0), _) | ("+" | "-", _, Number(0.0)) | (" " | "⊙" | "·", _, Number(1.0)):
            return left
    return None


def _is_factor(e: Term) -> bool:
    """Whether a term is most often a number that everything after it is multiplied by: β of β W x."""
    match e:
        case Number() | Binary("/", Number(), _) | Apply("sqrt", _, _) | Binary("^", Symbol("e"), _):
            return True
        case Apply("exp", _, (of,)) | Minus(of) | Binary("^", of, _):
            return _is_factor(of)
        case Binary(_, left, right):  # in brackets: 1 - α
            return _is_factor(left) and _is_factor(right)
        case Symbol(id=id):
            return id.partition("_")[0] in GREEK or (id in ("dt", "e") and e.step is None)
    return False


def are_weights(e: Term) -> bool:
    """Whether a term is a matrix of weights, or several beside each other."""
    match e:
        case Binary(" ", left, right):
            return are_weights(left) and are_weights(right)
        case Symbol(id, None):
            return is_capital(id)
    return False


def is_sum_with_number(e: Term) -> bool:
    """Whether a term is like 1 - z, which is no matrix, so that W x is one product in (1 - z) W x."""
    return isinstance(e, Binary) and e.sign in "+-" and any(isinstance(side, Number) for side in (e.left, e.right))
