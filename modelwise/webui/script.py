"""The always-visible script: hands each hook of the WebUI to ours; the `Generation` stays on the job."""

from __future__ import annotations

from typing import Any

from modelwise.webui import adapter, api_description, hooks, panel_events
from modelwise.webui.host_boxes import HostBoxes
from modelwise.webui.register import engine
from modelwise.webui.xyz import AXES


class ModelwiseScript(adapter.ScriptBase):  # type: ignore[misc]  # the host does not type it
    """Modelwise in txt2img and img2img. `section`: the panel stands under the prompt boxes."""

    section = "prompt"
    _information: Any = None

    def title(self) -> str:
        """The name that API clients use."""
        return "Modelwise"

    def show(self, is_img2img: bool) -> Any:
        """Shown in both tabs, without being chosen. The tab's own boxes are waited for from here on.

        The host asks every script before the first one makes its boxes: so the plot gets our axes here.
        """
        adapter.add_axes(AXES, engine())
        self._boxes = HostBoxes(self, "img2img" if is_img2img else "txt2img")
        return adapter.ALWAYS_VISIBLE

    def ui(self, is_img2img: bool) -> list[Any]:
        """The panel. Called again for the API's defaults, when the tab has its boxes long since."""
        built = panel_events.build(engine(), "img2img" if is_img2img else "txt2img")
        self.infotext_fields = built.infotext_fields
        self._boxes.when_there(built.bind)
        return built.controls

    @property
    def api_info(self) -> Any:
        """What API clients are told of our arguments."""
        return self._information

    @api_info.setter
    def api_info(self, information: Any) -> None:
        """The host makes it of the panel's controls, which speak to a reader of the page."""
        self._information = api_description.described(information)

    def before_process(self, p: Any, *arguments: Any) -> None:
        """Settings. The same job may come again (loopback, plots)."""
        hooks.begun(engine(), p, adapter.task())
        job, picked = adapter.WebUIJob(p), adapter.picked(p)
        adapter.keep(p, hooks.before_process(engine(), job, arguments, adapter.kept(p), picked))

    def process(self, p: Any, *_arguments: Any) -> None:
        """Prompts, in all lists."""
        hooks.process(adapter.kept(p))

    def process_before_every_sampling(self, p: Any, *_arguments: Any, **_more: Any) -> None:
        """The last look."""
        hooks.before_every_sampling(adapter.kept(p))

    def postprocess_image(self, p: Any, image: Any = None, *_arguments: Any) -> None:
        """Each image's own line in the infotext."""
        hooks.postprocess_image(adapter.kept(p))
        if not adapter.GIVES_FINISHED_IMAGES:
            self._score(p, image)

    def postprocess_image_after_composite(self, p: Any, image: Any, *_arguments: Any) -> None:
        """The image as it will be saved: other extensions have done their work on it."""
        self._score(p, image)

    def postprocess(self, p: Any, *_arguments: Any) -> None:
        """The job has ended; other extensions call this amid their work, too."""
        hooks.finished(engine(), p)

    def _score(self, p: Any, image: Any) -> None:
        hooks.score_image(engine(), adapter.WebUIJob(p), getattr(image, "image", None), adapter.kept(p))
