"""Downloading a large file over HTTP, going on where an earlier try stopped."""

import errno
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from faceaccess.errors import Cancelled, ModelError, template

TIMEOUT_S = 30.0
_READ_AT_ONCE = 1 << 17
_OFFLINE_HINT = template("Check the internet connection, or get the file elsewhere and import it.")


@dataclass(frozen=True)
class _PartNote:
    """The note beside a part file that names its whole; without one a download starts afresh."""

    url: str
    validator: str
    total: int


def download(
    url: str,
    part: Path,
    *,
    size_limit_bytes: int,
    progress: Callable[[int, int], None],
    is_cancelled: Callable[[], bool],
) -> bool:
    """Download a file completely to `part`; what it holds is for the caller to check.

    A cut line and a cancelled download leave the part, to go on from; other failures leave nothing.

    Args:
        url: what to fetch.
        part: where to; its folder is there.
        size_limit_bytes: a longer file is refused.
        progress: called with bytes done and bytes in all (the limit, while that isn't known).
        is_cancelled: asked after every piece.

    Returns:
        Whether it went on from an earlier try.

    Raises:
        ModelError: no connection, a cut line, a full disk, a web page, or too long a file.
        Cancelled: the operator stopped it.
    """
    response, note = _begin(url, part)
    with response:
        done = _offset(part, note) if response.status == http.client.PARTIAL_CONTENT else 0
        total = _total(response, done)
        _refuse_wrong(url, response, part, total, size_limit_bytes)
        if not done:
            _write_note(url, response, part, total)
        writer = _Writer(part, done, size_limit_bytes)
        with writer.opened():
            for piece in _pieces(response, url, part, is_start=not done):
                writer.write(piece)
                progress(writer.done, total or size_limit_bytes)
                _stop_if(is_cancelled)
    if total is not None and writer.done < total:
        raise _cut(url)
    _note_path(part).unlink(missing_ok=True)
    return done > 0


def _begin(url: str, part: Path) -> tuple[http.client.HTTPResponse, _PartNote | None]:
    """Ask to go on from an earlier try, else for the whole file; the note is of what is continued."""
    note = _read_note(url, part)
    response = _ask(url, _offset(part, note), note)
    if response is None:
        note, response = None, _ask(url, 0, None)
    assert response is not None
    return response, note


def _stop_if(is_cancelled: Callable[[], bool]) -> None:
    if is_cancelled():
        raise Cancelled("The download was stopped.", "The next try goes on from here.")


def discard(part: Path) -> None:
    """Remove a part file and the note beside it."""
    part.unlink(missing_ok=True)
    _note_path(part).unlink(missing_ok=True)


class _Writer:
    """Appends to the part file; removes it when the disk or the sender fails it."""

    def __init__(self, part: Path, done: int, limit: int) -> None:
        self.done = done
        self._part = part
        self._limit = limit

    @contextmanager
    def opened(self) -> Iterator[None]:
        with disk_faults(self._part):
            self._file = self._part.open("ab" if self.done else "wb")
        try:
            yield
        finally:
            self._close()

    def write(self, piece: bytes) -> None:
        self.done += len(piece)
        if self.done > self._limit:
            discard(self._part)
            raise _too_long(self._limit)
        try:
            with disk_faults(self._part):
                self._file.write(piece)
        except ModelError:
            discard(self._part)
            raise

    def _close(self) -> None:
        """Bring the rest to the disk, which may be where a full one shows."""
        try:
            with disk_faults(self._part):
                self._file.close()
        except ModelError:
            discard(self._part)
            raise


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn failures of the disk into `ModelError` with a remedy."""
    try:
        yield
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise ModelError(
                "The disk that holds {folder} is full.", "Free some space.", folder=path.parent
            ) from exc
        raise ModelError(
            "{path} can't be written: {reason}.",
            "Check that the data folder is writable.",
            path=path,
            reason=exc.strerror or str(exc),
        ) from exc


def _offset(part: Path, note: _PartNote | None) -> int:
    return part.stat().st_size if note is not None else 0


def _ask(url: str, offset: int, note: _PartNote | None) -> http.client.HTTPResponse | None:
    """Return the server's answer; None when it can't go on from the offset."""
    request = urllib.request.Request(url, headers={"User-Agent": "FaceAccess", "Accept-Encoding": "identity"})
    if request.type not in ("http", "https"):
        raise ModelError("{url} is not a web address.", url=url)
    if note is not None:
        request.add_header("Range", f"bytes={offset}-")
        request.add_header("If-Range", note.validator)
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as exc:
        exc.close()
        if note is not None and exc.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            return None
        raise ModelError(
            "{url} can't be fetched: the server says {code} {reason}.",
            url=url,
            code=exc.code,
            reason=exc.reason,
        ) from exc
    except (OSError, http.client.HTTPException) as exc:
        reason = getattr(exc, "reason", None) or exc
        raise ModelError(
            "{server} can't be reached: {reason}.", _OFFLINE_HINT, server=urlsplit(url).netloc, reason=reason
        ) from exc
    assert isinstance(response, http.client.HTTPResponse)
    if response.status == http.client.PARTIAL_CONTENT and not _goes_on(response, offset, note):
        response.close()
        return None
    return response


def _goes_on(response: http.client.HTTPResponse, offset: int, note: _PartNote | None) -> bool:
    """Tell whether a partial answer continues the very file that the part is of."""
    if note is None:
        return False
    expected = f"bytes {offset}-{note.total - 1}/{note.total}"
    same = _validator(response) in ("", note.validator)
    return response.headers.get("Content-Range", "") == expected and same


def _validator(response: http.client.HTTPResponse) -> str:
    """Return the validator that tells this file from a later one at its address; "" when there is none."""
    etag = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified", "")


def _total(response: http.client.HTTPResponse, done: int) -> int | None:
    """Return the length of the whole file; None when the server doesn't say."""
    length = response.headers.get("Content-Length", "")
    return done + int(length) if length.isdigit() else None


def _refuse_wrong(
    url: str, response: http.client.HTTPResponse, part: Path, total: int | None, limit: int
) -> None:
    if response.headers.get_content_type() in ("text/html", "application/xhtml+xml"):
        discard(part)
        raise _web_page(url)
    if total is not None and total > limit:
        discard(part)
        raise _too_long(limit)


def _pieces(response: http.client.HTTPResponse, url: str, part: Path, *, is_start: bool) -> Iterator[bytes]:
    while True:
        try:
            piece = response.read1(_READ_AT_ONCE)
        except (OSError, http.client.HTTPException) as exc:
            raise _cut(url) from exc
        if not piece:
            return
        if is_start and piece.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
            discard(part)
            raise _web_page(url)
        is_start = False
        yield piece


def _web_page(url: str) -> ModelError:
    return ModelError(
        "{server} sent a web page instead of the file.",
        "A proxy or a sign-in page may be in between. Sign in, or import the file.",
        server=urlsplit(url).netloc,
    )


def _cut(url: str) -> ModelError:
    return ModelError(
        "The connection to {server} was cut.",
        "Try again: it goes on from where it stopped.",
        server=urlsplit(url).netloc,
    )


def _too_long(limit: int) -> ModelError:
    return ModelError(
        "The file is longer than the {limit} bytes expected.",
        "Nothing was installed. Import the file instead.",
        limit=limit,
    )


def _note_path(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _read_note(url: str, part: Path) -> _PartNote | None:
    """Return the note of a part file; None when there is nothing to go on from."""
    try:
        note = _PartNote(**json.loads(_note_path(part).read_text(encoding="utf-8")))
        fits = note.url == url and 0 < part.stat().st_size < note.total
    except (OSError, ValueError, TypeError):
        return None
    return note if fits and note.validator else None


def _write_note(url: str, response: http.client.HTTPResponse, part: Path, total: int | None) -> None:
    discard(part)
    validator = _validator(response)
    if total is None or not validator:
        return
    with disk_faults(part):
        _note_path(part).write_text(json.dumps(asdict(_PartNote(url, validator, total))), encoding="utf-8")
