"""What the commands of one call share: profiles, tag lists and compilers, each loaded when first needed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TextIO

import msgspec

from modelwise.compile import Compiler, Request, Result
from modelwise.library import foreign_words
from modelwise.profile_files import BUNDLED, ProfileSet, load_profiles
from modelwise.profiles import Profile
from modelwise.tag_files import bundled_lists, read_csv
from modelwise.vocabulary import Vocabulary


class Session:
    """What the commands of one call share, each part loaded when it is first needed."""

    def __init__(self, folders: Sequence[Path], files: Sequence[Path], errors: TextIO) -> None:
        self._folders = folders
        self._files = files
        self._errors = errors
        self._compilers: dict[str, Compiler] = {}

    @cached_property
    def profile_set(self) -> ProfileSet:
        """The bundled profiles and those of `--profiles`; problems go to the error stream."""
        found = load_profiles([BUNDLED, *self._folders])
        for problem in found.problems:
            self._errors.write(f"{problem}\n")
        return found

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Our own lists and those of `--vocabulary`; problems go to the error stream."""
        lists = [read_csv(file) for file in self._files]
        for tag_list in lists:
            for problem in tag_list.problems:
                self._errors.write(f"{tag_list.name}: {problem}\n")
            if tag_list.problem_count:
                self._errors.write(f"{tag_list.name}: {tag_list.problem_count} lines with problems\n")
        return Vocabulary([*bundled_lists(), *lists])

    def load(self) -> None:
        """Load everything now, so that what is missing ends the call before its first answer."""
        _ = self.vocabulary, self.profile_set

    def profile(self, identifier: str) -> Profile:
        """A profile by its id.

        Raises ValueError with the ids that there are.
        """
        profiles = self.profile_set.profiles
        if identifier not in profiles:
            raise ValueError(f"profile: found {identifier!r}; allowed: {', '.join(sorted(profiles))}")
        return profiles[identifier]

    def compiler(self, identifier: str) -> Compiler:
        """The compiler for a profile."""
        profile = self.profile(identifier)
        if identifier not in self._compilers:
            foreign = foreign_words(self.profile_set.profiles.values(), profile)
            self._compilers[identifier] = Compiler(profile, self.vocabulary, foreign)
        return self._compilers[identifier]

    def compile(self, request: Request) -> Result:
        """Compile one request under the profile that it names."""
        return self.compiler(request.profile).compile(request)


def utf8(argument: str) -> str:
    """An argument as UTF-8, whatever the locale has made of its bytes."""
    return os.fsencode(argument).decode("utf-8", "replace")


def json_text(value: object) -> str:
    """A value as indented JSON, with a line end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
