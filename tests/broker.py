"""A real MQTT broker on a loopback port; the test is skipped where mosquitto isn't installed."""

import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.waiting import wait_for


def free_port():
    """Return a loopback port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Broker:
    """mosquitto, with a listener that keeps what comes to a topic."""

    def __init__(self, folder: Path, port=None):
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            pytest.skip("mosquitto isn't installed")
        self.port = port or free_port()
        config = folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self._process = subprocess.Popen(
            [program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self._is_up)
        self.messages: list[tuple[bytes, bool]] = []
        subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_message = lambda _, __, message: self.messages.append(
            (message.payload, message.retain)
        )
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()
        self._client.subscribe("#", qos=1)
        assert subscribed.wait(5)

    def _keep(self, message):
        self.messages.append((message.payload, message.retain))

    @property
    def address(self):
        return f"mqtt://127.0.0.1:{self.port}/faceaccess/door"

    def _is_up(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()
        self._process.terminate()
        self._process.wait(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
