"""The workbench as a web application: the page, and the scripts and styles loaded the way the WebUI does.

Everything comes from this machine: what gradio's page would fetch from elsewhere is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from modelwise.tag_fetch import DANBOORU
from modelwise.webui.api.access import OpenAccess
from modelwise.webui.api.service import Service
from modelwise.webui.api.web import add_routes
from modelwise.webui.engine import Engine
from modelwise.workbench.host import Workbench

ROOT = Path(__file__).resolve().parents[2]
_OWN = Path(__file__).parent / "static"
_ELSEWHERE = re.compile(rb"<script\s+src=\"https://[^>]*></script>|<link\s[^>]*https://[^>]*>", re.DOTALL)


def scripts() -> list[Path]:
    """The page's scripts in the order of loading: the host's own, then the extension's, sorted."""
    return [_OWN / "page.js", *sorted((ROOT / "javascript").glob("*.js"))]


def styles() -> list[Path]:
    """The page's style sheets in the order of loading."""
    return [_OWN / "style.css", ROOT / "style.css"]


def application(
    page: Any,
    host: Workbench,
    engine: Engine,
    theme: str,
    tags_address: str = DANBOORU,
    scorers_place: str | None = None,
) -> FastAPI:
    """The page as a web application. `theme`: light, dark, or auto for what the browser says;
    `tags_address`: where the tab fetches the full tag list; `scorers_place`: and scorers, in place of where
    their makers have them."""
    app = FastAPI()
    _add_options(app, host)
    add_routes(app, Service(engine, tags_address, scorers_place), OpenAccess())
    files = {_address(file): file for file in (*scripts(), *styles())}

    @app.get("/workbench/{name:path}")
    def file(name: str) -> Response:
        found = files.get(f"workbench/{quote(name)}")
        return (
            FileResponse(found, headers={"Cache-Control": "no-cache"}) if found else Response(status_code=404)
        )

    @app.middleware("http")
    async def complete(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.url.path != "/":
            return await call_next(request)
        if theme != "auto" and "__theme" not in request.query_params:
            return RedirectResponse(f"/?__theme={theme}")
        return await _completed(await call_next(request))

    return gr.mount_gradio_app(app, page, path="/")  # type: ignore[no-any-return]  # gradio 3 is not typed


def _add_options(app: FastAPI, host: Workbench) -> None:
    """The settings over HTTP, at the WebUI's address; what is no setting is passed over, as there."""

    @app.get("/sdapi/v1/options")
    def options() -> dict[str, Any]:
        return host.options

    @app.post("/sdapi/v1/options")
    def change(values: dict[str, Any]) -> None:
        host.options.update({key: value for key, value in values.items() if key in host.options})


def _address(file: Path) -> str:
    return f"workbench/{quote(file.parent.name)}/{quote(file.name)}"


async def _completed(response: Any) -> Response:
    """gradio's page with our scripts and styles in its head, and nothing from elsewhere."""
    page = b"".join([part async for part in response.body_iterator])
    tags = [f'<script src="{_address(file)}"></script>' for file in scripts()]
    tags += [f'<link rel="stylesheet" href="{_address(file)}">' for file in styles()]
    page = _ELSEWHERE.sub(b"", page).replace(b"</head>", "".join(tags).encode() + b"</head>", 1)
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(page, response.status_code, headers)
