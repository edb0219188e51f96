"""How a message or an order leaves the program: HTTP with a signature, MQTT, a serial relay.

Each is tried once here; whether again is decided by who calls. What speaks to the other side
is imported at the first message: few doors send any.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from faceaccess.errors import OutputError, Text, sentences
from faceaccess.exchange import ask
from faceaccess.steady import steady_s

MQTT_PORT, MQTTS_PORT = 1883, 8883
ALREADY_THERE = 409
LONGEST_ANSWER_BYTES = 64 * 1024


def post(address: str, secret: str, values: Mapping[str, object], *, key: str, timeout_s: float) -> None:
    """Post values as JSON, signed.

    `X-FaceAccess-Signature` is "sha256=" and the hex HMAC-SHA256, keyed by the secret, over
    `X-FaceAccess-Timestamp`, a dot, and the body. `Idempotency-Key` is the same at each try.

    Args:
        address: http or https.
        secret: keys the signature; "": none.
        values: what to send.
        key: names the message.
        timeout_s: for all of it, from the name's look-up to the last byte of the answer.

    Raises:
        OutputError: it was not answered in time by 2xx, or by 409 for one that is there already.
    """
    import httpx

    body = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
    stamp = str(int(time.time()))
    headers = {"Content-Type": "application/json", "Idempotency-Key": key, "X-FaceAccess-Timestamp": stamp}
    if secret:
        signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers["X-FaceAccess-Signature"] = f"sha256={signature}"
    host = urlsplit(address).hostname or Text("the server")
    try:
        # Where it sends on to is another receiver than the one that was set up.
        answer = ask(
            "POST",
            address,
            content=body,
            headers=headers,
            timeout_s=timeout_s,
            most_bytes=LONGEST_ANSWER_BYTES,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise OutputError(
            "{host} can't be reached ({fault}).",
            "Check the address and that it is on.",
            host=host,
            fault=type(exc).__name__,
        ) from exc
    if answer.status not in (*range(200, 300), ALREADY_THERE):
        raise OutputError("{host} answered {status}.", "Look into its log.", host=host, status=answer.status)


def publish(
    address: str, values: Mapping[str, object], *, timeout_s: float, expiry_s: int | None = None
) -> None:
    """Publish values as JSON to the topic of an address such as mqtt://name:password@host:1883/topic.

    Args:
        address: mqtt or, encrypted, mqtts.
        values: what to send.
        timeout_s: for all of it, until the broker has confirmed it (QoS 1).
        expiry_s: the broker forgets it after so long; None: never. Never retained.

    Raises:
        OutputError: the broker did not confirm it.
    """
    from paho.mqtt import client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    parts = urlsplit(address)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.connect_timeout = timeout_s
    if parts.scheme == "mqtts":
        client.tls_set()
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    connected = threading.Event()
    refusals: list[str] = []

    def answered(_: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:  # noqa: ANN401 - paho's
        if reason.is_failure:
            refusals.append(str(reason))
        connected.set()

    client.on_connect = answered
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    if expiry_s is not None:
        properties.MessageExpiryInterval = expiry_s
    host = parts.hostname or ""
    deadline_s = steady_s() + timeout_s
    try:
        client.connect(host, parts.port or (MQTTS_PORT if parts.scheme == "mqtts" else MQTT_PORT))
        client.loop_start()
        # Only when connected: paho would keep it and send it whenever the broker comes back.
        if not connected.wait(max(0.0, deadline_s - steady_s())) or refusals:
            refused = Text("The broker {host} refused the connection.", {"host": host})
            raise OutputError(sentences(refused, *map(Text, refusals)))
        sent = client.publish(
            parts.path.lstrip("/"), json.dumps(values, sort_keys=True), 1, False, properties
        )
        sent.wait_for_publish(max(0.1, deadline_s - steady_s()))
        if not sent.is_published():
            raise OutputError(
                "The broker {host} did not confirm the message.", "Is it overloaded?", host=host
            )
    except (OSError, ValueError, RuntimeError) as exc:
        raise OutputError(
            "The broker {host} can't be reached ({fault}).",
            "Check the address and that it is on.",
            host=host,
            fault=type(exc).__name__,
        ) from exc
    finally:
        with suppress(OSError):
            client.disconnect()
        client.loop_stop()


def pulse(
    device: str, on: bytes, off: bytes, *, seconds: float, is_stopping: threading.Event | None = None
) -> None:
    """Switch a serial relay on, and off again after some seconds, whatever happens.

    Args:
        device: such as /dev/ttyUSB0 or COM3.
        on: what switches the relay on.
        off: what switches it off.
        seconds: in between.
        is_stopping: when set, it is switched off at once.

    Raises:
        OutputError: the relay isn't there or takes nothing.
    """
    import serial

    try:
        with serial.Serial(device, 9600, timeout=1, write_timeout=1) as port:
            try:
                port.write(on)
                port.flush()
                (is_stopping or threading.Event()).wait(seconds)
            finally:
                port.write(off)
                port.flush()
    except (serial.SerialException, OSError, ValueError) as exc:
        raise OutputError(
            "The relay at {device} can't be switched ({fault}).",
            "Check its cable and its name.",
            device=device,
            fault=type(exc).__name__,
        ) from exc
