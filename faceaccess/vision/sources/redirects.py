"""Whether a camera's address answers by naming another one."""

import http.client
from contextlib import suppress
from urllib.parse import urlsplit

from faceaccess.errors import CameraRedirectError, Text

TIMEOUT_S = 2.0


def refuse_redirect(address: str, name: str) -> None:
    """Refuse an HTTP address that sends on to another. FFmpeg, told not to follow, doesn't say why it fails.

    Raises:
        CameraRedirectError: it does.
    """
    parts = urlsplit(address)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme.lower() not in kinds or not parts.hostname:
        return
    with suppress(OSError, http.client.HTTPException, ValueError):
        connection = kinds[parts.scheme.lower()](parts.hostname, parts.port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
            answer = connection.getresponse()
        finally:
            connection.close()
        if 300 <= answer.status < 400:
            host = urlsplit(answer.getheader("Location", "")).hostname or Text("another address")
            raise CameraRedirectError(
                "{name} sends on to {host}, which isn't followed.",
                "Was the camera changed? Set up the address that is meant.",
                name=name,
                host=host,
            )
