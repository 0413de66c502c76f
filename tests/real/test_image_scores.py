"""Scores of generated images in a real WebUI: by its own torch, in each image's infotext, off by default."""

from __future__ import annotations

import base64
import io
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from modelwise.profile_files import load_bundled
from modelwise.scores.configs import read_preprocessing
from modelwise.scores.images import numbers, opened
from modelwise.scores.verdicts import scales
from modelwise.webui.api.routes import PREFIX
from modelwise.webui.api.scores import IMAGE
from modelwise.webui.image_scores import KEY
from modelwise.webui.settings_page import SCORES_OPTION
from tests.real.generating import OLDER, ON, Images, generate, picture
from tests.real.running import LOCAL, RunningWebUI
from tests.support.scorers import random_vit, vit_score, write_shadow

WISH = {"override_settings": {SCORES_OPTION: True}}


@pytest.fixture
def scoring(server: RunningWebUI) -> Iterator[RunningWebUI]:
    """The WebUI with a small scorer in its data folder."""
    folder = write_shadow(server.data / "modelwise" / "scores")
    yield server
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def asked(server: RunningWebUI, arguments: Any = ON, **more: Any) -> Images:
    return generate(server, arguments, OLDER, prompt="1girl", **more)


def test_each_image_is_scored_as_it_is_saved(scoring: RunningWebUI) -> None:
    """The number in the infotext is that of an independent arithmetic over the PNG that came back."""
    found = asked(scoring, n_iter=2, batch_size=2, do_not_save_grid=True, **WISH)
    preprocessing = read_preprocessing(
        scoring.data / "modelwise" / "scores" / "aesthetic-shadow-v2" / "preprocessor_config.json"
    )
    (scale,) = scales([load_bundled().profiles["animagine-xl-3.1"]])
    wanted = []
    for file in found.files:
        score = vit_score(random_vit(), numbers(opened(io.BytesIO(file)), preprocessing))
        wanted.append((score, scale.tag(score)))
    assert len(wanted) == 4
    for infotext, (score, tag) in zip(found.infotexts, wanted, strict=True):
        name, number, said = infotext.params[KEY].split(" ", 2)
        assert (name, said) == ("aesthetic-shadow-v2", tag)
        assert float(number) == pytest.approx(score, abs=2e-4)


def test_the_pixels_are_the_same(scoring: RunningWebUI) -> None:
    plain, scored = asked(scoring), asked(scoring, **WISH)
    assert KEY not in plain.first.params and KEY in scored.first.params
    assert plain.pixels == scored.pixels


def test_an_error_never_stops_an_image(scoring: RunningWebUI) -> None:
    file = scoring.data / "modelwise" / "scores" / "aesthetic-shadow-v2" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:1_000])
    known = scoring.log()
    found = asked(scoring, n_iter=2, do_not_save_grid=True, **WISH)
    assert len(found.files) == 2 and all(KEY not in each.params for each in found.infotexts)
    said = scoring.log().removeprefix(known)
    assert said.count("images are not scored: model.safetensors: ") == 1 and "Traceback" not in said


def given(server: RunningWebUI, image: bytes) -> tuple[int, Any]:
    """What is answered to an image that is sent."""
    address = f"{server.address}{PREFIX}/scores/images?name=one.png"
    request = urllib.request.Request(address, image, {"Content-Type": IMAGE})  # noqa: S310 (our own)
    try:
        with LOCAL.open(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_an_image_that_is_given(scoring: RunningWebUI) -> None:
    image = base64.b64decode(picture(64, 96))
    preprocessing = read_preprocessing(
        scoring.data / "modelwise" / "scores" / "aesthetic-shadow-v2" / "preprocessor_config.json"
    )
    status, found = given(scoring, image)
    expected = vit_score(random_vit(), numbers(opened(io.BytesIO(image)), preprocessing))
    assert status == 200 and found["scores"]["aesthetic-shadow-v2"] == pytest.approx(expected, abs=2e-4)
    assert "found no image" in given(scoring, b"no image")[1]["error"]


def test_no_image_is_scored_beside_a_generation(scoring: RunningWebUI) -> None:
    image = base64.b64decode(picture(64, 96))
    assert given(scoring, image)[0] == 200
    job = Thread(target=asked, args=(scoring,), kwargs={"steps": 150, "width": 256, "height": 256})
    job.start()
    answers = []
    while job.is_alive():
        answers.append(given(scoring, image))
    job.join()
    refused = [found["error"] for status, found in answers if status == 503]
    assert refused and all("is being generated" in error for error in refused)
    assert {status for status, _ in answers} <= {200, 503}
    assert given(scoring, image)[0] == 200
