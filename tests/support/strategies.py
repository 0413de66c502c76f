"""Prompts to test with: anything at all, well-formed ones of the whole grammar, and damaged ones."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from modelwise.compile import Switches
from modelwise.intent import Intent
from modelwise.nodes import Lines
from tests.support.checking import bundled

GENERAL = (
    "smile", "solo", "long hair", "blue_eyes", "Looking_At_Viewer", "night", "outdoors", "v", "sky",
    "upper body", "holding sword", "white dress", "from_behind", "rain", "no humans", "highres", "text",
)  # fmt: skip
HEADS = (
    "1girl", "1boy", "2girls", "1other", "multiple girls", "male focus", "1GIRL", "6+girls",
    "arima kana", "hoshimachi_suisei", "Hatsune Miku", "hatsune_miku", "souryuu asuka langley",
    "ganyu \\(genshin impact\\)", "ganyu (genshin impact)", "ganyu_(genshin_impact)",
    "firefly (honkai: star rail)", "firefly \\(honkai: star rail\\)", "someone (genshin impact)",
    "gawr gura (casual)", "gawr gura \\(casual\\)", "hatsune miku (masterpiece)", "angel (halo)", "hastune miku",
    "oshi no ko", "genshin impact", "honkai: star rail", "neon_genesis_evangelion", "vocaloid", "fate (series)",
    "wlop", "by wlop", "artist:wlop", "@wlop", "by grain", "artist:somebody", "shimakaze", "love", "grain",
)  # fmt: skip
CARD_WORDS = (
    "masterpiece", "Best_Quality", "best quality", "high quality", "absurdres", "very aesthetic", "aesthetic",
    "high score", "great_score", "extremely aesthetic", "worst quality", "low quality", "bad score", "nsfw",
    "explicit", "safe", "sensitive", "general", "rating: general", "rating: explicit", "explicit nsfw",
    "newest", "recent", "oldest", "late", "mid", "early", "year 2010", "year_2024", "score_9", "illustration",
    "art by Some One", 'The text says "one, two"', "visual novel cg", "displeasing", "perfect face",
)  # fmt: skip
EMOTICONS = (
    ":3", ":d", ";)", ">_<", "^_^", "\\m/", "(o)_(o)", ">:(", ":0", ":o", "=)", ":<", "+_+", ":(", ":>=",
)  # fmt: skip
TRAPS = (
    "foo:3", "my_char_v1:1.2", "ratio :2", "#compass", "BREAKFAST", "SAND", "a\\", "\\(", "\\)", "C:\\dir",
    "5'4\"", '"quoted, text"', "“quoted, text”", "12:30", "a:b", "|", "a|b", "foo_bar_v2", "easynegative",
    "（全角）", "ｓｍｉｌｅ", "é", "初音ミク", "🙂", "@", "by ", "artist:", "name (unknown thing)", "x (style)",
    "she walks over to the old red house and smiles", "Rain falls. She waits", "wait! no", "a ? b",
)  # fmt: skip
COMPANIONS = (
    "__color__", "__a/b*__", "{red|blue}", "{2$$a|b|c}", "${var}", "${x=!{a|b}}", "<ppp:if a>x, y<ppp:/if>",
    "<ppp:set a>", "{a, b|c (d:1.2)}", "<wildcard:x>", "<segment:face>", "<lora:style one:0.8>",
    "<lora:a:1:lbw=X>", "<lyco:b:0.5>", "<hypernet:c:1>", "<a:>", "<lora:>", "<3", "a <lora:q:1> b",
)  # fmt: skip
WEIGHTS = ("1.2", "0.8", "1", " 1.3 ", "-1", ".5", "1.", "2")
WHENS = ("0.5", "10", " 0.25", ".5", "5 ")
SEPARATORS = (
    ", ",
    ",",
    " , ",
    ", , ",
    "\n",
    ",\n",
    "\n\n",
    "，",
    "、",
    ",,",
    ",\t",
    " # note, x\n",
    "\n# note\n",
)
BREAKS = (" BREAK ", " BREAK, ", ", BREAK\n", "\nBREAK\n", " ADDCOMM ", " ADDROW ", " ADDBASE ")
ANDS = (" AND ", " :1.2 AND ", ":0.5 AND ", "\nAND\n", " AND_PERP ")
ENDS = ("", "", "", ",", ", ", "\n", " ", " :1.2", " # the end", ", <lora:z:1>", "<lora:z:1>", ":3", ", :3")
_LETTERS = 'ab,，、\n\\()[]{}<>:|#"“” .!?123_-+ANDBREK♥\u3000\x1c\u200b'


@cache
def known_tags() -> SearchStrategy[str]:
    """A tag, of whatever kind."""
    return st.one_of(*map(st.sampled_from, (GENERAL, HEADS, CARD_WORDS, EMOTICONS, TRAPS, COMPANIONS)))


def _wrapped(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    listed = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        listed.map("({})".format),
        listed.map("[{}]".format),
        st.builds("({}:{})".format, listed, st.sampled_from(WEIGHTS)),
        st.builds("[{}:{}:{}]".format, inner, inner, st.sampled_from(WHENS)),
        st.builds("[{}:{}]".format, inner, st.sampled_from(WHENS)),
        st.builds("[{}::{}]".format, inner, st.sampled_from(WHENS)),
        st.builds("[{}|{}]".format, inner, inner),
        st.builds("[{}|{}|]".format, inner, listed),
        st.builds("({} BREAK {}:1)".format, inner, inner),
        st.builds("{} ({}:1.1) {}".format, inner, inner, inner),
        st.builds("({} AND {})".format, inner, inner),
    )


@cache
def items() -> SearchStrategy[str]:
    """An item: mostly a tag, at times brackets around some, nested."""
    nested = st.recursive(known_tags(), _wrapped, max_leaves=5)
    return st.one_of(known_tags(), known_tags(), known_tags(), nested)


@st.composite
def well_formed(draw: st.DrawFn) -> str:
    """A prompt as a user might write it, of everything that the grammar has."""
    pieces: list[str] = []
    between = st.one_of(*[st.sampled_from(SEPARATORS)] * 8, st.sampled_from(BREAKS), st.sampled_from(ANDS))
    plain = draw(st.booleans())
    for item in draw(st.lists(items(), max_size=12)):
        pieces += (item, ", " if plain else draw(between))
    if pieces:
        pieces[-1] = draw(st.sampled_from(ENDS))
    return "".join(pieces)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A well-formed prompt with a few characters put in, taken out or exchanged."""
    text = draw(well_formed())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        how = draw(st.sampled_from(("insert", "delete", "swap")))
        if how == "insert":
            text = text[:at] + draw(st.sampled_from(_LETTERS)) + text[at:]
        elif how == "delete":
            text = text[:at] + text[at + 1 :]
        else:
            text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return text


def arbitrary() -> SearchStrategy[str]:
    """Any text, and text of the characters that mean something."""
    return st.one_of(st.text(max_size=60), st.text(alphabet=_LETTERS, max_size=60))


def prompts() -> SearchStrategy[str]:
    """Prompts of every kind."""
    return st.one_of(well_formed(), well_formed(), mutated(), arbitrary())


def intents() -> SearchStrategy[Intent]:
    """What a user may ask for."""
    return st.builds(
        Intent,
        quality=st.sampled_from(("standard", "standard", "light", "heavy", None)),
        aesthetic=st.sampled_from((None, None, "high")),
        rating=st.sampled_from((None, None, "general", "sensitive", "questionable", "explicit")),
        year=st.sampled_from((None, None, 2003, 2007, 2012, 2016, 2019, 2021, 2024)),
    )


def switches() -> SearchStrategy[Switches]:
    """What compile may do; all of it in half of the cases."""
    some = st.builds(
        Switches,
        order=st.booleans(),
        quality=st.booleans(),
        negative=st.booleans(),
        settings=st.booleans(),
        spelling=st.booleans(),
        quality_at_end=st.booleans(),
        series=st.booleans(),
        grouping=st.booleans(),
    )
    return st.one_of(st.just(Switches()), some)


def lines() -> SearchStrategy[Lines]:
    """What a line end means, mostly a separator."""
    return st.sampled_from((Lines.SEPARATOR, Lines.SEPARATOR, Lines.SEPARATOR, *Lines))


def profile_ids() -> SearchStrategy[str]:
    """The bundled profiles; those without a card more rarely."""
    names = sorted(bundled())
    return st.sampled_from([name for name in names if not name.startswith("generic")] + names[:1])
