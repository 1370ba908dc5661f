"""The table of bad input: query, error, and the nearest valid query."""

from dataclasses import dataclass
from typing import Any

SAME = ""
DIGITS, WORDS = "9" * 10_000, "tensor" * 1_700


@dataclass(frozen=True)
class Bad:
    """``nearest`` is the nearest valid query: "" if that is the default."""

    query: str
    field: str
    value: str | None
    message: str
    allowed: Any
    nearest: str = SAME

    def __str__(self) -> str:
        return self.query if len(self.query) < 60 else f"{self.query[:40]}...{len(self.query)}"


def units(query: str, value: str, nearest: str = SAME, quoted: str | None = None) -> Bad:
    """An invalid num_units."""
    quoted = f"“{value}”" if quoted is None else quoted
    message = f"num_units must be a whole number from 1 to 8,192, not {quoted}"
    return Bad(f"num_units={query}", "num_units", value, message, {"min": 1, "max": 8192}, nearest)


def number(name: str, low: int, high: int, value: str, nearest: str) -> Bad:
    message = f"{name} must be a whole number from {low} to {high:,}, not “{value}”"
    return Bad(f"{name}={value}", name, value, message, {"min": low, "max": high}, nearest)


def choice(name: str, value: str, choices: tuple[str, ...], nearest: str = SAME, query: str = "") -> Bad:
    """A value that is none of the choices. ``query``: the query, if it spells the value in another way."""
    choices_in_words = (
        " or ".join((", ".join(choices[:-1]), choices[-1])) if len(choices) > 1 else f"{choices[0]} (so far)"
    )
    message = f"{name} must be {choices_in_words}, not {quoted(value)}"
    return Bad(f"{name}={query or value}", name, value, message, list(choices), nearest)


def quoted(value: str) -> str:
    short = value if len(value) <= 40 else value[:40] + "…"
    return f"“{short}”".replace("\0", "\N{REPLACEMENT CHARACTER}") if value else "empty"


def no_word(name: str, *choices: str, near: str = "", nearest: str = SAME) -> tuple[Bad, ...]:
    """Invalid values of a choice: empty, nearly right, huge, markup, not printable."""
    return (
        choice(name, "", choices),
        choice(name, near or choices[-1].upper(), choices, nearest),
        choice(name, DIGITS, choices),
        choice(name, "<b onload=alert(1)>", choices),
        choice(name, "\0", choices, query="%00"),
    )


def no_number(name: str, low: int, high: int) -> tuple[Bad, ...]:
    """Invalid values of a number, around its limits."""
    nearest = {str(high + 1): f"?{name}={high}", DIGITS: f"?{name}={high}", "2.0": f"?{name}=2"}
    message = f"{name} must be a whole number from {low} to {high:,}, not "
    return tuple(
        Bad(f"{name}={v}", name, v, message + quoted(v), {"min": low, "max": high}, nearest.get(v, SAME))
        for v in ("", str(low - 1), "-9", *nearest, "none", "<b>")
    )


def foreign(switch: str, value: str, having: str, framework: str, usual: str) -> Bad:
    """A switch of another framework: the nearest query has its default."""
    message = f"{switch} is an option of {having}, not of {framework}"
    framework_field = f"framework={framework}" if framework != "colah" else ""
    query = "&".join(filter(None, (framework_field, f"{switch}={value}")))
    return Bad(query, switch, value, message, [usual], f"?{framework_field}" if framework_field else SAME)


def unprojected(cell: str, value: str = "3") -> Bad:
    message = f"num_proj is not available for {cell}; use lstm, lstm_peephole or lstm_coupled"
    return Bad(f"cell={cell}&num_proj={value}", "num_proj", value, message, [0], f"?cell={cell}")


def up_to(last: int) -> str:
    return f"a whole number from 0 to {last:,}" if last else "0"


def no_layer(query: str, value: str, num_layers: int, nearest: str) -> Bad:
    last = num_layers - 1
    message = f"layer must be {up_to(last)} when num_layers is {num_layers}, not “{value}”"
    return Bad(query, "layer", value, message, {"min": 0, "max": last}, nearest)


def index(name: str, value: str, last: int, nearest: str, query: str = "", where: str = "") -> Bad:
    """The index of a sample or unit beyond the last; ``where``: the size in the message."""
    message = f"{name} must be {up_to(last)} or none{where and f' when {where}'}, not {quoted(value)}"
    return Bad(f"{query}{name}={value}", name, value, message, {"min": 0, "max": last, "or": "none"}, nearest)


def part(query: str, name: str, value: str, last: int, where: str, nearest: str) -> Bad:
    """A row, column or component beyond the last one of the tensor."""
    message = f"{name} must be {up_to(last)} when {where}, not “{value}”"
    return Bad(f"{query}{name}={value}", name, value, message, {"min": 0, "max": last}, nearest)


def not_carried(query: str, cell: str, nearest: str) -> Bad:
    message = f"{cell} has no state c; poke must be none, x or h_prev"
    return Bad(query, "poke", "c_prev", message, ["none", "x", "h_prev"], nearest)


def one_direction(query: str, nearest: str = SAME) -> Bad:
    return Bad(*(query, "direction", "backward", "direction=backward needs bidirectional=true"), ["forward"], nearest)


def of_another_cell(query: str, cell: str, value: str, has: tuple[str, ...], nearest: str) -> Bad:
    message = f"{cell} has no tensor “{value}”; it has {', '.join(has)}"
    return Bad(f"{query}&tensor={value}", "tensor", value, message, list(has), nearest)


TENSORS = (
    *("X", "kernel", "bias", "x", "h_prev", "c_prev", "concat", "a", "a_f", "a_i", "a_g", "a_o", "f", "i", "g", "o"),
    *("kept", "added", "c", "tanh_c", "h", "Y", "h_T", "c_T"),
)


def tensor(value: str, nearest: str = SAME, query: str = "", quoted: str = "") -> Bad:
    message = f"lstm has no tensor {quoted or f'“{value}”'}; it has {', '.join(TENSORS)}"
    return Bad(f"tensor={query or value}", "tensor", value, message, list(TENSORS), nearest)


def twice(name: str, first: str, second: str, nearest: str) -> Bad:
    query = f"{name}={first}&{name}={second}"
    return Bad(query, name, second, f"{name} appears twice; give it once", "one value", nearest)


def no_step(query: str, value: str, time_step: int, nearest: str) -> Bad:
    last = time_step - 1
    message = f"t must be {up_to(last)} when time_step is {time_step}, not “{value}”"
    return Bad(query, "t", value, message, {"min": 0, "max": last}, nearest)


NOT_A_NUMBER = (
    units("", "", quoted="empty"),
    units("-5", "-5", "?num_units=1"),
    units("-0", "-0", "?num_units=1"),
    units("0", "0", "?num_units=1"),
    units("8193", "8193", "?num_units=8192"),
    units("99999999999999999999", "99999999999999999999", "?num_units=8192"),
    units(DIGITS, DIGITS, "?num_units=8192", f"“{'9' * 40}…”"),
    units("5.0", "5.0"),
    units("6.6", "6.6", "?num_units=7"),
    units("1e3", "1e3", "?num_units=1000"),
    units("1e999", "1e999", "?num_units=8192"),
    units("007", "007", "?num_units=7"),
    units("00", "00", "?num_units=1"),
    units("%2B7", "+7", "?num_units=7"),
    units("+7", " 7", "?num_units=7"),
    units("7%20", "7 ", "?num_units=7"),
    units("7%0A", "7\n", "?num_units=7", "“7\N{REPLACEMENT CHARACTER}”"),
    units("7%C2%A0", "7\u00a0", "?num_units=7", "“7\N{REPLACEMENT CHARACTER}”"),
    units("%E2%88%925", "−5"),
    units("seven", "seven"),
    units("NaN", "NaN"),
    units("nan", "nan"),
    units("inf", "inf", "?num_units=8192"),
    units("-Infinity", "-Infinity", "?num_units=1"),
    units("%D9%A3", "٣", "?num_units=3"),
    units("%EF%BC%97", "７", "?num_units=7"),
    units("%C2%B2", "²"),
    units("%E2%85%A7", "Ⅷ"),
    units("0x10", "0x10"),
    units("1_000", "1_000", "?num_units=1000"),
    units("1,024", "1,024", "?num_units=1024"),
    units("true", "true"),
    units("null", "null"),
    units("7;t=1", "7;t=1"),
    units("[7]", "[7]"),
    units("%00", "\0", quoted="“\N{REPLACEMENT CHARACTER}”"),
    units("7%00", "7\0", quoted="“7\N{REPLACEMENT CHARACTER}”"),
    units("%", "%"),
    units("%zz", "%zz"),
    units("%ff", "\N{REPLACEMENT CHARACTER}"),
    units("%E2%80%AE7", "\u202e7", quoted="“\N{REPLACEMENT CHARACTER}7”"),
    units("<script>alert(1)</script>", "<script>alert(1)</script>"),
    units("%22%3E%3Cimg src=x onerror=alert(1)%3E", '"><img src=x onerror=alert(1)>'),
    units("7'%20OR%201=1--", "7' OR 1=1--"),
    units("{{7*7}}", "{{7*7}}"),
    units("../../etc/passwd", "../../etc/passwd"),
)

OUT_OF_RANGE = (
    number("batch_size", 1, 1024, "0", "?batch_size=1"),
    number("batch_size", 1, 1024, "1025", "?batch_size=1024"),
    number("time_step", 1, 10000, "0", "?time_step=1"),
    number("time_step", 1, 10000, "10001", "?time_step=10000"),
    number("features", 1, 4096, "4097", "?features=4096"),
    number("seed", 0, 999999999, "-1", SAME),
    number("seed", 0, 999999999, "1000000000", "?seed=999999999"),
    number("t", 0, 9999, "-1", "?t=0"),
    number("t", 0, 9999, "10000", "?t=3"),
    *(number("scale", 1, 4, "0", SAME), number("scale", 1, 4, "5", "?scale=4")),
    number("scale", 1, 4, "1.5", "?scale=2"),
    number("page", 0, 999999, "-1", SAME),
    no_step("t=4", "4", 4, "?t=3"),
    no_step("t=9999", "9999", 4, "?t=3"),
    no_step("time_step=3&t=3", "3", 3, "?time_step=3"),
    no_step("t=1&time_step=1", "1", 1, "?time_step=1"),
    *no_number("num_proj", 0, 8192),
    *no_number("num_layers", 1, 8),
    *(number("layer", 0, 7, "-1", SAME), number("layer", 0, 7, "8", SAME)),
    *(number("layer", 0, 7, "top", SAME), number("layer", 0, 7, "<b>", SAME)),
    *(no_layer("layer=1", "1", 1, SAME), no_layer("layer=7&num_layers=3", "7", 3, "?num_layers=3&layer=2")),
    no_layer("num_layers=2&layer=2", "2", 2, "?num_layers=2&layer=1"),
    *(index("sample", "-1", 1023, "?sample=0"), index("sample", "1024", 1023, "?sample=2")),
    *(index("sample", "", 1023, SAME), index("sample", "None", 1023, SAME)),
    *(index("sample", "1.0", 1023, "?sample=1"), index("sample", "<b>", 1023, SAME)),
    index("sample", "3", 2, "?sample=2", where="batch_size is 3"),
    index("sample", "1", 0, "?batch_size=1&sample=0", "batch_size=1&", "batch_size is 1"),
    *(index("unit", "-1", 8191, "?unit=0"), index("unit", "8192", 8191, "?unit=4")),
    *(index("unit", "null", 8191, SAME), index("unit", DIGITS, 8191, "?unit=4")),
    index("unit", "5", 4, "?unit=4", where="num_units is 5"),
    index("unit", "1024", 1023, "?num_units=1024&unit=1023", "num_units=1024&", "num_units is 1,024"),
    *(number("row", 0, 99999, "-1", SAME), number("row", 0, 99999, "100000", SAME)),
    *(number("column", 0, 99999, "none", SAME), number("component", 0, 99999, "-1", SAME)),
    part("tensor=h&", "row", "3", 2, "tensor is h", "?tensor=h"),
    part("tensor=kernel&row=1&", "column", "20", 19, "tensor is kernel", "?tensor=kernel&row=1"),
    part("tensor=bias&", "row", "1", 0, "tensor is bias", "?tensor=bias"),
    part("tensor=X&", "row", "4", 3, "tensor is X", "?tensor=X"),
    part("tensor=X&", "column", "2", 1, "tensor is X", "?tensor=X"),
    part("num_layers=2&layer=1&tensor=X&", "column", "5", 4, "tensor is X", "?num_layers=2&layer=1&tensor=X"),
    part("num_units=8192&tensor=a&", "column", "32768", 32767, "tensor is a", "?num_units=8192&tensor=a"),
    part("", "component", "1", 0, "poke is none", SAME),
    part("poke=none&", "component", "1", 0, "poke is none", SAME),
    part("poke=h_prev&", "component", "5", 4, "poke is h_prev", "?poke=h_prev&component=4"),
    part("poke=x&", "component", "2", 1, "poke is x", "?poke=x&component=1"),
    part("poke=x&features=1&", "component", "9", 0, "poke is x", "?features=1&poke=x"),
    part("poke=h_prev&num_proj=3&", "component", "3", 2, "poke is h_prev", "?num_proj=3&poke=h_prev&component=2"),
)

NOTHING_SELECTED = (
    part("", "row", "1", 0, "tensor is none", SAME),
    part("", "column", "99999", 0, "tensor is none", SAME),
)
"""Queries that are invalid only without a selected tensor."""

CELLS = ("lstm", "lstm_peephole", "lstm_coupled", "gru", "gru_reset_after", "rnn", "own")
FRAMEWORKS = ("colah", "tf1", "keras", "pytorch", "onnx", "flax")
NO_YES = ("false", "true")
MERGES = ("concat", "sum", "mul", "ave", "none")
VIEWS = ("unrolled", "rolled", "batch", "units", "weights", "gradients", "training")
POKED = ("none", "x", "h_prev", "c_prev")

NOT_A_CHOICE = (
    choice("cell", "LSTM", CELLS),
    *no_word("cell", *CELLS, near="gru_reset", nearest="?cell=gru_reset_after"),
    choice("bidirectional", "1", NO_YES),
    *no_word("bidirectional", *NO_YES, near="True", nearest="?bidirectional=true"),
    choice("framework", "caffe", FRAMEWORKS),
    *no_word("framework", *FRAMEWORKS, near="torch", nearest="?framework=pytorch"),
    *(bad for name in ("time_major", "return_sequences", "return_state") for bad in no_word(name, *NO_YES)),
    *(bad for name in ("go_backwards", "batch_first", "return_carry") for bad in no_word(name, *NO_YES)),
    *no_word("unit_forget_bias", *NO_YES),
    *no_word("forget_bias", "1", "0", near="1.0"),
    *no_word("layout", "0", "1", near="2"),
    *no_word("merge_mode", *MERGES, near="None"),
    *no_word("to", "none", *FRAMEWORKS, near="numpy"),
    choice("view", "folded", VIEWS, "?view=rolled"),
    *no_word("view", *VIEWS, near="batches", nearest="?view=batch"),
    choice("stepping", "yes", NO_YES),
    *no_word("stepping", *NO_YES, near="True", nearest="?stepping=true"),
    choice("poke", "h", POKED),
    *(bad for name in ("transparent", "controls") for bad in no_word(name, *NO_YES)),
    *no_word("poke", *POKED, near="c_pre", nearest="?poke=c_prev"),
    *no_word("direction", "forward", "backward", near="sideways"),
    choice("labels", "name", ("numbers", "names", "both", "hidden"), "?labels=names"),
    choice("labels", "both ", ("numbers", "names", "both", "hidden"), "?labels=both", "both%20"),
    choice("format", "widest", ("narrow", "page", "wide", "hall", "half"), "?format=wide"),
    choice("theme", "drak", ("light", "dark"), "?theme=dark"),
    tensor("kernal", "?tensor=kernel"),
    tensor("kernal", "?tensor=kernel&row=6&column=19", "kernal&row=6&column=19"),
    tensor("W"),
    tensor("H"),
    tensor("h\0", "?tensor=h", "h%00", "“h\N{REPLACEMENT CHARACTER}”"),
    tensor("h'\"><svg onload=alert(1)>", query="h'%22%3E%3Csvg onload=alert(1)%3E"),
    tensor(WORDS, quoted=f"“{WORDS[:40]}…”"),
    tensor("__class__"),
    Bad("tensor=", "tensor", "", "tensor must not be empty; leave it out or name a tensor", list(TENSORS)),
)

SEVERAL = (
    twice("num_units", "6", "7", "?num_units=7"),
    twice("num_units", "7", "7", "?num_units=7"),
    twice("t", "1", "0", "?t=0"),
    # the first in the order of the table
    Bad(
        "num_units=0&batch_size=0",
        *("batch_size", "0", "batch_size must be a whole number from 1 to 1,024, not “0”"),
        allowed={"min": 1, "max": 1024},
        nearest="?batch_size=1&num_units=1",
    ),
    # valid fields are kept
    Bad(
        "num_units=7&labels=both&time_step=x&tensor=h&utm_source=mail",
        *("time_step", "x", "time_step must be a whole number from 1 to 10,000, not “x”"),
        allowed={"min": 1, "max": 10000},
        nearest="?num_units=7&tensor=h&labels=both",
    ),
)

RNN = ("X", "kernel", "bias", "x", "h_prev", "concat", "a", "h", "Y", "h_T")

# each is valid, but not together
DOES_NOT_FIT = (
    Bad(
        *("features=5&trained=true", "features", "5", "task=digits sets features to 8; leave features out", [8]),
        "?trained=true",
    ),
    *(unprojected("gru"), unprojected("gru_reset_after", "8192"), unprojected("rnn", "1")),
    foreign("batch_first", "true", "pytorch", "colah", "false"),
    Bad(
        "model=lstm(3)&beside_framework=keras",
        *("beside_framework", "keras", "beside_framework needs a second model in beside", ["none"]),
        "?model=lstm(3)",
    ),
    foreign("batch_first", "true", "pytorch", "keras", "false"),
    foreign("time_major", "true", "tf1 and flax", "pytorch", "false"),
    foreign("time_major", "true", "tf1 and flax", "onnx", "false"),
    foreign("forget_bias", "0", "tf1", "flax", "1"),
    foreign("return_sequences", "true", "keras", "tf1", "false"),
    foreign("return_state", "true", "keras", "flax", "false"),
    foreign("go_backwards", "true", "keras", "onnx", "false"),
    foreign("merge_mode", "sum", "keras", "colah", "concat"),
    foreign("unit_forget_bias", "false", "keras", "tf1", "true"),
    foreign("layout", "1", "onnx", "pytorch", "0"),
    foreign("return_carry", "true", "flax", "keras", "false"),
    *(one_direction("direction=backward"), one_direction("direction=backward&num_layers=2", "?num_layers=2")),
    one_direction("direction=backward&bidirectional=false&layer=0"),
    of_another_cell("cell=rnn", "rnn", "c", RNN, "?cell=rnn"),
    of_another_cell("cell=rnn", "rnn", "c_prev", RNN, "?cell=rnn&tensor=h_prev"),
    of_another_cell("num_proj=0", "lstm", "m", TENSORS, SAME),
    of_another_cell("num_proj=0", "lstm", "projection", TENSORS, SAME),
    of_another_cell("num_proj=0", "lstm", "p_f", TENSORS, "?tensor=a_f"),
    # the first in the order of the table
    Bad(
        "t=9&layer=3&direction=backward&tensor=none&layout=1&num_proj=2&cell=rnn",
        *("num_proj", "2", "num_proj is not available for rnn; use lstm, lstm_peephole or lstm_coupled"),
        allowed=[0],
        nearest="?cell=rnn&t=3",
    ),
    Bad(
        "t=9&layer=3&direction=backward&layout=1&framework=flax",
        *("layout", "1", "layout is an option of onnx, not of flax"),
        allowed=["0"],
        nearest="?framework=flax&t=3",
    ),
    Bad(
        "direction=backward&layer=3&tensor=none",
        *("layer", "3", "layer must be 0 when num_layers is 1, not “3”"),
        allowed={"min": 0, "max": 0},
    ),
    one_direction("tensor=none&direction=backward"),
    not_carried("cell=gru&poke=c_prev", "gru", "?cell=gru"),
    not_carried("cell=gru_reset_after&poke=c_prev&component=1", "gru_reset_after", "?cell=gru_reset_after"),
    not_carried("poke=c_prev&cell=rnn", "rnn", "?cell=rnn"),
    # all are invalid: the first in the order of the table
    index("sample", "3", 2, "?sample=2&unit=4&poke=x&component=1", "component=5&poke=x&unit=5&", "batch_size is 3"),
)

BAD = (*NOT_A_NUMBER, *OUT_OF_RANGE, *NOT_A_CHOICE, *SEVERAL, *DOES_NOT_FIT, *NOTHING_SELECTED)

FIELDS = (
    *("cell", "batch_size", "time_step", "features", "num_units", "num_proj", "num_layers", "bidirectional"),
    *("framework", "time_major", "forget_bias", "return_sequences", "return_state", "go_backwards", "merge_mode"),
    *("unit_forget_bias", "batch_first", "layout", "return_carry", "seed", "equations"),
    *("data", "text", "cut"),
    *("task", "epochs", "learning_rate", "examples", "trained"),
    *("view", "t", "layer", "direction", "tensor", "stepping", "sample", "unit", "row", "column", "poke", "component"),
    *("parameters",),
    *("labels", "notation", "format", "lang", "theme", "scale", "arrays", "transparent", "controls"),
    *("page", "to"),
    *("lesson_page", "title", "lock", "hide"),
    *("model", "part", "beside", "beside_framework"),
)

# query, name, value
UNKNOWN = (
    ("hidden=5", "hidden", "5"),
    ("utm_source=mail", "utm_source", "mail"),
    ("Num_Units=5", "Num_Units", "5"),
    ("num_units%20=5", "num_units ", "5"),
    ("num_units[]=5", "num_units[]", "5"),
    ("num_units[0]=5", "num_units[0]", "5"),
    ("%6Eum_unit=5", "num_unit", "5"),
    ("=5", "", "5"),
    ("hidden", "hidden", ""),
    ("<script>alert(1)</script>=5", "<script>alert(1)</script>", "5"),
    ("%00=5", "\0", "5"),
    ("%ff=5", "\N{REPLACEMENT CHARACTER}", "5"),
    (f"{'n' * 10_000}=5", "n" * 10_000, "5"),
)
