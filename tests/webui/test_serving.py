"""Our routes in each imitated program's application: its logins, what it closes, and "Reload UI"."""

from __future__ import annotations

import base64
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from modelwise.webui.api.routes import PREFIX, ROUTES
from tests.webui.imitation import Imitation
from tests.webui.with_us import OLDER, OPT, SCRIPT

# gradio's own application uses what its neighbours call old.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")

ADDRESS = f"{PREFIX}/profiles"
PRESET = {"profile": "animagine-xl-4.0-opt", "preset": {"name": "Night"}}


def password(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


def client(app: Any, **more: Any) -> Any:
    return import_module("fastapi.testclient").TestClient(app, **more)


@pytest.fixture
def bare(adapter: ModuleType) -> Any:
    """An application as `--nowebui` has it: without a page's login."""
    return import_module("fastapi").FastAPI()


@pytest.fixture
def paged(adapter: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Any:
    """gradio's own application of a page whose login is bob's; `auth` None: nobody's."""
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    gradio = import_module("gradio")
    with gradio.Blocks() as page:
        gradio.Markdown("a page")
    page.auth, page.auth_message = [("bob", "hidden")], None
    return gradio.routes.App.create_app(page)


def serve(app: Any) -> Any:
    """Our routes in the application."""
    import_module("modelwise.webui.register").serve(app)
    return client(app)


def log_in(asking: Any) -> None:
    assert asking.post("/login", data={"username": "bob", "password": "hidden"}).status_code == 200


def test_without_any_login_it_is_open(program: Imitation, bare: Any) -> None:
    assert serve(bare).get(ADDRESS).status_code == 200


def test_a_page_without_a_login_is_open(program: Imitation, paged: Any) -> None:
    paged.auth = None
    assert serve(paged).get(ADDRESS).status_code == 200


def test_the_pages_session_is_demanded(program: Imitation, paged: Any) -> None:
    asking = serve(paged)
    refused = asking.get(ADDRESS)
    assert (refused.status_code, refused.json()["field"]) == (401, "")
    assert asking.get(ADDRESS, headers=password("bob:hidden")).status_code == 401
    log_in(asking)
    assert asking.get(ADDRESS).status_code == 200
    assert all(
        client(paged).request(route.method, PREFIX + route.path).status_code == 401 for route in ROUTES
    )


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("ann:secret", 200),
        ("zoe:with:colon", 200),
        ("ann:Secret", 401),
        ("ann:", 401),
        ("ann", 401),
        ("zoe:secret", 401),
        (":", 401),
        ("änn:secret", 401),
    ],
)
def test_the_apis_password_is_demanded(program: Imitation, bare: Any, sent: str, status: int) -> None:
    program.command_line.api_auth = "ann:secret,zoe:with:colon"
    assert serve(bare).get(ADDRESS, headers=password(sent)).status_code == status


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic ?", "Basic YW5u", "Bearer YW5uOnNlY3JldA==", "Basic é"]
)
def test_what_is_no_password_is_refused(program: Imitation, bare: Any, header: str) -> None:
    program.command_line.api_auth = "ann:secret"
    sent = {"Authorization": header.encode()}
    assert serve(bare).get(ADDRESS, headers=sent).status_code == 401


def test_a_setting_without_a_password_lets_nobody_in(program: Imitation, bare: Any) -> None:
    program.command_line.api_auth = "ann"
    assert serve(bare).get(ADDRESS, headers=password("ann:")).status_code == 401


def test_either_login_is_enough(program: Imitation, paged: Any) -> None:
    program.command_line.api_auth = "ann:secret"
    asking = serve(paged)
    assert asking.get(ADDRESS).status_code == 401
    assert asking.get(ADDRESS, headers=password("ann:secret")).status_code == 200
    log_in(asking)
    assert asking.get(ADDRESS).status_code == 200


def test_a_login_that_can_not_be_asked_who_it_is_lets_nobody_in(program: Imitation, bare: Any) -> None:
    def login_check() -> None:
        """Of another shape than gradio's: without the user."""

    bare.add_api_route("/login_check", login_check)
    assert serve(bare).get(ADDRESS).status_code == 401


def test_a_browser_asks_for_the_password_but_not_for_a_script(program: Imitation, bare: Any) -> None:
    program.command_line.api_auth = "ann:secret"
    asking = serve(bare)
    assert asking.get(ADDRESS).headers["www-authenticate"] == "Basic"
    assert "www-authenticate" not in asking.get(ADDRESS, headers={"Sec-Fetch-Dest": "empty"}).headers


@pytest.mark.parametrize("name", ["disable_extension_access", "hide_ui_dir_config", "freeze_settings"])
def test_changes_are_refused_where_the_program_closes_its_own(
    program: Imitation, bare: Any, name: str
) -> None:
    asking = serve(bare)
    setattr(program.command_line, name, True)
    answer = asking.post(f"{PREFIX}/presets", json=PRESET)
    assert answer.status_code == 403
    assert "nothing can be changed here: the WebUI" in answer.json()["error"]
    assert not (program.data_path / "modelwise" / "presets").exists()
    setattr(program.command_line, name, False)
    assert asking.post(f"{PREFIX}/presets", json=PRESET).status_code == 201


@pytest.mark.parametrize(("insecure", "status"), [(True, 201), (False, 403)])
def test_a_fork_without_the_conclusion_is_judged_by_its_arguments(
    program: Imitation, bare: Any, insecure: bool, status: int
) -> None:
    del program.command_line.disable_extension_access
    program.command_line.listen, program.command_line.insecure = True, insecure
    assert serve(bare).post(f"{PREFIX}/presets", json=PRESET).status_code == status


@pytest.mark.parametrize("origin", ["http://elsewhere", "null", "http://testserver.elsewhere", ""])
def test_a_change_from_elsewhere_is_refused(program: Imitation, bare: Any, origin: str) -> None:
    asking = serve(bare)
    for method in ("POST", "PATCH", "DELETE"):
        answer = asking.request(method, f"{PREFIX}/presets", headers={"Origin": origin})
        assert answer.status_code == 403
    here = {"Origin": "http://testserver"}
    assert asking.post(f"{PREFIX}/presets", json=PRESET, headers=here).status_code == 201


def test_checkpoints_go_by_the_programs_own_names(program: Imitation, bare: Any) -> None:
    program.checkpoints.reload()
    asking = serve(bare)
    assert asking.get(f"{PREFIX}/detect").json()["checkpoint"] == OPT
    for name in (OLDER, f"{OLDER} [0123456789]", "0123456789"):
        found = asking.get(f"{PREFIX}/detect", params={"checkpoint": name})
        assert found.json()["checkpoint"] == OLDER
    for name in (f"/models/{OLDER}", f"../{OLDER}", "animagine"):
        assert asking.get(f"{PREFIX}/detect", params={"checkpoint": name}).status_code == 404


def test_reload_serves_the_new_application(executing: Imitation) -> None:
    fastapi = import_module("fastapi")
    executing.execute(SCRIPT)
    executing.build()
    before, after = fastapi.FastAPI(), fastapi.FastAPI()
    executing.start(before)
    executing.reload([SCRIPT])
    assert len(executing.callbacks["app_started"]) == 1
    executing.start(after)
    for app in (before, after):
        assert client(app).post(f"{PREFIX}/compile", json={"prompt": "1girl"}).status_code == 200


def test_added_again_each_route_is_there_once(program: Imitation, bare: Any) -> None:
    serve(bare)
    documented = client(bare).get("/openapi.json").json()
    serve(bare)
    paths = [(route.path, *route.methods) for route in bare.routes if route.path.startswith(PREFIX)]
    index = import_module("modelwise.webui.api.web").INDEX
    expected = [(PREFIX + route.path, route.method) for route in ROUTES]
    assert sorted(paths) == sorted([*expected, (PREFIX + index, "GET")])
    assert client(bare).get("/openapi.json").json() == documented
