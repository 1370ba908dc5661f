"""The text of a run or a training until a visitor types one."""

SAMPLE = (
    "a cell keeps a few numbers from one step to the next. it reads a letter, forgets a little, adds a little, and"
    " hands on what is left until the text ends."
)
"""The default text."""
