"""A server of signed news of versions on a loopback port, which can do wrong what real ones do."""

import base64
import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faceaccess.settings import UpdateSettings
from installer.signing import public_key_text

CHANGES = ("Doors open sooner.", "A fault that nobody had is gone.")


def payload(version: str = "9.1", **changes: object) -> bytes:
    """Return the bytes that are signed."""
    values = {"product": "FaceAccess", "version": version, "date": "2026-11-02", "changes": CHANGES}
    return json.dumps(values | changes).encode()


def signed(content: bytes, key: Ed25519PrivateKey, signature: bytes | None = None) -> bytes:
    """Return the file at the address."""
    parts = {"payload": content, "signature": key.sign(content) if signature is None else signature}
    return json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()}).encode()


class NewsServer:
    """Answers with `file`; `status`, `location`, `cut_after` and `is_silent` say what it does wrong."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.status, self.location = 200, ""
        self.cut_after: int | None = None
        self.is_silent = False
        self.has_length = True
        self.asked: list[dict[str, str]] = []
        self.released = threading.Event()
        self.announce("9.1")
        news = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with suppress(OSError):
                    news._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def announce(self, version: str, changes: Sequence[str] = CHANGES) -> None:
        """Put the signed news of a version at the address."""
        self.file = signed(payload(version, changes=changes), self.key)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/faceaccess.json"

    @property
    def settings(self) -> UpdateSettings:
        return UpdateSettings(address=self.address, public_key=public_key_text(self.key))

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(dict(request.headers))
        if self.is_silent:
            self.released.wait(30)
            return
        request.send_response(self.status)
        if self.location:
            request.send_header("Location", self.location)
        if self.has_length:
            request.send_header("Content-Length", str(len(self.file)))
        request.end_headers()
        request.wfile.write(self.file[: self.cut_after])

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "NewsServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
