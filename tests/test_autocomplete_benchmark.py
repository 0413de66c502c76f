"""`benchmarks/autocomplete.mjs` measures, and the search answers our own queries over our own list."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelwise.completion import rows_of
from modelwise.tag_files import bundled_lists

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "benchmarks" / "autocomplete_queries.jsonl"

Measure = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def tags(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own list as a CSV; the more popular a tag, the higher its count."""
    rows = rows_of(bundled_lists())
    file = tmp_path_factory.mktemp("tags") / "tags.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        lines = (
            (row.name, row.category, len(rows) - at, ",".join(row.aliases)) for at, row in enumerate(rows)
        )
        csv.writer(stream).writerows(lines)
    return file


@pytest.fixture
def measure(node: list[str]) -> Measure:
    def measured(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [*node, "benchmarks/autocomplete.mjs", *map(str, arguments)]
        environment = os.environ | {"MODELWISE_PYTHON": sys.executable}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return measured


def test_our_own_queries(measure: Measure, tags: Path) -> None:
    done = measure("--csv", tags, "--queries", QUERIES)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    queries = [json.loads(line) for line in QUERIES.read_text(encoding="utf-8").splitlines()]
    assert told["tags"] == len(rows_of(bundled_lists()))
    assert told["keys"] == sum(min(12, len(query["typed"])) for query in queries)
    assert told["top10"] == 1
    assert told["found"].pop("none")[0] == 0
    assert [kind for kind, (found, of) in told["found"].items() if found < of] == []
    assert told["random_typos_in_the_top_5"]["one"] >= 0.95
    assert told["random_typos_in_the_top_5"]["two"] >= 0.5
    assert 0 < told["p50_ms"] <= told["p99_ms"] <= told["max_ms"]
    assert min(told[name] for name in ("build_ms", "load_ms", "bytes", "bytes_over_the_wire")) > 0


def test_wrong_queries_are_told_by_line(measure: Measure, tags: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text(
        '{"kind": "a", "typed": "b", "tag": null}\n{"kind": "a", "typed": 3}\n', encoding="utf-8"
    )
    done = measure("--csv", tags, "--queries", queries)
    assert done.returncode == 1 and 'line 2: found {"kind": "a", "typed": 3}; allowed:' in done.stderr
    done = measure("--csv", tags)
    assert done.returncode == 1 and "--queries FILE" in done.stderr
