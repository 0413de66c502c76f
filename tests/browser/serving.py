"""A workbench in a process of its own, on a free port; its log is kept."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.request import Request, urlopen

from modelwise.webui.api.routes import PREFIX
from modelwise.webui.settings_page import OPTIONS
from modelwise.workbench.host import OWN_OPTIONS

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "127.0.0.1"
_READY = "The workbench is at"
_START_LIMIT, _STOP_LIMIT = 60.0, 5.0


class RunningWorkbench:
    """Started when made. `theme`: light, dark or auto; `arguments`: more of the command line."""

    def __init__(self, log: Path, theme: str = "auto", arguments: Sequence[str] = ()) -> None:
        self.port = _free_port()
        self.address = f"http://{ADDRESS}:{self.port}"
        self._log = log
        command = [sys.executable, "-m", "modelwise.workbench", "--port", str(self.port), "--theme", theme]
        command += arguments
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + _START_LIMIT
        while _READY not in self.log():
            if self._process.poll() is not None:
                raise RuntimeError(f"the workbench ended while it started:\n{self.log()}")
            if time.monotonic() > end:
                raise RuntimeError(f"the workbench has not started in {_START_LIMIT:g} s:\n{self.log()}")
            time.sleep(0.05)

    def log(self) -> str:
        """Everything that it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def memory(self) -> int:
        """The memory that it holds, in bytes. Linux only."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(kilobytes.split()[1]) * 1024

    def reset(self) -> None:
        """Put all settings back to what they are at first, and forget which tags were used."""
        first = {option.key: option.default for option in (*OPTIONS, *OWN_OPTIONS)}
        self._send("POST", "/sdapi/v1/options", first)
        self._send("DELETE", f"{PREFIX}/completion/uses", {})

    def _send(self, method: str, path: str, body: object) -> None:
        headers = {"Content-Type": "application/json"}
        request = Request(self.address + path, json.dumps(body).encode(), headers, method=method)  # noqa: S310 (our own)
        urlopen(request, timeout=_STOP_LIMIT).close()  # noqa: S310

    def stop(self) -> None:
        """End it as Ctrl+C does, so that it takes its files with it; by force where that is not enough."""
        if self._process.poll() is not None:
            return
        if os.name == "nt":
            self._process.terminate()
        else:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])
