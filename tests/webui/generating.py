"""The imitated sequence of one job: settings, model, prompts, batches, images, and everything restored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.webui.infotext import create_infotext
from tests.webui.options import CHECKPOINT
from tests.webui.runner import Script, finished


@dataclass
class Processed:
    """What comes of a job. `images`: their sizes; a grid comes first and has the main prompt."""

    images: list[tuple[int, int]] = field(default_factory=list)
    infotexts: list[str] = field(default_factory=list)
    comments: str = ""
    parameters_file: str = ""

    def close(self, p: Any) -> None:
        """Take over the lines under the images."""
        self.comments = "".join(f"{comment}\n" for comment in p.comments)


def process_images(p: Any) -> Processed:
    """Run a job. What an override replaced is restored, also after an error."""
    p.scripts.call("before_process", p)
    held = p.program.options.held(p.override_settings)
    try:
        _override(p)
        p.program.variant.samplers.fix(p)
        return _process(p)
    finally:
        if p.override_settings_restore_afterwards:
            _restore(p, held)


def _override(p: Any) -> None:
    """An override of a checkpoint that nobody knows is taken off the job; then the model is loaded."""
    checkpoints, options = p.program.checkpoints, p.program.options
    if p.override_settings.get(CHECKPOINT) not in checkpoints.checkpoint_aliases:
        p.override_settings.pop(CHECKPOINT, None)
        _load(p)
    for key, value in p.override_settings.items():
        options.set(key, value, is_api=True, run_callbacks=False)
        if key == CHECKPOINT:
            _load(p)
    checkpoints.reload()


def _load(p: Any) -> None:
    """Where models load late, they load after all overrides are set."""
    if not p.program.variant.lazy_model:
        p.program.checkpoints.reload()


def _restore(p: Any, held: dict[str, Any]) -> None:
    """A frozen option can't even be set to what it is, but where unchanged ones are left out."""
    for key, value in held.items():
        if p.program.variant.lazy_model:
            p.program.options.set(key, value)
        else:
            setattr(p.program.options, key, value)


def _process(p: Any) -> Processed:
    _prepare(p)
    p.scripts.call("process", p)
    p.init()
    result = Processed()
    for batch in range(p.n_iter):
        p.iteration = batch
        p.program.checkpoints.reload()
        _process_batch(p, result)
    _add_grid(p, result)
    result.close(p)
    p.scripts.call("postprocess", p, result)
    return result


def _prepare(p: Any) -> None:
    info = p.sd_model.sd_checkpoint_info
    p.sd_model_name, p.sd_model_hash = info.name_for_extra, p.sd_model.sd_model_hash
    p.setup_prompts()
    seed = p.program.random_seed() if p.seed == -1 else p.seed
    p.all_seeds = seed if isinstance(seed, list) else [seed + place for place in range(len(p.all_prompts))]


def _slice(p: Any) -> None:
    batch = slice(p.iteration * p.batch_size, (p.iteration + 1) * p.batch_size)
    p.prompts, p.negative_prompts = p.all_prompts[batch], p.all_negative_prompts[batch]
    p.seeds = p.all_seeds[batch]


def _process_batch(p: Any, result: Processed) -> None:
    _slice(p)
    told = {"batch_number": p.iteration, "prompts": p.prompts, "seeds": p.seeds}
    p.scripts.call("before_process_batch", p, **told)
    p.parse_extra_network_prompts()
    p.activate(p.extra_network_data)
    p.scripts.call("process_batch", p, **{**told, "prompts": p.prompts})
    p.setup_conditions()
    if p.iteration == 0:
        result.parameters_file = create_infotext(p, p.all_prompts, p.all_negative_prompts, p.all_seeds)
    size = p.sample()
    _slice(p)  # the prompts come back as they were, networks and all
    for place in range(len(p.prompts)):
        p.batch_index = place
        p.scripts.call("postprocess_image", p, finished(size))
        if hasattr(Script, "postprocess_image_after_composite"):
            p.scripts.call("postprocess_image_after_composite", p, finished(size))
        result.images.append(size)
        result.infotexts.append(create_infotext(p, p.prompts, p.negative_prompts, p.seeds, place))


def _add_grid(p: Any, result: Processed) -> None:
    """The page shows several images as a grid first."""
    if p.do_not_save_grid or len(result.images) < 2:
        return
    wide, high = result.images[0]
    result.images.insert(0, (wide * len(result.images), high))
    result.infotexts.insert(0, create_infotext(p, p.prompts, p.negative_prompts, p.seeds, main=True))
