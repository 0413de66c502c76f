"""The REST interface held against its own OpenAPI document: every answer is as documented, whatever is asked."""

from __future__ import annotations

import copy
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings

from modelwise.webui.api.routes import PREFIX, ROUTES
from modelwise.workbench.handlers import Handlers

# What schemathesis and gradio stand on uses what others call old.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")

NOBODY = "http://127.0.0.1:9"
"""Where nothing can be fetched."""

CASES = 60
"""For each route."""

PROFILE_TEXT = 'schema = 1\nid = "mine"\nversion = 1\nname = "Mine"\nextends = "animagine-xl-4.0"\n'
"""A profile of the user's: any other text is refused as what is wrong with it says."""

FILES = {
    "text/csv": b"zz_new_hat,0,3,\n",
    "application/jsonl": b'{"file": "one.png", "scores": {"aesthetic-shadow-v2": 0.8}}\n',
    "application/octet-stream": b"no image",
}
"""A file of each type that is as documented: any other text may be none of its kind."""

EXPECTED = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", 404, 409]},
    "negative_data_rejection": {"expected-statuses": [400, 404, 405, 409, 413, 415, 422]},
}
"""The statuses of requests that are as documented, and of those that are not: never one of ours that failed."""


@pytest.fixture
def application(gradio: Any, handlers: Handlers) -> Any:
    web = import_module("modelwise.workbench.web")
    with gradio.Blocks() as page:
        gradio.Markdown("a page")
    return web.application(page, handlers.host, handlers.engine, "dark", NOBODY, NOBODY)


def with_choices(document: Any, profiles: list[str], checkpoints: list[str]) -> Any:
    """The document, with what exists here as the choices of the fields that name something."""
    choices = {name: ["", "auto", *profiles] for name in ("profile", "from", "to")}
    choices["checkpoint"] = ["", *checkpoints]
    choices["text"] = [PROFILE_TEXT]
    parameters = {**choices, "name": ["my tags", "初音"]}
    listed = {"profiles": profiles, "checkpoints": checkpoints}

    def narrow(schema: Any, path: str) -> None:
        for name, field in schema.get("properties", {}).items():
            if name in choices and field.get("type") == "string":
                field["enum"] = choices[name]
            if name == "profile" and path.endswith("/checkpoints"):
                field["enum"] = ["", *profiles]  # it is what `auto` would look up
            if name in listed and field.get("type") == "array":
                field["items"]["enum"] = listed[name]

    for path, methods in document["paths"].items():
        for said in methods.values() if path.startswith(PREFIX) else ():
            for parameter in said.get("parameters", ()):
                if parameter["name"] in parameters:
                    allowed = profiles if parameter["in"] == "path" else parameters[parameter["name"]]
                    parameter["schema"]["enum"] = allowed
            for media in said.get("requestBody", {}).get("content", {}).values():
                if not path.endswith("/check"):  # it takes any text
                    narrow(media["schema"], path)
    return document


def test_every_answer_is_as_documented(application: Any, handlers: Handlers) -> None:
    schemathesis = pytest.importorskip(
        "schemathesis", reason="needs schemathesis, which this environment does not have"
    )
    for media_type, content in FILES.items():
        schemathesis.serializer(media_type)(
            lambda _context, value, good=content: good if isinstance(value, str) else b"\0"
        )
    document = copy.deepcopy(application.openapi())
    document = with_choices(document, list(handlers.engine.profiles), handlers.host.checkpoint_names())
    config = schemathesis.Config.from_dict({"checks": EXPECTED})
    schema = schemathesis.openapi.from_dict(document, config=config).include(path_regex=f"^{PREFIX}/")
    schema.app = application
    tested = []
    for result in schema.get_all_operations():
        operation = result.ok()
        wrong = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

        @settings(max_examples=CASES, deadline=None, database=None, derandomize=True)
        @given(case=operation.as_strategy() | wrong)
        def ask(case: Any) -> None:
            case.call_and_validate()

        ask()
        tested.append(operation.label)
    assert sorted(tested) == sorted(f"{route.method} {PREFIX}{route.path}" for route in ROUTES)
