"""What a model card says, as data: the frozen structures of `presets/*.toml`.

Each table that states something has its basis and source; what a card does not say stays empty.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from modelwise.terms import Architecture, Pixels, Positive, QualityLevel, Rating, Slot, Sourced, Struct, Tag
from modelwise.thresholds import Scorer


class Source(Struct, frozen=True):
    """A document that values were taken from."""

    id: str
    name: str
    url: str = ""


class Licence(Struct, frozen=True):
    """A licence as the card names it."""

    name: str
    url: str = ""
    note: str = ""


class RelatedFile(Struct, frozen=True):
    """A file or model that belongs to this one: a prior, a scorer, a conversion."""

    name: str
    role: str
    url: str = ""


class MetadataValue(Struct, frozen=True):
    """A safetensors metadata entry that identifies the model."""

    key: str
    value: str


class Match(Struct, frozen=True):
    """How a checkpoint is recognised. Names are whole file stems, never parts of one."""

    names: tuple[str, ...] = ()
    sha256: tuple[Annotated[str, Meta(pattern="^[0-9a-f]{64}$")], ...] = ()
    autov2: tuple[Annotated[str, Meta(pattern="^[0-9a-f]{10}$")], ...] = ()
    metadata: tuple[MetadataValue, ...] = ()


class Spelling(Sourced, frozen=True):
    """How the model's captions spell a tag."""

    underscores: Literal["spaces", "keep"] = "spaces"
    parentheses: Literal["escape", "keep"] = "escape"
    case: Literal["lower", "keep"] = "lower"
    artist_prefix: str | None = None


Block = Slot | tuple[Slot, ...]


class Order(Sourced, frozen=True):
    """The trained order: slots, or slots mixed in one place. `separator`: before shuffled tags."""

    slots: Annotated[tuple[Block, ...], Meta(min_length=1)]
    accepted: tuple[tuple[Block, ...], ...] = ()
    separator: Annotated[str, Meta(pattern="^[^,\\s]*$")] = ""


class Word(Struct, frozen=True):
    """One word of a ranked vocabulary; `low` marks the words nobody wants in an image."""

    tag: Tag
    low: bool = False
    count: Annotated[int, Meta(ge=0)] | None = None
    criterion: str = ""


class Words(Sourced, frozen=True):
    """The words of one slot, best to worst where the card ranks them."""

    words: tuple[Word, ...]


class Ratings(Sourced, frozen=True):
    """The literal tags of each rating, by meaning."""

    general: tuple[Tag, ...] = ()
    sensitive: tuple[Tag, ...] = ()
    questionable: tuple[Tag, ...] = ()
    explicit: tuple[Tag, ...] = ()
    counts: dict[str, int] = {}


class Era(Struct, frozen=True):
    """A year tag and the calendar years that it stands for, both included."""

    tag: Tag
    first: Annotated[int, Meta(ge=1900, le=2100)]
    last: Annotated[int, Meta(ge=1900, le=2100)]


class Years(Sourced, frozen=True):
    """Years by era, or, where `prefix` is given, by number from `first` to `last`."""

    eras: tuple[Era, ...] = ()
    prefix: str = ""
    first: Annotated[int, Meta(ge=1900, le=2100)] | None = None
    last: Annotated[int, Meta(ge=1900, le=2100)] | None = None


class Pattern(Struct, frozen=True):
    """Tags known by how they begin or end. Plain text, never a regular expression."""

    slot: Slot
    prefix: str = ""
    suffix: str = ""


class Vocabulary(Struct, frozen=True):
    """The model's own words, by slot. `extra`: in the quality block where injected; typed, they stay put."""

    subject: Words | None = None
    quality: Words | None = None
    score: Words | None = None
    aesthetic: Words | None = None
    meta: Words | None = None
    custom: Words | None = None
    extra: Words | None = None
    rating: Ratings | None = None
    year: Years | None = None
    patterns: tuple[Pattern, ...] = ()


class Injection(Sourced, frozen=True):
    """What one level adds: whole tags, as the card spells them."""

    positive: tuple[Tag, ...] = ()
    negative: tuple[Tag, ...] = ()


class Inject(Struct, frozen=True):
    """The levels that the model's sources have."""

    quality: dict[QualityLevel, Injection] = {}
    aesthetic: dict[Literal["high"], Injection] = {}


class Number(Sourced, frozen=True):
    """A number and the range that the card allows."""

    value: Positive | Annotated[float, Meta(gt=0)] | None = None
    minimum: Annotated[float, Meta(gt=0)] | None = None
    maximum: Annotated[float, Meta(gt=0)] | None = None


class Sampler(Sourced, frozen=True):
    """A sampler with its scheduler by the WebUI's names, and what to take where a host lacks it."""

    sampler: Tag
    scheduler: Tag = "Automatic"
    fallback: tuple[Tag, ...] = ()


class Size(Struct, frozen=True):
    """A trained size in pixels with the card's name for it."""

    width: Pixels
    height: Pixels
    name: str = ""


class DefaultSize(Sourced, frozen=True):
    """The size in pixels that is set unless the user has chosen one."""

    width: Pixels
    height: Pixels


class Sizes(Sourced, frozen=True):
    """All trained sizes."""

    sizes: tuple[Size, ...]


class Hires(Sourced, frozen=True):
    """Advice for the second pass; shown, never switched on."""

    text: str


class NoiseSchedule(Sourced, frozen=True):
    """The noise schedule of a v-prediction model, by the WebUI's name."""

    value: Literal["Zero Terminal SNR"] | None = None


class Settings(Struct, frozen=True):
    """What the card says of the generation settings."""

    size: DefaultSize | None = None
    sizes: Sizes | None = None
    cfg_scale: Number | None = None
    steps: Number | None = None
    sampler: Sampler | None = None
    clip_skip: Number | None = None
    noise_schedule: NoiseSchedule | None = None
    hires: Hires | None = None


class PresetSettings(Struct, frozen=True):
    """The settings of a preset; what is absent is not touched."""

    width: Pixels | None = None
    height: Pixels | None = None
    cfg_scale: Annotated[float, Meta(gt=0)] | None = None
    steps: Positive | None = None
    sampler: str | None = None
    scheduler: str | None = None


class Preset(Sourced, frozen=True):
    """A named one-click choice."""

    name: Tag
    quality: QualityLevel | None = None
    rating: Rating | None = None
    year: int | None = None
    settings: PresetSettings = PresetSettings()


class Limit(Sourced, frozen=True):
    """A limit that the card states, and when it is worth a word (`note`: only in the card's view)."""

    when: Literal["area", "plain language", "several characters", "note"]
    text: Tag


class Example(Sourced, frozen=True):
    """A prompt from the card, or of basis third_party in its form: a fixed point of ordering, and a test."""

    prompt: Tag
    negative: str = ""
    width: Pixels | None = None
    height: Pixels | None = None
    cfg_scale: float | None = None
    steps: Positive | None = None


class Profile(Struct, frozen=True):
    """One model's card."""

    schema: Literal[1]
    id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9.-]*$")]
    version: Positive
    name: Tag
    family: str
    extends: str | None = None
    same_card: bool = False
    without: tuple[str, ...] = ()
    architecture: Architecture = "unknown"
    prediction: Literal["epsilon", "v"] | None = None
    hosts: tuple[str, ...] = ()
    captions: Literal["tags", "tags+text", "text"] | None = None
    licences: tuple[Licence, ...] = ()
    sources: tuple[Source, ...] = ()
    related: tuple[RelatedFile, ...] = ()
    knowledge_cutoff: str | None = None
    generic: bool = False
    match: Match = Match()
    spelling: Spelling | None = None
    order: Order | None = None
    vocabulary: Vocabulary = Vocabulary()
    inject: Inject = Inject()
    settings: Settings = Settings()
    scores: tuple[Scorer, ...] = ()
    presets: tuple[Preset, ...] = ()
    limits: tuple[Limit, ...] = ()
    examples: tuple[Example, ...] = ()
