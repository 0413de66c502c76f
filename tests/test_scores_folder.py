"""Scoring a folder: what is found, what is gone on from, and what is made of it. The judge here is a fake."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from modelwise.profile_files import load_bundled
from modelwise.scores.dropped import score_images
from modelwise.scores.folder import images_in, score_folder
from modelwise.scores.journal import Journal, Row
from modelwise.scores.known import KNOWN, KnownScorer
from modelwise.scores.problems import ScorerError
from modelwise.scores.tables import Table, csv_text, table
from modelwise.scores.verdicts import scales
from modelwise.user_files import UserFileError

SHADOW, WAIFU = KNOWN
SCALES = scales(load_bundled().profiles.values())


class Fake:
    """Scores an image by the number in its file, and fails when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []
        self.marks = {scorer.id: "one" for scorer in KNOWN}
        self.fails_at = -1
        self.closed = 0

    def outcomes(self, known: KnownScorer, sources: Sequence[Any]) -> list[float | str]:
        if len(self.asked) == self.fails_at:
            raise ScorerError("memory ran out")
        self.asked.append((known.id, [path.name for path in sources]))
        return [self._outcome(path.read_text(encoding="utf-8")) for path in sources]

    def _outcome(self, text: str) -> float | str:
        try:
            return float(text)
        except ValueError:
            return "found no image"

    def mark(self, known: KnownScorer) -> str:
        return self.marks[known.id]

    def close(self) -> None:
        self.closed += 1

    def count(self) -> int:
        return sum(len(names) for _, names in self.asked)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five images, one of them none, and what is no image."""
    made = tmp_path / "images"
    for name, text in (
        ("b.png", "0.95"),
        ("a.JPG", "0.71"),
        ("sub/c.webp", "0.27"),
        ("sub/d.png", "broken"),
        ("notes.txt", "0.5"),
        (".hidden.png", "0.5"),
        (".cache/e.png", "0.5"),
        ("z.gif", "0.1"),
    ):
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (made / "folder.png").mkdir()
    return made


def run(folder: Path, judge: Fake, known: Sequence[KnownScorer] = (SHADOW,), batch: int = 2) -> list[Row]:
    return score_folder(folder, known, judge, Journal(folder / "scores.jsonl"), batch)


def test_the_images_of_a_folder(folder: Path) -> None:
    names = [path.relative_to(folder).as_posix() for path in images_in(folder)]
    assert names == ["a.JPG", "b.png", "z.gif", "sub/c.webp", "sub/d.png"]


def test_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(OSError, match=r"[Nn]o(t a| such file)"):
            images_in(path)


def test_every_image_once_by_each_scorer(folder: Path) -> None:
    judge = Fake()
    heard: list[tuple[int, int]] = []
    journal = Journal(folder / "scores.jsonl")
    rows = score_folder(folder, KNOWN, judge, journal, 2, lambda done, total: heard.append((done, total)))
    assert [(name, len(files)) for name, files in judge.asked] == [
        *[(SHADOW.id, 2), (SHADOW.id, 2), (SHADOW.id, 1)],
        *[(WAIFU.id, 2), (WAIFU.id, 2), (WAIFU.id, 1)],
    ]
    assert heard == [(done, 10) for done in (0, 2, 4, 5, 7, 9, 10)]
    assert judge.closed == 2  # one after the other, so that only one takes memory
    scores = {(row.file, row.scorer): row.score for row in rows}
    assert scores[("sub/c.webp", WAIFU.id)] == 0.27
    assert scores[("sub/d.png", SHADOW.id)] is None


def test_a_second_run_tries_only_what_failed(folder: Path) -> None:
    first = run(folder, Fake())
    judge = Fake()
    assert run(folder, judge) == first
    assert judge.asked == [(SHADOW.id, ["d.png"])]


def test_an_interrupted_run_goes_on(folder: Path) -> None:
    judge = Fake()
    judge.fails_at = 1
    with pytest.raises(ScorerError):
        run(folder, judge)
    assert judge.count() == 2
    again = Fake()
    rows = run(folder, again)
    assert again.count() == 3
    assert [row.score for row in rows] == [0.71, 0.95, 0.1, 0.27, None]


def test_a_line_that_was_cut_off_is_done_again(folder: Path) -> None:
    rows = run(folder, Fake())
    path = folder / "scores.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    judge = Fake()
    assert run(folder, judge) == rows
    text = path.read_text(encoding="utf-8").splitlines()
    assert [len(line) > 0 for line in text] == [True] * 6
    assert len([line for line in text if line.endswith("}")]) == 5
    assert Journal(path).rows == {(row.file, row.scorer): row for row in rows}


def test_what_has_changed_is_scored_again(folder: Path) -> None:
    run(folder, Fake())
    facts = (folder / "b.png").stat()
    (folder / "b.png").write_text("0.15", encoding="utf-8")  # as long as before
    os.utime(folder / "b.png", ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))
    (folder / "z.gif").unlink()
    (folder / "new.png").write_text("0.6", encoding="utf-8")
    judge = Fake()
    rows = {row.file: row.score for row in run(folder, judge)}
    assert sorted(name for _, names in judge.asked for name in names) == ["b.png", "d.png", "new.png"]
    assert (rows["b.png"], rows["new.png"], "z.gif" in rows) == (0.15, 0.6, False)


def test_other_weights_score_all_again(folder: Path) -> None:
    run(folder, Fake())
    judge = Fake()
    judge.marks[SHADOW.id] = "two"
    run(folder, judge)
    assert judge.count() == 5


@pytest.mark.parametrize(
    "data", [b"my notes\n", b"\x89PNG\r\n\x1a\n" + bytes(99), b'{"prompt": "1girl"}\n', b"[" * 9999]
)
def test_what_is_no_journal_is_left_alone(folder: Path, data: bytes) -> None:
    (folder / "scores.jsonl").write_bytes(data)
    with pytest.raises(UserFileError, match=r"scores\.jsonl: found no scores in it; allowed: "):
        run(folder, Fake())
    assert (folder / "scores.jsonl").read_bytes() == data


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \xe2\x98\x83.png")).write_text(
            "0.5", encoding="utf-8"
        )
    except OSError:
        pytest.skip("this system has no such names")
    (row,) = run(tmp_path, Fake())
    assert row.file == "caf\\xe9 ☃.png"
    judge = Fake()
    assert run(tmp_path, judge) == [row]
    assert judge.asked == []


def made(folder: Path) -> Table:
    return table(run(folder, Fake(), KNOWN), SCALES)


def test_the_tags_of_each_image(folder: Path) -> None:
    found = {image.file: image for image in made(folder).images}
    assert found["a.JPG"].tags == {
        "animagine-xl-3.1": {"aesthetic": "very aesthetic"},
        "animagine-xl-3.1-coreml": {"aesthetic": "very aesthetic"},
        "sotediffusion-v2": {"aesthetic": "aesthetic", "quality": "medium quality"},
    }
    assert (found["sub/d.png"].scores, found["sub/d.png"].tags) == ({}, {})
    assert found["sub/d.png"].error == "found no image"


def test_the_histograms_count_what_has_a_score(folder: Path) -> None:
    found = made(folder).histograms
    assert {(each.profile, each.slot.value, each.total) for each in found} == {
        (scale.profile, scale.slot.value, 4) for scale in SCALES
    }
    (sote,) = (each for each in found if each.slot.value == "quality")
    assert [bar.count for bar in sote.bars] == [0, 1, 0, 1, 1, 0, 1, 0]
    alone = table(run(folder, Fake(), [WAIFU]), SCALES)
    assert {each.scorer for each in alone.histograms} == {WAIFU.id}


def test_a_table_is_read_back(folder: Path) -> None:
    (folder / 'od"d, name.png').write_text("0.3", encoding="utf-8")
    text = csv_text(made(folder), [SHADOW.id, WAIFU.id], SCALES)
    rows = list(csv.DictReader(io.StringIO(text)))
    by_file = {row["file"]: row for row in rows}
    assert len(rows) == 6
    assert list(rows[0])[:3] == ["file", SHADOW.id, WAIFU.id] and list(rows[0])[-1] == "error"
    assert by_file["b.png"]["sotediffusion-v2 quality"] == "high quality"
    assert float(by_file["b.png"][SHADOW.id]) == 0.95
    assert by_file['od"d, name.png']["sotediffusion-v2 aesthetic"] == "slightly displeasing"
    assert by_file["sub/d.png"]["error"] == "found no image" and by_file["sub/d.png"][WAIFU.id] == ""


def test_the_data_is_json(folder: Path) -> None:
    found = json.loads(msgspec.json.encode(made(folder)))
    assert set(found) == {"images", "histograms"}
    assert found["histograms"][0]["bars"][0] == {
        "tag": "very aesthetic",
        "scores": "from 0.71",
        "count": 2,
        "share": 0.5,
    }


def test_images_at_hand(folder: Path) -> None:
    """As the tab drops them in: no journal, and names of their own."""
    dropped = [("one", folder / "a.JPG"), ("two", folder / "sub" / "d.png")]
    found = score_images(dropped, KNOWN, Fake(), SCALES)
    one, two = found.images
    assert (one.file, one.scores) == ("one", {SHADOW.id: 0.71, WAIFU.id: 0.71})
    assert one.tags["sotediffusion-v2"] == {"aesthetic": "aesthetic", "quality": "medium quality"}
    assert (two.file, two.scores, two.error) == ("two", {}, "found no image")
    assert {each.total for each in found.histograms} == {1}
    assert score_images([], KNOWN, Fake(), SCALES).images == ()
