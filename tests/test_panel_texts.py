"""What the panel says: each state of its line, the rows and the notes; foreign text stays text."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.detect import Detection
from modelwise.own_presets import OwnPreset
from modelwise.profiles import Preset, PresetSettings, Profile, Size
from modelwise.report import Entry
from modelwise.webui import panel_texts
from modelwise.webui.page_job import Outlook
from tests.support.checking import bundled

OPT = bundled()["animagine-xl-4.0-opt"]
GENERIC = bundled()["generic-sdxl"]
ANSWER = json.dumps({"fields": {"width": 832}, "profile": "a"})
ADDED = tuple(
    Entry("added", tag, None, "quality", "prompt", "the card") for tag in ("masterpiece", "absurdres")
)
HOSTILE = (
    "<script>alert(1)</script>",
    '" onclick="alert(1)',
    "' onclick='alert(1)",
    "</p></button><img src=x>",
    "&lt;b&gt; &amp;",
    "😀 猫 \u202e",
    "line\nend",
    "{0} %s {name}",
    "<!--",
)
FOREIGN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
every_hostile = pytest.mark.parametrize("text", HOSTILE)


class Read(HTMLParser):
    """HTML as a browser reads it: elements with their attributes, and the text in each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()
        assert self._open == [], f"not closed: {html}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute stands twice: {attrs}"
        self._open.append(len(self.elements))
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self.elements[self._open.pop()][0] == tag, f"closed out of turn: {tag}"

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.texts[place] += data

    @property
    def text(self) -> str:
        """All text from the first element on."""
        return self.texts[0]

    @property
    def shape(self) -> list[tuple[str, list[str]]]:
        """The elements without any text: what foreign text must never change."""
        return [(tag, sorted(attributes)) for tag, attributes in self.elements]

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """The attributes and the text of each element of a kind."""
        return [(found[1], text) for found, text in zip(self.elements, self.texts) if found[0] == tag]


def seen(
    rule: str = "hash",
    *,
    suggestion: str | None = None,
    active: bool = True,
    comments: tuple[str, ...] = (),
    wrong: str | None = None,
    **values: Any,
) -> Outlook:
    """An outlook, with a reason of its own to be found again."""
    detection = Detection("x", "y", "sdxl", rule, "the reason why", suggestion=suggestion)
    settings = values.get("settings", {"width": 832, "height": 1216, "cfg_scale": 5})
    texts = values.get("prompt", "1girl, masterpiece"), values.get("negative", "lowres")
    return Outlook(detection, active, settings, ADDED, comments, *texts, wrong)


def line_of(
    profile: Profile, outlook: Outlook, *, quality: str = "standard", first_run: bool = False
) -> Read:
    return Read(panel_texts.line(profile, outlook, ANSWER, quality=quality, first_run=first_run))


def attention(read: Read) -> bool:
    return "modelwise-attention" in (read.elements[0][1]["class"] or "").split()


def named(profile: Profile, name: str) -> Profile:
    return msgspec.structs.replace(profile, name=name)


def test_a_recognised_model_says_all_in_one_line() -> None:
    found = line_of(OPT, seen())
    assert found.text == "Animagine XL 4.0 Opt (by hash) · quality standard · +2 tags · 832x1216, CFG 5"
    assert not attention(found)
    assert not found.all("button")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("choice", "by your choice"),
        ("hash", "by hash"),
        ("metadata", "by its metadata"),
        ("name", "by file name"),
        ("architecture", "by architecture"),
        ("none", "unknown"),
    ],
)
def test_the_line_says_how_the_profile_was_found(rule: str, said: str) -> None:
    assert f"({said})" in line_of(OPT, seen(rule)).text


def test_an_unknown_model_has_no_quality_level() -> None:
    found = line_of(GENERIC, seen("architecture"))
    assert found.text == f"{GENERIC.name} (by architecture) · +2 tags · 832x1216, CFG 5"
    assert not attention(found)


def test_an_unknown_model_with_a_suggestion_asks_for_attention() -> None:
    assert attention(line_of(GENERIC, seen("architecture", suggestion=OPT.id)))
    assert not attention(line_of(OPT, seen(suggestion=GENERIC.id)))


@pytest.mark.parametrize(
    ("comments", "said"), [(("a",), "1 note"), (("a", "b"), "2 notes"), (("a", "b", "c"), "3 notes")]
)
def test_notes_are_counted_in_the_line(comments: tuple[str, ...], said: str) -> None:
    found = line_of(OPT, seen(comments=comments))
    assert found.text.endswith(f" · {said}")
    assert attention(found)


def test_the_first_run_offers_to_show_the_panel() -> None:
    ((attributes, label),) = line_of(OPT, seen(), first_run=True).all("button")
    assert (attributes["data-modelwise"], label) == ("see", "Show me")


def test_nothing_to_do_is_said() -> None:
    outlook = Outlook(seen().detection, True, {}, (), (), "", "")
    assert line_of(OPT, outlook).text.endswith("nothing to change")


def test_off_is_said_quietly() -> None:
    found = Read(panel_texts.off_line(ANSWER))
    assert found.text == "Off: prompts and settings are left as they are."
    assert not attention(found) and not found.all("button")


def test_a_foreign_paste_can_be_used_all_the_same() -> None:
    found = Read(panel_texts.foreign_line(ANSWER))
    assert attention(found) and "Off for the pasted prompt" in found.text
    ((attributes, label),) = found.all("button")
    assert (attributes["data-modelwise"], label) == ("use", "Use it all the same")


def test_a_wrong_choice_is_said_as_it_is() -> None:
    found = Read(panel_texts.wrong_line("year: found 'soon'; allowed: a number", ANSWER))
    assert found.text == "year: found 'soon'; allowed: a number"
    assert attention(found)


@pytest.mark.parametrize(
    "make",
    [
        lambda answer: panel_texts.line(OPT, seen(), answer, quality="standard", first_run=True),
        panel_texts.off_line,
        panel_texts.foreign_line,
        lambda answer: panel_texts.wrong_line("wrong", answer),
        lambda answer: panel_texts.message("done", answer),
    ],
    ids=["line", "off", "foreign", "wrong", "message"],
)
@pytest.mark.parametrize("answer", [ANSWER, json.dumps({"fields": {"sampler": "\"><b>' & 😀"}})])
def test_the_answer_for_the_script_comes_back_as_it_was(make: Callable[[str], str], answer: str) -> None:
    assert Read(make(answer)).elements[0][1]["data-answer"] == answer


@pytest.mark.parametrize(
    "make",
    [
        lambda text: panel_texts.line(named(OPT, text), seen(), "{}", quality="standard", first_run=False),
        lambda text: panel_texts.line(OPT, seen(), "{}", quality=text, first_run=False),
        lambda text: panel_texts.line(
            OPT, seen(settings={"sampler": text}), "{}", quality="standard", first_run=False
        ),
        lambda text: panel_texts.wrong_line(text, "{}"),
        lambda text: panel_texts.message(text, "{}", undo=True),
        lambda text: panel_texts.preset_row([OwnPreset(name=text)], ""),
        lambda text: panel_texts.preset_row(
            [OwnPreset(name="a", settings=PresetSettings(sampler=text))], "a"
        ),
        lambda text: panel_texts.size_row(with_sizes(Size(width=64, height=64, name=text))),
        lambda text: panel_texts.button("family", text, name="x"),
        lambda text: panel_texts.button("family", "x", name=text),
        lambda text: panel_texts.button("family", "x", title=text),
    ],
    ids=[
        *("profile", "quality", "sampler", "wrong", "message", "preset", "preset's sampler", "size"),
        *("label", "data", "title"),
    ],
)
@every_hostile
def test_foreign_text_stays_text(make: Callable[[str], str], text: str) -> None:
    found = Read(make(text))
    assert found.shape == Read(make("harmless")).shape
    places = [found.text, *(value or "" for _, attributes in found.elements for value in attributes.values())]
    assert any(text in place for place in places)


@given(FOREIGN)
def test_any_name_comes_back_from_its_button(name: str) -> None:
    found = Read(panel_texts.preset_row([OwnPreset(name=name)], name))
    attributes, label = found.all("button")[0]
    assert (attributes["data-name"], label, attributes["aria-pressed"]) == (name, name, "true")


def with_sizes(*sizes: Size) -> Profile:
    """A profile with these trained sizes."""
    stated = OPT.settings.sizes
    assert stated
    settings = msgspec.structs.replace(OPT.settings, sizes=msgspec.structs.replace(stated, sizes=sizes))
    return msgspec.structs.replace(OPT, settings=settings)


def preset_buttons(
    presets: tuple[Preset | OwnPreset, ...], clicked: str = ""
) -> dict[str | None, dict[str, str | None]]:
    """The attributes of the presets' buttons, by the preset's name."""
    buttons = Read(panel_texts.preset_row(presets, clicked)).all("button")
    return {label: attributes for attributes, label in buttons if attributes["data-modelwise"] == "preset"}


def test_a_preset_is_a_button_that_says_what_it_does() -> None:
    row = Read(panel_texts.preset_row(OPT.presets, ""))
    assert row.elements[0][1] == {"class": "modelwise-row", "role": "group", "aria-label": "Presets"}
    found = preset_buttons(OPT.presets)
    assert list(found) == [preset.name for preset in OPT.presets]
    assert found["Card defaults"]["title"] == "quality standard, 832x1216, CFG 5, 28 steps, Euler a"
    assert found["2007 retro"]["title"] == "year 2007"
    assert {attributes["type"] for attributes in found.values()} == {"button"}


def test_the_users_own_is_told_from_the_cards() -> None:
    own = OwnPreset(name="Night", rating="general", settings=PresetSettings(steps=20))
    found = preset_buttons((*OPT.presets, own, OwnPreset(name="Empty")))
    assert found["Night"]["title"] == "Your own: rating general, 20 steps"
    assert found["Empty"]["title"] == "Your own: nothing but its name"
    kinds = {name: "modelwise-own" in (found[name]["class"] or "") for name in found}
    assert [name for name, is_own in kinds.items() if is_own] == ["Night", "Empty"]


@pytest.mark.parametrize("clicked", ["", "Portrait", "gone"])
def test_the_one_pressed_last_is_marked(clicked: str) -> None:
    pressed = {name: found["aria-pressed"] for name, found in preset_buttons(OPT.presets, clicked).items()}
    assert pressed == {preset.name: str(preset.name == clicked).lower() for preset in OPT.presets}


def test_the_row_ends_with_the_way_back() -> None:
    attributes, label = Read(panel_texts.preset_row(OPT.presets, "")).all("button")[-1]
    assert (attributes["data-modelwise"], label) == ("restore", "Restore my values")
    assert "aria-pressed" not in attributes


def test_no_presets_and_no_sizes_are_no_row() -> None:
    assert panel_texts.preset_row((), "Portrait") == ""
    assert panel_texts.size_row(bundled()["generic"]) == ""
    assert panel_texts.size_row(with_sizes()) == ""


def test_a_size_is_a_button_with_the_cards_name() -> None:
    found = Read(
        panel_texts.size_row(
            with_sizes(Size(width=832, height=1216, name="Portrait"), Size(width=1024, height=1024))
        )
    )
    assert found.elements[0][1]["aria-label"] == "Sizes"
    (first, label), (_, plain) = found.all("button")
    assert (first["data-modelwise"], first["data-width"], first["data-height"]) == ("size", "832", "1216")
    assert (label, plain) == ("832x1216 Portrait", "1024x1024")


def test_every_bundled_profile_has_a_button_a_size() -> None:
    for profile in bundled().values():
        stated = profile.settings.sizes
        row = panel_texts.size_row(profile)
        labels = [label for _, label in Read(row).all("button")] if row else []
        sizes = stated.sizes if stated else ()
        assert labels == [f"{size.width}x{size.height} {size.name}".strip() for size in sizes]


def test_notes_hold_the_reason_and_the_offers() -> None:
    offer = panel_texts.button("forget", "Forget this choice")
    found = Read(panel_texts.notes(OPT, seen(comments=("Modelwise: for the preview",)), [offer]))
    assert [text for _, text in found.all("p")] == ["the reason why"]
    assert [label for _, label in found.all("button")] == ["Forget this choice"]


@pytest.mark.parametrize(
    ("profile", "outlook"),
    [
        (OPT, seen(active=False, comments=("not for now",))),
        (OPT, seen(active=False, wrong="year: found 'soon'")),
        (GENERIC, seen()),
    ],
    ids=["off", "wrong", "unknown model"],
)
def test_no_texts_where_nothing_is_done_to_them(profile: Profile, outlook: Outlook) -> None:
    assert [text for _, text in Read(panel_texts.notes(profile, outlook, ())).all("p")] == ["the reason why"]


def test_a_message_says_what_was_done() -> None:
    found = Read(panel_texts.message("Saved: Night"))
    assert (found.text, found.elements[0][1]) == ("Saved: Night", {"class": "modelwise-done"})


def test_a_message_of_what_went_wrong_asks_for_attention() -> None:
    assert attention(Read(panel_texts.message("no", wrong=True)))
    assert not attention(Read(panel_texts.message("yes")))


def test_a_message_offers_to_undo() -> None:
    ((attributes, label),) = Read(panel_texts.message("Deleted: Night", undo=True)).all("button")
    assert (attributes["data-modelwise"], label) == ("undo", "Undo")


def test_words_for_a_translation_stand_in_elements_of_their_own() -> None:
    """The host translates an element whose whole text it knows."""
    own = [text for _, text in line_of(OPT, seen(comments=("a",)), quality="light").all("span")]
    assert own == ["(by hash)", "quality light", "+2 tags · 832x1216, CFG 5", "1 note"]
    assert Read(panel_texts.message("Saved: x", undo=True)).all("span") == [({}, "Saved: x")]


def test_a_mode_that_is_not_the_usual_is_in_the_line() -> None:
    text = Read(panel_texts.line(OPT, seen(), ANSWER, quality="standard", first_run=False, mode="on")).text
    assert text.startswith("Animagine XL 4.0 Opt (by hash) · mode on · quality standard")


def test_what_no_source_states_is_called_unknown() -> None:
    notes = panel_texts.notes(bundled()["kohaku-xl-delta"], seen(), [])
    assert "Unknown for this model, and left as it is: CFG, steps, sampler and scheduler." in notes
    assert "Unknown" not in panel_texts.notes(OPT, seen(), [])
    assert "Unknown" not in panel_texts.notes(bundled()["generic"], seen(), [])
