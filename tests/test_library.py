"""Which special words belong to which model."""

from __future__ import annotations

import pytest

from modelwise.compile import Compiler, Request
from modelwise.library import foreign_words
from modelwise.spelling import normal_form
from tests.support.checking import bundled, vocabulary

every_profile = pytest.mark.parametrize("name", sorted(bundled()))


def foreign(name: str) -> dict[str, str]:
    return foreign_words(bundled().values(), bundled()[name])


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ("animagine-xl-4.0", "very aesthetic"),
        ("animagine-xl-4.0", "score 9"),
        ("animagine-xl-4.0", "explicit nsfw"),
        ("animagine-xl-4.0", "newest"),
        ("animagine-xl-3.1", "high score"),
        ("animagine-xl-3.1", "source anime"),
        ("animagine-xl-3.1", "score 8"),
        ("illustrious-xl-0.1", "amazing quality"),
        ("illustrious-xl-0.1", "very awa"),
        ("generic", "masterpiece"),
    ],
)
def test_special_words_of_other_families_are_foreign(own: str, word: str) -> None:
    assert word in foreign(own)


@every_profile
@pytest.mark.parametrize("word", ["1girl", "smile", "absurdres", "perfect face", "visual novel cg"])
def test_subjects_meta_words_and_extras_are_nobodys_own(name: str, word: str) -> None:
    assert word not in foreign(name)


@pytest.mark.parametrize("word", ["late", "great quality"])
def test_words_of_one_family_are_not_foreign_within_it(word: str) -> None:
    """`late` is 3.0's own, `great quality` 3.1's, and both models are one family."""
    assert (word in foreign("animagine-xl-3.0")) == (word in foreign("animagine-xl-3.1"))


@pytest.mark.parametrize("word", ["source anime", "score 8", "score 9"])
def test_a_model_s_words_are_not_foreign_to_it(word: str) -> None:
    assert word not in foreign("pony-v6-xl")


@every_profile
def test_every_word_names_another_model(name: str) -> None:
    own = bundled()[name]
    family = {profile.name for profile in bundled().values() if profile.family == own.family}
    for word, model in foreign(name).items():
        assert word == normal_form(word) and model
        assert model not in family


def test_order_of_the_profiles_does_not_matter() -> None:
    own = bundled()["animagine-xl-4.0"]
    forwards = foreign_words(bundled().values(), own)
    assert foreign_words(reversed(list(bundled().values())), own) == forwards


def told(name: str, prompt: str) -> list[str]:
    compiler = Compiler(bundled()[name], vocabulary(), foreign(name))
    report = compiler.compile(Request(prompt)).report
    return [entry.item for entry in report if entry.kind == "warning" and entry.where == "prompt"]


@pytest.mark.parametrize(
    ("name", "prompt", "words"),
    [
        ("animagine-xl-4.0", "1girl, very aesthetic, score_9, smile", ["very aesthetic", "score 9"]),
        ("animagine-xl-4.0", "1girl, high score, masterpiece, safe", []),
        ("animagine-xl-3.1", "1girl, high score, very aesthetic", ["high score"]),
        ("animagine-xl-4.0", "1girl, smile, text, illustration, light", []),
        ("animagine-xl-4.0", "1girl, newest, mid", ["newest", "mid"]),
        ("sotediffusion-v2", "1girl, masterpiece, safe", ["masterpiece", "safe"]),
    ],
)
def test_foreign_words_in_a_prompt_are_reported_and_kept(name: str, prompt: str, words: list[str]) -> None:
    assert [normal_form(word) for word in told(name, prompt)] == words
