"""LaTeX's commands: letters, accents, signs, and those that only style a formula."""

GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]
"""The letters, as LaTeX calls them."""

_VARIANTS = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho", "varsigma": "sigma"}

ARROWS = {"uparrow": "up", "downarrow": "down", "↑": "up", "↓": "down"}
"""Arrows that are indices of names, and what they are called."""

COMMANDS = ARROWS | {g: g for g in GREEK} | {g.capitalize(): g.capitalize() for g in GREEK} | _VARIANTS | {"ell": "ell"}
"""LaTeX's commands that are names."""

ACCENTS = {"tilde": "tilde", "widetilde": "tilde", "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar",
           "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve", "vec": "", "mathring": "ring",
           "acute": "acute", "overrightarrow": "", "overleftarrow": "back"}  # fmt: skip
"""Marks above a name, and what they add to it."""

STYLES = ("mathbf", "boldsymbol", "bm", "mathcal", "mathscr", "mathfrak", "mathbb", "vec", "pmb", "textbf", "bf", "rm",
           "it", "sf", "tt",
           "displaystyle", "textstyle", "mathstrut", "bold", "mathbold", "symbf", "ensuremath", "mb", "mbf", "bs",
           "vect", "mat", "mathop", "mathrel", "mathbin")  # fmt: skip
"""Commands whose argument is read as it is, bold or calligraphic."""

WORD_STYLES = ("text", "mathrm", "operatorname", "mathit", "textrm", "mathsf", "textit", "textsf", "mbox", "texttt",
               "mathtt")  # fmt: skip
"""Commands whose argument is a word, or one letter."""

BLANKS = ("left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
          "Biggr", "middle", "quad", "qquad", "limits", "nolimits", "nonumber", "notag", "noindent", "centering",
          "thinspace", "small", "footnotesize", "medspace", "thickspace", "enspace", "hfill",
          "allowbreak")  # fmt: skip
"""Commands that mean nothing for an equation: space, the size of brackets."""

WITH_ARGUMENT = ("label", "tag", "hspace", "vspace", "cite", "ref", "eqref", "intertext", "shortintertext", "color",
                 "phantom", "hphantom", "vphantom")  # fmt: skip
"""Commands that are left out with their argument."""

SIGNS = {
    "odot": "⊙", "circledast": "∗", "circ": "⊙",
    "ast": "∗", "star": "⊙", "bullet": "⊙", "cdot": "·", "times": "·", "otimes": "⊗",
    "oplus": "+", "ominus": "-", "leftarrow": "=", "gets": "=", "coloneqq": "=", "triangleq": "=", "equiv": "=",
    "in": "∈", "colon": ":", "lvert": "|", "rvert": "|", "vert": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖",
    "|": "‖", "{": "(", "}": ")", "langle": "⟨", "rangle": "⟩", "lbrack": "[", "rbrack": "]", "top": "⊤",
    "intercal": "⊤", "prime": "'", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "lt": "<",
    "gt": ">", "div": "/", "oslash": "/", "slash": "/", "mid": "|", "lbrace": "(", "rbrace": ")", "sim": "∼",
    "doteq": "≐", "bmod": "mod", "land": "∧", "wedge": "∧",
    "to": "→", "rightarrow": "→", "longrightarrow": "→",
    "ldots": "…", "vdots": "…", "dots": "…", "cdots": "…", "dotsc": "…", "dotsb": "…",
}  # fmt: skip
"""What the commands of signs mean. ``characters`` has the same for Unicode."""

PRINTED = {
    "odot": "⊙",
    "circ": "∘",
    "cdot": "·",
    "times": "×",
    "otimes": "⊗",
    "top": "⊤",
    "in": "∈",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
}
"""The characters that some commands of signs print, for sentences."""

PRODUCTS = ("odot", "circ", "cdot", "times", "otimes")
"""The commands of products."""
