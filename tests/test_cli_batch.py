"""`compile --jsonl`, the interface that other programs rely on: one object a line in, one a line out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import PLAIN, WINDOWS, batch, called, started

OPT = "animagine-xl-4.0-opt"
MADE = "1girl, smile, masterpiece, high score, great score, absurdres"
CARD = {
    "width": 832,
    "height": 1216,
    "cfg_scale": 5,
    "steps": 28,
    "sampler": "Euler a",
    "scheduler": "Automatic",
}
SWITCHES = ("order", "quality", "negative", "settings", "spelling")
DEFAULTS: dict[str, Any] = {
    "negative": "",
    "intent": {"quality": "standard", "aesthetic": None, "rating": None, "year": None},
    "switches": dict.fromkeys(SWITCHES, True),
    "settings": {"values": {}, "untouched": None},
}


def request(prompt: str = "smile, 1girl", profile: str = OPT, **more: Any) -> dict[str, Any]:
    return {"prompt": prompt, "profile": profile, **more}


def test_answer_has_the_keys_of_the_interface() -> None:
    (answer,) = batch(request("smile, 1girl, night_sky, very aesthetic"))
    assert list(answer) == ["prompt", "negative", "settings", "report"]
    assert answer["settings"] == CARD
    assert {"added", "moved", "respelled", "warning"} <= {entry["kind"] for entry in answer["report"]}
    for entry in answer["report"]:
        assert list(entry) == ["kind", "item", "to", "slot", "where", "reason"]
        assert entry["kind"] in {"added", "moved", "respelled", "left_out", "kept", "warning"}
        assert entry["where"] in {"prompt", "negative", "settings"}
        assert isinstance(entry["item"], str) and entry["reason"]
        assert entry["to"] is None or isinstance(entry["to"], str)


def test_defaults_spelled_out_are_the_defaults() -> None:
    absent, spelled_out = batch(request(), request(**DEFAULTS))
    assert absent == spelled_out
    for key, value in DEFAULTS.items():
        (one,) = batch(request(**{key: value}))
        assert one == absent
        if isinstance(value, dict):
            parts: list[dict[str, Any]] = [{key: {inner: given}} for inner, given in value.items()]
            answers = batch(*(request(**part) for part in parts))
            assert answers == [absent] * len(value)


@pytest.mark.parametrize("missing", ["prompt", "profile"])
def test_prompt_and_profile_have_no_default(missing: str) -> None:
    whole = request()
    del whole[missing]
    (answer,) = batch(whole)
    assert list(answer) == ["error"] and missing in answer["error"]


def test_nothing_is_set_where_everything_is_touched() -> None:
    touched, some = batch(
        request(settings={"untouched": []}), request(settings={"untouched": ["width", "height", "steps"]})
    )
    assert touched["settings"] == {}
    assert some["settings"] == {"width": 832, "height": 1216, "steps": 28}


def test_touched_value_outside_the_range_is_warned_of() -> None:
    values = {"width": 1000, "height": 1000, "cfg_scale": 12, "steps": 28}
    (answer,) = batch(request(settings={"values": values, "untouched": []}))
    found = {entry["item"] for entry in answer["report"] if entry["where"] == "settings"}
    assert answer["settings"] == {}
    assert found == {"size", "cfg_scale"}


def without(answer: dict[str, Any], where: str, kind: str) -> bool:
    return not any((entry["where"], entry["kind"]) == (where, kind) for entry in answer["report"])


SIGNS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "order": lambda answer: without(answer, "prompt", "moved"),
    "quality": lambda answer: without(answer, "prompt", "added"),
    "negative": lambda answer: answer["negative"] == "ugly",
    "settings": lambda answer: answer["settings"] == {},
    "spelling": lambda answer: "night_sky" in answer["prompt"],
}


def test_every_combination_of_switches() -> None:
    chosen = [dict(zip(SWITCHES, values, strict=True)) for values in product([True, False], repeat=5)]
    answers = batch(*(request("smile, night_sky, 1girl", negative="ugly", switches=each) for each in chosen))
    for switches, answer in zip(chosen, answers, strict=True):
        off = {name for name, sign in SIGNS.items() if sign(answer)}
        assert off == {name for name, on in switches.items() if not on}


def test_every_part_of_the_intent() -> None:
    plain, rated, dated, levelled, high = batch(
        request(intent={"quality": None}),
        request(intent={"quality": None, "rating": "explicit"}),
        request(intent={"quality": None, "year": 2010}),
        request(profile="animagine-xl-3.1", intent={"quality": "light"}),
        request(profile="animagine-xl-3.1", intent={"quality": None, "aesthetic": "high"}),
    )
    assert plain["prompt"] == "1girl, smile"
    assert rated["prompt"] == "1girl, explicit, smile"
    assert dated["prompt"] == "1girl, year 2010, smile"
    assert levelled["prompt"].startswith("(masterpiece), best quality, very aesthetic, perfect face, 1girl")
    assert high["prompt"] == "very aesthetic, 1girl, smile"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (request(colour="red"), "colour"),
        (request(intent={"mood": "sad"}), "mood"),
        (request(switches={"ordering": True}), "ordering"),
        (request(settings={"sizes": []}), "sizes"),
        (request(settings={"untouched": ["stepz"]}), "untouched"),
        (request(settings={"untouched": "steps"}), "untouched"),
        (request(settings={"values": []}), "values"),
        (request(intent={"quality": "best"}), "quality"),
        (request(intent={"rating": "r18"}), "rating"),
        (request(intent={"aesthetic": "low"}), "aesthetic"),
        (request(intent={"year": "2007"}), "year"),
        (request(intent={"year": 2007.5}), "year"),
        (request(switches={"order": 1}), "order"),
        (request(switches={"order": None}), "order"),
        (request(intent=None), "intent"),
        (request(switches=None), "switches"),
        (request(settings=None), "settings"),
        (request(negative=None), "negative"),
        (request(prompt=None), "prompt"),  # type: ignore[arg-type]
        (request(prompt=["a"]), "prompt"),  # type: ignore[arg-type]
        (request(profile=None), "profile"),  # type: ignore[arg-type]
        (request(profile="pony"), "pony"),
        (request(profile=""), "profile"),
        (request(profile="../generic"), "profile"),
        ([], "array"),
        ("null", "null"),
        ("3", "int"),
        ('"text"', "str"),
        ("nonsense", "JSON"),
        ('{"prompt": "a"', "truncated"),
        ('{"prompt": "a", "profile": "generic"} {}', "JSON"),
        ('{"prompt": "\\ud800", "profile": "generic"}', "JSON"),
        (b'{"prompt": "\xff", "profile": "generic"}', ""),
        (b"\xff\xfe", ""),
        (b"\x00", ""),
        ("[" * 100_000, ""),
    ],
    ids=lambda value: str(value)[:50] if value and len(str(value)) < 5000 else "",
)
def test_bad_line_answers_with_an_error_and_the_rest_goes_on(line: object, named: str) -> None:
    first, bad, last = batch(request(), line, request())
    assert list(bad) == ["error"] and isinstance(bad["error"], str)
    assert named in bad["error"] and bad["error"].strip()
    assert first == last and first["prompt"] == MADE


def test_error_of_a_wrong_profile_lists_the_known_ones() -> None:
    (answer,) = batch(request(profile="pony"))
    assert OPT in answer["error"] and "generic-sdxl" in answer["error"]


def test_odd_values_of_settings_bring_no_error() -> None:
    odd: list[Any] = [None, "832", 0, -1, 1e300, True, [], {}]
    settings = [
        {
            "values": dict.fromkeys(("width", "height", "cfg_scale", "steps", "sampler"), value),
            "untouched": [],
        }
        for value in odd
    ]
    for answer in batch(*(request(settings=each) for each in settings)):
        assert answer["prompt"] == MADE and answer["settings"] == {}


def test_order_of_the_answers_under_changing_profiles() -> None:
    profiles = [OPT, "animagine-xl-3.1", "nope", "generic", "anything-v3.1"] * 20
    answers = batch(*(request(f"tag{number}", profile) for number, profile in enumerate(profiles)))
    assert len(answers) == 100
    for number, (profile, answer) in enumerate(zip(profiles, answers, strict=True)):
        assert "error" in answer if profile == "nope" else f"tag{number}" in answer["prompt"].split(", ")


def test_empty_lines_get_no_answer() -> None:
    assert len(batch("", request(), "   ", "\t", request(), "")) == 2
    assert called("compile", "--jsonl").output == ""


def test_last_line_needs_no_end() -> None:
    done = called("compile", "--jsonl", given=json.dumps(request()))
    assert [answer["prompt"] for answer in done.lines()] == [MADE]


def test_carriage_returns_at_line_ends() -> None:
    assert batch(json.dumps(request()) + "\r", json.dumps(request()) + "\r")[1]["prompt"] == MADE


@pytest.mark.parametrize("machine", [{}, PLAIN, WINDOWS], ids=["utf-8", "C locale", "windows"])
def test_utf_8_on_every_machine(machine: dict[str, str]) -> None:
    text = "初音ミク, café, 🎉👩‍🎤, a\u2028b, ١"
    written_out = json.dumps(request(text, "generic"), ensure_ascii=False)
    escaped = json.dumps(request(text, "generic"))
    assert [answer["prompt"] for answer in batch(written_out, escaped, **machine)] == [text, text]


def test_line_separators_of_unicode_end_no_line() -> None:
    text = "a\u2028b\x85c\x0bd\x1ce"
    output = called(
        "compile", "--jsonl", given=json.dumps(request(text, "generic"), ensure_ascii=False)
    ).output
    assert output.count("\n") == 1
    assert json.loads(output)["prompt"] == text


def test_very_long_lines() -> None:
    long = ", ".join(f"tag number {number}" for number in range(12_000))
    too_long = "x" * 5_000_000
    first, error, last = batch(request(long), request(too_long), request())
    assert first["prompt"].startswith("tag number 0, ") and first["prompt"].endswith("absurdres")
    assert list(error) == ["error"] and "line" in error["error"]
    assert last["prompt"] == MADE


def test_each_answer_comes_while_the_input_stays_open() -> None:
    process = started("compile", "--jsonl")
    assert process.stdin and process.stdout and process.stderr
    # Only a hanging test needs this: it ends the wait for an answer that never comes.
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        for number in range(3):
            process.stdin.write(json.dumps(request(f"tag{number}", "generic")).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["prompt"] == f"tag{number}"
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait() == 0
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


@pytest.mark.parametrize("arguments", [("compile", "--jsonl"), ("compile", "a")], ids=" ".join)
def test_reader_that_leaves_early_is_no_error(arguments: tuple[str, ...]) -> None:
    process = started(*arguments)
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    try:
        process.stdin.write((json.dumps(request()).encode() + b"\n") * 200)
        process.stdin.close()
    except BrokenPipeError:
        pass
    errors = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(), errors) == (0, "")


def test_vocabulary_of_several_files(tmp_path: Path) -> None:
    options: list[str | Path] = []
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(f'zz_{name},4,1,"zz_{name}_alias"\n', encoding="utf-8")
        options += ["--vocabulary", tmp_path / f"{name}.csv"]
    prompt = request("smile, zz two, zz one alias, 1girl", switches={"quality": False})
    assert batch(prompt, options=options)[0]["prompt"] == "1girl, zz two, zz one alias, smile"
    assert batch(prompt)[0]["prompt"] == "1girl, smile, zz two, zz one alias"


def test_missing_vocabulary_is_a_wrong_call() -> None:
    done = called("compile", "--jsonl", "--vocabulary", "no/such.csv", given=json.dumps(request()))
    assert done.code == 2 and "no/such.csv" in done.errors.replace("\\", "/")
