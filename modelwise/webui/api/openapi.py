"""What the host's `/docs` says of our routes: schemas made of the types, with the examples.

The host's FastAPI documents only its own models, and merges what is given for a route as it stands: so every
schema stands whole in its place, in the dialect of the host's OpenAPI version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from modelwise.webui.api.refusals import Problem
from modelwise.webui.api.route import Route
from modelwise.webui.api.routes import Example

Json = dict[str, Any]

_REFUSALS = {
    400: "The body is no JSON",
    401: "The host wants a login",
    403: "Nothing may be changed here, or by whoever asks",
    404: "What is named is not there",
    409: "A file of the user's, or a name in it, stands in the way",
    413: "The body is too large: over 1 MB, or over 64 MB where it is a file",
    415: "The body does not say that it is what is allowed",
    422: "A field is wrong: the answer names it, what was found and what is allowed",
    503: "Something else is going on: ask again soon",
    500: "An error of Modelwise's own; the host's log says which",
}


class Documentation:
    """The documentation of all routes. `version`: of OpenAPI, as the host writes it."""

    def __init__(self, routes: Sequence[Route], examples: Mapping[str, Example], version: str) -> None:
        self._examples = examples
        self._old = version.startswith("3.0")
        kinds = [Problem, *(kind for route in routes for kind in (route.takes, route.gives))]
        schemas, self._components = msgspec.json.schema_components(kinds, ref_template="{name}")
        self._schemas = dict(zip(kinds, schemas))

    def of(self, route: Route) -> Json:
        """The arguments of `add_api_route` that document a route."""
        example = self._examples[route.name]
        return {
            "summary": route.summary,
            "tags": ["Modelwise"],
            "operation_id": f"modelwise_{route.name}",
            "openapi_extra": self._request(route, example),
            "responses": {
                route.status: self._content("Done", route.gives, example.answered),
                **{status: self._content(_REFUSALS[status], Problem) for status in _statuses(route)},
            },
        }

    def _request(self, route: Route, example: Example) -> Json:
        if route.has_body:
            return {"requestBody": {"required": True, **self._content("", route.takes, example.asked)}}
        schema = self._schema(route.takes)
        parameters = [
            {
                "name": name,
                "in": "path" if f"{{{name}}}" in route.path else "query",
                "required": name in schema.get("required", ()),
                "schema": field,
                **({"example": example.asked[name]} if name in example.asked else {}),
            }
            for name, field in schema["properties"].items()
        ]
        file = {"required": True, "content": {route.upload: {"schema": {"type": "string"}}}}
        return {
            **({"parameters": parameters} if parameters else {}),
            **({"requestBody": file} if route.upload else {}),
        }

    def _content(self, description: str, kind: Any, example: Json | None = None) -> Json:
        media: Json = {"schema": self._schema(kind)}
        if example is not None:
            media["example"] = example
        said = {"description": description} if description else {}
        return {**said, "content": {"application/json": media}}

    def _schema(self, kind: Any) -> Json:
        found: Json = self._whole(self._schemas[kind])
        return found

    def _whole(self, schema: Any) -> Any:
        """A schema with what it refers to in its place, and closed sets of keys as properties."""
        if isinstance(schema, list):
            return [self._whole(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            more = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**self._components[schema["$ref"]], **more}
        whole = {key: value if key == "default" else self._whole(value) for key, value in schema.items()}
        if isinstance(whole.get("description"), str):
            whole["description"] = " ".join(whole["description"].split())
        if "propertyNames" in whole:
            names = whole.pop("propertyNames")["enum"]
            whole["properties"] = dict.fromkeys(names, whole["additionalProperties"])
            whole["additionalProperties"] = False
        return as_3_0(whole) if self._old else whole


def as_3_0(schema: Json) -> Json:
    """One level of a schema in OpenAPI 3.0, which knows no type `null` and no number as an open bound."""
    schema = dict(schema)
    options = schema.get("anyOf", ())
    if {"type": "null"} in options:
        left = [option for option in options if option != {"type": "null"}]
        schema |= {"nullable": True, "anyOf": left}
        if len(left) == 1:
            del schema["anyOf"]
            schema = {**left[0], **schema}
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    if "exclusiveMinimum" in schema:
        low = schema.pop("exclusiveMinimum")
        schema |= {"minimum": low, "not": {"enum": [low]}}
    return schema


def _statuses(route: Route) -> list[int]:
    wanted = {401, 422, 500}
    if route.has_body or route.upload:
        wanted |= {400, 413, 415}
    if route.writes:
        wanted |= {403, 404, 409}
    if not route.has_body:
        wanted |= {404}
    if route.may_be_busy:
        wanted |= {409, 503}
    return sorted(wanted)
