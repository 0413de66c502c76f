"""The noise schedule: put down before the model is known, kept only where the model is v-prediction."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from modelwise.profiles import NoiseSchedule, Profile
from modelwise.settings import SettingsRequest, decide
from modelwise.terms import Basis
from modelwise.webui.choices import Choices
from modelwise.webui.engine import Engine
from modelwise.webui.generation import Generation
from tests.support import checking
from tests.support.hosts import FakeHost, FakeJob

ZERO: Literal["Zero Terminal SNR"] = "Zero Terminal SNR"


def with_schedule(basis: Basis = Basis.STATED) -> Profile:
    """The first card with a noise schedule of its own."""
    profile = next(profile for profile in checking.bundled().values() if not profile.generic)
    schedule = NoiseSchedule(basis=basis, source="card", value=ZERO)
    return msgspec.structs.replace(
        profile, settings=msgspec.structs.replace(profile.settings, noise_schedule=schedule)
    )


@pytest.fixture
def generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a generation under that profile."""

    def make(predicts: str | None, **choices: Any) -> tuple[Generation, FakeJob]:
        profile = with_schedule()
        engine = Engine(FakeHost(tmp_path))
        found = dataclasses.replace(engine.profile_set, profiles={**engine.profiles, profile.id: profile})
        monkeypatch.setattr(engine, "_load_profiles", lambda: found)
        engine.forget_profiles()
        job = FakeJob()
        job.predicts = predicts
        return Generation(engine, job, Choices(mode="on", profile=profile.id, **choices)), job

    return make


@pytest.mark.parametrize("basis", [Basis.STATED, Basis.TRAINING, Basis.RELATED])
def test_set_where_it_is_founded(basis: Basis) -> None:
    values, entries = decide(with_schedule(basis), SettingsRequest(untouched=()))
    assert values == {"noise_schedule": ZERO}
    assert [entry.to for entry in entries if entry.item == "noise_schedule"] == [ZERO]


@pytest.mark.parametrize("basis", [Basis.EXAMPLE, Basis.THIRD_PARTY])
def test_not_set_on_an_examples_word(basis: Basis) -> None:
    assert "noise_schedule" not in decide(with_schedule(basis), SettingsRequest())[0]


@pytest.mark.parametrize("policy", ["keep", {"noise_schedule": "keep"}])
def test_kept_where_the_user_says_so(policy: Any) -> None:
    assert "noise_schedule" not in decide(with_schedule(), SettingsRequest(policy=policy))[0]


def test_a_v_prediction_model_keeps_it(generation: Any) -> None:
    made, job = generation("v")
    made.set_settings()
    assert job.unlisted["noise_schedule"] == ZERO
    made.set_prompts()
    assert job.unlisted["noise_schedule"] == ZERO
    assert not [text for text in job.comments if "v-prediction" in text]


@pytest.mark.parametrize("predicts", ["epsilon", None])
def test_any_other_loses_it_before_the_first_step_and_is_told_what_the_host_needs(
    generation: Any, predicts: str | None
) -> None:
    made, job = generation(predicts)
    made.set_settings()
    made.set_prompts()
    assert "noise_schedule" not in job.unlisted
    assert [text for text in job.comments if ".yaml" in text]
