"""How many images of a folder each tag of a card would have got: as data, and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modelwise.scores.verdicts import Scale
from modelwise.terms import Slot

_WIDEST = 40
"""Characters of the longest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One tag. `scores`: which get it, in words; `share`: of all images that have a score."""

    tag: str
    scores: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """The tags of one scale, the best first. `untagged`: scores that the card has no tag for."""

    profile: str
    name: str
    slot: Slot
    scorer: str
    total: int
    untagged: int
    bars: tuple[Bar, ...]


def histogram(scale: Scale, scores: Iterable[float]) -> Histogram:
    """Count the scores of one scorer under a card's scale."""
    counts = Counter(map(scale.tag, scores))
    total = counts.total()
    bars = tuple(
        Bar(
            each.tag,
            _range(each.above, included=each.included),
            counts[each.tag],
            _share(counts[each.tag], total),
        )
        for each in scale.thresholds
    )
    return Histogram(scale.profile, scale.name, scale.slot, scale.scorer, total, counts[None], bars)


def text(found: Histogram) -> str:
    """A histogram to be read, its bars as long as their counts."""
    most = max((bar.count for bar in found.bars), default=0) or 1
    images = "1 image" if found.total == 1 else f"{found.total:,} images"
    lines = [f"{found.name}, {found.slot.value} by {found.scorer}: {images}"]
    lines += [_line(bar, found.bars, most) for bar in found.bars]
    lines += [f"  no tag for {found.untagged:,}"] if found.untagged else []
    return "\n".join(lines) + "\n"


def _line(bar: Bar, bars: Sequence[Bar], most: int) -> str:
    widths = [max(len(getattr(each, name)) for each in bars) for name in ("tag", "scores")]
    drawn = "#" * max(round(bar.count * _WIDEST / most), bar.count > 0)
    figures = f"{bar.count:>7,} {bar.share:>6.1%}"
    return f"  {bar.tag:{widths[0]}}  {bar.scores:{widths[1]}} {figures}  {drawn}".rstrip()


def _range(above: float | None, *, included: bool) -> str:
    if above is None:
        return "the rest"
    return f"{'from' if included else 'above'} {above:g}"


def _share(count: int, total: int) -> float:
    return count / total if total else 0.0
