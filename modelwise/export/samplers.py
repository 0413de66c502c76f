"""The WebUI's samplers and schedulers by the names that other programs have for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_SIGMAS = frozenset({"use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"})
_SPACING, _ZERO_SNR = frozenset({"timestep_spacing"}), frozenset({"rescale_betas_zero_snr"})
_ALL = _SIGMAS | _SPACING | _ZERO_SNR


@dataclass(frozen=True, slots=True)
class Sampler:
    """One sampler: ComfyUI's name, the scheduler class of diffusers, which options that takes, and which it
    always gets."""

    comfyui: str
    diffusers: str
    takes: frozenset[str] = _ALL
    options: Mapping[str, Any] = field(default_factory=dict)


SAMPLERS: Mapping[str, Sampler] = {
    "Euler a": Sampler("euler_ancestral", "EulerAncestralDiscreteScheduler", _SPACING | _ZERO_SNR),
    "Euler": Sampler("euler", "EulerDiscreteScheduler"),
    "Heun": Sampler("heun", "HeunDiscreteScheduler", _SIGMAS | _SPACING),
    "DDIM": Sampler("ddim", "DDIMScheduler", _SPACING | _ZERO_SNR),
    "UniPC": Sampler("uni_pc", "UniPCMultistepScheduler"),
    "DPM++ 2M": Sampler("dpmpp_2m", "DPMSolverMultistepScheduler"),
    "DPM++ 2M SDE": Sampler(
        "dpmpp_2m_sde", "DPMSolverMultistepScheduler", options={"algorithm_type": "sde-dpmsolver++"}
    ),
    "DPM++ SDE": Sampler("dpmpp_sde", "DPMSolverSinglestepScheduler", _SIGMAS),
    "DPM++ 2S a": Sampler("dpmpp_2s_ancestral", "DPMSolverSinglestepScheduler", _SIGMAS),
}
COMFYUI_SCHEDULERS: Mapping[str, str] = {
    "Automatic": "normal",
    "Uniform": "normal",
    "Karras": "karras",
    "Exponential": "exponential",
    "SGM Uniform": "sgm_uniform",
    "Simple": "simple",
    "DDIM": "ddim_uniform",
    "Beta": "beta",
}
DIFFUSERS_SCHEDULES: Mapping[str, Mapping[str, Any]] = {
    "Automatic": {},
    "Uniform": {},
    "Karras": {"use_karras_sigmas": True},
    "Exponential": {"use_exponential_sigmas": True},
    "SGM Uniform": {"timestep_spacing": "trailing"},
    "Beta": {"use_beta_sigmas": True},
}
NEAR = frozenset({"DPM++ SDE", "DPM++ 2S a"})
"""Samplers that diffusers has only a relative of."""

OWN_SCHEDULE: Mapping[str, str] = {
    "DPM++ 2M": "Karras",
    "DPM++ 2M SDE": "Exponential",
    "DPM++ SDE": "Karras",
    "DPM++ 2S a": "Karras",
}
"""What the scheduler Automatic means for samplers that have one of their own."""


def schedule(sampler: str, scheduler: str) -> str:
    """The scheduler that the WebUI takes."""
    return OWN_SCHEDULE.get(sampler, scheduler) if scheduler == "Automatic" else scheduler
