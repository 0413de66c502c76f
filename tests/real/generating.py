"""Asks a running WebUI for images and takes the answers apart: pixels, infotexts, our record."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.real.running import RunningWebUI

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEY = "Modelwise"
OPT = "animagine-xl-4.0-opt.safetensors"
OLDER = "animagine-xl-3.1.safetensors"
ANYTHING = "anything-v3-1.safetensors"
UNKNOWN = "someUnknownMix_v3.safetensors"
ON = ("on",)

_PAIR = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


class Infotext(NamedTuple):
    """An infotext in its parts; the values of `params` are strings, quotes taken off."""

    prompt: str
    negative: str
    params: dict[str, str]

    @property
    def record(self) -> Any:
        """Our own record, or None."""
        return json.loads(self.params[KEY]) if KEY in self.params else None

    @property
    def schedule(self) -> str:
        """The schedule type; hosts that carry it in their samplers' names read a missing one as this, too."""
        return self.params.get("Schedule type", "Automatic")

    @property
    def settings(self) -> str:
        """Size, sampler, schedule type, CFG scale and steps in one line."""
        size, sampler, scale, steps = (
            self.params[name] for name in ("Size", "Sampler", "CFG scale", "Steps")
        )
        return f"{size}, {sampler}, {self.schedule}, {scale}, {steps}"


def read_infotext(text: str) -> Infotext:
    """Take an infotext apart."""
    *words, last = text.split("\n")
    pairs = ((name.strip(), value) for name, value in _PAIR.findall(last))
    params = {name: json.loads(value) if value.startswith('"') else value for name, value in pairs}
    head = "\n".join(words)
    prompt, found, negative = head.partition("Negative prompt: ")
    return Infotext(prompt.removesuffix("\n") if found else head, negative, params)


class Images(NamedTuple):
    """What came back. `pixels`: the compressed image data of each PNG, without its texts."""

    infotexts: list[Infotext]
    raw: list[str]
    pixels: list[bytes]
    files: list[bytes]
    comments: str

    @property
    def first(self) -> Infotext:
        """The infotext of the first image."""
        return self.infotexts[0]


def body(arguments: Sequence[Any] | None = None, checkpoint: str = OPT, **more: Any) -> dict[str, Any]:
    """A small request; `arguments` are those of our script, None: it is not mentioned."""
    request: dict[str, Any] = {
        "prompt": "smile, 1girl",
        "seed": 1,
        "steps": 2,
        "width": 64,
        "height": 64,
        **more,
    }
    if request.get(
        "enable_hr"
    ):  # Forge fails on a second pass that is not told its modules; others have none
        request.setdefault("hr_additional_modules", ["Use same choices"])
    request["override_settings"] = {"sd_model_checkpoint": checkpoint, **more.get("override_settings", {})}
    if arguments is not None:
        request["alwayson_scripts"] = {KEY: {"args": list(arguments)}}
    return request


def generate(
    webui: RunningWebUI,
    arguments: Sequence[Any] | None = None,
    checkpoint: str = OPT,
    path: str = "txt2img",
    **more: Any,
) -> Images:
    """Ask for images."""
    answer = webui.post(f"/sdapi/v1/{path}", body(arguments, checkpoint, **more))
    info = json.loads(answer["info"])
    files = [base64.b64decode(image) for image in answer["images"]]
    raw = info["infotexts"]
    return Images(
        [read_infotext(text) for text in raw],
        raw,
        [pixels(file) for file in files],
        files,
        str(info.get("comments") or ""),
    )


@contextmanager
def same_checkpoint(webui: RunningWebUI) -> Iterator[None]:
    """What is chosen is chosen again afterwards: later tests find it, and Forge fails on one whose file is gone."""
    chosen = webui.get("/sdapi/v1/options")["sd_model_checkpoint"]
    try:
        yield
    finally:
        webui.post("/sdapi/v1/options", {"sd_model_checkpoint": chosen})


def in_names_of(webui: RunningWebUI, sampler: str, schedule: str) -> tuple[str, str]:
    """A sampler and its schedule as the host writes them: apart, or in one name where it lists such a one."""
    one = f"{sampler} {schedule}"
    listed = {found["name"] for found in webui.get("/sdapi/v1/samplers")}
    return (one, "Automatic") if one in listed else (sampler, schedule)


def script_arguments(webui: RunningWebUI, name: str, given: Sequence[Any]) -> list[Any]:
    """A script's arguments, those that are not given as the program itself has them: it may have more."""
    listed = next(one for one in webui.get("/sdapi/v1/script-info") if one["name"] == name.lower())
    return [*given, *(argument["value"] for argument in listed["args"][len(given) :])]


def axis_labels(webui: RunningWebUI, *, is_img2img: bool = False) -> list[str]:
    """The axes that the plot offers, in the order of their numbers."""
    labels: list[str] = _plot(webui, is_img2img)[0]["choices"]
    return labels


def plot_arguments(
    webui: RunningWebUI,
    axes: Sequence[tuple[str, str]],
    ticked: Sequence[str] = (),
    *,
    is_img2img: bool = False,
) -> list[Any]:
    """The plot's arguments for axes by name, their values as text. `ticked`: its boxes beside that one."""
    labels = axis_labels(webui, is_img2img=is_img2img)
    chosen: list[Any] = []
    for label, values in [*axes, *[("Nothing", "")] * (3 - len(axes))]:
        chosen += [labels.index(label), values, []]
    boxes = {"Use text inputs instead of dropdowns", *ticked}
    options = _plot(webui, is_img2img)[len(chosen) :]
    assert boxes <= {option["label"] for option in options}
    return [
        *chosen,
        *(
            option["label"] in boxes if isinstance(option["value"], bool) else option["value"]
            for option in options
        ),
    ]


def _plot(webui: RunningWebUI, is_img2img: bool) -> list[dict[str, Any]]:
    """What the API says of the plot's arguments; programs differ in their options."""
    plots = [one for one in webui.get("/sdapi/v1/script-info") if one["name"] == "x/y/z plot"]
    found: list[dict[str, Any]] = plots[is_img2img]["args"]
    return found


def pixels(png: bytes) -> bytes:
    """The image data of a PNG, without its texts."""
    assert png.startswith(SIGNATURE)
    position, data = len(SIGNATURE), b""
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        if kind == b"IDAT":
            data += png[position + 8 : position + 8 + length]
        position += length + 12
    return data


def picture(width: int, height: int, colour: int = 128) -> str:
    """A grey picture as the API takes it."""
    rows = (b"\x00" + bytes([colour]) * (3 * width)) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return base64.b64encode(SIGNATURE + b"".join(parts)).decode()


def without(mapping: Mapping[str, str], *names: str) -> dict[str, str]:
    """A mapping without some keys."""
    return {name: value for name, value in mapping.items() if name not in names}
