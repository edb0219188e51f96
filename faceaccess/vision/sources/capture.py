"""A live camera read in a process of its own: whatever hangs or crashes there can be killed."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.heap import BufferWrapper
from typing import Any, Protocol

import cv2
import numpy as np

from faceaccess.apart import limit_memory
from faceaccess.errors import CameraError
from faceaccess.vision.sources.images import GREATEST_FRAME_PX
from faceaccess.vision.sources.recordings import STREAM_OPTIONS
from faceaccess.vision.types import Frame, FrameSource

SLOTS = 3
SLOT_BYTES = GREATEST_FRAME_PX * GREATEST_FRAME_PX * 3
END_S = 1.0

MOST_BYTES = 2**30
"""What a camera may make the child take, on Linux; the decoder of an 8K stream takes most."""

_USUAL_OPTIONS = "rtsp_transport;tcp|fflags;nobuffer"
"""As little as possible is kept at the opening: what waits there is old."""

_RESTRICTIONS = (
    # An address that answers by naming another one isn't followed: `rtsp` isn't among the protocols either,
    # which are asked for only where a stream opens another.
    "max_redirects;0",
    "protocol_whitelist;tcp,tls,udp,rtp,srtp,http,https,httpproxy,rtmp,rtmps,srt,crypto",
    # Nor are playlists (hls, dash, concat, sdp), which name further addresses.
    "format_whitelist;rtsp,rtp,mpjpeg,mjpeg,jpeg_pipe,mpegts,flv,matroska,mov,asf,avi,h264,hevc,m4v,mpeg,nut,ogg",
)


class Capture(Protocol):
    """Gives the newest frame of a live camera."""

    def receive(self, timeout_s: float) -> Frame | None:
        """Return the newest frame once, or None when there is none in time.

        Raises:
            CameraError: the camera can't be opened or is lost.
        """

    def close(self) -> None:
        """Let go of the camera at once. May be called again."""


class CaptureProcess:
    """A child process that writes frames into shared memory, and word of each into a pipe.

    The pipe is the barrier between writing and reading, what wakes the reader, and by its
    end the news of the child's death; no lock is there that a killed child could keep. With
    three slots, the one just told of is written again no sooner than two frames later.
    """

    def __init__(self, open_source: Callable[[], FrameSource]) -> None:
        """Start the child.

        Args:
            open_source: opens the camera; must be picklable. An address reaches the child through
                a pipe, so that its password stands in no list of processes.
        """
        context = multiprocessing.get_context("spawn")
        # Not a shared array: that one is filled with zeros, and takes room for the largest frames at once.
        self._slots = BufferWrapper(SLOTS * SLOT_BYTES)
        self._words, childs_end = context.Pipe()
        self._process = context.Process(
            target=_capture, args=(open_source, self._slots, childs_end), name="capture", daemon=True
        )
        self._process.start()
        childs_end.close()

    def receive(self, timeout_s: float) -> Frame | None:
        """Return the newest frame once, or None when there is none in time.

        Raises:
            CameraError: the camera can't be opened or is lost.
        """
        frame, word = None, self._newest_word(timeout_s)
        while word is not None:
            number, shape, captured_at, index, time_s = word
            image = _slot(self._slots, number, shape).copy()
            image.setflags(write=False)
            frame = Frame(image, captured_at, index, time_s)
            # What was written over while it was copied has a newer one after it: that one is taken.
            word = self._newest_word(0)
        return frame

    def _newest_word(self, timeout_s: float) -> Any:  # noqa: ANN401 - what `_capture` sent
        word = None
        try:
            while self._words.poll(timeout_s):
                word, timeout_s = self._words.recv(), 0
                if isinstance(word, CameraError):
                    raise word
        except (EOFError, OSError) as exc:
            raise CameraError("The camera's reader ended unexpectedly.", "It is started again.") from exc
        return word

    def close(self) -> None:
        """Kill the child; whatever it is waiting for. May be called again."""
        self._words.close()
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(END_S)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


def _capture(open_source: Callable[[], FrameSource], slots: BufferWrapper, pipe: Connection) -> None:
    """Read a camera until the other end is gone. Runs in the child."""
    # Ctrl+C is for the parent, which then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # OpenCV and FFmpeg would print addresses.
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    options = os.environ.get(STREAM_OPTIONS) or _USUAL_OPTIONS
    os.environ[STREAM_OPTIONS] = "|".join((options, *_RESTRICTIONS))
    limit_memory(MOST_BYTES)
    # Its threads would cost more than they save on one picture at a time.
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    with contextlib.suppress(BrokenPipeError, ConnectionError):
        try:
            with contextlib.closing(open_source()) as source:
                _write_frames(source, slots, pipe)
        except CameraError as exc:
            pipe.send(exc)


def _end_with(pipe: Connection) -> None:
    """End the child when the parent is gone, even if reading hangs."""
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    os._exit(0)


def _write_frames(source: FrameSource, slots: BufferWrapper, pipe: Connection) -> None:
    number = 0
    while (frame := source.read()) is not None:
        _slot(slots, number, frame.image.shape)[:] = frame.image
        pipe.send((number, frame.image.shape, frame.captured_at, frame.index, frame.time_s))
        number += 1
    pipe.send(CameraError("{name} gives no more pictures.", "Check its cable or network.", name=source.name))


def _slot(slots: BufferWrapper, number: int, shape: tuple[int, ...]) -> Any:  # noqa: ANN401 - a view
    size = int(np.prod(shape))
    first = number % SLOTS * SLOT_BYTES
    return np.frombuffer(slots.create_memoryview(), np.uint8, size, first).reshape(shape)
