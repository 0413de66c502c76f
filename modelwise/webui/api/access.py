"""Who may ask and what may be changed: what a host says of it, and the checks that all hosts share."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Protocol
from urllib.parse import urlsplit

from modelwise.webui.api.refusals import Refusal, refused

_BASIC = "basic "


class Access(Protocol):
    """The host's own rules."""

    def admits(self, request: Any) -> bool:
        """Whether the host's login, where it has one, knows who asks. `request`: a starlette Request."""

    def why_nothing_changes(self) -> str:
        """Why the users of the host may change nothing; empty where they may."""


class OpenAccess:
    """A host without a login, whose user may change everything."""

    def admits(self, request: Any) -> bool:  # noqa: ARG002 (everybody)
        """Everybody."""
        return True

    def why_nothing_changes(self) -> str:
        """Nothing is closed."""
        return ""


def demand_login(access: Access, request: Any) -> None:
    """Refuse who is not known to the host."""
    if not access.admits(request):
        raise refused(401, "log in first: in the page, or with the user and password of --api-auth")


def demand_writing(access: Access, headers: Mapping[str, str]) -> None:
    """Refuse a change from another site's page, and where the users of the host may change nothing."""
    reason = access.why_nothing_changes()
    if reason:
        raise refused(403, f"nothing can be changed here: {reason}")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        raise refused(403, "a change can't be asked for by a page from elsewhere")


def demand_type(headers: Mapping[str, str], allowed: str) -> None:
    """Refuse a body that does not say what it is: a page from elsewhere can't say JSON or CSV unasked."""
    found = headers.get("content-type", "").split(";")[0].strip().lower()
    if found != allowed:
        raise refused(415, f"content-type: found {found[:80]!r}; allowed: {allowed}")


def login_challenge(headers: Mapping[str, str], refusal: Refusal) -> dict[str, str]:
    """The header that makes a browser ask for a password, but not for what a script of a page asks."""
    by_script = headers.get("sec-fetch-dest") == "empty"
    return {"WWW-Authenticate": "Basic"} if refusal.status == 401 and not by_script else {}


def basic_login(header: str, passwords: Mapping[str, str]) -> bool:
    """Whether an `Authorization` header names a user with that user's password, compared in constant time."""
    if header[: len(_BASIC)].lower() != _BASIC:
        return False
    try:
        user, colon, password = base64.b64decode(header[len(_BASIC) :], validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    checks = [
        compare_digest(user, known.encode()) & compare_digest(password, secret.encode())
        for known, secret in passwords.items()
    ]
    return bool(colon) and any(checks)
