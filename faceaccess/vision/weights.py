"""Weights that are fetched on request: what is expected, downloading, importing.

A file gets its name only when its SHA-256 is the pinned one. What a cut line or a cancelled
download leaves is a `.part` file with a note of what it is a part of, to go on from.
"""

import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from faceaccess import paths
from faceaccess.errors import ModelError, Text
from faceaccess.vision.download import discard, disk_faults, download
from faceaccess.vision.exports import carried
from faceaccess.vision.network_source import file_sha256

MANIFEST = "models/manifest.json"


class WeightsKind(StrEnum):
    """What networks are for; only those for recognition can be chosen as models."""

    RECOGNITION = "recognition"
    DETECTION = "detection"
    LIVENESS = "liveness"


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights as the manifest describes it.

    Attributes:
        name: the network's short name.
        title: the model's name for people.
        file: the file's name in the models folder.
        sha256: hex digest that the file must have.
        size_limit_bytes: a longer file is refused.
        url: where it is fetched from.
        licence, source: of the weights.
        package: the package whose folder `models` carries the file; "" for none.
        kind: what the network is for.
        bundle: short name of networks that are of use only together, and are fetched so; "" for none.
    """

    name: str
    title: str
    file: str
    sha256: str
    size_limit_bytes: int
    url: str
    licence: str
    source: str
    package: str = ""
    kind: WeightsKind = WeightsKind.RECOGNITION
    bundle: str = ""

    @property
    def fetch_name(self) -> str:
        """What the operator asks for to have it."""
        return self.bundle or self.name

    @property
    def is_carried(self) -> bool:
        """Whether the weights come with the program."""
        return bool(self.package)


def load_manifest(path: Path | None = None) -> tuple[WeightsFile, ...]:
    """Return the weights that can be fetched.

    Args:
        path: a manifest; the program's own when None.

    Raises:
        ModelError: the manifest is damaged.
    """
    path = path or paths.resource(MANIFEST)
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["models"]
        files = tuple(
            WeightsFile(**{**entry, "kind": WeightsKind(entry.get("kind", WeightsKind.RECOGNITION))})
            for entry in entries
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(
            "The list of models {path} is damaged.", "Install FaceAccess again.", path=path
        ) from exc
    for file in files:
        if Path(file.file).name != file.file or len(file.sha256) != 64:
            raise ModelError("The list of models {path} is damaged at {name}.", path=path, name=file.name)
    return files


def find_weights(name: str) -> WeightsFile:
    """Return the weights of a network by its short name.

    Raises:
        ModelError: there is no such network.
    """
    files = load_manifest()
    for file in files:
        if file.name == name:
            return file
    raise _unknown(name, files)


def find_bundle(name: str) -> tuple[WeightsFile, ...]:
    """Return the files that are fetched under a name: a model's, or those of a bundle.

    Raises:
        ModelError: there is none of that name.
    """
    files = load_manifest()
    if bundle := tuple(file for file in files if file.fetch_name == name):
        return bundle
    raise _unknown(name, files)


def _unknown(name: str, files: Sequence[WeightsFile]) -> ModelError:
    known = ", ".join(dict.fromkeys(file.fetch_name for file in files))
    return ModelError(
        "There is no model named {name!r} to fetch.", "There are: {known}.", name=name, known=known
    )


def is_there(weights: WeightsFile, folder: Path) -> bool:
    """Tell whether the weights can be used: as a graph, of the package that carries them, or in a folder."""
    return carried(weights.name) is not None or any(
        _is_expected(weights, path) for path in _places(weights, folder)
    )


def installed(weights: WeightsFile, folder: Path) -> bool:
    """Tell whether the weights are in a folder and are the right ones."""
    return _is_expected(weights, folder / weights.file)


def _is_expected(weights: WeightsFile, path: Path) -> bool:
    try:
        stat = path.stat()
        return _known_sha256(path, stat.st_mtime_ns, stat.st_size) == weights.sha256
    except OSError:
        return False


def located(name: str, folder: Path) -> Path:
    """Return the file of a model's weights: of the package that carries it, else of a folder.

    Raises:
        ModelError: there is no such model, or its weights are missing or not the expected ones.
    """
    weights = find_weights(name)
    for path in _places(weights, folder):
        if _is_expected(weights, path):
            return path
    raise ModelError(
        "The model {name} isn't installed, or its file isn't the expected one.",
        "Get it with: faceaccess models fetch {name}",
        name=weights.fetch_name,
    )


def expected_sha256(name: str, folder: Path) -> str:
    """Return the hex digest of a model's weights, which are there or came as a graph.

    Raises:
        ModelError: there is no such model, or its weights are missing or not the expected ones.
    """
    if carried(name) is None:
        located(name, folder)
    return find_weights(name).sha256


def _places(weights: WeightsFile, folder: Path) -> list[Path]:
    """Return where the weights may be, the package that carries them first."""
    places = [folder / weights.file]
    if weights.package and (package := importlib.util.find_spec(weights.package)) is not None:
        # Found, not imported: what the package does is of no use here.
        places[:0] = [
            Path(place) / "models" / weights.file for place in package.submodule_search_locations or ()
        ]
    return places


def fetch_all(
    bundle: Sequence[WeightsFile],
    folder: Path,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Download several files into a folder, as `fetch` does each; progress is told of all together."""
    for number, weights in enumerate(bundle):
        before, after = (
            sum(other.size_limit_bytes for other in others)
            for others in (bundle[:number], bundle[number + 1 :])
        )

        def show(done: int, total: int, before: int = before, after: int = after) -> None:
            progress(before + done, before + total + after if total else 0)

        fetch(weights, folder, progress=show, is_cancelled=is_cancelled)


def fetch(
    weights: WeightsFile,
    folder: Path,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Download weights into a folder, going on where an earlier try stopped; return their path.

    Args:
        weights: what to fetch.
        folder: where to; made when missing.
        progress: called with bytes done and bytes in all.
        is_cancelled: asked after every piece.

    Raises:
        ModelError: no connection, a cut line, a full disk, or not the expected file.
        Cancelled: the operator stopped it.
    """
    if installed(weights, folder):
        return folder / weights.file
    part = folder / (weights.file + ".part")
    with disk_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
    was_resumed = download(
        weights.url,
        part,
        size_limit_bytes=weights.size_limit_bytes,
        progress=progress,
        is_cancelled=is_cancelled,
    )
    if _is_accepted(part, weights, folder):
        return folder / weights.file
    if was_resumed:
        # What lay there was of another file: begin once more, now without it.
        return fetch(weights, folder, progress=progress, is_cancelled=is_cancelled)
    raise ModelError(
        "What {url} sent is not the expected file: its SHA-256 differs.",
        "Nothing was installed. Get the file elsewhere and import it.",
        url=weights.url,
    )


def _is_accepted(part: Path, weights: WeightsFile, folder: Path) -> bool:
    """Give a complete part the file's name, or remove it; tell which."""
    with disk_faults(part):
        if file_sha256(part) != weights.sha256:
            discard(part)
            return False
        _put_in_place(part, folder / weights.file)
        return True


def import_into(bundle: Sequence[WeightsFile], source: Path, folder: Path) -> Path:
    """Copy that file of a bundle into a folder which a file turns out to be; return its path.

    Raises:
        ModelError: it can't be read, is none of them, or the disk is full.
    """
    weights = bundle[0]
    if len(bundle) > 1 and source.is_file():
        try:
            digest = file_sha256(source)
        except OSError as exc:
            raise ModelError("{source} can't be read: {reason}.", source=source, reason=exc.strerror) from exc
        weights = next((file for file in bundle if file.sha256 == digest), weights)
    return import_file(weights, source, folder)


def import_file(weights: WeightsFile, source: Path, folder: Path) -> Path:
    """Copy weights from a file into a folder; return their path.

    Raises:
        ModelError: it can't be read, isn't the expected file, or the disk is full.
    """
    expected = Text(
        "Expected is {file} from {source}, SHA-256 {sha256}.",
        {"file": weights.file, "source": weights.source, "sha256": weights.sha256},
    )
    try:
        size = source.stat().st_size
    except OSError as exc:
        raise ModelError("{source} can't be read: {reason}.", source=source, reason=exc.strerror) from exc
    if not source.is_file() or size > weights.size_limit_bytes:
        raise ModelError("{source} is not the weights of {name}.", expected, source=source, name=weights.name)
    copy = folder / (weights.file + ".new")
    with disk_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            # Copied before it is checked, so that what was checked is what is installed.
            shutil.copyfile(source, copy)
            if file_sha256(copy) != weights.sha256:
                raise ModelError(
                    "{source} is not the weights of {name}.", expected, source=source, name=weights.name
                )
            _put_in_place(copy, folder / weights.file)
        finally:
            copy.unlink(missing_ok=True)
    return folder / weights.file


@lru_cache(maxsize=16)
def _known_sha256(path: Path, mtime_ns: int, size: int) -> str:
    """Return a file's hash, computed once as long as time and size stay the same."""
    return file_sha256(path)


def _put_in_place(part: Path, path: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, path)
