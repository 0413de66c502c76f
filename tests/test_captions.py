"""The command `captions`: folders and tables, what is written, what is left alone, what an interruption leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from modelwise.captions.caption_files import KEPT, CaptionFileError, keep, read_caption, replace_caption
from modelwise.captions.crew import CrewError, answers
from tests.support.commands import ROOT, Done, called, environment

PROFILE = ("--profile", "animagine-xl-4.0")
BEFORE, AFTER = "smile, masterpiece, 1girl\n", "1girl, smile, masterpiece\n"


def add(folder: Path, name: str, text: str | bytes = BEFORE, *, image: str | None = ".png") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    if image:
        file.with_suffix(image).touch()
    return file


def order(path: Path, *options: str) -> Done:
    return called("captions", path, *PROFILE, *options)


def kept(folder: Path) -> dict[str, str]:
    """What was put aside, by its place."""
    runs = sorted((folder / KEPT).iterdir()) if (folder / KEPT).exists() else []
    return {
        str(file.relative_to(run)): file.read_text(encoding="utf-8")
        for run in runs
        for file in sorted(run.rglob("*"))
        if file.is_file()
    }


def test_a_folder(tmp_path: Path) -> None:
    first, second = add(tmp_path, "a.txt"), add(tmp_path, "b/c.txt", AFTER, image=".WEBP")
    add(tmp_path, "readme.txt", image=None)
    add(tmp_path, ".hidden/d.txt")
    state = second.stat()
    done = order(tmp_path)
    assert (done.code, done.errors) == (0, "")
    lines = done.output.splitlines()
    assert lines[:2] == [
        "2 captions: 1 changed, 1 tags moved",
        "1 files without an image not looked at (--alone takes them)",
    ]
    assert lines[2].startswith(f"as they were: {tmp_path / KEPT}")
    assert first.read_text(encoding="utf-8") == AFTER
    assert second.stat().st_mtime_ns == state.st_mtime_ns
    assert (tmp_path / "readme.txt").read_text(encoding="utf-8") == BEFORE
    assert (tmp_path / ".hidden/d.txt").read_text(encoding="utf-8") == BEFORE
    assert kept(tmp_path) == {"a.txt": BEFORE}
    assert order(tmp_path).output.startswith("2 captions: 0 changed, 0 tags moved\n")
    assert kept(tmp_path) == {"a.txt": BEFORE}
    assert not list(tmp_path.rglob("*.part"))


def test_other_names(tmp_path: Path) -> None:
    add(tmp_path, "a.caption", image=None)
    add(tmp_path, "a.txt", image=None)
    done = order(tmp_path, "--ending", ".caption", "--alone", "--json").json()
    assert (done["done"]["captions"], done["done"]["changed"], done["lonely"]) == (1, 1, 0)


def test_a_dry_run_shows_and_writes_nothing(tmp_path: Path) -> None:
    add(tmp_path, "b/a.txt", "smile, 1girl\nnight, 1boy")
    add(tmp_path, "c.txt", AFTER)
    done = order(tmp_path, "--dry-run")
    assert done.output == (
        "--- b/a.txt\n- smile, 1girl\n- night, 1boy\n+ 1girl, smile\n+ 1boy, night\n"
        "2 captions: 1 would change, 2 tags moved\n"
    )
    assert (tmp_path / "b/a.txt").read_text(encoding="utf-8") == "smile, 1girl\nnight, 1boy"
    assert not (tmp_path / KEPT).exists()
    (change,) = order(tmp_path, "--dry-run", "--json").json()["done"]["changes"]
    assert change == {
        "place": "b/a.txt",
        "before": "smile, 1girl\nnight, 1boy",
        "after": "1girl, smile\n1boy, night",
    }


def test_the_separator_comes_from_the_profile_or_by_option(tmp_path: Path) -> None:
    file = add(tmp_path, "a.txt", "smile, 1girl")
    with_one = ("captions", tmp_path, "--profile", "animagine-xl-3.1")
    called(*with_one, "--no-separator")
    assert file.read_text(encoding="utf-8") == "1girl, smile"
    called(*with_one)
    assert file.read_text(encoding="utf-8") == "1girl ||| smile"
    order(tmp_path, "--separator", "@@")
    assert file.read_text(encoding="utf-8") == "1girl ||| smile"  # to this one, `1girl ||| smile` is a tag
    file.write_text("smile, 1girl", encoding="utf-8")
    order(tmp_path, "--separator", "@@")
    assert file.read_text(encoding="utf-8") == "1girl @@ smile"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"smile, 1girl, caf\xe9", "found byte 0xe9 at 17; allowed: UTF-8"),
        ("smile, 1girl".encode("utf-16"), "found byte 0xff at 0; allowed: UTF-8"),
        ("smile, 1girl".encode("utf-16-le"), "found a zero byte; allowed: UTF-8"),
        (b"smile, 1girl" + b" " * 1_000_000, "found 1,000,012 bytes; allowed: at most 1,000,000"),
    ],
)
def test_what_can_not_be_read_is_left_alone_and_counted(tmp_path: Path, content: bytes, reason: str) -> None:
    bad, good = add(tmp_path, "bad.txt", content), add(tmp_path, "good.txt")
    done = order(tmp_path)
    assert done.code == 1
    assert f"bad.txt: left alone: {reason}\n2 captions: 1 changed" in done.output
    assert "1 files or lines left alone" in done.output
    assert bad.read_bytes() == content
    assert good.read_text(encoding="utf-8") == AFTER


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    target = add(tmp_path / "elsewhere", "a.txt", image=None)
    folder = tmp_path / "set"
    add(folder, "good.txt")
    for name in ("link", "pipe", "gone"):
        (folder / f"{name}.png").touch()
    (folder / "link.txt").symlink_to(target)
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.txt")
    (folder / "folder.txt").mkdir()
    problems = {each["place"]: each["reason"] for each in order(folder, "--json").json()["done"]["problems"]}
    link = "it is a link; order the file that it leads to"
    assert problems == {"link.txt": link, "gone.txt": link, "pipe.txt": "it is not a regular file"}
    assert target.read_text(encoding="utf-8") == BEFORE


def test_a_name_of_any_bytes(tmp_path: Path) -> None:
    for ending in (b"txt", b"png"):
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9." + ending))).write_bytes(b"smile, 1girl \xff")
    (problem,) = order(tmp_path, "--json").json()["done"]["problems"]
    assert problem["place"] == "caf\ufffd.txt"


def test_a_file_keeps_its_mode_and_its_other_names(tmp_path: Path) -> None:
    file = add(tmp_path, "a.txt")
    file.chmod(0o640)
    order(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_file_that_changes_meanwhile_is_left_alone(tmp_path: Path) -> None:
    caption = read_caption(add(tmp_path, "a.txt"))
    caption.path.write_text("another, text", encoding="utf-8")
    with pytest.raises(CaptionFileError, match="it has changed meanwhile"):
        replace_caption(caption, AFTER, tmp_path / "kept" / "a.txt")
    assert caption.path.read_text(encoding="utf-8") == "another, text"


def test_nothing_is_changed_that_could_not_be_put_aside(tmp_path: Path) -> None:
    caption = read_caption(add(tmp_path, "a.txt"))
    (tmp_path / "kept").touch()
    with pytest.raises(CaptionFileError, match="not written, nothing was changed"):
        replace_caption(caption, AFTER, tmp_path / "kept" / "a.txt")
    assert caption.path.read_text(encoding="utf-8") == BEFORE


def test_a_disk_without_second_names_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_paths: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    keep(add(tmp_path, "a.txt"), tmp_path / "kept" / "a.txt")
    assert (tmp_path / "kept" / "a.txt").read_text(encoding="utf-8") == BEFORE


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("nowhere", *PROFILE), "nowhere: found nothing; allowed: a folder, or a table of captions"),
        (
            (".", "--profile", "generic"),
            "profile: found 'generic', which has no order; allowed: one that has",
        ),
        (
            (".", *PROFILE, "--separator", "a, b"),
            "--separator: found 'a, b'; allowed: without comma and space",
        ),
        (("/dev/null", *PROFILE), "/dev/null: found no regular file; allowed: a folder, or a table"),
    ],
)
def test_a_wrong_call(arguments: tuple[str, ...], error: str) -> None:
    done = called("captions", *arguments)
    assert done.code == 2
    assert done.errors.startswith(f"modelwise: {error}")


def many(folder: Path, count: int) -> list[Path]:
    texts = (f"smile, tag {number}, 1girl\n" for number in range(count))
    return [add(folder, f"{number // 500}/{number}.txt", text) for number, text in enumerate(texts)]


SLOW = "".join(f", {{0}} {number}" for number in range(60))
"""Tags that nobody has read before, so that a run takes seconds."""


def test_several_processes_do_what_one_does(tmp_path: Path) -> None:
    reports = []
    for workers in ("1", "2"):
        many(tmp_path / workers, 2_050)
        add(tmp_path / workers, "bad.txt", b"\xff")
        report = order(tmp_path / workers, "--workers", workers, "--json", "--dry-run").json()
        reports.append(report["done"])
        assert order(tmp_path / workers, "--workers", workers).code == 1
    assert reports[0] == reports[1]
    assert reports[0]["changed"] == 2_050
    texts = [[file.read_bytes() for file in sorted(tmp_path.glob(f"{each}/*/*.txt"))] for each in "12"]
    assert texts[0] == texts[1]
    assert texts[0][0] == b"1girl, smile, tag 0\n"


def test_an_interruption_leaves_every_file_whole(tmp_path: Path) -> None:
    texts = [f"smile, 1girl{SLOW.format(number)}\n" for number in range(3_000)]
    files = [add(tmp_path, f"{number // 500}/{number}.txt", text) for number, text in enumerate(texts)]
    with running(tmp_path) as process:
        wait_for(lambda: not files[150].read_bytes().startswith(b"smile"))
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "")
    assert "run it again to go on" in output
    orders = [(text, f"1girl, smile{text.removeprefix('smile, 1girl')}") for text in texts]
    states = [file.read_text(encoding="utf-8") for file in files]
    assert all(state in whole for state, whole in zip(states, orders, strict=True))
    changed = sum(state == after for state, (_, after) in zip(states, orders, strict=True))
    assert 0 < changed < 3_000
    assert len(kept(tmp_path)) == changed
    assert order(tmp_path).output.startswith(f"3,000 captions: {3_000 - changed:,} changed")
    assert [file.read_text(encoding="utf-8") for file in files] == [after for _, after in orders]
    assert kept(tmp_path)["0/7.txt"] == texts[7]
    assert not list(tmp_path.rglob("*.part"))


def running(path: Path) -> subprocess.Popen[str]:
    """A run with two processes, in a group of its own as a terminal makes them."""
    return subprocess.Popen(
        [sys.executable, "-m", "modelwise", "captions", str(path), *PROFILE, "--workers", "2"],
        cwd=ROOT,
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


def wait_for(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not holds() and time.monotonic() < end:
        time.sleep(0.001)


TABLE = (
    b'{"file_name": "a.png", "text":  "smile, 1girl", "size": [1, 2.50, 1e3]}\n'
    b"\n"
    b'{"file_name":"b.png","text":"1girl, smile"}\r\n'
    b'{"text": "night \\u00e9, 1boy", "again": "night \\u00e9, 1boy"}\n'
    b'{"file_name": "c.png"}\n'
    b'["smile, 1girl"]\n'
    b'{"text": ["smile", "1girl"]}\n'
    b'{"text": "smile, 1girl \xff"}\n'
    b'{"text": "smile, 1girl", "text": "smile, 1girl"}\n'
    b"not json\n"
    b'{"text": "smile, 1girl"}'
)


def test_a_table(tmp_path: Path) -> None:
    table = tmp_path / "metadata.jsonl"
    table.write_bytes(TABLE)
    table.chmod(0o640)
    report = order(table, "--json").json()
    assert {each["place"]: each["reason"] for each in report["done"]["problems"]} == {
        "line 5": "found no field caption or tags or text; allowed: name it with --field",
        "line 6": "found no JSON object; allowed: one in each line",
        "line 7": "found no text in the field text; allowed: text",
        "line 8": "found byte 0xff at 23; allowed: UTF-8",
        "line 9": "found a field twice; allowed: each name once",
        "line 10": "found no JSON object; allowed: one in each line",
    }
    assert (report["done"]["captions"], report["done"]["changed"]) == (10, 3)
    lines, before = table.read_bytes().split(b"\n"), TABLE.split(b"\n")
    assert lines[0] == before[0].replace(b"smile, 1girl", b"1girl, smile")
    assert lines[1:3] + lines[4:10] == before[1:3] + before[4:10]
    assert json.loads(lines[3]) == {"text": "1boy, night é", "again": "night é, 1boy"}
    assert lines[10] == b'{"text": "1girl, smile"}'
    assert table.stat().st_mode & 0o777 == 0o640
    ((place, aside),) = [(file.name, file.read_bytes()) for file in (tmp_path / KEPT).rglob("*.jsonl")]
    assert (place, aside) == ("metadata.jsonl", TABLE)
    after = table.read_bytes()
    assert order(table, "--json").json()["done"]["changed"] == 0
    assert table.read_bytes() == after


def test_a_tables_field(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text('\ufeff{"caption": "smile, 1girl", "words": "smile, 1girl, night"}\n', encoding="utf-8")
    done = order(table, "--field", "words", "--dry-run")
    assert done.output.startswith(
        "--- line 1\n- smile, 1girl, night\n+ 1girl, smile, night\n1 captions: 1 would"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["t.jsonl"]
    order(table, "--field", "words")
    expected = '\ufeff{"caption": "smile, 1girl", "words": "1girl, smile, night"}\n'
    assert table.read_text(encoding="utf-8") == expected


def test_a_table_goes_on_after_an_interruption(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    endings = [SLOW.format(number) for number in range(3_000)]
    table.write_text("".join(f'{{"text": "smile, 1girl{ending}"}}\n' for ending in endings), encoding="utf-8")
    before = table.read_bytes()
    with running(table) as process:
        wait_for(lambda: list(tmp_path.glob(".*.part")))
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert table.read_bytes() == before
    (part,) = tmp_path.glob(".t.jsonl.*.part")
    finished = part.read_bytes().count(b"\n")
    assert 0 < finished < 3_000
    with part.open("ab") as stream:
        stream.write(b'{"text": "cut in the mid')
    report = order(table, "--workers", "2", "--json").json()
    assert (report["resumed"], report["done"]["captions"]) == (finished, 3_000 - finished)
    expected = "".join(f'{{"text": "1girl, smile{ending}"}}\n' for ending in endings)
    assert table.read_text(encoding="utf-8") == expected
    assert not list(tmp_path.glob(".*.part"))


def test_a_table_that_was_edited_starts_anew(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text('{"text": "smile, 1girl"}\n', encoding="utf-8")
    stale = tmp_path / ".t.jsonl.000000000000.part"
    stale.write_text("of another table\n", encoding="utf-8")
    assert order(table, "--json").json()["resumed"] == 0
    assert table.read_text(encoding="utf-8").startswith('{"text": "1girl, smile"}\n')


def fail(number: int, count: int) -> Iterator[int]:
    yield number
    if number:
        raise ValueError("no more")
    yield number


def die(number: int, count: int) -> Iterator[int]:
    yield number
    os._exit(7)


def count_up(number: int, count: int) -> Iterator[int]:
    yield from range(number, 11, count)


def test_a_crew_answers_in_order_and_says_what_went_wrong() -> None:
    for workers in (1, 2, 3):
        assert list(answers(count_up, workers)) == list(range(11))
    with pytest.raises(CrewError, match="ValueError: no more"):
        list(answers(fail, 2))
    with pytest.raises(CrewError, match="ended before its work, with code 7"):
        list(answers(die, 2))


def test_a_bar_on_a_terminal_only(tmp_path: Path) -> None:
    add(tmp_path, "a.txt")
    assert order(tmp_path, "--dry-run").errors == ""
    master, slave = os.openpty()
    command = [sys.executable, "-m", "modelwise", "captions", str(tmp_path), *PROFILE, "--dry-run"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment({"TERM": "xterm"}), stdout=subprocess.DEVNULL, stderr=slave
    ) as process:
        os.close(slave)
        process.wait()
        shown = os.read(master, 65536).decode()
    os.close(master)
    assert shown.startswith(f"\r[{'#' * 30}] 1 of 1, ")
