"""A real WebUI in a process of its own: started from a checkout, spoken to over HTTP, stopped with its children."""

from __future__ import annotations

import base64
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

START_LIMIT = 240
"""Seconds until the API has to answer."""
STARTED = "Startup time:"
"""The end of the start in the log: a request that comes between port and API ends the WebUI."""
JOB_LIMIT = 180
"""Seconds for one request."""
_PROCESSOR = {'"--always-cpu"': ["--always-cpu"], '"--cpu"': ["--cpu", "--force-fp32"]}
"""What forks with a memory management of their own are told, by the word that stands among their arguments."""
_ARGUMENTS_OF_FORKS = (
    "backend/args.py",
    "ldm_patched/modules/args_parser.py",
    "ldm_patched/modules/cli_args.py",
)
LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Place(NamedTuple):
    """Where a WebUI is and what runs it."""

    checkout: Path
    python: Path
    checkpoints: Path
    environment: Mapping[str, str]


def place(checkout: Path) -> Place:
    """A checkout with the Python, checkpoints and environment that the MODELWISE_WEBUI_* variables name."""
    return Place(checkout, _python(checkout), _checkpoints(checkout), _environment())


def _python(checkout: Path) -> Path:
    named = os.environ.get("MODELWISE_WEBUI_PYTHON")
    if named:
        return Path(named)
    found = (folder / "venv/bin/python" for folder in (checkout, checkout.parent))
    return next((python for python in found if python.exists()), Path(sys.executable))


def _checkpoints(checkout: Path) -> Path:
    named = os.environ.get("MODELWISE_WEBUI_CHECKPOINTS")
    return Path(named) if named else checkout / "models" / "Stable-diffusion"


def _environment() -> dict[str, str]:
    """`export NAME=VALUE` lines of the file that MODELWISE_WEBUI_ENV names."""
    named = os.environ.get("MODELWISE_WEBUI_ENV")
    if not named:
        return {}
    lines = (
        shlex.split(line, comments=True) for line in Path(named).read_text(encoding="utf-8").splitlines()
    )
    words = (word for line in lines if line[:1] == ["export"] for word in line[1:])
    return dict(word.split("=", 1) for word in words if "=" in word)


def _on_the_processor(checkout: Path) -> list[str]:
    """Without a graphics card."""
    sources = (checkout / name for name in _ARGUMENTS_OF_FORKS)
    held = "".join(source.read_text(encoding="utf-8") for source in sources if source.is_file())
    own = (words for known, words in _PROCESSOR.items() if known in held)
    return next(own, ["--use-cpu", "all", "--no-half"])


def _if_known(checkout: Path, argument: str) -> list[str]:
    """An argument that not every fork has kept; an unknown one ends its start."""
    known = (checkout / "modules" / "cmd_args.py").read_text(encoding="utf-8")
    return [argument] if argument in known else []


class RunningWebUI:
    """One WebUI with a data folder of its own. `api_login`: what its --api-auth was told."""

    def __init__(
        self,
        where: Place,
        data: Path,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        api_login: str = "",
    ) -> None:
        self.where = where
        self._headers = _basic(api_login) if api_login else {}
        self.data = data
        self.arguments = arguments
        self.environment = dict(environment or {})
        self.port = _free_port()
        self.log_file = data.parent / f"{data.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until its API answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "OMP_NUM_THREADS": "1",
            **self.where.environment,
        }
        environment.pop("PYTHONPATH", None)
        environment.update(self.environment)
        command = [str(self.where.python), "launch.py", *self._arguments()]
        self._log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.where.checkout,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        with cast("IO[bytes]", self._process.stdin) as keyboard:
            keyboard.write(b"\n")  # Forge Neo asks for Enter where a configuration is none of its own
        self._wait(self._process)

    def _arguments(self) -> list[str]:
        folders = ["--data-dir", str(self.data), "--ckpt-dir", str(self.where.checkpoints)]
        # With a data folder elsewhere, Forge does not give its own scripts to the page by itself.
        folders += ["--gradio-allowed-path", str(self.where.checkout)]
        cpu = ["--skip-torch-cuda-test", *_on_the_processor(self.where.checkout)]
        offline = ["--skip-prepare-environment", "--skip-version-check", "--skip-python-version-check"]
        offline += ["--api"]
        for argument in ("--disable-nan-check", "--no-download-sd-model", "--do-not-download-clip"):
            offline += _if_known(self.where.checkout, argument)
        return ["--port", str(self.port), *cpu, *offline, *folders, *self.arguments]

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            if process.poll() is not None:
                raise RuntimeError(f"the WebUI ended at once:\n{self.log()[-3000:]}")
            if STARTED not in self.log():
                time.sleep(0.2)
                continue
            try:
                self.get("/sdapi/v1/options")
            except (OSError, urllib.error.URLError):
                time.sleep(0.3)
            else:
                return
        self.stop()
        raise RuntimeError(f"the WebUI did not answer in {START_LIMIT} s:\n{self.log()[-3000:]}")

    def wait_for_restart(self) -> None:
        """Wait until "Reload UI" has started the page anew."""
        end = time.monotonic() + START_LIMIT
        while self.log().count(STARTED) < 2:
            if time.monotonic() > end:
                raise RuntimeError(f"the page did not start anew in {START_LIMIT} s:\n{self.log()[-3000:]}")
            time.sleep(0.2)

    def wait_for_end(self, seconds: float = 60) -> None:
        """Wait until it has ended by itself."""
        if self._process is not None:
            self._process.wait(seconds)
        self.stop()

    def stop(self) -> None:
        """End it and what it has started: its own process group, nothing else."""
        process, self._process = self._process, None
        if process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                break
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                continue
        process.wait(10)

    def log(self) -> str:
        """What it has written since its last start."""
        return self.log_file.read_bytes()[self._log_start :].decode("utf-8", "replace")

    def get(self, path: str) -> Any:
        """The answer to a GET request."""
        request = urllib.request.Request(self.address + path, headers=self._headers)  # noqa: S310
        with LOCAL.open(request, timeout=JOB_LIMIT) as answer:
            return json.load(answer)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer to a POST request."""
        headers = {"Content-Type": "application/json", **self._headers}
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), headers)  # noqa: S310
        with LOCAL.open(request, timeout=JOB_LIMIT) as answer:
            return json.load(answer)


def _basic(login: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
