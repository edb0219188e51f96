"""Opens frame sources: webcams by index or name, streams by address, video files, folders of images."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from faceaccess.errors import CameraError, template
from faceaccess.settings import WEBCAM_PREFIX, is_live
from faceaccess.vision.sources.live_camera import LiveCamera
from faceaccess.vision.sources.recordings import ImageFolder, VideoFile
from faceaccess.vision.sources.shape import AS_IT_COMES, Shape, ShapedSource
from faceaccess.vision.sources.webcams import list_cameras, webcam_of
from faceaccess.vision.types import FrameSource

VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".ts"})
PLAYLIST_SUFFIXES = frozenset({".m3u8", ".m3u", ".mpd", ".sdp", ".pls", ".asx"})
STREAM_SCHEMES = frozenset({"rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "rtp", "udp", "tcp", "srt"})


def open_source(source: str, *, shape: Shape = AS_IT_COMES, began_at: datetime | None = None) -> FrameSource:
    """Open a source as a person wrote it: a camera's index or name, an address, a video file, or a folder.

    Args:
        source: what was written.
        shape: what is to be done to its pictures.
        began_at: UTC of a recording's first picture; None when it isn't known.

    Raises:
        CameraError: it is none of these, or can't be opened.
    """
    return shaped_by(shape, lambda: _open(source, began_at))


def shaped_by(shape: Shape, opener: Callable[[], FrameSource]) -> FrameSource:
    """Open a source whose pictures come in a shape."""
    opened = opener()
    return opened if shape == AS_IT_COMES else ShapedSource(opened, shape)


def _open(source: str, began_at: datetime | None) -> FrameSource:
    text = source.strip()
    path = Path(text).expanduser()
    if text.isdigit():
        return LiveCamera(int(text), f"Camera {text}")
    if "://" in text:
        return LiveCamera(text, without_password(text))
    if path.is_dir():
        return ImageFolder(path, began_at)
    if path.is_file() or path.suffix.lower() in VIDEO_SUFFIXES:
        return VideoFile(path, began_at)
    camera = webcam_of(text)
    if camera is not None:
        return LiveCamera(camera.index, camera.name)
    if text.startswith(WEBCAM_PREFIX):
        raise CameraError("This webcam is not plugged in.", "Plug it in, or choose another in the settings.")
    raise _no_camera(text, template("List the cameras with: faceaccess doctor"))


def check_source(source: str) -> None:
    """Check that a source is one by how it is written; whether it answers is another question.

    Raises:
        CameraError: it is neither a webcam, nor an address of a stream, nor a file or folder that is there.
    """
    text = source.strip()
    if "://" in text:
        _check_address(text)
        return
    if is_path(text) and not Path(text).expanduser().exists():
        raise CameraError("There is no file or folder {path}.", "Check the path.", path=text)
    if text.isdigit() or text.startswith(WEBCAM_PREFIX) or (text and Path(text).expanduser().exists()):
        return
    if any(text.casefold() == camera.name.casefold() for camera in list_cameras()):
        return
    raise _no_camera(text, template("List the cameras with: faceaccess cameras list"))


def _no_camera(text: str, hint: str) -> CameraError:
    if not text:
        return CameraError("An empty name is not a camera, address, video file or folder.", hint)
    return CameraError("{source!r} is not a camera, address, video file or folder.", hint, source=text)


def _check_address(address: str) -> None:
    if address.lower().startswith("file://"):
        raise CameraError(
            "{address} is the address of a file.",
            "Write its path: {path}",
            address=address,
            path=url2pathname(urlsplit(address).path),
        )
    known = ", ".join(sorted(STREAM_SCHEMES))
    try:
        parts = urlsplit(address)
        is_host = bool(parts.hostname) and " " not in parts.netloc and parts.port != 0
        if Path(parts.path).suffix.lower() in PLAYLIST_SUFFIXES:
            raise CameraError(
                "{address} is a playlist.",
                "Give the address of the camera's own stream.",
                address=without_password(address),
            )
        if parts.scheme.lower() in STREAM_SCHEMES and is_host:
            return
    except ValueError:
        # Brackets that don't close, or a port that is none.
        pass
    raise CameraError(
        "{address} is not the address of a camera.",
        "It begins with one of {known}, then :// and the camera's name or number in the network.",
        address=without_password(address),
        known=known,
    )


def is_path(source: str) -> bool:
    """Tell whether a source is written as a file's or folder's, so that it is there now or never."""
    text = source.strip()
    return "://" not in text and ("/" in text or "\\" in text or Path(text).suffix.lower() in VIDEO_SUFFIXES)


def absolute(source: str) -> str:
    """Return a source that is a file or folder by its whole path, which holds wherever the program starts."""
    text = source.strip()
    path = Path(text).expanduser()
    return str(path.absolute()) if not is_live(text) and text and path.exists() else source


def without_password(address: str) -> str:
    """Return a stream's address without user name and password, for showing and logging."""
    scheme, _, rest = address.partition("://")
    host, slash, tail = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{tail.partition('?')[0]}"
