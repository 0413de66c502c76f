"""Builds the compact index of all tags that the browser searches: one block of bytes.

`javascript/modelwise_index.js` reads it; docs/completion.md describes every field. Rows come sorted by
popularity, so that a smaller place in the text is a more popular tag. What is a word's start, and what a
search holds for the same letter, is decided alike on both sides; a property test compares them.
"""

from __future__ import annotations

import re
import struct
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain

import msgspec

from modelwise.spelling import normal_form
from modelwise.vocabulary import TagList

MAGIC = b"MWINDEX\0"
VERSION = 1
HEADER = struct.Struct("<8s7I")
"""The magic, the version, two sums of all that follows the header (`_sums`), and how many rows, word starts,
bytes of text and bytes of shown names there are."""

MOST_STARTS = 1 << 24
"""How many word starts three bytes can number."""

NAME, ALIAS, SHOWN = 0, 1, 2
"""The byte after a string says what it was; SHOWN is added where the text that is shown differs."""

START = re.compile(
    rb"[\xe3-\xe9\xf0]"  # a character of Chinese or Japanese, which set no spaces between words
    rb"|(?<=[\0-\x1f])[^\0-\x1f]"
    rb"|(?<=[ _-])[^\0-\x20_-]"
    rb"|(?<=[!-,./:-@\[-^`{-\x7f])(?<!')[0-9A-Za-z'\x80-\xff]"
)
"""Where words start: at a string's begin, after a separator, at a letter after a sign."""

_PLAIN = re.compile(r"[!-,.-^`-~]+(?:[ _-][!-,.-^`-~]+)*")
_SEPARATORS = re.compile("[\t-\r \x85\u1680\u2028\u2029_-]+")
_MARKS = re.compile("[\u0300-\u036f]")
_INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_CONTROLS = re.compile("[\0-\x1f]")
_LETTERS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_-", b"abcdefghijklmnopqrstuvwxyz  ")
_IS_LITTLE = sys.byteorder == "little"
_KANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


class Row(msgspec.Struct, gc=False):
    """A tag of all lists. `mark`: its rank in our own lists, which decides where no list counts."""

    name: str
    category: int
    count: int
    mark: int = 0
    aliases: tuple[str, ...] = ()


def rows_of(lists: Iterable[TagList]) -> list[Row]:
    """The tags of lists, the most popular first; later lists win on a tag's category and spelling."""
    rows: dict[str, Row] = {}
    translated: dict[str, tuple[str, ...]] = {}
    for tag_list in lists:
        translated |= tag_list.translations
        for name, category, count, aliases in tag_list.rows:
            number, mark = (0, count) if tag_list.ours else (count, 0)
            row = rows.setdefault(normal_form(name), Row(name, 0, 0))
            row.name, row.category = name, int(category)
            row.count, row.mark = max(row.count, number), max(row.mark, mark)
            row.aliases += aliases
    for name, words in translated.items():
        known = rows.get(normal_form(name))
        if known is not None:
            known.aliases += words
    return sorted(rows.values(), key=lambda row: (-row.count, -row.mark))


def build(rows: Iterable[Row]) -> bytes:
    """The index of rows that are sorted by popularity.

    Raises ValueError where there are more words than the format can number.
    """
    text, shown = bytearray(b"\0"), bytearray()
    counts, categories = array("I"), bytearray()
    for row in rows:
        if _add(row, text, shown):
            counts.append(min(row.count, 0xFFFFFFFF))
            categories.append(row.category)
    order = _sorted_starts(bytes(text))
    body = b"".join((_little_endian(counts), categories, *order, text, shown))
    body += bytes(-len(body) % 4)
    sizes = (len(categories), len(order[0]), len(text), len(shown))
    return HEADER.pack(MAGIC, VERSION, *_sums(body), *sizes) + body


def folded(text: str) -> str:
    """The form in which spellings of the same words do not differ; signs alone stay what they are."""
    text = _MARKS.sub("", unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)))
    text = _SEPARATORS.sub(" ", unicodedata.normalize("NFC", text)).lower().translate(_KANA)
    return text.strip(" ") or text


def _add(row: Row, text: bytearray, shown: bytearray) -> bool:
    """Append a row's strings; a name that holds nothing to be seen is passed over, with its aliases."""
    known: set[bytes] = set()
    for name in (row.name, *row.aliases):
        key, written = (name.encode(), "") if _PLAIN.fullmatch(name) else _key(name)
        same = key.translate(_LETTERS)
        if key and same not in known:
            text += key
            text.append((ALIAS if known else NAME) | (SHOWN if written else 0))
            if written:
                shown += written.encode("utf-8", "replace") + b"\0"
            known.add(same)
        elif not known:
            return False
    return True


def _key(name: str) -> tuple[bytes, str]:
    """What is searched for a name, and what is shown for it where that is something else."""
    key, written = folded(name).encode("utf-8", "replace"), name.encode("utf-8", "replace")
    if written.translate(_LETTERS) == key:
        return written, ""
    return key, _CONTROLS.sub(" ", name)


def _sorted_starts(text: bytes) -> tuple[bytes, bytes, bytes]:
    """The numbers of the words' starts, sorted by what follows them, as low, middle and high bytes.

    Of equal ones, whole strings come first, then the more popular.
    """
    starts = array("I", (match.start() for match in START.finditer(text)))
    if len(starts) > MOST_STARTS:
        raise ValueError(f"completion: found {len(starts)} words in the tag lists; allowed: {MOST_STARTS}")
    plain = text.translate(bytes(0 if code < 0x20 else code for code in range(256))).translate(_LETTERS)
    buckets = [array("I") for _ in range(256)]
    for is_whole in (True, False):
        for number, start in enumerate(starts):
            if (plain[start - 1] == 0) is is_whole:
                buckets[plain[start]].append(number)
    order = array("I", chain.from_iterable(_sorted(bucket, starts, plain) for bucket in buckets))
    planes = _little_endian(order)
    return planes[0::4], planes[1::4], planes[2::4]


def _sorted(bucket: array[int], starts: array[int], plain: bytes) -> Iterator[int]:
    """The starts with one first letter in order; letter by letter, so that few keys are held at once."""

    def following(number: int) -> bytes:
        start = starts[number]
        return plain[start : plain.index(0, start)]

    return iter(sorted(bucket, key=following))


def _sums(body: bytes) -> tuple[int, int]:
    """The sum of the body's words, and that of all its values on the way: damage changes one of them."""
    words = array("I", body)
    if not _IS_LITTLE:
        words.byteswap()
    return sum(words) & 0xFFFFFFFF, sum(accumulate(words)) & 0xFFFFFFFF


def _little_endian(numbers: array[int]) -> bytes:
    numbers = numbers[:]
    if not _IS_LITTLE:
        numbers.byteswap()
    return numbers.tobytes()
