"""What Generate shows, as HTML: what the sampler would get, what was done to it and why."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from modelwise.report import Entry, line, summary
from modelwise.workbench.generate import Outcome, Shown

_HERE = {"prompt": "Prompt", "negative": "Negative prompt", "settings": "Settings"}


def sampler_input(outcome: Outcome, index: int) -> str:
    """Everything that one image's sampler would get, and the report."""
    image = outcome.images[index]
    settings = {name: value for name, value in outcome.settings.items() if value is not None}
    parts = [
        f"<h3>What the sampler gets{_numbered(outcome, index)}</h3>",
        *(_text(label, text) for label, text in _texts(image)),
        f'<p class="workbench-settings">{escape(_settings(settings, outcome.size))}</p>',
        *_done(outcome),
    ]
    return f'<div class="workbench-shown">{"".join(parts)}</div>'


def _numbered(outcome: Outcome, index: int) -> str:
    return f" (image {index + 1} of {len(outcome.images)})" if len(outcome.images) > 1 else ""


def _texts(image: Shown) -> Iterator[tuple[str, str]]:
    yield "prompt", image.prompt
    yield "negative", image.negative
    if image.hires is not None and (image.hires, image.hires_negative) != (image.prompt, image.negative):
        yield "hires prompt", image.hires
        yield "hires negative", image.hires_negative or ""


def _text(label: str, text: str) -> str:
    return f'<dl><dt>{label}</dt><dd data-text="{label}">{escape(text) or "(empty)"}</dd></dl>'


def _settings(values: dict[str, object], size: tuple[int, int]) -> str:
    """All settings in a line: what the sampler would get, whoever has set it."""
    parts = [f"{values['width']}x{values['height']}"]
    if size != (values["width"], values["height"]):
        parts.append(f"{size[0]}x{size[1]} after the hires pass")
    parts += [f"CFG {values['cfg_scale']:g}", f"{values['steps']} steps"]
    parts += [str(values["sampler"]), f"schedule {values['scheduler']}"]
    if "clip_skip" in values:
        parts.append(f"clip skip {values['clip_skip']}")
    return " · ".join(parts)


def _done(outcome: Outcome) -> Iterator[str]:
    if outcome.profile is None:
        yield '<p class="workbench-done">Modelwise was off for this one.</p>'
        return
    did = escape(summary(outcome.report, {}))
    yield f'<p class="workbench-done"><b>{escape(outcome.profile)}</b>: {did}</p>'
    for where, label in _HERE.items():
        entries = [entry for entry in outcome.report if entry.where == where]
        if entries:
            opened = "" if where == "negative" else " open"  # a card's negative is long, and stands above
            items = "".join(map(_entry, entries))
            yield f"<details{opened}><summary>{label}</summary><ul>{items}</ul></details>"


def _entry(entry: Entry) -> str:
    return f'<li class="workbench-{entry.kind}">{escape(line(entry))}</li>'


def comments(outcome: Outcome) -> str:
    """What was said beside the image."""
    return "".join(f'<p class="comments">{escape(text)}</p>' for text in outcome.comments)


def infotext(text: str) -> str:
    """An infotext under a picture."""
    lines = text.split("\n")
    return "".join(f"<p>{escape(text)}</p>" for text in lines)
