"""What the panel says, as HTML made of data: the line, the rows of buttons, the notes.

Text from profiles and users is escaped here. A button carries what it asks for in `data-modelwise`, and the
page's script sends that; what the server has for the script stands in `data-answer`, as JSON. Words that a
translation may replace stand in elements of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

import msgspec

from modelwise.own_presets import OwnPreset
from modelwise.profiles import Preset, Profile
from modelwise.report import settings_text, summary
from modelwise.webui.page_job import Outlook
from modelwise.webui.settings_page import FIELD_TITLES

_EXPECTED = ("size", "cfg_scale", "steps", "sampler")
"""What one looks for on a card."""

_RULES = {
    "choice": "by your choice",
    "hash": "by hash",
    "metadata": "by its metadata",
    "name": "by file name",
    "architecture": "by architecture",
    "none": "unknown",
}


def line(
    profile: Profile, outlook: Outlook, answer: str, *, quality: str, first_run: bool, mode: str = "auto"
) -> str:
    """Everything in one line: the profile and how it was found, a mode that is not auto, the quality level,
    what will happen."""
    how = _RULES.get(outlook.detection.rule, outlook.detection.rule)
    parts = [f"<b>{escape(profile.name)}</b> <span>({how})</span>"]
    if mode != "auto":
        parts.append(f"<span>mode {escape(mode)}</span>")
    if not profile.generic:
        parts.append(f"<span>quality {escape(quality)}</span>")
    parts.append(f"<span>{escape(summary(outlook.report, outlook.settings))}</span>")
    if outlook.comments:
        parts.append(f"<span>{_counted(len(outlook.comments), 'note')}</span>")
    attention = bool(outlook.comments) or (profile.generic and bool(outlook.detection.suggestion))
    offer = f"{button('see', 'Show me')}" if first_run else ""
    return _line(" · ".join(parts) + offer, answer, attention=attention)


def off_line(answer: str) -> str:
    """The line where the mode is off."""
    return _line("<span>Off: prompts and settings are left as they are.</span>", answer)


def foreign_line(answer: str) -> str:
    """The line where another program's infotext was pasted."""
    text = (
        "<span>Off for the pasted prompt, which Modelwise has not made; emptying the prompt ends this.</span>"
    )
    return _line(f"{text}{button('use', 'Use it all the same')}", answer, attention=True)


def wrong_line(message: str, answer: str) -> str:
    """The line where a choice can't be taken, and nothing will be done."""
    return _line(f"<span>{escape(message)}</span>", answer, attention=True)


def _line(html: str, answer: str, *, attention: bool = False) -> str:
    kind = "modelwise-line modelwise-attention" if attention else "modelwise-line"
    return f'<p class="{kind}" data-answer="{escape(answer)}">{html}</p>'


def preset_row(presets: Iterable[Preset | OwnPreset], clicked: str) -> str:
    """One button a preset; the one pressed last is marked."""
    buttons = []
    for preset in presets:
        own = isinstance(preset, OwnPreset)
        pressed = preset.name == clicked
        title = "Your own: " if own else ""
        title += ", ".join(_preset_parts(preset)) or "nothing but its name"
        kind = "modelwise-own" if own else ""
        buttons.append(
            button("preset", preset.name, name=preset.name, title=title, kind=kind, pressed=pressed)
        )
    if buttons:
        title = "Put back what was there before the preset"
        buttons.append(button("restore", "Restore my values", title=title))
    return _row("Presets", buttons)


def _preset_parts(preset: Preset | OwnPreset) -> Iterator[str]:
    if preset.quality:
        yield f"quality {preset.quality}"
    if preset.rating:
        yield f"rating {preset.rating}"
    if preset.year:
        yield f"year {preset.year}"
    values = msgspec.to_builtins(preset.settings)
    if text := settings_text({name: value for name, value in values.items() if value is not None}):
        yield text


def size_row(profile: Profile) -> str:
    """One button a trained size, by the card's name."""
    sizes = profile.settings.sizes.sizes if profile.settings.sizes else ()
    buttons = []
    for size in sizes:
        pixels = f"{size.width}x{size.height}"
        buttons.append(button("size", pixels, detail=size.name, width=size.width, height=size.height))
    return _row("Sizes", buttons)


def notes(profile: Profile, outlook: Outlook, offers: Iterable[str]) -> str:
    """Why this profile, what no source says of it, and what can be done about it."""
    texts = [outlook.detection.reason]
    if outlook.active and outlook.wrong is None:
        texts += _unknown(profile)
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return f'<div class="modelwise-notes">{paragraphs}{"".join(offers)}</div>'


def _unknown(profile: Profile) -> Iterator[str]:
    """What no source states, so that nothing is set there."""
    unknown = [FIELD_TITLES[field] for field in _EXPECTED if getattr(profile.settings, field) is None]
    if unknown and not profile.generic:
        yield f"Unknown for this model, and left as it is: {', '.join(unknown)}."


def button(
    action: str,
    label: str,
    *,
    title: str = "",
    detail: str = "",
    kind: str = "",
    pressed: bool | None = None,
    **data: object,
) -> str:
    """A button that asks for an action. `detail`: in smaller type; `data`: what it sends along."""
    attributes = {"data-modelwise": action, "class": f"modelwise-button {kind}".strip()}
    attributes |= {f"data-{name}": str(value) for name, value in data.items()}
    if title:
        attributes["title"] = title
    if pressed is not None:
        attributes["aria-pressed"] = "true" if pressed else "false"
    words = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    more = f" <small>{escape(detail)}</small>" if detail else ""
    return f'<button type="button" {words}>{escape(label)}{more}</button>'


def _row(label: str, buttons: list[str]) -> str:
    if not buttons:
        return ""
    inner = f"<span>{label}</span><div>{''.join(buttons)}</div>"
    return f'<div class="modelwise-row" role="group" aria-label="{label}">{inner}</div>'


def message(text: str, answer: str = "", *, wrong: bool = False, undo: bool = False) -> str:
    """What an action has done, or why not."""
    kind = "modelwise-attention" if wrong else "modelwise-done"
    more = f" {button('undo', 'Undo')}" if undo else ""
    data = f' data-answer="{escape(answer)}"' if answer else ""
    return f'<p class="{kind}"{data}><span>{escape(text)}</span>{more}</p>'


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
