"""The WebUI's samplers and schedulers by the names that other programs have for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sampler:
    """One sampler: the scheduler class of diffusers with its options, and ComfyUI's name."""

    diffusers: str
    comfyui: str
    options: Mapping[str, Any] = field(default_factory=dict)


SAMPLERS: Mapping[str, Sampler] = {
    "Euler a": Sampler("EulerAncestralDiscreteScheduler", "euler_ancestral"),
    "Euler": Sampler("EulerDiscreteScheduler", "euler"),
    "LMS": Sampler("LMSDiscreteScheduler", "lms"),
    "Heun": Sampler("HeunDiscreteScheduler", "heun"),
    "DDIM": Sampler("DDIMScheduler", "ddim"),
    "UniPC": Sampler("UniPCMultistepScheduler", "uni_pc"),
    "DPM++ 2M": Sampler("DPMSolverMultistepScheduler", "dpmpp_2m"),
    "DPM++ 2M SDE": Sampler(
        "DPMSolverMultistepScheduler", "dpmpp_2m_sde", {"algorithm_type": "sde-dpmsolver++"}
    ),
    "DPM++ SDE": Sampler("DPMSolverSinglestepScheduler", "dpmpp_sde"),
    "DPM++ 2S a": Sampler("DPMSolverSinglestepScheduler", "dpmpp_2s_ancestral"),
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
