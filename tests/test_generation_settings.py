"""Which fields of a job are set, by policy and by who has touched them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelwise.webui.choices import read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.generation import Generation
from tests.support.hosts import (
    ANIMAGINE_3,
    ANYTHING,
    AS_LOADED,
    SAMPLERS,
    FakeHost,
    FakeJob,
    panel,
    run,
)

CARD = {
    "width": 832,
    "height": 1216,
    "cfg_scale": 5,
    "steps": 28,
    "sampler": "Euler a",
    "scheduler": "Automatic",
}
PARTS = {
    "size": ("width", "height"),
    "cfg_scale": ("cfg_scale",),
    "steps": ("steps",),
    "sampler": ("sampler", "scheduler"),
}
every_field = pytest.mark.parametrize("field", list(PARTS))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(FakeHost(tmp_path))


def mixed(fields: tuple[str, ...]) -> dict[str, Any]:
    """The card's values in these fields, the page's own in all others."""
    names = {name for field in fields for name in PARTS[field]}
    return {name: CARD[name] if name in names else AS_LOADED[name] for name in CARD}


def test_everything_untouched_is_filled(engine: Engine) -> None:
    job = FakeJob()
    run(engine, job, *panel())
    assert job.settings == CARD


@pytest.mark.parametrize("mode", ["auto", "on"])
def test_page_that_sent_nothing_gets_nothing(engine: Engine, mode: str) -> None:
    job = FakeJob()
    run(engine, job, *panel(mode, touched=None))
    assert job.settings == AS_LOADED
    assert "masterpiece" in job.now.main


@every_field
def test_touched_field_is_the_users(engine: Engine, field: str) -> None:
    job = FakeJob()
    run(engine, job, *panel(touched=[field]))
    assert job.settings == mixed(tuple(other for other in PARTS if other != field))


@every_field
def test_fill_sets_only_what_is_untouched(engine: Engine, field: str) -> None:
    job = FakeJob()
    run(engine, job, {"policy": "fill", "untouched": [field]})
    assert job.settings == mixed((field,))


@every_field
def test_keep_for_one_field(engine: Engine, field: str) -> None:
    job = FakeJob()
    run(engine, job, {"policy": {field: "keep"}, "untouched": list(PARTS)})
    assert job.settings == mixed(tuple(other for other in PARTS if other != field))


@every_field
def test_force_for_one_field(engine: Engine, field: str) -> None:
    job = FakeJob()
    run(engine, job, {"policy": {field: "force"}})
    assert job.settings == mixed((field,))


@pytest.mark.parametrize(("policy", "fields"), [("keep", ()), ("force", tuple(PARTS))])
def test_one_policy_for_all(engine: Engine, policy: str, fields: tuple[str, ...]) -> None:
    job = FakeJob()
    untouched = list(PARTS) if policy == "keep" else []
    run(engine, job, {"policy": policy, "untouched": untouched})
    assert job.settings == mixed(fields)


@pytest.mark.parametrize(("boxes", "filled"), [(["width"], ()), (["width", "height"], ("size",))])
def test_width_with_height_is_one_field(engine: Engine, boxes: list[str], filled: tuple[str, ...]) -> None:
    job = FakeJob()
    run(engine, job, {"untouched": boxes})
    assert job.settings == mixed(filled)


def test_switch_turns_settings_off_and_nothing_else(engine: Engine) -> None:
    job = FakeJob()
    run(engine, job, {"switches": {"settings": False}, "untouched": list(PARTS), "preset": "Portrait"})
    assert job.settings == AS_LOADED
    assert "masterpiece" in job.now.main


@pytest.mark.parametrize("field", ["size", "cfg_scale", "steps", "sampler"])
@pytest.mark.parametrize("policy", ["fill", "force"])
def test_field_of_another_script_is_that_scripts(engine: Engine, field: str, policy: str) -> None:
    job = FakeJob()
    job.others = {field}
    run(engine, job, {"policy": policy, "untouched": list(PARTS), "preset": "Card defaults"})
    assert job.settings == mixed(tuple(other for other in PARTS if other != field))


def test_img2img_keeps_the_size(engine: Engine) -> None:
    job = FakeJob()
    job.tab = "img2img"
    run(engine, job, *panel())
    assert job.settings == mixed(("cfg_scale", "steps", "sampler"))


def test_img2img_takes_the_size_where_asked(engine: Engine) -> None:
    job = FakeJob()
    job.tab = "img2img"
    run(engine, job, {"policy": {"size": "force"}})
    assert job.settings == mixed(("size",))


@pytest.mark.parametrize(
    ("known", "sampler", "scheduler"),
    [
        (SAMPLERS, "Euler a", "Automatic"),
        (("DDIM", "Euler"), "Euler", "Automatic"),
        (("DDIM",), AS_LOADED["sampler"], AS_LOADED["scheduler"]),
        ((), AS_LOADED["sampler"], AS_LOADED["scheduler"]),
    ],
    ids=["first", "fallback", "none of them", "none at all"],
)
def test_sampler_that_the_host_has(
    tmp_path: Path, known: tuple[str, ...], sampler: str, scheduler: str
) -> None:
    job = FakeJob()
    run(Engine(FakeHost(tmp_path, samplers=known)), job, *panel())
    assert (job.settings["sampler"], job.settings["scheduler"]) == (sampler, scheduler)
    assert job.settings["steps"] == 28


def test_values_of_an_example_are_not_filled_but_are_a_preset(engine: Engine) -> None:
    job = FakeJob()
    job.chosen = ANYTHING
    run(engine, job, *panel())
    assert job.settings == AS_LOADED
    run(engine, job, {"preset": "Card example"})
    assert (job.settings["width"], job.settings["height"]) == (512, 728)
    assert (job.settings["cfg_scale"], job.settings["steps"]) == (12, 50)


def test_preset_by_name_sets_its_fields_and_its_intent(engine: Engine) -> None:
    job = FakeJob()
    run(engine, job, {"preset": "Wallpaper"})
    assert job.settings == {**AS_LOADED, "width": 1536, "height": 640}
    job = FakeJob()
    (record,) = run(engine, job, {"preset": "2007 retro"})
    assert "year 2007" in job.now.main
    assert job.settings == AS_LOADED
    assert record is not None and record.preset == "2007 retro"


def test_unknown_preset_is_an_error_that_lists_the_known_ones(engine: Engine) -> None:
    job = FakeJob()
    before = job.state()
    with pytest.raises(ValueError, match=r"preset: found 'Poster'; allowed for .*: Card defaults, Portrait"):
        run(engine, job, {"preset": "Poster"})
    assert job.state() == before


def test_touched_value_outside_the_cards_range_is_warned_of_once(engine: Engine) -> None:
    job = FakeJob(["smile, 1girl", "hat, 1boy"])
    job.settings["cfg_scale"] = 11
    run(engine, job, *panel(touched=["cfg_scale"]))
    assert job.settings["cfg_scale"] == 11
    assert sum("11 is outside the card's range" in comment for comment in job.comments) == 1


def test_distilled_variant_gets_tags_but_no_settings(engine: Engine, tmp_path: Path) -> None:
    job = FakeJob()
    file = tmp_path / "animagine-xl-4.0-opt-lightning.ckpt"
    job.chosen = type(ANYTHING)(file)
    run(engine, job, *panel())
    assert job.settings == AS_LOADED
    assert "masterpiece" in job.now.main
    assert sum("distilled" in comment for comment in job.comments) == 1


@pytest.mark.parametrize(("hires", "said"), [(True, 1), (False, 0)])
def test_final_size_is_named_with_hires_on(engine: Engine, hires: bool, said: int) -> None:
    job = FakeJob()
    job.has_hires = hires
    run(engine, job, *panel())
    assert sum("832x1216" in text and "1664x2432" in text for text in job.comments) == said


def test_hires_is_not_mentioned_where_the_size_stays(engine: Engine) -> None:
    job = FakeJob()
    job.has_hires = True
    run(engine, job, *panel(touched=["size"]))
    assert not any("1664x2432" in text for text in job.comments)


def test_second_pass_is_compiled_like_the_first(engine: Engine) -> None:
    job = FakeJob()
    job.has_hires = True
    job.now.hires, job.now.hires_negatives = ["hat, 1girl"], ["ugly"]
    run(engine, job, *panel())
    assert job.now.hires == ["1girl, hat, masterpiece, high score, great score, absurdres"]
    assert job.now.hires_negatives[0].endswith("username, blurry, ugly")


@pytest.mark.parametrize("preset", [None, "Portrait", "2007 retro"])
def test_second_pass_with_a_checkpoint_of_another_family(engine: Engine, preset: str | None) -> None:
    job = FakeJob()
    job.has_hires, job.second = True, ANIMAGINE_3
    job.now.hires, job.now.hires_negatives = ["hat, 1girl"], [""]
    run(engine, job, {"preset": preset})
    assert job.now.main.startswith("1girl, ")
    assert job.now.hires[0].startswith("masterpiece, best quality, very aesthetic, absurdres, 1girl")
    assert job.now.hires_negatives[0].startswith("nsfw, lowres, (bad)")


def test_clip_skip_of_an_own_profile_is_filled_and_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "mine.toml").write_text(
        'schema = 1\nid = "mine"\nversion = 1\nname = "Mine"\nfamily = "mine"\n'
        'sources = [{ id = "card", name = "The card" }]\n[match]\nnames = ["mine"]\n'
        '[settings.clip_skip]\nbasis = "stated"\nsource = "card"\nvalue = 2\n',
        encoding="utf-8",
    )
    job = FakeJob()
    job.chosen = type(ANYTHING)(Path("mine.ckpt"))
    before = job.state()
    choices = read_choices([{"untouched": ["clip_skip"]}])
    generation = Generation(Engine(FakeHost(tmp_path)), job, choices)
    generation.set_settings()
    assert job.unlisted == {"clip_skip": 2}
    generation.restore()
    assert job.state() == before
