"""`python -m docs.make_models`: writes docs/models.md and a page for each family, from the profiles alone."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from docs.translations import translation_table
from modelwise.profile_files import load_bundled
from modelwise.profiles import Number, Profile, Words
from modelwise.terms import Slot, Sourced
from modelwise.words import RATINGS

FOLDER = Path(__file__).parent
INDEX = "models.md"
HEADER = "<!-- Made by `python3 dev.py docs` from presets/; edit those instead. -->"
_EMPTY = """What a card does not say stays empty here, too; [presets/README.md](../presets/README.md) explains
the bases."""
_TRANSLATIONS = """What becomes of a model's recommended words, ratings and years in the words of another, as
`python -m modelwise translate --from A --to B` has it. Models whose words are the same share a row.
A dash: no word for it, which the translation says."""
_KINDS = (Slot.QUALITY, Slot.SCORE, Slot.AESTHETIC, Slot.META, Slot.CUSTOM)
_ARCHITECTURES = {"sdxl": "SDXL", "sd1": "Stable Diffusion 1.x", "stable-cascade": "Stable Cascade"}


def main() -> int:
    """Write all pages; a page whose family is gone goes."""
    pages = all_pages()
    for old in (FOLDER / "models").glob("*.md"):
        if f"models/{old.name}" not in pages:
            old.unlink()
    for name, text in pages.items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


def all_pages() -> dict[str, str]:
    """Every page's text by its path below docs/."""
    profiles = [profile for profile in load_bundled().profiles.values() if not profile.generic]
    families = {
        family: sorted(group, key=lambda profile: profile.id)
        for family, group in groupby(sorted(profiles, key=_family), key=_family)
    }
    pages = {f"models/{family}.md": _page(family, members) for family, members in families.items()}
    return {INDEX: _index(families), **pages}


def _family(profile: Profile) -> str:
    return profile.family


def _index(families: dict[str, list[Profile]]) -> str:
    members = [profile for group in families.values() for profile in group]
    rows = (
        (
            f"[{profile.name}](models/{profile.family}.md#{_anchor(profile.name)})",
            f"`{profile.id}`",
            _architecture(profile),
            _levels(profile),
            _size(profile),
            _number(profile.settings.cfg_scale),
            _number(profile.settings.steps),
            _sampler(profile),
        )
        for profile in members
    )
    titles = ("model", "profile", "architecture", "adds", "size", "CFG", "steps", "sampler")
    return "\n".join(
        [
            "# Models",
            "",
            HEADER,
            "",
            f"{len(members)} profiles of {len(families)} families. {_EMPTY}",
            "",
            *_table(titles, rows),
            "",
            "## From one model to another",
            "",
            _TRANSLATIONS,
            "",
            *_table(*translation_table(members)),
            "",
        ]
    )


def _page(family: str, members: Sequence[Profile]) -> str:
    lines = [f"# {members[0].name if len(members) == 1 else family}", "", HEADER]
    for profile in members:
        lines += ["", f"## {profile.name}", "", *_card(profile)]
    return "\n".join(lines) + "\n"


def _card(profile: Profile) -> Iterator[str]:
    yield _said(profile)
    for title, part in (
        ("Order", _order(profile)),
        ("Words", _words(profile)),
        ("Added", _added(profile)),
        ("Settings", _settings(profile)),
        ("Limits", [f"- {limit.text} ({_basis(limit)})" for limit in profile.limits]),
        ("Examples", _examples(profile)),
        ("Recognised by", _recognised(profile)),
        ("Sources", _sources(profile)),
    ):
        found = list(part)
        if found:
            yield from ("", f"### {title}", "", *found)


def _said(profile: Profile) -> str:
    parts = [f"Profile `{profile.id}`, version {profile.version}", _architecture(profile)]
    if profile.prediction:
        parts.append(f"{profile.prediction}-prediction" if profile.prediction == "v" else profile.prediction)
    if profile.captions:
        parts.append(f"trained on {profile.captions}")
    if profile.knowledge_cutoff:
        parts.append(f"knows images up to {profile.knowledge_cutoff}")
    if profile.hosts:
        parts.append(f"loaded by {', '.join(profile.hosts)}")
    if profile.extends:
        parts.append(f"extends `{profile.extends}`")
    return " · ".join(parts) + "."


def _architecture(profile: Profile) -> str:
    return _ARCHITECTURES.get(profile.architecture, profile.architecture)


def _order(profile: Profile) -> Iterator[str]:
    if profile.order:
        for slots, basis in (
            (profile.order.slots, _basis(profile.order)),
            *((slots, "accepted too") for slots in profile.order.accepted),
        ):
            names = (
                slot.value if isinstance(slot, Slot) else " + ".join(one.value for one in slot)
                for slot in slots
            )
            yield f"- {', '.join(names)} ({basis})"


def _words(profile: Profile) -> list[str]:
    vocabulary = profile.vocabulary
    rows: list[tuple[str, str, str]] = []
    for kind in _KINDS:
        words: Words | None = getattr(vocabulary, kind.value)
        if words:
            rows.append((kind.value, ", ".join(f"`{word.tag}`" for word in words.words), _basis(words)))
    if vocabulary.rating:
        ratings = [(rating, getattr(vocabulary.rating, rating)) for rating in RATINGS]
        text = "; ".join(f"{rating}: {_code(tags)}" for rating, tags in ratings if tags)
        rows.append(("rating", text, _basis(vocabulary.rating)))
    years = vocabulary.year
    if years:
        eras = (f"`{era.tag}` {era.first} to {era.last}" for era in years.eras)
        text = (
            f"`{years.prefix}{years.first}` to `{years.prefix}{years.last}`"
            if years.prefix
            else "; ".join(eras)
        )
        rows.append(("year", text, _basis(years)))
    if profile.spelling and profile.spelling.artist_prefix:
        rows.append(("artist", f"`{profile.spelling.artist_prefix}name`", _basis(profile.spelling)))
    return list(_table(("slot", "words, best first", "basis"), rows)) if rows else []


def _added(profile: Profile) -> list[str]:
    rows = [
        (level, _code([", ".join(added.positive)]), _code([", ".join(added.negative)]), _basis(added))
        for level, added in profile.inject.quality.items()
    ]
    return list(_table(("level", "prompt", "negative prompt", "basis"), rows)) if rows else []


def _settings(profile: Profile) -> list[str]:
    settings = profile.settings
    rows: list[tuple[str, str, str]] = []
    if settings.size:
        rows.append(("size", _size(profile), _basis(settings.size)))
    if settings.sizes:
        sizes = (f"{size.width}x{size.height} {size.name}".strip() for size in settings.sizes.sizes)
        rows.append(("trained sizes", ", ".join(sizes), _basis(settings.sizes)))
    for name, number in (
        ("CFG", settings.cfg_scale),
        ("steps", settings.steps),
        ("clip skip", settings.clip_skip),
    ):
        if number:
            rows.append((name, _number(number), _basis(number)))
    if settings.sampler:
        rows.append(("sampler", _sampler(profile), _basis(settings.sampler)))
    if settings.noise_schedule and settings.noise_schedule.value:
        rows.append(("noise schedule", settings.noise_schedule.value, _basis(settings.noise_schedule)))
    if settings.hires:
        rows.append(("second pass", settings.hires.text, _basis(settings.hires)))
    return list(_table(("setting", "value", "basis"), rows)) if rows else []


def _examples(profile: Profile) -> Iterator[str]:
    for example in profile.examples:
        yield from ("```", example.prompt)
        if example.negative:
            yield f"Negative prompt: {example.negative}"
        yield from ("```", f"({_basis(example)})", "")


def _recognised(profile: Profile) -> Iterator[str]:
    if profile.match.names:
        yield f"- file names {_code(profile.match.names)}"
    hashes = [
        *profile.match.sha256,
        *(one for one in profile.match.autov2 if not _known(one, profile.match.sha256)),
    ]
    if hashes:
        yield f"- hashes {_code(hashes)}"


def _known(short: str, hashes: Iterable[str]) -> bool:
    return any(whole.startswith(short) for whole in hashes)


def _sources(profile: Profile) -> Iterator[str]:
    for source in profile.sources:
        yield f"- `{source.id}`: " + (f"[{source.name}]({source.url})" if source.url else source.name)
    for licence in profile.licences:
        name = f"[{licence.name}]({licence.url})" if licence.url else licence.name
        yield f"- licence: {name}" + (f". {licence.note}" if licence.note else "")


def _basis(value: Sourced) -> str:
    return f"{value.basis.value.replace('_', ' ')}, {value.source}"


def _levels(profile: Profile) -> str:
    return ", ".join(profile.inject.quality)


def _size(profile: Profile) -> str:
    size = profile.settings.size
    return f"{size.width}x{size.height}" if size else ""


def _number(number: Number | None) -> str:
    if number is None:
        return ""
    value = "" if number.value is None else f"{number.value:g}"
    low, high = number.minimum, number.maximum
    if low is None and high is None:
        return value
    bounds = f"{low:g} to {high:g}" if low is not None and high is not None else ""
    bounds = bounds or (f"at least {low:g}" if low is not None else f"at most {high:g}")
    return f"{value} ({bounds})" if value else bounds


def _sampler(profile: Profile) -> str:
    sampler = profile.settings.sampler
    if sampler is None:
        return ""
    return sampler.sampler if sampler.scheduler == "Automatic" else f"{sampler.sampler}, {sampler.scheduler}"


def _code(tags: Iterable[str]) -> str:
    return ", ".join(f"`{tag}`" for tag in tags if tag)


def _anchor(title: str) -> str:
    kept = (character for character in title.lower() if character.isalnum() or character in " -_")
    return "".join(kept).replace(" ", "-")


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"| {' | '.join('---' for _ in titles)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


if __name__ == "__main__":
    sys.exit(main())
