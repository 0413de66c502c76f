"""The preview: what Generate would do with the page as it is, piece by piece, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from modelwise.webui.choices import PANEL_ARGUMENTS, Pasted
from modelwise.webui.engine import Engine
from modelwise.webui.host import TokenCount
from modelwise.webui.page_job import Page, PageHires, outlook
from modelwise.webui.preview import Preview, PreviewRequest, PreviewText, preview
from tests.support.hosts import ANIMAGINE, ANIMAGINE_3, UNKNOWN, FakeHost, panel
from tests.support.strategies import prompts

ROOT = Path(__file__).resolve().parent.parent
QUALITY = "masterpiece, high score, great score, absurdres"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    host = FakeHost(tmp_path_factory.mktemp("data"))
    host.current = ANIMAGINE
    return Engine(host)


def previewed(engine: Engine, prompt: str = "smile, 1girl", negative: str = "", **more: Any) -> Preview:
    hires, tab = more.pop("hires", None), more.pop("tab", "txt2img")
    values = more.pop("values", {"width": 512, "height": 512})
    page = Page(prompt, negative, values, hires)
    return preview(engine, PreviewRequest(tab, page, tuple(panel(**more))))


def texts(found: Preview) -> list[tuple[str, str]]:
    return [(text.title, text.text) for text in found.texts]


def items(text: PreviewText) -> list[str]:
    return [piece.text for piece in text.pieces]


def test_it_says_what_the_sampler_will_get(engine: Engine) -> None:
    found = previewed(engine, negative="hat")
    assert texts(found)[0] == ("Prompt", f"1girl, smile, {QUALITY}")
    assert items(found.texts[0]) == f"1girl, smile, {QUALITY}".split(", ")
    assert found.texts[1].title == "Negative prompt"
    assert items(found.texts[1])[-1] == "hat"
    assert (found.name, found.active) == ("Animagine XL 4.0 Opt", True)
    assert "Animagine XL 4.0 Opt" in found.line


def test_settings_come_with_their_source(engine: Engine) -> None:
    found = {setting.name: (setting.value, setting.reason) for setting in previewed(engine).settings}
    assert found["size"] == ("832x1216", "Animagine XL 4.0 Opt: stated")
    assert found["CFG"][0] == "5"
    assert found["sampler and scheduler"][0] == "Euler a, Automatic"
    touched = previewed(engine, touched=["size"]).settings
    assert "size" not in [setting.name for setting in touched]


def test_tokens_are_those_of_the_compiled_text(engine: Engine) -> None:
    found = previewed(engine).texts[0]
    assert found.tokens is not None
    assert found.tokens.count == len(found.text.split()) > 2


def test_what_is_left_out_stands_with_its_text(engine: Engine) -> None:
    found = previewed(engine, "1girl, text")
    negative = found.texts[1]
    assert [(entry.item, entry.reason) for entry in negative.left_out] == [("text", "it is in the prompt")]
    assert "text" not in items(negative)


@pytest.mark.parametrize(
    "arguments",
    [{"mode": "off"}, {"pasted": msgspec.json.encode(Pasted(ours=False)).decode()}, {"year": "long ago"}],
    ids=["off", "another's infotext", "a wrong choice"],
)
def test_where_nothing_is_done_the_texts_stand_as_they_are(engine: Engine, arguments: dict[str, Any]) -> None:
    found = previewed(engine, "smile, long_hair, 1girl", "hat", **arguments)
    assert texts(found) == [("Prompt", "smile, long_hair, 1girl"), ("Negative prompt", "hat")]
    assert {piece.changes for text in found.texts for piece in text.pieces} == {()}
    assert (found.active, found.settings) == (False, ())


def test_a_pasted_text_of_ours_that_would_change_today_is_shown_as_it_is_used(engine: Engine) -> None:
    pasted = msgspec.json.encode(Pasted(ours=True, prompt="smile, 1girl", negative="")).decode()
    found = previewed(engine, "smile, 1girl", pasted=pasted)
    assert items(found.texts[0]) == ["smile", "1girl"]
    assert any("used as it is" in warning.text for warning in found.warnings)


def test_an_unknown_model_changes_nothing(engine: Engine) -> None:
    other = FakeHost(engine.host.data_folder())
    other.current = UNKNOWN
    found = previewed(Engine(other), "smile, 1girl")
    assert items(found.texts[0]) == ["smile", "1girl"]
    assert {piece.changes for piece in found.texts[0].pieces} == {()}


def test_hires_texts_are_shown_where_they_are_others(engine: Engine) -> None:
    same = previewed(engine, hires=PageHires(2.0))
    assert [title for title, _ in texts(same)] == ["Prompt", "Negative prompt"]
    found = previewed(engine, hires=PageHires(2.0, prompt="night, 1boy"))
    assert texts(found)[2] == ("Hires prompt", f"1boy, night, {QUALITY}")
    assert texts(found)[3][0] == "Hires negative prompt"
    assert any("1664x2432" in warning.text for warning in found.warnings)


def test_hires_texts_are_those_of_its_own_checkpoint(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    host.current, host.listed = ANIMAGINE, {"other": ANIMAGINE_3}
    engine = Engine(host)
    found = previewed(engine, hires=PageHires(2.0, checkpoint="other"))
    assert texts(found)[0] == ("Prompt", f"1girl, smile, {QUALITY}")
    made = "masterpiece, best quality, very aesthetic, absurdres, 1girl, smile"
    assert texts(found)[2] == ("Hires prompt", made)
    assert items(found.texts[2]) == made.split(", ")
    same = previewed(engine, hires=PageHires(2.0, checkpoint="Use same checkpoint"))
    assert [title for title, _ in texts(same)] == ["Prompt", "Negative prompt"]
    off = previewed(engine, mode="off", hires=PageHires(2.0, checkpoint="other"))
    assert [title for title, _ in texts(off)] == ["Prompt"]


def test_the_pictures_settings_are_told_whoever_sets_them(engine: Engine) -> None:
    boxes = {"width": 640, "height": 512, "steps": 20, "cfg_scale": 7}
    found = previewed(engine, values=boxes, touched=["size"])
    wanted = {"width": 640, "height": 512, "steps": 28, "cfg_scale": 5.0, "sampler": "Euler a"}
    assert {**found.values, **wanted} == found.values
    assert None not in found.values.values()


def test_schedules_are_counted_over_the_steps_that_there_will_be(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, bool]] = []

    def count(_text: str, steps: int, *, positive: bool) -> TokenCount:
        asked.append((steps, positive))
        return TokenCount(1, 75)

    monkeypatch.setattr(engine.host, "count_tokens", count)
    previewed(engine, values={"steps": 20})
    previewed(engine, values={"steps": 31}, touched=["steps"])
    previewed(engine, values={}, mode="off", negative="fog")
    assert asked == [(28, True), (28, False), (31, True), (31, False), (20, True), (20, False)]


def test_the_page_knows_the_places_of_what_it_sends() -> None:
    script = (ROOT / "javascript" / "modelwise_preview.js").read_text(encoding="utf-8")
    places = re.search(r"PLACES = \{ touched: (\d+), pasted: (\d+) \}", script)
    assert places is not None
    assert [PANEL_ARGUMENTS[int(place)] for place in places.groups()] == ["touched", "pasted"]


def test_lost_grouping_is_said_with_the_way_to_keep_it(engine: Engine) -> None:
    prompt = "hatsune miku, aqua hair, kagamine rin, blonde hair, 2girls"
    found = previewed(engine, prompt)
    assert [warning.action for warning in found.warnings if "which attributes" in warning.text] == [
        "grouping"
    ]
    kept = previewed(engine, prompt, grouping=True)
    assert items(kept.texts[0])[:3] == ["2girls", "hatsune miku", "aqua hair"]
    assert not [warning for warning in kept.warnings if warning.action]


def test_what_the_user_contradicts_is_a_warning(engine: Engine) -> None:
    found = previewed(engine, "1girl, hat", "hat")
    assert "hat: in your prompt and in your negative, both yours" in [one.text for one in found.warnings]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prompts(), prompts())
def test_the_preview_promises_what_the_outlook_does(engine: Engine, prompt: str, negative: str) -> None:
    found = previewed(engine, prompt, negative)
    seen = outlook(engine, "txt2img", Page(prompt, negative, {"width": 512, "height": 512}), panel())
    shown = dict(texts(found))
    assert shown.get("Prompt", "").strip() == seen.prompt.strip()
    assert shown.get("Negative prompt", "").strip() == seen.negative.strip()
    assert msgspec.json.encode(found)
