"""Runs at every start of the WebUI: installs what is missing; does nothing, fast, where all is there."""

import re
import sys
from importlib import metadata
from pathlib import Path

REQUIREMENT = re.compile(r"^(?P<name>[\w-]+)(?P<bounds>[^;#]*)(?:;(?P<marker>[^#]*))?")
PYTHON_BELOW = re.compile(r'python_version\s*<\s*"(\d+)\.(\d+)"')


def requirements() -> list[str]:
    """The requirements of this Python, as pip takes them."""
    lines = (Path(__file__).parent / "requirements.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        match = REQUIREMENT.match(line.strip())
        if match is None:
            continue
        below = PYTHON_BELOW.search(match["marker"] or "")
        if below is None or sys.version_info < (int(below[1]), int(below[2])):
            found.append(match["name"] + match["bounds"].strip())
    return found


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def is_there(requirement: str) -> bool:
    """Whether a fitting version is installed."""
    name = re.split(r"[<>=\s]", requirement, maxsplit=1)[0]
    try:
        version = numbers(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False
    lower = [numbers(bound) for bound in re.findall(r">=\s*([\d.]+)", requirement)]
    upper = [numbers(bound) for bound in re.findall(r"<\s*([\d.]+)", requirement)]
    return all(version >= bound for bound in lower) and all(version < bound for bound in upper)


def install(missing: list[str]) -> None:
    """Install with the WebUI's own installer."""
    import launch  # noqa: PLC0415 (the WebUI's own; not needed where nothing is missing)

    for requirement in missing:
        try:
            launch.run_pip(f'install "{requirement}"', f"{requirement} for Modelwise")
        except Exception as error:  # noqa: BLE001 (the WebUI starts all the same)
            print(f"Modelwise needs {requirement} and could not install it (offline?): {error}")


missing = [requirement for requirement in requirements() if not is_there(requirement)]
if missing:
    install(missing)
