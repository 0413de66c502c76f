"""A server on this machine that gives a tag list as a test says: slowly, cut, or something else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROWS = [
    f'tag_number_{number},{(0, 4, 3, 1, 5)[number % 5]},{number},"alias_{number}"' for number in range(20_000)
]
LIST = ("\n".join(ROWS) + "\n").encode()
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """Answers as a test says. `asked`: the headers of each request."""

    def __init__(self) -> None:
        self.answer: Answer = whole()
        self.asked: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.asked.append({name.lower(): value for name, value in self.headers.items()})
                self.close_connection = True
                with suppress(ConnectionError):  # who has asked may go
                    server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def whole(
    data: bytes = LIST, version: str | None = '"one"', cut: int | None = None, pause: float = 0
) -> Answer:
    """A file as a good server gives it; `cut`: the connection breaks after so many bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range", "")
        start = int(asked[6:-1]) if asked and handler.headers.get("If-Range") == version else 0
        if start >= len(data):
            handler.send_error(416)
            return
        rest = data[start:]
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(rest)))
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if version:
            handler.send_header("ETag", version)
        handler.end_headers()
        sent = rest if cut is None else rest[:cut]
        for at in range(0, len(sent), 50_000):
            handler.wfile.write(sent[at : at + 50_000])
            time.sleep(pause)

    return answer


def refusing(code: int) -> Answer:
    return lambda handler: handler.send_error(code)
