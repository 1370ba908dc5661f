"""Links that are known to be expensive."""

from urllib.parse import quote

HEAVY = "cell=lstm_peephole&num_layers=3&bidirectional=true&labels=both&format=hall&num_units=9&time_step=9&sample=0"
"""The query of a picture with many parts."""

POEM, TITLE = quote("\N{GRINNING FACE}\N{FIRE}" * 990), quote("\N{FIRE}" * 80)
LONG = f"data=text&text={POEM}&title={TITLE}&view=units&unit=0&sample=0&tensor=kernel&poke=x"
"""A query of 25 KB, which is repeated in the links of a page."""

KNOWN = (
    f"/standalone.html?{HEAVY}&view=units",
    f"/diagram.png?{HEAVY}&view=gradients&scale=4",
    "/trace.json?batch_size=1&time_step=1&features=4096&num_units=800",
    "/weights.npz?num_units=1900&features=8",
    "/?batch_size=1&time_step=10000&bidirectional=true&view=gradients",
    f"/questions/five-cells?{LONG}&num_layers=8",
    "/model?model="
    + ".".join(f"lstm({n},seq)" for n in range(100, 240))
    + "&beside="
    + "gru(9,seq)." * 150
    + "dropout",
    "/quiz.json?answer=" + quote("*".join(["(1+b+t+f+u+p)"] * 14)),
)
"""The first candidates of a search."""
