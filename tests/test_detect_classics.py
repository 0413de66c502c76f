"""The SD 1.x classics, SoteDiffusion V1 and the models of other programs are known by every name and hash that they
were published under, and nothing that only sounds like them is."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwise.detect import Detection, Detector, Known
from modelwise.profile_files import load_bundled
from tests.test_detect import write

PROFILES = load_bundled().profiles
RELEASES = [
    ("Anything-V3.0.ckpt", "anything-v3.0"),
    ("Anything-V3.0-pruned.ckpt", "anything-v3.0"),
    ("Anything-V3.0-pruned.safetensors", "anything-v3.0"),
    ("Anything-V3.0-pruned-fp16.ckpt", "anything-v3.0"),
    ("Anything-V3.0-pruned-fp32.safetensors", "anything-v3.0"),
    ("AnythingV3.ckpt", "anything-v3.0"),
    ("anythingV3_fp16.ckpt", "anything-v3.0"),
    ("anything-v3-fp32-pruned.safetensors", "anything-v3.0"),
    ("anything-v3-fp16-pruned.safetensors", "anything-v3.0"),
    ("anything-v3-1.safetensors", "anything-v3.1"),
    ("anything-v3-2.safetensors", "anything-v3.2"),
    ("anything-v4.0.ckpt", "anything-v4.0"),
    ("anything-v4.0-pruned.safetensors", "anything-v4.0"),
    ("anything-v4.0-pruned-fp16.ckpt", "anything-v4.0"),
    ("anything-v4.5.ckpt", "anything-v4.5"),
    ("anything-v4.5.safetensors", "anything-v4.5"),
    ("anything-v4.5-pruned.safetensors", "anything-v4.5"),
    ("anything-v4.5-pruned-fp16.ckpt", "anything-v4.5"),
    ("anything-v4.5-pruned-mergedVae.safetensors", "anything-v4.5"),
    ("anythingV5Anything_anythingV5PrtRE.safetensors", "anything-v5-prt-re"),
    ("AnythingV5V3_v5PrtRE.safetensors", "anything-v5-prt-re"),
    ("AnythingV5Ink_v5PrtRE.safetensors", "anything-v5-prt-re"),
    ("AnythingV5Ink_ink.safetensors", "anything-ink"),
    ("AnythingV5Ink_v32Ink.safetensors", "anything-ink"),
    ("Counterfeit-V2.5.safetensors", "counterfeit-v2.5"),
    ("Counterfeit-V2.5_fp16.safetensors", "counterfeit-v2.5"),
    ("Counterfeit-V2.5_pruned.safetensors", "counterfeit-v2.5"),
    ("CounterfeitV25_25.safetensors", "counterfeit-v2.5"),
    ("Counterfeit-V3.0.safetensors", "counterfeit-v3.0"),
    ("Counterfeit-V3.0_fp16.safetensors", "counterfeit-v3.0"),
    ("Counterfeit-V3.0_fp32.safetensors", "counterfeit-v3.0"),
    ("Counterfeit-V3.0_fix_fp16.safetensors", "counterfeit-v3.0"),
    ("CounterfeitV30_v30.safetensors", "counterfeit-v3.0"),
    ("counterfeitV30_v30.safetensors", "counterfeit-v3.0"),
    ("AbyssOrangeMix2_sfw.ckpt", "aom2"),
    ("AbyssOrangeMix2_sfw.safetensors", "aom2"),
    ("AbyssOrangeMix2_nsfw.safetensors", "aom2"),
    ("AbyssOrangeMix2_hard.safetensors", "aom2"),
    ("abyssorangemix2_Hard.safetensors", "aom2"),
    ("AOM3.safetensors", "aom3"),
    ("AOM3_orangemixs.safetensors", "aom3"),
    ("abyssorangemix3AOM3_aom3.safetensors", "aom3"),
    ("AOM3A1.safetensors", "aom3a1"),
    ("AOM3A1_orangemixs.safetensors", "aom3a1"),
    ("abyssorangemix3AOM3_aom3a1.safetensors", "aom3a1"),
    ("AOM3A1B.safetensors", "aom3a1b"),
    ("AOM3A1B_orangemixs.safetensors", "aom3a1b"),
    ("abyssorangemix3AOM3_aom3a1b.safetensors", "aom3a1b"),
    ("AOM3A2.safetensors", "aom3a2"),
    ("AOM3A2_orangemixs.safetensors", "aom3a2"),
    ("AOM3A3.safetensors", "aom3a3"),
    ("AOM3A3_orangemixs.safetensors", "aom3a3"),
    ("abyssorangemix3AOM3_aom3a3.safetensors", "aom3a3"),
    ("AOM3B2.safetensors", "aom3b2"),
    ("AOM3B2_orangemixs.safetensors", "aom3b2"),
    ("meinamix_meinaV8.safetensors", "meinamix-v8"),
    ("meinamix_meinaV10.safetensors", "meinamix-v10"),
    ("Meina V10 - baked VAE.safetensors", "meinamix-v10"),
    ("meinamix_meinaV11.safetensors", "meinamix-v11"),
    ("sotediffusion-wuerstchen3.safetensors", "sotediffusion-v1"),
    ("sotediffusion-wuerstchen3-decoder.safetensors", "sotediffusion-v1"),
    ("sotediffusion-v2.safetensors", "sotediffusion-v2"),
    ("sotediffusion-v2-prior.safetensors", "sotediffusion-v2"),
    ("anima-base-v1.0.safetensors", "anima-base-1.0"),
    ("neta-lumina-v1.0.safetensors", "neta-lumina-1.0"),
    ("neta-lumina-v1.0-all-in-one.safetensors", "neta-lumina-1.0"),
]


def detected(folder: Path, file: str, architecture: str, known: Known | None = None) -> Detection:
    """What a file of an architecture is taken for."""
    return Detector(PROFILES).detect(write(folder / file, architecture), known or Known())


@pytest.mark.parametrize(("file", "profile"), RELEASES)
def test_every_release_and_every_upload_of_it(file: str, profile: str, tmp_path: Path) -> None:
    detection = detected(tmp_path, file, PROFILES[profile].architecture)
    assert (detection.profile, detection.rule) == (profile, "name")


def test_every_name_of_these_profiles_is_tried() -> None:
    tried = {Path(file).stem.casefold() for file, _ in RELEASES}
    families = {PROFILES[profile].family for _, profile in RELEASES}
    names = [name for each in PROFILES.values() if each.family in families for name in each.match.names]
    assert {name for name in names if name.casefold() not in tried} == set()


@pytest.mark.parametrize(
    "file",
    [
        "anythingElse_v3.safetensors",
        "Anything-V3.0-mix.safetensors",
        "anything-midjourney-v-4-1.safetensors",
        "anything-v4.5-inpainting.safetensors",
        "anything-v5.safetensors",
        "AnythingV5_LoRA.safetensors",
        "AnythingXL_xl.safetensors",
        "counterfeitMerge_v30.safetensors",
        "CounterfeitXL_v25.safetensors",
        "Counterfeit-V2.0.safetensors",
        "orangeMixReal.safetensors",
        "AbyssOrangeMix.safetensors",
        "AOM3B4_orangemixs.safetensors",
        "AOM3A1_AOM3A3_mix.safetensors",
        "meinahentai_v4.safetensors",
        "meinapastel_v6.safetensors",
        "MeinaMixPlus.safetensors",
        "meinamix.safetensors",
    ],
)
def test_what_only_sounds_like_one_is_none(file: str, tmp_path: Path) -> None:
    detection = detected(tmp_path, file, "sd1")
    assert (detection.profile, detection.family, detection.rule) == ("generic-sd1", None, "architecture")


@pytest.mark.parametrize(
    "file",
    [
        "animaPencilXL_v200",
        "anima-turbo-v1.0",
        "anima_merge",
        "NetaYumev4_unet",
        "neta-lumina-beta",
        "lumina",
    ],
)
def test_neither_are_the_relatives_of_models_for_other_programs(file: str, tmp_path: Path) -> None:
    detection = detected(tmp_path, f"{file}.safetensors", "unknown")
    assert (detection.profile, detection.rule) == ("generic", "none")


@pytest.mark.parametrize(
    ("digest", "profile"),
    [
        ("543bcbc21294831c6245cd74c8a7707761e28812c690f946cb81fef930d54b5e", "anything-v3.0"),
        ("3f64f3baf5", "anything-v3.0"),
        ("812cd9f9d9", "anything-v3.0"),
        ("1d1e459f9f", "anything-v4.5"),
        ("6e430eb514", "anything-v4.5"),
        ("f773383dbc", "anything-v4.5"),
        ("a504b5b137", "anything-v4.5"),
        ("7f96a1a9ca9b3a3242a9ae95d19284f0d2da8d5282b42d2d974398bf7663a252", "anything-v5-prt-re"),
        ("a1535d0a42", "anything-ink"),
        ("a074b8864e31b8681e40db3dfde0005df7b5309fd2a2f592a2caee59e4591cae", "counterfeit-v2.5"),
        ("cbfba64e662370f59d4aa2aa69bf16749fce93846ccce20506aee5df01169859", "counterfeit-v3.0"),
        ("038ba203d8", "aom2"),
        ("f75b19923f", "aom2"),
        ("0873291ac5", "aom2"),
        ("0fc198c490", "aom2"),
        ("d124fc18f0", "aom3"),
        ("f303d10812", "aom3a1"),
        ("5493a0ec49", "aom3a1b"),
        ("553398964f", "aom3a2"),
        ("eb4099ba9c", "aom3a3"),
        ("f553e7bde4", "aom3b2"),
        ("30953ab0de", "meinamix-v8"),
        ("77b7dc4ef0fca64ed8c3c38e80efa3e559488ee377f4138ec4bce488ef6c8412", "meinamix-v10"),
        ("54ef3e3610", "meinamix-v11"),
    ],
)
def test_a_renamed_file_is_known_by_its_hash(digest: str, profile: str, tmp_path: Path) -> None:
    known = Known(sha256=digest) if len(digest) == 64 else Known(shorthash=digest)
    detection = detected(tmp_path, "renamed.safetensors", "sd1", known)
    assert (detection.profile, detection.rule) == (profile, "hash")


@pytest.mark.parametrize("file", ["anima-base-v1.0", "neta-lumina-v1.0"])
def test_a_header_that_the_webui_can_load_contradicts_a_name_that_it_can_t(file: str, tmp_path: Path) -> None:
    detection = detected(tmp_path, f"{file}.safetensors", "sdxl")
    assert detection.profile == "generic-sdxl"
    assert detection.reason.endswith("but its header is SDXL, and that counts.")


def test_a_conversion_without_files_is_never_offered(tmp_path: Path) -> None:
    """A profile that no file is known by does not stand in the way of its original."""
    assert PROFILES["animagine-xl-3.1-coreml"].match.names == ()
    detection = Detector(PROFILES).detect(tmp_path / "animagine-xl-3-mix.ckpt")
    assert detection.suggestion == "animagine-xl-3.1"
