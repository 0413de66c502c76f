"""Profiles, vocabulary, detection and compilers for one host, each loaded when it is first needed."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Lock, RLock, Thread

from modelwise.checkpoint_choices import CheckpointChoices
from modelwise.compile import Compiler
from modelwise.completion_cache import Completion, CompletionCache
from modelwise.detect import Detection, Detector, Known
from modelwise.explain import Explainer
from modelwise.library import foreign_words
from modelwise.own_presets import OwnPreset, OwnPresets
from modelwise.profile_files import BUNDLED, ProfileSet, load_profiles
from modelwise.profiles import Preset, Profile
from modelwise.suggestions import Suggestions, suggestions
from modelwise.user_files import UserFileError, UserFolder
from modelwise.uses import Uses
from modelwise.vocabulary import Vocabulary
from modelwise.vocabulary_cache import VocabularyCache
from modelwise.webui.choices import AUTO, WrongChoice
from modelwise.webui.counted_texts import CountedTexts
from modelwise.webui.host import CheckpointFacts, Host

log = logging.getLogger("modelwise")


class Engine:
    """Everything that a job or the panel asks for. One for the running program."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._lock = RLock()
        self._loading = Lock()
        self._indexing = Lock()
        self._compilers: dict[str, Compiler] = {}
        self._suggestions: dict[str, Suggestions] = {}
        self._explainers: dict[str, Explainer] = {}
        self.counted_texts = CountedTexts()

    @cached_property
    def profile_set(self) -> ProfileSet:
        """The bundled profiles and the user's own."""
        found = load_profiles([BUNDLED, self.host.data_folder() / "profiles"])
        for problem in found.problems:
            log.warning("profile not loaded: %s", problem)
        return found

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
    def own_presets(self) -> OwnPresets:
        """The user's own presets."""
        return OwnPresets(UserFolder(self.host.data_folder() / "presets"))

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

    @cached_property
    def _detector(self) -> Detector:
        return Detector(self.profiles)

    def compiler(self, profile: str) -> Compiler:
        """The compiler for a profile's id."""
        with self._lock:
            if profile not in self._compilers:
                found = self.profiles[profile]
                foreign = foreign_words(self.profiles.values(), found)
                self._compilers[profile] = Compiler(found, self.vocabulary, foreign)
            return self._compilers[profile]

    def suggestions(self, profile: str) -> Suggestions:
        """What completion knows of a profile, by its id."""
        with self._lock:
            if profile not in self._suggestions:
                found = self.profiles[profile]
                made = suggestions(found, self.profiles.values(), self.vocabulary)
                self._suggestions[profile] = made
            return self._suggestions[profile]

    def explainer(self, profile: str) -> Explainer:
        """What explains that compiler's work."""
        compiler = self.compiler(profile)
        with self._lock:
            if profile not in self._explainers:
                self._explainers[profile] = Explainer(compiler)
            return self._explainers[profile]

    def detect(self, facts: CheckpointFacts | None, choice: str | None = None) -> Detection:
        """The profile for a checkpoint; `choice`: a profile's id or name, None for the recognised one."""
        with self._lock:
            file = facts.file if facts else Path()
            known = Known(
                choice=self.profile_id(choice) or self._remembered(file.name),
                sha256=facts.sha256 if facts else None,
                shorthash=facts.shorthash if facts else None,
            )
            return self._detector.detect(file, known)

    def _remembered(self, name: str) -> str | None:
        """The profile that the user has chosen for a checkpoint's file name."""
        try:
            return self.checkpoint_choices.all().get(name)
        except UserFileError as error:
            log.warning("choices for checkpoints not read: %s", error)
            return None

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
