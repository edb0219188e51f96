"""Frame sources: webcams by index or name, streams by address, video files, folders of images."""

import contextlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from faceaccess.errors import CameraError, FaceAccessError
from faceaccess.settings import WEBCAM_PREFIX
from faceaccess.steady import steady_s
from faceaccess.vision.images import GREATEST_FRAME_PX, limited, photo_files, read_photo, rgb_of_bgr
from faceaccess.vision.live_camera import LiveCamera
from faceaccess.vision.types import Frame, ImageArray
from faceaccess.vision.webcams import list_cameras

VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv"})
STREAM_SCHEMES = frozenset({"rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "rtp", "udp", "tcp", "srt"})
FOLDER_FPS = 1.0


class FrameSource(Protocol):
    """Gives frames one after another.

    Attributes:
        name: how to show it.
        is_recording: True when its clock is its own, not the wall clock: every frame counts.
        fps: frames a second that it was recorded or set at, or 0 when not known.
    """

    name: str
    is_recording: bool
    fps: float

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end. Raises CameraError when it fails."""

    def close(self) -> None:
        """Let go of the device or file."""


class VideoFile:
    """A recording, frame by frame, on its own clock."""

    is_recording = True

    def __init__(self, path: Path, started_at: datetime | None = None) -> None:
        """Open it.

        Raises:
            CameraError: it is missing or not a video that can be decoded.
        """
        self.name = path.name
        if not path.is_file():
            raise CameraError(f"There is no file {path}.", "Check the path.")
        self._capture = cv2.VideoCapture(str(path))
        self.fps = float(self._capture.get(cv2.CAP_PROP_FPS)) if self._capture.isOpened() else 0.0
        if not self._capture.isOpened() or not 0 < self.fps < 1000:
            self._capture.release()
            raise CameraError(f"{path.name} can't be played.", "Use an MP4 or AVI file.")
        self._started_at = started_at or datetime.now(UTC)
        self._index = 0
        self._decoded: ImageArray | None = None

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end."""
        # Into the memory of the last picture: fresh memory costs as much as decoding.
        done, image = self._capture.read(self._decoded)
        if not done or image is None:
            return None
        self._decoded = image
        time_s = self._index / self.fps
        frame = Frame(rgb_of_bgr(image), self._started_at + timedelta(seconds=time_s), self._index, time_s)
        self._index += 1
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._capture.release()


class PlayedVideo:
    """A recording that behaves as a live camera would: a frame comes when its time has come."""

    is_recording = False

    def __init__(self, path: Path | str, *, height: int | None = None) -> None:
        """Open it.

        Args:
            path: of a video file.
            height: enlarge the picture to this, on a black ground of 16:9.

        Raises:
            CameraError: it is missing or not a video that can be decoded.
        """
        self._video, self._height = VideoFile(Path(path)), height
        self.name, self.fps = self._video.name, self._video.fps
        self._started_s: float | None = None

    def read(self) -> Frame | None:
        """Return the next frame at its time, on the steady clock, or None at the end."""
        frame = self._video.read()
        if frame is None:
            return None
        if self._started_s is None:
            self._started_s = steady_s()
        due_s = self._started_s + frame.time_s
        time.sleep(max(0.0, due_s - steady_s()))
        image = frame.image if self._height is None else _on_ground(frame.image, self._height)
        return Frame(image, datetime.now(UTC), frame.index, due_s)

    def close(self) -> None:
        """Let go of the file."""
        self._video.close()


class ImageFolder:
    """The photos of a folder as frames, one a second of its own clock."""

    is_recording = True
    fps = FOLDER_FPS

    def __init__(self, folder: Path, started_at: datetime | None = None) -> None:
        """List the photos.

        Raises:
            CameraError: there are none.
        """
        self.name = folder.name
        self._paths = photo_files(folder)
        if not self._paths:
            raise CameraError(f"There are no photos in {folder}.", "Choose a folder of JPEG or PNG files.")
        self._started_at = started_at or datetime.now(UTC)
        self._index = 0

    def read(self) -> Frame | None:
        """Return the next photo that can be read, or None at the end."""
        while self._index < len(self._paths):
            index, self._index = self._index, self._index + 1
            with contextlib.suppress(FaceAccessError):
                image = limited(read_photo(self._paths[index]).image, GREATEST_FRAME_PX)
                time_s = index / self.fps
                return Frame(image, self._started_at + timedelta(seconds=time_s), index, time_s)
        return None

    def close(self) -> None:
        """Nothing is held open."""


def open_source(source: str) -> FrameSource:
    """Open what a person wrote: a camera's index or name, an address, a video file, or a folder.

    Raises:
        CameraError: it is none of these, or can't be opened.
    """
    text = source.strip()
    path = Path(text).expanduser()
    if text.isdigit():
        return LiveCamera(int(text), f"Camera {text}")
    if "://" in text:
        return LiveCamera(text, without_password(text))
    if path.is_dir():
        return ImageFolder(path)
    if path.is_file() or path.suffix.lower() in VIDEO_SUFFIXES:
        return VideoFile(path)
    for camera in list_cameras():
        if text and text.casefold() in (camera.name.casefold(), camera.source.casefold()):
            return LiveCamera(camera.index, camera.name)
    if text.startswith(WEBCAM_PREFIX):
        raise CameraError("This webcam is not plugged in.", "Plug it in, or choose another in the settings.")
    raise CameraError(
        f"{text or 'An empty name'!r} is no camera, address, video file or folder.",
        "List the cameras with: faceaccess doctor",
    )


def check_source(source: str) -> None:
    """Check that a source is one by how it is written; whether it answers is another question.

    Raises:
        CameraError: it is neither a webcam, nor an address of a stream, nor a file or folder that is there.
    """
    text = source.strip()
    scheme, is_address, rest = text.partition("://")
    if is_address:
        host = rest.partition("/")[0].rpartition("@")[2]
        if scheme.lower() in STREAM_SCHEMES and host:
            return
        known = ", ".join(sorted(STREAM_SCHEMES))
        raise CameraError(
            f"{without_password(text)} is no address of a camera.", f"It begins with one of: {known}."
        )
    if text.isdigit() or text.startswith(WEBCAM_PREFIX) or (text and Path(text).expanduser().exists()):
        return
    if any(text.casefold() == camera.name.casefold() for camera in list_cameras()):
        return
    raise CameraError(
        f"{text or 'An empty name'!r} is no camera, address, video file or folder.",
        "List the cameras with: faceaccess cameras list",
    )


def without_password(address: str) -> str:
    """Return a stream's address without user name and password, for showing and logging."""
    scheme, _, rest = address.partition("://")
    host, slash, tail = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{tail.partition('?')[0]}"


def _on_ground(image: ImageArray, height: int) -> ImageArray:
    """Return a picture enlarged to a height, in the middle of a black one of 16:9."""
    ground = np.zeros((height, height * 16 // 9, 3), np.uint8)
    width = min(round(image.shape[1] * height / image.shape[0]), ground.shape[1])
    left = (ground.shape[1] - width) // 2
    ground[:, left : left + width] = cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC)
    return ground
