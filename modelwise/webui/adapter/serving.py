"""The WebUI's web application: when it is there, whom its logins know, and what its users may change.

Routes of extensions stand outside of the WebUI's own login, so it is asked here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from fastapi import HTTPException
from modules import script_callbacks, shared

from modelwise.webui.api.access import basic_login

_LOGIN_CHECK = "/login_check"
_OPEN_TO_OTHERS = ("share", "listen", "ngrok", "server_name")
_INSECURE = ("enable_insecure_extension_access", "insecure")
_CLOSING = {
    "hide_ui_dir_config": "the WebUI was started with --hide-ui-dir-config",
    "freeze_settings": "the WebUI was started with --freeze-settings",
}


def on_app_started(act: Callable[[Any], None]) -> None:
    """Have something done with each application that the WebUI makes: one a start, one a "Reload UI"."""
    script_callbacks.on_app_started(lambda _page, app: act(app))


def on_unloaded(act: Callable[[], None]) -> None:
    """Have something done when the WebUI lets go of us: at its "Reload UI" and at its end."""
    script_callbacks.on_script_unloaded(act)


def add_tab(make: Callable[[], Any], title: str, element: str) -> None:
    """A tab of ours beside the WebUI's own. `element`: its id, after `tab_`."""
    script_callbacks.on_ui_tabs(lambda: [(make(), title, element)])


class WebUIAccess:
    """The logins and limits of a WebUI with this application."""

    def __init__(self, app: Any) -> None:
        found = (route.endpoint for route in app.routes if getattr(route, "path", "") == _LOGIN_CHECK)
        self._check: Callable[[Any], Any] | None = next(found, None)  # with --nowebui there is none
        self._user = _dependency(self._check)

    def admits(self, request: Any) -> bool:
        """By the page's session or by --api-auth, whichever is set up and knows who asks."""
        has_page_login = not self._lets_in(None)
        if has_page_login and self._lets_in(self._user(request)):
            return True
        listed = getattr(shared.cmd_opts, "api_auth", None)
        if listed:
            return basic_login(request.headers.get("authorization", ""), _passwords(listed))
        return not has_page_login

    def why_nothing_changes(self) -> str:
        """By the same arguments with which the WebUI closes its own."""
        options = shared.cmd_opts
        closed = getattr(options, "disable_extension_access", None)
        if closed is None:  # a fork without that conclusion
            closed = _any(options, _OPEN_TO_OTHERS) and not _any(options, _INSECURE)
        if closed:
            return "the WebUI is open to others, and was started without --enable-insecure-extension-access"
        reasons = (reason for name, reason in _CLOSING.items() if getattr(options, name, False))
        return next(reasons, "")

    def _lets_in(self, user: Any) -> bool:
        """What gradio's own check says of a user's name; None: nobody is logged in."""
        if self._check is None:
            return True
        try:
            self._check(user if isinstance(user, str) else None)
        except (HTTPException, TypeError):  # a check of another shape lets nobody in
            return False
        return True


def _dependency(endpoint: Any) -> Callable[[Any], Any]:
    """What tells gradio's check who asks: the dependency of its one argument. Nobody, where there is none."""
    arguments = inspect.signature(endpoint).parameters.values() if endpoint else ()
    found = (getattr(argument.default, "dependency", None) for argument in arguments)
    return next(filter(callable, found), lambda _request: None)


def _passwords(listed: str) -> dict[str, str]:
    """The users of --api-auth, read as the WebUI reads them."""
    pairs = (pair.partition(":") for pair in listed.split(","))
    return {user: password for user, colon, password in pairs if colon}


def _any(options: Any, names: tuple[str, ...]) -> bool:
    return any(getattr(options, name, False) for name in names)
