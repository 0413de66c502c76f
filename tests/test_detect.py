"""Which profile a checkpoint gets, by which rule, and what it is told."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwise.checkpoint_header import Header, read_header
from modelwise.detect import Detection, Detector, Known
from modelwise.profile_files import load_bundled
from modelwise.profiles import Match, MetadataValue, Profile

PROFILES = load_bundled().profiles
TENSORS = {
    "sd1": ("cond_stage_model.transformer.text_model.final_layer_norm.weight",),
    "sd2": ("cond_stage_model.model.ln_final.weight",),
    "sdxl": ("conditioner.embedders.1.model.ln_final.weight",),
    "stable-cascade": ("clf.1.weight", "clip_txt_mapper.weight"),
    "unknown": ("some.weight",),
    # Whose tensors are not known to us: only the name tells.
    "cosmos-predict2": ("some.weight",),
    "lumina-2": ("some.weight",),
}
OPT = "animagine-xl-4.0-opt"
NAMES = [(profile, name) for profile in PROFILES.values() for name in profile.match.names]
HASHES = [(profile, digest) for profile in PROFILES.values() for digest in profile.match.sha256]
SHORT_HASHES = [(profile, digest) for profile in PROFILES.values() for digest in profile.match.autov2]


def write(file: Path, architecture: str, metadata: Mapping[str, str] = {}, more: Iterable[str] = ()) -> Path:
    """A .safetensors file with an architecture's tensor names and not one weight."""
    table: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    for name in (*TENSORS[architecture], *more):
        table[name] = {"dtype": "F16", "shape": [0], "data_offsets": [0, 0]}
    text = json.dumps(table).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text)
    return file


def a_profile(identifier: str, architecture: str = "sdxl", **match: Any) -> Profile:
    return Profile(
        schema=1,
        id=identifier,
        version=1,
        name=identifier.title(),
        family=identifier,
        architecture=architecture,  # type: ignore[arg-type]
        match=Match(**match),
    )


@pytest.fixture
def detector() -> Detector:
    return Detector(PROFILES)


def detected(folder: Path, name: str, architecture: str = "sdxl", **written: Any) -> Detection:
    file = write(folder / f"{name}.safetensors", architecture, **written)
    return Detector(PROFILES).detect(file)


@pytest.mark.parametrize(("profile", "name"), NAMES)
@pytest.mark.parametrize("suffix", [".safetensors", ".SAFETENSORS", ".ckpt", ".pt", ".bin", ""])
def test_every_release_is_known_by_its_name(
    tmp_path: Path, detector: Detector, profile: Profile, name: str, suffix: str
) -> None:
    file = write(tmp_path / f"{name}{suffix}", profile.architecture)
    assert detector.detect(file) == Detection(
        profile.id,
        profile.family,
        profile.architecture,
        "name",
        f"Its file name is that of {profile.name}.",
    )


@pytest.mark.parametrize(("profile", "digest"), HASHES)
@pytest.mark.parametrize("known", ["sha256", "shorthash", "upper", "shorthash of another"])
def test_every_hash(tmp_path: Path, detector: Detector, profile: Profile, digest: str, known: str) -> None:
    facts = {
        "sha256": Known(sha256=digest),
        "shorthash": Known(shorthash=digest[:10]),
        "upper": Known(sha256=digest.upper(), shorthash=digest[:10].upper()),
        "shorthash of another": Known(sha256=digest, shorthash="0123456789"),
    }[known]
    detection = detector.detect(write(tmp_path / "renamed.safetensors", profile.architecture), facts)
    assert (detection.profile, detection.family, detection.rule) == (profile.id, profile.family, "hash")
    assert detection.reason == f"Its hash is that of {profile.name}."


@pytest.mark.parametrize(("profile", "digest"), SHORT_HASHES)
def test_every_short_hash(tmp_path: Path, detector: Detector, profile: Profile, digest: str) -> None:
    file = tmp_path / "renamed.ckpt"
    assert detector.detect(file, Known(shorthash=digest.upper())).profile == profile.id
    assert detector.detect(file, Known(sha256=digest + "0" * 54)).profile == profile.id


@pytest.mark.parametrize(
    "known", [Known(sha256="", shorthash=""), Known(sha256="0" * 64), Known(shorthash="x")]
)
def test_other_hashes_are_nothing(tmp_path: Path, detector: Detector, known: Known) -> None:
    assert detector.detect(tmp_path / "renamed.ckpt", known).rule == "none"


@pytest.mark.parametrize(
    "name",
    [
        "ANIMAGINE-XL-4.0-OPT",
        "animagine_xl_4.0_opt",
        "Animagine XL 4.0 Opt",
        "animagine-xl-4-0-opt",
        "animagine-xl-4.0-opt-fp16",
        "animagine-xl-4.0-opt_fp16",
        "animagine-xl-4.0-opt.fp16",
        "animagine-xl-4.0-opt-bf16",
        "animagine-xl-4.0-opt-fp32",
        "animagine-xl-4.0-opt-pruned",
        "animagine-xl-4.0-opt-pruned-fp16",
        "animagine-xl-4.0-opt (1)",
        "animagine-xl-4.0-opt(2)",
        "animagine-xl-4.0-opt-fp16 (1)",
        "animagineXL40_v4Opt-fp16",
    ],
)
def test_copies_of_a_release_are_known(tmp_path: Path, name: str) -> None:
    detection = detected(tmp_path, name)
    assert (detection.profile, detection.rule, detection.distilled) == (OPT, "name", False)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("snailMix", None),
        ("snail", None),
        ("not-animagine", None),
        ("notAnimagine", None),
        ("myanimaginemix", None),
        ("animaginary", None),
        ("xl-4.0-opt", None),
        ("animagine-xl-4.0-opt-merge", OPT),
        ("animagine-xl-4.0-opt-inpainting", OPT),
        ("animagine-xl-4.0-opt-12000steps", OPT),
        ("animagine-xl-4.0-opt.safetensors", OPT),
        ("merge-animagine-xl-4.0-opt", OPT),
        ("myAnimagineXL40_v40mix", "animagine-xl-4.0"),
        ("animagine-xl-4.0fp16", "animagine-xl-4.0"),
        ("animagine-xl-4.0-zero-mix", "animagine-xl-4.0-zero"),
        ("animagine-xl-3.1-mix", "animagine-xl-3.1"),
        ("mix_of_animagine_3.0", "animagine-xl-3.0"),
        # A family of another architecture is no likeness.
        ("SoteDiffusion-V2-XL", None),
    ],
)
def test_a_likeness_is_offered_and_never_applied(tmp_path: Path, name: str, suggestion: str | None) -> None:
    detection = detected(tmp_path, name)
    assert (detection.profile, detection.family, detection.rule) == ("generic-sdxl", None, "architecture")
    assert detection.suggestion == suggestion
    looks = f"; it looks like {PROFILES[suggestion].name}" if suggestion else ""
    assert detection.reason == f"No profile is known for it; its header is SDXL{looks}."


def test_a_word_written_in_camel_case_is_one_word(tmp_path: Path) -> None:
    assert detected(tmp_path, "MySoteDiffusionMix", "stable-cascade").suggestion == "sotediffusion-v2"


@pytest.mark.parametrize(
    ("name", "profile", "distilled"),
    [
        ("animagine-xl-4.0-lightning", "animagine-xl-4.0", True),
        ("animagine-xl-4.0-opt-lcm", OPT, True),
        ("animagine-xl-4.0-opt_Turbo-fp16", OPT, True),
        ("animagine-xl-4.0-hyper-8steps", "animagine-xl-4.0", True),
        ("animagineXL40_v4Opt-dmd2", OPT, True),
        ("animagine-xl-4.0-lightning-merge", "generic-sdxl", True),
        ("someXL_v9Lightning", "generic-sdxl", True),
        ("someXLTurboBakedVae", "generic-sdxl", True),
        ("some-HyperSDXL", "generic-sdxl", True),
        ("sdxl_lightning_4step", "generic-sdxl", True),
        ("HyperRealistic", "generic-sdxl", False),
        ("hyperrealism", "generic-sdxl", False),
        ("turbocharged", "generic-sdxl", False),
        ("animagine-xl-4.0", "animagine-xl-4.0", False),
    ],
)
def test_distilled_models(tmp_path: Path, name: str, profile: str, distilled: bool) -> None:
    detection = detected(tmp_path, name)
    assert (detection.profile, detection.distilled) == (profile, distilled)
    noted = "the card's steps and CFG may not fit" in detection.reason
    assert noted == (distilled and profile != "generic-sdxl")


@pytest.mark.parametrize(
    ("metadata", "distilled"),
    [
        ({"modelspec.title": "Some SDXL Lightning"}, True),
        ({"sd_merge_models": '{"0": {"name": "sdxl_lightning.safetensors"}}'}, True),
        ({"ss_tag_frequency": '{"1": {"lightning": 4}}'}, False),
    ],
)
def test_metadata_tells_distilled_models(tmp_path: Path, metadata: dict[str, str], distilled: bool) -> None:
    assert detected(tmp_path, OPT, metadata=metadata).distilled == distilled


TITLED = a_profile("titled", metadata=(MetadataValue(key="modelspec.title", value="Some Title"),))
OTHER = a_profile(
    "other-one", metadata=(MetadataValue(key="ss_output_name", value="other"),), names=("other-file",)
)
KNOWING = {**PROFILES, TITLED.id: TITLED, OTHER.id: OTHER}


@pytest.mark.parametrize("title", ["Some Title", " some title\n"])
def test_metadata_names_a_profile(tmp_path: Path, title: str) -> None:
    file = write(tmp_path / "any.safetensors", "sdxl", {"modelspec.title": title})
    assert Detector(KNOWING).detect(file) == Detection(
        "titled", "titled", "sdxl", "metadata", "Its metadata names Titled."
    )


@pytest.mark.parametrize("title", ["Some Title 2", "Title", ""])
def test_other_metadata_is_nothing(tmp_path: Path, title: str) -> None:
    file = write(tmp_path / "any.safetensors", "sdxl", {"modelspec.title": title, "other": "Some Title"})
    assert Detector(KNOWING).detect(file).profile == "generic-sdxl"


@pytest.mark.parametrize("key", ["sd_merge_recipe", "sd_merge_models", "modelspec.merged_from"])
def test_with_merge_metadata_metadata_only_suggests(tmp_path: Path, key: str) -> None:
    metadata = {"modelspec.title": "Some Title", key: "a, b"}
    merged = Detector(KNOWING).detect(write(tmp_path / "any.safetensors", "sdxl", metadata))
    assert (merged.profile, merged.rule, merged.suggestion) == ("generic-sdxl", "architecture", "titled")
    named = Detector(KNOWING).detect(write(tmp_path / "other-file.safetensors", "sdxl", metadata))
    assert (named.profile, named.rule, named.suggestion) == ("other-one", "name", None)


def test_what_was_merged_is_offered(tmp_path: Path) -> None:
    metadata = {"sd_merge_models": json.dumps({"1d5b": {"name": "animagine-xl-3.1.safetensors"}})}
    detection = detected(tmp_path, "any", metadata=metadata)
    assert (detection.profile, detection.suggestion) == ("generic-sdxl", "animagine-xl-3.1")


def test_the_first_rule_that_hits_wins(tmp_path: Path) -> None:
    detector = Detector(KNOWING)
    digest = PROFILES["animagine-xl-3.0"].match.sha256[0]
    file = write(tmp_path / "other-file.safetensors", "sdxl", {"modelspec.title": "Some Title"})
    chosen = detector.detect(file, Known(choice=OPT, sha256=digest))
    assert (chosen.profile, chosen.rule) == (OPT, "choice")
    assert chosen.reason == "Animagine XL 4.0 Opt was chosen for this checkpoint."
    assert detector.detect(file, Known(sha256=digest)).rule == "hash"
    assert detector.detect(file).rule == "metadata"
    assert detector.detect(write(file, "sdxl")).rule == "name"
    assert detector.detect(write(tmp_path / "x.safetensors", "sdxl")).rule == "architecture"
    assert detector.detect(write(tmp_path / "x.safetensors", "unknown")).rule == "none"


def test_of_two_profiles_that_claim_a_name_the_first_has_it(tmp_path: Path) -> None:
    twins = [a_profile("first", names=("twin",)), a_profile("second", names=("Twin",))]
    detector = Detector({twin.id: twin for twin in twins})
    assert detector.detect(tmp_path / "twin.ckpt").profile == "first"


def test_a_chosen_generic_profile_has_no_family(tmp_path: Path, detector: Detector) -> None:
    detection = detector.detect(write(tmp_path / f"{OPT}.safetensors", "sdxl"), Known(choice="generic"))
    assert (detection.profile, detection.family, detection.architecture) == ("generic", None, "sdxl")


def test_a_chosen_profile_that_is_gone(tmp_path: Path, detector: Detector) -> None:
    detection = detector.detect(write(tmp_path / f"{OPT}.safetensors", "sdxl"), Known(choice="mine"))
    assert (detection.profile, detection.rule) == (OPT, "name")
    assert detection.reason == (
        "Its file name is that of Animagine XL 4.0 Opt; "
        'the profile "mine" that was chosen for it does not exist.'
    )


@pytest.mark.parametrize(
    ("architecture", "profile", "rule"),
    [
        ("sd1", "generic-sd1", "architecture"),
        ("sdxl", "generic-sdxl", "architecture"),
        ("sd2", "generic", "architecture"),
        ("stable-cascade", "generic", "architecture"),
        ("unknown", "generic", "none"),
    ],
)
def test_an_unknown_model_gets_its_architectures_profile(
    tmp_path: Path, architecture: str, profile: str, rule: str
) -> None:
    detection = detected(tmp_path, "any", architecture)
    assert (detection.profile, detection.architecture, detection.rule) == (profile, architecture, rule)
    assert detection.family is None


def test_a_header_beats_the_name_but_not_the_hash(tmp_path: Path, detector: Detector) -> None:
    file = write(tmp_path / f"{OPT}.safetensors", "sd1")
    detection = detector.detect(file)
    assert (detection.profile, detection.architecture, detection.rule) == (
        "generic-sd1",
        "sd1",
        "architecture",
    )
    assert detection.reason == (
        "Its file name is that of Animagine XL 4.0 Opt (SDXL), but its header is SD 1.x, and that counts."
    )
    hashed = detector.detect(file, Known(sha256=PROFILES[OPT].match.sha256[0]))
    assert (hashed.profile, hashed.architecture, hashed.rule) == (OPT, "sd1", "hash")


def test_a_header_that_tells_nothing_leaves_the_name(tmp_path: Path) -> None:
    detection = detected(tmp_path, OPT, "unknown")
    assert (detection.profile, detection.architecture) == (OPT, "sdxl")


def test_prediction_is_the_headers(tmp_path: Path) -> None:
    assert detected(tmp_path, "any", more=["v_pred"]).prediction == "v"
    assert detected(tmp_path, OPT, metadata={"modelspec.prediction_type": "epsilon"}).prediction == "epsilon"
    assert detected(tmp_path, OPT).prediction is None


BROKEN = {
    "empty": b"",
    "seven bytes": b"\x00" * 7,
    "no header": b"\x00" * 8,
    "a length that lies": (1 << 40).to_bytes(8, "little") + b'{"a',
    "no JSON": (8).to_bytes(8, "little") + b"not JSON",
    "a list": (2).to_bytes(8, "little") + b"[]",
    "a number that is none": (9).to_bytes(8, "little") + b'{"a":NaN}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_gets_the_generic_profile(tmp_path: Path, detector: Detector, content: bytes) -> None:
    file = tmp_path / f"{OPT}.safetensors"
    file.write_bytes(content)
    detection = detector.detect(file)
    assert (detection.profile, detection.rule, detection.suggestion) == ("generic", "none", None)
    assert detection.reason.startswith("Nothing could be read from this file; ")
    chosen = detector.detect(file, Known(choice=OPT))
    assert chosen.profile == OPT
    assert chosen.reason.startswith("Animagine XL 4.0 Opt was chosen for this checkpoint; ")


def test_what_is_no_file_gets_the_generic_profile(tmp_path: Path, detector: Detector) -> None:
    file = tmp_path / f"{OPT}.safetensors"
    assert detector.detect(file).reason == "Nothing could be read from this file; the file is gone."
    file.mkdir()
    assert detector.detect(file).reason == "Nothing could be read from this file; it is a directory."
    assert detector.detect(Path("\0.safetensors")).profile == "generic"
    assert detector.detect(Path()).profile == "generic"


def test_permission_given_later_counts(
    tmp_path: Path, detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = write(tmp_path / f"{OPT}.safetensors", "sdxl")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refusing)
        assert detector.detect(file).reason.endswith("; reading it is not permitted.")
    assert detector.detect(file).profile == OPT


@pytest.mark.parametrize("suffix", [".ckpt", ".CKPT", ".pt", ".pth", ".bin", ""])
def test_other_files_are_never_opened(
    tmp_path: Path, detector: Detector, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    def failing(*_arguments: object, **_options: object) -> None:
        pytest.fail("it was opened")

    (tmp_path / f"{OPT}{suffix}").write_bytes(b"\x80\x02cos\nsystem\n")
    monkeypatch.setattr(Path, "open", failing)
    monkeypatch.setattr("builtins.open", failing)
    monkeypatch.setattr("os.open", failing)
    assert detector.detect(tmp_path / f"{OPT}{suffix}").profile == OPT
    assert detector.detect(tmp_path / f"any{suffix}").profile == "generic"


def test_only_the_files_own_name_counts(tmp_path: Path, detector: Detector) -> None:
    folder = tmp_path / OPT
    folder.mkdir()
    detection = detector.detect(write(folder / "model.safetensors", "sdxl"))
    assert (detection.profile, detection.suggestion) == ("generic-sdxl", None)
    assert OPT not in detection.reason
    # A model in the diffusers library's layout is a folder, and that is its own name.
    assert detector.detect(folder).profile == OPT


def test_a_link_is_known_by_its_own_name(tmp_path: Path, detector: Detector) -> None:
    target = write(tmp_path / "6327eca98b", "sdxl")
    link = tmp_path / f"{OPT}.safetensors"
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("this system makes no links")
    assert detector.detect(link).profile == OPT
    write(target, "sd1")
    assert detector.detect(link).profile == "generic-sd1"
    target.unlink()
    assert detector.detect(link).reason.endswith("; the file is gone.")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose headers are read from here on."""
    seen: list[Path] = []

    def reading(file: Path) -> Header:
        seen.append(file)
        return read_header(file)

    monkeypatch.setattr("modelwise.detect.read_header", reading)
    return seen


def test_a_file_is_read_once(tmp_path: Path, detector: Detector, reads: list[Path]) -> None:
    file = write(tmp_path / f"{OPT}.safetensors", "sdxl")
    first = detector.detect(file)
    assert detector.detect(file) is first
    assert detector.detect(file, Known()) is first
    assert reads == [file]


def test_a_changed_file_is_read_again(tmp_path: Path, detector: Detector, reads: list[Path]) -> None:
    file = write(tmp_path / f"{OPT}.safetensors", "sdxl")
    detector.detect(file)
    before = file.stat()
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000_000))
    detector.detect(file)
    assert len(reads) == 2
    with file.open("ab") as stream:
        stream.write(b"\x00")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000_000))
    detector.detect(file)
    assert len(reads) == 3
    file.unlink()
    assert detector.detect(file).profile == "generic"


def test_what_becomes_known_counts_at_once(tmp_path: Path, detector: Detector) -> None:
    file = write(tmp_path / "renamed.safetensors", "sdxl")
    digest = PROFILES[OPT].match.sha256[0]
    rules = [
        detector.detect(file, known).rule
        for known in (Known(), Known(sha256=digest), Known(choice="generic", sha256=digest), Known())
    ]
    assert rules == ["architecture", "hash", "choice", "architecture"]


def test_without_any_profile_there_is_an_answer(tmp_path: Path) -> None:
    file = write(tmp_path / f"{OPT}.safetensors", "sdxl")
    assert Detector({}).detect(file, Known(choice=OPT, sha256="0" * 64)).profile == "generic"


@settings(max_examples=200)
@given(
    name=st.text(max_size=40).map(lambda name: name.replace("/", "").replace("\\", "")),
    suffix=st.sampled_from([".safetensors", ".ckpt", ""]),
    digest=st.none() | st.text(max_size=12),
)
def test_any_name_gets_a_profile_that_exists(name: str, suffix: str, digest: str | None) -> None:
    known = Known(choice=digest, sha256=digest, shorthash=digest)
    detection = Detector(PROFILES).detect(Path("nowhere") / f"{name}{suffix}", known)
    assert detection.profile in PROFILES
    assert detection.reason.endswith(".")


@settings(max_examples=100)
@given(content=st.binary(max_size=200), headed=st.booleans())
def test_any_content_gets_a_profile_that_exists(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, headed: bool
) -> None:
    file = tmp_path_factory.getbasetemp() / f"{OPT}.safetensors"
    file.write_bytes((len(content).to_bytes(8, "little") if headed else b"") + content)
    assert Detector(PROFILES).detect(file).profile in PROFILES
