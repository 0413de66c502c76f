"""The user's own profiles and tag lists in the WebUI's data folder."""

from __future__ import annotations

from tests.real.expected import MESSY, ORDERED_4, QUALITY_4
from tests.real.generating import ON, generate
from tests.real.running import RunningWebUI


def test_a_broken_profile_is_named_with_file_key_found_and_allowed(server: RunningWebUI) -> None:
    said = [line for line in server.log().splitlines() if "broken.toml" in line]
    assert len(said) == 1
    assert "settings.cfg_scale.value: found 'high'; allowed:" in said[0]


def test_the_other_profiles_load(server: RunningWebUI) -> None:
    assert generate(server, ON, prompt=MESSY).first.prompt == ORDERED_4


def test_a_profile_of_the_user_s_own(server: RunningWebUI) -> None:
    choices = [{"profile": "my-own-model", "untouched": ["cfg_scale"]}]
    found = generate(server, choices, prompt=MESSY).first
    assert found.prompt == ORDERED_4
    assert found.settings == "64x64, Euler, Automatic, 6, 2"
    assert (found.record["profile"], found.record["version"]) == ("my-own-model", 3)


def test_a_profile_of_the_user_s_own_by_its_name(server: RunningWebUI) -> None:
    found = generate(server, ["on", "My own model"], prompt=MESSY).first
    assert found.record["profile"] == "my-own-model"


def test_a_tag_list_with_bad_lines(server: RunningWebUI) -> None:
    found = generate(server, ON, prompt="smile, zaxby_flower, qorvath, 1girl").first
    assert found.prompt == f"1girl, qorvath, smile, zaxby flower, {QUALITY_4}"
    said = [line for line in server.log().splitlines() if "mine.csv" in line]
    assert [line.partition("mine.csv: ")[2].partition(";")[0] for line in said] == [
        "line 3: found 'not a number,x,12,'",
        "line 4: found ',0,5,'",
        "2 lines with problems, the rest is used",
    ]
