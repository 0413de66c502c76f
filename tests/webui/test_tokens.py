"""How many tokens a text has: asked of what each program has for it, as its own counter asks."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from modelwise.webui.host import TokenCount
from tests.webui.imitation import Imitation
from tests.webui.networks import taken_out

_SCHEDULE = re.compile(r"\[([^:\]]*):([^:\]]*):(\d+)\]")


def split_by_and(prompts: list[str]) -> tuple[None, list[str], None]:
    """A prompt's branches, as `get_multicond_prompt_list` gives them."""
    return None, [part for prompt in prompts for part in re.split(r"\bAND\b", prompt)], None


def schedules(prompts: list[str], steps: int) -> list[list[list[Any]]]:
    """Each prompt before and after its one switch; a switch that never comes is none."""
    found = []
    for prompt in prompts:
        before, after = _SCHEDULE.sub(r"\1", prompt), _SCHEDULE.sub(r"\2", prompt)
        switch = _SCHEDULE.search(prompt)
        comes = switch is not None and int(switch[3]) < steps
        found.append([[int(switch[3]), before], [steps, after]] if switch and comes else [[steps, before]])
    return found


def words(text: str) -> tuple[int, int]:
    """A word, a token, in chunks of 75."""
    count = len(text.split())
    return count, max(1, -(-count // 75)) * 75


@pytest.fixture
def counting(
    program: Imitation, adapter: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., TokenCount | None]:
    """Our count under the program, whose loaded model has no counter yet. `install`: puts in the host's."""

    def parse_prompt(text: str) -> tuple[str, Any]:
        texts, data = taken_out([text])
        return texts[0], data

    parser = {
        "get_multicond_prompt_list": split_by_and,
        "get_learned_conditioning_prompt_schedules": schedules,
    }
    install(monkeypatch, "extra_networks", parse_prompt=parse_prompt)
    install(monkeypatch, "prompt_parser", **parser)
    monkeypatch.setattr(program.checkpoints.model_data, "sd_model", SimpleNamespace())

    def count(text: str, steps: int = 20, *, positive: bool = True) -> TokenCount | None:
        found = adapter.WebUI().count_tokens(text, steps, positive=positive)
        assert found is None or isinstance(found, TokenCount)
        return found

    return count


def install(monkeypatch: pytest.MonkeyPatch, name: str, **contents: Any) -> None:
    module = ModuleType(f"modules.{name}")
    module.__dict__.update(contents)
    monkeypatch.setitem(sys.modules, f"modules.{name}", module)
    monkeypatch.setattr(sys.modules["modules"], name, module, raising=False)


def around_the_model(
    _program: Imitation, monkeypatch: pytest.MonkeyPatch, count: Callable[[str], Any]
) -> None:
    """AUTOMATIC1111."""
    hijack = SimpleNamespace(get_prompt_lengths=count)
    install(monkeypatch, "sd_hijack", model_hijack=hijack)


def with_the_encoder(
    program: Imitation, monkeypatch: pytest.MonkeyPatch, count: Callable[[str], Any]
) -> None:
    """reForge and Forge Classic."""

    def lengths(text: str, cond_stage_model: str) -> Any:
        assert cond_stage_model == "the text encoder"
        return count(text)

    model = SimpleNamespace(cond_stage_model="the text encoder")
    monkeypatch.setattr(program.checkpoints.model_data, "sd_model", model)
    install(monkeypatch, "sd_hijack", model_hijack=SimpleNamespace(get_prompt_lengths=lengths))


def of_the_model(program: Imitation, monkeypatch: pytest.MonkeyPatch, count: Callable[[str], Any]) -> None:
    """Forge, whose `sd_hijack` is a stub, and Forge Neo, which has none."""
    model = SimpleNamespace(get_prompt_lengths_on_ui=count)
    monkeypatch.setattr(program.checkpoints.model_data, "sd_model", model)
    install(monkeypatch, "sd_hijack", model_hijack=SimpleNamespace(get_prompt_lengths=None))


PLACES = pytest.mark.parametrize("place", [around_the_model, with_the_encoder, of_the_model])


@PLACES
def test_the_longest_schedule_counts(
    program: Imitation, monkeypatch: pytest.MonkeyPatch, counting: Callable[..., Any], place: Any
) -> None:
    place(program, monkeypatch, words)
    assert counting("a b c") == TokenCount(3, 75)
    assert counting("a [b:c d e:5]") == TokenCount(4, 75)
    assert counting("a [b:c d e:25]") == TokenCount(2, 75)
    assert counting("a [b:c d e:25]", 30) == TokenCount(4, 75)
    assert counting("a b <lora:c d e:1>") == TokenCount(2, 75)
    assert counting(" ".join("x" * 76)) == TokenCount(76, 150)
    assert counting("") == TokenCount(0, 75)


@PLACES
def test_a_negative_has_no_branches(
    program: Imitation, monkeypatch: pytest.MonkeyPatch, counting: Callable[..., Any], place: Any
) -> None:
    place(program, monkeypatch, words)
    assert counting("a b AND c") == TokenCount(2, 75)
    assert counting("a b AND c", positive=False) == TokenCount(4, 75)


def test_without_a_model_nothing_is_counted(
    program: Imitation, monkeypatch: pytest.MonkeyPatch, counting: Callable[..., Any]
) -> None:
    around_the_model(program, monkeypatch, words)
    monkeypatch.setattr(program.checkpoints.model_data, "sd_model", None)
    assert counting("a") is None


def test_a_program_without_a_counter(monkeypatch: pytest.MonkeyPatch, counting: Callable[..., Any]) -> None:
    assert counting("a") is None
    install(monkeypatch, "sd_hijack", model_hijack=SimpleNamespace())
    assert counting("a") is None


def failing(_text: str) -> Any:
    raise RuntimeError("no tokenizer")


@PLACES
@pytest.mark.parametrize("count", [lambda _text: ("-", "-"), failing], ids=["nothing to say", "an error"])
def test_a_counter_that_can_not_count(
    program: Imitation,
    monkeypatch: pytest.MonkeyPatch,
    counting: Callable[..., Any],
    place: Any,
    count: Callable[[str], Any],
) -> None:
    place(program, monkeypatch, count)
    assert counting("a") is None


def test_a_very_long_text_is_not_counted(
    program: Imitation, monkeypatch: pytest.MonkeyPatch, counting: Callable[..., Any]
) -> None:
    around_the_model(program, monkeypatch, words)
    assert counting("a " * 9_000) is not None
    assert counting("a " * 11_000) is None
