"""The parameters that a checkpoint lacks, or has too many of, say which layers and directions differ."""

from dataclasses import replace

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, first_cause_and_lines, pasted, traceback

from app.reading.errors.causes import cause
from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import Explanation, NotFoundError, explain

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def keys(places: str, layer: str = "encoder.rnn", kinds: tuple[str, ...] = KINDS) -> str:
    return ", ".join(f'"{layer}.{kind}_{place}"' for place in places.split() for kind in kinds)


def loading(missing: str = "", unexpected: str = "", sizes: str = "") -> str:
    """The error of PyTorch with lists of keys."""
    lists = (("Missing", missing), ("Unexpected", unexpected))
    lines = [f"{what} key(s) in state_dict: {listed}. " for what, listed in lists if listed]
    return "\n\t".join(["RuntimeError: Error(s) in loading state_dict for Net:", *lines, *([sizes] if sizes else [])])


def explained(text: str) -> tuple[object, ...]:
    said = explain(text).mismatch
    return said.tensor, said.axis, said.expected, said.got, [cause.id for cause in said.causes]


@pytest.mark.parametrize(
    ("missing", "unexpected", "expected", "got", "causes"),
    [
        ("l1", "", 2, 1, ["checkpoint_layers"]),
        ("l1 l2", "", 3, 1, ["checkpoint_layers"]),
        ("", "l2", 2, 3, ["checkpoint_layers"]),
        ("l0_reverse", "", 2, 1, ["checkpoint_directions"]),
        ("", "l0_reverse l1_reverse", 2, 4, ["checkpoint_directions"]),
        ("l1 l1_reverse", "", 4, 2, ["checkpoint_layers"]),
        ("l0_reverse l1 l1_reverse", "", 4, 1, ["checkpoint_layers", "checkpoint_directions"]),
    ],
)
def test_the_layers_and_directions_of_both_sides_follow_from_the_keys(
    missing: str, unexpected: str, expected: int, got: int, causes: list[str]
) -> None:
    text = loading(keys(missing), keys(unexpected))

    assert explained(text) == ("kernel", "num_layers*directions", (expected,), (got,), causes)
    wrapped = "\n".join(text[n : n + 40] for n in range(0, len(text), 40))
    assert explained(wrapped) == explained(text)


def configuration(explanation: Explanation) -> tuple[int | None, bool | None]:
    network = explanation.configuration
    assert network
    return network.num_layers, network.bidirectional


def test_the_configuration_is_that_of_the_model() -> None:
    assert configuration(explain(loading(keys("l1 l1_reverse")))) == (2, True)
    assert configuration(explain(loading(unexpected=keys("l1_reverse l0_reverse")))) == (2, False)


def test_other_sizes_that_follow_from_other_directions_are_not_the_cause() -> None:
    size = "size mismatch for encoder.rnn.weight_{}: copying a param with shape torch.Size({}) from checkpoint, the"
    upper = size.format("ih_l1", "[80, 20]") + " shape in current model is torch.Size([80, 40])."

    assert explained(loading(keys("l0_reverse l1_reverse"), sizes=upper))[-1] == ["checkpoint_directions"]


def test_only_the_biases_or_the_projection_may_be_missing() -> None:
    assert explained(loading(keys("l0", kinds=KINDS[2:])))[:2] == ("bias", None)
    assert explained(loading(unexpected=keys("l0", kinds=("weight_hr",))))[:2] == ("projection", "num_proj")


@pytest.mark.parametrize(
    "text",
    [
        loading(keys("l0"), keys("l0", "module.encoder.rnn")),
        loading(keys("l0"), keys("l0", "lstm")),
        loading(keys("l0 l1")),
    ],
)
def test_a_layer_with_another_name_is_no_shape_error(text: str) -> None:
    with pytest.raises(NotFoundError, match="about the names of its parameters"):
        explain(text)


@pytest.mark.parametrize(
    "text",
    [
        loading('"fc.weight", "fc.bias"'),
        loading('"layers.2.self_attn.in_proj_weight", "encoder.weight_ih_norm.weight"'),
        loading(keys("l1")) + "\n\nDuring handling of the above exception, another exception occurred:\n\nKeyError: 1",
    ],
)
def test_keys_of_other_layers_and_a_later_error_are_no_shape_error(text: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text)


def test_of_several_parameters_of_another_size_the_kernel_counts_first() -> None:
    line = "\tsize mismatch for rnn.{}: copying a param with shape torch.Size({}) from checkpoint, the shape in current"
    sizes = {
        "bias_ih_l0": ("[96]", "[60]"),
        "weight_hh_l0": ("[96, 32]", "[60, 20]"),
        "weight_ih_l0": ("[96, 7]", "[60, 7]"),
    }
    lines = [line.format(name, old) + f" model is torch.Size({new})." for name, (old, new) in sizes.items()]

    explanation = explain("\n".join(["RuntimeError: Error(s) in loading state_dict for Net:", *lines]))

    assert explanation.mismatch.tensor == "kernel" and "weight_ih_l0" in explanation.message
    assert explanation.mismatch.causes[0].fix == "self.rnn = nn.GRU(7, 32)"


@pytest.mark.parametrize(("name", "made"), [("rnn.", "self.rnn = "), ("", "")])
def test_the_layer_itself_and_a_network_keep_the_number_of_layers_and_directions(name: str, made: str) -> None:
    sizes = [
        (f"weight_{of}_l{level}{way}", rows)
        for level in range(3)
        for way in ("", "_reverse")
        for of, rows in (("ih", 7 if level == 0 else 20), ("hh", 10))
    ]
    lines = [
        f"\tsize mismatch for {name}{one}: copying a param with shape torch.Size([30, {columns}]) from checkpoint, the"
        f" shape in current model is torch.Size([36, {columns if columns == 7 else columns * 12 // 10}])."
        for one, columns in sizes
    ]

    explanation = explain("\n".join(["RuntimeError: Error(s) in loading state_dict for GRU:", *lines]))

    assert explanation.mismatch.causes[0].fix == f"{made}nn.GRU(7, 10, num_layers=3, bidirectional=True)"
    assert configuration(explanation) == (3, True)


OF_KERAS = (
    "The shape of the target variable and the shape of the target value in `variable.assign(value)` must match."
    " variable.shape=(3, {expected}), Received: value.shape=(3, {got}). Target variable: <Variable"
    " path=sequential_1/{layer}/kernel, shape=(3, {expected}), dtype=float32>"
)


@pytest.mark.parametrize(
    ("layer", "expected", "got", "cause", "fix"),
    [
        ("lower/gru_cell", 3 * 64, 3 * 48, "other_size", "keras.layers.GRU(48)"),
        ("lower/lstm_cell", 4 * 48, 3 * 48, "other_cell", "keras.layers.GRU(48)"),
        ("lower/lstm_cell", 4 * 36, 4 * 48, "other_size", "keras.layers.LSTM(48)"),
    ],
)
def test_the_blocks_of_the_layer_that_gets_a_kernel_tell_whether_it_may_be_of_another_cell(
    layer: str, expected: int, got: int, cause: str, fix: str
) -> None:
    mismatch = explain(OF_KERAS.format(layer=layer, expected=expected, got=got)).mismatch

    assert [(one.id, one.fix) for one in mismatch.causes] == [(cause, fix)]


KERAS = """import keras
from keras import layers

def language_model(vocabulary, units=32):
    tokens = keras.Input((None,), dtype="int32")
    e = layers.Embedding({}, name="emb")(tokens)
    h = layers.{}(units)(e)
    return keras.Model(tokens, layers.Dense(vocabulary)(h))

new_words = 12
restored = language_model(500 + new_words)
restored.load_weights(path)
"""
OF_EMBEDDING = (
    "ValueError: A total of 2 objects could not be loaded. Example error message for object <Embedding name=emb,"
    " built=True>:\n\nThe shape of the target variable and the shape of the target value in `variable.assign(value)`"
    " must match. variable.shape=(512, 16), Received: value.shape=torch.Size([500, 16]). Target variable: <Variable"
    " path=emb/embeddings, shape=(512, 16), dtype=float32, value=[[-0.0011 0.0209]]>"
)


@pytest.mark.parametrize("size", ["vocabulary, 16", "input_dim=vocabulary, output_dim=16"])
def test_a_model_of_keras_is_made_for_the_vocabulary_of_its_file(size: str) -> None:
    mismatch = explain(pasted(KERAS.format(size, "LSTM"), ["restored.load_weights(path)"], OF_EMBEDDING)).mismatch

    assert str(mismatch.sentence) == "The vocabulary has 500 words in the checkpoint, and 512 in the model."
    assert [one.id for one in mismatch.causes] == ["checkpoint_vocabulary"]
    assert mismatch.causes[0].lines == (
        ("restored = language_model(500 + new_words)", "restored = language_model(500)"),
    )


def test_an_embedding_without_a_recurrent_layer_is_named_with_both_vocabularies() -> None:
    with pytest.raises(NotFoundError) as error:
        explain(pasted(KERAS.format("vocabulary, 16", "Dense"), ["restored.load_weights(path)"], OF_EMBEDDING))

    assert "an embedding of 512 words that gets the weights of 500 words" in str(error.value.sentence)


BOTH = """import torch
from torch import nn

class Reviews(nn.Module):
    def __init__(self, width=64, both=True):
        super().__init__()
        self.encoder = nn.LSTM(50, width, bidirectional=both, batch_first=True)
        self.classifier = nn.Linear(width * (2 if both else 1), 3)

served = Reviews({})
served.load_state_dict(torch.load("reviews.pt"))
"""
OF_CLASSIFIER = (
    "size mismatch for classifier.weight: copying a param with shape torch.Size([3, {}]) from checkpoint, the shape in"
    " current model is torch.Size([3, {}])."
)


@pytest.mark.parametrize(
    ("is_in_model", "given", "sizes", "fix"),
    [
        (True, "", (64, 128), "served = Reviews(both=False)"),
        (False, "both=False", (128, 64), "served = Reviews(both=True)"),
    ],
)
def test_a_dense_layer_of_another_size_after_another_number_of_directions_is_not_the_cause(
    is_in_model: bool, given: str, sizes: tuple[int, int], fix: str
) -> None:
    reverse = keys("l0_reverse", "encoder")
    error = loading(*((reverse, "") if is_in_model else ("", reverse)), sizes=OF_CLASSIFIER.format(*sizes))
    line = 'served.load_state_dict(torch.load("reviews.pt"))'

    assert explained(pasted("", [line], error))[-1] == ["checkpoint_directions"]
    (cause,) = explain(pasted(BOTH.format(given), [line], error)).mismatch.causes
    assert cause.lines == ((f"served = Reviews({given})", fix),)


CHECKPOINT = f"""{TORCH}
class Tagger(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.lstm = nn.LSTM(50, hidden_dim, batch_first=True)
        self.tag = nn.Linear(hidden_dim, 9)
    def forward(self, x):
        return self.tag(self.lstm(x)[0])

tagger = Tagger()
tagger.load_state_dict(torch.load("tagger.pt"))
tagger(torch.zeros(1, 7, 50))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                CHECKPOINT,
                ['tagger.load_state_dict(torch.load("tagger.pt"))'],
                "RuntimeError: Error(s) in loading"
                " state_dict for Tagger:\n\tsize mismatch for lstm.weight_ih_l0: copying a param with shape"
                " torch.Size([256, 50]) from checkpoint, the shape in current model is torch.Size([512, 50]).",
            ),
            ("kernel", "gates*num_units", "other_size"),
            {"tagger = Tagger()": "tagger = Tagger(hidden_dim=64)"},
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


CHECKPOINT_OF_SETTINGS = f"""{TORCH}
class Intents(nn.Module):
    def __init__(self, {{parameters}}):
        super().__init__()
        self.lstm = nn.LSTM({{sizes}}, num_layers=2, batch_first=True)


{{config}}
net = Intents({{given}})
net.load_state_dict(torch.load("old.pt"))
"""


PARAMETERS = {"weight_ih": ("512, 50", "384, 50"), "weight_hh": ("512, 128", "384, 96")}


OTHER_SIZES = "RuntimeError: Error(s) in loading state_dict for Intents:" + "".join(
    f"\n\tsize mismatch for lstm.{name}_l{layer}: copying a param with shape torch.Size([{saved}]) from checkpoint, the"
    f" shape in current model is torch.Size([{made}])."
    for layer in (0, 1)
    for name, (saved, made) in PARAMETERS.items()
    if layer == 0 or name == "weight_hh"
)


LOADS = ['net.load_state_dict(torch.load("old.pt"))']


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        *(
            (
                pasted(
                    CHECKPOINT_OF_SETTINGS.format(
                        parameters=parameters, sizes=sizes, config=config.format(96), given=given
                    ),
                    LOADS,
                    OTHER_SIZES,
                ),
                ("kernel", "gates*num_units", ["other_size"]),
                {config.format(96): config.format(128)},
            )
            for parameters, sizes, config, given in (
                ("emb, hidden", "emb, hidden", "CONFIG = dict(emb=50, hidden={})", "**CONFIG"),
                ("emb, hidden", "emb, hidden", 'CONFIG = {{"emb": 50, "hidden": {}}}', "**CONFIG"),
                ("emb, hidden", "emb, hidden", 'ALL = {{"net": {{"emb": 50, "hidden": {}}}}}', '**ALL["net"]'),
                ("cfg", 'cfg["emb"], cfg["hidden"]', 'cfg = {{"emb": 50, "hidden": {}}}', "cfg"),
            )
        ),
    ],
)
def test_only_the_wrong_line_is_corrected(text: str, said: tuple[str, str, list[str]], lines: dict[str, str]) -> None:
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, [one.id for one in mismatch.causes]) == said
    assert dict(mismatch.causes[0].lines) == lines and mismatch.causes[0].is_own


@pytest.mark.parametrize(
    "text",
    [
        pasted(
            CHECKPOINT_OF_SETTINGS.format(
                parameters="emb, hidden", sizes="emb, hidden", config="CONFIG = read()", given="50, **CONFIG"
            ),
            LOADS,
            OTHER_SIZES,
        ),
    ],
)
def test_no_line_is_corrected_that_would_break_another_one(text: str) -> None:
    assert not any(one.is_own for one in explain(text).mismatch.causes)


def test_a_checkpoint_alone_says_how_many_layers_it_has() -> None:
    (likely, *_) = explain(traceback(LOADS, OTHER_SIZES)).mismatch.causes

    assert likely.fix == "self.lstm = nn.LSTM(50, 128, num_layers=2)"


WORDS = f"""{TORCH_WITH_PACKING}
OLD = "the cat sat on a mat and slept".split()
NEW = {{new}}

class WordLM(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, 24)
        self.lstm = nn.LSTM(24, 48, batch_first=True)

    def forward(self, ids):
        return self.lstm(self.embed(ids))[0]

torch.save({{{{"model": WordLM(len(OLD)).state_dict()}}}}, "words.pt")
checkpoint = torch.load("words.pt")
lm = WordLM(vocab_size=len(NEW))
lm.load_state_dict(checkpoint["model"])
"""


LOAD = 'lm.load_state_dict(checkpoint["model"])'


@pytest.mark.parametrize(
    ("new", "ids"),
    [
        ('OLD + ["dogs", "barked"]', ["checkpoint_words", "checkpoint_vocabulary"]),
        ('"a dog barked at the cat that sat on it".split()', ["checkpoint_vocabulary", "checkpoint_words"]),
    ],
)
def test_the_rows_of_old_words_are_copied_first_where_words_were_added(new: str, ids: list[str]) -> None:
    error = (
        "RuntimeError: Error(s) in loading state_dict for WordLM:\n\tsize mismatch for embed.weight: copying a param"
        " with shape torch.Size([8, 24]) from checkpoint, the shape in current model is torch.Size([10, 24])."
    )
    causes = {one.id: one for one in explain(pasted(WORDS.format(new=new), [LOAD], error)).mismatch.causes}

    assert [*causes] == ids
    assert dict(causes["checkpoint_words"].lines) == {
        LOAD: 'old = checkpoint["model"].pop("embed.weight"); lm.load_state_dict(checkpoint["model"], strict=False);'
        " lm.embed.weight.data[:8] = old"
    }


def test_the_name_of_a_method_is_no_name_of_an_array() -> None:
    """``lm.state_dict`` does not make ``state_dict`` a name of the program, and nor does the key ``"model"``."""
    explanation = explain(pasted(WORDS.format(new="OLD + OLD"), [LOAD], CHECKPOINT_OF_WORDS))
    assert is_general(explanation.found, cause("checkpoint_words", "pytorch", layer="embed", got=8))


def test_a_line_in_place_of_one_that_the_text_does_not_show_is_general() -> None:
    """Neither is that of a second array, of which only the first one is named in the traceback."""
    found = explain(pasted(WORDS.format(new="OLD + OLD"), [LOAD], CHECKPOINT_OF_WORDS)).found
    of_input = cause("other_features", "keras", got=4, expected=36)
    of_weights = replace(of_input, wrong="", fix="lm = lm.T", others=(("", "recurrent_kernel = recurrent_kernel.T"),))

    assert is_general(found, of_input)
    assert is_general(found, of_weights)
    assert not is_general(found, replace(of_weights, others=()))


CHECKPOINT_OF_WORDS = (
    "RuntimeError: Error(s) in loading state_dict for WordLM:\n\tsize mismatch for embed.weight: copying a param with"
    " shape torch.Size([8, 24]) from checkpoint, the shape in current model is torch.Size([16, 24])."
)
