"""The routes in a host's FastAPI application: reading within bounds, answering, and nothing else.

FastAPI and pydantic of any version: a route is a plain function of the raw request. What computes runs on a
thread, so that it never holds up the page; on few of them, as each keeps memory of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from modelwise.user_files import UserFileError
from modelwise.webui.api.access import Access, demand_login, demand_type, demand_writing, login_challenge
from modelwise.webui.api.openapi import Documentation
from modelwise.webui.api.refusals import INTERNAL, Refusal, invalid, of_user_file, refused
from modelwise.webui.api.route import Route
from modelwise.webui.api.routes import PREFIX, ROUTES, examples
from modelwise.webui.api.service import Service
from modelwise.webui.api.uploads import received, swallow

INDEX = "/completion/index"
_BYTES = "application/octet-stream"
LARGEST_BODY = 1_000_000
_LARGEST_SWALLOWED = 20 * LARGEST_BODY
"""What is still read, and dropped, of a body that is too large: who sends it can read our answer then."""

_THREADS = 2

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

log = logging.getLogger("modelwise")


def add_routes(app: FastAPI, service: Service, access: Access) -> None:
    """Add the routes to an application; those of an earlier call go."""
    routes = app.router.routes
    routes[:] = [route for route in routes if not getattr(route, "path", "").startswith(f"{PREFIX}/")]
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="modelwise")  # they end with the application
    documentation = Documentation(ROUTES, examples(), getattr(app, "openapi_version", "3.0"))
    for route in ROUTES:
        app.add_api_route(
            PREFIX + route.path,
            _endpoint(route, service, access, threads),
            methods=[route.method],
            status_code=route.status,
            response_model=None,
            response_class=Response,
            **documentation.of(route),
        )
    app.add_api_route(PREFIX + INDEX, _index_endpoint(service, access), include_in_schema=False)
    app.openapi_schema = None  # made anew when it is next asked for


def _endpoint(route: Route, service: Service, access: Access, threads: Executor) -> Endpoint:
    decoder = msgspec.json.Decoder(route.takes)

    def work(given: bytes | dict[str, Any]) -> Any:
        asked = _decoded(given, decoder) if isinstance(given, bytes) else _converted(given, route.takes)
        found = route.answer(service, asked)
        return found if route.upload else msgspec.json.encode(found)

    async def answered(request: Request, parts: AsyncIterator[bytes]) -> bytes:
        demand_login(access, request)
        if route.writes:
            demand_writing(access, request.headers)
        if not route.upload:
            given = await _body(request.headers, parts) if route.has_body else _parameters(request)
            return bytes(await _on_thread(threads, work, given))
        demand_type(request.headers, route.upload)
        upload = await _on_thread(threads, work, _parameters(request))
        return msgspec.json.encode(await received(parts, upload))

    async def answer(request: Request) -> Response:
        parts = request.stream()  # nothing is read yet
        try:
            return _json(await answered(request, parts), route.status)
        except (Refusal, UserFileError) as error:
            refusal = of_user_file(error) if isinstance(error, UserFileError) else error
            if route.upload:
                await swallow(parts)
            more = login_challenge(request.headers, refusal)
            return _json(msgspec.json.encode(refusal.problem), refusal.status, more)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception:
            log.exception("no answer to %s %s", route.method, PREFIX + route.path)
            return _json(msgspec.json.encode(refused(500, INTERNAL).problem), 500)

    return answer


async def _on_thread(threads: Executor, work: Callable[[Any], Any], given: bytes | dict[str, Any]) -> Any:
    return await asyncio.get_running_loop().run_in_executor(threads, work, given)


def _index_endpoint(service: Service, access: Access) -> Endpoint:
    """The page's own: bytes that only our scripts read. Their address names the version, so they keep."""

    async def answer(request: Request) -> Response:
        try:
            demand_login(access, request)
            found = await asyncio.to_thread(
                service.index
            )  # building it takes a while: not on a thread of the others
        except Refusal as refusal:
            return _json(msgspec.json.encode(refusal.problem), refusal.status)
        except Exception:
            log.exception("no index for completion")
            return _json(msgspec.json.encode(refused(500, INTERNAL).problem), 500)
        headers = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(found.compressed, headers=headers, media_type=_BYTES)
        return Response(found.plain(), headers=headers, media_type=_BYTES)

    return answer


async def _body(headers: Headers, parts: AsyncIterator[bytes]) -> bytes:
    """The body, read until it is too large, whatever its headers say."""
    demand_type(headers, "application/json")
    body, size = bytearray(), 0
    async for part in parts:
        size += len(part)
        if size > _LARGEST_SWALLOWED:
            break
        if size <= LARGEST_BODY:
            body += part
    if size > LARGEST_BODY:
        raise refused(413, f"the body: found over {LARGEST_BODY:,} bytes; allowed: at most {LARGEST_BODY:,}")
    return bytes(body)


def _parameters(request: Request) -> dict[str, Any]:
    return {**request.query_params, **request.path_params}


def _decoded(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _invalid(error, body, decoder.type) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _unreadable(error) from None


def _invalid(error: msgspec.ValidationError, body: bytes, kind: type[msgspec.Struct]) -> Refusal:
    """Read again without the types: the message names the place, not what is there."""
    try:
        return invalid(error, msgspec.json.decode(body), kind)
    except (msgspec.MsgspecError, RecursionError) as other:  # no JSON behind the place that was wrong
        return _unreadable(other)


def _unreadable(error: Exception) -> Refusal:
    """A refusal for what is no JSON, or too much of it."""
    found = "too many brackets in each other" if isinstance(error, RecursionError) else str(error)
    return refused(400, f"the body: found {found}; allowed: JSON")


def _converted(values: dict[str, Any], kind: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error, values, kind) from None


def _json(content: bytes, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(content, status, headers, media_type="application/json")
