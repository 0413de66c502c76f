"""Captions in a trained order: nothing lost, nothing respelled, a second run changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.captions.ordering_captions import CaptionOrder
from modelwise.compile import Compiler
from modelwise.profiles import Profile
from modelwise.vocabulary import Vocabulary
from tests.support.checking import bundled
from tests.support.checking import vocabulary as own_lists

ORDERED = sorted(profile.id for profile in bundled().values() if profile.order)
WORDS = (
    *(
        "1girl",
        "2boys",
        "solo",
        "masterpiece",
        "best quality",
        "high score",
        "absurdres",
        "safe",
        "year 2023",
    ),
    *(
        "hatsune miku",
        "hatsune_miku",
        "vocaloid",
        "firefly (honkai: star rail)",
        "honkai (series)",
        "genshin impact",
    ),
    *(
        "firefly \\(honkai: star rail\\)",
        "smile",
        "long hair",
        "night",
        ":3",
        ":d",
        ">_<",
        "(bad)",
        "[abstract]",
    ),
    *(
        "newest",
        "very aesthetic",
        "an unknown thing",
        "(smile:1.2)",
        "AND",
        "BREAK",
        "#compass",
        "<lora:a:1>",
        "{a|b}",
    ),
    *(
        'the text says "one, two"',
        'a "quote',
        "日本語",
        "looking at viewer",
        "1GIRL",
        "by someone",
        "rating: general",
    ),
)
GAPS = (", ", ",", " , ", ",  ", ",\t", ",,", " ||| ", "|||", "\n", "\r\n", ", \n")
texts = st.one_of(
    st.text(alphabet='ab ,|"\n\r\t()\\:\ufeff、，1girl', max_size=60),
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=14).map(
        lambda pairs: "".join(word + gap for word, gap in pairs)
    ),
    st.text(max_size=40),
)
separators = st.sampled_from([None, "|||", "###"])


def order(profile: str, separator: str | None = None) -> CaptionOrder:
    return CaptionOrder(Compiler(bundled()[profile], own_lists()).classifier(None), separator)


def tags(text: str, separator: str | None) -> Counter[str]:
    """What stands between commas and separators, read by another rule than the code's."""
    for mark in filter(None, ("|||", separator)):
        text = text.replace(mark, ",")
    return Counter(
        tag
        for line in text.split("\n")
        for tag in (part.strip(" \t\r\f\v\ufeff") for part in line.split(","))
        if tag
    )


@given(texts, separators, st.sampled_from(ORDERED))
def test_nothing_is_lost_and_a_second_run_changes_nothing(
    text: str, separator: str | None, profile: str
) -> None:
    ordering = order(profile, separator)
    result = ordering.reorder(text)
    assert tags(result.text, separator) == tags(text, separator)
    assert result.text.count("\n") == text.count("\n")
    again = ordering.reorder(result.text)
    assert (again.text, again.moved) == (result.text, 0)


@given(texts, st.sampled_from(ORDERED))
def test_without_a_separator_of_ours_no_tag_crosses_one(text: str, profile: str) -> None:
    result = order(profile).reorder(text).text
    for before, after in zip(text.split("\n"), result.split("\n"), strict=True):
        parts = zip(before.split("|||"), after.split("|||"), strict=True)
        assert all(tags(old, None) == tags(new, None) for old, new in parts)


CASES = [
    # What is in order stays as it is, to the byte.
    ("animagine-xl-3.1", None, "1girl,  hatsune miku ,smile ", "1girl,  hatsune miku ,smile ", 0),
    (
        "animagine-xl-3.1",
        None,
        "smile, 1girl, vocaloid, hatsune miku",
        "1girl, hatsune miku, vocaloid, smile",
        2,
    ),
    # The gaps stay in place, the tags move; no tag is respelled, escaped or made one with its double.
    ("animagine-xl-3.1", None, "smile,1girl ,  night", "1girl,smile ,  night", 1),
    ("animagine-xl-3.1", None, "smile, Hatsune_Miku, smile", "Hatsune_Miku, smile, smile", 1),
    (
        "animagine-xl-4.0",
        None,
        "night, firefly (honkai: star rail), 1girl",
        "1girl, firefly (honkai: star rail), night",
        2,
    ),
    # No grammar of prompts: brackets, colons, keywords and hashes are characters.
    (
        "animagine-xl-4.0",
        None,
        "AND, #compass, BREAK, (a:1.2), 1girl, :3",
        "1girl, AND, #compass, BREAK, (a:1.2), :3",
        1,
    ),
    # Each line by itself; line ends and a mark at the start stay.
    (
        "animagine-xl-4.0",
        None,
        "\ufeffsmile, 1girl\r\nnight, 1boy\n",
        "\ufeff1girl, smile\r\n1boy, night\n",
        2,
    ),
    # Plain language holds its line.
    (
        "animagine-xl-4.0",
        None,
        "smile, a girl stands there in the rain and waits, 1girl",
        "smile, a girl stands there in the rain and waits, 1girl",
        0,
    ),
    # kohya's separator: in front what stays, then what is shuffled, then what ends it.
    (
        "animagine-xl-3.1",
        "|||",
        "smile, vocaloid, 1girl, hatsune miku, night",
        "1girl, hatsune miku, vocaloid ||| smile, night",
        2,
    ),
    (
        "animagine-xl-4.0",
        "|||",
        "smile, masterpiece, 1girl, safe",
        "1girl, safe ||| smile ||| masterpiece",
        2,
    ),
    ("animagine-xl-4.0", "|||", "smile, masterpiece", "||| smile ||| masterpiece", 0),
    ("animagine-xl-4.0", "|||", "1girl", "1girl |||", 0),
    ("animagine-xl-4.0", "|||", "smile, night", "smile, night", 0),
    ("animagine-xl-4.0", "|||", "1girl|||smile,night", "1girl|||smile,night", 0),
    (
        "animagine-xl-4.0",
        "|||",
        "smile ||| 1girl ||| night ||| long hair\n",
        "1girl ||| smile, night, long hair\n",
        1,
    ),
    # Separators that are there stay where none is asked for, and nothing crosses them.
    ("animagine-xl-4.0", None, "safe, 1girl ||| night, 1boy", "1girl, safe ||| 1boy, night", 2),
    # A comma in quotes belongs to its tag.
    (
        "sotediffusion-v2",
        None,
        'smile, The text says "one, two", newest',
        'newest, The text says "one, two", smile',
        2,
    ),
    ("animagine-xl-4.0", None, "", "", 0),
    ("animagine-xl-4.0", "|||", " , ,\n", " , ,\n", 0),
]


@pytest.mark.parametrize(("profile", "separator", "before", "after", "moved"), CASES)
def test_cases(profile: str, separator: str | None, before: str, after: str, moved: int) -> None:
    result = order(profile, separator).reorder(before)
    assert (result.text, result.moved) == (after, moved)


def test_lines_of_plain_language_are_counted() -> None:
    text = "smile, 1girl\nShe smiles. It is night\n"
    result = order("animagine-xl-4.0").reorder(text)
    assert (result.text, result.held) == ("1girl, smile\nShe smiles. It is night\n", 1)


def test_who_has_a_separator(profiles: Mapping[str, Profile], vocabulary: Vocabulary) -> None:
    having = {
        profile.id for profile in profiles.values() if profile.order and profile.order.separator == "|||"
    }
    assert having == {"animagine-xl-3.0", "animagine-xl-3.1", "animagine-xl-3.1-coreml"}
