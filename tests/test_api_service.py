"""What the REST interface answers, without a web server: whose card counts, and what is refused in which words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.compile import Compiler, Request, Result
from modelwise.user_files import UserFileError
from modelwise.webui.api import messages
from modelwise.webui.api.access import basic_login
from modelwise.webui.api.openapi import as_3_0
from modelwise.webui.api.refusals import Refusal, invalid, of_user_file
from modelwise.webui.api.routes import ROUTES
from modelwise.webui.api.service import Service
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts
from tests.support import checking
from tests.support.hosts import ANIMAGINE, ANIMAGINE_3, UNKNOWN, FakeHost

OPT, OLDER = "animagine-xl-4.0-opt", "animagine-xl-3.1"
DISTILLED = CheckpointFacts(Path("animagine-xl-4.0-opt-lightning.ckpt"))
MESSY = "smile, long_hair, 1girl"


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path)
    host.current = ANIMAGINE
    return host


@pytest.fixture
def service(host: FakeHost) -> Service:
    return Service(Engine(host))


def direct(profile: str, request: Request) -> Result:
    """What the core makes of a request."""
    found = checking.compiler(profile)
    return Compiler(found.profile, checking.vocabulary()).compile(request)


@pytest.mark.parametrize("profile", ["", "auto"])
def test_without_a_profile_the_chosen_checkpoints_counts(
    service: Service, host: FakeHost, profile: str
) -> None:
    for facts, wanted in ((ANIMAGINE, OPT), (ANIMAGINE_3, OLDER), (UNKNOWN, "generic"), (None, "generic")):
        host.current = facts
        found = service.compile(Request(MESSY, profile=profile))
        assert (found.profile, found.prompt) == (wanted, direct(wanted, Request(MESSY)).prompt)
        assert service.format(messages.FormatRequest(prompt=MESSY, profile=profile)).profile == wanted
        assert service.translate(messages.TranslateRequest(prompt=MESSY)).target == wanted
        assert service.presets(messages.PresetsQuery(profile=profile)).profile == wanted
        assert service.detect(messages.DetectQuery()).profile == wanted


def test_a_named_profile_counts_whatever_is_chosen(service: Service) -> None:
    assert service.compile(Request(MESSY, profile=OLDER)).profile == OLDER


def test_a_distilled_checkpoint_keeps_its_steps_unless_a_profile_is_named(
    service: Service, host: FakeHost
) -> None:
    host.current = DISTILLED
    assert service.detect(messages.DetectQuery()).distilled
    assert service.compile(Request(MESSY)).settings == {}
    assert service.compile(Request(MESSY, profile=OPT)).settings["steps"] == 28
    assert service.compile(Request(MESSY, profile=OPT, distilled=True)).settings == {}


def test_format_adds_nothing_and_keeps_lines_and_comments(service: Service) -> None:
    text = "smile, long_hair, 1girl # a note\nnight, 1boy"
    assert service.format(messages.FormatRequest(prompt=text)).prompt == (
        "1girl, smile, long hair # a note\n1boy, night"
    )


def test_translate_says_whose_words_were_read(service: Service) -> None:
    whose = "1girl, masterpiece, best quality, very aesthetic, absurdres"
    found = service.translate(messages.TranslateRequest(prompt=whose))
    assert (found.source, found.target) == (OLDER, OPT)
    assert service.translate(messages.TranslateRequest(prompt="1girl")).source is None


@pytest.mark.parametrize(
    ("source", "target", "field"), [("nobody", "auto", "from"), ("auto", "nobody", "to")]
)
def test_a_translation_names_the_end_that_is_unknown(
    service: Service, source: str, target: str, field: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        service.translate(messages.TranslateRequest(prompt="", source=source, target=target))
    assert (refusal.value.status, refusal.value.problem.field) == (422, field)
    assert refusal.value.problem.allowed.startswith("auto, ")


def test_problems_of_profile_files_are_listed_by_the_files_name(service: Service, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").write_text("schema = 2", encoding="utf-8")
    found = service.profiles(messages.Asked())
    assert [problem.file for problem in found.problems] == ["mine.toml"]
    assert str(tmp_path) not in msgspec.json.encode(found).decode()
    assert [each.id for each in found.profiles] == list(checking.bundled())


def test_every_profile_is_given_whole(service: Service) -> None:
    for identifier, profile in checking.bundled().items():
        assert service.profile(messages.ProfileQuery(profile=identifier)) == profile


def test_a_checkpoint_in_a_folder_is_named_without_it(service: Service, host: FakeHost) -> None:
    host.listed = {"mine/anime.ckpt": CheckpointFacts(Path("/secret/mine/anime.ckpt"))}
    found = service.detect(messages.DetectQuery(checkpoint="mine/anime.ckpt"))
    assert found.checkpoint == "anime.ckpt"
    assert b"secret" not in msgspec.json.encode(found)


def test_the_vocabulary_says_what_was_wrong_with_a_list(service: Service, tmp_path: Path) -> None:
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "mine.csv").write_text("1girl,4,1,\nbroken\n", encoding="utf-8")
    found = service.vocabulary(messages.Asked())
    mine = found.lists[-1]
    assert (mine.name, mine.rows, mine.problems, mine.conflicts) == ("mine.csv", 1, 1, 1)
    assert found.tags == len(checking.vocabulary())


def test_the_users_broken_file_is_a_conflict() -> None:
    refusal = of_user_file(UserFileError("mine.toml: found x; allowed: y"))
    assert (refusal.status, refusal.problem.field) == (409, "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("prompt", "profile", "intent", "year", "settings", "policy", "untouched", "values", "name", "preset")
NAMED = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), JSON, max_size=4)
NESTED = st.dictionaries(st.sampled_from(KEYS), NAMED | JSON, max_size=5)


@given(NESTED | JSON, st.sampled_from([route.takes for route in ROUTES]))
def test_whatever_is_wrong_has_a_place(values: Any, kind: type[msgspec.Struct]) -> None:
    try:
        msgspec.json.decode(msgspec.json.encode(values), type=kind)
    except msgspec.ValidationError as error:
        problem = invalid(error, values, kind).problem
        assert problem.found
        assert problem.error.endswith(f"found {problem.found}; allowed: {problem.allowed}")
        place = problem.field
        assert not place or problem.found == "nothing" or any(place.startswith(key) for key in values)


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("ann:secret", True),
        ("ann:secret ", False),
        ("ann:", False),
        (":secret", False),
        ("ann", False),
        ("bob:", True),
        ("bob:x", False),
    ],
)
def test_a_password_is_compared_whole(sent: str, known: bool) -> None:
    passwords: Mapping[str, str] = {"ann": "secret", "bob": ""}
    assert basic_login(f"Basic {base64.b64encode(sent.encode()).decode()}", passwords) is known


@pytest.mark.parametrize(
    ("schema", "old"),
    [
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
            {"type": "string", "nullable": True, "default": None},
        ),
        (
            {"anyOf": [{"enum": ["a"]}, {"type": "null"}]},
            {"enum": ["a", None], "nullable": True},
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
        ),
        (
            {"type": "number", "exclusiveMinimum": 0},
            {"type": "number", "minimum": 0, "not": {"enum": [0]}},
        ),
        ({"type": "string"}, {"type": "string"}),
    ],
)
def test_schemas_for_an_old_host(schema: dict[str, Any], old: dict[str, Any]) -> None:
    assert as_3_0(schema) == old
