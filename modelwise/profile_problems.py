"""Why a profile was not taken: which file, which key, what was found, what is allowed."""

from __future__ import annotations

import msgspec


class ProfileProblem(msgspec.Struct, frozen=True):
    """Why a profile, or a key of one, was not taken."""

    file: str
    key: str
    found: str
    allowed: str

    def __str__(self) -> str:
        at = f": {self.key}" if self.key else ""
        return f"{self.file}{at}: found {self.found}; allowed: {self.allowed}"


class ProfileError(ValueError):
    """A profile that can't be taken; `problem` says why."""

    def __init__(self, problem: ProfileProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem
