"""Recordings as frame sources: video files and folders of pictures, on their own clock."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from faceaccess.errors import CameraError, EnrolmentError, Text, template
from faceaccess.steady import steady_s
from faceaccess.vision.picture import glance
from faceaccess.vision.sources.images import GREATEST_FRAME_PX, limited, photo_files, read_photo, rgb_of_bgr
from faceaccess.vision.sources.shape import pixel_stretch, stretched
from faceaccess.vision.types import Frame, ImageArray

FOLDER_FPS = 1.0

PLAYED_PART = 0.9
"""A file that ends before this part of the length that it says it has is damaged or cut off."""

EMPTY_PART = 0.9
"""A file with a greater part of pictures that are black, or the one before once more, shows nothing, or is
of a kind that can't be decoded: OpenCV then gives what happened to be in its memory."""

NAMED_FILES = 5
"""So many photos that can't be read are named; of more, how many."""

STREAM_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"

_LIKELY_FPS = (0.001, 1000.0)

_FIRST_RECORDING = datetime(2000, 1, 1, tzinfo=UTC)
"""A file written earlier comes from a recorder whose clock was never set: those begin at 1970 or 1980."""


class VideoFile:
    """A recording, frame by frame, each at the time that the file gives it."""

    is_recording = True

    def __init__(self, path: Path, began_at: datetime | None = None) -> None:
        """Open it.

        Args:
            path: of a video file.
            began_at: UTC of the first frame; without it, the file was finished when it was last written,
                as recorders do.

        Raises:
            CameraError: it is missing or not a video that can be decoded.
        """
        self.name = path.name
        if not path.is_file():
            raise CameraError("There is no file {path}.", "Check the path.", path=path)
        self._capture = cv2.VideoCapture(str(path))
        if not self._capture.isOpened():
            self._capture.release()
            raise self._undecodable()
        said = float(self._capture.get(cv2.CAP_PROP_FPS))
        least, most = _LIKELY_FPS
        self.fps = said if least <= said <= most else 0.0
        count = float(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._length_s = count / self.fps if self.fps and count > 0 else 0.0
        self._stretch = pixel_stretch(self._capture)
        self._began_at = began_at or _written_at(path) - timedelta(seconds=self._length_s)
        self._index = self._empty = 0
        self._print: int | None = None
        self._time_s = -1.0
        self._decoded: ImageArray | None = None

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end.

        Raises:
            CameraError: at the end of a file of which part could not be decoded.
        """
        # Into the memory of the last picture: fresh memory costs as much as decoding.
        done, image = self._capture.read(self._decoded)
        if not done or image is None:
            self._check_end()
            return None
        self._decoded = image
        self._time_s = self._frame_time_s()
        rgb = rgb_of_bgr(stretched(image, self._stretch))
        seen = glance(rgb)
        self._empty += seen.is_black or seen.print == self._print
        self._print = seen.print
        at = min(self._began_at + timedelta(seconds=self._time_s), datetime.now(UTC))
        frame = Frame(rgb, at, self._index, self._time_s)
        self._index += 1
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._capture.release()

    def _frame_time_s(self) -> float:
        """Return the frame's own time; where the file gives none that goes on, one interval later."""
        own_s = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
        if own_s > self._time_s:
            return own_s
        return self._time_s + (1 / self.fps if self.fps else 1 / 25)

    def _check_end(self) -> None:
        """Report pictures that could not be decoded, at the end of a file."""
        if not self._index:
            raise self._undecodable()
        if self._empty > EMPTY_PART * self._index:
            raise CameraError(
                "{empty} of the {count} pictures of {name} are black or show nothing new.",
                "If it plays elsewhere, it is interlaced or of another kind that can't be decoded here: "
                "convert it to progressive H.264.",
                empty=self._empty,
                count=self._index,
                name=self.name,
            )
        if self._time_s + 1 < PLAYED_PART * self._length_s:
            raise CameraError(
                "{name} ends after {time_s:.0f} of {length_s:.0f} s.",
                "It is damaged or was cut off; what it shows until then is judged.",
                name=self.name,
                time_s=self._time_s,
                length_s=self._length_s,
            )

    def _undecodable(self) -> CameraError:
        return CameraError(
            "{name} can't be played.", "Convert it to an MP4 file of progressive H.264 video.", name=self.name
        )


@contextmanager
def _without_stream_options() -> Iterator[None]:
    """Open a file where streams are read: what keeps an address from naming a file keeps files out."""
    options = os.environ.pop(STREAM_OPTIONS, None)
    try:
        yield
    finally:
        if options is not None:
            os.environ[STREAM_OPTIONS] = options


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
        with _without_stream_options():
            self._video = VideoFile(Path(path))
        self._height = height
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

    def __init__(self, folder: Path, began_at: datetime | None = None) -> None:
        """List the photos.

        Args:
            folder: with photos, in the order of their names.
            began_at: UTC of the first photo; without it, the last one is as of now.

        Raises:
            CameraError: there are none.
        """
        self.name = folder.name
        self._paths = photo_files(folder)
        if not self._paths:
            raise CameraError(
                "There are no photos in {folder}.", "Choose a folder of JPEG or PNG files.", folder=folder
            )
        length = timedelta(seconds=len(self._paths) / self.fps)
        self._began_at = began_at or datetime.now(UTC) - length
        self._index = 0
        self._unreadable: list[str] = []

    def read(self) -> Frame | None:
        """Return the next photo that can be read, or None at the end.

        Raises:
            CameraError: at the end of a folder of which photos could not be read.
        """
        while self._index < len(self._paths):
            index, self._index = self._index, self._index + 1
            try:
                image = limited(read_photo(self._paths[index]).image, GREATEST_FRAME_PX)
            except EnrolmentError:
                self._unreadable.append(self._paths[index].name)
                continue
            time_s = index / self.fps
            return Frame(image, self._began_at + timedelta(seconds=time_s), index, time_s)
        if self._unreadable:
            more = len(self._unreadable) - NAMED_FILES
            names: str | Text = ", ".join(self._unreadable[:NAMED_FILES])
            if more > 0:
                names = Text("{names} and {more} more", {"names": names, "more": more})
            is_all = len(self._unreadable) == len(self._paths)
            hint = (
                template("There is no other: nothing was judged.")
                if is_all
                else template("The others were judged.")
            )
            raise CameraError("Photos in {name} can't be read: {names}.", hint, name=self.name, names=names)
        return None

    def close(self) -> None:
        """Nothing is held open."""


def _written_at(path: Path) -> datetime:
    """Return when a file was last written, UTC; now where that is yet to come, or before there were such."""
    written_at, now = datetime.fromtimestamp(path.stat().st_mtime, UTC), datetime.now(UTC)
    return written_at if _FIRST_RECORDING < written_at < now else now


def _on_ground(image: ImageArray, height: int) -> ImageArray:
    """Return a picture enlarged to a height, in the middle of a black one of 16:9."""
    ground = np.zeros((height, height * 16 // 9, 3), np.uint8)
    width = min(round(image.shape[1] * height / image.shape[0]), ground.shape[1])
    left = (ground.shape[1] - width) // 2
    ground[:, left : left + width] = cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC)
    return ground
