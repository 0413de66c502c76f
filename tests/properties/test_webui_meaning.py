"""The meaning invariant by the WebUI's own parser (`pytest --webui DIR`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from modelwise.compile import Request, Switches
from modelwise.intent import Intent
from tests.support import oracle, strategies
from tests.support.checking import bundled, compiler
from tests.support.corpus import corpus

ORDER_ONLY = Switches(quality=False, negative=False, settings=False, spelling=False)


@pytest.fixture(scope="module")
def judge(webui: Path, shared_file: Callable[[str], Path]) -> ModuleType:
    """The oracle over the given checkout."""
    pytest.importorskip("lark", reason="the WebUI's parser needs lark")
    return oracle.load(shared_file("tools/meaning_oracle.py"), webui)


def test_the_judge_can_say_no(judge: ModuleType) -> None:
    """A lost tag, a changed weight and a tag in another chunk are noticed."""
    for before, after in (("a, b", "a"), ("a, (b:1.2)", "a, b"), ("a BREAK b", "b BREAK a")):
        assert not judge.check(before, after).ok


@pytest.mark.parametrize("profile", sorted(bundled()))
def test_our_own_prompts(judge: ModuleType, profile: str) -> None:
    """The whole corpus, with everything on, and with order alone."""
    requests = [
        Request(text, switches=switches) for text in corpus() for switches in (Switches(), ORDER_ONLY)
    ]
    found = [line for request in requests for line in oracle.disagreements(judge, compiler(profile), request)]
    assert not found, "\n".join(found)


@settings(
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(strategies.profile_ids(), strategies.well_formed(), strategies.intents(), strategies.switches())
def test_well_formed_prompts(
    judge: ModuleType, profile: str, text: str, intent: Intent, switches: Switches
) -> None:
    """Generated prompts of the whole grammar."""
    request = Request(text, intent=intent, switches=switches)
    assert not oracle.disagreements(judge, compiler(profile), request)


@settings(
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(strategies.profile_ids(), strategies.mutated(), strategies.switches())
def test_damaged_prompts(judge: ModuleType, profile: str, text: str, switches: Switches) -> None:
    """Generated prompts with something broken in them."""
    assert not oracle.disagreements(judge, compiler(profile), Request(text, switches=switches))
