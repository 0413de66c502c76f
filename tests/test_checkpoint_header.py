"""Headers of .safetensors files: what they tell, and the reason for each that can't be read."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwise.checkpoint_header import LARGEST_HEADER, Header, HeaderError, read_header

Shapes = Mapping[str, Sequence[int]]
CONTEXT = "transformer_blocks.0.attn2.to_k.weight"
BODY = "model.diffusion_model."


def with_length(header: bytes) -> bytes:
    return len(header).to_bytes(8, "little") + header


def header_bytes(shapes: Shapes, metadata: object = None) -> tuple[bytes, int]:
    """A header as the reference writer makes it, and how many bytes of weights it promises."""
    table: dict[str, Any] = {} if metadata is None else {"__metadata__": metadata}
    end = 0
    for name, shape in shapes.items():
        start, end = end, end + 2
        for size in shape:
            end = start + (end - start) * size
        table[name] = {"dtype": "F16", "shape": [*shape], "data_offsets": [start, end]}
    text = json.dumps(table).encode()
    return with_length(text + b" " * (-len(text) % 8)), end


def write(file: Path, shapes: Shapes, metadata: object = None) -> Path:
    """A whole file, its weights a hole."""
    content, weights = header_bytes(shapes, metadata)
    with file.open("wb") as stream:
        stream.write(content)
        stream.truncate(len(content) + weights)
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def refusal(file: Path) -> str:
    with pytest.raises(HeaderError) as caught:
        read_header(file)
    return caught.value.reason


@pytest.mark.parametrize(
    ("shapes", "architecture"),
    [
        # The names of text encoders decide, whatever their size.
        ({"conditioner.embedders.0.transformer.text_model.embeddings.position_ids": [1, 77]}, "sdxl"),
        ({"conditioner.embedders.1.model.ln_final.weight": [64]}, "sdxl"),
        ({"cond_stage_model.transformer.text_model.final_layer_norm.weight": [64]}, "sd1"),
        ({"cond_stage_model.transformer.final_layer_norm.weight": [768]}, "sd1"),
        ({"cond_stage_model.model.ln_final.weight": [1024]}, "sd2"),
        (
            {"cond_stage_model.model.ln_final.weight": [8], f"{BODY}input_blocks.1.1.{CONTEXT}": [320, 768]},
            "sd2",
        ),
        # Without them, the width of the context does.
        ({f"{BODY}input_blocks.1.1.{CONTEXT}": [320, 768]}, "sd1"),
        ({f"{BODY}input_blocks.1.1.{CONTEXT}": [320, 1024]}, "sd2"),
        (
            {f"{BODY}input_blocks.4.1.{CONTEXT}": [640, 2048], f"{BODY}label_emb.0.0.weight": [1280, 2816]},
            "sdxl",
        ),
        ({f"input_blocks.4.1.{CONTEXT}": [640, 2048]}, "sdxl"),
        ({f"down_blocks.1.attentions.0.{CONTEXT}": [640, 2048]}, "sdxl"),
        (
            {f"{BODY}input_blocks.4.1.{CONTEXT}": [768, 1280], f"{BODY}label_emb.0.0.weight": [1536, 2560]},
            "sdxl",
        ),
        ({f"{BODY}input_blocks.1.1.{CONTEXT}": [32, 64]}, "unknown"),
        ({f"{BODY}input_blocks.1.1.{CONTEXT}": []}, "unknown"),
        ({"clf.1.weight": [64, 1536], "clip_txt_mapper.weight": [2048, 1280]}, "stable-cascade"),
        ({"clf.1.weight": [4, 320], "clip_mapper.weight": [5120, 1280]}, "stable-cascade"),
        ({f"{BODY}clf.1.weight": [4, 4], f"{BODY}clip_txt_mapper.weight": [4, 4]}, "stable-cascade"),
        ({"clf.1.weight": [64, 1536]}, "unknown"),
        ({f"{BODY}clf.1.weight": [4, 4], "clip_txt_mapper.weight": [4, 4]}, "unknown"),
        ({"lora_unet_input_blocks_4_1_attn2_to_k.lora_down.weight": [8, 2048]}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_architecture(file: Path, shapes: Shapes, architecture: str) -> None:
    assert read_header(write(file, shapes)).architecture == architecture


@pytest.mark.parametrize(
    ("shapes", "metadata", "prediction"),
    [
        ({"v_pred": []}, None, "v"),
        ({"v_pred": [], "ztsnr": []}, {"modelspec.prediction_type": "epsilon"}, "v"),
        ({"ztsnr": []}, None, "v"),
        ({}, {"modelspec.prediction_type": "v"}, "v"),
        ({}, {"modelspec.predict_key": "V"}, "v"),
        ({}, {"modelspec.prediction_type": "v_prediction"}, "v"),
        ({}, {"modelspec.prediction_type": "epsilon"}, "epsilon"),
        ({}, {"modelspec.predict_key": "?", "modelspec.prediction_type": "v"}, "v"),
        ({}, {"modelspec.prediction_type": "sample"}, None),
        ({"model.v_pred": []}, {}, None),
    ],
)
def test_prediction(file: Path, shapes: Shapes, metadata: object, prediction: str | None) -> None:
    assert read_header(write(file, shapes, metadata)).prediction == prediction


@pytest.mark.parametrize(
    ("metadata", "kept"),
    [
        (None, {}),
        ({}, {}),
        ({"a": "b", "c": 1, "d": None, "e": {"f": "g"}, "h": ["i"]}, {"a": "b"}),
        ({"ü": "漢字 \U0001f600\n"}, {"ü": "漢字 \U0001f600\n"}),
        (["a"], {}),
        ("text", {}),
        (7, {}),
    ],
)
def test_metadata_keeps_what_is_text(file: Path, metadata: object, kept: Mapping[str, str]) -> None:
    assert read_header(write(file, {"v_pred": []}, metadata)) == Header(kept, "unknown", "v")


def test_damaged_metadata_leaves_the_tensors(file: Path) -> None:
    tensors = b'"v_pred": {"dtype": "F32", "shape": [], "data_offsets": [0, 0]}'
    file.write_bytes(with_length(b'{"__metadata__": {"a": "\xff"}, ' + tensors + b"}"))
    assert read_header(file) == Header({}, "unknown", "v")


@pytest.mark.parametrize(
    "entry", ["null", "7", '"text"', "[]", "{}", '{"shape": "wide"}', '{"shape": [-1, 1e999]}']
)
def test_senseless_tensors_tell_nothing(file: Path, entry: str) -> None:
    file.write_bytes(with_length(f'{{"{BODY}input_blocks.1.1.{CONTEXT}": {entry}}}'.encode()))
    assert read_header(file).architecture == "unknown"


def test_of_a_key_given_twice_the_last_counts(file: Path) -> None:
    file.write_bytes(with_length(b'{"__metadata__": {"a": "1"}, "__metadata__": {"a": "2", "a": "3"}}'))
    assert read_header(file).metadata == {"a": "3"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\x00" * 7, "truncated: it has only 7 bytes"),
        (b"\x00" * 8, "its header has no content"),
        (b"\x02" + b"\x00" * 7, "its header claims 2 bytes where 0 follow"),
        ((400).to_bytes(8, "little") + b"{}", "its header claims 400 bytes where 2 follow"),
        (b"\xff" * 8 + b"{}", "its header claims 18,446,744,073,709,551,615 bytes"),
        (b"PK\x03\x04 not a safetensors file at all", "truncated or no safetensors file"),
        (with_length(b"not JSON"), "not a JSON object"),
        (with_length(b"[]"), "not a JSON object"),
        (with_length(b"null"), "not a JSON object"),
        (with_length(b'{"a": NaN}'), "not a JSON object"),
        (with_length(b'{"a": 1'), "not a JSON object"),
        (with_length(b'{"\xff": 1}'), "not a JSON object"),
        (with_length(b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"), "not a JSON object"),
    ],
)
def test_bad_files_are_refused_with_a_reason(file: Path, content: bytes, reason: str) -> None:
    file.write_bytes(content)
    assert reason in refusal(file)


@pytest.mark.parametrize("claimed", [LARGEST_HEADER + 1, 200_000_000])
def test_a_header_over_the_limit_is_refused_before_it_is_read(file: Path, claimed: int) -> None:
    with file.open("wb") as stream:
        stream.write(claimed.to_bytes(8, "little"))
        stream.truncate(claimed + 1_000)
    assert refusal(file) == f"its header claims {claimed:,} bytes; at most 100,000,000 are allowed"


def test_a_download_that_stopped_half_way(file: Path) -> None:
    write(file, {"a": [10, 10], "b": [10, 10]})
    os.truncate(file, file.stat().st_size - 1)
    assert refusal(file) == (
        "the file is truncated: its header promises 400 bytes of weights where 399 follow"
    )


def test_a_directory(file: Path) -> None:
    file.mkdir()
    assert refusal(file) == "it is a directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in its file system")
def test_a_pipe_is_not_waited_for(file: Path) -> None:
    os.mkfifo(file)
    assert refusal(file) == "it is not a regular file"


def test_a_missing_file(file: Path) -> None:
    assert refusal(file) == "the file is gone"


def test_a_path_that_can_be_none() -> None:
    assert refusal(Path("a\0b.safetensors")) in {"its path is not valid", "the file is gone"}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileNotFoundError(2, "No such file or directory"), "the file is gone"),
        (PermissionError(13, "Permission denied"), "reading it is not permitted"),
        (OSError(5, "Input/output error"), "it can't be opened (Input/output error)"),
        (OSError(), "it can't be opened (no access)"),
    ],
)
def test_what_happens_after_the_look(
    file: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    def failing(*_arguments: object, **_options: object) -> None:
        raise error

    write(file, {})
    monkeypatch.setattr(Path, "open", failing)
    assert refusal(file) == reason


class Counting(io.FileIO):
    """A file that counts what is read of it, and can give less than it was asked for."""

    total = 0
    short = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(-1 if size is None else size) or b""
        Counting.total += len(content)
        return content[: len(content) - Counting.short] if len(content) > 8 else content


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    monkeypatch.setattr(Counting, "total", 0)
    monkeypatch.setattr(Path, "open", lambda file, *_arguments, **_options: Counting(str(file), "rb"))
    return lambda: Counting.total


def test_nothing_but_the_header_is_read(file: Path, request: pytest.FixtureRequest) -> None:
    shapes = {f"conditioner.embedders.0.{number}": [1_000, 1_387] for number in range(2_500)}
    write(file, shapes)
    assert file.stat().st_size > 6_900_000_000
    read = request.getfixturevalue("counting")
    assert read_header(file).architecture == "sdxl"
    assert read() == len(header_bytes(shapes)[0])


def test_a_file_that_shrinks_meanwhile(file: Path, request: pytest.FixtureRequest) -> None:
    write(file, {"a": [1]})
    request.getfixturevalue("counting")
    request.getfixturevalue("monkeypatch").setattr(Counting, "short", 1)
    assert refusal(file) == "the file became shorter while it was read"


def read_or_refused(folder: Path, content: bytes) -> None:
    file = folder / "any.safetensors"
    file.write_bytes(content)
    with contextlib.suppress(HeaderError):
        assert isinstance(read_header(file), Header)


@settings(max_examples=200)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    read_or_refused(folder, content)
    read_or_refused(folder, with_length(content))


NAMES = st.sampled_from(
    [
        "__metadata__",
        "v_pred",
        f"{BODY}input_blocks.1.1.{CONTEXT}",
        "clf.1.weight",
        "shape",
        "data_offsets",
        "",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(value=st.dictionaries(NAMES, JSON, max_size=5))
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    read_or_refused(tmp_path_factory.getbasetemp(), with_length(json.dumps(value).encode()))
