"""Programs that raise something else than a shape error of a recurrent network: errors of Python, of data types and
devices, of files, of networks without recurrence, and of recurrent layers in another respect."""

from collections.abc import Iterator

PYTHON = """
1 / 0
[1, 2][5]
(1, 2)[3]
{"lstm": 1}["gru"]
int("lstm")
float("1,5")
open("/nonexistent/lstm.pt")
import no_such_module_lstm
from math import LSTM
undefined_name + 1
"a" + 1
1 + "a"
len(5)
[].pop()
{}.popitem()
"abc".index("d")
[1].remove(2)
a, b = 1, 2, 3
a, b, c = 1, 2
(a, b), c = 1, 2
None.shape
None[0]
None()
(5)()
"x".no_such_method()
object().hidden
assert False, "hidden size must be 20"
assert (2, 3, 20) == (2, 5, 20), "Expected the same"
raise ValueError("input must be a file")
raise RuntimeError("expected 3 files, got 2")
raise ValueError("Expected input")
raise TypeError("hidden")
raise KeyError("weight_ih_l0")
raise NotImplementedError
raise StopIteration
raise MemoryError
raise OSError(28, "No space left on device")
raise TimeoutError("timed out")
raise ConnectionError("could not download the LSTM weights")
raise PermissionError(13, "Permission denied", "model.h5")
raise UnicodeDecodeError("utf-8", b"\\xff", 0, 1, "invalid start byte")
b"\\xff".decode()
"é".encode("ascii")
(lambda x: x)()
(lambda x: x)(1, 2)
(lambda x: x)(y=1)
max([])
min(())
sum(["a"])
sorted([1, "a"])
dict([1])
set([[]])
hash([])
iter(5)
next(iter([]))
range("a")
range(1.5)
chr(-1)
ord("ab")
eval("1 +")
exec("if x")
compile("def", "f", "exec")
__import__("json").loads("{lstm}")
__import__("json").dumps({1, 2})
__import__("re").compile("(")
__import__("pickle").loads(b"x")
__import__("struct").unpack("i", b"1")
__import__("datetime").date(2024, 13, 1)
__import__("decimal").Decimal("x")
__import__("os").listdir("/nonexistent")
__import__("os").remove("/nonexistent")
__import__("subprocess").run(["/nonexistent"])
__import__("socket").create_connection(("127.0.0.1", 1), 0.1)
__import__("csv").reader(5).__next__()
__import__("zipfile").ZipFile("/dev/null")
__import__("gzip").open("/nonexistent").read()
__import__("importlib").import_module("keras.lstm")
__import__("argparse").Namespace().hidden_size
__import__("collections").namedtuple("LSTM", "1x")
__import__("dataclasses").replace(5)
__import__("enum").Enum("Cell", "LSTM")("GRU")
__import__("fractions").Fraction(1, 0)
__import__("functools").reduce(lambda a, b: a, [])
__import__("itertools").islice([], -1)
__import__("operator").itemgetter(3)([1])
__import__("random").choice([])
__import__("random").sample([1], 5)
__import__("statistics").mean([])
__import__("string").Template("$x").substitute()
__import__("urllib.request").request.urlopen("file:///nonexistent")
__import__("uuid").UUID("x")
__import__("weakref").ref(5)
__import__("xml.dom.minidom").dom.minidom.parseString("<lstm>")
__import__("base64").b64decode("a")
__import__("calendar").month(2024, 13)
__import__("configparser").ConfigParser()["lstm"]
__import__("contextlib").ExitStack().enter_context(5)
__import__("ctypes").CDLL("/nonexistent.so")
__import__("queue").Queue().get_nowait()
__import__("sqlite3").connect(":memory:").execute("select * from lstm")
__import__("typing").NamedTuple("A", 5)
__import__("unittest").TestCase().assertEqual((2, 3, 20), (2, 5, 20))
"""

PYTORCH = """
torch.zeros(2, 3) @ torch.zeros(4, 5)
torch.zeros(2, 3) + torch.zeros(4, 5)
torch.zeros(2, 3).view(7)
torch.zeros(2, 3).reshape(4, -1)
torch.cat((torch.zeros(2, 3), torch.zeros(3, 2)))
torch.stack((torch.zeros(2), torch.zeros(3)))
torch.zeros(2, 3).squeeze(5)
torch.zeros(2, 3).transpose(0, 4)
torch.zeros(2, 3).permute(0)
torch.zeros(2, 3)[5]
torch.zeros(2, 3)[:, 7]
torch.zeros(2).item()
torch.zeros(2, requires_grad=True).numpy()
torch.zeros(2).backward()
torch.zeros(2).cuda()
torch.zeros(2).to("cuda:7")
torch.zeros(2).no_such
torch.load("/nonexistent.pt")
torch.tensor([[1], [1, 2]])
torch.tensor("lstm")
torch.zeros(-1)
torch.arange(0)[0]
torch.bmm(torch.zeros(2, 3, 4), torch.zeros(3, 4, 5))
torch.einsum("ij,jk->ik", torch.zeros(2, 3), torch.zeros(4, 5))
nn.Linear(10, 2)(torch.zeros(3, 9))
nn.Linear(10, 2)(torch.zeros(3, 10, dtype=torch.long))
nn.Linear(10, 2)(torch.zeros(3, 10).double())
nn.Conv2d(3, 8, 3)(torch.zeros(1, 1, 28, 28))
nn.Conv2d(3, 8, 3)(torch.zeros(28, 28))
nn.Conv1d(3, 8, 30)(torch.zeros(1, 3, 5))
nn.BatchNorm1d(5)(torch.zeros(2, 6))
nn.BatchNorm2d(5)(torch.zeros(2, 5))
nn.LayerNorm(5)(torch.zeros(2, 6))
nn.LayerNorm(64)(torch.zeros(9, 4, 20))
nn.BatchNorm1d(20)(torch.zeros(4, 9, 20))
nn.Embedding(10, 3)(torch.tensor([11]))
nn.Embedding(10, 3)(torch.zeros(2))
nn.MaxPool2d(40)(torch.zeros(1, 1, 28, 28))
nn.CrossEntropyLoss()(torch.zeros(3, 5), torch.zeros(4, dtype=torch.long))
nn.CrossEntropyLoss()(torch.zeros(3, 5), torch.tensor([1, 2, 9]))
nn.NLLLoss()(torch.zeros(3, 5), torch.zeros(3))
nn.BCELoss()(torch.ones(3), torch.ones(4))
nn.MultiheadAttention(10, 3)
nn.MultiheadAttention(10, 2)(torch.zeros(2, 3, 9), torch.zeros(2, 3, 9), torch.zeros(2, 3, 9))
nn.Transformer(8, 2)(torch.zeros(2, 3, 8), torch.zeros(2, 4, 8))
nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 5))(torch.zeros(1, 2))
nn.Linear(2, 3).load_state_dict(nn.Linear(2, 4).state_dict())
nn.Linear(2, 3).load_state_dict({})
nn.Module()(5)
nn.Linear("a", 2)
nn.Dropout(2.0)
nn.ModuleList([5])
torch.optim.Adam([])
torch.optim.SGD([torch.zeros(2)], lr=-1)
nn.LSTM(10, 20, dropout=2.0)
nn.LSTM(10, 0)
nn.LSTM(10, 20, nonsense=True)
nn.LSTM(10)
nn.LSTM("10", 20)
nn.LSTM(10, 20)(5)
nn.LSTM(10, 20)(torch.zeros(3, 4, 10).double())
nn.LSTM(10, 20)(torch.zeros(3, 4, 10, dtype=torch.long))
nn.LSTM(10, 20).hidden
nn.LSTM(10, 20)(torch.zeros(3, 4, 10)).shape
nn.LSTM(10, 20).load_state_dict({})
nn.LSTM(10, 20).load_state_dict(nn.GRU(10, 20, 2, bias=False).state_dict(), strict=5, nonsense=1)
nn.RNN(10, 20, nonlinearity="sigmoid")
nn.GRU(10, 20)(torch.zeros(3, 4, 10)).size()
out, (h, c) = nn.GRU(10, 20)(torch.zeros(3, 2, 10))
lstm_out = nn.LSTM(10, 20)(torch.zeros(3, 4, 10)) + 1
nn.Linear(20, 2)(nn.LSTM(10, 20)(torch.zeros(3, 4, 10)))
torch.nn.utils.rnn.pack_padded_sequence(torch.zeros(3, 2, 4), "lengths")
torch.nn.utils.rnn.pad_packed_sequence(torch.zeros(3, 2, 4))
torch.nn.utils.rnn.pad_sequence([torch.zeros(2, 3), torch.zeros(2, 4)])
torch.jit.script(lambda x: x)
torch.utils.data.DataLoader([1], batch_size=0)
next(iter(torch.utils.data.DataLoader([torch.zeros(2), torch.zeros(3)], batch_size=2)))
(torch.zeros(2, requires_grad=True) * 2).sum().backward(torch.zeros(3))
x = torch.zeros(2, requires_grad=True); y = (x * x).sum(); y.backward(); y.backward()
x = torch.zeros(2, requires_grad=True); x += 1
"""

NAMED_IN_PYTORCH = """
class LSTMNet: step = lambda self: torch.zeros(2, 3).view(7)
class RNNModel(nn.Conv1d): pass
class BiGRU: forward = lambda self, x: nn.Conv2d(3, 8, 3)(x)
def lstm_pairs(batch): (x, y), z = batch
"""

CALLS_IN_PYTORCH = """
LSTMNet().step()
RNNModel(3, 8, 3)(torch.zeros(2, 4, 9))
BiGRU().forward(torch.zeros(1, 4, 9, 9))
lstm_pairs([(1, 2, 3), 4])
nn.LSTM(3, 4)([torch.zeros(2, 3, 4)])
nn.GRU(3, 4)(torch.zeros(2, 3, 3), [torch.zeros(1, 3, 4)] * 2)
x, y, z = nn.LSTM(3, 4)(torch.zeros(5, 2, 3))
nn.GRU(3, 4)(torch.zeros(5, 2, 3)).shape
nn.LSTM(3, 4).load_state_dict({"weight_ih_l0": 5})
nn.CTCLoss()(torch.zeros(5, 2, 3), torch.zeros(2, 9), 5, 5)
nn.CrossEntropyLoss()(torch.zeros(4, 3), torch.full((4,), 7))
nn.BCELoss()(torch.full((2, 1), 7.0), torch.zeros(2, 1))
torch.tensor([[1, 2, 3], [1, 2]])
torch.cat((torch.zeros(2, 3), torch.zeros(2)))
torch.bmm(torch.zeros(2, 3), torch.zeros(2, 3, 4))
nn.BCEWithLogitsLoss()(torch.zeros(4, 1), torch.zeros(4))
nn.CrossEntropyLoss()(torch.zeros(4, 3), torch.zeros(4, 2).long())
"""

CALLS_IN_KERAS = """
layers.LSTM(4)(np.zeros((2, 5, 3)), initial_state="zeros")
layers.GRU(4)(np.zeros((2, 5, 3)), no_such_argument=5)
layers.LSTM(4)("a sentence")
layers.LSTM(4)(np.array([[["a"]]]))
layers.LSTM(4, recurrent_initializer=lambda shape, dtype: 1 / 0)(np.zeros((2, 5, 3)))
layers.Dense(4, activation=lambda x: 1 / 0)(layers.LSTM(4)(np.zeros((2, 5, 3))))
layers.Lambda(lambda x: x.no_such_method())(layers.GRU(4)(np.zeros((2, 5, 3))))
layers.RepeatVector(3)(np.zeros((2, 3, 4)))
layers.Concatenate()([np.zeros((2, 3, 4)), np.zeros((2, 5, 4))])
keras.Sequential([keras.Input((2,)), layers.Dense(2)]).predict(np.zeros((3, 5)))
model = keras.Sequential([layers.Dense(2)]); model.compile(loss="mse"); model.fit(np.zeros((3, 2)), np.zeros((4, 2)))
model = keras.Sequential([layers.Dense(2)]); model.compile(loss="mse"); model.fit(np.zeros((3, 2)), np.zeros((3, 5)))
"""

CALLS_IN_NUMPY = """
rnn = {}; rnn["h"] + np.zeros(3)
def lstm(x): return x.reshape(7)\\nlstm(np.zeros((2, 3)))
def gru_step(x, h): return h[x]\\ngru_step(9, np.zeros(3))
def scaled(x): return x @ np.zeros((5, 3))\\nscaled(np.zeros((2, 4)))
"""

KERAS = """
layers.Dense(5)(np.zeros(3))
layers.Dense("a")
layers.Dense(-1)
layers.Conv2D(8, 3)(np.zeros((1, 28, 28)))
layers.Conv1D(8, 3)(np.zeros((2, 5)))
layers.MaxPooling2D()(np.zeros((2, 5)))
layers.Flatten()(5)
layers.Embedding(10)(5)
layers.Concatenate()([np.zeros((2, 3)), np.zeros((3, 3))])
layers.Add()([np.zeros((2, 3)), np.zeros((2, 4))])
layers.Reshape((7,))(np.zeros((2, 3)))
layers.BatchNormalization(axis=5)(np.zeros((2, 3)))
layers.Dot(axes=1)([np.zeros((2, 3)), np.zeros((2, 4))])
layers.Activation("no_such_activation")
layers.LSTM(20, activation="no_such_activation")
layers.LSTM(20, time_major=False)
layers.LSTM(-5)
layers.LSTM("units")
layers.LSTM()
layers.LSTM(20, merge_mode="sum")
layers.Bidirectional(layers.Dense(3))
layers.Bidirectional(layers.LSTM(3), merge_mode="nonsense")
layers.Bidirectional(layers.LSTM(3), backward_layer=layers.LSTM(3))
keras.Sequential([5])
keras.Sequential([layers.Dense(2)]).fit(np.zeros((3, 2)), np.zeros(3))
keras.Sequential([keras.Input((2,)), layers.Dense(2)]).get_layer("lstm")
keras.Sequential([keras.Input((2,)), layers.Dense(2)])(np.zeros((3, 5)))
keras.Sequential([keras.Input((28, 28)), layers.Conv2D(3, 3)])
keras.Model(5, 5)
keras.models.load_model("/nonexistent.keras")
keras.optimizers.get("no_such_optimizer")
keras.losses.get("no_such_loss")
keras.utils.to_categorical([5], 3)
keras.utils.pad_sequences([1, 2])
keras.layers.NoSuchLSTM(5)
"""

NUMPY = """
np.zeros((2, 3)) @ np.zeros((4, 5))
np.zeros((2, 3)) + np.zeros((4, 5))
np.zeros((2, 3)).reshape(7)
np.concatenate([np.zeros((2, 3)), np.zeros((3, 2))])
np.stack([np.zeros(2), np.zeros(3)])
np.zeros((2, 3)).transpose(0)
np.zeros((2, 3))[5]
np.zeros((2, 3))[:, :, 1]
np.array([[1], [1, 2]], dtype=float)
np.zeros(-1)
np.linalg.inv(np.zeros((2, 2)))
np.linalg.inv(np.zeros((2, 3)))
np.dot(np.zeros((2, 3)), np.zeros((4, 5)))
np.load("/nonexistent.npy")
np.zeros((2, 3)).squeeze(0)
np.array("lstm").astype(float)
np.einsum("ij,jk", np.zeros((2, 3)), np.zeros((4, 5)))
np.split(np.zeros(5), 2)
np.broadcast_to(np.zeros(3), (2, 4))
np.random.choice(0)
"""

HEADS = {
    "python": "",
    "pytorch": "import torch\nfrom torch import nn\n",
    "keras": "import numpy as np\nimport keras\nfrom keras import layers\n",
    "numpy": "import numpy as np\n",
}


def programs() -> Iterator[tuple[str, str]]:
    """Each program with its name."""
    for kind, lines in (("python", PYTHON), ("pytorch", PYTORCH), ("keras", KERAS), ("numpy", NUMPY)):
        for n, line in enumerate(lines.strip().split("\n")):
            yield f"{kind}-{n}", f"{HEADS[kind]}{line}\n"
    for kind, lines in (("pytorch", CALLS_IN_PYTORCH), ("keras", CALLS_IN_KERAS), ("numpy", CALLS_IN_NUMPY)):
        named = NAMED_IN_PYTORCH.lstrip() if kind == "pytorch" else ""
        for n, line in enumerate(lines.strip().split("\n")):
            program = line.replace("\\n", "\n")
            yield f"{kind}-call-{n}", f"{HEADS[kind]}{named}{program}\n"


PAIRS = frozenset({"pytorch-63", "pytorch-67", "pytorch-68", "pytorch-70", "pytorch-call-6", "pytorch-call-7"})
"""Programs that use the pair of a layer that the line itself makes like a tensor, which is explained."""
