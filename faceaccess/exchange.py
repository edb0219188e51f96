"""A request over HTTP that ends at one moment, reads so many bytes at most, and goes nowhere else."""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from faceaccess.steady import steady_s

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes:
        status: of HTTP; one that sends on to another address is an answer like any other.
        body: as it was sent, up to the limit.
        is_whole: whether that was all.
    """

    status: int
    body: bytes
    is_whole: bool


def ask(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str],
    content: bytes = b"",
    timeout_s: float,
    most_bytes: int,
) -> Answer:
    """Send a request and return the answer.

    Args:
        method: GET or POST.
        address: http or https; where it sends on to is another server than the one that was set up.
        headers: of the request.
        content: its body.
        timeout_s: for all of it, from the name's look-up to the last byte of the answer.
        most_bytes: of the answer's body; the rest of a longer one is not read.

    Raises:
        httpx.TimeoutException: it was not over in time.
        httpx.HTTPError: the server can't be reached, or the line was cut.
        httpx.InvalidURL: the address is none.
    """
    # At the first request: it takes a tenth of a second and brings what prints tables in a terminal.
    import httpx

    with _Deadline(timeout_s) as deadline, httpx.Client(verify=_trusted(), timeout=timeout_s) as client:
        try:
            with client.stream(
                method,
                address,
                content=content,
                headers=headers,
                extensions={"trace": deadline.trace},
                follow_redirects=False,
            ) as response:
                return _read(response, most_bytes)
        except httpx.TransportError as exc:
            if deadline.is_over:
                raise httpx.ReadTimeout("too late") from exc
            raise


def _read(response: "httpx.Response", most_bytes: int) -> Answer:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > most_bytes:
            return Answer(response.status_code, bytes(body[:most_bytes]), is_whole=False)
    return Answer(response.status_code, bytes(body), is_whole=True)


class _Deadline:
    """Ends a request at one moment, whatever it is doing: httpx waits anew for each byte."""

    def __init__(self, timeout_s: float) -> None:
        self._expires_s = steady_s() + timeout_s
        self._timer = threading.Timer(timeout_s, self._cut)
        self._socket: socket.socket | None = None

    @property
    def is_over(self) -> bool:
        """Whether the moment has come."""
        return steady_s() >= self._expires_s

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of the connection, and let nothing be sent too late. Called by httpx."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
        if event.endswith(".started") and self.is_over:
            import httpx

            raise httpx.ConnectTimeout("too late to send it")

    def _cut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                # Not a TLS socket's own: that one first waits for the other side.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates that are trusted; reading them takes longer than a message.

    Those of the computer count beside the usual ones: a company's own servers have certificates of its own.
    """
    import httpx

    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
