"""stable-diffusion-webui-distributed: a master and two workers make the images that one machine makes alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import OPT, Images, generate
from tests.real.installing import put_in_place
from tests.real.neighbouring import DISTRIBUTED, environment, move_in, share_with
from tests.real.running import Place, RunningWebUI

PAGE = ["auto", "Auto", "standard", "not set", "", '["size","steps"]', ""]
"""What the page sends where the user has touched the size and the steps."""
WORKER = "Worker Label"


@pytest.fixture(scope="module")
def machines(
    where: Place, repository: Path, neighbours: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningWebUI, list[RunningWebUI]]]:
    """The master, then its workers; Modelwise on all."""
    running: list[RunningWebUI] = []
    try:
        for name in ("worker 1", "worker 2", "master"):
            data = tmp_path_factory.mktemp("machine") / name.replace(" ", "")
            put_in_place(repository, data)
            if name == "master":
                move_in(neighbours, [DISTRIBUTED], data)
                share_with(data, *running)
            running.append(RunningWebUI(where, data, (), environment(neighbours)))
            running[-1].start()
        yield running[-1], running[:-1]
    finally:
        for machine in running:
            machine.stop()


def made(webui: RunningWebUI, choice: object) -> Images:
    """Three images at once, and no grid among them."""
    arguments = choice if isinstance(choice, list) else [choice]
    webui.post("/sdapi/v1/options", {"sd_model_checkpoint": OPT, "return_grid": False})
    return generate(webui, arguments, prompt=MESSY, batch_size=3)


@pytest.mark.parametrize("choice", ["on", {"untouched": ["cfg_scale", "sampler"]}, "off"], ids=str)
def test_three_machines_are_as_one(machines: tuple[RunningWebUI, list[RunningWebUI]], choice: object) -> None:
    master, workers = machines
    shared, alone = made(master, choice), made(workers[0], choice)
    labels = [found.params.pop(WORKER, "") for found in shared.infotexts]
    assert len({label for label in labels if label}) == len(workers), shared.raw
    assert shared.infotexts == alone.infotexts


def test_a_worker_treats_what_the_page_sent_as_the_masters_page_does(
    machines: tuple[RunningWebUI, list[RunningWebUI]],
) -> None:
    for machine in (machines[0], machines[1][0]):
        found = made(machine, PAGE).infotexts
        assert [(one.prompt, one.negative) for one in found] == [(ORDERED_4, NEGATIVE_4)] * 3
        assert {one.settings for one in found} == {"64x64, Euler a, Automatic, 5, 2"}
