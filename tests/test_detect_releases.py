"""The release and re-upload names of the SDXL models, and names that only resemble them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelwise.detect import Detector, Known
from modelwise.profile_files import load_bundled

PROFILES = load_bundled().profiles
HEADER = json.dumps({"conditioner.embedders.1.model.ln_final.weight": {}}).encode()

RELEASES = {
    "animagine-xl-4.0-zero": ("animagine-xl-4.0-zero",),
    "illustrious-xl-0.1": ("Illustrious-XL-v0.1", "illustriousXL_v01", "Illustrious-xl-early-release-v0"),
    "illustrious-xl-0.1-guided": ("Illustrious-XL-v0.1-GUIDED",),
    "illustrious-xl-1.0": ("Illustrious-XL-v1.0", "illustriousXL10_v10"),
    "illustrious-xl-1.1": ("Illustrious-XL-v1.1", "illustriousXL11_v11"),
    "illustrious-xl-2.0": ("Illustrious-XL-v2.0", "illustriousXL20_v20"),
    "noobai-xl-eps-1.0": ("NoobAI-XL-v1.0", "noobaiXLNAIXL_epsilonPred10Version", "noobai-XL-1.0"),
    "noobai-xl-eps-1.1": ("NoobAI-XL-v1.1", "noobaiXLNAIXL_epsilonPred11Version", "noobai-XL-1.1"),
    "noobai-xl-vpred-1.0": ("NoobAI-XL-Vpred-v1.0", "noobaiXLNAIXL_vPred10Version", "noobai-XL-Vpred-1.0"),
    "wai-illustrious-v110": ("waiNSFWIllustrious_v110", "waiIllustriousSDXL_v110"),
    "wai-illustrious-v120": ("waiNSFWIllustrious_v120", "waiIllustriousSDXL_v120"),
    "wai-illustrious-v130": ("waiNSFWIllustrious_v130", "waiIllustriousSDXL_v130"),
    "wai-illustrious-v140": ("waiNSFWIllustrious_v140", "waiIllustriousSDXL_v140"),
    "wai-illustrious-v150": ("waiNSFWIllustrious_v150", "waiIllustriousSDXL_v150"),
    "wai-illustrious-v160": ("waiNSFWIllustrious_v160", "waiIllustriousSDXL_v160"),
    "wai-illustrious-v170": ("waiNSFWIllustrious_v170", "waiIllustriousSDXL_v170"),
    "hassaku-xl-il-v21fix": ("hassakuXLIllustrious_v21fix",),
    "hassaku-xl-il-v22": ("hassakuXLIllustrious_v22",),
    "hassaku-xl-il-v3": ("hassakuXLIllustrious_v30", "hassakuXLIllustrious_v32", "hassakuXLIllustrious_v34"),
    "pony-v6-xl": ("ponyDiffusionV6XL_v6StartWithThisOne", "ponyDiffusionV6XL_v6", "ponyDiffusionV6XL"),
    "kohaku-xl-delta": ("kohaku-xl-delta", "kohaku-xl-delta-rev1", "kohakuXLDelta_rev1"),
    "kohaku-xl-epsilon": ("kohaku-xl-epsilon-rev1", "kohaku-xl-epsilon-rev2", "kohakuXLEpsilon_rev1"),
    "kohaku-xl-zeta": ("Kohaku-XL-Zeta", "kohaku-xl-zeta"),
    "anything-xl": ("AnythingXL_xl", "Anything-XL"),
}
NAMES = [(profile, name) for profile, names in RELEASES.items() for name in names]
HASHES = {
    "3e15ba00387db678ab4a099f75771c4f5ac67fda9e7100a01d263eaf30145aa9": "illustrious-xl-0.1",
    "e3d12d0f76d61aa31d2668a2217e5b642592193f2946842c44d7056ea5469cce": "illustrious-xl-0.1-guided",
    "735cf3fefcbdc4f7817f53247e38b836ffd27c7641af6d8daa21d245242cb4bd": "illustrious-xl-1.0",
    "536863e9f0c13b0ce834e2f8a19ada425ee4f722c0ad3d0051ec7e6adaa8156c": "illustrious-xl-1.1",
    "c2a1a3eaa13d4c107dc7e00c3fe830cab427aa026362740ea094745b3422a331": "illustrious-xl-2.0",
    "6681e8e4b134c81f16533acedb0d406d7e5e366e1624b4105178c64d00b05d51": "noobai-xl-eps-1.1",
    "ea349eeae87ca8d25ba902c93810f7ca83e5c82f920edf12f273af004ae02819": "noobai-xl-vpred-1.0",
    "67ab2fd8ec439a89b3fedb15cc65f54336af163c7eb5e4f2acc98f090a29b0b3": "pony-v6-xl",
    "bdb59bac77d94ae7a55ff893170f9554c3f349e48a1b73c0c17c0b7c6f4d41a2": "wai-illustrious-v140",
    "9ece21c3526a6985f564e589df99a1452ed8c3c10068a1d14553a8a2877e6d0b": "hassaku-xl-il-v22",
}
SHORT_HASHES = {
    "c364bbdae9": "wai-illustrious-v110",
    "a810e710a2": "wai-illustrious-v130",
    "befc694a29": "wai-illustrious-v150",
    "f116b0c78f": "wai-illustrious-v170",
    "847403d47a": "hassaku-xl-il-v21fix",
}


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(PROFILES)


def an_sdxl_file(folder: Path, name: str) -> Path:
    """A checkpoint with a header and nothing else."""
    file = folder / f"{name}.safetensors"
    file.write_bytes(len(HEADER).to_bytes(8, "little") + HEADER)
    return file


@pytest.mark.parametrize(("profile", "name"), NAMES)
@pytest.mark.parametrize("copy", ["", "_fp16", "-pruned", " (1)"])
def test_releases_are_known_by_their_names(
    tmp_path: Path, detector: Detector, profile: str, name: str, copy: str
) -> None:
    detection = detector.detect(an_sdxl_file(tmp_path, name + copy))
    assert (detection.profile, detection.rule) == (profile, "name")


@pytest.mark.parametrize(("digest", "profile"), HASHES.items())
def test_releases_are_known_by_their_hashes(
    tmp_path: Path, detector: Detector, digest: str, profile: str
) -> None:
    file = an_sdxl_file(tmp_path, "model")
    for known in (Known(sha256=digest), Known(shorthash=digest[:10])):
        assert (detector.detect(file, known).profile, detector.detect(file, known).rule) == (profile, "hash")


@pytest.mark.parametrize(("digest", "profile"), SHORT_HASHES.items())
def test_releases_of_which_only_the_short_hash_is_known(
    tmp_path: Path, detector: Detector, digest: str, profile: str
) -> None:
    detection = detector.detect(an_sdxl_file(tmp_path, "model"), Known(shorthash=digest))
    assert (detection.profile, detection.rule) == (profile, "hash")


@pytest.mark.parametrize(
    "name",
    [
        "pony_style_lora",
        "ponyRealism_v21",
        "ponyDiffusionV5",
        "ponyDiffusionV6XL_v6TurboDPOMerge",
        "autismmixSDXL_autismmixPony",
        "noobaiXLMerge_v1",
        "noobaiXLNAIXL_vPred05Version",
        "noobaiXLNAIXL_epsilonPred075",
        "NoobAI-XL",
        "illustriousRealism_v10",
        "illustriousXL_smoothftSOLID",
        "Illustrious-XL",
        "Illustrious-XL-v3.0",
        "waiREALMIX",
        "waiREALMIX_v11",
        "waiNSFWIllustrious_v90",
        "waiNSFWIllustrious",
        "my_waiNSFWIllustrious_v140",
        "waiANINSFWPONYXL_v11",
        "hassakuXLHentai_v13",
        "hassakuXLPony_v13BetterEyesVersion",
        "hassakuXLIllustrious",
        "kohakuXLBeta_beta7",
        "Kohaku-XL-gamma",
        "kohaku-xl-delta-base",
        "anythingXLMix_v1",
        "AnythingXL_inkBase",
        "anything-v3-1",
        "animagine-xl-4.0-zero-merge",
    ],
)
def test_a_resembling_name_is_no_release(tmp_path: Path, detector: Detector, name: str) -> None:
    detection = detector.detect(an_sdxl_file(tmp_path, name))
    assert (detection.profile, detection.family, detection.rule) == ("generic-sdxl", None, "architecture")
