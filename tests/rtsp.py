"""A real RTSP server on a loopback port, by GStreamer; the test is skipped where that isn't installed."""

import shutil
import subprocess
import sys

import pytest

_SERVER = """
import sys, gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer(); server.set_address("127.0.0.1"); server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory(); factory.set_shared(True)
source = "videotestsrc is-live=true pattern=snow ! video/x-raw,width=320,height=240,framerate=15/1"
coding = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96"
factory.set_launch(f"( {source} ! {coding} )")
server.get_mount_points().add_factory("/door", factory); server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()
"""


class RtspCamera:
    """Snow in H.264; `stop` and `start` take it off and back on the same port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/door"

    def start(self) -> None:
        """Serve; the system's Python has GStreamer, not the one that runs the tests."""
        python = shutil.which("python3", path="/usr/bin") or sys.executable
        command = [python, "-c", _SERVER, str(self.port)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        if self._process.stdout.readline().strip() != "ready":
            self.stop()
            pytest.skip("GStreamer's RTSP server isn't installed (gir1.2-gst-rtsp-server-1.0, -plugins-ugly)")

    def stop(self) -> None:
        """Drop the connections."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            self._process = None
