"""What becomes of each model's own words in every other's, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from modelwise.classify import Classifier
from modelwise.intent import rating_tags
from modelwise.profiles import Profile
from modelwise.tag_files import bundled_lists
from modelwise.translate import Translator
from modelwise.vocabulary import Vocabulary
from modelwise.words import RATINGS

TITLES = ("from", "to", "recommended words", "rating explicit", "newest year")


def translation_table(profiles: Sequence[Profile]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Titles and rows: every pair of vocabularies that differ."""
    vocabulary = Vocabulary(bundled_lists())
    groups = list(_groups(profiles))
    classifiers = {group[0].id: Classifier(group[0], vocabulary) for group in groups}
    rows = []
    for source in groups:
        texts = _texts(source[0])
        if not any(texts):
            continue
        for target in groups:
            if target is not source:
                translator = Translator(classifiers[source[0].id], classifiers[target[0].id])
                made = [_shown(text, translator.translate(text).prompt) for text in texts]
                rows.append((_names(source), _names(target), *made))
    return TITLES, rows


def _groups(profiles: Iterable[Profile]) -> Iterable[list[Profile]]:
    """Profiles whose words and recommendations are the same."""
    found: dict[object, list[Profile]] = {}
    for profile in profiles:
        vocabulary = profile.vocabulary
        standard = profile.inject.quality.get("standard")
        words = [
            [word.tag for word in kind.words] if kind else []
            for kind in (vocabulary.quality, vocabulary.score, vocabulary.aesthetic, vocabulary.meta)
        ]
        ratings = [rating_tags(profile, rating) for rating in RATINGS]
        years = vocabulary.year and (vocabulary.year.eras, vocabulary.year.prefix, vocabulary.year.last)
        added = (standard.positive, standard.negative) if standard else ()
        found.setdefault(repr((words, ratings, years, added)), []).append(profile)
    return found.values()


def _texts(profile: Profile) -> tuple[str, str, str]:
    standard = profile.inject.quality.get("standard")
    years = profile.vocabulary.year
    newest = ""
    if years:
        newest = (
            f"{years.prefix}{years.last}" if years.prefix else max(years.eras, key=lambda era: era.last).tag
        )
    return (
        ", ".join(standard.positive) if standard else "",
        ", ".join(rating_tags(profile, "explicit")),
        newest,
    )


def _shown(before: str, after: str) -> str:
    if not before:
        return ""
    return f"`{before}` → " + (f"`{after}`" if after else "–")


def _names(group: Sequence[Profile]) -> str:
    return ", ".join(profile.name for profile in group)
