"""`translate` on the command line."""

from __future__ import annotations

import json

from tests.support.commands import called

PROMPT = "masterpiece, best quality, very aesthetic, absurdres, 1girl, explicit, nsfw, displeasing"


def test_from_one_model_to_another() -> None:
    done = called("translate", "--from", "animagine-xl-3.1", "--to", "animagine-xl-4.0", PROMPT)
    lines = done.output.splitlines()
    assert lines[:3] == [
        "From:     animagine-xl-3.1",
        "To:       animagine-xl-4.0",
        "Prompt:   masterpiece, high score, great score, absurdres, 1girl, explicit",
    ]
    assert (
        "  - displeasing [aesthetic] (prompt): Animagine XL 4.0 has no word for aesthetic of this height"
        in lines
    )


def test_the_source_is_found_by_its_words() -> None:
    done = called("translate", "--to", "animagine-xl-4.0", "--json", "--negative", "nsfw", PROMPT)
    found = json.loads(done.output)
    assert (found["from"], found["to"]) == ("animagine-xl-3.1", "animagine-xl-4.0")
    assert found["negative"] == "nsfw"
    assert {entry["kind"] for entry in found["report"]} == {"translated", "left_out"}


def test_a_prompt_without_a_models_words_is_only_spelled() -> None:
    done = called("translate", "--to", "animagine-xl-4.0", "--json", "long_hair, my_word")
    found = json.loads(done.output)
    assert (found["from"], found["prompt"]) == (None, "long hair, my_word")


def test_an_unknown_model_is_an_error_with_those_there_are() -> None:
    for option in ("--from", "--to"):
        arguments = {"--from": "animagine-xl-3.1", "--to": "animagine-xl-4.0"} | {option: "nobody"}
        done = called("translate", *(part for pair in arguments.items() for part in pair), "1girl")
        assert done.code == 2
        assert "profile: found 'nobody'; allowed: " in done.errors


def test_a_word_that_can_not_be_put_otherwise_stays_and_is_said() -> None:
    done = called("translate", "--to", "animagine-xl-4.0", "score_9, source_anime, 1girl")
    assert "source_anime" in done.output.splitlines()[2]
    assert "a word of Pony Diffusion V6 XL, not of Animagine XL 4.0; it stays" in done.output
