"""What the panel's buttons do: what they fill and say, what they refuse, and that nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelwise.own_presets import LONGEST_NAME
from modelwise.settings import FIELDS
from modelwise.webui.engine import Engine
from modelwise.webui.page_job import outlook
from modelwise.webui.panel_actions import BOXES, Action, Actions, Asked, Done
from modelwise.webui.settings_page import FIRST_RUN_OPTION
from tests.support.hosts import ANIMAGINE, AS_LOADED, UNKNOWN, FakeHost, panel

PROFILE = "animagine-xl-4.0-opt"
CHECKPOINT = "animagine-xl-4.0-opt.ckpt"
LOADED: dict[str, Any] = dict(AS_LOADED)
TALL = {**AS_LOADED, "width": 640, "height": 1536}
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
NONSENSE = [
    ("nonsense", "line 1"),
    (
        "[[presets]]\nname = 'a'\nsettings = { width = 1 }\n",
        r"presets\[0\]\.settings\.width: found 1; allowed: ",
    ),
    ("[[presets]]\nname = 'a'\nyear = 'soon'\n", r"presets\[0\]\.year: found 'soon'; allowed: "),
    ("[[presets]]\nname = 'a'\ncolour = 'red'\n", "colour"),
    ("[[presets]]\nyear = 2007\n", "name"),
]
"""A preset file that somebody has edited, and what the message has to name beside the file."""


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path)
    host.current = ANIMAGINE
    return host


@pytest.fixture
def engine(host: FakeHost) -> Engine:
    return Engine(host)


@pytest.fixture
def actions(engine: Engine) -> Actions:
    return Actions(engine, "txt2img")


@pytest.fixture
def three(actions: Actions) -> Actions:
    """With three own presets."""
    for name in ("One", "Two", "Three"):
        assert not actions.save(name, TALL, panel()).wrong
    return actions


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the own presets stand."""
    return tmp_path / "presets" / f"{PROFILE}.toml"


def pressed(actions: Actions, kind: str, *arguments: Any, page: Asked | None = None, **action: Any) -> Done:
    """A button of the page is pressed."""
    asked = page or Asked()
    return actions.run(
        Asked(asked.prompt, asked.negative, asked.values, asked.hires, Action(kind, **action)),
        arguments or panel(),
    )


def own(actions: Actions, *arguments: Any) -> list[str]:
    return actions.own(arguments or panel())


def changes(actions: Actions) -> list[Callable[[], Done]]:
    """Everything that writes the file of the own presets."""
    return [
        lambda: actions.save("Four", TALL, panel()),
        lambda: actions.rename("One", "Uno", panel()),
        lambda: actions.delete("One", panel()),
        lambda: actions.move("One", 1, panel()),
        lambda: actions.imported("[[presets]]\nname = 'Five'\n", panel()),
    ]


@pytest.mark.parametrize("asked", [Asked(), Asked(action=Action("")), Asked(action=Action("dance"))])
def test_what_is_not_known_does_nothing(actions: Actions, asked: Asked) -> None:
    assert actions.run(asked, panel()) == Done()


def test_a_preset_of_the_card_fills_the_boxes(actions: Actions) -> None:
    done = pressed(actions, "preset", name="Card defaults")
    expected = {"width": 832, "height": 1216, "cfg_scale": 5, "steps": 28}
    assert done.boxes == {**expected, "sampler": "Euler a", "scheduler": "Automatic"}
    assert done.controls == {"clicked": "Card defaults", "quality": "standard"}
    assert done.touched == ("size", "cfg_scale", "steps", "sampler")
    assert (done.message, done.wrong) == ("Filled: Card defaults", False)


def test_a_preset_leaves_what_it_does_not_name(actions: Actions) -> None:
    done = pressed(actions, "preset", name="Landscape")
    assert done.boxes == {"width": 1216, "height": 832}
    assert (done.controls, done.touched) == ({"clicked": "Landscape"}, ("size",))
    assert pressed(actions, "preset", name="2007 retro").controls == {"clicked": "2007 retro", "year": "2007"}


def test_every_bundled_preset_can_be_pressed(engine: Engine, actions: Actions) -> None:
    for profile in engine.profiles.values():
        for preset in profile.presets:
            done = pressed(actions, "preset", *panel(profile=profile.name), name=preset.name)
            assert not done.wrong and done.controls["clicked"] == preset.name
            assert set(done.touched or ()) <= set(FIELDS) and set(done.boxes) <= set(BOXES)


def test_an_own_preset_brings_its_boxes_and_intent_back(actions: Actions) -> None:
    arguments = panel(quality="light", rating="general", year="2007")
    done = actions.save("Night", TALL, arguments)
    assert (done.message, done.controls) == ("Saved: Night", {"clicked": "Night"})
    back = pressed(actions, "preset", name="Night")
    assert back.boxes == TALL
    assert back.controls == {"clicked": "Night", "quality": "light", "rating": "general", "year": "2007"}


def test_a_preset_that_is_not_there_any_more_is_said(actions: Actions) -> None:
    done = pressed(actions, "preset", name="<b>gone</b>")
    assert done == Done(message="preset: found '<b>gone</b>', which is not there any more", wrong=True)


def test_a_preset_of_another_model_is_not_there(engine: Engine, actions: Actions) -> None:
    assert pressed(actions, "preset", *panel(profile="Anything V3.1"), name="Card example").boxes
    assert pressed(actions, "preset", name="Card example").wrong


@pytest.mark.parametrize("profile", ["Gone Mix", "pony", "../x"])
def test_a_profile_that_is_not_there_any_more_is_said(actions: Actions, profile: str) -> None:
    arguments = panel(profile=profile)
    assert actions.own(arguments) == []
    text, exported = actions.exported(arguments)
    assert text == ""
    for done in (
        exported,
        pressed(actions, "preset", *arguments, name="Portrait"),
        actions.save("a", TALL, arguments),
        actions.rename("a", "b", arguments),
        actions.delete("a", arguments),
        actions.move("a", 1, arguments),
        actions.imported("[[presets]]\nname = 'a'\n", arguments),
    ):
        assert done.wrong and done.message.startswith(f"profile: found {profile!r}; allowed: auto, ")
        assert not done.boxes and not done.controls


@pytest.mark.parametrize("samplers", [("DDIM", "Euler"), ()])
def test_a_sampler_that_the_host_lacks_is_left_and_stays_free(
    tmp_path: Path, samplers: tuple[str, ...]
) -> None:
    """The field is not the user's then: a generation may still take the card's other sampler."""
    host = FakeHost(tmp_path, samplers=samplers)
    host.current = ANIMAGINE
    done = pressed(Actions(Engine(host), "txt2img"), "preset", name="Card defaults")
    assert done.boxes == {"width": 832, "height": 1216, "cfg_scale": 5, "steps": 28}
    assert done.touched == ("size", "cfg_scale", "steps")
    assert done.message == "Filled: Card defaults, but for the sampler: Euler a is not there"


def test_a_size_is_filled_and_counts_as_the_users(actions: Actions) -> None:
    done = pressed(actions, "size", width=640, height=1536)
    assert (done.boxes, done.touched) == ({"width": 640, "height": 1536}, ("size",))


def test_restore_puts_back_boxes_and_intent(actions: Actions) -> None:
    page = Asked(values={**LOADED, "seed": 3})
    done = pressed(actions, "restore", page=page, intent={"quality": "light", "year": ""})
    assert done.boxes == AS_LOADED
    assert done.controls == {"quality": "light", "year": "", "clicked": ""}
    assert done.touched is None


def test_fill_writes_what_generate_would_set(engine: Engine, actions: Actions) -> None:
    page = Asked("smile, 1girl", values=LOADED)
    for arguments in (panel(), panel(touched=["size"]), panel(policies={"steps": "keep"})):
        done = pressed(actions, "fill", *arguments, page=page)
        assert done.boxes == outlook(engine, "txt2img", page, arguments).settings
        assert done.boxes and done.touched == ()


def test_fill_writes_only_what_has_a_box(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "mine.toml").write_text(
        'schema = 1\nid = "mine"\nversion = 1\nname = "Mine"\nfamily = "mine"\n'
        'sources = [{ id = "card", name = "The card" }]\n'
        '[settings.clip_skip]\nbasis = "stated"\nsource = "card"\nvalue = 2\n'
        '[settings.steps]\nbasis = "stated"\nsource = "card"\nvalue = 31\n',
        encoding="utf-8",
    )
    actions = Actions(Engine(FakeHost(tmp_path)), "txt2img")
    page = Asked(values=LOADED)
    assert pressed(actions, "fill", *panel("on", "Mine"), page=page).boxes == {"steps": 31}


def test_a_family_is_remembered_for_the_checkpoint_and_forgotten(
    host: FakeHost, engine: Engine, actions: Actions
) -> None:
    host.current = UNKNOWN
    done = pressed(actions, "family", name=PROFILE)
    assert done.message == "snailMix.ckpt is Animagine XL 4.0 Opt from now on"
    assert done.controls == {"profile": "Auto"}
    assert (engine.detect(UNKNOWN).profile, engine.detect(UNKNOWN).rule) == (PROFILE, "choice")
    assert not pressed(actions, "forget").wrong
    assert engine.detect(UNKNOWN).profile == "generic"


@pytest.mark.parametrize(("current", "name"), [(UNKNOWN, "gone"), (UNKNOWN, ""), (None, PROFILE)])
def test_a_family_that_cannot_be_kept_is_said(
    host: FakeHost, actions: Actions, tmp_path: Path, current: Any, name: str
) -> None:
    host.current = current
    done = pressed(actions, "family", name=name)
    assert done.wrong and f"found {name!r}" in done.message
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_forget_is_no_error(host: FakeHost, actions: Actions) -> None:
    host.current = None
    assert not pressed(actions, "forget").wrong


def test_a_choice_for_a_profile_that_is_gone_counts_no_more(host: FakeHost, engine: Engine) -> None:
    engine.checkpoint_choices.choose(CHECKPOINT, "deleted since")
    assert engine.detect(ANIMAGINE).rule == "name"


def test_use_ends_the_pause_for_a_foreign_paste(actions: Actions) -> None:
    assert pressed(actions, "use").controls == {"pasted": ""}


def test_see_is_remembered(host: FakeHost, actions: Actions) -> None:
    host.options[FIRST_RUN_OPTION] = True
    assert pressed(actions, "see") == Done()
    assert host.options[FIRST_RUN_OPTION] is False


@pytest.mark.parametrize(
    ("pasted", "boxes"),
    [
        ({"words": "smile", "negative_words": "bad"}, {"prompt": "smile", "negative": "bad", "styles": []}),
        ({"words": "smile"}, {"prompt": "smile", "styles": []}),
        ({"negative_words": ""}, {"negative": "", "styles": []}),
        ({}, {}),
    ],
)
def test_words_come_back_without_the_styles_that_they_hold(
    actions: Actions, pasted: dict[str, str], boxes: dict[str, Any]
) -> None:
    sent = json.dumps({"ours": True, "prompt": "1girl, smile", **pasted})
    done = pressed(actions, "words", *panel(pasted=sent))
    assert done.boxes == boxes
    assert done.controls == ({"pasted": ""} if boxes else {})


@pytest.mark.parametrize("pasted", ["", "nonsense", "[]"])
def test_no_words_where_nothing_of_ours_was_pasted(actions: Actions, pasted: str) -> None:
    assert pressed(actions, "words", *panel(pasted=pasted)) == Done()


def test_a_deleted_preset_comes_back_to_its_place_once(three: Actions) -> None:
    done = three.delete("Two", panel())
    assert (done.message, done.undo, own(three)) == ("Deleted: Two", True, ["One", "Three"])
    assert pressed(three, "undo").message == "Back again: Two"
    assert own(three) == ["One", "Two", "Three"]
    assert pressed(three, "undo") == Done()


def test_a_deleted_preset_comes_back_to_its_own_model(three: Actions) -> None:
    three.delete("Two", panel())
    other = panel(profile="Anything V3.1")
    pressed(three, "undo", *other)
    assert (own(three), three.own(other)) == (["One", "Two", "Three"], [])


def test_an_undo_that_fails_says_why_and_can_be_tried_again(three: Actions) -> None:
    three.delete("Two", panel())
    three.save("Two", AS_LOADED, panel())
    failed = pressed(three, "undo")
    assert failed.wrong and failed.undo and "a name that no other preset has" in failed.message
    three.rename("Two", "Another", panel())
    assert not pressed(three, "undo").wrong
    assert own(three) == ["One", "Two", "Three", "Another"]


def test_presets_are_renamed_and_moved(three: Actions) -> None:
    assert three.rename("Two", "  Deux ", panel()).message == "Renamed to Deux"
    assert three.move("Deux", -1, panel()).message == "Moved: Deux"
    assert own(three) == ["Deux", "One", "Three"]
    three.move("Deux", 5, panel())
    assert own(three) == ["One", "Three", "Deux"]


def test_an_export_is_imported_for_another_model(three: Actions) -> None:
    text, done = three.exported(panel())
    assert done.message == "Your presets for Animagine XL 4.0 Opt, to copy"
    other = panel(profile="Anything V3.1")
    assert three.imported(text, other).message == "Imported: One, Two, Three"
    assert three.own(other) == own(three)
    assert pressed(three, "preset", *other, name="Two").boxes == TALL


@pytest.mark.parametrize("text", ["", "nonsense", "x = 1", "[[presets]]\nname = 3", "presets = []"])
def test_an_import_of_nonsense_is_said(three: Actions, file: Path, text: str) -> None:
    before = file.read_bytes()
    done = three.imported(text, panel())
    assert done.wrong and done.message.startswith("the imported file: ")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["a/b", "../../x", "C:\\x", "😀 猫", "<script>alert(1)</script>", "'\"]", "x" * LONGEST_NAME]
)
def test_odd_names_are_names(actions: Actions, tmp_path: Path, file: Path, name: str) -> None:
    assert actions.save(name, TALL, panel()).message == f"Saved: {name}"
    assert pressed(actions, "preset", name=name).boxes == TALL
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    assert actions.delete(name, panel()).undo
    pressed(actions, "undo")
    assert own(actions) == [name]


@pytest.mark.parametrize("name", ["", "   ", "x" * 10_000, "line\nbreak", "\x00"])
def test_bad_names_are_refused(three: Actions, file: Path, name: str) -> None:
    before = file.read_bytes()
    for done in (three.save(name, TALL, panel()), three.rename("One", name, panel())):
        assert done.wrong and "name" in done.message
        assert len(done.message) < 300
    assert file.read_bytes() == before


def test_a_name_again_replaces_that_preset(three: Actions) -> None:
    assert not three.save(" Two ", AS_LOADED, panel()).wrong
    assert own(three) == ["One", "Two", "Three"]
    assert pressed(three, "preset", name="Two").boxes == AS_LOADED


def test_the_cards_names_are_the_cards(three: Actions, file: Path) -> None:
    """Two buttons of one name would be one too many: only the first could be pressed."""
    before = file.read_bytes()
    toml = "[[presets]]\nname = 'New'\n[[presets]]\nname = 'Portrait'\n"
    for done in (
        three.save("Portrait", TALL, panel()),
        three.rename("One", " Portrait", panel()),
        three.imported(toml, panel()),
    ):
        assert done.wrong and "found 'Portrait', a preset of the card" in done.message
    assert file.read_bytes() == before


def test_another_presets_name_is_refused(three: Actions) -> None:
    assert "found 'Two'" in three.rename("One", "Two", panel()).message
    assert own(three) == ["One", "Two", "Three"]


def test_nothing_chosen_is_said(three: Actions) -> None:
    for done in (three.rename("", "x", panel()), three.delete("", panel())):
        assert done.wrong and "found ''" in done.message
    assert own(three) == ["One", "Two", "Three"]


def test_an_emptied_box_is_left_out_of_the_preset(actions: Actions) -> None:
    assert not actions.save("Boxes", {**TALL, "steps": None}, panel()).wrong
    filled = {name: value for name, value in TALL.items() if name != "steps"}
    assert pressed(actions, "preset", name="Boxes").boxes == filled


@pytest.mark.parametrize(
    ("box", "value"),
    [("width", 8), ("height", "tall"), ("cfg_scale", 0), ("steps", 0), ("steps", 20.5), ("sampler", 3)],
)
def test_a_box_that_no_preset_can_hold_is_named(
    actions: Actions, tmp_path: Path, box: str, value: Any
) -> None:
    done = actions.save("Bad", {**TALL, box: value}, panel())
    assert done.wrong and box in done.message
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_year_is_named_at_saving(actions: Actions, tmp_path: Path) -> None:
    assert "year: found 'soon'" in actions.save("Bad", TALL, panel(year="soon")).message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("text", "named"), NONSENSE)
def test_a_file_edited_into_nonsense_is_named_and_left(
    three: Actions, file: Path, text: str, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text(text, encoding="utf-8")
    for done in (*(change() for change in changes(three)), three.exported(panel())[1]):
        assert done.wrong and re.match(rf"{PROFILE}\.toml: .*{named}", done.message)
    assert file.read_text(encoding="utf-8") == text
    assert own(three) == []
    assert not pressed(three, "preset", name="Portrait").wrong  # the card's own are there all the same
    assert file.name in caplog.text


@pytest.mark.parametrize("written", [1, 2], ids=["the backup", "the file"])
@pytest.mark.parametrize("step", [(os, "fsync"), (Path, "replace")], ids=["fsync", "replace"])
@pytest.mark.parametrize("number", range(5), ids=["save", "rename", "delete", "move", "import"])
def test_a_full_disk_leaves_the_old_file(
    three: Actions,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    step: tuple[Any, str],
    written: int,
) -> None:
    before, real, calls = file.read_bytes(), getattr(*step), list[Any]()

    def fails(*arguments: Any, **named: Any) -> Any:
        calls.append(arguments)
        if len(calls) == written:
            raise FULL
        return real(*arguments, **named)

    monkeypatch.setattr(*step, fails)
    done = changes(three)[number]()
    monkeypatch.undo()
    assert len(calls) == written
    assert done.wrong and not done.undo
    assert done.message == f"{file.name}: not saved, nothing was changed: {FULL.strerror}"
    assert file.read_bytes() == before
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.bak"}
    assert not changes(three)[number]().wrong  # once there is room again


def test_a_full_disk_at_the_first_save_leaves_no_file(
    actions: Actions, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise FULL

    monkeypatch.setattr(os, "fsync", full)
    assert actions.save("One", TALL, panel()).wrong
    assert list(file.parent.iterdir()) == []


def test_two_tabs_saving_in_turn_lose_nothing(engine: Engine, file: Path) -> None:
    """Of one program, and of two that share a folder."""
    tabs = [Actions(engine, "txt2img"), Actions(engine, "img2img"), Actions(Engine(engine.host), "txt2img")]
    names = [f"n{number}" for number in range(12)]
    for number, name in enumerate(names):
        assert not tabs[number % 3].save(name, TALL, panel()).wrong
    assert [own(tab) for tab in tabs] == [names] * 3
    tabs[0].delete("n3", panel())
    tabs[1].rename("n4", "four", panel())
    tabs[2].move("n0", 1, panel())
    pressed(tabs[0], "undo")
    assert sorted(own(tabs[1])) == sorted([*names[:4], "four", *names[5:]])


def test_two_tabs_saving_at_once_lose_nothing(engine: Engine) -> None:
    tabs = [Actions(engine, tab) for tab in ("txt2img", "img2img")]
    done: list[Done] = []

    def save(tab: Actions, letter: str) -> None:
        done.extend(tab.save(f"{letter}{number}", TALL, panel()) for number in range(6))

    threads = [threading.Thread(target=save, args=pair) for pair in zip(tabs, "ab")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(each.wrong for each in done)
    assert sorted(own(tabs[0])) == sorted(f"{letter}{number}" for letter in "ab" for number in range(6))


def test_what_another_tab_has_deleted_is_said(engine: Engine) -> None:
    first, second = (Actions(engine, tab) for tab in ("txt2img", "img2img"))
    first.save("One", TALL, panel())
    second.delete("One", panel())
    for done in (
        first.delete("One", panel()),
        first.rename("One", "x", panel()),
        first.move("One", 1, panel()),
        pressed(first, "preset", name="One"),
    ):
        assert done.wrong and "found 'One', which is not there any more" in done.message
    assert pressed(first, "undo") == Done()  # it was the other tab's
    assert not pressed(second, "undo").wrong
