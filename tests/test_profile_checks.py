"""Each kind of error in a profile names the file, the key, what was found and what is allowed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from modelwise.profile_files import json_schema, load_bundled

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib
from tests.support.profiles import (
    BUNDLED,
    GENERAL,
    PARENT,
    PRESETS,
    SLOTS,
    child,
    load_with_good,
    minimal,
    only_problem,
    write,
)


def order(text: str, accepted: str = "") -> str:
    return GENERAL.format(slots=text) + (f"accepted = {accepted}\n" if accepted else "")


def words(text: str, name: str = "quality") -> str:
    return f'[vocabulary.{name}]\nbasis = "stated"\nsource = "card"\nwords = {text}\n'


def steps(text: str) -> str:
    return f'[settings.steps]\nbasis = "stated"\nsource = "card"\n{text}\n'


def years(text: str) -> str:
    return f'[vocabulary.year]\nbasis = "stated"\nsource = "card"\n{text}\n'


def level(text: str, path: str = "quality.standard") -> str:
    return f'[inject.{path}]\nbasis = "stated"\nsource = "card"\n{text}\n'


ORDER_SLOTS = f"{SLOTS} or a list of {SLOTS}"
ERRORS = {
    "unknown key": ("colour = 1", "colour", "an unknown key", "schema, id, version, name, family"),
    "unknown inner key": (
        steps("valu = 1"),
        "settings.steps.valu",
        "an unknown key",
        "basis, source, value",
    ),
    "nothing to be without": (
        'without = ["settings"]',
        "without",
        "it beside no `extends`",
        "with `extends`, as it names what is not inherited",
    ),
    "missing key": (
        "[order]\nslots = ['general']",
        "order.basis",
        "nothing",
        "stated, example, training",
    ),
    "wrong type": (
        steps('value = "x"'),
        "settings.steps.value",
        "'x'",
        "a whole number over 0 or a number over 0",
    ),
    "a table for a list": ("match = []", "match", "an empty list", "a table with names, sha256"),
    "out of range": (steps("value = 0"), "settings.steps.value", "0", "over 0"),
    "size out of range": (
        '[settings.size]\nbasis = "stated"\nsource = "card"\nwidth = 32\nheight = 64',
        "settings.size.width",
        "32",
        "a whole number at least 64, at most 8192",
    ),
    "infinite": (steps("value = inf"), "settings.steps.value", "inf", "a finite number"),
    "no number": (steps("value = nan"), "settings.steps.value", "nan", "over 0"),
    "half a step": (steps("value = 20.5"), "settings.steps.value", "20.5", "a whole number"),
    "unknown level": (
        level("positive = []", "quality.best"),
        "inject.quality.best",
        "an unknown key",
        "heavy, light, standard",
    ),
    "unknown basis": (
        order('["general"]').replace("stated", "sure"),
        "order.basis",
        "'sure'",
        "stated, example",
    ),
    "bad hash": (
        'match = { sha256 = ["ABC"] }',
        "match.sha256[0]",
        "'ABC'",
        "a text of the form ^[0-9a-f]{64}$",
    ),
    "empty order": (order("[]"), "order.slots", "an empty list", f"a list of {ORDER_SLOTS}"),
    "empty block": (order('["general", []]'), "order.slots[1]", "an empty list", "at least one slot"),
    "unknown slot": (
        order('["quality", "subject", "general", "qualty"]'),
        "order.slots[3]",
        "'qualty'",
        SLOTS,
    ),
    "unknown slot in a block": (order('["general", ["x"]]'), "order.slots[1][0]", "'x'", SLOTS),
    "duplicate slot": (
        order('["quality", "general", "quality"]'),
        "order.slots[2]",
        "quality a second time",
        "every slot once",
    ),
    "duplicate in a block": (
        order('["general", ["meta", "meta"]]'),
        "order.slots[1]",
        "meta a second time",
        "once",
    ),
    "no general": (order('["quality"]'), "order.slots", "no general", "general stands once"),
    "other slots accepted": (
        order('["quality", "general"]', '[["general"]]'),
        "order.accepted[0]",
        "general",
        "the same slots as order.slots: quality, general",
    ),
    "unknown source": (
        order('["general"]').replace("card", "nowhere"),
        "order.source",
        "'nowhere'",
        "an id of `sources`: card",
    ),
    "unknown source in a list": (
        'limits = [{ basis = "stated", source = "x", when = "note", text = "t" }]',
        "limits[0].source",
        "'x'",
        "card",
    ),
    "tag twice": (
        words('[{ tag = "best quality" }, { tag = "Best_Quality" }]'),
        "vocabulary.quality.words[1].tag",
        "'Best_Quality'",
        "every tag once",
    ),
    "empty word": (words('[{ tag = "" }]'), "vocabulary.quality.words[0].tag", "''", "not empty"),
    "word without a table": (
        words('["a"]'),
        "vocabulary.quality.words[0]",
        "'a'",
        "a table with tag, low",
    ),
    "bare pattern": (
        'vocabulary = { patterns = [{ slot = "custom" }] }',
        "vocabulary.patterns[0]",
        "neither prefix nor suffix",
        "a prefix, a suffix, or both",
    ),
    "empty positive tag": (
        level('positive = [""]'),
        "inject.quality.standard.positive[0]",
        "''",
        "not empty",
    ),
    "blank negative tag": (
        level('negative = ["a", " "]'),
        "inject.quality.standard.negative[1]",
        "a text of spaces",
        "not blank",
    ),
    "nothing injected": (
        level("positive = []"),
        "inject.quality.standard",
        "no tags",
        "at least one tag",
    ),
    "homeless tag": (
        words('[{ tag = "masterpiece" }]') + level('positive = ["masterpiece", "shiny"]'),
        "inject.quality.standard.positive[1]",
        "'shiny'",
        "a tag of vocabulary.subject, quality, score, aesthetic, meta, custom, extra, rating or year: masterpiece",
    ),
    "homeless aesthetic": (
        level('positive = ["(shiny:1.2)"]', "aesthetic.high"),
        "inject.aesthetic.high.positive[0]",
        "'(shiny:1.2)'",
        "a tag of vocabulary.",
    ),
    "minimum over maximum": (
        steps("minimum = 30\nmaximum = 20"),
        "settings.steps.minimum",
        "30",
        "at most `maximum`, 20",
    ),
    "value outside its range": (
        steps("value = 40\nminimum = 25\nmaximum = 28"),
        "settings.steps.value",
        "40",
        "25 to 28, the range of the same table",
    ),
    "era backwards": (
        years('eras = [{ tag = "mid", first = 2018, last = 2015 }]'),
        "vocabulary.year.eras[0].first",
        "2018",
        "at most `last`, 2015",
    ),
    "eras overlap": (
        years(
            'eras = [{ tag = "mid", first = 2014, last = 2017 }, { tag = "early", first = 2011, last = 2014 }]'
        ),
        "vocabulary.year.eras[1]",
        "2011 to 2014",
        "years outside 2014 to 2017 (mid)",
    ),
    "years backwards": (
        years('prefix = "year "\nfirst = 2025\nlast = 2005'),
        "vocabulary.year.first",
        "2025",
        "at most `last`, 2005",
    ),
    "prefix without years": (
        years('prefix = "year "'),
        "vocabulary.year",
        "a prefix alone",
        "`first` and `last`",
    ),
    "wrong count": (
        '[vocabulary.rating]\nbasis = "stated"\nsource = "card"\ncounts = { safe = 1, nsfw = "2" }',
        "vocabulary.rating.counts.nsfw",
        "'2'",
        "a whole number",
    ),
    "wrong scheme": ("generic = 1", "generic", "1", "true, false"),
    "date": ("knowledge_cutoff = 2025-01-07", "knowledge_cutoff", "2025-01-07", "a text"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_names_file_key_found_and_allowed(name: str, tmp_path: Path) -> None:
    text, key, found, allowed = ERRORS[name]
    problem = only_problem(load_with_good(tmp_path, minimal("bad", text)))
    assert (problem.file, problem.key, problem.found) == ("bad.toml", key, found)
    assert allowed in problem.allowed
    assert str(problem).startswith(f"bad.toml: {key}: found {found}; allowed: ")


@pytest.mark.parametrize("key", ["schema", "version", "name", "family"])
def test_a_missing_key_of_the_file(key: str, tmp_path: Path) -> None:
    text = "\n".join(line for line in minimal("bad").splitlines() if not line.startswith(key))
    problem = only_problem(load_with_good(tmp_path, text))
    assert (problem.key, problem.found) == (key, "nothing")


@pytest.mark.parametrize("key", ["schema", "version", "name"])
def test_a_child_states_its_own_identity(key: str, tmp_path: Path) -> None:
    text = "\n".join(line for line in child("bad", "good").splitlines() if not line.startswith(key))
    problem = only_problem(load_with_good(tmp_path, text))
    assert (problem.key, problem.found) == (key, "nothing")


@pytest.mark.parametrize("identifier", ["", "Upper", "a/b", "../a", "a b"])
def test_an_id_is_fit_for_a_file_name(identifier: str, tmp_path: Path) -> None:
    problem = only_problem(load_with_good(tmp_path, minimal(identifier)))
    assert problem.key == "id"
    assert "a text of the form" in problem.allowed


def test_a_missing_id(tmp_path: Path) -> None:
    text = "\n".join(line for line in minimal("bad").splitlines() if not line.startswith("id"))
    problem = only_problem(load_with_good(tmp_path, text))
    assert (problem.key, problem.found) == ("id", "nothing")


def test_a_childs_error_is_put_down_to_the_child(tmp_path: Path) -> None:
    write(tmp_path, "parent.toml", minimal("parent", PARENT))
    loaded = load_with_good(tmp_path, child("bad", "parent", "[settings.steps]\nvalue = 60\n"))
    problem = only_problem(loaded)
    assert (problem.file, problem.key, problem.found) == ("bad.toml", "settings.steps.value", "60")
    assert "parent" in loaded.profiles


@pytest.mark.parametrize(
    "positive",
    [
        "masterpiece",
        "(masterpiece)",
        "((masterpiece))",
        "(masterpiece:1.2)",
        "[masterpiece]",
        "newest",
        "safe",
    ]
    + ["Masterpiece", r"art \(style\)", "perfect face", "(masterpiece, newest:1.1)"],
)
def test_an_injected_tag_finds_its_home(positive: str, tmp_path: Path) -> None:
    text = (
        words(r"[{ tag = 'masterpiece' }, { tag = 'art \(style\)' }]")
        + words("[{ tag = 'perfect face' }]", "extra")
        + years("eras = [{ tag = 'newest', first = 2021, last = 2024 }]")
        + "[vocabulary.rating]\nbasis = 'stated'\nsource = 'card'\ngeneral = ['safe']\n"
        + level(f"positive = ['{positive}']")
    )
    assert load_with_good(tmp_path, minimal("bad", text)).problems == ()


def test_a_number_year_is_a_home(tmp_path: Path) -> None:
    text = years('prefix = "year "\nfirst = 2005\nlast = 2025') + level('positive = ["year 2007"]')
    assert load_with_good(tmp_path, minimal("bad", text)).problems == ()
    refused = load_with_good(tmp_path, minimal("bad", text.replace("2007", "2004")))
    assert only_problem(refused).key == "inject.quality.standard.positive[0]"


def test_loading_twice_gives_the_same() -> None:
    assert load_bundled() == BUNDLED


def test_the_schema_allows_every_bundled_key() -> None:
    known = set(json_schema()["$defs"]["Profile"]["properties"])
    for path in PRESETS.glob("*.toml"):
        assert set(tomllib.loads(path.read_text(encoding="utf-8"))) <= known
