"""The imitated program's model in memory: its text encoders, the lock of its queue, what it keeps of encoded prompts."""

from __future__ import annotations

from contextlib import nullcontext
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.support.encoders import Encoders
from tests.webui.checkpoints import Model
from tests.webui.variants import Variant

KEPT = "encoded before"


class Encoded:
    """An encoded prompt, by the position ids that it was encoded with."""

    def __init__(self, ids: tuple[float, ...]) -> None:
        self.ids = ids

    def detach(self) -> Encoded:
        return self


class Memory:
    """What the program holds beside its registry of checkpoints."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant

        class StableDiffusionProcessing:
            cached_c = self._kept()
            cached_uc = self._kept()

            def cached_params(self) -> None:
                """No list, but of such a name."""

        class StableDiffusionProcessingTxt2Img(StableDiffusionProcessing):
            cached_hr_c = self._kept()
            cached_hr_uc = self._kept()

        self.jobs = (StableDiffusionProcessing, StableDiffusionProcessingTxt2Img)

    def _kept(self) -> list[Any]:
        return [KEPT] * (3 if self._variant.encoders_apart else 2)

    def kept(self) -> list[Any]:
        """Everything that is kept of encoded prompts."""
        lists = [value for kind in self.jobs for value in vars(kind).values() if isinstance(value, list)]
        assert len(lists) == 4
        return [entry for each in lists for entry in each]

    def modules(self) -> dict[str, ModuleType]:
        """What is loaded by the time that somebody asks for the model."""
        processing, devices = ModuleType("modules.processing"), ModuleType("modules.devices")
        processing.__dict__.update({kind.__name__: kind for kind in self.jobs}, Any=Any)
        devices.__dict__["autocast"] = nullcontext
        return {"processing": processing, "devices": devices}

    def put_encoders(self, model: Model, encoders: Encoders) -> Model:
        """Give a loaded model its text encoders where this program has them."""
        if self._variant.encoders_apart:
            clip = SimpleNamespace(cond_stage_model=encoders)
            model.__dict__["forge_objects"] = SimpleNamespace(clip=clip)
        else:
            model.__dict__["named_modules"] = encoders.named_modules
        model.__dict__["encoders"] = encoders
        if self._variant.keeps_empty_prompt:
            model.__dict__["cond_stage_model_empty_prompt"] = empty_prompt(model)
        return model


def empty_prompt(model: Any) -> Encoded:
    """The host's `get_empty_cond`."""
    return Encoded(tuple(model.encoders.position_ids.values))
