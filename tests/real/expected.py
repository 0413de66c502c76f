"""What the cards say, word for word, as the infotexts of the tests have to show it."""

from __future__ import annotations

from tests.real.running import RunningWebUI

NEGATIVE_4 = (
    "lowres, bad anatomy, bad hands, text, error, missing finger, extra digits, fewer digits, cropped, "
    "worst quality, low quality, low score, bad score, average score, signature, watermark, username, blurry"
)
NEGATIVE_3 = (
    "nsfw, lowres, (bad), text, error, fewer, extra, missing, worst quality, jpeg artifacts, low quality, "
    "watermark, unfinished, displeasing, oldest, early, chromatic aberration, signature, extra digits, "
    "artistic error, username, scan, [abstract]"
)
NEGATIVE_ANYTHING = (
    "lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, "
    "worst quality, low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry"
)
QUALITY_4 = "masterpiece, high score, great score, absurdres"
QUALITY_3 = "masterpiece, best quality, very aesthetic, absurdres"
QUALITY_ANYTHING = (
    "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, "
    "intricate details"
)

MESSY = "smile, outdoors, honkai: star rail, 1girl, firefly (honkai: star rail)"
"""Tags in no order at all."""
ORDERED_4 = rf"1girl, firefly \(honkai: star rail\), honkai: star rail, smile, outdoors, {QUALITY_4}"
ORDERED_3 = rf"{QUALITY_3}, 1girl, firefly \(honkai: star rail\), honkai: star rail, smile, outdoors"
ORDERED_ANYTHING = (
    rf"{QUALITY_ANYTHING}, smile, outdoors, honkai: star rail, 1girl, firefly \(honkai: star rail\)"
)
AS_ASKED = "64x64, Euler, Automatic, 7.0, 2"
"""Size, sampler, schedule type, CFG scale and steps of the tests' small request, nothing changed."""


def at_first(webui: RunningWebUI) -> dict[str, str]:
    """What the fields of txt2img show on a fresh page; Forge has a set of its own for each kind of model."""
    sampler = webui.get("/sdapi/v1/samplers")[0]["name"]
    if "forge_preset" in webui.get("/sdapi/v1/options"):
        return {"width": "512", "height": "640", "steps": "20", "cfg_scale": "7", "sampling": "Euler a"}
    return {"width": "512", "height": "512", "steps": "20", "cfg_scale": "7", "sampling": sampler}
