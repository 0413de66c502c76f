"""A tab's own boxes: collected by their elements, given once, then forgotten."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from modelwise.webui.host_boxes import HostBoxes


class Script:
    """A host's script that can wait for components."""

    def __init__(self) -> None:
        self.waiting: dict[str, Callable[[Any], None]] = {}

    def on_after_component(self, callback: Callable[[Any], None], *, elem_id: str) -> None:
        self.waiting[elem_id] = callback

    def make(self, *elements: str) -> None:
        """The host makes components of these elements."""
        for element in elements:
            if element in self.waiting:
                self.waiting[element](SimpleNamespace(component=f"a {element}"))


def test_the_boxes_are_given_by_our_names_when_the_last_is_there() -> None:
    script, given = Script(), list[Any]()
    boxes = HostBoxes(script, "img2img")
    script.make("img2img_prompt", "img2img_width", "txt2img_height", "img2img_sampling")
    boxes.when_there(given.append)
    assert given == []
    script.make("img2img_steps", "img2img_generation_info_button")
    assert given == [
        {
            "prompt": "a img2img_prompt",
            "width": "a img2img_width",
            "sampler": "a img2img_sampling",
            "steps": "a img2img_steps",
        }
    ]


def test_what_is_made_again_or_asked_for_later_gets_nothing() -> None:
    script, given = Script(), list[Any]()
    boxes = HostBoxes(script, "txt2img")
    boxes.when_there(given.append)
    script.make("txt2img_prompt", "txt2img_generation_info_button")
    boxes.when_there(given.append)
    script.make("txt2img_prompt", "txt2img_generation_info_button")
    assert len(given) == 1


def test_the_last_panel_asked_for_is_the_pages() -> None:
    script, first, second = Script(), list[Any](), list[Any]()
    boxes = HostBoxes(script, "txt2img")
    boxes.when_there(first.append)
    boxes.when_there(second.append)
    script.make("txt2img_prompt", "txt2img_generation_info_button")
    assert (len(first), len(second)) == (0, 1)


def test_a_host_without_this_gives_nothing_and_no_error() -> None:
    given: list[Any] = []
    HostBoxes(object(), "txt2img").when_there(given.append)
    assert given == []
