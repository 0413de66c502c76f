"""Profiles, vocabulary, detection and compilers for one host, each loaded when it is first needed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Event, Lock, RLock, Thread

from modelwise.checkpoint_choices import CheckpointChoices
from modelwise.compile import Compiler
from modelwise.completion_cache import Completion, CompletionCache
from modelwise.detect import Detection, Detector, Known
from modelwise.explain import Explainer
from modelwise.library import foreign_words
from modelwise.own_presets import OwnPreset, OwnPresets
from modelwise.own_profiles import OwnProfiles
from modelwise.own_tag_lists import OwnTagLists
from modelwise.profile_files import BUNDLED, ProfileSet, load_profiles
from modelwise.profiles import Preset, Profile
from modelwise.suggestions import Suggestions, suggestions
from modelwise.user_files import UserFileError, UserFolder
from modelwise.uses import Uses
from modelwise.vocabulary import Vocabulary
from modelwise.vocabulary_cache import VocabularyCache
from modelwise.webui.choices import AUTO, WrongChoice
from modelwise.webui.counted_texts import CountedTexts
from modelwise.webui.given_images import GivenImages
from modelwise.webui.host import CheckpointFacts, Host
from modelwise.webui.image_scores import ImageScores
from modelwise.webui.timings import Timings

log = logging.getLogger("modelwise")


class _Read:
    """What follows from one reading of the profiles, and from one of the vocabulary."""

    def __init__(self, profiles: ProfileSet, detector: Detector | None = None) -> None:
        self.profiles = profiles
        self.detector = detector or Detector(profiles.profiles)
        self.compilers: dict[str, Compiler] = {}
        self.explainers: dict[str, Explainer] = {}
        self.suggestions: dict[str, Suggestions] = {}


class Engine:
    """Everything that a job or the panel asks for. One for the running program."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._lock = RLock()
        self._reading = Lock()
        self._loading = Lock()
        self._indexing = Lock()
        self._latest: _Read | None = None
        self.closing = Event()
        self.given_images = GivenImages(host, self.closing)
        self.timings = Timings()
        self.counted_texts = CountedTexts()

    def _read(self) -> _Read:
        with self._reading:
            if self._latest is None:
                self._latest = _Read(self._load_profiles())
            return self._latest

    def _load_profiles(self) -> ProfileSet:
        with self.timings.measured("profiles"):
            found = load_profiles([BUNDLED, self.host.data_folder() / "profiles"])
        for problem in found.problems:
            log.warning("profile not loaded: %s", problem)
        return found

    def forget_profiles(self) -> None:
        """Read the profiles again when they are next needed; work that has begun ends with the old ones."""
        with self._reading:
            self._latest = None
        self.counted_texts.forget()

    def forget_vocabulary(self) -> None:
        """Read the tag lists again when they are next needed; work that has begun ends with the old ones."""
        with self._loading:
            self.__dict__.pop("_vocabulary", None)
        with self._reading:  # compilers hold lists; what one of them reads meanwhile goes with them
            if self._latest is not None:
                self._latest = _Read(self._latest.profiles, self._latest.detector)
        self.counted_texts.forget()

    def close(self) -> None:
        """The program lets go of us: what runs on threads of its own ends, and memory is given back."""
        self.closing.set()
        self.given_images.rest()

    @property
    def profile_set(self) -> ProfileSet:
        """The bundled profiles and the user's own."""
        return self._read().profiles

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """All profiles that loaded, by id."""
        return self.profile_set.profiles

    @property
    def vocabulary(self) -> Vocabulary:
        """Our own lists, a neighbour's, and the CSVs of the user's folder `modelwise/tags`, loaded once."""
        with self._loading:
            return self._vocabulary

    def load_ahead(self) -> Thread:
        """Load the vocabulary on a thread of its own, before a prompt has to wait for it."""
        thread = Thread(target=self._load, name="modelwise vocabulary", daemon=True)
        thread.start()
        return thread

    def _load(self) -> None:
        with suppress(OSError):  # whoever needs the vocabulary meets it again, and says so
            _ = self.vocabulary

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        with self.timings.measured("tag lists"):
            found = VocabularyCache(self.host.data_folder() / "cache").load(self._lists())
        for source in found.sources:
            for problem in source.problems:
                log.warning("%s: %s", source.name, problem)
            if source.problem_count:
                log.warning("%s: %d lines with problems, the rest is used", source.name, source.problem_count)
        return found

    def _lists(self) -> list[Path]:
        """A neighbour's lists, then the user's, those that can be read."""
        files = [*self.host.tag_lists(), *sorted(self.host.data_folder().glob("tags/*.csv"))]
        return [file for file in files if _can_be_read(file)]

    def completion_version(self) -> str:
        """What names the index of the lists that are there now. Raises OSError."""
        return self._completion.version(self._lists())

    def completion_index(self) -> Completion:
        """The index of the lists that are there now. Raises OSError."""
        with self._indexing:
            return self._completion.load(self._lists())

    @cached_property
    def _completion(self) -> CompletionCache:
        return CompletionCache(self.host.data_folder() / "cache")

    @cached_property
    def own_profiles(self) -> OwnProfiles:
        """The files of the user's own profiles."""
        return OwnProfiles(UserFolder(self.host.data_folder() / "profiles"))

    @cached_property
    def own_presets(self) -> OwnPresets:
        """The user's own presets."""
        return OwnPresets(UserFolder(self.host.data_folder() / "presets"))

    @cached_property
    def own_tag_lists(self) -> OwnTagLists:
        """The files of the user's own tag lists."""
        return OwnTagLists(UserFolder(self.host.data_folder() / "tags"))

    @cached_property
    def image_scores(self) -> ImageScores:
        """The scores of generated images."""
        return ImageScores(self.host.data_folder() / "scores")

    @cached_property
    def checkpoint_choices(self) -> CheckpointChoices:
        """The profiles that the user has chosen for checkpoints."""
        return CheckpointChoices(UserFolder(self.host.data_folder()))

    @cached_property
    def uses(self) -> Uses:
        """How often the user has taken each suggestion."""
        return Uses(UserFolder(self.host.data_folder()))

    def presets(self, profile: Profile) -> tuple[Preset | OwnPreset, ...]:
        """The card's presets, then the user's own. An own file that can't be read is logged and left out."""
        try:
            return (*profile.presets, *self.own_presets.of(profile.id))
        except UserFileError as error:
            log.warning("own presets not read: %s", error)
            return profile.presets

    def compiler(self, profile: str) -> Compiler:
        """The compiler for a profile's id."""
        return self._compiler(self._read(), profile)

    def _compiler(self, read: _Read, profile: str) -> Compiler:
        with self._lock:
            if profile not in read.compilers:
                profiles = read.profiles.profiles
                foreign = foreign_words(profiles.values(), profiles[profile])
                read.compilers[profile] = Compiler(profiles[profile], self.vocabulary, foreign)
            return read.compilers[profile]

    def suggestions(self, profile: str) -> Suggestions:
        """What completion knows of a profile, by its id."""
        read = self._read()
        with self._lock:
            if profile not in read.suggestions:
                profiles = read.profiles.profiles
                made = suggestions(profiles[profile], profiles.values(), self.vocabulary)
                read.suggestions[profile] = made
            return read.suggestions[profile]

    def explainer(self, profile: str) -> Explainer:
        """What explains that compiler's work."""
        read = self._read()
        compiler = self._compiler(read, profile)
        with self._lock:
            if profile not in read.explainers:
                read.explainers[profile] = Explainer(compiler)
            return read.explainers[profile]

    def detect(self, facts: CheckpointFacts | None, choice: str | None = None) -> Detection:
        """The profile for a checkpoint; `choice`: a profile's id or name, None for the recognised one."""
        name = facts.file.name if facts else ""
        return self._detected(facts, self.profile_id(choice) or self._remembered().get(name))

    def detect_each(self, listed: Mapping[str, CheckpointFacts]) -> Iterator[tuple[str, Detection]]:
        """The profiles of many checkpoints, each when it is asked for, with the names that they came with."""
        remembered = self._remembered()
        for name, facts in listed.items():
            yield name, self._detected(facts, remembered.get(facts.file.name))

    def _detected(self, facts: CheckpointFacts | None, choice: str | None) -> Detection:
        if facts is None:
            return self._read().detector.detect(Path(), Known(choice))
        return self._read().detector.detect(facts.file, Known(choice, facts.sha256, facts.shorthash))

    def _remembered(self) -> Mapping[str, str]:
        """The profiles that the user has chosen, by the checkpoint's file name."""
        try:
            return self.checkpoint_choices.all()
        except UserFileError as error:
            log.warning("choices for checkpoints not read: %s", error)
            return {}

    def profile_id(self, choice: str | None) -> str | None:
        """The id of a profile given by id or name; None for the recognised one."""
        if not choice or choice.lower() == AUTO:
            return None
        if choice in self.profiles:
            return choice
        named = (profile.id for profile in self.profiles.values() if profile.name == choice)
        found = next(named, None)
        if found is None:
            raise WrongChoice(f"profile: found {choice!r}; allowed: auto, {', '.join(self.profiles)}")
        return found


def _can_be_read(file: Path) -> bool:
    try:
        file.open("rb").close()
    except OSError as error:
        log.warning("tag list not read: %s: %s", file.name, error.strerror)
        return False
    return True
