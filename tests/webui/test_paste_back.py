"""Our own infotext, pasted: the panel is as it was, and Generate makes the same again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from modelwise.settings import FIELDS
from tests.support.hosts import panel
from tests.webui.imitation import REPOSITORY, Imitation
from tests.webui.infotext import read_infotext
from tests.webui.with_us import OLDER, SCRIPT, TITLE, generate, settings

PASTED = ["size", "cfg_scale", "steps", "sampler"]
"""The fields that a paste fills count as the user's."""

POLICIES = dict(zip(FIELDS, ("keep", "force", "fill", "keep", "fill")))
KEPT = (
    *("mode", "profile", "quality", "rating", "year", "switches", "aesthetic"),
    *(f"policy_{field}" for field in FIELDS),
    "clicked",
)
CASES: dict[str, dict[str, Any]] = {
    "as it is at first": {},
    "on": {"mode": "on"},
    "a chosen profile": {"profile": "Animagine XL 3.1"},
    "an intent": {"rating": "explicit", "year": "2007"},
    "another level": {"profile": "Animagine XL 3.1", "quality": "light", "aesthetic": True},
    "an era": {"profile": "Animagine XL 3.1", "year": "newest (2021 to 2024)"},
    "switches": {"switches": ["order", "settings"]},
    "no switch": {"switches": []},
    "policies": {"policies": POLICIES},
    "a preset": {"clicked": "2007 retro", "year": "2007"},
    "everything": {
        "mode": "on",
        "profile": "Animagine XL 3.1",
        "quality": "heavy",
        "rating": "questionable",
        "year": "2016",
        "switches": ["quality", "negative", "spelling"],
        "aesthetic": True,
        "clicked": 'a "b", c: d\\e',
        "policies": POLICIES,
    },
}


def restored(program: Imitation, params: dict[str, Any], before: Sequence[Any]) -> list[Any]:
    """The panel's arguments after a paste, as the page would send them."""
    script = program.runners["txt2img"].named(TITLE)
    values = list(before)
    for component, value_of in script.infotext_fields:
        value = value_of(params)
        if value is not None:
            values[program.runners["txt2img"].inputs.index(component) - script.args_from] = value
    return values


def generated_again(program: Imitation, arguments: Sequence[Any], found: dict[str, Any]) -> dict[str, Any]:
    """What a click on Generate makes of the boxes as a paste leaves them, and of these arguments."""
    width, height = map(int, found["Size"].split("x"))
    sampling = [int(found["Steps"]), found["Sampler"], found.get("Schedule type", "Automatic")]
    made = generate(
        program,
        *arguments,
        scripts={"Sampler": sampling},
        prompt=found["Prompt"],
        negative_prompt=found["Negative prompt"],
        width=width,
        height=height,
        cfg_scale=int(found["CFG scale"]),
    )
    return read_infotext(made.infotexts[0])


@pytest.mark.parametrize("case", CASES)
def test_the_panel_is_as_it_was_and_the_image_the_same(started: Imitation, case: str) -> None:
    first_arguments = panel(**CASES[case])
    found = read_infotext(generate(started, *first_arguments).infotexts[0])
    arguments = restored(started, found, panel(touched=PASTED))
    names = [control.elem_id.removeprefix("modelwise_txt2img_") for control in controls(started)]
    kept = {name: value for name, value in zip(names, arguments) if name in KEPT}
    wanted = {name: value for name, value in zip(names, first_arguments) if name in KEPT}
    assert kept | {"year": ""} == wanted | {"year": ""}
    again = generated_again(started, arguments, found)
    assert (again["Prompt"], again["Negative prompt"]) == (found["Prompt"], found["Negative prompt"])
    assert settings(again) == settings(found)
    assert again[TITLE] == found[TITLE]


def controls(program: Imitation) -> list[Any]:
    """The panel's own, in the order of the arguments."""
    script = program.runners["txt2img"].named(TITLE)
    return program.runners["txt2img"].inputs[script.args_from : script.args_to]


def test_the_same_image_after_the_profile_has_changed(executing: Imitation, tmp_path: Path) -> None:
    executing.execute(SCRIPT)
    executing.build()
    profile = (REPOSITORY / "presets" / "animagine-xl-3.1.toml").read_text(encoding="utf-8")
    found = read_infotext(generate(executing, *panel(), checkpoint=OLDER).infotexts[0])
    own = tmp_path / "modelwise" / "profiles"
    own.mkdir(parents=True)
    changed = profile.replace('id = "animagine-xl-3.1"', 'id = "mine"', 1).replace(
        "version = 1", "version = 9", 1
    )
    changed = changed.replace('name = "Animagine XL 3.1"', 'name = "Mine"', 1)
    changed = changed.replace('"masterpiece", "best quality", "very', '"best quality", "very', 1)
    (own / "mine.toml").write_text(changed, encoding="utf-8")
    executing.reload([SCRIPT])
    arguments = restored(executing, found, panel(touched=PASTED))
    arguments[1] = "Mine"
    again = generated_again(executing, arguments, found)
    assert (again["Prompt"], again["Negative prompt"]) == (found["Prompt"], found["Negative prompt"])
