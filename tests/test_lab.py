"""The lab: what it shows under a profile is what a generation under that profile gets."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from modelwise.compile import Request, Switches
from modelwise.intent import Intent
from modelwise.webui.api.lab import lab
from modelwise.webui.api.refusals import Refusal
from modelwise.webui.api.service import Service
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts
from modelwise.webui.lab import MOST_PROFILES, LabRequest, LabResult
from modelwise.webui.settings_page import LINES_OPTION
from tests.support.checking import bundled
from tests.support.hosts import ANIMAGINE, FakeHost

OPT = "animagine-xl-4.0-opt"
MESSY = "smile, long_hair, 1girl, hatsune miku, (blue eyes:1.2), vocaloid, score_9"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    host = FakeHost(tmp_path)
    host.current = ANIMAGINE
    return Service(Engine(host))


def text(result: LabResult, title: str = "Prompt") -> str:
    return next((each.text for each in result.texts if each.title == title), "")


@pytest.mark.parametrize("profile", sorted(bundled()))
@pytest.mark.parametrize(
    ("intent", "switches"),
    [
        (Intent(), Switches()),
        (Intent(quality="heavy", rating="general", year=2020, aesthetic="high"), Switches(grouping=True)),
        (Intent(quality=None), Switches(order=False, negative=False, settings=False, spelling=False)),
    ],
)
def test_it_is_what_compile_makes(service: Service, profile: str, intent: Intent, switches: Switches) -> None:
    asked = LabRequest(MESSY, "hat", (profile,), intent, switches)
    (found,) = lab(service, asked).results
    made = service.compile(Request(MESSY, "hat", profile, intent, switches))
    assert (text(found), text(found, "Negative prompt")) == (made.prompt, made.negative)
    shown = " ".join(setting.value for setting in found.settings)
    assert all(
        f"{value:g}" in shown if isinstance(value, float) else str(value) in shown
        for value in made.settings.values()
    )
    assert bool(found.settings) == bool(made.settings)
    said = [warned.text for warned in found.warnings]
    assert len(said) == sum(entry.kind in ("warning", "kept") for entry in made.report)


def test_several_profiles_in_the_order_of_the_question(service: Service) -> None:
    names = ("anything-v3.1", OPT, "pony-v6-xl")
    assert tuple(each.profile for each in lab(service, LabRequest("1girl", profiles=names)).results) == names


def test_without_a_profile_the_checkpoints_own(service: Service) -> None:
    (found,) = lab(service, LabRequest("smile, 1girl")).results
    assert found.profile == OPT and text(found).startswith("1girl, smile")


def test_a_distilled_checkpoint_gets_no_settings(service: Service) -> None:
    service.engine.host.current = CheckpointFacts(Path("animagine-xl-4.0-opt-lightning.ckpt"))  # type: ignore[attr-defined]
    (found,) = lab(service, LabRequest("1girl")).results
    assert found.settings == () and any("distilled" in warned.text for warned in found.warnings)
    (chosen,) = lab(service, LabRequest("1girl", profiles=(OPT,))).results
    assert chosen.settings


def test_lines_mean_what_the_settings_say(service: Service) -> None:
    asked = LabRequest("smile\n1girl", profiles=(OPT,), intent=Intent(quality=None))
    assert text(lab(service, asked).results[0]) == "1girl,\nsmile"
    service.engine.host.options[LINES_OPTION] = True  # type: ignore[attr-defined]
    assert text(lab(service, asked).results[0]) == "smile\n1girl"


def test_an_unknown_profile_is_named_with_its_place(service: Service) -> None:
    with pytest.raises(Refusal) as refusal:
        lab(service, LabRequest("", profiles=(OPT, "nobody")))
    assert (refusal.value.status, refusal.value.problem.field) == (422, "profiles[1]")


def test_there_is_an_end_to_the_profiles() -> None:
    with pytest.raises(msgspec.ValidationError, match="profiles"):
        msgspec.convert({"prompt": "", "profiles": [OPT] * (MOST_PROFILES + 1)}, LabRequest)
