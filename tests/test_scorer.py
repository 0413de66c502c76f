"""Both scorers with small random weights: their arithmetic against another one, in other files, short of memory."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from modelwise.scores.known import KNOWN, installed, known
from modelwise.scores.problems import ScorerError
from tests.support.scorers import (
    CLIP_CONFIG,
    VIT_CONFIG,
    Tensors,
    clip_score,
    hostile_pickle,
    random_clip,
    random_head,
    random_vit,
    safetensors,
    vit_score,
    write_shadow,
    write_waifu,
)

REASON = "needs torch and safetensors, which every WebUI brings"
torch = pytest.importorskip("torch", reason=REASON)
pytest.importorskip("safetensors", reason=REASON)

from modelwise.scores.judge import Judge  # noqa: E402 (it imports torch)
from modelwise.scores.scorer import LoadedScorer  # noqa: E402

SHADOW, WAIFU = KNOWN
SIZES = ((70, 90), (200, 100), (48, 48), (33, 300), (1, 1))


def pictures() -> list[Any]:
    dice = np.random.default_rng(5)
    return [Image.fromarray(dice.integers(0, 256, (*size, 3), dtype=np.uint8)) for size in SIZES]


def shadow(folder: Path, tensors: Tensors | None = None, **changes: Any) -> LoadedScorer:
    return LoadedScorer(SHADOW, write_shadow(folder, tensors, **changes), "cpu")


def waifu(folder: Path, tensors: Tensors | None = None, head: Tensors | None = None) -> LoadedScorer:
    return LoadedScorer(WAIFU, write_waifu(folder, tensors, head), "cpu")


@pytest.mark.parametrize("seed", [1, 7, 8])
def test_the_classifiers_arithmetic(tmp_path: Path, seed: int) -> None:
    scorer = shadow(tmp_path, random_vit(seed))
    prepared = [scorer.prepared(picture) for picture in pictures()]
    wanted = [vit_score(random_vit(seed), pixels) for pixels in prepared]
    assert scorer.scores(prepared) == pytest.approx(wanted, abs=2e-6)
    assert len({round(score, 4) for score in wanted}) == len(wanted)


@pytest.mark.parametrize("seed", [2, 7, 8])
def test_the_features_arithmetic(tmp_path: Path, seed: int) -> None:
    scorer = waifu(tmp_path, random_clip(seed), random_head(seed))
    prepared = [scorer.prepared(picture) for picture in pictures()]
    wanted = [clip_score(random_clip(seed), random_head(seed), pixels) for pixels in prepared]
    assert scorer.scores(prepared) == pytest.approx(wanted, abs=2e-5)


@pytest.mark.parametrize("make", [shadow, waifu])
def test_neighbours_in_a_batch_change_nothing(tmp_path: Path, make: Any) -> None:
    """An early program divided all features by the length of the whole batch."""
    scorer = make(tmp_path)
    prepared = [scorer.prepared(picture) for picture in pictures()]
    alone = [scorer.scores([pixels])[0] for pixels in prepared]
    assert scorer.scores(prepared) == pytest.approx(alone, abs=1e-5)
    assert scorer.scores([]) == []


def test_the_class_is_found_by_its_name(tmp_path: Path) -> None:
    first = shadow(tmp_path)
    prepared = [first.prepared(picture) for picture in pictures()]
    turned = shadow(tmp_path, id2label={"1": "hq", "0": "lq"})
    there = [1 - score for score in first.scores(prepared)]
    assert turned.scores(prepared) == pytest.approx(there, abs=1e-6)


def test_half_precision_in_a_file_is_computed_in_full(tmp_path: Path) -> None:
    rounded = {name: tensor.astype(np.float16) for name, tensor in random_vit().items()}
    scorer = shadow(tmp_path, rounded)
    prepared = [scorer.prepared(picture) for picture in pictures()]
    wanted = [vit_score({n: t.astype(np.float32) for n, t in rounded.items()}, each) for each in prepared]
    assert scorer.scores(prepared) == pytest.approx(wanted, abs=2e-6)


def test_pickled_weights_give_the_same(tmp_path: Path) -> None:
    scorer = waifu(tmp_path)
    prepared = [scorer.prepared(picture) for picture in pictures()]
    folder = tmp_path / WAIFU.id
    before = scorer.scores(prepared)
    for name, old, tensors in (
        ("pytorch_model.bin", "model.safetensors", random_clip()),
        ("aes-B32-v0.pth", "aes-B32-v0.safetensors", random_head()),
    ):
        torch.save({key: torch.from_numpy(tensor) for key, tensor in tensors.items()}, folder / name)
        (folder / old).unlink()
    assert LoadedScorer(WAIFU, folder, "cpu").scores(prepared) == pytest.approx(before, abs=1e-6)


def broken(folder: Path, name: str, data: bytes) -> None:
    for other in folder.glob(f"{Path(name).stem}.*"):
        other.unlink()
    (folder / name).write_bytes(data)


def changed(tensors: Tensors, name: str, value: Any) -> Tensors:
    return tensors | {name: value} if value is not None else {n: t for n, t in tensors.items() if n != name}


LAYER = "vit.encoder.layer.1.output.dense.weight"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "allowed: a whole safetensors file"),
        (b"<!doctype html>", "allowed: a whole safetensors file"),
        (struct.pack("<Q", 1 << 60), "allowed: a whole safetensors file"),
        (safetensors(random_vit())[:-10], "allowed: a whole safetensors file"),
        (safetensors(random_vit())[:500], "allowed: a whole safetensors file"),
        (
            safetensors({}),
            "found no tensor vit.embeddings.cls_token and 39 others; allowed: all 40 of the model's",
        ),
        (safetensors(changed(random_vit(), LAYER, None)), f"found no tensor {LAYER}; allowed: all 40"),
        (
            safetensors(changed(random_vit(), LAYER, np.zeros((24, 41), np.float32))),
            f"{LAYER}: found 24 x 41; allowed: 24 x 40, as config.json says",
        ),
        (
            safetensors(changed(random_vit(), LAYER, np.full((24, 40), np.nan, np.float32))),
            f"{LAYER}: found NaN or infinity; allowed: numbers",
        ),
        (
            safetensors(changed(random_vit(), LAYER, np.full((24, 40), np.inf, np.float16))),
            f"{LAYER}: found NaN or infinity; allowed: numbers",
        ),
        (
            safetensors(changed(random_vit(), LAYER, np.zeros((24, 40), np.int64))),
            f"{LAYER}: found torch.int64; allowed: floating point",
        ),
    ],
    ids=[
        "empty",
        "page",
        "header",
        "cut",
        "cut early",
        "none",
        "missing",
        "shape",
        "nan",
        "infinity",
        "whole",
    ],
)
def test_wrong_weights(tmp_path: Path, data: bytes, said: str) -> None:
    folder = write_shadow(tmp_path)
    (folder / "model.safetensors").write_bytes(data)
    with pytest.raises(ScorerError) as raised:
        LoadedScorer(SHADOW, folder, "cpu")
    assert str(raised.value).startswith("model.safetensors: ") and said in str(raised.value)


def old_pickle(folder: Path) -> bytes:
    """The form that PyTorch wrote before 1.6."""
    torch.save({"fc1.weight": torch.zeros(2)}, folder / "old", _use_new_zipfile_serialization=False)
    return (folder / "old").read_bytes()


def test_a_pickle_that_would_run_something_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_waifu(tmp_path)
    for data, said in (
        (hostile_pickle(), "allowed: a whole file of plain tensors"),
        (hostile_pickle()[:-40], "allowed: a whole file of plain tensors"),
        (old_pickle(tmp_path), "found no zip archive; allowed: weights as PyTorch 1.6 or later saves them"),
        (b"", "found no zip archive"),
    ):
        broken(folder, "aes-B32-v0.pth", data)
        with pytest.raises(ScorerError, match=r"^aes-B32-v0\.pth: ") as raised:
            LoadedScorer(WAIFU, folder, "cpu")
        assert said in str(raised.value)
    assert not (tmp_path / "ran").exists()


def test_pickled_weights_are_checked_too(tmp_path: Path) -> None:
    folder = write_waifu(tmp_path)
    for made, said in (
        ([1, 2], "found no tensor fc1.weight and 5 others"),
        ({"fc1.weight": 3}, "found no tensor fc1.weight and 5 others"),
        (
            {name: torch.zeros(2, 2) for name in random_head()},
            "fc1.weight: found 2 x 2; allowed: 256 x 512, as config.json says",
        ),
        (
            {name: torch.full(tensor.shape, torch.nan) for name, tensor in random_head().items()},
            "fc1.weight: found NaN or infinity",
        ),
    ):
        for other in folder.glob("aes*"):
            other.unlink()
        torch.save(made, folder / "aes-B32-v0.pth")
        with pytest.raises(ScorerError, match=r"^aes-B32-v0\.pth: ") as raised:
            LoadedScorer(WAIFU, folder, "cpu")
        assert said in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id2label": {"0": "good", "1": "bad"}}, "id2label: found good, bad; allowed: one of them is hq"),
        ({"id2label": {}}, "id2label: found no classes"),
        ({"id2label": {"7": "hq", "1": "bad"}}, "id2label: found hq, bad"),
        ({"num_attention_heads": 5}, "hidden_size, num_attention_heads: found 24 and 5"),
        ({"num_attention_heads": 0}, "at `$.num_attention_heads`"),
        ({"num_hidden_layers": 10**9}, "at `$.num_hidden_layers`"),
        ({"hidden_act": "swish"}, "hidden_act: found 'swish'; allowed: gelu, quick_gelu"),
        ({"image_size": 64}, "size: found 48 x 48; allowed: 64 x 64, as config.json says"),
        ({"hidden_size": "wide"}, "at `$.hidden_size`"),
    ],
)
def test_a_wrong_config(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    folder = write_shadow(tmp_path, **changes)
    with pytest.raises(ScorerError) as raised:
        LoadedScorer(SHADOW, folder, "cpu")
    assert said in str(raised.value)


def test_a_config_of_another_form(tmp_path: Path) -> None:
    folder = write_waifu(tmp_path)
    (folder / "config.json").write_text(json.dumps({**CLIP_CONFIG["vision_config"]}), encoding="utf-8")
    with pytest.raises(ScorerError, match=r"config\.json: .*`vision_config`"):
        LoadedScorer(WAIFU, folder, "cpu")


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json", "model.safetensors"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_shadow(tmp_path)
    assert installed(tmp_path) == (SHADOW,)
    (folder / name).unlink()
    assert installed(tmp_path) == ()
    with pytest.raises(ScorerError, match=rf"found no {name} in .*; allowed: all of its files"):
        LoadedScorer(SHADOW, folder, "cpu")


def test_an_unknown_scorer() -> None:
    with pytest.raises(ScorerError, match=r"found 'x'; allowed: aesthetic-shadow-v2, aes-B32-v0"):
        known("x")


def test_no_card_in_this_machine(tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a card")
    with pytest.raises(ScorerError, match="device: found no CUDA here; allowed: auto, cpu"):
        LoadedScorer(SHADOW, write_shadow(tmp_path), "cuda")
    assert LoadedScorer(SHADOW, tmp_path / SHADOW.id).device.type == "cpu"


class Card:
    """A scorer that believes to be on a card: its tensors have shapes and no values, as none is here to hold them.

    `holds`: how many images fit; `gives`: what it makes of them.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, holds: int, gives: float = 0.5) -> None:
        self.said: list[str] = []
        self.sizes: list[int] = []
        self.kinds: set[Any] = set()
        card = self

        class OnCard(LoadedScorer):
            def _run(self, prepared: Any) -> list[float]:
                if self.device.type == "cpu":
                    return super()._run(prepared)
                assert self._score is not None
                card.sizes.append(len(prepared))
                return [gives] * len(prepared) if len(prepared) <= holds else []

            def _placed(self, tensors: Any) -> Any:
                placed = super()._placed(tensors)
                card.kinds |= {(tensor.device.type, tensor.dtype) for tensor in placed.values()}
                return placed

        monkeypatch.setattr("modelwise.scores.scorer._chosen", lambda _: torch.device("meta"))
        self.scorer = OnCard(SHADOW, folder, "auto", self.said.append)


def test_too_many_for_the_card_are_halved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = Card(monkeypatch, write_shadow(tmp_path), holds=2)
    prepared = [card.scorer.prepared(picture) for picture in pictures()]
    assert card.scorer.scores(prepared) == [0.5] * 5
    assert (card.sizes, card.said) == ([5, 2, 3, 1, 2], [])
    assert card.kinds == {("meta", torch.float16)}


@pytest.mark.parametrize(("holds", "gives"), [(0, 0.5), (9, float("nan"))])
def test_what_the_card_cannot_do_the_processor_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holds: int, gives: float
) -> None:
    card = Card(monkeypatch, write_shadow(tmp_path), holds, gives)
    prepared = [card.scorer.prepared(picture) for picture in pictures()]
    wanted = [vit_score(random_vit(), pixels) for pixels in prepared]
    assert card.scorer.scores(prepared) == pytest.approx(wanted, abs=2e-6)
    (said,) = card.said
    reason = "a score was no number" if holds else "memory ran out"
    assert said == f"aesthetic-shadow-v2: {reason} on the graphics card; the processor goes on, more slowly"
    assert card.scorer.device.type == "cpu"
    assert ("cpu", torch.float32) in card.kinds


def test_the_cards_own_error_counts_as_short_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At loading and at scoring; another error is none of ours."""
    scorer = shadow(tmp_path)
    prepared = [scorer.prepared(picture) for picture in pictures()]
    for error in (torch.cuda.OutOfMemoryError("CUDA out of memory"), RuntimeError("not enough memory")):

        def short(_: Any, error: Exception = error) -> Any:
            raise error

        monkeypatch.setattr(scorer, "_score", short)
        with pytest.raises(ScorerError, match="memory ran out, on the processor too"):
            scorer.scores(prepared)
        with monkeypatch.context() as inside:
            inside.setattr(LoadedScorer, "_placed", lambda _, tensors: short(tensors))
            with pytest.raises(ScorerError, match="memory ran out, on the processor too"):
                shadow(tmp_path)

    def odd(_: Any) -> Any:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(scorer, "_score", odd)
    with pytest.raises(RuntimeError, match="shapes"):
        scorer.scores(prepared)


def test_a_closed_scorer_says_so(tmp_path: Path) -> None:
    scorer = shadow(tmp_path)
    prepared = [scorer.prepared(picture) for picture in pictures()]
    scorer.close()
    with pytest.raises(ScorerError, match="found it closed"):
        scorer.scores(prepared)


def test_a_judge_loads_once_and_gives_the_memory_back(tmp_path: Path) -> None:
    write_shadow(tmp_path)
    write_waifu(tmp_path)
    (tmp_path / "bad.png").write_bytes(b"no image")
    Image.new("RGB", (9, 9)).save(tmp_path / "good.png")
    judge = Judge(tmp_path, "cpu")
    found = judge.outcomes(SHADOW, [tmp_path / "good.png", tmp_path / "bad.png", Image.new("RGB", (9, 9))])
    assert found[0] == pytest.approx(found[2], abs=1e-6)
    assert str(found[1]).startswith("found no image; allowed: ")
    (tmp_path / SHADOW.id / "model.safetensors").unlink()
    assert judge.outcomes(SHADOW, [tmp_path / "good.png"]) == pytest.approx(found[:1], abs=1e-6)
    judge.close()
    with pytest.raises(ScorerError, match=r"found no model\.safetensors"):
        judge.outcomes(SHADOW, [tmp_path / "good.png"])


def test_a_mark_tells_other_weights(tmp_path: Path) -> None:
    write_shadow(tmp_path)
    judge = Judge(tmp_path, "cpu")
    before = judge.mark(SHADOW)
    assert judge.mark(SHADOW) == before
    write_shadow(tmp_path, random_vit(9))
    other = judge.mark(SHADOW)
    write_shadow(tmp_path, layer_norm_eps=1e-6)
    assert len({before, other, judge.mark(SHADOW)}) == 3
    assert VIT_CONFIG["layer_norm_eps"] == 1e-12
