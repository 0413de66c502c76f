"""docs/scores.md: every call that is shown gives the answer that is shown, and every name is one that there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelwise.cli_scores import JOURNAL
from modelwise.profile_files import load_bundled
from modelwise.scores.images import LARGEST
from modelwise.scores.known import KNOWN
from modelwise.scores.verdicts import scales
from modelwise.webui.image_scores import KEY
from modelwise.webui.settings_page import OPTIONS, SCORES_OPTION
from tests.support.commands import ROOT
from tests.support.guides import answer, examples
from tests.support.scorers import random_vit, write_shadow

GUIDE = (ROOT / "docs" / "scores.md").read_text(encoding="utf-8")
EXAMPLES = examples("scores.md")


def test_the_calls(tmp_path: Path) -> None:
    for package in ("torch", "safetensors"):
        pytest.importorskip(package, reason=f"needs {package}, which every WebUI brings")
    write_shadow(tmp_path / "webui" / "modelwise" / "scores", random_vit(7))
    (tmp_path / "pictures").mkdir()
    dice = np.random.default_rng(1)
    for number in range(4):
        pixels = dice.integers(0, 60 * (number + 1), (40, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "pictures" / f"{number}.png")
    (tmp_path / "pictures" / "notes.png").write_bytes(b"no image")
    assert len(EXAMPLES) == 2
    for call, expected in EXAMPLES:
        assert answer(call, tmp_path) == expected
    assert (tmp_path / "scores.csv").exists() and (tmp_path / "pictures" / JOURNAL).exists()


def test_the_names() -> None:
    (option,) = (option for option in OPTIONS if option.key == SCORES_OPTION)
    assert f'"{option.label}"' in GUIDE and f"\n{KEY}: " in GUIDE and JOURNAL in GUIDE
    assert f"{LARGEST // 1_000_000} million pixels" in GUIDE
    for known in KNOWN:
        assert f"| `{known.id}` |" in GUIDE
        assert f"- `{known.id}` is about {known.size / 1e6:,.0f} MB" in GUIDE
        assert known.licence in GUIDE
    for scale in scales(load_bundled().profiles.values()):
        name = scale.name.removesuffix(" (Core ML)")
        (row,) = (line for line in GUIDE.splitlines() if line.startswith(f"| `{scale.scorer}` |"))
        assert name in row and f"{scale.slot.value} tags" in row
