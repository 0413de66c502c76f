"""The bundled profiles load, and their README and schema are true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from modelwise import profiles as structures
from modelwise.profile_files import json_schema, load_profiles
from modelwise.terms import Struct
from tests.support.profiles import BUNDLED, PRESETS, write


def test_every_bundled_profile_loads() -> None:
    assert BUNDLED.problems == ()
    assert sorted(BUNDLED.profiles) == sorted(path.stem for path in PRESETS.glob("*.toml"))
    assert set(BUNDLED.profiles) >= {
        "animagine-xl-4.0-zero",
        "anything-xl",
        "hassaku-xl-il-v21fix",
        "hassaku-xl-il-v22",
        "illustrious-xl-0.1",
        "illustrious-xl-0.1-guided",
        "illustrious-xl-1.0",
        "illustrious-xl-1.1",
        "illustrious-xl-2.0",
        "kohaku-xl-delta",
        "kohaku-xl-epsilon",
        "kohaku-xl-zeta",
        "noobai-xl-eps-1.0",
        "noobai-xl-eps-1.1",
        "noobai-xl-vpred-1.0",
        "pony-v6-xl",
        "wai-illustrious-v140",
        "animagine-xl-3.0",
        "animagine-xl-3.1",
        "animagine-xl-4.0",
        "animagine-xl-4.0-opt",
        "anything-v3.1",
        "anything-v3.2",
        "sotediffusion-v2",
        "generic-sdxl",
        "generic-sd1",
        "generic",
    }


@pytest.mark.parametrize("path", sorted(PRESETS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_bundled_file_names_its_schema_and_itself(path: Path) -> None:
    first, second, *_ = path.read_text(encoding="utf-8").splitlines()
    assert first == "#:schema ./profile.schema.json"
    assert second.startswith("# ")
    assert BUNDLED.profiles[path.stem].id == path.stem


def test_the_bundled_profiles_share_no_name_and_no_hash() -> None:
    for key in ("names", "sha256", "autov2"):
        found = [entry for each in BUNDLED.profiles.values() for entry in getattr(each.match, key)]
        assert len(found) == len(set(found))


def test_autov2_begins_with_the_starts_of_the_hashes() -> None:
    """Of some files only the short hash is known: those come last."""
    for each in BUNDLED.profiles.values():
        starts = tuple(long[:10] for long in each.match.sha256)
        assert each.match.autov2[: len(starts)] == starts


def test_the_schema_file_is_current() -> None:
    text = (PRESETS / "profile.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", (
        "write it again with the command at the end of presets/README.md"
    )


def test_the_readmes_examples_load(tmp_path: Path) -> None:
    readme = (PRESETS / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert len(examples) == 2
    for number, text in enumerate(examples):
        write(tmp_path, f"{number}.toml", text)
    loaded = load_profiles([PRESETS, tmp_path])
    assert loaded.problems == ()
    changed = loaded.profiles["my-animagine"].settings.steps
    assert changed and (changed.value, changed.minimum, changed.maximum) == (20, 15, 28)


def test_the_readme_names_every_key() -> None:
    readme = (PRESETS / "README.md").read_text(encoding="utf-8")
    tables = [each for each in vars(structures).values() if isinstance(each, type)]
    tables = [each for each in tables if issubclass(each, Struct)]
    for table in set(tables):
        for field in msgspec.structs.fields(table):
            assert re.search(
                rf"[`.]{field.name}`|\[+{field.name}[\].]|^{field.name} = ", readme, re.MULTILINE
            ), field
