"""The page: the WebUI's controls as recorded, our scripts loaded as the WebUI loads them, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from modelwise.workbench.handlers import Handlers
from modelwise.workbench.host import Workbench

# gradio 4 uses what FastAPI calls old; our own code runs under errors in every other file.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ROOT = Path(__file__).resolve().parents[2]

NOT_IMITATED = re.compile(
    r"extras|-extra|img2img_accordions|hypernetwork|textual_inversion|_lora|checkpoints|modelmerger|train|extensions|_preview|styles_(edit|dialog)"
    r"|style_(copy|apply_dialog)|edit_style|token|interrupt|skip|restore_progress|prompt_image|_enable|txt2img_checkpoint"
    r"|img2img_checkpoint|switch_at|subseed|seed_(extras|resize)|override_settings|open_folder|send_to_(inpaint|extras)"
    r"|txt2img_upscale|generation_info|checkpoint_refresh|sketch|inpaint|batch_(tab|source|upload|from_dir|input|output|use|png)"
    r"|script_container|label_copy|copy_to|mask|tabs_resize|tab_resize|detect_image_size|img2img_scale|unused|update_resize|image_cfg"
)
"""What a prompt's way to the sampler does not pass through, and what the WebUI shows of pictures."""

CONTROLS = {"slider", "dropdown", "checkbox", "number", "textbox", "button"}
FACTS = ("type", "visible", "label", "minimum", "maximum", "step", "lines", "placeholder", "multiselect")


@pytest.fixture
def page(gradio: Any, handlers: Handlers) -> Any:
    return import_module("modelwise.workbench.page").build(handlers)


@pytest.fixture
def client(gradio: Any, page: Any, handlers: Handlers) -> Any:
    web = import_module("modelwise.workbench.web")
    application = web.application(page, handlers.host, handlers.engine, "dark")
    return import_module("fastapi.testclient").TestClient(application)


def built(page: Any) -> dict[str, dict[str, Any]]:
    """The page's components by element id, as the browser gets them."""
    found = {}
    for component in page.get_config_file()["components"]:
        properties = component["props"]
        if properties.get("elem_id"):
            found[properties["elem_id"]] = {**properties, "type": component["type"]}
    return found


def plain_choices(component: dict[str, Any]) -> list[str]:
    """Choices as names; gradio keeps pairs of name and value."""
    return [choice[0] if isinstance(choice, (list, tuple)) else choice for choice in component["choices"]]


def imitated(shared_file: Callable[[str], Path]) -> Iterator[dict[str, Any]]:
    """The recorded components that the workbench has too."""
    for component in json.loads(shared_file("host/components.json").read_text(encoding="utf-8")):
        if not NOT_IMITATED.search(component["elem_id"]):
            yield component


def test_the_webuis_elements_are_there(page: Any, shared_file: Callable[[str], Path]) -> None:
    wanted = {component["elem_id"] for component in imitated(shared_file)}
    assert wanted - built(page).keys() == set()
    assert len(wanted) > 80


def test_controls_are_the_webuis(page: Any, shared_file: Callable[[str], Path]) -> None:
    ours = built(page)
    compared = 0
    for theirs in imitated(shared_file):
        element = theirs["elem_id"]
        if theirs["type"] in CONTROLS:
            compared += 1
            facts = {fact: theirs[fact] for fact in FACTS if theirs.get(fact) is not None}
            assert {fact: ours[element].get(fact) for fact in facts} == facts, element
            assert set(theirs["elem_classes"]) - {"multiselect"} <= set(ours[element]["elem_classes"]), (
                element
            )
    assert compared > 50


def test_defaults_and_choices_are_the_webuis(page: Any, shared_file: Callable[[str], Path]) -> None:
    ours = built(page)
    for theirs in imitated(shared_file):
        element = theirs["elem_id"]
        if theirs["type"] not in CONTROLS or "checkpoint" in element or element.endswith("_styles"):
            continue
        assert ours[element].get("value") == theirs.get("value"), element
        if theirs.get("choices"):
            assert plain_choices(ours[element]) == theirs["choices"], element


def test_our_panel_is_in_both_tabs(page: Any) -> None:
    ids = built(page)
    for tab in ("txt2img", "img2img"):
        assert {f"modelwise_{tab}", f"modelwise_{tab}_mode", f"modelwise_{tab}_profile"} <= ids.keys()


def test_every_control_carries_its_gradio_class(page: Any) -> None:
    for element, component in built(page).items():
        assert f"gradio-{component['type']}" in component["elem_classes"], element


def test_scripts_are_loaded_sorted_after_the_hosts_own(client: Any) -> None:
    html = client.get("/?__theme=dark").text
    loaded = re.findall(r'<script src="(workbench/[^"]+)"', html)
    ours = sorted(file.name for file in (ROOT / "javascript").glob("*.js"))
    assert loaded == ["workbench/static/page.js", *(f"workbench/javascript/{name}" for name in ours)]
    assert html.index(loaded[-1]) < html.index("</head>")
    for address in (*loaded, *re.findall(r'<link rel="stylesheet" href="(workbench/[^"]+)"', html)):
        answer = client.get(f"/{address}")
        assert answer.status_code == 200 and answer.text.strip()
        assert answer.text in {
            file.read_text(encoding="utf-8")
            for file in (
                *ROOT.glob("*.css"),
                *ROOT.glob("javascript/*"),
                *ROOT.glob("modelwise/workbench/static/*"),
            )
        }


def test_nothing_is_fetched_from_elsewhere(client: Any) -> None:
    html = client.get("/?__theme=dark").text
    assert not re.findall(r"<(?:script|link)\b[^>]*(?:src|href)=\"https?://[^\"]*", html)


@pytest.mark.parametrize(
    "name", ["static/../web.py", "..%2f..%2fweb.py", "javascript/none.js", "static/", ""]
)
def test_no_other_file_is_given_out(client: Any, name: str) -> None:
    assert client.get(f"/workbench/{name}").status_code == 404


def test_the_theme_is_asked_for_once(client: Any) -> None:
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/?__theme=dark")
    assert client.get("/?__theme=light", follow_redirects=False).status_code == 200


def test_the_settings_can_be_read_and_changed_over_http(client: Any, host: Workbench) -> None:
    assert client.get("/sdapi/v1/options").json()["modelwise_mode"] == "auto"
    assert client.post("/sdapi/v1/options", json={"modelwise_mode": "on", "unknown": 1}).status_code == 200
    assert host.options["modelwise_mode"] == "on"
    assert "unknown" not in host.options
