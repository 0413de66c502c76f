"""`python -m modelwise.workbench`: starts the workbench, and says where it is and what it does."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn

from modelwise.compile import Request
from modelwise.report import summary
from modelwise.tag_fetch import DANBOORU
from modelwise.webui.engine import Engine
from modelwise.webui.log_tail import log_tail
from modelwise.workbench import checkpoints, page, web
from modelwise.workbench.handlers import Handlers
from modelwise.workbench.host import CHECKPOINT_OPTION, Workbench

ADDRESS = "127.0.0.1"
FIRST_PORT, PORTS = 7861, 20
EXAMPLE = "smile, long_hair, 1girl, looking at viewer, hatsune miku, (blue eyes:1.2), vocaloid"


def main(arguments: Sequence[str]) -> int:
    """Serve until interrupted; the samples and pictures live in a folder that goes then."""
    options = parsed(arguments)
    if options.checkpoints and not options.checkpoints.is_dir():
        return failed(f"--checkpoints: found {options.checkpoints}; allowed: a folder that exists")
    taken = [first_free_port()] if options.port is None else None
    port = taken[0].getsockname()[1] if taken else options.port
    with tempfile.TemporaryDirectory(prefix="modelwise-workbench-") as name:
        folder = Path(name)
        handlers = started(folder, options.checkpoints, options.data)
        app = web.application(
            *(page.build(handlers), handlers.host, handlers.engine, options.theme),
            *(options.tags_url, options.scorers_url),
        )
        server = uvicorn.Server(uvicorn.Config(app, host=ADDRESS, port=port, log_level="warning"))
        waiter = threading.Thread(target=announce, args=(server, handlers, port), daemon=True)
        waiter.start()
        # uvicorn ends in order and then sends itself the signal again: by now that need not kill.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        with suppress(KeyboardInterrupt):
            server.run(taken)
        return 0 if server.started else 1


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("--port", type=int, help=f"the first free one from {FIRST_PORT} on by default")
    parser.add_argument("--theme", choices=("auto", "light", "dark"), default="auto")
    parser.add_argument(
        "--checkpoints", type=Path, metavar="DIR", help="your own checkpoints instead of samples; only read"
    )
    parser.add_argument(
        "--tags-url", default=DANBOORU, metavar="URL", help="what the tab fetches as the full tag list"
    )
    parser.add_argument(
        "--scorers-url", metavar="URL", help="a folder of the web from which the tab fetches image scorers"
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="keep your own files, such as fetched scorers, here"
    )
    return parser.parse_args(arguments)


def failed(message: str) -> int:
    """Say why nothing was started."""
    sys.stderr.write(f"workbench: {message}\n")
    return 2


def first_free_port() -> socket.socket:
    """The first port that nobody listens on, taken at once: another start may look for one, too.

    gradio's own first one is left to a WebUI.
    """
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with suppress(OSError):
            return socket.create_server((ADDRESS, port))
    return socket.create_server((ADDRESS, 0))


def started(folder: Path, own: Path | None, data: Path | None = None) -> Handlers:
    """The workbench over the user's checkpoints, or over samples of every model that a profile knows.
    `data`: where the user's own files stay."""
    models = own or folder / "models"
    log_tail()
    host = Workbench(models, data or folder / "modelwise")
    engine = Engine(host)
    if own is None:
        checkpoints.write_samples(models, engine.profiles)
        host.refresh()
    host.choose_first()
    return Handlers(host, engine, folder / "outputs")


def announce(server: uvicorn.Server, handlers: Handlers, port: int) -> None:
    """When the server answers: an example and the address on the terminal, the page in the browser."""
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.05)
    address = f"http://{ADDRESS}:{port}"
    for text in (*example(handlers), "", f"The workbench is at {address} (Ctrl+C ends it)"):
        print(text, flush=True)
    if sys.stdout.isatty() and has_screen():
        webbrowser.open(address)


def example(handlers: Handlers) -> Iterator[str]:
    """One compiled prompt for the checkpoint that is chosen."""
    engine, host = handlers.engine, handlers.host
    detection = engine.detect(host.current_checkpoint())
    profile = engine.profiles[detection.profile]
    result = engine.compiler(profile.id).compile(Request(EXAMPLE))
    yield f"checkpoint  {host.options[CHECKPOINT_OPTION]}"
    yield f"profile     {profile.name} ({detection.reason})"
    yield f"you write   {EXAMPLE}"
    yield f"sampler     {result.prompt}"
    yield f"negative    {result.negative}"
    yield f"done        {summary(result.report, result.settings)}"


def has_screen() -> bool:
    """Whether a browser would have a window; without one, a text browser would take over the terminal."""
    return sys.platform in {"win32", "darwin"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
