"""Clip skip is an option of the whole WebUI: a profile sets it for its own job and for no other."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from tests.real.generating import ANYTHING, ON, OPT, UNKNOWN, generate
from tests.real.running import RunningWebUI
from tests.real.test_scripts import plot

SKIPPING = "skipping-model.safetensors"
FILL = [{"untouched": ["clip_skip"]}]
KEY = "CLIP_stop_at_last_layers"


def test_it_ends_with_the_job(server: RunningWebUI) -> None:
    before = server.get("/sdapi/v1/options")[KEY]
    found = generate(server, FILL, SKIPPING).first
    assert found.record["profile"] == "skipping-model"
    assert found.params["Clip skip"] == "2"
    assert server.get("/sdapi/v1/options")[KEY] == before == 1
    assert "Clip skip" not in generate(server, None, SKIPPING).first.params


def test_a_touched_one_stays(server: RunningWebUI) -> None:
    assert "Clip skip" not in generate(server, ON, SKIPPING).first.params
    chosen = generate(server, FILL, SKIPPING, override_settings={KEY: 3}).first
    assert chosen.params["Clip skip"] == "3"


def test_no_cell_of_a_plot_hands_it_to_the_next(server: RunningWebUI) -> None:
    names = f"{SKIPPING}, {ANYTHING}, {SKIPPING}, {UNKNOWN}, {OPT}"
    cells = plot(server, FILL, [("Checkpoint name", names)]).infotexts
    assert [cell.params.get("Clip skip") for cell in cells] == ["2", None, "2", None, None]
    assert server.get("/sdapi/v1/options")[KEY] == 1


def test_it_is_the_user_s_again_after_an_error(server: RunningWebUI) -> None:
    found = generate(server, FILL, SKIPPING, prompt="smile, breakmodelwise").first
    assert found.prompt == "smile, breakmodelwise"
    assert server.get("/sdapi/v1/options")[KEY] == 1
    assert "Clip skip" not in found.params


def test_it_is_the_user_s_again_after_an_interrupt(server: RunningWebUI) -> None:
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(generate, server, FILL, SKIPPING, steps=150, n_iter=20)
        while not server.get("/sdapi/v1/progress?skip_current_image=true")["state"]["sampling_step"]:
            time.sleep(0.05)
        assert server.get("/sdapi/v1/options")[KEY] == 2
        server.post("/sdapi/v1/interrupt", {})
        found = job.result()
    assert len(found.infotexts) < 20
    assert server.get("/sdapi/v1/options")[KEY] == 1


def test_it_changes_the_picture_of_sd_1(server: RunningWebUI) -> None:
    filled, asked, plain = (
        generate(server, arguments, SKIPPING, prompt="1girl", override_settings=override)
        for arguments, override in (
            (
                [{**FILL[0], "profile": "skipping-model", "switches": {"quality": False, "negative": False}}],
                {},
            ),
            (None, {KEY: 2}),
            (None, {}),
        )
    )
    assert filled.pixels == asked.pixels
    assert filled.pixels != plain.pixels
